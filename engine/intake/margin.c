/* margin.c - a margin of a calibration: totals from a file, and each row's category.
 *
 * In: a frame, the mapping's words. Out: categories, their totals, each row's code; findings.
 * Owns: nothing; what it makes is the intake's.
 *
 * A category is a combination of the classes of the margin's variables. Categories stand in the
 * order of the classes, so that the order of the file's rows is of no consequence. */
#include "intake/margin.h"

#include <math.h>
#include <string.h>

#include "intake/totals.h"

/* More combinations of classes than this are a mistake. */
#define MOST_CELLS 10000000

typedef struct axis {
  const ict_map_axis *map;
  const ict_variable *var;
  const void *column;
  const ict_codelist *codes; /* of the classes */
  uint32_t *class_of;        /* of each code of the variable; NULL: a number */
} axis;

typedef struct cell { /* one combination of classes */
  size_t line;        /* row of the totals that has it, plus 1 */
  uint64_t rows;      /* of the frame */
  double weight;      /* of these */
  uint32_t code;      /* the category that it becomes, plus 1 */
} cell;

typedef struct making {
  ict_work *work;
  const ict_work_unit *unit;
  const ict_frame *frame;
  const ict_map_calibration *calibration;
  const ict_map_margin *map;
  axis axes[ICT_MOST_MARGIN_AXES];
  size_t n_cells;
  cell *cells;
  ict_totals totals;
  bool failed;
} making;

/* ---- axes -------------------------------------------------------------------------------- */

static ict_status make_axis(making *m, size_t i, ict_err *err) {
  const ict_map_axis *map = &m->map->axes[i];
  axis *a = &m->axes[i];
  long column = ict_schema_find(m->frame->schema, map->name);
  if (column < 0) {
    m->failed = true;
    ict_work_say(m->work, ICT_ERROR, map->at, "a variable of the unit",
                 "map it below `variables`, or calibrate the unit that has it",
                 "unit '%s' has no variable '%s' to calibrate by", m->unit->map->name, map->name);
    return ICT_OK;
  }
  a->map = map;
  a->var = &m->frame->schema->vars[column];
  a->column = m->frame->columns[column];
  a->codes = map->classification ? map->classification->codes : a->var->codes;
  if (a->var->type != ICT_TYPE_CODE) return ICT_OK;
  a->class_of = ict_alloc(a->var->codes->n, sizeof *a->class_of);
  if (!a->class_of) return ict_err_memory(err);
  for (size_t v = 0; v < a->var->codes->n; v++)
    a->class_of[v] = (uint32_t)(map->classification ? ict_class_of_code(map->classification,
                                                                        a->var->codes->codes[v].id)
                                                    : v);
  return ICT_OK;
}

static ict_status make_axes(making *m, ict_err *err) {
  double n = 1;
  for (size_t i = 0; i < m->map->n_axes; i++) {
    ict_status st = make_axis(m, i, err);
    if (st != ICT_OK) return st;
    if (m->axes[i].codes) n *= (double)m->axes[i].codes->n;
  }
  if (m->failed) return ICT_OK;
  if (n > MOST_CELLS) {
    m->failed = true;
    ict_work_say(m->work, ICT_ERROR, m->map->at, "fewer classes", "make several margins of it",
                 "the margin has %.0f combinations of classes", n);
    return ICT_OK;
  }
  m->n_cells = (size_t)n;
  m->cells = ict_alloc(m->n_cells, sizeof *m->cells);
  return m->cells ? ICT_OK : ict_err_memory(err);
}

/* "F/Y15T24"; "all" of a margin without variables. */
static void add_label(const making *m, size_t at, ict_str *s) {
  size_t inner = m->n_cells;
  if (m->map->n_axes == 0) ict_str_add(s, "all");
  for (size_t i = 0; i < m->map->n_axes; i++) {
    const ict_codelist *codes = m->axes[i].codes;
    inner /= codes->n;
    ict_str_addf(s, "%s%s", i ? "/" : "", codes->codes[at / inner % codes->n].id);
  }
}

static const char *name_of(const making *m, ict_arena *arena) {
  ict_str s;
  ict_str_init(&s);
  if (m->map->n_axes == 0) ict_str_add(&s, "all");
  for (size_t i = 0; i < m->map->n_axes; i++) {
    const ict_map_axis *a = &m->map->axes[i];
    ict_str_addf(&s, "%s%s", i ? " x " : "", a->name);
    if (a->classification) ict_str_addf(&s, ":%s", a->classification->id);
  }
  const char *name = s.failed ? NULL : ict_arena_strndup(arena, s.text, s.len);
  ict_str_done(&s);
  return name;
}

