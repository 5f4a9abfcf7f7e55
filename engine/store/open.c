/* open.c - an HDF5 file to frames.
 *
 * In: a path. Out: a store whose columns are mapped. Owns: the map and one arena, until
 * ict_store_close. The HDF5 handle lives only during the opening, so that threads may
 * share the store.
 *
 * Nothing in a column is looked at here. A code that is out of range does no harm in the
 * scan, whose tables have an entry for every value of one or two bytes; ict_store_verify
 * finds it. The index arrays are another matter and are read in full. */
#include <string.h>
#include <sys/mman.h>

#include "store/calibration.h"
#include "store/check.h"
#include "store/column.h"
#include "store/handle.h"
#include "store/layout.h"
#include "store/replicates.h"
#include "store/stages.h"

typedef struct reader {
  ict_h5_in h5;
  ict_store *store;
} reader;

/* -- root -------------------------------------------------------------------------- */

ict_status ict_store_check_format(const ict_h5_in *in, ict_arena *arena, ict_err *err) {
  const char *format = NULL;
  uint64_t version;
  ict_status st = ICT_OK;
  htri_t found = H5Aexists(in->file, "format");
  if (found < 0) {
    st = ict_h5_err(err, ICT_REFUSED, in->path, "the HDF5 file is damaged");
    ict_err_fix(err, "copy the file again from where it is whole, or import again");
    return st;
  }
  if (found) {
    st = ict_h5_text(in, in->file, "format", true, arena, &format, err);
    if (st != ICT_OK && st != ICT_REFUSED) return st;
  }
  if (!format || strcmp(format, ICT_STORE_FORMAT) != 0) {
    ict_err_set(err, ICT_REFUSED, "is an HDF5 file, but not a data set of ictstat");
    ict_err_at(err, in->path, 0, 0);
    ict_err_expected(err, "a data set made by `ictstat import`");
    ict_err_fix(err, "HDF5 is no import format: convert the file to CSV and import that");
    return ICT_REFUSED;
  }
  st = ict_h5_number(in, in->file, "format_version", &version, err);
  if (st != ICT_OK) return st;
  if (version < 1 || version > ICT_STORE_VERSION) {
    ict_err_set(err, ICT_REFUSED, "has format version %llu", (unsigned long long)version);
    ict_err_at(err, in->path, 0, 0);
    ict_err_expected(err, "format versions 1 to %d", ICT_STORE_VERSION);
    ict_err_fix(err, "use a newer ictstat, or import the source again with this one");
    return ICT_REFUSED;
  }
  return ICT_OK;
}

static ict_status read_root(reader *r, const char *const **units, ict_err *err) {
  ict_status st;
  ict_provenance *p = &r->store->provenance;
  ict_arena *arena = r->store->arena;
  hid_t file = r->h5.file;
  ICT_TRY(done, st, ict_store_check_format(&r->h5, arena, err));
  ICT_TRY(done, st, ict_h5_text(&r->h5, file, "survey", true, arena, &p->survey, err));
  ICT_TRY(done, st, ict_h5_text(&r->h5, file, "title", false, arena, &p->title, err));
  ICT_TRY(done, st, ict_h5_text(&r->h5, file, "source", false, arena, &p->source, err));
  ICT_TRY(done, st, ict_h5_text(&r->h5, file, "tool", false, arena, &p->tool, err));
  ICT_TRY(
      done, st,
      ict_h5_text(&r->h5, file, ICT_STORE_CONTENT, true, arena, &r->store->content_sha256, err));
  st = ict_h5_texts(&r->h5, file, "units", arena, units, &r->store->n_units, err);
done:
  return st;
}

/* -- provenance -------------------------------------------------------------------- */

/* Where a member lies in a record, with what kind and how many bytes; false: not there. */
static bool find_member(hid_t record, const char *name, ict_h5_kind kind, size_t *offset,
                        size_t *size) {
  int i = H5Tget_member_index(record, name);
  if (i < 0) return false;
  hid_t type = H5Tget_member_type(record, (unsigned)i);
  if (type < 0) return false;
  *offset = H5Tget_member_offset(record, (unsigned)i);
  *size = H5Tget_size(type);
  bool ok = ict_h5_kind_of(type) == kind && *offset + *size <= H5Tget_size(record);
  ict_h5_drop(type);
  return ok;
}

