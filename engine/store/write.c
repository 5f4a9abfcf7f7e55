/* write.c - frames to a new HDF5 file.
 *
 * In: frames, provenance. Out: a file that appears whole or not at all. Owns: the
 * temporary file until commit. The bytes depend on the input alone. */
#include <string.h>

#include "base/ahead.h"
#include "base/par.h"
#include "base/stream.h"
#include "store/calibration.h"
#include "store/check.h"
#include "store/column.h"
#include "store/digest.h"
#include "store/hashes.h"
#include "store/layout.h"
#include "store/replicates.h"
#include "store/stages.h"
#include "store/store.h"

typedef struct writer {
  ict_h5_out h5;
  const ict_progress *progress;
  uint64_t done, total; /* bytes of columns and designs */
} writer;

static void tick(writer *w, uint64_t bytes) {
  w->done += bytes;
  if (w->progress && w->progress->tick) {
    w->progress->tick(w->progress->ctx, "writing", w->done, w->total, "bytes");
  }
}

static uint64_t frame_bytes(const ict_frame *f) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < f->schema->n; i++) {
    bytes += (uint64_t)f->n_rows * ict_width_bytes(f->schema->vars[i].width);
  }
  bytes += (f->design.n_psu + 1 + f->design.n_strata + 1) * sizeof(uint64_t);
  if (f->design.weight) bytes += f->n_rows * sizeof(double);
  if (f->design.fraction) bytes += f->design.n_strata * sizeof(double);
  return bytes;
}

/* -- provenance -------------------------------------------------------------------- */

typedef struct field { /* of the inputs table: a text of `size` bytes, or a u64 */
  const char *name;
  size_t size, offset;
} field;

enum { INPUT_ID, INPUT_NAME, INPUT_SHA256, INPUT_BYTES, INPUT_ROWS, INPUT_FIELDS };

/* Adds the field to the record; texts have a type of their own. */
static bool insert_field(hid_t record, const field *f, bool text) {
  hid_t type = text ? ict_h5_text_type(f->size) : H5Tcopy(H5T_STD_U64LE);
  bool ok = type >= 0 && H5Tinsert(record, f->name, f->offset, type) >= 0;
  ict_h5_drop(type);
  return ok;
}

static void widen(field *f, const char *text) {
  size_t len = text ? strlen(text) : 0;
  if (len >= f->size) f->size = len + 1;
}

static void fill(char *record, const field *f, const char *text) {
  if (text) memcpy(record + f->offset, text, strlen(text));
}

/* The inputs as one table: a compound type whose texts are as wide as the longest. */
static ict_status put_inputs(const writer *w, hid_t group, const ict_provenance *p, ict_err *err) {
  field f[INPUT_FIELDS] = {{"id", 1, 0},
                           {"name", 1, 0},
                           {"sha256", 65, 0},
                           {"bytes", sizeof(uint64_t), 0},
                           {"rows", sizeof(uint64_t), 0}};
  ict_status st = ICT_OK;
  char *records = NULL;
  for (size_t i = 0; i < p->n_inputs; i++) {
    widen(&f[INPUT_ID], p->inputs[i].id);
    widen(&f[INPUT_NAME], p->inputs[i].name);
  }
  size_t size = 0;
  for (int i = 0; i < INPUT_FIELDS; i++) {
    f[i].offset = size;
    size += f[i].size;
  }
  hid_t type = H5Tcreate(H5T_COMPOUND, size);
  bool ok = type >= 0;
  for (int i = 0; ok && i < INPUT_FIELDS; i++) ok = insert_field(type, &f[i], i < INPUT_BYTES);
  if (!ok) {
    st = ict_h5_err(err, ICT_FAIL, w->h5.path, "cannot write 'inputs'");
    goto done;
  }
  records = ict_alloc(p->n_inputs, size);
  if (!records) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < p->n_inputs; i++) {
    const ict_input *in = &p->inputs[i];
    char *r = records + i * size;
    fill(r, &f[INPUT_ID], in->id);
    fill(r, &f[INPUT_NAME], in->name);
    fill(r, &f[INPUT_SHA256], in->sha256);
    memcpy(r + f[INPUT_BYTES].offset, &in->bytes, sizeof in->bytes);
    memcpy(r + f[INPUT_ROWS].offset, &in->rows, sizeof in->rows);
  }
  st = ict_h5_put_data(&w->h5, group, "inputs", type, records, p->n_inputs, false, NULL, err);
