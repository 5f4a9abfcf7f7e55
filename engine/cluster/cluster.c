/* cluster.c - segments of a pass shared out among processes, and joined by the first.
 *
 * In: a store that every process can open, a request. Out: the table, at process 0.
 * Owns: a process's own segments until they are sent or joined.
 *
 * A process makes all its segments before it sends the first: sending waits for process 0, and
 * process 0 takes them in order. */
#include "cluster/cluster.h"

#include <inttypes.h>
#include <mpi.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "run/compute.h"
#include "run/fingerprint.h"
#include "scan/scan.h"
#include "store/store.h"

enum { TAG_STATUS, TAG_ERROR, TAG_LENGTH, TAG_BYTES };
#define MOST_AT_ONCE ((uint64_t)1 << 30) /* MPI counts in int */

void ict_cluster_begin(int *argc, char ***argv) {
  int level; /* threads work between the calls, never in them */
  MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &level);
}

int ict_cluster_rank(void) {
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

static int cluster_size(void) {
  int size;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

void ict_cluster_name(char *text, size_t size) {
  char host[MPI_MAX_PROCESSOR_NAME] = "";
  int len;
  MPI_Get_processor_name(host, &len);
  snprintf(text, size, "process %d of %d on %s", ict_cluster_rank(), cluster_size(), host);
}

void ict_cluster_agree(ict_status mine, ict_status *of_first, ict_status *worst) {
  int status = (int)mine, first = (int)mine, most = 0;
  MPI_Bcast(&first, 1, MPI_INT, 0, MPI_COMM_WORLD);
  MPI_Allreduce(&status, &most, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  *of_first = (ict_status)first;
  *worst = (ict_status)most;
}

void ict_cluster_end(void) { MPI_Finalize(); }

void ict_cluster_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

/* ---- a process's segments ------------------------------------------------------------------ */

typedef struct piece {
  char *bytes;
  size_t len;
} piece;

typedef struct share {
  size_t from, to;
  piece pieces[ICT_SCAN_SEGMENTS];
} share;

static size_t first_of(size_t n_segments, int rank) {
  return (size_t)rank * n_segments / (size_t)cluster_size();
}

static ict_status keep(void *ctx, size_t segment, const void *bytes, size_t len, ict_err *err) {
  share *s = ctx;
  piece *p = &s->pieces[segment - s->from];
  p->bytes = ict_alloc(len, 1);
  if (!p->bytes) return ict_err_memory(err);
  memcpy(p->bytes, bytes, len);
  p->len = len;
  return ICT_OK;
}

static void forget(share *s) {
  for (size_t i = 0; i < s->to - s->from; i++) ict_free(s->pieces[i].bytes);
  *s = (share){0};
}

static ict_status make_share(const ict_plan *plan, const ict_request *request, share *s,
                             size_t *n_segments, ict_err *err) {
  *s = (share){0};
  ict_status st = ict_scan_n_segments(plan, n_segments, err);
  if (st != ICT_OK) return st;
  s->from = first_of(*n_segments, ict_cluster_rank());
  s->to = first_of(*n_segments, ict_cluster_rank() + 1);
  if (s->from == s->to) return ICT_OK;
  return ict_scan_part(plan, request->threads, request->progress, s->from, s->to, keep, s, err);
}

/* ---- sending and receiving ----------------------------------------------------------------- */

static void send_bytes(const piece *p) {
  uint64_t len = p->len;
  MPI_Send(&len, 1, MPI_UINT64_T, 0, TAG_LENGTH, MPI_COMM_WORLD);
  for (uint64_t at = 0; at < len; at += MOST_AT_ONCE) {
    uint64_t n = len - at < MOST_AT_ONCE ? len - at : MOST_AT_ONCE;
    MPI_Send(p->bytes + at, (int)n, MPI_BYTE, 0, TAG_BYTES, MPI_COMM_WORLD);
  }
}

static ict_status receive_bytes(int from, piece *p, ict_err *err) {
  uint64_t len;
  MPI_Recv(&len, 1, MPI_UINT64_T, from, TAG_LENGTH, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  p->bytes = ict_alloc(len, 1);
  p->len = len;
  if (!p->bytes) return ict_err_memory(err);
  for (uint64_t at = 0; at < len; at += MOST_AT_ONCE) {
    uint64_t n = len - at < MOST_AT_ONCE ? len - at : MOST_AT_ONCE;
    MPI_Recv(p->bytes + at, (int)n, MPI_BYTE, from, TAG_BYTES, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  }
  return ICT_OK;
}

static void send_share(const share *s, ict_status st, ict_err *err) {
  int status = (int)st;
  if (s->to == s->from) return; /* nobody waits for it */
  MPI_Send(&status, 1, MPI_INT, 0, TAG_STATUS, MPI_COMM_WORLD);
  if (st != ICT_OK) {
    char name[256];
    ict_cluster_name(name, sizeof name);
    ict_err_while(err, "%s", name);
    MPI_Send(err, (int)sizeof *err, MPI_BYTE, 0, TAG_ERROR, MPI_COMM_WORLD);
  }
  for (size_t i = 0; i < s->to - s->from && st == ICT_OK; i++) send_bytes(&s->pieces[i]);
}

/* ---- process 0 ----------------------------------------------------------------------------- */

typedef struct joining {
  share own;
  size_t n_segments;
  int rank; /* whose segments come now */
  piece last;
} joining;

static ict_status hear_of(int rank, ict_err *err) {
  int status;
  ict_err theirs;
  MPI_Recv(&status, 1, MPI_INT, rank, TAG_STATUS, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  if (status == ICT_OK) return ICT_OK;
  MPI_Recv(&theirs, (int)sizeof theirs, MPI_BYTE, rank, TAG_ERROR, MPI_COMM_WORLD,
           MPI_STATUS_IGNORE);
  if (err) *err = theirs;
  return (ict_status)status;
}

static ict_status give(void *ctx, size_t segment, const void **bytes, size_t *len, ict_err *err) {
  joining *j = ctx;
  ict_status st = ICT_OK;
  ict_free(j->last.bytes);
  j->last = (piece){0};
  if (segment < j->own.to) {
    *bytes = j->own.pieces[segment].bytes;
    *len = j->own.pieces[segment].len;
    return ICT_OK;
  }
  while (segment >= first_of(j->n_segments, j->rank + 1)) {
    j->rank++;
    if (segment < first_of(j->n_segments, j->rank + 1)) st = hear_of(j->rank, err);
  }
  if (st == ICT_OK) st = receive_bytes(j->rank, &j->last, err);
  *bytes = j->last.bytes;
  *len = j->last.len;
  return st;
}

static ict_status scan_by_all(void *ctx, size_t i, const ict_plan *plan, const ict_request *request,
                              ict_cube **cube, ict_replicate_totals **totals, ict_err *err) {
  (void)ctx, (void)i;
  joining j = {0};
  ict_status st = make_share(plan, request, &j.own, &j.n_segments, err);
  if (st == ICT_OK) st = ict_scan_join(plan, request->threads, give, &j, cube, totals, err);
  ict_free(j.last.bytes);
  forget(&j.own);
  return st;
}

/* ---- all ----------------------------------------------------------------------------------- */

/* Why this process cannot go on beside process 0: it failed, or is of something else. */
static void say_why(ict_status st, ict_fingerprint_part other, ict_err *why) {
  static const char *const OTHER[] = {[ICT_FINGERPRINT_PROGRAM] = "version of the program",
                                      [ICT_FINGERPRINT_STORE] = "store",
                                      [ICT_FINGERPRINT_PLANS] = "catalogue or request"};
  char name[256];
  ict_cluster_name(name, sizeof name);
  if (st != ICT_OK) {
    ict_err_while(why, "%s", name);
    return;
  }
  ict_err_set(why, ICT_REFUSED, "%s has another %s than process 0", name, OTHER[other]);
  ict_err_expected(why, "the same files and options everywhere");
  ict_err_fix(why, "copy the store and the program to every machine, or share a folder");
}

/* Nobody begins before all have the same program, store and plans. */
static ict_status same_everywhere(const ict_store *store, const ict_plans *plans, ict_status st,
                                  ict_err *err) {
  ict_fingerprint mine = {{0}, {0}, {0}}, first;
  if (st == ICT_OK) st = ict_fingerprint_make(store, plans, &mine, err);
  first = mine;
  MPI_Bcast(&first, (int)sizeof first, MPI_BYTE, 0, MPI_COMM_WORLD);
  ict_fingerprint_part other = ict_fingerprint_difference(&first, &mine);
  struct {
    int is, rank;
  } found = {other != ICT_FINGERPRINT_SAME, ict_cluster_rank()}, all;
  MPI_Allreduce(&found, &all, 1, MPI_2INT, MPI_MAXLOC, MPI_COMM_WORLD);
  if (!all.is) return st;
  ict_err why = st != ICT_OK && err ? *err : (ict_err){.status = st};
  if (all.rank == found.rank) say_why(st, other, &why);
  MPI_Bcast(&why, (int)sizeof why, MPI_BYTE, all.rank, MPI_COMM_WORLD); /* to all, failed or not */
  if (st != ICT_OK) return st;
  if (err) *err = why;
  return why.status;
}

/* What the other processes do. Quantiles are not theirs: process 0 makes them alone. */
static ict_status help(const ict_computation *c, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < c->plans.n && st == ICT_OK; i++) {
    share own;
    size_t n_segments;
    if (!ict_compute_scans(c->plans.plans[i])) continue;
    st = make_share(c->plans.plans[i], c->request, &own, &n_segments, err);
    send_share(&own, st, err);
    forget(&own);
  }
  return st;
}

ict_status ict_cluster_compute(const ict_store *store, const ict_catalog *catalog,
                               const ict_request *request, bool *all_know, ict_table **out,
                               ict_findings *findings, ict_err *err) {
  *out = NULL;
  bool first = ict_cluster_rank() == 0;
  ict_computation c;
  ict_status st = ict_computation_begin(store, catalog, request, &c, first ? findings : NULL, err);
  st = same_everywhere(store, &c.plans, st, err);
  *all_know = st != ICT_OK;
  if (st == ICT_OK)
    st = first ? ict_compute_by(&c, scan_by_all, NULL, out, findings, err) : help(&c, err);
  ict_computation_done(&c);
  return st;
}
