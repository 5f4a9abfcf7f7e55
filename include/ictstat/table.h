/* table.h - the result: one row per (indicator, item, area, period, breakdown).
 *
 * Rows are sorted by key: catalogue order of the indicators, then area, period, item, and
 * the axes with totals first. Numbers are NaN where they do not exist. Shares are in
 * the indicator's unit of measure (percent: 0..100), and so are se and the limits.
 * Read-only once made; threads may share it. Belongs to: engine/data. */
#ifndef ICTSTAT_TABLE_H
#define ICTSTAT_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "ictstat/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ict_table ict_table;

typedef struct ict_table_row {
  const char *indicator;           /* "17.8.1" */
  const char *item;                /* id of the item, "" where the indicator has none */
  const char *series;              /* SDMX series, "" where there is none */
  const char *ref_area;            /* ISO 3166-1 alpha-3, or as the mapping gave it */
  const char *time_period;         /* "2016" */
  const char *const *axes;         /* n_axes codes, "_T" for a total */
  const char *composite_breakdown; /* "_T", or the item's SDMX code */
  double estimate;
  const char *unit_measure; /* "PT", "PER_100_POP", "NUMBER", ... */
  int unit_mult;            /* power of ten */
  double se, cv;            /* cv in percent of the estimate */
  double ci_low, ci_high;
  double deff, df;
  uint64_t n_unweighted;    /* rows with a valid answer and a weight above 0 */
  uint64_t n_psu, n_strata; /* that hold such rows */
  double pop_weighted;      /* their weights */
  const char *obs_status;   /* one SDMX code, from the flags by precedence */
  const char *conf_status;  /* "" until disclosure control has spoken */
  const char *nature;       /* "C", "E", "M", ... */
  const char *flags;        /* names of the rules that spoke, joined by ';', sorted */
  const char *source;       /* survey id */
} ict_table_row;

size_t ict_table_rows(const ict_table *table);
const ict_table_row *ict_table_row_at(const ict_table *table, size_t i); /* borrowed */

/* Axes: always sex, age, urbanisation, education_lev, then what the request added. */
size_t ict_table_axes(const ict_table *table);
const char *ict_table_axis_name(const ict_table *table, size_t axis);
/* English label of a code on an axis, or of an item or indicator; the code itself
 * where there is no label. */
const char *ict_table_code_label(const ict_table *table, size_t axis, const char *code);
const char *ict_table_indicator_title(const ict_table *table, const char *indicator);
const char *ict_table_item_label(const ict_table *table, const char *indicator, const char *item);

/* What a flag means, for legends; NULL where nobody said. */
const char *ict_table_flag_about(const ict_table *table, const char *flag);
/* English name of a reference area; the code itself where it has none. */
const char *ict_table_area_label(const ict_table *table, const char *ref_area);

/* How the numbers were made. Texts are "" and the level NaN where nobody said. */
typedef struct ict_method {
  const char *ci;        /* intervals of proportions: "logit", "beta", ... */
  const char *ci_others; /* of everything else: "t" or "normal" */
  double level;          /* 0.95 */
  const char *df;        /* rule of the degrees of freedom: "degf", "design", "fixed:30", "inf" */
  const char *deff;      /* design effect against: "wr", "wor" */
  const char *variance;  /* "taylor", "jkn", ...; joined by ", " where the units' differ */
} ict_method;
const ict_method *ict_table_method(const ict_table *table); /* borrowed */
/* Confidence level of ci_low and ci_high, 0.95; NaN where nobody said. */
double ict_table_level(const ict_table *table);

/* Writes the table in a named format ("csv", "json", "table", "sdmx-csv", ...) to a
 * path, "-" for standard output. The file appears whole or not at all. format NULL:
 * from the extension; standard output: "table" on a terminal, else "csv". See ict_format_count for
 * the formats there are. */
ict_status ict_table_write(const ict_table *table, const char *format, const char *path,
                           ict_err *err);
/* The same by several threads (0: all cores); what is written does not depend on it. */
ict_status ict_table_write_by(const ict_table *table, const char *format, const char *path,
                              int threads, ict_err *err);
/* Whether such a write could begin: the format is known (or told by the extension). For callers
 * with long work before them. */
ict_status ict_format_check(const char *format, const char *path, ict_err *err);
/* The same for the tables of `trend` and `contrast`, which not every format can show. */
ict_status ict_format_check_changes(const char *format, const char *path, ict_err *err);
size_t ict_format_count(void);
const char *ict_format_name(size_t i);
const char *ict_format_about(size_t i);

/* Reads what ict_table_write wrote as "csv" (also packed by gzip). The header must be ours to the
 * letter, further axes allowed; numbers are plain decimals; no key occurs twice; each refusal tells
 * file, line and column. Rows keep the order of the file, so that writing them again gives the same
 * bytes; labels, titles, meanings of flags and the level are not in a CSV. An item whose column is
 * not there is the composite breakdown: they are one to one. Caller frees. */
ict_status ict_table_read_csv(const char *path, ict_table **out, ict_err *err);

void ict_table_free(ict_table *table);

#ifdef __cplusplus
}
#endif
#endif
