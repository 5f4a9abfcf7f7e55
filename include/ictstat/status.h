/* status.h - what every function that can fail returns.
 *
 * The values are also the exit codes of the command, so a failure keeps its
 * meaning from the deepest room to the shell. Belongs to: engine/base. */
#ifndef ICTSTAT_STATUS_H
#define ICTSTAT_STATUS_H

typedef enum ict_status {
  ICT_OK = 0,      /* done */
  ICT_FAIL = 1,    /* the machine: I/O, memory */
  ICT_USAGE = 2,   /* the call or the command line */
  ICT_REFUSED = 3, /* an input (data, mapping, definition) that cannot be taken as it is */
  ICT_DIFFER = 4,  /* a comparison or a check found differences */
  ICT_UNSAFE = 5,  /* a disclosure rule forbids the output */
  ICT_PARTLY = 6   /* a batch of which some jobs failed */
} ict_status;

#endif
