/* column_read.c - one variable out of the file.
 *
 * In: a dataset with its attributes. Out: the variable, and where its values are.
 * Owns: nothing; texts and lists go to the caller's arena. */
#include <string.h>

#include "data/missing.h"
#include "store/column.h"

static ict_status get_type(const ict_h5_in *in, hid_t data, ict_arena *arena, ict_variable *v,
                           ict_err *err) {
  const char *word;
  ict_status st = ict_h5_text(in, data, "type", true, arena, &word, err);
  if (st != ICT_OK) return st;
  hid_t type = H5Dget_type(data);
  ict_h5_kind kind = type >= 0 ? ict_h5_kind_of(type) : ICT_H5_OTHER;
  ict_h5_drop(type);
  switch (kind) {
    case ICT_H5_U8:
      v->width = ICT_U8;
      break;
    case ICT_H5_U16:
      v->width = ICT_U16;
      break;
    case ICT_H5_I32:
      v->width = ICT_I32;
      break;
    case ICT_H5_F64:
      v->width = ICT_F64;
      break;
    default:
      return ict_h5_refuse(in, data, err, "is of a type that no column of a store has");
  }
  for (ict_type t = ICT_TYPE_CODE; t <= ICT_TYPE_REAL; t++) {
    if (strcmp(word, ict_type_name(t)) == 0) {
      v->type = t;
      return ICT_OK;
    }
  }
  return ict_h5_refuse(in, data, err, "has the unknown type '%s'", word);
}

static ict_status get_codes(const ict_h5_in *in, hid_t data, ict_arena *arena, ict_variable *v,
                            ict_err *err) {
  ict_status st = ICT_OK;
  const char *const *ids, *const *labels, *const *parents = NULL;
  size_t n, n_labels, n_parents;
  ict_codelist *list = ict_arena_alloc(arena, 1, sizeof *list);
  if (!list) return ict_err_memory(err);
  ICT_TRY(done, st, ict_h5_text(in, data, "codelist", false, arena, &list->id, err));
  ICT_TRY(done, st, ict_h5_text(in, data, "codelist_title", false, arena, &list->title, err));
  ICT_TRY(done, st, ict_h5_text(in, data, "codelist_source", false, arena, &list->source, err));
  ICT_TRY(done, st, ict_h5_texts(in, data, "codes", arena, &ids, &n, err));
  ICT_TRY(done, st, ict_h5_texts(in, data, "labels", arena, &labels, &n_labels, err));
  n_parents = n;
  if (ict_h5_has_attribute(data, "parents")) {
    ICT_TRY(done, st, ict_h5_texts(in, data, "parents", arena, &parents, &n_parents, err));
  }
  if (n_labels != n || n_parents != n) {
    st = ict_h5_refuse(in, data, err, "has %zu codes, %zu labels and %zu parents", n, n_labels,
                       n_parents);
    goto done;
  }
  ict_code *codes = ict_arena_alloc(arena, n, sizeof *codes);
  if (!codes) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < n; i++) {
    const char *parent = parents && *parents[i] ? parents[i] : NULL;
    codes[i] = (ict_code){.id = ids[i], .label = labels[i], .parent = parent};
  }
  list->n = n;
  list->codes = codes;
  v->codes = list;
done:
  return st;
}

static ict_status get_conditions(const ict_h5_in *in, hid_t data, ict_arena *arena, ict_variable *v,
                                 ict_err *err) {
  const char *const *texts;
  size_t n;
  if (!ict_h5_has_attribute(data, "conditions")) return ICT_OK;
  ict_status st = ict_h5_texts(in, data, "conditions", arena, &texts, &n, err);
  if (st != ICT_OK) return st;
  ict_condition *conditions = ict_arena_alloc(arena, n, sizeof *conditions);
  if (!conditions) return ict_err_memory(err);
  for (size_t i = 0; i < n; i++) {
    const char *equals = strchr(texts[i], '=');
    if (!equals) return ict_h5_refuse(in, data, err, "condition '%s' has no '='", texts[i]);
    conditions[i].value = equals + 1;
    conditions[i].name = ict_arena_strndup(arena, texts[i], (size_t)(equals - texts[i]));
    if (!conditions[i].name) return ict_err_memory(err);
  }
  v->n_conditions = n;
  v->conditions = conditions;
  return ICT_OK;
}

ict_status ict_store_get_column(const ict_h5_in *in, hid_t columns, const char *name, size_t n_rows,
                                ict_arena *arena, ict_variable *v, const void **values,
                                ict_err *err) {
  ict_status st;
  hid_t data;
  uint64_t n, proxy;
  *v = (ict_variable){.name = name};
  *values = NULL;
  ICT_TRY(done, st, ict_h5_data(in, columns, name, &data, &n, err));
  if (n != n_rows) {
    st = ict_h5_refuse(in, data, err, "has %llu values, its table %zu rows", (unsigned long long)n,
                       n_rows);
    goto done;
  }
  ICT_TRY(done, st, get_type(in, data, arena, v, err));
  ICT_TRY(done, st, ict_h5_text(in, data, "title", false, arena, &v->title, err));
  ICT_TRY(done, st, ict_h5_text(in, data, "unit", false, arena, &v->unit, err));
  ICT_TRY(done, st, ict_h5_text(in, data, "origin", false, arena, &v->origin, err));
  ICT_TRY(done, st, ict_h5_text(in, data, "treatment", false, arena, &v->treatment, err));
  ICT_TRY(done, st, ict_h5_number(in, data, "proxy", &proxy, err));
  v->proxy = proxy != 0;
  ICT_TRY(done, st, get_conditions(in, data, arena, v, err));
  if (v->type == ICT_TYPE_CODE) ICT_TRY(done, st, get_codes(in, data, arena, v, err));
  st = ict_h5_values(in, data, n_rows, ict_width_bytes(v->width), arena, values, err);
done:
  ict_h5_drop(data);
  return st;
}
