/* bind.c - the mapping's names bound to the variables of the files.
 *
 * In: mapping, dictionaries. Out: per file the list of variables to read, and slots that say
 * what each is read for. Every name that is not there is a finding, with the nearest. */
#include <string.h>

#include "intake/open.h"
#include "intake/work.h"

/* --- files ------------------------------------------------------------------------ */

static ict_status open_file(ict_work *work, ict_work_file *file, ict_err *err) {
  ict_err local = {0};
  const char *path;
  ict_status st =
      ict_mapped_open(file->map, work->options->data_dir, work->mapping->file,
                      !work->options->check_only, work->arena, &file->source, &path, &local);
  if (st == ICT_OK) {
    file->dictionary = ict_source_dictionary(file->source);
    file->row_word = strcmp(file->dictionary->format, "csv") == 0 ? "line" : "row";
    return ICT_OK;
  }
  ict_err_while(&local, "opening file '%s' of %s", file->map->id, work->mapping->file);
  if (st == ICT_REFUSED && !local.file[0]) /* what the mapping says of it, not its content */
    ict_err_at(&local, work->mapping->file, file->map->at.line, file->map->at.column);
  if (st == ICT_FAIL && local.file[0] == '\0') { /* the machine, not the file */
    if (err) *err = local;
    return st;
  }
  ict_findings_add(work->findings, ICT_ERROR, &local);
  ict_work_fail(work, &local);
  return ICT_OK;
}

static ict_status open_files(ict_work *work, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t u = 0; u < work->n_units; u++) {
    for (long f = work->mapping->units[u].file; f >= 0; f = work->files[f].map->link) {
      work->files[f].used = true;
    }
  }
  for (size_t f = 0; f < work->n_files; f++) {
    ict_work_file *file = &work->files[f];
    if (file->used) {
      ICT_TRY(done, st, open_file(work, file, err));
    } else {
      ict_work_say(work, ICT_WARNING, file->map->at, NULL, NULL,
                   "file '%s' is not read: no unit uses it", file->map->id);
    }
  }
done:
  return st;
}

/* --- names ------------------------------------------------------------------------ */

/* Says that the file has no such variable (found: what ict_source_find gave). */
static ict_status say_no_variable(ict_work *work, const ict_work_file *file, const ict_ref *ref,
                                  long found, ict_err *err) {
  const ict_dictionary *d = file->dictionary;
  if (found == -2) {
    size_t same = 0;
    for (size_t i = 0; i < d->n_vars; i++) same += strcmp(d->vars[i].name, ref->name) == 0;
    if (same > 1)
      ict_work_say(work, ICT_ERROR, ref->at, "a name of its own for each variable",
                   "rename them in the file", "%zu variables of %s are called '%s'", same,
                   file->name, ref->name);
    else
      ict_work_say(work, ICT_ERROR, ref->at, NULL,
                   "write the name exactly as it stands in the file",
                   "several variables of %s are called '%s' but for upper and lower case",
                   file->name, ref->name);
    return ICT_OK;
  }
  const char **names = ict_alloc(d->n_vars, sizeof *names);
  if (!names) return ict_err_memory(err);
  for (size_t i = 0; i < d->n_vars; i++) names[i] = d->vars[i].name;
  const char *nearest = ict_text_nearest(ref->name, names, d->n_vars);
  ict_free(names);
  char fix[256] = "";
  ict_str s;
  ict_str_init(&s);
  if (nearest) {
    ict_str_addf(&s, "write '%s'", nearest);
  } else if (d->n_vars == 1 && file->map->delimiter) {
    ict_str_add(&s, "check `delimiter`: with this one the file has a single column");
  } else if (file->map->no_header) {
    ict_str_addf(&s,
                 "write '%s' for the first variable, and so on: `header: false` says that the file "
                 "has no names",
                 d->n_vars > 0 ? d->vars[0].name : "");
  } else {
    ict_str_addf(&s, "`ictstat inspect %s` lists its variables", file->name);
  }
  if (!s.failed && s.len < sizeof fix) memcpy(fix, s.text, s.len + 1);
  ict_str_done(&s);
  ict_work_say(work, ICT_ERROR, ref->at, NULL, fix, "%s (%s, %zu variable%s) has no variable '%s'",
               file->name, d->format_about, d->n_vars, ICT_S(d->n_vars), ref->name);
  return ICT_OK;
}

