/* pack.h - numbers and arrays as bytes for another process of the same program, and back.
 *
 * Native byte order and widths: what is packed is read again by the same build on machines of one
 * kind; whoever keeps it longer says so in front (run/part.c). */
#ifndef ICT_BASE_PACK_H
#define ICT_BASE_PACK_H

#include <stdint.h>
#include <string.h>

#include "base/stream.h"

static inline void ict_pack_number(ict_out *out, uint64_t number) {
  ict_out_write(out, &number, sizeof number);
}

/* Bytes that are being taken out from the front. */
typedef struct ict_unpack {
  const unsigned char *at;
  size_t left;
} ict_unpack;

/* False where fewer are left. */
static inline bool ict_unpack_bytes(ict_unpack *from, void *to, size_t n) {
  if (n > from->left) return false;
  if (n > 0) memcpy(to, from->at, n);
  from->at += n;
  from->left -= n;
  return true;
}
static inline bool ict_unpack_number(ict_unpack *from, uint64_t *number) {
  return ict_unpack_bytes(from, number, sizeof *number);
}
static inline ict_status ict_unpack_short(ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "packed sums end early, or are of another plan");
  ict_err_fix(err, "make them again, from the same store with the same program");
  return ICT_REFUSED;
}

#endif
