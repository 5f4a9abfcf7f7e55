/* availability.h - what values there are of what is expected: indicator by breakdown by country by
 * year, how old, of what quality. */
#ifndef ICT_JUDGE_AVAILABILITY_H
#define ICT_JUDGE_AVAILABILITY_H

#include "group/membership.h"
#include "group/weights.h"
#include "judge/rows.h"

/* Of a cell of several rows (items, classes): the worst of those that have an estimate. */
typedef enum ict_avail_quality {
  ICT_AVAIL_NONE,       /* no row */
  ICT_AVAIL_EMPTY,      /* rows, and no estimate */
  ICT_AVAIL_GOOD,       /* none of what follows */
  ICT_AVAIL_DIFFERS,    /* another definition: status D, flag definition_differs */
  ICT_AVAIL_UNRELIABLE, /* status U, N or V */
  ICT_AVAIL_ESTIMATED, /* imputed, estimated, forecast, modelled: status E, F or I, nature E or M */
  ICT_N_AVAIL
} ict_avail_quality;
extern const char *const ict_avail_words[ICT_N_AVAIL];

typedef struct ict_avail_cell {
  size_t n; /* rows with an estimate */
  ict_avail_quality quality;
  double cv;                  /* the largest; NaN: none has one */
  const ict_judge_row *worst; /* the row that decides; NULL: none */
} ict_avail_cell;

/* A breakdown: the axes on which its rows have a class, none for the total. */
typedef struct ict_avail_breakdown {
  const char *text; /* "total", "sex", "sex,age" */
  size_t n;
  const char *const *axes;
} ict_avail_breakdown;

/* What is expected. Texts and arrays are borrowed. */
typedef struct ict_avail_plan {
  const char *const *indicators;
  const char *const *series; /* of each; "": none. A row of another entry with the series counts */
  size_t n_indicators;
  const ict_avail_breakdown *breakdowns;
  size_t n_breakdowns;
  const ict_names *areas; /* countries */
  int first_year, last_year;
  int recent;     /* a value at most so many years before last_year is recent */
  int membership; /* groups have the members of this year in all years; 0: of each year */
} ict_avail_plan;

typedef struct ict_avail_grid {
  ict_avail_plan plan;
  size_t n_years;
  ict_avail_cell *cells;
  int *before; /* the last year before first_year with a value, by series; 0: none */
} ict_avail_grid;

ict_status ict_avail_make(const ict_avail_plan *plan, const ict_judge_set *set, ict_avail_grid *out,
                          ict_err *err);
void ict_avail_done(ict_avail_grid *grid); /* safe on a zeroed one */

/* A series is an indicator, a breakdown and an area, by their indexes. */
typedef struct ict_avail_series {
  size_t indicator, breakdown, area;
} ict_avail_series;
const ict_avail_cell *ict_avail_at(const ict_avail_grid *grid, ict_avail_series s, int year);
/* The last year of the plan's with a value; 0: none. */
int ict_avail_latest(const ict_avail_grid *grid, ict_avail_series s);
/* The last one before the plan's years; 0: none. */
int ict_avail_before(const ict_avail_grid *grid, ict_avail_series s);

/* People of a country: of the year, else of the nearest year that the table has; NaN: of none. */
double ict_avail_people(const ict_weights *weights, const char *iso3, int year);

/* What a group has of one indicator by one breakdown. Members are those of the year, or of the last
 * year where it is of all years (or of the plan's membership). people are NaN without a population
 * table. */
typedef struct ict_avail_sum {
  size_t countries;
  size_t any;                  /* with a value (in the year) */
  size_t two, recent;          /* in two years or more; a recent one (all years only) */
  int median_latest;           /* of those with a value; the lower of two; 0: none */
  size_t quality[ICT_N_AVAIL]; /* countries by that of their (latest) value */
  double people, people_any;   /* of members that have a population */
} ict_avail_sum;
/* year 0: all years. work: room for as many ints as the group has members. */
void ict_avail_sum_of(const ict_avail_grid *grid, const ict_group *group, size_t indicator,
                      size_t breakdown, int year, const ict_weights *weights, int *work,
                      ict_avail_sum *out);

#endif
