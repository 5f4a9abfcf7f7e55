/* h5_write.c - groups, attributes and datasets into an HDF5 file.
 *
 * In: values in memory. Out: contiguous, aligned, unfiltered datasets with their SHA-256,
 * and attributes; nothing that depends on the clock or the host. Owns: the open file. */
#include <string.h>

#include "store/h5.h"
#include "store/hashes.h"
#include "store/layout.h"

/* Values are hashed and written as they lie in memory, and read back by mapping the file.
 * A big-endian port would convert here and in h5_read.c. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the store is little-endian");

/* Every piece starts on a cache line, so any column can be used where it is mapped. */
#define ALIGNMENT 64

/* Attributes stay in the object's header up to this many; beyond, HDF5 builds a heap and a
 * B-tree of several KiB for each object. One that exceeds 64 KiB goes there anyway. */
#define COMPACT_ATTRIBUTES 64

static ict_status failed(const ict_h5_out *out, const char *name, ict_err *err) {
  return ict_h5_err(err, ICT_FAIL, out->path, "cannot write '%s'", name);
}

/* Objects without times, attributes compact: of a group, dataset or file creation list. */
static bool plain(hid_t props) {
  return props >= 0 && H5Pset_obj_track_times(props, false) >= 0 &&
         H5Pset_attr_phase_change(props, COMPACT_ATTRIBUTES, COMPACT_ATTRIBUTES - 2) >= 0;
}

/* Format of HDF5 1.8 to 1.10: read by everything since 2008, and unlike the oldest one it
 * has checksums on all metadata, so that damage is an error and not a crash. No locks: a
 * store is never changed in place, and network file systems often have none. No sieve
 * buffer: it would put off small writes, and their failure, until the dataset is closed. */
static hid_t access_list(void) {
  hid_t props = H5Pcreate(H5P_FILE_ACCESS);
  if (props < 0) return props;
  if (H5Pset_libver_bounds(props, H5F_LIBVER_V18, H5F_LIBVER_V110) < 0 ||
      H5Pset_alignment(props, 1, ALIGNMENT) < 0 || H5Pset_small_data_block_size(props, 0) < 0 ||
      H5Pset_sieve_buf_size(props, 0) < 0 || H5Pset_file_locking(props, false, true) < 0) {
    H5Pclose(props);
    return -1;
  }
  return props;
}

ict_status ict_h5_out_open(const char *temp, const char *path, ict_h5_out *out, ict_err *err) {
  *out = (ict_h5_out){.file = -1, .group_props = -1, .data_props = -1, .path = path};
  ict_status st = ICT_OK;
  hid_t access = access_list(), create = H5Pcreate(H5P_FILE_CREATE);
  out->group_props = H5Pcreate(H5P_GROUP_CREATE);
  out->data_props = H5Pcreate(H5P_DATASET_CREATE);
  if (access >= 0 && plain(create) && plain(out->group_props) && plain(out->data_props) &&
      H5Pset_layout(out->data_props, H5D_CONTIGUOUS) >= 0 &&
      H5Pset_alloc_time(out->data_props, H5D_ALLOC_TIME_EARLY) >= 0 &&
      H5Pset_fill_time(out->data_props, H5D_FILL_TIME_NEVER) >= 0) {
    out->file = H5Fcreate(temp, H5F_ACC_TRUNC, create, access);
  }
  if (out->file < 0) {
    st = ict_h5_err(err, ICT_FAIL, path, "cannot create the file");
    ict_h5_drop(out->group_props);
    ict_h5_drop(out->data_props);
  }
  ict_h5_drop(access);
  ict_h5_drop(create);
  return st;
}

ict_status ict_h5_out_close(ict_h5_out *out, ict_err *err) {
  ict_status st = ICT_OK;
  ict_h5_drop(out->group_props);
  ict_h5_drop(out->data_props);
  /* Both are tried whatever happens; the first failure is the one that tells. */
  if (H5Fflush(out->file, H5F_SCOPE_LOCAL) < 0) {
    st = ict_h5_err(err, ICT_FAIL, out->path, "cannot write to the disk");
  }
  if (H5Fclose(out->file) < 0 && st == ICT_OK) {
    st = ict_h5_err(err, ICT_FAIL, out->path, "cannot write to the disk");
  }
  out->file = -1;
  return st;
}

ict_status ict_h5_put_group(const ict_h5_out *out, hid_t at, const char *name, hid_t *group,
                            ict_err *err) {
  *group = H5Gcreate2(at, name, H5P_DEFAULT, out->group_props, H5P_DEFAULT);
  return *group < 0 ? failed(out, name, err) : ICT_OK;
}

/* -- attributes -------------------------------------------------------------------- */

