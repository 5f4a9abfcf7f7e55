/* indicator.h - one indicator file, read and checked as far as it can be without data. */
#ifndef ICT_CATALOG_INDICATOR_H
#define ICT_CATALOG_INDICATOR_H

#include "catalog/concept.h"
#include "expr/expr.h"

/* What is estimated. With y, x from the expressions and w the weight:
 * proportion  sum w[numerator] / sum w, both over the universe (and denominator, where given)
 * mean        sum w y / sum w
 * ratio       sum w y / sum w x
 * total       sum w y
 * count       sum w[numerator]
 * median, quantile   the smallest y with at least the share p of sum w at or below it
 * share       sum w y (or w[numerator]) in a class over that in all classes of an axis      */
typedef enum ict_measure {
  ICT_PROPORTION,
  ICT_MEAN,
  ICT_RATIO,
  ICT_TOTAL_OF,
  ICT_COUNT,
  ICT_MEDIAN,
  ICT_QUANTILE,
  ICT_SHARE
} ict_measure;
const char *ict_measure_name(ict_measure measure); /* "proportion", ..., "share" */

typedef struct ict_need { /* a concept under conditions */
  const char *concept_name;
  size_t n_conditions;
  const ict_condition *conditions;
} ict_need;

typedef struct ict_item {
  const char *id; /* "" for the single item of an indicator without items; "_T" for all together */
  const char *label;
  const char *composite;    /* SDMX COMPOSITE_BREAKDOWN, "_T" where there is none */
  const char *series;       /* NULL: the indicator's */
  const char *unit_measure; /* NULL: the indicator's */
  /* Text and origin are kept for explain; the parsed forms are shared by all plans.
   * numerator: BOOLEAN for proportion and count, REAL for mean, ratio, total.
   * denominator: NULL, or BOOLEAN (proportion: restricts the universe) or REAL (ratio). */
  const ict_expr *numerator, *denominator;
  size_t n_needs;
  const ict_need *needs;           /* of the indicator and the item */
  int64_t valid_from, valid_until; /* years; 0: open */
  const char *note;
  const char *numerator_text,
      *denominator_text; /* as written, where names of `let` stand in them */
  double probability;    /* of a median or quantile */
} ict_item;

typedef struct ict_let { /* a name for a part of an indicator's expressions */
  const char *name;
  const char *text;    /* the names above it put in */
  const char *written; /* as the file has it */
} ict_let;

typedef struct ict_indicator {
  const char *id; /* "17.8.1" */
  const char *title;
  const char *framework; /* "sdg", "core", "thematic", ... */
  const char *unit;      /* unit of observation: "individual", "household" */
  ict_measure measure;
  const ict_expr *universe;          /* BOOLEAN, or NULL: all rows in the survey's scope */
  const char *universe_text;         /* in words */
  double scale;                      /* what the estimate is multiplied by: 100 for PT, 1 else */
  const char *series, *unit_measure; /* SDMX; "" where there is none */
  int unit_mult;
  size_t n_items; /* at least 1 */
  const ict_item *items;
  size_t n_breakdowns;
  const char *const *breakdowns; /* concepts the publication asks for, for explain */
  const char *custodian, *definition, *source, *source_version, *support, *note;
  bool aggregate; /* whether groups of countries get a value */
  const char *file;
  uint64_t line;
  /* An indicator that compares two classes in another one: measure, universe and items are that
   * one's. NULL: it stands for itself. */
  const struct ict_indicator *contrast_of;
  const char *contrast_base; /* its id */
  const char *contrast_axis; /* concept: "sex" */
  const char *contrast;      /* "F/M", or "F-M" for a difference */
  const char *target;        /* of the SDGs, "4.a" or "2.3/2.c"; NULL: none */
  const char *data_need;     /* "household_microdata", "telecom_admin", ...; NULL: not said */
  const char *grade;         /* how well a candidate is founded: G, B1, B2, C; NULL: no candidate */
  /* An entry without items is one of these two: it stands for other entries of the catalogue, or
   * it cannot be computed and says why. */
  size_t n_answers;
  const char *const *answer_ids;
  const struct ict_indicator *const *answers;
  const char *not_computable;
  size_t n_lets;
  const ict_let *lets;
  /* Of a share: the concept whose classes make the whole, and how it is classified (NULL: as --by
   * does by itself). */
  const char *across, *across_classification;
} ict_indicator;

/* The item of that id, or NULL. */
const ict_item *ict_indicator_item(const ict_indicator *indicator, const char *id);
/* The item's own, else the indicator's; item may be NULL. */
const char *ict_item_series(const ict_indicator *indicator, const ict_item *item);
const char *ict_item_unit_measure(const ict_indicator *indicator, const ict_item *item);

/* The goal of its target, 4 of "4.a"; 0 where it has none. */
int ict_indicator_goal(const ict_indicator *indicator);

#endif
