/* reference.c - reading the small tables that come with the program.
 *
 * In: a CSV file of ours. Out: its fields as texts. Owns: an arena with all of them.
 * Not the reader of survey files (source/): no dialects, no streaming, a few thousand rows. */
#include "data/reference.h"

#include <string.h>

#include "base/mem.h"
#include "base/stream.h"
#include "base/text.h"
#include "base/where.h"

struct ict_reference {
  ict_arena *arena;
  const char *path;
  const char **fields; /* row by row, the header first */
  size_t n_fields, capacity;
  size_t width; /* fields of the header */
};

/* The place in the file. */
typedef struct cursor {
  const char *p, *end;
  uint64_t line;
} cursor;

static ict_status refuse(const ict_reference *ref, uint64_t line, const char *what, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "%s", what);
  ict_err_at(err, ref->path, line, 0);
  ict_err_fix(err, "restore the file from the distribution, or set ICTSTAT_DATA to a whole one");
  return ICT_REFUSED;
}

/* A field in quotes; at its opening quote. */
static ict_status quoted(const ict_reference *ref, cursor *c, ict_str *field, ict_err *err) {
  uint64_t first_line = c->line;
  for (c->p++; c->p < c->end; c->p++) {
    if (*c->p == '"') {
      c->p++;
      if (c->p == c->end || *c->p != '"') return ICT_OK;
    }
    if (*c->p == '\n') c->line++;
    ict_str_addn(field, c->p, 1);
  }
  return refuse(ref, first_line, "a quote is not closed", err);
}

/* Reads one field and leaves the cursor behind the comma or line end; *last: it was the
 * last of its line. */
static ict_status read_field(ict_reference *ref, cursor *c, bool *last, ict_err *err) {
  ict_status st = ICT_OK;
  ict_str field;
  ict_str_init(&field);
  if (c->p < c->end && *c->p == '"') ICT_TRY(done, st, quoted(ref, c, &field, err));
  const char *from = c->p;
  while (c->p < c->end && *c->p != ',' && *c->p != '\n') c->p++;
  const char *to = c->p;
  if (to > from && to[-1] == '\r') to--;
  ict_str_addn(&field, from, (size_t)(to - from));
  *last = c->p == c->end || *c->p == '\n';
  if (c->p < c->end) c->p++;
  if (ict_grow(&ref->fields, ref->n_fields, &ref->capacity, sizeof *ref->fields) != 0 ||
      field.failed ||
      !(ref->fields[ref->n_fields] = ict_arena_strndup(ref->arena, field.text, field.len))) {
    st = ict_err_memory(err);
    goto done;
  }
  ref->n_fields++;
done:
  ict_str_done(&field);
  return st;
}

static ict_status read_rows(ict_reference *ref, const ict_bytes *bytes, ict_err *err) {
  cursor c = {bytes->data, bytes->data + bytes->len, 1};
  while (c.p < c.end) {
    uint64_t line = c.line;
    size_t first = ref->n_fields;
    bool last = false;
    while (!last) {
      ict_status st = read_field(ref, &c, &last, err);
      if (st != ICT_OK) return st;
    }
    c.line++;
    if (ref->width == 0) ref->width = ref->n_fields;
    if (ref->n_fields - first != ref->width) {
      refuse(ref, line, "the row has not as many fields as the header", err);
      ict_err_expected(err, "%zu fields, found %zu", ref->width, ref->n_fields - first);
      return ICT_REFUSED;
    }
  }
  return ref->width > 0 ? ICT_OK : refuse(ref, 1, "the file is empty", err);
}

ict_status ict_reference_load(const char *name, ict_reference **out, ict_err *err) {
  ict_status st = ICT_OK;
  ict_bytes bytes = {0};
  *out = NULL;
  ict_reference *ref = ict_alloc(1, sizeof *ref);
  if (!ref) return ict_err_memory(err);
  ref->arena = ict_arena_new();
  if (ref->arena) ref->path = ict_arena_printf(ref->arena, "%s/datasets/%s", ict_data_dir(), name);
  if (!ref->path) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_bytes_open(ref->path, 0, false, &bytes, err));
  ICT_TRY(done, st, read_rows(ref, &bytes, err));
  *out = ref;
  ref = NULL;
done:
  if (st != ICT_OK) ict_err_while(err, "reading a reference table (ICTSTAT_DATA says where)");
  ict_bytes_close(&bytes);
  ict_reference_free(ref);
  return st;
}

void ict_reference_free(ict_reference *ref) {
  if (!ref) return;
  ict_free(ref->fields);
  ict_arena_free(ref->arena);
  ict_free(ref);
}

size_t ict_reference_rows(const ict_reference *ref) { return ref->n_fields / ref->width - 1; }

const char *ict_reference_text(const ict_reference *ref, size_t row, size_t column) {
  return ref->fields[(row + 1) * ref->width + column];
}

ict_status ict_reference_column(const ict_reference *ref, const char *heading, size_t *column,
                                ict_err *err) {
  for (*column = 0; *column < ref->width; ++*column) {
    if (strcmp(ref->fields[*column], heading) == 0) return ICT_OK;
  }
  refuse(ref, 1, "a column is not there", err);
  ict_err_expected(err, "a column '%s'", heading);
  return ICT_REFUSED;
}

ict_status ict_reference_columns(const ict_reference *ref, const char *const *headings, size_t n,
                                 size_t *columns, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < n && st == ICT_OK; i++)
    st = ict_reference_column(ref, headings[i], &columns[i], err);
  return st;
}
