/* h5_read.c - groups, attributes and datasets out of an HDF5 file.
 *
 * In: a path. Out: texts and values, mapped where they can be. Owns: the file and its map
 * until ict_h5_in_close. Sizes come from the file, so each is checked before it is used. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/h5.h"

/* More than any attribute or text we write; keeps a damaged size from asking for the moon. */
#define MOST_TEXT_BYTES ((size_t)1 << 31)

/* -- the file ---------------------------------------------------------------------- */

static ict_status not_hdf5(const char *path, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "is not an HDF5 file");
  ict_err_at(err, path, 0, 0);
  ict_err_expected(err, "a data set made by `ictstat import`");
  ict_err_fix(err, "import the source file first: ictstat import MAPPING.yaml -o NAME.h5");
  return ICT_REFUSED;
}

/* What the system has to say comes first: HDF5 would wrap it in its own words. */
static ict_status probe(const char *path, ict_err *err) {
  struct stat info;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ict_err_open(err, path);
  ict_status st = ICT_OK;
  if (fstat(fd, &info) != 0) {
    st = ict_err_system(err, path, "cannot read");
  } else if (S_ISDIR(info.st_mode)) {
    st = ict_err_folder(err, path);
  } else if (!S_ISREG(info.st_mode) || H5Fis_hdf5(path) <= 0) {
    st = not_hdf5(path, err);
  }
  close(fd);
  return st;
}

/* Through HDF5's own handle: a file renamed over the path meanwhile is not mixed in. */
static ict_status map_file(ict_h5_in *in, ict_err *err) {
  void *handle = NULL;
  struct stat info;
  if (H5Fget_vfd_handle(in->file, H5P_DEFAULT, &handle) < 0 || !handle) {
    return ict_h5_err(err, ICT_FAIL, in->path, "cannot map into memory");
  }
  int fd = *(int *)handle;
  if (fstat(fd, &info) != 0) return ict_err_system(err, in->path, "cannot read");
  void *map = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) return ict_err_system(err, in->path, "cannot map into memory");
  in->map = map;
  in->map_len = (size_t)info.st_size;
  return ICT_OK;
}

ict_status ict_h5_in_open(const char *path, ict_h5_in *in, ict_err *err) {
  *in = (ict_h5_in){.file = -1, .path = path};
  ict_status st = probe(path, err);
  if (st != ICT_OK) return st;
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access >= 0 && H5Pset_fapl_sec2(access) >= 0 &&
      H5Pset_file_locking(access, false, true) >= 0) {
    in->file = H5Fopen(path, H5F_ACC_RDONLY, access);
  }
  if (in->file < 0) {
    st = ict_h5_err(err, ICT_REFUSED, path, "the HDF5 file is cut off or damaged");
    ict_err_fix(err, "copy the file again from where it is whole, or import again");
  }
  ict_h5_drop(access);
  if (st == ICT_OK) st = map_file(in, err);
  if (st != ICT_OK) ict_h5_in_close(in);
  return st;
}

void ict_h5_in_close(ict_h5_in *in) {
  if (in->path && in->file >= 0) H5Fclose(in->file);
  in->file = -1;
  if (in->map) munmap(in->map, in->map_len);
  in->map = NULL;
}

/* -- refusals ---------------------------------------------------------------------- */

ict_status ict_h5_refuse(const ict_h5_in *in, hid_t at, ict_err *err, const char *fmt, ...) {
  char name[256] = "", what[512];
  va_list args;
  va_start(args, fmt);
  vsnprintf(what, sizeof what, fmt, args);
  va_end(args);
  H5Iget_name(at, name, sizeof name);
  ict_err_set(err, ICT_REFUSED, "%s: %s", name, what);
  ict_err_at(err, in->path, 0, 0);
  ict_err_fix(err,
              "`ictstat verify` tells what else differs; import again, or copy the file again");
  return ICT_REFUSED;
}

