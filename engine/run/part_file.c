/* part_file.c - the file of one part: written in one go, read with nothing taken on trust.
 *
 * In: a head and segments. Out: the same.
 * Owns: the stream of a writer; the mapped bytes of a file. */
#include "run/part_file.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ictstat/part.h"

static const char magic[] = "ictstat part 1\n";
#define ORDER UINT64_C(0x0102030405060708)

struct ict_part_writer {
  ict_out *out;
  ict_sha256 *hash;
};

static void put(ict_part_writer *w, const void *bytes, size_t len) {
  ict_out_write(w->out, bytes, len);
  ict_sha256_add(w->hash, bytes, len);
}

static void put_number(ict_part_writer *w, uint64_t number) { put(w, &number, sizeof number); }

static void put_text(ict_part_writer *w, const char *text) {
  put_number(w, strlen(text));
  put(w, text, strlen(text));
}

ict_status ict_part_writer_open(const char *path, const ict_part_head *head, size_t n_segments,
                                ict_part_writer **out, ict_err *err) {
  *out = NULL;
  ict_part_writer *w = ict_alloc(1, sizeof *w);
  if (!w) return ict_err_memory(err);
  w->hash = ict_sha256_new();
  ict_status st = w->hash ? ict_out_open(path, &w->out, err) : ict_err_memory(err);
  if (st != ICT_OK) {
    ict_part_writer_discard(w);
    return st;
  }
  put(w, magic, sizeof magic - 1);
  put_number(w, ORDER);
  put_number(w, head->k);
  put_number(w, head->n);
  put_text(w, head->of.program);
  put_text(w, head->of.store);
  put_text(w, head->of.plans);
  put_text(w, head->note);
  put_number(w, n_segments);
  *out = w;
  return ICT_OK;
}

void ict_part_writer_add(ict_part_writer *w, size_t plan, size_t segment, const void *bytes,
                         size_t len) {
  put_number(w, plan);
  put_number(w, segment);
  put_number(w, len);
  put(w, bytes, len);
}

ict_status ict_part_writer_commit(ict_part_writer *w, ict_err *err) {
  char hex[65];
  ict_sha256_done(w->hash, hex);
  ict_out_write(w->out, hex, 64);
  ict_status st = ict_out_commit(w->out, err);
  ict_free(w);
  return st;
}

void ict_part_writer_discard(ict_part_writer *w) {
  char hex[65];
  if (!w) return;
  if (w->hash) ict_sha256_done(w->hash, hex);
  ict_out_discard(w->out);
  ict_free(w);
}

/* ---- reading ------------------------------------------------------------------------------- */

static ict_status refuse(const char *path, const char *what, const char *fix, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "%s", what);
  ict_err_at(err, path, 0, 0);
  ict_err_expected(err, "a whole file that `ictstat compute --part` wrote");
  ict_err_fix(err, "%s", fix);
  return ICT_REFUSED;
}

static ict_status refuse_damaged(const char *path, const char *what, ict_err *err) {
  return refuse(path, what, "compute this part again, or copy it again from where it was made",
                err);
}

static bool take_text(ict_unpack *u, char *to, size_t size) {
  uint64_t len;
  if (!ict_unpack_number(u, &len) || len >= size || !ict_unpack_bytes(u, to, len)) return false;
  to[len] = '\0';
  return true;
}

static bool take_note(ict_unpack *u, char **note, ict_status *st) {
  uint64_t len;
  if (!ict_unpack_number(u, &len) || len > u->left) return false;
  *note = ict_alloc(len + 1, 1);
  if (!*note) *st = ICT_FAIL;
  return *note && ict_unpack_bytes(u, *note, len);
}

static bool take_head(ict_unpack *u, ict_part_head *h, ict_status *st) {
  return ict_unpack_number(u, &h->k) && ict_unpack_number(u, &h->n) && h->k >= 1 && h->k <= h->n &&
         h->n <= ICT_PARTS_MOST && take_text(u, h->of.program, sizeof h->of.program) &&
         take_text(u, h->of.store, sizeof h->of.store) &&
         take_text(u, h->of.plans, sizeof h->of.plans) && take_note(u, &h->note, st);
}

static bool take_segment(ict_unpack *u, ict_part_segment *s) {
  uint64_t len;
  if (!ict_unpack_number(u, &s->plan) || !ict_unpack_number(u, &s->segment) ||
      !ict_unpack_number(u, &len) || len > u->left)
    return false;
  s->bytes = u->at;
  s->len = len;
  u->at += len;
  u->left -= len;
  return true;
}

static bool take_segments(ict_unpack *u, ict_part_file *f, ict_status *st) {
  uint64_t n;
  if (!ict_unpack_number(u, &n) || n > u->left / (3 * sizeof n)) return false;
  f->segments = ict_alloc(n, sizeof *f->segments);
  if (!f->segments) {
    *st = ICT_FAIL;
    return false;
  }
  for (; f->n_segments < n; f->n_segments++)
    if (!take_segment(u, &f->segments[f->n_segments])) return false;
  return u->left == 0;
}

static ict_status read_all(ict_part_file *f, ict_err *err) {
  ict_unpack u = {(const unsigned char *)f->bytes.data, f->bytes.len};
  char begin[sizeof magic - 1], hex[65];
  uint64_t order;
  ict_status st = ICT_REFUSED;
  if (!ict_unpack_bytes(&u, begin, sizeof begin) || memcmp(begin, magic, sizeof begin) != 0)
    return refuse(f->path, "this is no part of a computation", "name the parts alone", err);
  if (!ict_unpack_number(&u, &order) || u.left < 64)
    return refuse_damaged(f->path, "this part ends early", err);
  if (order == __builtin_bswap64(ORDER))
    return refuse(f->path, "this part was made on a machine with another byte order",
                  "compute all parts on machines of one kind", err);
  ict_sha256_of(f->bytes.data, f->bytes.len - 64, hex);
  if (order != ORDER || memcmp(hex, f->bytes.data + f->bytes.len - 64, 64) != 0)
    return refuse_damaged(f->path, "this part is damaged: its checksum does not hold", err);
  u.left -= 64;
  if (take_head(&u, &f->head, &st) && take_segments(&u, f, &st)) return ICT_OK;
  return st == ICT_FAIL ? ict_err_memory(err)
                        : refuse_damaged(f->path, "this part is damaged", err);
}

ict_status ict_part_file_open(const char *path, ict_part_file *f, ict_err *err) {
  *f = (ict_part_file){.path = path};
  ict_status st = ict_bytes_open(path, 0, false, &f->bytes, err);
  if (st == ICT_OK) st = read_all(f, err);
  if (st != ICT_OK) ict_part_file_close(f);
  return st;
}

void ict_part_file_close(ict_part_file *f) {
  ict_free(f->segments);
  ict_free(f->head.note);
  ict_bytes_close(&f->bytes);
  *f = (ict_part_file){0};
}
