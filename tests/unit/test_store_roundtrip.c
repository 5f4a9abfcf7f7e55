/* test_store_roundtrip.c - what is written is what is read, and always the same bytes. */
#include "suite.h"

#include "base/stream.h"
#include "test_store_fixture.h"

static void same_text(const char *a, const char *b) {
  if (!a || !b) {
    CU_ASSERT_PTR_EQUAL(a, b); /* both NULL */
  } else {
    CU_ASSERT_STRING_EQUAL(a, b);
  }
}

static void same_variable(const ict_variable *a, const ict_variable *b) {
  same_text(a->name, b->name);
  same_text(a->title, b->title);
  same_text(a->unit, b->unit);
  same_text(a->origin, b->origin);
  same_text(a->treatment, b->treatment);
  CU_ASSERT_EQUAL(a->type, b->type);
  CU_ASSERT_EQUAL(a->width, b->width);
  CU_ASSERT_EQUAL(a->proxy, b->proxy);
  CU_ASSERT_EQUAL_FATAL(a->n_conditions, b->n_conditions);
  for (size_t i = 0; i < a->n_conditions; i++) {
    same_text(a->conditions[i].name, b->conditions[i].name);
    same_text(a->conditions[i].value, b->conditions[i].value);
  }
  CU_ASSERT_EQUAL_FATAL(!a->codes, !b->codes);
  if (!a->codes) return;
  same_text(a->codes->id, b->codes->id);
  same_text(a->codes->title, b->codes->title);
  same_text(a->codes->source, b->codes->source);
  CU_ASSERT_EQUAL_FATAL(a->codes->n, b->codes->n);
  for (size_t i = 0; i < a->codes->n; i++) {
    same_text(a->codes->codes[i].id, b->codes->codes[i].id);
    same_text(a->codes->codes[i].label, b->codes->codes[i].label);
    same_text(a->codes->codes[i].parent, b->codes->codes[i].parent);
  }
}

static void same_array(const void *a, const void *b, size_t bytes) {
  CU_ASSERT_EQUAL_FATAL(!a, !b);
  if (!a) return;
  CU_ASSERT_EQUAL((uintptr_t)b % 8, 0);
  if (bytes) CU_ASSERT_EQUAL(memcmp(a, b, bytes), 0);
}

static void same_design(const ict_design *a, const ict_design *b) {
  CU_ASSERT_EQUAL(a->has_strata, b->has_strata);
  CU_ASSERT_EQUAL(a->has_psu, b->has_psu);
  CU_ASSERT_EQUAL(a->has_weight, b->has_weight);
  CU_ASSERT_EQUAL(a->census, b->census);
  CU_ASSERT_EQUAL(a->lonely, b->lonely);
  CU_ASSERT_EQUAL(a->lonely_in_domain, b->lonely_in_domain);
  CU_ASSERT_EQUAL_FATAL(a->n_rows, b->n_rows);
  CU_ASSERT_EQUAL_FATAL(a->n_psu, b->n_psu);
  CU_ASSERT_EQUAL_FATAL(a->n_strata, b->n_strata);
  same_array(a->psu_first_row, b->psu_first_row, (a->n_psu + 1) * 8);
  same_array(a->stratum_first_psu, b->stratum_first_psu, (a->n_strata + 1) * 8);
  same_array(a->weight, b->weight, a->n_rows * 8);
  same_array(a->fraction, b->fraction, a->n_strata * 8);
  CU_ASSERT_EQUAL_FATAL(!a->stratum_label, !b->stratum_label);
  for (size_t i = 0; a->stratum_label && i < a->n_strata; i++) {
    same_text(a->stratum_label[i], b->stratum_label[i]);
  }
  same_text(a->strata_from, b->strata_from);
  same_text(a->psu_from, b->psu_from);
  same_text(a->weight_from, b->weight_from);
  same_text(a->fpc_from, b->fpc_from);
  CU_ASSERT_EQUAL(a->pps, b->pps);
  same_array(a->inclusion, b->inclusion, a->n_psu * 8);
  CU_ASSERT_EQUAL_FATAL(a->n_stages, b->n_stages);
  for (size_t k = 0; k < a->n_stages; k++) {
    const ict_stage *s = &a->stages[k], *t = &b->stages[k];
    size_t n_parents = k > 0 ? a->stages[k - 1].n_units : a->n_psu;
    CU_ASSERT_EQUAL_FATAL(s->n_units, t->n_units);
    CU_ASSERT_EQUAL_FATAL(s->n_strata, t->n_strata);
    same_array(s->unit_first_row, t->unit_first_row, (s->n_units + 1) * 8);
    same_array(s->stratum_first_unit, t->stratum_first_unit, (s->n_strata + 1) * 8);
    same_array(s->parent_first_stratum, t->parent_first_stratum, (n_parents + 1) * 8);
    same_array(s->fraction, t->fraction, s->n_strata * 8);
    same_text(s->strata_from, t->strata_from);
    same_text(s->units_from, t->units_from);
    same_text(s->fpc_from, t->fpc_from);
  }
}

