/* take_in.h - what import and check share: run the import, show its findings. */
#ifndef ICT_CLI_TAKE_IN_H
#define ICT_CLI_TAKE_IN_H

#include "cli/cli.h"

/* output NULL: check only. Returns the exit code. */
int take_in(const args *a, const char *output);

#endif
