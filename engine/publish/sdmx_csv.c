/* sdmx_csv.c - SDMX-CSV 1.0 of the SDG dataflow, as a national office sends it.
 *
 * Every row must fit the data structure, or the file is refused before its first byte and
 * the first row that does not fit is named. What the structure has no code for (an age band,
 * a further axis, an item) goes where the SDG guidelines put national detail: CUST_BREAKDOWN
 * C01, C02 ... with the words in CUST_BREAKDOWN_LB.
 *
 * In: a table and datasets/sdmx. Out: one line per row, columns in the order of the DSD. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/countries.h"
#include "data/table.h"
#include "publish/field.h"
#include "publish/format.h"
#include "publish/sdmx_dsd.h"

#define MOST_CUSTOM 99 /* C01 .. C99 */

/* What fills a column of the structure. */
typedef enum role {
  EMPTY,
  ALWAYS_TOTAL,
  FREQ,
  REPORTING_TYPE,
  SERIES,
  REF_AREA,
  AXIS,
  CUSTOM,
  COMPOSITE,
  TIME_PERIOD,
  OBS_VALUE,
  OBS_STATUS,
  UNIT_MULT,
  UNIT_MEASURE,
  NATURE,
  TIME_DETAIL,
  COMMENT_OBS,
  UPPER_BOUND,
  LOWER_BOUND,
  SOURCE_DETAIL,
  CUSTOM_LABEL
} role;

static const struct {
  const char *id;
  role role;
} roles[] = {{"FREQ", FREQ},
             {"REPORTING_TYPE", REPORTING_TYPE},
             {"SERIES", SERIES},
             {"REF_AREA", REF_AREA},
             {"CUST_BREAKDOWN", CUSTOM},
             {"COMPOSITE_BREAKDOWN", COMPOSITE},
             {"TIME_PERIOD", TIME_PERIOD},
             {"OBS_VALUE", OBS_VALUE},
             {"OBS_STATUS", OBS_STATUS},
             {"UNIT_MULT", UNIT_MULT},
             {"UNIT_MEASURE", UNIT_MEASURE},
             {"NATURE", NATURE},
             {"TIME_DETAIL", TIME_DETAIL},
             {"COMMENT_OBS", COMMENT_OBS},
             {"UPPER_BOUND", UPPER_BOUND},
             {"LOWER_BOUND", LOWER_BOUND},
             {"SOURCE_DETAIL", SOURCE_DETAIL},
             {"CUST_BREAKDOWN_LB", CUSTOM_LABEL}};

typedef struct slot {
  role role;
  size_t axis; /* AXIS */
} slot;

typedef struct writer {
  const ict_table *table;
  ict_err *err;
  ict_arena *arena;
  ict_countries *countries;
  ict_sdmx_dsd dsd;
  slot *slots;          /* per column of the structure */
  long *column_of_axis; /* per axis of the table, -1: none */
  long composite_column;
  ict_names item_of_series, several_items;       /* series; those of more than one item */
  ict_names series_of_indicator, several_series; /* indicators; those of more than one series */
  ict_str comment;                               /* of the row at hand */
  ict_names custom;                              /* key of a custom breakdown, its words as label */
} writer;

/* One row as the structure wants it, texts borrowed. */
typedef struct record {
  const ict_table_row *row;
  const char *area, *composite, *status, *comment;
  const char *reporting; /* N: a country's own figure; R: of a group of countries */
  char year[5];
  char custom[4]; /* "_T", or "C01" */
  const char *custom_label;
} record;

static ict_status refuse(const writer *w, const ict_table_row *row, const char *what,
                         const char *value, const char *fix) {
  ict_err_set(w->err, ICT_REFUSED, "%s '%s' (indicator %s%s%s, area %s, period %s) %s", what, value,
              row->indicator, row->item[0] ? ", item " : "", row->item, row->ref_area,
              row->time_period, "has no place in the SDG data structure");
  ict_err_fix(w->err, "%s", fix);
  return ICT_REFUSED;
}

