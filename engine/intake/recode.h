/* recode.h - the `map:` and `missing:` of one variable, compiled for one column of one
 * file; inside the room only. */
#ifndef ICT_INTAKE_RECODE_H
#define ICT_INTAKE_RECODE_H

#include "base/mem.h"
#include "catalog/mapping.h"
#include "intake/labels.h"
#include "source/source.h"

/* What is asked for. */
typedef struct ict_recode_spec {
  ict_type type;             /* CODE, INTEGER, REAL */
  const ict_codelist *codes; /* CODE */
  size_t n_values;
  const ict_map_value *values;
  double scale;
  int64_t lowest, highest; /* INTEGER */
  bool quote;              /* may bad values be shown? */
} ict_recode_spec;

typedef struct ict_recode ict_recode;

/* variable: of the source; decimal: '.' or ','. Everything is in the arena; spec and
 * variable are borrowed. NULL where memory is short. */
ict_recode *ict_recode_compile(const ict_recode_spec *spec, const ict_source_variable *variable,
                               char decimal, ict_arena *arena);
ict_width ict_recode_width(const ict_recode *recode); /* INTEGER: of the concept's range */

/* Recodes a column into `to` (values of ict_recode_width). hits: n_values + 1 counters:
 * how often each line of the map applied. Cells that fit nothing become ICT_MISSING and go to
 * problems. 0, or -1 where memory is short. Threads may share the recode. */
int ict_recode_run(const ict_recode *recode, const ict_raw_column *column, const uint64_t *line,
                   size_t n_rows, void *to, uint64_t *hits, ict_problems *problems);

/* The text of a cell: trimmed; whole numbers as they are written ("1", never "1.0" or
 * "1e15"); "" for blank and system-missing, ".a" for an extended missing value. The
 * slice is the column's, or in buf. */
ict_slice ict_cell_text(const ict_raw_column *column, size_t row, char buf[ICT_NUMBER_TEXT]);

/* Stored values of any width: in the header, as they are the innermost loop of every import. */
static inline void ict_cell_put(ict_width width, void *column, size_t row, double value) {
  switch (width) {
    case ICT_U8:
      ((uint8_t *)column)[row] = (uint8_t)value;
      break;
    case ICT_U16:
      ((uint16_t *)column)[row] = (uint16_t)value;
      break;
    case ICT_I32:
      ((int32_t *)column)[row] = (int32_t)value;
      break;
    case ICT_F64:
      ((double *)column)[row] = value;
      break;
  }
}

static inline void ict_cell_put_missing(ict_width width, void *column, size_t row,
                                        ict_missing kind) {
  switch (width) {
    case ICT_U8:
      ((uint8_t *)column)[row] = ict_missing_u8(kind);
      break;
    case ICT_U16:
      ((uint16_t *)column)[row] = ict_missing_u16(kind);
      break;
    case ICT_I32:
      ((int32_t *)column)[row] = ict_missing_i32(kind);
      break;
    case ICT_F64:
      ((double *)column)[row] = ict_missing_f64(kind);
      break;
  }
}

/* Values are seen to be present here; which kind of missing, a function tells. */
static inline double ict_cell_get(ict_width width, const void *column, size_t row,
                                  ict_missing *kind) {
  switch (width) {
    case ICT_U8: {
      uint8_t v = ((const uint8_t *)column)[row];
      *kind = ict_is_missing_u8(v) ? ict_missing_of_u8(v) : ICT_PRESENT;
      return v;
    }
    case ICT_U16: {
      uint16_t v = ((const uint16_t *)column)[row];
      *kind = ict_is_missing_u16(v) ? ict_missing_of_u16(v) : ICT_PRESENT;
      return v;
    }
    case ICT_I32: {
      int32_t v = ((const int32_t *)column)[row];
      *kind = ict_is_missing_i32(v) ? ict_missing_of_i32(v) : ICT_PRESENT;
      return v;
    }
    case ICT_F64:
      break;
  }
  double v = ((const double *)column)[row];
  *kind = ict_is_missing_f64(v) ? ict_missing_of_f64(v) : ICT_PRESENT;
  return v;
}

#endif
