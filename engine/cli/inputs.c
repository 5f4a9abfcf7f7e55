/* inputs.c - the files that a command's words and options name, and the one that it writes.
 *
 * In: words, options. Out: tables, or the refusal of an output that is an input as well.
 * Owns: nothing beyond the call. */
#include <stdlib.h>

#include "base/err.h"
#include "base/stream.h"
#include "cli/cli.h"
#include "ictstat/table.h"

const char *output_of(const args *a) { return has(a, OPT_OUTPUT) ? text_of(a, OPT_OUTPUT) : "-"; }

ict_status output_ready(const args *a, const char *output, ict_err *err) {
  static const option_id READ[] = {OPT_CATALOG, OPT_EXTRA,      OPT_STORE,
                                   OPT_RULES,   OPT_HISTORY,    OPT_CONSTRAINTS,
                                   OPT_TARGET,  OPT_POPULATION, OPT_COVARIATES};
  ict_status st = ict_out_try(output, err);
  for (size_t i = 0; i < a->n_words && st == ICT_OK; i++)
    st = ict_path_apart(output, a->words[i], err);
  for (size_t k = 0; k < sizeof READ / sizeof *READ; k++)
    for (size_t i = 0; i < a->given[READ[k]].n && st == ICT_OK; i++)
      st = ict_path_apart(output, a->given[READ[k]].values[i], err);
  return st;
}

ict_status read_tables(const args *a, ict_table ***out, ict_err *err) {
  ict_status st = output_ready(a, output_of(a), err);
  ict_table **tables = *out = calloc(a->n_words, sizeof *tables);
  if (!tables) return ict_err_memory(err);
  for (size_t i = 0; i < a->n_words && st == ICT_OK; i++)
    st = ict_table_read_csv(a->words[i], &tables[i], err);
  return st;
}

void free_tables(const args *a, ict_table **tables) {
  for (size_t i = 0; tables && i < a->n_words; i++) ict_table_free(tables[i]);
  free(tables);
}
