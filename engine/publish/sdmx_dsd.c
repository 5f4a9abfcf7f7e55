/* sdmx_dsd.c - reading the data structure from the reference tables. */
#include "publish/sdmx_dsd.h"

#include <string.h>

#include "data/reference.h"

static ict_status add_column(ict_sdmx_dsd *dsd, const char *kind, const char *id,
                             const char *codelist, ict_err *err) {
  if (ict_grow(&dsd->columns, dsd->n, &dsd->capacity, sizeof *dsd->columns) != 0) {
    return ict_err_memory(err);
  }
  ict_sdmx_column column = {.id = ict_arena_strdup(dsd->arena, id),
                            .codelist = ict_arena_strdup(dsd->arena, codelist),
                            .dimension = strcmp(kind, "dimension") == 0};
  if (!column.id || !column.codelist) return ict_err_memory(err);
  ict_names_init(&column.codes, dsd->arena);
  dsd->columns[dsd->n++] = column;
  return ICT_OK;
}

static ict_status load_columns(ict_sdmx_dsd *dsd, ict_err *err) {
  ict_status st;
  ict_reference *ref = NULL;
  size_t kind, id, codelist;
  ICT_TRY(done, st, ict_reference_load("sdmx/dsd.csv", &ref, err));
  ICT_TRY(done, st, ict_reference_column(ref, "kind", &kind, err));
  ICT_TRY(done, st, ict_reference_column(ref, "id", &id, err));
  ICT_TRY(done, st, ict_reference_column(ref, "codelist", &codelist, err));
  for (size_t i = 0; i < ict_reference_rows(ref); i++) {
    if (strcmp(ict_reference_text(ref, i, kind), "dataflow") == 0) {
      dsd->dataflow = ict_arena_strdup(dsd->arena, ict_reference_text(ref, i, id));
      if (!dsd->dataflow) {
        st = ict_err_memory(err);
        goto done;
      }
    } else {
      ICT_TRY(done, st,
              add_column(dsd, ict_reference_text(ref, i, kind), ict_reference_text(ref, i, id),
                         ict_reference_text(ref, i, codelist), err));
    }
  }
  if (!dsd->dataflow) {
    st = ict_err_set(err, ICT_REFUSED, "datasets/sdmx/dsd.csv names no dataflow");
    ict_err_fix(err, "add the row 'dataflow,AGENCY:ID(VERSION),,'");
  }
done:
  ict_reference_free(ref);
  return st;
}

static ict_status load_codes(ict_sdmx_dsd *dsd, ict_err *err) {
  ict_status st;
  ict_reference *ref = NULL;
  size_t codelist, code, name;
  ICT_TRY(done, st, ict_reference_load("sdmx/codes.csv", &ref, err));
  ICT_TRY(done, st, ict_reference_column(ref, "codelist", &codelist, err));
  ICT_TRY(done, st, ict_reference_column(ref, "code", &code, err));
  ICT_TRY(done, st, ict_reference_column(ref, "name", &name, err));
  for (size_t i = 0; i < ict_reference_rows(ref); i++) {
    for (size_t c = 0; c < dsd->n; c++) {
      if (strcmp(dsd->columns[c].codelist, ict_reference_text(ref, i, codelist)) != 0) continue;
      if (ict_names_add(&dsd->columns[c].codes, ict_reference_text(ref, i, code),
                        ict_reference_text(ref, i, name)) < 0) {
        st = ict_err_memory(err);
        goto done;
      }
    }
  }
done:
  ict_reference_free(ref);
  return st;
}

ict_status ict_sdmx_dsd_load(ict_sdmx_dsd *dsd, ict_err *err) {
  memset(dsd, 0, sizeof *dsd);
  dsd->arena = ict_arena_new();
  ict_status st = dsd->arena ? load_columns(dsd, err) : ict_err_memory(err);
  if (st == ICT_OK) st = load_codes(dsd, err);
  if (st != ICT_OK) ict_sdmx_dsd_done(dsd);
  return st;
}

void ict_sdmx_dsd_done(ict_sdmx_dsd *dsd) {
  for (size_t i = 0; i < dsd->n; i++) ict_names_done(&dsd->columns[i].codes);
  ict_free(dsd->columns);
  ict_arena_free(dsd->arena);
  memset(dsd, 0, sizeof *dsd);
}

long ict_sdmx_dsd_find(const ict_sdmx_dsd *dsd, const char *id) {
  for (size_t i = 0; i < dsd->n; i++) {
    if (strcmp(dsd->columns[i].id, id) == 0) return (long)i;
  }
  return -1;
}
