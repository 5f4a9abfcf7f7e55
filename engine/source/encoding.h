/* encoding.h - bytes of a declared encoding to UTF-8. */
#ifndef ICT_SOURCE_ENCODING_H
#define ICT_SOURCE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define ICT_ENCODING_WIDEST 4 /* bytes of UTF-8 that one byte may become */

typedef struct ict_encoding {
  bool utf8;           /* nothing to convert */
  uint8_t length[256]; /* 0: the encoding has no such character */
  char text[256][ICT_ENCODING_WIDEST];
} ict_encoding;

/* name NULL: UTF-8. Any encoding in which a byte is a character and the first 128 are
 * ASCII ("latin1", "windows-1252", "cp1251", "iso-8859-6", ...); refuses others. */
ict_status ict_encoding_init(ict_encoding *encoding, const char *name, ict_err *err);

/* Writes the UTF-8 text (at most len * ICT_ENCODING_WIDEST bytes) and returns its length.
 * A byte without a meaning becomes '?', and *bad the offset in `out` of the first such
 * (SIZE_MAX: none). Not for UTF-8. */
size_t ict_encoding_convert(const ict_encoding *encoding, const char *bytes, size_t len, char *out,
                            size_t *bad);

#endif
