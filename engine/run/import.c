/* import.c - survey files and a mapping to a store; statistical tables and their mapping too.
 *
 *     mapping ──▶ [catalog] ──▶ [intake] ──▶ frames ──▶ [store]
 *     files ─────▶ [source] ───────▲
 *     table's mapping, files ──▶ [admin] ──▶ frames ───────▲
 *
 * In: paths. Out: one store, whole or not at all. */
#include "ictstat/import.h"

#include "admin/admin.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"
#include "catalog/table_map.h"
#include "intake/intake.h"
#include "store/store.h"

/* The store must not replace what it is made from: any file that the mapping names. */
static ict_status check_apart(const ict_import_options *options, const char *file, ict_err *err) {
  char *folder = ict_path_start(options->data_dir, options->mapping);
  char *path = folder ? ict_path_join(folder, file) : NULL;
  ict_status st = path ? ict_path_apart(options->output, path, err) : ict_err_memory(err);
  ict_free(path);
  ict_free(folder);
  return st;
}

static ict_status check_file(const ict_import_options *options, const ict_map_file *file,
                             ict_err *err) {
  ict_status st = check_apart(options, file->path, err);
  for (size_t i = 0; i < file->n_more && st == ICT_OK; i++)
    st = check_apart(options, file->more[i], err);
  return st;
}

static ict_status check_totals(const ict_import_options *options, const ict_map_calibration *c,
                               ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < c->n_margins && st == ICT_OK; i++)
    st = check_apart(options, c->margins[i].totals, err);
  if (st == ICT_OK && c->n_numbers > 0) st = check_apart(options, c->numbers.totals, err);
  return st;
}

static ict_status check_output(const ict_mapping *mapping, const ict_import_options *options,
                               ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < mapping->n_files && st == ICT_OK; i++)
    st = check_file(options, &mapping->files[i], err);
  for (size_t i = 0; i < mapping->n_units && st == ICT_OK; i++)
    st = check_totals(options, &mapping->units[i].design.calibration, err);
  return st;
}

static ict_status write(const ict_import_options *options, const ict_store_frame *frames, size_t n,
                        const ict_provenance *provenance, ict_findings *findings, ict_err *err) {
  ict_err failure = {0};
  ict_status st = ict_store_write(options->output, frames, n, provenance, options->threads,
                                  options->progress, &failure);
  if (st == ICT_OK) return st;
  ict_findings_add(findings, ICT_ERROR, &failure);
  if (err) *err = failure;
  return st;
}

static ict_status import_table(const ict_table_map *map, const ict_catalog *catalog,
                               const ict_import_options *options, ict_findings *findings,
                               ict_err *err) {
  ict_admin *made = NULL;
  ict_admin_options how = {.data_dir = options->data_dir, .progress = options->progress};
  ict_status st = ICT_OK;
  for (size_t i = 0; options->output && i < map->n_files; i++)
    ICT_TRY(done, st, check_file(options, &map->files[i].text, err));
  ICT_TRY(done, st, ict_admin_run(map, catalog, &how, &made, findings, err));
  if (options->output)
    st = write(options, made->frames, made->n_frames, &made->provenance, findings, err);
done:
  ict_admin_free(made);
  return st;
}

static ict_status import_survey(const ict_mapping *mapping, const ict_import_options *options,
                                ict_findings *findings, ict_err *err) {
  ict_intake *intake = NULL;
  ict_status st;
  ict_intake_options how = {.data_dir = options->data_dir,
                            .threads = options->threads,
                            .progress = options->progress,
                            .check_only = options->output == NULL,
                            .memory = options->memory};
  char *folder = options->output ? ict_path_dir(options->output) : NULL;
  how.spill_dir = folder;

  if (options->output) {
    if (!folder) {
      st = ict_err_memory(err);
      goto done;
    }
    ICT_TRY(done, st, check_output(mapping, options, err));
  }
  ICT_TRY(done, st, ict_intake_run(mapping, &how, &intake, findings, err));
  if (options->output)
    st = write(options, intake->frames, intake->n_frames, &intake->provenance, findings, err);
done:
  ict_intake_free(intake);
  ict_free(folder);
  return st;
}

ict_status ict_import(const ict_catalog *catalog, const ict_import_options *options,
                      ict_findings *findings, ict_err *err) {
  ict_mapping *mapping = NULL;
  ict_table_map *table = NULL;
  ict_status st =
      ict_mapping_or_table_load(options->mapping, catalog, &mapping, &table, findings, err);
  if (st == ICT_OK && options->output) st = ict_path_apart(options->output, options->mapping, err);
  if (st == ICT_OK)
    st = table ? import_table(table, catalog, options, findings, err)
               : import_survey(mapping, options, findings, err);
  if (st != ICT_OK) ict_err_while(err, "importing %s", options->mapping);
  ict_table_map_free(table);
  ict_mapping_free(mapping);
  return st;
}
