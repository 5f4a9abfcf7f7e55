/* concept.h - standard variables and the classifications over them.
 *
 * A concept is what an indicator asks for ("internet_use_3m"); a mapping says where a
 * survey keeps it. Files: indicators/concepts.yaml, indicators/classifications/. */
#ifndef ICT_CATALOG_CONCEPT_H
#define ICT_CATALOG_CONCEPT_H

#include "data/codelist.h"
#include "data/schema.h"

/* What can be said about how a question was put: "period_months", "device". Mappings
 * state it for each concept that has it, indicators ask for it. */
typedef struct ict_condition_kind {
  const char *name;
  const char *ask; /* what a mapping must say: "how many months the question covers" */
  bool number;     /* its values are numbers; else the words below */
  size_t n_words;
  const char *const *words;
  const char *file;
  uint64_t line;
} ict_condition_kind;

/* Every condition takes this word too: the survey's papers do not tell. It never meets
 * what an indicator asks for. */
#define ICT_CONDITION_UNKNOWN "unknown"
/* In a concept: any value will do, but a mapping must say which (indicators differ). */
#define ICT_CONDITION_STATED "stated"

typedef struct ict_concept {
  const char *name;
  const char *title;
  ict_type type;             /* CODE, INTEGER, REAL */
  const ict_codelist *codes; /* CODE: its list; NULL: open, the mapping brings the codes */
  int64_t lowest, highest;   /* INTEGER: legal range, both in */
  const char *unit;          /* of measurement, or NULL */
  const char *axis;          /* the table's axis when used as a breakdown; NULL: its own name */
  const char *default_bands; /* classification used by `--by name`, or NULL */
  /* Conditions a mapping must state, with the standard value or ICT_CONDITION_STATED. */
  size_t n_conditions;
  const ict_condition *conditions;
  const char *definition; /* a sentence for explain, or NULL */
  const char *source;     /* document, version, or NULL */
  const char *file;
  uint64_t line;
  const struct ict_concept *part_of; /* REAL: what it cannot be greater than, or NULL */
} ict_concept;

/* A classification groups the values of a concept: bands of an integer, groups of codes. */
typedef struct ict_class {
  const char *id, *label;
  int64_t from, to; /* bands, both in; to = INT64_MAX: open end */
  size_t n_codes;   /* groups */
  const char *const *codes;
} ict_class;

typedef struct ict_classification {
  const char *id; /* "itu", "ten-year", "15plus" */
  const char *concept_name;
  const char *title;
  const char *source;
  size_t n;
  const ict_class *classes;  /* disjoint; values in none belong to the total only */
  const ict_codelist *codes; /* the same ids and labels as a list */
  const char *file;
  uint64_t line;
} ict_classification;

/* The class of a whole number, of a code; n for "in none". */
size_t ict_class_of_number(const ict_classification *classification, int64_t value);
size_t ict_class_of_code(const ict_classification *classification, const char *code);

#endif
