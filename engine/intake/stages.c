/* stages.c - the stages below the first: units cut out of sorted rows, their fractions, and whether
 * their variances can be estimated.
 *
 * In: rows in the order of order.c, cut into PSUs. Out: the index arrays and fractions of each
 * stage; findings. */
#include "intake/work.h"

/* --- cutting ---------------------------------------------------------------------- */

static bool differ(const ict_ranked *by, size_t n, uint32_t a, uint32_t b) {
  for (size_t i = 0; i < n; i++) {
    if (by[i].rank[a] != by[i].rank[b]) return true;
  }
  return false;
}

/* Fills the arrays where they are there; counts in any case. */
static void walk(const ict_work_unit *unit, ict_work_stage *s, const uint64_t *parent_first_row,
                 size_t n_parents) {
  const ict_ranked *strata = unit->order.by + s->first_by, *units = strata + s->map->n_strata;
  const uint32_t *rows = unit->rows;
  s->n_units = s->n_strata = 0;
  for (size_t p = 0; p < n_parents; p++) {
    if (s->parent_first_stratum) s->parent_first_stratum[p] = s->n_strata;
    for (size_t i = (size_t)parent_first_row[p]; i < parent_first_row[p + 1]; i++) {
      bool first = i == parent_first_row[p];
      bool stratum = first || differ(strata, s->map->n_strata, rows[i - 1], rows[i]);
      if (stratum) {
        if (s->stratum_first_unit) s->stratum_first_unit[s->n_strata] = s->n_units;
        s->n_strata++;
      }
      if (stratum || s->map->n_units == 0 || differ(units, s->map->n_units, rows[i - 1], rows[i])) {
        if (s->unit_first_row) s->unit_first_row[s->n_units] = i;
        s->n_units++;
      }
    }
  }
}

ict_status ict_stage_cut(const ict_work_unit *unit, ict_work_stage *s,
                         const uint64_t *parent_first_row, size_t n_parents, ict_err *err) {
  walk(unit, s, parent_first_row, n_parents);
  s->unit_first_row = ict_alloc(s->n_units + 1, sizeof *s->unit_first_row);
  s->stratum_first_unit = ict_alloc(s->n_strata + 1, sizeof *s->stratum_first_unit);
  s->parent_first_stratum = ict_alloc(n_parents + 1, sizeof *s->parent_first_stratum);
  if (!s->unit_first_row || !s->stratum_first_unit || !s->parent_first_stratum)
    return ict_err_memory(err);
  walk(unit, s, parent_first_row, n_parents);
  s->unit_first_row[s->n_units] = unit->n_rows;
  s->stratum_first_unit[s->n_strata] = s->n_units;
  s->parent_first_stratum[n_parents] = s->n_strata;
  return ICT_OK;
}

ict_status ict_stages_cut(ict_work_unit *unit, ict_err *err) {
  const uint64_t *parent_first_row = unit->psu_first_row;
  size_t n_parents = unit->n_psu;
  ict_status st = ICT_OK;
  for (size_t k = 0; k < unit->map->design.n_stages && st == ICT_OK; k++) {
    ict_work_stage *s = &unit->stages[k];
    st = ict_stage_cut(unit, s, parent_first_row, n_parents, err);
    parent_first_row = s->unit_first_row;
    n_parents = s->n_units;
  }
  return st;
}

void ict_stages_done(ict_work_unit *unit) {
  for (size_t k = 0; unit->stages && k < unit->map->design.n_stages; k++) {
    ict_free(unit->stages[k].unit_first_row);
    ict_free(unit->stages[k].stratum_first_unit);
    ict_free(unit->stages[k].parent_first_stratum);
    ict_free(unit->stages[k].fraction);
  }
}

/* --- fractions and single units ---------------------------------------------------- */

/* The labels from the first stage's stratum down to that of stage k: "2/14/1". */
static const char *label_of(const ict_work_unit *unit, size_t k, size_t g, ict_str *s) {
  const ict_work_stage *stage = &unit->stages[k];
  size_t n_axes = unit->order.n_strata - unit->map->design.n_strata;
  uint32_t row = unit->rows[stage->unit_first_row[stage->stratum_first_unit[g]]];
  ict_str_clear(s);
  ict_label_add(s, unit->order.by, stage->first_by + stage->map->n_strata, n_axes, row);
  return s->failed ? "" : s->text;
}

