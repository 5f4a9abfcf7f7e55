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

/* What to do about a stratum with a single PSU (and not a certainty stratum by its fpc).
 * As R survey's options(survey.lonely.psu) of the same names. */
typedef enum ict_lonely {
  ICT_LONELY_FAIL,      /* refuse: the variance cannot be estimated */
  ICT_LONELY_CERTAINTY, /* contributes no variance */
  ICT_LONELY_ADJUST,    /* centred at the grand mean of PSU totals */
  ICT_LONELY_AVERAGE,   /* takes the mean of the other strata */
  ICT_LONELY_REMOVE     /* contributes no variance (as certainty) */
} ict_lonely;
const char *ict_lonely_name(ict_lonely policy);
bool ict_lonely_find(const char *word, ict_lonely *policy);

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
} ict_design;

static inline size_t ict_design_psus_in(const ict_design *d, size_t h) {
  return (size_t)(d->stratum_first_psu[h + 1] - d->stratum_first_psu[h]);
}

#endif
