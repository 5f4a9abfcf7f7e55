/* compare.h - a table beside published figures: which agree, which differ, which are on one side
 * only. Belongs to: engine/run. */
#ifndef ICTSTAT_COMPARE_H
#define ICTSTAT_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "ictstat/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Figures are equal where they differ by no more than tol, or tol_rel times the published one. With
 * neither, where the published one is ours rounded to the decimals it is written with (or within
 * 1e-12 of it). */
typedef struct ict_compare_request {
  bool has_tol, has_tol_rel;
  double tol, tol_rel;
  const char *const *figures; /* columns to compare; n 0: all numbers that the file has */
  size_t n_figures;
} ict_compare_request;

typedef struct ict_comparison ict_comparison;

/* published: the path of one of our tables as CSV, or of any CSV that has `indicator`, `estimate`
 * (or another number of ours) and as many of our key columns as it needs; it then speaks of the
 * totals of the axes that it does not have. In the first case a row that it has not is a
 * difference; a list of figures need not be complete. name: of the table, for messages. Caller
 * frees. The result of a comparison that found differences is ICT_OK. */
ict_status ict_compare(const ict_table *table, const char *name, const char *published,
                       const ict_compare_request *request, ict_comparison **out,
                       ict_findings *findings, ict_err *err);
/* Figures that differ, and rows that one side lacks. */
size_t ict_comparison_differences(const ict_comparison *comparison);
/* format: "table" (differences and a summary) or "csv" (every figure); path as for ict_table_write.
 */
ict_status ict_comparison_write(const ict_comparison *comparison, const char *format,
                                const char *path, ict_err *err);
void ict_comparison_free(ict_comparison *comparison);

#ifdef __cplusplus
}
#endif
#endif
