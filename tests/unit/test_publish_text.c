/* The table for people, in full: every column of the page is checked by eye. */
#include "base/text.h"
#include "publish_table.h"
#include "suite.h"

static void sections_by_breakdown(void) {
  ict_table *t = test_table();
  test_expect(t, "table",
              "17.8.1  Proportion of individuals using the Internet\n"
              "Per 100 inhabitants · BRA · 2016 · demo-2016\n"
              "\n"
              "                      Estimate     SE         95% CI     CV      n  Notes\n"
              "───────────────────────────────────────────────────────────────────────────\n"
              "Total                     53.9   1.25   51.4 –  56.4   2.3%  1,200\n"
              "Sex\n"
              "  Male                    55.5   1.50   52.5 –  58.5   2.7%  1,200\n"
              "  Female                  52.2   2.12   48.0 –  56.5   4.1%  1,200\n"
              "Age\n"
              "  15 to 24 years old     100.0   0.00  100.0 – 100.0   0.0%  1,200\n"
              "  25 to 74 years old       0.3   0.00    0.3 –   0.3   0.0%  1,200\n"
              "Sex × Urban/rural\n"
              "  Female, Rural           40.0  10.00   20.0 –  60.0  25.0%     24  n_lt_25\n"
              "\n"
              "n_lt_25  fewer than 25 unweighted cases\n");
  ict_table_free(t);
}

/* Items with and without breakdowns, long and wide labels, no values, no precision, a large
 * total, two areas, and labels that would hurt a terminal. */
static void items_areas_and_units(void) {
  ict_table *t = ict_table_new();
  ict_table_add_axis(t, "sex", &test_sex, NULL, NULL);
  ict_table_add_indicator(t, "4.4.1",
                          "Proportion of youth and adults with information and communications "
                          "technology (ICT) skills, by type of skill",
                          NULL);
  ict_table_add_item(t, "4.4.1", "copy",
                     "Using copy and paste tools to duplicate or move data, information and "
                     "content in digital environments",
                     NULL);
  ict_table_add_item(t, "4.4.1", "mail", "电子邮件 \x1B[2J", NULL);
  ict_table_add_flag(t, "cv_gt_30", "coefficient of variation above 30%", NULL);
  const char *total[4] = {NULL}, *male[4] = {"M"};
  ict_table_row row = test_row(total, 23.4, 1.1);
  row.indicator = "4.4.1";
  row.unit_measure = "PT";
  row.item = "copy";
  test_add(t, &row);
  row.axes = male;
  row.ci_low = -1.23;
  test_add(t, &row);
  row = test_row(total, NAN, NAN);
  row.indicator = "4.4.1";
  row.unit_measure = "PT";
  row.item = "mail";
  row.flags = "empty;cv_gt_30";
  test_add(t, &row);
  row = test_row(total, 1234567.8, NAN);
  row.ref_area = "COL";
  row.indicator = "HH1";
  row.unit_measure = "NUMBER";
  row.unit_mult = 3;
  row.ci_low = row.ci_high = NAN;
  row.source = "";
  test_add(t, &row);
  row.ref_area = "BRA";
  row.estimate = -0.2;
  test_add(t, &row);
  test_expect(
      t, "table",
      "4.4.1  Proportion of youth and adults with information and communications technology "
      "(ICT) skills,\n"
      "       by type of skill\n"
      "Percent · BRA · 2016 · demo-2016\n"
      "\n"
      "               Estimate    SE           CI    CV      n  Notes\n"
      "───────────────────────────────────────────────────────────────────────\n"
      "Using copy and paste tools to duplicate or move data, information and content in digital\n"
      "  environments\n"
      "  Total            23.4  1.10  21.2 – 25.6  4.7%  1,200\n"
      "  Sex\n"
      "    Male           23.4  1.10  -1.2 – 25.6  4.7%  1,200\n"
      "电子邮件 ?[2J        ..                           1,200  empty cv_gt_30\n"
      "\n"
      "\n"
      "HH1\n"
      "Number, thousands · BRA · 2016\n"
      "\n"
      "       Estimate      n\n"
      "──────────────────────\n"
      "Total         0  1,200\n"
      "\n"
      "\n"
      "HH1\n"
      "Number, thousands · COL · 2016\n"
      "\n"
      "        Estimate      n\n"
      "───────────────────────\n"
      "Total  1,234,568  1,200\n"
      "\n"
      "cv_gt_30  coefficient of variation above 30%\n"
      "..        not available\n");
  ict_table_free(t);
}

/* One row per item: the label is the row, wrapped, and its numbers stand on its last line. */
static void items_as_rows(void) {
  ict_table *t = ict_table_new();
  ict_table_add_item(t, "4.4.1", "copy",
                     "Using copy and paste tools to duplicate or move data, information and "
                     "content in digital environments",
                     NULL);
  ict_table_add_item(t, "4.4.1", "word", "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk",
                     NULL);
  const char *total[4] = {NULL};
  ict_table_row row = test_row(total, 23.4, 1.1);
  row.indicator = "4.4.1";
  row.item = "copy";
  test_add(t, &row);
  row.item = "word";
  row.flags = "rule_with_quite_a_long_name";
  test_add(t, &row);
  test_expect(t, "table",
              "4.4.1\n"
              "Per 100 inhabitants · BRA · 2016 · demo-2016\n"
              "\n"
              "                                  Estimate    SE           CI    CV      n  Notes\n"
              "──────────────────────────────────────────────────"
              "──────────────────────────────────────────────────\n"
              "Using copy and paste tools to\n"
              "  duplicate or move data,\n"
              "  information and content in\n"
              "  digital environments                23.4  1.10  21.2 – 25.6  4.7%  1,200\n"
              "Donaudampfschifffahrtselektrizit\n"
              "  aetenhauptbetriebswerk              23.4  1.10  21.2 – 25.6  4.7%  1,200  "
              "rule_with_quite_a_long_name\n");
  ict_table_free(t);
}

/* Every margin once, smaller ones first; every digit group. */
static void numbers_by_size(void) {
  const struct {
    const char *unit;
    double estimate, se;
    const char *shown;
  } cases[] = {{"PT", 99.95, 0.005, "  100.0  0.01"},    {"NUMBER", 999, 99.5, "999  100"},
               {"NUMBER", 999999.5, 1, "1,000,000   1"}, {"USD", 1234.5, 12.25, "1,234  12"},
               {"USD", 123.45, 1.005, "123.5  1.00"},    {"RO", 3.14159, 0.5, "3.14  0.500"},
               {"RO", -0.00004, 0.5, "0.0000  0.50000"}, {"PT", -0.04, 0.5, "0.0  0.50"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ict_table *t = ict_table_new();
    const char *total[4] = {NULL};
    ict_table_row row = test_row(total, cases[i].estimate, cases[i].se);
    row.unit_measure = cases[i].unit;
    test_add(t, &row);
    char *text = test_written(t, "table", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    const char *line = strstr(text, "Total ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(line);
    if (!strstr(line, cases[i].shown)) fprintf(stderr, "'%s' not in '%s'\n", cases[i].shown, line);
    CU_ASSERT_PTR_NOT_NULL(strstr(line, cases[i].shown));
    ict_free(text);
    ict_table_free(t);
  }
}

SUITE("publish.text", TEST(sections_by_breakdown), TEST(items_areas_and_units), TEST(items_as_rows),
      TEST(numbers_by_size))
