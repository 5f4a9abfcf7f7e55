/* lines.c - memory that begins with a line of the cache.
 *
 * In: sizes. Out: aligned memory. Owns: nothing. */
#include "base/lines.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

int ict_lines_grow(void **memory, unsigned char **data, size_t used, size_t bytes) {
  if (bytes > SIZE_MAX - ICT_LINE) return -1;
  size_t before = *memory ? (size_t)(*data - (unsigned char *)*memory) : 0;
  unsigned char *grown = ict_realloc(*memory, 1, bytes + ICT_LINE - 1);
  if (!grown) return -1;
  size_t past = (uintptr_t)grown % ICT_LINE;
  size_t at = past ? ICT_LINE - past : 0;
  if (*memory && at != before) memmove(grown + at, grown + before, used);
  *memory = grown;
  *data = grown + at;
  return 0;
}
