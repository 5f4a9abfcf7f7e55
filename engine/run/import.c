/* import.c - survey files and a mapping to a store.
 *
 *     mapping ──▶ [catalog] ──▶ [intake] ──▶ frames ──▶ [store]
 *     files ─────▶ [source] ───────▲
 *
 * In: paths. Out: one store, whole or not at all. */
#include "ictstat/import.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"
#include "catalog/mapping.h"
#include "intake/intake.h"
#include "store/store.h"

/* The store must not replace what it is made from. */
static ict_status check_output(const ict_mapping *mapping, const ict_import_options *options,
                               ict_err *err) {
  char *folder = options->data_dir ? ict_strdup(options->data_dir) : ict_path_dir(mapping->file);
  ict_status st =
      folder ? ict_path_apart(options->output, options->mapping, err) : ict_err_memory(err);
  for (size_t i = 0; i < mapping->n_files && st == ICT_OK; i++) {
    char *path = ict_path_join(folder, mapping->files[i].path);
    st = path ? ict_path_apart(options->output, path, err) : ict_err_memory(err);
    ict_free(path);
  }
  ict_free(folder);
  return st;
}

ict_status ict_import(const ict_catalog *catalog, const ict_import_options *options,
                      ict_findings *findings, ict_err *err) {
  ict_mapping *mapping = NULL;
  ict_intake *intake = NULL;
  ict_status st;
  ict_intake_options how = {.data_dir = options->data_dir,
                            .threads = options->threads,
                            .progress = options->progress,
                            .check_only = options->output == NULL,
                            .memory = options->memory};
  char *folder = options->output ? ict_path_dir(options->output) : NULL;
  how.spill_dir = folder;

  ICT_TRY(done, st, ict_mapping_load(options->mapping, catalog, &mapping, findings, err));
  if (options->output) {
    if (!folder) {
      st = ict_err_memory(err);
      goto done;
    }
    ICT_TRY(done, st, check_output(mapping, options, err));
  }
  ICT_TRY(done, st, ict_intake_run(mapping, &how, &intake, findings, err));
  if (options->output) {
    ict_err failure = {0};
    st = ict_store_write(options->output, intake->frames, intake->n_frames, &intake->provenance,
                         options->progress, &failure);
    if (st == ICT_OK) goto done;
    ict_findings_add(findings, ICT_ERROR, &failure);
    if (err) *err = failure;
  }
done:
  if (st != ICT_OK) ict_err_while(err, "importing %s", options->mapping);
  ict_intake_free(intake);
  ict_mapping_free(mapping);
  ict_free(folder);
  return st;
}
