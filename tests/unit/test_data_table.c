/* The result table: order, labels, copies, refusals. */
#include <stdio.h>
#include <string.h>

#include "data/table.h"
#include "suite.h"

static const ict_code sexes[] = {
    {"_T", "Both sexes", NULL}, {"M", "Male", NULL}, {"F", "Female", NULL}};
static const ict_codelist sex_list = {.id = "CL_SEX", .n = 3, .codes = sexes};
static const ict_code ages[] = {{"Y9", "9", NULL}, {"Y15T24", "15 to 24", NULL}};
static const ict_codelist age_list = {.id = "CL_AGE", .n = 2, .codes = ages};

static ict_status add(ict_table *t, const char *indicator, const char *item, const char *area,
                      const char *period, const char *sex, const char *age, double estimate) {
  const char *axes[8] = {sex, age};
  ict_table_row row = {.indicator = indicator,
                       .item = item,
                       .ref_area = area,
                       .time_period = period,
                       .axes = axes,
                       .estimate = estimate};
  return ict_table_add(t, &row, NULL);
}

static ict_table *two_lists(void) {
  ict_table *t = ict_table_new();
  CU_ASSERT_PTR_NOT_NULL_FATAL(t);
  CU_ASSERT_EQUAL(ict_table_add_axis(t, "sex", &sex_list, NULL, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_table_add_axis(t, "age", &age_list, NULL, NULL), ICT_OK);
  return t;
}

static void has_four_axes(void) {
  ict_table *t = ict_table_new();
  CU_ASSERT_EQUAL(ict_table_axes(t), 4);
  CU_ASSERT_STRING_EQUAL(ict_table_axis_name(t, 0), "sex");
  CU_ASSERT_STRING_EQUAL(ict_table_axis_name(t, 3), "education_lev");
  CU_ASSERT_EQUAL(ict_table_rows(t), 0);
  CU_ASSERT_EQUAL(ict_table_sort(t, NULL), ICT_OK);
  ict_table_free(t);
  ict_table_free(NULL);
}

/* Rows go in backwards; estimate is the place where each must come out. */
static void sorts_by_key(void) {
  ict_table *t = two_lists();
  ict_table_add_indicator(t, "17.8.1", "Users", NULL);
  ict_table_add_indicator(t, "4.4.1", "Skills", NULL);
  ict_table_add_item(t, "4.4.1", "zip", "Zip", NULL);
  ict_table_add_item(t, "4.4.1", "any", "Any", NULL);
  add(t, "new", NULL, "ABC", "2020", NULL, NULL, 12);
  add(t, "4.4.1", "any", "ABC", "2020", "_T", "_T", 11);
  add(t, "4.4.1", "zip", "ABC", "2020", "M", "_T", 10);
  add(t, "4.4.1", "zip", "ABC", "2020", "_T", "_T", 9);
  add(t, "4.4.1", "", "ABC", "2020", "_T", "_T", 8);
  add(t, "17.8.1", "", "XYZ", "2019", "_T", "_T", 7);
  add(t, "17.8.1", "", "ABC", "2020", "_T", "_T", 6);
  add(t, "17.8.1", "", "ABC", "2019", "F", "Y9", 5);
  add(t, "17.8.1", "", "ABC", "2019", "F", NULL, 4);
  add(t, "17.8.1", "", "ABC", "2019", "M", "_T", 3);
  add(t, "17.8.1", "", "ABC", "2019", "_T", "Y15T24", 2);
  add(t, "17.8.1", "", "ABC", "2019", "_T", "Y9", 1);
  add(t, "17.8.1", "", "ABC", "2019", "_T", "_T", 0);
  CU_ASSERT_EQUAL(ict_table_sort(t, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_table_rows(t), 13);
  for (size_t i = 0; i < 13; i++) CU_ASSERT_EQUAL(ict_table_row_at(t, i)->estimate, (double)i);
  CU_ASSERT_EQUAL(ict_table_sort(t, NULL), ICT_OK); /* again: nothing moves */
  for (size_t i = 0; i < 13; i++) CU_ASSERT_EQUAL(ict_table_row_at(t, i)->estimate, (double)i);
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 12)->item, "");
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 12)->axes[3], "_T");
  ict_table_free(t);
}

