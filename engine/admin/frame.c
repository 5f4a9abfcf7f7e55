/* frame.c - columns and a design as a frame for the store.
 *
 * In: codes, texts, numbers of rows in their order. Out: frames; everything lives in the work's
 * arena. Owns: the design, a census with one stratum an area and period. */
#include "admin/frame.h"

#include <math.h>
#include <stdlib.h>

#define MOST_CODES 60000 /* of a column of texts: two bytes, and room for the marks */

ict_status ict_frame_begin(ict_frame_maker *m, size_t n_rows, size_t most_vars) {
  m->n_rows = n_rows;
  m->n_vars = 0;
  m->vars = ict_arena_alloc(m->arena, most_vars, sizeof *m->vars);
  m->columns = ict_arena_alloc(m->arena, most_vars, sizeof *m->columns);
  return m->vars && m->columns ? ICT_OK : ict_err_memory(m->err);
}

ict_status ict_frame_put(ict_frame_maker *m, ict_variable var, const void *column) {
  if (!column) return ict_err_memory(m->err);
  m->vars[m->n_vars] = var;
  m->columns[m->n_vars++] = column;
  return ICT_OK;
}

/* ---- columns ------------------------------------------------------------------------------ */

ict_status ict_frame_put_codes(ict_frame_maker *m, const char *name, const char *title,
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
  return ict_frame_put(
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
static ict_status list_of(ict_frame_maker *m, const char *name, const char *title,
                          const char *const *texts, ict_codelist **out) {
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

ict_status ict_frame_put_texts(ict_frame_maker *m, const char *name, const char *title,
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
  st = ict_frame_put_codes(m, name, title, list, index);
  ict_free(index);
  return st;
}

ict_status ict_frame_put_reals(ict_frame_maker *m, ict_variable var, const double *values) {
  double *column = ict_arena_alloc(m->arena, m->n_rows, sizeof *column);
  var.type = ICT_TYPE_REAL;
  var.width = ICT_F64;
  for (size_t i = 0; column && i < m->n_rows; i++)
    column[i] = isnan(values[i]) ? ict_missing_f64(ICT_MISSING) : values[i];
  return ict_frame_put(m, var, column);
}

/* ---- the frame ---------------------------------------------------------------------------- */

/* Every row is its own PSU; area and period are the first two variables. */
static ict_status make_design(ict_frame_maker *m, const char *const *areas,
                              const char *const *periods, ict_design *out) {
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

ict_status ict_frame_finish(ict_frame_maker *m, const char *unit, const char *title,
                            const char *const *areas, const char *const *periods,
                            ict_store_frame *out) {
  ict_frame *frame = ict_arena_alloc(m->arena, 1, sizeof *frame);
  ict_schema *schema = ict_arena_alloc(m->arena, 1, sizeof *schema);
  if (!frame || !schema) return ict_err_memory(m->err);
  *schema = (ict_schema){.n = m->n_vars, .vars = m->vars, .arena = m->arena};
  *frame = (ict_frame){
      .unit = unit, .title = title, .schema = schema, .n_rows = m->n_rows, .columns = m->columns};
  *out = (ict_store_frame){.frame = frame};
  return make_design(m, areas, periods, &frame->design);
}

ict_status ict_admin_frames(ict_admin_work *work, ict_err *err) {
  ict_store_frame *frames = ict_arena_alloc(work->arena, 2, sizeof *frames);
  ict_frame_maker m = {.work = work, .arena = work->arena, .err = err};
  size_t n = 0;
  if (!frames) return ict_err_memory(err);
  ict_status st = work->rows.n > 0 ? ict_frame_unit(&m, &frames[n++]) : ICT_OK;
  if (st == ICT_OK) st = ict_frame_observations(&m, &frames[n++]);
  work->made->frames = frames;
  work->made->n_frames = n;
  return st;
}
