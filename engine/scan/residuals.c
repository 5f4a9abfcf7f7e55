/* residuals.c - two more passes where the weights are calibrated: the fit of every cell, and the
 * covariances of what it leaves.
 *
 * In: a plan, the finished cube of its pass. Out: the cube, its covariances those of residuals.
 * Owns: the fits and cubes of chunks.
 *
 * Chunks go by in waves, each wave in parallel; then what they came to is merged in their order. A
 * cube that came from elsewhere in segments is treated like one made here: residuals need a fit of
 * all rows, which no part of them has. */
#include "base/mem.h"
#include "base/par.h"
#include "cube/fit.h"
#include "scan/inside.h"

#define CHUNKS_PER_THREAD 4
/* Sums of the fits on their way. */
#define MOST_BYTES 2147483648.0

typedef struct place { /* of a chunk in the wave */
  ict_fit *fit;
  ict_cube *cube;
  ict_status st;
  ict_err err;
} place;

typedef struct work {
  const ict_plan *plan;
  ict_evaluator *evaluators;
  const size_t *first_psu;
  size_t n_chunks, wave, n_places;
  ict_projection *projection;
  uint32_t *survey; /* of each column of the projection; NULL: all of one */
  ict_fit *fit;
  ict_cube *residuals; /* NULL: the first of the two passes */
  place *places;
} work;

static ict_status new_cube(const work *w, ict_cube **out, ict_err *err) {
  ict_status st = ict_cube_new(&w->plan->shape, &w->plan->frame->design, out, err);
  return st == ICT_OK ? ict_cube_take_fit(*out, w->fit, err) : st;
}

/* Rows of PSUs [from, to): a fit does not ask where one ends. */
static ict_status fit_chunk(ict_evaluator *e, size_t from, size_t to, ict_fit *fit, ict_err *err) {
  const ict_design *d = &e->plan->frame->design;
  ict_status st = ICT_OK;
  size_t end = (size_t)d->psu_first_row[to];
  for (size_t row = (size_t)d->psu_first_row[from]; row < end && st == ICT_OK;) {
    size_t n = end - row < ICT_BLOCK_ROWS ? end - row : ICT_BLOCK_ROWS;
    ict_evaluate(e, row, n);
    ict_cube_rows rows = {
        .n = n, .fine = e->fine, .weight = d->weight + row, .values = e->values, .first_row = row};
    st = ict_fit_add(fit, &rows, err);
    row += n;
  }
  return st;
}

static void do_chunk(void *ctx, size_t i, int thread) {
  work *w = ctx;
  place *at = &w->places[i];
  size_t from = w->first_psu[w->wave + i], to = w->first_psu[w->wave + i + 1];
  at->st = ICT_OK;
  if (!w->residuals) {
    if (!at->fit) at->st = ict_fit_new(w->projection, &w->plan->shape, &at->fit, &at->err);
    if (at->st == ICT_OK) at->st = fit_chunk(&w->evaluators[thread], from, to, at->fit, &at->err);
    return;
  }
  if (!at->cube) at->st = new_cube(w, &at->cube, &at->err);
  if (at->st == ICT_OK)
    at->st = ict_scan_chunk(&w->evaluators[thread], from, to, at->cube, NULL, &at->err);
}

static ict_status run_waves(work *w, int threads, ict_err *err) {
  for (w->wave = 0; w->wave < w->n_chunks; w->wave += w->n_places) {
    size_t left = w->n_chunks - w->wave, n = left < w->n_places ? left : w->n_places;
    ict_par_run(n, threads, do_chunk, w);
    for (size_t i = 0; i < n; i++) {
      place *at = &w->places[i];
      if (at->st == ICT_OK)
        at->st = w->residuals ? ict_cube_merge(w->residuals, at->cube, &at->err)
                              : ict_fit_merge(w->fit, at->fit, &at->err);
      if (at->st == ICT_OK) continue;
      if (err) *err = at->err;
      return at->st;
    }
  }
  return ICT_OK;
}

