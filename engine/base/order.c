/* order.c - keys counted into place, column after column from the last: a million take as long as
 * writing ten million numbers, and no two are compared.
 *
 * In: keys. Out: their order.
 * Owns: nothing beyond the call. */
#include "base/order.h"

#include <string.h>

#include "base/mem.h"

typedef struct ordering {
  const uint32_t *keys;
  size_t n, width;
  uint32_t *order, *next;
} ordering;

/* One stable pass by a column. False: memory is short. */
static bool pass(ordering *o, size_t column) {
  const uint32_t *keys = o->keys + column;
  uint32_t most = 0;
  for (size_t i = 0; i < o->n; i++)
    if (keys[i * o->width] > most) most = keys[i * o->width];
  if (most == 0) return true;
  uint32_t *place = ict_alloc((size_t)most + 2, sizeof *place);
  if (!place) return false;
  for (size_t i = 0; i < o->n; i++) place[keys[i * o->width] + 1]++;
  for (size_t k = 0; k < most; k++) place[k + 1] += place[k];
  for (size_t i = 0; i < o->n; i++) o->next[place[keys[o->order[i] * o->width]]++] = o->order[i];
  ict_free(place);
  uint32_t *t = o->order;
  o->order = o->next;
  o->next = t;
  return true;
}

bool ict_order_keys(const uint32_t *keys, size_t n, size_t width, uint32_t *order) {
  uint32_t *other = ict_alloc(n, sizeof *other);
  ordering o = {keys, n, width, order, other};
  bool good = other != NULL;
  for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
  for (size_t c = width; c-- > 0 && good;) good = pass(&o, c);
  if (good && o.order != order && n > 0) memcpy(order, o.order, n * sizeof *order);
  ict_free(other);
  return good;
}
