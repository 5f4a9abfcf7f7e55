/* check.c - the invariants of a frame: the same for the writer, which refuses to write
 * what it would not read, the reader and the verifier.
 *
 * In: a frame. Out: the first fault, or findings. Owns: nothing. */
#include "store/check.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "store/layout.h"
#include "store/stages.h"

static ict_status refuse(const char *path, ict_err *err, const char *unit, const char *where,
                         const char *fmt, ...) ICT_PRINTF(5, 6);

/* "/individual/columns/sex: ..." */
static ict_status refuse(const char *path, ict_err *err, const char *unit, const char *where,
                         const char *fmt, ...) {
  ict_err said;
  va_list args;
  va_start(args, fmt);
  ict_err_setv(&said, ICT_REFUSED, fmt, args);
  va_end(args);
  ict_err_set(err, ICT_REFUSED, "/%s%s: %s", unit, where, said.what);
  ict_err_at(err, path, 0, 0);
  ict_err_fix(err, "import again; if it happens again, report it as an error of ictstat");
  return ICT_REFUSED;
}

/* -- shape ------------------------------------------------------------------------- */

/* HDF5 takes '/' for a path and "." for the group itself. */
static bool is_link_name(const char *name) {
  return name && *name && !strchr(name, '/') && strcmp(name, ".") != 0;
}

static size_t codes_in(ict_width width) {
  return width == ICT_U8 ? 256 - ICT_MISSING_MARKS : 65536 - ICT_MISSING_MARKS;
}

static bool width_fits_type(const ict_variable *v) {
  switch (v->type) {
    case ICT_TYPE_CODE:
      return v->width == ICT_U8 || v->width == ICT_U16;
    case ICT_TYPE_INTEGER:
      return v->width == ICT_U8 || v->width == ICT_U16 || v->width == ICT_I32;
    case ICT_TYPE_REAL:
      return v->width == ICT_F64;
    default:
      return false;
  }
}

static ict_status check_codes(const ict_frame *f, const ict_variable *v, const char *path,
                              ict_err *err) {
  if (!v->codes) return refuse(path, err, f->unit, "/columns", "'%s' has no code list", v->name);
  if (v->codes->n > codes_in(v->width)) {
    return refuse(path, err, f->unit, "/columns", "'%s' has %zu codes, too many for its width",
                  v->name, v->codes->n);
  }
  for (size_t i = 0; i < v->codes->n; i++) {
    const char *id = v->codes->codes[i].id;
    if (!id || !*id) {
      return refuse(path, err, f->unit, "/columns", "code %zu of '%s' is empty", i + 1, v->name);
    }
    ict_missing kind;
    /* An enum names values and kinds of missing in one space; ours begin with '_'. */
    if (id[0] == '_' && ict_missing_find(id + 1, &kind)) {
      refuse(path, err, f->unit, "/columns",
             "'%s' has a code '%s', the store's name for a kind of missing", v->name, id);
      ict_err_fix(err, "give the code another name, or map it to missing");
      return ICT_REFUSED;
    }
  }
  return ICT_OK;
}

static ict_status check_variable(const ict_frame *f, size_t i, const char *path, ict_err *err) {
  const ict_variable *v = &f->schema->vars[i];
  if (!is_link_name(v->name)) {
    return refuse(path, err, f->unit, "/columns", "'%s' cannot be the name of a variable",
                  v->name ? v->name : "");
  }
  if (ict_schema_find(f->schema, v->name) != (long)i) {
    return refuse(path, err, f->unit, "/columns", "two variables are named '%s'", v->name);
  }
  if (!width_fits_type(v)) {
    return refuse(path, err, f->unit, "/columns", "'%s' is stored in a width its type cannot have",
                  v->name);
  }
  return v->type == ICT_TYPE_CODE ? check_codes(f, v, path, err) : ICT_OK;
}