/* Place of the variable among those to be read. */
static ict_status want(ict_work_file *file, size_t variable, size_t *column, ict_err *err) {
  for (*column = 0; *column < file->n_wanted; ++*column) {
    if (file->wanted[*column] == variable) return ICT_OK;
  }
  if (ict_grow(&file->wanted, file->n_wanted, &file->wanted_capacity, sizeof *file->wanted) != 0) {
    return ict_err_memory(err);
  }
  file->wanted[file->n_wanted++] = variable;
  return ICT_OK;
}

/* A name in a given file. *column is ICT_NONE where a finding was made instead. */
static ict_status bind_column(ict_work *work, ict_work_file *file, const ict_ref *ref,
                              size_t *column, ict_err *err) {
  *column = ICT_NONE;
  if (!file->source) return ICT_OK; /* said when it could not be opened */
  long found = ict_source_find(file->source, ref->name);
  if (found < 0) return say_no_variable(work, file, ref, found, err);
  return want(file, (size_t)found, column, err);
}

/* The file that a name means, seen from a unit's file; NULL after a finding. */
static ict_work_file *file_of(ict_work *work, size_t own, const ict_ref *ref) {
  size_t f = ref->file < 0 ? own : (size_t)ref->file;
  if (ict_file_reaches(work, own, f)) return &work->files[f];
  ict_work_say(work, ICT_ERROR, ref->at, NULL, "add a `link:` to the file",
               "file '%s' does not link to '%s', so '%s' has no value for its rows",
               work->files[own].map->id, work->files[f].map->id, ref->name);
  return NULL;
}

/* --- slots ------------------------------------------------------------------------ */

static ict_status add_slot(ict_work *work, ict_work_file *file, ict_slot_kind kind,
                           const char *name, const char *concept, ict_mark at, ict_slot **out,
                           ict_err *err) {
  ict_slot *slot = ict_arena_alloc(work->arena, 1, sizeof *slot);
  if (!slot ||
      ict_grow(&file->slots, file->n_slots, &file->slots_capacity, sizeof *file->slots) != 0) {
    return ict_err_memory(err);
  }
  *slot = (ict_slot){.kind = kind, .file = file->index, .name = name, .concept = concept, .at = at};
  file->slots[file->n_slots++] = slot;
  *out = slot;
  return ICT_OK;
}

/* A label or a recoded column; *out stays NULL after a finding. */
static ict_status bind_slot(ict_work *work, size_t own, const ict_ref *ref, ict_slot_kind kind,
                            const char *concept, const ict_recode_spec *spec,
                            const ict_map_variable *variable, ict_slot **out, ict_err *err) {
  size_t column;
  ict_slot *slot;
  *out = NULL;
  ict_work_file *file = file_of(work, own, ref);
  if (!file) return ICT_OK;
  ict_status st = bind_column(work, file, ref, &column, err);
  if (st != ICT_OK || column == ICT_NONE) return st;
  st = add_slot(work, file, kind, ref->name, concept, ref->at, &slot, err);
  if (st != ICT_OK) return st;
  slot->column = column;
  slot->variable = variable;
  if (kind == ICT_SLOT_RECODE) {
    slot->spec = *spec;
    slot->recode = ict_recode_compile(&slot->spec, &file->dictionary->vars[file->wanted[column]],
                                      file->map->decimal, work->arena);
    slot->hits = ict_arena_alloc(work->arena, spec->n_values + 1, sizeof *slot->hits);
    if (!slot->recode || !slot->hits) return ict_err_memory(err);
  }
  *out = slot;
  return ICT_OK;
}

