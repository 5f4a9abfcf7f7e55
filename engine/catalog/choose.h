/* choose.h - reading only those of the indicators' files that are asked for. */
#ifndef ICT_CATALOG_CHOOSE_H
#define ICT_CATALOG_CHOOSE_H

#include "catalog/room.h"

typedef void ict_load_fn(ict_reader *r, ict_catalog *catalog, const char *path);

enum { ICT_SIGHT_ID = 63 };

/* The id of a file that is seen to be an indicator's, by its first lines; false, and "": it is to
 * be read. */
bool ict_id_at_sight(const char *path, char id[ICT_SIGHT_ID + 1]);
/* Puts such a file on the list. False: memory, recorded. */
bool ict_put_aside(ict_reader *r, const char *id, const char *path, ict_list *files);
/* Loads those with the ids, those that they or other trees of the catalogue stand on, and those
 * whose id another tree has too; all of them where something is asked for that is not there. */
void ict_load_chosen(ict_reader *r, ict_catalog *catalog, ict_list *files, const char *const *ids,
                     size_t n_ids, ict_load_fn *load);

#endif
