/* Parts of a computation and their merging: the table of one run, and every failed allocation. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "folder.h"
#include "ictstat/import.h"
#include "ictstat/part.h"
#include "suite.h"

typedef struct survey {
  folder folder;
  char store_path[512], part_path[2][512];
  ict_catalog *catalog;
  ict_store *store;
} survey;

static void survey_make(survey *s) {
  *s = (survey){.folder = folder_make()};
  snprintf(s->store_path, sizeof s->store_path, "%s/s.h5", s->folder.path);
  for (int i = 0; i < 2; i++)
    snprintf(s->part_path[i], sizeof s->part_path[i], "%s/part.%d", s->folder.path, i + 1);
  CU_ASSERT_EQUAL_FATAL(ict_catalog_open(NULL, NULL, 0, &s->catalog, NULL, NULL), ICT_OK);
  ict_import_options options = {.mapping = ICT_TEST_SOURCE "/datasets/demo/demo.yaml",
                                .output = s->store_path};
  CU_ASSERT_EQUAL_FATAL(ict_import(s->catalog, &options, NULL, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_store_open(s->store_path, &s->store, NULL), ICT_OK);
}

static void survey_remove(survey *s) {
  ict_store_close(s->store);
  ict_catalog_free(s->catalog);
  folder_remove(&s->folder);
}

static const char *const indicators[] = {"17.8.1"}, *const by[] = {"sex"},
                         *const contrasts[] = {"sex:F-M"};
/* By the abacus, and, with a contrast, by the cube. */
static const ict_request requests[] = {
    {.indicators = indicators, .n_indicators = 1, .by = by, .n_by = 1, .threads = 1},
    {.indicators = indicators,
     .n_indicators = 1,
     .by = by,
     .n_by = 1,
     .threads = 1,
     .contrasts = contrasts,
     .n_contrasts = 1}};

static ict_status part(const survey *s, const ict_request *request, unsigned k, unsigned n) {
  return ict_compute_part(s->store, s->catalog, request, k, n, "a note", s->part_path[k - 1], NULL,
                          NULL);
}

static ict_status merge(const survey *s, const ict_request *request, size_t n, ict_table **out) {
  const char *paths[] = {s->part_path[0], s->part_path[1]};
  ict_parts *parts = NULL;
  *out = NULL;
  ict_status st = ict_parts_open(paths, n, &parts, NULL);
  if (st == ICT_OK) {
    CU_ASSERT_STRING_EQUAL(ict_parts_note(parts), "a note");
    st = ict_parts_merge(parts, s->store, s->catalog, request, out, NULL, NULL);
  }
  ict_parts_close(parts);
  return st;
}

static char *written(survey *s, const ict_table *table) {
  CU_ASSERT_EQUAL(ict_table_write(table, "csv", folder_file(&s->folder, "t.csv"), NULL), ICT_OK);
  return folder_read(&s->folder, "t.csv", NULL);
}

static void two_parts_are_the_whole(void) {
  survey s;
  survey_make(&s);
  for (size_t r = 0; r < 2; r++) {
    ict_table *whole = NULL, *merged = NULL;
    CU_ASSERT_EQUAL(ict_compute(s.store, s.catalog, &requests[r], &whole, NULL, NULL), ICT_OK);
    for (unsigned k = 2; k >= 1; k--) CU_ASSERT_EQUAL(part(&s, &requests[r], k, 2), ICT_OK);
    CU_ASSERT_EQUAL_FATAL(merge(&s, &requests[r], 2, &merged), ICT_OK);
    char *text[2] = {written(&s, whole), written(&s, merged)};
    CU_ASSERT_STRING_EQUAL(text[0], text[1]);
    free(text[0]);
    free(text[1]);
    ict_table_free(merged);
    CU_ASSERT_EQUAL(merge(&s, &requests[1 - r], 2, &merged), ICT_REFUSED);
    CU_ASSERT_PTR_NULL(merged);
    ict_table_free(whole);
  }
  survey_remove(&s);
}

/* The note says nothing of the seed: the parts do. */
static void other_replicates_do_not_mix(void) {
  survey s;
  survey_make(&s);
  ict_request seed[] = {requests[0], requests[0]};
  for (int i = 0; i < 2; i++) {
    seed[i].replicates = "bootstrap:4";
    seed[i].seed = (unsigned)i;
  }
  ict_table *merged = NULL;
  for (unsigned k = 1; k <= 2; k++) CU_ASSERT_EQUAL(part(&s, &seed[k - 1], k, 2), ICT_OK);
  CU_ASSERT_EQUAL(merge(&s, &seed[0], 2, &merged), ICT_REFUSED);
  CU_ASSERT_EQUAL(part(&s, &seed[0], 2, 2), ICT_OK);
  CU_ASSERT_EQUAL(merge(&s, &seed[1], 2, &merged), ICT_REFUSED);
  CU_ASSERT_PTR_NULL(merged);
  CU_ASSERT_EQUAL(merge(&s, &seed[0], 2, &merged), ICT_OK);
  ict_table_free(merged);
  survey_remove(&s);
}

static void survives_short_memory(void) {
  survey s;
  survey_make(&s);
  for (size_t r = 0; r < 2; r++) {
    ict_status st = ICT_FAIL;
    for (long n = 0; st == ICT_FAIL; n++) {
      ict_mem_fail_after(n);
      st = part(&s, &requests[r], 1, 1);
      ict_mem_fail_after(-1);
    }
    CU_ASSERT_EQUAL(st, ICT_OK);
    st = ICT_FAIL;
    for (long n = 0; st == ICT_FAIL; n++) {
      ict_table *table;
      ict_mem_fail_after(n);
      st = merge(&s, &requests[r], 1, &table);
      ict_mem_fail_after(-1);
      ict_table_free(table);
    }
    CU_ASSERT_EQUAL(st, ICT_OK);
  }
  survey_remove(&s);
}

SUITE("run.part", TEST(two_parts_are_the_whole), TEST(other_replicates_do_not_mix),
      TEST(survives_short_memory))
