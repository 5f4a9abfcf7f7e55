/* frame.c - observations, and the rows of the unit, as frames for the store.
 *
 * In: sorted, checked observations and rows. Out: frames; everything lives in the work's arena.
 * Owns: order of rows (area, period, then as they come) and the design, a census with one stratum
 * an area and period. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "admin/work.h"
#include "base/text.h"

#define MOST_CODES 60000 /* of a column of texts: two bytes, and room for the marks */

typedef struct maker {
  ict_admin_work *work;
  ict_arena *arena;
  size_t n_rows, n_vars, most_vars;
  ict_variable *vars;
  const void **columns;
  ict_err *err;
} maker;

static ict_status begin(maker *m, size_t n_rows, size_t most_vars) {
  m->n_rows = n_rows;
  m->n_vars = 0;
  m->most_vars = most_vars;
  m->vars = ict_arena_alloc(m->arena, most_vars, sizeof *m->vars);
  m->columns = ict_arena_alloc(m->arena, most_vars, sizeof *m->columns);
  return m->vars && m->columns ? ICT_OK : ict_err_memory(m->err);
}

static ict_status put(maker *m, ict_variable var, const void *column) {
  if (!column) return ict_err_memory(m->err);
  m->vars[m->n_vars] = var;
  m->columns[m->n_vars++] = column;
  return ICT_OK;
}

/* ---- columns ------------------------------------------------------------------------------ */

static ict_status put_codes(maker *m, const char *name, const char *title,
                            const ict_codelist *codes, const size_t *index) {
  ict_width width = ict_width_for_codes(codes->n);
  uint8_t *u8 = NULL;
  uint16_t *u16 = NULL;
  if (width == ICT_U8)
    u8 = ict_arena_alloc(m->arena, m->n_rows, sizeof *u8);
  else
    u16 = ict_arena_alloc(m->arena, m->n_rows, sizeof *u16);
  for (size_t i = 0; i < m->n_rows; i++) {
    bool missing = index[i] == SIZE_MAX;
    if (u8) u8[i] = missing ? ict_missing_u8(ICT_MISSING) : (uint8_t)index[i];
    if (u16) u16[i] = missing ? ict_missing_u16(ICT_MISSING) : (uint16_t)index[i];
  }
  return put(
      m,
      (ict_variable){
          .name = name, .title = title, .type = ICT_TYPE_CODE, .width = width, .codes = codes},
      u8 ? (void *)u8 : (void *)u16);
}

static int order_texts(const void *a, const void *b) {
  const char *const *x = a, *const *y = b;
  return ict_text_natcmp(ict_slice_of(*x), ict_slice_of(*y));
}

/* Distinct texts, in natural order, as a code list. */
static ict_status list_of(maker *m, const char *name, const char *title, const char *const *texts,
                          ict_codelist **out) {
  ict_status st = ICT_OK;
  ict_names names;
  ict_names_init(&names, m->arena);
  const char **ids = NULL;
  for (size_t i = 0; i < m->n_rows && st == ICT_OK; i++)
    if (texts[i][0] && ict_names_add(&names, texts[i], NULL) < 0) st = ict_err_memory(m->err);
  if (st == ICT_OK && names.n > MOST_CODES) {
    st = ict_err_set(m->err, ICT_REFUSED, "%zu different texts in '%s'", names.n, name);
    ict_err_at(m->err, m->work->map->file, 0, 0);
    ict_err_expected(m->err, "at most %d", MOST_CODES);
    ict_err_fix(m->err, "leave the column out, or take a part of the table with `where:`");
  }
  ict_codelist *list = ict_arena_alloc(m->arena, 1, sizeof *list);
  ict_code *codes = ict_arena_alloc(m->arena, names.n, sizeof *codes);
  ids = ict_alloc(names.n, sizeof *ids);
  if (st == ICT_OK && (!list || !codes || !ids)) st = ict_err_memory(m->err);
  if (st == ICT_OK) {
    for (size_t i = 0; i < names.n; i++) ids[i] = names.items[i].text;
    if (names.n > 0) qsort(ids, names.n, sizeof *ids, order_texts);
    for (size_t i = 0; i < names.n; i++) codes[i] = (ict_code){.id = ids[i], .label = ids[i]};
    *list = (ict_codelist){.id = name, .title = title, .n = names.n, .codes = codes};
    *out = list;
  }
  ict_free(ids);
  ict_names_done(&names);
  return st;
}

