/* spill.h - large arrays within a budget of memory: what goes beyond it lies in a temporary file.
 *
 * An import holds a survey's columns, which may be larger than the machine's memory. Arrays of a
 * spill are ordinary memory until the budget is used up; after that they are mapped from a file
 * that has no name and is gone when the process ends, however it ends. The kernel then keeps in
 * memory what is being used. Arrays are zeroed and aligned for any type; any thread may ask. */
#ifndef ICT_BASE_SPILL_H
#define ICT_BASE_SPILL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef struct ict_spill ict_spill;

/* folder: where the file is made, once it is needed; NULL: the current one. budget: bytes of
 * memory; 0: three quarters of the machine's. */
ict_status ict_spill_new(const char *folder, uint64_t budget, ict_spill **out, ict_err *err);
/* Frees every array that is left. NULL is fine. */
void ict_spill_close(ict_spill *spill);

/* NULL where neither memory nor disk has room. n * size = 0 gives a pointer that may be freed. */
void *ict_spill_alloc(ict_spill *spill, size_t n, size_t size);
/* NULL is fine. */
void ict_spill_free(ict_spill *spill, void *array);

/* What an allocation failed for, as an error: the disk, or memory. */
ict_status ict_spill_short(ict_spill *spill, ict_err *err);
/* Bytes that went to the file so far. */
uint64_t ict_spill_on_disk(const ict_spill *spill);

#endif
