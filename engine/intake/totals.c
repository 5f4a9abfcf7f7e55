/* totals.c - population totals from a file, in any format that a survey file may have.
 *
 * In: a path of the mapping. Out: texts and numbers with their lines; findings.
 * Owns: what the file holds. */
#include "intake/totals.h"

#include <math.h>
#include <string.h>

#include "intake/open.h"

typedef struct reading {
  ict_totals *totals;
  size_t capacity;
  char decimal;
  size_t bad_row; /* the first whose total is no number; SIZE_MAX: none */
  char bad[64];
} reading;

void ict_totals_done(ict_totals *t) {
  for (size_t i = 0; t->key && i < t->n_rows * t->n_keys; i++) ict_free(t->key[i]);
  ict_free(t->key);
  ict_free(t->value);
  ict_free(t->line);
  *t = (ict_totals){0};
}

static void tell(ict_work *work, const ict_err *record) {
  ict_findings_add(work->findings, ICT_ERROR, record);
  ict_work_fail(work, record);
}

void ict_totals_refuse(ict_work *work, const ict_totals *t, size_t row, const char *expected,
                       const char *fix, const char *fmt, ...) {
  ict_err record;
  va_list args;
  va_start(args, fmt);
  ict_err_finding(&record, t->path, row < t->n_rows ? t->line[row] : 0, 0, expected, fix, fmt,
                  args);
  va_end(args);
  tell(work, &record);
}

static ict_status make_room(reading *r, size_t more) {
  ict_totals *t = r->totals;
  size_t wanted = t->n_rows + more;
  if (wanted <= r->capacity) return ICT_OK;
  char **key = ict_realloc(t->key, wanted * t->n_keys + 1, sizeof *key);
  if (key) t->key = key;
  double *value = ict_realloc(t->value, wanted, sizeof *value);
  if (value) t->value = value;
  uint64_t *line = ict_realloc(t->line, wanted, sizeof *line);
  if (line) t->line = line;
  if (!key || !value || !line) return ICT_FAIL;
  r->capacity = wanted;
  return ICT_OK;
}

/* Columns come in the order of the keys, then the value. One thread reads, so chunks come in the
 * order of the file. */
static ict_status take_chunk(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  reading *r = ctx;
  ict_totals *t = r->totals;
  char buf[ICT_NUMBER_TEXT];
  (void)thread;
  if (make_room(r, chunk->n_rows) != ICT_OK) return ict_err_memory(err);
  for (size_t row = 0; row < chunk->n_rows; row++) {
    char **key = t->key + t->n_rows * t->n_keys;
    for (size_t k = 0; k < t->n_keys; k++) key[k] = NULL;
    t->line[t->n_rows] = chunk->line[row];
    size_t at = t->n_rows++;
    for (size_t k = 0; k < t->n_keys; k++) {
      ict_slice text = ict_cell_text(&chunk->columns[k], row, buf);
      key[k] = ict_strndup(text.text, text.len);
      if (!key[k]) return ict_err_memory(err);
    }
    const ict_raw_column *column = &chunk->columns[t->n_keys];
    ict_slice text = ict_cell_text(column, row, buf);
    bool good = column->type == ICT_RAW_NUMBER ? isfinite(column->number[row])
                                               : ict_number_parse(text, r->decimal, &t->value[at]);
    if (good && column->type == ICT_RAW_NUMBER) t->value[at] = column->number[row];
    if (good || r->bad_row != SIZE_MAX) continue;
    r->bad_row = at;
    size_t len = text.len < sizeof r->bad ? text.len : sizeof r->bad - 1;
    memcpy(r->bad, text.text, len);
    r->bad[len] = '\0';
  }
  return ICT_OK;
}

