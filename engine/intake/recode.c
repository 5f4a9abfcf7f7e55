/* recode.c - values of a file to codes, numbers and kinds of missing.
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
#include "intake/recode.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"

enum { N_WHOLE = 100 };

typedef struct target {
  ict_missing kind; /* PRESENT: value */
  bool itself;      /* the number that stands in the file */
  double value;     /* code index, or number */
  size_t rule;      /* index of the line; n_values: none of them */
} target;

typedef struct entry {
  bool used;
  ict_slice text; /* text columns */
  double number;  /* number columns */
  target to;
} entry;

typedef struct range {
  double lo, hi;
  target to;
} range;

typedef union stored { /* one cell of a column, in the column's width */
  uint8_t u8;
  uint16_t u16;
  int32_t i32;
  double f64;
} stored;

/* What a value becomes, worked out beforehand; small, as there are hundreds a variable. */
typedef struct ready {
  stored cell;
  uint32_t rule; /* n_values or more: none of the lines */
  bool known;    /* else a problem, or never asked; see settle */
} ready;

struct ict_recode {
  const ict_recode_spec *spec;
  const ict_source_variable *variable;
  char decimal;
  ict_width width;
  size_t mask; /* of the hash table */
  entry *table;
  size_t n_ranges;
  range *ranges;
  target blank, missing, tag[256];
  const target *other; /* or NULL */
  target other_target;
  bool has_entries; /* is anything in the table? */
  bool plain;       /* every number stands for itself, scaled */
  /* Nearly every answer is one byte of text, two digits, a small whole number, or none. */
  ready one[256], two[100], whole[N_WHOLE], empty;
};

/* --- compiling -------------------------------------------------------------------- */

static uint64_t hash_number(double x) {
  x += 0.0; /* -0 and 0 are one value */
  return ict_hash64(&x, sizeof x, 0);
}

static entry *place_text(const ict_recode *r, ict_slice text) {
  size_t at = (size_t)ict_hash64(text.text, text.len, 0) & r->mask;
  for (; r->table[at].used; at = (at + 1) & r->mask) {
    ict_slice there = r->table[at].text;
    if (there.len == text.len && memcmp(there.text, text.text, text.len) == 0) break;
  }
  return &r->table[at];
}

static entry *place_number(const ict_recode *r, double x) {
  size_t at = (size_t)hash_number(x) & r->mask;
  for (; r->table[at].used && r->table[at].number != x; at = (at + 1) & r->mask) continue;
  return &r->table[at];
}

/* The first line that names a value keeps it. */
static void enter_text(ict_recode *r, ict_slice text, target to) {
  entry *e = place_text(r, text);
  r->has_entries = true;
  if (!e->used) *e = (entry){.used = true, .text = text, .to = to};
}

static void enter_number(ict_recode *r, double x, target to) {
  entry *e = place_number(r, x);
  r->has_entries = true;
  if (!e->used) *e = (entry){.used = true, .number = x, .to = to};
}

static bool is_tag(const char *text) {
  return text[0] == '.' && text[1] != '\0' && text[2] == '\0';
}

/* A value as it stands in the file. */
static bool enter_value(ict_recode *r, const char *text, target to) {
  ict_slice s = ict_slice_trim(ict_slice_of(text));
  double x;
  if (r->variable->type == ICT_RAW_TEXT) {
    enter_text(r, s, to);
  } else if (ict_number_parse(s, '.', &x)) {
    enter_number(r, x, to);
  } else if (is_tag(text)) {
    r->tag[(unsigned char)text[1]] = to;
  } else {
    return false;
  }
  return true;
}

/* All values that carry the label. */
static void enter_label(ict_recode *r, const char *text, target to) {
  ict_slice wanted = ict_slice_trim(ict_slice_of(text));
  for (size_t i = 0; i < r->variable->n_labels; i++) {
    const ict_value_label *label = &r->variable->labels[i];
    ict_slice s = ict_slice_trim(ict_slice_of(label->label));
    if (s.len != wanted.len || memcmp(s.text, wanted.text, s.len) != 0) continue;
    if (label->is_text) {
      enter_text(r, ict_slice_trim(ict_slice_of(label->text)), to);
    } else if (label->tag) {
      r->tag[(unsigned char)label->tag] = to;
    } else {
      enter_number(r, label->number, to);
    }
  }
}

