/* recode_run.c - values of a file to codes, numbers and kinds of missing, by a compiled recode.
 *
 * What a cell becomes, the first that applies:
 *   blank or system-missing    the line `blank`, else `missing`
 *   extended missing (.a)      the line that names it, else `missing`
 *   a value, or its label      the line that names it
 *   a number within a range    that line
 *   user-missing in the file   `missing`
 *   a number (for numbers)     itself
 *   anything else              the line "*", else a problem
 * So "*" stands for every other answer, and never turns a missing one into a code.
 *
 * In: raw columns. Out: narrow columns, hits, problems. */
#include <math.h>

#include "intake/recode_in.h"

/* --- one cell ---------------------------------------------------------------------- */

static const ict_recode_target *find_range(const ict_recode *r, double x) {
  for (size_t i = 0; i < r->n_ranges; i++) {
    if (x >= r->ranges[i].lo && x <= r->ranges[i].hi) return &r->ranges[i].to;
  }
  return NULL;
}

/* The number it stands for in the file. False, with *bad, where it does not fit. */
static bool fit_number(const ict_recode *r, double x, double *value, ict_bad *bad) {
  double y = x * r->spec->scale;
  if (!isfinite(y)) {
    *bad = ICT_BAD_RANGE;
    return false;
  }
  if (r->spec->type == ICT_TYPE_INTEGER) {
    double whole = nearbyint(y);
    /* 0.1 * 30 is not quite 3: scaling may cost the last bits, reading never does. */
    double slack = r->spec->scale == 1 ? 0 : 1e-9 * fmax(1, fabs(y));
    if (fabs(y - whole) > slack) {
      *bad = ICT_BAD_FRACTION;
      return false;
    }
    if (whole < (double)r->spec->lowest || whole > (double)r->spec->highest || whole < INT32_MIN ||
        whole > INT32_MAX - ICT_MISSING_MARKS) {
      *bad = ICT_BAD_RANGE;
      return false;
    }
    y = whole;
  }
  *value = y + 0.0; /* no negative zero */
  return true;
}

static bool is_user_missing_text(const ict_recode *r, ict_slice s) {
  for (size_t i = 0; i < r->variable->n_missing; i++) {
    const char *text = r->variable->missing[i].text;
    if (!text) continue;
    ict_slice m = ict_slice_trim(ict_slice_of(text));
    if (ict_slice_same(m, s)) return true;
  }
  return false;
}

static bool is_user_missing(const ict_recode *r, double x) {
  for (size_t i = 0; i < r->variable->n_missing; i++) {
    const ict_missing_range *m = &r->variable->missing[i];
    if (!m->text && x >= m->lo && x <= m->hi) return true;
  }
  return false;
}

/* What a cell becomes: a target (with *x its number where it is to stand for itself), or
 * NULL with *bad. */
static const ict_recode_target *resolve_text(const ict_recode *r, ict_slice raw, double *x,
                                             ict_bad *bad) {
  static const ict_recode_target number = {.kind = ICT_PRESENT, .itself = true, .rule = SIZE_MAX};
  ict_slice s = ict_slice_trim(raw);
  if (s.len == 0) return &r->blank;
  static const ict_recode_entry none;
  const ict_recode_entry *e = r->has_entries ? ict_recode_place_text(r, s) : &none;
  if (e->used && !e->to.itself) return &e->to;
  bool numeric = r->spec->type != ICT_TYPE_CODE;
  bool parsed = (numeric || r->n_ranges > 0) && ict_number_parse(s, r->decimal, x);
  if (parsed) {
    const ict_recode_target *to = e->used ? &e->to : find_range(r, *x);
    if (to) return to;
  }
  if (is_user_missing_text(r, s)) return &r->missing;
  if (numeric && parsed) return &number;
  if (r->other) return r->other;
  *bad = !numeric                                                ? ICT_BAD_UNMAPPED
         : ict_number_parse(s, r->decimal == '.' ? ',' : '.', x) ? ICT_BAD_DECIMAL
                                                                 : ICT_BAD_NUMBER;
  return NULL;
}

