/* yaml.c - a YAML file becomes a tree of nodes.
 *
 * In: a path. Out: an ict_yaml with everything in one arena.
 * Owns: the limits (size, depth) and what of YAML is refused: anchors, aliases, tags,
 * merge keys, duplicate keys, keys that are not scalars, a second document. They are
 * refused because a file that people review by eye must say what it means where it
 * says it; see docs/decisions/0002-libyaml.md. */
#include "catalog/yaml.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/stream.h"
#include "base/text.h"
#include "catalog/yaml_syntax.h"

#define MAX_BYTES ((size_t)4 << 20)
#define MAX_DEPTH 32

typedef struct builder {
  yaml_parser_t parser;
  const char *file;
  ict_arena *arena;
  ict_status st; /* the first failure; nothing is read after it */
  ict_err *err;
} builder;

static void refuse_at(builder *b, yaml_mark_t mark, const char *fix, const char *what) {
  if (b->st != ICT_OK) return;
  b->st = ict_err_set(b->err, ICT_REFUSED, "%s", what);
  ict_err_at(b->err, b->file, mark.line + 1, mark.column + 1);
  ict_err_fix(b->err, "%s", fix);
}

static void no_memory(builder *b) {
  if (b->st == ICT_OK) b->st = ict_err_memory(b->err);
}

static bool next_event(builder *b, yaml_event_t *event) {
  if (b->st != ICT_OK) return false;
  if (yaml_parser_parse(&b->parser, event)) return true;
  b->st = ict_yaml_syntax_error(&b->parser, b->file, b->err);
  return false;
}

static ict_node *new_node(builder *b, ict_node_kind kind, yaml_mark_t mark) {
  ict_node *node = ict_arena_alloc(b->arena, 1, sizeof *node);
  if (!node) {
    no_memory(b);
    return NULL;
  }
  node->kind = kind;
  node->line = (uint32_t)mark.line + 1; /* of 4 MiB at most */
  node->column = (uint32_t)mark.column + 1;
  node->text = "";
  return node;
}

static bool is_plain(builder *b, const yaml_event_t *event, const yaml_char_t *anchor,
                     const yaml_char_t *tag) {
  if (anchor) {
    refuse_at(b, event->start_mark, "write the value out at each place it is needed",
              "anchors ('&name') are not part of this language");
    return false;
  }
  if (tag) {
    refuse_at(b, event->start_mark, "remove the tag; the schema knows the type of every value",
              "tags ('!type') are not part of this language");
    return false;
  }
  return true;
}

static ict_node *scalar_node(builder *b, const yaml_event_t *event) {
  const char *text = (const char *)event->data.scalar.value;
  size_t len = event->data.scalar.length;
  if (!is_plain(b, event, event->data.scalar.anchor, event->data.scalar.tag)) return NULL;
  if (memchr(text, '\0', len)) {
    refuse_at(b, event->start_mark, "remove the '\\0'", "the text holds a null character");
    return NULL;
  }
  ict_node *node = new_node(b, ICT_NODE_SCALAR, event->start_mark);
  if (!node) return NULL;
  yaml_scalar_style_t style = event->data.scalar.style;
  node->quoted = style != YAML_PLAIN_SCALAR_STYLE;
  node->block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
  node->text = ict_arena_strndup(b->arena, text, len);
  if (!node->text) no_memory(b);
  return node;
}

static int by_text_then_place(const void *a, const void *b) {
  const ict_node *x = *(const ict_node *const *)a, *y = *(const ict_node *const *)b;
  int order = strcmp(x->text, y->text);
  if (order) return order;
  if (x->line != y->line) return x->line < y->line ? -1 : 1;
  return (x->column > y->column) - (x->column < y->column);
}

/* Sorted copy instead of comparing all with all: a file of 4 MiB may hold a million keys. */
static void refuse_duplicate_keys(builder *b, const ict_node *map) {
  if (map->n < 2) return;
  const ict_node **sorted = ict_alloc(map->n, sizeof *sorted);
  if (!sorted) {
    no_memory(b);
    return;
  }
  memcpy(sorted, map->keys, map->n * sizeof *sorted);
  qsort(sorted, map->n, sizeof *sorted, by_text_then_place);
  const ict_node *first = NULL, *second = NULL;
  for (size_t i = 1; i < map->n; i++) {
    if (strcmp(sorted[i - 1]->text, sorted[i]->text) != 0) continue;
    if (second && sorted[i]->line > second->line) continue; /* report the uppermost */
    first = sorted[i - 1];
    second = sorted[i];
  }
  if (second) {
    b->st = ict_err_set(b->err, ICT_REFUSED, "key '%s' is given twice, first on line %llu",
                        second->text, (unsigned long long)first->line);
    ict_err_at(b->err, b->file, second->line, second->column);
    ict_err_fix(b->err, "keep one of the two");
  }
  ict_free(sorted);
}

