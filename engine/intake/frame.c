/* frame.c - the columns in their final order and as narrow as they can be.
 *
 * In: derived columns in the rows of their files, sorted rows. Out: frames.
 * Owns: what the frames point to: columns in the intake's spill, the rest in struct
 * ict_intake_impl; code lists, titles and
 * conditions stay the mapping's and the catalogue's. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/par.h"
#include "intake/work.h"

struct ict_intake_impl {
  void **blocks;
  size_t n_blocks, blocks_capacity;
  ict_codelist **lists;
  size_t n_lists, lists_capacity;
};

/* Takes the blocks over, all of them also where it fails; NULL is none. */
static ict_status own(struct ict_intake_impl *impl, void *const *blocks, size_t n, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < n; i++) {
    if (ict_grow(&impl->blocks, impl->n_blocks, &impl->blocks_capacity, sizeof *impl->blocks) ==
        0) {
      impl->blocks[impl->n_blocks++] = blocks[i];
      continue;
    }
    ict_free(blocks[i]);
    st = ict_err_memory(err);
  }
  return st;
}

void ict_frames_free(struct ict_intake_impl *impl) {
  if (!impl) return;
  for (size_t i = 0; i < impl->n_blocks; i++) ict_free(impl->blocks[i]);
  for (size_t i = 0; i < impl->n_lists; i++) ict_codelist_free(impl->lists[i]);
  ict_free(impl->blocks);
  ict_free(impl->lists);
  ict_free(impl);
}

/* --- what a column is ------------------------------------------------------------- */

/* "hh.A1_A, hh.A1_B"; NULL where memory is short. */
static const char *names_of(ict_work *work, size_t own_file, const ict_ref *refs, size_t n) {
  ict_str s;
  ict_str_init(&s);
  for (size_t i = 0; i < n; i++) {
    size_t f = refs[i].file < 0 ? own_file : (size_t)refs[i].file;
    ict_str_addf(&s, "%s%s.%s", i > 0 ? ", " : "", work->files[f].map->id, refs[i].name);
  }
  const char *text = s.failed ? NULL : ict_arena_strndup(work->intake->arena, s.text, s.len);
  ict_str_done(&s);
  return text;
}

/* The same in a field that is NULL where nothing is named. False where memory is short. */
static bool name_refs(ict_work *work, size_t own_file, const ict_ref *refs, size_t n,
                      const char **out) {
  *out = n > 0 ? names_of(work, own_file, refs, n) : NULL;
  return n == 0 || *out;
}

/* "dont_know counted as N, refused counted as N" */
static const char *treatment_of(ict_work *work, const ict_map_variable *map) {
  ict_str s;
  ict_str_init(&s);
  for (size_t i = 0; i < map->n_count_as; i++) {
    ict_str_addf(&s, "%s%s counted as %s", i > 0 ? ", " : "",
                 ict_missing_name(map->count_as[i].kind), map->count_as[i].code);
  }
  const char *text = s.failed ? NULL : ict_arena_strndup(work->intake->arena, s.text, s.len);
  ict_str_done(&s);
  return text;
}

static ict_status describe(ict_work *work, const ict_work_var *var, ict_variable *out,
                           ict_err *err) {
  const ict_map_variable *map = var->map;
  const ict_concept *concept = map->concept_def;
  *out = (ict_variable){.name = concept->name,
                        .title = concept->title,
                        .type = concept->type,
                        .codes = concept->type == ICT_TYPE_CODE ? map->codes : NULL,
                        .unit = concept->unit,
                        .n_conditions = map->n_conditions,
                        .conditions = map->conditions,
                        .proxy = map->proxy};
  out->origin = map->constant
                    ? ict_arena_printf(work->intake->arena, "constant %s", map->constant)
                    : names_of(work, work->units[var->owner].file, map->from, map->n_from);
  if (!out->origin) return ict_err_memory(err);
  if (map->n_count_as > 0) {
    out->treatment = treatment_of(work, map);
    if (!out->treatment) return ict_err_memory(err);
  }
  if (concept->type == ICT_TYPE_CODE) {
    out->width = ict_width_for_codes(map->codes->n);
  } else if (concept->type == ICT_TYPE_REAL) {
    out->width = ICT_F64;
  } else {
    const ict_summary *s = &var->summary;
    out->width = s->n_values > 0 ? ict_width_for_range((int64_t)s->lowest, (int64_t)s->highest)
                                 : ict_width_for_range(0, 0);
  }
  return ICT_OK;
}