/* "" is missing. */
static ict_status put_texts(maker *m, const char *name, const char *title,
                            const char *const *texts) {
  ict_codelist *list = NULL;
  ict_status st = list_of(m, name, title, texts, &list);
  if (st != ICT_OK) return st;
  size_t *index = ict_alloc(m->n_rows, sizeof *index);
  if (!index) return ict_err_memory(m->err);
  for (size_t i = 0; i < m->n_rows; i++) {
    const ict_code key = {.id = texts[i]};
    const ict_code *found =
        texts[i][0] ? bsearch(&key, list->codes, list->n, sizeof key, order_texts) : NULL;
    index[i] = found ? (size_t)(found - list->codes) : SIZE_MAX;
  }
  st = put_codes(m, name, title, list, index);
  ict_free(index);
  return st;
}

static ict_status put_reals(maker *m, ict_variable var, const double *values) {
  double *column = ict_arena_alloc(m->arena, m->n_rows, sizeof *column);
  var.type = ICT_TYPE_REAL;
  var.width = ICT_F64;
  for (size_t i = 0; column && i < m->n_rows; i++)
    column[i] = isnan(values[i]) ? ict_missing_f64(ICT_MISSING) : values[i];
  return put(m, var, column);
}

/* ---- the frame ---------------------------------------------------------------------------- */

/* Every row is its own PSU; area and period are the first two variables. */
static ict_status make_design(maker *m, const char *const *areas, const char *const *periods,
                              ict_design *out) {
  uint64_t *psu = ict_arena_alloc(m->arena, m->n_rows + 1, sizeof *psu);
  uint64_t *first = ict_arena_alloc(m->arena, m->n_rows + 1, sizeof *first);
  size_t n_strata = 0;
  if (!psu || !first) return ict_err_memory(m->err);
  for (size_t i = 0; i < m->n_rows; i++) {
    psu[i] = i;
    if (i == 0 || areas[i] != areas[i - 1] || periods[i] != periods[i - 1]) first[n_strata++] = i;
  }
  psu[m->n_rows] = first[n_strata] = m->n_rows;
  *out = (ict_design){.has_strata = n_strata > 1,
                      .census = true,
                      .n_rows = m->n_rows,
                      .n_psu = m->n_rows,
                      .n_strata = n_strata,
                      .psu_first_row = psu,
                      .stratum_first_psu = first};
  return ICT_OK;
}

static ict_status finish(maker *m, const char *unit, const char *title, const char *const *areas,
                         const char *const *periods, ict_store_frame *out) {
  ict_frame *frame = ict_arena_alloc(m->arena, 1, sizeof *frame);
  ict_schema *schema = ict_arena_alloc(m->arena, 1, sizeof *schema);
  if (!frame || !schema) return ict_err_memory(m->err);
  *schema = (ict_schema){.n = m->n_vars, .vars = m->vars, .arena = m->arena};
  *frame = (ict_frame){
      .unit = unit, .title = title, .schema = schema, .n_rows = m->n_rows, .columns = m->columns};
  *out = (ict_store_frame){.frame = frame};
  return make_design(m, areas, periods, &frame->design);
}

/* ---- observations ------------------------------------------------------------------------- */

static int order_places(const void *a, const void *b, void *work) {
  const ict_observation *x = *(ict_observation *const *)a, *y = *(ict_observation *const *)b;
  int c = x->area == y->area ? 0 : ict_text_natcmp(ict_slice_of(x->area), ict_slice_of(y->area));
  if (c == 0 && x->period != y->period)
    c = ict_text_natcmp(ict_slice_of(x->period), ict_slice_of(y->period));
  return c ? c : ict_observation_order(work, x, y);
}

