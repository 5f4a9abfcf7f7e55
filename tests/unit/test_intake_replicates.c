/* `replicates:` from the mapping through the import into a store and back: names, defaults of each
 * type, what is refused and how it is said; expected by hand and from R's svrepdesign. */
#include "store/store.h"
#include "test_intake_help.h"

#define MAPPING(design)                                     \
  "ictstat: mapping/1\n"                                    \
  "survey: {id: T, title: Test, area: BRA, period: 2016}\n" \
  "concepts: {cost: {title: Cost, type: real}}\n"           \
  "files: {f: {path: f.csv, delimiter: \",\"}}\n"           \
  "units:\n"                                                \
  "  thing:\n"                                              \
  "    file: f\n"                                           \
  "    design: {strata: none, psu: p, weight: " design      \
  "\n"                                                      \
  "    variables: {cost: {from: c}}\n"
#define WITH(replicates) MAPPING("w, replicates: {" replicates "}}")
#define ROWS                    \
  "p,w,c,r01,r02,r03,q1b,q2b\n" \
  "2,10,1,11,12,13,1,0\n"       \
  "1,20,2,21,0,23.5,0.5,2\n"

static const ict_replicate_weights *taken(desk *d, const char *mapping) {
  desk_file(d, "f.csv", ROWS);
  TAKEN(d, mapping);
  const ict_replicate_weights *w = frame_of(d, "thing")->design.replicates;
  CU_ASSERT_PTR_NOT_NULL_FATAL(w);
  return w;
}

/* Sorted with the rows, side by side. */
static void read_and_sorted(void) {
  desk d = desk_make();
  const ict_replicate_weights *w = taken(&d, WITH("type: brr, from: \"r{01..03}\""));
  const double want[] = {21, 0, 23.5, 11, 12, 13};
  CU_ASSERT_EQUAL(w->n, 3);
  CU_ASSERT_EQUAL(memcmp(w->weight, want, sizeof want), 0);
  CU_ASSERT_DOUBLE_EQUAL(w->scale, 1. / 3, 1e-15);
  CU_ASSERT_FALSE(w->mse);
  CU_ASSERT_PTR_NULL(w->rscale);
  CU_ASSERT_STRING_EQUAL(w->from, "f.r01 .. r03");
  desk_remove(&d);
}

/* Factors of the sampling weight; a range inside the name; a list of names. */
static void not_combined(void) {
  desk d = desk_make();
  const double want[] = {10, 40, 10, 0};
  const ict_replicate_weights *w =
      taken(&d, WITH("type: bootstrap, from: \"q{1..2}b\", combined: false, mse: true, df: 7"));
  CU_ASSERT_EQUAL(memcmp(w->weight, want, sizeof want), 0);
  CU_ASSERT_TRUE(w->mse);
  CU_ASSERT_EQUAL(w->df, 7);
  w = taken(&d, WITH("type: bootstrap, from: [q1b, q2b], combined: false"));
  CU_ASSERT_EQUAL(memcmp(w->weight, want, sizeof want), 0);
  desk_remove(&d);
}

/* The weight's scale is the replicates' too, where they are weights. */
static void scaled(void) {
  desk d = desk_make();
  const ict_replicate_weights *w =
      taken(&d, MAPPING("{from: w, scale: 0.5}, replicates: {type: brr, from: \"r{01..03}\"}}"));
  CU_ASSERT_EQUAL(w->weight[0], 10.5);
  w = taken(&d, MAPPING("{from: w, scale: 0.5}, replicates: {type: brr, from: \"q{1..2}b\", "
                        "combined: false}}"));
  CU_ASSERT_EQUAL(w->weight[0], 5);
  desk_remove(&d);
}

static void scale_of(desk *d, const char *mapping, double scale, double rscale, bool mse) {
  const ict_replicate_weights *w = taken(d, mapping);
  CU_ASSERT_DOUBLE_EQUAL(w->scale, scale, 1e-15);
  CU_ASSERT_DOUBLE_EQUAL(w->rscale ? w->rscale[1] : 1, rscale, 1e-15);
  CU_ASSERT_EQUAL(w->mse, mse);
}

/* R: svrepdesign(...)$scale, $rscales. */
static void defaults(void) {
  desk d = desk_make();
#define R3 ", from: \"r{01..03}\""
  scale_of(&d, WITH("type: fay, rho: 0.5" R3), 4. / 3, 1, false);
  scale_of(&d, WITH("type: jk1" R3), 2. / 3, 1, false);
  scale_of(&d, WITH("type: jk1, scale: 0.6" R3), 0.6, 1, false);
  scale_of(&d, WITH("type: jk2" R3), 1, 1, false);
  scale_of(&d, WITH("type: jkn, rscales: [0.5, 0.6, 0.7]" R3), 1, 0.6, false);
  scale_of(&d, WITH("type: jkn, rscales: 0.5" R3), 1, 0.5, false);
  scale_of(&d, WITH("type: bootstrap" R3), 0.5, 1, false);
  scale_of(&d, WITH("type: sdr" R3), 4. / 3, 1, false);
  scale_of(&d, WITH("type: acs" R3), 4. / 3, 1, true);
  scale_of(&d, WITH("type: other, scale: 0.2, mse: true" R3), 0.2, 1, true);
  desk_remove(&d);
}

