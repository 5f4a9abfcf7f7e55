/* population.c - reading a population table.
 *
 * In: a CSV file. Out: weights. Owns: nothing beyond the call. */
#include "run/population.h"

#include <string.h>

#include "base/text.h"
#include "data/table.h"
#include "publish/cells.h"
#include "run/country_cells.h"

enum { REF_AREA, TIME_PERIOD, POPULATION, N_NEEDED };
static const char *const NEEDED[N_NEEDED] = {"ref_area", "time_period", "population"};

typedef struct layout {
  long needed[N_NEEDED];
  long axes[ICT_WEIGHT_AXES]; /* -1: not there */
} layout;

static ict_status refuse_header(const ict_cells *cells, size_t at, ict_err *err, const char *what,
                                const char *name) {
  ict_err_set(err, ICT_REFUSED, "%s '%s'", what, name);
  ict_cells_at(cells, ICT_CELLS_HEADER, at, err);
  ict_err_expected(err,
                   "ref_area,time_period,population, and of sex, age, urbanisation those the "
                   "table tells apart");
  ict_err_fix(err, "name the columns so, and leave others out");
  return ICT_REFUSED;
}

static ict_status match_header(const ict_cells *cells, layout *l, ict_weights *weights,
                               ict_err *err) {
  size_t matched = 0;
  for (size_t i = 0; i < N_NEEDED; i++) {
    l->needed[i] = ict_cells_find(cells, NEEDED[i]);
    if (l->needed[i] < 0) return refuse_header(cells, 0, err, "there is no column", NEEDED[i]);
    matched++;
  }
  for (size_t i = 0; i < ICT_WEIGHT_AXES; i++) {
    l->axes[i] = ict_cells_find(cells, ict_weight_axes[i]);
    if (l->axes[i] < 0) continue;
    ict_weights_has(weights, i);
    matched++;
  }
  for (size_t c = 0; c < cells->n_columns && matched < cells->n_columns; c++) {
    bool known = false;
    for (size_t i = 0; i < N_NEEDED; i++) known = known || l->needed[i] == (long)c;
    for (size_t i = 0; i < ICT_WEIGHT_AXES; i++) known = known || l->axes[i] == (long)c;
    if (!known) return refuse_header(cells, c, err, "unknown column", cells->columns[c]);
  }
  return ICT_OK;
}

static ict_status take_row(const ict_cells *cells, size_t row, const layout *l,
                           const ict_countries *countries, ict_weights *weights, ict_err *err) {
  const char *const *cell = cells->rows[row];
  const char *area, *codes[ICT_WEIGHT_AXES];
  int year;
  double people;
  bool twice;
  ict_status st = ict_cell_country(cells, row, l->needed[REF_AREA], countries, &area, err);
  if (st == ICT_OK) st = ict_cell_year(cells, row, l->needed[TIME_PERIOD], &year, err);
  if (st != ICT_OK) return st;
  if (!ict_number_parse(ict_slice_of(cell[l->needed[POPULATION]]), '.', &people) || people < 0)
    return ict_cell_refuse(cells, row, l->needed[POPULATION], "no number of people:",
                           "a number from 0, without grouping, with a decimal point",
                           "mend the cell, or leave the row out", err);
  for (size_t i = 0; i < ICT_WEIGHT_AXES; i++) {
    codes[i] = l->axes[i] < 0 ? ICT_TOTAL : cell[l->axes[i]];
    if (!codes[i][0])
      return ict_cell_refuse(cells, row, l->axes[i], "no code:", "a code, _T for all",
                             "write _T where the row is of all", err);
  }
  st = ict_weights_add(weights, area, year, codes, people, &twice, err);
  if (st != ICT_OK || !twice) return st;
  return ict_cell_refuse(cells, row, l->needed[REF_AREA], "a second population of",
                         "one row for each area, year and class", "leave one of the two rows out",
                         err);
}

ict_status ict_population_read(const char *path, const ict_countries *countries, ict_weights **out,
                               ict_err *err) {
  ict_cells cells = {0};
  layout l;
  ict_status st = ICT_OK;
  *out = NULL;
  ict_weights *weights = ict_weights_new();
  if (!weights) return ict_err_memory(err);
  ICT_TRY(done, st, ict_cells_read(path, 0, true, &cells, err));
  ICT_TRY(done, st, match_header(&cells, &l, weights, err));
  for (size_t i = 0; i < cells.n_rows; i++)
    ICT_TRY(done, st, take_row(&cells, i, &l, countries, weights, err));
  *out = weights;
  weights = NULL;
done:
  if (st != ICT_OK) ict_err_while(err, "reading the population table");
  ict_weights_free(weights);
  ict_cells_done(&cells);
  return st;
}
