/* columns.c - a row's auxiliary variables as a few entries of a vector, and the totals as another.
 *
 * In: a model. Out: entries, totals, words for them.
 * Owns: the totals and centres. */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "calibrate/inside.h"

static double mean_of(const ict_calibration_number *number, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += number->value[i];
  double mean = n > 0 ? sum / (double)n : 0;
  return isfinite(mean) ? mean : 0;
}

ict_status ict_columns_init(ict_columns *c, const ict_calibration *model, ict_err *err) {
  *c = (ict_columns){.model = model, .n_entries = model->n_margins + model->n_numbers};
  c->first = ict_alloc(model->n_margins, sizeof *c->first);
  c->centre = ict_alloc(model->n_numbers, sizeof *c->centre);
  if (!c->first || !c->centre) return ict_err_memory(err);
  for (size_t m = 0; m < model->n_margins; m++) {
    c->first[m] = c->n;
    c->n += model->margins[m].n;
  }
  size_t numbers = c->n;
  c->n += model->n_numbers;
  c->total = ict_alloc(c->n, sizeof *c->total);
  if (!c->total) return ict_err_memory(err);
  double people = 0;
  for (size_t m = 0; m < model->n_margins; m++)
    for (size_t k = 0; k < model->margins[m].n; k++) {
      c->total[c->first[m] + k] = model->margins[m].total[k];
      if (m == 0) people += model->margins[m].total[k];
    }
  for (size_t i = 0; i < model->n_numbers; i++) {
    if (model->n_margins > 0) c->centre[i] = mean_of(&model->numbers[i], model->n_rows);
    c->total[numbers + i] = model->numbers[i].total - c->centre[i] * people;
  }
  return ICT_OK;
}

void ict_columns_done(ict_columns *c) {
  ict_free(c->first);
  ict_free(c->centre);
  ict_free(c->total);
  *c = (ict_columns){0};
}

void ict_columns_row(const ict_columns *c, size_t row, uint32_t *column, double *x) {
  const ict_calibration *model = c->model;
  for (size_t m = 0; m < model->n_margins; m++) {
    column[m] = (uint32_t)c->first[m] + model->margins[m].code[row];
    x[m] = 1;
  }
  uint32_t at = (uint32_t)(c->n - model->n_numbers);
  for (size_t i = 0; i < model->n_numbers; i++) {
    column[model->n_margins + i] = at + (uint32_t)i;
    x[model->n_margins + i] = model->numbers[i].value[row] - c->centre[i];
  }
}

ict_miss ict_columns_miss(const ict_columns *c, const double *sum, const double *size) {
  ict_miss miss = {0};
  for (size_t k = 0; k < c->n; k++) {
    double of = fmax(fabs(c->total[k]), size[k]);
    double off = of > 0 ? fabs(sum[k] - c->total[k]) / of : 0;
    if (!isfinite(sum[k])) off = INFINITY;
    miss.norm += off * off;
    if (!(off > miss.off)) continue;
    miss.off = off;
    miss.at = k;
  }
  return miss;
}

void ict_columns_name(const ict_columns *c, size_t column, char *text, size_t size) {
  const ict_calibration *model = c->model;
  for (size_t m = 0; m < model->n_margins; m++) {
    if (column >= c->first[m] + model->margins[m].n) continue;
    snprintf(text, size, "margin '%s', category '%s'", model->margins[m].name,
             model->margins[m].label[column - c->first[m]]);
    return;
  }
  snprintf(text, size, "number '%s'", model->numbers[column - (c->n - model->n_numbers)].name);
}

ict_status ict_columns_refuse(const ict_columns *c, size_t column, double sum, const char *what,
                              const char *fix, ict_err *err) {
  const ict_calibration *model = c->model;
  size_t numbers = c->n - model->n_numbers;
  char name[160];
  double total = c->total[column];
  if (column >= numbers) { /* as people know it, not about its centre */
    double people = 0;
    for (size_t k = 0; model->n_margins > 0 && k < model->margins[0].n; k++)
      people += model->margins[0].total[k];
    sum += c->centre[column - numbers] * people;
    total = model->numbers[column - numbers].total;
  }
  ict_columns_name(c, column, name, sizeof name);
  if (total != 0)
    ict_err_set(err, ICT_REFUSED, "%s; %s: the weights add up to %.10g, %.3g%% %s the total %.10g",
                what, name, sum, fabs(sum - total) / fabs(total) * 100,
                sum < total ? "below" : "above", total);
  else
    ict_err_set(err, ICT_REFUSED, "%s; %s: the weights add up to %.10g, the total is 0", what, name,
                sum);
  ict_err_expected(err, "every total met to %g of its size", model->tolerance);
  ict_err_fix(err, "%s", fix);
  return ICT_REFUSED;
}
