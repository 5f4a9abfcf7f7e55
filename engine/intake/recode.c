/* recode.c - the lines of a `map:` compiled to a table of values, ranges and kinds of missing.
 *
 * In: a spec, and the variable of the file. Out: an ict_recode, in the caller's arena. */
#include "intake/recode_in.h"

/* The first line that names a value keeps it. */
static void enter_text(ict_recode *r, ict_slice text, ict_recode_target to) {
  ict_recode_entry *e = ict_recode_place_text(r, text);
  r->has_entries = true;
  if (!e->used) *e = (ict_recode_entry){.used = true, .text = text, .to = to};
}

static void enter_number(ict_recode *r, double x, ict_recode_target to) {
  ict_recode_entry *e = ict_recode_place_number(r, x);
  r->has_entries = true;
  if (!e->used) *e = (ict_recode_entry){.used = true, .number = x, .to = to};
}

static bool is_tag(const char *text) {
  return text[0] == '.' && text[1] != '\0' && text[2] == '\0';
}

/* A value as it stands in the file. */
static bool enter_value(ict_recode *r, const char *text, ict_recode_target to) {
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
static void enter_label(ict_recode *r, const char *text, ict_recode_target to) {
  ict_slice wanted = ict_slice_trim(ict_slice_of(text));
  for (size_t i = 0; i < r->variable->n_labels; i++) {
    const ict_value_label *label = &r->variable->labels[i];
    ict_slice s = ict_slice_trim(ict_slice_of(label->label));
    if (!ict_slice_same(s, wanted)) continue;
    if (label->is_text) {
      enter_text(r, ict_slice_trim(ict_slice_of(label->text)), to);
    } else if (label->tag) {
      r->tag[(unsigned char)label->tag] = to;
    } else {
      enter_number(r, label->number, to);
    }
  }
}

static ict_recode_target target_of(const ict_recode *r, size_t rule) {
  const ict_map_value *v = &r->spec->values[rule];
  ict_recode_target to = {.kind = ICT_PRESENT, .rule = rule};
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
  ict_recode_target to = target_of(r, rule);
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
      if (!labels) r->ranges[r->n_ranges++] = (ict_recode_range){v->lo, v->hi, to};
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
    enter_value(
        r, r->spec->codes->codes[i].id,
        (ict_recode_target){.kind = ICT_PRESENT, .value = (double)i, .rule = r->spec->n_values});
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
  r->missing = r->blank = (ict_recode_target){.kind = ICT_MISSING, .rule = spec->n_values};
  for (size_t i = 0; i < 256; i++) r->tag[i] = r->missing;
  for (size_t i = 0; i < spec->n_values; i++) compile_value(r, i, false);
  for (size_t i = 0; i < spec->n_values; i++) compile_value(r, i, true);
  if (coded && spec->n_values == 0) compile_codes(r);
  return true;
}

ict_width ict_recode_width(const ict_recode *recode) { return recode->width; }

ict_recode *ict_recode_compile(const ict_recode_spec *spec, const ict_source_variable *variable,
                               char decimal, ict_arena *arena) {
  ict_recode *r = ict_arena_alloc(arena, 1, sizeof *r);
  if (!r || !enter(r, spec, variable, decimal, arena)) return NULL;
  ict_recode_make_ready(r);
  return r;
}
