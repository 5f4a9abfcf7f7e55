/* model.h - values of countries from a line through their own years, and from a regression on
 * other countries: the models behind the methods `trend` and `regression` (docs/groups.md). */
#ifndef ICT_GROUP_MODEL_H
#define ICT_GROUP_MODEL_H

#include "group/covariates.h"
#include "group/panel.h"

typedef struct ict_modelled {
  double value;
  double se; /* trend: of the line, from the SEs of its values; regression: of a new value */
  size_t n;  /* values it rests on */
  int last;  /* trend: the last year of them */
} ict_modelled;

/* The least-squares line through the measured values of the `window` years that end with the last
 * measured year before `year`; false with fewer than three. */
bool ict_model_trend(const ict_panel *panel, size_t area, int year, int window, ict_modelled *out);

/* Ordinary least squares, with a constant, of the year's measured values on the covariates of their
 * countries; false where the country has none, fewer than `least` others do, or the covariates
 * depend on each other. */
bool ict_model_regression(const ict_panel *panel, const ict_covariates *covariates, size_t area,
                          int year, size_t least, ict_modelled *out);

#endif
