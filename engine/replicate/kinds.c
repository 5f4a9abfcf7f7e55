/* kinds.c - a request and a design become replicates.
 *
 * In: the design, what is asked for. Out: replicates with their scales.
 * Owns: the replicates.
 *
 * Scales, rscales and multipliers are those of R's as.svrepdesign (docs/math.md, "Replicates"). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "replicate/inside.h"

#define MOST_REPLICATES  65535 /* a bootstrap of more is a slip of the keyboard */
#define MOST_DRAWN_BYTES 2147483648.0

static double fraction_of(const ict_design *d, size_t h) {
  return d->fraction ? d->fraction[h] : 0;
}

bool ict_replicate_is_fixed(const ict_replicates *r, size_t h) {
  const ict_design *d = r->design;
  return ict_design_psus_in(d, h) == 1 &&
         (fraction_of(d, h) >= 1 || d->lonely == ICT_LONELY_CERTAINTY ||
          d->lonely == ICT_LONELY_REMOVE);
}

size_t ict_replicate_unit_of(const uint64_t *first_row, size_t n, size_t from, size_t row) {
  size_t low = from, high = from + 1; /* first_row[low] <= row */
  for (size_t step = 1; high < n && first_row[high] <= row; step *= 2) {
    low = high;
    high = n - high > step ? high + step : n;
  }
  while (high - low > 1) { /* row < first_row[high] */
    size_t mid = low + (high - low) / 2;
    if (first_row[mid] <= row)
      low = mid;
    else
      high = mid;
  }
  return low;
}

ict_status ict_refuse_draws(double bytes, const ict_replicates *r, ict_err *err) {
  if (bytes <= MOST_DRAWN_BYTES) return ICT_OK;
  ict_err_set(err, ICT_REFUSED, "%zu replicates of %zu PSUs need %.1f GB of draws", r->n,
              r->design->n_psu, bytes / 1e9);
  ict_err_fix(err, "ask for fewer replicates");
  return ICT_REFUSED;
}

static ict_status refuse_stratum(const ict_design *d, size_t h, const char *kind,
                                 const char *expected, const char *fix, ict_err *err) {
  const char *label = d->stratum_label ? d->stratum_label[h] : "(all)";
  ict_err_set(err, ICT_REFUSED, "stratum %s has %zu PSU%s: no %s replicates can be made from it",
              label[0] ? label : "(all)", ict_design_psus_in(d, h),
              ict_design_psus_in(d, h) == 1 ? "" : "s", kind);
  ict_err_expected(err, "%s", expected);
  ict_err_fix(err, "%s", fix);
  return ICT_REFUSED;
}

static ict_status map_psus(ict_replicates *r, ict_err *err) {
  const ict_design *d = r->design;
  r->stratum_of = ict_alloc(d->n_psu, sizeof *r->stratum_of);
  if (!r->stratum_of) return ict_err_memory(err);
  for (size_t h = 0; h < d->n_strata; h++)
    for (uint64_t p = d->stratum_first_psu[h]; p < d->stratum_first_psu[h + 1]; p++)
      r->stratum_of[p] = (uint32_t)h;
  return ICT_OK;
}

/* ---- jackknife ------------------------------------------------------------------------- */

static ict_status leave_stratum(ict_replicates *r, size_t h, size_t *n_without, ict_err *err) {
  const ict_design *d = r->design;
  double n = (double)ict_design_psus_in(d, h), f = fraction_of(d, h), strata = (double)d->n_strata;
  ict_left_out *left = &r->left[h];
  left->first = r->n;
  if (f >= 1 || n == 0) return ICT_OK; /* taken whole: no variance */
  if (n > 1) {
    *left = (ict_left_out){r->n, (size_t)n, n / (n - 1), 1};
    for (size_t i = 0; i < left->n; i++) r->rscale_own[r->n + i] = (1 - f) * ((n - 1) / n);
  } else if (d->lonely == ICT_LONELY_FAIL) {
    return refuse_stratum(d, h, "jackknife", "two PSUs or more in every stratum",
                          "give `lonely_psu:` in the mapping's design", err);
  } else if (d->lonely == ICT_LONELY_ADJUST && d->n_strata > 1) {
    *left = (ict_left_out){r->n, 1, 0, strata / (strata - 1)};
    r->rscale_own[r->n] = (strata - 1) / strata;
  } else {
    (*n_without)++;
  }
  r->n += left->n;
  return ICT_OK;
}

