/* Kinds of missing, widths, code lists, policies, single values. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "data/frame.h"
#include "suite.h"

static void missing_has_names(void) {
  for (int k = ICT_MISSING; k <= ICT_N_MISSING; k++) {
    ict_missing kind = ICT_PRESENT;
    CU_ASSERT_TRUE(ict_missing_find(ict_missing_name((ict_missing)k), &kind));
    CU_ASSERT_EQUAL((int)kind, k);
  }
  CU_ASSERT_STRING_EQUAL(ict_missing_name(ICT_REFUSED_ANSWER), "refused");
  CU_ASSERT_STRING_EQUAL(ict_missing_name(ICT_PRESENT), "present");
  ict_missing kind;
  CU_ASSERT_FALSE(ict_missing_find("present", &kind));
  CU_ASSERT_FALSE(ict_missing_find("Missing", &kind));
}

static void missing_is_stored(void) {
  CU_ASSERT_EQUAL(ict_missing_u8(ICT_MISSING), 255);
  CU_ASSERT_EQUAL(ict_missing_u16(ICT_MISSING), 65535);
  CU_ASSERT_EQUAL(ict_missing_i32(ICT_MISSING), INT32_MAX);
  for (int i = ICT_MISSING; i <= ICT_N_MISSING; i++) {
    ict_missing k = (ict_missing)i;
    CU_ASSERT_EQUAL(ict_missing_of_u8(ict_missing_u8(k)), k);
    CU_ASSERT_EQUAL(ict_missing_of_u16(ict_missing_u16(k)), k);
    CU_ASSERT_EQUAL(ict_missing_of_i32(ict_missing_i32(k)), k);
    CU_ASSERT_EQUAL(ict_missing_of_f64(ict_missing_f64(k)), k);
    CU_ASSERT_TRUE(isnan(ict_missing_f64(k)));
  }
  for (int v = 0; v < 248; v++) CU_ASSERT_EQUAL(ict_missing_of_u8((uint8_t)v), ICT_PRESENT);
  CU_ASSERT_EQUAL(ict_missing_of_u8(248), ICT_MISSING); /* a mark no kind uses yet */
  CU_ASSERT_EQUAL(ict_missing_of_u16(65527), ICT_PRESENT);
  CU_ASSERT_EQUAL(ict_missing_of_i32(INT32_MAX - 8), ICT_PRESENT);
  CU_ASSERT_EQUAL(ict_missing_of_i32(INT32_MIN), ICT_PRESENT);
  CU_ASSERT_EQUAL(ict_missing_of_f64(NAN), ICT_MISSING);
  CU_ASSERT_EQUAL(ict_missing_of_f64(-NAN), ICT_MISSING);
  CU_ASSERT_EQUAL(ict_missing_of_f64(INFINITY), ICT_PRESENT);
}

static void widths_leave_room_for_marks(void) {
  CU_ASSERT_EQUAL(ict_width_for_codes(0), ICT_U8);
  CU_ASSERT_EQUAL(ict_width_for_codes(248), ICT_U8); /* codes 0..247 */
  CU_ASSERT_EQUAL(ict_width_for_codes(249), ICT_U16);
  CU_ASSERT_EQUAL(ict_width_for_range(0, 247), ICT_U8);
  CU_ASSERT_EQUAL(ict_width_for_range(0, 248), ICT_U16);
  CU_ASSERT_EQUAL(ict_width_for_range(5, 65527), ICT_U16);
  CU_ASSERT_EQUAL(ict_width_for_range(5, 65528), ICT_I32);
  CU_ASSERT_EQUAL(ict_width_for_range(-1, 5), ICT_I32);
  CU_ASSERT_EQUAL(ict_width_bytes(ICT_U8), 1);
  CU_ASSERT_EQUAL(ict_width_bytes(ICT_F64), 8);
  CU_ASSERT_STRING_EQUAL(ict_type_name(ICT_TYPE_REAL), "real");
}

