/* h5.h - thin helpers over HDF5: silence, its errors as ours, texts, datasets, mapping.
 *
 * HDF5 handles are not kept open beyond one call of the room, so nothing here is shared
 * between threads. Texts are fixed-length UTF-8, terminated and padded with NUL:
 * variable-length ones live in a heap without a checksum. */
#ifndef ICT_STORE_H5_H
#define ICT_STORE_H5_H

#include <hdf5.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

/* -- silence and errors ------------------------------------------------------------ */

/* HDF5 prints its errors unless told not to, once per thread; the host's setting is put
 * back at the end. A host that opens HDF5 files of its own and relies on HDF5's exit handler
 * to close them should call H5open before us: see h5.c. */
typedef struct ict_h5_quiet {
  H5E_auto2_t func;
  void *data;
  int known; /* the host's setting could be read */
} ict_h5_quiet;
void ict_h5_quiet_begin(ict_h5_quiet *quiet);
void ict_h5_quiet_end(const ict_h5_quiet *quiet);

/* What HDF5 said last, as our record: a failure of the system (ICT_FAIL) where it names an
 * errno, short memory, else `otherwise` with the innermost description after `doing`. */
ict_status ict_h5_err(ict_err *err, ict_status otherwise, const char *path, const char *fmt, ...)
    ICT_PRINTF(4, 5);

/* Closes an id of any kind; negative ids are fine. */
void ict_h5_drop(hid_t id);

/* -- types ------------------------------------------------------------------------- */

typedef enum ict_h5_kind {
  ICT_H5_U8,
  ICT_H5_U16,
  ICT_H5_U32,
  ICT_H5_U64,
  ICT_H5_I32,
  ICT_H5_F64,
  ICT_H5_TEXT, /* fixed length */
  ICT_H5_COMPOUND,
  ICT_H5_OTHER /* nothing we write: variable length, big-endian, references ... */
} ict_h5_kind;

/* Of an enum, the kind of its integers. */
ict_h5_kind ict_h5_kind_of(hid_t type);
/* The canonical word for a type: "u8", "string[12]", "enum u8{M=0,F=1}",
 * "compound{id:string[3],rows:u64}". False for ICT_H5_OTHER. */
bool ict_h5_type_text(hid_t type, ict_str *text);
/* A fixed-length UTF-8 type of `size` bytes, terminator included; negative on failure.
 * Caller drops it. */
hid_t ict_h5_text_type(size_t size);

/* -- writing ----------------------------------------------------------------------- */

typedef struct ict_h5_out {
  hid_t file;
  hid_t group_props, data_props;
  const char *path;          /* the target, for errors; borrowed */
  struct ict_hashes *hashes; /* of datasets, made beside the writing; NULL: as they are written */
} ict_h5_out;

/* Creates `temp`, truncating it. Close with ict_h5_out_close, which reports a failed flush;
 * on failure of this call there is nothing to close. */
ict_status ict_h5_out_open(const char *temp, const char *path, ict_h5_out *out, ict_err *err);
ict_status ict_h5_out_close(ict_h5_out *out, ict_err *err);

/* The group, to be dropped by the caller. */
ict_status ict_h5_put_group(const ict_h5_out *out, hid_t at, const char *name, hid_t *group,
                            ict_err *err);
/* Attributes of an object. NULL text: no attribute. In an array, NULL is the empty text. */
ict_status ict_h5_put_text(const ict_h5_out *out, hid_t at, const char *name, const char *text,
                           ict_err *err);
ict_status ict_h5_put_texts(const ict_h5_out *out, hid_t at, const char *name,
                            const char *const *texts, size_t n, ict_err *err);
ict_status ict_h5_put_number(const ict_h5_out *out, hid_t at, const char *name, hid_t type,
                             const void *value, ict_err *err);
ict_status ict_h5_put_numbers(const ict_h5_out *out, hid_t at, const char *name, hid_t type,
                              const void *values, size_t n, ict_err *err);
