/* text.c - tables for people at a terminal: everything but the columns.
 *
 * One block per indicator, area and period: a title, then the total, then one section per
 * breakdown ("Sex", "Sex x Age"), totals and smaller breakdowns first, as in the tables of
 * DHS and MICS reports. Items of an indicator become headings over their breakdowns, or
 * simply the rows where there are none. Labels instead of codes, rounded numbers, flags by
 * name with a legend at the foot. Nothing is suppressed here. */
#include "publish/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "data/names.h"
#include "data/table.h"

#define NO_VALUE ".."

/* A row and the axes that it is broken down by, one bit each. */
typedef struct placed {
  uint64_t margin;
  const ict_table_row *row;
} placed;

/* Texts. */

/* A copy that is safe on a terminal; NULL where memory is short. */
static const char *safe(ict_arena *arena, const char *text) {
  ict_str s;
  ict_str_init(&s);
  ict_str_add_safe(&s, text);
  const char *copy = s.failed ? NULL : ict_arena_strndup(arena, s.text, s.len);
  ict_str_done(&s);
  return copy;
}

const char *ict_text_fixed(ict_text_writer *w, double value, int decimals, const char *unit) {
  if (!isfinite(value)) {
    w->gaps = true;
    return NO_VALUE;
  }
  char *plain = ict_arena_printf(w->arena, "%.*f", decimals, value);
  if (!plain) return NULL;
  if (strspn(plain, "-0.") == strlen(plain) && plain[0] == '-') plain++; /* no "-0.0" */
  size_t sign = plain[0] == '-', whole = strcspn(plain + sign, ".");
  ict_str s;
  ict_str_init(&s);
  ict_str_addn(&s, plain, sign);
  for (size_t i = 0; i < whole; i++) {
    if (i > 0 && (whole - i) % 3 == 0) ict_str_add(&s, ",");
    ict_str_addn(&s, plain + sign + i, 1);
  }
  ict_str_add(&s, plain + sign + whole);
  ict_str_add(&s, unit);
  const char *text = s.failed ? NULL : ict_arena_strndup(w->arena, s.text, s.len);
  ict_str_done(&s);
  return text;
}

static const char *axis_title(const ict_table *table, size_t axis, ict_arena *arena) {
  static const char *const known[][2] = {{"sex", "Sex"},
                                         {"age", "Age"},
                                         {"urbanisation", "Urban/rural"},
                                         {"education_lev", "Education"},
                                         {"income_wealth_quantile", "Income or wealth"},
                                         {"disability_status", "Disability"}};
  const char *name = ict_table_axis_name(table, axis);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(name, known[i][0]) == 0) return known[i][1];
  }
  char *title = ict_arena_strdup(arena, name);
  if (!title) return NULL;
  for (char *p = title; *p; p++) {
    if (*p == '_') *p = ' ';
  }
  if (title[0] >= 'a' && title[0] <= 'z') title[0] = (char)(title[0] - 'a' + 'A');
  return safe(arena, title);
}

static const char *unit_words(const char *unit) {
  static const char *const known[][2] = {{"PT", "Percent"},
                                         {"NUMBER", "Number"},
                                         {"PER_100_POP", "Per 100 inhabitants"},
                                         {"PER_1000_POP", "Per 1,000 inhabitants"},
                                         {"RO", "Ratio"},
                                         {"PT_PER_YEAR", "Percentage points per year"},
                                         {"CHI2", "Chi-square"},
                                         {"IX", "Index"},
                                         {"PROBABILITY", "Probability"},
                                         {"HOURS", "Hours"},
                                         {"USD", "US dollars"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(unit, known[i][0]) == 0) return known[i][1];
  }
  return unit;
}

