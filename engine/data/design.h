/* design.h - the sample design of a sorted table.
 *
 * Rows are sorted by (stratum, PSU), so the design is two index arrays: PSU p owns
 * rows psu_first_row[p] .. psu_first_row[p+1]-1, stratum h owns PSUs
 * stratum_first_psu[h] .. stratum_first_psu[h+1]-1. A domain never changes it. */
#ifndef ICT_DATA_DESIGN_H
#define ICT_DATA_DESIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/calibration.h"

/* What to do about a stratum with a single PSU (and not a certainty stratum by its fpc).
 * As R survey's options(survey.lonely.psu) of the same names. */
typedef enum ict_lonely {
  ICT_LONELY_FAIL,      /* refuse: the variance cannot be estimated */
  ICT_LONELY_CERTAINTY, /* contributes no variance */
  ICT_LONELY_ADJUST,    /* centred at the grand mean of PSU totals */
  ICT_LONELY_AVERAGE,   /* takes the mean of the other strata */
  ICT_LONELY_REMOVE     /* contributes no variance (as certainty) */
} ict_lonely;
extern const char *const ict_lonely_names[]; /* in that order; NULL at the end */
const char *ict_lonely_name(ict_lonely policy);
bool ict_lonely_find(const char *word, ict_lonely *policy);

/* PSUs drawn with unequal probabilities, without replacement: how the joint probabilities are
 * approximated. As R survey's svydesign(pps = ) of the same names. */
typedef enum ict_pps {
  ICT_PPS_NONE,       /* equal probabilities in a stratum, or with replacement */
  ICT_PPS_BREWER,     /* Brewer (2002): a factor 1 - p of each PSU */
  ICT_PPS_OVERTON,    /* Overton (1985): Horvitz-Thompson */
  ICT_PPS_HARTLEY_RAO /* Hartley and Rao (1962), the population's sum of p^2 by the sample */
} ict_pps;
extern const char *const ict_pps_names[]; /* in that order; NULL at the end */
const char *ict_pps_name(ict_pps pps);
bool ict_pps_find(const char *word, ict_pps *pps);

/* A stage of sampling below the first: units drawn within a unit of the stage above (at the second
 * stage, within a PSU). The same two index arrays as for PSUs, and one more that nests them: the
 * parent's unit p owns strata parent_first_stratum[p] .. [p+1]-1, each unit has at least a row. */
typedef struct ict_stage {
  size_t n_units, n_strata;
  const uint64_t *unit_first_row;       /* n_units + 1 */
  const uint64_t *stratum_first_unit;   /* n_strata + 1 */
  const uint64_t *parent_first_stratum; /* units of the stage above + 1 */
  /* Sampling fraction of each stratum as below; NULL: all 0. */
  const double *fraction;
  const char *strata_from, *units_from, *fpc_from; /* names in the source, or NULL */
} ict_stage;

/* How replicate weights were made. The words and defaults are those of R's svrepdesign. */
typedef enum ict_replicate_type {
  ICT_REPLICATE_BRR,
  ICT_REPLICATE_FAY,
  ICT_REPLICATE_JK1,
  ICT_REPLICATE_JK2,
  ICT_REPLICATE_JKN,
  ICT_REPLICATE_BOOTSTRAP,
  ICT_REPLICATE_SDR, /* successive differences */
  ICT_REPLICATE_ACS, /* the same with mse */
  ICT_REPLICATE_OTHER
} ict_replicate_type;
extern const char *const ict_replicate_names[]; /* in that order; NULL at the end */
const char *ict_replicate_name(ict_replicate_type type);
bool ict_replicate_find(const char *word, ict_replicate_type *type);

/* Replicate weights that came with the data. V = scale sum rscale (theta_r - centre)^2. */
typedef struct ict_replicate_weights {
  ict_replicate_type type;
  size_t n;             /* replicates */
  const double *weight; /* n_rows x n, a row's replicates side by side; finite, >= 0; combined
                           with the sampling weight */
  double scale;
  const double *rscale; /* n; NULL: all 1 */
  bool mse;             /* centre: the full estimate, not the mean of the replicates */
  double df;            /* of every estimate; 0: by the rank of the weights */
  const char *from;     /* names in the source, for people; or NULL */
} ict_replicate_weights;

#define ICT_MOST_STAGES 16 /* below the first; none was ever drawn with half as many */

typedef struct ict_design {
  bool has_strata; /* false: one stratum that holds all PSUs */
  bool has_psu;    /* false: every row is its own PSU */
  bool has_weight; /* false: all weights are 1 */
  bool census;     /* true: no sampling variance at all (f_h = 1 everywhere) */
  ict_lonely lonely;
  bool lonely_in_domain; /* R's survey.adjust.domain.lonely, for adjust and average */

  size_t n_rows, n_psu, n_strata;
  const uint64_t *psu_first_row;     /* n_psu + 1 */
  const uint64_t *stratum_first_psu; /* n_strata + 1 */
  const double *weight;              /* n_rows, finite, >= 0; NULL: all 1 */
  /* Sampling fraction f_h = n_h / N_h of each stratum, 0 where sampled with
   * replacement or no fpc was given; NULL: all 0. In [0, 1]. */
  const double *fraction;
  /* Labels for people, NULL or n_strata entries: "BR/11/2". */
  const char *const *stratum_label;
  const char *strata_from, *psu_from, *weight_from, *fpc_from; /* names in the source, or NULL */
  const ict_replicate_weights *replicates;                     /* or NULL */

  /* Stages below the first, from the second on. Where a unit's stratum has the fraction 0 its lower
   * stages have no share in the variance, whatever stands there. */
  size_t n_stages;
  const ict_stage *stages;
  /* PPS without replacement: the inclusion probability of each PSU, in (0, 1], and `fraction` is
   * NULL. ICT_PPS_NONE: NULL. */
  ict_pps pps;
  const double *inclusion;
  const ict_calibration *calibration; /* `weight` is calibrated so; NULL: it is not */
} ict_design;

static inline double ict_stage_fraction(const ict_stage *stage, size_t stratum) {
  return stage->fraction ? stage->fraction[stratum] : 0;
}

/* Sampling fraction of a PSU of the stratum, what its later stages' variance is multiplied by. */
static inline double ict_design_fraction(const ict_design *d, size_t stratum, size_t psu) {
  if (d->inclusion) return d->inclusion[psu];
  return d->census ? 1 : d->fraction ? d->fraction[stratum] : 0;
}

static inline size_t ict_design_psus_in(const ict_design *d, size_t h) {
  return (size_t)(d->stratum_first_psu[h + 1] - d->stratum_first_psu[h]);
}

#endif
