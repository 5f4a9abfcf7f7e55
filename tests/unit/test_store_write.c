/* test_store_write.c - what is not written, and what happens when writing goes wrong: the
 * file that was there stays, nothing is printed, nothing leaks. */
#include "suite.h"

#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/hash.h"
#include "test_store_fixture.h"

static void sha256_of(const char *path, char hex[65]) {
  CU_ASSERT_EQUAL_FATAL(ict_sha256_file(path, hex, NULL), ICT_OK);
}

/* Removes temporary files that a killed writer leaves; how many there were. */
static size_t sweep(const char *path) {
  size_t n = 0;
  char prefix[300];
  snprintf(prefix, sizeof prefix, ".%s.tmp-", strrchr(path, '/') + 1);
  DIR *dir = opendir(folder_of_all());
  for (struct dirent *e; (e = readdir(dir));) {
    if (strncmp(e->d_name, prefix, strlen(prefix)) != 0) continue;
    CU_ASSERT_EQUAL(unlinkat(dirfd(dir), e->d_name, 0), 0);
    n++;
  }
  closedir(dir);
  return n;
}

/* -- refused frames ---------------------------------------------------------------- */

static void is_refused(const fixture *x, const char *word) {
  const char *path = scratch("refused.h5");
  ict_err err = {.what = ""};
  CU_ASSERT_EQUAL(ict_store_write(path, x->frames, 2, &provenance, 1, NULL, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, word));
  if (!strstr(err.what, word)) fprintf(stderr, "'%s' lacks '%s'\n", err.what, word);
  CU_ASSERT_EQUAL(access(path, F_OK), -1);
}

