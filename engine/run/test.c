/* test.c - store and request -> tests of no association: what is asked for, and the list of tests.
 *
 * In: an open store, the catalogue, a request. Out: a list of tests.
 * Owns: the list until it is handed over. */
#include "run/test.h"

#include <string.h>

#include "base/text.h"
#include "store/store.h"

/* ---- the list ----------------------------------------------------------------------------------
 */

static const char *const FLAGS[ICT_N_TF][2] = {
    [ICT_TF_CELL_EMPTY] = {"cell_empty", "classes that both occur never meet"},
    [ICT_TF_CENSUS] = {"census", "a complete enumeration: nothing to test"},
    [ICT_TF_CLASS_DROPPED] = {"class_dropped", "classes without anybody are left out"},
    [ICT_TF_DEFINITION_DIFFERS] = {"definition_differs",
                                   "the survey's question departs from the definition"},
    [ICT_TF_NO_DF] = {"no_df", "no degrees of freedom are left: no P value"},
    [ICT_TF_NO_SE] = {"no_se", "the sampling variance cannot be told"},
    [ICT_TF_NO_VARIANCE] = {"no_variance", "every PSU says the same: no sampling error, no test"},
    [ICT_TF_ONE_CLASS] = {"one_class", "fewer than two classes or answers: nothing to test"},
    [ICT_TF_REPLICATES_LOST] = {"replicates_lost", "replicates without a value were left out"},
    [ICT_TF_SINGLE_PSU] = {"single_psu_stratum",
                           "a stratum with a single PSU entered under a policy"},
    [ICT_TF_SINGULAR] = {"singular", "too few PSUs or too many empty cells for so many classes"},
};

const char *ict_tests_flag_about(const char *flag) {
  for (size_t i = 0; i < ICT_N_TF; i++)
    if (strcmp(FLAGS[i][0], flag) == 0) return FLAGS[i][1];
  return NULL;
}

ict_status ict_tests_add(ict_tests *tests, ict_test_row row, unsigned flags, ict_err *err) {
  ict_str text;
  ict_str_init(&text);
  for (size_t i = 0; i < ICT_N_TF; i++)
    if (flags >> i & 1) ict_str_addf(&text, "%s%s", text.len ? ";" : "", FLAGS[i][0]);
  row.flags = text.failed ? NULL : ict_arena_strdup(tests->arena, text.text);
  ict_str_done(&text);
  if (!row.flags || ict_grow(&tests->list, tests->n, &tests->capacity, sizeof *tests->list) != 0)
    return ict_err_memory(err);
  tests->list[tests->n++] = row;
  return ICT_OK;
}

size_t ict_tests_count(const ict_tests *tests) { return tests->n; }
const ict_test_row *ict_tests_at(const ict_tests *tests, size_t i) { return &tests->list[i]; }
size_t ict_tests_n_within(const ict_tests *tests) { return tests->n_within; }
const char *ict_tests_within_name(const ict_tests *tests, size_t i) { return tests->within[i]; }

void ict_tests_free(ict_tests *tests) {
  if (!tests) return;
  ict_arena_free(tests->arena);
  ict_free(tests->list);
  ict_free(tests);
}

/* ---- the request -------------------------------------------------------------------------------
 */

/* "age" of "age:itu". */
static ict_slice axis_name(ict_slice axis) {
  return (ict_slice){axis.text,
                     strcspn(axis.text, ":,") < axis.len ? strcspn(axis.text, ":,") : axis.len};
}

/* Cuts "sex,age:itu" at its commas; false where there are other than n parts, or a blank one. */
static bool split(const char *text, size_t n, ict_slice *out) {
  for (size_t i = 0; i < n; i++) {
    size_t len = strcspn(text, ",");
    out[i] = ict_slice_trim((ict_slice){text, len});
    if (out[i].len == 0 || memchr(out[i].text, '(', out[i].len)) return false;
    if ((i + 1 < n) != (text[len] == ',')) return false;
    text += len + 1;
  }
  return true;
}

static ict_status bad_axes(const char *option, const char *text, const char *expected,
                           const char *example, ict_err *err) {
  ict_err_set(err, ICT_USAGE, "%s \"%s\" does not name %s", option, text, expected);
  ict_err_expected(err, "%s, such as %s %s", expected, option, example);
  ict_err_fix(err, "to test within classes of another variable, write --within %s",
              strcmp(option, "--within") == 0 ? "urbanisation" : "VARIABLE");
  return ICT_USAGE;
}

