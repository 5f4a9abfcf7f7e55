/* c_locale.c - the C locale, for one call at a time.
 *
 * newlocale(..., "C", 0) hands out a constant of the C library (glibc, musl: no memory, no
 * failure), so there is nothing to keep and nothing to share. uselocale is per thread. */
#include "base/c_locale.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

int ict_vformat(char *buf, size_t size, const char *fmt, va_list args) {
  locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  locale_t host = c ? uselocale(c) : (locale_t)0;
  int len = vsnprintf(buf, size, fmt, args);
  if (host) uselocale(host);
  if (c) freelocale(c);
  return len;
}

double ict_strtod(const char *text, char **end) {
  locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  double value = c ? strtod_l(text, end, c) : strtod(text, end);
  if (c) freelocale(c);
  return value;
}