static bool has_code(const writer *w, long column, const char *code) {
  return column >= 0 && ict_names_find(&w->dsd.columns[column].codes, code) >= 0;
}

/* Items. Most have a composite code of their own, some a series of their own (one per
 * network technology, say). An item with neither must not be taken for the total. */

/* Adds (name, value) to `first`; a second value for the name puts it among the `several`. */
static bool note(ict_names *first, ict_names *several, const char *name, const char *value) {
  long at = ict_names_add(first, name, value);
  if (at < 0) return false;
  return strcmp(first->items[at].label, value) == 0 || ict_names_add(several, name, NULL) >= 0;
}

static ict_status count_items_and_series(writer *w) {
  for (size_t i = 0; i < ict_table_rows(w->table); i++) {
    const ict_table_row *row = ict_table_row_at(w->table, i);
    if (!note(&w->item_of_series, &w->several_items, row->series, row->item) ||
        !note(&w->series_of_indicator, &w->several_series, row->indicator, row->series)) {
      return ict_err_memory(w->err);
    }
  }
  return ICT_OK;
}

static bool has_own_series(const writer *w, const ict_table_row *row) {
  return ict_names_find(&w->several_items, row->series) < 0 &&
         ict_names_find(&w->several_series, row->indicator) >= 0;
}

/* Custom breakdowns. */

static void add_part(ict_str *key, ict_str *label, const char *name, const char *code,
                     const char *words) {
  ict_str_addf(key, "%s=%s;", name, code);
  ict_str_addf(label, "%s%s: %s", label->len ? "; " : "", name, words);
}

static ict_status number_custom(writer *w, record *r, const ict_str *key, const ict_str *label) {
  if (key->failed || label->failed) return ict_err_memory(w->err);
  if (key->len == 0) {
    strcpy(r->custom, ICT_TOTAL);
    r->custom_label = "";
    return ICT_OK;
  }
  long at = ict_names_add(&w->custom, key->text, label->text);
  if (at < 0) return ict_err_memory(w->err);
  if (at >= MOST_CUSTOM) {
    return refuse(w, r->row, "the 100th national breakdown", label->text,
                  "ask for fewer breakdowns that the SDG code lists lack, or write several files");
  }
  const char code[] = {'C', (char)('0' + (at + 1) / 10), (char)('0' + (at + 1) % 10), '\0'};
  memcpy(r->custom, code, sizeof code);
  r->custom_label = w->custom.items[at].label;
  return ICT_OK;
}

static bool is_class(const writer *w, size_t axis, const char *code) {
  return has_code(w, w->column_of_axis[axis], code) ||
         strcmp(ict_table_code_label(w->table, axis, code), code) != 0;
}

/* "F-M", "F/M": two classes compared (docs/math.md, "Contrasts"). */
static bool is_contrast(writer *w, size_t axis, const char *code, bool *answer) {
  *answer = false;
  for (const char *at = strpbrk(code, "-/"); at; at = strpbrk(at + 1, "-/")) {
    char *first = ict_arena_strndup(w->arena, code, (size_t)(at - code));
    if (!first) return false;
    *answer = *answer || (is_class(w, axis, first) && is_class(w, axis, at + 1));
  }
  return true;
}

/* A comparison is no breakdown: who reads CUST_BREAKDOWN C01 of a series takes it for a value of
 * that series. */
static ict_status refuse_contrasts(writer *w, const ict_table_row *row) {
  for (size_t a = 0; a < ict_table_axes(w->table); a++) {
    const char *code = row->axes[a];
    bool contrast;
    if (strcmp(code, ICT_TOTAL) == 0 || has_code(w, w->column_of_axis[a], code)) continue;
    if (!is_contrast(w, a, code, &contrast)) return ict_err_memory(w->err);
    contrast = contrast || strcmp(ict_table_axis_name(w->table, a), "contrast") == 0;
    if (contrast)
      return refuse(w, row, "the contrast", code,
                    "leave --contrast out, or write csv or json; a contrast with a series of its "
                    "own, such as 4.5.1, is asked for as an indicator");
  }
  return ICT_OK;
}

