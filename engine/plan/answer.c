/* answer.c - whether a survey can answer an indicator: every item is tried as a plan tries it.
 *
 * In: an indicator, the survey's tables. Out: how many of its items, and why not the others.
 * Owns: nothing. */
#include "plan/answer.h"

#include <string.h>

#include "plan/parts.h"

static const ict_frame *frame_of(const char *unit, const ict_frame *const *frames, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(frames[i]->unit, unit) == 0) return frames[i];
  return NULL;
}

/* The first reason stays. */
static ict_status because(ict_answer *out, ict_arena *arena, const char *why, ict_err *err) {
  if (out->why) return ICT_OK;
  out->why = ict_arena_strdup(arena, why);
  return out->why ? ICT_OK : ict_err_memory(err);
}

static ict_status try_item(const ict_indicator *indicator, const ict_item *item,
                           const ict_frame *frame, const char *survey, ict_arena *arena,
                           ict_answer *out, ict_err *err) {
  ict_plan_measure measure;
  ict_err why = {0};
  if (!ict_plan_item_is_of_its_time(item, frame)) return ICT_OK;
  out->n_items++;
  ict_status st = ict_plan_measure_make(indicator, item, frame, survey, arena, &measure, &why);
  if (st == ICT_FAIL) {
    if (err) *err = why;
    return st;
  }
  if (st != ICT_OK) return because(out, arena, why.what, err);
  out->n_answered++;
  out->differs = out->differs || measure.differs;
  st = measure.differs ? because(out, arena, measure.differs_why, err) : ICT_OK;
  ict_plan_measure_done(&measure);
  return st;
}

static ict_status try_items(const ict_indicator *indicator, const ict_frame *frame,
                            const char *survey, ict_arena *arena, ict_answer *out, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t k = 0; k < indicator->n_items && st == ICT_OK; k++)
    st = try_item(indicator, &indicator->items[k], frame, survey, arena, out, err);
  return st;
}

static ict_status try_one(const ict_indicator *indicator, const ict_frame *const *frames, size_t n,
                          const char *survey, ict_arena *arena, ict_answer *out, ict_err *err) {
  const ict_frame *frame = frame_of(indicator->unit, frames, n);
  if (indicator->not_computable) return because(out, arena, indicator->not_computable, err);
  if (frame) return try_items(indicator, frame, survey, arena, out, err);
  out->n_items += indicator->n_items;
  const char *why = ict_arena_printf(arena, "%s does not have units '%s'", survey, indicator->unit);
  return why ? because(out, arena, why, err) : ict_err_memory(err);
}

ict_status ict_plan_answer(const ict_indicator *indicator, const ict_frame *const *frames, size_t n,
                           const char *survey, ict_arena *arena, ict_answer *out, ict_err *err) {
  ict_status st = ICT_OK;
  *out = (ict_answer){0};
  for (size_t i = 0; i < indicator->n_answers && st == ICT_OK; i++)
    st = try_one(indicator->answers[i], frames, n, survey, arena, out, err);
  return indicator->n_answers ? st : try_one(indicator, frames, n, survey, arena, out, err);
}
