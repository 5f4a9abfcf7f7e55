/* account.c - what happened, in words: findings for what is wrong or odd, and the report
 * lines that the store keeps.
 *
 * In: tallies, summaries. Out: findings at the mapping's lines, report lines. */
#include <string.h>

#include "intake/sort.h"
#include "intake/work.h"

void ict_work_fail(ict_work *work, const ict_err *record) {
  if (work->failed) return;
  work->failed = true;
  work->status = record->status;
  if (work->err) *work->err = *record;
}

void ict_work_say(ict_work *work, ict_severity severity, ict_mark at, const char *expected,
                  const char *fix, const char *fmt, ...) {
  ict_err record;
  va_list args;
  va_start(args, fmt);
  ict_err_finding(&record, work->mapping->file, at.line, at.column, expected, fix, fmt, args);
  va_end(args);
  ict_findings_add(work->findings, severity, &record);
  if (severity == ICT_ERROR) ict_work_fail(work, &record);
}

void ict_work_lines(ict_str *text, const ict_work_file *file, const ict_tally *tally) {
  ict_str_addf(text, "%s%s ", file->row_word, ICT_S(tally->rows));
  for (size_t i = 0; i < tally->rows && i < ICT_LINES_SHOWN; i++) {
    const char *before = i == 0 ? "" : i + 1 == tally->rows ? " and " : ", ";
    ict_str_addf(text, "%s%llu", before, (unsigned long long)tally->line[i]);
  }
  if (tally->rows > ICT_LINES_SHOWN) ict_str_add(text, " and more");
}

ict_status ict_work_say_rows(ict_work *work, const ict_work_unit *unit, ict_mark at,
                             const ict_tally *tally, const char *expected, const char *fix,
                             ict_err *err, const char *fmt, ...) {
  const ict_work_file *file = &work->files[unit->file];
  ict_err said;
  ict_str lines;
  va_list args;
  if (tally->rows == 0) return ICT_OK;
  va_start(args, fmt);
  ict_err_setv(&said, ICT_REFUSED, fmt, args);
  va_end(args);
  ict_str_init(&lines);
  ict_work_lines(&lines, file, tally);
  bool failed = lines.failed;
  if (!failed)
    ict_work_say(work, ICT_ERROR, at, expected, fix, "%s in %llu row%s of %s (%s)", said.what,
                 (unsigned long long)tally->rows, ICT_S(tally->rows), file->name, lines.text);
  ict_str_done(&lines);
  return failed ? ict_err_memory(err) : ICT_OK;
}

/* --- bad cells -------------------------------------------------------------------- */

/* More rows first, then the text. */
static int compare_problems(const void *ctx, uint32_t a, uint32_t b) {
  const ict_problems *p = ctx;
  uint64_t x = p->tally[a].rows, y = p->tally[b].rows;
  if (x != y) return x > y ? -1 : 1;
  return ict_text_natcmp(ict_labels_at(&p->values, a), ict_labels_at(&p->values, b));
}

typedef struct bad_list {
  size_t n; /* different values */
  uint64_t rows;
  ict_str text;   /* "'3' (12 rows; lines 4, 9 ...), '7' (1 row; line 10)" */
  char first[64]; /* the most frequent value */
} bad_list;

static void add_value(bad_list *list, const ict_work_file *file, ict_slice value,
                      const ict_tally *tally, bool alone) {
  ict_tally shown = *tally;
  if (list->n > 1) ict_str_add(&list->text, ", ");
  if (value.len == 0) { /* not to be shown, and all of them are one entry */
    ict_work_lines(&list->text, file, &shown);
    return;
  }
  ict_str_addf(&list->text, "'%.*s' ", (int)value.len, value.text);
  ict_str_addf(&list->text, "(%llu row%s; ", (unsigned long long)tally->rows, ICT_S(tally->rows));
  if (alone || tally->rows == 1) {
    ict_work_lines(&list->text, file, &shown);
  } else {
    ict_str_addf(&list->text, "first %s %llu", file->row_word, (unsigned long long)tally->line[0]);
  }
  ict_str_add(&list->text, ")");
}

