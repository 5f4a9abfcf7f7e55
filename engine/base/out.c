/* out.c - bytes out: to a file that appears whole or not at all, to standard output, or to
 * memory.
 *
 * In: bytes. Out: a renamed file, or the bytes. Owns: the temporary file until commit or
 * discard. A target that is no regular file (/dev/stdout, a pipe) is written in place: it
 * cannot be replaced, and renaming over /dev/null would be a disaster. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/c_locale.h"
#include "base/mem.h"
#include "base/stream.h"

#define BUFFER_BYTES ((size_t)64 << 10)
#define BEHIND_BYTES ((uint64_t)1 << 20)
#define TEMP_TRIES   100

typedef enum kind {
  TO_FILE,  /* temporary file, renamed on commit */
  TO_PATH,  /* the same, but written by someone else through its name */
  IN_PLACE, /* standard output, a device, a pipe */
  TO_MEMORY
} kind;

struct ict_out {
  kind kind;
  int fd;        /* -1: none */
  bool close_fd; /* false for standard output */
  char *target;  /* the path to appear; "-" for standard output */
  char *temp;    /* TO_FILE, TO_PATH */
  char *buf;
  size_t len, capacity;
  uint64_t written, sent; /* bytes with the kernel, and of these on their way to the disk */
  int failed;             /* errno of the first write that failed, 0: none */
};

static void free_out(ict_out *out) {
  if (!out) return;
  if (out->fd >= 0 && out->close_fd) close(out->fd);
  ict_free(out->target);
  ict_free(out->temp);
  ict_free(out->buf);
  ict_free(out);
}

static ict_out *new_out(kind k, const char *target) {
  ict_out *out = ict_alloc(1, sizeof *out);
  if (!out) return NULL;
  out->kind = k;
  out->fd = -1;
  out->target = ict_strdup(target);
  if (k != TO_PATH) {
    out->buf = ict_alloc(BUFFER_BYTES, 1);
    out->capacity = BUFFER_BYTES;
  }
  if (!out->target || (k != TO_PATH && !out->buf)) {
    free_out(out);
    return NULL;
  }
  return out;
}

/* ".name.tmp-XXXXXX" beside the target: the same file system, so that rename is atomic.
 * NULL where memory is short. */
static char *temp_name(const char *target) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
  unsigned char random[6];
  if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
    memset(random, 0, sizeof random); /* O_EXCL is the safeguard, not the dice */
  }
  size_t dir = (size_t)(ict_path_name(target) - target);
  size_t size = strlen(target) + sizeof "..tmp-XXXXXX";
  char *temp = ict_alloc(size, 1);
  if (!temp) return NULL;
  snprintf(temp, size, "%.*s.%s.tmp-", (int)dir, target, target + dir);
  size_t at = strlen(temp);
  for (size_t i = 0; i < sizeof random; i++) temp[at + i] = letters[random[i] % 32];
  return temp;
}

/* Not mkstemp: created with 0666 the file gets the user's umask without anyone having to
 * read (and for a moment clear) it, which no thread could do safely. */