/* Area, period: the codes that occur move to the intake. */
static ict_status describe_axis(ict_work *work, const ict_work_unit *unit, ict_work_axis *axis,
                                const char *name, const char *title, ict_variable *out,
                                ict_err *err) {
  struct ict_intake_impl *impl = work->intake->impl;
  if (ict_grow(&impl->lists, impl->n_lists, &impl->lists_capacity, sizeof *impl->lists) != 0) {
    return ict_err_memory(err);
  }
  *out = (ict_variable){.name = name,
                        .title = title,
                        .type = ICT_TYPE_CODE,
                        .width = ict_width_for_codes(axis->codes->n),
                        .codes = axis->codes};
  impl->lists[impl->n_lists++] = axis->codes;
  axis->codes = NULL;
  if (!axis->slot) return ICT_OK;
  ict_ref ref = {.file = (long)axis->slot->file, .name = axis->slot->name};
  out->origin = names_of(work, unit->file, &ref, 1);
  return out->origin ? ICT_OK : ict_err_memory(err);
}

/* --- gathering -------------------------------------------------------------------- */

typedef struct gathering {
  const ict_work *work;
  const ict_work_unit *unit;
  const ict_schema *schema;
  void **columns;
  void **spare; /* one of bytes for each thread, or NULL */
  atomic_bool short_of_memory;
} gathering;

static void gather_axis(const ict_work_unit *unit, const ict_work_axis *axis, ict_width width,
                        void *to) {
  for (size_t i = 0; axis->rank && i < unit->n_rows; i++) {
    ict_cell_put(width, to, i, axis->rank[unit->rows[i]]);
  }
}

/* Where columns are of bytes, as most are, what one was gathered from is room for the next: fresh
 * memory costs more than the gathering. Not where another unit may ask for it. */
static bool leaves_room(const gathering *g, const ict_work_var *var, ict_width width) {
  return g->work->n_units == 1 && var->values && var->width == ICT_U8 && width == ICT_U8;
}

/* One column. */
static void gather(void *ctx, size_t i, int thread) {
  gathering *g = ctx;
  const ict_work_unit *unit = g->unit;
  ict_work_var *var = i < 2 ? NULL : &unit->vars[i - 2];
  ict_width width = g->schema->vars[i].width;
  void *to = NULL;
  if (var && var->given) return;
  if (var && width == ICT_U8) { /* an axis may leave its zeros as they are */
    to = g->spare[thread];
    g->spare[thread] = NULL;
  }
  if (!to) to = ict_spill_alloc(g->work->spill, unit->n_rows, ict_width_bytes(width));
  g->columns[i] = to;
  if (!to) {
    atomic_store(&g->short_of_memory, true);
  } else if (!var) {
    gather_axis(unit, i == 0 ? &unit->area : &unit->period, width, to);
  } else {
    ict_gather(g->work, unit, var, width, to);
    if (!leaves_room(g, var, width)) return;
    g->spare[thread] = var->values;
    var->values = NULL;
  }
}

/* A column as it is, where it is in order and as narrow as can be; else NULL. */
static void *give(ict_work_unit *unit, ict_work_var *var, ict_width width) {
  if (!unit->in_place || !var->values || var->width != width) return NULL;
  var->given = true;
  return var->values;
}

static ict_status make_columns(ict_work *work, ict_work_unit *unit, ict_frame *frame,
                               ict_err *err) {
  const ict_schema *schema = frame->schema;
  void **columns = ict_arena_alloc(work->intake->arena, schema->n, sizeof *columns);
  if (!columns) return ict_err_memory(err);
  void **spare = ict_alloc((size_t)work->threads, sizeof *spare);
  if (!spare) return ict_err_memory(err);
  for (size_t i = 2; i < schema->n; i++)
    columns[i] = give(unit, &unit->vars[i - 2], schema->vars[i].width);
  gathering g = {.work = work, .unit = unit, .schema = schema, .columns = columns, .spare = spare};
  ict_par_run(schema->n, work->threads, gather, &g);
  for (int t = 0; t < work->threads; t++) ict_spill_free(work->spill, spare[t]);
  ict_free(spare);
  frame->columns = (const void *const *)columns;
  return atomic_load(&g.short_of_memory) ? ict_spill_short(work->spill, err) : ICT_OK;
}

