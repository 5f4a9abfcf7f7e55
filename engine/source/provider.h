/* provider.h - foreign files, for those who add a format (for those who read files:
 * source/source.h).
 *
 * A format is one `const ict_source_format ict_source_format_<name>` and one row in
 * formats.def. A provider never opens the file: it is handed the bytes (mapped, and
 * gunzipped where they were gzip), and its data leaves by one callback. So a provider
 * can be moved into a child process without its callers knowing. */
#ifndef ICT_SOURCE_PROVIDER_H
#define ICT_SOURCE_PROVIDER_H

#include "base/mem.h"
#include "base/stream.h"
#include "source/source.h"

typedef struct ict_source_format ict_source_format;

/* What a provider gets to work on. All borrowed. What the pointers lead to lives until
 * after `close`; the record itself only for the call. */
typedef struct ict_source_input {
  const ict_source_format *format;
  const ict_source_options *options; /* `path` is for messages */
  const ict_bytes *bytes;            /* never empty */
  ict_arena *arena;                  /* freed after `close`; for the dictionary and the state */
} ict_source_input;

typedef struct ict_source_request {
  const size_t *vars;           /* indexes into the dictionary, checked; one may be there twice */
  size_t n_vars;                /* 0: chunks have rows and lines, but no columns */
  int threads;                  /* at least 1 */
  size_t chunk_size;            /* 0: the provider's choice; else bytes (text) or rows (others) */
  const ict_progress *progress; /* may be NULL */
  ict_chunk_fn fn;
  void *ctx;
  /* One more task, to be done once, beside the reading (source/pieces.h does). NULL: nothing. */
  void (*beside)(void *ctx);
  void *beside_ctx;
} ict_source_request;

struct ict_source_format {
  const char *name;       /* "sav" */
  const char *about;      /* "SPSS system file" */
  const char *extensions; /* "sav zsav": lower case, parted by one blank */

  /* Mandatory. Is this the start of such a file? Looks at the bytes only (at most all
   * of them, at least one), never fails. The rows of formats.def are asked in order. */
  bool (*probe)(const char *bytes, size_t len);

  /* Mandatory. Fills *dictionary: all but `format`, `file_size` and `sha256`, which the
   * caller sets. What it points to comes from in->arena or is static. *state is handed
   * to `read` and `close`. On failure nothing is left to close. */
  ict_status (*open)(const ict_source_input *in, ict_dictionary *dictionary, void **state,
                     ict_err *err);

  /* Mandatory. May be called several times, one after the other. Gives the chunks to
   * request->fn as source.h says: numbered without gaps, the failure of the lowest
   * chunk wins, one status out. Chunks may be empty. */
  ict_status (*read)(void *state, const ict_source_request *request, ict_err *err);

  /* Optional (NULL: the arena is all there is to free). Called once, and only after a
   * successful `open`; nothing is called after it. */
  void (*close)(void *state);

  /* Optional: the provider's own, for formats that share their functions. */
  const void *own;
};

/* stack.c: the rows of options->more, behind those of the bytes. Refused: a file of another header,
 * and any that is not text. */
ict_status ict_source_stack(const ict_source_options *options, ict_bytes *bytes, ict_err *err);

/* For tests: the size of chunks of the reads to come (see ict_source_request). */
void ict_source_set_chunk_size(ict_source *source, size_t chunk_size);

#endif
