/* read.c - helpers that take values out of a tree and say what is wrong with them.
 *
 * In: nodes. Out: values in the reader's arena, findings.
 * Owns: the wording of everything that can be wrong with a single value. */
#include "catalog/read.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* After this many a file is beyond line-by-line repair, and a hostile one would fill
 * the memory with findings. */
#define MAX_PROBLEMS 200

static const char *kind_name(const ict_node *node) {
  if (node->kind == ICT_NODE_MAP) return "a map";
  if (node->kind == ICT_NODE_LIST) return "a list";
  return node->text[0] || node->quoted ? "a text" : "nothing";
}

/* ---- recording ---- */

static void record(ict_reader *r, ict_severity severity, const ict_err *problem) {
  if (severity == ICT_ERROR) {
    if (!r->failed && r->err) *r->err = *problem;
    r->failed = true;
  }
  r->n_problems++;
  if (r->n_problems <= MAX_PROBLEMS) ict_findings_add(r->findings, severity, problem);
  if (r->n_problems == MAX_PROBLEMS) {
    ict_err more;
    ict_err_set(&more, ICT_REFUSED, "more than %d problems; the rest is not shown", MAX_PROBLEMS);
    ict_err_at(&more, r->file, 0, 0);
    ict_findings_add(r->findings, severity, &more);
  }
}

static void say(ict_reader *r, ict_severity severity, const ict_node *at, const char *expected,
                const char *fix, const char *fmt, va_list args) {
  ict_err problem;
  ict_err_finding(&problem, r->file, at ? at->line : 0, at ? at->column : 0, expected, fix, fmt,
                  args);
  record(r, severity, &problem);
}

void ict_read_error(ict_reader *r, const ict_node *at, const char *expected, const char *fix,
                    const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  say(r, ICT_ERROR, at, expected, fix, fmt, args);
  va_end(args);
}

void ict_read_near(ict_reader *r, const ict_node *at, const char *expected, const char *nearest,
                   const char *fmt, ...) {
  char fix[256];
  if (nearest) snprintf(fix, sizeof fix, "write '%s'", nearest);
  va_list args;
  va_start(args, fmt);
  say(r, ICT_ERROR, at, expected,
      nearest    ? fix
      : expected ? "choose one of these"
                 : NULL,
      fmt, args);
  va_end(args);
}

void ict_read_warning(ict_reader *r, const ict_node *at, const char *fix, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  say(r, ICT_WARNING, at, NULL, fix, fmt, args);
  va_end(args);
}

ict_status ict_read_document(const char *path, ict_yaml **out, ict_findings *findings,
                             ict_err *err) {
  ict_err problem = {0};
  ict_status st = ict_yaml_load(path, true, out, &problem);
  if (st == ICT_OK) return st;
  if (err) *err = problem;
  if (st == ICT_REFUSED) ict_findings_add(findings, ICT_ERROR, &problem);
  return st;
}

void ict_read_take_error(ict_reader *r, const ict_err *problem) {
  if (problem->status == ICT_FAIL)
    ict_read_no_memory(r);
  else
    record(r, ICT_ERROR, problem);
}

void ict_read_no_memory(ict_reader *r) {
  /* Overrules what was found before: the caller must not take a machine's failure for
   * the file's. */
  if (!r->no_memory) ict_err_memory(r->err);
  r->failed = r->no_memory = true;
}

ict_status ict_reader_status(const ict_reader *r) {
  if (r->no_memory) return ICT_FAIL;
  return r->failed ? ICT_REFUSED : ICT_OK;
}

/* ---- memory and lists ---- */

void *ict_read_alloc(ict_reader *r, size_t n, size_t size) {
  void *p = ict_arena_alloc(r->arena, n ? n : 1, size);
  if (!p) ict_read_no_memory(r);
  return p;
}

const char *ict_read_copy(ict_reader *r, const char *text) {
  const char *copy = ict_arena_strdup(r->arena, text);
  if (!copy) ict_read_no_memory(r);
  return copy;
}

