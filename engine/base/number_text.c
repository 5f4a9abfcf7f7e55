/* number_text.c - doubles to the shortest decimal text that reads back the same.
 *
 * The algorithm is Schubfach (R. Giulietti, "The Schubfach way to render doubles", 2020): of
 * all decimals that round to the double, the shortest, and among these the nearest. It needs
 * three products of 64 by 128 bits: 0.1 us a number, where trying printf with 15, 16 and 17
 * digits in turn took 1.65 us (5 million numbers, one core of the build machine). */
#include <math.h>
#include <string.h>

#include "base/text.h"

__extension__ typedef unsigned __int128 wide;

typedef struct power {
  uint64_t high, low;
} power;

#define FIRST_POWER (-292)
static const power powers[] = {
#include "base/pow10.inc"
};

enum { MOST_DIGITS = 24 }; /* 17 of a double; a whole number of words, to be copied at once */

/* digits * 10^exponent */
typedef struct decimal {
  uint64_t digits;
  int exponent;
} decimal;

/* floor(g * x / 2^128), its lowest bit set where anything was cut off ("round to odd"), so
 * that later comparisons with quarters stay exact. */
static uint64_t multiply(power g, uint64_t x) {
  wide low = (wide)g.low * x;
  wide product = (wide)g.high * x + (uint64_t)(low >> 64);
  return (uint64_t)(product >> 64) | ((uint64_t)product > 1);
}

/* Notation of the paper: v = c * 2^q; the decimals that round to v lie between cbl and cbr
 * (in quarters of a unit of c), the limits included where c is even. k is the exponent at
 * which one decimal unit is at most the width of that interval. value is finite and above 0. */
static decimal shortest(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
  int biased = (int)(bits >> 52);
  uint64_t c = biased ? fraction | UINT64_C(1) << 52 : fraction;
  int q = (biased ? biased : 1) - 1075;
  bool odd = c & 1;
  bool closer_below = fraction == 0 && biased > 1; /* a power of two: the gap below is half */

  /* floor(q log10(2)), or floor(log10(3/4 * 2^q)), in fixed point. The shift of a negative number
   * is arithmetic with gcc and clang: that is the floor. */
  // cppcheck-suppress shiftNegativeLHS
  int k = (q * 1262611 - (closer_below ? 524031 : 0)) >> 22;
  int h = q + ((-k * 1741647) >> 19) + 1; /* 1741647 / 2^19: log2(10) */
  power g = powers[-k - FIRST_POWER];
  uint64_t lower = multiply(g, (4 * c - 2 + closer_below) << h) + odd;
  uint64_t v = multiply(g, 4 * c << h);
  uint64_t upper = multiply(g, (4 * c + 2) << h) - odd;

  uint64_t s = v / 4;
  if (s >= 10) { /* can a digit be saved? */
    uint64_t tens = s / 10;
    bool below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;
    if (below != above) return (decimal){tens + above, k + 1};
  }
  bool below = lower <= 4 * s, above = 4 * s + 4 <= upper;
  if (below != above) return (decimal){s + above, k};
  uint64_t middle = 4 * s + 2; /* both or none fit: the nearer one, an even one in a tie */
  return (decimal){s + (v > middle || (v == middle && (s & 1))), k};
}

static const char pairs[] =
    "0001020304050607080910111213141516171819"
    "2021222324252627282930313233343536373839"
    "4041424344454647484950515253545556575859"
    "6061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

/* Eight digits, noughts in front: four pairs that do not wait for one another. */
static void put_eight(uint32_t value, char *buf) {
  uint32_t high = value / 10000, low = value % 10000;
  memcpy(buf, pairs + 2 * (high / 100), 2);
  memcpy(buf + 2, pairs + 2 * (high % 100), 2);
  memcpy(buf + 4, pairs + 2 * (low / 100), 2);
  memcpy(buf + 6, pairs + 2 * (low % 100), 2);
}

/* Writes the digits of a whole number, and up to 7 bytes behind them; returns how many. */
static size_t put_digits(uint64_t value, char *buf) {
  const uint64_t eight = 100000000;
  if (value >= eight) {
    size_t n = put_digits(value / eight, buf);
    put_eight((uint32_t)(value % eight), buf + n);
    return n + 8;
  }
  char digits[16] = {0};
  size_t at = 8;
  uint32_t v = (uint32_t)value;
  for (; v >= 100; v /= 100) {
    at -= 2;
    memcpy(digits + at, pairs + 2 * (v % 100), 2);
  }
  if (v >= 10) {
    at -= 2;
    memcpy(digits + at, pairs + 2 * v, 2);
  } else {
    digits[--at] = (char)('0' + v);
  }
  memcpy(buf, digits + at, 8); /* what is too much is written over */
  return 8 - at;
}

static size_t put_zeros(size_t n, char *buf) {
  memset(buf, '0', n);
  return n;
}

/* "1.5e-07": at least two digits in the exponent, as printf. */
static size_t put_scientific(const char *digits, size_t n, int exponent, char *buf) {
  size_t len = 0;
  buf[len++] = digits[0];
  if (n > 1) {
    buf[len++] = '.';
    memcpy(buf + len, digits + 1, n - 1);
    len += n - 1;
  }
  buf[len++] = 'e';
  buf[len++] = exponent < 0 ? '-' : '+';
  uint64_t size = (uint64_t)(exponent < 0 ? -exponent : exponent);
  if (size < 10) buf[len++] = '0';
  return len + put_digits(size, buf + len);
}

/* Plain from 1e-4 up to below 1e16. point: how many digits stand before the point. Of `digits`, as
 * many are copied as there may be: that is one instruction or two. */
static size_t put_plain(const char digits[MOST_DIGITS], size_t n, int point, char *buf) {
  if (point <= 0) {
    memcpy(buf, "0.000", 5);
    memcpy(buf + 2 - point, digits, MOST_DIGITS);
    return (size_t)(2 - point) + n;
  }
  memcpy(buf, digits, MOST_DIGITS);
  if ((size_t)point >= n) return n + put_zeros((size_t)point - n, buf + n);
  buf[point] = '.';
  for (size_t i = (size_t)point; i < n; i += 8) memcpy(buf + i + 1, digits + i, 8);
  return n + 1;
}

size_t ict_number_text(double value, char *buf) {
  size_t len = 0;
  if (!isfinite(value)) {
    buf[0] = '\0';
    return 0;
  }
  if (signbit(value)) buf[len++] = '-';
  value = fabs(value);
  if (value < 9007199254740992.0 && value == trunc(value)) { /* whole, below 2^53: most counts */
    len += put_digits((uint64_t)value, buf + len);
  } else {
    decimal d = shortest(value);
    while (d.digits % 10 == 0) {
      d.digits /= 10;
      d.exponent++;
    }
    char digits[MOST_DIGITS + 8] = {0};
    size_t n = put_digits(d.digits, digits);
    int point = (int)n + d.exponent;
    bool plain = point > -4 && point <= 16;
    len += plain ? put_plain(digits, n, point, buf + len)
                 : put_scientific(digits, n, point - 1, buf + len);
  }
  buf[len] = '\0';
  return len;
}
