/* mapping.h - a survey mapping, read and checked as far as it can be without the data.
 * docs/mapping.md is the manual of the language. */
#ifndef ICT_CATALOG_MAPPING_H
#define ICT_CATALOG_MAPPING_H

#include "catalog/catalog.h"
#include "catalog/yaml.h"
#include "data/design.h"
#include "data/missing.h"

typedef struct ict_mark {
  uint64_t line, column;
} ict_mark; /* in the mapping file */

/* A name in a source file. file: index into ict_mapping.files, or -1: the unit's own file. */
typedef struct ict_ref {
  long file;
  const char *name;
  ict_mark at;
} ict_ref;

/* One part of a key: the text of one variable, or of several joined. */
typedef struct ict_key_part {
  size_t n;
  const ict_ref *refs;
  bool strip_zeros; /* "0100023" joined with "01" is "1000231" */
  ict_mark at;
} ict_key_part;

typedef struct ict_map_file {
  const char *id;
  const char *path; /* as written; of several, the first */
  size_t n_more;
  const char *const *more; /* the others, whose rows follow */
  const char *format, *encoding;
  char delimiter, decimal, quote;
  bool no_header;
  size_t n_key;
  const ict_key_part *key; /* identifies a row; unique, checked at import */
  bool first_of_key;       /* `duplicates: first`: later rows of a key are left out, not refused */
  long link;               /* index of the file each row belongs to (m:1 or 1:1), or -1 */
  size_t n_by;
  const ict_key_part *by; /* in this file, in the order of the target's key */
  enum { ICT_UNMATCHED_REFUSE, ICT_UNMATCHED_MISSING, ICT_UNMATCHED_DROP } unmatched;
  ict_mark at;
} ict_map_file;

/* One line of a `map:` or `missing:`. */
typedef struct ict_map_value {
  enum { ICT_FROM_VALUE, ICT_FROM_RANGE, ICT_FROM_BLANK, ICT_FROM_OTHER } from; /* other: "*" */
  const char *text;    /* FROM_VALUE: as written: code, value label, or .a .. .z */
  double lo, hi;       /* FROM_RANGE, both in */
  const char *code;    /* what it becomes; NULL: a kind of missing, or (numbers) itself */
  ict_missing missing; /* when code is NULL */
  ict_mark at;
} ict_map_value;

typedef enum ict_combine {
  ICT_COMBINE_NONE,  /* one source variable */
  ICT_COMBINE_ANY,   /* Y if any is Y, N if all are N, else the first kind of missing */
  ICT_COMBINE_ALL,   /* Y if all are Y, N if any is N, else the first kind of missing */
  ICT_COMBINE_FIRST, /* the first that is not missing */
  ICT_COMBINE_SUM    /* numbers: their sum, missing if any is missing */
} ict_combine;

typedef struct ict_map_variable {
  const ict_concept *concept_def; /* of the catalogue, or of the mapping's own `concepts:` */
  size_t n_from;
  const ict_ref *from; /* empty with `constant` */
  ict_combine combine;
  const char *constant; /* code or number as written, or NULL */
  size_t n_values;
  const ict_map_value *values;
  size_t n_count_as; /* kinds of missing that are counted as a code, said explicitly */
  const struct ict_count_as {
    ict_missing kind;
    const char *code;
    ict_mark at;
  } * count_as;
  double scale;              /* numbers are multiplied by it; 1 */
  const ict_codelist *codes; /* coded: the concept's list, or for open concepts the mapping's own */
  size_t n_conditions;
  const ict_condition *conditions;
  bool proxy;
  const char *note;
  ict_mark at;
} ict_map_variable;

typedef enum ict_fpc_kind { ICT_FPC_NONE, ICT_FPC_POPULATION, ICT_FPC_FRACTION } ict_fpc_kind;

/* A stage of sampling below the first: `stages:` of a design. */
typedef struct ict_map_stage {
  size_t n_strata;
  const ict_ref *strata; /* within a unit of the stage above; 0: none */
  size_t n_units;
  const ict_ref *units; /* labels start anew in each stratum of a unit above; 0: every row is one */
  ict_fpc_kind fpc_kind;
  ict_ref fpc;
  ict_mark at;
} ict_map_stage;

