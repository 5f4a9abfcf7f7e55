/* test_catalog_indicator.c - indicator files, finding them, their order. */
#include "test_catalog_help.h"

static void the_global_indicators_are_there(void) {
  ict_catalog *catalog = shipped();
  const ict_indicator *net = ict_catalog_find_indicator(catalog, "17.8.1");
  CU_ASSERT_PTR_NOT_NULL_FATAL(net);
  CU_ASSERT_EQUAL(net->measure, ICT_PROPORTION);
  CU_ASSERT_EQUAL(net->scale, 100); /* unit PT */
  CU_ASSERT_EQUAL(net->n_items, 1);
  CU_ASSERT_STRING_EQUAL(net->items[0].id, "");
  CU_ASSERT_STRING_EQUAL(net->items[0].composite, "_T");
  CU_ASSERT_EQUAL_FATAL(net->items[0].n_needs, 1);
  CU_ASSERT_STRING_EQUAL(net->items[0].needs[0].conditions[0].value, "3");
  char *text = ict_expr_text(net->items[0].numerator);
  CU_ASSERT_STRING_EQUAL(text, "internet_use_3m = \"Y\"");
  ict_free(text);
  /* The series of SDMX, and as the older interface of the UN writes it. */
  CU_ASSERT_PTR_EQUAL(ict_catalog_find_indicator(catalog, "IT_USE_II99"), net);
  CU_ASSERT_PTR_EQUAL(ict_catalog_find_indicator(catalog, "IT_USE_ii99"), net);
  /* 4.4.1: eleven activities from 2020, nine until 2019 (UNSD metadata of 2023-03-31). */
  const ict_indicator *skills = ict_catalog_find_indicator(catalog, "4.4.1");
  size_t old = 0, current = 0;
  for (size_t i = 0; i < skills->n_items; i++) {
    old += skills->items[i].valid_until == 2019;
    current += skills->items[i].valid_from == 2020;
  }
  CU_ASSERT_EQUAL(old, 9);
  CU_ASSERT_EQUAL(current, 11);
  CU_ASSERT_EQUAL(skills->n_items, 20);
  CU_ASSERT_FALSE(skills->aggregate);
  CU_ASSERT_PTR_NULL(ict_catalog_find_indicator(catalog, ""));
  CU_ASSERT_PTR_NULL(ict_catalog_find_indicator(catalog, "1.1.1"));
  ict_err err = {0};
  CU_ASSERT_EQUAL(ict_catalog_no_indicator(catalog, "17.8.2", &err), ICT_USAGE);
  CU_ASSERT_STRING_EQUAL(err.fix, "write '17.8.1'");
  ict_catalog_free(catalog);
}

static void they_stand_in_catalogue_order(void) {
  /* Frameworks in their order, ids in natural order within; a sample of the whole. */
  static const char *const order[] = {"4.4.1",    "4.5.1",  "4.a.1",   "5.b.1",        "9.c.1-2G",
                                      "9.c.1-5G", "17.6.1", "17.8.1",  "4.4.1-levels", "A1",
                                      "B2",       "B10",    "HH1",     "HH2",          "HH10",
                                      "T1.4-1",   "T4.4-1", "T17.8-2", "WSIS1",        "WSIS11"};
  ict_catalog *catalog = shipped();
  size_t found = 0;
  for (size_t i = 0; i < ict_catalog_indicators(catalog); i++)
    if (found < sizeof order / sizeof *order &&
        strcmp(ict_catalog_indicator_id(catalog, i), order[found]) == 0)
      found++;
  CU_ASSERT_EQUAL(found, sizeof order / sizeof *order);
  CU_ASSERT_PTR_NULL(ict_catalog_indicator_id(catalog, 10000));
  ict_catalog_free(catalog);
}

#define I(rest) \
  "ictstat: indicator/1\nid: X1\ntitle: T\nframework: own\nunit: person\nsource: me\n" rest

static void what_the_user_adds_is_found(void) {
  ict_catalog *catalog = NULL;
  CU_ASSERT_EQUAL_FATAL(open_with(I("measure: ratio\n"
                                    "universe: region in {\"N\", \"S\"}\n"
                                    "numerator: household_size\n"
                                    "denominator: 1 + 1\n"
                                    "needs: {internet_use_3m: {period_months: 3.0}}\n"
                                    "sdmx: {unit_measure: NUMBER, unit_mult: 3}\n"),
                                  &catalog, NULL, NULL),
                        ICT_OK);
  const ict_indicator *made = ict_catalog_find_indicator(catalog, "X1");
  CU_ASSERT_PTR_NOT_NULL_FATAL(made);
  CU_ASSERT_EQUAL(made->scale, 1);
  CU_ASSERT_EQUAL(made->unit_mult, 3);
  CU_ASSERT_STRING_EQUAL(made->items[0].needs[0].conditions[0].value, "3");
  size_t last = ict_catalog_indicators(catalog) - 1; /* frameworks of others come last */
  CU_ASSERT_STRING_EQUAL(ict_catalog_indicator_framework(catalog, last), "own");
  ict_catalog_free(catalog);
}

