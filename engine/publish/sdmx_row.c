/* sdmx_row.c - a row of the table as the SDG data structure wants it, or a word why it cannot be.
 *
 * What the structure has no code for (an age band, a further axis, an item) goes where the SDG
 * guidelines put national detail: CUST_BREAKDOWN C01, C02 ... with the words in CUST_BREAKDOWN_LB.
 *
 * In: a row, the structure. Out: its codes. Owns: what is known of all rows. */
#include "publish/sdmx_row.h"

#include <math.h>
#include <string.h>

#define MOST_CUSTOM 99 /* C01 .. C99 */

static ict_status refuse(const ict_sdmx_rows *rows, const ict_table_row *row, const char *what,
                         const char *value, const char *fix) {
  ict_err_set(rows->err, ICT_REFUSED, "%s '%s' (indicator %s%s%s, area %s, period %s) %s", what,
              value, row->indicator, row->item[0] ? ", item " : "", row->item, row->ref_area,
              row->time_period, "has no place in the SDG data structure");
  ict_err_fix(rows->err, "%s", fix);
  return ICT_REFUSED;
}

bool ict_sdmx_has_code(const ict_sdmx_dsd *dsd, long column, const char *code) {
  return column >= 0 && ict_names_find(&dsd->columns[column].codes, code) >= 0;
}

/* Items. Most have a composite code of their own, some a series of their own (one per
 * network technology, say). An item with neither must not be taken for the total. */

/* Adds (name, value) to `first`; a second value for the name puts it among the `several`. */
static bool note(ict_names *first, ict_names *several, const char *name, const char *value) {
  long at = ict_names_add(first, name, value);
  if (at < 0) return false;
  return strcmp(first->items[at].label, value) == 0 || ict_names_add(several, name, NULL) >= 0;
}

static ict_status count_items_and_series(ict_sdmx_rows *rows) {
  for (size_t i = 0; i < ict_table_rows(rows->table); i++) {
    const ict_table_row *row = ict_table_row_at(rows->table, i);
    if (!note(&rows->item_of_series, &rows->several_items, row->series, row->item) ||
        !note(&rows->series_of_indicator, &rows->several_series, row->indicator, row->series)) {
      return ict_err_memory(rows->err);
    }
  }
  return ICT_OK;
}

static bool has_own_series(const ict_sdmx_rows *rows, const ict_table_row *row) {
  return ict_names_find(&rows->several_items, row->series) < 0 &&
         ict_names_find(&rows->several_series, row->indicator) >= 0;
}

/* Custom breakdowns. */

static void add_part(ict_str *key, ict_str *label, const char *name, const char *code,
                     const char *words) {
  ict_str_addf(key, "%s=%s;", name, code);
  ict_str_addf(label, "%s%s: %s", label->len ? "; " : "", name, words);
}

static ict_status number_custom(ict_sdmx_rows *rows, ict_sdmx_row *r, const ict_str *key,
                                const ict_str *label) {
  if (key->failed || label->failed) return ict_err_memory(rows->err);
  if (key->len == 0) {
    strcpy(r->custom, ICT_TOTAL);
    r->custom_label = "";
    return ICT_OK;
  }
  long at = ict_names_add(&rows->custom, key->text, label->text);
  if (at < 0) return ict_err_memory(rows->err);
  if (at >= MOST_CUSTOM) {
    return refuse(rows, r->row, "the 100th national breakdown", label->text,
                  "ask for fewer breakdowns that the SDG code lists lack, or write several files");
  }
  const char code[] = {'C', (char)('0' + (at + 1) / 10), (char)('0' + (at + 1) % 10), '\0'};
  memcpy(r->custom, code, sizeof code);
  r->custom_label = rows->custom.items[at].label;
  return ICT_OK;
}

static bool is_class(const ict_sdmx_rows *rows, size_t axis, const char *code) {
  return ict_sdmx_has_code(rows->dsd, rows->column_of_axis[axis], code) ||
         strcmp(ict_table_code_label(rows->table, axis, code), code) != 0;
}

/* "F-M", "F/M": two classes compared (docs/math.md, "Contrasts"). */
static bool is_contrast(ict_sdmx_rows *rows, size_t axis, const char *code, bool *answer) {
  *answer = false;
  for (const char *at = strpbrk(code, "-/"); at; at = strpbrk(at + 1, "-/")) {
    char *first = ict_arena_strndup(rows->arena, code, (size_t)(at - code));
    if (!first) return false;
    *answer = *answer || (is_class(rows, axis, first) && is_class(rows, axis, at + 1));
  }
  return true;
}