static const char *text_at(const char *at, size_t size, ict_arena *arena) {
  return ict_arena_strndup(arena, at, strnlen(at, size));
}

static ict_status read_inputs(reader *r, hid_t group, ict_err *err) {
  ict_provenance *p = &r->store->provenance;
  ict_arena *arena = r->store->arena;
  ict_status st;
  hid_t data, type = -1;
  uint64_t n;
  const void *records;
  size_t id, id_size, name, name_size, hash, hash_size, bytes, rows, size;
  ICT_TRY(done, st, ict_h5_data(&r->h5, group, "inputs", &data, &n, err));
  type = H5Dget_type(data);
  if (type < 0 || ict_h5_kind_of(type) != ICT_H5_COMPOUND ||
      !find_member(type, "id", ICT_H5_TEXT, &id, &id_size) ||
      !find_member(type, "name", ICT_H5_TEXT, &name, &name_size) ||
      !find_member(type, "sha256", ICT_H5_TEXT, &hash, &hash_size) ||
      hash_size > sizeof((ict_input *)0)->sha256 ||
      !find_member(type, "bytes", ICT_H5_U64, &bytes, &size) ||
      !find_member(type, "rows", ICT_H5_U64, &rows, &size)) {
    st = ict_h5_refuse(&r->h5, data, err, "does not have the fields id, name, sha256, bytes, rows");
    goto done;
  }
  ICT_TRY(done, st, ict_h5_values(&r->h5, data, n, 1, arena, &records, err));
  ict_input *inputs = ict_arena_alloc(arena, (size_t)n, sizeof *inputs);
  bool ok = inputs != NULL;
  for (size_t i = 0; ok && i < n; i++) {
    const char *at = (const char *)records + i * H5Tget_size(type);
    inputs[i].id = text_at(at + id, id_size, arena);
    inputs[i].name = text_at(at + name, name_size, arena);
    memcpy(inputs[i].sha256, at + hash, hash_size);
    inputs[i].sha256[sizeof inputs[i].sha256 - 1] = '\0';
    memcpy(&inputs[i].bytes, at + bytes, sizeof inputs[i].bytes);
    memcpy(&inputs[i].rows, at + rows, sizeof inputs[i].rows);
    ok = inputs[i].id && inputs[i].name;
  }
  if (!ok) {
    st = ict_err_memory(err);
    goto done;
  }
  p->n_inputs = (size_t)n;
  p->inputs = inputs;
done:
  ict_h5_drop(type);
  ict_h5_drop(data);
  return st;
}

static ict_status read_provenance(reader *r, ict_err *err) {
  ict_provenance *p = &r->store->provenance;
  ict_arena *arena = r->store->arena;
  ict_status st;
  hid_t group;
  ICT_TRY(done, st, ict_h5_group(&r->h5, r->h5.file, ICT_STORE_PROVENANCE, &group, err));
  ICT_TRY(done, st,
          ict_h5_text(&r->h5, group, "mapping_name", false, arena, &p->mapping_name, err));
  ICT_TRY(done, st,
          ict_h5_text(&r->h5, group, "mapping_sha256", false, arena, &p->mapping_sha256, err));
  if (ict_h5_has(group, "mapping")) {
    const char *const *texts;
    size_t n;
    ICT_TRY(done, st, ict_h5_text_data(&r->h5, group, "mapping", arena, &texts, &n, err));
    if (n != 1) {
      st = ict_h5_refuse(&r->h5, group, err, "'mapping' is not one text");
      goto done;
    }
    p->mapping_text = texts[0];
  }
  ICT_TRY(done, st, read_inputs(r, group, err));
  st = ict_h5_text_data(&r->h5, group, "report", arena, &p->report, &p->n_report, err);
done:
  ict_h5_drop(group);
  return st;
}

/* -- a unit ------------------------------------------------------------------------ */