static bool is_good_key(builder *b, const ict_node *key) {
  yaml_mark_t mark = {0, (size_t)key->line - 1, (size_t)key->column - 1};
  if (key->kind != ICT_NODE_SCALAR)
    refuse_at(b, mark, "write `name: value`", "a key must be one word or one text");
  else if (!key->text[0] && !key->quoted) /* "" gets a better word where a map has it */
    refuse_at(b, mark, "put a name before the colon", "a key is empty");
  else if (!key->quoted && strcmp(key->text, "<<") == 0)
    refuse_at(b, mark, "write the keys out at each place they are needed",
              "merge keys ('<<') are not part of this language");
  return b->st == ICT_OK;
}

static ict_node *next_node(builder *b, unsigned depth, bool *end);

/* Reads up to the end of the collection: items, or keys and values in turn. */
static void fill(builder *b, ict_node *node, unsigned depth) {
  const ict_node **found = NULL;
  size_t n = 0, capacity = 0;
  bool map = node->kind == ICT_NODE_MAP;
  for (;;) {
    bool end = false;
    const ict_node *child = next_node(b, depth, &end);
    if (!child) break;
    if (map && n % 2 == 0 && !is_good_key(b, child)) break;
    if (ict_grow(&found, n, &capacity, sizeof *found)) {
      no_memory(b);
      break;
    }
    found[n++] = child;
  }
  if (b->st == ICT_OK) {
    size_t pairs = map ? n / 2 : n;
    const ict_node **items = ict_arena_alloc(b->arena, pairs + 1, sizeof *items);
    const ict_node **keys = map ? ict_arena_alloc(b->arena, pairs + 1, sizeof *keys) : NULL;
    if (!items || (map && !keys)) {
      no_memory(b);
    } else {
      for (size_t i = 0; i < pairs; i++) {
        items[i] = map ? found[2 * i + 1] : found[i];
        if (map) keys[i] = found[2 * i];
      }
      node->n = pairs;
      node->items = items;
      node->keys = keys;
      if (map) refuse_duplicate_keys(b, node);
    }
  }
  ict_free(found);
}

/* The next node; NULL with *end at the end of a collection or of the document, NULL
 * with b->st on failure. */
static ict_node *next_node(builder *b, unsigned depth, bool *end) {
  yaml_event_t event;
  if (!next_event(b, &event)) return NULL;
  ict_node *node = NULL;
  switch (event.type) {
    case YAML_SCALAR_EVENT:
      node = scalar_node(b, &event);
      break;
    case YAML_SEQUENCE_START_EVENT:
      if (is_plain(b, &event, event.data.sequence_start.anchor, event.data.sequence_start.tag))
        node = new_node(b, ICT_NODE_LIST, event.start_mark);
      break;
    case YAML_MAPPING_START_EVENT:
      if (is_plain(b, &event, event.data.mapping_start.anchor, event.data.mapping_start.tag))
        node = new_node(b, ICT_NODE_MAP, event.start_mark);
      break;
    case YAML_ALIAS_EVENT:
      refuse_at(b, event.start_mark,
                "write the value out, or put quotes around a text that begins with '*'",
                "aliases ('*name') are not part of this language");
      break;
    default:
      *end = true;
      break;
  }
  if (node && node->kind != ICT_NODE_SCALAR && depth >= MAX_DEPTH) {
    refuse_at(b, event.start_mark, "flatten it", "the file nests more than 32 levels deep");
    node = NULL;
  }
  yaml_event_delete(&event);
  if (node && node->kind != ICT_NODE_SCALAR) fill(b, node, depth + 1);
  return b->st == ICT_OK ? node : NULL;
}