/* As above, where HDF5 failed and knows why. Asked first: any further call to HDF5 forgets it. */
static ict_status unreadable(const ict_h5_in *in, hid_t at, const char *name, ict_err *err) {
  ict_err said;
  char where[256] = "";
  ict_status st = ict_h5_err(&said, ICT_REFUSED, in->path, "cannot read %s", name);
  H5Iget_name(at, where, sizeof where);
  ict_err_set(err, st, "%s: %s", where, said.what);
  ict_err_at(err, in->path, 0, 0);
  ict_err_fix(err, "copy the file again from where it is whole, or import again");
  return st;
}

/* -- groups and attributes --------------------------------------------------------- */

bool ict_h5_has(hid_t at, const char *name) {
  return H5Lexists(at, name, H5P_DEFAULT) > 0 && H5Oexists_by_name(at, name, H5P_DEFAULT) > 0;
}

bool ict_h5_has_attribute(hid_t at, const char *name) { return H5Aexists(at, name) > 0; }

ict_status ict_h5_group(const ict_h5_in *in, hid_t at, const char *name, hid_t *group,
                        ict_err *err) {
  *group = -1;
  if (!ict_h5_has(at, name)) return ict_h5_refuse(in, at, err, "has no group '%s'", name);
  *group = H5Gopen2(at, name, H5P_DEFAULT);
  return *group < 0 ? unreadable(in, at, name, err) : ICT_OK;
}

/* Number of values of an attribute or dataset's space, at most one dimension. */
static bool space_length(hid_t space, uint64_t *n) {
  hsize_t dims = 0;
  *n = 1;
  switch (H5Sget_simple_extent_type(space)) {
    case H5S_SCALAR:
      return true;
    case H5S_SIMPLE:
      if (H5Sget_simple_extent_ndims(space) != 1) return false;
      if (H5Sget_simple_extent_dims(space, &dims, NULL) < 0) return false;
      *n = dims;
      return true;
    default:
      return false;
  }
}

/* Splits n texts of `width` bytes, NUL padded, into terminated ones. */
static const char *const *unpack(const char *packed, size_t n, size_t width, ict_arena *arena) {
  const char **texts = ict_arena_alloc(arena, n, sizeof *texts);
  for (size_t i = 0; texts && i < n; i++) {
    texts[i] = ict_arena_strndup(arena, packed + i * width, strnlen(packed + i * width, width));
    if (!texts[i]) return NULL;
  }
  return texts;
}

typedef struct attribute {
  hid_t id, type, space;
} attribute;

static void close_attribute(const attribute *a) {
  ict_h5_drop(a->space);
  ict_h5_drop(a->type);
  ict_h5_drop(a->id);
}

/* On failure there is nothing to close. */
static ict_status open_attribute(const ict_h5_in *in, hid_t at, const char *name, attribute *a,
                                 ict_err *err) {
  *a = (attribute){-1, -1, -1};
  if (!ict_h5_has_attribute(at, name))
    return ict_h5_refuse(in, at, err, "has no attribute '%s'", name);
  a->id = H5Aopen(at, name, H5P_DEFAULT);
  if (a->id >= 0) a->type = H5Aget_type(a->id);
  if (a->type >= 0) a->space = H5Aget_space(a->id);
  if (a->space >= 0) return ICT_OK;
  ict_status st = unreadable(in, at, name, err);
  close_attribute(a);
  return st;
}