static ict_status read_columns(reader *r, hid_t unit, ict_frame *f, ict_err *err) {
  ict_arena *arena = r->store->arena;
  ict_status st;
  hid_t group = -1;
  const char *const *names;
  size_t n;
  ICT_TRY(done, st, ict_h5_texts(&r->h5, unit, "variables", arena, &names, &n, err));
  ICT_TRY(done, st, ict_h5_group(&r->h5, unit, ICT_STORE_COLUMNS, &group, err));
  ict_schema *schema = ict_arena_alloc(arena, 1, sizeof *schema);
  ict_variable *vars = ict_arena_alloc(arena, n, sizeof *vars);
  const void **columns = ict_arena_alloc(arena, n, sizeof *columns);
  if (!schema || !vars || !columns) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < n; i++) {
    ICT_TRY(done, st,
            ict_store_get_column(&r->h5, group, names[i], f->n_rows, arena, &vars[i], &columns[i],
                                 err));
  }
  *schema = (ict_schema){.n = n, .vars = vars, .arena = arena};
  f->schema = schema;
  f->columns = columns;
done:
  ict_h5_drop(group);
  return st;
}

static ict_status read_flag(reader *r, hid_t group, const char *name, bool *flag, ict_err *err) {
  uint64_t value;
  ict_status st = ict_h5_number(&r->h5, group, name, &value, err);
  *flag = value != 0;
  return st;
}

static ict_status read_design_words(reader *r, hid_t group, ict_design *d, ict_err *err) {
  ict_arena *arena = r->store->arena;
  const char *lonely;
  ict_status st;
  ICT_TRY(done, st, read_flag(r, group, "has_strata", &d->has_strata, err));
  ICT_TRY(done, st, read_flag(r, group, "has_psu", &d->has_psu, err));
  ICT_TRY(done, st, read_flag(r, group, "has_weight", &d->has_weight, err));
  ICT_TRY(done, st, read_flag(r, group, "census", &d->census, err));
  ICT_TRY(done, st, read_flag(r, group, "lonely_in_domain", &d->lonely_in_domain, err));
  ICT_TRY(done, st, ict_h5_text(&r->h5, group, "lonely_psu", true, arena, &lonely, err));
  if (!ict_lonely_find(lonely, &d->lonely)) {
    st = ict_h5_refuse(&r->h5, group, err, "unknown policy for single PSUs '%s'", lonely);
    goto done;
  }
  ICT_TRY(done, st, ict_h5_text(&r->h5, group, "strata_from", false, arena, &d->strata_from, err));
  ICT_TRY(done, st, ict_h5_text(&r->h5, group, "psu_from", false, arena, &d->psu_from, err));
  ICT_TRY(done, st, ict_h5_text(&r->h5, group, "weight_from", false, arena, &d->weight_from, err));
  st = ict_h5_text(&r->h5, group, "fpc_from", false, arena, &d->fpc_from, err);
done:
  return st;
}

/* The counts come from the file; as each array must have one entry more than its count, a
 * count of 2^64-1 is refused before it can wrap around. */
static ict_status read_design(reader *r, hid_t unit, ict_design *d, ict_err *err) {
  ict_status st;
  hid_t group = -1;
  uint64_t n_psu, n_strata;
  const void *psus, *strata, *weight, *fraction;
  ICT_TRY(done, st, ict_h5_number(&r->h5, unit, "n_psu", &n_psu, err));
  ICT_TRY(done, st, ict_h5_number(&r->h5, unit, "n_strata", &n_strata, err));
  if (n_psu == UINT64_MAX || n_strata == UINT64_MAX) {
    st = ict_h5_refuse(&r->h5, unit, err, "its number of PSUs or strata cannot be");
    goto done;
  }
  d->n_psu = (size_t)n_psu;
  d->n_strata = (size_t)n_strata;
  ICT_TRY(done, st, ict_h5_group(&r->h5, unit, ICT_STORE_DESIGN, &group, err));
  ICT_TRY(done, st, read_design_words(r, group, d, err));
  ict_arena *arena = r->store->arena;
  ICT_TRY(done, st,
          ict_h5_array(&r->h5, group, "psu_first_row", ICT_H5_U64, n_psu + 1, arena, &psus, err));
  ICT_TRY(done, st,
          ict_h5_array(&r->h5, group, "stratum_first_psu", ICT_H5_U64, n_strata + 1, arena, &strata,
                       err));
  ICT_TRY(done, st,
          ict_h5_array_if(&r->h5, group, "weight", ICT_H5_F64, d->n_rows, arena, &weight, err));
  ICT_TRY(done, st,
          ict_h5_array_if(&r->h5, group, "fraction", ICT_H5_F64, n_strata, arena, &fraction, err));
  if (ict_h5_has(group, "stratum_label")) {
    size_t n;
    ICT_TRY(done, st,
            ict_h5_text_data(&r->h5, group, "stratum_label", r->store->arena, &d->stratum_label, &n,
                             err));
    if (n != n_strata) {
      st = ict_h5_refuse(&r->h5, group, err, "there are %zu stratum labels for %zu strata", n,
                         d->n_strata);
      goto done;
    }
  }
  d->psu_first_row = psus;
  d->stratum_first_psu = strata;
  d->weight = weight;
  d->fraction = fraction;
  ICT_TRY(done, st, ict_store_get_stages(&r->h5, group, arena, d, err));
  ICT_TRY(done, st, ict_store_get_replicates(&r->h5, group, arena, d, err));
  st = ict_store_get_calibration(&r->h5, group, arena, d, err);
done:
  ict_h5_drop(group);
  return st;
}