/* Which variable of the file each name is; every variable must be one of them. */
static bool match_columns(ict_work *work, const ict_totals *t, const ict_source *source,
                          const char *const *names, size_t n, size_t *columns) {
  const ict_dictionary *d = ict_source_dictionary(source);
  ict_str wanted;
  ict_str_init(&wanted);
  for (size_t i = 0; i < n; i++) ict_str_addf(&wanted, "%s%s", i ? ", " : "", names[i]);
  const char *expected = wanted.failed ? NULL : wanted.text;
  bool good = true;
  for (size_t i = 0; i < n; i++) {
    long found = ict_source_find(source, names[i]);
    columns[i] = (size_t)found;
    if (found >= 0) continue;
    good = false;
    ict_totals_refuse(work, t, SIZE_MAX, expected,
                      "name the columns so; the column of totals is said with `value:`",
                      "%s has no column '%s'", t->name, names[i]);
  }
  for (size_t c = 0; good && c < d->n_vars; c++) {
    size_t i = 0;
    while (i < n && columns[i] != c) i++;
    if (i < n) continue;
    good = false;
    ict_totals_refuse(
        work, t, SIZE_MAX, expected,
        "leave the column out, or name it in `by` where the totals are crossed with it",
        "%s has a column '%s' that the margin does not name", t->name, d->vars[c].name);
  }
  ict_str_done(&wanted);
  return good;
}

static ict_status remember(ict_work *work, const ict_totals *t, const ict_dictionary *d,
                           ict_err *err) {
  const char *name = ict_arena_strdup(work->intake->arena, t->name);
  for (size_t i = 0; name && i < work->n_totals; i++)
    if (strcmp(work->totals[i].name, name) == 0 && strcmp(work->totals[i].sha256, d->sha256) == 0)
      return ICT_OK; /* two units may share a file */
  if (!name ||
      ict_grow(&work->totals, work->n_totals, &work->totals_capacity, sizeof *work->totals) != 0)
    return ict_err_memory(err);
  work->totals[work->n_totals++] = ict_input_of("totals", name, d, t->n_rows);
  return ICT_OK;
}

static ict_status read_rows(ict_work *work, ict_source *source, const char *const *names, size_t n,
                            ict_totals *t, bool *good, ict_err *err) {
  const ict_dictionary *d = ict_source_dictionary(source);
  size_t *columns = ict_alloc(n, sizeof *columns);
  if (!columns) return ict_err_memory(err);
  reading r = {.totals = t, .decimal = d->decimal ? d->decimal : '.', .bad_row = SIZE_MAX};
  ict_status st = ICT_OK;
  *good = match_columns(work, t, source, names, n, columns);
  if (!*good) goto done;
  ict_err local = {0};
  st = ict_source_read(source, columns, n, 1, NULL, take_chunk, &r, &local);
  if (st == ICT_REFUSED) {
    tell(work, &local);
    *good = false;
    st = ICT_OK;
    goto done;
  }
  if (st != ICT_OK) {
    if (err) *err = local;
    goto done;
  }
  if (r.bad_row != SIZE_MAX) {
    ict_totals_refuse(work, t, r.bad_row, "a number, without grouping, with a decimal point",
                      "correct the file", "the total '%s' is no number", r.bad);
    *good = false;
  } else if (t->n_rows == 0) {
    ict_totals_refuse(work, t, SIZE_MAX, "a row a category", "fetch or export the file again",
                      "%s holds no totals", t->name);
    *good = false;
  }
  if (*good) st = remember(work, t, d, err);
done:
  ict_free(columns);
  return st;
}

ict_status ict_totals_read(ict_work *work, const ict_map_margin *map, const char *const *keys,
                           size_t n_keys, ict_totals *out, bool *good, ict_err *err) {
  const ict_map_file file = {.path = map->totals};
  *out = (ict_totals){.n_keys = n_keys};
  *good = false;
  ict_source *source = NULL;
  ict_status st = ICT_FAIL;
  const char **names = ict_alloc(n_keys + 1, sizeof *names);
  out->name = ict_mapped_name(&file, work->arena);
  if (!out->name || !names) {
    ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < n_keys; i++) names[i] = keys[i];
  names[n_keys] = map->value;
  ict_err local = {0};
  st = ict_mapped_open(&file, work->options->data_dir, work->mapping->file, true, work->arena,
                       &source, &out->path, &local);
  if (st == ICT_OK) {
    st = read_rows(work, source, names, n_keys + 1, out, good, err);
  } else if (st == ICT_REFUSED) {
    ict_err_while(&local, "opening the totals that line %llu of %s names",
                  (unsigned long long)map->at.line, work->mapping->file);
    tell(work, &local);
    st = ICT_OK;
  } else if (err) {
    *err = local;
  }
done:
  ict_source_close(source);
  ict_free(names);
  return st;
}
