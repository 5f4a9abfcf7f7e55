/* derive.c - the columns of a unit from the columns that were read: values of linked
 * files, several variables combined, kinds of missing counted as a code.
 *
 * In: slots. Out: one column a variable, in the rows of the unit's file. */
#include <math.h>
#include <string.h>

#include "intake/work.h"

typedef struct cell {
  ict_missing kind;
  double value;
} cell;

static cell cell_at(const ict_work *work, const ict_work_unit *unit, const ict_slot *slot,
                    uint32_t row) {
  cell c;
  row = ict_linked_row(work, unit->file, slot->file, row);
  if (row == ICT_NO_ROW) return (cell){.kind = ICT_UNLINKED};
  c.value = ict_cell_get(ict_recode_width(slot->recode), slot->values, row, &c.kind);
  return c;
}

/* any: decides = Y; all: decides = N. One deciding cell settles it; else the first kind of
 * missing; else the other code. */
static cell combine_codes(const ict_work *work, const ict_work_unit *unit, const ict_work_var *var,
                          uint32_t row, double decides, double other) {
  cell result = {.kind = ICT_PRESENT, .value = other};
  for (size_t i = 0; i < var->map->n_from; i++) {
    cell c = cell_at(work, unit, var->slots[i], row);
    if (c.kind == ICT_PRESENT && c.value == decides) return c;
    if (c.kind != ICT_PRESENT && result.kind == ICT_PRESENT) result = c;
  }
  return result;
}

static cell combine_first(const ict_work *work, const ict_work_unit *unit, const ict_work_var *var,
                          uint32_t row) {
  cell first = cell_at(work, unit, var->slots[0], row);
  for (size_t i = 1; i < var->map->n_from && first.kind != ICT_PRESENT; i++) {
    cell c = cell_at(work, unit, var->slots[i], row);
    if (c.kind == ICT_PRESENT) return c;
  }
  return first;
}

static cell combine_sum(const ict_work *work, const ict_work_unit *unit, const ict_work_var *var,
                        uint32_t row) {
  cell sum = {.kind = ICT_PRESENT};
  for (size_t i = 0; i < var->map->n_from; i++) {
    cell c = cell_at(work, unit, var->slots[i], row);
    if (c.kind != ICT_PRESENT) return c;
    sum.value += c.value;
  }
  return sum;
}

static bool sum_fits(const ict_concept *concept, double sum) {
  if (concept->type != ICT_TYPE_INTEGER) return isfinite(sum);
  return sum >= (double)concept->lowest && sum <= (double)concept->highest && sum >= INT32_MIN &&
         sum <= INT32_MAX - ICT_MISSING_MARKS;
}

static ict_status combine(ict_work *work, const ict_work_unit *unit, ict_work_var *var,
                          ict_err *err) {
  const ict_map_variable *map = var->map;
  const ict_work_file *file = &work->files[unit->file];
  double yes = map->codes ? (double)ict_codelist_find(map->codes, "Y") : -1;
  double no = map->codes ? (double)ict_codelist_find(map->codes, "N") : -1;
  ict_tally beyond = {0};
  for (size_t row = 0; row < file->n_rows; row++) {
    uint32_t r = (uint32_t)row;
    cell c = {0};
    switch (map->combine) {
      case ICT_COMBINE_NONE:
        c = cell_at(work, unit, var->slots[0], r);
        break;
      case ICT_COMBINE_ANY:
        c = combine_codes(work, unit, var, r, yes, no);
        break;
      case ICT_COMBINE_ALL:
        c = combine_codes(work, unit, var, r, no, yes);
        break;
      case ICT_COMBINE_FIRST:
        c = combine_first(work, unit, var, r);
        break;
      case ICT_COMBINE_SUM:
        c = combine_sum(work, unit, var, r);
        break;
    }
    if (map->combine == ICT_COMBINE_SUM && c.kind == ICT_PRESENT &&
        !sum_fits(map->concept_def, c.value)) {
      ict_tally_add(&beyond, ict_file_line(file, row));
      c.kind = ICT_MISSING;
    }
    if (c.kind == ICT_PRESENT) {
      ict_cell_put(var->width, var->values, row, c.value);
    } else {
      ict_cell_put_missing(var->width, var->values, row, c.kind);
    }
  }
  if (beyond.rows == 0) return ICT_OK;
  ict_str s;
  ict_str_init(&s);
  ict_work_lines(&s, file, &beyond);
  if (!s.failed) {
    ict_work_say(work, ICT_ERROR, map->at, NULL, "map the wrong parts to a kind of missing",
                 "the sum for '%s' is outside the concept's range in %llu row%s of %s (%s)",
                 map->concept_def->name, (unsigned long long)beyond.rows, ICT_S(beyond.rows),
                 file->name, s.text);
  }
  ict_status st = s.failed ? ict_err_memory(err) : ICT_OK;
  ict_str_done(&s);
  return st;
}

