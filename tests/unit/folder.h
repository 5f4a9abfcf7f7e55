/* folder.h - a folder of its own for each test that touches the disk. */
#ifndef ICT_TEST_FOLDER_H
#define ICT_TEST_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct folder {
  char path[256];
  char file[512]; /* of the last folder_file */
} folder;

static inline folder folder_make(void) {
  folder f = {{0}, {0}};
  const char *tmp = getenv("TMPDIR");
  snprintf(f.path, sizeof f.path, "%s/ictstat-test-XXXXXX", tmp ? tmp : "/tmp");
  if (!mkdtemp(f.path)) abort();
  return f;
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

/* With the files in it; it has no folders in it. */
static inline void folder_remove(folder *f) {
  DIR *dir = opendir(f->path);
  if (!dir) return;
  for (struct dirent *e; (e = readdir(dir));) {
    if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) unlink(folder_file(f, e->d_name));
  }
  closedir(dir);
  rmdir(f->path);
}

#endif
