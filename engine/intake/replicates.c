/* replicates.c - the replicate weights of a unit's rows.
 *
 * In: one slot a replicate. Out: one table, a row's replicates side by side; findings with the
 * lines, never the weights. */
#include "intake/work.h"

#define EXPECTED "a weight from 0 in every row"

ict_status ict_replicates_check(ict_work *work, const ict_work_unit *unit, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t r = 0; r < unit->map->design.replicates.n && st == ICT_OK; r++) {
    ict_tally missing = {0}, negative = {0};
    const ict_slot *slot = unit->replicates[r];
    if (!slot || slot->problems.values.n > 0) continue; /* said already */
    for (size_t i = 0; i < unit->n_rows; i++) {
      ict_missing kind;
      double weight = ict_number_at(work, unit->file, slot, unit->rows[i], &kind);
      if (kind == ICT_PRESENT && weight >= 0) continue;
      ict_tally_add(kind == ICT_PRESENT ? &negative : &missing,
                    ict_file_line(&work->files[unit->file], unit->rows[i]));
    }
    st = ict_work_say_rows(work, unit, slot->at, &missing, EXPECTED, "correct the file", err,
                           "the replicate weight '%s' is missing", slot->name);
    if (st == ICT_OK)
      st = ict_work_say_rows(work, unit, slot->at, &negative, EXPECTED, "correct the file", err,
                             "the replicate weight '%s' is negative", slot->name);
  }
  return st;
}

void ict_replicates_gather(const ict_work *work, const ict_work_unit *unit, double *to) {
  const ict_map_replicates *map = &unit->map->design.replicates;
  for (size_t r = 0; r < map->n; r++)
    for (size_t i = 0; i < unit->n_rows; i++) {
      ict_missing kind;
      double weight = ict_number_at(work, unit->file, unit->replicates[r], unit->rows[i], &kind);
      if (!map->combined && unit->row_weight) weight *= unit->row_weight[unit->rows[i]];
      to[i * map->n + r] = weight;
    }
}
