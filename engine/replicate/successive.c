/* successive.c - successive differences: each PSU's multiplier from two rows of a Hadamard matrix.
 *
 * In: the design, its PSUs in the order of selection. Out: two rows and a factor for each PSU.
 * Owns: nothing; the rows are the replicates'.
 *
 * Fay and Train (1995), as the American Community Survey and the CPS use it: PSU i of a stratum has
 *     m_ir = 1 + 2^(-3/2) (a_r,link(i) - a_r,link(i+1)),    V = 4/R sum (theta_r - theta)^2
 * where link(i) is the row of the matrix that stands between PSU i - 1 and PSU i; the chain of a
 * stratum closes to a ring. With rows of their own for all links, V of a total is half the sum of
 * the squared differences of neighbours. There are R - 1 rows (row 0 is all ones): more links than
 * that take the rows again in another order, so that two rows rarely meet twice. */
#include <math.h>

#include "base/mem.h"
#include "replicate/inside.h"

static size_t common_divisor(size_t a, size_t b) {
  while (b) {
    size_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* Row after row; in the next round every second, then every third, as far as that meets them all.
 */
typedef struct walk {
  size_t n_rows, at, step, taken;
} walk;

static size_t next_row(walk *w) {
  size_t row = 1 + w->at;
  w->at = (w->at + w->step) % w->n_rows;
  if (++w->taken < w->n_rows) return row;
  w->taken = 0;
  do w->step = w->step % w->n_rows + 1;
  while (common_divisor(w->step, w->n_rows) != 1);
  return row;
}

static size_t next_but(walk *w, size_t one, size_t other) {
  size_t row = next_row(w);
  while (row == one || row == other) row = next_row(w);
  return row;
}

ict_status ict_successive(ict_replicates *r, ict_err *err) {
  const ict_design *d = r->design;
  walk w = {.n_rows = r->n - 1, .step = 1};
  r->link = ict_alloc(d->n_psu, sizeof *r->link);
  r->factor = ict_alloc(d->n_strata, sizeof *r->factor);
  if (!r->link || !r->factor) return ict_err_memory(err);
  for (size_t h = 0; h < d->n_strata; h++) {
    size_t n = ict_design_psus_in(d, h);
    double f = d->fraction ? d->fraction[h] : 0;
    if (n < 2) continue; /* the factor is 0 */
    r->factor[h] = sqrt(1 - f) * 0.35355339059327379;
    ict_link *link = r->link + d->stratum_first_psu[h];
    link[0].before = (uint32_t)next_row(&w);
    for (size_t i = 1; i < n; i++) {
      /* Equal rows on both sides of a PSU would leave it out; the last has the first beside it. */
      size_t first = i + 1 == n ? link[0].before : 0;
      link[i].before = (uint32_t)next_but(&w, link[i - 1].before, first);
      link[i - 1].after = link[i].before;
    }
    link[n - 1].after = link[0].before;
  }
  return ICT_OK;
}

void ict_successive_multipliers(const ict_replicates *r, size_t psu, double *out) {
  double factor = r->factor[r->stratum_of[psu]];
  const ict_link *link = &r->link[psu];
  for (size_t i = 0; i < r->n; i++)
    out[i] = factor > 0 ? 1 + factor * (ict_hadamard_at(&r->hadamard, link->before, i) -
                                        ict_hadamard_at(&r->hadamard, link->after, i))
                        : 1;
}

/* ---- degrees of freedom ---------------------------------------------------------------- */

/* A multiplier is 1/c + a_before - a_after, times c: an edge between two rows, of the length 1/c.
 * Edges of a tree are independent. One more edge adds nothing, unless the lengths around the ring
 * that it closes do not add up to 0: then it adds the vector of ones, once. */
#define ROUNDING 1e-9

typedef struct node {
  uint32_t up;   /* row; its own: the top */
  double height; /* above it */
} node;

static uint32_t top_of(node *nodes, uint32_t row, double *height) {
  for (*height = 0; nodes[row].up != row; row = nodes[row].up) {
    const node *up = &nodes[nodes[row].up];
    nodes[row].height += up->height; /* past it: the way is half as long next time */
    nodes[row].up = up->up;
    *height += nodes[row].height;
  }
  return row;
}

ict_status ict_successive_rank(const ict_replicates *r, const uint32_t *rows, size_t n,
                               uint32_t *rank) {
  const ict_design *d = r->design;
  bool ones = false;
  node *nodes = ict_alloc(r->n, sizeof *nodes);
  if (!nodes) return ICT_FAIL;
  for (size_t i = 0; i < r->n; i++) nodes[i].up = (uint32_t)i;
  *rank = 0;
  for (size_t i = 0, psu = SIZE_MAX; i < n; i++) {
    if (psu != SIZE_MAX && rows[i] < d->psu_first_row[psu + 1]) continue;
    psu = ict_replicate_unit_of(d->psu_first_row, d->n_psu, psu != SIZE_MAX ? psu : 0, rows[i]);
    double factor = r->factor[r->stratum_of[psu]], low, high;
    if (!(factor > 0)) {
      ones = true;
      continue;
    }
    uint32_t from = top_of(nodes, r->link[psu].before, &low);
    uint32_t to = top_of(nodes, r->link[psu].after, &high);
    double missing = low - high - 1 / factor;
    if (from != to) {
      nodes[from] = (node){to, -missing};
      ++*rank;
    } else if (fabs(missing) > ROUNDING / factor) {
      ones = true;
    }
  }
  *rank += ones;
  ict_free(nodes);
  return ICT_OK;
}
