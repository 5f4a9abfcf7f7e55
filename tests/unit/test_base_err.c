/* Error records: what is shown, what is cut, and what must never reach a terminal. */
#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "suite.h"

static void shows_every_part(void) {
  ict_err err;
  CU_ASSERT_EQUAL(ict_err_set(&err, ICT_REFUSED, "unknown key '%s'", "stratas"), ICT_REFUSED);
  ict_err_at(&err, "map.yaml", 14, 9);
  ict_err_expected(&err, "one of %s", "strata, psu, weight");
  ict_err_fix(&err, "write '%s'", "strata");
  ict_err_while(&err, "reading %s", "map.yaml");
  ict_err_while(&err, "importing xyz");
  const char *expected =
      "map.yaml:14:9: error: unknown key 'stratas'\n"
      "  expected: one of strata, psu, weight\n"
      "  fix: write 'strata'\n"
      "  while: importing xyz, reading map.yaml\n";
  char text[512];
  CU_ASSERT_EQUAL(ict_err_text(&err, text, sizeof text), strlen(expected));
  CU_ASSERT_STRING_EQUAL(text, expected);
}

static void shows_only_what_there_is(void) {
  ict_err err;
  char text[256];
  ict_err_set(&err, ICT_FAIL, "it broke");
  ict_err_text(&err, text, sizeof text);
  CU_ASSERT_STRING_EQUAL(text, "error: it broke\n");
  ict_err_at(&err, "a.csv", 7, 0);
  ict_err_text(&err, text, sizeof text);
  CU_ASSERT_STRING_EQUAL(text, "a.csv:7: error: it broke\n");
  ict_err_at(&err, "a.csv", 0, 3); /* a column of no line means nothing */
  ict_err_text(&err, text, sizeof text);
  CU_ASSERT_STRING_EQUAL(text, "a.csv: error: it broke\n");
}

static void counts_like_snprintf(void) {
  ict_err err;
  ict_err_set(&err, ICT_FAIL, "12345");
  char small[8];
  CU_ASSERT_EQUAL(ict_err_text(&err, small, sizeof small), strlen("error: 12345\n"));
  CU_ASSERT_STRING_EQUAL(small, "error: ");
  CU_ASSERT_EQUAL(ict_err_text(&err, NULL, 0), strlen("error: 12345\n"));
}

static void takes_no_record(void) {
  CU_ASSERT_EQUAL(ict_err_set(NULL, ICT_USAGE, "%d", 1), ICT_USAGE);
  CU_ASSERT_EQUAL(ict_err_memory(NULL), ICT_FAIL);
  CU_ASSERT_EQUAL(ict_err_system(NULL, "x", "cannot open"), ICT_FAIL);
  ict_err_at(NULL, "x", 1, 1);
  ict_err_expected(NULL, "x");
  ict_err_fix(NULL, "x");
  ict_err_while(NULL, "x");
}

static void starts_afresh(void) {
  ict_err err;
  ict_err_set(&err, ICT_FAIL, "old");
  ict_err_fix(&err, "old fix");
  ict_err_set(&err, ICT_REFUSED, "was: %s", err.what); /* an argument from the record itself */
  CU_ASSERT_STRING_EQUAL(err.what, "was: old");
  CU_ASSERT_STRING_EQUAL(err.fix, "");
}

static void disarms_what_a_terminal_would_obey(void) {
  ict_err err;
  ict_err_set(&err, ICT_FAIL, "a%sb", "\x1B[31m\r\n\x7F");
  CU_ASSERT_STRING_EQUAL(err.what, "a?[31m???b");
  /* U+202E right-to-left override, U+2066 isolate, U+0085 next line */
  ict_err_set(&err, ICT_FAIL, "%s", "x\xE2\x80\xAEy\xE2\x81\xA6z\xC2\x85.");
  CU_ASSERT_STRING_EQUAL(err.what, "x?y?z?.");
  ict_err_set(&err, ICT_FAIL, "%s", "bad \xFF\xC3 byte"); /* not UTF-8 */
  CU_ASSERT_STRING_EQUAL(err.what, "bad ?? byte");
  ict_err_set(&err, ICT_FAIL, "%s", "C\xC3\xB4te d\xE2\x80\x99Ivoire");
  CU_ASSERT_STRING_EQUAL(err.what, "C\xC3\xB4te d\xE2\x80\x99Ivoire");
  ict_err_at(&err, "evil\nname", 1, 1);
  CU_ASSERT_STRING_EQUAL(err.file, "evil?name");
}

/* Two-byte characters behind 0, 1 single bytes: the cut must fall between characters. */
static void cuts_at_a_character(void) {
  for (size_t shift = 0; shift < 2; shift++) {
    char text[3000] = "";
    for (size_t i = 0; i < shift; i++) strcat(text, "x");
    for (int i = 0; i < 1000; i++) strcat(text, "\xC3\xA9");
    ict_err err;
    ict_err_set(&err, ICT_FAIL, "%s", text);
    size_t len = strlen(err.what), bad;
    CU_ASSERT_TRUE(len < sizeof err.what);
    CU_ASSERT_TRUE(len >= sizeof err.what - 3);
    CU_ASSERT_TRUE(ict_text_ends(err.what, "\xC3\xA9..."));
    CU_ASSERT_TRUE(ict_utf8_valid(err.what, len, &bad));
  }
}

static void fills_a_field_to_the_brim(void) {
  char text[2000];
  ict_err err;
  for (size_t len = 1020; len < 1028; len++) {
    memset(text, 'x', len);
    text[len] = '\0';
    ict_err_set(&err, ICT_FAIL, "%s", text);
    CU_ASSERT_EQUAL(strlen(err.what), len < 1023 ? len : 1023);
    CU_ASSERT_EQUAL(ict_text_ends(err.what, "x..."), len > 1023);
  }
}

static void names_the_reason_of_the_system(void) {
  ict_err err;
  errno = ENOENT;
  CU_ASSERT_EQUAL(ict_err_system(&err, "gone.csv", "cannot open"), ICT_FAIL);
  CU_ASSERT_EQUAL(errno, ENOENT);
  char text[256];
  ict_err_text(&err, text, sizeof text);
  CU_ASSERT_STRING_EQUAL(text, "gone.csv: error: cannot open: No such file or directory\n");
  errno = ENOSPC;
  ict_err_system(&err, NULL, "cannot write");
  CU_ASSERT_STRING_NOT_EQUAL(err.fix, "");
}

SUITE("base.err", TEST(shows_every_part), TEST(shows_only_what_there_is),
      TEST(counts_like_snprintf), TEST(takes_no_record), TEST(starts_afresh),
      TEST(disarms_what_a_terminal_would_obey), TEST(cuts_at_a_character),
      TEST(fills_a_field_to_the_brim), TEST(names_the_reason_of_the_system))
