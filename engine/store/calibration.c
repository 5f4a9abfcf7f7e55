/* calibration.c - the calibration of a design's weights to HDF5 and back.
 *
 * In: a design. Out: a group below its own.
 * Owns: nothing.
 *
 *   calibration             attributes method, n_margins, n_numbers, trim_strict, most_rounds
 *   calibration/settings    f64: bounds, limits of ratios, limits of weights, tolerance; infinite
 *                           where there is no limit
 *   calibration/design_weight, calibrated
 *   calibration/margin_1    attributes name, n; datasets code (u32), total (f64), label (text)
 *   calibration/number_1    attribute name; datasets value (f64), total (f64, 1) */
#include "store/calibration.h"

#include <stdio.h>

#define GROUP      "calibration"
#define SETTINGS   "settings"
#define DESIGN     "design_weight"
#define CALIBRATED "calibrated"

enum { BOUNDS = 0, RATIO = 2, WEIGHT = 4, TOLERANCE = 6, N_SETTINGS };

static ict_status put_margin(const ict_h5_out *out, hid_t group, size_t i, const ict_calibration *c,
                             ict_err *err) {
  const ict_calibration_margin *m = &c->margins[i];
  char name[32];
  ict_status st;
  hid_t own;
  uint64_t n = m->n;
  snprintf(name, sizeof name, "margin_%zu", i + 1);
  ICT_TRY(done, st, ict_h5_put_group(out, group, name, &own, err));
  ICT_TRY(done, st, ict_h5_put_text(out, own, "name", m->name, err));
  ICT_TRY(done, st, ict_h5_put_number(out, own, "n", H5T_STD_U64LE, &n, err));
  ICT_TRY(done, st, ict_h5_put_text_data(out, own, "label", m->label, m->n, err));
  ICT_TRY(done, st, ict_h5_put_array(out, own, "total", ICT_H5_F64, m->total, m->n, err));
  st = ict_h5_put_array(out, own, "code", ICT_H5_U32, m->code, c->n_rows, err);
done:
  ict_h5_drop(own);
  return st;
}

static ict_status put_number(const ict_h5_out *out, hid_t group, size_t i, const ict_calibration *c,
                             ict_err *err) {
  const ict_calibration_number *x = &c->numbers[i];
  char name[32];
  ict_status st;
  hid_t own;
  snprintf(name, sizeof name, "number_%zu", i + 1);
  ICT_TRY(done, st, ict_h5_put_group(out, group, name, &own, err));
  ICT_TRY(done, st, ict_h5_put_text(out, own, "name", x->name, err));
  ICT_TRY(done, st, ict_h5_put_array(out, own, "total", ICT_H5_F64, &x->total, 1, err));
  st = ict_h5_put_array(out, own, "value", ICT_H5_F64, x->value, c->n_rows, err);
done:
  ict_h5_drop(own);
  return st;
}

ict_status ict_store_put_calibration(const ict_h5_out *out, hid_t design, const ict_design *d,
                                     ict_err *err) {
  const ict_calibration *c = d->calibration;
  ict_status st;
  hid_t group;
  if (!c) return ICT_OK;
  const struct {
    const char *name;
    uint64_t value;
  } counts[] = {{"n_margins", c->n_margins},
                {"n_numbers", c->n_numbers},
                {"trim_strict", c->trim_strict},
                {"most_rounds", c->most_rounds}};
  double settings[N_SETTINGS] = {[TOLERANCE] = c->tolerance};
  for (size_t i = 0; i < 2; i++) {
    settings[BOUNDS + i] = c->bounds[i];
    settings[RATIO + i] = c->trim_ratio[i];
    settings[WEIGHT + i] = c->trim_weight[i];
  }
  ICT_TRY(done, st, ict_h5_put_group(out, design, GROUP, &group, err));
  ICT_TRY(done, st, ict_h5_put_text(out, group, "method", ict_calibration_name(c->method), err));
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
    ICT_TRY(done, st,
            ict_h5_put_number(out, group, counts[i].name, H5T_STD_U64LE, &counts[i].value, err));
  ICT_TRY(done, st, ict_h5_put_array(out, group, SETTINGS, ICT_H5_F64, settings, N_SETTINGS, err));
  ICT_TRY(done, st,
          ict_h5_put_array(out, group, DESIGN, ICT_H5_F64, c->design_weight, c->n_rows, err));
  ICT_TRY(done, st,
          ict_h5_put_array(out, group, CALIBRATED, ICT_H5_F64, c->calibrated, c->n_rows, err));
  for (size_t i = 0; i < c->n_margins; i++) ICT_TRY(done, st, put_margin(out, group, i, c, err));
  for (size_t i = 0; i < c->n_numbers; i++) ICT_TRY(done, st, put_number(out, group, i, c, err));
done:
  ict_h5_drop(group);
  return st;
}