static target target_of(const ict_recode *r, size_t rule) {
  const ict_map_value *v = &r->spec->values[rule];
  target to = {.kind = ICT_PRESENT, .rule = rule};
  if (!v->code) {
    to.kind = v->missing;
    to.itself = v->missing == ICT_PRESENT;
  } else if (r->spec->type == ICT_TYPE_CODE) {
    long i = ict_codelist_find(r->spec->codes, v->code);
    if (i < 0) {
      to.kind = ICT_MISSING; /* the catalogue has refused such a line already */
    } else {
      to.value = (double)i;
    }
  } else if (!ict_number_parse(ict_slice_of(v->code), '.', &to.value)) {
    to.kind = ICT_MISSING;
  }
  return to;
}

static void compile_value(ict_recode *r, size_t rule, bool labels) {
  const ict_map_value *v = &r->spec->values[rule];
  target to = target_of(r, rule);
  switch (v->from) {
    case ICT_FROM_VALUE:
      /* Values first, then labels: a label that looks like another value yields. */
      if (!labels) {
        enter_value(r, v->text, to);
      } else {
        enter_label(r, v->text, to);
      }
      break;
    case ICT_FROM_RANGE:
      if (!labels) r->ranges[r->n_ranges++] = (range){v->lo, v->hi, to};
      break;
    case ICT_FROM_BLANK:
      r->blank = to;
      break;
    case ICT_FROM_OTHER:
      r->other_target = to;
      r->other = &r->other_target;
      break;
  }
}

/* Coded without a map: the file's values are the codes. */
static void compile_codes(ict_recode *r) {
  for (size_t i = 0; i < r->spec->codes->n; i++) {
    enter_value(r, r->spec->codes->codes[i].id,
                (target){.kind = ICT_PRESENT, .value = (double)i, .rule = r->spec->n_values});
  }
}

/* The table and what stands beside it. */
static bool enter(ict_recode *r, const ict_recode_spec *spec, const ict_source_variable *variable,
                  char decimal, ict_arena *arena) {
  bool coded = spec->type == ICT_TYPE_CODE;
  size_t n = spec->n_values + variable->n_labels + (coded ? spec->codes->n : 0), size = 16;
  while (size < 2 * n + 2) size *= 2;
  r->table = ict_arena_alloc(arena, size, sizeof *r->table);
  r->ranges = ict_arena_alloc(arena, spec->n_values + 1, sizeof *r->ranges);
  if (!r->table || !r->ranges) return false;
  r->mask = size - 1;
  r->spec = spec;
  r->variable = variable;
  r->decimal = variable->type == ICT_RAW_TEXT && decimal ? decimal : '.';
  r->width =
      coded ? ict_width_for_codes(spec->codes->n)
            : (spec->type == ICT_TYPE_INTEGER ? ict_width_for_range(spec->lowest, spec->highest)
                                              : ICT_F64);
  r->missing = r->blank = (target){.kind = ICT_MISSING, .rule = spec->n_values};
  for (size_t i = 0; i < 256; i++) r->tag[i] = r->missing;
  for (size_t i = 0; i < spec->n_values; i++) compile_value(r, i, false);
  for (size_t i = 0; i < spec->n_values; i++) compile_value(r, i, true);
  if (coded && spec->n_values == 0) compile_codes(r);
  return true;
}

ict_width ict_recode_width(const ict_recode *recode) { return recode->width; }

/* --- stored values ---------------------------------------------------------------- */

