/* readstat_dict.c - the first pass over an SPSS, Stata or SAS file: its dictionary.
 *
 * In:   the bytes.
 * Out:  variables with labels, value labels and user-missing codes, in the arena.
 * Owns: arrays that grow while ReadStat talks; copied into the arena at the end. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "source/readstat_in.h"

typedef struct found_label {
  const char *set;
  size_t order; /* of discovery, so that sorting by set keeps it */
  ict_value_label label;
} found_label;

typedef struct found_variable {
  ict_source_variable v;
  const char *set; /* of value labels; NULL: none */
} found_variable;

typedef struct survey { /* what the pass has seen so far */
  ict_readstat_call call;
  ict_arena *arena;
  const char *about, *encoding, *title;
  int64_t n_rows;
  uint64_t cells;
  found_variable *vars;
  size_t n_vars, vars_capacity;
  found_label *labels;
  size_t n_labels, labels_capacity;
} survey;

/* Labels and names are words about the data: a byte in them that is not UTF-8 is shown as
 * U+FFFD, and does not keep the data from being read. NULL: no memory. */
static const char *keep_text(ict_arena *arena, const char *text) {
  if (!text || !*text) return "";
  size_t len = ict_readstat_text_len(text);
  if (len != SIZE_MAX) return ict_arena_strndup(arena, text, len);
  ict_str repaired;
  ict_str_init(&repaired);
  while (*text) {
    size_t rest = strlen(text), good;
    if (ict_utf8_valid(text, rest, &good)) good = rest;
    ict_str_addn(&repaired, text, good);
    text += good;
    if (*text) {
      ict_str_add(&repaired, "\xEF\xBF\xBD");
      text++;
    }
  }
  const char *kept = repaired.failed ? NULL : ict_arena_strndup(arena, repaired.text, repaired.len);
  ict_str_done(&repaired);
  return kept;
}

static int no_memory(survey *s) {
  return ict_readstat_abort(&s->call, ict_err_memory(s->call.err));
}

/* --- handlers ------------------------------------------------------------------------------- */

static int on_metadata(readstat_metadata_t *metadata, void *ctx) {
  survey *s = ctx;
  const ict_readstat_file *file = s->call.file;
  uint64_t size = file->bytes->len;
  int64_t n_vars = metadata->var_count, n_rows = metadata->row_count;
  /* A variable takes at least eight bytes of dictionary in every format. What a header
   * claims beyond that is damage, or made to exhaust us. */
  if (n_vars > 0 && (uint64_t)n_vars > size / 8) {
    return ict_readstat_abort(
        &s->call,
        ict_readstat_damaged(file, s->call.err, "%lld variables announced in a file of %llu bytes",
                             (long long)n_vars, (unsigned long long)size));
  }
  if (n_rows > 0 && (uint64_t)n_rows / file->kind->rows_per_byte > size) {
    return ict_readstat_abort(
        &s->call,
        ict_readstat_damaged(file, s->call.err, "%lld rows announced in a file of %llu bytes",
                             (long long)n_rows, (unsigned long long)size));
  }
  const char *compressed = metadata->compression == READSTAT_COMPRESS_ROWS     ? ", compressed"
                           : metadata->compression == READSTAT_COMPRESS_BINARY ? ", zlib-compressed"
                                                                               : "";
  s->n_rows = n_rows < 0 ? -1 : n_rows;
  s->about = ict_arena_printf(s->arena, "%s, version %d%s%s", s->about,
                              readstat_get_file_format_version(metadata), compressed,
                              file->bytes->was_gzip ? ", gzip" : "");
  s->encoding = file->encoding ? file->encoding : keep_text(s->arena, metadata->file_encoding);
  s->title = keep_text(s->arena, metadata->file_label);
  if (!s->about || !s->encoding || !s->title) return no_memory(s);
  return READSTAT_HANDLER_OK;
}

static bool keep_missing(survey *s, ict_source_variable *v, const readstat_variable_t *variable) {
  int n = readstat_variable_get_missing_ranges_count(variable);
  if (n <= 0) return true;
  ict_missing_range *ranges = ict_arena_alloc(s->arena, (size_t)n, sizeof *ranges);
  if (!ranges) return false;
  for (int i = 0; i < n; i++) {
    readstat_value_t lo = readstat_variable_get_missing_range_lo(variable, i);
    readstat_value_t hi = readstat_variable_get_missing_range_hi(variable, i);
    if (v->type == ICT_RAW_TEXT) {
      ranges[i].lo = ranges[i].hi = NAN;
      ranges[i].text = keep_text(s->arena, readstat_string_value(lo));
      if (!ranges[i].text) return false;
    } else {
      ranges[i].lo = readstat_double_value(lo);
      ranges[i].hi = readstat_double_value(hi);
    }
  }
  v->missing = ranges;
  v->n_missing = (size_t)n;
  return true;
}

