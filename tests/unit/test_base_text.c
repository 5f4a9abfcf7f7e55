/* Growing strings, slices, comparing, nearest words. */
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "suite.h"

static void string_grows(void) {
  ict_str s;
  ict_str_init(&s);
  CU_ASSERT_STRING_EQUAL(s.text, "");
  ict_str_add(&s, "");
  for (int i = 0; i < 200; i++) ict_str_addf(&s, "%d,", i);
  ict_str_addn(&s, "endless", 3);
  CU_ASSERT_EQUAL(s.len, strlen(s.text));
  CU_ASSERT_EQUAL(s.len, 10 * 2 + 90 * 3 + 100 * 4 + 3);
  CU_ASSERT_TRUE(ict_text_ends(s.text, "198,199,end"));
  ict_str_clear(&s);
  CU_ASSERT_STRING_EQUAL(s.text, "");
  ict_str_add(&s, "again");
  char *text = ict_str_take(&s);
  CU_ASSERT_STRING_EQUAL(text, "again");
  CU_ASSERT_STRING_EQUAL(s.text, "");
  ict_free(text);
  text = ict_str_take(&s);
  CU_ASSERT_STRING_EQUAL(text, "");
  ict_free(text);
  ict_str_done(&s);
}

static void string_remembers_failure(void) {
  ict_str s;
  ict_str_init(&s);
  ict_str_add(&s, "kept");
  ict_mem_fail_after(0);
  for (int i = 0; i < 100; i++) ict_str_addf(&s, "%d", i);
  ict_mem_fail_after(-1);
  CU_ASSERT_TRUE(s.failed);
  ict_str_add(&s, "late");
  CU_ASSERT_STRING_EQUAL(s.text, "");
  CU_ASSERT_PTR_NULL(ict_str_take(&s));
  ict_str_done(&s);
}

static void string_is_safe(void) {
  ict_str s;
  ict_str_init(&s);
  ict_str_add_safe(&s, "a\x1B[31mb\xE2\x80\xAE\xC3\xA9\xFF");
  CU_ASSERT_STRING_EQUAL(s.text, "a?[31mb?\xC3\xA9?");
  ict_str_done(&s);
}

static void lists_have_words(void) {
  CU_ASSERT_TRUE(ict_text_lists("no_df;no_se", "no_df"));
  CU_ASSERT_TRUE(ict_text_lists("no_df;no_se", "no_se"));
  CU_ASSERT_TRUE(ict_text_lists("no_df;no_se;", "no_se"));
  CU_ASSERT_FALSE(ict_text_lists("no_df;no_se", "no"));
  CU_ASSERT_FALSE(ict_text_lists("no_df;no_se", "df"));
  CU_ASSERT_FALSE(ict_text_lists("no_df;no_se", "no_df;no_se"));
  CU_ASSERT_FALSE(ict_text_lists("", "no_df"));
  CU_ASSERT_FALSE(ict_text_lists("no_df", ""));
}

