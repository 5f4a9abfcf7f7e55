/* test_catalog_quality.c - reliability profiles and their compiled rules. */
#include "test_catalog_help.h"

/* Which rules of the profile speak for a cell. */
static void flags_of(const ict_profile_rules *profile, double n, double cv, char *out) {
  double values[ICT_N_Q] = {[ICT_Q_N_UNWEIGHTED] = n, [ICT_Q_CV] = cv};
  const void *columns[ICT_N_Q];
  for (int i = 0; i < ICT_N_Q; i++) columns[i] = &values[i];
  ict_block block = {.schema = ict_quality_schema(), .n_rows = 1, .columns = columns};
  out[0] = '\0';
  for (size_t i = 0; i < profile->n; i++) {
    ict_scratch *scratch = ict_scratch_new(profile->rules[i].when);
    uint8_t truth = ICT_NULL;
    ict_program_run_boolean(profile->rules[i].when, &block, scratch, &truth);
    ict_scratch_free(scratch);
    if (truth == ICT_TRUE) strcat(strcat(out, profile->rules[i].name), ";");
  }
}

static void check_flags(const ict_catalog *catalog, const char *id, double n, double cv,
                        const char *expected) {
  char flags[200];
  const ict_profile_rules *profile = ict_catalog_find_profile(catalog, id);
  CU_ASSERT_PTR_NOT_NULL_FATAL(profile);
  flags_of(profile, n, cv, flags);
  CU_ASSERT_STRING_EQUAL(flags, expected);
}

/* Borders as published: DHS 25 and 50, Statistics Canada 16.6 and 33.3, Eurostat 20 and 50. */
static void rules_speak_at_their_borders(void) {
  ict_catalog *catalog = shipped();
  check_flags(catalog, "dhs", 24, 1, "n_lt_25;");
  check_flags(catalog, "dhs", 25, 1, "n_25_49;");
  check_flags(catalog, "dhs", 49, 1, "n_25_49;");
  check_flags(catalog, "dhs", 50, 1, "");
  check_flags(catalog, "statcan", 10, 16.6, "");
  check_flags(catalog, "statcan", 10, 16.7, "cv_16_6_33_3;");
  check_flags(catalog, "statcan", 10, 33.3, "cv_16_6_33_3;");
  check_flags(catalog, "statcan", 9, 33.4, "cv_gt_33_3;n_lt_10;");
  check_flags(catalog, "eurostat", 19, 1, "n_lt_20;");
  check_flags(catalog, "eurostat", 20, 1, "n_20_49;");
  check_flags(catalog, "eurostat", 50, 1, "");
  check_flags(catalog, "none", 0, 99, "");
  CU_ASSERT_PTR_NULL(ict_catalog_find_profile(catalog, "mine"));
  ict_catalog_free(catalog);
}

#define Q(rules) "ictstat: quality/1\nid: q\ntitle: T\nsource: me\nrules:\n" rules

static const broken wrong[] = {
    {Q("  - {name: a, when: n < 3, obs_status: U, about: x}\n"), 6, 21, "n"},
    {Q("  - {name: a, when: cv + 1, obs_status: U, about: x}\n"), 6, 21, "condition"},
    {Q("  - {name: a, when: cv >, obs_status: U, about: x}\n"), 6, 25, ""},
    {Q("  - {name: a;b, when: cv > 3, obs_status: U, about: x}\n"), 6, 12, "cannot be the name"},
    {Q("  - {name: a, when: cv > 3, obs_status: X, about: x}\n"), 6, 41, "'obs_status' is 'X'"},
    {Q("  - {name: a, when: cv > 3, obs_status: U}\n"), 6, 5, "'about' is missing"},
    {Q("  - {name: a, when: cv > 3, obs_status: U, about: x}\n"
       "  - {name: a, when: cv > 4, obs_status: U, about: x}\n"),
     7, 5, "'a' comes twice"},
    {"ictstat: quality/1\nid: dhs\ntitle: T\nsource: me\nrules: []\n", 2, 5,
     "'dhs' is already in|dhs.yaml"},
    {"ictstat: quality/1\nid: q\ntitle: T\nsource: me\n", 1, 1, "'rules' is missing"},
};

static void wrong_files_say_where(void) { check_refused(wrong, sizeof wrong / sizeof *wrong); }

SUITE("catalog.quality", TEST(rules_speak_at_their_borders), TEST(wrong_files_say_where))