ict_status ict_h5_texts(const ict_h5_in *in, hid_t at, const char *name, ict_arena *arena,
                        const char *const **texts, size_t *n, ict_err *err) {
  char *packed = NULL;
  uint64_t count;
  attribute a;
  *texts = NULL;
  *n = 0;
  ict_status st = open_attribute(in, at, name, &a, err);
  if (st != ICT_OK) return st;
  size_t width = H5Tget_size(a.type);
  if (ict_h5_kind_of(a.type) != ICT_H5_TEXT || width == 0 || !space_length(a.space, &count) ||
      count > MOST_TEXT_BYTES / width) {
    st = ict_h5_refuse(in, at, err, "attribute '%s' is not fixed-length text", name);
    goto done;
  }
  packed = ict_alloc((size_t)count, width);
  if (!packed) {
    st = ict_err_memory(err);
    goto done;
  }
  if (count > 0 && H5Aread(a.id, a.type, packed) < 0) {
    st = unreadable(in, at, name, err);
    goto done;
  }
  *texts = unpack(packed, (size_t)count, width, arena);
  *n = (size_t)count;
  if (!*texts) st = ict_err_memory(err);
done:
  ict_free(packed);
  close_attribute(&a);
  return st;
}

ict_status ict_h5_text(const ict_h5_in *in, hid_t at, const char *name, bool need, ict_arena *arena,
                       const char **text, ict_err *err) {
  const char *const *texts;
  size_t n;
  *text = NULL;
  if (!need && !ict_h5_has_attribute(at, name)) return ICT_OK;
  ict_status st = ict_h5_texts(in, at, name, arena, &texts, &n, err);
  if (st != ICT_OK) return st;
  if (n != 1) return ict_h5_refuse(in, at, err, "attribute '%s' is not one text", name);
  *text = texts[0];
  return ICT_OK;
}

ict_status ict_h5_number(const ict_h5_in *in, hid_t at, const char *name, uint64_t *value,
                         ict_err *err) {
  uint64_t n;
  attribute a;
  *value = 0;
  ict_status st = open_attribute(in, at, name, &a, err);
  if (st != ICT_OK) return st;
  if (H5Tget_class(a.type) != H5T_INTEGER || !space_length(a.space, &n) || n != 1)
    st = ict_h5_refuse(in, at, err, "attribute '%s' is not one whole number", name);
  else if (H5Aread(a.id, H5T_NATIVE_UINT64, value) < 0)
    st = unreadable(in, at, name, err);
  close_attribute(&a);
  return st;
}

/* -- datasets ---------------------------------------------------------------------- */

ict_status ict_h5_data_length(const ict_h5_in *in, hid_t data, uint64_t *n, ict_err *err) {
  hid_t space = H5Dget_space(data);
  *n = 0;
  if (space < 0) return unreadable(in, data, "the values", err);
  bool ok = space_length(space, n);
  ict_h5_drop(space);
  return ok ? ICT_OK : ict_h5_refuse(in, data, err, "has more than one dimension");
}

/* Does the dataset, or its bytes, lie in another file (an external link, external storage, a
 * virtual dataset)? A store is one file; what it says of itself does not hold of others. */
static bool is_elsewhere(const ict_h5_in *in, hid_t data) {
  char own[4096], its[4096];
  ssize_t own_len = H5Fget_name(in->file, own, sizeof own);
  ssize_t its_len = H5Fget_name(data, its, sizeof its);
  if (own_len < 0 || its_len != own_len || strncmp(own, its, sizeof own) != 0) return true;
  hid_t how = H5Dget_create_plist(data);
  bool elsewhere = how < 0 || H5Pget_external_count(how) != 0 || H5Pget_layout(how) == H5D_VIRTUAL;
  ict_h5_drop(how);
  return elsewhere;
}

ict_status ict_h5_data(const ict_h5_in *in, hid_t at, const char *name, hid_t *data, uint64_t *n,
                       ict_err *err) {
  *data = -1;
  *n = 0;
  if (!ict_h5_has(at, name)) return ict_h5_refuse(in, at, err, "has no dataset '%s'", name);
  *data = H5Dopen2(at, name, H5P_DEFAULT);
  if (*data < 0) return unreadable(in, at, name, err);
  ict_status st = is_elsewhere(in, *data) ? ict_h5_refuse(in, *data, err, "lies in another file")
                                          : ict_h5_data_length(in, *data, n, err);
  if (st != ICT_OK) {
    ict_h5_drop(*data);
    *data = -1;
  }
  return st;
}

