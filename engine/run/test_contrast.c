/* test_contrast.c - contrasts tested: that a difference is 0, a ratio 1.
 *
 * In: a request with contrasts. Out: a t test of each.
 * Owns: nothing beyond the call.
 *
 * Estimate, standard error and df of a contrast are those of `compute`; here they become t and P.
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/frame.h"
#include "data/table.h"
#include "estimate/estimate.h"
#include "ictstat/compute.h"
#include "run/test.h"

/* "sex" and "F-M" of "sex:F-M" or "sex:CLASSIFICATION:F-M". */
typedef struct asked {
  const char *text, *code;
  size_t axis; /* in the table; SIZE_MAX: the period */
} asked;

static bool find_asked(const ict_table *table, const char *text, asked *out) {
  const char *code = strrchr(text, ':');
  size_t len = strcspn(text, ":");
  *out = (asked){.text = text, .code = code ? code + 1 : text, .axis = 0};
  ict_slice name = {text, len};
  if (ict_slice_is(name, "period") || ict_slice_is(name, ICT_VAR_PERIOD)) {
    out->axis = SIZE_MAX;
    return true;
  }
  for (; out->axis < ict_table_axes(table); out->axis++)
    if (ict_slice_is(name, ict_table_axis_name(table, out->axis))) return true;
  return false;
}

static ict_status take_codes(const ict_table *table, const ict_table_row *row, ict_tests *tests,
                             ict_test_row *out, ict_err *err) {
  const char **codes = ict_arena_alloc(tests->arena, tests->n_within + 1, sizeof *codes);
  if (!codes) return ict_err_memory(err);
  for (size_t i = 0; i < tests->n_within; i++) {
    size_t a = 0;
    while (strcmp(ict_table_axis_name(table, a), tests->within[i]) != 0) a++;
    codes[i] = ict_arena_strdup(tests->arena, row->axes[a]);
    if (!codes[i]) return ict_err_memory(err);
  }
  out->within = codes;
  return ICT_OK;
}

static ict_status add(const ict_table *table, const asked *one, const ict_table_row *row,
                      ict_tests *tests, ict_err *err) {
  ict_arena *arena = tests->arena;
  bool ratio = strcmp(row->unit_measure, "RO") == 0;
  double off = row->estimate - (ratio ? 1 : 0);
  unsigned flags = 0;
  ict_test_row out = {.indicator = ict_arena_strdup(arena, row->indicator),
                      .item = ict_arena_strdup(arena, row->item),
                      .ref_area = ict_arena_strdup(arena, row->ref_area),
                      .time_period = ict_arena_strdup(arena, row->time_period),
                      .table = ict_arena_strdup(arena, one->text),
                      .statistic = "t",
                      .classes = "2",
                      .value = NAN,
                      .ndf = 1,
                      .ddf = row->df,
                      .p = NAN,
                      .n_unweighted = row->n_unweighted,
                      .n_psu = row->n_psu,
                      .n_strata = row->n_strata,
                      .source = ict_arena_strdup(arena, row->source)};
  if (!out.indicator || !out.item || !out.ref_area || !out.time_period || !out.table || !out.source)
    return ict_err_memory(err);
  ict_status st = take_codes(table, row, tests, &out, err);
  if (st != ICT_OK) return st;
  if (isnan(row->estimate)) {
    flags |= 1u << ICT_TF_ONE_CLASS;
  } else if (isnan(row->df)) {
    flags |= 1u << ICT_TF_CENSUS;
  } else if (isnan(row->se)) {
    flags |= 1u << ICT_TF_NO_SE;
  } else if (row->se == 0) {
    flags |= 1u << ICT_TF_NO_VARIANCE;
  } else {
    out.value = off / row->se;
    if (row->df > 0)
      out.p = ict_p_value_t(out.value, row->df);
    else
      flags |= 1u << ICT_TF_NO_DF;
  }
  if (ict_text_lists(row->flags, "definition_differs")) flags |= 1u << ICT_TF_DEFINITION_DIFFERS;
  return ict_tests_add(tests, out, flags, err);
}

ict_status ict_tests_add_contrasts(const ict_store *store, const ict_catalog *catalog,
                                   const ict_test_request *request, ict_tests *tests,
                                   ict_findings *findings, ict_err *err) {
  ict_request plain = request->compute;
  const char *within[1] = {request->within};
  plain.by = within;
  plain.n_by = request->within != NULL;
  ict_table *table = NULL;
  ict_status st = ict_compute(store, catalog, &plain, &table, findings, err);
  for (size_t i = 0; i < plain.n_contrasts && st == ICT_OK; i++) {
    asked one;
    if (!find_asked(table, plain.contrasts[i], &one)) continue;
    for (size_t r = 0; r < ict_table_rows(table) && st == ICT_OK; r++) {
      const ict_table_row *row = ict_table_row_at(table, r);
      const char *code = one.axis == SIZE_MAX ? row->time_period : row->axes[one.axis];
      if (strcmp(code, one.code) == 0) st = add(table, &one, row, tests, err);
    }
  }
  ict_table_free(table);
  return st;
}
