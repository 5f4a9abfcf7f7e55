/* cell.h - single cells: their text in a raw column, their value in a stored one. */
#ifndef ICT_INTAKE_CELL_H
#define ICT_INTAKE_CELL_H

#include "base/text.h"
#include "data/missing.h"
#include "data/schema.h"
#include "source/source.h"

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