done:
  ict_free(records);
  ict_h5_drop(type);
  return st;
}

static ict_status put_provenance(const writer *w, const ict_provenance *p, ict_err *err) {
  ict_status st;
  const ict_h5_out *h5 = &w->h5;
  hid_t group, text = -1;
  ICT_TRY(done, st, ict_h5_put_group(h5, h5->file, ICT_STORE_PROVENANCE, &group, err));
  ICT_TRY(done, st, ict_h5_put_text(h5, group, "mapping_name", p->mapping_name, err));
  ICT_TRY(done, st, ict_h5_put_text(h5, group, "mapping_sha256", p->mapping_sha256, err));
  if (p->mapping_text) {
    text = ict_h5_text_type(strlen(p->mapping_text) + 1);
    ICT_TRY(done, st,
            ict_h5_put_data(h5, group, "mapping", text, p->mapping_text, 1, true, NULL, err));
  }
  ICT_TRY(done, st, put_inputs(w, group, p, err));
  st = ict_h5_put_text_data(h5, group, "report", p->report, p->n_report, err);
done:
  ict_h5_drop(text);
  ict_h5_drop(group);
  return st;
}

/* -- a unit ------------------------------------------------------------------------ */

static ict_status put_columns(writer *w, hid_t unit, const ict_frame *f, ict_err *err) {
  ict_status st;
  hid_t group;
  ICT_TRY(done, st, ict_h5_put_group(&w->h5, unit, ICT_STORE_COLUMNS, &group, err));
  for (size_t i = 0; i < f->schema->n; i++) {
    const ict_variable *v = &f->schema->vars[i];
    ICT_TRY(done, st, ict_store_put_column(&w->h5, group, v, f->columns[i], f->n_rows, err));
    tick(w, (uint64_t)f->n_rows * ict_width_bytes(v->width));
  }
done:
  ict_h5_drop(group);
  return st;
}

static ict_status put_design_words(const writer *w, hid_t group, const ict_design *d,
                                   ict_err *err) {
  const struct {
    const char *name;
    bool value;
  } flags[] = {{"has_strata", d->has_strata},
               {"has_psu", d->has_psu},
               {"has_weight", d->has_weight},
               {"census", d->census},
               {"lonely_in_domain", d->lonely_in_domain}};
  const struct {
    const char *name, *value;
  } texts[] = {{"lonely_psu", ict_lonely_name(d->lonely)},
               {"strata_from", d->strata_from},
               {"psu_from", d->psu_from},
               {"weight_from", d->weight_from},
               {"fpc_from", d->fpc_from}};
  ict_status st = ICT_OK;
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    uint8_t value = flags[i].value;
    ICT_TRY(done, st, ict_h5_put_number(&w->h5, group, flags[i].name, H5T_STD_U8LE, &value, err));
  }
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    ICT_TRY(done, st, ict_h5_put_text(&w->h5, group, texts[i].name, texts[i].value, err));
  }
done:
  return st;
}

static ict_status put_design(writer *w, hid_t unit, const ict_design *d, ict_err *err) {
  const struct {
    const char *name;
    ict_h5_kind kind;
    const void *values; /* NULL: the design has none */
    size_t n;
  } arrays[] = {{"psu_first_row", ICT_H5_U64, d->psu_first_row, d->n_psu + 1},
                {"stratum_first_psu", ICT_H5_U64, d->stratum_first_psu, d->n_strata + 1},
                {"weight", ICT_H5_F64, d->weight, d->n_rows},
                {"fraction", ICT_H5_F64, d->fraction, d->n_strata}};
  ict_status st;
  hid_t group;
  ICT_TRY(done, st, ict_h5_put_group(&w->h5, unit, ICT_STORE_DESIGN, &group, err));
  ICT_TRY(done, st, put_design_words(w, group, d, err));
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
    if (!arrays[i].values) continue;
    ICT_TRY(done, st,
            ict_h5_put_array(&w->h5, group, arrays[i].name, arrays[i].kind, arrays[i].values,
                             arrays[i].n, err));
    tick(w, arrays[i].n * 8u); /* all are 8 bytes wide */
  }
  if (d->stratum_label) {
    ICT_TRY(
        done, st,
        ict_h5_put_text_data(&w->h5, group, "stratum_label", d->stratum_label, d->n_strata, err));
  }
  ICT_TRY(done, st, ict_store_put_stages(&w->h5, group, d, err));
  ICT_TRY(done, st, ict_store_put_replicates(&w->h5, group, d, err));
  st = ict_store_put_calibration(&w->h5, group, d, err);
