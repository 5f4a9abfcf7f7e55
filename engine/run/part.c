/* part.c - one part of a computation into a file, and the files of all parts into its table.
 *
 * In: an open store, a request; later the parts. Out: a part; later the table.
 * Owns: the open files of the parts. */
#include "ictstat/part.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "run/compute.h"
#include "run/part_file.h"
#include "scan/scan.h"
#include "store/store.h"

/* ---- a part -------------------------------------------------------------------------------- */

/* Part k of n has segments [from, to) of a plan's. */
static void share_of(size_t n_segments, uint64_t k, uint64_t n, size_t *from, size_t *to) {
  *from = (size_t)((k - 1) * n_segments / n);
  *to = (size_t)(k * n_segments / n);
}

typedef struct adding {
  ict_part_writer *writer;
  size_t plan;
} adding;

static ict_status add_segment(void *ctx, size_t segment, const void *bytes, size_t len,
                              ict_err *err) {
  const adding *a = ctx;
  (void)err;
  ict_part_writer_add(a->writer, a->plan, segment, bytes, len);
  return ICT_OK;
}

/* Sums of parts are sums; quantiles of parts are nothing. */
static ict_status check_kinds(const ict_plans *plans, ict_err *err) {
  for (size_t i = 0; i < plans->n; i++) {
    if (ict_compute_scans(plans->plans[i])) continue;
    ict_err_set(err, ICT_USAGE, "%s is a quantile, which needs all rows at once: it has no parts",
                plans->plans[i]->measures[0].indicator->id);
    ict_err_fix(err, "compute it apart, without --part, and name the others with -i");
    return ICT_USAGE;
  }
  return ICT_OK;
}

ict_status ict_compute_part(const ict_store *store, const ict_catalog *catalog,
                            const ict_request *request, unsigned k, unsigned n, const char *note,
                            const char *path, ict_findings *findings, ict_err *err) {
  if (k < 1 || k > n || n > ICT_PARTS_MOST)
    return ict_err_set(err, ICT_USAGE, "there is no part %u of %u; a computation has 1 to %d parts",
                       k, n, ICT_PARTS_MOST);
  ict_computation c;
  const ict_plans *plans = &c.plans;
  ict_part_head head = {.k = k, .n = n};
  adding a = {0};
  size_t n_segments = 0, of_plan, from, to;
  ict_status st;
  ICT_TRY(done, st, ict_computation_begin(store, catalog, request, &c, findings, err));
  ICT_TRY(done, st, ict_fingerprint_make(store, plans, &head.of, err));
  ICT_TRY(done, st, check_kinds(plans, err));
  for (size_t i = 0; i < plans->n; i++) {
    ICT_TRY(done, st, ict_scan_n_segments(plans->plans[i], &of_plan, err));
    share_of(of_plan, k, n, &from, &to);
    n_segments += to - from;
  }
  head.note = ict_strdup(note);
  if (!head.note) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_part_writer_open(path, &head, n_segments, &a.writer, err));
  for (; a.plan < plans->n; a.plan++) {
    const ict_plan *plan = plans->plans[a.plan];
    ICT_TRY(done, st, ict_scan_n_segments(plan, &of_plan, err));
    share_of(of_plan, k, n, &from, &to);
    ICT_TRY(
        done, st,
        ict_scan_part(plan, request->threads, request->progress, from, to, add_segment, &a, err));
  }
  st = ict_part_writer_commit(a.writer, err);
  a.writer = NULL;
done:
  ict_part_writer_discard(a.writer);
  ict_free(head.note);
  ict_computation_done(&c);
  return st;
}

/* ---- all parts ----------------------------------------------------------------------------- */

struct ict_parts {
  size_t n;
  ict_part_file *files; /* in order of k */
};

/* Each machine may have its own copy of the store, which is one by its content: where it lay is the
 * last line of a note that has several. */
static bool same_note(const char *a, const char *b) {
  const char *last_a = strrchr(a, '\n'), *last_b = strrchr(b, '\n');
  if (!last_a || !last_b) return strcmp(a, b) == 0;
  return last_a - a == last_b - b && memcmp(a, b, (size_t)(last_a - a)) == 0;
}

/* What tells two parts' computations apart, in words; NULL: they are one. */
static const char *difference(const ict_part_head *a, const ict_part_head *b) {
  static const char *const OTHER[] = {
      [ICT_FINGERPRINT_PROGRAM] = "were made by different versions of the program",
      [ICT_FINGERPRINT_STORE] = "are of different stores",
      [ICT_FINGERPRINT_PLANS] =
          "are of different indicators, definitions, breakdowns or replicates"};
  ict_fingerprint_part other = ict_fingerprint_difference(&a->of, &b->of);
  if (other != ICT_FINGERPRINT_SAME) return OTHER[other];
  if (!same_note(a->note, b->note)) return "are of different commands";
  if (a->n != b->n) return "are of computations cut into different numbers of parts";
  return NULL;
}

static ict_status refuse_pair(const ict_part_file *a, const ict_part_file *b, const char *what,
                              const char *fix, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "'%s' and this %s", a->path, what);
  ict_err_at(err, b->path, 0, 0);
  ict_err_expected(err, "every part of one computation, once");
  ict_err_fix(err, "%s", fix);
  return ICT_REFUSED;
}

