/* replicates.c - replicate weights to HDF5 and back.
 *
 * In: a design. Out: datasets below its group.
 * Owns: nothing.
 *
 * The weights lie row by row, a row's replicates side by side: the scan adds a row to all
 * replicates in one run through memory. */
#include "store/replicates.h"

#define WEIGHT "replicate_weight"
#define RSCALE "replicate_rscale"
#define SCALE  "replicate_scale"

ict_status ict_store_put_replicates(const ict_h5_out *out, hid_t group, const ict_design *d,
                                    ict_err *err) {
  const ict_replicate_weights *w = d->replicates;
  ict_status st;
  if (!w) return ICT_OK;
  uint64_t n = w->n, df = (uint64_t)w->df;
  uint8_t mse = w->mse;
  ICT_TRY(done, st, ict_h5_put_number(out, group, "n_replicates", H5T_STD_U64LE, &n, err));
  ICT_TRY(done, st, ict_h5_put_number(out, group, "replicate_mse", H5T_STD_U8LE, &mse, err));
  ICT_TRY(done, st, ict_h5_put_number(out, group, "replicate_df", H5T_STD_U64LE, &df, err));
  ICT_TRY(done, st,
          ict_h5_put_text(out, group, "replicate_type", ict_replicate_name(w->type), err));
  ICT_TRY(done, st, ict_h5_put_text(out, group, "replicates_from", w->from, err));
  ICT_TRY(done, st, ict_h5_put_array(out, group, SCALE, ICT_H5_F64, &w->scale, 1, err));
  ICT_TRY(done, st, ict_h5_put_array(out, group, RSCALE, ICT_H5_F64, w->rscale, w->n, err));
  st = ict_h5_put_array(out, group, WEIGHT, ICT_H5_F64, w->weight, d->n_rows * w->n, err);
done:
  return st;
}

static ict_status get_words(const ict_h5_in *in, hid_t group, ict_arena *arena,
                            ict_replicate_weights *w, ict_err *err) {
  ict_status st;
  uint64_t n, mse, df;
  const char *type;
  ICT_TRY(done, st, ict_h5_number(in, group, "n_replicates", &n, err));
  ICT_TRY(done, st, ict_h5_number(in, group, "replicate_mse", &mse, err));
  ICT_TRY(done, st, ict_h5_number(in, group, "replicate_df", &df, err));
  ICT_TRY(done, st, ict_h5_text(in, group, "replicate_type", true, arena, &type, err));
  ICT_TRY(done, st, ict_h5_text(in, group, "replicates_from", false, arena, &w->from, err));
  if (!ict_replicate_find(type, &w->type) || n < 2 || n > UINT32_MAX)
    st = ict_h5_refuse(in, group, err, "%llu replicates of an unknown kind '%s'",
                       (unsigned long long)n, type);
  w->n = (size_t)n;
  w->mse = mse != 0;
  w->df = (double)df;
done:
  return st;
}

ict_status ict_store_get_replicates(const ict_h5_in *in, hid_t group, ict_arena *arena,
                                    ict_design *d, ict_err *err) {
  ict_status st;
  const void *scale, *rscale, *weight;
  if (!ict_h5_has(group, WEIGHT)) return ICT_OK;
  ict_replicate_weights *w = ict_arena_alloc(arena, 1, sizeof *w);
  if (!w) return ict_err_memory(err);
  ICT_TRY(done, st, get_words(in, group, arena, w, err));
  if (d->n_rows > UINT64_MAX / 8 / w->n) {
    st = ict_h5_refuse(in, group, err, "its number of replicates cannot be");
    goto done;
  }
  ICT_TRY(done, st, ict_h5_array(in, group, SCALE, ICT_H5_F64, 1, arena, &scale, err));
  ICT_TRY(done, st, ict_h5_array_if(in, group, RSCALE, ICT_H5_F64, w->n, arena, &rscale, err));
  ICT_TRY(
      done, st,
      ict_h5_array(in, group, WEIGHT, ICT_H5_F64, (uint64_t)d->n_rows * w->n, arena, &weight, err));
  w->scale = *(const double *)scale;
  w->rscale = rscale;
  w->weight = weight;
  d->replicates = w;
done:
  return st;
}
