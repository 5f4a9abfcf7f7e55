/* digest.c - walks a file in canonical order, describes it, hashes the description.
 *
 * In: an open HDF5 file. Out: 64 hex digits. Owns: the line being written. */
#include "store/digest.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "store/layout.h"

#define MOST_DEPTH     8 /* we write 3; a cycle of links ends here */
#define MOST_ATTRIBUTE ((size_t)1 << 31)

typedef struct walk {
  const char *file;
  const ict_digest_visit *visit;
  ict_sha256 *hash;
  ict_str line;
  bool broken; /* a problem was told: the hash would mean nothing */
} walk;

static ict_status damaged(const walk *w, const char *path, const char *name, ict_err *err) {
  ict_status st = ict_h5_err(err, ICT_REFUSED, w->file, "%s%s%s: cannot be read", path,
                             *name ? " attribute " : "", name);
  ict_err_fix(err, "copy the file again from where it is whole, or import again");
  return st;
}

static ict_status foreign(const walk *w, const char *path, const char *name, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "%s%s%s: is of a type that a store does not have", path,
              *name ? " attribute " : "", name);
  ict_err_at(err, w->file, 0, 0);
  return ICT_REFUSED;
}

/* " TYPE SHAPE" onto the line; the number of bytes of the values in *bytes. */
static ict_status add_type(walk *w, hid_t type, hid_t space, const char *path, const char *name,
                           size_t *bytes, ict_err *err) {
  hsize_t dims[1];
  ict_str_add(&w->line, " ");
  if (type < 0 || space < 0) return damaged(w, path, name, err);
  if (!ict_h5_type_text(type, &w->line)) return foreign(w, path, name, err);
  int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0 || rank > 1 || H5Sget_simple_extent_type(space) == H5S_NULL) {
    return foreign(w, path, name, err);
  }
  size_t size = H5Tget_size(type), n = 1;
  if (rank == 1) {
    H5Sget_simple_extent_dims(space, dims, NULL);
    if (dims[0] > SIZE_MAX / (size ? size : 1)) return damaged(w, path, name, err);
    n = (size_t)dims[0];
    ict_str_addf(&w->line, " %zu", n);
  } else {
    ict_str_add(&w->line, " scalar");
  }
  *bytes = n * size;
  return ICT_OK;
}

static ict_status end_line(walk *w, ict_err *err) {
  ict_str_add(&w->line, "\n");
  if (w->line.failed) return ict_err_memory(err);
  ict_sha256_add(w->hash, w->line.text, w->line.len);
  return ICT_OK;
}

static ict_status add_attribute(walk *w, hid_t attribute, const char *name, const char *path,
                                ict_err *err) {
  ict_status st = ICT_OK;
  hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
  char *value = NULL;
  size_t bytes;
  ict_str_clear(&w->line);
  ict_str_addf(&w->line, "attribute %s", name);
  ICT_TRY(done, st, add_type(w, type, space, path, name, &bytes, err));
  if (bytes > MOST_ATTRIBUTE) {
    st = damaged(w, path, name, err);
    goto done;
  }
  value = ict_alloc(bytes, 1);
  if (!value) {
    st = ict_err_memory(err);
    goto done;
  }
  if (bytes > 0 && H5Aread(attribute, type, value) < 0) {
    st = damaged(w, path, name, err);
    goto done;
  }
  char sha256[65];
  ict_sha256_of(value, bytes, sha256);
  ict_str_addf(&w->line, " %s", sha256);
  st = end_line(w, err);
done:
  ict_free(value);
  ict_h5_drop(space);
  ict_h5_drop(type);
  return st;
}

/* The names of an object's attributes or links, sorted; owned by the arena. */
typedef struct names {
  ict_arena *arena;
  const char **list;
  size_t n, capacity;
  bool memory; /* it ran short */
} names;

static herr_t add_name(names *all, const char *name) {
  const char *copy = ict_arena_strdup(all->arena, name);
  if (!copy || ict_grow(&all->list, all->n, &all->capacity, sizeof *all->list) != 0) {
    all->memory = true;
    return -1;
  }
  all->list[all->n++] = copy;
  return 0;
}

static herr_t on_attribute(hid_t at, const char *name, const H5A_info_t *info, void *all) {
  (void)at;
  (void)info;
  return add_name(all, name);
}

static herr_t on_link(hid_t at, const char *name, const H5L_info_t *info, void *all) {
  (void)at;
  (void)info;
  return add_name(all, name);
}

static ict_status list_names(walk *w, hid_t at, bool links, const char *path, names *all,
                             ict_err *err) {
  herr_t r;
  *all = (names){.arena = ict_arena_new()};
  if (!all->arena) return ict_err_memory(err);
  if (links) {
    r = H5Literate(at, H5_INDEX_NAME, H5_ITER_INC, NULL, on_link, all);
  } else {
    r = H5Aiterate2(at, H5_INDEX_NAME, H5_ITER_INC, NULL, on_attribute, all);
  }
  if (r >= 0) return ICT_OK;
  return all->memory ? ict_err_memory(err) : damaged(w, path, "", err);
}

