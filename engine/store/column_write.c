/* column_write.c - one variable into the file.
 *
 * In: a variable and its values. Out: a dataset with the codebook as attributes.
 * Owns: nothing beyond the call. */
#include <string.h>

#include "data/missing.h"
#include "store/column.h"
#include "store/layout.h"

static hid_t stored_type(ict_width width) {
  switch (width) {
    case ICT_U8:
      return H5T_STD_U8LE;
    case ICT_U16:
      return H5T_STD_U16LE;
    case ICT_I32:
      return H5T_STD_I32LE;
    default:
      return H5T_IEEE_F64LE;
  }
}

/* Bytes of the enum's description in the file, generously. */
static size_t enum_bytes(const ict_variable *v) {
  size_t bytes = 256;
  for (size_t i = 0; i < v->codes->n; i++) {
    bytes += strlen(v->codes->codes[i].id) + 8 + ict_width_bytes(v->width);
  }
  return bytes;
}

static bool insert_member(hid_t type, ict_width width, const char *name, unsigned value) {
  uint8_t narrow = (uint8_t)value;
  uint16_t wide = (uint16_t)value;
  return H5Tenum_insert(type, name, width == ICT_U8 ? (void *)&narrow : (void *)&wide) >= 0;
}

/* Members: the codes, then the kinds of missing as "_missing", "_dont_know" ... Negative on
 * failure. */
static hid_t enum_type(const ict_variable *v) {
  hid_t type = H5Tenum_create(stored_type(v->width));
  bool ok = type >= 0;
  for (size_t i = 0; ok && i < v->codes->n; i++) {
    ok = insert_member(type, v->width, v->codes->codes[i].id, (unsigned)i);
  }
  for (int k = ICT_MISSING; ok && k <= ICT_N_MISSING; k++) {
    char name[64] = "_";
    strncat(name, ict_missing_name((ict_missing)k), sizeof name - 2);
    unsigned mark =
        v->width == ICT_U8 ? ict_missing_u8((ict_missing)k) : ict_missing_u16((ict_missing)k);
    ok = insert_member(type, v->width, name, mark);
  }
  if (ok) return type;
  ict_h5_drop(type);
  return -1;
}

/* Which values mean which kind of missing: `missing_values` in the column's own type, for
 * reals `missing_bits`, since their NaNs all print alike. */
static ict_status put_missing(const ict_h5_out *out, hid_t data, ict_width width, ict_err *err) {
  const char *names[ICT_N_MISSING];
  uint8_t u8[ICT_N_MISSING];
  uint16_t u16[ICT_N_MISSING];
  int32_t i32[ICT_N_MISSING];
  double f64[ICT_N_MISSING];
  for (int i = 0; i < ICT_N_MISSING; i++) {
    ict_missing kind = (ict_missing)(i + 1);
    names[i] = ict_missing_name(kind);
    u8[i] = ict_missing_u8(kind);
    u16[i] = ict_missing_u16(kind);
    i32[i] = ict_missing_i32(kind);
    f64[i] = ict_missing_f64(kind);
  }
  ict_status st;
  ICT_TRY(done, st, ict_h5_put_texts(out, data, "missing_names", names, ICT_N_MISSING, err));
  if (width == ICT_F64) { /* the same eight bytes, shown as a whole number */
    return ict_h5_put_numbers(out, data, "missing_bits", H5T_STD_U64LE, f64, ICT_N_MISSING, err);
  }
  const void *marks = width == ICT_U8 ? (void *)u8 : width == ICT_U16 ? (void *)u16 : (void *)i32;
  st = ict_h5_put_numbers(out, data, "missing_values", stored_type(width), marks, ICT_N_MISSING,
                          err);
done:
  return st;
}

static ict_status put_codes(const ict_h5_out *out, hid_t data, const ict_codelist *list,
                            ict_err *err) {
  ict_status st = ICT_OK;
  bool any_parent = false;
  const char **ids = ict_alloc(list->n, sizeof *ids);
  const char **labels = ict_alloc(list->n, sizeof *labels);
  const char **parents = ict_alloc(list->n, sizeof *parents);
  if (!ids || !labels || !parents) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < list->n; i++) {
    ids[i] = list->codes[i].id;
    labels[i] = list->codes[i].label;
    parents[i] = list->codes[i].parent;
    if (parents[i]) any_parent = true;
  }
  ICT_TRY(done, st, ict_h5_put_text(out, data, "codelist", list->id, err));
  ICT_TRY(done, st, ict_h5_put_text(out, data, "codelist_title", list->title, err));
  ICT_TRY(done, st, ict_h5_put_text(out, data, "codelist_source", list->source, err));
  ICT_TRY(done, st, ict_h5_put_texts(out, data, "codes", ids, list->n, err));
  ICT_TRY(done, st, ict_h5_put_texts(out, data, "labels", labels, list->n, err));
  if (any_parent) st = ict_h5_put_texts(out, data, "parents", parents, list->n, err);
done:
  ict_free(ids);
  ict_free(labels);
  ict_free(parents);
  return st;
}

/* "period_months=3", one text a condition. */
static ict_status put_conditions(const ict_h5_out *out, hid_t data, const ict_variable *v,
                                 ict_err *err) {
  if (v->n_conditions == 0) return ICT_OK;
  ict_status st = ICT_OK;
  ict_arena *arena = ict_arena_new();
  const char **texts = arena ? ict_arena_alloc(arena, v->n_conditions, sizeof *texts) : NULL;
  for (size_t i = 0; texts && i < v->n_conditions; i++) {
    texts[i] = ict_arena_printf(arena, "%s=%s", v->conditions[i].name, v->conditions[i].value);
    if (!texts[i]) texts = NULL;
  }
  st = texts ? ict_h5_put_texts(out, data, "conditions", texts, v->n_conditions, err)
             : ict_err_memory(err);
  ict_arena_free(arena);
  return st;
}

ict_status ict_store_put_column(const ict_h5_out *out, hid_t columns, const ict_variable *v,
                                const void *values, size_t n_rows, ict_err *err) {
  ict_status st = ICT_OK;
  hid_t data = -1, coded = -1;
  if (v->type == ICT_TYPE_CODE && enum_bytes(v) <= ICT_STORE_ENUM_BYTES) {
    coded = enum_type(v);
    if (coded < 0) {
      return ict_h5_err(err, ICT_FAIL, out->path, "cannot describe the codes of '%s'", v->name);
    }
  }
  ICT_TRY(done, st,
          ict_h5_put_data(out, columns, v->name, coded >= 0 ? coded : stored_type(v->width), values,
                          n_rows, false, &data, err));
  const uint8_t proxy = v->proxy;
  ICT_TRY(done, st, ict_h5_put_text(out, data, "title", v->title, err));
  ICT_TRY(done, st, ict_h5_put_text(out, data, "type", ict_type_name(v->type), err));
  ICT_TRY(done, st, ict_h5_put_text(out, data, "unit", v->unit, err));
  ICT_TRY(done, st, put_conditions(out, data, v, err));
  ICT_TRY(done, st, ict_h5_put_number(out, data, "proxy", H5T_STD_U8LE, &proxy, err));
  ICT_TRY(done, st, ict_h5_put_text(out, data, "origin", v->origin, err));
  ICT_TRY(done, st, ict_h5_put_text(out, data, "treatment", v->treatment, err));
  ICT_TRY(done, st, put_missing(out, data, v->width, err));
  if (v->codes) st = put_codes(out, data, v->codes, err);
done:
  ict_h5_drop(data);
  ict_h5_drop(coded);
  return st;
}
