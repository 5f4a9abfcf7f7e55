/* contrast.c - the little grammar of --contrast, and the breakdowns that contrasts need.
 *
 *     contrast = axis ":" class ( "-" | "/" ) class
 *     axis     = name [ ":" classification ] | "period"
 *
 * In: texts, indicators, the parsed --by. Out: contrasts, and the sets of axes they stand in.
 * Owns: nothing. Class codes may hold "-" themselves, so a text is only taken apart where the
 * codes are known (pair.c). */
#include "plan/contrast.h"

#include <string.h>

#include "base/text.h"
#include "data/frame.h"

typedef struct maker {
  ict_arena *arena;
  ict_by *by;
  ict_contrasts *made;
  ict_err *err;
} maker;

static ict_status bad(maker *m, const char *text, const char *what) {
  ict_err_set(m->err, ICT_USAGE, "%s in --contrast \"%s\"", what, text);
  ict_err_expected(m->err, "AXIS:CLASS-CLASS for a difference, AXIS:CLASS/CLASS for a ratio");
  ict_err_fix(m->err,
              "write for example --contrast sex:F-M, --contrast age:itu:Y15T24-Y25T74 or "
              "--contrast period:2023-2022");
  return ICT_USAGE;
}

static ict_status add(maker *m, const char *name, const char *classification, const char *text,
                      const ict_indicator *only) {
  size_t axis = ICT_CONTRAST_PERIOD;
  bool of_periods = strcmp(name, "period") == 0 || strcmp(name, ICT_VAR_PERIOD) == 0;
  ict_status st = of_periods && !classification
                      ? ICT_OK
                      : ict_by_axis_at(m->by, name, classification, &axis, m->err);
  if (st != ICT_OK) return st;
  for (size_t i = 0; i < m->made->n; i++) {
    const ict_contrast *c = &m->made->asked[i];
    if (c->axis == axis && c->only == only && strcmp(c->text, text) == 0) return ICT_OK;
  }
  if (m->made->n == ICT_CONTRASTS) {
    ict_err_set(m->err, ICT_USAGE, "too many contrasts");
    ict_err_expected(m->err, "at most %d in one request", ICT_CONTRASTS);
    return ICT_USAGE;
  }
  m->made->asked[m->made->n++] = (ict_contrast){axis, text, only};
  return ICT_OK;
}

static ict_status parse(maker *m, const char *text) {
  const char *colon = strchr(text, ':');
  if (!colon || colon == text) return bad(m, text, "no name of a breakdown");
  const char *rest = colon + 1, *second = strchr(rest, ':');
  if (second == rest) return bad(m, text, "no classification after ':'");
  const char *pair = second ? second + 1 : rest;
  size_t len = strlen(pair);
  if (strcspn(pair, "-/") == len || strchr("-/", pair[0]) || strchr("-/", pair[len - 1]))
    return bad(m, text, "no two classes");
  const char *name = ict_arena_strndup(m->arena, text, (size_t)(colon - text));
  const char *classification =
      second ? ict_arena_strndup(m->arena, rest, (size_t)(second - rest)) : NULL;
  const char *copy = ict_arena_strdup(m->arena, pair);
  if (!name || !copy || (second && !classification)) return ict_err_memory(m->err);
  return add(m, name, classification, copy, NULL);
}

/* An axis of the set that breaks down by the same concept, or -1. */
static long of_concept(const ict_by *by, unsigned set, const char *name) {
  for (size_t i = 0; i < by->n_axes; i++)
    if (set >> i & 1 && strcmp(by->axes[i].name, name) == 0) return (long)i;
  return -1;
}

/* The set in which the contrast is computed within the published set; false where that makes no
 * sense: between age bands within other age bands, or an indicator that compares the sexes within
 * one sex. */
static bool set_for(const ict_by *by, const ict_contrast *c, unsigned within, unsigned *set) {
  *set = within;
  if (c->axis == ICT_CONTRAST_PERIOD) return true;
  long there = of_concept(by, within, by->axes[c->axis].name);
  *set = within | 1u << c->axis;
  return there < 0 || ((size_t)there == c->axis && !c->only);
}

/* The set's place among all, at their end where it is new. */
static size_t place_of(unsigned *sets, size_t *n, unsigned set) {
  size_t i = 0;
  while (i < *n && sets[i] != set) i++;
  sets[i] = set;
  if (i == *n) ++*n;
  return i;
}

static ict_status add_sets(maker *m) {
  size_t most = m->by->n_sets * (m->made->n + 1);
  unsigned *sets = ict_arena_alloc(m->arena, most, sizeof *sets);
  unsigned *of_set = ict_arena_alloc(m->arena, most, sizeof *of_set);
  if (!sets || !of_set) return ict_err_memory(m->err);
  size_t n = m->by->n_sets, n_published = n;
  memcpy(sets, m->by->sets, n * sizeof *sets);
  for (size_t c = 0; c < m->made->n; c++)
    for (size_t s = 0; s < n_published; s++) {
      unsigned set;
      if (set_for(m->by, &m->made->asked[c], sets[s], &set))
        of_set[place_of(sets, &n, set)] |= 1u << c;
    }
  m->by->sets = sets;
  m->by->n_sets = n;
  m->made->n_published = n_published;
  m->made->of_set = of_set;
  return ICT_OK;
}

ict_status ict_contrasts_make(const char *const *texts, size_t n,
                              const ict_indicator *const *indicators, size_t n_indicators,
                              ict_arena *arena, ict_by *by, ict_contrasts *out, ict_err *err) {
  *out = (ict_contrasts){0};
  maker m = {arena, by, out, err};
  ict_status st = ICT_OK;
  for (size_t i = 0; i < n; i++) ICT_TRY(done, st, parse(&m, texts[i]));
  out->n_axes_asked = by->n_axes;
  for (size_t i = 0; i < n_indicators; i++) {
    const ict_indicator *one = indicators[i];
    if (one->contrast_of) ICT_TRY(done, st, add(&m, one->contrast_axis, NULL, one->contrast, one));
  }
  st = add_sets(&m);
done:
  return st;
}