/* Puts the file at its place; *file is taken over. */
static ict_status place(ict_parts *parts, ict_part_file *file, const ict_part_file **first,
                        ict_err *err) {
  if (*first) {
    const char *what = difference(&(*first)->head, &file->head);
    if (what) return refuse_pair(*first, file, what, "give the parts of one computation only", err);
  } else {
    parts->files = ict_alloc((size_t)file->head.n, sizeof *parts->files);
    if (!parts->files) return ict_err_memory(err);
    parts->n = (size_t)file->head.n;
  }
  ict_part_file *at = &parts->files[file->head.k - 1];
  if (at->path) return refuse_pair(at, file, "are the same part", "name each part once", err);
  *at = *file;
  *file = (ict_part_file){0};
  *first = at;
  return ICT_OK;
}

static ict_status all_there(const ict_parts *parts, ict_err *err) {
  for (size_t i = 0; i < parts->n; i++) {
    if (parts->files[i].path) continue;
    ict_err_set(err, ICT_REFUSED, "part %zu of %zu is missing", i + 1, parts->n);
    ict_err_expected(err, "every part of one computation, once");
    ict_err_fix(err, "compute it with `--part %zu/%zu`, and name all parts", i + 1, parts->n);
    return ICT_REFUSED;
  }
  return ICT_OK;
}

ict_status ict_parts_open(const char *const *paths, size_t n, ict_parts **out, ict_err *err) {
  *out = NULL;
  ict_part_file file = {0};
  const ict_part_file *first = NULL;
  ict_status st = ICT_OK;
  ict_parts *parts = ict_alloc(1, sizeof *parts);
  if (!parts) return ict_err_memory(err);
  for (size_t i = 0; i < n; i++) {
    ICT_TRY(done, st, ict_part_file_open(paths[i], &file, err));
    ICT_TRY(done, st, place(parts, &file, &first, err));
  }
  ICT_TRY(done, st, all_there(parts, err));
  *out = parts;
  parts = NULL;
done:
  ict_part_file_close(&file);
  ict_parts_close(parts);
  return st;
}

void ict_parts_close(ict_parts *parts) {
  if (!parts) return;
  for (size_t i = 0; i < parts->n; i++) ict_part_file_close(&parts->files[i]);
  ict_free(parts->files);
  ict_free(parts);
}

const char *ict_parts_note(const ict_parts *parts) { return parts->files[0].head.note; }

/* ---- merging ------------------------------------------------------------------------------- */

/* Where the merging is: parts hold their segments in order, and follow one another. */
typedef struct merging {
  const ict_parts *parts;
  size_t plan;
  size_t file, at; /* the next segment */
} merging;

static ict_status give_segment(void *ctx, size_t segment, const void **bytes, size_t *len,
                               ict_err *err) {
  merging *m = ctx;
  for (; m->file < m->parts->n; m->file++, m->at = 0) {
    const ict_part_file *f = &m->parts->files[m->file];
    while (m->at < f->n_segments && f->segments[m->at].plan < m->plan) m->at++;
    if (m->at == f->n_segments || f->segments[m->at].plan > m->plan) continue;
    const ict_part_segment *s = &f->segments[m->at++];
    if (s->segment != segment) break;
    *bytes = s->bytes;
    *len = s->len;
    return ICT_OK;
  }
  ict_err_set(err, ICT_REFUSED, "segment %zu is in none of the parts", segment);
  ict_err_fix(err, "compute the parts again");
  return ICT_REFUSED;
}

static ict_status join_plan(void *ctx, size_t i, const ict_plan *plan, const ict_request *request,
                            ict_cube **cube, ict_replicate_totals **totals, ict_err *err) {
  merging m = {.parts = ctx, .plan = i};
  return ict_scan_join(plan, request->threads, give_segment, &m, cube, totals, err);
}

/* The parts are of this store, these definitions and this program. */
static ict_status check_parts(const ict_parts *parts, const ict_computation *c, ict_err *err) {
  static const char *const OTHER[] = {
      [ICT_FINGERPRINT_PROGRAM] = "this part was made by another version of the program",
      [ICT_FINGERPRINT_STORE] = "the store is not the one this part was made from",
      [ICT_FINGERPRINT_PLANS] = "the catalogue has other definitions than when this part was made"};
  const ict_part_file *first = &parts->files[0];
  ict_fingerprint now;
  ict_status st = ict_fingerprint_make(c->store, &c->plans, &now, err);
  if (st != ICT_OK) return st;
  ict_fingerprint_part other = ict_fingerprint_difference(&now, &first->head.of);
  if (other == ICT_FINGERPRINT_SAME) return ICT_OK;
  ict_err_set(err, ICT_REFUSED, "%s", OTHER[other]);
  ict_err_at(err, first->path, 0, 0);
  ict_err_expected(err, "the program, store and catalogue of the parts, unchanged");
  ict_err_fix(err, "compute all parts again, or bring back what they were made with");
  return ICT_REFUSED;
}

ict_status ict_parts_merge(const ict_parts *parts, const ict_store *store,
                           const ict_catalog *catalog, const ict_request *request, ict_table **out,
                           ict_findings *findings, ict_err *err) {
  *out = NULL;
  ict_computation c;
  ict_status st = ict_computation_begin(store, catalog, request, &c, findings, err);
  if (st == ICT_OK) st = check_parts(parts, &c, err);
  if (st == ICT_OK)
    st = ict_compute_by(&c, join_plan, (void *)(uintptr_t)parts, out, findings, err);
  ict_computation_done(&c);
  return st;
}
