/* Drafts of several files: keys that no row repeats, links that every row finds, and what is said
 * where there is none. */
#include "intake/draft.h"

#include "test_intake_help.h"

/* MICS in small: two clusters, numbers of households that start anew in each, women and men. */
static const char households[] =
    "HH1,HH2,HH6,HC13,hhweight\n1,1,1,1,1\n1,2,1,2,1\n2,1,2,1,1\n2,2,2,9,1\n";
static const char women[] =
    "HH1,HH2,LN,WB4,MT10,wmweight\n1,1,1,20,3,1\n1,1,2,41,0,1\n2,1,1,33,1,1\n2,2,2,19,2,1\n";
static const char men[] = "HH1,HH2,LN,MWB4,MMT10,mnweight\n1,1,3,22,3,1\n2,1,4,44,0,1\n";

/* The draft of some files of the desk, or what went wrong. Free it. */
static char *draft_of(desk *d, const char *const names[], size_t n, ict_err *err) {
  ict_source_options files[3] = {{0}};
  char paths[3][4096];
  ict_out *out = NULL;
  char *text = NULL;
  for (size_t i = 0; i < n; i++) {
    snprintf(paths[i], sizeof paths[i], "%s", folder_file(&d->dir, names[i]));
    files[i] = (ict_source_options){.path = paths[i], .delimiter = ','};
  }
  ict_status st = ict_out_memory(&out, err);
  if (st == ICT_OK) st = ict_draft_mapping(d->catalog, files, n, NULL, out, err);
  size_t len;
  if (st == ICT_OK)
    text = ict_out_take(out, &len, err);
  else
    ict_out_discard(out);
  return text;
}

static void has(const char *text, const char *part) {
  if (!text || !strstr(text, part)) {
    CU_FAIL("the draft lacks a part");
    printf("\nnot in the draft: %s\n%s\n", part, text ? text : "(none)");
  }
}

static void links_persons_to_households(void) {
  desk d = desk_make();
  desk_file(&d, "hh.csv", households);
  desk_file(&d, "wm.csv", women);
  desk_file(&d, "mn.csv", men);
  ict_err err = {0};
  char *text = draft_of(&d, (const char *const[]){"hh.csv", "wm.csv", "mn.csv"}, 3, &err);
  has(text, "key: [HH1, HH2]  # ? no row repeats it");
  has(text, "key: [HH1, HH2, LN]  # ? no row repeats it\n    link: {to: file1, by: [HH1, HH2]}");
  has(text, "household:\n    file: file1");
  has(text, "strata: FILL_IN  # a variable, or none\n      psu: HH1  # ?\n      weight: wmweight");
  has(text, "# file3 has rows of 'individual' too, and they are not those of file2");
  ict_free(text);
  desk_remove(&d);
}

static void tells_what_does_not_fit(void) {
  desk d = desk_make();
  desk_file(&d, "hh.csv", "HH1,HH2,HH6\n1,1,1\n2,1,2\n");
  desk_file(&d, "wm.csv", women); /* household 2 of cluster 2 is not there */
  desk_file(&d, "twice.csv", "HH1,HH2,HH6\n1,1,1\n1,1,1\n1,2,2\n");
  ict_err err = {0};
  char *text = draft_of(&d, (const char *const[]){"hh.csv", "wm.csv"}, 2, &err);
  has(text, "unmatched: FILL_IN}  # 1 of 4 rows have no row there: refuse, missing or drop");
  ict_free(text);
  text = draft_of(&d, (const char *const[]){"twice.csv"}, 1, &err);
  has(text, "key: [FILL_IN]  # the variables that identify a row; not HH1, HH2: 1 row repeat it");
  ict_free(text);
  desk_remove(&d);
}

/* A module of persons that belongs to the roster of persons. */
static void links_a_module_to_its_roster(void) {
  desk d = desk_make();
  desk_file(&d, "roster.csv", "hhcode,idc,sex\n1,1,1\n1,2,2\n2,1,2\n");
  desk_file(&d, "module.csv", "hhcode,idc,internet_use\n1,2,1\n2,1,2\n");
  ict_err err = {0};
  char *text = draft_of(&d, (const char *const[]){"roster.csv", "module.csv"}, 2, &err);
  has(text, "link: {to: file1, by: [hhcode, idc]}  # ? every row has its row there");
  has(text, "# file2 belongs to file1: if the questions are in file2, write `file: file2` above");
  ict_free(text);
  desk_remove(&d);
}

static void survives_short_memory(void) {
  desk d = desk_make();
  desk_file(&d, "hh.csv", households);
  desk_file(&d, "wm.csv", women);
  for (long n = 0; n < 20000; n++) {
    ict_err err = {0};
    ict_mem_fail_after(n);
    char *text = draft_of(&d, (const char *const[]){"hh.csv", "wm.csv"}, 2, &err);
    bool passed = ict_mem_count() <= n;
    ict_mem_fail_after(-1);
    CU_ASSERT_TRUE(text || err.what[0] != '\0');
    ict_free(text);
    if (passed) break;
  }
  desk_remove(&d);
}

SUITE("intake.draft", TEST(links_persons_to_households), TEST(tells_what_does_not_fit),
      TEST(links_a_module_to_its_roster), TEST(survives_short_memory))