/* A comparison is no breakdown: who reads CUST_BREAKDOWN C01 of a series takes it for a value of
 * that series. */
static ict_status refuse_contrasts(ict_sdmx_rows *rows, const ict_table_row *row) {
  for (size_t a = 0; a < ict_table_axes(rows->table); a++) {
    const char *code = row->axes[a];
    bool contrast;
    if (strcmp(code, ICT_TOTAL) == 0 || ict_sdmx_has_code(rows->dsd, rows->column_of_axis[a], code))
      continue;
    if (!is_contrast(rows, a, code, &contrast)) return ict_err_memory(rows->err);
    contrast = contrast || strcmp(ict_table_axis_name(rows->table, a), "contrast") == 0;
    if (contrast)
      return refuse(rows, row, "the contrast", code,
                    "leave --contrast out, or write csv or json; a contrast with a series of its "
                    "own, such as 4.5.1, is asked for as an indicator");
  }
  return ICT_OK;
}

/* Collects what the structure has no code for. */
static ict_status find_custom(ict_sdmx_rows *rows, ict_sdmx_row *r) {
  const ict_table_row *row = r->row;
  ict_str key, label;
  ict_str_init(&key);
  ict_str_init(&label);
  bool coded = ict_sdmx_has_code(rows->dsd, rows->composite_column, row->composite_breakdown);
  r->composite = coded ? row->composite_breakdown : ICT_TOTAL;
  for (size_t a = 0; a < ict_table_axes(rows->table); a++) {
    const char *code = row->axes[a];
    if (strcmp(code, ICT_TOTAL) == 0 || ict_sdmx_has_code(rows->dsd, rows->column_of_axis[a], code))
      continue;
    add_part(&key, &label, ict_table_axis_name(rows->table, a), code,
             ict_table_code_label(rows->table, a, code));
  }
  bool named = coded && strcmp(row->composite_breakdown, ICT_TOTAL) != 0;
  if (row->item[0] && !named && !has_own_series(rows, row)) {
    add_part(&key, &label, "item", row->item,
             ict_table_item_label(rows->table, row->indicator, row->item));
  } else if (!coded) {
    add_part(&key, &label, "composite", row->composite_breakdown, row->composite_breakdown);
  }
  ict_status st = number_custom(rows, r, &key, &label);
  ict_str_done(&label);
  ict_str_done(&key);
  return st;
}

/* Areas and periods. */

static bool all_digits(const char *text, size_t len) {
  return len > 0 && strspn(text, "0123456789") >= len;
}

/* An alpha-3 code, or an M49 number as it is. */
static ict_status find_area(ict_sdmx_rows *rows, ict_sdmx_row *r) {
  const char *area = r->row->ref_area;
  r->area = ict_countries_m49(rows->countries, area);
  if (!r->area && strlen(area) <= 3 && all_digits(area, strlen(area))) {
    r->area = area + strspn(area, "0");
  }
  if (r->area && r->area[0]) {
    r->reporting = ict_countries_iso3(rows->countries, r->area) ? "N" : "R";
    return ICT_OK;
  }
  return refuse(rows, r->row, "the area", area,
                "use ISO 3166-1 alpha-3 codes or M49 numbers for areas in the mapping, and leave "
                "sub-national areas out of this file");
}

/* "2016"; "2016-2017", "2016/2017" and "2016/17" give their first year, and TIME_DETAIL the
 * whole. Anything shorter than a year does not fit the annual frequency of the SDG flow. */
static ict_status find_year(ict_sdmx_rows *rows, ict_sdmx_row *r) {
  const char *period = r->row->time_period;
  size_t len = strlen(period);
  bool range = len >= 5 && (period[4] == '/' || (period[4] == '-' && len == 9)) &&
               (len == 7 || len == 9) && all_digits(period + 5, len - 5);
  if (len < 4 || !all_digits(period, 4) || (len > 4 && !range)) {
    return refuse(rows, r->row, "the period", period, "give the year of the survey, such as 2016");
  }
  memcpy(r->year, period, 4);
  r->year[4] = '\0';
  return ICT_OK;
}