static ict_status get_margin(const ict_h5_in *in, hid_t group, size_t i, size_t n_rows,
                             ict_arena *arena, ict_calibration_margin *out, ict_err *err) {
  char name[32];
  ict_status st;
  hid_t own;
  uint64_t n;
  size_t n_labels;
  const void *total, *code;
  snprintf(name, sizeof name, "margin_%zu", i + 1);
  ICT_TRY(done, st, ict_h5_group(in, group, name, &own, err));
  ICT_TRY(done, st, ict_h5_text(in, own, "name", true, arena, &out->name, err));
  ICT_TRY(done, st, ict_h5_number(in, own, "n", &n, err));
  ICT_TRY(done, st, ict_h5_text_data(in, own, "label", arena, &out->label, &n_labels, err));
  if (n == 0 || n > UINT32_MAX || n_labels != n) {
    st = ict_h5_refuse(in, own, err, "there are %zu labels for its categories", n_labels);
    goto done;
  }
  ICT_TRY(done, st, ict_h5_array(in, own, "total", ICT_H5_F64, n, arena, &total, err));
  ICT_TRY(done, st, ict_h5_array(in, own, "code", ICT_H5_U32, n_rows, arena, &code, err));
  out->n = (size_t)n;
  out->total = total;
  out->code = code;
done:
  ict_h5_drop(own);
  return st;
}

static ict_status get_number(const ict_h5_in *in, hid_t group, size_t i, size_t n_rows,
                             ict_arena *arena, ict_calibration_number *out, ict_err *err) {
  char name[32];
  ict_status st;
  hid_t own;
  const void *total, *value;
  snprintf(name, sizeof name, "number_%zu", i + 1);
  ICT_TRY(done, st, ict_h5_group(in, group, name, &own, err));
  ICT_TRY(done, st, ict_h5_text(in, own, "name", true, arena, &out->name, err));
  ICT_TRY(done, st, ict_h5_array(in, own, "total", ICT_H5_F64, 1, arena, &total, err));
  ICT_TRY(done, st, ict_h5_array(in, own, "value", ICT_H5_F64, n_rows, arena, &value, err));
  out->total = *(const double *)total;
  out->value = value;
done:
  ict_h5_drop(own);
  return st;
}

static ict_status get_words(const ict_h5_in *in, hid_t group, ict_arena *arena, ict_calibration *c,
                            ict_err *err) {
  ict_status st;
  const char *method;
  const void *read;
  uint64_t n_margins, n_numbers, strict, rounds;
  ICT_TRY(done, st, ict_h5_text(in, group, "method", true, arena, &method, err));
  ICT_TRY(done, st, ict_h5_number(in, group, "n_margins", &n_margins, err));
  ICT_TRY(done, st, ict_h5_number(in, group, "n_numbers", &n_numbers, err));
  ICT_TRY(done, st, ict_h5_number(in, group, "trim_strict", &strict, err));
  ICT_TRY(done, st, ict_h5_number(in, group, "most_rounds", &rounds, err));
  ICT_TRY(done, st, ict_h5_array(in, group, SETTINGS, ICT_H5_F64, N_SETTINGS, arena, &read, err));
  if (!ict_calibration_find(method, &c->method) || n_margins > UINT16_MAX ||
      n_numbers > UINT16_MAX || (c->method == ICT_CALIBRATE_POST_STRATIFY && n_margins != 1)) {
    st = ict_h5_refuse(in, group, err, "unknown method '%s', or not with %llu margins", method,
                       (unsigned long long)n_margins);
    goto done;
  }
  const double *settings = read;
  for (size_t i = 0; i < 2; i++) {
    c->bounds[i] = settings[BOUNDS + i];
    c->trim_ratio[i] = settings[RATIO + i];
    c->trim_weight[i] = settings[WEIGHT + i];
  }
  c->tolerance = settings[TOLERANCE];
  c->n_margins = (size_t)n_margins;
  c->n_numbers = (size_t)n_numbers;
  c->trim_strict = strict != 0;
  c->most_rounds = (size_t)rounds;
done:
  return st;
}

ict_status ict_store_get_calibration(const ict_h5_in *in, hid_t design, ict_arena *arena,
                                     ict_design *d, ict_err *err) {
  ict_status st = ICT_OK;
  hid_t group = -1;
  const void *weight, *calibrated;
  if (!ict_h5_has(design, GROUP)) return ICT_OK;
  ict_calibration *c = ict_arena_alloc(arena, 1, sizeof *c);
  if (!c) return ict_err_memory(err);
  ICT_TRY(done, st, ict_h5_group(in, design, GROUP, &group, err));
  ICT_TRY(done, st, get_words(in, group, arena, c, err));
  ict_calibration_margin *margins = ict_arena_alloc(arena, c->n_margins, sizeof *margins);
  ict_calibration_number *numbers = ict_arena_alloc(arena, c->n_numbers, sizeof *numbers);
  if (!margins || !numbers) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_h5_array(in, group, DESIGN, ICT_H5_F64, d->n_rows, arena, &weight, err));
  ICT_TRY(done, st,
          ict_h5_array_if(in, group, CALIBRATED, ICT_H5_F64, d->n_rows, arena, &calibrated, err));
  for (size_t i = 0; i < c->n_margins; i++)
    ICT_TRY(done, st, get_margin(in, group, i, d->n_rows, arena, &margins[i], err));
  for (size_t i = 0; i < c->n_numbers; i++)
    ICT_TRY(done, st, get_number(in, group, i, d->n_rows, arena, &numbers[i], err));
  c->n_rows = d->n_rows;
  c->margins = margins;
  c->numbers = numbers;
  c->design_weight = weight;
  c->calibrated = calibrated;
  d->calibration = c;
done:
  ict_h5_drop(group);
  return st;
}
