/* spread.c - one process; under mpirun, the program for many.
 *
 * In: the environment that mpirun sets. Out: nothing, or another program in this one's place.
 * MPI takes longer to load than most computations take, so the command does without it. */
#include "cli/spread.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* OpenMPI, MPICH and those like it. */
static bool under_mpirun(void) {
  const char *size = getenv("OMPI_COMM_WORLD_SIZE");
  if (!size) size = getenv("PMI_SIZE");
  return size && atoi(size) > 1;
}

int spread_begin(int *argc, char ***argv) {
  (void)argc;
  if (!under_mpirun()) return -1;
  static const char suffix[] = "-mpi";
  char path[4096];
  ssize_t len = readlink("/proc/self/exe", path, sizeof path - sizeof suffix);
  if (len > 0) {
    memcpy(path + len, suffix, sizeof suffix);
    execv(path, *argv);
  }
  fprintf(stderr,
          "ictstat: error: mpirun started several processes, but 'ictstat-mpi' is not beside "
          "'ictstat': %s\n"
          "  fix: build with OpenMPI's development files (Debian: libopenmpi-dev), or use "
          "`compute --part` and `merge`\n",
          strerror(errno));
  return ICT_FAIL;
}

int spread_may_run(const args *a) {
  (void)a;
  return -1;
}

bool spread_writes(void) { return true; }

ict_status spread_compute(const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_table **table, ict_findings *findings,
                          ict_err *err) {
  return ict_compute(store, catalog, request, table, findings, err);
}

int spread_end(int code) { return code; }