static ict_status check_required(const ict_frame *f, const char *name, const char *path,
                                 ict_err *err) {
  long i = ict_schema_find(f->schema, name);
  if (i >= 0 && f->schema->vars[i].type == ICT_TYPE_CODE) return ICT_OK;
  return refuse(path, err, f->unit, "/columns", "there is no coded variable '%s'", name);
}

/* Entries first[0..n] run from 0 to total and never fall. */
static ict_status check_index(const ict_frame *f, const char *where, const uint64_t *first,
                              size_t n, uint64_t total, const char *path, ict_err *err) {
  if (first[0] != 0) return refuse(path, err, f->unit, where, "does not begin with 0");
  for (size_t i = 0; i < n; i++) {
    if (first[i + 1] < first[i]) {
      return refuse(path, err, f->unit, where, "falls at entry %zu", i + 1);
    }
  }
  if (first[n] != total) {
    return refuse(path, err, f->unit, where, "ends with %" PRIu64 " in place of %" PRIu64, first[n],
                  total);
  }
  return ICT_OK;
}

/* The entries that begin a parent are those that begin a run of rows, from top to bottom: else the
 * scan would hand a row to two units or to none. */
static ict_status check_stages(const ict_frame *f, const char *path, ict_err *err) {
  const ict_design *d = &f->design;
  const uint64_t *parent = d->psu_first_row;
  size_t n_parents = d->n_psu;
  ict_status st = ICT_OK;
  if ((d->pps != ICT_PPS_NONE) != (d->inclusion != NULL) || (d->inclusion && d->fraction))
    return refuse(path, err, f->unit, "/design", "its words do not agree with its numbers");
  for (size_t k = 0; k < d->n_stages; k++) {
    const ict_stage *s = &d->stages[k];
    char where[40];
    snprintf(where, sizeof where, "/design/stage_%zu", k + 2);
    ICT_TRY(done, st, check_index(f, where, s->unit_first_row, s->n_units, d->n_rows, path, err));
    ICT_TRY(done, st,
            check_index(f, where, s->stratum_first_unit, s->n_strata, s->n_units, path, err));
    ICT_TRY(done, st,
            check_index(f, where, s->parent_first_stratum, n_parents, s->n_strata, path, err));
    for (size_t p = 0; p <= n_parents; p++) {
      if (s->unit_first_row[s->stratum_first_unit[s->parent_first_stratum[p]]] == parent[p])
        continue;
      st =
          refuse(path, err, f->unit, where, "its units do not lie within those of the stage above");
      goto done;
    }
    parent = s->unit_first_row;
    n_parents = s->n_units;
  }
done:
  return st;
}

/* The codes lead into arrays, so they are read in full, as the index arrays are. */
static ict_status check_calibration(const ict_frame *f, const char *path, ict_err *err) {
  const ict_calibration *c = f->design.calibration;
  static const char where[] = "/design/calibration";
  if (c->n_rows != f->n_rows || !f->design.weight)
    return refuse(path, err, f->unit, where, "its words do not agree with the design's");
  if (c->n_margins + c->n_numbers == 0)
    return refuse(path, err, f->unit, where, "there is nothing to calibrate to");
  for (size_t m = 0; m < c->n_margins; m++)
    for (size_t i = 0; i < f->n_rows; i++) {
      if (c->margins[m].code[i] < c->margins[m].n) continue;
      return refuse(path, err, f->unit, where, "row %zu is in no category of the margin '%s'", i,
                    c->margins[m].name);
    }
  return ICT_OK;
}