static void bad_schemas(void) {
  static const ict_code clash[] = {{"_refused", "a code", NULL}}, empty[] = {{"", "", NULL}};
  const ict_codelist clash_list = {"CL", NULL, NULL, 1, clash, NULL};
  const ict_codelist empty_list = {"CL", NULL, NULL, 1, empty, NULL};
  const ict_codelist long_list = {"CL", NULL, NULL, 249, clash, NULL};
  fixture x;
  ict_variable vars[2];
  ict_schema schema = {2, vars, NULL};
  fixture_init(&x);
  x.household.schema = &schema;
  const struct {
    ict_variable var;
    const char *says;
  } cases[] = {
      {{.name = "x", .type = ICT_TYPE_CODE, .codes = &period_list},
       "no coded variable 'time_period'"},
      {{.name = "time_period", .type = ICT_TYPE_INTEGER}, "no coded variable 'time_period'"},
      {{.name = "ref_area", .type = ICT_TYPE_CODE, .codes = &area_list}, "two variables are named"},
      {{.name = "a/b", .type = ICT_TYPE_INTEGER}, "cannot be the name"},
      {{.name = ".", .type = ICT_TYPE_INTEGER}, "cannot be the name"},
      {{.name = "", .type = ICT_TYPE_INTEGER}, "cannot be the name"},
      {{.name = "x", .type = ICT_TYPE_REAL, .width = ICT_U8}, "width its type cannot have"},
      {{.name = "x", .type = ICT_TYPE_CODE, .width = ICT_I32, .codes = &sex_list}, "width"},
      {{.name = "x", .type = ICT_TYPE_BOOLEAN}, "width"},
      {{.name = "x", .type = ICT_TYPE_CODE}, "no code list"},
      {{.name = "x", .type = ICT_TYPE_CODE, .codes = &clash_list}, "'_refused'"},
      {{.name = "x", .type = ICT_TYPE_CODE, .codes = &empty_list}, "code 1 of 'x' is empty"},
      {{.name = "x", .type = ICT_TYPE_CODE, .codes = &long_list}, "249 codes"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vars[0] = house_vars[0];
    vars[1] = cases[i].var;
    is_refused(&x, cases[i].says);
  }
}

static void bad_frames(void) {
  static const uint8_t bad_area[] = {0, 1, 2};
  const void *columns[] = {bad_area, house_period};
  static const uint64_t falling[] = {0, 2, 1, 3};
  const double bad_weights[] = {1, -1, 1};
  fixture x;
  fixture_init(&x);
  x.household.columns = columns;
  is_refused(&x, "/household/columns/ref_area: value that is neither a code");
  fixture_init(&x);
  x.household.design.psu_first_row = falling;
  is_refused(&x, "/household/design/psu_first_row: falls");
  fixture_init(&x);
  x.household.design.weight = bad_weights;
  is_refused(&x, "/household/design/weight: weight that is negative");
  fixture_init(&x);
  x.household.design.n_rows = 4;
  is_refused(&x, "is of 4 rows");
  fixture_init(&x);
  x.household.unit = "individual";
  is_refused(&x, "two tables are named");
  x.household.unit = "provenance";
  is_refused(&x, "cannot be the name of a unit");
  fixture_init(&x);
  const ict_provenance nameless = {.survey = NULL};
  CU_ASSERT_EQUAL(ict_store_write(scratch("n.h5"), x.frames, 2, &nameless, 1, NULL, NULL),
                  ICT_USAGE);
  CU_ASSERT_EQUAL(ict_store_write("/no/such/folder/x.h5", x.frames, 2, &provenance, 1, NULL, NULL),
                  ICT_FAIL);
}

/* -- writers that die or find no room ----------------------------------------------- */

typedef struct fuse {
  int left;
} fuse;

static void burn(void *ctx, const char *stage, uint64_t done, uint64_t total, const char *unit) {
  fuse *f = ctx;
  (void)stage;
  (void)unit;
  if (done > total) abort();
  if (f->left-- == 0) raise(SIGKILL);
}

/* Forks, so that no test here may use threads: a child has none of its parent's. The child writes
 * over `path`, its words going to `words`. Its wait status. */
static int write_in_child(const char *path, const char *words, int ticks, rlim_t most_bytes) {
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    int fd = open(words, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    if (most_bytes) {
      const struct rlimit limit = {most_bytes, most_bytes};
      signal(SIGXFSZ, SIG_IGN);
      setrlimit(RLIMIT_FSIZE, &limit);
    }
    fixture x;
    fuse f = {ticks};
    const ict_progress progress = {burn, &f};
    fixture_init(&x);
    ict_err err;
    ict_status st = ict_store_write(path, x.frames, 2, &provenance, 1, &progress, &err);
    if (st == ICT_FAIL && !strstr(err.what, "File too large")) st = (ict_status)99;
    exit((int)st); /* not _exit: HDF5 must have nothing to say on its way out either */
  }
  int status = -1;
  CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
  return status;
}

/* A file that was there, and its hash. */
static void put_old(const char *path, char hex[65]) {
  fixture x;
  fixture_init(&x);
  const ict_provenance old = {.survey = "old"};
  CU_ASSERT_EQUAL_FATAL(ict_store_write(path, &x.frames[1], 1, &old, 1, NULL, NULL), ICT_OK);
  sha256_of(path, hex);
}

static void killed(void) {
  const char *path = scratch("killed.h5"), *words = scratch("killed.txt");
  char before[65], after[65];
  put_old(path, before);
  int n = 0;
  for (;; n++) {
    int status = write_in_child(path, words, n, 0);
    if (WIFEXITED(status)) { /* the fuse was longer than the work */
      CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
      break;
    }
    CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    sha256_of(path, after);
    CU_ASSERT_STRING_EQUAL(before, after);
    CU_ASSERT_EQUAL(sweep(path), 1);
  }
  CU_ASSERT_EQUAL(n, 16); /* 10 columns, 4 arrays of one design, 2 of the other */
  CU_ASSERT_EQUAL(sweep(path), 0);
  sha256_of(path, after);
  CU_ASSERT_STRING_NOT_EQUAL(before, after);
  unlink(path);
  unlink(words);
}

static void no_room(void) {
  const char *path = scratch("full.h5"), *words = scratch("full.txt");
  char before[65], after[65];
  struct stat info;
  put_old(path, before);
  int status = 0;
  rlim_t most;
  for (most = 64; most < 100000; most += most < 4096 ? 500 : 2500) {
    status = write_in_child(path, words, -1, most);
    CU_ASSERT_TRUE_FATAL(WIFEXITED(status));
    CU_ASSERT_EQUAL(stat(words, &info), 0);
    CU_ASSERT_EQUAL(info.st_size, 0); /* silent */
    CU_ASSERT_EQUAL(sweep(path), 0);
    if (WEXITSTATUS(status) == 0) break;
    CU_ASSERT_EQUAL(WEXITSTATUS(status), ICT_FAIL);
    sha256_of(path, after);
    CU_ASSERT_STRING_EQUAL(before, after);
  }
  CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0 && most > 5000);
  unlink(path);
  unlink(words);
}

