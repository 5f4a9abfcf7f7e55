/* verify.c - is the file what was written, and does it hold together?
 *
 * In: a path. Out: findings. Owns: nothing beyond the call.
 * Three passes, each over what the one before may trust less: the bytes of every dataset
 * against its SHA-256; names, types and attributes against the root's content_sha256; then
 * the store as the engine sees it, with its index arrays and the range of every value. */
#include <string.h>

#include "base/hash.h"
#include "store/check.h"
#include "store/digest.h"
#include "store/handle.h"
#include "store/layout.h"

typedef struct verifier {
  ict_h5_in h5;
  ict_findings *findings;
} verifier;

static void found(void *ctx, const ict_err *problem) {
  verifier *v = ctx;
  ict_findings_add(v->findings, ICT_ERROR, problem);
}

static void differs(verifier *v, const char *where, const char *what) {
  ict_err e;
  ict_err_set(&e, ICT_DIFFER, "%s: %s", where, what);
  ict_err_at(&e, v->h5.path, 0, 0);
  ict_err_fix(&e, "copy the file again from where it is whole, or import again");
  found(v, &e);
}

static ict_status check_dataset(void *ctx, hid_t data, const char *path, ict_err *err) {
  verifier *v = ctx;
  ict_status st = ICT_OK;
  hid_t type = -1;
  const char *stored;
  const void *values;
  uint64_t n;
  char sha256[65];
  ict_arena *arena = ict_arena_new();
  if (!arena) return ict_err_memory(err);
  if (!ict_h5_has_attribute(data, ICT_STORE_SHA256)) {
    differs(v, path, "has no checksum");
    goto done;
  }
  ICT_TRY(done, st, ict_h5_text(&v->h5, data, ICT_STORE_SHA256, true, arena, &stored, err));
  ICT_TRY(done, st, ict_h5_data_length(&v->h5, data, &n, err));
  ICT_TRY(done, st, ict_h5_values(&v->h5, data, n, 1, arena, &values, err));
  type = H5Dget_type(data); /* ict_h5_values has made sure that there is one */
  ict_sha256_of(values, (size_t)n * H5Tget_size(type), sha256);
  if (strcmp(stored, sha256) != 0) differs(v, path, "its bytes are not those that were written");
done:
  ict_h5_drop(type);
  ict_arena_free(arena);
  return st;
}

/* Checksums of the datasets, then that of the content. *whole: all could be read. */
static ict_status check_sums(verifier *v, bool *whole, ict_err *err) {
  const ict_digest_visit visit = {.dataset = check_dataset, .problem = found, .ctx = v};
  char sha256[65];
  const char *stored;
  ict_status st = ict_store_digest(v->h5.file, v->h5.path, &visit, sha256, err);
  *whole = st == ICT_OK && sha256[0];
  if (!*whole) return st; /* what could not be read has been told */
  ict_arena *arena = ict_arena_new();
  if (!arena) return ict_err_memory(err);
  ict_err problem;
  st = ict_h5_text(&v->h5, v->h5.file, ICT_STORE_CONTENT, true, arena, &stored, &problem);
  if (st == ICT_REFUSED) {
    found(v, &problem);
    st = ICT_OK;
  } else if (st != ICT_OK) {
    if (err) *err = problem;
  } else if (strcmp(stored, sha256) != 0) {
    differs(v, "/", "names, types, attributes or checksums are not those that were written");
  }
  ict_arena_free(arena);
  return st;
}

static ict_status check_store(verifier *v, ict_err *err) {
  ict_store *store;
  ict_err problem;
  ict_status st = ict_store_open(v->h5.path, &store, &problem);
  if (st == ICT_REFUSED) { /* the file is ours by now, so it is a difference, no refusal */
    found(v, &problem);
    return ICT_OK;
  }
  if (st != ICT_OK) {
    if (err) *err = problem;
    return st;
  }
  for (size_t i = 0; i < ict_store_units(store); i++) {
    ict_store_check_values(ict_store_frame_at(store, i), v->h5.path, v->findings);
  }
  ict_store_close(store);
  return ICT_OK;
}

ict_status ict_store_verify(const char *path, ict_findings *findings, ict_err *err) {
  verifier v = {.h5.file = -1, .findings = findings};
  ict_h5_quiet quiet;
  ict_status st = ICT_OK;
  size_t before = ict_findings_count_of(findings, ICT_ERROR);
  ict_arena *arena = ict_arena_new();
  if (!arena) return ict_err_memory(err);
  ict_h5_quiet_begin(&quiet);
  ICT_TRY(done, st, ict_h5_in_open(path, &v.h5, err));
  ICT_TRY(done, st, ict_store_check_format(&v.h5, arena, err));
  bool whole;
  ICT_TRY(done, st, check_sums(&v, &whole, err));
  if (whole) ICT_TRY(done, st, check_store(&v, err));
  size_t n = ict_findings_count_of(findings, ICT_ERROR) - before;
  if (n > 0) {
    st = ict_err_set(err, ICT_DIFFER, "is not as it was written: %zu difference%s", n,
                     n == 1 ? "" : "s");
    ict_err_at(err, path, 0, 0);
  }
done:
  ict_h5_in_close(&v.h5);
  ict_h5_quiet_end(&quiet);
  ict_arena_free(arena);
  return st;
}