ict_status ict_store_check_shape(const ict_frame *f, const char *path, ict_err *err) {
  ict_status st = ICT_OK;
  const ict_design *d = &f->design;
  if (!is_link_name(f->unit) || strcmp(f->unit, ICT_STORE_PROVENANCE) == 0) {
    return refuse(path, err, f->unit ? f->unit : "", "", "cannot be the name of a unit");
  }
  for (size_t i = 0; i < f->schema->n; i++) {
    ICT_TRY(done, st, check_variable(f, i, path, err));
  }
  ICT_TRY(done, st, check_required(f, ICT_VAR_AREA, path, err));
  ICT_TRY(done, st, check_required(f, ICT_VAR_PERIOD, path, err));
  if (d->n_rows != f->n_rows) {
    st = refuse(path, err, f->unit, "/design", "is of %zu rows, the columns of %zu", d->n_rows,
                f->n_rows);
    goto done;
  }
  if ((!d->has_strata && d->n_strata > 1) || (!d->has_psu && d->n_psu != d->n_rows)) {
    st = refuse(path, err, f->unit, "/design", "its words do not agree with its numbers");
    goto done;
  }
  if (d->lonely < ICT_LONELY_FAIL || d->lonely > ICT_LONELY_REMOVE) {
    st = refuse(path, err, f->unit, "/design", "unknown policy for strata with a single PSU");
    goto done;
  }
  ICT_TRY(
      done, st,
      check_index(f, "/design/psu_first_row", d->psu_first_row, d->n_psu, d->n_rows, path, err));
  ICT_TRY(done, st,
          check_index(f, "/design/stratum_first_psu", d->stratum_first_psu, d->n_strata, d->n_psu,
                      path, err));
  if (ict_store_has_stages(d)) ICT_TRY(done, st, check_stages(f, path, err));
  if (d->calibration) ICT_TRY(done, st, check_calibration(f, path, err));
done:
  return st;
}

/* -- values ------------------------------------------------------------------------ */

static void add_finding(const ict_frame *f, const char *group, const char *name, size_t row,
                        const char *what, const char *path, ict_findings *findings) {
  ict_err e;
  ict_err_set(&e, ICT_DIFFER, "/%s/%s/%s: %s (first at row %zu, counted from 0)", f->unit, group,
              name, what, row);
  ict_err_at(&e, path, 0, 0);
  ict_err_fix(&e, "import again");
  ict_findings_add(findings, ICT_ERROR, &e);
}

/* The first row of a bad value, n_rows where none is. BAD is of `value`. Blocks are first asked
 * whether any value is bad, without a way out of the loop, which the compiler then does for many
 * values at once: every byte of a store goes through here. */
#define FIRST_BAD(TYPE, BAD)                                     \
  do {                                                           \
    enum { BLOCK = 4096 };                                       \
    const TYPE *at = column;                                     \
    for (size_t from = 0; from < n_rows; from += BLOCK) {        \
      size_t to = n_rows - from < BLOCK ? n_rows : from + BLOCK; \
      TYPE any = 0;                                              \
      for (size_t r = from; r < to; r++) {                       \
        TYPE value = at[r];                                      \
        any |= (TYPE)(BAD);                                      \
      }                                                          \
      for (size_t r = from; any && r < to; r++) {                \
        TYPE value = at[r];                                      \
        if (BAD) return r;                                       \
      }                                                          \
    }                                                            \
    return n_rows;                                               \
  } while (0)

/* Neither below `n` nor a mark in use. */
static size_t bad_byte(const void *column, size_t n_rows, uint8_t n) {
  FIRST_BAD(uint8_t, value >= n && value < 256 - ICT_N_MISSING);
}
static size_t bad_pair(const void *column, size_t n_rows, uint16_t n) {
  FIRST_BAD(uint16_t, value >= n && value < 65536 - ICT_N_MISSING);
}
static size_t bad_whole(const void *column, size_t n_rows) {
  FIRST_BAD(int32_t, ict_is_missing_i32(value) && value <= INT32_MAX - ICT_N_MISSING);
}

static size_t bad_code(const ict_variable *v, const void *column, size_t n_rows, size_t n) {
  if (v->width == ICT_U8) return n > UINT8_MAX ? n_rows : bad_byte(column, n_rows, (uint8_t)n);
  if (v->width == ICT_U16) return n > UINT16_MAX ? n_rows : bad_pair(column, n_rows, (uint16_t)n);
  return bad_whole(column, n_rows);
}

#define NO_WEIGHT   "weight that is negative or no number"
#define NO_FRACTION "sampling fraction outside 0 to 1"

