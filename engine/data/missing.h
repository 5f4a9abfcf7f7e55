/* missing.h - the kinds of missing, and how each column type stores them.
 *
 * A missing value is never a number that could be mistaken for one. Integer columns
 * give the kinds the top of their range (kind k is MAX + 1 - k, so that `missing`
 * itself is all ones: 255, 65535, INT32_MAX); real columns use quiet NaNs whose
 * payload is the kind. */
#ifndef ICT_DATA_MISSING_H
#define ICT_DATA_MISSING_H

#include <stdbool.h>
#include <stdint.h>

typedef enum ict_missing {
  ICT_PRESENT = 0,
  ICT_MISSING = 1,        /* no value, no reason given (blank, system missing) */
  ICT_DONT_KNOW = 2,      /* the respondent did not know */
  ICT_REFUSED_ANSWER = 3, /* the respondent would not say */
  ICT_NOT_ASKED = 4,      /* the question was not put (skip pattern, rotation) */
  ICT_NOT_APPLICABLE = 5, /* the question makes no sense for this unit */
  ICT_UNLINKED = 6        /* the value lives in another file that has no matching row */
} ict_missing;

#define ICT_N_MISSING     6 /* kinds in use */
#define ICT_MISSING_MARKS 8 /* values reserved at the top of each integer type */

/* "missing", "dont_know", "refused", "not_asked", "not_applicable", "unlinked";
 * "present" for ICT_PRESENT. */
extern const char *const ict_missing_names[]; /* in that order; NULL at the end */
const char *ict_missing_name(ict_missing kind);
/* False where the word names no kind. */
bool ict_missing_find(const char *word, ict_missing *kind);

/* Stored marks. */
static inline uint8_t ict_missing_u8(ict_missing k) { return (uint8_t)(256u - (unsigned)k); }
static inline uint16_t ict_missing_u16(ict_missing k) { return (uint16_t)(65536u - (unsigned)k); }
static inline int32_t ict_missing_i32(ict_missing k) { return INT32_MAX - ((int32_t)k - 1); }
double ict_missing_f64(ict_missing k);

static inline bool ict_is_missing_u8(uint8_t v) { return v >= 256 - ICT_MISSING_MARKS; }
static inline bool ict_is_missing_u16(uint16_t v) { return v >= 65536 - ICT_MISSING_MARKS; }
static inline bool ict_is_missing_i32(int32_t v) { return v > INT32_MAX - ICT_MISSING_MARKS; }
static inline bool ict_is_missing_f64(double v) { return v != v; }

/* The kind of a stored value; ICT_PRESENT for a value. A NaN without our payload is
 * ICT_MISSING. */
ict_missing ict_missing_of_u8(uint8_t v);
ict_missing ict_missing_of_u16(uint16_t v);
ict_missing ict_missing_of_i32(int32_t v);
ict_missing ict_missing_of_f64(double v);

#endif
