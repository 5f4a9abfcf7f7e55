/* where.h - where the data files that come with the program live. */
#ifndef ICT_BASE_WHERE_H
#define ICT_BASE_WHERE_H

/* The folder that holds `indicators/` and `datasets/`: $ICTSTAT_DATA where it is set, else
 * the installed folder where there is one, else the source tree of the build. Borrowed,
 * never NULL; that the folder exists is for the opening of a file in it to find out. */
const char *ict_data_dir(void);

#endif
