/* readstat_rows.c - the rows of one parse, as ReadStat calls them out, into chunks of columns.
 *
 * In:   values, one a call, row by row; ReadStat leaves out the variables that nobody wants.
 * Out:  chunks of columns to the request's callback, in order.
 * Owns: one chunk's columns, and an arena for its texts.
 *
 * The value handler is called for every cell of the file and is most of what we add to ReadStat's
 * own time: it knows which variable of which row must come next, and only looks further where
 * another one does. So each row has all its values, whatever a damaged file says. */
#include <math.h>
#include <string.h>

#include "source/readstat_in.h"

/* A chunk's numbers stay in a core's own cache until the callback has read them. */
enum { CELLS = 1 << 17, ROWS_LEAST = 512, ROWS_MOST = 1 << 14 };

typedef struct column {                /* one wanted variable, in the file's order */
  const readstat_variable_t *variable; /* as this parse hands it in */
  double *number;
  char *tag; /* all 0 unless `tagged` */
  ict_slice *text;
  bool tagged; /* in this chunk */
} column;

struct ict_readstat_rows {
  ict_readstat_call call;
  ict_readstat_wanted *wanted;
  int thread;
  column *columns;
  ict_raw_column *given; /* as the request has them */
  uint64_t *line;
  ict_arena *texts;
  column *at;      /* whose value comes next, */
  int observation; /* of which row of the parse, */
  size_t n_rows;   /* after so many whole ones of the chunk */
};

/* --- memory ------------------------------------------------------------------------------- */

ict_status ict_readstat_wanted_init(ict_readstat_wanted *wanted, const ict_readstat_file *file,
                                    const ict_source_request *request, ict_err *err) {
  *wanted = (ict_readstat_wanted){.file = file, .request = request};
  size_t *column_of = wanted->column_of = ict_alloc(file->n_vars, sizeof *column_of);
  if (!column_of) return ict_err_memory(err);
  for (size_t i = 0; i < file->n_vars; i++) column_of[i] = SIZE_MAX;
  for (size_t k = 0; k < request->n_vars; k++) column_of[request->vars[k]] = 0;
  /* Rows are counted by their values: with none wanted, the first variable counts them. */
  if (request->n_vars == 0) column_of[0] = 0;
  for (size_t i = 0; i < file->n_vars; i++)
    if (column_of[i] == 0) column_of[i] = wanted->n_columns++;
  /* A number of rows is believed where each value has a byte at least. */
  size_t most = file->bytes->len / file->n_vars;
  if (file->n_rows > 0 && (uint64_t)file->n_rows <= most) wanted->room = (size_t)file->n_rows;
  size_t rows = CELLS / wanted->n_columns;
  wanted->chunk_rows = request->chunk_size ? request->chunk_size
                       : rows < ROWS_LEAST ? ROWS_LEAST
                       : rows > ROWS_MOST  ? ROWS_MOST
                                           : rows;
  return ICT_OK;
}

void ict_readstat_wanted_done(ict_readstat_wanted *wanted) { ict_free(wanted->column_of); }

static bool reserve(ict_readstat_rows *r) {
  const ict_readstat_wanted *w = r->wanted;
  r->line = ict_alloc(w->chunk_rows, sizeof *r->line);
  r->given = ict_alloc(w->request->n_vars, sizeof *r->given);
  r->columns = ict_alloc(w->n_columns, sizeof *r->columns);
  r->texts = ict_arena_new();
  if (!r->line || !r->given || !r->columns || !r->texts) return false;
  for (size_t i = 0; i < w->file->n_vars; i++) {
    if (w->column_of[i] == SIZE_MAX) continue;
    column *c = &r->columns[w->column_of[i]];
    if (w->file->vars[i].type == ICT_RAW_TEXT) {
      c->text = ict_alloc(w->chunk_rows, sizeof *c->text);
      if (!c->text) return false;
    } else {
      c->number = ict_alloc(w->chunk_rows, sizeof *c->number);
      c->tag = ict_alloc(w->chunk_rows, sizeof *c->tag);
      if (!c->number || !c->tag) return false;
    }
  }
  return true;
}

