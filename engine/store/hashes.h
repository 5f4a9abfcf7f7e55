/* hashes.h - the SHA-256 of a store's arrays, made by another thread while they are written;
 * inside the room only. */
#ifndef ICT_STORE_HASHES_H
#define ICT_STORE_HASHES_H

#include <stddef.h>

#include "store/store.h"

typedef struct ict_hashes ict_hashes;

/* Of the arrays that are as long as a table or its PSUs, in the order of their writing; nothing is
 * hashed yet. The frames are borrowed. NULL where memory is short. */
ict_hashes *ict_hashes_new(const ict_store_frame *frames, size_t n);
void ict_hashes_free(ict_hashes *hashes); /* NULL is fine */

/* Makes all that nobody has begun. Threads may share the work. */
void ict_hashes_make(ict_hashes *hashes);
/* Of one array: made here where nobody has begun it, or where it is not among them (hashes may be
 * NULL); waited for where somebody has. */
void ict_hashes_of(ict_hashes *hashes, const void *values, size_t bytes, char hex[65]);

#endif
