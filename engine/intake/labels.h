/* labels.h - distinct texts with an id each, and lists of bad values; inside the room only.
 *
 * Strata, PSUs, areas and periods are compared millions of times but are few: each text
 * becomes an id once, and the ids get ranks once. */
#ifndef ICT_INTAKE_LABELS_H
#define ICT_INTAKE_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* A zeroed record is an empty set. Ids count from 0 in the order of first addition. */
typedef struct ict_labels {
  char *bytes;
  size_t n_bytes, bytes_capacity;
  uint64_t *end; /* where the text of each id ends in bytes */
  size_t n, capacity;
  uint32_t *table; /* open addressing; id + 1, 0: empty */
  size_t table_size;
} ict_labels;

void ict_labels_done(ict_labels *labels); /* leaves an empty set */
bool ict_labels_find(const ict_labels *labels, ict_slice text, uint32_t *id);
/* Finds or adds; 0, or -1 where memory is short. */
int ict_labels_add(ict_labels *labels, ict_slice text, uint32_t *id);
ict_slice ict_labels_at(const ict_labels *labels, size_t id); /* borrowed until the next add */
/* The ids in natural order of their texts (NULL where memory is short). Caller frees. */
uint32_t *ict_labels_order(const ict_labels *labels);

/* What can be wrong with a cell. */
typedef enum ict_bad {
  ICT_BAD_UNMAPPED, /* a value that no line of the map names */
  ICT_BAD_NUMBER,   /* text where a number is expected */
  ICT_BAD_DECIMAL,  /* would be a number with the other decimal mark */
  ICT_BAD_FRACTION, /* a whole number is expected */
  ICT_BAD_RANGE,    /* outside the concept's range */
  ICT_N_BAD
} ict_bad;

#define ICT_LINES_SHOWN 5

/* How many rows, and where the first ones are. */
typedef struct ict_tally {
  uint64_t rows;
  uint64_t line[ICT_LINES_SHOWN];
} ict_tally;

void ict_tally_add(ict_tally *tally, uint64_t line);
/* `more` comes after. */
void ict_tally_merge(ict_tally *tally, const ict_tally *more);

/* Bad values, each with its tally. A zeroed record is an empty list. */
typedef struct ict_problems {
  ict_labels values; /* the kind as a byte, then the value */
  ict_tally *tally;  /* one a value */
  size_t capacity;
  ict_tally rest[ICT_N_BAD]; /* of values beyond the most that are told apart */
} ict_problems;

void ict_problems_done(ict_problems *problems);
/* 0, or -1 where memory is short. Long values are cut. */
int ict_problems_add(ict_problems *problems, ict_bad kind, ict_slice value, uint64_t line);
int ict_problems_merge(ict_problems *problems, const ict_problems *more);

#endif
