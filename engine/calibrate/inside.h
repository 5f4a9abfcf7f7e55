/* inside.h - what the files of the room share: the model's columns. */
#ifndef ICT_CALIBRATE_INSIDE_H
#define ICT_CALIBRATE_INSIDE_H

#include "calibrate/calibrate.h"

/* Columns: the categories of each margin, then the numbers. Where there is a margin the constant is
 * in its span, so a number may be taken about any centre; about its mean nothing cancels. */
typedef struct ict_columns {
  const ict_calibration *model;
  size_t n, n_entries; /* entries: of a row */
  size_t *first;       /* of each margin */
  double *centre;      /* of each number */
  double *total;       /* n */
} ict_columns;

ict_status ict_columns_init(ict_columns *columns, const ict_calibration *model, ict_err *err);
void ict_columns_done(ict_columns *columns); /* also after a failed init */
void ict_columns_row(const ict_columns *columns, size_t row, uint32_t *column, double *x);
/* x'of, of a row. */
static inline double ict_columns_dot(const uint32_t *column, const double *x, size_t n,
                                     const double *of) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * of[column[i]];
  return sum;
}
/* matrix (n x n) += v x x'. */
static inline void ict_columns_square(double *matrix, size_t n, const uint32_t *column,
                                      const double *x, size_t entries, double v) {
  for (size_t i = 0; i < entries; i++)
    for (size_t k = 0; k < entries; k++) matrix[column[i] * n + column[k]] += v * x[i] * x[k];
}

/* How far sums of weights are from the totals. */
typedef struct ict_miss {
  double off;  /* relative, the furthest */
  size_t at;   /* its column */
  double norm; /* of all, squared */
} ict_miss;
/* sum, size: sum of w x and of w |x|, by column. */
ict_miss ict_columns_miss(const ict_columns *columns, const double *sum, const double *size);
/* "margin 'sex', category 'M'" */
void ict_columns_name(const ict_columns *columns, size_t column, char *text, size_t size);
/* "... the weights add up to 90, 10% short of the total 100": ICT_REFUSED. what: before it. */
ict_status ict_columns_refuse(const ict_columns *columns, size_t column, double sum,
                              const char *what, const char *fix, ict_err *err);

/* newton.c: linear, multiplicative and logit, to c. */
ict_status ict_calibrate_newton(const ict_columns *columns, const double *d, double *c,
                                size_t *rounds, ict_err *err);
/* trim.c: in place; *n_trimmed grows by the rows outside the limits. */
ict_status ict_calibrate_trim_ratios(const ict_calibration *model, const double *d, double *c,
                                     size_t *n_trimmed, ict_err *err);
ict_status ict_calibrate_trim_weights(const ict_calibration *model, const double *d, double *w,
                                      size_t *n_trimmed, ict_err *err);

#endif
