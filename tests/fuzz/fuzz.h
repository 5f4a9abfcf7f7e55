/* fuzz.h - what the harnesses share: the input as a string, and as a file. */
#ifndef ICT_TEST_FUZZ_H
#define ICT_TEST_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline char *fuzz_text(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  if (!text) abort();
  memcpy(text, data, size);
  text[size] = '\0';
  return text;
}

/* One file a process, written anew for each input, where run.sh cleans up. */
static inline const char *fuzz_file(const uint8_t *data, size_t size, const char *suffix) {
  static char path[256];
  const char *tmp = getenv("TMPDIR");
  snprintf(path, sizeof path, "%s/ictstat-fuzz-%d%s", tmp ? tmp : "/tmp", (int)getpid(), suffix);
  FILE *f = fopen(path, "wb");
  if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0) abort();
  return path;
}

#endif
