/* schema.c - names of types, widths, and finding a variable. */
#include "data/schema.h"

#include <string.h>

#include "base/text.h"
#include "data/missing.h"

const char *ict_type_name(ict_type type) {
  static const char *const names[] = {"code", "integer", "real", "boolean", "text"};
  return names[type];
}

size_t ict_width_bytes(ict_width width) {
  static const size_t bytes[] = {1, 2, 4, 8};
  return bytes[width];
}

long ict_schema_find(const ict_schema *schema, const char *name) {
  for (size_t i = 0; i < schema->n; i++) {
    if (ict_text_same(schema->vars[i].name, name)) return (long)i;
  }
  return -1;
}

ict_width ict_width_for_codes(size_t n) { return n <= 256 - ICT_MISSING_MARKS ? ICT_U8 : ICT_U16; }

ict_width ict_width_for_range(int64_t lo, int64_t hi) {
  if (lo < 0) return ICT_I32;
  if (hi < 256 - ICT_MISSING_MARKS) return ICT_U8;
  if (hi < 65536 - ICT_MISSING_MARKS) return ICT_U16;
  return ICT_I32;
}
