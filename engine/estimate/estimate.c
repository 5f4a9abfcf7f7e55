/* estimate.c - from the sums of a cell to a row of numbers.
 *
 * In: sums, options. Out: an estimate with all that tells how good it is.
 * Owns: nothing. */
#include "estimate/estimate.h"

#include <math.h>

#include "estimate/inside.h"

typedef struct estimator {
  const char *name;
  bool bounded;
  ict_linear (*linear)(const ict_sums *sums, const ict_estimate_options *options);
} estimator;

static const estimator estimators[] = {
#define ESTIMATOR(NAME, name, bounded) {#name, bounded, ict_estimator_##name},
#include "estimate/estimators.def"
#undef ESTIMATOR
};

const char *ict_estimator_name(ict_estimator kind) { return estimators[kind].name; }

ict_linear ict_linear_of(ict_estimator kind, const ict_sums *s, const ict_estimate_options *o) {
  return estimators[kind].linear(s, o);
}

/* Variance under simple random sampling of as many rows from the same population, as R's
 * svymean, svyratio and svytotal have it: S^2 / n, with (1 - n/W) for sampling without
 * replacement; `unit` is W^2 times the weighted mean of z^2. */
static double srs_variance(const ict_sums *s, double unit, ict_deff_kind kind) {
  double n = (double)s->n;
  if (n < 2) return NAN;
  double v = unit / (n - 1);
  if (kind == ICT_DEFF_WR) return v;
  /* More rows than the weights stand for: they are no expansion weights. */
  return s->w >= n ? v * (1 - n / s->w) : (double)NAN;
}

static void measure(const estimator *e, const ict_sums *s, const ict_estimate_options *o,
                    ict_estimate_result *r) {
  ict_linear l = e->linear(s, o);
  if (isnan(l.value)) {
    r->notes |= ICT_NOTE_NO_DENOMINATOR;
    return;
  }
  r->estimate = l.value;
  ict_estimator kind = (ict_estimator)(e - estimators);
  double v = o->census ? 0 : o->replicate ? ict_replicated_variance(kind, s, o, r) : l.variance;
  if (v < 0) v = NAN; /* a total under PPS: see NEGATIVE in estimators.c */
  r->se = sqrt(v);
  if (l.value != 0) r->cv = r->se / fabs(l.value);
  double srs = srs_variance(s, l.unit, o->deff);
  if (o->replicate) v = ict_replicated_for_deff(kind, s, o, v);
  if (srs > 0 && !o->census) r->deff = v / srs;
  /* The share of a quantity that can be negative may lie outside. */
  ict_interval(e->bounded && l.value >= 0 && l.value <= 1, o, r);
}

double ict_df_by_rule(const ict_estimate_options *o, uint64_t n_psu, uint64_t n_strata) {
  bool counted = o->df == ICT_DF_DEGF || o->df == ICT_DF_DESIGN;
  if (o->replicate && counted) return ict_replicated_df(o);
  switch (o->df) {
    case ICT_DF_DESIGN:
      return (double)o->n_psu_design - (double)o->n_strata_design;
    case ICT_DF_FIXED:
      return o->df_fixed;
    case ICT_DF_INF:
      return INFINITY;
    case ICT_DF_DEGF:
      break;
  }
  return (double)n_psu - (double)n_strata;
}

bool ict_estimate_begin(const ict_sums *units, uint64_t n, double w, bool empty,
                        const ict_estimate_options *o, ict_estimate_result *out) {
  *out = (ict_estimate_result){.estimate = NAN,
                               .se = NAN,
                               .cv = NAN,
                               .ci_low = NAN,
                               .ci_high = NAN,
                               .deff = NAN,
                               .df = NAN,
                               .n = n,
                               .n_psu = units->n_psu,
                               .n_strata = units->n_strata,
                               .pop_weighted = w};
  if (empty) {
    out->notes = ICT_NOTE_EMPTY;
    return false;
  }
  if (o->census) {
    out->notes |= ICT_NOTE_CENSUS;
    return true;
  }
  out->df = ict_df_by_rule(o, units->n_psu, units->n_strata);
  if (out->df <= 0) out->notes |= ICT_NOTE_DF_LOW;
  if (units->n_lonely + units->n_lonely_below > 0 && !o->replicate) out->notes |= ICT_NOTE_LONELY;
  return true;
}

void ict_estimate(ict_estimator kind, const ict_sums *s, const ict_estimate_options *o,
                  ict_estimate_result *out) {
  if (ict_estimate_begin(s, s->n, s->w, s->n == 0, o, out)) measure(&estimators[kind], s, o, out);
}
