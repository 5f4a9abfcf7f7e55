/* design.c - what is known of each stratum: its label and sampling fraction; and whether
 * variances can be estimated from it.
 *
 * In: sorted rows, cut into strata and PSUs. Out: labels, fractions; findings. */
#include <string.h>

#include "intake/sort.h"
#include "intake/work.h"

/* The first row of stratum h, in the unit's file. */
static uint32_t first_row(const ict_work_unit *unit, size_t h) {
  return unit->rows[unit->psu_first_row[unit->stratum_first_psu[h]]];
}

static size_t psus_in(const ict_work_unit *unit, size_t h) {
  return (size_t)(unit->stratum_first_psu[h + 1] - unit->stratum_first_psu[h]);
}

static ict_slice label_text(const ict_ranked *r, uint32_t row) {
  uint32_t id = r->id_of[r->rank[row]];
  if (r->slot->kind == ICT_SLOT_LABEL) return ict_labels_at(&r->slot->labels, id);
  return ict_slice_of(r->slot->spec.codes->codes[id].id);
}

/* The parts joined by '/'. Area and period are among them where there are several. */
void ict_label_add(ict_str *s, const ict_ranked *by, size_t n, size_t n_axes, uint32_t row) {
  bool any = false;
  for (size_t i = 0; i < n; i++) {
    if (i < n_axes && by[i].n < 2) continue;
    ict_slice part = label_text(&by[i], row);
    if (any) ict_str_add(s, "/");
    ict_str_addn(s, part.text, part.len);
    any = true;
  }
}

static ict_status make_labels(ict_work *work, ict_work_unit *unit, const ict_order *order,
                              ict_err *err) {
  ict_arena *arena = work->intake->arena;
  size_t n_axes = order->n_strata - unit->map->design.n_strata;
  unit->stratum_label = ict_arena_alloc(arena, unit->n_strata, sizeof *unit->stratum_label);
  if (!unit->stratum_label) return ict_err_memory(err);
  ict_str s;
  ict_str_init(&s);
  bool good = true;
  for (size_t h = 0; h < unit->n_strata && good; h++) {
    ict_str_clear(&s);
    ict_label_add(&s, order->by, order->n_strata, n_axes, first_row(unit, h));
    unit->stratum_label[h] = s.failed ? NULL : ict_arena_strndup(arena, s.text, s.len);
    good = unit->stratum_label[h] != NULL;
  }
  ict_str_done(&s);
  return good ? ICT_OK : ict_err_memory(err);
}

/* --- lists of strata for messages ------------------------------------------------- */

void ict_name_add(ict_name_list *list, const char *label) {
  if (list->n++ >= ICT_NAMES_SHOWN) return;
  ict_str_addf(&list->text, "%s%s", list->n > 1 ? ", " : "", label[0] ? label : "(all)");
}

ict_status ict_say_strata(ict_work *work, ict_severity severity, ict_mark at, ict_name_list *list,
                          const ict_work_unit *unit, const char *of, const char *what,
                          const char *expected, const char *fix, ict_err *err) {
  if (list->n > ICT_NAMES_SHOWN) ict_str_add(&list->text, ", ...");
  bool failed = list->text.failed;
  if (list->n > 0 && !failed) {
    ict_work_say(work, severity, at, expected, fix, "unit '%s' has %zu %s %s%s: %s",
                 unit->map->name, list->n, list->n == 1 ? "stratum" : "strata", of, what,
                 list->text.text);
  }
  list->n = 0;
  ict_str_clear(&list->text);
  return failed ? ict_err_memory(err) : ICT_OK;
}

/* --- fpc -------------------------------------------------------------------------- */

/* The fractions of strata, or under PPS the inclusion probabilities of PSUs. */
static void read_fractions(ict_work *work, ict_work_unit *unit, const ict_fpc *fpc,
                           ict_fpc_faults *faults) {
  for (size_t h = 0; h < unit->n_strata; h++) {
    size_t p = (size_t)unit->stratum_first_psu[h], end = (size_t)unit->stratum_first_psu[h + 1];
    const char *label = unit->stratum_label[h];
    if (!fpc->of_psu) {
      ict_fpc_of_rows(work, unit, fpc, (size_t)unit->psu_first_row[p],
                      (size_t)unit->psu_first_row[end], end - p, label, faults, &unit->fraction[h]);
      continue;
    }
    for (; p < end; p++)
      ict_fpc_of_rows(work, unit, fpc, (size_t)unit->psu_first_row[p],
                      (size_t)unit->psu_first_row[p + 1], 1, label, faults, &unit->inclusion[p]);
  }
}

static ict_status make_fractions(ict_work *work, ict_work_unit *unit, ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  if (!unit->fpc && !d->census) return ICT_OK;
  bool pps = d->pps != ICT_PPS_NONE;
  double **out = pps ? &unit->inclusion : &unit->fraction;
  *out = ict_alloc(pps ? unit->n_psu : unit->n_strata, sizeof **out);
  if (!*out) return ict_err_memory(err);
  if (d->census) {
    for (size_t h = 0; h < unit->n_strata; h++) unit->fraction[h] = 1;
    return ICT_OK;
  }
  const ict_fpc fpc = {.slot = unit->fpc, .kind = d->fpc_kind, .of_psu = pps, .of = ""};
  ict_fpc_faults faults;
  ict_fpc_faults_init(&faults);
  read_fractions(work, unit, &fpc, &faults);
  ict_status st = ict_fpc_say(work, unit, &fpc, &faults, err);
  ict_fpc_faults_done(&faults);
  return st;
}

