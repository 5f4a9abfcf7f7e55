/* readstat_read.c - the second pass over an SPSS, Stata or SAS file: its rows.
 *
 * In:   the bytes, and the variables wanted; ReadStat skips the others.
 * Out:  chunks of columns, in order, all on thread 0.
 * Owns: one chunk's columns, and an arena for its texts.
 *
 * ReadStat gives one value a call, row by row. A row is complete when each wanted variable
 * had its value: the count is checked, because a damaged file may say otherwise. */
#include <math.h>
#include <string.h>

#include "source/readstat_in.h"

enum { CELLS = 1 << 20, ROWS_LEAST = 512, ROWS_MOST = 1 << 16 };

typedef struct slot { /* one wanted variable */
  double *number;
  char *tag;
  ict_slice *text;
  bool tagged; /* in this chunk */
} slot;

typedef struct reading {
  ict_readstat_call call;
  const ict_source_request *request;
  size_t *slot_of; /* one a variable; SIZE_MAX: not wanted */
  slot *slots;
  size_t n_slots;
  ict_raw_column *columns;
  uint64_t *line;
  size_t rows_most;
  ict_arena *texts;
  size_t n_chunks, n_rows; /* given away; in the chunk being filled */
  size_t n_filled;         /* slots of the row being filled */
  int64_t rows_before;     /* in earlier chunks */
} reading;

/* --- memory ------------------------------------------------------------------------------------
 */

static bool assign_slots(reading *r) {
  const ict_readstat_file *file = r->call.file;
  const ict_source_request *request = r->request;
  r->slot_of = ict_alloc(file->n_vars, sizeof *r->slot_of);
  r->columns = ict_alloc(request->n_vars, sizeof *r->columns);
  if (!r->slot_of || !r->columns) return false;
  for (size_t i = 0; i < file->n_vars; i++) r->slot_of[i] = SIZE_MAX;
  for (size_t k = 0; k < request->n_vars; k++) {
    size_t *assigned = &r->slot_of[request->vars[k]];
    if (*assigned == SIZE_MAX) *assigned = r->n_slots++;
  }
  /* Rows are counted by their values: with none wanted, the first variable counts them. */
  if (r->n_slots == 0) r->slot_of[0] = r->n_slots++;
  return true;
}

static bool reserve(reading *r) {
  const ict_readstat_file *file = r->call.file;
  r->rows_most = CELLS / r->n_slots;
  if (r->rows_most < ROWS_LEAST) r->rows_most = ROWS_LEAST;
  if (r->rows_most > ROWS_MOST) r->rows_most = ROWS_MOST;
  if (r->request->chunk_size) r->rows_most = r->request->chunk_size;
  r->line = ict_alloc(r->rows_most, sizeof *r->line);
  r->slots = ict_alloc(r->n_slots, sizeof *r->slots);
  r->texts = ict_arena_new();
  if (!r->line || !r->slots || !r->texts) return false;
  for (size_t i = 0; i < file->n_vars; i++) {
    if (r->slot_of[i] == SIZE_MAX) continue;
    slot *s = &r->slots[r->slot_of[i]];
    if (file->vars[i].type == ICT_RAW_TEXT) {
      s->text = ict_alloc(r->rows_most, sizeof *s->text);
      if (!s->text) return false;
    } else {
      s->number = ict_alloc(r->rows_most, sizeof *s->number);
      s->tag = ict_alloc(r->rows_most, sizeof *s->tag);
      if (!s->number || !s->tag) return false;
    }
  }
  return true;
}

static void release(reading *r) {
  for (size_t i = 0; r->slots && i < r->n_slots; i++) {
    ict_free(r->slots[i].number);
    ict_free(r->slots[i].tag);
    ict_free(r->slots[i].text);
  }
  ict_free(r->slots);
  ict_free(r->slot_of);
  ict_free(r->columns);
  ict_free(r->line);
  ict_arena_free(r->texts);
}

/* --- chunks ------------------------------------------------------------------------------------
 */

static ict_status give_chunk(reading *r) {
  if (r->n_rows == 0) return ICT_OK;
  const ict_source_request *request = r->request;
  for (size_t k = 0; k < request->n_vars; k++) {
    const slot *s = &r->slots[r->slot_of[request->vars[k]]];
    r->columns[k] = (ict_raw_column){.type = s->text ? ICT_RAW_TEXT : ICT_RAW_NUMBER,
                                     .text = s->text,
                                     .number = s->number,
                                     .tag = s->tagged ? s->tag : NULL};
  }
  ict_chunk chunk = {
      .index = r->n_chunks, .n_rows = r->n_rows, .columns = r->columns, .line = r->line};
  ict_status st = request->fn(request->ctx, &chunk, 0, r->call.err);
  if (st != ICT_OK) return st;
  r->rows_before += (int64_t)r->n_rows;
  r->n_chunks++;
  r->n_rows = 0;
  for (size_t i = 0; i < r->n_slots; i++) {
    if (r->slots[i].tagged) memset(r->slots[i].tag, 0, r->rows_most);
    r->slots[i].tagged = false;
  }
  ict_arena_free(r->texts);
  r->texts = ict_arena_new();
  if (!r->texts) return ict_err_memory(r->call.err);
  const ict_progress *progress = request->progress;
  if (progress && progress->tick) {
    int64_t total = r->call.file->n_rows;
    progress->tick(progress->ctx, "reading", (uint64_t)r->rows_before,
                   total > 0 ? (uint64_t)total : 0, "rows");
  }
  return ICT_OK;
}

