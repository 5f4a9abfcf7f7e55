/* folder.h - folders and files for tests that touch the disk.
 *
 * All lie in one temporary folder of the program's, which goes when the program ends, also where
 * a test has failed half way. */
#ifndef ICT_TEST_FOLDER_H
#define ICT_TEST_FOLDER_H

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct folder {
  char path[256];
  char file[512]; /* of the last folder_file */
} folder;

static struct {
  char path[200];
  pid_t owner; /* a child that ends leaves it alone */
} folder_root;

static inline int folder_remove_one(const char *path, const struct stat *info, int type,
                                    struct FTW *at) {
  (void)info;
  (void)type;
  (void)at;
  return remove(path);
}

static inline void folder_remove_root(void) {
  if (getpid() == folder_root.owner)
    nftw(folder_root.path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline const char *folder_of_all(void) {
  if (folder_root.path[0]) return folder_root.path;
  const char *tmp = getenv("TMPDIR");
  snprintf(folder_root.path, sizeof folder_root.path, "%s/ictstat-test-XXXXXX", tmp ? tmp : "/tmp");
  if (!mkdtemp(folder_root.path)) abort();
  folder_root.owner = getpid();
  atexit(folder_remove_root);
  return folder_root.path;
}

static inline folder folder_make(void) {
  folder f = {{0}, {0}};
  snprintf(f.path, sizeof f.path, "%s/XXXXXX", folder_of_all());
  if (!mkdtemp(f.path)) abort();
  return f;
}

/* A path in the folder of all, for tests that need no folder of their own; good for three more
 * calls. */
static inline const char *scratch(const char *name) {
  static char path[4][256];
  static int next;
  char *p = path[next++ % 4];
  snprintf(p, sizeof path[0], "%s/%s", folder_of_all(), name);
  return p;
}

/* The path of a name in it; good until the next call. */
static inline const char *folder_file(folder *f, const char *name) {
  snprintf(f->file, sizeof f->file, "%s/%s", f->path, name);
  return f->file;
}

static inline const char *folder_write(folder *f, const char *name, const void *bytes, size_t len) {
  FILE *file = fopen(folder_file(f, name), "wb");
  if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0) abort();
  return f->file;
}

/* Terminated; the caller frees. NULL where there is no such file. */
static inline char *folder_read(folder *f, const char *name, size_t *len) {
  FILE *file = fopen(folder_file(f, name), "rb");
  if (len) *len = 0;
  if (!file) return NULL;
  size_t room = (size_t)1 << 20, n;
  char *text = malloc(room + 1);
  if (!text) abort();
  n = fread(text, 1, room, file);
  text[n] = '\0';
  if (len) *len = n;
  fclose(file);
  return text;
}

static inline size_t folder_count(const folder *f) {
  DIR *dir = opendir(f->path);
  size_t n = 0;
  if (!dir) return 0;
  for (struct dirent *e; (e = readdir(dir));)
    n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
  closedir(dir);
  return n;
}

/* With all in it. */
static inline void folder_remove(folder *f) {
  nftw(f->path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