static ict_status make_jackknife(ict_replicates *r, bool stratified, ict_err *err) {
  const ict_design *d = r->design;
  ict_status st = ICT_OK;
  size_t n_without = 0;
  r->form = FORM_LEAVE;
  if (!stratified && d->n_strata > 1) {
    ict_err_set(err, ICT_REFUSED, "jk1 replicates cannot be made from a design of %zu strata",
                d->n_strata);
    ict_err_fix(err, "write `--replicates jkn`");
    return ICT_REFUSED;
  }
  r->left = ict_alloc(d->n_strata, sizeof *r->left);
  r->rscale_own = ict_alloc(d->n_psu, sizeof *r->rscale_own);
  if (!r->left || !r->rscale_own) return ict_err_memory(err);
  r->rscale = r->rscale_own;
  for (size_t h = 0; h < d->n_strata && st == ICT_OK; h++)
    st = leave_stratum(r, h, &n_without, err);
  if (st != ICT_OK) return st;
  if (r->n == 0)
    return ict_err_set(err, ICT_REFUSED, "every stratum was taken whole: nothing to replicate");
  for (size_t h = 0; h < d->n_strata; h++) {
    const ict_left_out *left = &r->left[h];
    ict_left_rest *rest = &r->left_rest[left->outside != 1];
    if (left->n == 0) continue;
    rest->n += left->n;
    rest->rscale += (double)left->n * r->rscale_own[left->first];
    rest->outside = left->outside;
  }
  r->scale = 1;
  if (d->lonely == ICT_LONELY_AVERAGE && n_without > 0)
    r->scale = (double)d->n_psu / (double)r->n; /* R's, which counts PSUs */
  snprintf(r->text, sizeof r->text, "%zu replicates, %s jackknife", r->n,
           stratified ? "stratified (jkn)" : "delete-one (jk1)");
  return ICT_OK;
}

/* ---- half-samples ---------------------------------------------------------------------- */

static ict_status make_half_samples(ict_replicates *r, double rho, ict_err *err) {
  const ict_design *d = r->design;
  r->form = FORM_SIGNS;
  for (size_t h = 0; h < d->n_strata; h++)
    if (ict_design_psus_in(d, h) != 2 && !ict_replicate_is_fixed(r, h))
      return refuse_stratum(d, h, "BRR", "two PSUs in every stratum",
                            "write `--replicates jkn`, or pair the PSUs in the data", err);
  ict_status st = ict_hadamard_init(&r->hadamard, d->n_strata, err);
  if (st != ICT_OK) return st;
  r->n = r->hadamard.order;
  r->rho = rho;
  r->scale = 1 / ((double)r->n * (1 - rho) * (1 - rho));
  if (rho == 0)
    snprintf(r->text, sizeof r->text, "%zu replicates, balanced half-samples (brr)", r->n);
  else
    snprintf(r->text, sizeof r->text, "%zu replicates, Fay's half-samples, rho %g", r->n, rho);
  return ICT_OK;
}

/* ---- successive differences ------------------------------------------------------------ */

static ict_status make_successive(ict_replicates *r, size_t n, ict_err *err) {
  const ict_design *d = r->design;
  r->form = FORM_LINKS;
  for (size_t h = 0; h < d->n_strata; h++)
    if (ict_design_psus_in(d, h) < 2 && !ict_replicate_is_fixed(r, h))
      return refuse_stratum(d, h, "successive difference", "two PSUs or more in every stratum",
                            "give `lonely_psu: certainty` in the mapping's design", err);
  ict_status st = ict_hadamard_init(&r->hadamard, n - 1, err);
  if (st != ICT_OK) return st;
  if (r->hadamard.order != n) {
    ict_err_set(err, ICT_USAGE, "there is no Hadamard matrix of order %zu for sdr:%zu", n, n);
    ict_err_fix(err, "write `--replicates sdr:%zu`", r->hadamard.order);
    return ICT_USAGE;
  }
  r->n = n;
  r->scale = 4 / (double)n;
  r->mse = true; /* Fay and Train's, and the survey offices' */
  snprintf(r->text, sizeof r->text,
           "%zu replicates, successive differences (sdr), PSUs in the order of their labels", n);
  return ict_successive(r, err);
}

/* ---- bootstraps ------------------------------------------------------------------------ */

