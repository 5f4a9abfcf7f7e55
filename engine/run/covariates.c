/* covariates.c - reading a table of covariates.
 *
 * In: a CSV file. Out: covariates. Owns: nothing beyond the call. */
#include "run/covariates.h"

#include <string.h>

#include "base/text.h"
#include "run/country_cells.h"

typedef struct layout {
  long area, year;
  size_t n;
  long columns[ICT_COVARIATES_MOST];
} layout;

static ict_status refuse_header(const ict_cells *cells, ict_err *err, const char *what) {
  ict_err_set(err, ICT_REFUSED, "%s", what);
  ict_cells_at(cells, ICT_CELLS_HEADER, 0, err);
  ict_err_expected(err, "ref_area,time_period, and one to %d columns of numbers",
                   ICT_COVARIATES_MOST);
  ict_err_fix(err, "name the first two so; every other column is a covariate");
  return ICT_REFUSED;
}

static ict_status match_header(const ict_cells *cells, layout *l, ict_err *err) {
  *l = (layout){.area = ict_cells_find(cells, "ref_area"),
                .year = ict_cells_find(cells, "time_period")};
  if (l->area < 0) return refuse_header(cells, err, "there is no column 'ref_area'");
  if (l->year < 0) return refuse_header(cells, err, "there is no column 'time_period'");
  for (size_t c = 0; c < cells->n_columns; c++) {
    if ((long)c == l->area || (long)c == l->year) continue;
    if (l->n == ICT_COVARIATES_MOST) return refuse_header(cells, err, "too many covariates");
    l->columns[l->n++] = (long)c;
  }
  return l->n > 0 ? ICT_OK : refuse_header(cells, err, "there are no covariates");
}

static ict_status take_row(const ict_cells *cells, size_t row, const layout *l,
                           const ict_countries *countries, ict_covariates *covariates,
                           ict_err *err) {
  double values[ICT_COVARIATES_MOST];
  const char *iso3;
  int year;
  bool twice = false;
  ict_status st = ict_cell_country(cells, row, l->area, countries, &iso3, err);
  if (st == ICT_OK) st = ict_cell_year(cells, row, l->year, &year, err);
  for (size_t i = 0; i < l->n && st == ICT_OK; i++) {
    const char *text = cells->rows[row][l->columns[i]];
    if (!text[0]) return ICT_OK;
    if (!ict_number_parse(ict_slice_of(text), '.', &values[i]))
      st = ict_cell_refuse(cells, row, l->columns[i],
                           "no number:", "a number without grouping, with a decimal point",
                           "mend the cell, or leave it empty", err);
  }
  if (st == ICT_OK) st = ict_covariates_add(covariates, iso3, year, values, &twice, err);
  if (st != ICT_OK || !twice) return st;
  return ict_cell_refuse(cells, row, l->area, "a second row of", "one row for each area and year",
                         "leave one of the two rows out", err);
}

ict_status ict_covariates_read(const char *path, const ict_countries *countries,
                               ict_covariates **out, ict_err *err) {
  ict_cells cells = {0};
  layout l;
  ict_status st = ICT_OK;
  *out = NULL;
  ict_covariates *made = NULL;
  ICT_TRY(done, st, ict_cells_read(path, 0, true, &cells, err));
  ICT_TRY(done, st, match_header(&cells, &l, err));
  made = ict_covariates_new(l.n);
  if (!made) st = ict_err_memory(err);
  for (size_t r = 0; r < cells.n_rows && st == ICT_OK; r++)
    st = take_row(&cells, r, &l, countries, made, err);
  if (st != ICT_OK) goto done;
  *out = made;
  made = NULL;
done:
  if (st != ICT_OK) ict_err_while(err, "reading the covariates");
  ict_covariates_free(made);
  ict_cells_done(&cells);
  return st;
}
