/* sdmx_csv.c - SDMX-CSV 1.0 of the SDG dataflow, as a national office sends it.
 *
 * Every row must fit the data structure, or the file is refused before its first byte and
 * the first row that does not fit is named (sdmx_row.c).
 *
 * In: a table and datasets/sdmx. Out: one line per row, columns in the order of the DSD. */
#include <string.h>

#include "publish/field.h"
#include "publish/format.h"
#include "publish/sdmx_row.h"

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
  ict_arena *arena;
  ict_sdmx_dsd dsd;
  ict_sdmx_rows rows;
  slot *slots;          /* per column of the structure */
  long *column_of_axis; /* per axis of the table, -1: none */
} writer;

static void write_cell(const writer *w, size_t column, const ict_sdmx_row *r, ict_out *out) {
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
      ict_csv_text(out, ict_sdmx_has_code(&w->dsd, (long)column, row->axes[s->axis])
                            ? row->axes[s->axis]
                            : ICT_TOTAL);
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
}

static void done_writer(writer *w) {
  ict_sdmx_rows_done(&w->rows);
  ict_sdmx_dsd_done(&w->dsd);
  ict_arena_free(w->arena);
}

static ict_status init_writer(writer *w, const ict_table *table, ict_err *err) {
  *w = (writer){.table = table, .arena = ict_arena_new()};
  if (!w->arena) return ict_err_memory(err);
  ict_status st = ict_sdmx_dsd_load(&w->dsd, err);
  if (st != ICT_OK) return st;
  w->slots = ict_arena_alloc(w->arena, w->dsd.n, sizeof *w->slots);
  w->column_of_axis = ict_arena_alloc(w->arena, ict_table_axes(table), sizeof *w->column_of_axis);
  if (!w->slots || !w->column_of_axis) return ict_err_memory(err);
  assign_slots(w);
  return ict_sdmx_rows_init(&w->rows, table, &w->dsd, w->column_of_axis, err);
}

ict_status ict_write_sdmx_csv(const ict_table *table, int threads, ict_out *out, ict_err *err) {
  (void)threads;
  writer w;
  ict_sdmx_row r;
  ict_status st;
  ICT_TRY(done, st, init_writer(&w, table, err));
  /* Once over all rows before the first byte; custom breakdowns get their numbers here. */
  for (size_t i = 0; i < ict_table_rows(table); i++) {
    ICT_TRY(done, st, ict_sdmx_row_of(&w.rows, ict_table_row_at(table, i), &r));
  }
  ict_out_text(out, "DATAFLOW");
  for (size_t c = 0; c < w.dsd.n; c++) ict_out_printf(out, ",%s", w.dsd.columns[c].id);
  ict_out_text(out, "\n");
  for (size_t i = 0; i < ict_table_rows(table); i++) {
    ICT_TRY(done, st, ict_sdmx_row_of(&w.rows, ict_table_row_at(table, i), &r));
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