/* What the flags mean, for readers who do not know our names. */
static ict_status find_comment(ict_sdmx_rows *rows, ict_sdmx_row *r) {
  ict_str name;
  ict_str_init(&name);
  ict_str_clear(&rows->comment);
  for (const char *flag = r->row->flags; *flag;) {
    size_t len = strcspn(flag, ";");
    ict_str_clear(&name);
    ict_str_addn(&name, flag, len);
    const char *about = ict_table_flag_about(rows->table, name.text);
    ict_str_addf(&rows->comment, "%s%s", rows->comment.len ? "; " : "", about ? about : name.text);
    flag += len + (flag[len] == ';');
  }
  bool failed = name.failed || rows->comment.failed;
  r->comment = rows->comment.text;
  ict_str_done(&name);
  return failed ? ict_err_memory(rows->err) : ICT_OK;
}

/* A value that is not there needs a status that says so. */
static const char *status_of(const ict_table_row *row) {
  bool says_value = strcmp(row->obs_status, "A") == 0 || row->obs_status[0] == '\0';
  if (isnan(row->estimate)) return says_value ? "O" : row->obs_status;
  return row->obs_status[0] ? row->obs_status : "A";
}

static ict_status check_code(ict_sdmx_rows *rows, const ict_table_row *row, const char *id,
                             const char *code, const char *fix) {
  return ict_sdmx_has_code(rows->dsd, ict_sdmx_dsd_find(rows->dsd, id), code)
             ? ICT_OK
             : refuse(rows, row, id, code, fix);
}

/* Everything about a row that can be refused is decided here. */
ict_status ict_sdmx_row_of(ict_sdmx_rows *rows, const ict_table_row *row, ict_sdmx_row *r) {
  ict_status st = ICT_OK;
  *r = (ict_sdmx_row){.row = row, .status = status_of(row)};
  if (!row->series[0]) {
    return refuse(
        rows, row, "the indicator", row->indicator,
        "compute only indicators that have an SDMX series (`ictstat explain ID` shows it), "
        "or write csv or json");
  }
  ICT_TRY(done, st, find_area(rows, r));
  ICT_TRY(done, st, find_year(rows, r));
  ICT_TRY(done, st, refuse_contrasts(rows, row));
  ICT_TRY(done, st, find_custom(rows, r));
  ICT_TRY(done, st, find_comment(rows, r));
  ICT_TRY(done, st, check_code(rows, row, "OBS_STATUS", r->status, "use a code of CL_OBS_STATUS"));
  ICT_TRY(done, st,
          check_code(rows, row, "UNIT_MEASURE", row->unit_measure,
                     "use a code of CL_UNIT_MEASURE in the indicator's unit_measure"));
  if (row->nature[0]) {
    ICT_TRY(done, st, check_code(rows, row, "NATURE", row->nature, "use a code of CL_NATURE"));
  }
done:
  return st;
}

/* ---- all rows ------------------------------------------------------------------------------ */

ict_status ict_sdmx_rows_init(ict_sdmx_rows *rows, const ict_table *table, const ict_sdmx_dsd *dsd,
                              const long *column_of_axis, ict_err *err) {
  *rows = (ict_sdmx_rows){.table = table,
                          .err = err,
                          .arena = ict_arena_new(),
                          .dsd = dsd,
                          .column_of_axis = column_of_axis,
                          .composite_column = ict_sdmx_dsd_find(dsd, "COMPOSITE_BREAKDOWN")};
  ict_str_init(&rows->comment);
  ict_names_init(&rows->item_of_series, rows->arena);
  ict_names_init(&rows->several_items, rows->arena);
  ict_names_init(&rows->series_of_indicator, rows->arena);
  ict_names_init(&rows->several_series, rows->arena);
  ict_names_init(&rows->custom, rows->arena);
  if (!rows->arena) return ict_err_memory(err);
  ict_status st = ict_countries_load(&rows->countries, err);
  return st == ICT_OK ? count_items_and_series(rows) : st;
}

void ict_sdmx_rows_done(ict_sdmx_rows *rows) {
  ict_str_done(&rows->comment);
  ict_names_done(&rows->item_of_series);
  ict_names_done(&rows->several_items);
  ict_names_done(&rows->series_of_indicator);
  ict_names_done(&rows->several_series);
  ict_names_done(&rows->custom);
  ict_countries_free(rows->countries);
  ict_arena_free(rows->arena);
}
