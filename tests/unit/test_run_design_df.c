/* PSUs and strata of each area and period, counted by hand. */
#include "base/mem.h"
#include "run/design_df.h"
#include "suite.h"

/* Two strata, four PSUs, ten rows. Area 0 period 0: PSUs 0 and 1 of stratum 0 and PSU 2 of stratum
 * 1. Area 0 period 1: PSU 2 again (visited twice) and PSU 3 of stratum 1. Area 1 period 0: a row
 * of weight 0 in PSU 1. */
static const uint8_t area[] = {0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
static const uint8_t period[] = {0, 0, 0, 0, 0, 1, 0, 1, 1, 1};
static const double weight[] = {1, 2, 0, 1, 1, 1, 1, 1, 3, 1};
static const uint64_t psu_first[] = {0, 2, 4, 8, 10}, stratum_first[] = {0, 2, 4};
static const uint16_t lut[] = {0, 1};

static void counts_by_hand(void) {
  const void *const columns[] = {area, period};
  ict_variable vars[] = {{.name = "ref_area", .width = ICT_U8},
                         {.name = "time_period", .width = ICT_U8}};
  ict_schema schema = {.n = 2, .vars = vars};
  ict_frame frame = {.schema = &schema,
                     .n_rows = 10,
                     .columns = columns,
                     .design = {.n_rows = 10,
                                .n_psu = 4,
                                .n_strata = 2,
                                .psu_first_row = psu_first,
                                .stratum_first_psu = stratum_first,
                                .weight = weight}};
  ict_plan_axis axes[] = {{.column = 0, .n = 2, .lut = lut, .n_lut = 2},
                          {.column = 1, .n = 2, .lut = lut, .n_lut = 2},
                          {.column = 0, .n = 3}};
  ict_plan plan = {.frame = &frame, .n_axes = 3, .axes = axes};
  static const ict_design_count expected[] = {{3, 2}, {2, 1}, {0, 0}, {0, 0}};
  ict_design_count *counts = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_design_counts(&plan, &counts, NULL), ICT_OK);
  for (size_t i = 0; i < 4; i++) {
    CU_ASSERT_EQUAL(counts[i].n_psu, expected[i].n_psu);
    CU_ASSERT_EQUAL(counts[i].n_strata, expected[i].n_strata);
  }
  ict_free(counts);
  /* Cells of a margin by the third axis: three within each area and period. */
  static const size_t of_margin[] = {0, 1, 2};
  ict_plan_margin margin = {.n_axes = 3, .axes = of_margin};
  for (size_t cell = 0; cell < 12; cell++)
    CU_ASSERT_EQUAL(ict_design_count_of(&plan, &margin, cell), cell / 3);
  for (long n = 0; n < 2; n++) {
    ict_mem_fail_after(n);
    CU_ASSERT_EQUAL(ict_design_counts(&plan, &counts, NULL), ICT_FAIL);
    CU_ASSERT_PTR_NULL(counts);
  }
  ict_mem_fail_after(-1);
}

SUITE("run.design_df", TEST(counts_by_hand))
