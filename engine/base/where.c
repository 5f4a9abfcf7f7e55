/* where.c - finding the data files; the two folders are fixed by the build. */
#include "base/where.h"

#include <stdlib.h>
#include <unistd.h>

const char *ict_data_dir(void) {
  const char *set = getenv("ICTSTAT_DATA");
  if (set && set[0]) return set;
  return access(ICTSTAT_DATA_INSTALLED "/indicators", R_OK) == 0 ? ICTSTAT_DATA_INSTALLED
                                                                 : ICTSTAT_DATA_SOURCE;
}
