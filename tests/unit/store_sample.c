/* store_sample.c - for tests/store_h5py.py and the examples in docs/store.md:
 *
 *     store_sample write PATH     writes the data set of test_store_fixture.h
 *     store_sample verify PATH    prints what ict_store_verify finds */
#include "test_store_fixture.h"

static ict_status write_sample(const char *path, ict_err *err) {
  fixture x;
  fixture_init(&x);
  return ict_store_write(path, x.frames, 2, &provenance, 2, NULL, err);
}

static ict_status verify(const char *path, ict_err *err) {
  char text[4096];
  ict_findings *findings = ict_findings_new();
  ict_status st = ict_store_verify(path, findings, err);
  for (size_t i = 0; i < ict_findings_count(findings); i++) {
    ict_findings_text(findings, i, text, sizeof text);
    fputs(text, stdout);
  }
  ict_findings_free(findings);
  return st;
}

int main(int argc, char **argv) {
  ict_err err;
  ict_status st = ICT_USAGE;
  char text[4096];
  if (argc == 3 && strcmp(argv[1], "write") == 0) {
    st = write_sample(argv[2], &err);
  } else if (argc == 3 && strcmp(argv[1], "verify") == 0) {
    st = verify(argv[2], &err);
  } else {
    ict_err_set(&err, ICT_USAGE, "usage: store_sample write|verify PATH");
  }
  if (st != ICT_OK) {
    ict_err_text(&err, text, sizeof text);
    fputs(text, stderr);
  }
  return (int)st;
}