bool ict_list_add(ict_reader *r, ict_list *list, void *thing) {
  if (ict_grow(&list->at, list->n, &list->capacity, sizeof *list->at)) {
    ict_read_no_memory(r);
    return false;
  }
  list->at[list->n++] = thing;
  return true;
}

void ict_list_done(ict_list *list) {
  ict_free(list->at);
  *list = (ict_list){0};
}

static const char *name_of(const void *thing) { return *(const char *const *)thing; }

void *ict_list_find(const ict_list *list, const char *name) {
  for (size_t i = 0; i < list->n; i++)
    if (ict_text_same(name_of(list->at[i]), name)) return list->at[i];
  return NULL;
}

const char *ict_list_nearest(const ict_list *list, const char *word) {
  const char **names = ict_alloc(list->n, sizeof *names);
  if (!names) return NULL; /* only the hint is lost */
  for (size_t i = 0; i < list->n; i++) names[i] = name_of(list->at[i]);
  const char *nearest = ict_text_nearest(word, names, list->n);
  ict_free(names);
  return nearest;
}

const char *ict_code_nearest(const ict_codelist *codes, const char *word) {
  const char **names = ict_alloc(codes->n, sizeof *names);
  if (!names) return NULL;
  for (size_t i = 0; i < codes->n; i++) names[i] = codes->codes[i].id;
  const char *nearest = ict_text_nearest(word, names, codes->n);
  ict_free(names);
  return nearest;
}

/* ---- kinds of nodes ---- */

/* `key:value` without the blank is one word to YAML: the commonest slip of all. */
static const char *colon_hint(const ict_node *node) {
  if (node->kind != ICT_NODE_SCALAR || node->quoted) return NULL;
  const char *colon = strchr(node->text, ':');
  return colon && colon[1] ? "put a blank after the colon" : NULL;
}

bool ict_read_is_map(ict_reader *r, const ict_node *node, const char *what) {
  if (!node) return false;
  if (node->kind == ICT_NODE_MAP) return true;
  ict_read_error(r, node, "a map: `key: value` lines, or {key: value}", colon_hint(node),
                 "%s is %s", what, kind_name(node));
  return false;
}

bool ict_read_is_list(ict_reader *r, const ict_node *node, const char *what) {
  if (!node) return false;
  if (node->kind == ICT_NODE_LIST) return true;
  ict_read_error(r, node, "a list: `- item` lines, or [a, b]", NULL, "%s is %s", what,
                 kind_name(node));
  return false;
}

bool ict_read_scalar(ict_reader *r, const ict_node *node, const char *what, const char **out) {
  if (!node) return false;
  if (node->kind != ICT_NODE_SCALAR) {
    ict_read_error(r, node, "one value", NULL, "%s is %s", what, kind_name(node));
    return false;
  }
  if (!node->text[0]) {
    ict_read_error(r, node, NULL, "write a value, or remove the line", "%s has no value", what);
    return false;
  }
  *out = ict_read_copy(r, node->text);
  return *out != NULL;
}

bool ict_name_is_good(const char *text) {
  if (!isalpha((unsigned char)text[0]) && text[0] != '_') return false;
  for (; *text; text++)
    if (!isalnum((unsigned char)*text) && *text != '_') return false;
  return true;
}

/* ---- keys ---- */

static void join_words(char *buf, size_t size, const char *const *words) {
  size_t used = (size_t)snprintf(buf, size, "one of ");
  for (size_t i = 0; words[i] && used < size; i++)
    used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? ", " : "", words[i]);
}

static size_t count_words(const char *const *words) {
  size_t n = 0;
  while (words[n]) n++;
  return n;
}

