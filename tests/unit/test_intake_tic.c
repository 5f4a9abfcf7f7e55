/* Real surveys, where ../shared/data is there (or $ICTSTAT_SHARED): rows, PSUs and strata as
 * counted by others (/shared/data/data.md: R survey, the published figures). */
#include <sys/stat.h>

#include "ictstat/import.h"
#include "store/store.h"
#include "test_intake_help.h"

static const char *shared(const char *folder_name) {
  static char path[1024];
  const char *where = getenv("ICTSTAT_SHARED");
  struct stat st;
  if (where) {
    snprintf(path, sizeof path, "%s/data/%s", where, folder_name);
  } else {
    snprintf(path, sizeof path, "%s/../shared/data/%s", ICT_TEST_SOURCE, folder_name);
  }
  if (stat(path, &st) == 0) return path;
  printf("(skipped: no %s) ", path);
  return NULL;
}

static double weighted_yes(const ict_frame *f, const char *name) {
  long v = ict_schema_find(f->schema, name);
  CU_ASSERT_FATAL(v >= 0);
  long yes = ict_codelist_find(f->schema->vars[v].codes, "Y");
  double y = 0, all = 0;
  for (size_t r = 0; r < f->n_rows; r++) {
    ict_missing kind;
    double x = ict_column_number(&f->schema->vars[v], f->columns[v], r, &kind);
    if (kind != ICT_PRESENT) continue;
    all += f->design.weight[r];
    if (x == (double)yes) y += f->design.weight[r];
  }
  return 100 * y / all;
}

static void tic_2016(void) {
  const char *data = shared("microdata");
  if (!data) return;
  desk d = desk_make();
  ict_import_options options = {
      .mapping = ICT_TEST_SOURCE "/datasets/mappings/tic-domicilios-2016.yaml",
      .data_dir = data,
      .threads = 2};
  char path[600];
  snprintf(path, sizeof path, "%s", folder_file(&d.dir, "tic.h5"));
  CU_ASSERT_EQUAL(ict_import(d.catalog, &options, NULL, &d.err), ICT_OK); /* check only */
  CU_ASSERT_EQUAL(folder_count(&d.dir), 0);
  options.output = path;
  CU_ASSERT_EQUAL_FATAL(ict_import(d.catalog, &options, NULL, &d.err), ICT_OK);
  ict_store *store = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_store_open(path, &store, &d.err), ICT_OK);
  CU_ASSERT_STRING_EQUAL(ict_store_survey(store), "TICDOM-2016");
  const ict_frame *hh = ict_store_frame_of(store, "household");
  const ict_frame *ind = ict_store_frame_of(store, "individual");
  CU_ASSERT_EQUAL(hh->n_rows, 23721);
  CU_ASSERT_EQUAL(ind->n_rows, 20722);
  CU_ASSERT_EQUAL(hh->design.n_strata, 104);
  CU_ASSERT_EQUAL(ind->design.n_strata, 104);
  CU_ASSERT_EQUAL(hh->design.n_psu, 1003);
  /* reproduced from the published report: 53.91 % and 60.87 % */
  CU_ASSERT_DOUBLE_EQUAL(weighted_yes(hh, "household_internet"), 53.91, 0.005);
  CU_ASSERT_DOUBLE_EQUAL(weighted_yes(ind, "internet_use_3m"), 60.87, 0.005);
  CU_ASSERT_TRUE(ict_schema_find(ind->schema, "urbanisation") >= 0);
  CU_ASSERT_STRING_EQUAL(ict_store_scope(store, "individual"), "age >= 10");
  ict_store_close(store);
  CU_ASSERT_EQUAL(ict_store_verify(path, NULL, &d.err), ICT_OK);
  desk_remove(&d);
}

/* Three files, labels with leading blanks, multiple-response slots, no weights. */
static void pslm_2014(void) {
  const char *data = shared("microdata");
  if (!data) return;
  desk d = desk_make();
  ict_mapping *mapping = NULL;
  ict_intake *intake = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_mapping_load(ICT_TEST_SOURCE "/datasets/mappings/pslm-2014.yaml",
                                         d.catalog, &mapping, NULL, &d.err),
                        ICT_OK);
  ict_intake_options options = {.data_dir = data};
  CU_ASSERT_EQUAL_FATAL(ict_intake_run(mapping, &options, &intake, NULL, &d.err), ICT_OK);
  CU_ASSERT_EQUAL(intake->frames[0].frame->n_rows, 24238);
  CU_ASSERT_EQUAL(intake->frames[1].frame->n_rows, 115910);
  CU_ASSERT_EQUAL(intake->provenance.inputs[1].rows, 157775);
  ict_intake_free(intake);
  ict_mapping_free(mapping);
  desk_remove(&d);
}

SUITE("intake.tic", TEST(tic_2016), TEST(pslm_2014))
