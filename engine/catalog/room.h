/* room.h - the inside of the catalogue room: what its readers share. Not for others. */
#ifndef ICT_CATALOG_ROOM_H
#define ICT_CATALOG_ROOM_H

#include "catalog/catalog.h"
#include "catalog/read.h"

struct ict_catalog {
  ict_arena *arena;         /* holds every thing in the lists but the next two */
  ict_list exprs;           /* ict_expr, freed with the catalogue */
  ict_list programs;        /* ict_program, of quality rules */
  ict_list yamls;           /* ict_yaml, while loading only */
  ict_list conditions;      /* ict_condition_kind */
  ict_list codelists;       /* ict_codelist */
  ict_list concepts;        /* ict_concept */
  ict_list classifications; /* ict_classification; an id is unique within its concept */
  ict_list indicators;      /* ict_indicator, in catalogue order */
  ict_list profiles;        /* ict_profile_rules */
  ict_schema schema;        /* every concept as a variable, to check expressions against */
};

/* One file each; what is good is added to the catalogue, problems go to the reader. */
void ict_codelist_file(ict_reader *r, ict_catalog *catalog, const ict_node *root);
void ict_concepts_file(ict_reader *r, ict_catalog *catalog, const ict_node *root);
void ict_classification_file(ict_reader *r, ict_catalog *catalog, const ict_node *root);
void ict_quality_file(ict_reader *r, ict_catalog *catalog, const ict_node *root);
void ict_indicator_file(ict_reader *r, ict_catalog *catalog, const ict_node *root);

/* contrast.c: the body of `contrast`; false where it is wrong (recorded). */
bool ict_contrast_read(ict_reader *r, const ict_catalog *catalog, const ict_node *body,
                       ict_indicator *made);
/* Contrasts take over what they need of the indicators they name. After all are read. */
void ict_contrasts_resolve(ict_reader *r, ict_catalog *catalog);

/* entry.c: the keys of every indicator that place it in its framework. */
bool ict_entry_read(ict_reader *r, const ict_node *root, ict_indicator *made);
/* Whether the entry has no definition of its own: `answered_by` or `not_computable`. */
bool ict_entry_is_bare(const ict_node *root);
/* Reads that; false where it is wrong (recorded). */
bool ict_entry_bare_read(ict_reader *r, const ict_node *root, ict_indicator *made);
/* Finds the entries that answer others. After all are read. */
void ict_entries_resolve(ict_reader *r, ict_catalog *catalog);

/* let.c: `let`, names for parts of an indicator's expressions. False where it is wrong (recorded).
 */
bool ict_lets_read(ict_reader *r, const ict_catalog *catalog, const ict_node *root, size_t *n,
                   const ict_let **out);
/* map[key] as ict_read_expr reads it, the names put in; *text: as written, where there were any. */
const ict_expr *ict_let_expr(ict_reader *r, const ict_let *lets, size_t n, const ict_node *map,
                             const char *key, ict_list *keep, const char **text);

/* measure.c: what only some measures have. */
extern const char *const ict_measures[]; /* in the order of ict_measure; NULL at the end */
typedef struct ict_probabilities {
  size_t n; /* 0: none is written */
  const double *at;
  bool listed; /* each is an item */
} ict_probabilities;
/* `probability` of the file: a number or a list of them. False where it is wrong (recorded). */
bool ict_probability_read(ict_reader *r, const ict_node *root, ict_measure measure,
                          ict_probabilities *out);
/* The items of an indicator that lists none: `one` itself, or one for each probability. */
bool ict_probability_items(ict_reader *r, const ict_node *root, const ict_probabilities *p,
                           const ict_item *one, ict_indicator *made);
/* `probability` of an item of a list, or the indicator's. */
bool ict_probability_of_item(ict_reader *r, const ict_node *body, const ict_indicator *made,
                             const ict_probabilities *p, ict_item *item);
/* `across` of a share. */
bool ict_across_read(ict_reader *r, const ict_catalog *catalog, const ict_node *root,
                     ict_indicator *made);
/* BOOLEAN where the expression is a condition, else REAL (which a check may refuse). */
ict_type ict_type_over_concepts(ict_reader *r, const ict_catalog *catalog, const ict_expr *expr);

/* Type-checks an expression over all concepts; an open code list takes any literal. */
bool ict_check_over_concepts(ict_reader *r, const ict_catalog *catalog, const ict_expr *expr,
                             ict_type want);

/* One concept, of the catalogue or of a mapping. NULL where it is wrong (recorded). */
ict_concept *ict_concept_read(ict_reader *r, const ict_catalog *catalog, const ict_node *name,
                              const ict_node *body);
/* {code: label} as a list with the given id; NULL where it is wrong (recorded). */
const ict_codelist *ict_codes_read(ict_reader *r, const char *id, const char *title,
                                   const ict_node *map);
/* A key of a mapping's variable: conditions stand beside them and must not hide one. */
bool ict_map_is_variable_key(const char *name);
/* One `name: value` of a condition. False where it is wrong (recorded). */
bool ict_condition_read(ict_reader *r, const ict_catalog *catalog, const ict_node *name,
                        const ict_node *value, ict_condition *out);
/* As above in the definition of a concept, where `stated` may stand for the value. */
bool ict_condition_ask(ict_reader *r, const ict_catalog *catalog, const ict_node *name,
                       const ict_node *value, ict_condition *out);
/* "internet_use_3m has no condition 'x'": whether the concept asks for the condition. */
bool ict_concept_has_condition(const ict_concept *concept_def, const char *name);
/* The catalogue's concept of the name; NULL where there is none: an error at the node, with the
 * nearest. expected: or NULL. */
const ict_concept *ict_concept_named(ict_reader *r, const ict_catalog *catalog, const ict_node *at,
                                     const char *name, const char *expected);
/* A concept as a schema variable. */
ict_variable ict_concept_variable(const ict_concept *concept_def, const ict_codelist *codes);
/* An id that is taken: says by whom. False where it is. */
bool ict_id_is_free(ict_reader *r, const ict_node *at, const char *what, const char *id,
                    const char *file, uint64_t line, bool taken);

#endif
