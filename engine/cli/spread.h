/* spread.h - where a computation runs: in this process, or, under mpirun, in all processes that it
 * started. Two files have these functions: spread.c for `ictstat`, spread_mpi.c for `ictstat-mpi`,
 * which `ictstat` becomes under mpirun. */
#ifndef ICT_CLI_SPREAD_H
#define ICT_CLI_SPREAD_H

#include "cli/cli.h"
#include "ictstat/compute.h"

/* Before anything else. -1, or an exit code. */
int spread_begin(int *argc, char ***argv);
/* Whether the command can run here; an exit code, or -1. */
int spread_may_run(const args *a);
/* Whether this process writes the result. */
bool spread_writes(void);
/* ict_compute. *table is NULL where another process writes the result. */
ict_status spread_compute(const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_table **table, ict_findings *findings,
                          ict_err *err);
/* After everything else, with the command's exit code; returns the process's. */
int spread_end(int code);

#endif
