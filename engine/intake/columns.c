/* columns.c - a unit's columns over the rows of its frame: what they hold, and the same in order.
 *
 * In: columns in the rows of their files, the frame's rows. Out: summaries; gathered columns.
 * Owns: nothing.
 *
 * These two loops visit every cell of a survey, so they go by blocks of rows and by width; what a
 * mark or a width means is asked once a block, not once a cell. */
#include <math.h>
#include <string.h>

#include "base/par.h"
#include "intake/work.h"

enum { BLOCK = 4096 };

/* The values of a unit's variable, and their file. */
static const ict_work_var *source_of(const ict_work *work, const ict_work_var *var, size_t *file) {
  const ict_work_unit *owner = &work->units[var->owner];
  *file = owner->file;
  for (size_t i = 0; i < owner->map->n_vars; i++) {
    if (owner->vars[i].map == var->map) return &owner->vars[i];
  }
  return NULL; /* not reached: an inherited variable has an owner */
}

/* The rows of `file` that belong to rows [from, from + n) of the frame; n <= BLOCK. */
static const uint32_t *rows_in(const ict_work *work, const ict_work_unit *unit, size_t file,
                               size_t from, size_t n, uint32_t at[BLOCK]) {
  if (file == unit->file) return unit->rows + from;
  for (size_t i = 0; i < n; i++)
    at[i] = ict_linked_row(work, unit->file, file, unit->rows[from + i]);
  return at;
}

static size_t block_at(const ict_work_unit *unit, size_t from) {
  return unit->n_rows - from < BLOCK ? unit->n_rows - from : BLOCK;
}

/* --- what a column holds ---------------------------------------------------------- */

static void note(ict_summary *s, double value) {
  s->n_values++;
  if (value < s->lowest) s->lowest = value;
  if (value > s->highest) s->highest = value;
}

/* Of values that need a byte it is enough to know how often each occurs. */
static void count_bytes(const uint8_t *values, const uint32_t *rows, size_t n, uint64_t *count) {
  const uint8_t unlinked = ict_missing_u8(ICT_UNLINKED);
  for (size_t i = 0; i < n; i++) count[rows[i] == ICT_NO_ROW ? unlinked : values[rows[i]]]++;
}

/* The same of bytes that stand side by side, in four counts: one that goes up by 1 for byte after
 * byte would wait for itself. */
static void count_run(const uint8_t *values, size_t n, uint64_t *count) {
  uint32_t part[4][256] = {{0}};
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    part[0][values[i]]++;
    part[1][values[i + 1]]++;
    part[2][values[i + 2]]++;
    part[3][values[i + 3]]++;
  }
  for (; i < n; i++) part[0][values[i]]++;
  for (size_t v = 0; v < 256; v++)
    count[v] += (uint64_t)part[0][v] + part[1][v] + part[2][v] + part[3][v];
}

static void note_bytes(const uint64_t *count, ict_summary *s) {
  for (unsigned v = 0; v < 256; v++) {
    if (count[v] == 0) continue;
    ict_missing kind = ict_missing_of_u8((uint8_t)v);
    s->kinds[kind] += count[v];
    if (kind != ICT_PRESENT) continue;
    note(s, v);
    s->n_values += count[v] - 1;
  }
}

/* The value at rows[i], or where they stand one after another at from + i. */
static inline double value_at(ict_width width, const void *values, const uint32_t *rows,
                              size_t from, size_t i, ict_missing *kind) {
  *kind = ICT_UNLINKED;
  if (!rows) return ict_cell_get(width, values, from + i, kind);
  return rows[i] == ICT_NO_ROW ? 0 : ict_cell_get(width, values, rows[i], kind);
}

static void note_wide(ict_width width, const void *values, const uint32_t *rows, size_t from,
                      size_t n, ict_summary *s) {
  for (size_t i = 0; i < n; i++) {
    ict_missing kind;
    double value = value_at(width, values, rows, from, i, &kind);
    s->kinds[kind]++;
    if (kind == ICT_PRESENT) note(s, value);
  }
}