static ict_status create_temp(ict_out *out, ict_err *err) {
  for (int i = 0; i < TEMP_TRIES; i++) {
    ict_free(out->temp);
    out->temp = temp_name(out->target);
    if (!out->temp) return ict_err_memory(err);
    out->fd = open(out->temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (out->fd >= 0) {
      out->close_fd = true;
      return ICT_OK;
    }
    if (errno != EEXIST) break;
  }
  int number = errno;
  ict_status st = ict_err_system(err, out->target, "cannot write here");
  if (number == ENOENT || number == ENOTDIR)
    ict_err_fix(err, "make its folder first, or name another");
  if (number == EACCES || number == EPERM || number == EROFS)
    ict_err_fix(err, "name a folder that you may write to");
  ict_free(out->temp);
  out->temp = NULL;
  return st;
}

/* Where the bytes shall end up: behind a symbolic link, its target. */
static ict_status resolve(const char *path, char **target, struct stat *st, bool *exists,
                          ict_err *err) {
  *exists = stat(path, st) == 0;
  if (*exists && S_ISDIR(st->st_mode)) {
    ict_err_set(err, ICT_FAIL, "is a folder, not a file");
    ict_err_at(err, path, 0, 0);
    ict_err_fix(err, "name a file in it");
    return ICT_FAIL;
  }
  char *real = *exists ? realpath(path, NULL) : NULL;
  *target = ict_strdup(real ? real : path);
  free(real); /* from the C library, not from ict_alloc */
  return *target ? ICT_OK : ict_err_memory(err);
}

static ict_status open_file(const char *path, kind k, ict_out **result, ict_err *err) {
  *result = NULL;
  if (!path[0]) {
    ict_err_set(err, ICT_USAGE, "the output has no name");
    ict_err_fix(err, "name a file with -o, or - for standard output");
    return ICT_USAGE;
  }
  struct stat info;
  bool exists;
  char *target = NULL;
  ict_out *out = NULL;
  ict_status st = resolve(path, &target, &info, &exists, err);
  if (st != ICT_OK) return st;
  if (exists && !S_ISREG(info.st_mode)) {
    if (k == TO_PATH) {
      st = ict_err_set(err, ICT_FAIL, "is not a regular file");
      ict_err_at(err, path, 0, 0);
      ict_err_fix(err, "name a file on a disk");
      goto done;
    }
    k = IN_PLACE;
  }
  out = new_out(k, target);
  if (!out) {
    st = ict_err_memory(err);
    goto done;
  }
  if (k == IN_PLACE) {
    out->fd = open(path, O_WRONLY | O_CLOEXEC);
    out->close_fd = true;
    if (out->fd < 0) st = ict_err_system(err, path, "cannot open for writing");
    goto done;
  }
  if (exists && access(target, W_OK) != 0) {
    st = ict_err_system(err, path, "cannot overwrite");
    goto done;
  }
  ICT_TRY(done, st, create_temp(out, err));
  /* A file that was made private stays private. */
  if (exists && fchmod(out->fd, info.st_mode & 0777) != 0) {
    st = ict_err_system(err, path, "cannot keep its permissions");
  }
done:
  ict_free(target);
  if (st != ICT_OK) {
    ict_out_discard(out);
    out = NULL;
  }
  *result = out;
  return st;
}

ict_status ict_out_open(const char *path, ict_out **out, ict_err *err) {
  if (strcmp(path, "-") != 0) return open_file(path, TO_FILE, out, err);
  *out = new_out(IN_PLACE, path);
  if (!*out) return ict_err_memory(err);
  (*out)->fd = STDOUT_FILENO;
  return ICT_OK;
}

ict_status ict_out_try(const char *path, ict_err *err) {
  struct stat info;
  if (strcmp(path, "-") == 0) return ICT_OK;
  /* Opening a pipe would wait for its reader, and may be done once. */
  if (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) return ICT_OK;
  ict_out *out;
  ict_status st = open_file(path, TO_FILE, &out, err);
  ict_out_discard(out);
  return st;
}

ict_status ict_out_memory(ict_out **out, ict_err *err) {
  *out = new_out(TO_MEMORY, "");
  return *out ? ICT_OK : ict_err_memory(err);
}

ict_status ict_out_open_path(const char *path, ict_out **out, ict_err *err) {
  *out = NULL;
  if (strcmp(path, "-") == 0) {
    ict_err_set(err, ICT_USAGE, "this format cannot be written to standard output");
    ict_err_fix(err, "name a file with -o");
    return ICT_USAGE;
  }
  ict_status st = open_file(path, TO_PATH, out, err);
  if (st == ICT_OK) { /* the name is taken; the bytes come through someone else's handle */
    close((*out)->fd);
    (*out)->fd = -1;
  }
  return st;
}

const char *ict_out_path(const ict_out *out) { return out->temp; }

bool ict_out_is_terminal(const ict_out *out) { return out->fd >= 0 && isatty(out->fd); }

/* What is written goes to the disk while more is being made, so that the sync before the renaming
 * finds little to do. A hint: whether it is heeded is asked by that sync. */
static void send(ict_out *out) {
#if defined(SYNC_FILE_RANGE_WRITE)
  if (out->kind != TO_FILE || out->written - out->sent < BEHIND_BYTES) return;
  int kept = errno;
  sync_file_range(out->fd, (off_t)out->sent, (off_t)(out->written - out->sent),
                  SYNC_FILE_RANGE_WRITE);
  errno = kept;
  out->sent = out->written;
#else
  (void)out;
#endif
}

static void write_all(ict_out *out, const char *bytes, size_t len) {
  while (len > 0 && !out->failed) {
    ssize_t n = write(out->fd, bytes, len);
    if (n < 0) {
      if (errno != EINTR) out->failed = errno;
    } else {
      bytes += n;
      len -= (size_t)n;
      out->written += (uint64_t)n;
    }
  }
  send(out);
}

static void flush(ict_out *out) {
  write_all(out, out->buf, out->len);
  out->len = 0;
}

/* Memory streams keep one byte free for the terminator. */
static void grow(ict_out *out, size_t more) {
  size_t wanted = out->capacity;
  while (wanted - out->len <= more && wanted <= SIZE_MAX / 2) wanted *= 2;
  char *grown = wanted - out->len > more ? ict_realloc(out->buf, wanted, 1) : NULL;
  if (!grown) {
    out->failed = ENOMEM;
    return;
  }
  out->buf = grown;
  out->capacity = wanted;
}

void ict_out_write(ict_out *out, const void *bytes, size_t len) {
  if (out->failed || len == 0) return;
  if (len >= out->capacity - out->len) {
    if (out->kind == TO_MEMORY) {
      grow(out, len);
      if (out->failed) return;
    } else {
      flush(out);
      if (len >= out->capacity) {
        write_all(out, bytes, len);
        return;
      }
    }
  }
  memcpy(out->buf + out->len, bytes, len);
  out->len += len;
}

void ict_out_text(ict_out *out, const char *text) { ict_out_write(out, text, strlen(text)); }

void ict_out_printf(ict_out *out, const char *fmt, ...) {
  char small[512];
  va_list args, again;
  va_start(args, fmt);
  va_copy(again, args);
  int len = ict_vformat(small, sizeof small, fmt, args);
  if (len < 0) {
    if (!out->failed) out->failed = errno;
  } else if ((size_t)len < sizeof small) {
    ict_out_write(out, small, (size_t)len);
  } else {
    char *large = ict_alloc((size_t)len + 1, 1);
    if (large) {
      ict_vformat(large, (size_t)len + 1, fmt, again);
      ict_out_write(out, large, (size_t)len);
    } else if (!out->failed) {
      out->failed = ENOMEM;
    }
    ict_free(large);
  }
  va_end(again);
  va_end(args);
}

static const char *shown(const ict_out *out) {
  return strcmp(out->target, "-") == 0 ? "standard output" : out->target;
}

/* Whether everything written got as far as the kernel. */
static ict_status check_written(ict_out *out, ict_err *err) {
  if (!out->failed) return ICT_OK;
  if (out->failed == ENOMEM) return ict_err_memory(err);
  errno = out->failed;
  return ict_err_system(err, shown(out), "cannot write");
}

/* So that the new name survives a power cut too. The file is in place by now, so a file
 * system that cannot sync a folder is no failure. */
static void sync_folder(const char *path) {
  char *dir = ict_path_dir(path);
  int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (fd >= 0) {
    fsync(fd);
    close(fd);
  }
  ict_free(dir);
}

/* Some file systems (network, FUSE) cannot sync; that is theirs to answer for. */
static bool synced(int fd) { return fsync(fd) == 0 || errno == EINVAL || errno == ENOSYS; }

static ict_status commit_file(ict_out *out, ict_err *err) {
  if (out->kind == TO_PATH) {
    out->fd = open(out->temp, O_RDONLY | O_CLOEXEC);
    out->close_fd = true;
    if (out->fd < 0) return ict_err_system(err, shown(out), "cannot find what was written");
  }
  if (!synced(out->fd)) return ict_err_system(err, shown(out), "cannot write to the disk");
  int fd = out->fd;
  out->fd = -1;
  if (close(fd) != 0) return ict_err_system(err, shown(out), "cannot write to the disk");
  if (rename(out->temp, out->target) != 0) {
    return ict_err_system(err, shown(out), "cannot put the file in its place");
  }
  ict_free(out->temp);
  out->temp = NULL;
  sync_folder(out->target);
  return ICT_OK;
}

ict_status ict_out_commit(ict_out *out, ict_err *err) {
  ict_status st = ICT_OK;
  if (out->kind == TO_FILE || out->kind == IN_PLACE) flush(out);
  ICT_TRY(done, st, check_written(out, err));
  if (out->kind == TO_FILE || out->kind == TO_PATH) st = commit_file(out, err);
done:
  ict_out_discard(out);
  return st;
}

void ict_out_discard(ict_out *out) {
  if (!out) return;
  if (out->temp) unlink(out->temp);
  free_out(out);
}

char *ict_out_take(ict_out *out, size_t *len, ict_err *err) {
  char *bytes = NULL;
  *len = 0;
  if (check_written(out, err) == ICT_OK) {
    bytes = out->buf;
    *len = out->len;
    bytes[out->len] = '\0';
    out->buf = NULL;
  }
  ict_out_discard(out);
  return bytes;
}

void ict_out_move(ict_out *memory, ict_out *out) {
  if (memory->failed && !out->failed) out->failed = memory->failed;
  ict_out_write(out, memory->buf, memory->len);
  memory->len = 0;
}