/* --- nesting ---------------------------------------------------------------------- */

typedef struct psu_order {
  const ict_work_unit *unit;
  const ict_order *order;
  size_t n_axes;
} psu_order;

static int compare_ranks(const ict_ranked *by, size_t n, uint32_t a, uint32_t b) {
  for (size_t i = 0; i < n; i++) {
    uint32_t x = by[i].rank[a], y = by[i].rank[b];
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/* PSUs by area, period and label, whatever their stratum. */
static int compare_psus(const void *ctx, uint32_t a, uint32_t b) {
  const psu_order *p = ctx;
  uint32_t x = p->unit->rows[p->unit->psu_first_row[a]];
  uint32_t y = p->unit->rows[p->unit->psu_first_row[b]];
  int c = compare_ranks(p->order->by, p->n_axes, x, y);
  return c ? c : compare_ranks(p->order->by + p->order->n_strata, p->order->n_psu, x, y);
}

/* Two PSUs in a row of that order that are equal lie in two strata. */
static ict_status check_nesting(ict_work *work, const ict_work_unit *unit, const ict_order *order,
                                ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  const ict_work_file *file = &work->files[unit->file];
  if (d->nested || d->n_psu == 0) return ICT_OK;
  psu_order p = {.unit = unit, .order = order, .n_axes = order->n_strata - d->n_strata};
  uint32_t *psus = ict_alloc(unit->n_psu, sizeof *psus);
  uint32_t *spare = ict_alloc(unit->n_psu, sizeof *spare);
  ict_str s;
  ict_str_init(&s);
  size_t n = 0;
  ict_status st = ICT_OK;
  if (!psus || !spare) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < unit->n_psu; i++) psus[i] = (uint32_t)i;
  ict_sort_by(psus, spare, unit->n_psu, compare_psus, &p);
  for (size_t i = 1; i < unit->n_psu; i++) {
    if (compare_psus(&p, psus[i - 1], psus[i]) != 0 || n++ >= ICT_NAMES_SHOWN) continue;
    uint32_t a = unit->rows[unit->psu_first_row[psus[i - 1]]];
    uint32_t b = unit->rows[unit->psu_first_row[psus[i]]];
    if (n > 1) ict_str_add(&s, "; ");
    ict_label_add(&s, order->by + order->n_strata, order->n_psu, 0, a);
    ict_str_addf(&s, " (%s %llu and %s %llu)", file->row_word,
                 (unsigned long long)ict_file_line(file, a), file->row_word,
                 (unsigned long long)ict_file_line(file, b));
  }
  if (s.failed) {
    st = ict_err_memory(err);
  } else if (n > 0) {
    ict_work_say(work, ICT_ERROR, d->psu[0].at, "each PSU in one stratum",
                 "where PSU labels start anew in each stratum, write `nested: true`",
                 "unit '%s' has %zu PSU%s in two strata, in %s: %s%s", unit->map->name, n, ICT_S(n),
                 file->name, s.text, n > ICT_NAMES_SHOWN ? "; ..." : "");
  }
done:
  ict_str_done(&s);
  ict_free(psus);
  ict_free(spare);
  return st;
}

/* --- strata of one PSU ------------------------------------------------------------ */

/* A stratum that was taken whole has no variance to estimate. */
static bool is_certain(const ict_work_unit *unit, size_t h) {
  if (unit->inclusion) return unit->inclusion[unit->stratum_first_psu[h]] == 1;
  return unit->fraction && unit->fraction[h] == 1;
}

static ict_status check_lonely(ict_work *work, const ict_work_unit *unit, ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  if (d->census) return ICT_OK;
  ict_name_list lonely = {0};
  ict_str_init(&lonely.text);
  for (size_t h = 0; h < unit->n_strata; h++) {
    if (psus_in(unit, h) == 1 && !is_certain(unit, h))
      ict_name_add(&lonely, unit->stratum_label[h]);
  }
  bool fail = d->lonely == ICT_LONELY_FAIL;
  ict_status st = ict_say_strata(
      work, fail ? ICT_ERROR : ICT_WARNING, d->at, &lonely, unit, "", "with a single PSU",
      fail ? "at least two PSUs in a stratum, or a policy for one" : NULL,
      fail ? "write `lonely_psu: adjust` (or certainty, average, remove), or join strata" : NULL,
      err);
  ict_str_done(&lonely.text);
  return st;
}

ict_status ict_design_make(ict_work *work, ict_work_unit *unit, ict_err *err) {
  const ict_order *order = &unit->order;
  ict_status st;
  ICT_TRY(done, st, make_labels(work, unit, order, err));
  ICT_TRY(done, st, make_fractions(work, unit, err));
  ICT_TRY(done, st, check_nesting(work, unit, order, err));
  ICT_TRY(done, st, check_lonely(work, unit, err));
  ICT_TRY(done, st, ict_rounds_check(work, unit, err));
  ICT_TRY(done, st, ict_stages_make(work, unit, err));
  ICT_TRY(done, st, ict_replicates_check(work, unit, err));
done:
  return st;
}
