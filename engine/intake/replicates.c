/* replicates.c - the replicate weights of a unit's rows.
 *
 * In: one slot a replicate. Out: one table, a row's replicates side by side; findings with the
 * lines, never the weights. */
#include "base/text.h"
#include "intake/work.h"

static ict_missing weight_at(const ict_work *work, const ict_work_unit *unit, size_t r,
                             uint32_t row, double *weight) {
  const ict_slot *slot = unit->replicates[r];
  ict_missing kind = ICT_UNLINKED;
  *weight = 0;
  row = ict_linked_row(work, unit->file, slot->file, row);
  if (row != ICT_NO_ROW) *weight = ict_cell_get(ICT_F64, slot->values, row, &kind);
  return kind;
}

static ict_status say_rows(ict_work *work, const ict_work_unit *unit, size_t r,
                           const ict_tally *tally, const char *what, ict_err *err) {
  if (tally->rows == 0) return ICT_OK;
  const ict_work_file *file = &work->files[unit->file];
  const ict_slot *slot = unit->replicates[r];
  ict_str s;
  ict_str_init(&s);
  ict_work_lines(&s, file, tally);
  if (!s.failed)
    ict_work_say(work, ICT_ERROR, slot->at, "a weight from 0 in every row", "correct the file",
                 "the replicate weight '%s' is %s in %llu row%s of %s (%s)", slot->name, what,
                 (unsigned long long)tally->rows, ICT_S(tally->rows), file->name, s.text);
  ict_status st = s.failed ? ict_err_memory(err) : ICT_OK;
  ict_str_done(&s);
  return st;
}

ict_status ict_replicates_check(ict_work *work, const ict_work_unit *unit, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t r = 0; r < unit->map->design.replicates.n && st == ICT_OK; r++) {
    ict_tally missing = {0}, negative = {0};
    const ict_slot *slot = unit->replicates[r];
    if (!slot || slot->problems.values.n > 0) continue; /* said already */
    for (size_t i = 0; i < unit->n_rows; i++) {
      double weight;
      ict_missing kind = weight_at(work, unit, r, unit->rows[i], &weight);
      uint64_t line = ict_file_line(&work->files[unit->file], unit->rows[i]);
      if (kind != ICT_PRESENT)
        ict_tally_add(&missing, line);
      else if (weight < 0)
        ict_tally_add(&negative, line);
    }
    st = say_rows(work, unit, r, &missing, "missing", err);
    if (st == ICT_OK) st = say_rows(work, unit, r, &negative, "negative", err);
  }
  return st;
}

void ict_replicates_gather(const ict_work *work, const ict_work_unit *unit, double *to) {
  const ict_map_replicates *map = &unit->map->design.replicates;
  for (size_t r = 0; r < map->n; r++)
    for (size_t i = 0; i < unit->n_rows; i++) {
      double weight;
      weight_at(work, unit, r, unit->rows[i], &weight);
      if (!map->combined && unit->row_weight) weight *= unit->row_weight[unit->rows[i]];
      to[i * map->n + r] = weight;
    }
}
