/* Numbers to text and back. */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "suite.h"

static uint64_t seed = 88172645463325252u;
static uint64_t random_bits(void) { /* xorshift64 */
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static double parse(const char *text) {
  double value = NAN;
  return ict_number_parse(ict_slice_of(text), '.', &value) ? value : NAN;
}

static void counts_decimals(void) {
  static const struct {
    const char *text;
    int64_t decimals;
  } cases[] = {{"59.2", 1}, {"59", 0},      {"59.", 0},  {"0.250", 3},  {"-1.5", 1},
               {"1e3", -3}, {"1.2e+3", -2}, {"5E-2", 2}, {"1.25e-7", 9}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    CU_ASSERT_EQUAL(ict_number_decimals(cases[i].text), cases[i].decimals);
}

static void reads_plain_numbers(void) {
  CU_ASSERT_EQUAL(parse("0"), 0.0);
  CU_ASSERT_EQUAL(parse("53.9075"), 53.9075);
  CU_ASSERT_EQUAL(parse("+1.5"), 1.5);
  CU_ASSERT_EQUAL(parse(".5"), 0.5);
  CU_ASSERT_EQUAL(parse("5."), 5.0);
  CU_ASSERT_EQUAL(parse("-2e3"), -2000.0);
  CU_ASSERT_EQUAL(parse("1E-07"), 1e-7);
  CU_ASSERT_TRUE(signbit(parse("-0")));
  CU_ASSERT_EQUAL(parse("000000000000000000000000000000000000001"), 1.0);
  CU_ASSERT_EQUAL(parse("0.000000000000000000000000000000000000001"), 1e-39);
  CU_ASSERT_EQUAL(parse("123456789012345678901234567890"), 123456789012345678901234567890.0);
  double value;
  CU_ASSERT_TRUE(ict_number_parse(ict_slice_of("3,25"), ',', &value));
  CU_ASSERT_EQUAL(value, 3.25);
  CU_ASSERT_FALSE(ict_number_parse(ict_slice_of("3.25"), ',', &value));
}

static void refuses_what_is_no_number(void) {
  const char *const wrong[] = {
      "",     ".",   "-",   "+.",    "e5",  "1e",    "1e+",   " 1",    "1 ",     "inf", "nan",
      "0x10", "1,5", "1..", "1.2.3", "--1", "1e5.0", "1_000", "1e400", "-1e309", "1d5", "\xD9\xA1"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    double value = 7;
    CU_ASSERT_FALSE(ict_number_parse(ict_slice_of(wrong[i]), '.', &value));
    CU_ASSERT_EQUAL(value, 7); /* untouched */
  }
  double value;
  CU_ASSERT_TRUE(ict_number_parse((ict_slice){"12345", 2}, '.', &value)); /* only the slice */
  CU_ASSERT_EQUAL(value, 12.0);
}

/* Hard cases for rounding: half-way points and their neighbours. Expected values as hexadecimal
 * constants, which need no rounding. */
static void rounds_correctly(void) {
  CU_ASSERT_EQUAL(parse("9007199254740993"), 0x1p53); /* half-way, to even */
  CU_ASSERT_EQUAL(parse("9007199254740993.0000000001"), 0x1.0000000000001p53);
  CU_ASSERT_EQUAL(parse("2.2250738585072011e-308"), 0x0.fffffffffffffp-1022); /* PHP's hang */
  CU_ASSERT_EQUAL(parse("2.2250738585072014e-308"), DBL_MIN);
  CU_ASSERT_EQUAL(parse("4.9406564584124654e-324"), 0x1p-1074);
  CU_ASSERT_EQUAL(parse("2.4703282292062327e-324"), 0.0);
  CU_ASSERT_EQUAL(parse("2.4703282292062328e-324"), 0x1p-1074);
  CU_ASSERT_EQUAL(parse("1.7976931348623157e308"), DBL_MAX);
  CU_ASSERT_EQUAL(parse("1e-400"), 0.0);
  CU_ASSERT_EQUAL(parse("0e99999999999999999999"), 0.0);
  CU_ASSERT_EQUAL(parse("1e-99999999999999999999"), 0.0);
  CU_ASSERT_TRUE(isnan(parse("1e99999999999999999999")));
  /* 1 + 2^-53 written out is half-way between 1 and the next double; with a digit far
   * behind, it is above. */
  char text[1300];
  const char *half = "1.00000000000000011102230246251565404236316680908203125";
  CU_ASSERT_EQUAL(parse(half), 1.0);
  strcpy(text, half);
  memset(text + strlen(half), '0', 1200);
  text[strlen(half) + 1200] = '\0';
  CU_ASSERT_EQUAL(parse(text), 1.0);
  strcat(text, "1"); /* the 1,253rd digit decides */
  CU_ASSERT_EQUAL(parse(text), 0x1.0000000000001p0);
}

static void writes_short_numbers(void) {
  const struct {
    double value;
    const char *text;
  } cases[] = {{0, "0"},
               {-0.0, "-0"},
               {1, "1"},
               {-15, "-15"},
               {100, "100"},
               {53.9075, "53.9075"},
               {0.1, "0.1"},
               {0.1 + 0.2, "0.30000000000000004"},
               {1e-7, "1e-07"},
               {1.5e-5, "1.5e-05"},
               {0.0001, "0.0001"},
               {123456.789, "123456.789"},
               {9007199254740991.0, "9007199254740991"},
               {1234567890123456.0, "1234567890123456"},
               {1e15, "1000000000000000"},
               {1e22, "1e+22"},
               {100.0 / 3, "33.333333333333336"},
               {DBL_MAX, "1.7976931348623157e+308"},
               {0x1p-1074, "5e-324"},
               /* powers of two (the gap below is half the gap above) and extremes, as Python's
                * repr gives them */
               {0x1p-44, "5.684341886080802e-14"},
               {0x1p-1019, "1.7800590868057611e-307"},
               {0x1p1000, "1.0715086071862673e+301"},
               {0x1.fffffffffffffp-1, "0.9999999999999999"},
               {0x1.5p60, "1.5132094747964867e+18"},
               {NAN, ""},
               {INFINITY, ""},
               {-INFINITY, ""}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char buf[ICT_NUMBER_TEXT];
    CU_ASSERT_EQUAL(ict_number_text(cases[i].value, buf), strlen(cases[i].text));
    CU_ASSERT_STRING_EQUAL(buf, cases[i].text);
  }
}

/* Random bit patterns, random shares and random short decimals: all must come back. */
static void comes_back(void) {
  char buf[ICT_NUMBER_TEXT];
  int wrong = 0, long_text = 0;
  for (int i = 0; i < 100000; i++) {
    uint64_t bits = random_bits();
    double value, back = NAN;
    memcpy(&value, &bits, sizeof value);
    if (i % 4 == 1) value = (double)(bits >> 11) / 9007199254740992.0 * 100;
    if (i % 4 == 2) value = (double)(int64_t)(bits >> 44) / 1000;
    if (i % 4 == 3) value = (double)(int64_t)bits;
    if (!isfinite(value)) continue;
    size_t len = ict_number_text(value, buf);
    if (len != strlen(buf) || len >= sizeof buf) long_text++;
    if (!ict_number_parse(ict_slice_of(buf), '.', &back) ||
        memcmp(&value, &back, sizeof value) != 0) {
      wrong++;
    }
    /* A short decimal must come out as short as it went in. */
    if (i % 4 == 2) {
      char expected[32];
      snprintf(expected, sizeof expected, "%.3f", value);
      while (ict_text_ends(expected, "0")) expected[strlen(expected) - 1] = '\0';
      if (ict_text_ends(expected, ".")) expected[strlen(expected) - 1] = '\0';
      if (strcmp(buf, expected) != 0) wrong++;
    }
  }
  CU_ASSERT_EQUAL(wrong, 0);
  CU_ASSERT_EQUAL(long_text, 0);
}

/* The twin to trust: strtod on the same text, for texts of every length. */
static void agrees_with_strtod(void) {
  int wrong = 0;
  for (int i = 0; i < 50000; i++) {
    char text[64];
    size_t n = 0, digits = 1 + random_bits() % 25, point = random_bits() % (digits + 1);
    for (size_t d = 0; d < digits; d++) {
      if (d == point) text[n++] = '.';
      text[n++] = (char)('0' + random_bits() % 10);
    }
    snprintf(text + n, sizeof text - n, "e%d", (int)(random_bits() % 60) - 30);
    double value = NAN;
    if (!ict_number_parse(ict_slice_of(text), '.', &value) || value != strtod(text, NULL)) wrong++;
  }
  CU_ASSERT_EQUAL(wrong, 0);
}

static void reads_integers(void) {
  int64_t value = 7;
  CU_ASSERT_TRUE(ict_integer_parse(ict_slice_of("-9223372036854775808"), &value));
  CU_ASSERT_EQUAL(value, INT64_MIN);
  CU_ASSERT_TRUE(ict_integer_parse(ict_slice_of("+9223372036854775807"), &value));
  CU_ASSERT_EQUAL(value, INT64_MAX);
  CU_ASSERT_TRUE(ict_integer_parse(ict_slice_of("-007"), &value));
  CU_ASSERT_EQUAL(value, -7);
  const char *const wrong[] = {"", "-", "1.0", "9223372036854775808", "-9223372036854775809", "1 "};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CU_ASSERT_FALSE(ict_integer_parse(ict_slice_of(wrong[i]), &value));
  }
}

/* Where the machine has a locale with a decimal comma, it must change nothing. */
static void ignores_the_locale(void) {
  const char *const comma[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
  for (size_t i = 0; i < sizeof comma / sizeof *comma; i++) {
    if (setlocale(LC_ALL, comma[i])) break;
  }
  char buf[ICT_NUMBER_TEXT];
  ict_number_text(0.1 + 0.2, buf);
  CU_ASSERT_STRING_EQUAL(buf, "0.30000000000000004");
  CU_ASSERT_EQUAL(parse("0.30000000000000004"), 0.1 + 0.2);
  ict_str s;
  ict_str_init(&s);
  ict_str_addf(&s, "%.2f", 1.5);
  CU_ASSERT_STRING_EQUAL(s.text, "1.50");
  ict_str_done(&s);
  setlocale(LC_ALL, "C");
}

SUITE("base.number", TEST(counts_decimals), TEST(reads_plain_numbers),
      TEST(refuses_what_is_no_number), TEST(rounds_correctly), TEST(writes_short_numbers),
      TEST(comes_back), TEST(agrees_with_strtod), TEST(reads_integers), TEST(ignores_the_locale))
