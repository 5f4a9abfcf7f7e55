/* Bytes out: whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/mem.h"
#include "base/stream.h"
#include "folder.h"
#include "suite.h"

static void replaces_on_commit(void) {
  folder f = folder_make();
  folder_write(&f, "a.csv", "old", 3);
  ict_out *out;
  ict_err err;
  CU_ASSERT_EQUAL_FATAL(ict_out_open(folder_file(&f, "a.csv"), &out, &err), ICT_OK);
  ict_out_text(out, "x,");
  ict_out_printf(out, "%d\n", 5);
  ict_out_write(out, "", 0);
  CU_ASSERT_FALSE(ict_out_is_terminal(out));
  char *text = folder_read(&f, "a.csv", NULL);
  CU_ASSERT_STRING_EQUAL(text, "old"); /* until the commit */
  free(text);
  CU_ASSERT_EQUAL(folder_count(&f), 2);
  CU_ASSERT_EQUAL(ict_out_commit(out, &err), ICT_OK);
  text = folder_read(&f, "a.csv", NULL);
  CU_ASSERT_STRING_EQUAL(text, "x,5\n");
  free(text);
  CU_ASSERT_EQUAL(folder_count(&f), 1);
  folder_remove(&f);
}

static void forgets_on_discard(void) {
  folder f = folder_make();
  ict_out *out;
  CU_ASSERT_EQUAL_FATAL(ict_out_open(folder_file(&f, "a.csv"), &out, NULL), ICT_OK);
  ict_out_text(out, "x");
  ict_out_discard(out);
  CU_ASSERT_EQUAL(folder_count(&f), 0);
  ict_out_discard(NULL);
  folder_remove(&f);
}

/* Around and above the size of the buffer, in pieces of every kind. */
static void keeps_every_byte(void) {
  folder f = folder_make();
  const size_t pieces[] = {1, 7, 1000, 65535, 65536, 65537, 200000};
  for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
    ict_out *file, *memory;
    CU_ASSERT_EQUAL_FATAL(ict_out_open(folder_file(&f, "a"), &file, NULL), ICT_OK);
    CU_ASSERT_EQUAL_FATAL(ict_out_memory(&memory, NULL), ICT_OK);
    char *piece = malloc(pieces[p]);
    size_t total = 0;
    for (int i = 0; total < 300000; i++) {
      memset(piece, 'a' + i % 26, pieces[p]);
      ict_out_write(file, piece, pieces[p]);
      ict_out_write(memory, piece, pieces[p]);
      total += pieces[p];
    }
    free(piece);
    CU_ASSERT_EQUAL(ict_out_commit(file, NULL), ICT_OK);
    size_t n_memory, n_file;
    char *taken = ict_out_take(memory, &n_memory, NULL), *text = folder_read(&f, "a", &n_file);
    CU_ASSERT_EQUAL(n_memory, total);
    CU_ASSERT_EQUAL(n_file, total);
    CU_ASSERT_EQUAL(taken[n_memory], '\0');
    CU_ASSERT_EQUAL(memcmp(taken, text, total), 0);
    ict_free(taken);
    free(text);
  }
  folder_remove(&f);
}

static void prints_long_lines(void) {
  ict_out *out;
  CU_ASSERT_EQUAL_FATAL(ict_out_memory(&out, NULL), ICT_OK);
  for (int width = 500; width < 530; width++) ict_out_printf(out, "%*d\n", width, width);
  size_t len;
  char *text = ict_out_take(out, &len, NULL);
  CU_ASSERT_EQUAL(len, (500 + 529) * 30 / 2 + 30);
  CU_ASSERT_EQUAL(strcmp(text + len - 4, "529\n"), 0);
  ict_free(text);
}

static void refuses_at_once(void) {
  folder f = folder_make();
  ict_out *out = (ict_out *)&f;
  ict_err err;
  CU_ASSERT_EQUAL(ict_out_open(f.path, &out, &err), ICT_FAIL);
  CU_ASSERT_PTR_NULL(out);
  CU_ASSERT_STRING_EQUAL(err.what, "is a folder, not a file");
  CU_ASSERT_EQUAL(ict_out_open(folder_file(&f, "no/such/a.csv"), &out, &err), ICT_FAIL);
  CU_ASSERT_PTR_NULL(out);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "No such file or directory"));
  CU_ASSERT_STRING_EQUAL(err.file, folder_file(&f, "no/such/a.csv"));
  CU_ASSERT_EQUAL(ict_out_open("/proc/a.csv", &out, &err), ICT_FAIL); /* nobody may write here */
  CU_ASSERT_PTR_NULL(out);
  CU_ASSERT_EQUAL(ict_out_open_path("-", &out, &err), ICT_USAGE);
  CU_ASSERT_PTR_NULL(out);
  CU_ASSERT_EQUAL(ict_out_open_path("/dev/null", &out, &err), ICT_FAIL);
  folder_remove(&f);
}