static ict_status read_unit(reader *r, const char *name, size_t i, ict_err *err) {
  ict_frame *f = &r->store->frames[i];
  ict_arena *arena = r->store->arena;
  ict_status st;
  hid_t unit;
  uint64_t n_rows;
  f->unit = name;
  ICT_TRY(done, st, ict_h5_group(&r->h5, r->h5.file, name, &unit, err));
  ICT_TRY(done, st, ict_h5_text(&r->h5, unit, "title", false, arena, &f->title, err));
  ICT_TRY(done, st, ict_h5_text(&r->h5, unit, "scope", false, arena, &r->store->scopes[i], err));
  ICT_TRY(done, st, ict_h5_number(&r->h5, unit, "n_rows", &n_rows, err));
  f->n_rows = f->design.n_rows = (size_t)n_rows;
  ICT_TRY(done, st, read_columns(r, unit, f, err));
  ICT_TRY(done, st, read_design(r, unit, &f->design, err));
  st = ict_store_check_shape(f, r->h5.path, err);
done:
  ict_h5_drop(unit);
  return st;
}

static ict_status read_units(reader *r, const char *const *names, ict_err *err) {
  ict_store *s = r->store;
  s->frames = ict_arena_alloc(s->arena, s->n_units, sizeof *s->frames);
  s->scopes = ict_arena_alloc(s->arena, s->n_units, sizeof *s->scopes);
  if (!s->frames || !s->scopes) return ict_err_memory(err);
  ict_status st = ICT_OK;
  for (size_t i = 0; i < s->n_units && st == ICT_OK; i++) st = read_unit(r, names[i], i, err);
  return st;
}

/* -- the whole --------------------------------------------------------------------- */

ict_status ict_store_open(const char *path, ict_store **out, ict_err *err) {
  reader r = {.h5.file = -1};
  ict_h5_quiet quiet;
  const char *const *units;
  ict_status st;
  *out = NULL;
  ict_h5_quiet_begin(&quiet);
  ICT_TRY(done, st, ict_h5_in_open(path, &r.h5, err));
  r.store = ict_alloc(1, sizeof *r.store);
  if (r.store) r.store->arena = ict_arena_new();
  if (!r.store || !r.store->arena) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, read_root(&r, &units, err));
  ICT_TRY(done, st, read_provenance(&r, err));
  ICT_TRY(done, st, read_units(&r, units, err));
  r.store->map = r.h5.map;
  r.store->map_len = r.h5.map_len;
  r.h5.map = NULL;
done:
  ict_h5_in_close(&r.h5);
  ict_h5_quiet_end(&quiet);
  if (st != ICT_OK) {
    ict_store_close(r.store);
    return st;
  }
  *out = r.store;
  return ICT_OK;
}

void ict_store_close(ict_store *store) {
  if (!store) return;
  if (store->map) munmap(store->map, store->map_len);
  ict_arena_free(store->arena);
  ict_free(store);
}