/* "Sex x Age" for a margin, or "Male, 15 to 24 years old" for a row of it. */
static const char *breakdown_label(ict_text_writer *w, const placed *p, bool heading) {
  ict_str s;
  ict_str_init(&s);
  for (size_t a = 0; a < ict_table_axes(w->table); a++) {
    if (!(p->margin >> a & 1)) continue;
    if (s.len > 0) ict_str_add(&s, heading ? " \xC3\x97 " : ", ");
    const char *text = heading ? axis_title(w->table, a, w->arena)
                               : ict_table_code_label(w->table, a, p->row->axes[a]);
    if (!text) {
      ict_str_done(&s);
      return NULL;
    }
    ict_str_add(&s, text);
  }
  const char *label = s.failed ? NULL : safe(w->arena, s.text);
  ict_str_done(&s);
  return label;
}

/* Lines. */

const char *ict_text_notes(ict_text_writer *w, const char *flags) {
  char *text = ict_arena_strdup(w->arena, flags);
  if (!text) return NULL;
  for (char *start = text; *start;) {
    char *end = start + strcspn(start, ";");
    bool last = *end == '\0';
    *end = '\0';
    if (ict_names_add(&w->flags, start, NULL) < 0) return NULL;
    if (last) break;
    *end = ' ';
    start = end + 1;
  }
  return safe(w->arena, text);
}

const char *ict_text_ci(ict_text_writer *w) {
  double level = ict_table_level(w->table);
  return isfinite(level) ? ict_arena_printf(w->arena, "%g%% CI", level * 100) : "CI";
}

/* row NULL: a heading. */
static ict_status add_line(ict_text_writer *w, ict_text_lines *lines, int indent, const char *label,
                           const ict_table_row *row) {
  ict_text_line line = {.indent = indent, .label = label};
  if (!label || (row && !w->view->fill(w, row, &line)) ||
      ict_grow(&lines->lines, lines->n, &lines->capacity, sizeof *lines->lines) != 0) {
    return ict_err_memory(w->err);
  }
  lines->lines[lines->n++] = line;
  return ICT_OK;
}

