/* countries.c - from the alpha-3 codes that tables use to the M49 numbers that SDMX uses, and to
 * names. */
#include "data/countries.h"

#include <string.h>

#include "data/names.h"
#include "data/reference.h"

struct ict_countries {
  ict_arena *arena;
  ict_names m49;   /* alpha-3 code, the number as its label */
  ict_names names; /* the same with the name as its label */
};

ict_status ict_countries_load(ict_countries **out, ict_err *err) {
  ict_status st = ICT_OK;
  ict_reference *ref = NULL;
  size_t iso3, m49, name;
  *out = NULL;
  ict_countries *countries = ict_alloc(1, sizeof *countries);
  if (!countries) return ict_err_memory(err);
  countries->arena = ict_arena_new();
  ict_names_init(&countries->m49, countries->arena);
  ict_names_init(&countries->names, countries->arena);
  if (!countries->arena) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_reference_load("countries.csv", &ref, err));
  ICT_TRY(done, st, ict_reference_column(ref, "iso3", &iso3, err));
  ICT_TRY(done, st, ict_reference_column(ref, "m49", &m49, err));
  ICT_TRY(done, st, ict_reference_column(ref, "name", &name, err));
  for (size_t i = 0; i < ict_reference_rows(ref); i++) {
    const char *number = ict_reference_text(ref, i, m49);
    while (*number == '0') number++;
    const char *code = ict_reference_text(ref, i, iso3);
    if (ict_names_add(&countries->m49, code, number) < 0 ||
        ict_names_add(&countries->names, code, ict_reference_text(ref, i, name)) < 0) {
      st = ict_err_memory(err);
      goto done;
    }
  }
  *out = countries;
  countries = NULL;
done:
  ict_reference_free(ref);
  ict_countries_free(countries);
  return st;
}

void ict_countries_free(ict_countries *countries) {
  if (!countries) return;
  ict_names_done(&countries->m49);
  ict_names_done(&countries->names);
  ict_arena_free(countries->arena);
  ict_free(countries);
}

const char *ict_countries_m49(const ict_countries *countries, const char *iso3) {
  long at = ict_names_find(&countries->m49, iso3);
  return at < 0 ? NULL : countries->m49.items[at].label;
}

const char *ict_countries_iso3(const ict_countries *countries, const char *m49) {
  for (size_t i = 0; i < countries->m49.n; i++)
    if (strcmp(countries->m49.items[i].label, m49) == 0) return countries->m49.items[i].text;
  return NULL;
}

const char *ict_countries_name(const ict_countries *countries, const char *iso3) {
  long at = ict_names_find(&countries->names, iso3);
  return at < 0 ? NULL : countries->names.items[at].label;
}