/* The place of the values in the map, or NULL where they are not there in one plain,
 * aligned piece (a store that h5repack has compressed, say). */
static const void *mapped(const ict_h5_in *in, hid_t data, size_t bytes, size_t align) {
  haddr_t offset = H5Dget_offset(data);
  if (offset == HADDR_UNDEF || offset > in->map_len || bytes > in->map_len - offset) return NULL;
  const char *at = (const char *)in->map + offset;
  return (uintptr_t)at % align == 0 ? at : NULL;
}

ict_status ict_h5_values(const ict_h5_in *in, hid_t data, uint64_t n, size_t align,
                         ict_arena *arena, const void **values, ict_err *err) {
  static const uint64_t nothing; /* what an empty column points to */
  ict_status st = ICT_OK;
  hid_t type = H5Dget_type(data);
  size_t size = type >= 0 ? H5Tget_size(type) : 0;
  *values = &nothing;
  if (size == 0) {
    st = unreadable(in, data, "the values", err);
    goto done;
  }
  if (n == 0) goto done;
  if (n > SIZE_MAX / size) {
    st = ict_h5_refuse(in, data, err, "says it is larger than memory can be");
    goto done;
  }
  *values = mapped(in, data, (size_t)n * size, align);
  if (*values) goto done;
  void *read = ict_arena_alloc(arena, (size_t)n, size);
  if (!read) {
    st = ict_err_memory(err);
  } else if (H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) < 0) {
    st = unreadable(in, data, "the values", err);
  }
  *values = read;
done:
  ict_h5_drop(type);
  return st;
}

ict_status ict_h5_text_data(const ict_h5_in *in, hid_t at, const char *name, ict_arena *arena,
                            const char *const **texts, size_t *n, ict_err *err) {
  hid_t data = -1, type = -1;
  uint64_t count;
  const void *packed;
  *texts = NULL;
  *n = 0;
  ict_status st = ict_h5_data(in, at, name, &data, &count, err);
  if (st != ICT_OK) return st;
  type = H5Dget_type(data);
  if (type < 0 || ict_h5_kind_of(type) != ICT_H5_TEXT) {
    st = ict_h5_refuse(in, data, err, "is not fixed-length text");
    goto done;
  }
  ICT_TRY(done, st, ict_h5_values(in, data, count, 1, arena, &packed, err));
  *texts = unpack(packed, (size_t)count, H5Tget_size(type), arena);
  *n = (size_t)count;
  if (!*texts) st = ict_err_memory(err);
done:
  ict_h5_drop(type);
  ict_h5_drop(data);
  return st;
}

ict_status ict_h5_array(const ict_h5_in *in, hid_t at, const char *name, ict_h5_kind kind,
                        uint64_t n, ict_arena *arena, const void **values, ict_err *err) {
  ict_status st;
  hid_t data, type = -1;
  uint64_t found;
  ICT_TRY(done, st, ict_h5_data(in, at, name, &data, &found, err));
  type = H5Dget_type(data);
  if (type < 0 || ict_h5_kind_of(type) != kind || found != n) {
    st = ict_h5_refuse(in, data, err, "is not %llu %s numbers of %d bits", (unsigned long long)n,
                       kind == ICT_H5_F64 ? "real" : "whole", kind == ICT_H5_U32 ? 32 : 64);
    goto done;
  }
  st = ict_h5_values(in, data, n, kind == ICT_H5_U32 ? 4 : 8, arena, values, err);
done:
  ict_h5_drop(type);
  ict_h5_drop(data);
  return st;
}

ict_status ict_h5_array_if(const ict_h5_in *in, hid_t at, const char *name, ict_h5_kind kind,
                           uint64_t n, ict_arena *arena, const void **values, ict_err *err) {
  *values = NULL;
  return ict_h5_has(at, name) ? ict_h5_array(in, at, name, kind, n, arena, values, err) : ICT_OK;
}