/* Collects what the structure has no code for. */
static ict_status find_custom(writer *w, record *r) {
  const ict_table_row *row = r->row;
  ict_str key, label;
  ict_str_init(&key);
  ict_str_init(&label);
  bool coded = has_code(w, w->composite_column, row->composite_breakdown);
  r->composite = coded ? row->composite_breakdown : ICT_TOTAL;
  for (size_t a = 0; a < ict_table_axes(w->table); a++) {
    const char *code = row->axes[a];
    if (strcmp(code, ICT_TOTAL) == 0 || has_code(w, w->column_of_axis[a], code)) continue;
    add_part(&key, &label, ict_table_axis_name(w->table, a), code,
             ict_table_code_label(w->table, a, code));
  }
  bool named = coded && strcmp(row->composite_breakdown, ICT_TOTAL) != 0;
  if (row->item[0] && !named && !has_own_series(w, row)) {
    add_part(&key, &label, "item", row->item,
             ict_table_item_label(w->table, row->indicator, row->item));
  } else if (!coded) {
    add_part(&key, &label, "composite", row->composite_breakdown, row->composite_breakdown);
  }
  ict_status st = number_custom(w, r, &key, &label);
  ict_str_done(&label);
  ict_str_done(&key);
  return st;
}

/* Areas and periods. */

static bool all_digits(const char *text, size_t len) {
  return len > 0 && strspn(text, "0123456789") >= len;
}

/* An alpha-3 code, or an M49 number as it is. */
static ict_status find_area(writer *w, record *r) {
  const char *area = r->row->ref_area;
  r->area = ict_countries_m49(w->countries, area);
  if (!r->area && strlen(area) <= 3 && all_digits(area, strlen(area))) {
    r->area = area + strspn(area, "0");
  }
  if (r->area && r->area[0]) {
    r->reporting = ict_countries_iso3(w->countries, r->area) ? "N" : "R";
    return ICT_OK;
  }
  return refuse(w, r->row, "the area", area,
                "use ISO 3166-1 alpha-3 codes or M49 numbers for areas in the mapping, and leave "
                "sub-national areas out of this file");
}

/* "2016"; "2016-2017", "2016/2017" and "2016/17" give their first year, and TIME_DETAIL the
 * whole. Anything shorter than a year does not fit the annual frequency of the SDG flow. */
static ict_status find_year(writer *w, record *r) {
  const char *period = r->row->time_period;
  size_t len = strlen(period);
  bool range = len >= 5 && (period[4] == '/' || (period[4] == '-' && len == 9)) &&
               (len == 7 || len == 9) && all_digits(period + 5, len - 5);
  if (len < 4 || !all_digits(period, 4) || (len > 4 && !range)) {
    return refuse(w, r->row, "the period", period, "give the year of the survey, such as 2016");
  }
  memcpy(r->year, period, 4);
  r->year[4] = '\0';
  return ICT_OK;
}

/* What the flags mean, for readers who do not know our names. */
static ict_status find_comment(writer *w, record *r) {
  ict_str name;
  ict_str_init(&name);
  ict_str_clear(&w->comment);
  for (const char *flag = r->row->flags; *flag;) {
    size_t len = strcspn(flag, ";");
    ict_str_clear(&name);
    ict_str_addn(&name, flag, len);
    const char *about = ict_table_flag_about(w->table, name.text);
    ict_str_addf(&w->comment, "%s%s", w->comment.len ? "; " : "", about ? about : name.text);
    flag += len + (flag[len] == ';');
  }
  bool failed = name.failed || w->comment.failed;
  r->comment = w->comment.text;
  ict_str_done(&name);
  return failed ? ict_err_memory(w->err) : ICT_OK;
}

