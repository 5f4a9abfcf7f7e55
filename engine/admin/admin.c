/* admin.c - the order of everything: a table's mapping and its files in, frames out.
 *
 * In: a checked mapping. Out: frames and provenance.
 * Findings are collected as far as they make sense: cells of all files first, then keys, units and
 * ranges, then the counts. */
#include "admin/admin.h"

#include "admin/work.h"

static ict_status start(ict_admin_work *work, ict_err *err) {
  ict_status st = ICT_OK;
  work->made = ict_arena_alloc(work->arena, 1, sizeof *work->made);
  work->inputs = ict_arena_alloc(work->arena, work->map->n_files, sizeof *work->inputs);
  if (!work->made || !work->inputs) return ict_err_memory(err);
  work->made->arena = work->report.arena = work->arena;
  ict_names_init(&work->texts, work->arena);
  ICT_TRY(done, st, ict_countries_load(&work->countries, err));
  ICT_TRY(done, st, ict_reference_load("sdmx/codes.csv", &work->codes, err));
  ICT_TRY(done, st, ict_reference_column(work->codes, "codelist", &work->code_list, err));
  st = ict_reference_column(work->codes, "code", &work->code_id, err);
done:
  return st;
}

static void finish(ict_admin_work *work) {
  ict_names_done(&work->texts);
  ict_countries_free(work->countries);
  ict_reference_free(work->codes);
  ict_free(work->observations);
  ict_free(work->rows.at);
  ict_free(work->bases.at);
  ict_report_done(&work->report);
  ict_arena_free(work->arena);
}

static ict_status make_provenance(ict_admin_work *work, ict_err *err) {
  const ict_table_map *map = work->map;
  work->made->provenance = (ict_provenance){.survey = map->survey_id,
                                            .title = map->title,
                                            .source = map->source,
                                            .n_inputs = work->n_inputs,
                                            .inputs = work->inputs};
  return ict_provenance_fill(map->yaml, &work->report, &work->made->provenance, err);
}

static ict_status run(ict_admin_work *work, ict_err *err) {
  ict_status st;
  ICT_TRY(done, st, start(work, err));
  for (size_t f = 0; f < work->map->n_files; f++) ICT_TRY(done, st, ict_admin_read(work, f, err));
  if (work->failed) goto done;
  ICT_TRY(done, st, ict_admin_check(work, err));
  if (work->failed) goto done;
  ICT_TRY(done, st, ict_admin_count(work, err));
  if (work->failed) goto done;
  ICT_TRY(done, st, ict_admin_join(work, err));
  if (work->failed) goto done;
  ICT_TRY(done, st, ict_admin_frames(work, err));
  ICT_TRY(done, st, make_provenance(work, err));
done:
  return st;
}

ict_status ict_admin_run(const ict_table_map *map, const ict_catalog *catalog,
                         const ict_admin_options *options, ict_admin **out, ict_findings *findings,
                         ict_err *err) {
  ict_admin_work work = {.map = map,
                         .catalog = catalog,
                         .options = options,
                         .findings = findings,
                         .err = err,
                         .arena = ict_arena_new()};
  ict_err stopped = {0};
  *out = NULL;
  ict_status st = work.arena ? run(&work, &stopped) : ict_err_memory(&stopped);
  if (st != ICT_OK) {
    ict_findings_add(findings, ICT_ERROR, &stopped);
    if (!work.failed && err) *err = stopped;
  } else if (work.failed) {
    st = work.status;
  } else {
    *out = work.made;
    work.arena = NULL; /* the made things are in it */
  }
  finish(&work);
  return st;
}

void ict_admin_free(ict_admin *admin) {
  if (admin) ict_arena_free(admin->arena);
}