static ict_status make_fractions(ict_work *work, ict_work_unit *unit, size_t k, const char *of,
                                 ict_err *err) {
  ict_work_stage *s = &unit->stages[k];
  if (!s->fpc) return ICT_OK;
  s->fraction = ict_alloc(s->n_strata, sizeof *s->fraction);
  if (!s->fraction) return ict_err_memory(err);
  const ict_fpc fpc = {.slot = s->fpc, .kind = s->map->fpc_kind, .of = of};
  ict_fpc_faults faults;
  ict_str label;
  ict_str_init(&label);
  ict_fpc_faults_init(&faults);
  for (size_t g = 0; g < s->n_strata; g++) {
    size_t from = (size_t)s->stratum_first_unit[g], to = (size_t)s->stratum_first_unit[g + 1];
    ict_fpc_of_rows(work, unit, &fpc, (size_t)s->unit_first_row[from],
                    (size_t)s->unit_first_row[to], to - from, label_of(unit, k, g, &label), &faults,
                    &s->fraction[g]);
  }
  ict_status st = label.failed ? ict_err_memory(err) : ict_fpc_say(work, unit, &fpc, &faults, err);
  ict_fpc_faults_done(&faults);
  ict_str_done(&label);
  return st;
}

/* Of the parents of stage k, whether the fractions down to them are all above 0; `above` holds
 * that of the parents one stage up. Returns a new array, NULL where memory is short. */
static bool *count_below(const ict_work_unit *unit, size_t k, const bool *above) {
  size_t n = k > 0 ? unit->stages[k - 1].n_units : unit->n_psu;
  bool *counts = ict_alloc(n, sizeof *counts);
  if (!counts) return NULL;
  if (k == 0) {
    for (size_t h = 0; h < unit->n_strata; h++) {
      bool positive = unit->inclusion || (unit->fraction && unit->fraction[h] > 0);
      for (uint64_t p = unit->stratum_first_psu[h]; p < unit->stratum_first_psu[h + 1]; p++)
        counts[p] = positive;
    }
    return counts;
  }
  const ict_work_stage *s = &unit->stages[k - 1];
  size_t n_parents = k > 1 ? unit->stages[k - 2].n_units : unit->n_psu;
  for (size_t p = 0; p < n_parents; p++)
    for (uint64_t g = s->parent_first_stratum[p]; g < s->parent_first_stratum[p + 1]; g++)
      for (uint64_t u = s->stratum_first_unit[g]; u < s->stratum_first_unit[g + 1]; u++)
        counts[u] = above[p] && s->fraction && s->fraction[g] > 0;
  return counts;
}

/* Strata of a single unit that the variance needs: not taken whole, and with a share in it. */
static ict_status check_lonely(ict_work *work, const ict_work_unit *unit, size_t k,
                               const bool *counts, const char *of, ict_err *err) {
  const ict_work_stage *s = &unit->stages[k];
  size_t n_parents = k > 0 ? unit->stages[k - 1].n_units : unit->n_psu;
  bool fail = unit->map->design.lonely == ICT_LONELY_FAIL;
  ict_name_list lonely = {0};
  ict_str label;
  ict_str_init(&label);
  ict_str_init(&lonely.text);
  for (size_t p = 0; p < n_parents; p++) {
    for (uint64_t g = s->parent_first_stratum[p]; counts[p] && g < s->parent_first_stratum[p + 1];
         g++) {
      bool single = s->stratum_first_unit[g + 1] - s->stratum_first_unit[g] == 1;
      if (single && (!s->fraction || s->fraction[g] < 1))
        ict_name_add(&lonely, label_of(unit, k, (size_t)g, &label));
    }
  }
  ict_status st =
      label.failed
          ? ict_err_memory(err)
          : ict_say_strata(work, fail ? ICT_ERROR : ICT_WARNING, s->map->at, &lonely, unit, of,
                           "with a single unit",
                           fail ? "at least two units in a stratum, or a policy for one" : NULL,
                           fail ? "write `lonely_psu: adjust` (or certainty, average, remove), or "
                                  "leave this stage out"
                                : NULL,
                           err);
  ict_str_done(&lonely.text);
  ict_str_done(&label);
  return st;
}

ict_status ict_stages_make(ict_work *work, ict_work_unit *unit, ict_err *err) {
  ict_status st = ICT_OK;
  bool *counts = NULL;
  for (size_t k = 0; k < unit->map->design.n_stages; k++) {
    const char *of = ict_arena_printf(work->arena, "of stage %zu ", k + 2);
    if (!of) {
      st = ict_err_memory(err);
      goto done;
    }
    ICT_TRY(done, st, make_fractions(work, unit, k, of, err));
    bool *below = count_below(unit, k, counts);
    ict_free(counts);
    counts = below;
    if (!counts) {
      st = ict_err_memory(err);
      goto done;
    }
    ICT_TRY(done, st, check_lonely(work, unit, k, counts, of, err));
  }
done:
  ict_free(counts);
  return st;
}