/* n values, or one scalar. */
static ict_status put_attribute(const ict_h5_out *out, hid_t at, const char *name, hid_t type,
                                const void *values, size_t n, bool scalar, ict_err *err) {
  static const char nothing[8];
  ict_status st = ICT_OK;
  hsize_t dims = n;
  hid_t space = scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &dims, NULL);
  hid_t attribute = -1;
  if (type >= 0 && space >= 0) {
    attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  }
  if (attribute < 0 || H5Awrite(attribute, type, n ? values : nothing) < 0) {
    st = failed(out, name, err);
  }
  ict_h5_drop(attribute);
  ict_h5_drop(space);
  return st;
}

ict_status ict_h5_put_number(const ict_h5_out *out, hid_t at, const char *name, hid_t type,
                             const void *value, ict_err *err) {
  return put_attribute(out, at, name, type, value, 1, true, err);
}

ict_status ict_h5_put_numbers(const ict_h5_out *out, hid_t at, const char *name, hid_t type,
                              const void *values, size_t n, ict_err *err) {
  return put_attribute(out, at, name, type, values, n, false, err);
}

/* Texts side by side, each padded with NUL to one more than the longest; NULL where memory
 * is short. */
static char *pack(const char *const *texts, size_t n, size_t *width) {
  *width = 1;
  for (size_t i = 0; i < n; i++) {
    size_t len = texts[i] ? strlen(texts[i]) : 0;
    if (len >= *width) *width = len + 1;
  }
  char *packed = ict_alloc(n, *width);
  for (size_t i = 0; packed && i < n; i++) {
    if (texts[i]) memcpy(packed + i * *width, texts[i], strlen(texts[i]));
  }
  return packed;
}

static ict_status put_text_attribute(const ict_h5_out *out, hid_t at, const char *name,
                                     const char *const *texts, size_t n, bool scalar,
                                     ict_err *err) {
  size_t width;
  char *packed = pack(texts, n, &width);
  if (!packed) return ict_err_memory(err);
  hid_t type = ict_h5_text_type(width);
  ict_status st = put_attribute(out, at, name, type, packed, n, scalar, err);
  ict_h5_drop(type);
  ict_free(packed);
  return st;
}

ict_status ict_h5_put_text(const ict_h5_out *out, hid_t at, const char *name, const char *text,
                           ict_err *err) {
  return text ? put_text_attribute(out, at, name, &text, 1, true, err) : ICT_OK;
}

ict_status ict_h5_put_texts(const ict_h5_out *out, hid_t at, const char *name,
                            const char *const *texts, size_t n, ict_err *err) {
  return put_text_attribute(out, at, name, texts, n, false, err);
}

/* -- datasets ---------------------------------------------------------------------- */

ict_status ict_h5_put_data(const ict_h5_out *out, hid_t at, const char *name, hid_t type,
                           const void *values, size_t n, bool scalar, hid_t *data, ict_err *err) {
  ict_status st = ICT_OK;
  hsize_t dims = n;
  hid_t space = scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &dims, NULL);
  hid_t made = -1;
  char sha256[65];
  if (data) *data = -1;
  if (type >= 0 && space >= 0) {
    made = H5Dcreate2(at, name, type, space, H5P_DEFAULT, out->data_props, H5P_DEFAULT);
  }
  if (made < 0 || (n > 0 && H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)) {
    st = failed(out, name, err);
    goto done;
  }
  ict_hashes_of(out->hashes, n ? values : "", n * H5Tget_size(type), sha256);
  ICT_TRY(done, st, ict_h5_put_text(out, made, ICT_STORE_SHA256, sha256, err));
  if (data) {
    *data = made;
    made = -1;
  }
done:
  ict_h5_drop(made);
  ict_h5_drop(space);
  return st;
}

ict_status ict_h5_put_array(const ict_h5_out *out, hid_t at, const char *name, ict_h5_kind kind,
                            const void *values, size_t n, ict_err *err) {
  hid_t type = kind == ICT_H5_U32   ? H5T_STD_U32LE
               : kind == ICT_H5_U64 ? H5T_STD_U64LE
                                    : H5T_IEEE_F64LE;
  return values ? ict_h5_put_data(out, at, name, type, values, n, false, NULL, err) : ICT_OK;
}

ict_status ict_h5_put_text_data(const ict_h5_out *out, hid_t at, const char *name,
                                const char *const *texts, size_t n, ict_err *err) {
  size_t width;
  char *packed = pack(texts, n, &width);
  if (!packed) return ict_err_memory(err);
  hid_t type = ict_h5_text_type(width);
  ict_status st = ict_h5_put_data(out, at, name, type, packed, n, false, NULL, err);
  ict_h5_drop(type);
  ict_free(packed);
  return st;
}