static void same_frame(const ict_frame *a, const ict_frame *b) {
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  same_text(a->unit, b->unit);
  same_text(a->title, b->title);
  CU_ASSERT_EQUAL_FATAL(a->n_rows, b->n_rows);
  CU_ASSERT_EQUAL_FATAL(a->schema->n, b->schema->n);
  for (size_t i = 0; i < a->schema->n; i++) {
    same_variable(&a->schema->vars[i], &b->schema->vars[i]);
    same_array(a->columns[i], b->columns[i], a->n_rows * ict_width_bytes(a->schema->vars[i].width));
  }
  same_design(&a->design, &b->design);
}

static void same_provenance(const ict_provenance *a, const ict_provenance *b) {
  same_text(a->survey, b->survey);
  same_text(a->title, b->title);
  same_text(a->source, b->source);
  same_text(a->mapping_name, b->mapping_name);
  same_text(a->mapping_text, b->mapping_text);
  same_text(a->mapping_sha256, b->mapping_sha256);
  same_text(a->tool, b->tool);
  CU_ASSERT_EQUAL_FATAL(a->n_inputs, b->n_inputs);
  for (size_t i = 0; i < a->n_inputs; i++) {
    same_text(a->inputs[i].id, b->inputs[i].id);
    same_text(a->inputs[i].name, b->inputs[i].name);
    same_text(a->inputs[i].sha256, b->inputs[i].sha256);
    CU_ASSERT_EQUAL(a->inputs[i].bytes, b->inputs[i].bytes);
    CU_ASSERT_EQUAL(a->inputs[i].rows, b->inputs[i].rows);
  }
  CU_ASSERT_EQUAL_FATAL(a->n_report, b->n_report);
  for (size_t i = 0; i < a->n_report; i++) same_text(a->report[i], b->report[i]);
}

static void is_ok(ict_status st, const ict_err *err) {
  if (st != ICT_OK) {
    char text[4096];
    ict_err_text(err, text, sizeof text);
    fprintf(stderr, "%s", text);
  }
  CU_ASSERT_EQUAL_FATAL(st, ICT_OK);
}

/* Writes, reads back, compares, verifies, removes. */
static void round_trip(const ict_store_frame *frames, size_t n, const ict_provenance *p) {
  const char *path = scratch("roundtrip.h5");
  ict_err err;
  ict_store *store = NULL;
  is_ok(ict_store_write(path, frames, n, p, 2, NULL, &err), &err);
  is_ok(ict_store_open(path, &store, &err), &err);
  CU_ASSERT_EQUAL_FATAL(ict_store_units(store), n);
  same_provenance(p, ict_store_provenance(store));
  for (size_t i = 0; i < n; i++) {
    same_frame(frames[i].frame, ict_store_frame_at(store, i));
    CU_ASSERT_PTR_EQUAL(ict_store_frame_of(store, frames[i].frame->unit),
                        ict_store_frame_at(store, i));
    same_text(frames[i].scope, ict_store_scope(store, frames[i].frame->unit));
  }
  ict_store_close(store);
  ict_findings *findings = ict_findings_new();
  is_ok(ict_store_verify(path, findings, &err), &err);
  CU_ASSERT_EQUAL(ict_findings_count(findings), 0);
  ict_findings_free(findings);
  CU_ASSERT_EQUAL(unlink(path), 0);
}

static void whole_set(void) {
  fixture x;
  fixture_init(&x);
  round_trip(x.frames, 2, &provenance);
}

static void bare_provenance(void) {
  fixture x;
  fixture_init(&x);
  const ict_provenance bare = {.survey = "s"};
  round_trip(x.frames, 1, &bare);
  round_trip(x.frames, 0, &bare);
}

