/* profile.c - one pass over the rows of a source for `inspect`.
 *
 * In:   a source, and which variables.
 * Out:  counts, extremes and distinct values of each.
 * Owns: one set of tallies a thread, merged at the end. All that is tallied is a count, an
 *       extreme or a set, so neither threads nor order can change the result. */
#include "source/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/par.h"

typedef struct tally { /* of one variable, on one thread */
  uint64_t n_blank, n_missing, n_numeric, n_text, n_other_decimal;
  bool fractions, leading_zeros;
  double min, max;
  ict_code_set codes;
} tally;

typedef struct profiling {
  const ict_dictionary *dictionary;
  const size_t *vars;
  size_t n_vars;
  int threads;
  tally *tallies;   /* thread after thread, n_vars each */
  uint64_t *n_rows; /* one a thread */
  ict_arena **arenas;
} profiling;

/* --- one value ---------------------------------------------------------------------------- */

static void add_number(tally *t, double number) {
  if (t->n_numeric++ == 0) {
    t->min = t->max = number;
  } else {
    if (number < t->min) t->min = number;
    if (number > t->max) t->max = number;
  }
  if (number != floor(number)) t->fractions = true;
}

static bool is_missing(const ict_source_variable *v, const ict_seen *code) {
  if (code->tag) return true;
  for (size_t i = 0; i < v->n_missing; i++) {
    const ict_missing_range *m = &v->missing[i];
    if (code->text.text ? m->text && ict_slice_is(code->text, m->text)
                        : m->lo <= code->number && code->number <= m->hi) {
      return true;
    }
  }
  return false;
}

static bool has_leading_zero(ict_slice s) {
  return s.len > 1 && s.text[0] == '0' && s.text[1] >= '0' && s.text[1] <= '9';
}

static bool add_text(tally *t, ict_arena *arena, const ict_source_variable *v, ict_slice value,
                     char decimal) {
  ict_seen code = {.text = ict_slice_trim(value), .n = 1};
  double number;
  if (code.text.len == 0) {
    t->n_blank++;
    return true;
  }
  if (is_missing(v, &code)) {
    t->n_missing++;
  } else if (ict_number_parse(code.text, decimal, &number)) {
    add_number(t, number);
    if (has_leading_zero(code.text)) t->leading_zeros = true;
  } else {
    t->n_text++;
    t->n_other_decimal += ict_number_parse(code.text, decimal == ',' ? '.' : ',', &number);
  }
  return ict_code_set_add(&t->codes, arena, &code);
}

static bool add_value(tally *t, ict_arena *arena, const ict_source_variable *v, double number,
                      char tag) {
  ict_seen code = {.number = tag ? 0 : number, .tag = tag, .n = 1};
  if (!tag && isnan(number)) {
    t->n_blank++;
    return true;
  }
  if (is_missing(v, &code)) {
    t->n_missing++;
  } else {
    add_number(t, number);
  }
  return ict_code_set_add(&t->codes, arena, &code);
}

static ict_status add_chunk(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  profiling *p = ctx;
  ict_arena *arena = p->arenas[thread];
  char decimal = p->dictionary->decimal ? p->dictionary->decimal : '.';
  p->n_rows[thread] += chunk->n_rows;
  for (size_t k = 0; k < p->n_vars; k++) {
    tally *t = &p->tallies[(size_t)thread * p->n_vars + k];
    const ict_source_variable *v = &p->dictionary->vars[p->vars[k]];
    const ict_raw_column *c = &chunk->columns[k];
    bool ok = true;
    for (size_t r = 0; ok && r < chunk->n_rows; r++) {
      ok = c->type == ICT_RAW_TEXT ? add_text(t, arena, v, ict_raw_text(c, r), decimal)
                                   : add_value(t, arena, v, c->number[r], c->tag ? c->tag[r] : 0);
    }
    if (!ok) return ict_err_memory(err);
  }
  return ICT_OK;
}

/* --- merging ------------------------------------------------------------------------------- */

static bool merge(tally *into, ict_arena *arena, const tally *from) {
  if (from->n_numeric > 0) {
    if (into->n_numeric == 0 || from->min < into->min) into->min = from->min;
    if (into->n_numeric == 0 || from->max > into->max) into->max = from->max;
  }
  into->n_blank += from->n_blank;
  into->n_missing += from->n_missing;
  into->n_numeric += from->n_numeric;
  into->n_text += from->n_text;
  into->n_other_decimal += from->n_other_decimal;
  into->fractions |= from->fractions;
  into->leading_zeros |= from->leading_zeros;
  if (from->codes.overflow) {
    ict_code_set_done(&into->codes);
    into->codes.overflow = true;
  }
  for (size_t i = 0; i < from->codes.capacity; i++) {
    const ict_seen *code = &from->codes.slots[i];
    if (code->n != 0 && !ict_code_set_add(&into->codes, arena, code)) return false;
  }
  return true;
}

static ict_profile_kind kind_of(const tally *t) {
  if (t->n_numeric == 0) return t->n_text == 0 ? ICT_PROFILE_EMPTY : ICT_PROFILE_TEXT;
  if (t->n_text > 0) return ICT_PROFILE_MIXED;
  return t->fractions ? ICT_PROFILE_DECIMAL : ICT_PROFILE_INTEGER;
}