static void areas_and_periods_in_natural_order(void) {
  ict_table *t = ict_table_new();
  add(t, "i", "", "R10", "1", NULL, NULL, 2);
  add(t, "i", "", "R2", "10", NULL, NULL, 1);
  add(t, "i", "", "R2", "9", NULL, NULL, 0);
  CU_ASSERT_EQUAL(ict_table_sort(t, NULL), ICT_OK);
  for (size_t i = 0; i < 3; i++) CU_ASSERT_EQUAL(ict_table_row_at(t, i)->estimate, (double)i);
  ict_table_free(t);
}

static void has_labels(void) {
  ict_table *t = two_lists();
  size_t wealth;
  CU_ASSERT_EQUAL(ict_table_add_axis(t, "wealth", NULL, &wealth, NULL), ICT_OK);
  CU_ASSERT_EQUAL(wealth, 4);
  CU_ASSERT_STRING_EQUAL(ict_table_code_label(t, 0, "F"), "Female");
  CU_ASSERT_STRING_EQUAL(ict_table_code_label(t, 0, "_T"), "Both sexes");
  CU_ASSERT_STRING_EQUAL(ict_table_code_label(t, 1, "_T"), "Total");
  CU_ASSERT_STRING_EQUAL(ict_table_code_label(t, 4, "Q1"), "Q1");
  ict_table_add_indicator(t, "4.4.1", "Skills", NULL);
  ict_table_add_item(t, "4.4.1", "zip", "Zip files", NULL);
  CU_ASSERT_STRING_EQUAL(ict_table_indicator_title(t, "4.4.1"), "Skills");
  CU_ASSERT_STRING_EQUAL(ict_table_indicator_title(t, "5.b.1"), "5.b.1");
  CU_ASSERT_STRING_EQUAL(ict_table_item_label(t, "4.4.1", "zip"), "Zip files");
  CU_ASSERT_STRING_EQUAL(ict_table_item_label(t, "4.4.1", "rar"), "rar");
  CU_ASSERT_STRING_EQUAL(ict_table_item_label(t, "5.b.1", "zip"), "zip");
  ict_table_free(t);
}

static void joins_lists_of_one_axis(void) {
  ict_table *t = two_lists();
  static const ict_code more[] = {{"Y15T24", "not this label", NULL},
                                  {"Y_GE25", "25 and over", NULL}};
  const ict_codelist list = {.id = "CL_AGE2", .n = 2, .codes = more};
  size_t at;
  CU_ASSERT_EQUAL(ict_table_add_axis(t, "age", &list, &at, NULL), ICT_OK);
  CU_ASSERT_EQUAL(at, 1);
  CU_ASSERT_STRING_EQUAL(ict_table_code_label(t, 1, "Y15T24"), "15 to 24");
  CU_ASSERT_STRING_EQUAL(ict_table_code_label(t, 1, "Y_GE25"), "25 and over");
  ict_table_free(t);
}

static void widens_rows(void) {
  ict_table *t = two_lists();
  add(t, "i", "", "A", "1", "F", NULL, 0);
  add(t, "i", "", "A", "1", "M", NULL, 0);
  CU_ASSERT_EQUAL(ict_table_add_axis(t, "wealth", NULL, NULL, NULL), ICT_OK);
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 0)->axes[0], "F");
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 1)->axes[0], "M");
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 1)->axes[4], "_T");
  ict_table_free(t);
}

static void refuses_a_key_twice(void) {
  ict_table *t = two_lists();
  ict_err err;
  add(t, "i", "zip", "ABC", "2020", "F", NULL, 0);
  add(t, "i", "zip", "ABC", "2020", "M", NULL, 0);
  add(t, "i", "zip", "ABC", "2020", "F", NULL, 1);
  CU_ASSERT_EQUAL(ict_table_sort(t, &err), ICT_REFUSED);
  CU_ASSERT_STRING_EQUAL(err.what,
                         "two rows for indicator i, item zip, area ABC, period 2020, sex F");
  CU_ASSERT_EQUAL(ict_table_rows(t), 3);
  ict_table_free(t);
}

static void copies_texts(void) {
  ict_table *t = ict_table_new();
  char area[] = "ABC", code[] = "F";
  add(t, "i", "", area, "2020", code, NULL, 0);
  area[0] = code[0] = 'X';
  const ict_table_row *row = ict_table_row_at(t, 0);
  CU_ASSERT_STRING_EQUAL(row->ref_area, "ABC");
  CU_ASSERT_STRING_EQUAL(row->axes[0], "F");
  CU_ASSERT_STRING_EQUAL(row->source, ""); /* NULL is shown as no text */
  ict_table_free(t);
}

