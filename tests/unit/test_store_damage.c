/* test_store_damage.c - files that are not what was written: found, named, never a crash. */
#include "suite.h"

#include <hdf5.h>
#include <sys/stat.h>

#include "base/stream.h"
#include "test_store_fixture.h"

/* HDF5 1.10.8 loses memory of its own on some damaged files. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libhdf5"; }

static void write_sample(const char *path) {
  fixture x;
  ict_err err;
  fixture_init(&x);
  CU_ASSERT_EQUAL_FATAL(ict_store_write(path, x.frames, 2, &provenance, 2, NULL, &err), ICT_OK);
}

static void put_file(const char *path, const char *bytes, size_t len) {
  FILE *f = fopen(path, "wb");
  CU_ASSERT_PTR_NOT_NULL_FATAL(f);
  CU_ASSERT_EQUAL(fwrite(bytes, 1, len, f), len);
  CU_ASSERT_EQUAL(fclose(f), 0);
}

/* The whole file in memory; *len is 0 on failure. */
static char *get_file(const char *path, size_t *len) {
  ict_bytes bytes;
  CU_ASSERT_EQUAL_FATAL(ict_bytes_open(path, 0, false, &bytes, NULL), ICT_OK);
  char *copy = malloc(bytes.len);
  memcpy(copy, bytes.data, bytes.len);
  *len = bytes.len;
  ict_bytes_close(&bytes);
  return copy;
}

/* Opening is refused, with a word of it in the message, a file and a fix. */
static void is_refused(const char *path, const char *word) {
  ict_store *store = (ict_store *)1;
  ict_err err = {.what = ""};
  CU_ASSERT_EQUAL_FATAL(ict_store_open(path, &store, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NULL(store);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, word));
  if (!strstr(err.what, word)) fprintf(stderr, "'%s' lacks '%s'\n", err.what, word);
  CU_ASSERT_STRING_EQUAL(err.file, path);
  CU_ASSERT_NOT_EQUAL(err.fix[0], '\0');
  CU_ASSERT_EQUAL(ict_store_open(path, &store, NULL), ICT_REFUSED);
}

static bool names(const ict_findings *findings, const char *word) {
  for (size_t i = 0; i < ict_findings_count(findings); i++) {
    if (strstr(ict_findings_at(findings, i, NULL)->what, word)) return true;
  }
  return false;
}

/* Verifying finds a difference at `where` and says `what` about it. */
static void is_found(const char *path, const char *where, const char *what) {
  ict_findings *findings = ict_findings_new();
  ict_err err;
  CU_ASSERT_EQUAL(ict_store_verify(path, findings, &err), ICT_DIFFER);
  bool found = names(findings, where) && names(findings, what);
  CU_ASSERT_TRUE(found);
  if (!found) {
    for (size_t i = 0; i < ict_findings_count(findings); i++) {
      fprintf(stderr, "%s\n", ict_findings_at(findings, i, NULL)->what);
    }
    fprintf(stderr, "lacks '%s' '%s'\n", where, what);
  }
  ict_findings_free(findings);
}

/* -- not ours ---------------------------------------------------------------------- */

static void not_hdf5(void) {
  const char *path = scratch("text.h5");
  put_file(path, "a,b\n1,2\n", 8);
  is_refused(path, "is not an HDF5 file");
  put_file(path, "", 0);
  is_refused(path, "is not an HDF5 file");
  put_file(path, "\x89HDF\r\n\x1a\n", 8);
  is_refused(path, "cut off or damaged");
  unlink(path);
  ict_store *store;
  ict_err err;
  CU_ASSERT_EQUAL(ict_store_open(path, &store, &err), ICT_REFUSED); /* gone */
  CU_ASSERT_EQUAL(ict_store_open(".", &store, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "folder"));
}

