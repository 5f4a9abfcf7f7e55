/* test_catalog_mapping.c - mappings: a whole one, and every way of writing a wrong one.
 *
 * Places (line, column) are counted by hand in the snippets. */
#include "test_catalog_help.h"

static ict_status load(const ict_catalog *catalog, const char *text, ict_mapping **out,
                       ict_findings *findings, ict_err *err) {
  folder f = folder_make();
  ict_status st =
      ict_mapping_load(folder_write(&f, "m.yaml", text, strlen(text)), catalog, out, findings, err);
  folder_remove(&f);
  return st;
}

/* Lines 1 to 9; what is tested stands on line 10 and below, among the variables. */
#define HEAD                                                    \
  "ictstat: mapping/1\n"                                        \
  "survey: {id: S1, title: T, area: BRA, period: 2016}\n"       \
  "files:\n"                                                    \
  "  hh: {path: hh.csv, key: [h]}\n"                            \
  "  ind: {path: i.csv, link: {to: hh, by: [h]}}\n"             \
  "units:\n"                                                    \
  "  individual: {file: ind, scope: age >= 10, design: none,\n" \
  "    variables: {age: {from: A, missing: {999: refused}},\n"  \
  "    sex: {from: S, map: {1: M, 2: F}},\n"
#define TAIL    "}}\n"
#define V(line) HEAD line TAIL

/* The same for a unit's head: line 7 is free, the design among it. */
#define U(line)                                           \
  "ictstat: mapping/1\n"                                  \
  "survey: {id: S1, title: T, area: BRA, period: 2016}\n" \
  "files:\n"                                              \
  "  hh: {path: hh.csv, key: [h]}\n"                      \
  "  ind: {path: i.csv, link: {to: hh, by: [h]}}\n"       \
  "units:\n" line
#define D(design)                                          \
  U("  person: {file: ind, variables: {sex: {from: S}},\n" \
    "    design: " design "}\n")

/* Files on line 4. */
#define F(files)                                          \
  "ictstat: mapping/1\n"                                  \
  "survey: {id: S1, title: T, area: BRA, period: 2016}\n" \
  "files:\n" files "units: {u: {file: a, design: none, variables: {sex: {from: S}}}}\n"

/* Survey on line 2. */
#define S(survey)               \
  "ictstat: mapping/1\n" survey \
  "files: {a: {path: a.csv}}\n" \
  "units: {u: {file: a, design: none, variables: {sex: {from: S}}}}\n"

