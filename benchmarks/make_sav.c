/* make_sav.c - make_survey's persons as an SPSS file, compressed as SPSS writes it by default:
 * `make_sav PERSONS.csv PERSONS.sav`. `country` is a string, everything else a number, a blank
 * system-missing. */
#include <fcntl.h>
#include <readstat.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_FIELDS = 64, LINE = 4096 };

static ssize_t write_bytes(const void *bytes, size_t len, void *ctx) {
  return fwrite(bytes, 1, len, ctx) == len ? (ssize_t)len : -1;
}

static void need(readstat_error_t e) {
  if (e == READSTAT_OK) return;
  fprintf(stderr, "make_sav: %s\n", readstat_error_message(e));
  exit(1);
}

/* Cuts the line at its commas. */
static size_t cut(char *line, char **field) {
  size_t n = 0;
  line[strcspn(line, "\n")] = '\0';
  for (char *at = line; at && n < MOST_FIELDS; n++) {
    field[n] = at;
    at = strchr(at, ',');
    if (at) *at++ = '\0';
  }
  return n;
}

static long count_rows(FILE *f) {
  long n = -1; /* the header */
  char line[LINE];
  while (fgets(line, sizeof line, f)) n++;
  rewind(f);
  return n;
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: make_sav PERSONS.csv PERSONS.sav\n"), 2;
  FILE *in = fopen(argv[1], "r"), *out = fopen(argv[2], "w");
  if (!in || !out) return perror(in ? argv[2] : argv[1]), 1;
  long rows = count_rows(in);
  char line[LINE], *field[MOST_FIELDS];
  if (!fgets(line, sizeof line, in)) return 1;
  size_t n = cut(line, field);
  readstat_variable_t *vars[MOST_FIELDS];
  readstat_writer_t *w = readstat_writer_init();
  need(readstat_set_data_writer(w, write_bytes));
  need(readstat_writer_set_compression(w, READSTAT_COMPRESS_ROWS));
  for (size_t i = 0; i < n; i++) {
    bool text = strcmp(field[i], "country") == 0;
    vars[i] = readstat_add_variable(w, field[i], text ? READSTAT_TYPE_STRING : READSTAT_TYPE_DOUBLE,
                                    text ? 3 : 0);
  }
  need(readstat_begin_writing_sav(w, out, rows));
  while (fgets(line, sizeof line, in)) {
    cut(line, field);
    need(readstat_begin_row(w));
    for (size_t i = 0; i < n; i++) {
      if (readstat_variable_get_type(vars[i]) == READSTAT_TYPE_STRING) {
        need(readstat_insert_string_value(w, vars[i], field[i]));
      } else if (*field[i]) {
        need(readstat_insert_double_value(w, vars[i], strtod(field[i], NULL)));
      } else {
        need(readstat_insert_missing_value(w, vars[i]));
      }
    }
    need(readstat_end_row(w));
  }
  need(readstat_end_writing(w));
  readstat_writer_free(w);
  fclose(in);
  return fclose(out) == 0 ? 0 : 1;
}