static size_t whole_text(double x, char *buf) {
  char digits[ICT_NUMBER_TEXT];
  size_t n = 0, len = 0;
  uint64_t rest = (uint64_t)fabs(x);
  do {
    digits[n++] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (x < 0) buf[len++] = '-';
  while (n > 0) buf[len++] = digits[--n];
  return len;
}

ict_slice ict_cell_text(const ict_raw_column *column, size_t row, char buf[ICT_NUMBER_TEXT]) {
  if (column->type == ICT_RAW_TEXT) return ict_slice_trim(column->text[row]);
  double x = column->number[row];
  char tag = column->tag ? column->tag[row] : '\0';
  if (tag) {
    buf[0] = '.';
    buf[1] = tag;
    return (ict_slice){buf, 2};
  }
  if (isnan(x)) return (ict_slice){buf, 0};
  /* Up to 2^53 every whole number is itself. */
  if (fabs(x) <= 9007199254740992.0 && x == floor(x)) return (ict_slice){buf, whole_text(x, buf)};
  return (ict_slice){buf, ict_number_text(x, buf)};
}

/* --- running ---------------------------------------------------------------------- */

static const target *find_range(const ict_recode *r, double x) {
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
    if (m.len == s.len && memcmp(m.text, s.text, s.len) == 0) return true;
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
static const target *resolve_text(const ict_recode *r, ict_slice raw, double *x, ict_bad *bad) {
  static const target number = {.kind = ICT_PRESENT, .itself = true, .rule = SIZE_MAX};
  ict_slice s = ict_slice_trim(raw);
  if (s.len == 0) return &r->blank;
  static const entry none;
  const entry *e = r->has_entries ? place_text(r, s) : &none;
  if (e->used && !e->to.itself) return &e->to;
  bool numeric = r->spec->type != ICT_TYPE_CODE;
  bool parsed = (numeric || r->n_ranges > 0) && ict_number_parse(s, r->decimal, x);
  if (parsed) {
    const target *to = e->used ? &e->to : find_range(r, *x);
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

static const target *resolve_number(const ict_recode *r, double x, char tag, ict_bad *bad) {
  static const target number = {.kind = ICT_PRESENT, .itself = true, .rule = SIZE_MAX};
  if (tag) return &r->tag[(unsigned char)tag];
  if (isnan(x)) return &r->blank;
  if (r->has_entries) {
    const entry *e = place_number(r, x);
    if (e->used) return &e->to;
  }
  const target *to = find_range(r, x);
  if (to) return to;
  if (is_user_missing(r, x)) return &r->missing;
  if (r->spec->type != ICT_TYPE_CODE) return &number;
  if (r->other) return r->other;
  *bad = ICT_BAD_UNMAPPED;
  return NULL;
}

/* The whole of it for one cell. False: a problem. */
static bool settle(const ict_recode *r, const ict_raw_column *column, size_t row, ready *out,
                   ict_bad *bad) {
  double x = 0;
  const target *t;
  *bad = ICT_BAD_UNMAPPED;
  if (column->type == ICT_RAW_TEXT) {
    t = resolve_text(r, column->text[row], &x, bad);
  } else {
    x = column->number[row];
    t = resolve_number(r, x, column->tag ? column->tag[row] : '\0', bad);
  }
  if (!t) return false;
  *out = (ready){.known = true, .rule = t->rule < UINT32_MAX ? (uint32_t)t->rule : UINT32_MAX};
  if (t->kind != ICT_PRESENT) {
    ict_cell_put_missing(r->width, &out->cell, 0, t->kind);
    return true;
  }
  double value = t->value;
  if (t->itself && !fit_number(r, x, &value, bad)) return false;
  ict_cell_put(r->width, &out->cell, 0, value);
  return true;
}

static void settle_text(const ict_recode *r, const char *text, size_t len, ready *out) {
  ict_slice slice = {text, len};
  ict_bad bad;
  if (!settle(r, &(ict_raw_column){.type = ICT_RAW_TEXT, .text = &slice}, 0, out, &bad))
    *out = (ready){0};
}

static void settle_number(const ict_recode *r, double x, ready *out) {
  ict_bad bad;
  if (!settle(r, &(ict_raw_column){.type = ICT_RAW_NUMBER, .number = &x}, 0, out, &bad))
    *out = (ready){0};
}

static void make_ready(ict_recode *r) {
  if (r->variable->type != ICT_RAW_TEXT) {
    for (size_t i = 0; i < N_WHOLE; i++) settle_number(r, (double)i, &r->whole[i]);
    settle_number(r, NAN, &r->empty);
    r->plain =
        r->width == ICT_F64 && !r->has_entries && r->n_ranges == 0 && r->variable->n_missing == 0;
    return;
  }
  settle_text(r, "", 0, &r->empty);
  for (size_t i = 0; i < 256; i++) settle_text(r, (char[]){(char)i}, 1, &r->one[i]);
  for (size_t i = 0; i < 100; i++)
    settle_text(r, (char[]){(char)('0' + i / 10), (char)('0' + i % 10)}, 2, &r->two[i]);
}

static const ready never = {0};

static inline const ready *ready_text(const ict_recode *r, ict_slice raw) {
  ict_slice s = ict_slice_trim(raw);
  if (s.len == 1) return &r->one[(unsigned char)s.text[0]];
  if (s.len == 0) return &r->empty;
  if (s.len != 2) return &never;
  unsigned tens = (unsigned)(unsigned char)s.text[0] - '0', ones = (unsigned char)s.text[1] - '0';
  return tens < 10 && ones < 10 ? &r->two[tens * 10 + ones] : &never;
}

static inline const ready *ready_number(const ict_recode *r, const ict_raw_column *column,
                                        size_t row) {
  double x = column->number[row];
  if (column->tag && column->tag[row]) return &never;
  if (!(x >= 0 && x < N_WHOLE)) return x != x ? &r->empty : &never;
  unsigned i = (unsigned)x;
  return i == x ? &r->whole[i] : &never;
}

/* A cell that nothing is ready for; a problem is noted, and is stored as missing. 0, or -1 where
 * memory is short. */
static int settle_cell(const ict_recode *r, const ict_raw_column *column, size_t row, uint64_t line,
                       ready *made, ict_problems *problems) {
  ict_bad bad;
  if (settle(r, column, row, made, &bad)) return 0;
  char buf[ICT_NUMBER_TEXT];
  ict_slice shown = r->spec->quote ? ict_cell_text(column, row, buf) : (ict_slice){"", 0};
  *made = (ready){.rule = UINT32_MAX};
  ict_cell_put_missing(r->width, &made->cell, 0, ICT_MISSING);
  return ict_problems_add(problems, bad, shown, line);
}

static bool same_text(ict_slice a, ict_slice b) {
  return a.len == b.len && (a.text == b.text || memcmp(a.text, b.text, a.len) == 0);
}

/* With `size` and `is_text` constant this is a loop of its own for each kind of column. */
static inline __attribute__((always_inline)) int run(const ict_recode *r,
                                                     const ict_raw_column *column,
                                                     const uint64_t *line, size_t n_rows, char *to,
                                                     uint64_t *hits, ict_problems *problems,
                                                     size_t size, bool is_text) {
  size_t n_values = r->spec->n_values;
  ready made = never;
  for (size_t i = 0; i < n_rows; i++) {
    const ready *is = is_text ? ready_text(r, column->text[i]) : ready_number(r, column, i);
    if (!is->known) {
      bool again = is_text && made.known && same_text(column->text[i], column->text[i - 1]);
      is = &made;
      if (!again && settle_cell(r, column, i, line[i], &made, problems) != 0) return -1;
    } else if (is_text) {
      made.known = false; /* no longer that of the row before */
    }
    if (is->rule < n_values) hits[is->rule]++;
    memcpy(to + i * size, &is->cell, size);
  }
  return 0;
}

/* Weights and amounts: no line is about them. */
static int run_plain(const ict_recode *r, const ict_raw_column *column, const uint64_t *line,
                     size_t n_rows, double *to, uint64_t *hits, ict_problems *problems) {
  for (size_t i = 0; i < n_rows; i++) {
    double y = column->number[i] * r->spec->scale;
    to[i] = y + 0.0; /* no negative zero */
    if (isfinite(y) && !(column->tag && column->tag[i])) continue;
    const ict_raw_column one = {.type = ICT_RAW_NUMBER,
                                .number = column->number + i,
                                .tag = column->tag ? column->tag + i : NULL};
    if (run(r, &one, line + i, 1, (char *)(to + i), hits, problems, sizeof *to, false) != 0)
      return -1;
  }
  return 0;
}

int ict_recode_run(const ict_recode *r, const ict_raw_column *column, const uint64_t *line,
                   size_t n_rows, void *to, uint64_t *hits, ict_problems *problems) {
#define RUN(size, is_text) run(r, column, line, n_rows, to, hits, problems, size, is_text)
  bool is_text = column->type == ICT_RAW_TEXT;
  if (r->plain && !is_text) return run_plain(r, column, line, n_rows, to, hits, problems);
  switch (ict_width_bytes(r->width)) {
    case 1:
      return is_text ? RUN(1, true) : RUN(1, false);
    case 2:
      return is_text ? RUN(2, true) : RUN(2, false);
    case 4:
      return is_text ? RUN(4, true) : RUN(4, false);
    default:
      return is_text ? RUN(8, true) : RUN(8, false);
  }
#undef RUN
}

ict_recode *ict_recode_compile(const ict_recode_spec *spec, const ict_source_variable *variable,
                               char decimal, ict_arena *arena) {
  ict_recode *r = ict_arena_alloc(arena, 1, sizeof *r);
  if (!r || !enter(r, spec, variable, decimal, arena)) return NULL;
  make_ready(r);
  return r;
}
