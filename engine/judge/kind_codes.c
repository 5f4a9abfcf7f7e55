/* kind_codes.c - codes of a column, or of the axes, that a list has.
 *
 * column: obs_status, conf_status, nature, unit_measure or flags (several, with ';' between), or
 * `axes`: every axis, by the catalogue's code lists and classifications. */
#include <string.h>

#include "base/text.h"
#include "catalog/axis.h"
#include "judge/rule.h"

typedef enum column {
  OBS_STATUS,
  CONF_STATUS,
  NATURE,
  UNIT_MEASURE,
  FLAGS,
  AXES,
  N_COLUMNS
} column;
static const char *const COLUMNS[] = {[OBS_STATUS] = "obs_status", [CONF_STATUS] = "conf_status",
                                      [NATURE] = "nature",         [UNIT_MEASURE] = "unit_measure",
                                      [FLAGS] = "flags",           [AXES] = "axes",
                                      [N_COLUMNS] = NULL};

typedef struct codes {
  int column; /* of COLUMNS */
  bool empty; /* nothing is right too */
  size_t n;
  const char *const *codes;
} codes;

static const char *const KEYS[] = {"column", "codes", "empty", "profiles", NULL};

/* The names of the rules of all reliability profiles are flags. */
static const char *const *with_profiles(ict_rule_reader *rr, codes *c) {
  size_t n = c->n;
  for (size_t i = 0; i < ict_catalog_profiles(rr->catalog); i++)
    n += ict_catalog_profile_at(rr->catalog, i)->n;
  const char **all = ict_read_alloc(rr->r, n, sizeof *all);
  if (!all) return c->codes;
  for (n = 0; n < c->n; n++) all[n] = c->codes[n];
  for (size_t i = 0; i < ict_catalog_profiles(rr->catalog); i++) {
    const ict_profile_rules *p = ict_catalog_profile_at(rr->catalog, i);
    for (size_t k = 0; k < p->n; k++) all[n++] = p->rules[k].name;
  }
  c->n = n;
  return all;
}

static void read(ict_rule_reader *rr, const ict_node *node, ict_rule *rule) {
  codes *c = ict_read_alloc(rr->r, 1, sizeof *c);
  bool profiles = false;
  if (!c) return;
  ict_read_word(rr->r, node, "column", true, COLUMNS, &c->column);
  ict_read_texts(rr->r, node, "codes", c->column != AXES, &c->codes, &c->n);
  ict_read_bool(rr->r, node, "empty", false, &c->empty);
  ict_read_bool(rr->r, node, "profiles", false, &profiles);
  if (profiles) c->codes = with_profiles(rr, c);
  rule->body = c;
}

static bool knows(const codes *c, const char *code, size_t len) {
  for (size_t i = 0; i < c->n; i++)
    if (strlen(c->codes[i]) == len && strncmp(c->codes[i], code, len) == 0) return true;
  return false;
}

static const char *text_of(int which, const ict_table_row *row) {
  switch (which) {
    case OBS_STATUS:
      return row->obs_status;
    case CONF_STATUS:
      return row->conf_status;
    case NATURE:
      return row->nature;
    case UNIT_MEASURE:
      return row->unit_measure;
    default:
      return row->flags;
  }
}

static ict_status refuse(const ict_judging *j, const ict_judge_row *row, const char *name,
                         const char *code, size_t len) {
  const codes *c = j->rule->body;
  const char *word = ict_expect(j, "%.*s", (int)len, code);
  if (!word) return ict_err_memory(j->err);
  const char *near = ict_text_nearest(word, c->codes, c->n);
  const char *expected =
      near ? ict_expect(j, "a code of the list, such as %s", near) : "a code of the list";
  return ict_remark_add(j, row, expected, "%s '%s'", name, word);
}

static ict_status check_column(const ict_judging *j, const ict_judge_row *row) {
  const codes *c = j->rule->body;
  const char *text = text_of(c->column, row->row), *name = COLUMNS[c->column];
  if (!text[0]) return c->empty ? ICT_OK : refuse(j, row, name, "", 0);
  for (const char *at = text; *at;) {
    size_t len = c->column == FLAGS ? strcspn(at, ";") : strlen(at);
    if (!knows(c, at, len)) return refuse(j, row, name, at, len);
    at += len + (at[len] == ';');
  }
  return ICT_OK;
}

/* Axes that the catalogue does not have (another program's, differences) are not looked at, nor
 * those whose codes a mapping brings (regions). */
static ict_status check_axes(const ict_judging *j, const ict_judge_row *row) {
  ict_status st = ICT_OK;
  for (size_t a = 0; a < j->set->axes.n && st == ICT_OK; a++) {
    const char *axis = j->set->axes.items[a].text, *code = row->axes[a];
    size_t len = strlen(code);
    if (strcmp(code, ICT_TOTAL) == 0 || knows(j->rule->body, code, len) ||
        !ict_axis_is_closed(j->set->catalog, axis) ||
        ict_catalog_has_axis_code(j->set->catalog, axis, code, len))
      continue;
    st = ict_remark_add(j, row, ict_expect(j, "a code of a classification of %s", axis), "%s '%s'",
                        axis, code);
  }
  return st;
}

static ict_status check_row(const ict_judging *j, const ict_judge_row *row) {
  const codes *c = j->rule->body;
  return c->column == AXES ? check_axes(j, row) : check_column(j, row);
}

const ict_rule_kind ict_rule_kind_codes = {.keys = KEYS, .read = read, .check_row = check_row};
