/* fuzz_expr.c - any text through the expression language: parse, print, parse again, check, run. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "catalog/quality.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = fuzz_text(data, size);
  ict_expr *expr = NULL, *again = NULL;
  if (ict_expr_parse(text, (ict_origin){"fuzz", 1, 1}, &expr, NULL) == ICT_OK) {
    char *printed = ict_expr_text(expr);
    if (ict_expr_parse(printed, (ict_origin){"fuzz", 1, 1}, &again, NULL) != ICT_OK) abort();
    ict_scope scope = {ict_quality_schema(), "the columns"};
    ict_program *program = NULL;
    if (ict_expr_check(expr, &scope, ICT_TYPE_BOOLEAN, &program, NULL) == ICT_OK) {
      double values[ICT_N_Q] = {1, 2, 3};
      const void *columns[ICT_N_Q];
      for (size_t i = 0; i < ICT_N_Q; i++) columns[i] = &values[i];
      ict_block block = {ict_quality_schema(), 1, columns};
      uint8_t out;
      ict_scratch *scratch = ict_scratch_new(program);
      ict_program_run_boolean(program, &block, scratch, &out);
      ict_scratch_free(scratch);
      if (out > ICT_NULL) abort();
    }
    ict_program_free(program);
    ict_expr_free(again);
    ict_free(printed);
  }
  ict_expr_free(expr);
  free(text);
  return 0;
}