static ict_status take_within(const char *text, ict_tests *tests, ict_err *err) {
  size_t n = 1;
  for (const char *at = text; (at = strchr(at, ',')); at++) n++;
  ict_slice *parts = ict_arena_alloc(tests->arena, n, sizeof *parts);
  tests->within = ict_arena_alloc(tests->arena, n, sizeof *tests->within);
  if (!parts || !tests->within) return ict_err_memory(err);
  if (!split(text, n, parts))
    return bad_axes("--within", text, "variables", "sex,urbanisation", err);
  for (size_t i = 0; i < n; i++) {
    ict_slice name = axis_name(parts[i]);
    tests->within[i] = ict_arena_strndup(tests->arena, name.text, name.len);
    if (!tests->within[i]) return ict_err_memory(err);
  }
  tests->n_within = n;
  return ICT_OK;
}

static ict_status check_apart(const ict_tests *tests, const ict_slice *axes, size_t n,
                              ict_err *err) {
  for (size_t i = 0; i < n; i++) {
    ict_slice name = axis_name(axes[i]);
    bool twice = i > 0 && axis_name(axes[0]).len == name.len &&
                 strncmp(axis_name(axes[0]).text, name.text, name.len) == 0;
    for (size_t k = 0; k < tests->n_within; k++)
      twice = twice || ict_slice_is(name, tests->within[k]);
    if (!twice) continue;
    ict_err_set(err, ICT_USAGE, "'%.*s' would be tested with itself or within its own classes",
                (int)name.len, name.text);
    ict_err_fix(err, "name different variables");
    return ICT_USAGE;
  }
  return ICT_OK;
}

/* The breakdowns of the plan: first each within the classes of `within`, so that its axes come
 * first in every breakdown, then each alone. */
static ict_status breakdowns(const ict_test_request *request, const char *const *texts, size_t n,
                             size_t n_tested, ict_tests *tests, const char ***out, size_t *n_out,
                             ict_err *err) {
  const char **all = ict_arena_alloc(tests->arena, 2 * n, sizeof *all);
  if (!all) return ict_err_memory(err);
  *n_out = 0;
  for (size_t i = 0; i < n; i++) {
    ict_slice axes[2];
    if (!split(texts[i], n_tested, axes))
      return n_tested == 1
                 ? bad_axes("--by", texts[i], "one variable", "sex", err)
                 : bad_axes("--table", texts[i], "two variables", "education_lev:levels,sex", err);
    ict_status st = check_apart(tests, axes, n_tested, err);
    if (st != ICT_OK) return st;
    if (!request->within) continue;
    all[*n_out] = ict_arena_printf(tests->arena, "%s,%s", request->within, texts[i]);
    if (!all[(*n_out)++]) return ict_err_memory(err);
  }
  for (size_t i = 0; i < n; i++) all[(*n_out)++] = texts[i];
  *out = all;
  return ICT_OK;
}

static bool has_axes(const ict_frame *frame, const ict_tests *tests, const char *text) {
  ict_slice axes[2];
  bool all = split(text, 2, axes);
  for (size_t i = 0; i < 2 && all; i++) {
    ict_slice name = axis_name(axes[i]);
    bool found = false;
    for (size_t c = 0; c < frame->schema->n; c++)
      found = found || ict_slice_is(name, frame->schema->vars[c].name);
    all = found;
  }
  for (size_t i = 0; i < tests->n_within && all; i++)
    all = ict_schema_find(frame->schema, tests->within[i]) >= 0;
  return all;
}

