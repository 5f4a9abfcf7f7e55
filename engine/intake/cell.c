/* cell.c - the text of a cell, of whatever type its column is.
 *
 * In: raw columns. Out: slices, in the column or in the caller's buffer. */
#include "intake/cell.h"

#include <math.h>

static size_t whole_text(double x, char *buf) {
  char digits[ICT_NUMBER_TEXT];
  size_t n = 0, len = 0;
  uint64_t rest = (uint64_t)fabs(x);
  do {
    digits[n++] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (x < 0) buf[len++] = '-';
  while (n > 0) buf[len++] = digits[--n];
  return len;
}

ict_slice ict_cell_text(const ict_raw_column *column, size_t row, char buf[ICT_NUMBER_TEXT]) {
  if (column->type == ICT_RAW_TEXT) return ict_slice_trim(ict_raw_text(column, row));
  double x = column->number[row];
  char tag = column->tag ? column->tag[row] : '\0';
  if (tag) {
    buf[0] = '.';
    buf[1] = tag;
    return (ict_slice){buf, 2};
  }
  if (isnan(x)) return (ict_slice){buf, 0};
  /* Up to 2^53 every whole number is itself. */
  if (fabs(x) <= 9007199254740992.0 && x == floor(x)) return (ict_slice){buf, whole_text(x, buf)};
  return (ict_slice){buf, ict_number_text(x, buf)};
}