static ict_status end_row(reading *r) {
  if (r->n_filled == r->n_slots) return ICT_OK;
  return ict_readstat_damaged(r->call.file, r->call.err, "row %lld is not complete",
                              (long long)(r->rows_before + (int64_t)r->n_rows));
}

/* Makes `observation` (from 0) the row being filled. */
static ict_status start_row(reading *r, int64_t observation) {
  if (r->rows_before + (int64_t)r->n_rows != observation) {
    return ict_readstat_damaged(r->call.file, r->call.err, "rows out of order");
  }
  ict_status st = ICT_OK;
  if (r->rows_before + (int64_t)r->n_rows > 0) st = end_row(r);
  if (st == ICT_OK && r->n_rows == r->rows_most) st = give_chunk(r);
  if (st != ICT_OK) return st;
  r->line[r->n_rows++] = (uint64_t)observation + 1;
  r->n_filled = 0;
  return ICT_OK;
}

static ict_status keep_text(reading *r, const ict_source_variable *v, const char *text,
                            ict_slice *cell) {
  *cell = (ict_slice){"", 0};
  if (!text || !*text) return ICT_OK;
  size_t len = ict_readstat_text_len(text);
  if (len == SIZE_MAX) {
    const char *encoding = r->call.file->encoding;
    ict_err_set(r->call.err, ICT_REFUSED, "a value of '%s' is not %s", v->name,
                encoding ? "in the declared encoding" : "in the encoding the file names");
    ict_err_at(r->call.err, r->call.file->path, r->line[r->n_rows - 1], 0);
    ict_err_expected(r->call.err, "text that can be turned into UTF-8");
    ict_err_fix(r->call.err,
                "declare it, such as windows-1252: `encoding:` in the mapping, `--encoding` on the "
                "command line");
    return ICT_REFUSED;
  }
  cell->text = ict_arena_strndup(r->texts, text, len);
  cell->len = len;
  return cell->text ? ICT_OK : ict_err_memory(r->call.err);
}

/* --- handlers ----------------------------------------------------------------------------------
 */

static int on_variable(int index, readstat_variable_t *variable, const char *label_set, void *ctx) {
  (void)variable, (void)label_set;
  reading *r = ctx;
  if (index < 0 || (size_t)index >= r->call.file->n_vars) {
    return ict_readstat_abort(
        &r->call, ict_readstat_damaged(r->call.file, r->call.err, "variables out of order"));
  }
  return r->slot_of[index] == SIZE_MAX ? READSTAT_HANDLER_SKIP_VARIABLE : READSTAT_HANDLER_OK;
}

static int on_value(int observation, readstat_variable_t *variable, readstat_value_t value,
                    void *ctx) {
  reading *r = ctx;
  int index = readstat_variable_get_index(variable);
  if (index < 0 || (size_t)index >= r->call.file->n_vars || r->slot_of[index] == SIZE_MAX) {
    return READSTAT_HANDLER_OK;
  }
  ict_status st = ICT_OK;
  if (r->rows_before + (int64_t)r->n_rows != (int64_t)observation + 1) {
    st = start_row(r, observation);
    if (st != ICT_OK) return ict_readstat_abort(&r->call, st);
  }
  slot *s = &r->slots[r->slot_of[index]];
  size_t row = r->n_rows - 1;
  r->n_filled++;
  if (s->text) {
    st = keep_text(r, &r->call.file->vars[index], readstat_string_value(value), &s->text[row]);
  } else {
    char tag = ict_readstat_tag(value);
    bool missing = tag || readstat_value_is_system_missing(value);
    s->number[row] = missing ? NAN : readstat_double_value(value);
    s->tag[row] = tag;
    if (tag) s->tagged = true;
  }
  return st == ICT_OK ? READSTAT_HANDLER_OK : ict_readstat_abort(&r->call, st);
}

/* --- read ---------------------------------------------------------------------------------------
 */

ict_status ict_readstat_read(void *state, const ict_source_request *request, ict_err *err) {
  const ict_readstat_file *file = state;
  ict_status st = ICT_OK;
  reading r = {.call = {.file = file, .err = err}, .request = request};
  if (!assign_slots(&r) || !reserve(&r)) {
    st = ict_err_memory(err);
    goto done;
  }
  const ict_readstat_handlers handlers = {.variable = on_variable, .value = on_value};
  ICT_TRY(done, st, ict_readstat_parse(&handlers, &r));
  if (r.n_rows > 0) ICT_TRY(done, st, end_row(&r));
  ICT_TRY(done, st, give_chunk(&r));
  if (file->n_rows >= 0 && r.rows_before != file->n_rows) {
    st = ict_readstat_damaged(file, err, "%lld rows where the file announces %lld",
                              (long long)r.rows_before, (long long)file->n_rows);
  }

done:
  release(&r);
  return st;
}