/* Stream start, document start, the root, document end, stream end. */
static const ict_node *read_document(builder *b) {
  yaml_event_t event;
  const ict_node *root = NULL;
  if (!next_event(b, &event)) return NULL; /* stream start */
  yaml_event_delete(&event);
  if (!next_event(b, &event)) return NULL;
  if (event.type == YAML_STREAM_END_EVENT) {
    refuse_at(b, event.start_mark, "start with a line such as `ictstat: mapping/1`",
              "there is nothing in the file");
  } else if (event.data.document_start.tag_directives.start !=
             event.data.document_start.tag_directives.end) {
    refuse_at(b, event.start_mark, "remove the line that starts with %TAG",
              "tags are not part of this language");
  }
  yaml_event_delete(&event);
  bool end = false;
  root = next_node(b, 0, &end);
  if (!next_event(b, &event)) return NULL; /* document end */
  yaml_event_delete(&event);
  if (!next_event(b, &event)) return NULL;
  if (event.type != YAML_STREAM_END_EVENT)
    refuse_at(b, event.start_mark, "put each document in a file of its own",
              "a second document starts here; a file holds one");
  yaml_event_delete(&event);
  return b->st == ICT_OK ? root : NULL;
}

static ict_status refuse_encoding(const char *path, const char *text, size_t bad, ict_err *err) {
  uint64_t line = 1, column = 1;
  for (size_t i = 0; i < bad; i++) {
    if (text[i] == '\n') {
      line++;
      column = 1;
    } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
      column++;
    }
  }
  ict_err_set(err, ICT_REFUSED, "byte 0x%02X is not UTF-8", (unsigned char)text[bad]);
  ict_err_at(err, path, line, column);
  ict_err_fix(err, "save the file as UTF-8 (it may be Latin-1 or UTF-16 now)");
  return ICT_REFUSED;
}

static ict_status read_bytes(const char *path, bool hash, ict_yaml *yaml, ict_err *err) {
  ict_bytes bytes = {0};
  ict_status st;
  size_t bad = 0;
  ICT_TRY(done, st, ict_bytes_open(path, MAX_BYTES, hash, &bytes, err));
  if (bytes.len > MAX_BYTES) {
    st = ict_err_set(err, ICT_REFUSED, "the file has %zu bytes", bytes.len);
    ict_err_at(err, path, 0, 0);
    ict_err_expected(err, "a text file of at most 4 MiB");
    goto done;
  }
  if (!ict_utf8_valid(bytes.data, bytes.len, &bad)) {
    st = refuse_encoding(path, bytes.data, bad, err);
    goto done;
  }
  memcpy(yaml->sha256, bytes.sha256, sizeof yaml->sha256);
  yaml->text = ict_arena_strndup(yaml->arena, bytes.data, bytes.len);
  if (!yaml->text) st = ict_err_memory(err);
done:
  ict_bytes_close(&bytes);
  return st;
}

ict_status ict_yaml_load(const char *path, bool hash, ict_yaml **out, ict_err *err) {
  *out = NULL;
  ict_arena *arena = ict_arena_new();
  ict_yaml *yaml = arena ? ict_arena_alloc(arena, 1, sizeof *yaml) : NULL;
  builder b = {.arena = arena, .err = err};
  ict_status st;
  bool started = false;
  if (yaml) yaml->file = ict_arena_strdup(arena, path);
  if (!yaml || !yaml->file) {
    st = ict_err_memory(err);
    goto done;
  }
  yaml->arena = arena;
  ICT_TRY(done, st, read_bytes(path, hash, yaml, err));
  started = yaml_parser_initialize(&b.parser);
  if (!started) {
    st = ict_err_memory(err);
    goto done;
  }
  yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&b.parser, (const unsigned char *)yaml->text, strlen(yaml->text));
  b.file = yaml->file;
  yaml->root = read_document(&b);
  st = b.st;
done:
  if (started) yaml_parser_delete(&b.parser);
  if (st == ICT_OK)
    *out = yaml;
  else
    ict_arena_free(arena);
  return st;
}

void ict_yaml_free(ict_yaml *yaml) {
  if (yaml) ict_arena_free(yaml->arena);
}

const ict_node *ict_node_get(const ict_node *map, const char *key) {
  if (!map || map->kind != ICT_NODE_MAP) return NULL;
  for (size_t i = 0; i < map->n; i++)
    if (ict_text_same(map->keys[i]->text, key)) return map->items[i];
  return NULL;
}
