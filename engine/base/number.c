/* number.c - decimal text to numbers, in no locale but C (and back: number_text.c).
 *
 * In: slices of files. Out: correctly rounded doubles, whole numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/c_locale.h"
#include "base/text.h"

/* A double is decided by at most 767 significant digits; what follows them only matters
 * by being zero or not. */
#define MOST_DIGITS 768

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

typedef struct decimal {
  bool negative;
  bool more; /* a digit that is not zero follows the kept ones */
  size_t n;  /* significant digits kept */
  char digits[MOST_DIGITS];
  int64_t exponent; /* value = 0.d1d2d3... * 10^exponent */
} decimal;

/* Adds a digit; leading zeros are not kept, digits beyond the last only as "not zero". */
static void keep_digit(decimal *d, char c) {
  if (d->n == 0 && c == '0') return;
  if (d->n < MOST_DIGITS) {
    d->digits[d->n++] = c;
  } else if (c != '0') {
    d->more = true;
  }
}

/* False where s is not sign? digits (point digits)? (e sign? digits)? as a whole. */
static bool scan(ict_slice s, char point, decimal *d) {
  const char *p = s.text, *end = s.text + s.len;
  d->negative = d->more = false;
  d->n = 0;
  d->exponent = 0;
  if (p < end && (*p == '-' || *p == '+')) d->negative = *p++ == '-';
  bool any = false;
  for (; p < end && is_digit(*p); p++) {
    any = true;
    keep_digit(d, *p);
    if (d->n > 0) d->exponent++;
  }
  if (p < end && *p == point) {
    for (p++; p < end && is_digit(*p); p++) {
      any = true;
      keep_digit(d, *p);
      if (d->n == 0) d->exponent--;
    }
  }
  if (!any) return false;
  if (p < end && (*p == 'e' || *p == 'E')) {
    p++;
    bool negative = false;
    if (p < end && (*p == '-' || *p == '+')) negative = *p++ == '-';
    if (p == end) return false;
    int64_t e = 0; /* stops growing where no count of digits can bring it back */
    for (; p < end && is_digit(*p); p++) {
      if (e < INT64_MAX / 100) e = e * 10 + (*p - '0');
    }
    d->exponent += negative ? -e : e;
  }
  return p == end;
}

/* Powers of ten that a double holds exactly. */
static const double pow10_exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Up to 15 digits without an exponent, as nearly all numbers of a survey are: both operands are
 * exact, so the one operation rounds once. False: to be looked at more closely. */
static bool parse_short(ict_slice s, char point, double *out) {
  const char *p = s.text, *end = s.text + s.len, *fraction = NULL;
  bool negative = p < end && *p == '-';
  p += negative;
  uint64_t digits = 0;
  if (end - p > 16) return false;
  for (; p < end; p++) {
    if (is_digit(*p)) {
      digits = digits * 10 + (uint64_t)(*p - '0');
    } else if (*p == point && !fraction) {
      fraction = p + 1;
    } else {
      return false;
    }
  }
  ptrdiff_t n = end - s.text - negative - (fraction != NULL);
  if (n < 1 || n > 15) return false;
  double value = fraction ? (double)digits / pow10_exact[end - fraction] : (double)digits;
  *out = negative ? -value : value;
  return true;
}

bool ict_number_parse(ict_slice s, char decimal_point, double *out) {
  decimal d;
  if (parse_short(s, decimal_point, out)) return true;
  if (!scan(s, decimal_point, &d)) return false;
  double value;
  int64_t e = d.exponent - (int64_t)d.n; /* value = digits as an integer * 10^e */
  if (d.n == 0) {
    value = 0;
  } else if (d.n <= 15 && e >= -22 && e <= 22) {
    /* Clinger's fast path: both operands are exact, so the one operation rounds once. */
    int64_t digits = 0;
    for (size_t i = 0; i < d.n; i++) digits = digits * 10 + (d.digits[i] - '0');
    value = e < 0 ? (double)digits / pow10_exact[-e] : (double)digits * pow10_exact[e];
  } else {
    char text[MOST_DIGITS + 32];
    memcpy(text, d.digits, d.n);
    if (d.more) text[d.n] = '1';
    snprintf(text + d.n + d.more, 31, "e%lld", (long long)(e - d.more));
    value = ict_strtod(text, NULL);
    if (isinf(value)) return false;
  }
  *out = d.negative ? -value : value;
  return true;
}

bool ict_integer_parse(ict_slice s, int64_t *out) {
  const char *p = s.text, *end = s.text + s.len;
  bool negative = false;
  if (p < end && (*p == '-' || *p == '+')) negative = *p++ == '-';
  if (p == end) return false;
  int64_t value = 0; /* kept negative, because INT64_MIN has no positive twin */
  for (; p < end; p++) {
    if (!is_digit(*p)) return false;
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_sub_overflow(value, (int64_t)(*p - '0'), &value)) {
      return false;
    }
  }
  if (!negative && value == INT64_MIN) return false;
  *out = negative ? value : -value;
  return true;
}

int64_t ict_number_decimals(const char *text) {
  const char *point = strchr(text, '.'), *e = strpbrk(text, "eE");
  int64_t exponent = 0;
  if (e) ict_integer_parse(ict_slice_of(e[1] == '+' ? e + 2 : e + 1), &exponent);
  const char *end = e ? e : text + strlen(text);
  return (point ? end - point - 1 : 0) - exponent;
}
