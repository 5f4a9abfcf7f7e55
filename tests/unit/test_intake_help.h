/* test_intake_help.h - mappings and files written to a folder, taken in, and looked at. */
#ifndef ICT_TEST_INTAKE_HELP_H
#define ICT_TEST_INTAKE_HELP_H

#include <stdarg.h>

#include "base/mem.h"
#include "base/text.h"
#include "folder.h"
#include "intake/intake.h"
#include "suite.h"

typedef struct desk {
  folder dir;
  ict_catalog *catalog;
  ict_mapping *mapping;
  ict_intake *intake;
  ict_findings *findings;
  ict_err err;
  ict_status status;
} desk;

static inline desk desk_make(void) {
  desk d = {.dir = folder_make()};
  CU_ASSERT_EQUAL_FATAL(
      ict_catalog_open(ICT_TEST_SOURCE "/indicators", NULL, 0, &d.catalog, NULL, &d.err), ICT_OK);
  return d;
}

static inline void desk_clear(desk *d) {
  ict_intake_free(d->intake);
  ict_mapping_free(d->mapping);
  ict_findings_free(d->findings);
  d->intake = NULL;
  d->mapping = NULL;
  d->findings = NULL;
}

static inline void desk_remove(desk *d) {
  desk_clear(d);
  ict_catalog_free(d->catalog);
  folder_remove(&d->dir);
}

static inline void desk_file(desk *d, const char *name, const char *text) {
  folder_write(&d->dir, name, text, strlen(text));
}

/* The mapping must be good as far as it can be told without data. */
static inline ict_status desk_take(desk *d, const char *mapping, ict_intake_options options) {
  desk_clear(d);
  d->findings = ict_findings_new();
  d->err = (ict_err){0};
  desk_file(d, "m.yaml", mapping);
  d->status = ict_mapping_load(folder_file(&d->dir, "m.yaml"), d->catalog, &d->mapping, d->findings,
                               &d->err);
  if (d->status != ICT_OK) {
    for (size_t i = 0; i < ict_findings_count(d->findings); i++) {
      char text[2048];
      ict_findings_text(d->findings, i, text, sizeof text);
      fputs(text, stderr);
    }
    CU_FAIL_FATAL("the mapping itself");
  }
  d->status = ict_intake_run(d->mapping, &options, &d->intake, d->findings, &d->err);
  return d->status;
}

static inline ict_status desk_run(desk *d, const char *mapping) {
  return desk_take(d, mapping, (ict_intake_options){.threads = 1});
}

/* Is there a finding with this in its text? */
static inline bool desk_said(const desk *d, ict_severity severity, const char *part) {
  for (size_t i = 0; i < ict_findings_count(d->findings); i++) {
    char text[4096];
    ict_severity s;
    ict_findings_at(d->findings, i, &s);
    ict_findings_text(d->findings, i, text, sizeof text);
    if (s == severity && strstr(text, part)) return true;
  }
  return false;
}

static inline void desk_print(const desk *d) {
  for (size_t i = 0; i < ict_findings_count(d->findings); i++) {
    char text[4096];
    ict_findings_text(d->findings, i, text, sizeof text);
    fputs(text, stderr);
  }
}

#define TAKEN(d, mapping)                 \
  do {                                    \
    if (desk_run(d, mapping) != ICT_OK) { \
      desk_print(d);                      \
      CU_FAIL_FATAL("refused");           \
    }                                     \
  } while (0)

/* Refused, and this is said (and is an error). */
#define REFUSED(d, mapping, part)                       \
  do {                                                  \
    CU_ASSERT_EQUAL(desk_run(d, mapping), ICT_REFUSED); \
    CU_ASSERT_PTR_NULL((d)->intake);                    \
    if (!desk_said(d, ICT_ERROR, part)) {               \
      desk_print(d);                                    \
      CU_FAIL("not said: " part);                       \
    }                                                   \
  } while (0)

#define WARNED(d, part)                     \
  do {                                      \
    if (!desk_said(d, ICT_WARNING, part)) { \
      desk_print(d);                        \
      CU_FAIL("not warned: " part);         \
    }                                       \
  } while (0)

static inline bool desk_reported(const desk *d, const char *line) {
  for (size_t i = 0; i < d->intake->provenance.n_report; i++) {
    if (strcmp(d->intake->provenance.report[i], line) == 0) return true;
  }
  return false;
}

static inline const ict_frame *frame_of(const desk *d, const char *unit) {
  for (size_t i = 0; i < d->intake->n_frames; i++) {
    if (strcmp(d->intake->frames[i].frame->unit, unit) == 0) return d->intake->frames[i].frame;
  }
  CU_FAIL_FATAL("no such frame");
  return NULL;
}

/* A whole column: "M F .missing 34"; good until the next call. */
static inline const char *column(const ict_frame *f, const char *name) {
  static char text[65536];
  long v = ict_schema_find(f->schema, name);
  CU_ASSERT_FATAL(v >= 0);
  size_t at = 0;
  text[0] = '\0';
  for (size_t r = 0; r < f->n_rows; r++) {
    const ict_variable *var = &f->schema->vars[v];
    ict_missing kind;
    double x = ict_column_number(var, f->columns[v], r, &kind);
    char number[ICT_NUMBER_TEXT];
    ict_number_text(x, number);
    const char *shown = kind != ICT_PRESENT          ? ict_missing_name(kind)
                        : var->type == ICT_TYPE_CODE ? var->codes->codes[(size_t)x].id
                                                     : number;
    at += (size_t)snprintf(text + at, sizeof text - at, "%s%s%s", r ? " " : "",
                           kind != ICT_PRESENT ? "." : "", shown);
    CU_ASSERT_FATAL(at < sizeof text);
  }
  return text;
}

#define COLUMN(f, name, expected) CU_ASSERT_STRING_EQUAL(column(f, name), expected)

/* Everything in a frame, as text; free it. */
static inline char *frame_text(const ict_frame *f) {
  ict_str s;
  ict_str_init(&s);
  const ict_design *d = &f->design;
  ict_str_addf(&s, "%s %zu rows, %zu psus, %zu strata\n", f->unit, f->n_rows, d->n_psu,
               d->n_strata);
  for (size_t v = 0; v < f->schema->n; v++) {
    ict_str_addf(&s, "%s/%d: %s\n", f->schema->vars[v].name, (int)f->schema->vars[v].width,
                 column(f, f->schema->vars[v].name));
  }
  for (size_t p = 0; p <= d->n_psu; p++) ict_str_addf(&s, "%d ", (int)d->psu_first_row[p]);
  for (size_t h = 0; h <= d->n_strata; h++) ict_str_addf(&s, "%d ", (int)d->stratum_first_psu[h]);
  for (size_t h = 0; d->stratum_label && h < d->n_strata; h++) {
    ict_str_addf(&s, "[%s]", d->stratum_label[h]);
  }
  for (size_t i = 0; d->weight && i < f->n_rows; i++) ict_str_addf(&s, " %.17g", d->weight[i]);
  return ict_str_take(&s);
}

#endif