/* The sorted codes, in the profile's arena. */
static const ict_seen *list_codes(ict_arena *arena, const ict_code_set *set) {
  ict_seen *list = ict_arena_alloc(arena, set->n_codes + 1, sizeof *list);
  if (!list) return NULL;
  size_t n = 0;
  for (size_t i = 0; i < set->capacity; i++) {
    if (set->slots[i].n == 0) continue;
    list[n] = set->slots[i];
    if (list[n].text.text) {
      list[n].text.text = ict_arena_strndup(arena, list[n].text.text, list[n].text.len);
      if (!list[n].text.text) return NULL;
    }
    n++;
  }
  qsort(list, n, sizeof *list, ict_code_order);
  return list;
}

static ict_status finish(profiling *p, bool with_codes, ict_profile *profile, ict_err *err) {
  profile->n_vars = p->n_vars;
  profile->vars = ict_arena_alloc(profile->arena, p->n_vars, sizeof *profile->vars);
  if (!profile->vars) return ict_err_memory(err);
  for (int t = 0; t < p->threads; t++) profile->n_rows += p->n_rows[t];
  for (size_t k = 0; k < p->n_vars; k++) {
    tally *all = &p->tallies[k];
    for (int t = 1; t < p->threads; t++) {
      const tally *part = &p->tallies[(size_t)t * p->n_vars + k];
      if (!merge(all, p->arenas[0], part)) return ict_err_memory(err);
    }
    ict_profile_variable *v = &profile->vars[k];
    *v = (ict_profile_variable){.var = p->vars[k],
                                .kind = kind_of(all),
                                .n_blank = all->n_blank,
                                .n_missing = all->n_missing,
                                .n_numeric = all->n_numeric,
                                .n_text = all->n_text,
                                .n_other_decimal = all->n_other_decimal,
                                .leading_zeros = all->leading_zeros,
                                .min = all->n_numeric ? all->min : NAN,
                                .max = all->n_numeric ? all->max : NAN};
    v->n_distinct = all->codes.overflow ? ICT_CODES_MOST + 1 : all->codes.n_codes;
    if (!with_codes || all->codes.overflow) continue;
    v->codes = list_codes(profile->arena, &all->codes);
    if (!v->codes) return ict_err_memory(err);
  }
  return ICT_OK;
}

/* --- making ---------------------------------------------------------------------------------- */

static bool prepare(profiling *p) {
  size_t threads = (size_t)p->threads;
  p->tallies = ict_alloc(threads * p->n_vars, sizeof *p->tallies);
  p->n_rows = ict_alloc(threads, sizeof *p->n_rows);
  p->arenas = ict_alloc(threads, sizeof(ict_arena *));
  if (!p->tallies || !p->n_rows || !p->arenas) return false;
  for (size_t t = 0; t < threads; t++) {
    p->arenas[t] = ict_arena_new();
    if (!p->arenas[t]) return false;
  }
  return true;
}

static void release(profiling *p) {
  size_t threads = (size_t)p->threads;
  for (size_t i = 0; p->tallies && i < threads * p->n_vars; i++) {
    ict_code_set_done(&p->tallies[i].codes);
  }
  for (size_t t = 0; p->arenas && t < threads; t++) ict_arena_free(p->arenas[t]);
  ict_free(p->tallies);
  ict_free(p->n_rows);
  ict_free(p->arenas);
}

ict_status ict_profile_make(ict_source *source, const size_t *vars, size_t n_vars, bool with_codes,
                            int threads, const ict_progress *progress, ict_profile **out,
                            ict_err *err) {
  *out = NULL;
  ict_status st = ICT_OK;
  profiling p = {.dictionary = ict_source_dictionary(source), .vars = vars, .n_vars = n_vars};
  p.threads = ict_par_threads(threads);
  size_t *all = NULL;
  ict_profile *profile = ict_alloc(1, sizeof *profile);
  if (!profile || !(profile->arena = ict_arena_new())) {
    st = ict_err_memory(err);
    goto done;
  }
  if (!vars) {
    p.n_vars = p.dictionary->n_vars;
    p.vars = all = ict_alloc(p.n_vars, sizeof *all);
    if (!all) {
      st = ict_err_memory(err);
      goto done;
    }
    for (size_t i = 0; i < p.n_vars; i++) all[i] = i;
  }
  if (!prepare(&p)) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st,
          ict_source_read(source, p.vars, p.n_vars, p.threads, progress, add_chunk, &p, err));
  ICT_TRY(done, st, finish(&p, with_codes, profile, err));
  *out = profile;
  profile = NULL;

done:
  release(&p);
  ict_free(all);
  ict_profile_free(profile);
  return st;
}

void ict_profile_free(ict_profile *profile) {
  if (!profile) return;
  ict_arena_free(profile->arena);
  ict_free(profile);
}

const char *ict_profile_label(const ict_source_variable *v, const ict_seen *value) {
  for (size_t i = 0; i < v->n_labels; i++) {
    const ict_value_label *l = &v->labels[i];
    if (l->is_text) {
      if (value->text.text && ict_slice_is(ict_slice_trim(value->text), l->text)) return l->label;
    } else if (!value->text.text && l->tag == value->tag &&
               (value->tag || l->number == value->number)) {
      return l->label;
    }
  }
  return NULL;
}

const char *ict_profile_kind_name(ict_profile_kind kind) {
  switch (kind) {
    case ICT_PROFILE_EMPTY:
      return "empty";
    case ICT_PROFILE_INTEGER:
      return "integer";
    case ICT_PROFILE_DECIMAL:
      return "decimal";
    case ICT_PROFILE_TEXT:
      return "text";
    case ICT_PROFILE_MIXED:
      return "mixed";
  }
  return "";
}