/* Which unit a table counts: the one that was named, or the only one that has its variables. */
static ict_status find_unit(const ict_store *store, const ict_test_request *request,
                            const ict_tests *tests, const char *text, const char **unit,
                            ict_err *err) {
  ict_str units;
  size_t n = 0;
  ict_str_init(&units);
  *unit = NULL;
  for (size_t i = 0; i < ict_store_units(store); i++) {
    const char *name = ict_store_unit_name(store, i);
    if (request->unit ? strcmp(name, request->unit) != 0
                      : !has_axes(ict_store_frame_at(store, i), tests, text))
      continue;
    if (!*unit) *unit = name;
    ict_str_addf(&units, "%s%s", n++ ? ", " : "", name);
  }
  if (n > 1) {
    ict_err_set(err, ICT_USAGE, "several units have the variables of --table \"%s\"", text);
    ict_err_expected(err, "one of: %s", units.failed ? "?" : units.text);
    ict_err_fix(err, "write --unit %s", *unit);
  } else if (n == 0) {
    ict_str_clear(&units);
    for (size_t i = 0; i < ict_store_units(store); i++)
      ict_str_addf(&units, "%s%s", i ? ", " : "", ict_store_unit_name(store, i));
    if (request->unit)
      ict_err_set(err, ICT_USAGE, "no units '%s' in %s", request->unit, ict_store_survey(store));
    else
      ict_err_set(err, ICT_USAGE, "no unit has both variables of --table \"%s\"%s", text,
                  tests->n_within ? " and those of --within" : "");
    ict_err_expected(err, request->unit ? "one of: %s" : "variables of one of: %s",
                     units.failed ? "?" : units.text);
    ict_err_fix(err, "`ictstat info` shows the variables of the store");
  }
  ict_str_done(&units);
  return n == 1 ? ICT_OK : ICT_USAGE;
}

static ict_status test_indicators(const ict_store *store, const ict_catalog *catalog,
                                  const ict_test_request *request, ict_tests *tests,
                                  ict_findings *findings, ict_err *err) {
  ict_request plain = request->compute;
  const char **by;
  ict_status st = breakdowns(request, request->compute.by, request->compute.n_by, 1, tests, &by,
                             &plain.n_by, err);
  if (st != ICT_OK) return st;
  plain.by = by;
  plain.contrasts = NULL;
  plain.n_contrasts = 0;
  plain.n_tested = 1;
  return ict_tests_add_plans(store, catalog, &plain, tests, findings, err);
}

/* Each table in a pass of its own, as its unit may be another. */
static ict_status test_tables(const ict_store *store, const ict_catalog *catalog,
                              const ict_test_request *request, ict_tests *tests,
                              ict_findings *findings, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < request->n_tables && st == ICT_OK; i++) {
    ict_request plain = request->compute;
    const char **by;
    st = breakdowns(request, &request->tables[i], 1, 2, tests, &by, &plain.n_by, err);
    if (st == ICT_OK)
      st = find_unit(store, request, tests, request->tables[i], &plain.everyone, err);
    if (st != ICT_OK) return st;
    plain.by = by;
    plain.indicators = NULL;
    plain.contrasts = NULL;
    plain.n_indicators = plain.n_contrasts = 0;
    plain.n_tested = 2;
    st = ict_tests_add_plans(store, catalog, &plain, tests, findings, err);
  }
  return st;
}

ict_status ict_test(const ict_store *store, const ict_catalog *catalog,
                    const ict_test_request *request, ict_tests **out, ict_findings *findings,
                    ict_err *err) {
  *out = NULL;
  ict_status st = ICT_OK;
  ict_tests *tests = ict_alloc(1, sizeof *tests);
  if (tests) tests->arena = ict_arena_new();
  if (!tests || !tests->arena) {
    st = ict_err_memory(err);
    goto done;
  }
  tests->statistic = request->statistic;
  if (request->compute.n_by + request->n_tables + request->compute.n_contrasts == 0) {
    st = ict_err_set(err, ICT_USAGE, "nothing to test");
    ict_err_expected(err, "--by VARIABLE, --table VARIABLE,VARIABLE or --contrast AXIS:A-B");
    ict_err_fix(err, "write for example --by sex");
    goto done;
  }
  if (request->within) ICT_TRY(done, st, take_within(request->within, tests, err));
  if (request->compute.n_by > 0)
    ICT_TRY(done, st, test_indicators(store, catalog, request, tests, findings, err));
  ICT_TRY(done, st, test_tables(store, catalog, request, tests, findings, err));
  if (request->compute.n_contrasts > 0)
    ICT_TRY(done, st, ict_tests_add_contrasts(store, catalog, request, tests, findings, err));
  if (tests->n == 0) {
    st = ict_err_set(err, ICT_REFUSED, "nothing of what was asked can be tested");
    ict_err_expected(err, "an indicator that is a share, a count, a mean or a ratio");
    ict_err_fix(err, "name another with -i");
    goto done;
  }
  *out = tests;
  tests = NULL;
done:
  ict_tests_free(tests);
  return st;
}
