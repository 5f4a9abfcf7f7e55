/* sheet.h - a sparse array of cells: storage only for those that were touched.
 *
 * The index is dense (four bytes a cell, from the zeroed heap, so untouched pages cost nothing);
 * what a cell holds lies packed in order of first touch. Clearing costs what was touched. */
#ifndef ICT_CUBE_SHEET_H
#define ICT_CUBE_SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "base/lines.h"
#include "base/pack.h"

typedef struct ict_sheet {
  size_t n_cells;
  size_t stride; /* bytes a cell holds */
  size_t n;      /* cells touched */
  size_t capacity;
  uint32_t *slot_of;   /* n_cells: slot + 1, 0 where untouched */
  uint32_t *cell;      /* of each slot */
  unsigned char *data; /* aligned to ICT_SHEET_ALIGN, in `memory` */
  void *memory;
} ict_sheet;
/* No load of a vector from a slot whose stride is a multiple of this straddles two lines. */
#define ICT_SHEET_ALIGN ICT_LINE

/* Returns 0, or -1 where memory is short (then nothing is owned). */
int ict_sheet_init(ict_sheet *sheet, size_t n_cells, size_t stride);
void ict_sheet_done(ict_sheet *sheet);

/* Makes the cell's slot, zeroed. Pointers into the sheet are void after it. -1: no memory. */
int ict_sheet_touch_new(ict_sheet *sheet, uint32_t cell);

/* The slot of the cell, made where there is none; SIZE_MAX where memory is short. */
static inline size_t ict_sheet_touch(ict_sheet *sheet, uint32_t cell) {
  if (sheet->slot_of[cell] == 0 && ict_sheet_touch_new(sheet, cell) != 0) return SIZE_MAX;
  return sheet->slot_of[cell] - 1;
}

static inline void *ict_sheet_at(const ict_sheet *sheet, size_t slot) {
  return sheet->data + slot * sheet->stride;
}

/* Forgets all cells, keeps the memory. */
void ict_sheet_clear(ict_sheet *sheet);

/* The touched cells as bytes, and back into an empty sheet of the same size and stride. */
void ict_sheet_save(const ict_sheet *sheet, ict_out *out);
ict_status ict_sheet_load(ict_sheet *sheet, ict_unpack *from, ict_err *err);

#endif
