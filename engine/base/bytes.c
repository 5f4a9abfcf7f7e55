/* bytes.c - a whole file as one piece of read-only memory.
 *
 * In: a path. Out: its bytes, mapped; expanded where the file is gzip. What cannot be mapped
 * (a pipe) or is small is read. Owns: the mapping or the buffer, until ict_bytes_close.
 * The one door to zlib. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/stream.h"

#define DEFAULT_LIMIT ((size_t)8 << 30)
#define FIRST_READ    ((size_t)64 << 10)
#define SMALL_FILE    ((size_t)64 << 10) /* read, not mapped: a mapping costs six reads of a page */

struct ict_bytes_impl {
  void *mapped; /* NULL: not mapped */
  size_t mapped_len;
  char *buf;       /* read or expanded bytes */
  char *packed;    /* gzip that was read and not mapped */
  const char *raw; /* the bytes on disk */
};

static ict_status too_large(const char *path, size_t limit, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "expands to more than %zu bytes", limit);
  ict_err_at(err, path, 0, 0);
  ict_err_fix(err, "expand it yourself and give the expanded file, if you trust it");
  return ICT_REFUSED;
}

/* A regular file that is not worth a mapping; *len is what was there to read. */
static ict_status read_small(int fd, size_t size, const char *path, char **buf, size_t *len,
                             ict_err *err) {
  *buf = ict_alloc(size, 1);
  if (!*buf) return ict_err_memory(err);
  while (*len < size) {
    ssize_t n = read(fd, *buf + *len, size - *len);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ict_err_system(err, path, "cannot read");
    if (n == 0) break; /* somebody is shortening it */
    *len += (size_t)n;
  }
  return ICT_OK;
}

/* Room for at least one byte behind `used`. One byte above the limit is allowed, so that
 * exactly the limit is not mistaken for more. */
static ict_status make_room(char **buf, size_t used, size_t *capacity, size_t limit,
                            const char *path, ict_err *err) {
  if (used > limit) return too_large(path, limit, err);
  if (used < *capacity) return ICT_OK;
  size_t wanted = *capacity > limit / 2 ? limit + 1 : *capacity * 2;
  if (wanted < FIRST_READ) wanted = FIRST_READ <= limit ? FIRST_READ : limit + 1;
  char *grown = ict_realloc(*buf, wanted, 1);
  if (!grown) return ict_err_memory(err);
  *buf = grown;
  *capacity = wanted;
  return ICT_OK;
}

static ict_status read_all(int fd, size_t limit, const char *path, char **buf, size_t *len,
                           ict_err *err) {
  size_t capacity = 0;
  for (;;) {
    ict_status st = make_room(buf, *len, &capacity, limit, path, err);
    if (st != ICT_OK) return st;
    ssize_t n = read(fd, *buf + *len, capacity - *len);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ict_err_system(err, path, "cannot read");
    if (n == 0) return ICT_OK;
    *len += (size_t)n;
  }
}

static bool is_gzip(const char *data, size_t len) {
  return len >= 2 && (unsigned char)data[0] == 0x1F && (unsigned char)data[1] == 0x8B;
}

static void *zlib_alloc(void *opaque, unsigned n, unsigned size) {
  (void)opaque;
  return ict_alloc(n, size);
}

static void zlib_free(void *opaque, void *p) {
  (void)opaque;
  ict_free(p);
}

static ict_status gzip_error(const char *path, size_t at, const char *what, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "%s (compressed byte %zu)", what, at);
  ict_err_at(err, path, 0, 0);
  ict_err_expected(err, "a whole gzip file");
  ict_err_fix(err, "fetch or copy the file again; `gzip -t` tells whether it is whole");
  return ICT_REFUSED;
}

/* Between members: are the remaining bytes only padding (as tapes and block devices leave)? */
static bool all_zero(const char *data, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (data[i]) return false;
  }
  return true;
}