/* --- the design ------------------------------------------------------------------- */

static ict_status move_stages(ict_work *work, ict_work_unit *unit, ict_design *out, ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  struct ict_intake_impl *impl = work->intake->impl;
  if (d->n_stages == 0) return ICT_OK;
  ict_stage *stages = ict_arena_alloc(work->intake->arena, d->n_stages, sizeof *stages);
  if (!stages) return ict_err_memory(err);
  for (size_t k = 0; k < d->n_stages; k++) {
    ict_work_stage *s = &unit->stages[k];
    const ict_map_stage *map = s->map;
    stages[k] = (ict_stage){.n_units = s->n_units,
                            .n_strata = s->n_strata,
                            .unit_first_row = s->unit_first_row,
                            .stratum_first_unit = s->stratum_first_unit,
                            .parent_first_stratum = s->parent_first_stratum,
                            .fraction = s->fraction};
    void *blocks[] = {s->unit_first_row, s->stratum_first_unit, s->parent_first_stratum,
                      s->fraction};
    s->unit_first_row = s->stratum_first_unit = s->parent_first_stratum = NULL;
    s->fraction = NULL;
    ict_status st = own(impl, blocks, sizeof blocks / sizeof *blocks, err);
    if (st != ICT_OK) return st;
    if (!name_refs(work, unit->file, map->strata, map->n_strata, &stages[k].strata_from) ||
        !name_refs(work, unit->file, map->units, map->n_units, &stages[k].units_from) ||
        !name_refs(work, unit->file, &map->fpc, s->fpc != NULL, &stages[k].fpc_from))
      return ict_err_memory(err);
  }
  out->n_stages = d->n_stages;
  out->stages = stages;
  return ICT_OK;
}

static ict_status move_replicates(ict_work *work, const ict_work_unit *unit, ict_design *out,
                                  ict_err *err) {
  const ict_map_replicates *map = &unit->map->design.replicates;
  ict_arena *arena = work->intake->arena;
  if (map->n == 0) return ICT_OK;
  ict_replicate_weights *w = ict_arena_alloc(arena, 1, sizeof *w);
  double *weight = ict_spill_alloc(work->spill, unit->n_rows * map->n, sizeof *weight);
  const char *first = names_of(work, unit->file, map->from, 1);
  const char *from =
      first ? ict_arena_printf(arena, "%s .. %s", first, map->from[map->n - 1].name) : NULL;
  if (!w || !weight || !from) return ict_err_memory(err);
  ict_replicates_gather(work, unit, weight);
  *w = (ict_replicate_weights){.type = map->type,
                               .n = map->n,
                               .weight = weight,
                               .scale = map->scale,
                               .rscale = map->rscale,
                               .mse = map->mse,
                               .df = map->df,
                               .from = from};
  out->replicates = w;
  return ICT_OK;
}

static void gather_weights(void *ctx, size_t task, int thread) {
  const gathering *g = ctx;
  const ict_work_unit *unit = g->unit;
  double *to = g->columns[0];
  (void)thread;
  for (size_t i = task * ICT_TASK_ROWS; i < ict_task_end(task, unit->n_rows); i++)
    to[i] = unit->row_weight[unit->rows[i]];
}

/* In the order of the frame; NULL where there is no room. */
static const double *weights_of(const ict_work *work, const ict_work_unit *unit) {
  if (unit->in_place) return unit->row_weight;
  void *weight = ict_spill_alloc(work->spill, unit->n_rows, sizeof(double));
  gathering g = {.work = work, .unit = unit, .columns = &weight};
  if (weight) ict_par_run(ict_row_tasks(unit->n_rows), work->threads, gather_weights, &g);
  return weight;
}

