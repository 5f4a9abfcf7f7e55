/* h5.c - HDF5's silence, errors and types.
 *
 * In: ids, HDF5's error stack. Out: our error records, words for types. Owns: nothing. */
#include "store/h5.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After some damaged files (an object header with a bad checksum) and after a full disk
 * HDF5 1.10.8 loses track of memory of its own; its exit handler then prints "infinite loop
 * closing library", or crashes. We leave nothing for that handler to do, so it is not
 * registered; this has an effect only before the first use of HDF5 in the process. */
void ict_h5_quiet_begin(ict_h5_quiet *quiet) {
  H5dont_atexit();
  quiet->known = H5Eget_auto2(H5E_DEFAULT, &quiet->func, &quiet->data) >= 0;
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void ict_h5_quiet_end(const ict_h5_quiet *quiet) {
  H5Eclear2(H5E_DEFAULT);
  if (quiet->known) H5Eset_auto2(H5E_DEFAULT, quiet->func, quiet->data);
}

void ict_h5_drop(hid_t id) {
  if (id < 0) return;
  switch (H5Iget_type(id)) {
    case H5I_ATTR:
      H5Aclose(id);
      break;
    case H5I_DATASET:
      H5Dclose(id);
      break;
    case H5I_GROUP:
      H5Gclose(id);
      break;
    case H5I_DATATYPE:
      H5Tclose(id);
      break;
    case H5I_DATASPACE:
      H5Sclose(id);
      break;
    case H5I_GENPROP_LST:
      H5Pclose(id);
      break;
    default:
      H5Oclose(id);
      break;
  }
}

/* -- errors ------------------------------------------------------------------------ */

typedef struct reason {
  char text[256]; /* the innermost description */
  int errnum;     /* of the system, 0: none */
  bool memory;
} reason;

/* From the outermost entry to the innermost: the last one that says something stays. */
static herr_t read_entry(unsigned n, const H5E_error2_t *entry, void *ctx) {
  reason *why = ctx;
  (void)n;
  if (!entry->desc || !entry->desc[0]) return 0;
  snprintf(why->text, sizeof why->text, "%s", entry->desc);
  /* The file driver writes its errno into the sentence, beside times and addresses that
   * tell nobody anything. */
  const char *at = strstr(entry->desc, "errno = ");
  if (at) why->errnum = (int)strtol(at + strlen("errno = "), NULL, 10);
  if (entry->min_num == H5E_NOSPACE && entry->maj_num == H5E_RESOURCE && !at) why->memory = true;
  return 0;
}

ict_status ict_h5_err(ict_err *err, ict_status otherwise, const char *path, const char *fmt, ...) {
  reason why = {0};
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, read_entry, &why);
  H5Eclear2(H5E_DEFAULT);
  if (why.memory) return ict_err_memory(err);
  char doing[256];
  va_list args;
  va_start(args, fmt);
  vsnprintf(doing, sizeof doing, fmt, args);
  va_end(args);
  if (why.errnum) {
    errno = why.errnum;
    return ict_err_system(err, path, doing);
  }
  ict_err_set(err, otherwise, why.text[0] ? "%s (HDF5: %s)" : "%s", doing, why.text);
  ict_err_at(err, path, 0, 0);
  return otherwise;
}

/* -- types ------------------------------------------------------------------------- */

static ict_h5_kind number_kind(hid_t type) {
  if (H5Tequal(type, H5T_STD_U8LE) > 0) return ICT_H5_U8;
  if (H5Tequal(type, H5T_STD_U16LE) > 0) return ICT_H5_U16;
  if (H5Tequal(type, H5T_STD_U32LE) > 0) return ICT_H5_U32;
  if (H5Tequal(type, H5T_STD_U64LE) > 0) return ICT_H5_U64;
  if (H5Tequal(type, H5T_STD_I32LE) > 0) return ICT_H5_I32;
  if (H5Tequal(type, H5T_IEEE_F64LE) > 0) return ICT_H5_F64;
  return ICT_H5_OTHER;
}

ict_h5_kind ict_h5_kind_of(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
    case H5T_FLOAT:
      return number_kind(type);
    case H5T_STRING:
      return H5Tis_variable_str(type) == 0 ? ICT_H5_TEXT : ICT_H5_OTHER;
    case H5T_COMPOUND:
      return ICT_H5_COMPOUND;
    case H5T_ENUM: {
      hid_t base = H5Tget_super(type);
      ict_h5_kind kind = base >= 0 ? number_kind(base) : ICT_H5_OTHER;
      ict_h5_drop(base);
      return kind;
    }
    default:
      return ICT_H5_OTHER;
  }
}

static const char *const number_word[] = {"u8", "u16", "u32", "u64", "i32", "f64"};

static bool enum_text(hid_t type, ict_h5_kind kind, ict_str *text) {
  int n = H5Tget_nmembers(type);
  ict_str_addf(text, "enum %s{", number_word[kind]);
  for (int i = 0; i < n; i++) {
    unsigned char bytes[8] = {0};
    char *name = H5Tget_member_name(type, (unsigned)i);
    bool ok = name && H5Tget_member_value(type, (unsigned)i, bytes) >= 0;
    if (ok) {
      /* little-endian, unsigned: we write no others */
      unsigned value = bytes[0] | (unsigned)bytes[1] << 8;
      ict_str_addf(text, "%s%s=%u", i ? "," : "", name, value);
    }
    H5free_memory(name);
    if (!ok) return false;
  }
  ict_str_add(text, "}");
  return n >= 0;
}

static bool compound_text(hid_t type, ict_str *text) {
  int n = H5Tget_nmembers(type);
  ict_str_add(text, "compound{");
  for (int i = 0; i < n; i++) {
    char *name = H5Tget_member_name(type, (unsigned)i);
    hid_t member = H5Tget_member_type(type, (unsigned)i);
    /* One level is all we write; deeper ones are not ours and need no recursion. */
    bool ok = name && member >= 0 && H5Tget_class(member) != H5T_COMPOUND;
    if (ok) {
      ict_str_addf(text, "%s%s:", i ? "," : "", name);
      ok = ict_h5_type_text(member, text);
    }
    ict_h5_drop(member);
    H5free_memory(name);
    if (!ok) return false;
  }
  ict_str_add(text, "}");
  return n >= 0;
}

bool ict_h5_type_text(hid_t type, ict_str *text) {
  ict_h5_kind kind = ict_h5_kind_of(type);
  switch (kind) {
    case ICT_H5_OTHER:
      return false;
    case ICT_H5_TEXT:
      ict_str_addf(text, "string[%zu]", H5Tget_size(type));
      return true;
    case ICT_H5_COMPOUND:
      return compound_text(type, text);
    default:
      break;
  }
  if (H5Tget_class(type) == H5T_ENUM) {
    return (kind == ICT_H5_U8 || kind == ICT_H5_U16) && enum_text(type, kind, text);
  }
  ict_str_add(text, number_word[kind]);
  return true;
}

hid_t ict_h5_text_type(size_t size) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type < 0) return type;
  if (H5Tset_size(type, size) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0 ||
      H5Tset_strpad(type, H5T_STR_NULLTERM) < 0) {
    H5Tclose(type);
    return -1;
  }
  return type;
}
