/* sheet.c - a sparse array of cells.
 *
 * In: cell numbers. Out: zeroed slots.
 * Owns: the index and the packed slots. */
#include "cube/sheet.h"

#include <string.h>

#include "base/lines.h"
#include "base/mem.h"

#define FIRST_SLOTS 16

int ict_sheet_init(ict_sheet *sheet, size_t n_cells, size_t stride) {
  *sheet = (ict_sheet){.n_cells = n_cells, .stride = stride};
  sheet->slot_of = ict_alloc(n_cells, sizeof *sheet->slot_of);
  return sheet->slot_of ? 0 : -1;
}

void ict_sheet_done(ict_sheet *sheet) {
  ict_free(sheet->slot_of);
  ict_free(sheet->cell);
  ict_free(sheet->memory);
  *sheet = (ict_sheet){0};
}

static int grow(ict_sheet *sheet) {
  size_t wanted = sheet->capacity ? sheet->capacity * 2 : FIRST_SLOTS;
  if (wanted > sheet->n_cells) wanted = sheet->n_cells;
  uint32_t *cell = ict_realloc(sheet->cell, wanted, sizeof *cell);
  if (!cell) return -1;
  sheet->cell = cell;
  if (sheet->stride > 0 && wanted > SIZE_MAX / sheet->stride) return -1;
  if (ict_lines_grow(&sheet->memory, &sheet->data, sheet->n * sheet->stride,
                     wanted * sheet->stride) != 0)
    return -1;
  sheet->capacity = wanted;
  return 0;
}

int ict_sheet_touch_new(ict_sheet *sheet, uint32_t cell) {
  if (sheet->n == sheet->capacity && grow(sheet) != 0) return -1;
  memset(ict_sheet_at(sheet, sheet->n), 0, sheet->stride);
  sheet->cell[sheet->n] = cell;
  sheet->slot_of[cell] = (uint32_t)++sheet->n;
  return 0;
}

void ict_sheet_clear(ict_sheet *sheet) {
  for (size_t i = 0; i < sheet->n; i++) sheet->slot_of[sheet->cell[i]] = 0;
  sheet->n = 0;
}

void ict_sheet_save(const ict_sheet *sheet, ict_out *out) {
  ict_pack_number(out, sheet->stride);
  ict_pack_number(out, sheet->n);
  if (sheet->n == 0) return;
  ict_out_write(out, sheet->cell, sheet->n * sizeof *sheet->cell);
  ict_out_write(out, sheet->data, sheet->n * sheet->stride);
}

ict_status ict_sheet_load(ict_sheet *sheet, ict_unpack *from, ict_err *err) {
  uint64_t stride, n;
  if (!ict_unpack_number(from, &stride) || !ict_unpack_number(from, &n) ||
      stride != sheet->stride || n > sheet->n_cells ||
      from->left / (sizeof *sheet->cell + sheet->stride) < n)
    return ict_unpack_short(err);
  const unsigned char *cells = from->at;
  from->at += n * sizeof *sheet->cell;
  from->left -= n * sizeof *sheet->cell;
  for (size_t i = 0; i < n; i++) {
    uint32_t cell;
    memcpy(&cell, cells + i * sizeof cell, sizeof cell);
    if (cell >= sheet->n_cells || sheet->slot_of[cell]) return ict_unpack_short(err);
    if (ict_sheet_touch_new(sheet, cell) != 0) return ict_err_memory(err);
  }
  (void)ict_unpack_bytes(from, sheet->data, n * sheet->stride);
  return ICT_OK;
}
