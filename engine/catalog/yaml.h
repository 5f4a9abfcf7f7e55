/* yaml.h - YAML as the project takes it: a tree of nodes that know where they stand.
 *
 * A strict part of YAML 1.1 through libyaml: one document, no anchors, aliases, tags or
 * merge keys, no duplicate keys, UTF-8, at most 4 MiB and 32 levels. Scalars stay text;
 * the reader's schema gives them a type, so that `NO` is Norway and 010 is "010".
 *
 * Reading helpers record each problem as a finding at file:line:column and go on, so
 * that one run of `check` shows them all; ict_yaml_failed tells at the end. */
#ifndef ICT_CATALOG_YAML_H
#define ICT_CATALOG_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

typedef enum ict_node_kind { ICT_NODE_SCALAR, ICT_NODE_LIST, ICT_NODE_MAP } ict_node_kind;

typedef struct ict_node ict_node;
struct ict_node {
  ict_node_kind kind;
  bool quoted;                  /* scalars written in quotes or as a block */
  bool block;                   /* scalars written as a block, | or > */
  uint32_t line, column;        /* of its first character, 1-based */
  const char *text;             /* scalars; "" for an empty one */
  size_t n;                     /* list: items; map: pairs */
  const ict_node *const *items; /* list items, or map values */
  const ict_node *const *keys;  /* maps: scalars */
};

typedef struct ict_yaml {
  const char *file;
  const ict_node *root;
  char sha256[65];  /* of the bytes on disk, when asked for */
  const char *text; /* the file's bytes, terminated: kept as provenance */
  ict_arena *arena; /* holds everything above */
} ict_yaml;

/* hash: fill sha256. Syntax errors come back in err. */
ict_status ict_yaml_load(const char *path, bool hash, ict_yaml **out, ict_err *err);
void ict_yaml_free(ict_yaml *yaml);

/* A reader: where findings go while a tree is turned into structs. */
typedef struct ict_reader {
  const char *file;       /* lives as long as what is being made: definitions keep it */
  ict_arena *arena;       /* of what is being made; texts are copied into it */
  ict_findings *findings; /* may be NULL */
  ict_err *err;           /* the first error; may be NULL */
  bool failed;
  bool no_memory;    /* failed, and it was not the file's fault */
  size_t n_problems; /* recorded so far; a hopeless file is cut off at some hundred */
} ict_reader;

/* Records an error at the node; the variadic text is the sentence. Always "failed". */
void ict_read_error(ict_reader *r, const ict_node *at, const char *expected, const char *fix,
                    const char *fmt, ...) ICT_PRINTF(5, 6);
void ict_read_warning(ict_reader *r, const ict_node *at, const char *fix, const char *fmt, ...)
    ICT_PRINTF(4, 5);

/* The map's value for key, or NULL. */
const ict_node *ict_node_get(const ict_node *map, const char *key);
/* Every key of the map must be among `keys` (NULL-terminated); else an error that names
 * the nearest. Also refuses a node that is not a map (`what` names the place). */
bool ict_read_keys(ict_reader *r, const ict_node *map, const char *what, const char *const *keys);

/* Typed values of map[key]; missing: `required` makes it an error. Texts are copied to
 * the arena. Each returns whether a good value was there. */
bool ict_read_text(ict_reader *r, const ict_node *map, const char *key, bool required,
                   const char **out);
bool ict_read_number(ict_reader *r, const ict_node *map, const char *key, bool required,
                     double *out);
bool ict_read_integer(ict_reader *r, const ict_node *map, const char *key, bool required,
                      int64_t *out);
/* true, false; nothing else. */
bool ict_read_bool(ict_reader *r, const ict_node *map, const char *key, bool required, bool *out);
/* One of `words` (NULL-terminated): its index. */
bool ict_read_word(ict_reader *r, const ict_node *map, const char *key, bool required,
                   const char *const *words, int *out);
/* A scalar or a list of scalars: always a list. */
bool ict_read_texts(ict_reader *r, const ict_node *map, const char *key, bool required,
                    const char *const **out, size_t *n);
/* `ictstat: KIND/VERSION` at the top of each file. */
bool ict_read_kind(ict_reader *r, const ict_node *root, const char *kind, int version);

#endif
