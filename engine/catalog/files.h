/* files.h - the files of a catalogue, found below its folders and made into trees. */
#ifndef ICT_CATALOG_FILES_H
#define ICT_CATALOG_FILES_H

#include "catalog/room.h"

/* Adds the trees of all files to catalog->yamls: those of `dir`, then those of `extra`, in the
 * order of their names; problems go to the reader in that order too. ids: not NULL where of the
 * indicators of `dir` only these are wanted, and what they stand on. */
void ict_load_files(ict_reader *r, ict_catalog *catalog, const char *dir, const char *const *extra,
                    size_t n_extra, const char *const *ids, size_t n_ids);

#endif
