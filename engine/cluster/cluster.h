/* cluster.h - the same pass on many machines, by MPI.
 *
 * Every process opens the store and makes the plans itself. A plan's segments (scan/scan.h) are
 * shared out in runs; each process scans its own, and process 0 joins them all in order: the bytes
 * of one process, for any number. HDF5 is only read, by each process for itself. */
#ifndef ICT_CLUSTER_CLUSTER_H
#define ICT_CLUSTER_CLUSTER_H

#include "ictstat/compute.h"

/* Joins the other processes; argc and argv as main has them. */
void ict_cluster_begin(int *argc, char ***argv);
int ict_cluster_rank(void);
/* "process 2 of 4 on HOST" */
void ict_cluster_name(char *text, size_t size);

/* Every process says how far it came: a status. The first of process 0, then the worst of all. To
 * be called once by each, before ict_cluster_compute. */
void ict_cluster_agree(ict_status mine, ict_status *of_first, ict_status *worst);

/* ict_compute by all processes. Process 0 gets the table, the others NULL. *all_know: it failed
 * before the work began, and every process was told so. */
ict_status ict_cluster_compute(const ict_store *store, const ict_catalog *catalog,
                               const ict_request *request, bool *all_know, ict_table **out,
                               ict_findings *findings, ict_err *err);

/* Leaves in good order: every process must call it. */
void ict_cluster_end(void);
/* Ends all processes at once. */
void ict_cluster_abort(int code);

#endif