static void codelist_is_a_copy(void) {
  char id[] = "M";
  ict_code codes[] = {{id, "Male", NULL}, {"F", NULL, "M"}};
  ict_codelist *list;
  CU_ASSERT_EQUAL_FATAL(ict_codelist_make("CL_SEX", "Sex", NULL, codes, 2, &list, NULL), ICT_OK);
  id[0] = 'X';
  CU_ASSERT_EQUAL(ict_codelist_find(list, "M"), 0);
  CU_ASSERT_EQUAL(ict_codelist_find(list, "F"), 1);
  CU_ASSERT_EQUAL(ict_codelist_find(list, "f"), -1);
  CU_ASSERT_STRING_EQUAL(list->codes[1].label, "F"); /* never NULL */
  CU_ASSERT_STRING_EQUAL(list->codes[1].parent, "M");
  CU_ASSERT_PTR_NULL(list->source);
  ict_codelist_free(list);
  ict_codelist_free(NULL);
}

static void codelist_refuses(void) {
  ict_code codes[] = {{"a", NULL, NULL}, {"b", NULL, NULL}, {"a", NULL, NULL}};
  ict_codelist *list;
  ict_err err;
  CU_ASSERT_EQUAL(ict_codelist_make("CL_X", "X", NULL, codes, 3, &list, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NULL(list);
  CU_ASSERT_STRING_EQUAL(err.what, "code list CL_X has the code 'a' twice");
  CU_ASSERT_EQUAL(ict_codelist_make("CL_X", "X", NULL, codes, 65001, &list, &err), ICT_REFUSED);
  CU_ASSERT_EQUAL(ict_codelist_make("CL_X", "X", NULL, NULL, 0, &list, &err), ICT_OK);
  CU_ASSERT_EQUAL(ict_codelist_find(list, "a"), -1);
  ict_codelist_free(list);
}

static void codelist_survives_short_memory(void) {
  ict_code codes[] = {{"a", "A", NULL}, {"b", "B", "a"}};
  ict_codelist *list = NULL;
  for (long n = 0; n < 20 && !list; n++) {
    ict_err err;
    ict_mem_fail_after(n);
    ict_status st = ict_codelist_make("CL_X", "X", "s", codes, 2, &list, &err);
    ict_mem_fail_after(-1);
    CU_ASSERT_EQUAL(st, list ? ICT_OK : ICT_FAIL);
  }
  CU_ASSERT_PTR_NOT_NULL(list);
  ict_codelist_free(list);
}

static void finds_variables(void) {
  ict_variable vars[] = {{.name = "sex"}, {.name = "age"}};
  ict_schema schema = {.n = 2, .vars = vars};
  CU_ASSERT_EQUAL(ict_schema_find(&schema, "age"), 1);
  CU_ASSERT_EQUAL(ict_schema_find(&schema, "ag"), -1);
}

static void lonely_has_names(void) {
  ict_lonely policy;
  for (int i = ICT_LONELY_FAIL; i <= ICT_LONELY_REMOVE; i++) {
    CU_ASSERT_TRUE(ict_lonely_find(ict_lonely_name((ict_lonely)i), &policy));
    CU_ASSERT_EQUAL((int)policy, i);
  }
  CU_ASSERT_FALSE(ict_lonely_find("sure", &policy));
}

static void reads_single_values(void) {
  const uint8_t u8[] = {7, 254};
  const uint16_t u16[] = {700, 65533};
  const int32_t i32[] = {-7, INT32_MAX - 3};
  const double f64[] = {7.5, ict_missing_f64(ICT_UNLINKED)};
  const struct {
    ict_width width;
    const void *column;
    double value;
    ict_missing kind;
  } cases[] = {{ICT_U8, u8, 7, ICT_DONT_KNOW},
               {ICT_U16, u16, 700, ICT_REFUSED_ANSWER},
               {ICT_I32, i32, -7, ICT_NOT_ASKED},
               {ICT_F64, f64, 7.5, ICT_UNLINKED}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ict_variable var = {.width = cases[i].width};
    ict_missing kind;
    CU_ASSERT_EQUAL(ict_column_number(&var, cases[i].column, 0, &kind), cases[i].value);
    CU_ASSERT_EQUAL(kind, ICT_PRESENT);
    CU_ASSERT_TRUE(isnan(ict_column_number(&var, cases[i].column, 1, &kind)));
    CU_ASSERT_EQUAL(kind, cases[i].kind);
  }
}

SUITE("data.nouns", TEST(missing_has_names), TEST(missing_is_stored),
      TEST(widths_leave_room_for_marks), TEST(codelist_is_a_copy), TEST(codelist_refuses),
      TEST(codelist_survives_short_memory), TEST(finds_variables), TEST(lonely_has_names),
      TEST(reads_single_values))