/* Values of one kind, the most frequent first. -1 where memory is short. */
static int list_bad(const ict_work_file *file, const ict_slot *slot, ict_bad kind,
                    const uint32_t *order, bad_list *list) {
  const ict_problems *p = &slot->problems;
  size_t n_kind = 0;
  for (size_t i = 0; i < p->values.n; i++) {
    n_kind += ict_labels_at(&p->values, i).text[0] == (char)kind;
  }
  for (size_t i = 0; i < p->values.n; i++) {
    ict_slice value = ict_labels_at(&p->values, order[i]);
    const ict_tally *tally = &p->tally[order[i]];
    if (value.text[0] != (char)kind) continue;
    value.text++;
    value.len--;
    list->rows += tally->rows;
    if (list->n++ == 0) {
      memcpy(list->first, value.text, value.len); /* cut to fewer when it was kept */
      list->first[value.len] = '\0';
    }
    if (list->n <= ICT_NAMES_SHOWN) add_value(list, file, value, tally, n_kind == 1);
  }
  list->rows += p->rest[kind].rows;
  if (list->n > ICT_NAMES_SHOWN) {
    ict_str_addf(&list->text, " and %s%zu more values", p->rest[kind].rows > 0 ? "at least " : "",
                 list->n - ICT_NAMES_SHOWN);
  }
  return list->text.failed ? -1 : 0;
}

/* "one of Y, N, or a kind of missing"; long lists by name. */
static void add_codes(ict_str *s, const ict_codelist *codes) {
  if (codes->n > ICT_NAMES_SHOWN) {
    ict_str_addf(s, "a code of %s", codes->id);
    return;
  }
  for (size_t i = 0; i < codes->n; i++) {
    ict_str_addf(s, "%s%s", i > 0 ? ", " : "one of ", codes->codes[i].id);
  }
}

/* Does a line of the map name the same value, written otherwise ("1" for "1.0", "urban" for
 * "Urban")? */
static bool is_named_otherwise(const ict_slot *slot, const char *value) {
  double x, y;
  bool number = ict_number_parse(ict_slice_of(value), '.', &x);
  for (size_t i = 0; i < slot->spec.n_values; i++) {
    const ict_map_value *line = &slot->spec.values[i];
    if (line->from != ICT_FROM_VALUE) continue;
    if (ict_text_casecmp(line->text, value) == 0) return true;
    if (number && ict_number_parse(ict_slice_of(line->text), '.', &y) && x == y) return true;
  }
  return false;
}

static ict_status say_bad(ict_work *work, const ict_work_file *file, const ict_slot *slot,
                          ict_bad kind, const bad_list *list, ict_err *err) {
  ict_str expected, fix;
  ict_str_init(&expected);
  ict_str_init(&fix);
  const char *what = "", *word = slot->spec.n_values > 0 ? "map" : "missing";
  switch (kind) {
    case ICT_BAD_UNMAPPED:
      what = slot->spec.n_values > 0 ? "values that no line of `map` names"
                                     : "values that are no codes";
      add_codes(&expected, slot->spec.codes);
      if (is_named_otherwise(slot, list->first)) {
        ict_str_addf(&fix, "write `%s` in `map`, as it stands in the file", list->first);
      } else {
        ict_str_addf(&fix, "add a line such as `%s: missing` to `map`", list->first);
      }
      break;
    case ICT_BAD_NUMBER:
      what = "text that is no number";
      ict_str_add(&expected, "a number");
      if (slot->spec.quote) {
        ict_str_addf(&fix, "name it: `missing: {%s: missing}`", list->first);
      } else {
        ict_str_add(&fix, "correct the file, or name another variable");
      }
      break;
    case ICT_BAD_DECIMAL: {
      char decimal = file->map->decimal == ',' ? '.' : ',';
      what = decimal == ',' ? "numbers with a decimal comma" : "numbers with a decimal point";
      ict_str_addf(&expected, "a decimal %s, as the mapping says of file '%s'",
                   decimal == ',' ? "point" : "comma", file->map->id);
      ict_str_addf(&fix, "write `decimal: \"%c\"` for file '%s'", decimal, file->map->id);
      break;
    }
    case ICT_BAD_FRACTION:
      what = "numbers with a fraction";
      ict_str_add(&expected, "whole numbers");
      ict_str_add(&fix, "correct the file, or name a variable of whole numbers");
      break;
    case ICT_BAD_RANGE:
      what = "numbers outside the concept's range";
      if (slot->spec.type == ICT_TYPE_INTEGER) {
        ict_str_addf(&expected, "%lld to %lld", (long long)slot->spec.lowest,
                     (long long)slot->spec.highest);
      }
      if (slot->spec.quote) {
        ict_str_addf(&fix, "name it: `%s: {%s: missing}`", word, list->first);
      }
      break;
    case ICT_N_BAD:
      break;
  }
  bool failed = expected.failed || fix.failed;
  if (!failed) {
    ict_work_say(work, ICT_ERROR, slot->at, expected.text[0] ? expected.text : NULL,
                 fix.text[0] ? fix.text : NULL,
                 "'%s' of %s, read as %s, holds %s in %llu row%s: %s", slot->name, file->name,
                 slot->concept, what, (unsigned long long)list->rows, ICT_S(list->rows),
                 list->text.text);
  }
  ict_str_done(&expected);
  ict_str_done(&fix);
  return failed ? ict_err_memory(err) : ICT_OK;
}

