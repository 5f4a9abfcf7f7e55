/* test_source_help.h - what the test programs of the source room share: files in a
 * temporary folder, and a source's rows as one text. */
#ifndef TEST_SOURCE_HELP_H
#define TEST_SOURCE_HELP_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "folder.h"
#include "source/provider.h"
#include "source/source.h"
#include "suite.h"

static inline const char *temp_file(const char *name, const char *bytes, size_t len) {
  const char *path = scratch(name);
  FILE *f = fopen(path, "wb");
  if (!f || fwrite(bytes, 1, len, f) != len || fclose(f) != 0) exit(2);
  return path;
}

/* The chunks of a read as text: "line:cell|cell\n". A number is its shortest text, a
 * missing one "." or ".a". */
enum { PARTS_MOST = 4096 };
typedef struct rows_text {
  char **part;
  size_t n_vars;
} rows_text;

static inline ict_status rows_collect(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  (void)thread;
  rows_text *rows = ctx;
  ict_str s;
  ict_str_init(&s);
  for (size_t r = 0; r < chunk->n_rows; r++) {
    ict_str_addf(&s, "%llu:", (unsigned long long)chunk->line[r]);
    for (size_t k = 0; k < rows->n_vars; k++) {
      const ict_raw_column *c = &chunk->columns[k];
      char number[ICT_NUMBER_TEXT];
      if (k) ict_str_add(&s, "|");
      if (c->type == ICT_RAW_TEXT) {
        ict_slice cell = ict_raw_text(c, r);
        ict_str_addn(&s, cell.text, cell.len);
      } else if (c->number[r] != c->number[r]) {
        ict_str_add(&s, ".");
        if (c->tag && c->tag[r]) ict_str_addn(&s, &c->tag[r], 1);
      } else {
        ict_number_text(c->number[r], number);
        ict_str_add(&s, number);
      }
    }
    ict_str_add(&s, "\n");
  }
  if (chunk->index >= PARTS_MOST || rows->part[chunk->index]) {
    ict_str_done(&s);
    return ict_err_set(err, ICT_FAIL, "chunk %zu twice, or too many", chunk->index);
  }
  rows->part[chunk->index] = ict_str_take(&s);
  return rows->part[chunk->index] ? ICT_OK : ict_err_memory(err);
}

/* All rows of the variables (NULL: all of them) as one text, in file order; NULL on
 * failure. Free with ict_free. */
static inline char *rows_read(ict_source *source, const size_t *vars, size_t n_vars, int threads,
                              size_t chunk_size, ict_status *st, ict_err *err) {
  const ict_dictionary *d = ict_source_dictionary(source);
  size_t *all = ict_alloc(d->n_vars, sizeof *all);
  rows_text rows = {ict_alloc(PARTS_MOST, sizeof(char *)), vars ? n_vars : d->n_vars};
  char *text = NULL;
  *st = ICT_FAIL;
  if (all && rows.part) {
    for (size_t i = 0; i < d->n_vars; i++) all[i] = i;
    ict_source_set_chunk_size(source, chunk_size);
    *st = ict_source_read(source, vars ? vars : all, rows.n_vars, threads, NULL, rows_collect,
                          &rows, err);
    ict_str s;
    ict_str_init(&s);
    size_t last = 0;
    for (size_t i = 0; i < PARTS_MOST; i++) {
      if (!rows.part[i]) continue;
      if (*st == ICT_OK && i > 0 && last + 1 != i) *st = ICT_FAIL; /* a gap */
      last = i;
      ict_str_add(&s, rows.part[i]);
      ict_free(rows.part[i]);
    }
    text = ict_str_take(&s);
    if (!text && *st == ICT_OK) *st = ict_err_memory(err);
  } else {
    ict_err_memory(err);
  }
  ict_free(rows.part);
  ict_free(all);
  if (*st != ICT_OK) {
    ict_free(text);
    text = NULL;
  }
  return text;
}

/* --- real files ------------------------------------------------------------------------ */

/* Path below the shared data folder, or NULL (printed once) where it is absent. */
static inline const char *shared_data(const char *name) {
  static char path[1024];
  const char *root = getenv("ICTSTAT_SHARED");
  if (root) {
    snprintf(path, sizeof path, "%s/data/%s", root, name);
  } else {
    snprintf(path, sizeof path, "%s/../shared/data/%s", ICT_TEST_SOURCE, name);
  }
  if (access(path, R_OK) == 0) return path;
  printf("(skipped: no shared data: %s) ", name);
  return NULL;
}

#endif
