/* table.c - a program that reads one narrow column, as the answers to all that can be stored in it.
 *
 * In: a program. Out: 256 answers. Owns: nothing.
 *
 * Whatever the expression says, a byte has 256 values: it is run over them once. */
#include "base/mem.h"
#include "expr/program.h"

ict_status ict_program_table(const ict_program *p, const ict_schema *schema, bool *has,
                             size_t *column, uint8_t *table, ict_err *err) {
  uint8_t values[UINT8_MAX + 1];
  *has = p->type == ICT_TYPE_BOOLEAN && p->n_columns == 1 &&
         schema->vars[p->columns[0]].width == ICT_U8;
  if (!*has) return ICT_OK;
  *column = p->columns[0];
  for (size_t v = 0; v <= UINT8_MAX; v++) values[v] = (uint8_t)v;
  const void **columns = ict_alloc(schema->n, sizeof *columns);
  ict_scratch *scratch = ict_scratch_new(p);
  if (columns && scratch) {
    columns[*column] = values;
    ict_block block = {.schema = schema, .n_rows = UINT8_MAX + 1, .columns = columns};
    ict_program_run_boolean(p, &block, scratch, table);
  }
  ict_status st = columns && scratch ? ICT_OK : ict_err_memory(err);
  ict_scratch_free(scratch);
  ict_free(columns);
  return st;
}