/* A device is written in place; its name must survive. */
static void reports_a_full_disk(void) {
  ict_out *out;
  ict_err err;
  CU_ASSERT_EQUAL_FATAL(ict_out_open("/dev/full", &out, &err), ICT_OK);
  for (int i = 0; i < 100000; i++) ict_out_text(out, "more than a buffer\n");
  CU_ASSERT_EQUAL(ict_out_commit(out, &err), ICT_FAIL);
  CU_ASSERT_STRING_EQUAL(err.what, "cannot write: No space left on device");
  CU_ASSERT_STRING_EQUAL(err.file, "/dev/full");
  CU_ASSERT_EQUAL_FATAL(ict_out_open("/dev/full", &out, &err), ICT_OK);
  ict_out_text(out, "x"); /* fails only when it is flushed */
  CU_ASSERT_EQUAL(ict_out_commit(out, &err), ICT_FAIL);
  struct stat info;
  CU_ASSERT_EQUAL(stat("/dev/full", &info), 0);
  CU_ASSERT_TRUE(S_ISCHR(info.st_mode));
}

static void leaves_the_target_when_commit_fails(void) {
  folder f = folder_make();
  char target[600];
  snprintf(target, sizeof target, "%s/a.csv", f.path);
  ict_out *out;
  ict_err err;
  CU_ASSERT_EQUAL_FATAL(ict_out_open(target, &out, &err), ICT_OK);
  ict_out_text(out, "x");
  CU_ASSERT_EQUAL(mkdir(target, 0777), 0); /* in the way of the rename */
  CU_ASSERT_EQUAL(ict_out_commit(out, &err), ICT_FAIL);
  CU_ASSERT_EQUAL(folder_count(&f), 1); /* the folder; no temporary file */
  rmdir(target);
  folder_remove(&f);
}