bool ict_read_keys(ict_reader *r, const ict_node *map, const char *what, const char *const *keys) {
  if (!ict_read_is_map(r, map, what)) return false;
  bool good = true;
  for (size_t i = 0; i < map->n; i++) {
    const ict_node *key = map->keys[i];
    if (ict_text_index(key->text, keys) >= 0) continue;
    good = false;
    const char *hint = colon_hint(key);
    char expected[512];
    join_words(expected, sizeof expected, keys);
    if (hint)
      ict_read_error(r, key, expected, hint, "unknown key '%s' in %s", key->text, what);
    else
      ict_read_near(r, key, expected, ict_text_nearest(key->text, keys, count_words(keys)),
                    "unknown key '%s' in %s", key->text, what);
  }
  return good;
}

/* The value of map[key]; says so where it is required and not there. */
static const ict_node *value_of(ict_reader *r, const ict_node *map, const char *key,
                                bool required) {
  const ict_node *node = ict_node_get(map, key);
  if (!node && required) ict_read_error(r, map, NULL, NULL, "'%s' is missing", key);
  return node;
}

/* map[key] as a scalar with something in it. */
static const ict_node *scalar_of(ict_reader *r, const ict_node *map, const char *key,
                                 bool required) {
  const ict_node *node = value_of(r, map, key, required);
  if (!node) return NULL;
  if (node->kind != ICT_NODE_SCALAR) {
    ict_read_error(r, node, "one value", NULL, "'%s' is %s", key, kind_name(node));
    return NULL;
  }
  if (!node->text[0]) {
    ict_read_error(r, node, NULL, "write a value, or remove the line", "'%s' has no value", key);
    return NULL;
  }
  return node;
}

bool ict_read_text(ict_reader *r, const ict_node *map, const char *key, bool required,
                   const char **out) {
  const ict_node *node = scalar_of(r, map, key, required);
  if (!node) return false;
  *out = ict_read_copy(r, node->text);
  return *out != NULL;
}

bool ict_read_number(ict_reader *r, const ict_node *map, const char *key, bool required,
                     double *out) {
  const ict_node *node = scalar_of(r, map, key, required);
  if (!node) return false;
  if (ict_number_parse(ict_slice_of(node->text), '.', out)) return true;
  ict_read_error(r, node, "a number, such as 0.5 or 1e-6", NULL, "'%s' is '%s', not a number", key,
                 node->text);
  return false;
}

bool ict_read_integer(ict_reader *r, const ict_node *map, const char *key, bool required,
                      int64_t *out) {
  const ict_node *node = scalar_of(r, map, key, required);
  if (!node) return false;
  if (ict_integer_parse(ict_slice_of(node->text), out)) return true;
  ict_read_error(r, node, "a whole number", NULL, "'%s' is '%s', not a whole number", key,
                 node->text);
  return false;
}

bool ict_read_bool(ict_reader *r, const ict_node *map, const char *key, bool required, bool *out) {
  static const char *const words[] = {"false", "true", NULL};
  int which;
  if (!ict_read_word(r, map, key, required, words, &which)) return false;
  *out = which == 1;
  return true;
}

bool ict_read_word(ict_reader *r, const ict_node *map, const char *key, bool required,
                   const char *const *words, int *out) {
  const ict_node *node = scalar_of(r, map, key, required);
  if (!node) return false;
  long at = ict_text_index(node->text, words);
  if (at >= 0) {
    *out = (int)at;
    return true;
  }
  char expected[512];
  join_words(expected, sizeof expected, words);
  ict_read_near(r, node, expected, ict_text_nearest(node->text, words, count_words(words)),
                "'%s' is '%s'", key, node->text);
  return false;
}

bool ict_read_texts(ict_reader *r, const ict_node *map, const char *key, bool required,
                    const char *const **out, size_t *n) {
  const ict_node *node = value_of(r, map, key, required);
  if (!node) return false;
  if (node->kind == ICT_NODE_MAP) {
    ict_read_error(r, node, "one value or a list of values", NULL, "'%s' is a map", key);
    return false;
  }
  size_t count = node->kind == ICT_NODE_LIST ? node->n : 1;
  if (count == 0) {
    ict_read_error(r, node, "at least one value", NULL, "'%s' is an empty list", key);
    return false;
  }
  const char **texts = ict_read_alloc(r, count, sizeof *texts);
  if (!texts) return false;
  bool good = true;
  for (size_t i = 0; i < count; i++) {
    const ict_node *item = node->kind == ICT_NODE_LIST ? node->items[i] : node;
    good = ict_read_scalar(r, item, key, &texts[i]) && good;
  }
  if (!good) return false;
  *out = texts;
  *n = count;
  return true;
}

