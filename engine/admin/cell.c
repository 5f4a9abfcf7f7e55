/* cell.c - what a text means in its role.
 *
 * In: a cell's text. Out: a code, or that there is none such. Owns: nothing. */
#include <ctype.h>
#include <string.h>

#include "admin/work.h"
#include "catalog/axis.h"

const char *ict_cell_translate(const ict_table_file *file, size_t role, const char *text) {
  for (size_t i = 0; i < file->n_codes; i++)
    if (file->codes[i].role == role && strcmp(file->codes[i].from, text) == 0)
      return file->codes[i].to;
  return text;
}

const char *ict_cell_area(ict_admin_work *work, const ict_table_file *file, const char *text) {
  if (!text[0]) return NULL;
  if (file->areas == ICT_AREAS_ANY) return ict_is_area_code(text) ? text : NULL;
  if (file->areas == ICT_AREAS_M49 && isdigit((unsigned char)text[0])) {
    while (*text == '0') text++;
    return ict_countries_iso3(work->countries, text);
  }
  if (strlen(text) != 3) return NULL;
  for (int i = 0; i < 3; i++) work->iso3[i] = (char)toupper((unsigned char)text[i]);
  return ict_countries_m49(work->countries, work->iso3) ? work->iso3 : NULL;
}

bool ict_cell_is_code(const ict_admin_work *work, const char *list, const char *text) {
  for (size_t i = 0; i < ict_reference_rows(work->codes); i++)
    if (strcmp(ict_reference_text(work->codes, i, work->code_id), text) == 0 &&
        strcmp(ict_reference_text(work->codes, i, work->code_list), list) == 0)
      return true;
  return false;
}

bool ict_cell_axis(const ict_admin_work *work, const char *axis, const char *code) {
  if (ict_is_total(code)) return true;
  if (!ict_is_area_code(code)) return false; /* the same letters as codes of areas */
  const ict_concept *c = ict_axis_concept(work->catalog, axis);
  if (!c || c->type != ICT_TYPE_CODE || !c->codes) return true;
  return ict_catalog_has_axis_code(work->catalog, axis, code, strlen(code));
}
