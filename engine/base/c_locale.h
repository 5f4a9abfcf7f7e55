/* c_locale.h - vsnprintf in the C locale, whatever the host set: a decimal comma must not
 * find its way into a file. For the base room; others use ict_str_addf and its kin. */
#ifndef ICT_BASE_C_LOCALE_H
#define ICT_BASE_C_LOCALE_H

#include <stdarg.h>
#include <stddef.h>

int ict_vformat(char *buf, size_t size, const char *fmt, va_list args);
/* strtod in the C locale. */
double ict_strtod(const char *text, char **end);

#endif
