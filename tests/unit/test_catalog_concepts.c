/* test_catalog_concepts.c - concepts, code lists, classifications; the shipped catalogue. */
#include "test_catalog_help.h"

static void the_shipped_catalogue_is_clean(void) {
  ict_catalog *catalog = NULL;
  ict_findings *findings = ict_findings_new();
  CU_ASSERT_EQUAL_FATAL(
      ict_catalog_open(ICT_TEST_SOURCE "/indicators", NULL, 0, &catalog, findings, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_findings_count(findings), 0);
  const ict_concept *age = ict_catalog_find_concept(catalog, "age");
  CU_ASSERT_PTR_NOT_NULL_FATAL(age);
  CU_ASSERT_EQUAL(age->type, ICT_TYPE_INTEGER);
  CU_ASSERT_EQUAL(age->lowest, 0);
  CU_ASSERT_EQUAL(age->highest, 130);
  CU_ASSERT_STRING_EQUAL(age->default_bands, "itu");
  const ict_concept *net = ict_catalog_find_concept(catalog, "internet_use_3m");
  CU_ASSERT_EQUAL_FATAL(net->n_conditions, 1);
  CU_ASSERT_STRING_EQUAL(net->conditions[0].name, "period_months");
  CU_ASSERT_STRING_EQUAL(net->conditions[0].value, "3");
  CU_ASSERT_PTR_NULL(ict_catalog_find_concept(catalog, "region")->codes);
  /* Codes as published: IAEG-SDGs:CL_SEX 1.1, CL_AGE 1.1. */
  const ict_codelist *sex = ict_catalog_find_codelist(catalog, "CL_SEX");
  CU_ASSERT_EQUAL(ict_codelist_find(sex, "F"), 1);
  const ict_classification *bands = ict_catalog_find_classification(catalog, "age", "ten-year");
  CU_ASSERT_PTR_NOT_NULL_FATAL(bands);
  CU_ASSERT_STRING_EQUAL(bands->classes[3].id, "Y15T24");
  CU_ASSERT_EQUAL(bands->classes[3].from, 15);
  CU_ASSERT_EQUAL(bands->classes[3].to, 24);
  CU_ASSERT_EQUAL(bands->classes[bands->n - 1].to, INT64_MAX);
  CU_ASSERT_EQUAL(ict_codelist_find(bands->codes, "Y15T24"), 3);
  const ict_classification *levels =
      ict_catalog_find_classification(catalog, "education_lev", "levels");
  CU_ASSERT_PTR_NOT_NULL_FATAL(levels);
  CU_ASSERT_EQUAL(levels->n, 6);
  CU_ASSERT_PTR_NULL(ict_catalog_find_classification(catalog, "sex", "itu"));
  ict_catalog_free(catalog);
  ict_findings_free(findings);
}

#define C(body) "ictstat: concepts/1\nconcepts:\n" body
#define L(body) "ictstat: codelist/1\nid: CL_X\ntitle: X\nsource: me\ncodes:\n" body
#define K(body) \
  "ictstat: classification/1\nid: x\nconcept: age\ntitle: X\nsource: me\nclasses:\n" body

static const broken wrong[] = {
    {"a: 1\n", 1, 1, "does not say what it is"},
    {"ictstat: mapping/1\n", 1, 10, "a mapping is not part of a catalogue|concepts/1"},
    {"ictstat: indicatr/1\n", 1, 10, "no kind of file|write 'indicator'"},
    {"ictstat: concepts/9\n", 1, 10, "a version this program does not read"},
    {"ictstat: concepts/1\n", 1, 1, "'concepts' is missing"},
    {C("  sex: {title: Sex, type: code, codes: CL_SEX}\n"), 3, 3,
     "'sex' is already in|concepts.yaml"},
    {C("  x: {type: code, codes: CL_SEX}\n"), 3, 6, "'title' is missing"},
    {C("  x: {title: X, type: cod, codes: CL_SEX}\n"), 3, 23, "write 'code'"},
    {C("  x: {title: X, type: code}\n"), 3, 6, "'codes' is missing"},
    {C("  x: {title: X, type: code, codes: CL_SEXX}\n"), 3, 36, "write 'CL_SEX'"},
    {C("  x: {title: X, type: code, codes: {_T: a}}\n"), 3, 37, "'_T' is the total"},
    {C("  x: {title: X, type: code, codes: {refused: a}}\n"), 3, 37, "names a kind of missing"},
    {C("  x: {title: X, type: real, codes: CL_SEX}\n"), 3, 36, "'codes' for type real"},
    {C("  x: {title: X, type: integer, range: [9, 1]}\n"), 3, 39, "not a range"},
    {C("  x: {title: X, type: integer, range: [0, 99999999999]}\n"), 3, 39, "not a range"},
    {C("  x: {title: X, type: integer, classification: a}\n"), 3, 1, "no classification 'a'"},
    {C("  x: {title: X, type: real, conditions: {period_month: 3}}\n"), 3, 42,
     "write 'period_months'"},
    {C("  and: {title: X, type: real}\n"), 3, 3, "has a meaning already"},
    {C("  x-y: {title: X, type: real}\n"), 3, 3, "cannot be the name of a concept"},
    {C("  x: {title: X, type: real}\nconditions:\n  from: {ask: a, values: number}\n"), 5, 3,
     "cannot be the name of a condition"},
    {L("  - {id: A}\n  - {id: A}\n"), 6, 3, "has the code 'A' twice"},
    {L("  - {id: A, parent: B}\n"), 6, 5, "no parent 'B'"},
    {L("  - {label: A}\n"), 6, 5, "'id' is missing"},
    {"ictstat: codelist/1\nid: CL_SEX\ntitle: X\nsource: me\ncodes: [{id: A}]\n", 2, 5,
     "already a code list 'CL_SEX'"},
    {"ictstat: codelist/1\nid: CL_X\ntitle: X\ncodes: [{id: A}]\n", 1, 1, "'source' is missing"},
    {K("  - {id: A, from: 1, to: 5}\n  - {id: B, from: 5}\n"), 8, 5, "'A' and 'B' overlap"},
    {K("  - {id: A, from: 5, to: 1}\n"), 7, 5, "ends before it begins"},
    {K("  - {id: A, codes: [x]}\n"), 7, 20, "'codes' in a class of numbers"},
    {"ictstat: classification/1\nid: x\nconcept: agee\ntitle: X\nsource: me\nclasses: []\n", 3, 10,
     "write 'age'"},
    {"ictstat: classification/1\nid: itu\nconcept: age\ntitle: X\nsource: me\nclasses: []\n", 2, 5,
     "'itu' is already in|age-itu.yaml"},
    {"ictstat: classification/1\nid: x\nconcept: sex\ntitle: X\nsource: me\n"
     "classes: [{id: A, codes: [M, G]}]\n",
     6, 30, "CL_SEX has no code 'G'"},
};

static void wrong_files_say_where(void) { check_refused(wrong, sizeof wrong / sizeof *wrong); }

static void a_missing_folder_is_refused(void) {
  ict_catalog *catalog = NULL;
  ict_err err = {0};
  CU_ASSERT_EQUAL(ict_catalog_open("/nowhere/indicators", NULL, 0, &catalog, NULL, &err),
                  ICT_REFUSED);
  CU_ASSERT_STRING_EQUAL(err.file, "/nowhere/indicators");
  CU_ASSERT_PTR_NULL(catalog);
}

static void every_failed_allocation_is_reported(void) {
  folder f = folder_make();
  static const char lists[] = L("  - {id: A}\n"),
                    concepts[] = C(
                        "  x: {title: X, type: code, codes: CL_X}\n"
                        "  age: {title: A, type: integer, classification: x, conditions: {m: 3}}\n"
                        "conditions: {m: {ask: how many, values: number}}\n"),
                    classes[] = K("  - {id: A, from: 1, to: 5}\n"),
                    rules[] =
                        "ictstat: quality/1\nid: q\ntitle: Q\nsource: me\nrules:\n"
                        "  - {name: n, when: n_unweighted < 25, obs_status: U, about: few}\n",
                    indicator[] =
                        "ictstat: indicator/1\nid: I\ntitle: T\nframework: own\nunit: person\n"
                        "measure: proportion\nsource: me\nneeds: {age: {m: 3}}\n"
                        "items: [{id: a, label: A, numerator: x = \"A\"}]\n";
  folder_write(&f, "l.yaml", lists, sizeof lists - 1);
  folder_write(&f, "c.yaml", concepts, sizeof concepts - 1);
  folder_write(&f, "k.yaml", classes, sizeof classes - 1);
  folder_write(&f, "q.yaml", rules, sizeof rules - 1);
  folder_write(&f, "i.yaml", indicator, sizeof indicator - 1);
  long n;
  for (n = 0; n < 5000; n++) {
    ict_catalog *catalog = NULL;
    ict_err err = {0};
    ict_mem_fail_after(n);
    ict_status st = ict_catalog_open(f.path, NULL, 0, &catalog, NULL, &err);
    ict_mem_fail_after(-1);
    if (st == ICT_OK) {
      ict_catalog_free(catalog);
      break;
    }
    CU_ASSERT_EQUAL(st, ICT_FAIL);
    CU_ASSERT_EQUAL(err.status, ICT_FAIL);
    CU_ASSERT_PTR_NULL(catalog);
  }
  CU_ASSERT_TRUE(n > 20 && n < 5000);
  folder_remove(&f);
}

SUITE("catalog.concepts", TEST(the_shipped_catalogue_is_clean), TEST(wrong_files_say_where),
      TEST(a_missing_folder_is_refused), TEST(every_failed_allocation_is_reported))
