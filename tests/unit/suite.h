/* suite.h - the frame of every unit test program:
 *
 *     #include "suite.h"
 *     static void adds_two(void) { CU_ASSERT_EQUAL(1 + 1, 2); }
 *     SUITE("base.text", TEST(adds_two), TEST(...))
 *
 * SUITE_WITH(title, setup, teardown, ...) runs `int setup(void)` before and `int teardown(void)`
 * after all tests; each returns 0.
 */
#ifndef ICT_TEST_SUITE_H
#define ICT_TEST_SUITE_H

#include <CUnit/Basic.h>
#include <stdlib.h>

#define TEST(fn) \
  { #fn, fn }
#define SUITE(title, ...) SUITE_WITH(title, NULL, NULL, __VA_ARGS__)
#define SUITE_WITH(title, setup, teardown, ...)                                                \
  int main(void) {                                                                             \
    CU_TestInfo tests[] = {__VA_ARGS__, CU_TEST_INFO_NULL};                                    \
    CU_SuiteInfo suites[] = {{title, setup, teardown, NULL, NULL, tests}, CU_SUITE_INFO_NULL}; \
    if (CU_initialize_registry() != CUE_SUCCESS) return 2;                                     \
    if (CU_register_suites(suites) != CUE_SUCCESS) return 2;                                   \
    CU_basic_set_mode(CU_BRM_NORMAL);                                                          \
    CU_basic_run_tests();                                                                      \
    unsigned failed = CU_get_number_of_failures() + CU_get_number_of_suites_failed();          \
    CU_cleanup_registry();                                                                     \
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;                                               \
  }

#endif
