/* intake.c - the order of everything: source files and a mapping in, sorted frames out.
 *
 * In: a checked mapping. Out: an intake.
 * Findings are collected as far as they make sense: names before anything is read; then
 * cells, keys and the design of every unit; frames only where nothing was wrong. */
#include "intake/intake.h"

#include "base/par.h"
#include "intake/work.h"

static ict_status start(ict_work *work, ict_err *err) {
  const ict_mapping *mapping = work->mapping;
  work->n_files = mapping->n_files;
  work->n_units = mapping->n_units;
  work->arena = ict_arena_new();
  work->intake = ict_alloc(1, sizeof *work->intake);
  if (!work->arena || !work->intake) return ict_err_memory(err);
  ict_status st = ict_spill_new(work->options->spill_dir, work->options->memory, &work->spill, err);
  if (st != ICT_OK) return st;
  work->intake->spill = work->spill;
  work->intake->arena = ict_arena_new();
  work->files = ict_alloc(work->n_files, sizeof *work->files);
  work->units = ict_alloc(work->n_units, sizeof *work->units);
  if (!work->intake->arena || !work->files || !work->units) return ict_err_memory(err);
  work->report.arena = work->intake->arena;
  return ICT_OK;
}

static void finish_file(ict_spill *spill, ict_work_file *file) {
  ict_source_close(file->source);
  for (size_t i = 0; i < file->n_slots; i++) ict_slot_done(spill, file->slots[i]);
  for (size_t i = 0; i < file->n_runs; i++) ict_free(file->runs[i].line);
  ict_free(file->slots);
  ict_free(file->wanted);
  ict_free(file->runs);
  ict_spill_free(spill, file->linked);
  ict_spill_free(spill, file->dropped);
}

static void finish_unit(ict_spill *spill, ict_work_unit *unit) {
  for (size_t i = 0; i < unit->n_vars; i++)
    if (!unit->vars[i].given) ict_spill_free(spill, unit->vars[i].values);
  ict_order_done(spill, &unit->order);
  ict_codelist_free(unit->area.listed);
  ict_codelist_free(unit->area.codes);
  ict_codelist_free(unit->period.listed);
  ict_codelist_free(unit->period.codes);
  ict_spill_free(spill, unit->rows);
  ict_spill_free(spill, unit->row_weight);
  ict_spill_free(spill, unit->stretch_at);
  ict_free(unit->psu_first_row);
  ict_free(unit->stratum_first_psu);
  ict_free(unit->fraction);
  ict_free(unit->inclusion);
  ict_stages_done(unit);
}

static void finish(ict_work *work) {
  for (size_t f = 0; work->files && f < work->n_files; f++)
    finish_file(work->spill, &work->files[f]);
  for (size_t u = 0; work->units && u < work->n_units; u++)
    finish_unit(work->spill, &work->units[u]);
  ict_free(work->files);
  ict_free(work->units);
  ict_report_done(&work->report);
  ict_free(work->totals);
  ict_arena_free(work->arena);
  ict_intake_free(work->intake);
}

static ict_status read_files(ict_work *work, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t f = 0; f < work->n_files; f++) {
    ict_work_file *file = &work->files[f];
    if (!file->used) continue;
    ICT_TRY(done, st, ict_read_file(work, file, err));
    ICT_TRY(done, st, ict_account_cells(work, file, err));
  }
done:
  return st;
}

/* After the reading: a word for those who wait. */
static void tick(const ict_work *work, const char *stage, size_t n_rows) {
  const ict_progress *p = work->options->progress;
  uint64_t total = 0;
  if (!p || !p->tick) return;
  for (size_t f = 0; f < work->n_files; f++) total += work->files[f].n_rows;
  p->tick(p->ctx, stage, n_rows, total, "rows");
}

static ict_status make_unit(ict_work *work, ict_work_unit *unit, ict_err *err) {
  ict_status st;
  bool complete = false;
  ICT_TRY(done, st, ict_weights_make(work, unit, err));
  if (unit->n_rows == 0) goto done;
  ICT_TRY(done, st, ict_order_make(work, unit, &complete, err));
  if (complete) ICT_TRY(done, st, ict_design_make(work, unit, err));
  ict_order_let_go(work->spill, unit);
  ICT_TRY(done, st, ict_derive(work, unit, err));
  ict_summarise(work, unit);
  ICT_TRY(done, st, ict_account_unit(work, unit, err));
done:
  return st;
}

static ict_status make_provenance(ict_work *work, ict_err *err) {
  const ict_mapping *mapping = work->mapping;
  ict_arena *arena = work->intake->arena;
  ict_input *inputs = ict_arena_alloc(arena, work->n_files + work->n_totals, sizeof *inputs);
  if (!inputs) return ict_err_memory(err);
  size_t n = 0;
  for (size_t f = 0; f < work->n_files; f++) {
    const ict_work_file *file = &work->files[f];
    if (!file->dictionary) continue;
    const char *name = ict_arena_strdup(arena, file->name); /* its own ends with the work */
    if (!name) return ict_err_memory(err);
    inputs[n++] = ict_input_of(file->map->id, name, file->dictionary, file->n_rows);
  }
  for (size_t i = 0; i < work->n_totals; i++) inputs[n++] = work->totals[i];
  work->intake->provenance = (ict_provenance){.survey = mapping->survey_id,
                                              .title = mapping->title,
                                              .source = mapping->source,
                                              .n_inputs = n,
                                              .inputs = inputs};
  return ict_provenance_fill(mapping->yaml, &work->report, &work->intake->provenance, err);
}

/* Whether totals fit a sample shows only when its weights are calibrated. */
static bool is_calibrated(const ict_work *work) {
  for (size_t u = 0; u < work->n_units; u++)
    if (work->units[u].map->design.calibration.given) return true;
  return false;
}

/* The whole, as far as findings allow. */
static ict_status run(ict_work *work, ict_err *err) {
  ict_status st;
  ICT_TRY(done, st, start(work, err));
  ICT_TRY(done, st, ict_bind(work, err));
  if (work->failed) goto done;
  ICT_TRY(done, st, read_files(work, err));
  tick(work, "joining", 0);
  ICT_TRY(done, st, ict_link_files(work, err));
  for (size_t u = 0, rows = 0; u < work->n_units; rows += work->units[u++].n_rows) {
    tick(work, "sorting", rows);
    ICT_TRY(done, st, make_unit(work, &work->units[u], err));
  }
  if (!work->failed && (!work->options->check_only || is_calibrated(work)))
    ICT_TRY(done, st, ict_frames_make(work, err));
  ICT_TRY(done, st, make_provenance(work, err));
done:
  return st;
}

ict_status ict_intake_run(const ict_mapping *mapping, const ict_intake_options *options,
                          ict_intake **out, ict_findings *findings, ict_err *err) {
  *out = NULL;
  ict_work work = {.mapping = mapping,
                   .options = options,
                   .findings = findings,
                   .err = err,
                   .threads = ict_par_threads(options->threads)};
  ict_err stopped = {0};
  ict_status st = run(&work, &stopped);
  if (st != ICT_OK) {
    ict_findings_add(findings, ICT_ERROR, &stopped);
    if (!work.failed && err) *err = stopped;
  } else if (work.failed) {
    st = work.status;
  } else {
    *out = work.intake;
    work.intake = NULL;
  }
  finish(&work);
  return st;
}

void ict_intake_free(ict_intake *intake) {
  if (!intake) return;
  ict_frames_free(intake->impl);
  ict_spill_close(intake->spill);
  ict_arena_free(intake->arena);
  ict_free(intake);
}
