/* availability.h - what the files of `availability` share. */
#ifndef ICT_RUN_AVAILABILITY_H
#define ICT_RUN_AVAILABILITY_H

#include "base/stream.h"
#include "ictstat/availability.h"
#include "judge/availability.h"

struct ict_availability {
  ict_arena *arena;
  const ict_catalog *catalog; /* borrowed */
  ict_table **tables;
  size_t n_tables;
  ict_countries *countries;
  ict_groups *sets;         /* NULL: the expected countries themselves are the one group */
  const ict_group **groups; /* of the sets, in their order */
  size_t n_groups;
  ict_weights *weights; /* NULL: no population */
  ict_judge_set set;
  ict_names indicators, areas;
  const char **ids, **series; /* of the indicators */
  ict_avail_grid grid;
  int *work; /* for ict_avail_sum_of; one call at a time */
};

/* A country without a value in the years, or without a recent one. */
typedef struct ict_avail_gap {
  ict_avail_series series;
  int latest; /* 0: never */
  double people;
} ict_avail_gap;
/* Most people first; then in the order of the plan. Caller frees with ict_free. */
ict_status ict_avail_gaps(const ict_availability *v, ict_avail_gap **out, size_t *n, ict_err *err);

typedef enum ict_avail_view { ICT_AVAIL_SUMMARY, ICT_AVAIL_CELLS, ICT_AVAIL_GAPS } ict_avail_view;

typedef struct ict_avail_show {
  const ict_availability *v;
  ict_avail_view view;
  const ict_avail_gap *gaps; /* of that view */
  size_t n_gaps;
} ict_avail_show;

/* Each in one format. Failed writes are remembered by out. */
ict_status ict_avail_text(const ict_avail_show *show, ict_out *out, ict_err *err);
void ict_avail_records(const ict_avail_show *show, bool json, ict_out *out);
void ict_avail_svg(const ict_avail_show *show, ict_out *out);

/* What formats share: the years as "2015-2024", a title of the catalogue (else the id). */
void ict_avail_years(const ict_availability *v, char text[24]);
const char *ict_avail_title(const ict_availability *v, size_t indicator);

#endif