/* ---- the totals' rows ---------------------------------------------------------------------- */

static void refuse_code(making *m, size_t row, size_t i) {
  const ict_codelist *codes = m->axes[i].codes;
  const char *word = m->totals.key[row * m->totals.n_keys + i];
  const char **names = ict_alloc(codes->n, sizeof *names);
  ict_str expected, fix;
  ict_str_init(&expected);
  ict_str_init(&fix);
  m->failed = true;
  for (size_t k = 0; names && k < codes->n; k++) {
    names[k] = codes->codes[k].id;
    if (k < ICT_NAMES_SHOWN) ict_str_addf(&expected, "%s%s", k ? ", " : "one of ", names[k]);
  }
  if (codes->n > ICT_NAMES_SHOWN) ict_str_add(&expected, ", ...");
  /* "_T" is near to "_O", but means a total. */
  const char *near = names && word[0] != '_' ? ict_text_nearest(word, names, codes->n) : NULL;
  if (near)
    ict_str_addf(&fix, "write '%s'", near);
  else
    ict_str_add(&fix, "use the codes of the concept; leave rows of totals and subtotals out");
  ict_totals_refuse(m->work, &m->totals, row, expected.failed ? NULL : expected.text,
                    fix.failed ? NULL : fix.text, "'%s' is no code of '%s'", word,
                    m->axes[i].map->name);
  ict_str_done(&expected);
  ict_str_done(&fix);
  ict_free(names);
}

/* The combination of classes of a row of the totals; false where there is none (recorded). */
static bool find_cell(making *m, size_t row, size_t *at) {
  *at = 0;
  for (size_t i = 0; i < m->map->n_axes; i++) {
    long k = ict_codelist_find(m->axes[i].codes, m->totals.key[row * m->totals.n_keys + i]);
    if (k < 0) {
      refuse_code(m, row, i);
      return false;
    }
    *at = *at * m->axes[i].codes->n + (size_t)k;
  }
  return true;
}

static void place_totals(making *m) {
  const ict_totals *t = &m->totals;
  for (size_t row = 0; row < t->n_rows; row++) {
    size_t at;
    if (!find_cell(m, row, &at)) continue;
    if (m->cells[at].line > 0) {
      m->failed = true;
      ict_totals_refuse(m->work, t, row, "one row a category", "leave one of the two rows out",
                        "a second total of the category that line %llu has",
                        (unsigned long long)t->line[m->cells[at].line - 1]);
    } else if (t->value[row] < 0) {
      m->failed = true;
      ict_totals_refuse(m->work, t, row, "a total from 0", "correct the file", "a total of %.15g",
                        t->value[row]);
    } else {
      m->cells[at].line = row + 1;
    }
  }
}

/* ---- the sample's rows --------------------------------------------------------------------- */

/* The class of a row, or the number of classes where it is in none. */
static size_t class_at(const axis *a, size_t row, ict_missing *kind) {
  double value = ict_column_number(a->var, a->column, row, kind);
  if (*kind != ICT_PRESENT) return a->codes->n;
  if (!a->class_of) return ict_class_of_number(a->map->classification, (int64_t)value);
  return a->class_of[(size_t)value];
}

typedef struct lost { /* rows that are in no category, of one axis */
  ict_tally none, missing;
  uint64_t kinds[ICT_N_MISSING + 1];
} lost;

