/* coverage.c - coverage rules: read, and speak.
 *
 * In: datasets/groups/coverage.csv. Out: four limits. Owns: nothing. */
#include "group/coverage.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "data/reference.h"

#define FILE_NAME "groups/coverage.csv"

static ict_status take_row(const ict_reference *ref, size_t row, const size_t *c, ict_coverage *out,
                           ict_err *err) {
  const char *measure = ict_reference_text(ref, row, c[1]);
  double publish = 0, complete = 0;
  bool of_population = strcmp(measure, "population") == 0;
  if ((!of_population && strcmp(measure, "countries") != 0) ||
      !ict_number_parse(ict_slice_of(ict_reference_text(ref, row, c[2])), '.', &publish) ||
      !ict_number_parse(ict_slice_of(ict_reference_text(ref, row, c[3])), '.', &complete) ||
      publish < 0 || publish > complete || complete > 100) {
    ict_err_set(err, ICT_REFUSED, "a coverage rule that is none");
    ict_err_at(err, "datasets/" FILE_NAME, row + 2, 0);
    ict_err_expected(err,
                     "measure population or countries, 0 <= publish_from <= complete_from "
                     "<= 100");
    ict_err_fix(err, "mend the row");
    return ICT_REFUSED;
  }
  *(of_population ? &out->population_publish : &out->countries_publish) = publish;
  *(of_population ? &out->population_complete : &out->countries_complete) = complete;
  return ICT_OK;
}

ict_status ict_coverage_load(const char *profile, ict_coverage *out, ict_err *err) {
  static const char *const HEADINGS[] = {"profile", "measure", "publish_from", "complete_from"};
  size_t c[4], found = 0;
  ict_reference *ref = NULL;
  ict_status st = ICT_OK;
  ict_str all;
  ict_str_init(&all);
  *out = (ict_coverage){0};
  ICT_TRY(done, st, ict_reference_load(FILE_NAME, &ref, err));
  ICT_TRY(done, st, ict_reference_columns(ref, HEADINGS, 4, c, err));
  const char *last = "";
  for (size_t i = 0; i < ict_reference_rows(ref); i++) {
    const char *name = ict_reference_text(ref, i, c[0]);
    if (strcmp(name, last) != 0) ict_str_addf(&all, "%s%s", all.len ? ", " : "", name);
    last = name;
    if (strcmp(name, profile) != 0) continue;
    found++;
    ICT_TRY(done, st, take_row(ref, i, c, out, err));
  }
  if (found == 0) {
    st = ict_err_set(err, ICT_USAGE, "no coverage profile '%s'", profile);
    ict_err_expected(err, "one of %s", all.text);
  }
done:
  ict_reference_free(ref);
  ict_str_done(&all);
  return st;
}

ict_coverage_verdict ict_coverage_judge(const ict_coverage *rules, double population,
                                        double countries) {
  if (population < rules->population_publish || countries < rules->countries_publish)
    return ICT_COVERAGE_TOO_LOW;
  if (population < rules->population_complete || countries < rules->countries_complete)
    return ICT_COVERAGE_LOW;
  return ICT_COVERAGE_OK;
}