static ict_status account_slot(ict_work *work, const ict_work_file *file, const ict_slot *slot,
                               ict_err *err) {
  const ict_problems *p = &slot->problems;
  ict_status st = ICT_OK;
  if (p->values.n == 0) return ICT_OK;
  uint32_t *order = ict_alloc(p->values.n, sizeof *order);
  uint32_t *spare = ict_alloc(p->values.n, sizeof *spare);
  if (!order || !spare) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < p->values.n; i++) order[i] = (uint32_t)i;
  ict_sort_by(order, spare, p->values.n, compare_problems, p);
  for (size_t kind = 0; kind < ICT_N_BAD && st == ICT_OK; kind++) {
    bad_list list = {0};
    ict_str_init(&list.text);
    if (list_bad(file, slot, (ict_bad)kind, order, &list) != 0) {
      st = ict_err_memory(err);
    } else if (list.rows > 0) {
      st = say_bad(work, file, slot, (ict_bad)kind, &list, err);
    }
    ict_str_done(&list.text);
  }
done:
  ict_free(order);
  ict_free(spare);
  return st;
}

ict_status ict_account_cells(ict_work *work, const ict_work_file *file, ict_err *err) {
  ict_status st = ict_report_add(&work->report, err, "%s: %zu row%s read from %s", file->map->id,
                                 file->n_rows, ICT_S(file->n_rows), file->name);
  for (size_t i = 0; i < file->n_slots && st == ICT_OK; i++) {
    if (file->slots[i]->kind == ICT_SLOT_RECODE) st = account_slot(work, file, file->slots[i], err);
  }
  return st;
}

/* Was a cell refused? Then what the column holds says nothing more. */
static bool has_problems(const ict_work_var *var) {
  for (size_t i = 0; i < var->map->n_from; i++) {
    if (var->slots[i]->problems.values.n > 0) return true;
  }
  return false;
}

/* --- units ------------------------------------------------------------------------ */

/* Lines of the map that never applied, whichever of its variables was asked. */
static ict_status warn_unused(ict_work *work, const ict_work_var *var, ict_err *err) {
  const ict_map_variable *map = var->map;
  ict_mark at = map->at;
  size_t n = 0;
  ict_str s;
  ict_str_init(&s);
  for (size_t v = 0; v < map->n_values; v++) {
    const ict_map_value *line = &map->values[v];
    uint64_t hits = 0;
    for (size_t i = 0; i < map->n_from; i++) hits += var->slots[i]->hits[v];
    if (hits > 0 || (line->from != ICT_FROM_VALUE && line->from != ICT_FROM_RANGE)) continue;
    if (n++ == 0) at = line->at;
    if (n > ICT_NAMES_SHOWN) continue;
    if (n > 1) ict_str_add(&s, ", ");
    if (line->from == ICT_FROM_VALUE) {
      ict_str_add(&s, line->text);
    } else {
      char lo[ICT_NUMBER_TEXT], hi[ICT_NUMBER_TEXT];
      ict_number_text(line->lo, lo);
      ict_number_text(line->hi, hi);
      ict_str_addf(&s, "%s..%s", lo, hi);
    }
  }
  bool failed = s.failed;
  if (n > 0 && !failed) {
    ict_work_say(work, ICT_WARNING, at, NULL, NULL, "'%s' names values that never occur: %s%s",
                 map->concept_def->name, s.text, n > ICT_NAMES_SHOWN ? ", ..." : "");
  }
  ict_str_done(&s);
  return failed ? ict_err_memory(err) : ICT_OK;
}