static const broken wrong[] = {
    {"survey: {}\n", 1, 1, "does not say what it is|mapping/1"},
    {"ictstat:mapping/1\n", 1, 1, "does not say what it is|blank after the colon"},
    {"ictstat: indicator/1\n", 1, 10, "the file is 'indicator/1'|mapping/1"},
    {"ictstat: mapping/2\n", 1, 10, "a version this program does not read"},
    {"ictstat: mapping/1\nsurvy: {}\n", 2, 1, "unknown key 'survy'|write 'survey'"},
    {"ictstat: mapping/1\n", 1, 1, "'files' is missing"},
    /* survey */
    {S("survey: {id: S 1, title: T, area: BRA, period: 2016}\n"), 2, 14, "'S 1' cannot be the id"},
    {S("survey: {id: S1, area: BRA, period: 2016}\n"), 2, 9, "'title' is missing"},
    {S("survey: {id: S1, title: T, period: 2016}\n"), 2, 9, "'area' is missing"},
    {S("survey: {id: S1, title: T, area: BRA, period: 16}\n"), 2, 47, "the period cannot be '16'"},
    {S("survey: {id: S1, title: T, area: B R, period: 2016}\n"), 2, 34, "the area cannot be 'B R'"},
    {S("survey: {id: S1, title: T, area: {map: {1: A}}, period: 2016}\n"), 2, 34,
     "'area' needs one variable"},
    {S("survey: {id: S1, title: T, area: {from: c, map: {1: refused}}, period: 2016}\n"), 2, 53,
     "cannot be missing"},
    {S("survey: {id: S1, title: , area: BRA, period: 2016}\n"), 2, 25, "'title' has no value"},
    /* files */
    {F("  a: {key: [x]}\n"), 4, 6, "'path' is missing"},
    {F("  a: {path: x, kye: [x]}\n"), 4, 16, "unknown key 'kye'|write 'key'"},
    {F("  a: {path: x, format: spss}\n"), 4, 24, "'format' is 'spss'|csv, sav"},
    {F("  a: {path: x, delimiter: ab}\n"), 4, 27, "'delimiter' is 'ab'"},
    {F("  a: {path: x, delimiter: \",\", decimal: \",\"}\n"), 4, 27, "are the same"},
    {F("  a: {path: x, format: sav, decimal: \",\"}\n"), 4, 38, "no meaning for a sav file"},
    {F("  a: {path: x, link: {to: b, by: [k]}}\n"), 4, 27, "no file 'b'"},
    {F("  a: {path: x, link: {to: b, by: [k]}}\n  b: {path: y}\n"), 4, 22, "has no key to link to"},
    {F("  a: {path: x, link: {to: b, by: [k]}}\n  b: {path: y, key: [k, l]}\n"), 4, 34,
     "'by' has 1 parts, the key of 'b' has 2"},
    {F("  a: {path: x, key: k, link: {to: b, by: k}}\n"
       "  b: {path: y, key: k, link: {to: a, by: k}}\n"),
     4, 30, "lead back"},
    {F("  a: {path: x, key: [{join: [a, b], strip: zero}]}\n"), 4, 44, "write 'zeros'"},
    {F("  a: {path: x, key: [[a, b]]}\n"), 4, 22, "a list within a key|join"},
    {F("  a-b: {path: x}\n"), 4, 3, "'a-b' cannot be the id of a file"},
    /* units and designs */
    {U("  person: {file: in, design: none, variables: {}}\n"), 7, 18, "no file 'in'|write 'ind'"},
    {U("  person: {design: none}\n"), 7, 3, "has no file"},
    {U("  person: {file: ind, variables: {}}\n"), 7, 3, "has no design|design: census"},
    {U("  person: {file: ind, design: none}\n"), 7, 3, "has no variables"},
    {D("{strata: none, weight: none}"), 8, 13, "'psu' is not given|write `psu: none` if"},
    {D("{psu: none, weight: none}"), 8, 13, "'strata' is not given"},
    {D("{strata: none, psu: none}"), 8, 13, "'weight' is not given|all rows count the same"},
    {D("{stratas: none, psu: none, weight: w}"), 8, 14, "unknown key 'stratas'|write 'strata'"},
    {D("{strata: [], psu: none, weight: w}"), 8, 22, "an empty list"},
    {D("{strata: s, psu: p, weight: {scale: 2}}"), 8, 41, "'from' is missing"},
    {D("{strata: s, psu: p, weight: {from: w, scale: 0}}"), 8, 58, "cannot be scaled by 0"},
    {D("{strata: s, psu: p, weight: w, lonely_psu: adjst}"), 8, 56, "write 'adjust'"},
    {D("{strata: s, psu: p, weight: w, fpc: {}}"), 8, 49, "'fpc' has neither"},
    {D("{strata: s, psu: p, weight: w, nested: yes}"), 8, 52, "'nested' is 'yes'|false, true"},
    {D("nothing"), 8, 13, "'design' is a text"},
    /* variables */
    {V("sx: {from: X}"), 10, 1, "no concept 'sx'|write 'sex'"},
    {V("zzzzzzzzz: {from: X}"), 10, 1, "no concept|concepts:"},
    {V("urbanisation: {form: X}"), 10, 16, "unknown key 'form'|write 'from'"},
    {V("urbanisation: {map: {1: U}}"), 10, 1, "nothing says where urbanisation comes from"},
    {V("urbanisation: {from: X, map: {1: u}}"), 10, 34, "no code 'u'|write 'U'"},
    {V("urbanisation: {from: X, map: {1: refusd}}"), 10, 34, "write 'refused'"},
    {V("urbanisation: {from: X, map: {1: unlinked}}"), 10, 34, "made by joins only"},
    {V("urbanisation: {from: X, map: {1:U}}"), 10, 31, "'1:U' has no right side|blank after"},
    {V("urbanisation: {from: X, map: {1: U, ' 1': R}}"), 10, 37, "named already on line 10"},
    {V("urbanisation: {from: X, map: {1: U}, missing: {1: refused}}"), 10, 48, "named already"},
    {V("urbanisation: {from: X, map: {1..5: U, 5..6: R}}"), 10, 40, "named already"},
    {V("urbanisation: {from: X, map: {3: U, 1..5: R}}"), 10, 37, "named already"},
    {V("urbanisation: {from: X, map: {5..1: U}}"), 10, 31, "'5..1' is not a range"},
    {V("urbanisation: {from: X, map: {\"\": U}}"), 10, 31, "empty text|write `blank`"},
    {V("urbanisation: {from: X, missing: {1: U}}"), 10, 38, "'U' is no kind of missing"},
    {V("urbanisation: {from: [X, Y], map: {1: U}}"), 10, 22, "2 variables|combine"},
    {V("urbanisation: {from: [X, Y], combine: any, map: {1: U}}"), 10, 39, "'any' needs"},
    {V("urbanisation: {from: X, combine: first}"), 10, 34, "'combine' with a single variable"},
    {V("urbanisation: {from: [X, Y], combine: sum}"), 10, 39, "'sum' needs numbers"},
    {V("urbanisation: {constant: X}"), 10, 26, "no code 'X'"},
    {V("urbanisation: {constant: U, from: X}"), 10, 35, "'from' beside 'constant'"},
    {V("urbanisation: {from: X, scale: 2}"), 10, 32, "'scale' is for numbers"},
    {V("urbanisation: {from: X, codes: {1: a}}"), 10, 32, "has a code list already"},
    {V("urbanisation: {from: X, count_as: {dont_now: U}}"), 10, 36, "write 'dont_know'"},
    {V("household_size: {constant: 0}"), 10, 28, "household_size cannot be 0"},
    {V("household_size: {from: X, map: {98: many}}"), 10, 37, "'many' is not a number"},
    {V("household_size: {from: X, count_as: {refused: 1}}"), 10, 37, "for coded concepts"},
    {V("region: {from: X}"), 10, 1, "open code list|codes: {code: label"},
    {V("region: {from: X, codes: {_T: all}}"), 10, 27, "'_T' is the total"},
    {V("internet_use_3m: {from: X}"), 10, 1,
     "needs period_months: say how many months|period_months: 3"},
    {V("internet_use_3m: {from: X, period_months: three}"), 10, 43, "period_months is 'three'"},
    {V("skill_verify: {from: X, period_months: 3, device: phone}"), 10, 51, "no value 'phone'"},
};

