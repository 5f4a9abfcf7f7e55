/* preston.c - Preston's multistage rescaled bootstrap: half of the units drawn at every stage.
 *
 * In: the design with its stages, a seed. Out: multipliers of the units of the last stage.
 * Owns: nothing; the levels are the replicates'.
 *
 * Preston (2009); R's as.svrepdesign(type = "mrbbootstrap"). In each stratum n* = n/2 (rounded
 * down) of n units are drawn without replacement, k = 1 for these, else 0. A unit of the last stage
 * within unit i of stage 1 ... has m = 1 + sum over stages s of P_s lambda_s (n/n* k - 1),   P_s =
 * product of sqrt(n/n*) k above s lambda_s = sqrt(F n*(1 - f) / (n - n*)),                  F =
 * product of the fractions above s A unit alone in its stratum has no part in the variance of its
 * own stage and is always drawn, so that the stages within it have theirs (R leaves them out). */
#include <math.h>

#include "base/mem.h"
#include "base/par.h"
#include "replicate/inside.h"
#include "replicate/random.h"

/* The largest share of replicates that draw a unit equally often: not at all, of 1 of 3. */
#define OFTEN (2.0 / 3)
#define BITS  64 /* replicates a task draws: a word each, so no two write to one */

static size_t words_of(const ict_replicates *r) { return (r->n + BITS - 1) / BITS; }

static bool is_kept(const ict_replicates *r, const ict_level *level, size_t unit,
                    size_t replicate) {
  return level->kept[unit * words_of(r) + replicate / BITS] >> (replicate % BITS) & 1;
}

/* ---- levels: what R keeps in columns of clusters and strata ---------------------------------- */

static size_t units_in(const ict_level *level, size_t g) {
  return (size_t)(level->first_unit[g + 1] - level->first_unit[g]);
}

/* The share of the population's units that were drawn, in the stratum and all above it. */
static double fraction_through(const ict_replicates *r, size_t s, size_t stratum) {
  double share = 1;
  for (size_t at = stratum;; s--) {
    const ict_level *level = &r->levels[s];
    share *= level->fraction ? level->fraction[at] : 0;
    if (s == 0) return share;
    at = r->levels[s - 1].stratum_of[level->parent_of[at]];
  }
}

static ict_status init_level(ict_replicates *r, size_t s, ict_err *err) {
  const ict_design *d = r->design;
  const ict_stage *stage = s > 0 ? &d->stages[s - 1] : NULL;
  ict_level *level = &r->levels[s];
  level->n_units = stage ? stage->n_units : d->n_psu;
  level->n_strata = stage ? stage->n_strata : d->n_strata;
  level->first_row = stage ? stage->unit_first_row : d->psu_first_row;
  level->first_unit = stage ? stage->stratum_first_unit : d->stratum_first_psu;
  level->fraction = stage ? stage->fraction : d->fraction;
  level->stratum_of = ict_alloc(level->n_units, sizeof *level->stratum_of);
  level->parent_of = ict_alloc(level->n_strata, sizeof *level->parent_of);
  level->lambda = ict_alloc(level->n_strata, sizeof *level->lambda);
  level->kept = ict_alloc(level->n_units * words_of(r), sizeof *level->kept);
  if (!level->stratum_of || !level->parent_of || !level->lambda || !level->kept)
    return ict_err_memory(err);
  for (size_t g = 0; g < level->n_strata; g++)
    for (uint64_t u = level->first_unit[g]; u < level->first_unit[g + 1]; u++)
      level->stratum_of[u] = (uint32_t)g;
  for (size_t p = 0; stage && p < r->levels[s - 1].n_units; p++)
    for (uint64_t g = stage->parent_first_stratum[p]; g < stage->parent_first_stratum[p + 1]; g++)
      level->parent_of[g] = (uint32_t)p;
  return ICT_OK;
}

