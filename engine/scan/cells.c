/* cells.c - the fine cell of each row: mixed radix over the classes of all axes.
 *
 * In: a block's columns. Out: cell numbers.
 * Owns: nothing. */
#include <string.h>

#include "scan/inside.h"

/* Whole numbers too wide for a table. */
static size_t search(const ict_plan_axis *axis, int32_t value) {
  if (ict_is_missing_i32(value) || !axis->classification) return axis->n;
  return ict_class_of_number(axis->classification, value);
}

static inline size_t look_up(const ict_plan_axis *axis, size_t value) {
  return value < axis->n_lut ? axis->lut[value] : axis->n;
}

static void add_axis(const ict_plan_axis *axis, ict_width width, const void *column,
                     uint32_t stride, size_t n, uint32_t *fine) {
  const uint8_t *u8 = column;
  const uint16_t *u16 = column;
  const int32_t *i32 = column;
  if (width == ICT_U8 && axis->lut) {
    uint32_t part[UINT8_MAX + 1]; /* made anew for every block: a sixteenth of its rows */
    for (size_t v = 0; v <= UINT8_MAX; v++) part[v] = (uint32_t)look_up(axis, v) * stride;
    size_t i = 0;
    /* Row by row this takes 1.5 times as long where its code happens to cross a line. */
    for (; i + 4 <= n; i += 4) {
      uint32_t a = part[u8[i]], b = part[u8[i + 1]], c = part[u8[i + 2]], d = part[u8[i + 3]];
      fine[i] += a;
      fine[i + 1] += b;
      fine[i + 2] += c;
      fine[i + 3] += d;
    }
    for (; i < n; i++) fine[i] += part[u8[i]];
  } else if (width == ICT_U16 && axis->lut) {
    for (size_t i = 0; i < n; i++) fine[i] += (uint32_t)look_up(axis, u16[i]) * stride;
  } else if (width == ICT_I32) {
    for (size_t i = 0; i < n; i++) fine[i] += (uint32_t)search(axis, i32[i]) * stride;
  } else { /* measurements are no axis: the plan refuses them */
    for (size_t i = 0; i < n; i++) fine[i] += (uint32_t)axis->n * stride;
  }
}

size_t ict_scan_class(const ict_plan_axis *axis, ict_width width, const void *column, size_t row) {
  const uint8_t *u8 = column;
  const uint16_t *u16 = column;
  const int32_t *i32 = column;
  if (width == ICT_U8 && axis->lut) return look_up(axis, u8[row]);
  if (width == ICT_U16 && axis->lut) return look_up(axis, u16[row]);
  return width == ICT_I32 ? search(axis, i32[row]) : axis->n;
}

void ict_scan_cells(const ict_plan *plan, const size_t *stride, const void *const *columns,
                    size_t n, uint32_t *fine) {
  memset(fine, 0, n * sizeof *fine);
  for (size_t a = 0; a < plan->n_axes; a++) {
    const ict_plan_axis *axis = &plan->axes[a];
    if (stride[a] == 0) continue;
    add_axis(axis, plan->frame->schema->vars[axis->column].width, columns[axis->column],
             (uint32_t)stride[a], n, fine);
  }
}
