/* format.h - for cooks: what a file format is made of. (Guests use ictstat/table.h.)
 *
 * A new format is one file with its write function and one row in formats.def; the row makes
 * the declaration, the lookup, the help and the extension. */
#ifndef ICT_PUBLISH_FORMAT_H
#define ICT_PUBLISH_FORMAT_H

#include <stdbool.h>

#include "base/stream.h"
#include "ictstat/table.h"

/* Writes the whole table, with so many threads if it can use them. Rows come sorted. A refusal (the
 * format cannot carry a row) comes before the first byte; failed writes are remembered by `out`.
 * Never commits `out`. */
typedef ict_status (*ict_format_write)(const ict_table *table, int threads, ict_out *out,
                                       ict_err *err);

typedef struct ict_format {
  const char *name;
  const char *extension; /* ".csv", or "" where the extension does not tell */
  const char *about;     /* one line for the help */
  bool changes;          /* it can show the tables of `trend` and `contrast` */
  ict_format_write write;
} ict_format;

/* By name, or NULL. */
const ict_format *ict_format_find(const char *name);

#define FORMAT(id, name, extension, changes, about) \
  ict_status ict_write_##id(const ict_table *table, int threads, ict_out *out, ict_err *err);
#include "publish/formats.def"
#undef FORMAT

#endif