static void say_lost(making *m, const axis *a, const lost *l) {
  const ict_work_file *file = &m->work->files[m->unit->file];
  ict_str s;
  ict_str_init(&s);
  for (int k = 1; k <= ICT_N_MISSING; k++)
    if (l->kinds[k] > 0)
      ict_str_addf(&s, "%llu %s, ", (unsigned long long)l->kinds[k],
                   ict_missing_name((ict_missing)k));
  m->failed |= l->missing.rows + l->none.rows > 0;
  if (l->missing.rows > 0) {
    ict_work_lines(&s, file, &l->missing);
    ict_work_say(m->work, ICT_ERROR, a->map->at, "a value in every row",
                 "impute the values, or count them as a code (`count_as`)",
                 "%llu row%s of unit '%s' cannot be calibrated: '%s' is missing (%s)",
                 (unsigned long long)l->missing.rows, ICT_S(l->missing.rows), m->unit->map->name,
                 a->map->name, s.failed ? "?" : s.text);
  }
  if (l->none.rows > 0) {
    ict_str_clear(&s);
    ict_work_lines(&s, file, &l->none);
    ict_work_say(m->work, ICT_ERROR, a->map->at, "a class for every row",
                 "take a classification that covers all values",
                 "%llu row%s of unit '%s' cannot be calibrated: '%s' is in no class of '%s' (%s)",
                 (unsigned long long)l->none.rows, ICT_S(l->none.rows), m->unit->map->name,
                 a->map->name, a->map->classification ? a->map->classification->id : "codes",
                 s.failed ? "?" : s.text);
  }
  ict_str_done(&s);
}

/* Puts every row into its cell; code: the cell's number. */
static ict_status place_rows(making *m, const double *d, uint32_t *code, ict_err *err) {
  const ict_work_file *file = &m->work->files[m->unit->file];
  lost *lists = ict_alloc(m->map->n_axes, sizeof *lists);
  if (!lists) return ict_err_memory(err);
  for (size_t row = 0; row < m->frame->n_rows; row++) {
    size_t at = 0;
    bool found = true;
    for (size_t i = 0; i < m->map->n_axes; i++) {
      ict_missing kind;
      size_t k = class_at(&m->axes[i], row, &kind);
      uint64_t line = ict_file_line(file, m->unit->rows[row]);
      if (kind != ICT_PRESENT) {
        ict_tally_add(&lists[i].missing, line);
        lists[i].kinds[kind]++;
      } else if (k == m->axes[i].codes->n) {
        ict_tally_add(&lists[i].none, line);
      }
      found &= k < m->axes[i].codes->n;
      at = at * m->axes[i].codes->n + k;
    }
    code[row] = (uint32_t)(found ? at : 0);
    if (!found) continue;
    m->cells[at].rows++;
    m->cells[at].weight += d[row];
  }
  for (size_t i = 0; i < m->map->n_axes; i++) say_lost(m, &m->axes[i], &lists[i]);
  ict_free(lists);
  return ICT_OK;
}

/* ---- the two side by side ------------------------------------------------------------------ */

/* A list of categories, each with what `amount` says of it. */
typedef struct cell_list {
  size_t n;
  uint64_t rows;
  ict_str text;
} cell_list;

static void list_cell(const making *m, cell_list *list, size_t at) {
  const cell *c = &m->cells[at];
  list->rows += c->rows;
  if (list->n++ >= ICT_NAMES_SHOWN) return;
  if (list->n > 1) ict_str_add(&list->text, ", ");
  add_label(m, at, &list->text);
  if (c->rows > 0)
    ict_str_addf(&list->text, " (%llu row%s)", (unsigned long long)c->rows, ICT_S(c->rows));
  else
    ict_str_addf(&list->text, " (line %llu: %.10g)",
                 (unsigned long long)m->totals.line[c->line - 1], m->totals.value[c->line - 1]);
}

static const char *text_of(cell_list *list) {
  if (list->n > ICT_NAMES_SHOWN)
    ict_str_addf(&list->text, " and %zu more", list->n - ICT_NAMES_SHOWN);
  return list->text.failed ? "?" : list->text.text;
}

static void say_strangers(making *m, cell_list *strangers, cell_list *zeros, cell_list *absent) {
  const char *file = m->totals.name;
  if (strangers->n > 0) {
    m->failed = true;
    ict_work_say(m->work, ICT_ERROR, m->map->at, "a total for every category of the sample",
                 "add their totals, or join them with a category that has one",
                 "%s has no total of %zu categor%s of the sample: %s", file, strangers->n,
                 strangers->n == 1 ? "y" : "ies", text_of(strangers));
  }
  if (zeros->n > 0) {
    m->failed = true;
    ict_work_say(m->work, ICT_ERROR, m->map->at, "a total above 0 where there is somebody",
                 "correct the totals, or the codes of these rows",
                 "%s says that nobody is in %zu categor%s of the sample: %s", file, zeros->n,
                 zeros->n == 1 ? "y" : "ies", text_of(zeros));
  }
  if (absent->n == 0) return;
  bool partial = m->calibration->partial;
  m->failed |= !partial;
  ict_work_say(m->work, partial ? ICT_WARNING : ICT_ERROR, m->map->at,
               partial ? NULL : "somebody of the sample in every category",
               partial ? NULL
                       : "join them with other categories, or write `partial: true` to leave these "
                         "people out of the population",
               "nobody of the sample is in %zu categor%s of %s%s: %s", absent->n,
               absent->n == 1 ? "y" : "ies", file, partial ? ", left out" : "", text_of(absent));
}