ict_status ict_readstat_rows_new(ict_readstat_wanted *wanted, int thread, ict_readstat_rows **out,
                                 ict_err *err) {
  *out = NULL;
  ict_readstat_rows *r = ict_alloc(1, sizeof *r);
  if (!r) return ict_err_memory(err);
  r->call.file = wanted->file;
  r->wanted = wanted;
  r->thread = thread;
  if (reserve(r)) {
    *out = r;
    return ICT_OK;
  }
  ict_readstat_rows_free(r);
  return ict_err_memory(err);
}

void ict_readstat_rows_free(ict_readstat_rows *r) {
  if (!r) return;
  for (size_t i = 0; r->columns && i < r->wanted->n_columns; i++) {
    ict_free(r->columns[i].number);
    ict_free(r->columns[i].tag);
    ict_free(r->columns[i].text);
  }
  ict_free(r->columns);
  ict_free(r->given);
  ict_free(r->line);
  ict_arena_free(r->texts);
  ict_free(r);
}

/* --- chunks ------------------------------------------------------------------------------- */

/* Row number, from 1, of the row that is being filled. */
static uint64_t row_in_file(const ict_readstat_rows *r) {
  return (uint64_t)r->call.piece->first_row + (uint64_t)r->observation + 1;
}

static ict_status empty_chunk(ict_readstat_rows *r) {
  r->n_rows = 0;
  for (size_t i = 0; i < r->wanted->n_columns; i++) {
    if (r->columns[i].tagged) memset(r->columns[i].tag, 0, r->wanted->chunk_rows);
    r->columns[i].tagged = false;
  }
  ict_arena_free(r->texts);
  r->texts = ict_arena_new();
  return r->texts ? ICT_OK : ict_err_memory(r->call.err);
}

static void tell(ict_readstat_rows *r, size_t n_rows) {
  const ict_progress *progress = r->wanted->request->progress;
  int64_t total = r->call.file->n_rows;
  uint64_t done = atomic_fetch_add(&r->wanted->rows_done, n_rows) + n_rows;
  if (progress && progress->tick && r->thread == 0)
    progress->tick(progress->ctx, "reading", done, total > 0 ? (uint64_t)total : 0, "rows");
}

static ict_status other_number(const ict_readstat_rows *r) {
  const ict_readstat_file *file = r->call.file;
  return ict_readstat_damaged(file, r->call.err, "%llu rows where the file announces %lld",
                              (unsigned long long)row_in_file(r) - 1, (long long)file->n_rows);
}

static ict_status give_chunk(ict_readstat_rows *r) {
  const ict_readstat_file *file = r->call.file;
  size_t n = r->n_rows;
  if (n == 0) return ICT_OK;
  const ict_source_request *request = r->wanted->request;
  for (size_t k = 0; k < request->n_vars; k++) {
    const column *c = &r->columns[r->wanted->column_of[request->vars[k]]];
    r->given[k] = (ict_raw_column){.type = c->text ? ICT_RAW_TEXT : ICT_RAW_NUMBER,
                                   .text = c->text,
                                   .number = c->number,
                                   .tag = c->tagged ? c->tag : NULL};
  }
  size_t first = (size_t)(row_in_file(r) - 1) - n;
  for (size_t i = 0; i < n; i++) r->line[i] = first + i + 1;
  ict_chunk chunk = {.index = first / r->wanted->chunk_rows,
                     .n_rows = n,
                     .columns = r->given,
                     .line = r->line,
                     .first = first,
                     .room = r->wanted->room};
  if (file->n_rows >= 0 && first + n > (size_t)file->n_rows) return other_number(r);
  ict_status st = request->fn(request->ctx, &chunk, r->thread, r->call.err);
  if (st == ICT_OK) st = empty_chunk(r);
  if (st == ICT_OK) tell(r, n);
  return st;
}

static ict_status not_complete(const ict_readstat_rows *r) {
  return ict_readstat_damaged(r->call.file, r->call.err, "row %llu is not complete",
                              (unsigned long long)row_in_file(r));
}

/* A value of another row or variable than the next. */
static ict_status out_of_step(const ict_readstat_rows *r, int observation) {
  bool begun = r->at != r->columns;
  if (observation == r->observation || (begun && observation == r->observation + 1))
    return not_complete(r);
  return ict_readstat_damaged(r->call.file, r->call.err, "rows out of order");
}

