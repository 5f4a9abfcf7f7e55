/* fuzz_part.c - a part of a computation, changed at any places and its checksum made to hold again:
 * refused, or merged to a table; never a crash. The input is the changes: whether by the cube or by
 * the abacus, then for each a place (3 bytes), what is done there, and with which number. */
#include "base/hash.h"
#include "fuzz.h"
#include "ictstat/import.h"
#include "ictstat/part.h"

enum { CHANGE = 5, CHECKSUM = 64 };

typedef struct computation {
  ict_request request;
  uint8_t *bytes; /* of its only part */
  size_t len;
} computation;

static ict_catalog *catalog; /* these are made once: they are not what is fuzzed */
static ict_store *store;
static computation by_abacus, by_cube;

static void must(ict_status st) {
  if (st != ICT_OK) abort();
}

static computation compute(const ict_request *request) {
  computation c = {.request = *request};
  const char *path = fuzz_file((const uint8_t *)"", 0, ".part");
  must(ict_compute_part(store, catalog, request, 1, 1, "", path, NULL, NULL));
  FILE *f = fopen(path, "rb");
  if (!f || fseek(f, 0, SEEK_END) != 0) abort();
  c.len = (size_t)ftell(f);
  c.bytes = malloc(c.len);
  rewind(f);
  if (!c.bytes || fread(c.bytes, 1, c.len, f) != c.len) abort();
  fclose(f);
  return c;
}

static void begin(void) {
  static const char *const indicators[] = {"17.8.1"}, *const by[] = {"sex"},
                           *const contrasts[] = {"sex:F-M"};
  char survey[4096];
  const char *root = getenv("ICTSTAT_DATA"), *path = fuzz_file((const uint8_t *)"", 0, ".h5");
  snprintf(survey, sizeof survey, "%s/datasets/demo/demo.yaml", root ? root : ".");
  must(ict_catalog_open(NULL, NULL, 0, &catalog, NULL, NULL));
  ict_import_options options = {.mapping = survey, .output = path};
  must(ict_import(catalog, &options, NULL, NULL));
  must(ict_store_open(path, &store, NULL));
  ict_request request = {
      .indicators = indicators, .n_indicators = 1, .by = by, .n_by = 1, .threads = 1};
  by_abacus = compute(&request);
  request.contrasts = contrasts;
  request.n_contrasts = 1;
  by_cube = compute(&request);
}

/* The new length. */
static size_t change(uint8_t *bytes, size_t len, const uint8_t *how) {
  size_t at = ((size_t)how[0] << 16 | (size_t)how[1] << 8 | how[2]) % len;
  uint64_t number = how[4];
  switch (how[3] % 4) {
    case 0:
      bytes[at] ^= how[4];
      return len;
    case 1:
      return at;
    case 2:
      number = UINT64_C(1) << how[4] % 64;
      break;
    default:
      number -= 128;
  }
  memcpy(bytes + at, &number, len - at < sizeof number ? len - at : sizeof number);
  return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!store) begin();
  if (size < 1) return 0;
  const computation *of = data[0] & 1 ? &by_cube : &by_abacus;
  size_t len = of->len - CHECKSUM;
  char hex[CHECKSUM + 1];
  uint8_t *bytes = malloc(of->len);
  if (!bytes) abort();
  memcpy(bytes, of->bytes, len);
  for (size_t at = 1; at + CHANGE <= size && len > 0; at += CHANGE)
    len = change(bytes, len, data + at);
  ict_sha256_of(bytes, len, hex);
  memcpy(bytes + len, hex, CHECKSUM);

  const char *path = fuzz_file(bytes, len + CHECKSUM, ".part");
  ict_parts *parts = NULL;
  ict_table *table = NULL;
  ict_err err = {0};
  ict_status st = ict_parts_open(&path, 1, &parts, &err);
  if (st == ICT_OK) st = ict_parts_merge(parts, store, catalog, &of->request, &table, NULL, &err);
  if (st != ICT_OK && (st != ICT_REFUSED || table || !err.what[0])) abort();
  ict_table_free(table);
  ict_parts_close(parts);
  free(bytes);
  return 0;
}
