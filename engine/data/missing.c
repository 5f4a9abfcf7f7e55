/* missing.c - the kinds of missing: their names, and how a stored value tells its kind. */
#include "data/missing.h"

#include <string.h>

#include "base/text.h"

const char *const ict_missing_names[] = {"present",   "missing",        "dont_know", "refused",
                                         "not_asked", "not_applicable", "unlinked",  NULL};

const char *ict_missing_name(ict_missing kind) { return ict_missing_names[kind]; }

bool ict_missing_find(const char *word, ict_missing *kind) {
  long at = ict_text_index(word, ict_missing_names);
  if (at >= ICT_MISSING) *kind = (ict_missing)at;
  return at >= ICT_MISSING;
}

/* A quiet NaN with the kind in its lowest byte and a mark above it, so that a NaN of other
 * making is not taken for one of ours. Arithmetic may change a payload: only stored values
 * are asked for their kind, never results. */
#define OUR_NAN  UINT64_C(0x7FF8000049435400) /* "ICT" in the payload */
#define OUR_MASK UINT64_C(0xFFFFFFFFFFFFFF00)

double ict_missing_f64(ict_missing kind) {
  uint64_t bits = OUR_NAN | (uint64_t)kind;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* A reserved mark that no kind uses yet (a newer file) is missing for no known reason. */
static ict_missing kind_of(unsigned from_top) {
  return from_top <= ICT_N_MISSING ? (ict_missing)from_top : ICT_MISSING;
}

ict_missing ict_missing_of_u8(uint8_t v) {
  return ict_is_missing_u8(v) ? kind_of(256u - v) : ICT_PRESENT;
}

ict_missing ict_missing_of_u16(uint16_t v) {
  return ict_is_missing_u16(v) ? kind_of(65536u - v) : ICT_PRESENT;
}

ict_missing ict_missing_of_i32(int32_t v) {
  return ict_is_missing_i32(v) ? kind_of((unsigned)(INT32_MAX - v) + 1) : ICT_PRESENT;
}

ict_missing ict_missing_of_f64(double v) {
  if (!ict_is_missing_f64(v)) return ICT_PRESENT;
  uint64_t bits;
  memcpy(&bits, &v, sizeof bits);
  unsigned kind = (unsigned)(bits & 0xFF);
  return (bits & OUR_MASK) == OUR_NAN && kind > 0 ? kind_of(kind) : ICT_MISSING;
}