static ict_status move_design(ict_work *work, ict_work_unit *unit, ict_design *out, ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  struct ict_intake_impl *impl = work->intake->impl;
  ict_status st;
  *out = (ict_design){
      .has_strata = d->n_strata > 0 || unit->n_strata > 1,
      .has_psu = d->n_psu > 0,
      .has_weight = d->has_weight,
      .census = d->census,
      .lonely = d->lonely,
      .lonely_in_domain = d->lonely_in_domain,
      .pps = d->pps,
      .n_rows = unit->n_rows,
      .n_psu = unit->n_psu,
      .n_strata = unit->n_strata,
  };
  void *blocks[] = {unit->psu_first_row, unit->stratum_first_psu, unit->fraction, unit->inclusion};
  out->psu_first_row = unit->psu_first_row;
  out->stratum_first_psu = unit->stratum_first_psu;
  out->fraction = unit->fraction;
  out->inclusion = unit->inclusion;
  out->stratum_label = out->has_strata ? unit->stratum_label : NULL;
  unit->psu_first_row = unit->stratum_first_psu = NULL;
  unit->fraction = unit->inclusion = NULL;
  ICT_TRY(done, st, own(impl, blocks, sizeof blocks / sizeof *blocks, err));
  if (d->has_weight) {
    out->weight = weights_of(work, unit);
    if (!out->weight) return ict_spill_short(work->spill, err);
  }
  ICT_TRY(done, st, move_stages(work, unit, out, err));
  ICT_TRY(done, st, move_replicates(work, unit, out, err));
  if (out->weight == unit->row_weight) unit->row_weight = NULL; /* moved */
  if (!name_refs(work, unit->file, d->strata, d->n_strata, &out->strata_from) ||
      !name_refs(work, unit->file, d->psu, d->n_psu, &out->psu_from) ||
      !name_refs(work, unit->file, &d->weight, d->has_weight, &out->weight_from) ||
      !name_refs(work, unit->file, &d->fpc, unit->fpc != NULL, &out->fpc_from))
    st = ict_err_memory(err);
done:
  return st;
}

/* --- the frame -------------------------------------------------------------------- */

static ict_status make_schema(ict_work *work, ict_work_unit *unit, ict_schema **out, ict_err *err) {
  ict_arena *arena = work->intake->arena;
  ict_status st = ICT_OK;
  ict_schema *schema = ict_arena_alloc(arena, 1, sizeof *schema);
  if (!schema) return ict_err_memory(err);
  schema->n = 2 + unit->n_vars;
  schema->arena = arena;
  schema->vars = ict_arena_alloc(arena, schema->n, sizeof *schema->vars);
  if (!schema->vars) return ict_err_memory(err);
  ICT_TRY(done, st,
          describe_axis(work, unit, &unit->area, ICT_VAR_AREA, "Reference area", &schema->vars[0],
                        err));
  ICT_TRY(done, st,
          describe_axis(work, unit, &unit->period, ICT_VAR_PERIOD, "Time period", &schema->vars[1],
                        err));
  for (size_t i = 0; i < unit->n_vars; i++) {
    ICT_TRY(done, st, describe(work, &unit->vars[i], &schema->vars[2 + i], err));
  }
  *out = schema;
done:
  return st;
}

static ict_status make_frame(ict_work *work, ict_work_unit *unit, ict_store_frame *out,
                             ict_err *err) {
  ict_arena *arena = work->intake->arena;
  ict_schema *schema = NULL;
  ict_status st;
  ict_frame *frame = ict_arena_alloc(arena, 1, sizeof *frame);
  if (!frame) return ict_err_memory(err);
  ICT_TRY(done, st, make_schema(work, unit, &schema, err));
  *frame = (ict_frame){.unit = unit->map->name,
                       .title = unit->map->title ? unit->map->title : unit->map->name,
                       .schema = schema,
                       .n_rows = unit->n_rows};
  ICT_TRY(done, st, make_columns(work, unit, frame, err));
  ICT_TRY(done, st, move_design(work, unit, &frame->design, err));
  ICT_TRY(done, st, ict_calibrate_frame(work, unit, frame, err));
  out->frame = frame;
  if (unit->map->scope) {
    char *text = ict_expr_text(unit->map->scope);
    out->scope = text ? ict_arena_strdup(arena, text) : NULL;
    ict_free(text);
    if (!out->scope) return ict_err_memory(err);
  }
done:
  return st;
}

ict_status ict_frames_make(ict_work *work, ict_err *err) {
  ict_store_frame *frames = ict_arena_alloc(work->intake->arena, work->n_units, sizeof *frames);
  work->intake->impl = ict_alloc(1, sizeof *work->intake->impl);
  if (!frames || !work->intake->impl) return ict_err_memory(err);
  for (size_t u = 0; u < work->n_units; u++) {
    ict_status st = make_frame(work, &work->units[u], &frames[u], err);
    if (st != ICT_OK) return st;
  }
  work->intake->frames = frames;
  work->intake->n_frames = work->n_units;
  return ICT_OK;
}