static const ict_recode_target *resolve_number(const ict_recode *r, double x, char tag,
                                               ict_bad *bad) {
  static const ict_recode_target number = {.kind = ICT_PRESENT, .itself = true, .rule = SIZE_MAX};
  if (tag) return &r->tag[(unsigned char)tag];
  if (isnan(x)) return &r->blank;
  if (r->has_entries) {
    const ict_recode_entry *e = ict_recode_place_number(r, x);
    if (e->used) return &e->to;
  }
  const ict_recode_target *to = find_range(r, x);
  if (to) return to;
  if (is_user_missing(r, x)) return &r->missing;
  if (r->spec->type != ICT_TYPE_CODE) return &number;
  if (r->other) return r->other;
  *bad = ICT_BAD_UNMAPPED;
  return NULL;
}

static uint32_t rule_of(const ict_recode *r, size_t rule) {
  return (uint32_t)(rule < r->spec->n_values ? rule : r->spec->n_values);
}

/* The whole of it for one cell. False: a problem. */
static bool settle(const ict_recode *r, const ict_raw_column *column, size_t row,
                   ict_recode_ready *out, ict_bad *bad) {
  double x = 0;
  const ict_recode_target *t;
  *bad = ICT_BAD_UNMAPPED;
  if (column->type == ICT_RAW_TEXT) {
    t = resolve_text(r, ict_raw_text(column, row), &x, bad);
  } else {
    x = column->number[row];
    t = resolve_number(r, x, column->tag ? column->tag[row] : '\0', bad);
  }
  if (!t) return false;
  *out = (ict_recode_ready){.known = true, .rule = rule_of(r, t->rule)};
  if (t->kind != ICT_PRESENT) {
    ict_cell_put_missing(r->width, &out->cell, 0, t->kind);
    return true;
  }
  double value = t->value;
  if (t->itself && !fit_number(r, x, &value, bad)) return false;
  ict_cell_put(r->width, &out->cell, 0, value);
  return true;
}

/* --- answers worked out beforehand -------------------------------------------------- */

static void settle_text(const ict_recode *r, const char *text, size_t len, ict_recode_ready *out) {
  ict_slice slice = {text, len};
  ict_bad bad;
  if (!settle(r, &(ict_raw_column){.type = ICT_RAW_TEXT, .text = &slice}, 0, out, &bad))
    *out = (ict_recode_ready){0};
}

static void settle_number(const ict_recode *r, double x, ict_recode_ready *out) {
  ict_bad bad;
  if (!settle(r, &(ict_raw_column){.type = ICT_RAW_NUMBER, .number = &x}, 0, out, &bad))
    *out = (ict_recode_ready){0};
}

static void make_glance(ict_recode *r) {
  ict_recode_glance *g = &r->glance;
  g->useful = r->width == ICT_U8 && r->spec->n_values + 1 < ICT_GLANCE_LINES;
  for (size_t i = 0; i < 512 && g->useful; i++) {
    const ict_recode_ready *is = i < 256 ? &r->empty : &r->one[i - 256];
    uint32_t line = is->known ? is->rule : ICT_GLANCE_LINES - 1;
    g->cell[i / 256][i % 256] = is->cell.u8;
    *(line < 8 ? &g->count[i / 256][i % 256].low : &g->count[i / 256][i % 256].high) =
        UINT64_C(1) << line % 8 * 8;
  }
}

void ict_recode_make_ready(ict_recode *r) {
  r->plain =
      r->width == ICT_F64 && !r->has_entries && r->n_ranges == 0 && r->variable->n_missing == 0;
  if (r->variable->type != ICT_RAW_TEXT) {
    for (size_t i = 0; i < ICT_RECODE_WHOLE; i++) settle_number(r, (double)i, &r->whole[i]);
    settle_number(r, NAN, &r->empty);
    return;
  }
  settle_text(r, "", 0, &r->empty);
  for (size_t i = 0; i < 256; i++) settle_text(r, (char[]){(char)i}, 1, &r->one[i]);
  for (size_t i = 0; i < 100; i++)
    settle_text(r, (char[]){(char)('0' + i / 10), (char)('0' + i % 10)}, 2, &r->two[i]);
  make_glance(r);
}

