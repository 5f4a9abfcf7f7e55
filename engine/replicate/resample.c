/* resample.c - bootstrap replicates: how often each PSU is drawn in each replicate.
 *
 * In: the design, a seed. Out: counts by PSU and replicate, a factor by stratum.
 * Owns: nothing; the counts are the replicates'. */
#include <math.h>

#include "base/mem.h"
#include "base/par.h"
#include "replicate/inside.h"
#include "replicate/random.h"

/* The largest share of replicates that draw a PSU equally often, of any population but one hardly
 * larger than the sample: once, where 2 PSUs are drawn of the 4 that 2 stand for. */
#define OFTEN (2.0 / 3)
/* Replicates a task draws: their counts of a PSU fill cache lines of their own. */
#define AT_ONCE 64

typedef struct drawing {
  ict_replicates *replicates;
  size_t less;
  uint64_t seed;
  uint32_t *extra; /* n_psu: 1 where the PSU has a copy more in the stratum's population */
  size_t *copies;  /* n_strata: of each PSU in the population; 0: with replacement */
} drawing;

static void draw(const drawing *d, size_t replicate, size_t h) {
  ict_replicates *r = d->replicates;
  size_t first = (size_t)r->design->stratum_first_psu[h];
  size_t n = ict_design_psus_in(r->design, h);
  uint16_t *count = r->count + first * r->n + replicate;
  if (ict_replicate_is_fixed(r, h)) {
    count[0] = 1;
    return;
  }
  ict_stream s = ict_stream_of(d->seed, replicate, h);
  for (size_t drawn = 0; drawn < n - d->less;) {
    size_t psu = ict_stream_below(&s, n);
    if (d->copies[h] > 0) {
      /* One of the PSU's places for copies; empty or already taken: again. So every copy that
       * is left is as likely as any other. */
      size_t place = ict_stream_below(&s, d->copies[h] + 1);
      if (place >= d->copies[h] + d->extra[first + psu] - count[psu * r->n]) continue;
    }
    if (count[psu * r->n] < UINT16_MAX) count[psu * r->n]++;
    drawn++;
  }
}

static void draw_some(void *ctx, size_t i, int thread) {
  const drawing *d = ctx;
  size_t end = (i + 1) * AT_ONCE < d->replicates->n ? (i + 1) * AT_ONCE : d->replicates->n;
  (void)thread;
  for (size_t h = 0; h < d->replicates->design->n_strata; h++)
    for (size_t k = i * AT_ONCE; k < end; k++) draw(d, k, h);
}

/* ---- populations ----------------------------------------------------------------------- */

/* Canty and Davison (1999): the PSUs repeated to the size of the population; where that is no
 * multiple, some PSUs, taken at random, have a copy more. */
static void make_population(drawing *d, size_t h) {
  ict_replicates *r = d->replicates;
  const ict_design *design = r->design;
  size_t n = ict_design_psus_in(design, h);
  double f = design->fraction ? design->fraction[h] : 0;
  if (d->less > 0 || f == 0) return;
  size_t population = (size_t)llround((double)n / f);
  if (population < n) population = n;
  d->copies[h] = population / n;
  if (f < 1) r->may_coincide |= ict_may_coincide((double)n / (double)population, r->n);
  uint32_t *extra = d->extra + design->stratum_first_psu[h];
  ict_stream s = ict_stream_of(d->seed, UINT64_MAX - 1, h);
  for (size_t left = population % n; left > 0;) {
    size_t psu = ict_stream_below(&s, n);
    if (extra[psu]) continue;
    extra[psu] = 1;
    left--;
  }
}

ict_status ict_resample(ict_replicates *r, size_t less, uint64_t seed, ict_err *err) {
  const ict_design *design = r->design;
  drawing d = {.replicates = r, .less = less, .seed = seed};
  ict_status st = ICT_OK;
  double bytes = (double)design->n_psu * (double)r->n * sizeof *r->count;
  st = ict_refuse_draws(bytes, r, err);
  if (st != ICT_OK) return st;
  d.extra = ict_alloc(design->n_psu, sizeof *d.extra);
  d.copies = ict_alloc(design->n_strata, sizeof *d.copies);
  r->count = ict_alloc(design->n_psu * r->n, sizeof *r->count);
  r->factor = ict_alloc(design->n_strata, sizeof *r->factor);
  if (!d.extra || !d.copies || !r->count || !r->factor) {
    st = ict_err_memory(err);
    goto done;
  }
  r->may_coincide = ict_may_coincide(OFTEN, r->n);
  for (size_t h = 0; h < design->n_strata; h++) {
    double n = (double)ict_design_psus_in(design, h);
    r->factor[h] = ict_replicate_is_fixed(r, h) ? 1 : n / (n - (double)less);
    make_population(&d, h);
  }
  ict_par_run((r->n + AT_ONCE - 1) / AT_ONCE, ict_par_threads(0), draw_some, &d);
done:
  ict_free(d.extra);
  ict_free(d.copies);
  return st;
}
