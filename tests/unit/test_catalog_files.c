/* The files of a catalogue: which are read, and in which order what is wrong is told. */
#include <sys/stat.h>
#include <unistd.h>

#include "test_catalog_help.h"

#define PROFILE(id) "ictstat: quality/1\nid: " id "\ntitle: T\nsource: S\nrules: []\n"

static void write_below(folder *f, const char *name, const char *text) {
  folder_write(f, name, text, strlen(text));
}

static void make_below(const folder *f, const char *name) {
  char path[600];
  snprintf(path, sizeof path, "%s/%s", f->path, name);
  if (mkdir(path, 0700) != 0) abort();
}

static void link_below(const folder *f, const char *name, const char *to) {
  char path[600];
  snprintf(path, sizeof path, "%s/%s", f->path, name);
  if (symlink(to, path) != 0) abort();
}

/* Folders, links to files and to folders; not hidden files, not those of other names. */
static void files_below_are_read(void) {
  folder f = folder_make();
  make_below(&f, "deep.yaml"); /* a folder, whatever it is called */
  write_below(&f, "deep.yaml/a.yml", PROFILE("a"));
  write_below(&f, "b.yaml", PROFILE("b"));
  write_below(&f, ".hidden.yaml", "[");
  write_below(&f, "notes.txt", "[");
  write_below(&f, "of_links", PROFILE("c"));
  link_below(&f, "c.yaml", "of_links");
  link_below(&f, "round",
             "."); /* leads back: an end is put to it, and what it meets is there twice */
  ict_catalog *catalog = NULL;
  ict_err err = {0};
  CU_ASSERT_EQUAL(ict_catalog_open(f.path, NULL, 0, &catalog, NULL, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.file, "/round/"));
  snprintf(f.file, sizeof f.file, "%s/round", f.path);
  if (unlink(f.file) != 0) abort();
  CU_ASSERT_EQUAL_FATAL(ict_catalog_open(f.path, NULL, 0, &catalog, NULL, &err), ICT_OK);
  CU_ASSERT_EQUAL(ict_catalog_profiles(catalog), 3);
  CU_ASSERT_PTR_NOT_NULL(ict_catalog_find_profile(catalog, "c"));
  ict_catalog_free(catalog);
  folder_remove(&f);
}

/* By name within a folder, then what the user adds; the same however many threads read. */
static void problems_come_in_the_order_of_names(void) {
  static const char *const files[] = {"a.yaml",        "b.yaml", "m.yaml/1.yaml",
                                      "m.yaml/2.yaml", "n.yaml", "/nowhere"};
  folder f = folder_make();
  char path[600];
  make_below(&f, "m.yaml");
  write_below(&f, "n.yaml", "a: [\n");
  write_below(&f, "m.yaml/2.yaml", "a: b: c\n");
  write_below(&f, "m.yaml/1.yaml", "\xFF");
  write_below(&f, "b.yaml", "a: 1\na: 2\n");
  write_below(&f, "c.yaml", PROFILE("c"));
  link_below(&f, "a.yaml", "nothing");
  const char *extra = "/nowhere";
  ict_catalog *catalog = NULL;
  ict_findings *findings = ict_findings_new();
  CU_ASSERT_EQUAL(ict_catalog_open(f.path, &extra, 1, &catalog, findings, NULL), ICT_REFUSED);
  CU_ASSERT_EQUAL_FATAL(ict_findings_count(findings), sizeof files / sizeof *files);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    snprintf(path, sizeof path, "%s/%s", f.path, files[i]);
    CU_ASSERT_STRING_EQUAL(ict_findings_at(findings, i, NULL)->file,
                           files[i][0] == '/' ? files[i] : path);
  }
  ict_findings_free(findings);
  folder_remove(&f);
}

SUITE("catalog.files", TEST(files_below_are_read), TEST(problems_come_in_the_order_of_names))