static const ict_recode_ready never = {0};

static inline const ict_recode_ready *ready_slice(const ict_recode *r, ict_slice s) {
  if (s.len == 1) return &r->one[(unsigned char)s.text[0]];
  if (s.len == 0) return &r->empty;
  if (s.len != 2) return &never;
  unsigned tens = (unsigned)(unsigned char)s.text[0] - '0', ones = (unsigned char)s.text[1] - '0';
  return tens < 10 && ones < 10 ? &r->two[tens * 10 + ones] : &never;
}

static inline const ict_recode_ready *ready_text(const ict_recode *r, ict_slice raw) {
  return ready_slice(r, ict_slice_trim(raw));
}

/* Of one byte, or none, there is nothing to trim that the table does not know of. */
static inline const ict_recode_ready *ready_cell(const ict_recode *r, ict_slice raw) {
  return raw.len == 1 ? &r->one[(unsigned char)raw.text[0]] : ready_text(r, raw);
}

static inline const ict_recode_ready *ready_number(const ict_recode *r,
                                                   const ict_raw_column *column, size_t row) {
  double x = column->number[row];
  if (column->tag && column->tag[row]) return &never;
  if (!(x >= 0 && x < ICT_RECODE_WHOLE)) return x != x ? &r->empty : &never;
  unsigned i = (unsigned)x;
  return i == x ? &r->whole[i] : &never;
}

/* --- columns ------------------------------------------------------------------------ */

/* A cell that nothing is ready for; a problem is noted, and is stored as missing. 0, or -1 where
 * memory is short. */
static int settle_cell(const ict_recode *r, const ict_raw_column *column, size_t row, uint64_t line,
                       ict_recode_ready *made, ict_problems *problems) {
  ict_bad bad;
  if (settle(r, column, row, made, &bad)) return 0;
  char buf[ICT_NUMBER_TEXT];
  ict_slice shown = r->spec->quote ? ict_cell_text(column, row, buf) : (ict_slice){"", 0};
  *made = (ict_recode_ready){.rule = rule_of(r, SIZE_MAX)};
  ict_cell_put_missing(r->width, &made->cell, 0, ICT_MISSING);
  return ict_problems_add(problems, bad, shown, line);
}

/* How the values of a column are laid out. */
typedef enum layout { SLICES, CELLS, NUMBERS } layout;

static inline ict_slice text_at(const ict_raw_column *column, size_t row, layout of) {
  return of == CELLS ? ict_raw_cell(column, row) : column->text[row];
}

static inline const ict_recode_ready *ready_at(const ict_recode *r, const ict_raw_column *column,
                                               size_t row, layout of) {
  if (of == NUMBERS) return ready_number(r, column, row);
  return of == CELLS ? ready_cell(r, text_at(column, row, of))
                     : ready_text(r, text_at(column, row, of));
}

/* Cells of one byte or none, as answers to most questions are: a few rows without a branch. Behind
 * the delimiter before a cell of none is the next one, so there is a byte to look at. False:
 * another cell is among them, or one that nothing is ready for; then nothing was counted. */
enum { GLANCE = 128 }; /* no more than a count of a byte can tell */

