/* replicate_help.h - replicates made from a design, as the tests of the room need them. */
#ifndef ICT_TEST_REPLICATE_HELP_H
#define ICT_TEST_REPLICATE_HELP_H

#include "base/mem.h"
#include "replicate/inside.h"
#include "suite.h"

static inline ict_replicates *make(const ict_design *d, const char *kind, uint64_t seed) {
  ict_replicates *r = NULL;
  ict_err err = {0};
  ict_replicate_request request = {.kind = kind, .seed = seed};
  ict_status st = ict_replicates_new(d, &request, &r, &err);
  if (st != ICT_OK) printf("\n%s: %s", kind ? kind : "of the data", err.what);
  CU_ASSERT_EQUAL_FATAL(st, ICT_OK);
  CU_ASSERT_PTR_NOT_NULL_FATAL(r);
  return r;
}

/* Allocation 1, 2, 3 ... fails, and nothing else goes wrong. */
static inline void make_of_short_memory(const ict_design *d, const char *kind) {
  ict_replicate_request request = {.kind = kind};
  ict_replicates *r = NULL;
  for (long n = 0; !r && n < 50; n++) {
    ict_mem_fail_after(n);
    ict_status st = ict_replicates_new(d, &request, &r, NULL);
    ict_mem_fail_after(-1);
    CU_ASSERT_TRUE(st == ICT_OK ? r != NULL : st == ICT_FAIL && r == NULL);
  }
  CU_ASSERT_PTR_NOT_NULL(r);
  ict_replicates_free(r);
}

#endif
