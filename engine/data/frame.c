/* frame.c - one value of a column as a number. For checks and printing; the scan and the
 * expressions read whole columns by their width. */
#include "data/frame.h"

double ict_column_number(const ict_variable *var, const void *column, size_t row,
                         ict_missing *kind) {
  double value = 0;
  switch (var->width) {
    case ICT_U8: {
      uint8_t v = ((const uint8_t *)column)[row];
      *kind = ict_missing_of_u8(v);
      value = v;
      break;
    }
    case ICT_U16: {
      uint16_t v = ((const uint16_t *)column)[row];
      *kind = ict_missing_of_u16(v);
      value = v;
      break;
    }
    case ICT_I32: {
      int32_t v = ((const int32_t *)column)[row];
      *kind = ict_missing_of_i32(v);
      value = v;
      break;
    }
    case ICT_F64: {
      value = ((const double *)column)[row];
      *kind = ict_missing_of_f64(value);
      break;
    }
  }
  return *kind == ICT_PRESENT ? value : ict_missing_f64(*kind);
}

const char *ict_frame_code(const ict_frame *frame, size_t variable, size_t row) {
  const ict_variable *v = &frame->schema->vars[variable];
  ict_missing kind;
  double index = ict_column_number(v, frame->columns[variable], row, &kind);
  return kind == ICT_PRESENT ? v->codes->codes[(size_t)index].id : "";
}
