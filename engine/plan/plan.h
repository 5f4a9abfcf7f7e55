/* plan.h - definitions x schema x request -> a frozen plan: what to read, evaluate and add.
 *
 * One plan serves one unit's table; a request over households and persons has two. The plan is
 * read-only once made, printable, and borrows the catalogue and the store. */
#ifndef ICT_PLAN_PLAN_H
#define ICT_PLAN_PLAN_H

#include "catalog/catalog.h"
#include "cube/cube.h"
#include "data/frame.h"
#include "estimate/estimate.h"
#include "ictstat/request.h"

/* What the passes of a plan make: sums of everything that is linear; quantiles, whose values are
 * sorted first; or shares, where a cell is summed up beside the whole. A plan has one kind. */
typedef enum ict_plan_kind { ICT_PLAN_SUMS, ICT_PLAN_QUANTILES, ICT_PLAN_SHARES } ict_plan_kind;

/* One estimate per cell: an item of an indicator. */
typedef struct ict_plan_measure {
  const ict_indicator *indicator;
  const ict_item *item;
  ict_estimator estimator;
  const ict_program *universe; /* NULL: everybody in scope */
  const ict_program *numerator;
  const ict_program *denominator; /* NULL where there is none */
  bool differs;                   /* a proxy or an item outside its years: flag D */
  const char *differs_why;        /* NULL, or a line for people */
} ict_plan_measure;

/* One axis: a column and how its values become classes. */
typedef struct ict_plan_axis {
  const char *name; /* in the table: "age" */
  const char *concept_name;
  size_t column;                            /* in the schema */
  const ict_classification *classification; /* NULL: the codes themselves */
  const ict_codelist *codes;                /* classes, in order */
  size_t n;                                 /* classes */
  /* Value -> class, or n for "in none" (missing, outside): codes and small integers by
   * table (of every value the column's width can hold), else by search in the classification. */
  const uint16_t *lut;
  size_t n_lut;
} ict_plan_axis;

/* One margin: a set of axes. Cells are mixed radix over its axes, first axis slowest. Axes 0
 * and 1 of every plan are area and period and belong to every margin. */
typedef struct ict_plan_margin {
  size_t n_axes;
  const size_t *axes; /* ascending */
  unsigned contrasts; /* bit mask over the request's */
  bool silent;        /* made for contrasts only: its cells have no rows of their own */
} ict_plan_margin;

/* Two classes of an axis that are compared, in every margin that says so. */
typedef struct ict_plan_contrast {
  size_t axis;
  size_t cls[2];
  bool ratio;                /* first / second; else first - second */
  const char *text;          /* as written, "F-M": the code in the axis' column */
  const char *words;         /* "Female - Male" */
  const ict_indicator *only; /* the indicator that is this contrast; NULL: all others */
  unsigned bit;              /* among the contrasts of a margin */
} ict_plan_contrast;

/* A breakdown whose last axes make a table that is tested: for each cell of `whole` (area, period
 * and what the table is within) its n_cells cells are neighbours in `margin`. */
typedef struct ict_plan_test {
  size_t margin, whole;
  size_t n_tested; /* axes of the table: 1 beside an indicator's yes and no, or 2 */
  size_t n_cells;
  size_t first_pair;
} ict_plan_test;

/* The place in shape.pairs of cells i < k of a table. */
size_t ict_plan_test_pair(const ict_plan_test *test, size_t table, size_t i, size_t k);

#define ICT_PLAN_MAX_AXES 18 /* area, period and what one request may name (plan/by.h) */

typedef struct ict_plan {
  const ict_frame *frame;
  const ict_program *scope; /* the survey's in-scope population, or NULL */
  const char *scope_text;
  size_t n_measures;
  const ict_plan_measure *measures;
  size_t n_axes;
  const ict_plan_axis *axes;
  size_t n_fine;        /* product of (n + 1): the last class of an axis is "in none" */
  const size_t *stride; /* n_axes: fine cell = sum of class * stride */
  size_t n_margins;
  const ict_plan_margin *margins;
  /* The same for the cube. cell_of of its margins is NULL where nobody asks: where engine/abacus
   * adds up in the cube's place and there are no replicates (ict_plan_fill_cells). */
  ict_cube_shape shape;
  const char *survey;
  ict_arena *arena;
  size_t n_contrasts;
  const ict_plan_contrast *contrasts;
  const size_t *contrast_of;  /* of each of shape.pairs */
  ict_replicates *replicates; /* the variance is by these; NULL: by linearisation. Owned */
  size_t n_tests;
  const ict_plan_test *tests;
  ict_plan_kind kind;
  size_t across; /* of shares: the axis whose classes make the whole */
  /* Of one pass of a plan of quantiles (ict_plan_cut): by cell and measure, the value at or below
   * which a row answers yes. NULL: rows answer for themselves. */
  const double *cuts;
} ict_plan;

/* Plans for every unit the request touches, in the order of the store. Findings: indicators left
 * out and why (only when the request named none: a named indicator that cannot be computed is an
 * error). */
typedef struct ict_plans {
  size_t n;
  ict_plan **plans;
} ict_plans;

/* A frame with its scope text, as the store keeps them. */
typedef struct ict_plan_table {
  const ict_frame *frame;
  const char *scope;
} ict_plan_table;

ict_status ict_plan_make(const ict_catalog *catalog, const ict_plan_table *tables, size_t n_tables,
                         const char *survey, const ict_request *request, ict_plans *out,
                         ict_findings *findings, ict_err *err);
void ict_plans_free(ict_plans *plans);
/* The same plan for some of its measures and one margin; with cuts (or NULL). It borrows all of the
 * plan and is not freed. */
ict_plan ict_plan_cut(const ict_plan *plan, size_t first, size_t n, size_t margin,
                      const double *cuts);
/* Whether engine/abacus takes the plan in the cube's place; the bits are the same. */
bool ict_plan_by_abacus(const ict_plan *plan);
/* Fills in cell_of of its shape's margins where it is NULL. */
ict_status ict_plan_fill_cells(ict_plan *plan, ict_err *err);
/* The plan in words; caller frees with ict_free. */
char *ict_plan_text(const ict_plan *plan);

#endif