static void wrong_mappings_say_where(void) {
  ict_catalog *catalog = shipped();
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    ict_mapping *mapping = NULL;
    ict_err err = {0};
    ict_findings *findings = ict_findings_new();
    CU_ASSERT_EQUAL(load(catalog, wrong[i].text, &mapping, findings, &err), ICT_REFUSED);
    CU_ASSERT_PTR_NULL(mapping);
    CU_ASSERT_EQUAL(err.status, ICT_REFUSED);
    check_finding(findings, &wrong[i]);
    ict_findings_free(findings);
    ict_mapping_free(mapping);
  }
  ict_catalog_free(catalog);
}

static void scopes_are_typed(void) {
  ict_catalog *catalog = shipped();
  static const broken scopes[] = {
      {U("  person: {file: ind, scope: agee > 3, design: none, variables: {age: {from: A}}}\n"), 7,
       30, "agee"},
      {U("  person: {file: ind, scope: age + 3, design: none, variables: {age: {from: A}}}\n"), 7,
       30, "a number where a condition is needed"},
      {U("  person: {file: ind, scope: sex = \"X\", design: none, variables: {sex: {from: A}}}\n"),
       7, 36, "X"},
  };
  for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
    ict_mapping *mapping = NULL;
    ict_findings *findings = ict_findings_new();
    CU_ASSERT_EQUAL(load(catalog, scopes[i].text, &mapping, findings, NULL), ICT_REFUSED);
    check_finding(findings, &scopes[i]);
    ict_findings_free(findings);
  }
  ict_catalog_free(catalog);
}