static void free_names(names *all) {
  ict_free(all->list);
  ict_arena_free(all->arena);
}

/* Notes a problem and goes on, where the visitor wants that. Want of memory always ends it. */
static ict_status tell(walk *w, ict_status st, ict_err *problem, ict_err *err) {
  if (st == ICT_REFUSED && w->visit && w->visit->problem) {
    w->broken = true;
    w->visit->problem(w->visit->ctx, problem);
    return ICT_OK;
  }
  if (err) *err = *problem;
  return st;
}

static ict_status add_attributes(walk *w, hid_t at, const char *path, ict_err *err) {
  names all;
  ict_err problem;
  ict_status st = list_names(w, at, false, path, &all, &problem);
  if (st != ICT_OK) {
    st = tell(w, st, &problem, err);
    goto done;
  }
  for (size_t i = 0; i < all.n; i++) {
    if (strcmp(path, "/") == 0 && strcmp(all.list[i], ICT_STORE_CONTENT) == 0) continue;
    hid_t attribute = H5Aopen(at, all.list[i], H5P_DEFAULT);
    st = attribute < 0 ? damaged(w, path, all.list[i], &problem)
                       : add_attribute(w, attribute, all.list[i], path, &problem);
    ict_h5_drop(attribute);
    if (st != ICT_OK) ICT_TRY(done, st, tell(w, st, &problem, err));
  }
done:
  free_names(&all);
  return st;
}

static ict_status add_dataset(walk *w, hid_t data, const char *path, ict_err *err) {
  ict_status st = ICT_OK;
  hid_t type = H5Dget_type(data), space = H5Dget_space(data);
  size_t bytes;
  ict_str_clear(&w->line);
  ict_str_addf(&w->line, "dataset %s", path);
  ICT_TRY(done, st, add_type(w, type, space, path, "", &bytes, err));
  ICT_TRY(done, st, end_line(w, err));
  if (w->visit && w->visit->dataset) {
    ICT_TRY(done, st, w->visit->dataset(w->visit->ctx, data, path, err));
  }
done:
  ict_h5_drop(space);
  ict_h5_drop(type);
  return st;
}

static ict_status add_object(walk *w, hid_t object, const char *path, int depth, ict_err *err);

static ict_status add_child(walk *w, hid_t group, const char *name, const char *path, int depth,
                            ict_err *err) {
  ict_err problem;
  ict_status st;
  ict_str child;
  ict_str_init(&child);
  ict_str_addf(&child, "%s/%s", strcmp(path, "/") == 0 ? "" : path, name);
  if (child.failed) return ict_err_memory(err);
  hid_t object = H5Oopen(group, name, H5P_DEFAULT);
  if (object < 0) {
    st = tell(w, damaged(w, child.text, "", &problem), &problem, err);
  } else if (depth == MOST_DEPTH) {
    st = tell(w, foreign(w, child.text, "", &problem), &problem, err);
  } else {
    st = add_object(w, object, child.text, depth + 1, err);
  }
  ict_h5_drop(object);
  ict_str_done(&child);
  return st;
}

static ict_status add_group(walk *w, hid_t group, const char *path, int depth, ict_err *err) {
  names all = {0};
  ict_err problem;
  ict_str_clear(&w->line);
  ict_str_addf(&w->line, "group %s", path);
  ict_status st = end_line(w, err);
  if (st != ICT_OK) return st;
  ICT_TRY(done, st, add_attributes(w, group, path, err));
  st = list_names(w, group, true, path, &all, &problem);
  if (st != ICT_OK) {
    st = tell(w, st, &problem, err);
    goto done;
  }
  for (size_t i = 0; i < all.n; i++) {
    ICT_TRY(done, st, add_child(w, group, all.list[i], path, depth, err));
  }
done:
  free_names(&all);
  return st;
}

static ict_status add_object(walk *w, hid_t object, const char *path, int depth, ict_err *err) {
  ict_err problem;
  switch (H5Iget_type(object)) {
    case H5I_FILE:
    case H5I_GROUP:
      return add_group(w, object, path, depth, err);
    case H5I_DATASET: {
      ict_status st = add_dataset(w, object, path, &problem);
      if (st != ICT_OK) st = tell(w, st, &problem, err);
      return st == ICT_OK ? add_attributes(w, object, path, err) : st;
    }
    default:
      return tell(w, foreign(w, path, "", &problem), &problem, err);
  }
}

ict_status ict_store_digest(hid_t file, const char *path, const ict_digest_visit *visit,
                            char sha256[65], ict_err *err) {
  walk w = {.file = path, .visit = visit, .hash = ict_sha256_new()};
  sha256[0] = '\0';
  if (!w.hash) return ict_err_memory(err);
  ict_str_init(&w.line);
  ict_status st = add_object(&w, file, "/", 0, err);
  ict_sha256_done(w.hash, sha256);
  if (st != ICT_OK || w.broken) sha256[0] = '\0';
  ict_str_done(&w.line);
  return st;
}