/* Texts and numbers of an observation, by name. */
static const char *text_at(const ict_observation *o, size_t what) {
  const ict_table_series *s = o->series;
  switch (what) {
    case 0:
      return o->area;
    case 1:
      return o->period;
    case 2:
      return s->concept_def ? "counted" : "published";
    case 3:
      return s->concept_def ? s->concept_def->name : s->indicator;
    case 4:
      return s->item ? s->item->id : "";
    case 5:
      return o->unit;
    case 6:
      return o->status;
    case 7:
      return o->nature;
    case 8:
      return o->source;
    case 9:
      return o->footnote;
    default:
      return o->reporter;
  }
}

static double number_at(const ict_observation *o, size_t what) {
  const double all[] = {o->value, o->se, o->ci_low, o->ci_high, o->n, o->unit_mult};
  return all[what];
}

static ict_status make_observations(maker *m, ict_store_frame *out) {
  static const char *const TEXTS[][2] = {{ICT_VAR_AREA, "Reference area"},
                                         {ICT_VAR_PERIOD, "Time period"},
                                         {ICT_OBS_KIND, "Published value, or counted"},
                                         {ICT_OBS_SERIES, "Indicator or concept"},
                                         {ICT_OBS_ITEM, "Item of the indicator"},
                                         {ICT_OBS_UNIT, "Unit of measure"},
                                         {ICT_OBS_STATUS, "Observation status"},
                                         {ICT_OBS_NATURE, "Nature of the data"},
                                         {ICT_OBS_SOURCE, "Source"},
                                         {ICT_OBS_FOOTNOTE, "Footnote"},
                                         {ICT_OBS_REPORTER, "Who reported it"}};
  static const char *const NUMBERS[][2] = {
      {ICT_OBS_VALUE, "Value"},        {ICT_OBS_SE, "Standard error"},
      {ICT_OBS_CI_LOW, "Lower limit"}, {ICT_OBS_CI_HIGH, "Upper limit"},
      {ICT_OBS_N, "Cases behind it"},  {ICT_OBS_UNIT_MULT, "Power of ten of the unit"}};
  enum { N_TEXTS = sizeof TEXTS / sizeof *TEXTS, N_NUMBERS = sizeof NUMBERS / sizeof *NUMBERS };
  ict_admin_work *work = m->work;
  const ict_observation **sorted = ict_alloc(work->n, sizeof *sorted);
  const char **texts = ict_alloc(work->n, sizeof *texts);
  const char **areas = ict_alloc(work->n, sizeof *areas);
  const char **periods = ict_alloc(work->n, sizeof *periods);
  double *numbers = ict_alloc(work->n, sizeof *numbers);
  ict_status st = begin(m, work->n, N_TEXTS + N_NUMBERS + work->map->n_axes);
  if (!sorted || !texts || !areas || !periods || !numbers) st = ict_err_memory(m->err);
  if (st != ICT_OK) goto done;
  for (size_t i = 0; i < work->n; i++) sorted[i] = &work->observations[i];
  qsort_r(sorted, work->n, sizeof *sorted, order_places, work);
  for (size_t i = 0; i < work->n; i++) {
    areas[i] = sorted[i]->area;
    periods[i] = sorted[i]->period;
  }
  for (size_t k = 0; k < N_TEXTS; k++) {
    bool any = false;
    for (size_t i = 0; i < work->n; i++) {
      texts[i] = text_at(sorted[i], k);
      any = any || texts[i][0];
    }
    if (any) ICT_TRY(done, st, put_texts(m, TEXTS[k][0], TEXTS[k][1], texts));
  }
  for (size_t a = 0; a < work->map->n_axes; a++) {
    bool any = false;
    for (size_t i = 0; i < work->n; i++) {
      bool total = strcmp(sorted[i]->axes[a], ICT_TOTAL_CODE) == 0;
      texts[i] = total ? "" : sorted[i]->axes[a];
      any = any || !total;
    }
    const char *name = any ? ict_arena_printf(m->arena, ICT_OBS_AXIS "%s", work->map->axes[a]) : "";
    if (!name) st = ict_err_memory(m->err);
    if (any && st == ICT_OK) st = put_texts(m, name, work->map->axes[a], texts);
    if (st != ICT_OK) goto done;
  }
  for (size_t k = 0; k < N_NUMBERS; k++) {
    bool any = false;
    for (size_t i = 0; i < work->n; i++) {
      numbers[i] = number_at(sorted[i], k);
      any = any || !(isnan(numbers[i]) || (k > 0 && numbers[i] == 0));
    }
    ict_variable var = {.name = NUMBERS[k][0], .title = NUMBERS[k][1]};
    if (any || k == 0) ICT_TRY(done, st, put_reals(m, var, numbers));
  }
  st = finish(m, ICT_OBSERVATION, "Values as the table gives them", areas, periods, out);
done:
  ict_free(sorted);
  ict_free(texts);
  ict_free(areas);
  ict_free(periods);
  ict_free(numbers);
  return st;
}