static const char whole[] =
    "ictstat: mapping/1\n"
    "survey:\n"
    "  id: TIC-2016\n"
    "  title: TIC\n"
    "  area: {from: hh.country, map: {1: BRA, 2: NO}}\n"
    "  period: 2016\n"
    "files:\n"
    "  hh: {path: hh.csv, delimiter: tab, decimal: \",\", key: [{join: [u, v], strip: zeros}]}\n"
    "  ind:\n"
    "    path: ind.sav\n"
    "    key: [h, p]\n"
    "    link: {to: hh, by: [h], unmatched: missing}\n"
    "units:\n"
    "  household:\n"
    "    file: hh\n"
    "    design: {strata: [E, F], psu: U, weight: {from: P, scale: 1e-6, zero: keep},\n"
    "             fpc: {population: N}, lonely_psu: adjust}\n"
    "    variables:\n"
    "      urbanisation: {from: AREA, map: {1: U, 2: R}}\n"
    "      household_internet:\n"
    "        from: [a, b]\n"
    "        combine: any\n"
    "        map: {2: N, 1: Y, 97: dont_know, 98..99: refused, blank: not_asked, \"*\": missing}\n"
    "        count_as: {dont_know: N}\n"
    "  individual:\n"
    "    file: ind\n"
    "    scope: age >= 10 and urbanisation = \"U\" and stype = \"E\"\n"
    "    design: {strata: hh.E, psu: none, weight: \"none\"}\n"
    "    variables:\n"
    "      age: {from: idade, missing: {999: refused, .a: dont_know}}\n"
    "      internet_use_3m: {from: C3, period_months: 12, proxy: true, map: {yes: Y, no: N}}\n"
    "      region: {from: hh.reg, codes: {N: North, S: South}, map: {1: N, 2: S}}\n"
    "      stype: {constant: E}\n"
    "concepts:\n"
    "  stype: {title: School type, type: code, codes: {E: Elementary, H: High}}\n";

static void a_whole_mapping_is_read(void) {
  ict_catalog *catalog = shipped();
  ict_mapping *m = NULL;
  ict_findings *findings = ict_findings_new();
  CU_ASSERT_EQUAL_FATAL(load(catalog, whole, &m, findings, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_findings_count(findings), 0);
  CU_ASSERT_STRING_EQUAL(m->survey_id, "TIC-2016");
  CU_ASSERT_STRING_EQUAL(m->period.constant, "2016");
  CU_ASSERT_EQUAL(m->area.n_values, 2);
  CU_ASSERT_STRING_EQUAL(m->area.values[1].code, "NO");
  CU_ASSERT_EQUAL(m->area.from[0].file, 0);
  CU_ASSERT_EQUAL(m->files[0].delimiter, '\t');
  CU_ASSERT_EQUAL(m->files[0].decimal, ',');
  CU_ASSERT_EQUAL(m->files[0].n_key, 1);
  CU_ASSERT_EQUAL(m->files[0].key[0].n, 2);
  CU_ASSERT_TRUE(m->files[0].key[0].strip_zeros);
  CU_ASSERT_EQUAL(m->files[0].link, -1);
  CU_ASSERT_EQUAL(m->files[1].link, 0);
  CU_ASSERT_EQUAL(m->files[1].unmatched, ICT_UNMATCHED_MISSING);
  const ict_map_unit *hh = &m->units[0], *ind = &m->units[1];
  CU_ASSERT_EQUAL(hh->design.n_strata, 2);
  CU_ASSERT_EQUAL(hh->design.weight_scale, 1e-6);
  CU_ASSERT_EQUAL(hh->design.weight_zero, ICT_WEIGHT_KEEP);
  CU_ASSERT_EQUAL(hh->design.fpc_kind, ICT_FPC_POPULATION);
  CU_ASSERT_EQUAL(hh->design.lonely, ICT_LONELY_ADJUST);
  CU_ASSERT_TRUE(hh->design.nested);
  const ict_map_variable *net = &hh->vars[1];
  CU_ASSERT_EQUAL(net->combine, ICT_COMBINE_ANY);
  CU_ASSERT_EQUAL_FATAL(net->n_values, 6);
  CU_ASSERT_STRING_EQUAL(net->values[0].text, "2"); /* in the order of the file */
  CU_ASSERT_STRING_EQUAL(net->values[0].code, "N");
  CU_ASSERT_EQUAL(net->values[2].missing, ICT_DONT_KNOW);
  CU_ASSERT_EQUAL(net->values[3].from, ICT_FROM_RANGE);
  CU_ASSERT_EQUAL(net->values[3].hi, 99);
  CU_ASSERT_EQUAL(net->values[4].from, ICT_FROM_BLANK);
  CU_ASSERT_EQUAL(net->values[5].from, ICT_FROM_OTHER);
  CU_ASSERT_EQUAL(net->count_as[0].kind, ICT_DONT_KNOW);
  CU_ASSERT_PTR_NOT_NULL(ind->scope);
  CU_ASSERT_EQUAL(ind->design.strata[0].file, 0);
  CU_ASSERT_EQUAL(ind->design.n_psu, 0);
  CU_ASSERT_TRUE(ind->design.has_weight); /* in quotes it is a variable's name */
  CU_ASSERT_STRING_EQUAL(ind->vars[0].values[1].text, ".a");
  CU_ASSERT_PTR_NULL(ind->vars[0].codes);
  CU_ASSERT_TRUE(ind->vars[1].proxy);
  CU_ASSERT_STRING_EQUAL(ind->vars[1].conditions[0].value, "12");
  CU_ASSERT_STRING_EQUAL(ind->vars[1].values[1].text, "no");
  CU_ASSERT_EQUAL(ind->vars[2].codes->n, 2);
  CU_ASSERT_STRING_EQUAL(ind->vars[3].constant, "E");
  CU_ASSERT_EQUAL(ind->vars[3].at.line, 33);
  ict_mapping_free(m);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
}

static void the_shipped_mappings_are_right(void) {
  ict_catalog *catalog = shipped();
  DIR *dir = opendir(ICT_TEST_SOURCE "/datasets/mappings");
  CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
  for (struct dirent *entry; (entry = readdir(dir));) {
    if (!strstr(entry->d_name, ".yaml")) continue;
    char path[1024], text[4096];
    snprintf(path, sizeof path, "%s/%s", ICT_TEST_SOURCE "/datasets/mappings", entry->d_name);
    ict_mapping *m = NULL;
    ict_err err = {0};
    ict_status st = ict_mapping_load(path, catalog, &m, NULL, &err);
    CU_ASSERT_EQUAL(st, ICT_OK);
    if (st != ICT_OK) {
      ict_err_text(&err, text, sizeof text);
      printf("%s", text);
    }
    ict_mapping_free(m);
  }
  closedir(dir);
  ict_catalog_free(catalog);
}

static void all_problems_are_told_at_once(void) {
  ict_catalog *catalog = shipped();
  ict_mapping *m = NULL;
  ict_err err = {0};
  ict_findings *findings = ict_findings_new();
  CU_ASSERT_EQUAL(load(catalog, V("sx: {from: X}, urbanisation: {from: X, map: {1: u, 2: r}}"), &m,
                       findings, &err),
                  ICT_REFUSED);
  CU_ASSERT_EQUAL(ict_findings_count_of(findings, ICT_ERROR), 3);
  CU_ASSERT_EQUAL(err.line, 10); /* err has the first */
  CU_ASSERT_EQUAL(err.column, 1);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
}

static void doubtful_things_are_warnings(void) {
  ict_catalog *catalog = shipped();
  static const broken doubtful[] = {
      {V("internet_use_3m: {from: X, period_months: 12}"), 10, 43, "warning|proxy: true|flag D"},
      {V("urbanisation: {from: X, map: {1: U}, count_as: {refused: U}}"), 10, 49,
       "warning|no line of `map`"},
      {F("  a: {path: x}\n  b: {path: y}\n"), 5, 3, "warning|no unit uses the file 'b'"},
  };
  for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++) {
    ict_mapping *m = NULL;
    ict_findings *findings = ict_findings_new();
    CU_ASSERT_EQUAL(load(catalog, doubtful[i].text, &m, findings, NULL), ICT_OK);
    check_finding(findings, &doubtful[i]);
    CU_ASSERT_EQUAL(ict_findings_count_of(findings, ICT_ERROR), 0);
    ict_mapping_free(m);
    ict_findings_free(findings);
  }
  ict_catalog_free(catalog);
}