done:
  ict_h5_drop(group);
  return st;
}

/* The order of the columns: HDF5 itself lists links by name. */
static ict_status put_order(const writer *w, hid_t unit, const ict_schema *schema, ict_err *err) {
  const char **names = ict_alloc(schema->n, sizeof *names);
  if (!names) return ict_err_memory(err);
  for (size_t i = 0; i < schema->n; i++) names[i] = schema->vars[i].name;
  ict_status st = ict_h5_put_texts(&w->h5, unit, "variables", names, schema->n, err);
  ict_free(names);
  return st;
}

static ict_status put_unit(writer *w, const ict_store_frame *item, ict_err *err) {
  const ict_frame *f = item->frame;
  const struct {
    const char *name;
    uint64_t value;
  } counts[] = {
      {"n_rows", f->n_rows}, {"n_psu", f->design.n_psu}, {"n_strata", f->design.n_strata}};
  ict_status st;
  hid_t unit;
  ICT_TRY(done, st, ict_h5_put_group(&w->h5, w->h5.file, f->unit, &unit, err));
  ICT_TRY(done, st, ict_h5_put_text(&w->h5, unit, "title", f->title, err));
  ICT_TRY(done, st, ict_h5_put_text(&w->h5, unit, "scope", item->scope, err));
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    ICT_TRY(done, st,
            ict_h5_put_number(&w->h5, unit, counts[i].name, H5T_STD_U64LE, &counts[i].value, err));
  }
  ICT_TRY(done, st, put_order(w, unit, f->schema, err));
  ICT_TRY(done, st, put_columns(w, unit, f, err));
  st = put_design(w, unit, &f->design, err);
done:
  ict_h5_drop(unit);
  return st;
}

/* -- the whole --------------------------------------------------------------------- */

static ict_status put_root(const writer *w, const ict_store_frame *frames, size_t n,
                           const ict_provenance *p, ict_err *err) {
  const ict_h5_out *h5 = &w->h5;
  uint32_t version = 1; /* as old as readers may be that understand the file */
  for (size_t i = 0; i < n; i++) {
    const ict_design *d = &frames[i].frame->design;
    if (version < 2 && (ict_store_has_stages(d) || d->replicates)) version = 2;
    if (d->calibration) version = 3;
  }
  const char **units = ict_alloc(n, sizeof *units);
  if (!units) return ict_err_memory(err);
  for (size_t i = 0; i < n; i++) units[i] = frames[i].frame->unit;
  ict_status st;
  ICT_TRY(done, st, ict_h5_put_text(h5, h5->file, "format", ICT_STORE_FORMAT, err));
  ICT_TRY(done, st,
          ict_h5_put_number(h5, h5->file, "format_version", H5T_STD_U32LE, &version, err));
  ICT_TRY(done, st, ict_h5_put_text(h5, h5->file, "survey", p->survey, err));
  ICT_TRY(done, st, ict_h5_put_text(h5, h5->file, "title", p->title, err));
  ICT_TRY(done, st, ict_h5_put_text(h5, h5->file, "source", p->source, err));
  ICT_TRY(done, st, ict_h5_put_text(h5, h5->file, "tool", p->tool, err));
  st = ict_h5_put_texts(h5, h5->file, "units", units, n, err);
done:
  ict_free(units);
  return st;
}

static ict_status put_all(writer *w, const ict_store_frame *frames, size_t n,
                          const ict_provenance *p, ict_err *err) {
  char sha256[65];
  ict_status st;
  ICT_TRY(done, st, put_root(w, frames, n, p, err));
  ICT_TRY(done, st, put_provenance(w, p, err));
  for (size_t i = 0; i < n; i++) ICT_TRY(done, st, put_unit(w, &frames[i], err));
  ICT_TRY(done, st, ict_store_digest(w->h5.file, w->h5.path, NULL, sha256, err));
  st = ict_h5_put_text(&w->h5, w->h5.file, ICT_STORE_CONTENT, sha256, err);
done:
  return st;
}

