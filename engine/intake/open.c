/* open.c - a file of a mapping, or a list of files whose rows follow one another, as one source.
 *
 * In: what the mapping says of it. Out: a source, and what to call it. */
#include "intake/open.h"

#include "base/stream.h"

const char *ict_mapped_name(const ict_map_file *file, ict_arena *arena) {
  const char *name = ict_arena_strdup(arena, ict_path_name(file->path));
  for (size_t i = 0; i < file->n_more && name; i++)
    name = ict_arena_printf(arena, "%s + %s", name, ict_path_name(file->more[i]));
  return name;
}

static const char *join(const char *folder, const char *path, ict_arena *arena) {
  char *joined = ict_path_join(folder, path);
  const char *kept = joined ? ict_arena_strdup(arena, joined) : NULL;
  ict_free(joined);
  return kept;
}

ict_status ict_mapped_open(const ict_map_file *file, const char *data_dir, const char *mapping,
                           bool hash, ict_arena *arena, ict_source **out, const char **path,
                           ict_err *err) {
  char *folder = ict_path_start(data_dir, mapping);
  const char **more = ict_arena_alloc(arena, file->n_more, sizeof *more);
  const char *first = folder ? join(folder, file->path, arena) : NULL;
  bool good = first && more;
  *out = NULL;
  *path = first;
  for (size_t i = 0; i < file->n_more && good; i++) {
    more[i] = join(folder, file->more[i], arena);
    *path = more[i] ? ict_arena_printf(arena, "%s + %s", *path, more[i]) : NULL;
    good = *path != NULL;
  }
  ict_free(folder);
  if (!good) return ict_err_memory(err);
  const ict_source_options options = {.path = first,
                                      .format = file->format,
                                      .encoding = file->encoding,
                                      .delimiter = file->delimiter,
                                      .decimal = file->decimal,
                                      .quote = file->quote,
                                      .no_header = file->no_header,
                                      .hash = hash,
                                      .more = more,
                                      .n_more = file->n_more};
  ict_status st = ict_source_open(&options, out, err);
  if (st == ICT_OK) return st;
  ict_err_mapped_path(err, first);
  for (size_t i = 0; i < file->n_more; i++) ict_err_mapped_path(err, more[i]);
  return st;
}
