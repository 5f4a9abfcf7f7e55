/* readstat_loop.c - the least that reading an SPSS file through ReadStat's own API can be: a
 * handler that adds the numbers up; a peer of benchmarks/bench.py.
 *
 *     readstat_loop PERSONS.sav REPEAT
 *
 * Prints "read seconds", REPEAT times. */
#include <readstat.h>
#include <stdio.h>
#include <stdlib.h>

#include "../timing.h"

static int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *ctx) {
  (void)row, (void)variable;
  if (!readstat_value_is_system_missing(value) &&
      readstat_value_type(value) == READSTAT_TYPE_DOUBLE)
    *(double *)ctx += readstat_double_value(value);
  return READSTAT_HANDLER_OK;
}

/* ReadStat 1.1.8 makes no variables for the other handler where there is none for them. */
static int on_variable(int index, readstat_variable_t *variable, const char *labels, void *ctx) {
  (void)index, (void)variable, (void)labels, (void)ctx;
  return READSTAT_HANDLER_OK;
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: readstat_loop PERSONS.sav REPEAT\n"), 2;
  for (int i = 0; i < atoi(argv[2]); i++) {
    double sum = 0, from = timing_now();
    readstat_parser_t *parser = readstat_parser_init();
    readstat_set_variable_handler(parser, on_variable);
    readstat_set_value_handler(parser, on_value);
    readstat_error_t e = readstat_parse_sav(parser, argv[1], &sum);
    readstat_parser_free(parser);
    if (e != READSTAT_OK) return fprintf(stderr, "%s\n", readstat_error_message(e)), 1;
    printf("read %.6f\n", timing_now() - from);
    fprintf(stderr, "%.17g\n", sum); /* so that it is formed */
  }
  return 0;
}