/* A dataset with its SHA-256; values already have the layout of `type`. scalar: one value
 * without a dimension. *data (may be NULL) is to be dropped by the caller. */
ict_status ict_h5_put_data(const ict_h5_out *out, hid_t at, const char *name, hid_t type,
                           const void *values, size_t n, bool scalar, hid_t *data, ict_err *err);
/* A dataset of n numbers, U32, U64 or F64; NULL: none. */
ict_status ict_h5_put_array(const ict_h5_out *out, hid_t at, const char *name, ict_h5_kind kind,
                            const void *values, size_t n, ict_err *err);
ict_status ict_h5_put_text_data(const ict_h5_out *out, hid_t at, const char *name,
                                const char *const *texts, size_t n, ict_err *err);

/* -- reading ----------------------------------------------------------------------- */

typedef struct ict_h5_in {
  hid_t file;
  const char *path; /* borrowed, for errors */
  void *map;        /* the whole file, read-only */
  size_t map_len;
} ict_h5_in;

/* Refuses what is not HDF5 or is cut off. A zeroed or failed record may be closed. */
ict_status ict_h5_in_open(const char *path, ict_h5_in *in, ict_err *err);
/* Closes the file. The map is unmapped too, unless it was taken (map set to NULL). */
void ict_h5_in_close(ict_h5_in *in);

/* ICT_REFUSED with the name of the object in front: "/individual/columns/sex: ...". */
ict_status ict_h5_refuse(const ict_h5_in *in, hid_t at, ict_err *err, const char *fmt, ...)
    ICT_PRINTF(4, 5);

ict_status ict_h5_group(const ict_h5_in *in, hid_t at, const char *name, hid_t *group,
                        ict_err *err);
bool ict_h5_has(hid_t at, const char *name); /* a link */
bool ict_h5_has_attribute(hid_t at, const char *name);
/* An absent text is refused where `need`, else NULL. Texts live in the arena. */
ict_status ict_h5_text(const ict_h5_in *in, hid_t at, const char *name, bool need, ict_arena *arena,
                       const char **text, ict_err *err);
ict_status ict_h5_texts(const ict_h5_in *in, hid_t at, const char *name, ict_arena *arena,
                        const char *const **texts, size_t *n, ict_err *err);
/* A whole number of any width. */
ict_status ict_h5_number(const ict_h5_in *in, hid_t at, const char *name, uint64_t *value,
                         ict_err *err);
/* A dataset, to be dropped by the caller; *n is its number of values (1 for a scalar). */
ict_status ict_h5_data(const ict_h5_in *in, hid_t at, const char *name, hid_t *data, uint64_t *n,
                       ict_err *err);
/* Number of values; more than one dimension is refused. */
ict_status ict_h5_data_length(const ict_h5_in *in, hid_t data, uint64_t *n, ict_err *err);
/* Its n values as stored: mapped where they lie in one piece, unfiltered and aligned for
 * `align`, else read into the arena. Never NULL on success, not even for n = 0. */
ict_status ict_h5_values(const ict_h5_in *in, hid_t data, uint64_t n, size_t align,
                         ict_arena *arena, const void **values, ict_err *err);
/* A dataset of n numbers, U32, U64 or F64; refused where it is another. */
ict_status ict_h5_array(const ict_h5_in *in, hid_t at, const char *name, ict_h5_kind kind,
                        uint64_t n, ict_arena *arena, const void **values, ict_err *err);
/* The same where it is there, else NULL. */
ict_status ict_h5_array_if(const ict_h5_in *in, hid_t at, const char *name, ict_h5_kind kind,
                           uint64_t n, ict_arena *arena, const void **values, ict_err *err);
ict_status ict_h5_text_data(const ict_h5_in *in, hid_t at, const char *name, ict_arena *arena,
                            const char *const **texts, size_t *n, ict_err *err);

#endif
