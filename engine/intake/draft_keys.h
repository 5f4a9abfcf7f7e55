/* draft_keys.h - which variables identify the rows of a draft's files, and which file belongs to
 * which: proposed by names, and held against the rows; inside the room only. */
#ifndef ICT_INTAKE_DRAFT_KEYS_H
#define ICT_INTAKE_DRAFT_KEYS_H

#include "source/source.h"

/* What names a row, from the widest to the narrowest. MICS has cluster (HH1), household (HH2) and
 * line (LN); one number of the household stands for the first two in many surveys. */
typedef enum ict_draft_part {
  ICT_PART_CLUSTER,
  ICT_PART_HOUSEHOLD,
  ICT_PART_PERSON,
  ICT_PART_WHOLE, /* a number of the row itself, that no other file has parts of */
  ICT_N_PARTS
} ict_draft_part;

extern const char *const ICT_PART_ROLES[ICT_N_PARTS]; /* of the hints */

typedef struct ict_draft_key {
  /* In. */
  ict_source *source;         /* borrowed; read once */
  long variable[ICT_N_PARTS]; /* of each part, -1: none was recognised */
  /* Out. */
  unsigned parts;     /* of the key, a bit each; 0: none names each row once */
  unsigned tried;     /* the longest of those tried, where there is none */
  uint64_t n_repeats; /* rows that repeat another under it */
  uint64_t n_rows;
  long parent;          /* the file whose rows these belong to, -1: none */
  uint64_t n_unmatched; /* rows without theirs */
} ict_draft_key;

/* Finds keys and links of n files. The variables of a link are those of the parent's parts. */
ict_status ict_draft_keys_find(ict_draft_key *files, size_t n, ict_err *err);

#endif
