/* read.c - one pass over a file of values: rows to observations.
 *
 * In: a file of the map. Out: observations in file order; bad cells as findings, gathered by text.
 * Owns: which columns are read, and the order in which a role is filled: the row's column, then
 * what the column of values says, then what the series says. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "admin/reading.h"
#include "intake/cell.h"
#include "intake/open.h"

/* ---- one row ------------------------------------------------------------------------------ */

static const char *keep(ict_reading *r, const char *text) {
  long at = ict_names_add(&r->work->texts, text, NULL);
  return at < 0 ? NULL : r->work->texts.items[at].text;
}

/* The texts of a column, joined; "" for none. NULL: memory. */
static const char *text_of(ict_reading *r, const ict_chunk *chunk, size_t row,
                           const ict_bound_column *b) {
  char buf[ICT_NUMBER_TEXT];
  ict_str_clear(&r->text);
  for (size_t i = 0; i < b->n; i++) {
    ict_slice s = ict_cell_text(&chunk->columns[b->at[i]], row, buf);
    if (i > 0) ict_str_add(&r->text, "/");
    ict_str_addn(&r->text, s.text ? s.text : "", s.len);
  }
  if (r->text.failed) return NULL;
  return keep(r, ict_cell_translate(r->map, b->column->role, r->text.text));
}

static bool is_blank(const ict_table_file *map, ict_slice s) {
  if (s.len == 0) return true;
  for (size_t i = 0; i < map->n_blanks; i++)
    if (ict_slice_is(s, map->blanks[i])) return true;
  return false;
}

/* False where it is no number (told); a blank is NaN. */
static bool number_at(ict_reading *r, const ict_chunk *chunk, size_t row, size_t column,
                      double *out) {
  const ict_raw_column *raw = &chunk->columns[column];
  char buf[ICT_NUMBER_TEXT];
  *out = NAN;
  if (raw->type == ICT_RAW_NUMBER) {
    *out = raw->number[row];
    return true;
  }
  ict_slice s = ict_cell_text(raw, row, buf);
  if (is_blank(r->map, s)) return true;
  if (ict_number_parse(s, r->map->text.decimal, out)) return true;
  *out = NAN;
  char *text = ict_strndup(s.text, s.len);
  if (text) ict_bads_add(&r->bad[ICT_ODD_NUMBER], text, chunk->line[row]);
  ict_free(text);
  return false;
}

/* "2006.0" is the year 2006 as a spreadsheet writes it. */
static const char *period_of(ict_reading *r, const char *text) {
  size_t n = strlen(text);
  if (n == 6 && strcmp(text + 4, ".0") == 0) {
    char year[5] = {0};
    memcpy(year, text, 4);
    text = keep(r, year);
  }
  return text;
}

static const ict_table_series *series_of(const ict_reading *r, const char *key) {
  if (!key) return r->map->n_series == 1 ? &r->map->series[0] : NULL;
  for (size_t i = 0; i < r->map->n_series; i++)
    if (strcmp(r->map->series[i].key, key) == 0) return &r->map->series[i];
  return NULL;
}

/* The places of the observation whose texts are codes; false where one is bad (told) or left out.
 */
