/* compare_keys.h - rows of a table and of a file of published figures: by which columns they meet.
 */
#ifndef ICT_RUN_COMPARE_KEYS_H
#define ICT_RUN_COMPARE_KEYS_H

#include "base/text.h"
#include "data/names.h"
#include "data/table.h"
#include "publish/cells.h"
#include "publish/row_fields.h"
#include "run/compare.h"

typedef struct ict_key_column ict_key_column; /* of compare_keys.c */

typedef struct ict_figure_column {
  const ict_field *field;
  long column;
} ict_figure_column;

typedef struct ict_comparing {
  const ict_table *table;
  const ict_compare_request *request;
  ict_comparison *result;
  ict_cells cells;
  ict_key_column *keys; /* in the order of our CSV */
  size_t n_keys;
  ict_figure_column *figures;
  size_t n_figures;
  long unit, unit_mult;
  ict_findings *findings;
  ict_err *err;
} ict_comparing;

/* Finds keys, figures and units among the columns of the file, which is read. Refused: no figures,
 * a column twice. */
ict_status ict_compare_columns(ict_comparing *c);
/* The key of a row of ours, else (ours NULL) of a published one: its texts, kept, or NULL where
 * memory is short; and what rows meet by. */
const char *const *ict_compare_key(const ict_comparing *c, const ict_table_row *ours,
                                   size_t published);
void ict_compare_key_text(const ict_comparing *c, const ict_table_row *ours, size_t published,
                          ict_str *out);
/* Whether such a row of ours can be in the file. */
bool ict_compare_can_meet(const ict_comparing *c, const ict_table_row *row);
/* Keys of the published rows; each row's number is its name's. Refused: a key twice. */
ict_status ict_compare_index(ict_comparing *c, ict_names *index, ict_str *text);
/* Refuses a published row that a second row of ours meets. */
ict_status ict_compare_ambiguous(const ict_comparing *c, const ict_table_row *row,
                                 size_t published);

#endif
