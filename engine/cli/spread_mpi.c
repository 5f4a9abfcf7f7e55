/* spread_mpi.c - all processes that mpirun started; the first one speaks and writes.
 *
 * In: the command's exit code in every process. Out: one voice.
 * Owns: what the other processes would have said, in a file without a name, until it is known
 * whether process 0 says the same. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/spread.h"
#include "cluster/cluster.h"

typedef struct voice {
  FILE *said;  /* in place of standard error; NULL: process 0, which speaks */
  int stderr_; /* the real one */
  bool agreed;
  bool all_know; /* every process ends with a failure: none waits for another */
} voice;

static voice own = {.stderr_ = STDERR_FILENO};

int spread_begin(int *argc, char ***argv) {
  ict_cluster_begin(argc, argv);
  if (ict_cluster_rank() == 0) return -1;
  own.said = tmpfile();
  own.stderr_ = dup(STDERR_FILENO);
  if (own.said && own.stderr_ >= 0) dup2(fileno(own.said), STDERR_FILENO);
  if (!freopen("/dev/null", "w", stdout)) fclose(stdout);
  return -1;
}

int spread_may_run(const args *a) {
  if (a->command->run == run_COMPUTE && !has(a, OPT_PART)) return -1;
  return usage_error(a, "under mpirun only `compute` can be used, and not with --part");
}

/* Says what this process had to say where process 0 does not say the same. */
static void speak(void) {
  char line[1024], name[256];
  if (!own.said) return;
  fflush(stderr);
  rewind(own.said);
  FILE *real = fdopen(own.stderr_, "w");
  ict_cluster_name(name, sizeof name);
  while (real && fgets(line, sizeof line, own.said)) fprintf(real, "%s: %s", name, line);
  if (real) fflush(real);
}

/* Once. False where some process cannot go on. */
static bool agree(ict_status mine) {
  ict_status of_first, worst;
  own.agreed = true;
  ict_cluster_agree(mine, &of_first, &worst);
  if (mine != ICT_OK && of_first == ICT_OK) speak();
  return worst == ICT_OK;
}

bool spread_writes(void) { return ict_cluster_rank() == 0; }

ict_status spread_compute(const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_table **table, ict_findings *findings,
                          ict_err *err) {
  *table = NULL;
  if (agree(ICT_OK))
    return ict_cluster_compute(store, catalog, request, &own.all_know, table, findings, err);
  own.all_know = true;
  ict_err_set(err, ICT_FAIL, "another process could not begin");
  ict_err_fix(err, "see what it says; every process must reach the same files");
  return ICT_FAIL;
}

int spread_end(int code) {
  bool together = own.agreed; /* else all processes ended before the work, and meet here */
  if (!together) agree((ict_status)code);
  if (together && code != ICT_OK && !own.all_know && ict_cluster_rank() == 0) {
    fflush(stderr);
    ict_cluster_abort(code); /* the others may be waiting for this one */
  }
  ict_cluster_end();
  return code;
}