/* -- short memory ------------------------------------------------------------------ */

static void short_memory(void) {
  const char *path = scratch("memory.h5");
  char before[65], after[65];
  fixture x;
  ict_status st = ICT_FAIL;
  ict_err err;
  fixture_init(&x);
  put_old(path, before);
  for (long n = 0; st != ICT_OK && n < 100000; n++) {
    ict_mem_fail_after(n);
    st = ict_store_write(path, x.frames, 2, &provenance, 1, NULL, &err);
    ict_mem_fail_after(-1);
    if (st == ICT_OK) break;
    CU_ASSERT_EQUAL(st, ICT_FAIL);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "memory"));
    sha256_of(path, after);
    CU_ASSERT_STRING_EQUAL(before, after);
  }
  CU_ASSERT_EQUAL_FATAL(st, ICT_OK);
  CU_ASSERT_EQUAL(sweep(path), 0);

  st = ICT_FAIL;
  for (long n = 0; st != ICT_OK && n < 100000; n++) {
    ict_store *store = NULL;
    ict_mem_fail_after(n);
    st = ict_store_open(path, &store, &err);
    ict_mem_fail_after(-1);
    CU_ASSERT_EQUAL(!store, st != ICT_OK);
    if (st != ICT_OK) CU_ASSERT_EQUAL(st, ICT_FAIL);
    ict_store_close(store);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);

  st = ICT_FAIL;
  for (long n = 0; st != ICT_OK && n < 100000; n++) {
    ict_findings *findings = ict_findings_new();
    ict_mem_fail_after(n);
    st = ict_store_verify(path, findings, &err);
    ict_mem_fail_after(-1);
    if (st != ICT_OK) CU_ASSERT_EQUAL(st, ICT_FAIL);
    ict_findings_free(findings);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  unlink(path);
}

/* -- guests in the house ------------------------------------------------------------ */

static herr_t host_handler(hid_t stack, void *ctx) {
  (void)stack;
  (void)ctx;
  return 0;
}

/* The host's own way with HDF5's errors is as it was; no HDF5 object is left open. */
static void leaves_no_trace(void) {
  const char *path = scratch("trace.h5");
  fixture x;
  fixture_init(&x);
  H5E_auto2_t func = NULL;
  void *data = NULL;
  int mine;
  H5Eset_auto2(H5E_DEFAULT, host_handler, &mine);
  CU_ASSERT_EQUAL(ict_store_write(path, x.frames, 2, &provenance, 1, NULL, NULL), ICT_OK);
  ict_store *store = NULL;
  CU_ASSERT_EQUAL(ict_store_open(path, &store, NULL), ICT_OK);
  ict_findings *findings = ict_findings_new();
  CU_ASSERT_EQUAL(ict_store_verify(path, findings, NULL), ICT_OK);
  ict_findings_free(findings);
  CU_ASSERT_EQUAL(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
  H5Eget_auto2(H5E_DEFAULT, &func, &data);
  CU_ASSERT_TRUE(func == host_handler && data == &mine);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  ict_store_close(store);
  unlink(path);
}

/* leaves_no_trace is last: the store must be the first to use HDF5 (see engine/store/h5.c) */
SUITE("store.write", TEST(bad_schemas), TEST(bad_frames), TEST(killed), TEST(no_room),
      TEST(short_memory), TEST(leaves_no_trace))
