/* country_cells.c - area and year of a row about a country.
 *
 * In: cells. Out: a code, a year; or the refusal with its place. Owns: nothing. */
#include "run/country_cells.h"

#include "base/text.h"

ict_status ict_cell_refuse(const ict_cells *cells, size_t row, long column, const char *what,
                           const char *expected, const char *fix, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "%s '%s'", what, cells->rows[row][column]);
  ict_cells_at(cells, row, (size_t)column, err);
  ict_err_expected(err, "%s", expected);
  ict_err_fix(err, "%s", fix);
  return ICT_REFUSED;
}

ict_status ict_cell_country(const ict_cells *cells, size_t row, long column,
                            const ict_countries *countries, const char **iso3, ict_err *err) {
  *iso3 = cells->rows[row][column];
  if (ict_countries_m49(countries, *iso3)) return ICT_OK;
  return ict_cell_refuse(cells, row, column, "unknown area",
                         "an ISO 3166-1 alpha-3 code as in datasets/countries.csv",
                         "translate the code; leave rows of regions out", err);
}

ict_status ict_cell_year(const ict_cells *cells, size_t row, long column, int *year, ict_err *err) {
  int64_t y;
  if (!ict_integer_parse(ict_slice_of(cells->rows[row][column]), &y) || y < 1000 || y > 9999)
    return ict_cell_refuse(cells, row, column, "no year:", "a year, 2016", "write the year alone",
                           err);
  *year = (int)y;
  return ICT_OK;
}