static int on_variable(int index, readstat_variable_t *variable, const char *label_set, void *ctx) {
  survey *s = ctx;
  if (index < 0 || (size_t)index != s->n_vars) {
    return ict_readstat_abort(
        &s->call, ict_readstat_damaged(s->call.file, s->call.err, "variables out of order"));
  }
  if (ict_grow(&s->vars, s->n_vars, &s->vars_capacity, sizeof *s->vars) != 0) return no_memory(s);
  found_variable *found = &s->vars[s->n_vars++];
  *found = (found_variable){0};
  ict_source_variable *v = &found->v;
  v->name = keep_text(s->arena, readstat_variable_get_name(variable));
  v->label = keep_text(s->arena, readstat_variable_get_label(variable));
  v->format = keep_text(s->arena, readstat_variable_get_format(variable));
  v->type = readstat_variable_get_type_class(variable) == READSTAT_TYPE_CLASS_STRING
                ? ICT_RAW_TEXT
                : ICT_RAW_NUMBER;
  s->cells += ict_readstat_sav_cells(readstat_variable_get_storage_width(variable));
  found->set = label_set ? ict_arena_strdup(s->arena, label_set) : NULL;
  bool kept = v->name && v->label && v->format && (found->set || !label_set) &&
              keep_missing(s, v, variable);
  return kept ? READSTAT_HANDLER_OK : no_memory(s);
}

static int on_value_label(const char *set, readstat_value_t value, const char *label, void *ctx) {
  survey *s = ctx;
  if (ict_grow(&s->labels, s->n_labels, &s->labels_capacity, sizeof *s->labels) != 0) {
    return no_memory(s);
  }
  found_label *found = &s->labels[s->n_labels];
  *found = (found_label){.order = s->n_labels};
  /* The labels of a set come one after the other: keep its name once. */
  const found_label *last = s->n_labels > 0 ? found - 1 : NULL;
  found->set = last && strcmp(last->set, set) == 0 ? last->set : ict_arena_strdup(s->arena, set);
  ict_value_label *l = &found->label;
  l->label = keep_text(s->arena, label);
  l->is_text = readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING;
  if (l->is_text) {
    l->number = NAN;
    l->text = keep_text(s->arena, readstat_string_value(value));
  } else {
    l->tag = ict_readstat_tag(value);
    l->number = l->tag ? NAN : readstat_double_value(value);
  }
  if (!found->set || !l->label || (l->is_text && !l->text)) return no_memory(s);
  s->n_labels++;
  return READSTAT_HANDLER_OK;
}

/* --- putting it together -----------------------------------------------------------------------
 */

static int by_set(const void *a, const void *b) {
  const found_label *x = a, *y = b;
  int order = strcmp(x->set, y->set);
  return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* The labels, sorted by set, lie in one array; a variable points to its stretch of it. */
static bool attach_labels(survey *s) {
  if (s->n_labels == 0) return true;
  qsort(s->labels, s->n_labels, sizeof *s->labels, by_set);
  ict_value_label *all = ict_arena_alloc(s->arena, s->n_labels, sizeof *all);
  if (!all) return false;
  for (size_t i = 0; i < s->n_labels; i++) all[i] = s->labels[i].label;
  for (size_t i = 0; i < s->n_vars; i++) {
    if (!s->vars[i].set) continue;
    size_t lo = 0, hi = s->n_labels;
    while (lo < hi) {
      size_t mid = lo + (hi - lo) / 2;
      if (strcmp(s->labels[mid].set, s->vars[i].set) < 0) {
        lo = mid + 1;
      } else {
        hi = mid;
      }
    }
    size_t end = lo;
    while (end < s->n_labels && strcmp(s->labels[end].set, s->vars[i].set) == 0) end++;
    s->vars[i].v.labels = end > lo ? all + lo : NULL;
    s->vars[i].v.n_labels = end - lo;
  }
  return true;
}

static ict_status finish(survey *s, ict_readstat_file *file, ict_dictionary *dictionary,
                         ict_err *err) {
  if (s->n_vars == 0) return ict_readstat_damaged(file, err, "a file without variables");
  ict_source_variable *vars = ict_arena_alloc(s->arena, s->n_vars, sizeof *vars);
  if (!vars || !attach_labels(s)) return ict_err_memory(err);
  for (size_t i = 0; i < s->n_vars; i++) vars[i] = s->vars[i].v;
  file->vars = vars;
  file->n_vars = s->n_vars;
  file->n_rows = s->n_rows;
  file->rows_at = s->call.ended;
  file->cells = s->cells;
  *dictionary = (ict_dictionary){.format_about = s->about,
                                 .encoding = s->encoding,
                                 .title = s->title,
                                 .n_rows = s->n_rows,
                                 .n_vars = s->n_vars,
                                 .vars = vars};
  return ICT_OK;
}

ict_status ict_readstat_open(const ict_source_input *in, ict_dictionary *dictionary, void **state,
                             ict_err *err) {
  ict_readstat_file *file = ict_arena_alloc(in->arena, 1, sizeof *file);
  if (!file) return ict_err_memory(err);
  *file = (ict_readstat_file){.path = in->options->path,
                              .bytes = in->bytes,
                              .encoding = in->options->encoding,
                              .kind = in->format->own};
  if (file->kind->has_end && !file->kind->has_end(in->bytes->data, in->bytes->len))
    return ict_readstat_damaged(file, err, "cut short: its end is missing");
  const ict_readstat_piece whole = ict_readstat_whole(file);
  survey s = {.call = {.file = file, .piece = &whole, .err = err},
              .arena = in->arena,
              .about = in->format->about,
              .encoding = "",
              .title = "",
              .n_rows = -1};
  const ict_readstat_handlers handlers = {
      .metadata = on_metadata, .variable = on_variable, .value_label = on_value_label};
  ict_status st = ict_readstat_parse(&handlers, &s);
  if (st == ICT_OK) st = finish(&s, file, dictionary, err);
  if (st == ICT_OK) *state = file;
  ict_free(s.vars);
  ict_free(s.labels);
  return st;
}
