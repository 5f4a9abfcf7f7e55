/* load.c - opening a catalogue: reads the trees of its files, checks the whole.
 *
 * In: a folder laid out like indicators/, and what the user adds. Out: an ict_catalog.
 * Owns: the order of reading. A file says what it is in its first line, so where it
 * stands below the folder does not matter; code lists are read before the concepts that
 * name them, concepts before the indicators. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stream.h"
#include "base/text.h"
#include "base/where.h"
#include "catalog/files.h"

typedef void file_reader(ict_reader *r, ict_catalog *catalog, const ict_node *root);

static const struct stage {
  const char *kind;
  file_reader *read;
} stages[] = {
    {"codelist", ict_codelist_file},
    {"concepts", ict_concepts_file},
    {"classification", ict_classification_file},
    {"quality", ict_quality_file},
    {"indicator", ict_indicator_file},
};
#define N_STAGES (sizeof stages / sizeof *stages)

/* ---- reading them ---- */

/* The stage whose kind stands in `ictstat: KIND/1`, or -1. */
static int stage_of(const ict_yaml *yaml) {
  const ict_node *node = ict_node_get(yaml->root, "ictstat");
  if (!node || node->kind != ICT_NODE_SCALAR) return -1;
  for (size_t i = 0; i < N_STAGES; i++) {
    size_t len = strlen(stages[i].kind);
    if (strncmp(node->text, stages[i].kind, len) == 0 && node->text[len] == '/') return (int)i;
  }
  return -1;
}

static void refuse_unknown_kind(ict_reader *r, const ict_yaml *yaml) {
  static const char *const expected =
      "`ictstat: indicator/1`, or concepts/1, codelist/1, classification/1, quality/1";
  const ict_node *node = ict_node_get(yaml->root, "ictstat");
  const char *words[N_STAGES];
  if (!node || node->kind != ICT_NODE_SCALAR) {
    ict_read_error(r, yaml->root, expected, "make it the first line",
                   "the file does not say what it is");
    return;
  }
  if (ict_text_starts(node->text, "mapping/")) {
    ict_read_error(
        r, node, expected,
        "give it to `ictstat check` or `ictstat import` itself; concepts that indicators "
        "of your own compute with go into a file of their own, `ictstat: concepts/1`",
        "a mapping is not part of a catalogue");
    return;
  }
  for (size_t i = 0; i < N_STAGES; i++) words[i] = stages[i].kind;
  char kind[32] = {0};
  strncpy(kind, node->text, sizeof kind - 1);
  kind[strcspn(kind, "/")] = '\0';
  ict_read_near(r, node, expected, ict_text_nearest(kind, words, N_STAGES),
                "'%s' is no kind of file of a catalogue", node->text);
}

/* All concepts as one schema: what an expression may name, whatever the survey. */
static void make_schema(ict_reader *r, ict_catalog *catalog) {
  size_t n = catalog->concepts.n;
  ict_variable *vars = ict_read_alloc(r, n, sizeof *vars);
  if (!vars) return;
  for (size_t i = 0; i < n; i++) {
    const ict_concept *one = catalog->concepts.at[i];
    vars[i] = ict_concept_variable(one, one->codes);
  }
  catalog->schema = (ict_schema){.n = n, .vars = vars, .arena = catalog->arena};
}

/* A concept names its default bands before classifications are read. */
static void check_default_bands(ict_reader *r, ict_catalog *catalog) {
  for (size_t i = 0; i < catalog->concepts.n; i++) {
    const ict_concept *one = catalog->concepts.at[i];
    if (!one->default_bands ||
        ict_catalog_find_classification(catalog, one->name, one->default_bands))
      continue;
    ict_node at = {.line = one->line, .column = 1};
    r->file = one->file;
    ict_read_error(r, &at, NULL, "write one in classifications/, or correct the name",
                   "the concept '%s' has no classification '%s'", one->name, one->default_bands);
  }
}