/* All members of a gzip file, one after the other. */
static ict_status expand(const char *in, size_t in_len, size_t limit, const char *path, char **buf,
                         size_t *len, ict_err *err) {
  z_stream z = {.zalloc = zlib_alloc, .zfree = zlib_free};
  size_t taken = 0, capacity = 0;
  ict_status st = ICT_OK;
  if (inflateInit2(&z, 15 + 16) != Z_OK) return ict_err_memory(err);
  for (;;) { /* leaves by done, or by break at an early end */
    ICT_TRY(done, st, make_room(buf, *len, &capacity, limit, path, err));
    size_t in_left = in_len - taken, out_left = capacity - *len;
    uInt in_now = in_left > (1u << 30) ? 1u << 30 : (uInt)in_left;
    uInt out_now = out_left > (1u << 30) ? 1u << 30 : (uInt)out_left;
    z.next_in = (Bytef *)(uintptr_t)(in + taken);
    z.avail_in = in_now;
    z.next_out = (Bytef *)(*buf + *len);
    z.avail_out = out_now;
    int r = inflate(&z, Z_NO_FLUSH);
    taken += in_now - z.avail_in;
    *len += out_now - z.avail_out;
    if (r == Z_STREAM_END) {
      if (taken == in_len || all_zero(in + taken, in_len - taken)) {
        if (*len > limit) st = too_large(path, limit, err);
        goto done;
      }
      if (!is_gzip(in + taken, in_len - taken)) {
        st = gzip_error(path, taken, "bytes that are not gzip follow the compressed data", err);
        goto done;
      }
      inflateReset(&z);
    } else if (r == Z_MEM_ERROR) {
      st = ict_err_memory(err);
      goto done;
    } else if (r != Z_OK && r != Z_BUF_ERROR) {
      st = gzip_error(path, taken, z.msg ? z.msg : "the compressed data are damaged", err);
      goto done;
    }
    /* No input left, and zlib holds back nothing: it had room to write more. */
    if (r != Z_STREAM_END && taken == in_len && z.avail_out > 0) break;
  }
  st = gzip_error(path, taken, "the compressed data end too early", err);
done:
  inflateEnd(&z);
  return st;
}

ict_status ict_bytes_open(const char *path, size_t limit, bool hash, ict_bytes *out, ict_err *err) {
  ict_status st = ICT_OK;
  char *read_buf = NULL;
  struct stat info;
  const char *raw = "";
  size_t raw_len = 0;
  memset(out, 0, sizeof *out);
  out->data = "";
  if (limit == 0) limit = DEFAULT_LIMIT;
  if (limit >= PTRDIFF_MAX) limit = PTRDIFF_MAX - 1;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ict_err_open(err, path);
  out->impl = ict_alloc(1, sizeof *out->impl);
  if (!out->impl) {
    st = ict_err_memory(err);
    goto done;
  }
  if (fstat(fd, &info) != 0) {
    st = ict_err_system(err, path, "cannot read");
    goto done;
  }
  if (S_ISDIR(info.st_mode)) {
    st = ict_err_folder(err, path);
    goto done;
  }
  if (!S_ISREG(info.st_mode)) {
    ICT_TRY(done, st, read_all(fd, limit, path, &read_buf, &raw_len, err));
    raw = read_buf;
  } else if (info.st_size > 0 && (size_t)info.st_size <= SMALL_FILE) {
    ICT_TRY(done, st, read_small(fd, (size_t)info.st_size, path, &read_buf, &raw_len, err));
    raw = read_buf;
  } else if (info.st_size > 0) {
    void *mapped = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped == MAP_FAILED) {
      st = ict_err_system(err, path, "cannot map into memory");
      goto done;
    }
    out->impl->mapped = mapped;
    out->impl->mapped_len = raw_len = (size_t)info.st_size;
    raw = mapped;
    madvise(mapped, raw_len, MADV_SEQUENTIAL); /* only a hint */
  }
  out->file_size = raw_len;
  out->impl->raw = raw;
  if (hash) ict_bytes_hash(out);
  out->was_gzip = is_gzip(raw, raw_len);
  if (out->was_gzip) {
    size_t len = 0;
    ICT_TRY(done, st, expand(raw, raw_len, limit, path, &out->impl->buf, &len, err));
    out->data = out->impl->buf;
    out->len = len;
    out->impl->packed = read_buf;
  } else {
    out->data = raw;
    out->len = raw_len;
    out->impl->buf = read_buf;
  }
  read_buf = NULL;
done:
  close(fd);
  ict_free(read_buf);
  if (st != ICT_OK) ict_bytes_close(out);
  return st;
}

void ict_bytes_hash(ict_bytes *bytes) {
  if (bytes->sha256[0] == '\0') ict_sha256_of(bytes->impl->raw, bytes->file_size, bytes->sha256);
}

const char *ict_bytes_raw(const ict_bytes *bytes) { return bytes->impl->raw; }

void ict_bytes_replace(ict_bytes *bytes, char *data, size_t len, size_t file_size,
                       const char sha256[65]) {
  struct ict_bytes_impl *impl = bytes->impl;
  if (impl->mapped) munmap(impl->mapped, impl->mapped_len);
  ict_free(impl->buf);
  ict_free(impl->packed);
  *impl = (struct ict_bytes_impl){.buf = data, .raw = data};
  *bytes = (ict_bytes){.data = data, .len = len, .file_size = file_size, .impl = impl};
  memcpy(bytes->sha256, sha256, sizeof bytes->sha256);
}

void ict_bytes_close(ict_bytes *bytes) {
  if (bytes->impl) {
    if (bytes->impl->mapped) munmap(bytes->impl->mapped, bytes->impl->mapped_len);
    ict_free(bytes->impl->buf);
    ict_free(bytes->impl->packed);
    ict_free(bytes->impl);
  }
  memset(bytes, 0, sizeof *bytes);
  bytes->data = "";
}