/* The mapping alone is wrong: told with its place. */
static void no_mapping(desk *d, const char *mapping, const char *part) {
  char path[512];
  desk_clear(d);
  d->findings = ict_findings_new();
  desk_file(d, "m.yaml", mapping);
  snprintf(path, sizeof path, "%s", folder_file(&d->dir, "m.yaml"));
  CU_ASSERT_EQUAL(ict_mapping_load(path, d->catalog, &d->mapping, d->findings, &d->err),
                  ICT_REFUSED);
  bool said = desk_said(d, ICT_ERROR, part) && desk_said(d, ICT_ERROR, "m.yaml:8:");
  if (!said) desk_print(d);
  CU_ASSERT_TRUE(said);
}

static void refusals(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", ROWS);
  no_mapping(&d, WITH("type: brr"), "'replicates' has no 'from'");
  no_mapping(&d, WITH("from: [r01, r02]"), "'type'");
  no_mapping(&d, WITH("type: byhand" R3), "byhand");
  no_mapping(&d, WITH("type: brr, from: r01"), "'r01' does not say which variables");
  no_mapping(&d, WITH("type: brr, from: \"r{3..1}\""), "does not say which variables");
  no_mapping(&d, WITH("type: brr, from: \"r{01..x}\""), "does not say which variables");
  no_mapping(&d, WITH("type: brr, from: [r01]"), "one replicate has no variance");
  REFUSED(&d, WITH("type: brr, from: \"r{01..04}\""), "r04");
  no_mapping(&d, WITH("type: fay" R3), "`type: fay` has no 'rho'");
  no_mapping(&d, WITH("type: fay, rho: 1" R3), "rho cannot be 1");
  no_mapping(&d, WITH("type: brr, rho: 0.5" R3), "'rho' does not belong to `type: brr`");
  no_mapping(&d, WITH("type: acs, scale: 2" R3), "`type: acs` has a scale of its own");
  no_mapping(&d, WITH("type: other" R3), "`type: other` has no 'scale'");
  no_mapping(&d, WITH("type: jkn" R3), "`type: jkn` has no 'rscales'");
  no_mapping(&d, WITH("type: jkn, rscales: [1, 2]" R3), "2 rscales for 3 replicates");
  no_mapping(&d, WITH("type: jkn, rscales: [1, 2, -1]" R3), "'-1' is no scale");
  no_mapping(&d, WITH("type: other, scale: 0" R3), "the scale cannot be 0");
  no_mapping(&d, WITH("type: brr, df: 0" R3), "there cannot be 0 degrees of freedom");
  no_mapping(&d, WITH("type: brr, wieghts: 3" R3), "unknown key 'wieghts'");
  desk_file(&d, "f.csv", "p,w,c,r01,r02,r03\n1,1,1,1,,3\n2,1,1,1,2,-3\n3,1,1,-1,2,3\n");
  REFUSED(&d, WITH("type: brr" R3),
          "the replicate weight 'r02' is missing in 1 row of f.csv (line 2)");
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "'r03' is negative in 1 row of f.csv (line 3)"));
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "'r01' is negative in 1 row of f.csv (line 4)"));
  desk_file(&d, "f.csv", "p,w,c,r01,r02,r03\n1,1,1,1,x,3\n2,1,1,1,2,3\n");
  REFUSED(&d, WITH("type: brr" R3), "'r02' of f.csv, read as replicate weight, holds text");
  desk_remove(&d);
}

static void stored(void) {
  desk d = desk_make();
  const ict_replicate_weights *w =
      taken(&d, WITH("type: jkn, rscales: [0.5, 0.6, 0.7], df: 2, mse: true" R3));
  char path[4096];
  ict_store *store = NULL;
  ict_err err = {0};
  snprintf(path, sizeof path, "%s/s.h5", d.dir.path);
  CU_ASSERT_EQUAL_FATAL(ict_store_write(path, d.intake->frames, d.intake->n_frames,
                                        &d.intake->provenance, 2, NULL, &err),
                        ICT_OK);
  ict_findings *findings = ict_findings_new();
  CU_ASSERT_EQUAL(ict_store_verify(path, findings, &err), ICT_OK);
  ict_findings_free(findings);
  CU_ASSERT_EQUAL_FATAL(ict_store_open(path, &store, &err), ICT_OK);
  const ict_replicate_weights *r = ict_store_frame_at(store, 0)->design.replicates;
  CU_ASSERT_PTR_NOT_NULL_FATAL(r);
  CU_ASSERT_TRUE(r->type == ICT_REPLICATE_JKN && r->n == 3 && r->mse && r->df == 2);
  CU_ASSERT_EQUAL(r->scale, 1);
  CU_ASSERT_EQUAL(memcmp(r->rscale, w->rscale, 3 * sizeof *w->rscale), 0);
  CU_ASSERT_EQUAL(memcmp(r->weight, w->weight, 6 * sizeof *w->weight), 0);
  CU_ASSERT_STRING_EQUAL(r->from, w->from);
  ict_store_close(store);
  desk_remove(&d);
}

SUITE("intake.replicates", TEST(read_and_sorted), TEST(not_combined), TEST(scaled), TEST(defaults),
      TEST(refusals), TEST(stored))