/* A list of names that become labels: strata, PSU. */
static ict_status bind_labels(ict_work *work, size_t own, const ict_ref *refs, size_t n,
                              const char *what, ict_slot ***out, ict_err *err) {
  *out = ict_arena_alloc(work->arena, n + 1, sizeof **out);
  if (!*out) return ict_err_memory(err);
  for (size_t i = 0; i < n; i++) {
    ict_status st =
        bind_slot(work, own, &refs[i], ICT_SLOT_LABEL, what, NULL, NULL, &(*out)[i], err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

static ict_status bind_number(ict_work *work, size_t own, const ict_ref *ref, double scale,
                              const char *what, ict_slot **out, ict_err *err) {
  ict_recode_spec spec = {.type = ICT_TYPE_REAL, .scale = scale};
  return bind_slot(work, own, ref, ICT_SLOT_RECODE, what, &spec, NULL, out, err);
}

static ict_status bind_key(ict_work *work, ict_work_file *file, const ict_key_part *parts, size_t n,
                           const char *what, ict_slot **out, ict_err *err) {
  ict_slot *slot;
  ict_status st =
      add_slot(work, file, ICT_SLOT_KEY, parts[0].refs[0].name, what, parts[0].at, &slot, err);
  if (st != ICT_OK) return st;
  slot->n_parts = n;
  slot->parts = ict_arena_alloc(work->arena, n, sizeof *slot->parts);
  if (!slot->parts) return ict_err_memory(err);
  for (size_t p = 0; p < n; p++) {
    slot->parts[p] = (ict_slot_part){.n = parts[p].n, .strip_zeros = parts[p].strip_zeros};
    slot->parts[p].column = ict_arena_alloc(work->arena, parts[p].n, sizeof(size_t));
    if (!slot->parts[p].column) return ict_err_memory(err);
    for (size_t i = 0; i < parts[p].n; i++) {
      st = bind_column(work, file, &parts[p].refs[i], &slot->parts[p].column[i], err);
      if (st != ICT_OK) return st;
    }
  }
  *out = slot;
  return ICT_OK;
}

static ict_status bind_file(ict_work *work, ict_work_file *file, ict_err *err) {
  const ict_map_file *map = file->map;
  ict_status st = ICT_OK;
  if (map->n_key > 0) st = bind_key(work, file, map->key, map->n_key, "key", &file->key, err);
  if (st == ICT_OK && map->link >= 0) {
    const ict_map_file *target = work->files[map->link].map;
    if (target->n_key != map->n_by || map->n_by == 0) {
      ict_work_say(work, ICT_ERROR, map->at, NULL, "give both the same number of parts",
                   "file '%s' links by %zu parts, but the key of '%s' has %zu", map->id, map->n_by,
                   target->id, target->n_key);
    } else {
      st = bind_key(work, file, map->by, map->n_by, "link", &file->by, err);
    }
  }
  return st;
}

/* --- units ------------------------------------------------------------------------ */

/* The codes that the lines of an area or period lead to, in natural order. */
static ict_status axis_codes(const ict_map_variable *map, ict_codelist **out, ict_err *err) {
  ict_labels labels = {0};
  uint32_t *order = NULL;
  ict_code *codes = NULL;
  ict_status st = ICT_OK;
  for (size_t i = 0; i < map->n_values; i++) {
    uint32_t id;
    const char *code = map->values[i].code;
    if (code && ict_labels_add(&labels, ict_slice_of(code), &id) != 0) goto short_of_memory;
  }
  order = ict_labels_order(&labels);
  codes = ict_alloc(labels.n, sizeof *codes);
  if (!order || !codes) goto short_of_memory;
  for (size_t i = 0; i < map->n_values; i++) {
    const char *code = map->values[i].code;
    uint32_t id;
    if (!code || !ict_labels_find(&labels, ict_slice_of(code), &id)) continue;
    for (size_t k = 0; k < labels.n; k++) {
      if (order[k] == id) codes[k] = (ict_code){.id = code, .label = code};
    }
  }
  st = ict_codelist_make("codes", "codes", NULL, codes, labels.n, out, err);
  goto done;
short_of_memory:
  st = ict_err_memory(err);
done:
  ict_labels_done(&labels);
  ict_free(order);
  ict_free(codes);
  return st;
}

/* Area or period: of the unit's file, or the nearest linked file that has the variable. */
static ict_status bind_axis(ict_work *work, size_t own, const ict_map_variable *map,
                            const char *name, ict_work_axis *axis, ict_err *err) {
  axis->map = map;
  if (map->n_from == 0) return ICT_OK;
  ict_ref ref = map->from[0];
  if (ref.file < 0) {
    for (long f = (long)own; f >= 0; f = work->files[f].map->link) {
      if (work->files[f].source && ict_source_find(work->files[f].source, ref.name) != -1) {
        ref.file = f;
        break;
      }
    }
  }
  if (map->n_values == 0) {
    return bind_slot(work, own, &ref, ICT_SLOT_LABEL, name, NULL, NULL, &axis->slot, err);
  }
  ict_status st = axis_codes(map, &axis->listed, err);
  if (st != ICT_OK) return st;
  ict_recode_spec spec = {.type = ICT_TYPE_CODE,
                          .codes = axis->listed,
                          .n_values = map->n_values,
                          .values = map->values,
                          .scale = 1,
                          .quote = true};
  return bind_slot(work, own, &ref, ICT_SLOT_RECODE, name, &spec, NULL, &axis->slot, err);
}

static ict_status bind_stages(ict_work *work, ict_work_unit *unit, ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  ict_status st = ICT_OK;
  unit->stages = ict_arena_alloc(work->arena, d->n_stages + 1, sizeof *unit->stages);
  if (!unit->stages) return ict_err_memory(err);
  for (size_t k = 0; k < d->n_stages; k++) {
    const ict_map_stage *map = &d->stages[k];
    ict_work_stage *s = &unit->stages[k];
    s->map = map;
    ICT_TRY(done, st,
            bind_labels(work, unit->file, map->strata, map->n_strata, "strata of a stage",
                        &s->strata, err));
    ICT_TRY(done, st,
            bind_labels(work, unit->file, map->units, map->n_units, "units of a stage", &s->units,
                        err));
    if (map->fpc_kind != ICT_FPC_NONE)
      ICT_TRY(done, st,
              bind_number(work, unit->file, &map->fpc, 1, "fpc of a stage", &s->fpc, err));
  }
done:
  return st;
}

static ict_status bind_replicates(ict_work *work, ict_work_unit *unit, ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  const ict_map_replicates *map = &d->replicates;
  double scale = map->combined ? d->weight_scale : 1; /* factors of the weight have none */
  ict_status st = ICT_OK;
  unit->replicates = ict_arena_alloc(work->arena, map->n + 1, sizeof *unit->replicates);
  if (!unit->replicates) return ict_err_memory(err);
  for (size_t r = 0; r < map->n && st == ICT_OK; r++)
    st = bind_number(work, unit->file, &map->from[r], scale, "replicate weight",
                     &unit->replicates[r], err);
  return st;
}

static ict_status bind_design(ict_work *work, ict_work_unit *unit, ict_err *err) {
  const ict_map_design *d = &unit->map->design;
  ict_status st;
  ICT_TRY(done, st,
          bind_labels(work, unit->file, d->strata, d->n_strata, "strata", &unit->strata, err));
  ICT_TRY(done, st, bind_labels(work, unit->file, d->psu, d->n_psu, "psu", &unit->psu, err));
  if (d->has_weight) {
    ICT_TRY(
        done, st,
        bind_number(work, unit->file, &d->weight, d->weight_scale, "weight", &unit->weight, err));
  }
  if (d->fpc_kind != ICT_FPC_NONE) {
    ICT_TRY(done, st, bind_number(work, unit->file, &d->fpc, 1, "fpc", &unit->fpc, err));
  }
  ICT_TRY(done, st, bind_stages(work, unit, err));
  ICT_TRY(done, st, bind_replicates(work, unit, err));
done:
  return st;
}

static ict_status bind_variable(ict_work *work, ict_work_unit *unit, ict_work_var *var,
                                ict_err *err) {
  const ict_map_variable *map = var->map;
  const ict_concept *concept = map->concept_def;
  ict_recode_spec spec = {.type = concept->type,
                          .codes = map->codes,
                          .n_values = map->n_values,
                          .values = map->values,
                          .scale = map->scale,
                          .lowest = concept->lowest,
                          .highest = concept->highest,
                          .quote = true};
  var->slots = ict_arena_alloc(work->arena, map->n_from + 1, sizeof *var->slots);
  if (!var->slots) return ict_err_memory(err);
  for (size_t i = 0; i < map->n_from; i++) {
    ict_status st = bind_slot(work, unit->file, &map->from[i], ICT_SLOT_RECODE, concept->name,
                              &spec, map, &var->slots[i], err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

static bool has_variable(const ict_work_unit *unit, const char *name) {
  for (size_t i = 0; i < unit->n_vars; i++) {
    if (strcmp(unit->vars[i].map->concept_def->name, name) == 0) return true;
  }
  return false;
}

/* The variables of the units whose files this unit's file links to, nearest file first. */
static void inherit(const ict_work *work, ict_work_unit *unit) {
  for (long f = work->files[unit->file].map->link; f >= 0; f = work->files[f].map->link) {
    for (size_t u = 0; u < work->n_units; u++) {
      const ict_map_unit *other = work->units[u].map;
      if (other->file != f) continue;
      for (size_t i = 0; i < other->n_vars; i++) {
        if (has_variable(unit, other->vars[i].concept_def->name)) continue;
        unit->vars[unit->n_vars++] = (ict_work_var){.map = &other->vars[i], .owner = u};
      }
    }
  }
}

static ict_status bind_unit(ict_work *work, size_t u, ict_err *err) {
  ict_work_unit *unit = &work->units[u];
  ict_status st;
  ICT_TRY(done, st,
          bind_axis(work, unit->file, &work->mapping->area, ICT_VAR_AREA, &unit->area, err));
  ICT_TRY(done, st,
          bind_axis(work, unit->file, &work->mapping->period, ICT_VAR_PERIOD, &unit->period, err));
  ICT_TRY(done, st, bind_design(work, unit, err));
  size_t most = 0;
  for (size_t i = 0; i < work->n_units; i++) most += work->units[i].map->n_vars;
  unit->vars = ict_arena_alloc(work->arena, most + 1, sizeof *unit->vars);
  if (!unit->vars) return ict_err_memory(err);
  for (size_t i = 0; i < unit->map->n_vars; i++) {
    ict_work_var *var = &unit->vars[unit->n_vars++];
    *var = (ict_work_var){.map = &unit->map->vars[i], .owner = u};
    ICT_TRY(done, st, bind_variable(work, unit, var, err));
  }
  inherit(work, unit);
done:
  return st;
}

ict_status ict_bind(ict_work *work, ict_err *err) {
  const ict_mapping *mapping = work->mapping;
  ict_status st = ICT_OK;
  for (size_t f = 0; f < work->n_files; f++) {
    work->files[f] = (ict_work_file){.map = &mapping->files[f],
                                     .index = f,
                                     .name = ict_mapped_name(&mapping->files[f], work->arena)};
    if (!work->files[f].name) return ict_err_memory(err);
  }
  for (size_t u = 0; u < work->n_units; u++) {
    work->units[u] =
        (ict_work_unit){.map = &mapping->units[u], .file = (size_t)mapping->units[u].file};
  }
  ICT_TRY(done, st, open_files(work, err));
  for (size_t f = 0; f < work->n_files; f++) {
    if (work->files[f].used) ICT_TRY(done, st, bind_file(work, &work->files[f], err));
  }
  for (size_t u = 0; u < work->n_units; u++) ICT_TRY(done, st, bind_unit(work, u, err));
done:
  return st;
}
