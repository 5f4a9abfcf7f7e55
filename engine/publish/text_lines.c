/* text_lines.c - aligned columns for a terminal.
 *
 * In: labels and formatted cells. Out: text. Widths are counted in terminal columns, not in
 * bytes, so that labels in any script line up. */
#include "publish/text_lines.h"

#include <string.h>

#include "base/text.h"

#define GAP         2 /* between columns */
#define INDENT      2 /* per level */
#define LEAST_LABEL 24
#define MOST_NOTES  24 /* longer notes run over the edge rather than squeeze the labels */

static void spaces(ict_out *out, size_t n) {
  while (n-- > 0) ict_out_text(out, " ");
}

static void pad_left(ict_out *out, const char *text, size_t width) {
  size_t w = ict_utf8_width(text);
  spaces(out, w < width ? width - w : 0);
  ict_out_text(out, text);
}

/* The longest piece of text that fits in `room` columns and ends at a space, or, where a
 * single word is too long, at a character (at least one). */
static size_t piece(const char *text, size_t room) {
  size_t space = 0, width = 0;
  const char *p = text;
  while (*p) {
    const char *from = p;
    ict_utf8_next(&p);
    char one[8] = {0};
    memcpy(one, from, (size_t)(p - from));
    width += ict_utf8_width(one);
    if (width > room)
      return space ? space : from > text ? (size_t)(from - text) : (size_t)(p - text);
    if (*p == ' ') space = (size_t)(p - text);
  }
  return (size_t)(p - text);
}

size_t ict_text_wrap(ict_out *out, const char *text, size_t used, size_t indent, size_t width) {
  for (;;) {
    size_t n = piece(text, width > used ? width - used : 1);
    ict_out_write(out, text, n);
    if (!text[n]) return used + ict_utf8_width(text);
    text += n;
    while (*text == ' ') text++;
    ict_out_text(out, "\n");
    spaces(out, indent);
    used = indent;
  }
}

typedef struct widths {
  size_t label, low, high;
  size_t cells[ICT_MOST_COLUMNS]; /* 0: the column is left out */
} widths;

static void widen(size_t *width, size_t to) {
  if (to > *width) *width = to;
}

static void widen_text(size_t *width, const char *text) {
  if (text) widen(width, ict_utf8_width(text));
}

/* "51.4 - 56.3" with both limits aligned among the rows (an en dash). */
static ict_status join_interval(ict_text_line *line, const ict_text_columns *columns,
                                const widths *w, ict_arena *arena, ict_err *err) {
  if (columns->interval >= columns->n || !line->low || !line->high) return ICT_OK;
  int low_pad = (int)(w->low - ict_utf8_width(line->low));
  int high_pad = (int)(w->high - ict_utf8_width(line->high));
  line->cells[columns->interval] = ict_arena_printf(arena, "%*s%s \xE2\x80\x93 %*s%s", low_pad, "",
                                                    line->low, high_pad, "", line->high);
  return line->cells[columns->interval] ? ICT_OK : ict_err_memory(err);
}

static ict_status measure(ict_text_lines *lines, const ict_text_columns *columns, ict_arena *arena,
                          widths *w, ict_err *err) {
  *w = (widths){0};
  for (size_t i = 0; i < lines->n; i++) {
    ict_text_line *line = &lines->lines[i];
    widen_text(&w->low, line->low);
    widen_text(&w->high, line->high);
    if (line->cells[0]) {
      widen(&w->label, ict_utf8_width(line->label) + (size_t)(line->indent * INDENT));
    }
  }
  for (size_t i = 0; i < lines->n; i++) {
    ict_status st = join_interval(&lines->lines[i], columns, w, arena, err);
    if (st != ICT_OK) return st;
    for (size_t c = 0; c < columns->n; c++) widen_text(&w->cells[c], lines->lines[i].cells[c]);
  }
  size_t rest = 0;
  for (size_t c = 0; c < columns->n; c++) {
    if (w->cells[c] == 0) continue;
    widen_text(&w->cells[c], columns->headings[c]);
    size_t counted = c + 1 == columns->n && w->cells[c] > MOST_NOTES ? MOST_NOTES : w->cells[c];
    rest += GAP + counted;
  }
  size_t most = rest + LEAST_LABEL < ICT_PAGE_WIDTH ? ICT_PAGE_WIDTH - rest : LEAST_LABEL;
  if (w->label > most) w->label = most;
  return ICT_OK;
}

static void write_cells(ict_out *out, const ict_text_columns *columns, const char *const *cells,
                        const widths *w) {
  for (size_t c = 0; c < columns->n; c++) {
    if (w->cells[c] == 0) continue;
    if (c + 1 == columns->n) { /* last and left-aligned: nothing trails it */
      if (!cells[c] || !cells[c][0]) continue;
      spaces(out, GAP);
      ict_out_text(out, cells[c]);
    } else {
      spaces(out, GAP);
      pad_left(out, cells[c] ? cells[c] : "", w->cells[c]);
    }
  }
  ict_out_text(out, "\n");
}

static void write_line(ict_out *out, const ict_text_columns *columns, const ict_text_line *line,
                       const widths *w) {
  size_t indent = (size_t)(line->indent * INDENT);
  spaces(out, indent);
  if (!line->cells[0]) {
    ict_text_wrap(out, line->label, indent, indent + INDENT, ICT_PAGE_WIDTH);
    ict_out_text(out, "\n");
    return;
  }
  size_t used = ict_text_wrap(out, line->label, indent, indent + INDENT, w->label);
  spaces(out, used < w->label ? w->label - used : 0);
  write_cells(out, columns, line->cells, w);
}

ict_status ict_text_layout(ict_text_lines *lines, const ict_text_columns *columns, ict_arena *arena,
                           ict_out *out, ict_err *err) {
  widths w;
  ict_status st = measure(lines, columns, arena, &w, err);
  if (st != ICT_OK) return st;
  size_t rule = w.label;
  for (size_t c = 0; c < columns->n; c++) rule += w.cells[c] ? GAP + w.cells[c] : 0;
  spaces(out, w.label);
  write_cells(out, columns, columns->headings, &w);
  if (rule > ICT_PAGE_WIDTH) rule = ICT_PAGE_WIDTH;
  while (rule-- > 0) ict_out_text(out, "\xE2\x94\x80"); /* a horizontal line */
  ict_out_text(out, "\n");
  for (size_t i = 0; i < lines->n; i++) write_line(out, columns, &lines->lines[i], &w);
  return ICT_OK;
}