static bool take_codes(ict_reading *r, const char *const *said, uint64_t line, ict_observation *o,
                       const char **axes) {
  ict_admin_work *work = r->work;
  const char *area = said[ICT_ROLE_AREA] ? said[ICT_ROLE_AREA] : "";
  const char *iso3 = ict_cell_area(work, r->map, area);
  bool good = true;
  if (!iso3 && r->map->drop_areas) {
    r->n_areas++;
    return false;
  }
  if (!iso3) good = ict_bads_add(&r->bad[ICT_ODD_AREA], area, line) && false;
  o->area = iso3 ? keep(r, iso3) : NULL;
  o->period = period_of(r, said[ICT_ROLE_PERIOD] ? said[ICT_ROLE_PERIOD] : "");
  if (!o->period || !ict_is_period(o->period))
    good = ict_bads_add(&r->bad[ICT_ODD_PERIOD], o->period ? o->period : "", line) && false;
  o->status = said[ICT_ROLE_STATUS] ? said[ICT_ROLE_STATUS] : "";
  if (o->status[0] && !ict_cell_is_code(work, "CL_OBS_STATUS", o->status))
    good = ict_bads_add(&r->bad[ICT_ODD_STATUS], o->status, line) && false;
  o->nature = said[ICT_ROLE_NATURE] ? said[ICT_ROLE_NATURE] : "";
  if (o->nature[0] && !ict_cell_is_code(work, "CL_NATURE", o->nature))
    good = ict_bads_add(&r->bad[ICT_ODD_NATURE], o->nature, line) && false;
  for (size_t i = 0; i < work->map->n_axes; i++) {
    const char *code = said[ICT_N_ROLES + i];
    axes[i] = code && code[0] ? code : keep(r, ICT_TOTAL);
    if (!axes[i] || ict_cell_axis(work, work->map->axes[i], axes[i])) continue;
    ict_str_clear(&r->text);
    ict_str_addf(&r->text, "%s %s", work->map->axes[i], axes[i]);
    good = ict_bads_add(&r->bad[ICT_ODD_AXIS], r->text.text, line) && false;
  }
  return good;
}

static ict_status add(ict_reading *r, const ict_observation *o, ict_err *err) {
  ict_admin_work *work = r->work;
  if (ict_grow(&work->observations, work->n, &work->capacity, sizeof *work->observations) != 0)
    return ict_err_memory(err);
  work->observations[work->n++] = *o;
  return ICT_OK;
}

/* 0.80481 times 100 is 80.481, as whoever shifts the point sees it, not the nearest double of a
 * product. */
static double times(double x, double by) {
  char text[ICT_NUMBER_TEXT + 8];
  double shift = log10(by), shifted;
  if (!(by > 0) || shift != floor(shift) || fabs(shift) > 15) return x * by;
  ict_number_text(x, text);
  if (!text[0] || strpbrk(text, "eE")) return x * by;
  snprintf(text + strlen(text), 8, "e%d", (int)shift);
  return ict_number_parse(ict_slice_of(text), '.', &shifted) ? shifted : x * by;
}

/* Units with a power of ten are brought to that of the series. */
static void scale(ict_observation *o, double mult) {
  const ict_table_series *s = o->series;
  int own = s->known ? s->known->unit_mult : 0;
  double by = s->scale * (isnan(mult) ? 1 : pow(10, mult - own));
  o->unit_mult = own;
  o->value = times(o->value, by);
  o->se = times(o->se, by);
  o->ci_low = times(o->ci_low, by);
  o->ci_high = times(o->ci_high, by);
}

