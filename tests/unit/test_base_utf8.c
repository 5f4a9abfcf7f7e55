/* UTF-8. The malformed sequences follow table 3-7 of the Unicode standard. */
#include <string.h>

#include "base/text.h"
#include "suite.h"

static void accepts_every_border(void) {
  const char *const good[] = {"\x7F",         "\xC2\x80",         "\xDF\xBF",
                              "\xE0\xA0\x80", "\xED\x9F\xBF",     "\xEE\x80\x80",
                              "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"};
  const uint32_t code[] = {0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    size_t bad = 99;
    CU_ASSERT_TRUE(ict_utf8_valid(good[i], strlen(good[i]), &bad));
    const char *p = good[i];
    CU_ASSERT_EQUAL(ict_utf8_next(&p), code[i]);
    CU_ASSERT_EQUAL(*p, '\0');
    CU_ASSERT_EQUAL(ict_utf8_next(&p), 0);
  }
  CU_ASSERT_TRUE(ict_utf8_valid("a\0b", 3, NULL)); /* a zero byte is a character */
  CU_ASSERT_TRUE(ict_utf8_valid("", 0, NULL));
}

static void refuses_every_border(void) {
  const char *const wrong[] = {"\x80",
                               "\xBF",
                               "\xC0\x80",
                               "\xC1\xBF",
                               "\xC2",
                               "\xC2\x41",
                               "\xE0\x9F\xBF",
                               "\xE0\xA0",
                               "\xED\xA0\x80",
                               "\xED\xBF\xBF",
                               "\xF0\x8F\xBF\xBF",
                               "\xF0\x90\x80",
                               "\xF4\x90\x80\x80",
                               "\xF5\x80\x80\x80",
                               "\xFF"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char text[16];
    snprintf(text, sizeof text, "ab%s", wrong[i]);
    size_t bad = 99;
    CU_ASSERT_FALSE(ict_utf8_valid(text, strlen(text), &bad));
    CU_ASSERT_EQUAL(bad, 2);
    const char *p = wrong[i];
    CU_ASSERT_EQUAL(ict_utf8_next(&p), 0xFFFD);
    CU_ASSERT_PTR_EQUAL(p, wrong[i] + 1); /* one bad byte at a time */
  }
}

/* Eight are looked at at once where they are ASCII. */
static void finds_a_bad_byte_anywhere(void) {
  char text[40];
  for (size_t len = 1; len < sizeof text; len++) {
    for (size_t at = 0; at < len; at++) {
      size_t bad = 99;
      memset(text, 'a', sizeof text);
      text[at] = '\x80';
      CU_ASSERT_FALSE(ict_utf8_valid(text, len, &bad));
      CU_ASSERT_EQUAL(bad, at);
      if (at + 1 == len) continue;
      memcpy(text + at, "\xC3\xA9", 2);
      CU_ASSERT_TRUE(ict_utf8_valid(text, len, NULL));
    }
  }
}

/* Widths as a terminal shows them (checked against wcwidth of glibc 2.36). */
static void measures_columns(void) {
  CU_ASSERT_EQUAL(ict_utf8_width(""), 0);
  CU_ASSERT_EQUAL(ict_utf8_width("abc"), 3);
  CU_ASSERT_EQUAL(ict_utf8_width("C\xC3\xB4te"), 4);
  CU_ASSERT_EQUAL(ict_utf8_width("Co\xCC\x82te"), 4);             /* combining */
  CU_ASSERT_EQUAL(ict_utf8_width("\xE4\xB8\xAD\xE5\x9B\xBD"), 4); /* two ideographs */
  CU_ASSERT_EQUAL(ict_utf8_width("\xED\x95\x9C"), 2);             /* Hangul */
  CU_ASSERT_EQUAL(ict_utf8_width("\xD9\x85\xD9\x8E"), 1);         /* Arabic, fatha */
  CU_ASSERT_EQUAL(ict_utf8_width("\xF0\x9F\x98\x80"), 2);         /* an emoji */
  CU_ASSERT_EQUAL(ict_utf8_width("a\xE2\x80\x8B\x62"), 2);        /* zero width space */
  CU_ASSERT_EQUAL(ict_utf8_width("\xE0\xB8\x81\xE0\xB8\xB4"), 1); /* Thai vowel above */
  CU_ASSERT_EQUAL(ict_utf8_width("\xEF\xBC\xA1"), 2);             /* fullwidth A */
  CU_ASSERT_EQUAL(ict_utf8_width("\xFF"), 1);
}

SUITE("base.utf8", TEST(accepts_every_border), TEST(refuses_every_border),
      TEST(finds_a_bad_byte_anywhere), TEST(measures_columns))
