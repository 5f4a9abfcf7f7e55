/* rounds.c - rounds that are said to share strata and PSUs: do they?
 *
 * In: the strata and PSUs of all periods together. Out: findings. Owns: nothing. */
#include "intake/work.h"

/* Whether the rows [from, to) of the frame are of more than one period. */
static bool has_rounds(const ict_work_unit *unit, uint64_t from, uint64_t to) {
  const uint32_t *period = unit->period.rank;
  for (uint64_t i = from + 1; i < to; i++)
    if (period[unit->rows[i]] != period[unit->rows[from]]) return true;
  return false;
}

static size_t count_psus(const ict_work_unit *unit) {
  size_t n = 0;
  for (size_t p = 0; p < unit->n_psu; p++)
    n += has_rounds(unit, unit->psu_first_row[p], unit->psu_first_row[p + 1]);
  return n;
}

/* Strata of one period alone go to the list. */
static size_t count_strata(const ict_work_unit *unit, ict_name_list *alone) {
  size_t n = 0;
  for (size_t h = 0; h < unit->n_strata; h++) {
    if (has_rounds(unit, unit->psu_first_row[unit->stratum_first_psu[h]],
                   unit->psu_first_row[unit->stratum_first_psu[h + 1]]))
      n++;
    else
      ict_name_add(alone, unit->stratum_label[h]);
  }
  return n;
}

ict_status ict_rounds_check(ict_work *work, const ict_work_unit *unit, ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  if (!d->shared_rounds) return ICT_OK;
  if (!unit->period.rank || unit->period.codes->n < 2) {
    ict_work_say(work, ICT_WARNING, d->at, NULL, "give `survey.period` a variable, or leave it out",
                 "unit '%s' has one period: `rounds: shared` is without effect", unit->map->name);
    return ICT_OK;
  }
  ict_name_list alone = {0};
  ict_status st = ICT_OK;
  ict_str_init(&alone.text);
  if (count_strata(unit, &alone) == 0) {
    ict_work_say(work, ICT_ERROR, d->at, "the same strata in every period",
                 "give strata the same labels in all rounds, or leave `rounds: shared` out",
                 "unit '%s' has no stratum that occurs in two periods", unit->map->name);
  } else {
    st = ict_say_strata(work, ICT_WARNING, d->at, &alone, unit, "", "in one period only", NULL,
                        "check that strata are defined alike in all rounds", err);
    if (count_psus(unit) == 0)
      ict_work_say(work, ICT_WARNING, d->at, NULL,
                   "check that PSUs have the same labels in all rounds",
                   "unit '%s' has no PSU that occurs in two periods: covariances of rounds are 0",
                   unit->map->name);
  }
  ict_str_done(&alone.text);
  return st;
}
