/* handle.h - what an open store is made of; for the files of this room. */
#ifndef ICT_STORE_HANDLE_H
#define ICT_STORE_HANDLE_H

#include "store/h5.h"
#include "store/store.h"

struct ict_store {
  ict_arena *arena; /* holds everything below but the map */
  void *map;        /* the file; columns and designs point into it */
  size_t map_len;
  ict_provenance provenance;
  const char *content_sha256;
  size_t n_units;
  ict_frame *frames;
  const char **scopes; /* one a frame, entries may be NULL */
};

/* Refuses a file that is not ours, or of a version we do not read. */
ict_status ict_store_check_format(const ict_h5_in *in, ict_arena *arena, ict_err *err);

#endif