static bool glance(const ict_recode *r, const ict_raw_column *column, size_t n_rows, uint8_t *to,
                   uint64_t *hits) {
  const ict_recode_glance *g = &r->glance;
  const char *bytes = column->bytes; /* read once: bytes that are written may be anything */
  const uint32_t *end = column->end;
  const size_t stride = column->stride;
  uint32_t lengths = 0;
  struct ict_recode_count n = {0, 0};
  if (!g->useful || n_rows > GLANCE || end[0] - end[-1] > 2) return false;
  for (size_t i = 0; i < n_rows; i++, end += stride) {
    uint32_t start = end[-1] + 1, len = end[0] - start;
    unsigned char byte = (unsigned char)bytes[start];
    lengths |= len;
    to[i] = g->cell[len & 1][byte];
    n.low += g->count[len & 1][byte].low;
    n.high += g->count[len & 1][byte].high;
  }
  if (lengths > 1 || n.high >> 56 != 0) return false;
  for (size_t line = 0; line <= r->spec->n_values; line++)
    hits[line] += (line < 8 ? n.low : n.high) >> line % 8 * 8 & 0xFF;
  return true;
}

/* With `size` and `of` constant this is a loop of its own for each kind of column. */
static inline __attribute__((always_inline)) int run(const ict_recode *r,
                                                     const ict_raw_column *column,
                                                     const uint64_t *line, size_t n_rows, char *to,
                                                     uint64_t *hits, ict_problems *problems,
                                                     size_t size, layout of) {
  ict_recode_ready made = never;
  for (size_t i = 0; i < n_rows; i++) {
    const ict_recode_ready *is = ready_at(r, column, i, of);
    if (!is->known) {
      bool again = of != NUMBERS && made.known &&
                   ict_slice_same(text_at(column, i, of), text_at(column, i - 1, of));
      is = &made;
      if (!again && settle_cell(r, column, i, line[i], &made, problems) != 0) return -1;
    } else if (of != NUMBERS) {
      made.known = false; /* no longer that of the row before */
    }
    hits[is->rule]++;
    memcpy(to + i * size, &is->cell, size);
  }
  return 0;
}

/* False: none, or one that is not finite. */
static inline bool plain_at(const ict_recode *r, const ict_raw_column *column, size_t row,
                            layout of, double *y) {
  double x;
  if (of == NUMBERS) {
    if (column->tag && column->tag[row]) return false;
    x = column->number[row];
  } else if (!ict_number_parse(ict_slice_trim(text_at(column, row, of)), r->decimal, &x)) {
    return false;
  }
  *y = x * r->spec->scale;
  return isfinite(*y);
}

/* Weights and amounts: no line is about them. */
static int run_plain(const ict_recode *r, const ict_raw_column *column, const uint64_t *line,
                     size_t n_rows, double *to, uint64_t *hits, ict_problems *problems, layout of) {
  for (size_t i = 0; i < n_rows; i++) {
    if (plain_at(r, column, i, of, &to[i])) {
      to[i] += 0.0; /* no negative zero */
      continue;
    }
    const ict_raw_column one = ict_raw_from(column, i);
    if (run(r, &one, line + i, 1, (char *)(to + i), hits, problems, sizeof *to, of) != 0) return -1;
  }
  return 0;
}

int ict_recode_run(const ict_recode *r, const ict_raw_column *column, const uint64_t *line,
                   size_t n_rows, void *to, uint64_t *hits, ict_problems *problems) {
#define RUN(size, of) run(r, column, line, n_rows, to, hits, problems, size, of)
#define RUN_ANY(size) \
  (of == CELLS ? RUN(size, CELLS) : of == SLICES ? RUN(size, SLICES) : RUN(size, NUMBERS))
  layout of = column->type == ICT_RAW_NUMBER ? NUMBERS : column->text ? SLICES : CELLS;
  if (r->plain) return run_plain(r, column, line, n_rows, to, hits, problems, of);
  if (of == CELLS && glance(r, column, n_rows, to, hits)) return 0;
  switch (ict_width_bytes(r->width)) {
    case 1:
      return RUN_ANY(1);
    case 2:
      return RUN_ANY(2);
    case 4:
      return RUN_ANY(4);
    default:
      return RUN_ANY(8);
  }
#undef RUN_ANY
#undef RUN
}
