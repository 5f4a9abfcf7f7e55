/* unit_frame.c - the rows that counts became, as the frame of their unit.
 *
 * In: rows with their denominators. Out: a frame in the order of the rows. */
#include "admin/frame.h"
#include "catalog/axis.h"

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

static ict_status refuse_class(ict_frame_maker *m, const ict_count_row *row, size_t axis) {
  ict_admin_work *work = m->work;
  ict_admin_say(work, ICT_ERROR, work->map->files[row->first->file].text.path, row->first->line, 0,
                "codes of a concept's list, or classes of a classification of the catalogue",
                "translate the codes; other axes are for published values only",
                "counts cannot be told apart by %s '%s'", work->map->axes[axis], row->axes[axis]);
  return ICT_OK; /* a finding; the run fails by it */
}

/* "classes stand for their lowest value: Y15T24 Y25T34"; NULL where memory is short. */
static const char *classes_of(const ict_frame_maker *m, size_t axis) {
  const ict_admin_work *work = m->work;
  ict_str s;
  ict_str_init(&s);
  ict_str_add(&s, ICT_ADMIN_CLASSES);
  for (size_t i = 0; i < m->n_rows; i++) {
    const char *code = work->rows.at[i].axes[axis];
    bool told = ict_is_total(code);
    for (size_t k = 0; k < i && !told; k++) told = work->rows.at[k].axes[axis] == code;
    if (!told) ict_str_addf(&s, "%s%s", ict_text_ends(s.text, " ") ? "" : " ", code);
  }
  const char *text = s.failed ? NULL : ict_arena_strdup(m->arena, s.text);
  ict_str_done(&s);
  return text;
}

static ict_status put_axis(ict_frame_maker *m, size_t axis) {
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
    if (ict_is_total(row->axes[axis])) continue;
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
    st = coded ? ict_frame_put_codes(m, c->name, c->title, c->codes, index)
               : ict_frame_put(m,
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

ict_status ict_frame_unit(ict_frame_maker *m, ict_store_frame *out) {
  ict_admin_work *work = m->work;
  size_t n = work->rows.n;
  const char **areas = ict_alloc(n, sizeof *areas), **periods = ict_alloc(n, sizeof *periods);
  double *numbers = ict_alloc(n, sizeof *numbers);
  ict_status st = ict_frame_begin(m, n, 2 + work->map->n_axes + work->n_concepts);
  if (!areas || !periods || !numbers) st = ict_err_memory(m->err);
  if (st != ICT_OK) goto done;
  for (size_t i = 0; i < n; i++) {
    areas[i] = work->rows.at[i].area;
    periods[i] = work->rows.at[i].period;
  }
  ICT_TRY(done, st, ict_frame_put_texts(m, ICT_VAR_AREA, "Reference area", areas));
  ICT_TRY(done, st, ict_frame_put_texts(m, ICT_VAR_PERIOD, "Time period", periods));
  for (size_t a = 0; a < work->map->n_axes; a++) ICT_TRY(done, st, put_axis(m, a));
  for (size_t k = 0; k < work->n_concepts; k++) {
    const ict_concept *c = work->concepts[k];
    for (size_t i = 0; i < n; i++) numbers[i] = work->rows.at[i].values[k];
    ict_variable var = {.name = c->name,
                        .title = c->title,
                        .unit = c->unit,
                        .origin = origin_of(work, c),
                        .treatment = k >= work->n_plain ? ICT_ADMIN_DENOMINATOR : NULL};
    ICT_TRY(done, st, ict_frame_put_reals(m, var, numbers));
  }
  st = ict_frame_finish(m, work->map->unit, work->map->unit, areas, periods, out);
done:
  ict_free(areas);
  ict_free(periods);
  ict_free(numbers);
  return st;
}
