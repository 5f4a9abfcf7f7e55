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
static void add_parts(ict_str *s, const ict_ranked *by, size_t n, size_t n_axes, uint32_t row) {
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
    add_parts(&s, order->by, order->n_strata, n_axes, first_row(unit, h));
    unit->stratum_label[h] = s.failed ? NULL : ict_arena_strndup(arena, s.text, s.len);
    good = unit->stratum_label[h] != NULL;
  }
  ict_str_done(&s);
  return good ? ICT_OK : ict_err_memory(err);
}

/* --- lists of strata for messages ------------------------------------------------- */

typedef struct name_list {
  ict_str text;
  size_t n;
} name_list;

static void name_stratum(name_list *list, const ict_work_unit *unit, size_t h) {
  if (list->n++ >= ICT_NAMES_SHOWN) return;
  const char *label = unit->stratum_label[h];
  ict_str_addf(&list->text, "%s%s", list->n > 1 ? ", " : "", label[0] ? label : "(all)");
}

/* Adds the sentence and empties the list. */
static ict_status say_strata(ict_work *work, ict_severity severity, ict_mark at, name_list *list,
                             const char *unit, const char *what, const char *expected,
                             const char *fix, ict_err *err) {
  if (list->n > ICT_NAMES_SHOWN) ict_str_add(&list->text, ", ...");
  bool failed = list->text.failed;
  if (list->n > 0 && !failed) {
    ict_work_say(work, severity, at, expected, fix, "unit '%s' has %zu %s %s: %s", unit, list->n,
                 list->n == 1 ? "stratum" : "strata", what, list->text.text);
  }
  list->n = 0;
  ict_str_clear(&list->text);
  return failed ? ict_err_memory(err) : ICT_OK;
}

/* --- fpc -------------------------------------------------------------------------- */

typedef struct fpc_faults {
  name_list missing, varies, beyond;
} fpc_faults;

static double fpc_at(const ict_work *work, const ict_work_unit *unit, uint32_t row,
                     ict_missing *kind) {
  row = ict_linked_row(work, unit->file, unit->fpc->file, row);
  *kind = ICT_UNLINKED;
  return row == ICT_NO_ROW ? 0 : ict_cell_get(ICT_F64, unit->fpc->values, row, kind);
}

static void fpc_of_stratum(ict_work *work, ict_work_unit *unit, size_t h, fpc_faults *faults) {
  size_t from = (size_t)unit->psu_first_row[unit->stratum_first_psu[h]];
  size_t to = (size_t)unit->psu_first_row[unit->stratum_first_psu[h + 1]];
  ict_missing kind;
  double value = fpc_at(work, unit, unit->rows[from], &kind);
  bool varies = false;
  for (size_t i = from + 1; i < to && kind == ICT_PRESENT; i++) {
    varies |= fpc_at(work, unit, unit->rows[i], &kind) != value;
  }
  if (kind != ICT_PRESENT) {
    name_stratum(&faults->missing, unit, h);
    return;
  }
  if (varies) {
    name_stratum(&faults->varies, unit, h);
    return;
  }
  double n = (double)psus_in(unit, h);
  bool population = unit->map->design.fpc_kind == ICT_FPC_POPULATION;
  if (population ? value < n : value < 0 || value > 1) {
    name_stratum(&faults->beyond, unit, h);
    return;
  }
  unit->fraction[h] = population ? n / value : value;
}

static ict_status make_fractions(ict_work *work, ict_work_unit *unit, ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  if (!unit->fpc && !d->census) return ICT_OK;
  unit->fraction = ict_alloc(unit->n_strata, sizeof *unit->fraction);
  if (!unit->fraction) return ict_err_memory(err);
  if (d->census) {
    for (size_t h = 0; h < unit->n_strata; h++) unit->fraction[h] = 1;
    return ICT_OK;
  }
  fpc_faults faults = {0};
  ict_str_init(&faults.missing.text);
  ict_str_init(&faults.varies.text);
  ict_str_init(&faults.beyond.text);
  for (size_t h = 0; h < unit->n_strata; h++) fpc_of_stratum(work, unit, h, &faults);
  bool population = d->fpc_kind == ICT_FPC_POPULATION;
  const char *name = unit->map->name;
  ict_mark at = unit->fpc->at;
  ict_status st =
      say_strata(work, ICT_ERROR, at, &faults.missing, name, "with rows that have no fpc",
                 "a number in every row", "correct the file, or write `fpc: none`", err);
  if (st == ICT_OK) {
    st = say_strata(work, ICT_ERROR, at, &faults.varies, name, "with more than one value of fpc",
                    "one value in all rows of a stratum", "correct the file; is `strata` complete?",
                    err);
  }
  if (st == ICT_OK) {
    st = say_strata(
        work, ICT_ERROR, at, &faults.beyond, name,
        population ? "with a population below the number of PSUs"
                   : "with a sampling fraction outside 0..1",
        population ? "the number of PSUs in the stratum's population" : "a share between 0 and 1",
        population ? "where the variable is a share, write `fpc: {fraction: ...}`"
                   : "where the variable counts PSUs, write `fpc: {population: ...}`",
        err);
  }
  ict_str_done(&faults.missing.text);
  ict_str_done(&faults.varies.text);
  ict_str_done(&faults.beyond.text);
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
    add_parts(&s, order->by + order->n_strata, order->n_psu, 0, a);
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

static ict_status check_lonely(ict_work *work, const ict_work_unit *unit, ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  if (d->census) return ICT_OK;
  name_list lonely = {0};
  ict_str_init(&lonely.text);
  for (size_t h = 0; h < unit->n_strata; h++) {
    /* A stratum that was taken whole has no variance to estimate. */
    bool certain = unit->fraction && unit->fraction[h] == 1;
    if (psus_in(unit, h) == 1 && !certain) name_stratum(&lonely, unit, h);
  }
  bool fail = d->lonely == ICT_LONELY_FAIL;
  ict_status st = say_strata(
      work, fail ? ICT_ERROR : ICT_WARNING, d->at, &lonely, unit->map->name, "with a single PSU",
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
done:
  return st;
}
