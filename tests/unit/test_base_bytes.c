/* Bytes in: plain, gzip, broken gzip, pipes. The gzip files are made by zlib's own writer
 * or by hand from RFC 1952. */
#include <fcntl.h>
#include <string.h>
#include <zlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/stream.h"
#include "folder.h"
#include "suite.h"

/* Appends a gzip member to a file. */
static void add_member(const char *path, const void *bytes, size_t len) {
  gzFile z = gzopen(path, "ab");
  if (!z || (len && gzwrite(z, bytes, (unsigned)len) != (int)len) || gzclose(z) != Z_OK) abort();
}

static void maps_a_file(void) {
  folder f = folder_make();
  ict_bytes b;
  ict_err err;
  const char *path = folder_write(&f, "abc", "abc", 3);
  CU_ASSERT_EQUAL_FATAL(ict_bytes_open(path, 0, true, &b, &err), ICT_OK);
  CU_ASSERT_EQUAL(b.len, 3);
  CU_ASSERT_EQUAL(memcmp(b.data, "abc", 3), 0);
  CU_ASSERT_FALSE(b.was_gzip);
  CU_ASSERT_EQUAL(b.file_size, 3);
  /* FIPS 180-4, example of SHA-256("abc") */
  CU_ASSERT_STRING_EQUAL(b.sha256,
                         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ict_bytes_close(&b);
  ict_bytes_close(&b);
  folder_remove(&f);
}

static void opens_an_empty_file(void) {
  folder f = folder_make();
  ict_bytes b;
  CU_ASSERT_EQUAL_FATAL(ict_bytes_open(folder_write(&f, "e", "", 0), 0, true, &b, NULL), ICT_OK);
  CU_ASSERT_EQUAL(b.len, 0);
  CU_ASSERT_PTR_NOT_NULL(b.data);
  CU_ASSERT_STRING_EQUAL(b.sha256,
                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  ict_bytes_close(&b);
  ict_bytes zero = {0};
  ict_bytes_close(&zero);
  folder_remove(&f);
}

/* Small ones are read, large ones mapped. */
static void opens_any_size(void) {
  folder f = folder_make();
  static char text[70000], hex[65];
  for (size_t i = 0; i < sizeof text; i++) text[i] = (char)('a' + i % 23);
  for (size_t len = 65534; len < 65540; len++) {
    ict_bytes b;
    const char *path = folder_write(&f, "some", text, len);
    CU_ASSERT_EQUAL_FATAL(ict_bytes_open(path, 0, true, &b, NULL), ICT_OK);
    CU_ASSERT_EQUAL(b.len, len);
    CU_ASSERT_EQUAL(b.file_size, len);
    CU_ASSERT_EQUAL(memcmp(b.data, text, len), 0);
    CU_ASSERT_EQUAL(memcmp(ict_bytes_raw(&b), text, len), 0);
    ict_sha256_of(text, len, hex);
    CU_ASSERT_STRING_EQUAL(b.sha256, hex);
    ict_bytes_close(&b);
  }
  folder_remove(&f);
}

static void expands_every_member(void) {
  folder f = folder_make();
  char path[600];
  snprintf(path, sizeof path, "%s/a.gz", f.path);
  char *large = malloc(1000000);
  for (int i = 0; i < 1000000; i++) large[i] = (char)('a' + i * 7 % 26);
  add_member(path, "first,", 6);
  add_member(path, "", 0);
  add_member(path, large, 1000000);
  add_member(path, "last", 4);
  ict_bytes b;
  ict_err err;
  CU_ASSERT_EQUAL_FATAL(ict_bytes_open(path, 0, true, &b, &err), ICT_OK);
  CU_ASSERT_TRUE(b.was_gzip);
  CU_ASSERT_EQUAL(b.len, 1000010);
  CU_ASSERT_EQUAL(memcmp(b.data, "first,", 6), 0);
  CU_ASSERT_EQUAL(memcmp(b.data + 6, large, 1000000), 0);
  CU_ASSERT_EQUAL(memcmp(b.data + 1000006, "last", 4), 0);
  struct stat info;
  CU_ASSERT_EQUAL(stat(path, &info), 0);
  CU_ASSERT_EQUAL(b.file_size, (size_t)info.st_size);
  char hex[65]; /* of the bytes on disk, not of what was expanded */
  CU_ASSERT_EQUAL(ict_sha256_file(path, hex, &err), ICT_OK);
  CU_ASSERT_STRING_EQUAL(b.sha256, hex);
  ict_bytes_close(&b);
  free(large);
  folder_remove(&f);
}

static void obeys_the_limit(void) {
  folder f = folder_make();
  char path[600], zeros[5000] = {0};
  snprintf(path, sizeof path, "%s/bomb.gz", f.path);
  for (int i = 0; i < 200; i++) add_member(path, zeros, sizeof zeros);
  ict_bytes b;
  ict_err err;
  CU_ASSERT_EQUAL(ict_bytes_open(path, 1000000, false, &b, &err), ICT_OK); /* exactly */
  CU_ASSERT_EQUAL(b.len, 1000000);
  ict_bytes_close(&b);
  CU_ASSERT_EQUAL(ict_bytes_open(path, 999999, false, &b, &err), ICT_REFUSED);
  CU_ASSERT_STRING_EQUAL(err.what, "expands to more than 999999 bytes");
  CU_ASSERT_EQUAL(b.len, 0);
  CU_ASSERT_PTR_NOT_NULL(b.data);
  CU_ASSERT_EQUAL(ict_bytes_open(path, 10, false, &b, &err), ICT_REFUSED);
  folder_remove(&f);
}

static void refuses_broken_gzip(void) {
  folder f = folder_make();
  char path[600];
  snprintf(path, sizeof path, "%s/a.gz", f.path);
  add_member(path, "0123456789 0123456789 0123456789", 32);
  size_t len;
  char *whole = folder_read(&f, "a.gz", &len);
  ict_bytes b;
  ict_err err;
  for (size_t cut = 2; cut < len; cut++) { /* cut anywhere: never a short success */
    const char *part = folder_write(&f, "cut.gz", whole, cut);
    CU_ASSERT_EQUAL(ict_bytes_open(part, 0, false, &b, &err), ICT_REFUSED);
    CU_ASSERT_STRING_EQUAL(err.file, part);
  }
  CU_ASSERT_STRING_EQUAL(err.expected, "a whole gzip file");
  char two[200] = {0}; /* cut in the second member */
  memcpy(two, whole, len);
  memcpy(two + len, whole, len);
  CU_ASSERT_EQUAL(ict_bytes_open(folder_write(&f, "two", two, 2 * len - 1), 0, false, &b, &err),
                  ICT_REFUSED);
  CU_ASSERT_EQUAL(ict_bytes_open(folder_write(&f, "two", two, 2 * len), 0, false, &b, &err),
                  ICT_OK);
  CU_ASSERT_EQUAL(b.len, 64);
  ict_bytes_close(&b);
  /* Zeros may follow (tapes pad), other bytes may not. */
  CU_ASSERT_EQUAL(ict_bytes_open(folder_write(&f, "two", two, 2 * len + 20), 0, false, &b, &err),
                  ICT_OK);
  ict_bytes_close(&b);
  two[2 * len] = 'x';
  CU_ASSERT_EQUAL(ict_bytes_open(folder_write(&f, "two", two, 2 * len + 5), 0, false, &b, &err),
                  ICT_REFUSED);
  two[len - 6] ^= 1; /* the checksum of the first member */
  CU_ASSERT_EQUAL(ict_bytes_open(folder_write(&f, "two", two, 2 * len), 0, false, &b, &err),
                  ICT_REFUSED);
  free(whole);
  folder_remove(&f);
}

static void reads_a_pipe(void) {
  folder f = folder_make();
  int ends[2];
  if (pipe(ends) != 0) abort();
  if (write(ends[1], "through a pipe", 14) != 14) abort();
  close(ends[1]);
  char path[64];
  snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
  ict_bytes b;
  CU_ASSERT_EQUAL_FATAL(ict_bytes_open(path, 0, false, &b, NULL), ICT_OK);
  CU_ASSERT_EQUAL(b.len, 14);
  CU_ASSERT_EQUAL(memcmp(b.data, "through a pipe", 14), 0);
  ict_bytes_close(&b);
  close(ends[0]);
  folder_remove(&f);
}

static void refuses_what_is_not_there(void) {
  ict_bytes b;
  ict_err err;
  CU_ASSERT_EQUAL(ict_bytes_open("/no/such/file", 0, false, &b, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(b.data);
  CU_ASSERT_EQUAL(ict_bytes_open("/tmp", 0, false, &b, &err), ICT_REFUSED);
  CU_ASSERT_STRING_EQUAL(err.what, "is a folder, not a file");
  char hex[65];
  CU_ASSERT_EQUAL(ict_sha256_file("/no/such/file", hex, &err), ICT_REFUSED);
  CU_ASSERT_STRING_EQUAL(hex, "");
}

static void survives_short_memory(void) {
  folder f = folder_make();
  char path[600];
  snprintf(path, sizeof path, "%s/a.gz", f.path);
  char *large = calloc(300000, 1);
  add_member(path, large, 300000);
  free(large);
  ict_status st = ICT_FAIL;
  for (long n = 0; n < 50 && st != ICT_OK; n++) {
    ict_bytes b;
    ict_err err;
    ict_mem_fail_after(n);
    st = ict_bytes_open(path, 0, true, &b, &err);
    ict_mem_fail_after(-1);
    if (st != ICT_OK) CU_ASSERT_STRING_EQUAL(err.what, "out of memory");
    CU_ASSERT_EQUAL(b.len, st == ICT_OK ? 300000 : 0);
    ict_bytes_close(&b);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  folder_remove(&f);
}

SUITE("base.bytes", TEST(maps_a_file), TEST(opens_an_empty_file), TEST(opens_any_size),
      TEST(expands_every_member), TEST(obeys_the_limit), TEST(refuses_broken_gzip),
      TEST(reads_a_pipe), TEST(refuses_what_is_not_there), TEST(survives_short_memory))