static void entries_of_lists_point_to_their_answers(void) {
  ict_catalog *catalog = shipped();
  size_t candidates = 0, global = 0;
  for (size_t i = 0; i < ict_catalog_indicators(catalog); i++) {
    const ict_indicator *one = ict_catalog_indicator_at(catalog, i);
    CU_ASSERT_TRUE(one->n_items > 0 || one->n_answers > 0 || one->not_computable);
    if (strcmp(one->framework, "thematic") != 0) continue;
    candidates++;
    global += strcmp(one->grade, "G") == 0;
    CU_ASSERT_TRUE(ict_indicator_goal(one) >= 1 && ict_indicator_goal(one) <= 17);
    CU_ASSERT_STRING_EQUAL(one->support, "candidate");
  }
  CU_ASSERT_EQUAL(candidates, 37); /* rows of thematic_list_candidates.csv, and its grade G */
  CU_ASSERT_EQUAL(global, 7);
  const ict_indicator *same = ict_catalog_find_indicator(catalog, "T17.8-1");
  CU_ASSERT_PTR_NOT_NULL_FATAL(same);
  CU_ASSERT_EQUAL_FATAL(same->n_answers, 1);
  CU_ASSERT_STRING_EQUAL(same->answers[0]->id, "17.8.1");
  CU_ASSERT_EQUAL(same->n_items, 0);
  CU_ASSERT_EQUAL(ict_indicator_goal(same), 17);
  const ict_indicator *never = ict_catalog_find_indicator(catalog, "EG7");
  CU_ASSERT_PTR_NOT_NULL_FATAL(never->not_computable);
  CU_ASSERT_EQUAL(ict_indicator_goal(never), 0);
  /* Series of their own make parts of 9.c.1 known by them. */
  const ict_indicator *lte = ict_catalog_find_indicator(catalog, "IT_MOB_4GNTWK");
  CU_ASSERT_STRING_EQUAL(lte ? lte->id : "", "9.c.1-4G");
  ict_catalog_free(catalog);
}

static void names_of_let_are_put_in(void) {
  ict_catalog *catalog = NULL;
  CU_ASSERT_EQUAL_FATAL(open_with(I("measure: proportion\n"
                                    "let:\n"
                                    "  limit: 3\n"
                                    "  twice: 2 * limit\n"
                                    "numerator: age > twice and not (region = \"limit\")\n"),
                                  &catalog, NULL, NULL),
                        ICT_OK);
  const ict_indicator *made = ict_catalog_find_indicator(catalog, "X1");
  char *text = ict_expr_text(made->items[0].numerator);
  CU_ASSERT_STRING_EQUAL(text, "age > 2 * 3 and not (region = \"limit\")");
  ict_free(text);
  CU_ASSERT_STRING_EQUAL(made->items[0].numerator_text, "age > twice and not (region = \"limit\")");
  CU_ASSERT_EQUAL_FATAL(made->n_lets, 2);
  CU_ASSERT_STRING_EQUAL(made->lets[1].written, "2 * limit");
  ict_catalog_free(catalog);
}

#define P(rest)    I("measure: proportion\n" rest)
#define BARE(rest) "ictstat: indicator/1\nid: X1\ntitle: T\nframework: own\nsource: me\n" rest

