/* test_store_fixture.h - a data set made by hand: two units, every width, every kind of
 * missing, two areas, and designs with and without each of their parts. */
#ifndef ICT_TEST_STORE_FIXTURE_H
#define ICT_TEST_STORE_FIXTURE_H

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"
#include "store/store.h"

#define ROWS 11

/* -- individuals: stratified, clustered, weighted ---------------------------------- */

static const ict_code area_codes[] = {{"076", "Brazil", NULL}, {"484", "Mexico", NULL}};
static const ict_codelist area_list = {"CL_AREA", "Reference area", "UN M49", 2, area_codes, NULL};
static const ict_code period_codes[] = {{"2023", "2023", NULL}, {"2024", "2024", NULL}};
static const ict_codelist period_list = {"CL_PERIOD", "Period", NULL, 2, period_codes, NULL};
static const ict_code sex_codes[] = {{"M", "Male", NULL}, {"F", "Female", NULL}};
static const ict_codelist sex_list = {"CL_SEX", "Sex", "SDMX CL_SEX 2.1", 2, sex_codes, NULL};
static const ict_code age_codes[] = {{"_T", "Total", NULL},
                                     {"Y15T24", "15 to 24 years", "_T"},
                                     {"Y_GE25", "25 ans et plus \xC3\xA9", "_T"}};
static const ict_codelist age_list = {"CL_AGE", "Age", NULL, 3, age_codes, NULL};

/* The marks of missing as the format promises them, not as our functions make them. */
static const uint8_t col_area[ROWS] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
static const uint8_t col_period[ROWS] = {1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0};
static const uint8_t col_sex[ROWS] = {0, 1, 0, 1, 255, 254, 253, 252, 251, 250, 1};
static const uint16_t col_ageband[ROWS] = {1, 2, 1, 2, 65535, 65534, 65533, 65532, 65531, 65530, 0};
static const uint8_t col_age[ROWS] = {0, 17, 247, 30, 255, 254, 253, 252, 251, 250, 99};
static const uint16_t col_minutes[ROWS] = {0,     300,   65527, 1,     65535, 65534,
                                           65533, 65532, 65531, 65530, 500};
static const int32_t col_income[ROWS] = {-5,         100000,     2147483639,     0,
                                         2147483647, 2147483646, 2147483645,     2147483644,
                                         2147483643, 2147483642, -2147483647 - 1};
static const uint64_t speed_bits[ROWS] = {0x3FF8000000000000u /* 1.5 */,
                                          0x8000000000000000u /* -0 */,
                                          0x7FEFFFFFFFFFFFFFu /* largest */,
                                          0x0000000000000001u /* smallest */,
                                          0,
                                          0,
                                          0,
                                          0,
                                          0,
                                          0,
                                          0xC059000000000000u /* -100 */};

static const ict_condition use_conditions[] = {{"period_months", "3"}, {"age_scope", "15+"}};

static ict_variable individual_vars[] = {
    {.name = "time_period",
     .title = "Period",
     .type = ICT_TYPE_CODE,
     .width = ICT_U8,
     .codes = &period_list},
    {.name = "ref_area",
     .title = "Area",
     .type = ICT_TYPE_CODE,
     .width = ICT_U8,
     .codes = &area_list},
    {.name = "sex",
     .title = "Sex",
     .type = ICT_TYPE_CODE,
     .width = ICT_U8,
     .codes = &sex_list,
     .n_conditions = 2,
     .conditions = use_conditions,
     .proxy = true,
     .origin = "ind.C3",
     .treatment = "blank: missing"},
    {.name = "age_band",
     .title = "Age band",
     .type = ICT_TYPE_CODE,
     .width = ICT_U16,
     .codes = &age_list},
    {.name = "age", .title = "Age", .type = ICT_TYPE_INTEGER, .width = ICT_U8, .unit = "years"},
    {.name = "minutes", .title = "Minutes", .type = ICT_TYPE_INTEGER, .width = ICT_U16},
    {.name = "income", .title = "Income", .type = ICT_TYPE_INTEGER, .width = ICT_I32},
    {.name = "speed", .title = "Speed", .type = ICT_TYPE_REAL, .width = ICT_F64, .unit = "Mbit/s"}};