static ict_status set_lambda(ict_replicates *r, size_t s, ict_err *err) {
  const ict_design *d = r->design;
  ict_level *level = &r->levels[s];
  for (size_t g = 0; g < level->n_strata; g++) {
    double n = (double)units_in(level, g), drawn = floor(n / 2);
    double f = level->fraction ? level->fraction[g] : 0;
    double above =
        s > 0 ? fraction_through(r, s - 1, r->levels[s - 1].stratum_of[level->parent_of[g]]) : 1;
    if (n > 1) {
      level->lambda[g] = sqrt(above * drawn * (1 - f) / (n - drawn));
    } else if (f < 1 && above > 0 && d->lonely != ICT_LONELY_CERTAINTY &&
               d->lonely != ICT_LONELY_REMOVE) {
      ict_err_set(
          err, ICT_REFUSED,
          "stage %zu has a stratum of one unit: no bootstrap replicates can be made from it",
          s + 1);
      ict_err_expected(err, "two units or more in every stratum");
      ict_err_fix(err, "give `lonely_psu: certainty` in the mapping's design");
      return ICT_REFUSED;
    }
  }
  return ICT_OK;
}

/* ---- draws ----------------------------------------------------------------------------- */

typedef struct drawing {
  ict_replicates *replicates;
  uint64_t seed;
} drawing;

/* One pass over the units, each drawn with the share of draws still to be made (Knuth, algorithm
 * 3.4.2 S): n/2 of n, each set as likely. */
static void draw(const drawing *d, size_t s, size_t g, size_t replicate) {
  const ict_replicates *r = d->replicates;
  const ict_level *level = &r->levels[s];
  size_t n = units_in(level, g), wanted = n > 1 ? n / 2 : 1;
  uint64_t *kept = level->kept + (size_t)level->first_unit[g] * words_of(r) + replicate / BITS;
  ict_stream stream = ict_stream_of(d->seed, replicate + ((uint64_t)s << 32), g);
  for (size_t i = 0; i < n && wanted > 0; i++) {
    if (ict_stream_below(&stream, n - i) >= wanted) continue;
    kept[i * words_of(r)] |= (uint64_t)1 << replicate % BITS;
    wanted--;
  }
}

static void draw_word(void *ctx, size_t i, int thread) {
  const drawing *d = ctx;
  const ict_replicates *r = d->replicates;
  size_t end = (i + 1) * BITS < r->n ? (i + 1) * BITS : r->n;
  (void)thread;
  for (size_t s = 0; s < r->n_levels; s++)
    for (size_t g = 0; g < r->levels[s].n_strata; g++)
      for (size_t k = i * BITS; k < end; k++) draw(d, s, g, k);
}

ict_status ict_preston(ict_replicates *r, uint64_t seed, ict_err *err) {
  const ict_design *design = r->design;
  drawing d = {r, seed};
  double bytes = (double)design->n_psu;
  for (size_t s = 0; s < design->n_stages; s++) bytes += (double)design->stages[s].n_units;
  ict_status st = ict_refuse_draws(bytes * (double)words_of(r) * sizeof(uint64_t), r, err);
  if (st != ICT_OK) return st;
  r->levels = ict_alloc(design->n_stages + 1, sizeof *r->levels);
  if (!r->levels) return ict_err_memory(err);
  r->n_levels = design->n_stages + 1;
  for (size_t s = 0; s < r->n_levels; s++) {
    st = init_level(r, s, err);
    if (st == ICT_OK) st = set_lambda(r, s, err);
    if (st != ICT_OK) return st;
  }
  r->may_coincide = ict_may_coincide(OFTEN, r->n);
  ict_par_run(words_of(r), ict_par_threads(0), draw_word, &d);
  return ICT_OK;
}

void ict_preston_free(ict_replicates *r) {
  for (size_t s = 0; s < r->n_levels; s++) {
    ict_free(r->levels[s].stratum_of);
    ict_free(r->levels[s].parent_of);
    ict_free(r->levels[s].lambda);
    ict_free(r->levels[s].kept);
  }
  ict_free(r->levels);
}

/* The units that hold a unit of the last stage, from the first stage on. */
static void path_of(const ict_replicates *r, size_t leaf, uint32_t *unit) {
  for (size_t s = r->n_levels; s-- > 0;) {
    unit[s] = (uint32_t)leaf;
    if (s > 0) leaf = r->levels[s].parent_of[r->levels[s].stratum_of[leaf]];
  }
}

