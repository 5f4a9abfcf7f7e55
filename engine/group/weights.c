/* weights.c - the population table in memory.
 *
 * In: one value a key. Out: the value of a key. Owns: its keys. */
#include "group/weights.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/names.h"
#include "data/table.h"

#define KEY_BYTES 256

const char *const ict_weight_axes[ICT_WEIGHT_AXES] = {"sex", "age", "urbanisation"};

struct ict_weights {
  ict_arena *arena;
  ict_names keys;  /* "BRA\n2016\nF\n_T\n_T" */
  ict_names areas; /* that have any value */
  double *values;  /* of the keys */
  size_t capacity;
  bool tells[ICT_WEIGHT_AXES];
};

ict_weights *ict_weights_new(void) {
  ict_weights *weights = ict_alloc(1, sizeof *weights);
  if (!weights) return NULL;
  weights->arena = ict_arena_new();
  if (!weights->arena) {
    ict_free(weights);
    return NULL;
  }
  ict_names_init(&weights->keys, weights->arena);
  ict_names_init(&weights->areas, weights->arena);
  return weights;
}

void ict_weights_free(ict_weights *weights) {
  if (!weights) return;
  ict_names_done(&weights->keys);
  ict_names_done(&weights->areas);
  ict_free(weights->values);
  ict_arena_free(weights->arena);
  ict_free(weights);
}

void ict_weights_has(ict_weights *weights, size_t axis) { weights->tells[axis] = true; }

bool ict_weights_tells(const ict_weights *weights, size_t axis) { return weights->tells[axis]; }

/* False where the codes are too long to be codes. */
static bool make_key(const ict_weights *weights, const char *iso3, int year,
                     const char *const *codes, char *key) {
  const char *c[ICT_WEIGHT_AXES];
  for (size_t i = 0; i < ICT_WEIGHT_AXES; i++) c[i] = weights->tells[i] ? codes[i] : ICT_TOTAL;
  int len = snprintf(key, KEY_BYTES, "%s\n%d\n%s\n%s\n%s", iso3, year, c[0], c[1], c[2]);
  return len > 0 && len < KEY_BYTES;
}

ict_status ict_weights_add(ict_weights *weights, const char *iso3, int year,
                           const char *const *codes, double value, bool *twice, ict_err *err) {
  char key[KEY_BYTES];
  *twice = false;
  if (!make_key(weights, iso3, year, codes, key)) {
    ict_err_set(err, ICT_REFUSED, "a code longer than codes are");
    ict_err_fix(err, "write the codes of the result tables: F, Y15T24, U");
    return ICT_REFUSED;
  }
  size_t n = weights->keys.n;
  if (ict_grow(&weights->values, n, &weights->capacity, sizeof *weights->values) != 0)
    return ict_err_memory(err);
  long at = ict_names_add(&weights->keys, key, NULL);
  if (at < 0 || ict_names_add(&weights->areas, iso3, NULL) < 0) return ict_err_memory(err);
  *twice = (size_t)at < n;
  if (!*twice) weights->values[at] = value;
  return ICT_OK;
}

double ict_weights_find(const ict_weights *weights, const char *iso3, int year,
                        const char *const *codes) {
  char key[KEY_BYTES];
  if (!make_key(weights, iso3, year, codes, key)) return NAN;
  long at = ict_names_find(&weights->keys, key);
  return at < 0 ? (double)NAN : weights->values[at];
}

bool ict_weights_knows(const ict_weights *weights, const char *iso3) {
  return ict_names_find(&weights->areas, iso3) >= 0;
}