/* Enough rows to cross every growth, added in a scattered order. */
static void holds_many(void) {
  ict_table *t = ict_table_new();
  enum { N = 20000 };
  for (unsigned i = 0; i < N; i++) {
    unsigned k = i * 7919u % N; /* 7919 is prime to N: every k once */
    char area[16], period[16];
    snprintf(area, sizeof area, "R%u", k / 100);
    snprintf(period, sizeof period, "%u", 1900 + k % 100);
    CU_ASSERT_EQUAL_FATAL(add(t, "i", "", area, period, NULL, NULL, k), ICT_OK);
  }
  CU_ASSERT_EQUAL(ict_table_sort(t, NULL), ICT_OK);
  int wrong = 0;
  for (size_t i = 0; i < N; i++) wrong += ict_table_row_at(t, i)->estimate != (double)i;
  CU_ASSERT_EQUAL(wrong, 0);
  ict_table_free(t);
}

static ict_status fill(ict_table *t, ict_err *err) {
  ict_status st;
  ICT_TRY(done, st, ict_table_add_axis(t, "sex", &sex_list, NULL, err));
  ICT_TRY(done, st, ict_table_add_indicator(t, "i", "title", err));
  ICT_TRY(done, st, ict_table_add_item(t, "i", "zip", "label", err));
  for (int i = 0; i < 20; i++) {
    char area[16];
    snprintf(area, sizeof area, "A%d", 20 - i);
    ict_table_row row = {.indicator = "i", .ref_area = area};
    ICT_TRY(done, st, ict_table_add(t, &row, err));
  }
  ICT_TRY(done, st, ict_table_add_axis(t, "wealth", NULL, NULL, err));
  st = ict_table_sort(t, err);
done:
  return st;
}

/* Rows made in place stand beside added ones, and may share their codes. */
static void extends_in_place(void) {
  ict_table *t = two_lists();
  ict_table_row *rows;
  add(t, "b", "", "ABC", "2020", "F", NULL, 4);
  CU_ASSERT_EQUAL(ict_table_add_item(t, "b", "x", NULL, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_table_place_of_indicator(t, "b"), 0);
  CU_ASSERT_EQUAL(ict_table_place_of_item(t, "b", "x"), 1);
  CU_ASSERT_EQUAL(ict_table_place_of_code(t, 0, "F"), 2);
  const char **codes = ict_table_cells(t, 2);
  for (size_t i = 0; i < 8; i++) codes[i] = ict_table_keep_code(t, i % 4, ICT_TOTAL);
  codes[4] = ict_table_keep_code(t, 0, "M");
  CU_ASSERT_EQUAL_FATAL(ict_table_extend(t, 4, &rows, NULL), ICT_OK);
  for (size_t i = 0; i < 4; i++)
    rows[i] = (ict_table_row){.indicator = ict_table_keep_text(t, "b"),
                              .item = ict_table_keep_text(t, i < 2 ? "" : "x"),
                              .ref_area = ict_table_keep_text(t, "ABC"),
                              .time_period = ict_table_keep_text(t, "2020"),
                              .axes = codes + i % 2 * 4,
                              .estimate = (double)i};
  CU_ASSERT_EQUAL(ict_table_sort(t, NULL), ICT_OK);
  static const double order[] = {0, 1, 4, 2, 3};
  for (size_t i = 0; i < 5; i++) CU_ASSERT_EQUAL(ict_table_row_at(t, i)->estimate, order[i]);
  CU_ASSERT_EQUAL(ict_table_add_axis(t, "wealth", NULL, NULL, NULL), ICT_OK);
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 1)->axes[0], "M");
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 1)->axes[4], "_T");
  ict_table_free(t);
}

static void survives_short_memory(void) {
  ict_status st = ICT_FAIL;
  long n = 0;
  for (; n < 500 && st != ICT_OK; n++) {
    ict_err err;
    ict_mem_fail_after(n);
    ict_table *t = ict_table_new();
    st = t ? fill(t, &err) : ICT_FAIL;
    ict_mem_fail_after(-1);
    if (t && st != ICT_OK) CU_ASSERT_STRING_EQUAL(err.what, "out of memory");
    ict_table_free(t);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  CU_ASSERT_TRUE(n > 20);
}

SUITE("data.table", TEST(has_four_axes), TEST(sorts_by_key),
      TEST(areas_and_periods_in_natural_order), TEST(has_labels), TEST(joins_lists_of_one_axis),
      TEST(widens_rows), TEST(refuses_a_key_twice), TEST(copies_texts), TEST(holds_many),
      TEST(extends_in_place), TEST(survives_short_memory))