static void read_stages(ict_reader *r, ict_catalog *catalog) {
  for (size_t i = 0; i < catalog->yamls.n; i++) {
    const ict_yaml *yaml = catalog->yamls.at[i];
    r->file = yaml->file;
    if (stage_of(yaml) < 0) refuse_unknown_kind(r, yaml);
  }
  for (size_t s = 0; s < N_STAGES && !r->no_memory; s++) {
    if (stages[s].read == ict_indicator_file) make_schema(r, catalog);
    for (size_t i = 0; i < catalog->yamls.n && !r->no_memory; i++) {
      const ict_yaml *yaml = catalog->yamls.at[i];
      if (stage_of(yaml) != (int)s) continue;
      r->file = ict_read_copy(r, yaml->file); /* what is read outlives the tree */
      r->n_problems = 0;                      /* the cut-off is for each file */
      if (!r->file) return;
      if (ict_read_kind(r, yaml->root, stages[s].kind, 1)) stages[s].read(r, catalog, yaml->root);
    }
  }
  check_default_bands(r, catalog);
  if (r->failed) return; /* what is missing may have been refused */
  ict_contrasts_resolve(r, catalog);
  ict_entries_resolve(r, catalog);
}

/* ---- catalogue order ---- */

static int framework_rank(const char *framework) {
  static const char *const first[] = {"sdg", "sdg-national", "core", "thematic", "wsis"};
  int n = (int)(sizeof first / sizeof *first);
  for (int i = 0; i < n; i++)
    if (strcmp(first[i], framework) == 0) return i;
  return n;
}

static int catalogue_order(const void *a, const void *b) {
  const ict_indicator *x = *(ict_indicator *const *)a, *y = *(ict_indicator *const *)b;
  int order = framework_rank(x->framework) - framework_rank(y->framework);
  if (!order) order = strcmp(x->framework, y->framework);
  return order ? order : ict_text_natcmp(ict_slice_of(x->id), ict_slice_of(y->id));
}

static ict_status open_some(const char *dir, const char *const *extra, size_t n_extra,
                            const char *const *ids, size_t n_ids, ict_catalog **out,
                            ict_findings *findings, ict_err *err) {
  char *own = dir ? NULL : ict_path_join(ict_data_dir(), "indicators");
  ict_catalog *catalog = ict_alloc(1, sizeof *catalog);
  ict_reader r = {.findings = findings, .err = err};
  *out = NULL;
  if (catalog) catalog->arena = ict_arena_new();
  if (!catalog || !catalog->arena || (!dir && !own)) {
    ict_read_no_memory(&r);
    goto done;
  }
  r.arena = catalog->arena;
  if (own && access(own, R_OK) != 0) {
    ict_status missing =
        ict_err_set(err, ICT_FAIL, "the catalogue that comes with the program is not there");
    ict_err_at(err, own, 0, 0);
    ict_err_fix(err,
                "install the program again, or set ICTSTAT_DATA to the folder that holds "
                "indicators/ and datasets/");
    ict_free(own);
    ict_catalog_free(catalog);
    return missing;
  }
  ict_load_files(&r, catalog, dir ? dir : own, extra, n_extra, ids, n_ids);
  if (r.no_memory) goto done;
  read_stages(&r, catalog);
  if (catalog->indicators.n)
    qsort(catalog->indicators.at, catalog->indicators.n, sizeof *catalog->indicators.at,
          catalogue_order);
  /* The trees were only needed for reading; definitions have copies of their texts. */
  for (size_t i = 0; i < catalog->yamls.n; i++) ict_yaml_free(catalog->yamls.at[i]);
  catalog->yamls.n = 0;
done:
  ict_free(own);
  if (r.failed) {
    ict_catalog_free(catalog);
    return ict_reader_status(&r);
  }
  *out = catalog;
  return ICT_OK;
}

ict_status ict_catalog_open(const char *dir, const char *const *extra, size_t n_extra,
                            ict_catalog **out, ict_findings *findings, ict_err *err) {
  return open_some(dir, extra, n_extra, NULL, 0, out, findings, err);
}

ict_status ict_catalog_open_for(const char *const *ids, size_t n_ids, const char *const *extra,
                                size_t n_extra, ict_catalog **out, ict_findings *findings,
                                ict_err *err) {
  return open_some(NULL, extra, n_extra, ids, n_ids, out, findings, err);
}
