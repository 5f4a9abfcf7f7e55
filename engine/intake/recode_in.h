/* recode_in.h - a compiled recode: what recode.c makes and recode_run.c runs over columns; inside
 * the two only. */
#ifndef ICT_INTAKE_RECODE_IN_H
#define ICT_INTAKE_RECODE_IN_H

#include <string.h>

#include "base/hash.h"
#include "intake/recode.h"

enum { ICT_RECODE_WHOLE = 100 };

typedef struct ict_recode_target {
  ict_missing kind; /* PRESENT: value */
  bool itself;      /* the number that stands in the file */
  double value;     /* code index, or number */
  size_t rule;      /* index of the line; n_values: none of them */
} ict_recode_target;

typedef struct ict_recode_entry {
  bool used;
  ict_slice text; /* text columns */
  double number;  /* number columns */
  ict_recode_target to;
} ict_recode_entry;

typedef struct ict_recode_range {
  double lo, hi;
  ict_recode_target to;
} ict_recode_range;

typedef union ict_recode_stored { /* one cell of a column, in the column's width */
  uint8_t u8;
  uint16_t u16;
  int32_t i32;
  double f64;
} ict_recode_stored;

/* What a value becomes, worked out beforehand; small, as there are hundreds a variable. */
typedef struct ict_recode_ready {
  ict_recode_stored cell;
  uint32_t rule; /* n_values: none of the lines */
  bool known;    /* else a problem, or never asked; see settle */
} ict_recode_ready;

/* What cells of one byte or none become in a column of bytes, by the byte behind the delimiter
 * before them and their length: see `glance`. What each adds to counts of a byte for each line of
 * the map, of which the last is for cells that nothing is ready for. */
enum { ICT_GLANCE_LINES = 16 };
typedef struct ict_recode_glance {
  bool useful;
  uint8_t cell[2][256];
  struct ict_recode_count {
    uint64_t low, high;
  } count[2][256];
} ict_recode_glance;

struct ict_recode {
  const ict_recode_spec *spec;
  const ict_source_variable *variable;
  char decimal;
  ict_width width;
  size_t mask; /* of the hash table */
  ict_recode_entry *table;
  size_t n_ranges;
  ict_recode_range *ranges;
  ict_recode_target blank, missing, tag[256];
  const ict_recode_target *other; /* or NULL */
  ict_recode_target other_target;
  bool has_entries; /* is anything in the table? */
  bool plain;       /* reals: every number stands for itself, scaled */
  /* Nearly every answer is one byte of text, two digits, a small whole number, or none. */
  ict_recode_ready one[256], two[100], whole[ICT_RECODE_WHOLE], empty;
  ict_recode_glance glance;
};

/* --- the table: the entry of a value, or the free one where it would be ------------- */

static inline uint64_t ict_recode_hash(double x) {
  x += 0.0; /* -0 and 0 are one value */
  return ict_hash64(&x, sizeof x, 0);
}

static inline ict_recode_entry *ict_recode_place_text(const ict_recode *r, ict_slice text) {
  size_t at = (size_t)ict_hash64(text.text, text.len, 0) & r->mask;
  for (; r->table[at].used; at = (at + 1) & r->mask) {
    ict_slice there = r->table[at].text;
    if (there.len == text.len && memcmp(there.text, text.text, text.len) == 0) break;
  }
  return &r->table[at];
}

static inline ict_recode_entry *ict_recode_place_number(const ict_recode *r, double x) {
  size_t at = (size_t)ict_recode_hash(x) & r->mask;
  for (; r->table[at].used && r->table[at].number != x; at = (at + 1) & r->mask) continue;
  return &r->table[at];
}

/* --- recode_run.c ------------------------------------------------------------------ */

/* Fills one, two, whole, empty and plain, once all else is there. */
void ict_recode_make_ready(ict_recode *recode);

#endif