static ict_status take_value(ict_reading *r, const ict_chunk *chunk, size_t row, size_t v,
                             ict_err *err) {
  ict_admin_work *work = r->work;
  const ict_table_value *map = &r->map->values[v];
  ict_observation o = {.file = r->file,
                       .line = chunk->line[row],
                       .se = NAN,
                       .ci_low = NAN,
                       .ci_high = NAN,
                       .n = NAN};
  double mult = NAN;
  memcpy(r->cell, r->row, r->n_roles * sizeof *r->cell);
  for (size_t i = 0; i < map->n_constants; i++)
    r->cell[map->constants[i].role] = map->constants[i].text;
  o.series = series_of(r, r->cell[ICT_ROLE_SERIES]);
  if (!o.series) {
    if (r->map->drop_series)
      r->n_other++;
    else if (!ict_bads_add(&r->bad[ICT_ODD_SERIES],
                           r->cell[ICT_ROLE_SERIES] ? r->cell[ICT_ROLE_SERIES] : "", o.line))
      return ict_err_memory(err);
    return ICT_OK;
  }
  if (o.series->kind == ICT_SERIES_LEFT_OUT) {
    r->n_left_out++;
    return ICT_OK;
  }
  for (size_t i = 0; i < o.series->n_constants; i++)
    r->cell[o.series->constants[i].role] = o.series->constants[i].text;
  bool good = number_at(r, chunk, row, r->values[v], &o.value);
  if (good && isnan(o.value)) {
    r->n_blank++;
    return ICT_OK;
  }
  for (size_t k = 0; k < map->n_columns + r->n_columns; k++) {
    const ict_bound_column *b =
        k < map->n_columns ? &r->beside[v][k] : &r->columns[k - map->n_columns];
    double *const to[] = {&o.se, &o.ci_low, &o.ci_high, &o.n};
    size_t role = b->column->role;
    if (b->n == 0 || !ict_role_is_number(role)) continue;
    double *where = role == ICT_ROLE_UNIT_MULT ? &mult : to[role - ICT_ROLE_SE];
    if (isnan(*where)) good = number_at(r, chunk, row, b->at[0], where) && good;
  }
  if (r->cell[ICT_ROLE_UNIT_MULT])
    ict_number_parse(ict_slice_of(r->cell[ICT_ROLE_UNIT_MULT]), '.', &mult);
  const char **axes = ict_arena_alloc(work->arena, work->map->n_axes, sizeof *axes);
  if (!axes) return ict_err_memory(err);
  o.axes = axes;
  good = take_codes(r, r->cell, o.line, &o, axes) && good;
  if (!good) return ICT_OK;
  o.unit = r->cell[ICT_ROLE_UNIT] ? r->cell[ICT_ROLE_UNIT] : "";
  o.source = r->cell[ICT_ROLE_SOURCE] ? r->cell[ICT_ROLE_SOURCE] : "";
  o.footnote = r->cell[ICT_ROLE_FOOTNOTE] ? r->cell[ICT_ROLE_FOOTNOTE] : "";
  o.reporter = r->cell[ICT_ROLE_REPORTER] ? r->cell[ICT_ROLE_REPORTER] : "";
  const char **said[] = {&o.period, &o.unit,     &o.status,  &o.nature,
                         &o.source, &o.footnote, &o.reporter};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++)
    if (!(*said[i] = keep(r, *said[i]))) return ict_err_memory(err);
  for (size_t i = 0; i < work->map->n_axes; i++)
    if (!(axes[i] = axes[i] ? keep(r, axes[i]) : NULL)) return ict_err_memory(err);
  if (!o.area) return ict_err_memory(err);
  scale(&o, mult);
  return add(r, &o, err);
}

static bool is_wanted(const ict_reading *r, const ict_chunk *chunk, size_t row) {
  char buf[ICT_NUMBER_TEXT];
  for (size_t i = 0; i < r->map->n_wheres; i++) {
    const ict_table_where *w = &r->map->wheres[i];
    ict_slice s = ict_cell_text(&chunk->columns[r->wheres[i]], row, buf);
    bool is = false;
    for (size_t k = 0; k < w->n; k++) is = is || ict_slice_is(s, w->texts[k]);
    if (!is) return false;
  }
  return true;
}

static ict_status read_chunk(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  ict_reading *r = ctx;
  (void)thread;
  for (size_t row = 0; row < chunk->n_rows; row++) {
    r->n_rows++;
    if (!is_wanted(r, chunk, row)) {
      r->n_where++;
      continue;
    }
    memset(r->row, 0, r->n_roles * sizeof *r->row);
    r->row[ICT_ROLE_AREA] = r->work->map->area;
    r->row[ICT_ROLE_PERIOD] = r->work->map->period;
    for (size_t i = 0; i < r->n_columns; i++) {
      size_t role = r->columns[i].column->role;
      if (ict_role_is_number(role)) continue;
      r->row[role] = text_of(r, chunk, row, &r->columns[i]);
      if (!r->row[role]) return ict_err_memory(err);
    }
    for (size_t v = 0; v < r->map->n_values; v++) {
      ict_status st = take_value(r, chunk, row, v, err);
      if (st != ICT_OK) return st;
    }
  }
  return ICT_OK;
}

/* ---- the file ----------------------------------------------------------------------------- */

