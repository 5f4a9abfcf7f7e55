/* lines.h - memory that begins with a line of the cache, and grows. */
#ifndef ICT_BASE_LINES_H
#define ICT_BASE_LINES_H

#include <stddef.h>

/* A line of the cache, and the widest vector. */
#define ICT_LINE 64

/* Makes `bytes` of room, of which the first `used` keep what they hold; the others are not cleared.
 * *memory is what ict_free takes, *data the first whole line in it; both NULL at first. Returns 0,
 * or -1 where memory is short (nothing changed). */
int ict_lines_grow(void **memory, unsigned char **data, size_t used, size_t bytes);

#endif
