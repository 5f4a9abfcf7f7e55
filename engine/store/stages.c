/* stages.c - stages of sampling below the first, and inclusion probabilities, to the store and
 * back.
 *
 * In: a design. Out: datasets and groups below its group. Owns: nothing beyond the call. */
#include "store/stages.h"

#include <stdio.h>

bool ict_store_has_stages(const ict_design *d) {
  return d->n_stages > 0 || d->pps != ICT_PPS_NONE || d->inclusion;
}

/* "stage_2" for the first of the stages below the first. */
static void name_of(size_t k, char name[32]) { snprintf(name, 32, "stage_%zu", k + 2); }

/* -- writing ----------------------------------------------------------------------- */

static ict_status put_stage(const ict_h5_out *out, hid_t design, size_t k, const ict_stage *s,
                            size_t n_parents, ict_err *err) {
  const uint64_t n_units = s->n_units, n_strata = s->n_strata;
  char name[32];
  hid_t group = -1;
  ict_status st;
  name_of(k, name);
  ICT_TRY(done, st, ict_h5_put_group(out, design, name, &group, err));
  ICT_TRY(done, st, ict_h5_put_number(out, group, "n_units", H5T_STD_U64LE, &n_units, err));
  ICT_TRY(done, st, ict_h5_put_number(out, group, "n_strata", H5T_STD_U64LE, &n_strata, err));
  ICT_TRY(done, st, ict_h5_put_text(out, group, "strata_from", s->strata_from, err));
  ICT_TRY(done, st, ict_h5_put_text(out, group, "units_from", s->units_from, err));
  ICT_TRY(done, st, ict_h5_put_text(out, group, "fpc_from", s->fpc_from, err));
  ICT_TRY(done, st,
          ict_h5_put_array(out, group, "unit_first_row", ICT_H5_U64, s->unit_first_row,
                           s->n_units + 1, err));
  ICT_TRY(done, st,
          ict_h5_put_array(out, group, "stratum_first_unit", ICT_H5_U64, s->stratum_first_unit,
                           s->n_strata + 1, err));
  ICT_TRY(done, st,
          ict_h5_put_array(out, group, "parent_first_stratum", ICT_H5_U64, s->parent_first_stratum,
                           n_parents + 1, err));
  st = ict_h5_put_array(out, group, "fraction", ICT_H5_F64, s->fraction, s->n_strata, err);
done:
  ict_h5_drop(group);
  return st;
}

ict_status ict_store_put_stages(const ict_h5_out *out, hid_t group, const ict_design *d,
                                ict_err *err) {
  ict_status st = ICT_OK;
  const uint64_t n = d->n_stages;
  if (!ict_store_has_stages(d)) return ICT_OK;
  ICT_TRY(done, st, ict_h5_put_number(out, group, "n_stages", H5T_STD_U64LE, &n, err));
  ICT_TRY(done, st, ict_h5_put_text(out, group, "pps", ict_pps_name(d->pps), err));
  ICT_TRY(done, st,
          ict_h5_put_array(out, group, "inclusion", ICT_H5_F64, d->inclusion, d->n_psu, err));
  for (size_t k = 0; k < d->n_stages; k++) {
    size_t n_parents = k > 0 ? d->stages[k - 1].n_units : d->n_psu;
    ICT_TRY(done, st, put_stage(out, group, k, &d->stages[k], n_parents, err));
  }
done:
  return st;
}

/* -- reading ----------------------------------------------------------------------- */

static ict_status get_stage(const ict_h5_in *in, hid_t design, size_t k, size_t n_parents,
                            ict_arena *arena, ict_stage *s, ict_err *err) {
  char name[32];
  hid_t group = -1;
  uint64_t n_units, n_strata;
  const void *rows, *units, *strata, *fraction;
  ict_status st;
  name_of(k, name);
  ICT_TRY(done, st, ict_h5_group(in, design, name, &group, err));
  ICT_TRY(done, st, ict_h5_number(in, group, "n_units", &n_units, err));
  ICT_TRY(done, st, ict_h5_number(in, group, "n_strata", &n_strata, err));
  if (n_units == UINT64_MAX || n_strata == UINT64_MAX) { /* one more would wrap around */
    st = ict_h5_refuse(in, group, err, "its number of units or strata cannot be");
    goto done;
  }
  ICT_TRY(done, st, ict_h5_text(in, group, "strata_from", false, arena, &s->strata_from, err));
  ICT_TRY(done, st, ict_h5_text(in, group, "units_from", false, arena, &s->units_from, err));
  ICT_TRY(done, st, ict_h5_text(in, group, "fpc_from", false, arena, &s->fpc_from, err));
  ICT_TRY(done, st,
          ict_h5_array(in, group, "unit_first_row", ICT_H5_U64, n_units + 1, arena, &rows, err));
  ICT_TRY(
      done, st,
      ict_h5_array(in, group, "stratum_first_unit", ICT_H5_U64, n_strata + 1, arena, &units, err));
  ICT_TRY(done, st,
          ict_h5_array(in, group, "parent_first_stratum", ICT_H5_U64, n_parents + 1, arena, &strata,
                       err));
  ICT_TRY(done, st,
          ict_h5_array_if(in, group, "fraction", ICT_H5_F64, n_strata, arena, &fraction, err));
  s->n_units = (size_t)n_units;
  s->n_strata = (size_t)n_strata;
  s->unit_first_row = rows;
  s->stratum_first_unit = units;
  s->parent_first_stratum = strata;
  s->fraction = fraction;
done:
  ict_h5_drop(group);
  return st;
}

ict_status ict_store_get_stages(const ict_h5_in *in, hid_t group, ict_arena *arena, ict_design *d,
                                ict_err *err) {
  ict_status st;
  uint64_t n;
  const char *pps;
  const void *inclusion;
  if (!ict_h5_has_attribute(group, "n_stages")) return ICT_OK; /* format version 1 */
  ICT_TRY(done, st, ict_h5_number(in, group, "n_stages", &n, err));
  if (n > ICT_MOST_STAGES) {
    st = ict_h5_refuse(in, group, err, "it cannot have %llu stages", (unsigned long long)n + 1);
    goto done;
  }
  ICT_TRY(done, st, ict_h5_text(in, group, "pps", true, arena, &pps, err));
  if (!ict_pps_find(pps, &d->pps)) {
    st = ict_h5_refuse(in, group, err, "unknown approximation for PPS '%s'", pps);
    goto done;
  }
  ICT_TRY(done, st,
          ict_h5_array_if(in, group, "inclusion", ICT_H5_F64, d->n_psu, arena, &inclusion, err));
  d->inclusion = inclusion;
  ict_stage *stages = ict_arena_alloc(arena, (size_t)n + 1, sizeof *stages);
  if (!stages) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t k = 0; k < n; k++) {
    size_t n_parents = k > 0 ? stages[k - 1].n_units : d->n_psu;
    ICT_TRY(done, st, get_stage(in, group, k, n_parents, arena, &stages[k], err));
  }
  d->stages = stages;
  d->n_stages = (size_t)n;
done:
  return st;
}