static const broken wrong[] = {
    {"ictstat: indicator/1\nid: a/b\ntitle: T\nframework: own\nunit: u\nsource: me\n"
     "measure: total\nnumerator: age\n",
     2, 5, "cannot be an id"},
    {"ictstat: indicator/1\nid: 17.8.1\ntitle: T\nframework: own\nunit: u\nsource: me\n"
     "measure: total\nnumerator: age\n",
     2, 5, "'17.8.1' is already in|17.8.1.yaml"},
    {I("measure: portion\nnumerator: age\n"), 7, 10, "'measure' is 'portion'"},
    {I("measure: share\nnumerator: age\n"), 1, 1, "'across' is missing for this share"},
    {I("measure: share\nacross: sexes\nnumerator: age\n"), 8, 9, "no concept 'sexes'"},
    {I("measure: share\nacross: age:decades\nnumerator: age\n"), 8, 9,
     "'age' has no classification 'decades'"},
    {I("measure: mean\nacross: sex\nnumerator: age\n"), 8, 9, "a mean is not across an axis"},
    {I("measure: quantile\nnumerator: age\n"), 1, 1, "'probability' is missing for this quantile"},
    {I("measure: quantile\nprobability: 1.5\nnumerator: age\n"), 8, 14, "'1.5' is no probability"},
    {I("measure: quantile\nprobability: [0.5, 0.50]\nnumerator: age\n"), 8, 20,
     "the probability 0.50 comes twice"},
    {I("measure: quantile\nprobability: []\nnumerator: age\n"), 8, 14, "0 probabilities"},
    {I("measure: quantile\nprobability: [0.1, 0.9]\nnumerator: age\n"
       "items: [{id: a, label: A}]\n"),
     10, 9, "a list of probabilities makes items of its own"},
    {I("measure: median\nprobability: 0.5\nnumerator: age\n"), 8, 14,
     "a median is the quantile at 0.5"},
    {I("measure: mean\nprobability: 0.5\nnumerator: age\n"), 8, 14, "a mean has no probability"},
    {I("measure: median\nnumerator: sex = \"F\"\n"), 8, 12, "number"},
    {P(""), 1, 1, "'numerator' is missing for this proportion"},
    {P("numerater: age\n"), 8, 1, "unknown key|write 'numerator'"},
    {P("numerator: age\n"), 8, 12, "condition"},
    {P("numerator: agee > 3\n"), 8, 12, "agee|age"},
    {P("numerator: age >\n"), 8, 17, ""},
    {P("numerator: internet_use_3m = \"y\"\n"), 8, 30, "y|Y"},
    {P("numerator: \"agee > 3\"\n"), 8, 13, "agee"},
    {I("measure: total\nnumerator: sex = \"F\"\n"), 8, 12, "number"},
    {I("measure: mean\nnumerator: age\ndenominator: age\n"), 9, 14, "a mean has no denominator"},
    {I("measure: ratio\nnumerator: age\n"), 1, 1, "'denominator' is missing for this ratio"},
    {P("numerator: age > 3\nuniverse: age\n"), 9, 11, "condition"},
    {P("numerator: age > 3\nneeds: {internet_use_3: {period_months: 3}}\n"), 9, 9,
     "write 'internet_use_3m'"},
    {BARE("answered_by: [17.8.1, 17.8.2]\n"), 1, 1, "'17.8.2', which is not there"},
    {BARE("answered_by: WSIS1\n"), 1, 1, "no definition of its own"},
    {BARE("answered_by: []\n"), 6, 14, "empty list"},
    {BARE("answered_by: HH1\nnot_computable: why\n"), 7, 17, "keep one of the two"},
    {BARE("not_computable: why\nnumerator: age\n"), 7, 1, "unknown key 'numerator'"},
    {BARE("not_computable: why\ntarget: 18.1\n"), 7, 9, "'18.1' is no target"},
    {BARE("not_computable: why\ntarget: 4.a/\n"), 7, 9, "'4.a/' is no target"},
    {BARE("not_computable: why\ngrade: A\n"), 7, 8, "'grade' is 'A'"},
    {BARE("measure: total\n"), 1, 1, "'unit' is missing"},
    {P("let: {age: 3}\nnumerator: age > 3\n"), 8, 7, "'age' cannot be the name of a part"},
    {P("let: [age]\nnumerator: age > 3\n"), 8, 6, "map"},
    {P("let: {a: b, b: 3}\nnumerator: age > a\n"), 9, 0, "no variable 'b'"},
    {P("numerator: age > 3\nneeds: {age: {period_months: 3}}\n"), 9, 15,
     "'age' has no condition 'period_months'"},
    {P("numerator: age > 3\nneeds: {internet_use_3m: {period: 3}}\n"), 9, 27,
     "no condition 'period'"},
    {P("numerator: age > 3\nbreakdowns: [sex, agee]\n"), 9, 19, "write 'age'"},
    {P("numerator: age > 3\nsdmx: {unit_mult: 99}\n"), 9, 19, "out of range"},
    {P("items: []\n"), 8, 8, "0 items"},
    {P("items: [{id: a, label: A}]\n"), 8, 9, "'numerator' is missing"},
    {P("numerator: age > 3\nitems: [{id: a, label: A}, {id: a, label: A}]\n"), 9, 28,
     "'a' comes twice"},
    {P("numerator: age > 3\nitems: [{id: a, label: A, valid: {from: 2020, until: 2019}}]\n"), 9, 34,
     "ends before it begins"},
    {P("numerator: age > 3\nneeds: {skill_verify: {device: any}}\n"
       "items: [{id: a, label: A, needs: {skill_verify: {device: computer}}}]\n"),
     10, 35, "device: any, the item for device: computer"},
    {P("numerator: age > 3\nsource: again\n"), 9, 1, "given twice"},
};

static void wrong_files_say_where(void) { check_refused(wrong, sizeof wrong / sizeof *wrong); }

SUITE("catalog.indicator", TEST(the_global_indicators_are_there),
      TEST(they_stand_in_catalogue_order), TEST(what_the_user_adds_is_found),
      TEST(entries_of_lists_point_to_their_answers), TEST(names_of_let_are_put_in),
      TEST(wrong_files_say_where))
