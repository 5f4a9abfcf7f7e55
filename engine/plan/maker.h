/* maker.h - a request on its way to plans, for the files of this room alone: what is asked
 * (choose.c), over which cells (cells.c), in how many passes (plan.c). */
#ifndef ICT_PLAN_MAKER_H
#define ICT_PLAN_MAKER_H

#include "plan/parts.h"

/* Fine cells one pass may have. 4 M cells x 4 bytes is what a margin's cell table costs; the
 * standard publication cross (area, period, sex, age, area type, education) is far below. */
#define ICT_PLAN_MAX_FINE ((size_t)1 << 22)

/* What was asked, shared by all plans of one request. */
typedef struct ict_plan_maker {
  const ict_catalog *catalog;
  const ict_plan_table *tables;
  size_t n_tables;
  const char *survey;
  const ict_request *request;
  ict_findings *findings;
  ict_err *err;
  ict_arena *arena; /* of the parsed breakdowns; dies with the maker */
  ict_by by;
  ict_contrasts contrasts;
  const ict_indicator **wanted;
  bool *named; /* of each: the request asked for this very one */
  size_t n_wanted;
  unsigned share_axes; /* of the shares wanted, among those of `by` */
  ict_plan_want want;  /* what the plan being made is for */
} ict_plan_maker;

/* choose.c: the indicators wanted. Errors: ICT_USAGE (no such indicator), ICT_REFUSED (it cannot be
 * computed). */
ict_status ict_plan_choose(ict_plan_maker *m);
/* Refuses a named indicator whose units the store does not have; of the others it tells. */
ict_status ict_plan_check_units(ict_plan_maker *m);
/* Whether anything wanted is of the table. */
bool ict_plan_table_is_wanted(const ict_plan_maker *m, const ict_plan_table *table);
/* What the table can answer of what is wanted, of the kind at hand; in the arena. */
ict_status ict_plan_measures_make(ict_plan_maker *m, const ict_plan_table *table, ict_arena *arena,
                                  ict_plan_measure **measures, size_t *n);
void ict_plan_tell_not_compared(ict_plan_maker *m);

/* cells.c: area and period, then the axes of `mask`; a margin for each set; cells, by margin. */
ict_status ict_plan_axes_make(ict_plan_maker *m, ict_plan *plan, unsigned mask);
ict_status ict_plan_margins_make(ict_plan_maker *m, ict_plan *plan, unsigned mask,
                                 const unsigned *sets, size_t n_sets);
ict_status ict_plan_cells_make(ict_plan_maker *m, ict_plan *plan);
/* Fine cells that the axes of `mask` need over the table, or more than ICT_PLAN_MAX_FINE. An axis
 * that cannot be made counts as none: the plan will say why. */
size_t ict_plan_fine_cells(ict_plan_maker *m, const ict_plan_table *table, unsigned mask);

#endif