/* The first value outside [least, most]; NaN passes where it is a missing value. */
static size_t bad_real(const double *at, size_t n, double least, double most, bool missing) {
  for (size_t i = 0; i < n; i++) {
    if (isnan(at[i]) ? !missing : at[i] < least || at[i] > most) return i;
  }
  return n;
}

static void check_column(const ict_frame *f, size_t i, const char *path, ict_findings *findings) {
  const ict_variable *v = &f->schema->vars[i];
  const void *column = f->columns[i];
  size_t row;
  const char *what;
  if (v->type == ICT_TYPE_REAL) {
    row = bad_real(column, f->n_rows, -DBL_MAX, DBL_MAX, true);
    what = "infinite value";
  } else if (v->type == ICT_TYPE_CODE) {
    row = bad_code(v, column, f->n_rows, v->codes->n);
    what = "value that is neither a code nor a kind of missing";
  } else {
    row = bad_code(v, column, f->n_rows, codes_in(v->width));
    what = "reserved value that is no kind of missing";
  }
  if (row < f->n_rows) add_finding(f, ICT_STORE_COLUMNS, v->name, row, what, path, findings);
}

/* NULL: nothing to check. */
static void check_reals(const ict_frame *f, const char *name, const double *at, size_t n,
                        double least, double most, const char *what, const char *path,
                        ict_findings *findings) {
  size_t i = at ? bad_real(at, n, least, most, false) : n;
  if (i < n) add_finding(f, ICT_STORE_DESIGN, name, i, what, path, findings);
}

static void check_replicates(const ict_frame *f, const char *path, ict_findings *findings) {
  const ict_replicate_weights *w = f->design.replicates;
  size_t n = f->n_rows * w->n, i = bad_real(w->weight, n, 0, DBL_MAX, false);
  if (i < n)
    add_finding(f, ICT_STORE_DESIGN, "replicate_weight", i / w->n, NO_WEIGHT, path, findings);
  size_t r = w->rscale ? bad_real(w->rscale, w->n, 0, DBL_MAX, false) : w->n;
  if (r < w->n || bad_real(&w->scale, 1, DBL_MIN, DBL_MAX, false) == 0)
    add_finding(f, ICT_STORE_DESIGN, "replicate_scale", r < w->n ? r : 0,
                "scale that is negative or no number", path, findings);
}

static void check_calibrated(const ict_frame *f, const char *path, ict_findings *findings) {
  const ict_calibration *c = f->design.calibration;
  check_reals(f, "calibration/design_weight", c->design_weight, f->n_rows, 0, DBL_MAX, NO_WEIGHT,
              path, findings);
  check_reals(f, "calibration/calibrated", c->calibrated, f->n_rows, 0, DBL_MAX, NO_WEIGHT, path,
              findings);
  for (size_t i = 0; i < c->n_numbers; i++)
    check_reals(f, "calibration/number", c->numbers[i].value, f->n_rows, -DBL_MAX, DBL_MAX,
                "value that is no number", path, findings);
}

void ict_store_check_values(const ict_frame *f, const char *path, ict_findings *findings) {
  const ict_design *d = &f->design;
  for (size_t i = 0; i < f->schema->n; i++) check_column(f, i, path, findings);
  check_reals(f, "weight", d->weight, d->n_rows, 0, DBL_MAX, NO_WEIGHT, path, findings);
  check_reals(f, "fraction", d->fraction, d->n_strata, 0, 1, NO_FRACTION, path, findings);
  if (d->replicates) check_replicates(f, path, findings);
  if (d->calibration) check_calibrated(f, path, findings);
  check_reals(f, "inclusion", d->inclusion, d->n_psu, DBL_MIN, 1,
              "inclusion probability outside 0 to 1", path, findings);
  for (size_t k = 0; k < d->n_stages; k++)
    check_reals(f, "stage's fraction", d->stages[k].fraction, d->stages[k].n_strata, 0, 1,
                NO_FRACTION, path, findings);
}