static void keeps_permissions(void) {
  folder f = folder_make();
  struct stat info;
  ict_out *out;
  mode_t before = umask(027);
  CU_ASSERT_EQUAL_FATAL(ict_out_open(folder_file(&f, "new"), &out, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_out_commit(out, NULL), ICT_OK);
  umask(before);
  CU_ASSERT_EQUAL(stat(folder_file(&f, "new"), &info), 0);
  CU_ASSERT_EQUAL(info.st_mode & 0777, 0640);
  CU_ASSERT_EQUAL(chmod(folder_file(&f, "new"), 0600), 0);
  CU_ASSERT_EQUAL_FATAL(ict_out_open(folder_file(&f, "new"), &out, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_out_commit(out, NULL), ICT_OK);
  CU_ASSERT_EQUAL(stat(folder_file(&f, "new"), &info), 0);
  CU_ASSERT_EQUAL(info.st_mode & 0777, 0600); /* a private file stays private */
  folder_remove(&f);
}

static void writes_through_a_link(void) {
  folder f = folder_make();
  folder_write(&f, "real", "old", 3);
  CU_ASSERT_EQUAL(symlink("real", folder_file(&f, "link")), 0);
  ict_out *out;
  CU_ASSERT_EQUAL_FATAL(ict_out_open(folder_file(&f, "link"), &out, NULL), ICT_OK);
  ict_out_text(out, "new");
  CU_ASSERT_EQUAL(ict_out_commit(out, NULL), ICT_OK);
  struct stat info;
  CU_ASSERT_EQUAL(lstat(folder_file(&f, "link"), &info), 0);
  CU_ASSERT_TRUE(S_ISLNK(info.st_mode));
  char *text = folder_read(&f, "real", NULL);
  CU_ASSERT_STRING_EQUAL(text, "new");
  free(text);
  folder_remove(&f);
}

static void serves_foreign_writers(void) {
  folder f = folder_make();
  ict_out *out;
  ict_err err;
  CU_ASSERT_EQUAL_FATAL(ict_out_open_path(folder_file(&f, "a.h5"), &out, &err), ICT_OK);
  FILE *file = fopen(ict_out_path(out), "wb");
  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  fputs("by hand", file);
  fclose(file);
  CU_ASSERT_EQUAL(ict_out_commit(out, &err), ICT_OK);
  char *text = folder_read(&f, "a.h5", NULL);
  CU_ASSERT_STRING_EQUAL(text, "by hand");
  free(text);
  CU_ASSERT_EQUAL(folder_count(&f), 1);
  folder_remove(&f);
}

/* Every allocation fails in turn; the last round has none that does. */
static void survives_short_memory(void) {
  folder f = folder_make();
  ict_status st = ICT_FAIL;
  for (long n = 0; n < 50 && st != ICT_OK; n++) {
    ict_out *out;
    ict_err err;
    ict_mem_fail_after(n);
    st = ict_out_open(folder_file(&f, "a"), &out, &err);
    if (st == ICT_OK) {
      ict_out_printf(out, "%600d", 1);
      st = ict_out_commit(out, &err);
    }
    ict_mem_fail_after(-1);
    if (st != ICT_OK) {
      CU_ASSERT_STRING_EQUAL(err.what, "out of memory");
      CU_ASSERT_EQUAL(folder_count(&f), 0);
    }
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  char *bytes = NULL;
  for (long n = 0; n < 500 && !bytes; n++) {
    ict_out *out;
    ict_mem_fail_after(n);
    if (ict_out_memory(&out, NULL) == ICT_OK) {
      for (int i = 0; i < 300; i++) ict_out_printf(out, "%600d", 1);
      size_t len;
      bytes = ict_out_take(out, &len, NULL);
      CU_ASSERT_EQUAL(len, bytes ? 180000 : 0);
    }
    ict_mem_fail_after(-1);
  }
  CU_ASSERT_PTR_NOT_NULL(bytes);
  ict_free(bytes);
  folder_remove(&f);
}

static void joins_paths(void) {
  const struct {
    const char *dir, *name, *joined;
  } joins[] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"a", "/b", "/b"},
               {"", "b", "b"},    {"/", "b", "/b"},   {".", "b", "b"}};
  for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
    char *path = ict_path_join(joins[i].dir, joins[i].name);
    CU_ASSERT_STRING_EQUAL(path, joins[i].joined);
    ict_free(path);
  }
  const char *const dirs[][2] = {
      {"a/b", "a"}, {"b", "."}, {"/b", "/"}, {"a/b/c", "a/b"}, {"/a/b", "/a"}};
  for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
    char *dir = ict_path_dir(dirs[i][0]);
    CU_ASSERT_STRING_EQUAL(dir, dirs[i][1]);
    ict_free(dir);
  }
}

static void names_files_from_folders(void) {
  const struct {
    const char *folder, *path, *seen;
  } cases[] = {{"/", "/hh.csv", "hh.csv"},
               {"/usr", "/hh.csv", "../hh.csv"},
               {"/", "/usr/hh.csv", "usr/hh.csv"},
               {"/usr", "/usr/hh.csv", "hh.csv"},
               {"/usr/share", "/usr/hh.csv", "../hh.csv"},
               {"/usr", "/usr/share/hh.csv", "share/hh.csv"},
               {"/usr/share", "/tmp/hh.csv", "../../tmp/hh.csv"},
               {"/usr/share/../share", "/usr/./hh.csv", "../hh.csv"},
               {".", "hh.csv", "hh.csv"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ict_err err = {0};
    char *path;
    CU_ASSERT_EQUAL(ict_path_from(cases[i].folder, cases[i].path, &path, &err), ICT_OK);
    CU_ASSERT_STRING_EQUAL(path, cases[i].seen);
    ict_free(path);
  }
  ict_err err = {0};
  char *path;
  CU_ASSERT_EQUAL(ict_path_from("/no/such/folder", "hh.csv", &path, &err), ICT_FAIL);
  CU_ASSERT_PTR_NULL(path);
}

SUITE("base.out", TEST(replaces_on_commit), TEST(forgets_on_discard), TEST(keeps_every_byte),
      TEST(prints_long_lines), TEST(refuses_at_once), TEST(reports_a_full_disk),
      TEST(leaves_the_target_when_commit_fails), TEST(keeps_permissions),
      TEST(writes_through_a_link), TEST(serves_foreign_writers), TEST(survives_short_memory),
      TEST(joins_paths), TEST(names_files_from_folders))
