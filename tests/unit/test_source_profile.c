/* What `inspect` shows. Expected values by hand. */
#include <math.h>

#include "source/profile.h"
#include "test_source_help.h"

static ict_source *open_bytes(const char *name, const char *bytes, ict_source_options o) {
  ict_source *s = NULL;
  o.path = temp_file(name, bytes, strlen(bytes));
  CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, NULL), ICT_OK);
  unlink(o.path);
  return s;
}

static const char survey[] =
    "id;sex;weight;area;note;empty\n"
    "1;1;1,5;01;;\n"
    "2;2;2,25;02;a;\n"
    "10;1;;01;7;\n"
    "9;;-3,5;03;b;\n";

static void survey_profile(void) {
  ict_source *s = open_bytes("t.csv", survey, (ict_source_options){.decimal = ','});
  for (int threads = 1; threads <= 3; threads++) {
    ict_profile *p;
    ict_source_set_chunk_size(s, 11);
    CU_ASSERT_EQUAL_FATAL(ict_profile_make(s, NULL, 0, true, threads, NULL, &p, NULL), ICT_OK);
    CU_ASSERT_EQUAL(p->n_rows, 4);
    CU_ASSERT_EQUAL_FATAL(p->n_vars, 6);
    const ict_profile_variable *v = p->vars;
    CU_ASSERT(v[0].kind == ICT_PROFILE_INTEGER && v[0].n_numeric == 4 && v[0].n_distinct == 4);
    CU_ASSERT(v[0].min == 1 && v[0].max == 10 && !v[0].leading_zeros);
    CU_ASSERT(ict_slice_is(v[0].codes[2].text, "9") && ict_slice_is(v[0].codes[3].text, "10"));
    CU_ASSERT(v[1].n_blank == 1 && v[1].n_numeric == 3 && v[1].n_distinct == 2);
    CU_ASSERT(v[1].codes[0].n == 2 && v[1].codes[1].n == 1);
    CU_ASSERT(v[2].kind == ICT_PROFILE_DECIMAL && v[2].min == -3.5 && v[2].max == 2.25);
    CU_ASSERT(v[3].kind == ICT_PROFILE_INTEGER && v[3].leading_zeros && v[3].n_distinct == 3);
    CU_ASSERT(v[4].kind == ICT_PROFILE_MIXED && v[4].n_text == 2 && v[4].n_numeric == 1);
    CU_ASSERT(v[5].kind == ICT_PROFILE_EMPTY && v[5].n_blank == 4 && v[5].n_distinct == 0);
    CU_ASSERT(isnan(v[5].min) && isnan(v[5].max));
    ict_profile_free(p);
  }
  ict_profile *p;
  CU_ASSERT_EQUAL_FATAL(ict_profile_make(s, (size_t[]){4, 0}, 2, false, 2, NULL, &p, NULL), ICT_OK);
  CU_ASSERT(p->n_vars == 2 && p->vars[0].var == 4 && p->vars[1].var == 0);
  CU_ASSERT_PTR_NULL(p->vars[0].codes); /* not asked for */
  CU_ASSERT_EQUAL(p->vars[0].n_distinct, 3);
  ict_profile_free(p);
  CU_ASSERT_STRING_EQUAL(ict_profile_kind_name(ICT_PROFILE_MIXED), "mixed");
  ict_source_close(s);
}

/* 256 distinct values are counted, 257 are "more", for any threads. */
static void distinct_border(void) {
  for (int n = 255; n <= 258; n++) {
    ict_str text;
    ict_str_init(&text);
    ict_str_add(&text, "a\n");
    for (int i = 0; i < 3 * n; i++) ict_str_addf(&text, "c%d\n", i % n);
    ict_source *s = open_bytes("t.csv", text.text, (ict_source_options){0});
    for (int threads = 1; threads <= 4; threads++) {
      ict_profile *p;
      ict_source_set_chunk_size(s, 100);
      CU_ASSERT_EQUAL_FATAL(ict_profile_make(s, NULL, 0, true, threads, NULL, &p, NULL), ICT_OK);
      CU_ASSERT_EQUAL(p->vars[0].n_text, (uint64_t)(3 * n));
      CU_ASSERT_EQUAL(p->vars[0].n_distinct, n <= 256 ? (size_t)n : 257);
      if (n <= 256) {
        CU_ASSERT(ict_slice_is(p->vars[0].codes[2].text, "c2")); /* natural order: before c10 */
        CU_ASSERT_EQUAL(p->vars[0].codes[n - 1].n, 3);
      } else {
        CU_ASSERT_PTR_NULL(p->vars[0].codes);
      }
      ict_profile_free(p);
    }
    ict_source_close(s);
    ict_str_done(&text);
  }
}

static void no_rows(void) {
  ict_source *s = open_bytes("t.csv", "a,b\n", (ict_source_options){0});
  ict_profile *p;
  CU_ASSERT_EQUAL_FATAL(ict_profile_make(s, NULL, 0, true, 2, NULL, &p, NULL), ICT_OK);
  CU_ASSERT(p->n_rows == 0 && p->n_vars == 2 && p->vars[0].kind == ICT_PROFILE_EMPTY);
  ict_profile_free(p);
  ict_source_close(s);
}

static void broken_source(void) {
  ict_source *s = open_bytes("t.csv", "a,b\n1\n", (ict_source_options){0});
  ict_profile *p;
  ict_err err = {0};
  CU_ASSERT_EQUAL(ict_profile_make(s, NULL, 0, true, 2, NULL, &p, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NULL(p);
  CU_ASSERT_EQUAL(err.line, 2);
  ict_source_close(s);
}

static void out_of_memory(void) {
  ict_source *s = open_bytes("t.csv", survey, (ict_source_options){0});
  bool whole = false;
  for (long n = 0; n < 400 && !whole; n++) {
    ict_profile *p;
    ict_mem_fail_after(n);
    ict_status st = ict_profile_make(s, NULL, 0, true, 2, NULL, &p, NULL);
    ict_mem_fail_after(-1);
    CU_ASSERT(st == ICT_OK || st == ICT_FAIL);
    CU_ASSERT((p != NULL) == (st == ICT_OK));
    whole = st == ICT_OK;
    ict_profile_free(p);
  }
  CU_ASSERT_TRUE(whole);
  ict_source_close(s);
}

/* A code book with user-missing values: they are counted apart and are not the maximum.
 * nhtsa-drinking-2008.sav; that the parts add up is what can be said without its records. */
static void real_spss(void) {
  const char *path = shared_data("design/nhtsa-drinking-2008.sav");
  if (!path) return;
  ict_source_options o = {.path = path};
  ict_source *s = NULL;
  ict_profile *p;
  CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_profile_make(s, NULL, 0, true, 2, NULL, &p, NULL), ICT_OK);
  CU_ASSERT_EQUAL(p->n_rows, 6999);
  for (size_t i = 0; i < p->n_vars; i++) {
    const ict_profile_variable *v = &p->vars[i];
    CU_ASSERT_EQUAL(v->n_blank + v->n_missing + v->n_numeric + v->n_text, 6999);
    uint64_t n = 0;
    for (size_t k = 0; v->codes && k < v->n_distinct; k++) n += v->codes[k].n;
    if (v->codes) CU_ASSERT_EQUAL(n, 6999 - v->n_blank);
  }
  ict_profile_free(p);
  ict_source_close(s);
}

SUITE("source.profile", TEST(survey_profile), TEST(distinct_border), TEST(no_rows),
      TEST(broken_source), TEST(out_of_memory), TEST(real_spss))