/* `replicates:` of a design. */
typedef struct ict_map_replicates {
  size_t n; /* 0: none */
  const ict_ref *from;
  ict_replicate_type type;
  bool combined; /* with the sampling weight; else factors of it */
  bool mse;
  double rho, scale;
  const double *rscale; /* n; NULL: all 1 */
  double df;            /* 0: by the rank of the weights */
  ict_mark at;
} ict_map_replicates;

/* One variable of a margin: a concept, or ref_area or time_period. */
typedef struct ict_map_axis {
  const char *name;
  const ict_classification *classification; /* NULL: the codes themselves */
  ict_mark at;
} ict_map_axis;

/* A margin of more variables would have more categories than a sample has people. */
#define ICT_MOST_MARGIN_AXES 8
#define ICT_MOST_NUMBERS     64

/* Totals in a file, by the cross of some variables. */
typedef struct ict_map_margin {
  size_t n_axes; /* 0: one total, of everybody */
  const ict_map_axis *axes;
  const char *totals; /* path of the file, as written */
  const char *value;  /* its column of totals */
  ict_mark at;
} ict_map_margin;

/* `calibration:` of a design; the words as in ict_calibration. */
typedef struct ict_map_calibration {
  bool given;
  ict_calibration_method method;
  size_t n_margins, n_numbers;
  const ict_map_margin *margins;
  const char *const *number; /* concepts */
  ict_map_margin numbers;    /* where their totals are */
  double bounds[2], trim_ratio[2], trim_weight[2];
  bool trim_strict;
  bool partial; /* categories of the population that nobody of the sample is in are left out */
  double tolerance;
  size_t most_rounds;
  ict_mark at;
} ict_map_calibration;

typedef struct ict_map_design {
  bool given;
  bool census;
  size_t n_strata;
  const ict_ref *strata; /* crossed; 0: none */
  size_t n_psu;
  const ict_ref *psu; /* joined; 0: none */
  bool nested;        /* PSU labels start anew in each stratum (default true) */
  bool has_weight;
  ict_ref weight;
  double weight_scale;
  enum { ICT_WEIGHT_REFUSE, ICT_WEIGHT_KEEP, ICT_WEIGHT_DROP } weight_zero, weight_missing;
  ict_fpc_kind fpc_kind;
  ict_ref fpc;
  ict_lonely lonely;
  bool lonely_in_domain;
  ict_mark at;
  size_t n_stages; /* below the first */
  const ict_map_stage *stages;
  ict_pps pps; /* other than none: the fpc is a fraction, each PSU's inclusion probability */
  ict_map_replicates replicates;
  ict_map_calibration calibration;
  bool shared_rounds; /* `rounds: shared`: all periods have the same strata and PSUs */
} ict_map_design;

typedef struct ict_map_unit {
  const char *name; /* "household", "individual", ... */
  const char *title;
  long file;
  ict_map_design design;
  const ict_expr *scope; /* the survey's in-scope population over the unit's concepts, or NULL */
  size_t n_vars;
  const ict_map_variable *vars; /* of its own; those of linked units are inherited at import */
  ict_mark at;
} ict_map_unit;

typedef struct ict_mapping {
  const char *file;
  const char *survey_id, *title, *source;
  /* Area and period: a constant, or a variable of the unit's file or a linked one. Their
   * codes are kept as they come out of `values` (or of the file, where that is empty). */
  ict_map_variable area, period;
  size_t n_files;
  const ict_map_file *files;
  size_t n_units;
  const ict_map_unit *units;
  ict_yaml *yaml; /* text and hash for provenance; its arena holds everything */
} ict_mapping;

/* Reads and checks; every problem is recorded in findings (may be NULL), the first error
 * also in err. Errors: ICT_REFUSED. The mapping borrows the catalogue. */
ict_status ict_mapping_load(const char *path, const ict_catalog *catalog, ict_mapping **out,
                            ict_findings *findings, ict_err *err);
void ict_mapping_free(ict_mapping *mapping);

/* May the text stand for an area; for a period? In the mapping or in a column it names. */
bool ict_is_area_code(const char *text);
bool ict_is_period(const char *text);

#endif
