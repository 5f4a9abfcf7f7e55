/* sets.c - comparisons of a narrow column with literals, as sets of stored values.
 *
 * In: bounds and codes. Out: runs of stored values or a lookup table. Owns: nothing
 * (memory is the program's arena).
 * A run costs one vector comparison a row and a lookup one load, which does not
 * vectorise, so a table pays only beyond a few runs. */
#include <math.h>

#include "expr/program.h"

#define RUNS_BEFORE_TABLE 4

ict_run ict_width_domain(ict_width width) {
  switch (width) {
    case ICT_U8:
      return (ict_run){0, UINT8_MAX - ICT_MISSING_MARKS};
    case ICT_U16:
      return (ict_run){0, UINT16_MAX - ICT_MISSING_MARKS};
    default:
      return (ict_run){INT32_MIN, INT32_MAX - ICT_MISSING_MARKS};
  }
}

ict_set *ict_set_new(ict_arena *arena, ict_width width, size_t room) {
  ict_set *set = ict_arena_alloc(arena, 1, sizeof *set);
  if (!set) return NULL;
  set->width = width;
  set->missing_as = ICT_NULL;
  set->room = room;
  set->runs = ict_arena_alloc(arena, room, sizeof *set->runs);
  return set->runs ? set : NULL;
}

void ict_set_add(ict_set *set, double lo, double hi) {
  ict_run domain = ict_width_domain(set->width);
  lo = fmax(ceil(lo), domain.first);
  hi = fmin(floor(hi), domain.last);
  if (!(lo <= hi)) return;
  ict_run *last = set->n ? &set->runs[set->n - 1] : NULL;
  if (last && lo <= (double)last->last + 1) {
    if (hi > last->last) last->last = (int32_t)hi;
    return;
  }
  set->runs[set->n++] = (ict_run){(int32_t)lo, (int32_t)hi};
}

void ict_set_invert(ict_set *set) {
  ict_run domain = ict_width_domain(set->width);
  int64_t next = domain.first; /* first value not yet looked at */
  size_t n = 0;
  for (size_t i = 0; i < set->n; i++) {
    ict_run hole = set->runs[i]; /* a copy: slot i may be overwritten now */
    if (next < hole.first) set->runs[n++] = (ict_run){(int32_t)next, hole.first - 1};
    next = (int64_t)hole.last + 1;
  }
  if (next <= domain.last) set->runs[n++] = (ict_run){(int32_t)next, domain.last};
  set->n = n;
}

bool ict_set_finish(ict_set *set, ict_arena *arena) {
  if (set->n <= RUNS_BEFORE_TABLE || set->width == ICT_I32) return true;
  size_t values = set->width == ICT_U8 ? UINT8_MAX + 1 : UINT16_MAX + 1;
  uint8_t *table = ict_arena_alloc(arena, values, 1);
  if (!table) return false;
  for (size_t v = values - ICT_MISSING_MARKS; v < values; v++) table[v] = set->missing_as;
  for (size_t i = 0; i < set->n; i++)
    for (int32_t v = set->runs[i].first; v <= set->runs[i].last; v++) table[v] = ICT_TRUE;
  set->table = table;
  return true;
}