/* What a column holds in all rows of its file is the same in any order. */
static bool any_order(const ict_work *work, const ict_work_unit *unit, size_t file) {
  return file == unit->file && unit->n_rows == work->files[file].n_rows;
}

static void summarise(const ict_work *work, const ict_work_unit *unit, ict_work_var *var) {
  ict_summary s = {.lowest = INFINITY, .highest = -INFINITY};
  uint64_t count[256] = {0};
  uint32_t at[BLOCK];
  size_t file;
  const ict_work_var *source = source_of(work, var, &file);
  bool straight = any_order(work, unit, file);
  for (size_t from = 0; from < unit->n_rows; from += BLOCK) {
    size_t n = block_at(unit, from);
    const uint32_t *rows = straight ? NULL : rows_in(work, unit, file, from, n, at);
    if (source->width != ICT_U8) {
      note_wide(source->width, source->values, rows, from, n, &s);
    } else if (rows) {
      count_bytes(source->values, rows, n, count);
    } else {
      count_run((const uint8_t *)source->values + from, n, count);
    }
  }
  note_bytes(count, &s);
  var->summary = s;
}

typedef struct summarising {
  const ict_work *work;
  ict_work_unit *unit;
} summarising;

static void summarise_one(void *ctx, size_t i, int thread) {
  summarising *job = ctx;
  (void)thread;
  summarise(job->work, job->unit, &job->unit->vars[i]);
}

void ict_summarise(const ict_work *work, ict_work_unit *unit) {
  summarising job = {work, unit};
  ict_par_run(unit->n_vars, work->threads, summarise_one, &job);
}

/* --- in the order of the frame ---------------------------------------------------- */

static void take_u8(const uint8_t *values, const uint32_t *rows, size_t n, uint8_t *to) {
  const uint8_t unlinked = ict_missing_u8(ICT_UNLINKED);
  for (size_t i = 0; i < n; i++) to[i] = rows[i] == ICT_NO_ROW ? unlinked : values[rows[i]];
}

/* Whole numbers that fit, and marks: in every width these are the last bits of the widest. */
static void take_narrow(const int32_t *values, size_t n, uint8_t *to) {
  for (size_t i = 0; i < n; i++) to[i] = (uint8_t)values[i];
}

static void take_any(ict_width from, const void *values, const uint32_t *rows, size_t n,
                     ict_width width, void *to, size_t first) {
  for (size_t i = 0; i < n; i++) {
    ict_missing kind;
    double value = value_at(from, values, rows, 0, i, &kind);
    if (kind == ICT_PRESENT) {
      ict_cell_put(width, to, first + i, value);
    } else {
      ict_cell_put_missing(width, to, first + i, kind);
    }
  }
}

/* Stretches of a column of the unit's own file. False: of this width row after row. */
static bool take_stretches(const ict_work_unit *unit, const ict_work_var *source, ict_width width,
                           void *to) {
  size_t size = ict_width_bytes(width);
  bool narrow = source->width == ICT_I32 && width == ICT_U8;
  if (!unit->stretch_at || (source->width != width && !narrow)) return false;
  for (size_t s = 0; s < unit->n_stretches; s++) {
    size_t at = unit->stretch_at[s], n = unit->stretch_at[s + 1] - at, row = unit->rows[at];
    if (narrow) {
      take_narrow((const int32_t *)source->values + row, n, (uint8_t *)to + at);
    } else {
      memcpy((char *)to + at * size, (const char *)source->values + row * size, n * size);
    }
  }
  return true;
}

void ict_gather(const ict_work *work, const ict_work_unit *unit, const ict_work_var *var,
                ict_width width, void *to) {
  uint32_t at[BLOCK];
  size_t file;
  const ict_work_var *source = source_of(work, var, &file);
  if (file == unit->file && take_stretches(unit, source, width, to)) return;
  for (size_t from = 0; from < unit->n_rows; from += BLOCK) {
    size_t n = block_at(unit, from);
    const uint32_t *rows = rows_in(work, unit, file, from, n, at);
    if (source->width == ICT_U8 && width == ICT_U8) {
      take_u8(source->values, rows, n, (uint8_t *)to + from);
    } else {
      take_any(source->width, source->values, rows, n, width, to, from);
    }
  }
}