static void tell_bad(ict_reading *r) {
  static const struct {
    const char *what, *expected, *fix;
  } WORDS[ICT_N_ODD] = {
      {"unknown areas", NULL,
       "translate them with `codes: {area: {...}}`, or say `unknown_areas: drop`, or `areas: any` "
       "for areas that are no countries"},
      {"no period", "a year, or an SDMX period such as 2016-Q1",
       "translate them with `codes: {period: {...}}`"},
      {"series that the mapping does not name", "one of the keys of `series:`",
       "say what they are, or say `other_series: drop`"},
      {"no numbers", "decimal numbers without grouping",
       "give texts that mean no value in `blank:`, and the decimal mark in `decimal:`"},
      {"unknown statuses", "codes of SDMX CL_OBS_STATUS, such as A, E, P",
       "translate them with `codes: {status: {...}}`; to \"\" where they say nothing"},
      {"unknown natures", "codes of SDMX CL_NATURE: C, CA, E, G, M, N, _X",
       "translate them with `codes: {nature: {...}}`"},
      {"unknown codes of axes", "codes of the catalogue's list for the axis, _T for the total",
       "translate them with `codes: {AXIS: {...}}`"}};
  static const char *const AREAS[] = {"ISO 3166-1 alpha-3 codes of datasets/countries.csv",
                                      "M49 numbers (or ISO 3166-1 alpha-3 codes) of countries",
                                      "letters, digits, - _ . @ $ / :"};
  for (size_t i = 0; i < ICT_N_ODD; i++)
    ict_admin_say_bad(r->work, &r->bad[i], r->path, WORDS[i].what,
                      i == ICT_ODD_AREA ? AREAS[r->map->areas] : WORDS[i].expected, WORDS[i].fix);
}

static ict_status tell_rows(ict_reading *r, ict_err *err) {
  const struct {
    uint64_t n;
    const char *what;
  } left[] = {{r->n_where, "rows left out by `where`"},
              {r->n_blank, "blank values"},
              {r->n_areas, "values of unknown areas left out"},
              {r->n_left_out, "values of series left out"},
              {r->n_other, "values of other series left out"}};
  ict_status st = ICT_OK;
  for (size_t i = 0; i < sizeof left / sizeof *left && st == ICT_OK; i++) {
    if (left[i].n == 0) continue;
    st = ict_report_add(&r->work->report, err, "%s: %s: %llu", r->map->text.id, left[i].what,
                        (unsigned long long)left[i].n);
    if (i >= 2)
      ict_admin_say(r->work, ICT_NOTE, NULL, r->map->text.at.line, r->map->text.at.column, NULL,
                    NULL, "%s: %s: %llu", r->map->text.id, left[i].what,
                    (unsigned long long)left[i].n);
  }
  return st;
}

ict_status ict_admin_read(ict_admin_work *work, size_t file, ict_err *err) {
  const ict_table_file *map = &work->map->files[file];
  ict_reading r = {
      .work = work, .file = file, .map = map, .n_roles = ICT_N_ROLES + work->map->n_axes};
  ict_status st;
  ict_str_init(&r.text);
  for (size_t i = 0; i < ICT_N_ODD; i++) ict_bads_init(&r.bad[i], work->arena);
  const char *name = ict_mapped_name(&map->text, work->arena);
  if (!name) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st,
          ict_mapped_open(&map->text, work->options->data_dir, work->map->file, true, work->arena,
                          &r.source, &r.path, err));
  ICT_TRY(done, st, ict_admin_bind(&r, err));
  if (work->failed) goto done;
  ICT_TRY(done, st,
          ict_source_read(r.source, r.wanted, r.n_wanted, 1, work->options->progress, read_chunk,
                          &r, err));
  tell_bad(&r);
  ICT_TRY(done, st, tell_rows(&r, err));
  work->inputs[work->n_inputs++] =
      ict_input_of(map->text.id, name, ict_source_dictionary(r.source), r.n_rows);
done:
  ict_source_close(r.source);
  for (size_t i = 0; i < ICT_N_ODD; i++) ict_bads_done(&r.bad[i]);
  ict_str_done(&r.text);
  return st;
}
