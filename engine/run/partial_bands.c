/* partial_bands.c - whether the classes of a table fill the bands asked for.
 *
 * In: a plan over a column whose codebook names the table's classes. Out: warnings.
 * Owns: nothing. */
#include "run/partial_bands.h"

#include <string.h>

#include "admin/admin.h"
#include "base/text.h"

static const ict_class *find_class(const ict_catalog *catalog, const char *concept_name,
                                   ict_slice id) {
  for (size_t i = 0; i < ict_catalog_classifications(catalog); i++) {
    const ict_classification *k = ict_catalog_classification_at(catalog, i);
    if (strcmp(k->concept_name, concept_name) != 0) continue;
    for (size_t j = 0; j < k->n; j++)
      if (ict_slice_is(id, k->classes[j].id)) return &k->classes[j];
  }
  return NULL;
}

/* How many of the band's values the table's classes hold; bands without an end: those to 130. */
static int64_t filled(const ict_catalog *catalog, const char *concept_name, const char *codes,
                      const ict_class *band, int64_t end) {
  int64_t held = 0;
  for (const char *p = codes; *p; p += strspn(p, " ")) {
    ict_slice code = {p, strcspn(p, " ")};
    const ict_class *c = find_class(catalog, concept_name, code);
    p += code.len;
    if (!c || c->from < band->from || c->from > end) continue;
    held += (c->to < end ? c->to : end) - c->from + 1;
    if (c->to > band->to) return -1; /* more than the band */
  }
  return held;
}

static void tell(const ict_plan_axis *axis, const char *codes, const ict_class *band,
                 ict_findings *findings) {
  ict_err note;
  ict_err_set(&note, ICT_OK, "%s %s is not what its rows hold: the table counts %s", axis->name,
              band->id, codes);
  ict_err_fix(&note, "break down by bands that the table's classes fill: --by %s:ID",
              axis->concept_name);
  ict_findings_add(findings, ICT_WARNING, &note);
}

void ict_tell_partial_bands(const ict_plan *plan, const ict_catalog *catalog,
                            ict_findings *findings) {
  for (size_t a = 2; a < plan->n_axes; a++) {
    const ict_plan_axis *axis = &plan->axes[a];
    const char *treatment = plan->frame->schema->vars[axis->column].treatment;
    if (!axis->classification || !treatment || !ict_text_starts(treatment, ICT_ADMIN_CLASSES))
      continue;
    const char *codes = treatment + strlen(ICT_ADMIN_CLASSES);
    for (size_t i = 0; i < axis->classification->n; i++) {
      const ict_class *band = &axis->classification->classes[i];
      int64_t end = band->to < 130 ? band->to : 130;
      int64_t held = filled(catalog, axis->concept_name, codes, band, end);
      if (held != 0 && held != end - band->from + 1) tell(axis, codes, band, findings);
    }
  }
}