#define INDIVIDUAL_VARS (sizeof individual_vars / sizeof *individual_vars)
static const ict_schema individual_schema = {INDIVIDUAL_VARS, individual_vars, NULL};

static const uint64_t psu_first_row[] = {0, 2, 6, 7, 11};
static const uint64_t stratum_first_psu[] = {0, 2, 4};
static const double weights[ROWS] = {1, 2.5, 0, 1e9, 1, 1, 1, 1, 1, 1, 0.125};
static const double fractions[] = {0.25, 1};
static const char *const stratum_labels[] = {"BR/11", "MX/2"};

/* -- households: a census ---------------------------------------------------------- */

#define HOUSES 3
static const uint8_t house_area[HOUSES] = {0, 1, 1}, house_period[HOUSES] = {0, 0, 1};
static ict_variable house_vars[] = {
    {.name = "ref_area", .type = ICT_TYPE_CODE, .width = ICT_U8, .codes = &area_list},
    {.name = "time_period", .type = ICT_TYPE_CODE, .width = ICT_U8, .codes = &period_list}};
static const ict_schema house_schema = {2, house_vars, NULL};
static const void *const house_columns[] = {house_area, house_period};
static const uint64_t house_psus[] = {0, 1, 2, 3}, house_strata[] = {0, 3};

/* -- the set ----------------------------------------------------------------------- */

static const ict_input inputs[] = {
    {"ind", "individuals.csv", 12345, 11,
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"hh", "h\xC3\xB6usehold.sav", 77, 3,
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}};
static const char *const report[] = {"2 rows dropped: outside the scope", "",
                                     "1 unmatched household"};

static const ict_provenance provenance = {
    .survey = "xyz2024",
    .title = "Household survey of X",
    .source = "NSO of X",
    .mapping_name = "xyz2024.yaml",
    .mapping_text = "survey: xyz2024\nunits: []\n",
    .mapping_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    .tool = "ictstat 0.1.0",
    .n_inputs = 2,
    .inputs = inputs,
    .n_report = 3,
    .report = report};

typedef struct fixture {
  double speed[ROWS];
  const void *columns[INDIVIDUAL_VARS];
  ict_frame individual, household;
  ict_store_frame frames[2];
} fixture;

static void fixture_init(fixture *x) {
  memcpy(x->speed, speed_bits, sizeof x->speed);
  for (int i = 0; i < 6; i++) x->speed[4 + i] = ict_missing_f64((ict_missing)(i + 1));
  const void *columns[] = {col_period, col_area,    col_sex,    col_ageband,
                           col_age,    col_minutes, col_income, x->speed};
  memcpy(x->columns, columns, sizeof x->columns);
  x->individual = (ict_frame){.unit = "individual",
                              .title = "Individuals",
                              .schema = &individual_schema,
                              .n_rows = ROWS,
                              .columns = x->columns,
                              .design = {.has_strata = true,
                                         .has_psu = true,
                                         .has_weight = true,
                                         .lonely = ICT_LONELY_ADJUST,
                                         .lonely_in_domain = true,
                                         .n_rows = ROWS,
                                         .n_psu = 4,
                                         .n_strata = 2,
                                         .psu_first_row = psu_first_row,
                                         .stratum_first_psu = stratum_first_psu,
                                         .weight = weights,
                                         .fraction = fractions,
                                         .stratum_label = stratum_labels,
                                         .strata_from = "STRATO",
                                         .psu_from = "UPA",
                                         .weight_from = "PESO",
                                         .fpc_from = "FPC"}};
  x->household = (ict_frame){.unit = "household",
                             .title = "Households",
                             .schema = &house_schema,
                             .n_rows = HOUSES,
                             .columns = house_columns,
                             .design = {.census = true,
                                        .lonely = ICT_LONELY_FAIL,
                                        .n_rows = HOUSES,
                                        .n_psu = HOUSES,
                                        .n_strata = 1,
                                        .psu_first_row = house_psus,
                                        .stratum_first_psu = house_strata}};
  x->frames[0] = (ict_store_frame){&x->individual, "age >= 15"};
  x->frames[1] = (ict_store_frame){&x->household, NULL};
}

#endif