static void foreign_hdf5(void) {
  const char *path = scratch("foreign.h5");
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  hsize_t dims = 3;
  hid_t space = H5Screate_simple(1, &dims, NULL);
  H5Dclose(H5Dcreate2(file, "x", H5T_NATIVE_INT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  H5Fclose(file);
  is_refused(path, "not a data set of ictstat");
  ict_findings *findings = ict_findings_new();
  CU_ASSERT_EQUAL(ict_store_verify(path, findings, NULL), ICT_REFUSED);
  ict_findings_free(findings);
  /* a `format` of another kind, then of another program */
  file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  H5Aclose(H5Acreate2(file, "format", H5T_NATIVE_INT, space, H5P_DEFAULT, H5P_DEFAULT));
  H5Fclose(file);
  is_refused(path, "not a data set of ictstat");
  file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  H5Adelete(file, "format");
  hid_t type = H5Tcopy(H5T_C_S1), scalar = H5Screate(H5S_SCALAR);
  H5Tset_size(type, 6);
  hid_t attribute = H5Acreate2(file, "format", type, scalar, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, type, "other");
  H5Aclose(attribute);
  H5Fclose(file);
  is_refused(path, "not a data set of ictstat");
  H5Sclose(scalar);
  H5Sclose(space);
  H5Tclose(type);
  unlink(path);
}

/* -- ours, changed by another hand with checksums of HDF5 in order ------------------ */

static void set_number(const char *path, const char *object, const char *name, uint64_t value) {
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  hid_t at = H5Oopen(file, object, H5P_DEFAULT), scalar = H5Screate(H5S_SCALAR);
  CU_ASSERT_TRUE(H5Adelete(at, name) >= 0);
  hid_t attribute = H5Acreate2(at, name, H5T_STD_U64LE, scalar, H5P_DEFAULT, H5P_DEFAULT);
  CU_ASSERT_TRUE(H5Awrite(attribute, H5T_NATIVE_UINT64, &value) >= 0);
  H5Aclose(attribute);
  H5Sclose(scalar);
  H5Oclose(at);
  H5Fclose(file);
}

static void set_value(const char *path, const char *dataset, hsize_t index, hid_t type,
                      const void *value) {
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  hid_t data = H5Dopen2(file, dataset, H5P_DEFAULT);
  hid_t space = H5Dget_space(data), one = H5Screate(H5S_SCALAR);
  H5Sselect_elements(space, H5S_SELECT_SET, 1, &index);
  CU_ASSERT_TRUE(H5Dwrite(data, type, one, space, H5P_DEFAULT, value) >= 0);
  H5Sclose(one);
  H5Sclose(space);
  H5Dclose(data);
  H5Fclose(file);
}

static void versions(void) {
  const char *path = scratch("version.h5");
  write_sample(path);
  set_number(path, "/", "format_version", 4);
  is_refused(path, "format version 4");
  ict_store *store = NULL;
  ict_err err = {0};
  ict_store_open(path, &store, &err);
  CU_ASSERT_STRING_EQUAL(err.expected, "format versions 1 to 3");
  set_number(path, "/", "format_version", 0);
  is_refused(path, "format version 0");
  unlink(path);
}

static void index_arrays(void) {
  static const struct {
    const char *dataset;
    hsize_t at;
    uint64_t value;
    const char *says;
  } cases[] = {{"/individual/design/psu_first_row", 0, 1, "does not begin with 0"},
               {"/individual/design/psu_first_row", 1, 7, "falls at entry 2"},
               {"/individual/design/psu_first_row", 3, UINT64_MAX, "falls at entry 4"},
               {"/individual/design/psu_first_row", 4, 12, "ends with 12 in place of 11"},
               {"/individual/design/psu_first_row", 4, UINT64_MAX, "in place of 11"},
               {"/individual/design/stratum_first_psu", 1, 5, "falls at entry 2"},
               {"/household/design/stratum_first_psu", 1, 2, "ends with 2 in place of 3"}};
  const char *path = scratch("index.h5");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    write_sample(path);
    set_value(path, cases[i].dataset, cases[i].at, H5T_NATIVE_UINT64, &cases[i].value);
    is_refused(path, cases[i].says);
    is_refused(path, cases[i].dataset);
    is_found(path, cases[i].dataset, "not those that were written");
    is_found(path, cases[i].dataset, cases[i].says);
  }
  unlink(path);
}

/* Numbers of rows, PSUs and strata that do not fit the arrays, up to the largest. */
static void counts(void) {
  static const uint64_t wrong[] = {
      0, 1, 10, 12, 1u << 20, UINT64_MAX / 8 + 1, UINT64_MAX - 1, UINT64_MAX};
  static const char *const what[] = {"n_rows", "n_psu", "n_strata"};
  const char *path = scratch("counts.h5");
  for (size_t i = 0; i < sizeof what / sizeof *what; i++) {
    for (size_t j = 0; j < sizeof wrong / sizeof *wrong; j++) {
      write_sample(path);
      set_number(path, "/individual", what[i], wrong[j]);
      is_refused(path, "/individual");
      is_found(path, "/individual", "");
    }
  }
  unlink(path);
}

static void values(void) {
  const char *path = scratch("values.h5");
  const uint8_t code = 2, mark = 248;
  const uint16_t wide = 3, wide_mark = 65529;
  const int32_t long_mark = 2147483640;
  const double infinite = HUGE_VAL, negative = -1, nan = NAN, more = 1.5;
  const struct {
    const char *dataset, *says;
    hid_t type;
    const void *value;
  } cases[] = {
      {"/individual/columns/sex", "neither a code", H5T_NATIVE_UINT8, &code},
      {"/individual/columns/sex", "neither a code", H5T_NATIVE_UINT8, &mark},
      {"/individual/columns/age_band", "neither a code", H5T_NATIVE_UINT16, &wide},
      {"/individual/columns/age_band", "neither a code", H5T_NATIVE_UINT16, &wide_mark},
      {"/individual/columns/age", "reserved value", H5T_NATIVE_UINT8, &mark},
      {"/individual/columns/minutes", "reserved value", H5T_NATIVE_UINT16, &wide_mark},
      {"/individual/columns/income", "reserved value", H5T_NATIVE_INT32, &long_mark},
      {"/individual/columns/speed", "infinite", H5T_NATIVE_DOUBLE, &infinite},
      {"/individual/design/weight", "negative or no number", H5T_NATIVE_DOUBLE, &negative},
      {"/individual/design/weight", "negative or no number", H5T_NATIVE_DOUBLE, &nan},
      {"/individual/design/weight", "negative or no number", H5T_NATIVE_DOUBLE, &infinite}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    hid_t type = cases[i].type, base = -1;
    write_sample(path);
    if (strstr(cases[i].says, "neither")) { /* enums are written as what they are */
      hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
      hid_t data = H5Dopen2(file, cases[i].dataset, H5P_DEFAULT);
      type = base = H5Dget_type(data);
      H5Dclose(data);
      H5Fclose(file);
    }
    set_value(path, cases[i].dataset, 3, type, cases[i].value);
    if (base >= 0) H5Tclose(base);
    is_found(path, cases[i].dataset, "not those that were written");
    is_found(path, cases[i].dataset, cases[i].says);
    is_found(path, cases[i].dataset, "first at row 3");
    ict_store *store; /* no danger to the scan, so it opens */
    CU_ASSERT_EQUAL(ict_store_open(path, &store, NULL), ICT_OK);
    ict_store_close(store);
  }
  write_sample(path);
  set_value(path, "/individual/design/fraction", 1, H5T_NATIVE_DOUBLE, &more);
  is_found(path, "/individual/design/fraction", "outside 0 to 1");
  unlink(path);
}

/* Things taken away, put in, or put in the place of others. */
static void structure(void) {
  static const char *const gone[] = {"/individual",        "/provenance",
                                     "/provenance/inputs", "/provenance/report",
                                     "/household/columns", "/household/columns/ref_area",
                                     "/individual/design", "/individual/design/psu_first_row"};
  const char *path = scratch("structure.h5");
  for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
    write_sample(path);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    CU_ASSERT_TRUE(H5Ldelete(file, gone[i], H5P_DEFAULT) >= 0);
    H5Fclose(file);
    is_refused(path, "has no ");
    is_found(path, "/: names", "has no ");
    /* a group where a dataset was, and the other way round */
    file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, gone[i], H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Fclose(file);
    is_refused(path, "");
    is_found(path, "/: names", "");
    file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hsize_t dims[2] = {3, 2};
    hid_t square = H5Screate_simple(2, dims, NULL);
    H5Ldelete(file, gone[i], H5P_DEFAULT);
    H5Dclose(
        H5Dcreate2(file, gone[i], H5T_IEEE_F32BE, square, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(square);
    H5Fclose(file);
    is_refused(path, "");
    is_found(path, gone[i], "type that a store does not have");
  }
  write_sample(path); /* a stranger among the columns opens, but is found */
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  hid_t scalar = H5Screate(H5S_SCALAR);
  H5Dclose(H5Dcreate2(file, "/individual/columns/new", H5T_STD_U8LE, scalar, H5P_DEFAULT,
                      H5P_DEFAULT, H5P_DEFAULT));
  H5Sclose(scalar);
  H5Fclose(file);
  is_found(path, "/individual/columns/new", "has no checksum");
  unlink(path);
}

/* -- damage to the bytes ----------------------------------------------------------- */

typedef struct region {
  char name[64];
  size_t offset, bytes;
} region;

typedef struct regions {
  region list[64];
  size_t n;
} regions;

static herr_t add_region(hid_t at, const char *name, const H5O_info_t *info, void *ctx) {
  regions *all = ctx;
  if (info->type != H5O_TYPE_DATASET) return 0;
  hid_t data = H5Dopen2(at, name, H5P_DEFAULT);
  region *r = &all->list[all->n++];
  snprintf(r->name, sizeof r->name, "/%s", name);
  r->offset = (size_t)H5Dget_offset(data);
  r->bytes = (size_t)H5Dget_storage_size(data);
  H5Dclose(data);
  return 0;
}

static void every_dataset_byte(void) {
  const char *path = scratch("flip.h5");
  regions all = {.n = 0};
  size_t len;
  write_sample(path);
  hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, add_region, &all, H5O_INFO_BASIC);
  H5Fclose(file);
  CU_ASSERT_EQUAL(all.n, 20); /* 3 provenance, 8 + 5 individual, 2 + 2 household */
  char *bytes = get_file(path, &len);
  for (size_t i = 0; i < all.n; i++) {
    const region *r = &all.list[i];
    CU_ASSERT_FATAL(r->bytes > 0 && r->offset + r->bytes <= len);
    CU_ASSERT_EQUAL(r->offset % 8, 0);
    const size_t at[] = {0, r->bytes / 2, r->bytes - 1};
    for (size_t j = 0; j < sizeof at / sizeof *at; j++) {
      char *b = &bytes[r->offset + at[j]];
      *b = (char)(*b ^ 0x10);
      put_file(path, bytes, len);
      *b = (char)(*b ^ 0x10);
      is_found(path, r->name, "not those that were written");
    }
  }
  free(bytes);
  unlink(path);
}

/* A flipped bit anywhere: never a crash; where it passes, what is read is what was written
 * (padding between the pieces). */
static void anywhere(void) {
  const char *path = scratch("any.h5");
  size_t len, passed = 0;
  write_sample(path);
  char *bytes = get_file(path, &len);
  for (size_t i = 0; i < len; i += 41) {
    char kept = bytes[i];
    bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
    put_file(path, bytes, len);
    ict_store *store = NULL;
    ict_findings *findings = ict_findings_new();
    ict_status opened = ict_store_open(path, &store, NULL);
    ict_status verified = ict_store_verify(path, findings, NULL);
    CU_ASSERT_TRUE(opened == ICT_OK || opened == ICT_REFUSED);
    CU_ASSERT_TRUE(verified == ICT_OK || verified == ICT_DIFFER || verified == ICT_REFUSED);
    if (verified == ICT_OK) {
      passed++;
      CU_ASSERT_EQUAL(opened, ICT_OK);
      CU_ASSERT_EQUAL(kept, 0);
    }
    ict_findings_free(findings);
    ict_store_close(store);
    bytes[i] = kept;
  }
  CU_ASSERT_TRUE(passed < len / 41 / 4);
  free(bytes);
  unlink(path);
}

static void cut_off(void) {
  const char *path = scratch("cut.h5");
  size_t len;
  write_sample(path);
  char *bytes = get_file(path, &len);
  for (size_t n = 0; n < len; n += 331) {
    put_file(path, bytes, n);
    is_refused(path, n < 8 ? "is not an HDF5 file" : "");
    ict_findings *findings = ict_findings_new();
    CU_ASSERT_EQUAL(ict_store_verify(path, findings, NULL), ICT_REFUSED);
    ict_findings_free(findings);
  }
  put_file(path, bytes, len - 1);
  is_refused(path, "truncated file");
  free(bytes);
  unlink(path);
}

/* A column that is a link into another store: its bytes are looked for at the other's offset. */
static void linked_elsewhere(void) {
  char other[256];
  snprintf(other, sizeof other, "%s", scratch("other.h5"));
  const char *path = scratch("linked.h5");
  write_sample(other);
  write_sample(path);
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  CU_ASSERT_TRUE(H5Ldelete(file, "individual/columns/sex", H5P_DEFAULT) >= 0);
  CU_ASSERT_TRUE(H5Lcreate_external(other, "individual/columns/sex", file, "individual/columns/sex",
                                    H5P_DEFAULT, H5P_DEFAULT) >= 0);
  H5Fclose(file);
  is_refused(path, "lies in another file");
  unlink(path);
  unlink(other);
}

SUITE("store.damage", TEST(not_hdf5), TEST(foreign_hdf5), TEST(versions), TEST(index_arrays),
      TEST(counts), TEST(values), TEST(structure), TEST(every_dataset_byte), TEST(anywhere),
      TEST(cut_off), TEST(linked_elsewhere))