/* Fewer axes first, then in the order of the axes, then as in the table. */
static int compare_placed(const void *a, const void *b) {
  const placed *x = a, *y = b;
  int nx = __builtin_popcountll(x->margin), ny = __builtin_popcountll(y->margin);
  if (nx != ny) return nx < ny ? -1 : 1;
  uint64_t differ = x->margin ^ y->margin;
  if (differ) return x->margin & (differ & -differ) ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static placed place(const ict_text_writer *w, const ict_table_row *row) {
  placed p = {.row = row};
  for (size_t a = 0; a < ict_table_axes(w->table) && a < 64; a++) {
    if (a != w->hidden_axis && strcmp(row->axes[a], ICT_TOTAL) != 0) p.margin |= UINT64_C(1) << a;
  }
  return p;
}

/* Rows [first, end) of one item: its heading, its total, its sections. */
static ict_status add_item(ict_text_writer *w, ict_text_lines *lines, size_t first, size_t end,
                           bool has_items) {
  ict_status st = ICT_OK;
  int indent = 0;
  const char *total = "Total";
  placed *rows = ict_alloc(end - first, sizeof *rows);
  if (!rows) return ict_err_memory(w->err);
  for (size_t i = first; i < end; i++) rows[i - first] = place(w, w->rows[i]);
  qsort(rows, end - first, sizeof *rows, compare_placed);
  const ict_table_row *row = rows[0].row;
  if (has_items && row->item[0]) {
    const char *label = safe(w->arena, ict_table_item_label(w->table, row->indicator, row->item));
    if (end - first == 1 && rows[0].margin == 0) {
      total = label;
    } else {
      ICT_TRY(done, st, add_line(w, lines, 0, label, NULL));
      indent = 1;
    }
  }
  for (size_t i = 0; i < end - first; i++) {
    if (rows[i].margin == 0) {
      ICT_TRY(done, st, add_line(w, lines, indent, total, rows[i].row));
      continue;
    }
    if (i == 0 || rows[i].margin != rows[i - 1].margin) {
      ICT_TRY(done, st, add_line(w, lines, indent, breakdown_label(w, &rows[i], true), NULL));
    }
    ICT_TRY(done, st,
            add_line(w, lines, indent + 1, breakdown_label(w, &rows[i], false), rows[i].row));
  }
done:
  ict_free(rows);
  return st;
}

/* Blocks. */

static bool same_subject(const ict_table_row *a, const ict_table_row *b) {
  return strcmp(a->indicator, b->indicator) == 0 && strcmp(a->ref_area, b->ref_area) == 0 &&
         strcmp(a->time_period, b->time_period) == 0;
}

static bool same_block(const ict_table_row *a, const ict_table_row *b) {
  return same_subject(a, b) && strcmp(a->unit_measure, b->unit_measure) == 0 &&
         a->unit_mult == b->unit_mult;
}

static bool is_shown(const ict_text_writer *w, const ict_table_row *row) {
  return w->hidden_axis == SIZE_MAX || strcmp(row->axes[w->hidden_axis], w->view->code) == 0;
}

/* Rows of one unit stand together, however the table has them: ratios of shares behind the shares
 * they compare. */
static bool order_rows(ict_text_writer *w) {
  size_t n = ict_table_rows(w->table), filled = 0;
  w->rows = ict_arena_alloc(w->all, n + 1, sizeof(const ict_table_row *));
  if (!w->rows) return false;
  for (size_t first = 0, end; first < n; first = end) {
    const ict_table_row *row = ict_table_row_at(w->table, first);
    for (end = first + 1; end < n && same_subject(row, ict_table_row_at(w->table, end));) end++;
    size_t group = filled;
    for (size_t i = first; i < end; i++) {
      row = ict_table_row_at(w->table, i);
      if (!is_shown(w, row)) continue;
      size_t k = group;
      while (k < filled && !same_block(row, w->rows[k])) k++;
      if (k < filled) continue; /* it stands with the first of its unit already */
      for (size_t j = i; j < end; j++) {
        const ict_table_row *like = ict_table_row_at(w->table, j);
        if (same_block(row, like) && is_shown(w, like)) w->rows[filled++] = like;
      }
    }
  }
  w->n_rows = filled;
  return true;
}

/* One decimal for shares and two for their errors; other units by the size of the largest
 * number, so that three or four figures are shown. */
static void choose_decimals(ict_text_writer *w, size_t first, size_t end) {
  const char *unit = w->rows[first]->unit_measure;
  double largest = 0;
  for (size_t i = first; i < end; i++) {
    double value = fabs(w->rows[i]->estimate);
    if (value > largest) largest = value;
  }
  if (strcmp(unit, "PT") == 0 || strcmp(unit, "PER_100_POP") == 0) {
    w->decimals = 1;
    w->se_decimals = 2;
  } else if (strcmp(unit, "NUMBER") == 0 || largest >= 1000) {
    w->decimals = w->se_decimals = 0;
  } else {
    w->decimals = largest >= 100 ? 1 : largest >= 1 ? 2 : 4;
    w->se_decimals = w->decimals + 1;
  }
}

static ict_status write_title(ict_text_writer *w, const ict_table_row *row) {
  const char *id = safe(w->arena, row->indicator);
  const char *title = safe(w->arena, ict_table_indicator_title(w->table, row->indicator));
  ict_str s;
  ict_str_init(&s);
  ict_str_add(&s, unit_words(row->unit_measure));
  if (row->unit_mult == 3) {
    ict_str_add(&s, ", thousands");
  } else if (row->unit_mult == 6) {
    ict_str_add(&s, ", millions");
  } else if (row->unit_mult != 0) {
    ict_str_addf(&s, ", times 10^%d", row->unit_mult);
  }
  const char *area = ict_table_area_label(w->table, row->ref_area);
  const char *const parts[] = {area, row->time_period, row->source};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (parts[i][0]) ict_str_addf(&s, "%s%s", s.len > 0 ? " \xC2\xB7 " : "", parts[i]);
  }
  const char *about = s.failed ? NULL : safe(w->arena, s.text);
  ict_str_done(&s);
  if (!id || !title || !about) return ict_err_memory(w->err);
  size_t indent = ict_utf8_width(id) + 2;
  ict_out_text(w->out, id);
  if (strcmp(id, title) != 0) { /* an indicator without a title has its id there */
    ict_out_text(w->out, "  ");
    ict_text_wrap(w->out, title, indent, indent, ICT_PAGE_WIDTH);
  }
  ict_out_text(w->out, "\n");
  ict_text_wrap(w->out, about, 0, 0, ICT_PAGE_WIDTH);
  ict_out_text(w->out, "\n\n");
  return ICT_OK;
}