static void warn_values(ict_work *work, const ict_work_unit *unit, const ict_work_var *var,
                        const ict_summary *s) {
  const char *name = var->map->concept_def->name;
  if (s->n_values == 0) {
    ict_work_say(work, ICT_WARNING, var->map->at, NULL, NULL,
                 "'%s' is missing in every row of unit '%s'", name, unit->map->name);
  } else if (!var->map->constant && unit->n_rows > 1 && s->lowest == s->highest) {
    char value[ICT_NUMBER_TEXT];
    ict_number_text(s->lowest, value);
    const char *code = var->map->codes && var->map->concept_def->type == ICT_TYPE_CODE
                           ? var->map->codes->codes[(size_t)s->lowest].id
                           : value;
    ict_work_say(work, ICT_WARNING, var->map->at, NULL, NULL,
                 "'%s' has one value in every row of unit '%s' that has one: %s", name,
                 unit->map->name, code);
  }
}

static ict_status report_variable(ict_work *work, const ict_work_unit *unit,
                                  const ict_work_var *var, const ict_summary *s, ict_err *err) {
  const char *name = var->map->concept_def->name;
  ict_status st = ICT_OK;
  ict_str kinds;
  ict_str_init(&kinds);
  for (size_t k = 1; k <= ICT_N_MISSING; k++) {
    if (s->kinds[k] == 0) continue;
    ict_str_addf(&kinds, "%s%s %llu", kinds.len > 0 ? ", " : "", ict_missing_name((ict_missing)k),
                 (unsigned long long)s->kinds[k]);
  }
  if (kinds.failed) {
    st = ict_err_memory(err);
  } else if (kinds.len > 0) {
    st = ict_report_add(&work->report, err, "%s.%s: %s", unit->map->name, name, kinds.text);
  }
  ict_str_done(&kinds);
  for (size_t i = 0; i < var->map->n_count_as && st == ICT_OK; i++) {
    const struct ict_count_as *c = &var->map->count_as[i];
    st = ict_report_add(&work->report, err, "%s.%s: %s counted as %s: %llu row%s", unit->map->name,
                        name, ict_missing_name(c->kind), c->code,
                        (unsigned long long)var->counted_as[c->kind],
                        ICT_S(var->counted_as[c->kind]));
  }
  return st;
}

ict_status ict_account_unit(ict_work *work, const ict_work_unit *unit, ict_err *err) {
  ict_status st =
      ict_report_add(&work->report, err, "%s: %zu row%s, %zu PSU%s, %zu strat%s", unit->map->name,
                     unit->n_rows, ICT_S(unit->n_rows), unit->n_psu, ICT_S(unit->n_psu),
                     unit->n_strata, unit->n_strata == 1 ? "um" : "a");
  if (st == ICT_OK && unit->n_no_weight > 0) {
    st = ict_report_add(&work->report, err, "%s: %llu row%s without a weight left out",
                        unit->map->name, (unsigned long long)unit->n_no_weight,
                        ICT_S(unit->n_no_weight));
  }
  for (size_t i = 0; i < unit->map->n_vars && st == ICT_OK; i++) {
    const ict_work_var *var = &unit->vars[i];
    const ict_summary *s = &var->summary;
    if (!has_problems(var)) {
      warn_values(work, unit, var, s);
      st = warn_unused(work, var, err);
    }
    if (st == ICT_OK) st = report_variable(work, unit, var, s, err);
  }
  return st;
}
