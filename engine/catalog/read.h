/* read.h - more helpers for turning trees into structs; the first ones are in yaml.h. */
#ifndef ICT_CATALOG_READ_H
#define ICT_CATALOG_READ_H

#include "catalog/yaml.h"
#include "expr/expr.h"

/* A growing list of pointers. In the lists of this room every thing begins with its
 * name (`const char *` as first member), so that one find serves all. */
typedef struct ict_list {
  void **at;
  size_t n, capacity;
} ict_list;
bool ict_list_add(ict_reader *r, ict_list *list, void *thing); /* false: memory, recorded */
void ict_list_done(ict_list *list);                            /* not the things */
void *ict_list_find(const ict_list *list, const char *name);   /* or NULL */
/* The name nearest to a word that was not found, or NULL. Borrowed from the list. */
const char *ict_list_nearest(const ict_list *list, const char *word);
/* The same among the codes of a list. */
const char *ict_code_nearest(const ict_codelist *codes, const char *word);

/* The tree of a file that the user named; one that is no YAML is a finding too. */
ict_status ict_read_document(const char *path, ict_yaml **out, ict_findings *findings,
                             ict_err *err);
/* Zeroed memory and copies in the reader's arena; NULL: memory, recorded. */
void *ict_read_alloc(ict_reader *r, size_t n, size_t size);
const char *ict_read_copy(ict_reader *r, const char *text);
void ict_read_no_memory(ict_reader *r);
/* ICT_OK, ICT_REFUSED or ICT_FAIL for what the reader has met. */
ict_status ict_reader_status(const ict_reader *r);
/* Records a record that another room has filled in. */
void ict_read_take_error(ict_reader *r, const ict_err *record);
/* As ict_read_error, with "write 'nearest'" as the fix (or none where nearest is NULL). */
void ict_read_near(ict_reader *r, const ict_node *at, const char *expected, const char *nearest,
                   const char *fmt, ...) ICT_PRINTF(5, 6);

/* The node as one text (what: "the title"); errors recorded. */
bool ict_read_scalar(ict_reader *r, const ict_node *node, const char *what, const char **out);
/* The node must be a map (list): else an error that names the place. NULL is false, unsaid. */
bool ict_read_is_map(ict_reader *r, const ict_node *node, const char *what);
bool ict_read_is_list(ict_reader *r, const ict_node *node, const char *what);
/* A name: letter first, then letters, digits, '_'. */
bool ict_name_is_good(const char *text);

/* `source:` of a definition: a text, or {document, version, support}. Each out may be NULL. */
bool ict_read_source(ict_reader *r, const ict_node *map, bool required, const char **document,
                     const char **version, const char **support);

/* map[key] parsed as an expression; NULL where it is missing or wrong (recorded). Parsed
 * expressions are added to `keep`, whose owner frees them. */
const ict_expr *ict_read_expr(ict_reader *r, const ict_node *map, const char *key, bool required,
                              ict_list *keep);
/* Type-checks against the scope; problems recorded. */
bool ict_check_expr(ict_reader *r, const ict_expr *expr, const ict_scope *scope, ict_type want);

#endif