/* Each part of a design left out. */
static void designs(void) {
  static const uint64_t one_stratum[] = {0, 4}, each_row[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  static const uint64_t rows_in_strata[] = {0, 6, 11}, all_rows[] = {0, 11};
  fixture x;
  fixture_init(&x);
  ict_design *d = &x.individual.design;
  const ict_design full = *d;
  d->has_weight = false;
  d->weight = NULL;
  d->fraction = NULL;
  d->stratum_label = NULL;
  d->weight_from = d->fpc_from = NULL;
  round_trip(x.frames, 1, &provenance);
  *d = full;
  d->has_strata = false;
  d->n_strata = 1;
  d->stratum_first_psu = one_stratum;
  d->lonely = ICT_LONELY_REMOVE;
  round_trip(x.frames, 1, &provenance);
  *d = full;
  d->has_psu = false;
  d->n_psu = ROWS;
  d->psu_first_row = each_row;
  d->stratum_first_psu = rows_in_strata;
  d->lonely = ICT_LONELY_CERTAINTY;
  round_trip(x.frames, 1, &provenance);
  d->has_strata = false;
  d->n_strata = 1;
  d->stratum_first_psu = all_rows;
  d->lonely = ICT_LONELY_AVERAGE;
  round_trip(x.frames, 1, &provenance);
}

/* PSUs begin at rows 0, 2, 6, 7 of 11. Two stages below them, the last one rows. */
static void stages(void) {
  static const uint64_t rows[] = {0, 2, 4, 6, 7, 8, 11}, units[] = {0, 1, 2, 3, 4, 6},
                        parents[] = {0, 1, 3, 4, 5},
                        each[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                        ends[] = {0, 2, 4, 6, 7, 8, 11}, one_each[] = {0, 1, 2, 3, 4, 5, 6};
  static const double fraction[] = {0, 0.5, 1, 0.25, 0.125}, inclusion[] = {0.5, 1, 0.25, 0.125};
  ict_stage below[] = {{6, 5, rows, units, parents, fraction, NULL, "f.u", "f.M"},
                       {11, 6, each, ends, one_each, NULL, "f.g", NULL, NULL}};
  fixture x;
  fixture_init(&x);
  ict_design *d = &x.individual.design;
  d->n_stages = 2;
  d->stages = below;
  round_trip(x.frames, 2, &provenance);
  d->fraction = NULL;
  d->pps = ICT_PPS_BREWER;
  d->inclusion = inclusion;
  round_trip(x.frames, 1, &provenance);
  d->n_stages = 0;
  d->pps = ICT_PPS_OVERTON;
  round_trip(x.frames, 1, &provenance);
}

/* What would lead the scan astray is neither written nor read. */
static void stages_that_do_not_nest(void) {
  static const uint64_t rows[] = {0, 3, 6, 7, 11}, units[] = {0, 1, 2, 3, 4},
                        parents[] = {0, 1, 2, 3, 4};
  ict_stage below = {4, 4, rows, units, parents, NULL, NULL, NULL, NULL};
  fixture x;
  fixture_init(&x);
  x.individual.design.n_stages = 1;
  x.individual.design.stages = &below;
  ict_err err;
  const char *path = scratch("nest.h5");
  CU_ASSERT_EQUAL(ict_store_write(path, x.frames, 1, &provenance, 2, NULL, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "do not lie within those of the stage above"));
}

static void no_rows(void) {
  static const uint64_t zero[] = {0, 0};
  fixture x;
  fixture_init(&x);
  ict_design *d = &x.individual.design;
  x.individual.n_rows = d->n_rows = d->n_psu = 0;
  d->n_strata = 1;
  d->psu_first_row = d->stratum_first_psu = zero;
  round_trip(x.frames, 1, &provenance);
}

/* Lists at the borders: none; all that a byte can hold; the largest that is still an enum;
 * one whose attributes are beyond HDF5's 64 KiB. */
static void long_lists(void) {
  static const size_t sizes[] = {0, 248, 249, 2000, 5000, 65000};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    size_t n = sizes[s];
    ict_arena *arena = ict_arena_new();
    ict_code *codes = ict_arena_alloc(arena, n, sizeof *codes);
    for (size_t i = 0; i < n; i++) {
      codes[i].id = ict_arena_printf(arena, "D%05zu", i);
      codes[i].label = ict_arena_printf(arena, "District number %zu", i);
    }
    ict_codelist list = {"CL_DISTRICT", "Districts", NULL, n, codes, NULL};
    fixture x;
    fixture_init(&x);
    ict_variable vars[3];
    memcpy(vars, house_vars, sizeof house_vars);
    vars[2] = (ict_variable){
        .name = "district", .type = ICT_TYPE_CODE, .width = ict_width_for_codes(n), .codes = &list};
    const ict_schema schema = {3, vars, NULL};
    const uint16_t wide[HOUSES] = {n ? (uint16_t)(n - 1) : 65535, 65535, 65530};
    const uint8_t narrow[HOUSES] = {n ? (uint8_t)(n - 1) : 255, 255, 250};
    const void *columns[] = {house_area, house_period,
                             vars[2].width == ICT_U8 ? (const void *)narrow : (const void *)wide};
    x.household.schema = &schema;
    x.household.columns = columns;
    round_trip(&x.frames[1], 1, &provenance);
    ict_arena_free(arena);
  }
}

static void many_variables(void) {
  enum { N = 300 };
  ict_arena *arena = ict_arena_new();
  ict_variable *vars = ict_arena_alloc(arena, N, sizeof *vars);
  const void *columns[N];
  for (int i = 0; i < N; i++) {
    vars[i] = house_vars[i % 2];
    columns[i] = house_columns[i % 2];
    /* not in the order of their names */
    if (i >= 2) vars[i].name = ict_arena_printf(arena, "v%d", (i * 7) % N);
  }
  const ict_schema schema = {N, vars, NULL};
  fixture x;
  fixture_init(&x);
  x.household.schema = &schema;
  x.household.columns = columns;
  round_trip(&x.frames[1], 1, &provenance);
  ict_arena_free(arena);
}

static void same_bytes(void) {
  fixture x;
  fixture_init(&x);
  const char *a = scratch("a.h5"), *b = scratch("b.h5");
  ict_err err;
  is_ok(ict_store_write(a, x.frames, 2, &provenance, 2, NULL, &err), &err);
  void *noise = malloc(1000003); /* so that the heap is another one */
  memset(noise, 0xA5, 1000003);
  free(noise);
  is_ok(ict_store_write(b, x.frames, 2, &provenance, 2, NULL, &err), &err);
  is_ok(ict_store_write(b, x.frames, 2, &provenance, 2, NULL, &err), &err); /* over itself */
  ict_bytes one, two;
  is_ok(ict_bytes_open(a, 0, true, &one, &err), &err);
  is_ok(ict_bytes_open(b, 0, true, &two, &err), &err);
  CU_ASSERT_EQUAL(one.len, two.len);
  CU_ASSERT_STRING_EQUAL(one.sha256, two.sha256);
  ict_bytes_close(&one);
  ict_bytes_close(&two);
  unlink(a);
  unlink(b);
}

static void getters(void) {
  fixture x;
  fixture_init(&x);
  const char *path = scratch("getters.h5");
  ict_err err;
  ict_store *store = NULL;
  is_ok(ict_store_write(path, x.frames, 2, &provenance, 2, NULL, &err), &err);
  is_ok(ict_store_open(path, &store, &err), &err);
  unlink(path); /* the map keeps the file alive */
  CU_ASSERT_STRING_EQUAL(ict_store_survey(store), "xyz2024");
  CU_ASSERT_STRING_EQUAL(ict_store_title(store), "Household survey of X");
  CU_ASSERT_STRING_EQUAL(ict_store_unit_name(store, 1), "household");
  CU_ASSERT_EQUAL(ict_store_unit_rows(store, 0), ROWS);
  CU_ASSERT_EQUAL(ict_store_unit_variables(store, 0), INDIVIDUAL_VARS);
  CU_ASSERT_STRING_EQUAL(ict_store_variable_name(store, 0, 2), "sex");
  CU_ASSERT_PTR_NULL(ict_store_unit_name(store, 2));
  CU_ASSERT_PTR_NULL(ict_store_variable_name(store, 0, INDIVIDUAL_VARS));
  CU_ASSERT_PTR_NULL(ict_store_frame_of(store, "school"));
  CU_ASSERT_PTR_NULL(ict_store_scope(store, "school"));
  ict_store_close(store);
  ict_store_close(NULL);
}

SUITE("store.roundtrip", TEST(whole_set), TEST(bare_provenance), TEST(designs), TEST(stages),
      TEST(stages_that_do_not_nest), TEST(no_rows), TEST(long_lists), TEST(many_variables),
      TEST(same_bytes), TEST(getters))
