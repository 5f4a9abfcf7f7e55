/* import.c - how long each stage of an import takes, beside a plain read of the files' bytes.
 *
 *     import_stages MAPPING STORE THREADS [MEMORY-BYTES]
 *
 *     read     the bytes of the files, summed by one thread
 *     hash     their SHA-256, which an import computes beside the reading
 *     source   the files to chunks of raw values, all variables; nothing is kept
 *     intake   source, recode, join, sort, design: frames
 *     store    frames to the file, checked, with checksums, synced
 *     import   all of it
 *
 * Catalogue entries are those of the mapping and of the project. Times as in timing.h; nothing
 * here is a test. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stream.h"
#include "catalog/mapping.h"
#include "ictstat/catalog.h"
#include "ictstat/import.h"
#include "intake/intake.h"
#include "source/source.h"
#include "timing.h"

typedef struct bench {
  const char *path, *output;
  char *folder;
  ict_catalog *catalog;
  ict_mapping *mapping;
  ict_intake *intake;
  int threads;
  uint64_t memory;
  double rows, bytes, read;
  volatile uint64_t seen; /* so that a sum that nobody asks for is still formed */
} bench;

static void need(ict_status st, const ict_err *err) {
  if (st == ICT_OK) return;
  fprintf(stderr, "import_stages: %s\n", err->what);
  exit(1);
}

static void each_file(bench *b, void (*run)(bench *, const char *, const ict_map_file *)) {
  for (size_t i = 0; i < b->mapping->n_files; i++) {
    char *path = ict_path_join(b->folder, b->mapping->files[i].path);
    if (!path) exit(1);
    run(b, path, &b->mapping->files[i]);
    ict_free(path);
  }
}

static void read_file(bench *b, const char *path, const ict_map_file *file) {
  ict_bytes bytes;
  ict_err err = {0};
  uint64_t sum = 0, word;
  (void)file;
  need(ict_bytes_open(path, 0, false, &bytes, &err), &err);
  for (size_t i = 0; i + sizeof word <= bytes.len; i += sizeof word) {
    memcpy(&word, bytes.data + i, sizeof word);
    sum += word;
  }
  b->seen = sum;
  ict_bytes_close(&bytes);
}

static void hash_file(bench *b, const char *path, const ict_map_file *file) {
  ict_bytes bytes;
  ict_err err = {0};
  (void)b, (void)file;
  need(ict_bytes_open(path, 0, true, &bytes, &err), &err);
  ict_bytes_close(&bytes);
}

static ict_status take_chunk(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  (void)ctx, (void)chunk, (void)thread, (void)err;
  return ICT_OK;
}

static void source_file(bench *b, const char *path, const ict_map_file *file) {
  ict_source_options how = {.path = path,
                            .encoding = file->encoding,
                            .delimiter = file->delimiter,
                            .decimal = file->decimal};
  ict_source *source = NULL;
  ict_err err = {0};
  need(ict_source_open(&how, &source, &err), &err);
  size_t n = ict_source_dictionary(source)->n_vars;
  size_t *vars = ict_alloc(n, sizeof *vars);
  if (!vars) exit(1);
  for (size_t v = 0; v < n; v++) vars[v] = v;
  need(ict_source_read(source, vars, n, b->threads, NULL, take_chunk, NULL, &err), &err);
  ict_free(vars);
  ict_source_close(source);
}

static void read_all(bench *b) { each_file(b, read_file); }
static void hash_all(bench *b) { each_file(b, hash_file); }
static void source_all(bench *b) { each_file(b, source_file); }

static void intake_all(bench *b) {
  ict_err err = {0};
  ict_intake_options how = {.threads = b->threads, .memory = b->memory, .spill_dir = b->folder};
  ict_intake_free(b->intake);
  need(ict_intake_run(b->mapping, &how, &b->intake, NULL, &err), &err);
}

static void store_all(bench *b) {
  ict_err err = {0};
  need(ict_store_write(b->output, b->intake->frames, b->intake->n_frames, &b->intake->provenance,
                       b->threads, NULL, &err),
       &err);
}

static void import_all(bench *b) {
  ict_err err = {0};
  ict_import_options how = {
      .mapping = b->path, .output = b->output, .threads = b->threads, .memory = b->memory};
  need(ict_import(b->catalog, &how, NULL, &err), &err);
}

static void stage(bench *b, const char *name, void (*run)(bench *)) {
  timing t = {0};
  for (int i = 0; i < TIMING_RUNS; i++) {
    timing_start(&t);
    run(b);
    timing_stop(&t);
  }
  if (b->read == 0) b->read = timing_median(&t);
  timing_print(name, &t, b->rows, b->bytes, b->read);
}

/* Rows and bytes of the input, as the store will tell them. */
static void measure(bench *b) {
  for (size_t i = 0; i < b->intake->provenance.n_inputs; i++) {
    b->rows += (double)b->intake->provenance.inputs[i].rows;
    b->bytes += (double)b->intake->provenance.inputs[i].bytes;
  }
}

int main(int argc, char **argv) {
  if (argc != 4 && argc != 5)
    return fprintf(stderr, "usage: import_stages MAPPING STORE THREADS [MEMORY-BYTES]\n"), 2;
  ict_err err = {0};
  bench b = {.path = argv[1],
             .output = argv[2],
             .threads = atoi(argv[3]),
             .memory = argc == 5 ? strtoull(argv[4], NULL, 10) : 0,
             .folder = ict_path_dir(argv[1])};
  if (!b.folder) return 1;
  need(ict_catalog_open(NULL, NULL, 0, &b.catalog, NULL, &err), &err);
  need(ict_mapping_load(b.path, b.catalog, &b.mapping, NULL, &err), &err);
  intake_all(&b);
  measure(&b);
  stage(&b, "read", read_all);
  stage(&b, "hash", hash_all);
  stage(&b, "source", source_all);
  stage(&b, "intake", intake_all);
  stage(&b, "store", store_all);
  ict_intake_free(b.intake);
  stage(&b, "import", import_all);
  ict_mapping_free(b.mapping);
  ict_catalog_free(b.catalog);
  ict_free(b.folder);
  return 0;
}