static ict_status keep_text(ict_readstat_rows *r, const column *c, const char *text) {
  ict_slice *cell = &c->text[r->n_rows];
  *cell = (ict_slice){"", 0};
  if (!text || !*text) return ICT_OK;
  /* Persons of one place mostly stand together: one copy serves them all. */
  if (r->n_rows > 0 && strcmp(text, cell[-1].text) == 0) {
    *cell = cell[-1];
    return ICT_OK;
  }
  size_t len = ict_readstat_text_len(text);
  if (len == SIZE_MAX) {
    const ict_readstat_file *file = r->call.file;
    const char *name = file->vars[readstat_variable_get_index(c->variable)].name;
    ict_err_set(r->call.err, ICT_REFUSED, "a value of '%s' is not %s", name,
                file->encoding ? "in the declared encoding" : "in the encoding the file names");
    ict_err_at(r->call.err, file->path, row_in_file(r), 0);
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

/* --- handlers ----------------------------------------------------------------------------- */

static int on_variable(int index, readstat_variable_t *variable, const char *label_set, void *ctx) {
  (void)label_set;
  ict_readstat_rows *r = ctx;
  if (index < 0 || (size_t)index >= r->call.file->n_vars) {
    return ict_readstat_abort(
        &r->call, ict_readstat_damaged(r->call.file, r->call.err, "variables out of order"));
  }
  size_t i = r->wanted->column_of[index];
  if (i == SIZE_MAX) return READSTAT_HANDLER_SKIP_VARIABLE;
  r->columns[i].variable = variable;
  return READSTAT_HANDLER_OK;
}

static bool is_wanted(const ict_readstat_rows *r, const readstat_variable_t *variable) {
  int index = readstat_variable_get_index(variable);
  return index >= 0 && (size_t)index < r->call.file->n_vars &&
         r->wanted->column_of[index] != SIZE_MAX;
}

/* The members of a value are read in place: by ReadStat's functions, four calls a value, they
 * would take as long again as all else that is done here. */
static inline void keep_number(column *c, size_t row, readstat_value_t value) {
  if (value.is_tagged_missing) {
    c->tag[row] = ict_readstat_tag(value);
    c->tagged = true;
    c->number[row] = NAN;
  } else if (value.type == READSTAT_TYPE_DOUBLE) {
    c->number[row] = value.is_system_missing ? NAN : value.v.double_value;
  } else {
    c->number[row] = readstat_double_value(value);
  }
}

static ict_status end_row(ict_readstat_rows *r) {
  r->at = r->columns;
  r->observation++;
  return ++r->n_rows == r->wanted->chunk_rows ? give_chunk(r) : ICT_OK;
}

static int on_value(int observation, readstat_variable_t *variable, readstat_value_t value,
                    void *ctx) {
  ict_readstat_rows *r = ctx;
  column *c = r->at;
  ict_status st = ICT_OK;
  if (variable != c->variable || observation != r->observation) {
    if (!is_wanted(r, variable)) return READSTAT_HANDLER_OK;
    return ict_readstat_abort(&r->call, out_of_step(r, observation));
  }
  if (c->text) {
    st = keep_text(r, c, readstat_string_value(value));
  } else {
    keep_number(c, r->n_rows, value);
  }
  r->at = c + 1;
  if (st == ICT_OK && r->at == r->columns + r->wanted->n_columns) st = end_row(r);
  return st == ICT_OK ? READSTAT_HANDLER_OK : ict_readstat_abort(&r->call, st);
}

/* --- read --------------------------------------------------------------------------------- */

/* A failed piece may have left rows behind, but nothing is read after it. */
ict_status ict_readstat_rows_read(ict_readstat_rows *r, const ict_readstat_piece *piece,
                                  ict_err *err) {
  const ict_readstat_handlers handlers = {.variable = on_variable, .value = on_value};
  int64_t announced = piece->n_rows < 0 ? r->call.file->n_rows : piece->n_rows;
  ict_status st = ICT_OK;
  r->call.err = err;
  r->call.piece = piece;
  r->at = r->columns;
  r->observation = 0;
  ICT_TRY(done, st, ict_readstat_parse(&handlers, r));
  if (r->at != r->columns) {
    st = not_complete(r);
    goto done;
  }
  ICT_TRY(done, st, give_chunk(r));
  if (announced >= 0 && r->observation != announced) st = other_number(r);
done:
  return st;
}