/* ---- the unit ----------------------------------------------------------------------------- */

/* A class of an integer concept stands for its lowest value: ages 15 to 24 are 15, which every band
 * that holds the class holds too. */
static bool lowest_of(const ict_catalog *catalog, const ict_concept *c, const char *code,
                      double *out) {
  for (size_t i = 0; i < ict_catalog_classifications(catalog); i++) {
    const ict_classification *k = ict_catalog_classification_at(catalog, i);
    if (strcmp(k->concept_name, c->name) != 0) continue;
    for (size_t j = 0; j < k->n; j++) {
      if (strcmp(k->classes[j].id, code) != 0) continue;
      *out = (double)k->classes[j].from;
      return true;
    }
  }
  return false;
}

static ict_status refuse_class(maker *m, const ict_count_row *row, size_t axis) {
  ict_admin_work *work = m->work;
  ict_admin_say(work, ICT_ERROR, work->map->files[row->first->file].text.path, row->first->line, 0,
                "codes of a concept's list, or classes of a classification of the catalogue",
                "translate the codes; other axes are for published values only",
                "counts cannot be told apart by %s '%s'", work->map->axes[axis], row->axes[axis]);
  return ICT_OK; /* a finding; the run fails by it */
}

/* "classes stand for their lowest value: Y15T24 Y25T34"; NULL where memory is short. */
static const char *classes_of(const maker *m, size_t axis) {
  const ict_admin_work *work = m->work;
  ict_str s;
  ict_str_init(&s);
  ict_str_add(&s, ICT_ADMIN_CLASSES);
  for (size_t i = 0; i < m->n_rows; i++) {
    const char *code = work->rows.at[i].axes[axis];
    bool told = strcmp(code, ICT_TOTAL_CODE) == 0;
    for (size_t k = 0; k < i && !told; k++) told = work->rows.at[k].axes[axis] == code;
    if (!told) ict_str_addf(&s, "%s%s", ict_text_ends(s.text, " ") ? "" : " ", code);
  }
  const char *text = s.failed ? NULL : ict_arena_strdup(m->arena, s.text);
  ict_str_done(&s);
  return text;
}