void ict_preston_multipliers(const ict_replicates *r, size_t leaf, double *out) {
  uint32_t unit[ICT_MOST_STAGES + 1];
  double ratio[ICT_MOST_STAGES + 1], root[ICT_MOST_STAGES + 1], lambda[ICT_MOST_STAGES + 1];
  path_of(r, leaf, unit);
  for (size_t s = 0; s < r->n_levels; s++) {
    size_t g = r->levels[s].stratum_of[unit[s]], n = units_in(&r->levels[s], g);
    ratio[s] = n > 1 ? (double)n / (double)(n / 2) : 1;
    root[s] = sqrt(ratio[s]);
    lambda[s] = r->levels[s].lambda[g];
  }
  for (size_t i = 0; i < r->n; i++) {
    double m = 1, above = 1;
    for (size_t s = 0; s < r->n_levels && above > 0; s++) {
      double kept = is_kept(r, &r->levels[s], unit[s], i);
      m += above * lambda[s] * (ratio[s] * kept - 1);
      above *= root[s] * kept;
    }
    out[i] = m;
  }
}

/* ---- degrees of freedom ---------------------------------------------------------------- */

/* A unit's own vector is the sum of the terms of its stage and those above. The vectors of a
 * stratum's units are independent until all are there; then they add up to that of the unit that
 * holds them (of the first stage: to ones). Where lambda is 0 they are it. */
typedef struct ranking {
  const ict_replicates *r;
  uint32_t unit[ICT_MOST_STAGES + 1]; /* open, by level */
  uint32_t k[ICT_MOST_STAGES + 1];    /* units of the open stratum that are in the span */
  bool in_span[ICT_MOST_STAGES + 2];  /* the open unit; the last: of the whole sample */
  uint32_t rank;
} ranking;

/* in_span of level s is that of its open unit; of the sample at n_levels. */
static bool *holder_of(ranking *at, size_t s) {
  return &at->in_span[s > 0 ? s - 1 : at->r->n_levels];
}

static void close_stratum(ranking *at, size_t s) {
  const ict_level *level = &at->r->levels[s];
  size_t g = level->stratum_of[at->unit[s]];
  bool all = at->k[s] == units_in(level, g), same = !(level->lambda[g] > 0);
  if (at->k[s] > 0 && (all || same)) *holder_of(at, s) = true;
  if (!same) at->rank += at->k[s] - (all && at->k[s] > 0);
  at->k[s] = 0;
}

/* From the last stage up to level s. */
static void close_units(ranking *at, size_t s, const uint32_t *next) {
  for (size_t i = at->r->n_levels; i-- > s;) {
    const ict_level *level = &at->r->levels[i];
    at->k[i] += at->in_span[i];
    at->in_span[i] = false;
    if (i > s || !next || level->stratum_of[at->unit[i]] != level->stratum_of[next[i]])
      close_stratum(at, i);
  }
}

ict_status ict_preston_rank(const ict_replicates *r, const uint32_t *rows, size_t n,
                            uint32_t *rank) {
  ranking at = {.r = r};
  const ict_level *last = &r->levels[r->n_levels - 1];
  for (size_t i = 0, leaf = SIZE_MAX; i < n; i++) {
    uint32_t unit[ICT_MOST_STAGES + 1];
    if (leaf != SIZE_MAX && rows[i] < last->first_row[leaf + 1]) continue;
    bool first = leaf == SIZE_MAX;
    leaf = ict_replicate_unit_of(last->first_row, last->n_units, first ? 0 : leaf, rows[i]);
    path_of(r, leaf, unit);
    size_t s = 0;
    while (!first && unit[s] == at.unit[s]) s++;
    if (!first) close_units(&at, s, unit);
    for (; s < r->n_levels; s++) at.unit[s] = unit[s];
    at.in_span[r->n_levels - 1] = true;
  }
  if (n > 0) close_units(&at, 0, NULL);
  *rank = at.rank + at.in_span[r->n_levels];
  return ICT_OK;
}
