/* draft.h - a first mapping from names and labels: `ictstat map init`.
 *
 * In: data files, the catalogue, the hints. Out: mapping text. Guesses are marked `# ?`, and
 * what cannot be guessed is written FILL_IN, which `ictstat check` refuses, so that nobody takes a
 * draft for a mapping. Value labels are used; cell data is read only to list the codes of the
 * coded variables that were recognised. */
#ifndef ICT_INTAKE_DRAFT_H
#define ICT_INTAKE_DRAFT_H

#include "base/stream.h"
#include "catalog/catalog.h"
#include "source/source.h"

/* folder: where the draft will lie, from which it names the files; NULL where that is not known: by
 * their bare names. */
ict_status ict_draft_mapping(const ict_catalog *catalog, const ict_source_options *files, size_t n,
                             const char *folder, ict_out *out, ict_err *err);

#endif
