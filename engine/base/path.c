/* path.c - pieces of paths. */
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/stream.h"

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
