/* csv_to_stat.c - test helper: a small CSV file (one delimiter, no quotes) as SPSS, Stata or SAS,
 * written by ReadStat. Usage: csv_to_stat IN DELIMITER DECIMAL OUT.{sav,zsav,por,dta,xpt} [LABELS]
 *
 * A column whose cells are all numbers or empty becomes numeric, any other text. LABELS has lines
 * of three parts with tabs between them: variable, code, its label; without a code, the variable's.
 */
#include <errno.h>
#include <fcntl.h>
#include <readstat.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_COLUMNS = 256, MAX_LINE = 65536 };

typedef struct table {
  char **cells; /* n_rows * n_cols, first row: names */
  size_t n_cols, n_rows;
} table;

static void die(const char *what) {
  fprintf(stderr, "csv_to_stat: %s\n", what);
  exit(1);
}

static table read_csv(const char *path, char delimiter) {
  table t = {0};
  char line[MAX_LINE];
  FILE *f = fopen(path, "r");
  if (!f) die(path);
  while (fgets(line, sizeof line, f)) {
    line[strcspn(line, "\r\n")] = '\0';
    size_t n = 0;
    char *at = line;
    while (at) {
      char *next = strchr(at, delimiter);
      if (next) *next++ = '\0';
      t.cells = realloc(t.cells, (t.n_rows * t.n_cols + n + 1 + MAX_COLUMNS) * sizeof *t.cells);
      t.cells[t.n_rows * t.n_cols + n++] = strdup(at);
      at = next;
    }
    if (t.n_rows == 0) t.n_cols = n;
    if (n != t.n_cols) die("ragged row");
    t.n_rows++;
  }
  fclose(f);
  return t;
}

static bool number(const char *cell, char decimal, double *out) {
  char copy[64], *end;
  snprintf(copy, sizeof copy, "%s", cell);
  for (char *c = copy; *c; c++)
    if (*c == decimal) *c = '.';
  *out = strtod(copy, &end);
  return end != copy && *end == '\0';
}

static bool is_numeric(const table *t, size_t col, char decimal) {
  double unused;
  for (size_t r = 1; r < t->n_rows; r++) {
    const char *cell = t->cells[r * t->n_cols + col];
    if (cell[0] && !number(cell, decimal, &unused)) return false;
  }
  return true;
}

static ssize_t to_file(const void *bytes, size_t len, void *ctx) {
  return write(*(int *)ctx, bytes, len);
}

static void check(readstat_error_t e) {
  if (e != READSTAT_OK) die(readstat_error_message(e));
}

/* The lines of the file that belong to one variable. */
static void add_labels(readstat_writer_t *w, readstat_variable_t *var, const char *name,
                       const char *path) {
  char line[MAX_LINE];
  readstat_label_set_t *set = NULL;
  FILE *f = fopen(path, "r");
  if (!f) die(path);
  while (fgets(line, sizeof line, f)) {
    line[strcspn(line, "\n")] = '\0';
    char *code = strchr(line, '\t');
    char *label = code ? strchr(code + 1, '\t') : NULL;
    if (!label) die("labels: not three parts");
    *code++ = *label++ = '\0';
    if (strcmp(line, name) != 0) continue;
    if (!code[0]) {
      readstat_variable_set_label(var, label);
      continue;
    }
    if (!set) set = readstat_add_label_set(w, READSTAT_TYPE_DOUBLE, name);
    readstat_label_double_value(set, strtod(code, NULL), label);
  }
  if (set) readstat_variable_set_label_set(var, set);
  fclose(f);
}

int main(int argc, char **argv) {
  if (argc != 5 && argc != 6) die("usage: csv_to_stat IN DELIMITER DECIMAL OUT [LABELS]");
  table t = read_csv(argv[1], argv[2][0]);
  char decimal = argv[3][0];
  const char *kind = strrchr(argv[4], '.');
  int fd = open(argv[4], O_CREAT | O_TRUNC | O_RDWR, 0644);
  if (fd < 0 || !kind) die(argv[4]);

  readstat_writer_t *w = readstat_writer_init();
  readstat_set_data_writer(w, to_file);
  readstat_variable_t *vars[MAX_COLUMNS];
  bool numeric[MAX_COLUMNS];
  for (size_t c = 0; c < t.n_cols; c++) {
    numeric[c] = is_numeric(&t, c, decimal);
    vars[c] = readstat_add_variable(w, t.cells[c],
                                    numeric[c] ? READSTAT_TYPE_DOUBLE : READSTAT_TYPE_STRING,
                                    numeric[c] ? 0 : 32);
    if (argc == 6) add_labels(w, vars[c], t.cells[c], argv[5]);
  }
  long rows = (long)t.n_rows - 1;
  if (strcmp(kind, ".zsav") == 0) readstat_writer_set_compression(w, READSTAT_COMPRESS_BINARY);
  readstat_error_t e = strstr(kind, "sav")         ? readstat_begin_writing_sav(w, &fd, rows)
                       : strcmp(kind, ".dta") == 0 ? readstat_begin_writing_dta(w, &fd, rows)
                       : strcmp(kind, ".por") == 0 ? readstat_begin_writing_por(w, &fd, rows)
                                                   : readstat_begin_writing_xport(w, &fd, rows);
  check(e);
  for (size_t r = 1; r < t.n_rows; r++) {
    check(readstat_begin_row(w));
    for (size_t c = 0; c < t.n_cols; c++) {
      const char *cell = t.cells[r * t.n_cols + c];
      double value;
      if (!cell[0])
        check(readstat_insert_missing_value(w, vars[c]));
      else if (!numeric[c])
        check(readstat_insert_string_value(w, vars[c], cell));
      else if (number(cell, decimal, &value))
        check(readstat_insert_double_value(w, vars[c], value));
    }
    check(readstat_end_row(w));
  }
  check(readstat_end_writing(w));
  readstat_writer_free(w);
  for (size_t i = 0; i < t.n_rows * t.n_cols; i++) free(t.cells[i]);
  free(t.cells);
  return close(fd);
}