/* A value that is not there needs a status that says so. */
static const char *status_of(const ict_table_row *row) {
  bool says_value = strcmp(row->obs_status, "A") == 0 || row->obs_status[0] == '\0';
  if (isnan(row->estimate)) return says_value ? "O" : row->obs_status;
  return row->obs_status[0] ? row->obs_status : "A";
}

static ict_status check_code(writer *w, const ict_table_row *row, const char *id, const char *code,
                             const char *fix) {
  return has_code(w, ict_sdmx_dsd_find(&w->dsd, id), code) ? ICT_OK : refuse(w, row, id, code, fix);
}

/* Everything about a row that can be refused is decided here. */
static ict_status convert(writer *w, const ict_table_row *row, record *r) {
  ict_status st = ICT_OK;
  *r = (record){.row = row, .status = status_of(row)};
  if (!row->series[0]) {
    return refuse(
        w, row, "the indicator", row->indicator,
        "compute only indicators that have an SDMX series (`ictstat explain ID` shows it), "
        "or write csv or json");
  }
  ICT_TRY(done, st, find_area(w, r));
  ICT_TRY(done, st, find_year(w, r));
  ICT_TRY(done, st, refuse_contrasts(w, row));
  ICT_TRY(done, st, find_custom(w, r));
  ICT_TRY(done, st, find_comment(w, r));
  ICT_TRY(done, st, check_code(w, row, "OBS_STATUS", r->status, "use a code of CL_OBS_STATUS"));
  ICT_TRY(done, st,
          check_code(w, row, "UNIT_MEASURE", row->unit_measure,
                     "use a code of CL_UNIT_MEASURE in the indicator's unit_measure"));
  if (row->nature[0]) {
    ICT_TRY(done, st, check_code(w, row, "NATURE", row->nature, "use a code of CL_NATURE"));
  }
done:
  return st;
}

/* Writing. */

static void write_cell(const writer *w, size_t column, const record *r, ict_out *out) {
  const ict_table_row *row = r->row;
  const slot *s = &w->slots[column];
  switch (s->role) {
    case EMPTY:
      break;
    case ALWAYS_TOTAL:
      ict_csv_text(out, ICT_TOTAL);
      break;
    case FREQ:
      ict_csv_text(out, "A");
      break; /* annual, the only one in use */
    case REPORTING_TYPE:
      ict_csv_text(out, r->reporting);
      break;
    case SERIES:
      ict_csv_text(out, row->series);
      break;
    case REF_AREA:
      ict_csv_text(out, r->area);
      break;
    case AXIS:
      ict_csv_text(out,
                   has_code(w, (long)column, row->axes[s->axis]) ? row->axes[s->axis] : ICT_TOTAL);
      break;
    case CUSTOM:
      ict_csv_text(out, r->custom);
      break;
    case COMPOSITE:
      ict_csv_text(out, r->composite);
      break;
    case TIME_PERIOD:
      ict_csv_text(out, r->year);
      break;
    case OBS_VALUE:
      ict_csv_number(out, row->estimate);
      break;
    case OBS_STATUS:
      ict_csv_text(out, r->status);
      break;
    case UNIT_MULT:
      ict_csv_number(out, row->unit_mult);
      break;
    case UNIT_MEASURE:
      ict_csv_text(out, row->unit_measure);
      break;
    case NATURE:
      ict_csv_text(out, row->nature);
      break;
    case TIME_DETAIL:
      ict_csv_text(out, row->time_period);
      break;
    case COMMENT_OBS:
      ict_csv_text(out, r->comment);
      break;
    case UPPER_BOUND:
      ict_csv_number(out, row->ci_high);
      break;
    case LOWER_BOUND:
      ict_csv_number(out, row->ci_low);
      break;
    case SOURCE_DETAIL:
      ict_csv_text(out, row->source);
      break;
    case CUSTOM_LABEL:
      ict_csv_text(out, r->custom_label);
      break;
  }
}