/* What we would refuse to read, we do not write. */
static ict_status check(const char *path, const ict_store_frame *frames, size_t n,
                        const ict_provenance *p, ict_err *err) {
  ict_status st = ICT_OK;
  if (!p->survey) return ict_err_set(err, ICT_USAGE, "a data set needs the id of its survey");
  ict_findings *findings = ict_findings_new();
  if (!findings) return ict_err_memory(err);
  for (size_t i = 0; i < n; i++) {
    ICT_TRY(done, st, ict_store_check_shape(frames[i].frame, path, err));
    for (size_t j = 0; j < i; j++) {
      if (strcmp(frames[i].frame->unit, frames[j].frame->unit) != 0) continue;
      st = ict_err_set(err, ICT_REFUSED, "two tables are named '%s'", frames[i].frame->unit);
      ict_err_at(err, path, 0, 0);
      goto done;
    }
    ict_store_check_values(frames[i].frame, path, findings);
    const ict_err *first = ict_findings_first_error(findings);
    if (!first) continue;
    st = ict_err_set(err, ICT_REFUSED, "%s", first->what);
    ict_err_at(err, path, 0, 0);
    goto done;
  }
done:
  ict_findings_free(findings);
  return st;
}

typedef struct job {
  const char *path;
  const ict_store_frame *frames;
  size_t n;
  const ict_provenance *provenance;
  writer w;
  ict_hashes *hashes;
  ict_ahead ahead;
  bool begun;
  ict_status status;
  ict_err *err;
} job;

static ict_status write_file(job *j) {
  ict_err *err = j->err;
  ict_out *out = NULL;
  ict_h5_quiet quiet;
  ict_status st;
  ict_h5_quiet_begin(&quiet);
  ICT_TRY(done, st, ict_out_open_path(j->path, &out, err));
  ICT_TRY(done, st, ict_h5_out_open(ict_out_path(out), j->path, &j->w.h5, err));
  j->w.h5.hashes = j->hashes;
  ict_ahead_begin(&j->ahead, ict_out_path(out));
  st = put_all(&j->w, j->frames, j->n, j->provenance, err);
  ict_ahead_end(&j->ahead);
  /* Closed in any case; where writing had failed, that failure is the one to report. */
  ict_status closed = ict_h5_out_close(&j->w.h5, st == ICT_OK ? err : NULL);
  if (st == ICT_OK) st = closed;
  if (st != ICT_OK) goto done;
  st = ict_out_commit(out, err);
  out = NULL;
done:
  ict_ahead_end(&j->ahead);
  ict_out_discard(out);
  ict_h5_quiet_end(&quiet);
  return st;
}

/* A store of less is on the disk before it could be pushed there. */
#define AHEAD_LEAST ((uint64_t)64 << 20)

/* The caller's thread writes, as HDF5 and progress want it; another one hashes, and then sees to it
 * that what is written gets to the disk. */
static void write_or_hash(void *ctx, size_t i, int thread) {
  job *j = ctx;
  (void)i;
  if (thread != 0) {
    ict_hashes_make(j->hashes);
    if (j->w.total >= AHEAD_LEAST) ict_ahead_run(&j->ahead);
  } else if (!j->begun) {
    j->begun = true;
    j->status = write_file(j);
  }
}

ict_status ict_store_write(const char *path, const ict_store_frame *frames, size_t n,
                           const ict_provenance *provenance, int threads,
                           const ict_progress *progress, ict_err *err) {
  job j = {.path = path,
           .frames = frames,
           .n = n,
           .provenance = provenance,
           .w = {.progress = progress},
           .err = err};
  ict_status st = check(path, frames, n, provenance, err);
  if (st != ICT_OK) return st;
  for (size_t i = 0; i < n; i++) j.w.total += frame_bytes(frames[i].frame);
  j.hashes = ict_hashes_new(frames, n);
  if (!j.hashes) return ict_err_memory(err);
  ict_par_run(2, ict_par_threads(threads), write_or_hash, &j);
  /* Both tasks may have gone to the other thread. */
  if (!j.begun) write_or_hash(&j, 0, 0);
  ict_ahead_done(&j.ahead);
  ict_hashes_free(j.hashes);
  return j.status;
}