bool ict_read_kind(ict_reader *r, const ict_node *root, const char *kind, int version) {
  char want[64];
  snprintf(want, sizeof want, "`ictstat: %s/%d` at the top", kind, version);
  const ict_node *node = ict_node_get(root, "ictstat");
  if (!node || node->kind != ICT_NODE_SCALAR) {
    const char *hint = colon_hint(root);
    ict_read_error(r, root, want, hint ? hint : "add that line, if this is the file that was meant",
                   "the file does not say what it is");
    return false;
  }
  size_t len = strlen(kind);
  int64_t got;
  if (strncmp(node->text, kind, len) != 0 || node->text[len] != '/') {
    ict_read_error(r, node, want, "name another file, or correct the line", "the file is '%s'",
                   node->text);
    return false;
  }
  if (!ict_integer_parse(ict_slice_of(node->text + len + 1), &got) || got != version) {
    ict_read_error(r, node, want, "use the version of ictstat that the file was written for",
                   "'%s' is a version this program does not read", node->text);
    return false;
  }
  return true;
}

bool ict_read_source(ict_reader *r, const ict_node *map, bool required, const char **document,
                     const char **version, const char **support) {
  static const char *const keys[] = {"document", "version", "support", NULL};
  static const char *const words[] = {"verified",          "partly",    "inferred",
                                      "general_knowledge", "candidate", NULL};
  const ict_node *node = value_of(r, map, "source", required);
  if (!node) return false;
  if (node->kind == ICT_NODE_SCALAR) return ict_read_scalar(r, node, "'source'", document);
  if (!ict_read_keys(r, node, "'source'", keys)) return false;
  const char *text = NULL;
  int word;
  if (!ict_read_text(r, node, "document", true, document)) return false;
  if (ict_read_text(r, node, "version", false, &text)) {
    if (version) {
      *version = text;
    } else { /* a struct with one field for both */
      *document = ict_arena_printf(r->arena, "%s, version %s", *document, text);
      if (!*document) ict_read_no_memory(r);
    }
  }
  if (ict_read_word(r, node, "support", false, words, &word) && support) *support = words[word];
  return true;
}

/* ---- expressions ---- */

const ict_expr *ict_read_expr(ict_reader *r, const ict_node *map, const char *key, bool required,
                              ict_list *keep) {
  const ict_node *node = scalar_of(r, map, key, required);
  if (!node) return NULL;
  /* The text of a quoted scalar begins after the quote; that of a block on the next line,
   * in a column libyaml does not tell. */
  ict_origin origin = {r->file, node->line + (node->block ? 1 : 0),
                       node->block ? 0 : node->column + (node->quoted ? 1 : 0)};
  ict_err problem = {0};
  ict_expr *expr = NULL;
  if (ict_expr_parse(node->text, origin, &expr, &problem) != ICT_OK) {
    ict_read_take_error(r, &problem);
    return NULL;
  }
  if (!ict_list_add(r, keep, expr)) {
    ict_expr_free(expr);
    return NULL;
  }
  return expr;
}

bool ict_check_expr(ict_reader *r, const ict_expr *expr, const ict_scope *scope, ict_type want) {
  if (!expr) return false;
  ict_program *program = NULL;
  ict_err problem = {0};
  ict_status st = ict_expr_check(expr, scope, want, &program, &problem);
  if (st != ICT_OK) ict_read_take_error(r, &problem);
  ict_program_free(program);
  return st == ICT_OK;
}