static void every_failed_allocation_is_reported(void) {
  ict_catalog *catalog = shipped();
  folder f = folder_make();
  folder_write(&f, "m.yaml", whole, sizeof whole - 1);
  long n;
  for (n = 0; n < 5000; n++) {
    ict_mapping *m = NULL;
    ict_err err = {0};
    ict_findings *findings = ict_findings_new();
    ict_mem_fail_after(n);
    ict_status st = ict_mapping_load(f.file, catalog, &m, findings, &err);
    ict_mem_fail_after(-1);
    ict_findings_free(findings);
    if (st == ICT_OK) {
      ict_mapping_free(m);
      break;
    }
    CU_ASSERT_EQUAL(st, ICT_FAIL);
    CU_ASSERT_EQUAL(err.status, ICT_FAIL);
    CU_ASSERT_PTR_NULL(m);
  }
  CU_ASSERT_TRUE(n > 20 && n < 5000);
  folder_remove(&f);
  ict_catalog_free(catalog);
}

SUITE("catalog.mapping", TEST(a_whole_mapping_is_read), TEST(wrong_mappings_say_where),
      TEST(scopes_are_typed), TEST(all_problems_are_told_at_once),
      TEST(the_shipped_mappings_are_right), TEST(doubtful_things_are_warnings),
      TEST(every_failed_allocation_is_reported))
