/* readstat_read.c - the second pass over an SPSS, Stata or SAS file: its rows.
 *
 * In:   the bytes, and the variables wanted.
 * Out:  chunks of columns, in order, all on thread 0.
 * Owns: nothing beyond the call. */
#include "source/readstat_in.h"

ict_status ict_readstat_read(void *state, const ict_source_request *request, ict_err *err) {
  ict_readstat_rows *rows = NULL;
  ict_status st = ict_readstat_rows_new(state, request, &rows, err);
  if (st == ICT_OK) st = ict_readstat_rows_read(rows, err);
  ict_readstat_rows_free(rows);
  return st;
}