/* Which cells become categories. */
static size_t choose(making *m) {
  cell_list strangers = {0}, zeros = {0}, absent = {0};
  size_t n = 0;
  ict_str_init(&strangers.text);
  ict_str_init(&zeros.text);
  ict_str_init(&absent.text);
  for (size_t at = 0; at < m->n_cells; at++) {
    cell *c = &m->cells[at];
    double total = c->line > 0 ? m->totals.value[c->line - 1] : 0;
    if (c->rows > 0 && c->line == 0)
      list_cell(m, &strangers, at);
    else if (c->rows > 0 && total == 0)
      list_cell(m, &zeros, at);
    else if (total > 0 && !(c->weight > 0))
      list_cell(m, &absent, at);
    else if (total > 0)
      c->code = (uint32_t)++n;
  }
  say_strangers(m, &strangers, &zeros, &absent);
  ict_str_done(&strangers.text);
  ict_str_done(&zeros.text);
  ict_str_done(&absent.text);
  return n;
}

static ict_status finish(making *m, size_t n, uint32_t *code, ict_calibration_margin *out,
                         ict_err *err) {
  ict_arena *arena = m->work->intake->arena;
  double *total = ict_arena_alloc(arena, n, sizeof *total);
  const char **label = ict_arena_alloc(arena, n, sizeof *label);
  out->name = name_of(m, arena);
  if (!total || !label || !out->name) return ict_err_memory(err);
  for (size_t at = 0; at < m->n_cells; at++) {
    if (m->cells[at].code == 0) continue;
    uint32_t k = m->cells[at].code - 1;
    ict_str s;
    ict_str_init(&s);
    add_label(m, at, &s);
    total[k] = m->totals.value[m->cells[at].line - 1];
    label[k] = s.failed ? NULL : ict_arena_strndup(arena, s.text, s.len);
    ict_str_done(&s);
    if (!label[k]) return ict_err_memory(err);
  }
  /* A row of weight 0 in a category that was left out has no say; any code will do. */
  for (size_t row = 0; row < m->frame->n_rows; row++) {
    uint32_t of = m->cells[code[row]].code;
    code[row] = of > 0 ? of - 1 : 0;
  }
  out->n = n;
  out->total = total;
  out->label = label;
  out->code = code;
  return ICT_OK;
}

static ict_status make(making *m, const double *d, ict_calibration_margin *out, ict_err *err) {
  const char *keys[ICT_MOST_MARGIN_AXES];
  bool read = false;
  ict_status st;
  ICT_TRY(done, st, make_axes(m, err));
  if (m->failed) goto done;
  for (size_t i = 0; i < m->map->n_axes; i++) keys[i] = m->map->axes[i].name;
  ICT_TRY(done, st, ict_totals_read(m->work, m->map, keys, m->map->n_axes, &m->totals, &read, err));
  m->failed = !read;
  if (m->failed) goto done;
  place_totals(m);
  uint32_t *code = ict_spill_alloc(m->work->spill, m->frame->n_rows, sizeof *code);
  if (!code) {
    st = ict_spill_short(m->work->spill, err);
    goto done;
  }
  ICT_TRY(done, st, place_rows(m, d, code, err));
  if (m->failed) goto done;
  size_t n = choose(m);
  if (!m->failed) st = finish(m, n, code, out, err);
done:
  return st;
}

ict_status ict_margin_make(ict_work *work, const ict_work_unit *unit, const ict_frame *frame,
                           const ict_map_calibration *map, const ict_map_margin *margin,
                           const double *d, ict_calibration_margin *out, bool *good, ict_err *err) {
  making m = {.work = work, .unit = unit, .frame = frame, .calibration = map, .map = margin};
  ict_status st = make(&m, d, out, err);
  *good = !m.failed;
  for (size_t i = 0; i < margin->n_axes; i++) ict_free(m.axes[i].class_of);
  ict_free(m.cells);
  ict_totals_done(&m.totals);
  return st;
}