static ict_status make_bootstrap(ict_replicates *r, size_t n, size_t less, uint64_t seed,
                                 ict_err *err) {
  const ict_design *d = r->design;
  double inverse = 0;
  r->form = FORM_COUNTS;
  r->n = n;
  for (size_t h = 0; h < d->n_strata; h++) {
    size_t psus = ict_design_psus_in(d, h);
    if (psus < 2 && !ict_replicate_is_fixed(r, h))
      return refuse_stratum(d, h, "bootstrap", "two PSUs or more in every stratum",
                            "give `lonely_psu: certainty` in the mapping's design", err);
    inverse += 1 / (double)psus;
  }
  r->scale = 1 / (double)(n - 1);
  r->repeats_to_population = less == 0;
  if (less == 0) {
    double k = (double)d->n_strata / inverse; /* harmonic mean of the strata's sizes */
    if (!(k > 1))
      return ict_err_set(err, ICT_REFUSED, "every stratum has a single PSU: nothing to resample");
    r->scale *= k / (k - 1);
  }
  ict_status st = ict_resample(r, less, seed, err);
  snprintf(r->text, sizeof r->text, "%zu replicates, bootstrap (%s), seed %llu", n,
           less ? "Rao-Wu" : "Canty-Davison", (unsigned long long)seed);
  return st;
}

static ict_status make_multistage(ict_replicates *r, size_t n, uint64_t seed, ict_err *err) {
  r->form = FORM_STAGES;
  r->n = n;
  r->scale = 1 / (double)(n - 1);
  snprintf(r->text, sizeof r->text, "%zu replicates, multistage bootstrap (Preston), seed %llu", n,
           (unsigned long long)seed);
  return ict_preston(r, seed, err);
}

/* ---- of the data ----------------------------------------------------------------------- */

static void take_own(ict_replicates *r) {
  const ict_replicate_weights *w = r->design->replicates;
  r->form = FORM_ROWS;
  r->name = ict_replicate_name(w->type);
  r->n = w->n;
  r->weight = w->weight;
  r->scale = w->scale;
  r->rscale = w->rscale;
  r->mse = w->mse;
  r->df = w->df;
  snprintf(r->text, sizeof r->text, "%zu replicate weights of the data, %s%s", w->n,
           ict_replicate_name(w->type), w->mse ? ", mse" : "");
}

/* ---- the choice ------------------------------------------------------------------------ */

typedef struct choice {
  const char *word;
  enum { NO_NUMBER, SHARE, NUMBER } takes;
  const char *example;
} choice;
enum { NONE, JK1, JKN, BRR, FAY, SDR, BOOTSTRAP, SUBBOOTSTRAP, MRBBOOTSTRAP, N_CHOICES };
static const choice choices[N_CHOICES] = {
    [NONE] = {"none", NO_NUMBER, "none"},
    [JK1] = {"jk1", NO_NUMBER, "jk1"},
    [JKN] = {"jkn", NO_NUMBER, "jkn"},
    [BRR] = {"brr", NO_NUMBER, "brr"},
    [FAY] = {"fay", SHARE, "fay:0.5"},
    [SDR] = {"sdr", NUMBER, "sdr:80"},
    [BOOTSTRAP] = {"bootstrap", NUMBER, "bootstrap:500"},
    [SUBBOOTSTRAP] = {"subbootstrap", NUMBER, "subbootstrap:500"},
    [MRBBOOTSTRAP] = {"mrbbootstrap", NUMBER, "mrbbootstrap:500"},
};

/* "fay:0.5" -> FAY, 0.5. N_CHOICES where it is none of them. */
static int find_choice(const char *kind, double *number) {
  const char *colon = strchr(kind, ':');
  size_t len = colon ? (size_t)(colon - kind) : strlen(kind);
  for (int i = 0; i < N_CHOICES; i++) {
    const choice *c = &choices[i];
    if (strlen(c->word) != len || strncmp(kind, c->word, len) != 0) continue;
    if (!colon) return c->takes == NO_NUMBER ? i : N_CHOICES;
    if (!ict_number_parse(ict_slice_of(colon + 1), '.', number)) return N_CHOICES;
    bool good = c->takes == SHARE ? *number >= 0 && *number < 1
                                  : c->takes == NUMBER && *number >= 2 &&
                                        *number <= MOST_REPLICATES && *number == floor(*number);
    return good ? i : N_CHOICES;
  }
  return N_CHOICES;
}

static ict_status refuse_kind(const char *kind, ict_err *err) {
  ict_err_set(err, ICT_USAGE, "'%s' is no way to make replicates", kind);
  ict_err_expected(err,
                   "none, jk1, jkn, brr, fay:RHO (0 <= RHO < 1), sdr:N, bootstrap:N, "
                   "subbootstrap:N or mrbbootstrap:N (N from 2)");
  ict_err_fix(err, "such as `--replicates %s`", choices[BOOTSTRAP].example);
  return ICT_USAGE;
}