/* An area and period is a survey of its own; a table that holds several is calibrated to totals of
 * each, so every category of a margin is of one. */
static ict_status find_surveys(work *w, ict_err *err) {
  const ict_frame *frame = w->plan->frame;
  size_t at[2]; /* the first two axes of every plan */
  for (size_t i = 0; i < 2; i++) at[i] = w->plan->axes[i].column;
  const ict_variable *area = &frame->schema->vars[at[0]], *period = &frame->schema->vars[at[1]];
  if (area->codes->n < 2 && period->codes->n < 2) return ICT_OK;
  size_t entries = ict_projection_entries(w->projection);
  uint32_t *column = ict_alloc(entries, sizeof *column);
  double *x = ict_alloc(entries, sizeof *x);
  w->survey = ict_alloc(ict_projection_columns(w->projection), sizeof *w->survey);
  ict_status st = column && x && w->survey ? ICT_OK : ict_err_memory(err);
  for (size_t row = 0; st == ICT_OK && row < frame->n_rows; row++) {
    ict_missing kind;
    double a = ict_column_number(area, frame->columns[at[0]], row, &kind);
    double p = ict_column_number(period, frame->columns[at[1]], row, &kind);
    ict_projection_row(w->projection, row, column, x);
    for (size_t i = 0; i < entries; i++)
      w->survey[column[i]] = (uint32_t)a * (uint32_t)period->codes->n + (uint32_t)p;
  }
  ict_free(column);
  ict_free(x);
  return st;
}

/* How many chunks may be on their way at once: each has sums of its own. */
static ict_status fit_places(work *w, ict_err *err) {
  double one = ict_fit_bytes(w->projection, &w->plan->shape);
  while (w->n_places > 1 && one * (double)(w->n_places + 1) > MOST_BYTES) w->n_places--;
  if (one * (double)(w->n_places + 1) <= MOST_BYTES) return ICT_OK;
  ict_err_set(err, ICT_REFUSED,
              "the residuals of a calibration to %zu totals need %.1f GB for so many cells and "
              "indicators",
              ict_projection_columns(w->projection), one * 2 / 1e9);
  ict_err_expected(err, "%.1f GB at most", MOST_BYTES / 1e9);
  ict_err_fix(err, "compute fewer indicators or breakdowns at a time");
  return ICT_REFUSED;
}

ict_status ict_scan_residuals(const ict_plan *plan, ict_evaluator *evaluators, int threads,
                              const size_t *first_psu, size_t n_chunks, ict_cube *cube,
                              ict_err *err) {
  const ict_design *d = &plan->frame->design;
  work w = {.plan = plan,
            .evaluators = evaluators,
            .first_psu = first_psu,
            .n_chunks = n_chunks,
            .n_places = threads == 1 ? 1 : (size_t)threads * CHUNKS_PER_THREAD};
  ict_status st;
  ICT_TRY(done, st, ict_projection_new(d->calibration, d->weight, &w.projection, err));
  ICT_TRY(done, st, fit_places(&w, err));
  w.places = ict_alloc(w.n_places, sizeof *w.places);
  if (!w.places) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_fit_new(w.projection, &plan->shape, &w.fit, err));
  ICT_TRY(done, st, run_waves(&w, threads, err));
  ICT_TRY(done, st, find_surveys(&w, err));
  ICT_TRY(done, st, ict_fit_finish(w.fit, w.projection, w.survey, err));
  ICT_TRY(done, st, new_cube(&w, &w.residuals, err));
  ICT_TRY(done, st, run_waves(&w, threads, err));
  ICT_TRY(done, st, ict_cube_finish(w.residuals, err));
  ict_cube_take_covariances(cube, w.residuals);
done:
  for (size_t i = 0; w.places && i < w.n_places; i++) {
    ict_fit_free(w.places[i].fit);
    ict_cube_free(w.places[i].cube);
  }
  ict_free(w.places);
  ict_cube_free(w.residuals);
  ict_fit_free(w.fit);
  ict_free(w.survey);
  ict_projection_free(w.projection);
  return st;
}
