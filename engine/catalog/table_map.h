/* table_map.h - the mapping of a statistical table: a file whose rows are published values, read
 * and checked as far as it can be without the data. docs/admin.md is the manual of the language. */
#ifndef ICT_CATALOG_TABLE_MAP_H
#define ICT_CATALOG_TABLE_MAP_H

#include "catalog/mapping.h"

/* What a cell of the table may say. Axes come after these: ICT_N_ROLES + index of the axis. */
typedef enum ict_role {
  ICT_ROLE_AREA,
  ICT_ROLE_PERIOD,
  ICT_ROLE_SERIES,
  ICT_ROLE_VALUE,
  ICT_ROLE_UNIT,
  ICT_ROLE_UNIT_MULT,
  ICT_ROLE_STATUS,
  ICT_ROLE_NATURE,
  ICT_ROLE_SOURCE,
  ICT_ROLE_FOOTNOTE,
  ICT_ROLE_REPORTER, /* who reported: of several, `fold` makes one value */
  ICT_ROLE_SE,
  ICT_ROLE_CI_LOW,
  ICT_ROLE_CI_HIGH,
  ICT_ROLE_N, /* cases behind the value */
  ICT_N_ROLES
} ict_role;
bool ict_role_is_number(size_t role); /* VALUE, UNIT_MULT, SE, CI_LOW, CI_HIGH, N */

/* The column(s) of a role; texts of several are joined by '/'. */
typedef struct ict_table_column {
  size_t role;
  size_t n;
  const char *const *names;
  bool optional; /* of a form: a file may do without it */
  ict_mark at;   /* in the mapping; line 0: of a form */
} ict_table_column;

typedef struct ict_table_constant { /* a role that says the same in every row */
  size_t role;
  const char *text;
} ict_table_constant;

typedef struct ict_table_code { /* a translation: what the table writes, what it is */
  size_t role;
  const char *from, *to; /* to "": nothing is said */
} ict_table_code;

typedef struct ict_table_where { /* only rows with one of these texts are taken */
  const char *column;
  size_t n;
  const char *const *texts;
  ict_mark at;
} ict_table_where;

/* A column of values. A long table has one, a wide one several. */
typedef struct ict_table_value {
  const char *column;
  size_t n_columns; /* of numbers beside it: its SE ... */
  const ict_table_column *columns;
  size_t n_constants;
  const ict_table_constant *constants;
  ict_mark at;
} ict_table_value;

typedef enum ict_fold { ICT_FOLD_NONE, ICT_FOLD_SUM, ICT_FOLD_MAX } ict_fold;

/* What a series of the table is. */
typedef struct ict_table_series {
  const char *key; /* as the table names it */
  enum { ICT_SERIES_PUBLISHED, ICT_SERIES_COUNTED, ICT_SERIES_LEFT_OUT } kind;
  const char *indicator, *title;  /* published; title of one the catalogue does not know, or NULL */
  const ict_indicator *known;     /* published: the catalogue's, or NULL */
  const ict_item *item;           /* published: NULL where the series is of no item */
  const ict_concept *concept_def; /* counted */
  ict_fold fold;                  /* counted: several reporters of one key */
  double scale;
  bool may_exceed; /* percentages over 100 are meant */
  size_t n_constants;
  const ict_table_constant *constants;
  ict_mark at;
} ict_table_series;

typedef enum ict_areas_kind { ICT_AREAS_ISO3, ICT_AREAS_M49, ICT_AREAS_ANY } ict_areas_kind;

typedef struct ict_table_file {
  ict_map_file text;  /* path, format, encoding, delimiter ... */
  const char *source; /* who made it, in words, or NULL */
  size_t n_columns;
  const ict_table_column *columns;
  size_t n_values;
  const ict_table_value *values;
  size_t n_codes;
  const ict_table_code *codes; /* the mapping's before the form's */
  size_t n_wheres;
  const ict_table_where *wheres;
  size_t n_blanks;
  const char *const *blanks; /* texts that mean: no value */
  size_t n_series;
  const ict_table_series *series;
  ict_areas_kind areas;
  bool drop_areas, drop_series; /* unknown ones are left out and counted, not refused */
} ict_table_file;

typedef enum ict_join { ICT_JOIN_REFUSE, ICT_JOIN_MISSING, ICT_JOIN_DROP } ict_join;

/* A part greater than its whole. */
typedef enum ict_parts { ICT_PARTS_REFUSE, ICT_PARTS_MISSING, ICT_PARTS_WARN } ict_parts;

typedef struct ict_table_map {
  const char *file;
  const char *survey_id, *title, *source;
  const char *area, *period; /* of every value, or NULL */
  const char *unit;          /* of observation: the table of the store that counts go to */
  ict_join join;             /* a row without its denominators */
  ict_parts parts;           /* a part greater than its whole: MISSING leaves the part out */
  size_t n_denominators;
  const ict_concept *const *denominators;
  size_t n_axes;
  const char *const *axes; /* that the mapping uses */
  size_t n_files;
  const ict_table_file *files;
  ict_yaml *yaml; /* text and hash for provenance; its arena holds everything */
} ict_table_map;

/* Reads and checks a mapping, as ict_mapping_load: a statistical table's (`ictstat: table/1`) goes
 * to `table`, else it is a survey's. The other is NULL. */
ict_status ict_mapping_or_table_load(const char *path, const ict_catalog *catalog,
                                     ict_mapping **mapping, ict_table_map **table,
                                     ict_findings *findings, ict_err *err);
void ict_table_map_free(ict_table_map *map); /* NULL is fine */

#endif
