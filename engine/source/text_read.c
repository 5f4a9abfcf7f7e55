/* text_read.c - the provider of delimited text: CSV, TSV, semicolons, bars.
 *
 * In:   the bytes of a text file.
 * Out:  a dictionary from its header; chunks of slices, read on all threads.
 * Owns: one worker a thread for the length of a read. */
#include <stdatomic.h>

#include "source/pieces.h"
#include "source/text.h"

enum { CHUNK_BYTES = 1 << 18 }; /* it and the ends of its fields stay in a core's own cache */

typedef struct thread_state {
  ict_text_worker worker;
  ict_raw_column *columns;
  bool ready;
} thread_state;

typedef struct reading {
  const ict_text_file *file;
  const ict_source_request *request;
  ict_text_wanted wanted;
  const ict_text_piece *pieces;
  size_t n_pieces;
  thread_state *threads;
  atomic_uint_fast64_t bytes_done;
} reading;

/* Text is what no other format wants; evident binaries were named by the caller. */
static bool probe_text(const char *bytes, size_t len) {
  (void)bytes, (void)len;
  return true;
}

static ict_status open_text(const ict_source_input *in, ict_dictionary *dictionary, void **state,
                            ict_err *err) {
  ict_text_file *file = ict_arena_alloc(in->arena, 1, sizeof *file);
  if (!file) return ict_err_memory(err);
  ict_status st = ict_text_head(in, file, dictionary, err);
  if (st == ICT_OK) *state = file;
  return st;
}

static ict_status deliver(reading *job, thread_state *my, size_t i, int thread, ict_err *err) {
  const ict_source_request *request = job->request;
  const ict_text_worker *w = &my->worker;
  for (size_t k = 0; k < request->n_vars; k++) {
    size_t field = request->vars[k];
    my->columns[k] = (ict_raw_column){.type = ICT_RAW_TEXT};
    if (w->text) {
      my->columns[k].bytes = w->text;
      my->columns[k].end = w->end + 1 + field;
      my->columns[k].stride = job->file->n_fields;
    } else {
      my->columns[k].text = w->cells + job->wanted.slot_of[field] * w->stride;
    }
  }
  const ict_text_piece *last = &job->pieces[job->n_pieces - 1];
  ict_chunk chunk = {.index = i,
                     .n_rows = my->worker.n_rows,
                     .columns = my->columns,
                     .line = my->worker.lines,
                     .first = job->pieces[i].rows_before,
                     .room = last->rows_before + last->rows_most};
  return request->fn(request->ctx, &chunk, thread, err);
}

static ict_status get_ready(reading *job, thread_state *my, ict_err *err) {
  ict_status st = ict_text_worker_init(&my->worker, job->file, err);
  if (st != ICT_OK) return st;
  my->columns = ict_alloc(job->request->n_vars, sizeof *my->columns);
  if (!my->columns) return ict_err_memory(err);
  my->ready = true;
  return ICT_OK;
}

static ict_status read_piece(void *ctx, size_t i, int thread, ict_err *err) {
  reading *job = ctx;
  thread_state *my = &job->threads[thread];
  const ict_text_piece *piece = &job->pieces[i];
  ict_status st = my->ready ? ICT_OK : get_ready(job, my, err);
  if (st == ICT_OK) st = ict_text_parse(&my->worker, job->file, &job->wanted, piece, err);
  if (st == ICT_OK) st = deliver(job, my, i, thread, err);
  if (st != ICT_OK) return st;
  uint64_t size = (uint64_t)(piece->end - piece->start);
  uint64_t done = atomic_fetch_add(&job->bytes_done, size) + size;
  const ict_progress *progress = job->request->progress;
  if (progress && progress->tick && thread == 0) {
    progress->tick(progress->ctx, "reading", done, (uint64_t)(job->file->end - job->file->body),
                   "bytes");
  }
  return ICT_OK;
}

/* The slots of the fields asked for: those asked for twice share one. */
static size_t assign_slots(const ict_source_request *request, size_t *slot_of, size_t n_fields) {
  size_t n = 0;
  for (size_t f = 0; f < n_fields; f++) slot_of[f] = ICT_TEXT_UNWANTED;
  for (size_t k = 0; k < request->n_vars; k++) {
    size_t *slot = &slot_of[request->vars[k]];
    if (*slot == ICT_TEXT_UNWANTED) *slot = n++;
  }
  return n;
}

static ict_status read_text(void *state, const ict_source_request *request, ict_err *err) {
  const ict_text_file *file = state;
  size_t n_threads = (size_t)request->threads;
  ict_text_piece *pieces = NULL;
  reading job = {.file = file, .request = request};
  ict_status st = ICT_OK;
  size_t *slot_of = ict_alloc(file->n_fields, sizeof *slot_of);
  job.threads = ict_alloc(n_threads, sizeof *job.threads);
  if (!slot_of || !job.threads) {
    st = ict_err_memory(err);
    goto done;
  }
  job.wanted = (ict_text_wanted){slot_of, assign_slots(request, slot_of, file->n_fields)};
  size_t chunk_size = request->chunk_size ? request->chunk_size : CHUNK_BYTES;
  ICT_TRY(done, st,
          ict_text_split(file, chunk_size, request->threads, &pieces, &job.n_pieces, err));
  job.pieces = pieces;

  st = ict_pieces_read(request, job.n_pieces, read_piece, &job, err);

done:
  for (size_t t = 0; job.threads && t < n_threads; t++) {
    ict_text_worker_done(&job.threads[t].worker);
    ict_free(job.threads[t].columns);
  }
  ict_free(job.threads);
  ict_free(slot_of);
  ict_free(pieces);
  return st;
}

const ict_source_format ict_source_format_csv = {
    .name = "csv",
    .about = "delimited text",
    .extensions = "csv tsv tab txt",
    .probe = probe_text,
    .open = open_text,
    .read = read_text,
};