static ict_status put_axis(maker *m, size_t axis) {
  ict_admin_work *work = m->work;
  const ict_concept *c = ict_axis_concept(work->catalog, work->map->axes[axis]);
  bool coded = c && c->type == ICT_TYPE_CODE, any = false;
  size_t *index = ict_alloc(m->n_rows, sizeof *index);
  int32_t *numbers = ict_arena_alloc(m->arena, m->n_rows, sizeof *numbers);
  ict_status st = index && numbers ? ICT_OK : ict_err_memory(m->err);
  for (size_t i = 0; i < m->n_rows && st == ICT_OK; i++) {
    const ict_count_row *row = &work->rows.at[i];
    double lowest = 0;
    long at = -1;
    index[i] = SIZE_MAX;
    numbers[i] = ict_missing_i32(ICT_MISSING);
    if (strcmp(row->axes[axis], ICT_TOTAL_CODE) == 0) continue;
    any = true;
    if (coded && c->codes) at = ict_codelist_find(c->codes, row->axes[axis]);
    bool good = coded ? at >= 0 : c && lowest_of(work->catalog, c, row->axes[axis], &lowest);
    if (!good) {
      st = refuse_class(m, row, axis);
      any = false;
      break;
    }
    if (coded)
      index[i] = (size_t)at;
    else
      numbers[i] = (int32_t)lowest;
  }
  const char *classes = any && !coded ? classes_of(m, axis) : "";
  if (!classes) st = ict_err_memory(m->err);
  if (st == ICT_OK && any)
    st = coded ? put_codes(m, c->name, c->title, c->codes, index)
               : put(m,
                     (ict_variable){.name = c->name,
                                    .title = c->title,
                                    .type = ICT_TYPE_INTEGER,
                                    .width = ICT_I32,
                                    .unit = c->unit,
                                    .treatment = classes},
                     numbers);
  ict_free(index);
  return st;
}

/* Where a denominator comes from, in words: for the column, and for what is computed with it. */
static const char *origin_of(const ict_admin_work *work, const ict_concept *c) {
  for (size_t i = 0; i < work->n; i++) {
    const ict_observation *o = &work->observations[i];
    if (o->series->concept_def != c) continue;
    const ict_table_file *file = &work->map->files[o->file];
    return file->source ? file->source : file->text.id;
  }
  return NULL;
}

static ict_status make_unit(maker *m, ict_store_frame *out) {
  ict_admin_work *work = m->work;
  size_t n = work->rows.n;
  const char **areas = ict_alloc(n, sizeof *areas), **periods = ict_alloc(n, sizeof *periods);
  double *numbers = ict_alloc(n, sizeof *numbers);
  ict_status st = begin(m, n, 2 + work->map->n_axes + work->n_concepts);
  if (!areas || !periods || !numbers) st = ict_err_memory(m->err);
  if (st != ICT_OK) goto done;
  for (size_t i = 0; i < n; i++) {
    areas[i] = work->rows.at[i].area;
    periods[i] = work->rows.at[i].period;
  }
  ICT_TRY(done, st, put_texts(m, ICT_VAR_AREA, "Reference area", areas));
  ICT_TRY(done, st, put_texts(m, ICT_VAR_PERIOD, "Time period", periods));
  for (size_t a = 0; a < work->map->n_axes; a++) ICT_TRY(done, st, put_axis(m, a));
  for (size_t k = 0; k < work->n_concepts; k++) {
    const ict_concept *c = work->concepts[k];
    for (size_t i = 0; i < n; i++) numbers[i] = work->rows.at[i].values[k];
    ict_variable var = {.name = c->name,
                        .title = c->title,
                        .unit = c->unit,
                        .origin = origin_of(work, c),
                        .treatment = k >= work->n_plain ? ICT_ADMIN_DENOMINATOR : NULL};
    ICT_TRY(done, st, put_reals(m, var, numbers));
  }
  st = finish(m, work->map->unit, work->map->unit, areas, periods, out);
done:
  ict_free(areas);
  ict_free(periods);
  ict_free(numbers);
  return st;
}

ict_status ict_admin_frames(ict_admin_work *work, ict_err *err) {
  ict_store_frame *frames = ict_arena_alloc(work->arena, 2, sizeof *frames);
  maker m = {.work = work, .arena = work->arena, .err = err};
  size_t n = 0;
  if (!frames) return ict_err_memory(err);
  ict_status st = work->rows.n > 0 ? make_unit(&m, &frames[n++]) : ICT_OK;
  if (st == ICT_OK) st = make_observations(&m, &frames[n++]);
  work->made->frames = frames;
  work->made->n_frames = n;
  return st;
}