static ict_status make(ict_replicates *r, int which, double number, uint64_t seed, ict_err *err) {
  if (r->design->pps != ICT_PPS_NONE) {
    ict_err_set(err, ICT_REFUSED, "no replicates can be made from a design with `pps: %s`",
                ict_pps_name(r->design->pps));
    ict_err_fix(err, "leave out --replicates: the variance is then by linearisation");
    return ICT_REFUSED;
  }
  ict_status st = map_psus(r, err);
  if (st != ICT_OK) return st;
  r->name = choices[which].word;
  switch (which) {
    case JK1:
    case JKN:
      return make_jackknife(r, which == JKN, err);
    case BRR:
    case FAY:
      return make_half_samples(r, number, err);
    case SDR:
      return make_successive(r, (size_t)number, err);
    case MRBBOOTSTRAP:
      return make_multistage(r, (size_t)number, seed, err);
    default:
      return make_bootstrap(r, (size_t)number, which == SUBBOOTSTRAP, seed, err);
  }
}

ict_status ict_replicates_new(const ict_design *design, const ict_replicate_request *request,
                              ict_replicates **out, ict_err *err) {
  *out = NULL;
  double number = 0;
  int which = request->kind ? find_choice(request->kind, &number) : NONE;
  if (which == N_CHOICES) return refuse_kind(request->kind, err);
  bool own = !request->kind && design->replicates;
  if (design->census || design->n_rows == 0 || (which == NONE && !own)) return ICT_OK;
  ict_replicates *r = ict_alloc(1, sizeof *r);
  if (!r) return ict_err_memory(err);
  r->design = design;
  r->mse = request->mse;
  ict_status st = ICT_OK;
  if (own)
    take_own(r);
  else
    st = make(r, which, number, request->seed, err);
  r->made_as = r->form;
  if (st == ICT_OK && !own && design->calibration) st = ict_replicates_calibrate(r, err);
  if (st != ICT_OK) {
    ict_replicates_free(r);
    return st;
  }
  if (request->no_df && r->df == 0) r->df = NAN;
  *out = r;
  return ICT_OK;
}

void ict_replicates_free(ict_replicates *r) {
  if (!r) return;
  ict_hadamard_done(&r->hadamard);
  ict_free(r->rscale_own);
  ict_free(r->left);
  ict_free(r->count);
  ict_free(r->factor);
  ict_free(r->stratum_of);
  ict_free(r->link);
  ict_preston_free(r);
  ict_free(r->weight_own);
  ict_free(r);
}

size_t ict_replicates_n(const ict_replicates *r) { return r->n; }
double ict_replicates_rscale(const ict_replicates *r, size_t i) {
  return r->rscale ? r->rscale[i] : 1;
}
const char *ict_replicates_name(const ict_replicates *r) { return r->name; }
const char *ict_replicates_text(const ict_replicates *r) { return r->text; }

const double *ict_replicates_of_rows(const ict_replicates *r) {
  return r->form == FORM_ROWS ? r->weight : NULL;
}

size_t ict_replicates_units(const ict_replicates *r, const uint64_t **first_row) {
  if (r->made_as == FORM_STAGES) {
    *first_row = r->levels[r->n_levels - 1].first_row;
    return r->levels[r->n_levels - 1].n_units;
  }
  *first_row = r->design->psu_first_row;
  return r->design->n_psu;
}

static void left_out_of(const ict_replicates *r, size_t psu, double *out) {
  const ict_design *d = r->design;
  size_t mine = r->stratum_of[psu];
  for (size_t h = 0; h < d->n_strata; h++) {
    const ict_left_out *left = &r->left[h];
    for (size_t i = 0; i < left->n; i++)
      out[left->first + i] = h == mine ? left->inside : left->outside;
  }
  const ict_left_out *left = &r->left[mine];
  if (left->n > 0) out[left->first + psu - (size_t)d->stratum_first_psu[mine]] = 0;
}

void ict_replicates_multipliers(const ict_replicates *r, size_t psu, double *out) {
  if (r->made_as == FORM_STAGES) {
    ict_preston_multipliers(r, psu, out);
    return;
  }
  size_t h = r->stratum_of[psu];
  if (r->made_as == FORM_LEAVE) {
    left_out_of(r, psu, out);
  } else if (r->made_as == FORM_COUNTS) {
    const uint16_t *count = r->count + psu * r->n;
    for (size_t i = 0; i < r->n; i++) out[i] = r->factor[h] * count[i];
  } else if (r->made_as == FORM_LINKS) {
    ict_successive_multipliers(r, psu, out);
  } else {
    bool fixed = ict_replicate_is_fixed(r, h);
    bool first = psu == (size_t)r->design->stratum_first_psu[h];
    for (size_t i = 0; i < r->n; i++) {
      bool in = (ict_hadamard_at(&r->hadamard, h + 1, i) > 0) == first;
      out[i] = fixed ? 1 : in ? 2 - r->rho : r->rho;
    }
  }
}
