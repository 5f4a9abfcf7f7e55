/* fingerprint.h - what a computation is of, as short texts: those with the same have the same sums.
 */
#ifndef ICT_RUN_FINGERPRINT_H
#define ICT_RUN_FINGERPRINT_H

#include "run/plans.h"

typedef struct ict_fingerprint {
  char program[64]; /* with its version */
  char store[65];   /* SHA-256 of the content */
  char plans[65];   /* SHA-256 of what the plans compute: classes, definitions and replicates */
} ict_fingerprint;

ict_status ict_fingerprint_make(const ict_store *store, const ict_plans *plans,
                                ict_fingerprint *out, ict_err *err);

/* In what two differ first. */
typedef enum ict_fingerprint_part {
  ICT_FINGERPRINT_SAME,
  ICT_FINGERPRINT_PROGRAM,
  ICT_FINGERPRINT_STORE,
  ICT_FINGERPRINT_PLANS
} ict_fingerprint_part;
ict_fingerprint_part ict_fingerprint_difference(const ict_fingerprint *a, const ict_fingerprint *b);

#endif