static ict_status write_block(ict_text_writer *w, size_t first, size_t end) {
  ict_status st = ICT_OK;
  ict_text_lines lines = {0};
  w->arena = ict_arena_new();
  if (!w->arena) return ict_err_memory(w->err);
  choose_decimals(w, first, end);
  ICT_TRY(done, st, write_title(w, w->rows[first]));
  bool has_items = false;
  for (size_t i = first; i < end; i++) has_items |= w->rows[i]->item[0] != '\0';
  for (size_t i = first, next; i < end; i = next) {
    const char *item = w->rows[i]->item;
    for (next = i + 1; next < end; next++) {
      if (strcmp(w->rows[next]->item, item) != 0) break;
    }
    ICT_TRY(done, st, add_item(w, &lines, i, next, has_items));
  }
  ict_text_columns columns = {0};
  if (!w->view->columns(w, &columns)) {
    st = ict_err_memory(w->err);
    goto done;
  }
  st = ict_text_layout(&lines, &columns, w->arena, w->out, w->err);
done:
  ict_free(lines.lines);
  ict_arena_free(w->arena);
  w->arena = NULL;
  return st;
}

static ict_status write_legend(ict_text_writer *w) {
  size_t width = w->gaps ? strlen(NO_VALUE) : 0;
  for (size_t i = 0; i < w->flags.n; i++) {
    if (!ict_table_flag_about(w->table, w->flags.items[i].text)) continue;
    size_t flag_width = ict_utf8_width(w->flags.items[i].text);
    if (flag_width > width) width = flag_width;
  }
  if (width == 0) return ICT_OK;
  ict_out_text(w->out, "\n");
  for (size_t i = 0; i < w->flags.n; i++) {
    const char *about = ict_table_flag_about(w->table, w->flags.items[i].text);
    if (!about) continue;
    const char *flag = safe(w->all, w->flags.items[i].text);
    about = safe(w->all, about);
    if (!flag || !about) return ict_err_memory(w->err);
    int pad = (int)(width - ict_utf8_width(flag));
    ict_out_printf(w->out, "%s%*s  ", flag, pad, "");
    ict_text_wrap(w->out, about, width + 2, width + 2, ICT_PAGE_WIDTH);
    ict_out_text(w->out, "\n");
  }
  if (w->gaps) ict_out_printf(w->out, "%-*s  not available\n", (int)width, NO_VALUE);
  return ICT_OK;
}

ict_status ict_text_write(const ict_table *table, const ict_text_view *view, ict_out *out,
                          ict_err *err) {
  ict_status st = ICT_OK;
  ict_text_writer w = {
      .view = view, .table = table, .out = out, .err = err, .all = ict_arena_new()};
  if (!w.all) return ict_err_memory(err);
  ict_names_init(&w.flags, w.all);
  w.hidden_axis = SIZE_MAX;
  for (size_t a = 0; view->axis && a < ict_table_axes(table); a++)
    if (strcmp(ict_table_axis_name(table, a), view->axis) == 0) w.hidden_axis = a;
  if (!order_rows(&w)) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0, next; i < w.n_rows; i = next) {
    const ict_table_row *row = w.rows[i];
    for (next = i + 1; next < w.n_rows; next++) {
      if (!same_block(row, w.rows[next])) break;
    }
    if (i > 0) ict_out_text(out, "\n\n");
    ICT_TRY(done, st, write_block(&w, i, next));
  }
  if (w.n_rows == 0) ict_out_text(out, "No rows.\n");
  st = write_legend(&w);
done:
  ict_names_done(&w.flags);
  ict_arena_free(w.all);
  return st;
}
