/* hash.h - SHA-256 (through nettle) for provenance and checksums, and a fast
 * 64-bit hash for tables in memory (never written to a file). */
#ifndef ICT_BASE_HASH_H
#define ICT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef struct ict_sha256 ict_sha256;
ict_sha256 *ict_sha256_new(void); /* NULL where memory is short */
void ict_sha256_add(ict_sha256 *h, const void *bytes, size_t len);
/* Writes 64 hex digits and a terminator, frees h. */
void ict_sha256_done(ict_sha256 *h, char hex[65]);

/* Of one piece of memory; never fails. */
void ict_sha256_of(const void *bytes, size_t len, char hex[65]);
ict_status ict_sha256_file(const char *path, char hex[65], ict_err *err);

uint64_t ict_hash64(const void *bytes, size_t len, uint64_t seed);

#endif