/* The catalogue has checked that it is a value of the concept. */
static double constant_value(const ict_map_variable *map) {
  double value = 0;
  if (map->concept_def->type == ICT_TYPE_CODE) {
    return (double)ict_codelist_find(map->codes, map->constant);
  }
  (void)ict_number_parse(ict_slice_of(map->constant), '.', &value);
  return value;
}

/* Rewrites kinds of missing in all rows of the file; counts those of the unit. */
static void count_as(ict_work *work, const ict_work_unit *unit, ict_work_var *var) {
  const ict_map_variable *map = var->map;
  double code[ICT_N_MISSING + 1];
  bool counts[ICT_N_MISSING + 1] = {false};
  for (size_t i = 0; i < map->n_count_as; i++) {
    const struct ict_count_as *c = &map->count_as[i];
    code[c->kind] = (double)ict_codelist_find(map->codes, c->code);
    counts[c->kind] = true;
  }
  ict_missing kind;
  for (size_t i = 0; i < unit->n_rows; i++) {
    ict_cell_get(var->width, var->values, unit->rows[i], &kind);
    if (counts[kind]) var->counted_as[kind]++;
  }
  for (size_t row = 0; row < work->files[unit->file].n_rows; row++) {
    ict_cell_get(var->width, var->values, row, &kind);
    if (counts[kind]) ict_cell_put(var->width, var->values, row, code[kind]);
  }
}

static ict_width width_of(const ict_map_variable *map) {
  switch (map->concept_def->type) {
    case ICT_TYPE_CODE:
      return ict_width_for_codes(map->codes->n);
    case ICT_TYPE_INTEGER:
      return ICT_I32;
    default:
      return ICT_F64;
  }
}

static ict_status derive_variable(ict_work *work, ict_work_unit *unit, ict_work_var *var,
                                  ict_err *err) {
  const ict_map_variable *map = var->map;
  const ict_work_file *file = &work->files[unit->file];
  ict_status st = ICT_OK;
  var->width = width_of(map);
  if (map->n_from == 1 && var->slots[0]->file == unit->file) {
    var->width = ict_recode_width(var->slots[0]->recode);
    var->values = var->slots[0]->values; /* as it is: moved */
    var->slots[0]->values = NULL;
  } else {
    var->values = ict_spill_alloc(work->spill, file->n_rows, ict_width_bytes(var->width));
    if (!var->values) return ict_spill_short(work->spill, err);
    if (!map->constant) {
      st = combine(work, unit, var, err);
    } else {
      double value = constant_value(map);
      for (size_t r = 0; r < file->n_rows; r++) ict_cell_put(var->width, var->values, r, value);
    }
    for (size_t i = 0; i < map->n_from; i++) {
      ict_spill_free(work->spill, var->slots[i]->values);
      var->slots[i]->values = NULL;
    }
  }
  if (map->n_count_as > 0) count_as(work, unit, var);
  return st;
}

ict_status ict_derive(ict_work *work, ict_work_unit *unit, ict_err *err) {
  for (size_t i = 0; i < unit->map->n_vars; i++) {
    ict_status st = derive_variable(work, unit, &unit->vars[i], err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}
