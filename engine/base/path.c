/* path.c - pieces of paths. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/stream.h"
#include "base/text.h"

char *ict_path_join(const char *dir, const char *name) {
  /* "./hh.csv" is hh.csv, and messages read better without the dot. */
  if (name[0] == '/' || dir[0] == '\0' || strcmp(dir, ".") == 0) return ict_strdup(name);
  size_t n_dir = strlen(dir), n_name = strlen(name);
  bool slash = dir[n_dir - 1] != '/';
  char *path = ict_alloc(n_dir + slash + n_name + 1, 1);
  if (!path) return NULL;
  memcpy(path, dir, n_dir);
  if (slash) path[n_dir] = '/';
  memcpy(path + n_dir + slash, name, n_name);
  return path;
}

ict_status ict_path_apart(const char *output, const char *input, ict_err *err) {
  struct stat out, in;
  if (stat(output, &out) != 0 || stat(input, &in) != 0) return ICT_OK;
  if (!S_ISREG(out.st_mode) || out.st_dev != in.st_dev || out.st_ino != in.st_ino) return ICT_OK;
  ict_err_set(err, ICT_USAGE, "the output would replace the input '%s'", input);
  ict_err_at(err, output, 0, 0);
  ict_err_fix(err, "name another file with -o");
  return ICT_USAGE;
}

char *ict_path_dir(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash) return ict_strdup(".");
  return slash == path ? ict_strdup("/") : ict_strndup(path, (size_t)(slash - path));
}

const char *ict_path_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

char *ict_path_start(const char *given, const char *file) {
  return given ? ict_strdup(given) : ict_path_dir(file);
}

/* Folders that both paths begin with: the length of "/a/b" of "/a/b/c" and "/a/b/d", 0 of "/". */
static size_t common_folders(const char *a, const char *b) {
  size_t common = 0;
  for (size_t i = 0;; i++) {
    bool ends_a = a[i] == '\0' || a[i] == '/', ends_b = b[i] == '\0' || b[i] == '/';
    if (ends_a && ends_b) common = i;
    if (a[i] == '\0' || a[i] != b[i]) return common;
  }
}

ict_status ict_path_from(const char *folder, const char *path, char **out, ict_err *err) {
  char from[PATH_MAX], to[PATH_MAX];
  char *dir = ict_path_dir(path);
  ict_str s;
  ict_status st = ICT_OK;
  *out = NULL;
  ict_str_init(&s);
  if (!dir) {
    st = ict_err_memory(err);
  } else if (!realpath(folder, from)) {
    st = ict_err_system(err, folder, "cannot find the folder");
  } else if (!realpath(dir, to)) {
    st = ict_err_system(err, path, "cannot find the folder of the file");
  }
  if (st != ICT_OK) goto done;
  if (from[1] == '\0') from[0] = '\0'; /* the root, as the folder above "/a" */
  if (to[1] == '\0') to[0] = '\0';
  size_t common = common_folders(from, to);
  for (const char *up = from + common; *up; up++)
    if (*up == '/') ict_str_add(&s, "../");
  if (to[common]) ict_str_addf(&s, "%s/", to + common + 1);
  ict_str_add(&s, ict_path_name(path));
  *out = s.failed ? NULL : ict_strdup(s.text);
  if (!*out) st = ict_err_memory(err);
done:
  ict_str_done(&s);
  ict_free(dir);
  return st;
}
