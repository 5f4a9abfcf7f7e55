/* quality.c - reliability profiles: indicators/quality/NAME.yaml.
 *
 * In: the tree of a file. Out: an ict_profile_rules with its rules compiled.
 * Owns: the columns a rule may use. */
#include "catalog/quality.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "catalog/room.h"

const ict_schema *ict_quality_schema(void) {
#define COLUMN(text) \
  { .name = text, .title = text, .type = ICT_TYPE_REAL, .width = ICT_F64 }
  static const ict_variable columns[ICT_N_Q] = {
      [ICT_Q_ESTIMATE] = COLUMN("estimate"),
      [ICT_Q_SE] = COLUMN("se"),
      [ICT_Q_CV] = COLUMN("cv"),
      [ICT_Q_CI_LOW] = COLUMN("ci_low"),
      [ICT_Q_CI_HIGH] = COLUMN("ci_high"),
      [ICT_Q_DEFF] = COLUMN("deff"),
      [ICT_Q_DF] = COLUMN("df"),
      [ICT_Q_N_UNWEIGHTED] = COLUMN("n_unweighted"),
      [ICT_Q_N_PSU] = COLUMN("n_psu"),
      [ICT_Q_N_STRATA] = COLUMN("n_strata"),
      [ICT_Q_POP_WEIGHTED] = COLUMN("pop_weighted"),
  };
#undef COLUMN
  /* Read-only for all who see it; the schema's pointer is not const for those who build. */
  static const ict_schema schema = {.n = ICT_N_Q, .vars = (ict_variable *)(uintptr_t)columns};
  return &schema;
}

/* A flag is one word of a list that ';' joins. */
static bool name_is_good(ict_reader *r, const ict_node *rule, const char *name) {
  for (const char *p = name; *p; p++) {
    if (islower((unsigned char)*p) || isdigit((unsigned char)*p) || *p == '_') continue;
    ict_read_error(r, ict_node_get(rule, "name"), "small letters, digits and '_': n_lt_25", NULL,
                   "'%s' cannot be the name of a rule", name);
    return false;
  }
  return true;
}

void ict_quality_values(const ict_table_row *row, double values[ICT_N_Q]) {
  values[ICT_Q_ESTIMATE] = row->estimate;
  values[ICT_Q_SE] = row->se;
  values[ICT_Q_CV] = row->cv;
  values[ICT_Q_CI_LOW] = row->ci_low;
  values[ICT_Q_CI_HIGH] = row->ci_high;
  values[ICT_Q_DEFF] = row->deff;
  values[ICT_Q_DF] = row->df;
  values[ICT_Q_N_UNWEIGHTED] = (double)row->n_unweighted;
  values[ICT_Q_N_PSU] = (double)row->n_psu;
  values[ICT_Q_N_STRATA] = (double)row->n_strata;
  values[ICT_Q_POP_WEIGHTED] = row->pop_weighted;
}

const ict_program *ict_quality_condition(ict_reader *r, const ict_node *body, const char *key,
                                         bool required, ict_list *exprs, ict_list *programs) {
  const ict_expr *expr = ict_read_expr(r, body, key, required, exprs);
  ict_scope scope = {ict_quality_schema(), "the table's statistics"};
  ict_program *program = NULL;
  ict_err problem = {0};
  if (!expr) return NULL;
  if (ict_expr_check(expr, &scope, ICT_TYPE_BOOLEAN, &program, &problem) != ICT_OK) {
    ict_read_take_error(r, &problem);
    return NULL;
  }
  if (ict_list_add(r, programs, program)) return program;
  ict_program_free(program);
  return NULL;
}

static bool read_rule(ict_reader *r, ict_catalog *catalog, const ict_node *body,
                      ict_quality_rule *out) {
  static const char *const keys[] = {"name", "when", "obs_status", "about", NULL};
  /* CL_OBS_STATUS, SDMX cross-domain code list. */
  static const char *const status[] = {"A", "B", "D", "E", "F", "G", "H", "I", "J", "K", "L",
                                       "M", "N", "O", "P", "Q", "S", "T", "U", "V", "W", NULL};
  int which = 0;
  if (!ict_read_keys(r, body, "a rule", keys)) return false;
  bool good = ict_read_text(r, body, "name", true, &out->name);
  good = ict_read_text(r, body, "about", true, &out->about) && good;
  good = ict_read_word(r, body, "obs_status", true, status, &which) && good;
  out->obs_status = status[which];
  out->when = ict_quality_condition(r, body, "when", true, &catalog->exprs, &catalog->programs);
  return good && out->when && name_is_good(r, body, out->name);
}

static bool read_rules(ict_reader *r, ict_catalog *catalog, const ict_node *list,
                       ict_profile_rules *made) {
  if (!ict_read_is_list(r, list, "'rules'")) return false;
  if (list->n > 1000) {
    ict_read_error(r, list, "at most 1,000 rules", NULL, "%zu rules", list->n);
    return false;
  }
  ict_quality_rule *rules = ict_read_alloc(r, list->n, sizeof *rules);
  if (!rules) return false;
  bool good = true;
  for (size_t i = 0; i < list->n; i++) {
    good = read_rule(r, catalog, list->items[i], &rules[i]) && good;
    for (size_t j = 0; good && j < i; j++) {
      if (strcmp(rules[i].name, rules[j].name) != 0) continue;
      ict_read_error(r, list->items[i], NULL, "choose another name", "the rule '%s' comes twice",
                     rules[i].name);
      good = false;
    }
  }
  made->n = list->n;
  made->rules = rules;
  return good;
}

void ict_quality_file(ict_reader *r, ict_catalog *catalog, const ict_node *root) {
  static const char *const keys[] = {"ictstat", "id", "title", "source", "note", "rules", NULL};
  ict_profile_rules *made = ict_read_alloc(r, 1, sizeof *made);
  if (!made) return;
  bool good = ict_read_keys(r, root, "a quality profile", keys);
  good = ict_read_text(r, root, "id", true, &made->id) && good;
  good = ict_read_text(r, root, "title", true, &made->title) && good;
  ict_read_source(r, root, true, &made->source, NULL, NULL);
  made->file = r->file;
  const ict_node *list = ict_node_get(root, "rules");
  if (!list) ict_read_error(r, root, NULL, NULL, "'rules' is missing");
  if (!good || !read_rules(r, catalog, list, made)) return;
  const ict_profile_rules *other = ict_catalog_find_profile(catalog, made->id);
  if (ict_id_is_free(r, ict_node_get(root, "id"), "quality profile", made->id,
                     other ? other->file : NULL, 1, other != NULL))
    ict_list_add(r, &catalog->profiles, made);
}
