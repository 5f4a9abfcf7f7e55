/* working.h - what the commands that need the catalogue begin and end with. */
#ifndef ICT_CLI_WORKING_H
#define ICT_CLI_WORKING_H

#include "cli/cli.h"
#include "ictstat/catalog.h"

typedef ict_status working_fn(void *ctx, const ict_catalog *catalog, ict_findings *findings,
                              ict_err *err);

/* Opens the catalogue that `asked` names, calls `work`, and tells what there is to tell as `a`
 * wants it. Returns an exit code. */
int working(const args *a, const args *asked, working_fn *work, void *ctx);
/* For work that uses no other indicators than these; none named: all. */
int working_for(const args *a, const args *asked, const char *const *ids, size_t n_ids,
                working_fn *work, void *ctx);

#endif
