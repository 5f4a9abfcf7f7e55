/* info.c - what an open store tells about itself. All answers are borrowed from it. */
#include <string.h>

#include "store/handle.h"

const char *ict_store_survey(const ict_store *store) { return store->provenance.survey; }

const char *ict_store_title(const ict_store *store) {
  const ict_provenance *p = &store->provenance;
  return p->title ? p->title : p->survey;
}

const ict_provenance *ict_store_provenance(const ict_store *store) { return &store->provenance; }

const char *ict_store_content_sha256(const ict_store *store) { return store->content_sha256; }

size_t ict_store_units(const ict_store *store) { return store->n_units; }

const ict_frame *ict_store_frame_at(const ict_store *store, size_t i) {
  return i < store->n_units ? &store->frames[i] : NULL;
}

/* Index of the unit, or n_units. */
static size_t find_unit(const ict_store *store, const char *unit) {
  size_t i = 0;
  while (i < store->n_units && strcmp(store->frames[i].unit, unit) != 0) i++;
  return i;
}

const ict_frame *ict_store_frame_of(const ict_store *store, const char *unit) {
  return ict_store_frame_at(store, find_unit(store, unit));
}

const char *ict_store_scope(const ict_store *store, const char *unit) {
  size_t i = find_unit(store, unit);
  return i < store->n_units ? store->scopes[i] : NULL;
}

const char *ict_store_unit_name(const ict_store *store, size_t unit) {
  const ict_frame *f = ict_store_frame_at(store, unit);
  return f ? f->unit : NULL;
}

uint64_t ict_store_unit_rows(const ict_store *store, size_t unit) {
  const ict_frame *f = ict_store_frame_at(store, unit);
  return f ? f->n_rows : 0;
}

size_t ict_store_unit_variables(const ict_store *store, size_t unit) {
  const ict_frame *f = ict_store_frame_at(store, unit);
  return f ? f->schema->n : 0;
}

const char *ict_store_variable_name(const ict_store *store, size_t unit, size_t variable) {
  const ict_frame *f = ict_store_frame_at(store, unit);
  return f && variable < f->schema->n ? f->schema->vars[variable].name : NULL;
}
