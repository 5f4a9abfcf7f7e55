/* covariates.c - numbers by country and year.
 *
 * In: rows. Out: the numbers of a country and year. Owns: its own arena. */
#include "group/covariates.h"

#include <stdio.h>
#include <string.h>

#include "data/names.h"

struct ict_covariates {
  ict_arena *arena;
  ict_names keys; /* "KEN 2016" */
  size_t n, capacity;
  const double **rows; /* by key */
};

static void make_key(char key[64], const char *iso3, int year) {
  snprintf(key, 64, "%.40s %d", iso3, year);
}

ict_covariates *ict_covariates_new(size_t n) {
  ict_covariates *c = ict_alloc(1, sizeof *c);
  if (!c) return NULL;
  c->arena = ict_arena_new();
  if (!c->arena) {
    ict_free(c);
    return NULL;
  }
  c->n = n;
  ict_names_init(&c->keys, c->arena);
  return c;
}

void ict_covariates_free(ict_covariates *covariates) {
  if (!covariates) return;
  ict_names_done(&covariates->keys);
  ict_free(covariates->rows);
  ict_arena_free(covariates->arena);
  ict_free(covariates);
}

size_t ict_covariates_count(const ict_covariates *covariates) { return covariates->n; }

ict_status ict_covariates_add(ict_covariates *covariates, const char *iso3, int year,
                              const double *values, bool *twice, ict_err *err) {
  char key[64];
  make_key(key, iso3, year);
  *twice = ict_names_find(&covariates->keys, key) >= 0;
  if (*twice) return ICT_OK;
  double *row = ict_arena_alloc(covariates->arena, covariates->n, sizeof *row);
  if (!row || ict_grow(&covariates->rows, covariates->keys.n, &covariates->capacity,
                       sizeof *covariates->rows) != 0)
    return ict_err_memory(err);
  memcpy(row, values, covariates->n * sizeof *row);
  long at = ict_names_add(&covariates->keys, key, NULL);
  if (at < 0) return ict_err_memory(err);
  covariates->rows[at] = row;
  return ICT_OK;
}

const double *ict_covariates_find(const ict_covariates *covariates, const char *iso3, int year) {
  char key[64];
  make_key(key, iso3, year);
  long at = ict_names_find(&covariates->keys, key);
  return at < 0 ? NULL : covariates->rows[at];
}
