/* computing.h - what the commands that compute from a store begin and end with. */
#ifndef ICT_CLI_COMPUTING_H
#define ICT_CLI_COMPUTING_H

#include "cli/cli.h"
#include "ictstat/compute.h"

typedef ict_status computing_fn(void *ctx, const ict_store *store, const ict_catalog *catalog,
                                const ict_request *request, ict_findings *findings, ict_err *err);

/* Opens the catalogue and the store, reads the request that `asked` makes, calls `work`, and tells
 * what there is to tell as `a` wants it. Returns an exit code. */
int computing(const args *a, const args *asked, const char *store, computing_fn *work, void *ctx);

#endif
