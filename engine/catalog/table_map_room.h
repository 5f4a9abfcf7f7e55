/* table_map_room.h - what the readers of a table's mapping share. Not for other rooms. */
#ifndef ICT_CATALOG_TABLE_MAP_ROOM_H
#define ICT_CATALOG_TABLE_MAP_ROOM_H

#include "catalog/mapping_room.h"
#include "catalog/table_map.h"

typedef struct ict_table_reader {
  ict_reader *r;
  const ict_catalog *catalog;
  size_t n_known; /* names that an axis may have */
  const char **known;
  size_t n_axes; /* those that the mapping uses, as far as it is read; room for n_known */
  const char **axes;
} ict_table_reader;

/* The role or axis of a name, -1 where it is none. An axis is in use from then on. */
long ict_table_role(ict_table_reader *t, const char *name);
/* Records "no role 'x'", with the nearest as the fix. */
void ict_table_no_role(ict_table_reader *t, const ict_node *at, const char *name);
/* The keys of a map that are roles: those of columns (numbers, where `columns` is given) and the
 * others, constants. `known` keys (NULL-terminated) are not looked at. False where one is wrong. */
bool ict_table_says(ict_table_reader *t, const ict_node *map, const char *const *known,
                    const ict_table_column **columns, size_t *n_columns,
                    const ict_table_constant **constants, size_t *n_constants);

/* One entry of `files:`, with the form it names. */
void ict_table_file_read(ict_table_reader *t, const ict_node *name, const ict_node *body,
                         ict_table_file *out);
/* `series:` of a file. */
void ict_table_series_read(ict_table_reader *t, const ict_node *name, const ict_node *body,
                           ict_table_file *out);

#endif
