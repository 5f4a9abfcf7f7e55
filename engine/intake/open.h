/* open.h - the files that a mapping names, opened: of surveys, of tables, of population totals. */
#ifndef ICT_INTAKE_OPEN_H
#define ICT_INTAKE_OPEN_H

#include "base/mem.h"
#include "catalog/mapping.h"
#include "source/source.h"

/* data_dir: where paths start; NULL: in the folder of `mapping`, the mapping's own path.
 * hash: as in ict_source_options. *path: in the arena, for messages: of several files all,
 * "data/a.csv + data/b.csv"; NULL only where memory is short. */
ict_status ict_mapped_open(const ict_map_file *file, const char *data_dir, const char *mapping,
                           bool hash, ict_arena *arena, ict_source **out, const char **path,
                           ict_err *err);
/* The same without folders, "a.csv + b.csv", in the arena; NULL where memory is short. */
const char *ict_mapped_name(const ict_map_file *file, ict_arena *arena);

#endif
