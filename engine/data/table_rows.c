/* table_rows.c - many rows at once: their texts kept first, then room for all of them, so that
 * threads may fill them in.
 *
 * In: texts, numbers of rows. Out: the table's own texts, room.
 * Owns: nothing; all of it is the table's. */
#include <string.h>

#include "data/table_inside.h"

const char *ict_table_keep_text(ict_table *table, const char *text) {
  long at = ict_names_add(&table->texts, text, NULL);
  return at < 0 ? NULL : table->texts.items[at].text;
}

const char *ict_table_keep_code(ict_table *table, size_t axis, const char *code) {
  long at = ict_names_add(&table->axes[axis].codes, code, NULL);
  return at < 0 ? NULL : table->axes[axis].codes.items[at].text;
}

size_t ict_table_place_of_indicator(const ict_table *table, const char *indicator) {
  return (size_t)ict_names_find(&table->indicators, indicator);
}

size_t ict_table_place_of_item(const ict_table *table, const char *indicator, const char *item) {
  return (size_t)ict_names_find(&table->items[ict_table_place_of_indicator(table, indicator)],
                                item);
}

size_t ict_table_place_of_code(const ict_table *table, size_t axis, const char *code) {
  return (size_t)ict_names_find(&table->axes[axis].codes, code);
}

const char **ict_table_cells(ict_table *table, size_t n) {
  return ict_arena_alloc(table->arena, n * table->n_axes, sizeof(const char *));
}

/* Exactly as many as there will be: a table of a million rows is large, and most are filled once.
 */
ict_status ict_table_extend(ict_table *table, size_t n, ict_table_row **rows, ict_err *err) {
  size_t wanted = table->n_rows + n;
  if (wanted > table->rows_capacity) {
    ict_table_row *grown = ict_realloc(table->rows, wanted, sizeof *grown);
    if (!grown) return ict_err_memory(err);
    table->rows = grown;
    table->rows_capacity = wanted;
  }
  *rows = table->rows + table->n_rows;
  table->n_rows = wanted;
  return ICT_OK;
}
