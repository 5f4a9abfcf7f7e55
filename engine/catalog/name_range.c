/* name_range.c - names that differ by a number. In: a text. Out: its parts, names. Owns: nothing.
 */
#include "catalog/name_range.h"

#include <stdlib.h>
#include <string.h>

#include "catalog/read.h"

bool ict_name_range_find(const char *text, long most, ict_name_range *out) {
  const char *open = strchr(text, '{'), *dots = open ? strstr(open, "..") : NULL;
  const char *close = dots ? strchr(dots, '}') : NULL;
  char *end;
  if (!close) return false;
  *out = (ict_name_range){.text = text, .before = (int)(open - text), .after = close + 1};
  out->first = strtol(open + 1, &end, 10);
  if (end != dots || end == open + 1) return false;
  out->last = strtol(dots + 2, &end, 10);
  if (end != close || end == dots + 2) return false;
  if (open[1] == '0' && dots > open + 2) out->width = (int)(dots - open - 1);
  return out->first >= 0 && out->last >= out->first && out->last - out->first < most;
}

const char *ict_name_range_at(ict_reader *r, const ict_name_range *range, long number) {
  const char *name = ict_arena_printf(r->arena, "%.*s%0*ld%s", range->before, range->text,
                                      range->width, number, range->after);
  if (!name) ict_read_no_memory(r);
  return name;
}