/* An axis belongs to the dimension of its name: urbanisation to URBANISATION. */
static void assign_slots(writer *w) {
  for (size_t c = 0; c < w->dsd.n; c++) {
    const ict_sdmx_column *column = &w->dsd.columns[c];
    w->slots[c].role = column->dimension ? ALWAYS_TOTAL : EMPTY;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
      if (strcmp(roles[i].id, column->id) == 0) w->slots[c].role = roles[i].role;
    }
  }
  for (size_t a = 0; a < ict_table_axes(w->table); a++) {
    w->column_of_axis[a] = -1;
    for (size_t c = 0; c < w->dsd.n; c++) {
      if (w->slots[c].role != ALWAYS_TOTAL) continue;
      if (ict_text_casecmp(w->dsd.columns[c].id, ict_table_axis_name(w->table, a)) != 0) continue;
      w->slots[c] = (slot){AXIS, a};
      w->column_of_axis[a] = (long)c;
    }
  }
  w->composite_column = ict_sdmx_dsd_find(&w->dsd, "COMPOSITE_BREAKDOWN");
}

static void done_writer(writer *w) {
  ict_str_done(&w->comment);
  ict_names_done(&w->item_of_series);
  ict_names_done(&w->several_items);
  ict_names_done(&w->series_of_indicator);
  ict_names_done(&w->several_series);
  ict_names_done(&w->custom);
  ict_countries_free(w->countries);
  ict_sdmx_dsd_done(&w->dsd);
  ict_arena_free(w->arena);
}

static ict_status init_writer(writer *w, const ict_table *table, ict_err *err) {
  ict_status st = ICT_OK;
  *w = (writer){.table = table, .err = err, .arena = ict_arena_new()};
  ict_str_init(&w->comment);
  ict_names_init(&w->item_of_series, w->arena);
  ict_names_init(&w->several_items, w->arena);
  ict_names_init(&w->series_of_indicator, w->arena);
  ict_names_init(&w->several_series, w->arena);
  ict_names_init(&w->custom, w->arena);
  if (!w->arena) return ict_err_memory(err);
  ICT_TRY(done, st, ict_countries_load(&w->countries, err));
  ICT_TRY(done, st, ict_sdmx_dsd_load(&w->dsd, err));
  w->slots = ict_arena_alloc(w->arena, w->dsd.n, sizeof *w->slots);
  w->column_of_axis = ict_arena_alloc(w->arena, ict_table_axes(table), sizeof *w->column_of_axis);
  if (!w->slots || !w->column_of_axis) {
    st = ict_err_memory(err);
    goto done;
  }
  assign_slots(w);
  st = count_items_and_series(w);
done:
  if (st != ICT_OK) done_writer(w);
  return st;
}

ict_status ict_write_sdmx_csv(const ict_table *table, int threads, ict_out *out, ict_err *err) {
  (void)threads;
  writer w;
  record r;
  ict_status st = init_writer(&w, table, err);
  if (st != ICT_OK) return st;
  /* Once over all rows before the first byte; custom breakdowns get their numbers here. */
  for (size_t i = 0; i < ict_table_rows(table); i++) {
    ICT_TRY(done, st, convert(&w, ict_table_row_at(table, i), &r));
  }
  ict_out_text(out, "DATAFLOW");
  for (size_t c = 0; c < w.dsd.n; c++) ict_out_printf(out, ",%s", w.dsd.columns[c].id);
  ict_out_text(out, "\n");
  for (size_t i = 0; i < ict_table_rows(table); i++) {
    ICT_TRY(done, st, convert(&w, ict_table_row_at(table, i), &r));
    ict_csv_text(out, w.dsd.dataflow);
    for (size_t c = 0; c < w.dsd.n; c++) {
      ict_out_text(out, ",");
      write_cell(&w, c, &r, out);
    }
    ict_out_text(out, "\n");
  }
done:
  done_writer(&w);
  return st;
}