static void slices_trim(void) {
  const struct {
    const char *in, *out;
  } cases[] = {{"", ""},
               {"  ", ""},
               {" a b\t\r\n", "a b"},
               {"\xC2\xA0x\xC2\xA0 ", "x"},
               {"\xC2", "\xC2"},
               {"\xA0", "\xA0"},
               {"x", "x"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CU_ASSERT_TRUE(ict_slice_is(ict_slice_trim(ict_slice_of(cases[i].in)), cases[i].out));
  }
  CU_ASSERT_FALSE(ict_slice_is(ict_slice_of("ab"), "a"));
  CU_ASSERT_FALSE(ict_slice_is(ict_slice_of("a"), "ab"));
  CU_ASSERT_TRUE(ict_slice_is(ict_slice_of(NULL), ""));
}

static void prefixes_and_suffixes(void) {
  CU_ASSERT_TRUE(ict_text_starts("n_lt_25", "n_lt"));
  CU_ASSERT_FALSE(ict_text_starts("n", "n_lt"));
  CU_ASSERT_TRUE(ict_text_ends("a.csv", ".csv"));
  CU_ASSERT_FALSE(ict_text_ends("csv", ".csv"));
  CU_ASSERT_EQUAL(ict_text_casecmp("SeX", "sEx"), 0);
  CU_ASSERT_TRUE(ict_text_casecmp("a", "B") < 0);
  CU_ASSERT_TRUE(ict_text_casecmp("ab", "a") > 0);
  /* Only ASCII folds. */
  CU_ASSERT_TRUE(ict_text_casecmp("\xC3\x89", "\xC3\xA9") != 0);
}

/* In order; every pair must agree with its places, both ways: a total order. */
static void natural_order_is_total(void) {
  const char *const sorted[] = {"",
                                "-1",
                                "0",
                                "00",
                                "1",
                                "01",
                                "001",
                                "1a",
                                "2",
                                "10",
                                "010",
                                "10.2",
                                "10.10",
                                "99999999999999999999998",
                                "99999999999999999999999",
                                "A",
                                "a",
                                "a1",
                                "a01",
                                "a1b",
                                "a01b",
                                "a2",
                                "a10",
                                "b",
                                "\xC3\xA9"};
  /* "01" after "1": equal by value, then by bytes ('0' < '1' puts "01" first). */
  size_t n = sizeof sorted / sizeof *sorted;
  for (size_t i = 0; i < n; i++) {
    CU_ASSERT_EQUAL(ict_text_natcmp(ict_slice_of(sorted[i]), ict_slice_of(sorted[i])), 0);
    for (size_t j = 0; j < n; j++) {
      int ij = ict_text_natcmp(ict_slice_of(sorted[i]), ict_slice_of(sorted[j]));
      int ji = ict_text_natcmp(ict_slice_of(sorted[j]), ict_slice_of(sorted[i]));
      CU_ASSERT_EQUAL((ij > 0) - (ij < 0), (ji < 0) - (ji > 0));
      if (i != j) CU_ASSERT_NOT_EQUAL(ij, 0);
      for (size_t k = 0; k < n; k++) {
        int jk = ict_text_natcmp(ict_slice_of(sorted[j]), ict_slice_of(sorted[k]));
        int ik = ict_text_natcmp(ict_slice_of(sorted[i]), ict_slice_of(sorted[k]));
        if (ij < 0 && jk < 0) CU_ASSERT_TRUE(ik < 0);
      }
    }
  }
  CU_ASSERT_TRUE(ict_text_natcmp(ict_slice_of("2"), ict_slice_of("10")) < 0);
  CU_ASSERT_TRUE(ict_text_natcmp(ict_slice_of("a2"), ict_slice_of("a10")) < 0);
  CU_ASSERT_TRUE(ict_text_natcmp(ict_slice_of("1.9"), ict_slice_of("1.10")) < 0);
  CU_ASSERT_TRUE(ict_text_natcmp(ict_slice_of("a01"), ict_slice_of("a2")) < 0);
  CU_ASSERT_TRUE(ict_text_natcmp(ict_slice_of("99999999999999999999998"),
                                 ict_slice_of("99999999999999999999999")) < 0);
}

static void finds_the_nearest(void) {
  const char *const names[] = {"strata", "psu", "weight", "fpc", "lonely_psu"};
  size_t n = sizeof names / sizeof *names;
  CU_ASSERT_STRING_EQUAL(ict_text_nearest("stratas", names, n), "strata");
  CU_ASSERT_STRING_EQUAL(ict_text_nearest("Weigth", names, n), "weight"); /* case, transposition */
  CU_ASSERT_STRING_EQUAL(ict_text_nearest("lonelypsu", names, n), "lonely_psu");
  CU_ASSERT_STRING_EQUAL(ict_text_nearest("pus", names, n), "psu");
  CU_ASSERT_PTR_NULL(ict_text_nearest("household", names, n));
  CU_ASSERT_PTR_NULL(ict_text_nearest("", names, n));
  CU_ASSERT_PTR_NULL(ict_text_nearest("x", names, n));
  CU_ASSERT_PTR_NULL(ict_text_nearest("strata", NULL, 0));
  const char *const both[] = {"abcx", "abcy"};
  CU_ASSERT_STRING_EQUAL(ict_text_nearest("abcz", both, 2), "abcx"); /* a tie: the first */
  char endless[300];
  memset(endless, 'a', sizeof endless - 1);
  endless[sizeof endless - 1] = '\0';
  const char *const longest[] = {endless};
  CU_ASSERT_PTR_NULL(ict_text_nearest("aaaa", longest, 1));
  CU_ASSERT_PTR_NULL(ict_text_nearest(endless, names, n));
}

SUITE("base.text", TEST(string_grows), TEST(string_remembers_failure), TEST(string_is_safe),
      TEST(lists_have_words), TEST(slices_trim), TEST(prefixes_and_suffixes),
      TEST(natural_order_is_total), TEST(finds_the_nearest))
