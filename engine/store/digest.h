/* digest.h - the canonical description of a store and its SHA-256.
 *
 * One line an object and one an attribute, in this order: an object, its attributes sorted
 * by name, then what it contains, sorted by name (bytes of UTF-8):
 *
 *     group PATH
 *     dataset PATH TYPE SHAPE
 *     attribute NAME TYPE SHAPE SHA256
 *
 * SHAPE is "scalar" or the number of values; TYPE as ict_h5_type_text; SHA256 that of the
 * attribute's value, little-endian, texts padded with NUL to the size in TYPE. The values of a
 * dataset count through its attribute `sha256`. The root's own content_sha256 is left out.
 * docs/store.md shows the same in fifteen lines of Python. */
#ifndef ICT_STORE_DIGEST_H
#define ICT_STORE_DIGEST_H

#include "store/h5.h"

typedef struct ict_digest_visit {
  /* Optional: called for each dataset, path borrowed. */
  ict_status (*dataset)(void *ctx, hid_t data, const char *path, ict_err *err);
  /* Optional: what cannot be described (damaged, nothing of ours) is told here and the walk
   * goes on; without it the walk ends with that failure. */
  void (*problem)(void *ctx, const ict_err *problem);
  void *ctx;
} ict_digest_visit;

/* path: for errors. visit may be NULL. *sha256 is empty where problems were told. */
ict_status ict_store_digest(hid_t file, const char *path, const ict_digest_visit *visit,
                            char sha256[65], ict_err *err);

#endif
