/* Of the catalogue's indicators those that are asked for, with what they stand on. */
#include <stdlib.h>

#include "test_catalog_help.h"

static ict_catalog *opened_for(const char *id) {
  ict_catalog *catalog = NULL;
  setenv("ICTSTAT_DATA", ICT_TEST_SOURCE, 1);
  CU_ASSERT_EQUAL_FATAL(ict_catalog_open_for(&id, 1, NULL, 0, &catalog, NULL, NULL), ICT_OK);
  return catalog;
}

static void one_is_read(void) {
  ict_catalog *catalog = opened_for("17.8.1");
  CU_ASSERT_EQUAL(ict_catalog_indicators(catalog), 1);
  CU_ASSERT_PTR_NOT_NULL(ict_catalog_find_indicator(catalog, "17.8.1"));
  CU_ASSERT_PTR_NOT_NULL(ict_catalog_find_profile(catalog, "dhs")); /* all else is there */
  CU_ASSERT_PTR_NOT_NULL(ict_catalog_find_classification(catalog, "age", "itu"));
  ict_catalog_free(catalog);
}

static void what_it_stands_on_is_read(void) {
  ict_catalog *catalog = opened_for("4.5.1");
  const ict_indicator *contrast = ict_catalog_find_indicator(catalog, "4.5.1");
  CU_ASSERT_EQUAL(ict_catalog_indicators(catalog), 2);
  CU_ASSERT_PTR_EQUAL(contrast->contrast_of, ict_catalog_find_indicator(catalog, "4.4.1"));
  ict_catalog_free(catalog);
  catalog = opened_for("9.c.1");
  const ict_indicator *list = ict_catalog_find_indicator(catalog, "9.c.1");
  CU_ASSERT_EQUAL(ict_catalog_indicators(catalog), 4);
  CU_ASSERT_EQUAL(list->n_answers, 3);
  CU_ASSERT_STRING_EQUAL(list->answers[2]->id, "9.c.1-4G");
  ict_catalog_free(catalog);
}

static void all_are_read_for_what_is_no_id(void) {
  ict_catalog *all = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_catalog_open(ICT_TEST_SOURCE "/indicators", NULL, 0, &all, NULL, NULL),
                        ICT_OK);
  static const char *const words[] = {"IT_USE_ii99", "17.8.2", ""};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    ict_catalog *catalog = opened_for(words[i]);
    CU_ASSERT_EQUAL_FATAL(ict_catalog_indicators(catalog), ict_catalog_indicators(all));
    for (size_t k = 0; k < ict_catalog_indicators(all); k++)
      CU_ASSERT_STRING_EQUAL(ict_catalog_indicator_id(catalog, k),
                             ict_catalog_indicator_id(all, k));
    ict_catalog_free(catalog);
  }
  ict_catalog_free(all);
}

#define OWN(id, more) \
  "ictstat: indicator/1\nid: " id "\ntitle: T\nframework: own\nunit: individual\nsource: S\n" more

/* The user's files are read whole, and are at fault where they take an id. */
static void files_of_the_user_are_read(void) {
  static const char text[] = OWN("own-1", "contrast: {of: 17.8.1, axis: sex, ratio: F/M}\n");
  folder f = folder_make();
  const char *own = folder_write(&f, "own.yaml", text, strlen(text)), *id = "own-1";
  ict_catalog *catalog = NULL;
  ict_err err = {0};
  setenv("ICTSTAT_DATA", ICT_TEST_SOURCE, 1);
  CU_ASSERT_EQUAL_FATAL(ict_catalog_open_for(&id, 1, &own, 1, &catalog, NULL, &err), ICT_OK);
  CU_ASSERT_EQUAL(ict_catalog_indicators(catalog), 2);
  CU_ASSERT_PTR_NOT_NULL(ict_catalog_find_indicator(catalog, id)->contrast_of);
  ict_catalog_free(catalog);
  static const char taken[] = OWN("17.8.1", "measure: count\nnumerator: age > 3\n");
  own = folder_write(&f, "own.yaml", taken, strlen(taken));
  id = "4.4.1";
  CU_ASSERT_EQUAL(ict_catalog_open_for(&id, 1, &own, 1, &catalog, NULL, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NULL(catalog);
  CU_ASSERT_STRING_EQUAL(err.file, own);
  CU_ASSERT_EQUAL(err.line, 2);
  folder_remove(&f);
}

static void survives_short_memory(void) {
  const char *id = "4.5.1";
  ict_status st = ICT_FAIL;
  setenv("ICTSTAT_DATA", ICT_TEST_SOURCE, 1);
  for (long n = 0; st != ICT_OK && n < 1000000; n += n < 400 ? 7 : n / 4) {
    ict_catalog *catalog = NULL;
    ict_mem_fail_after(n);
    st = ict_catalog_open_for(&id, 1, NULL, 0, &catalog, NULL, NULL);
    ict_mem_fail_after(-1);
    CU_ASSERT_TRUE(st == ICT_OK || (st == ICT_FAIL && !catalog));
    ict_catalog_free(catalog);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
}

SUITE("catalog.choose", TEST(one_is_read), TEST(what_it_stands_on_is_read),
      TEST(all_are_read_for_what_is_no_id), TEST(files_of_the_user_are_read),
      TEST(survives_short_memory))
