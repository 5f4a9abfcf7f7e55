/* trend_target.c - what is to be reached: one value for all series, or a file with one a row.
 *
 * In: the text of --target, perhaps the path of a CSV. Out: the target of a row, if any.
 * Owns: the file's cells. */
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "publish/cells.h"
#include "run/trend.h"

typedef struct one_target {
  ict_target target;
  size_t row; /* of the file */
} one_target;

struct ict_targets {
  ict_cells cells; /* no columns where one value is for all */
  one_target *list;
  size_t n, capacity;
};

/* "95", ">95" or "<10". */
static bool parse_value(const char *text, ict_target *out) {
  out->at_most = text[0] == '<';
  return ict_number_parse(ict_slice_trim(ict_slice_of(text + strcspn(text, "0123456789.+-"))), '.',
                          &out->value) &&
         strspn(text, "<> ") == strcspn(text, "0123456789.+-");
}

static const char *const KEYS[] = {"indicator", "item", "ref_area", "composite_breakdown"};
enum { N_KEYS = sizeof KEYS / sizeof *KEYS };

static bool is_column(const char *name, const ict_rounds *rounds) {
  for (size_t i = 0; i < N_KEYS; i++)
    if (strcmp(KEYS[i], name) == 0) return true;
  for (size_t i = 0; i < rounds->n_axes; i++)
    if (strcmp(rounds->axes[i], name) == 0) return true;
  return strcmp(name, "target") == 0 || strcmp(name, "by") == 0;
}

static ict_status check_columns(const ict_cells *cells, const ict_rounds *rounds, ict_err *err) {
  if (ict_cells_find(cells, "target") < 0) {
    ict_err_set(err, ICT_REFUSED, "no column 'target'");
    ict_cells_at(cells, ICT_CELLS_HEADER, 0, err);
    ict_err_expected(err, "target, and of indicator, item, ref_area, the axes, by those it needs");
    ict_err_fix(err, "name the column of the values 'target', or give one value: --target 95");
    return ICT_REFUSED;
  }
  for (size_t i = 0; i < cells->n_columns; i++) {
    if (is_column(cells->columns[i], rounds)) continue;
    ict_err_set(err, ICT_REFUSED, "column '%s' says nothing about the tables", cells->columns[i]);
    ict_cells_at(cells, ICT_CELLS_HEADER, i, err);
    ict_err_expected(err, "target, by, indicator, item, ref_area, composite_breakdown, or an axis");
    ict_err_fix(err, "rename it, or leave it out");
    return ICT_REFUSED;
  }
  return ICT_OK;
}

static const char MEND[] = "correct the cell, or leave the row out";

static ict_status take_row(ict_targets *t, size_t row, int by, ict_err *err) {
  long value = ict_cells_find(&t->cells, "target"), year = ict_cells_find(&t->cells, "by");
  one_target one = {.target = {.by = by}, .row = row};
  if (!parse_value(t->cells.rows[row][value], &one.target))
    return ict_cells_refuse(&t->cells, row, (size_t)value,
                            "a number such as 95, or <10 for at most", MEND, err);
  if (year >= 0 && t->cells.rows[row][year][0]) {
    int64_t n;
    if (!ict_integer_parse(ict_slice_of(t->cells.rows[row][year]), &n) || n < 1000 || n > 9999)
      return ict_cells_refuse(&t->cells, row, (size_t)year, "a year, or nothing", MEND, err);
    one.target.by = (int)n;
  }
  if (ict_grow(&t->list, t->n, &t->capacity, sizeof *t->list) != 0) return ict_err_memory(err);
  t->list[t->n++] = one;
  return ICT_OK;
}

ict_status ict_targets_new(const char *text, int by, const ict_rounds *rounds, ict_targets **out,
                           ict_err *err) {
  ict_status st = ICT_OK;
  ict_targets *t = ict_alloc(1, sizeof *t);
  one_target all = {.target = {.by = by}};
  *out = NULL;
  if (!t) return ict_err_memory(err);
  if (!text) {
    *out = t;
    return ICT_OK;
  }
  if (parse_value(text, &all.target)) {
    if (ict_grow(&t->list, 0, &t->capacity, sizeof *t->list) != 0) {
      st = ict_err_memory(err);
      goto done;
    }
    t->list[t->n++] = all;
  } else if (access(text, F_OK) != 0) {
    st = ict_err_set(err, ICT_USAGE, "the target '%s' is neither a number nor a file", text);
    ict_err_expected(err, "95 (at least), '<10' (at most), or the path of a CSV file");
    ict_err_fix(err, "write the number alone, or check the spelling of the path");
    goto done;
  } else {
    ICT_TRY(done, st, ict_cells_read(text, 0, true, &t->cells, err));
    ICT_TRY(done, st, check_columns(&t->cells, rounds, err));
    for (size_t i = 0; i < t->cells.n_rows; i++) ICT_TRY(done, st, take_row(t, i, by, err));
  }
  *out = t;
  t = NULL;
done:
  ict_targets_free(t);
  return st;
}

void ict_targets_free(ict_targets *targets) {
  if (!targets) return;
  ict_cells_done(&targets->cells);
  ict_free(targets->list);
  ict_free(targets);
}

/* An empty cell, or no column, fits every row. */
static bool fits(const ict_targets *t, const one_target *one, const ict_table_row *row,
                 const ict_rounds *rounds, const char *const *codes) {
  const char *const key[N_KEYS] = {row->indicator, row->item, row->ref_area,
                                   row->composite_breakdown};
  for (size_t c = 0; c < t->cells.n_columns; c++) {
    const char *want = t->cells.rows[one->row][c], *name = t->cells.columns[c];
    if (!want[0]) continue;
    for (size_t i = 0; i < N_KEYS; i++)
      if (strcmp(name, KEYS[i]) == 0 && strcmp(want, key[i]) != 0) return false;
    for (size_t i = 0; i < rounds->n_axes; i++)
      if (strcmp(name, rounds->axes[i]) == 0 && strcmp(want, codes[i] ? codes[i] : ICT_TOTAL) != 0)
        return false;
  }
  return true;
}

bool ict_targets_find(const ict_targets *t, const ict_table_row *row, const ict_rounds *rounds,
                      const char *const *codes, ict_target *out) {
  for (size_t i = 0; i < t->n; i++) {
    if (!fits(t, &t->list[i], row, rounds, codes)) continue;
    *out = t->list[i].target;
    return true;
  }
  return false;
}
