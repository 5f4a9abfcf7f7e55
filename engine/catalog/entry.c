/* entry.c - what places an indicator in its framework, and entries without a definition of their
 * own: a list asks for what another entry measures, or for what nobody can compute as it is worded.
 *
 * In: `target`, `data_need`, `grade`; `answered_by` or `not_computable`; when all indicators are
 * read, the entries that answer. Out: those fields of an ict_indicator.
 * Owns: what a target and a grade look like. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/room.h"

int ict_indicator_goal(const ict_indicator *indicator) {
  return indicator->target ? atoi(indicator->target) : 0;
}

/* "4.a", "8.2/8.5": goals are 1 to 17. */
static bool is_target(const char *text) {
  for (;;) {
    size_t digits = strspn(text, "0123456789");
    int goal = atoi(text);
    if (digits == 0 || digits > 2 || goal < 1 || goal > 17 || text[digits] != '.') return false;
    text += digits + 1;
    if (!isalnum((unsigned char)*text)) return false;
    while (isalnum((unsigned char)*text)) text++;
    if (*text == '\0') return true;
    if (*text++ != '/') return false;
  }
}

bool ict_entry_read(ict_reader *r, const ict_node *root, ict_indicator *made) {
  static const char *const grades[] = {"G", "B1", "B2", "C", NULL};
  int grade = 0;
  ict_read_text(r, root, "data_need", false, &made->data_need);
  ict_read_text(r, root, "target", false, &made->target);
  if (made->target && !is_target(made->target)) {
    ict_read_error(r, ict_node_get(root, "target"), "targets of the SDGs, such as 4.a or 8.2/8.5",
                   "write the number of the goal, a dot, the target", "'%s' is no target",
                   made->target);
    return false;
  }
  if (!ict_node_get(root, "grade")) return true;
  if (!ict_read_word(r, root, "grade", true, grades, &grade)) return false;
  made->grade = grades[grade];
  return true;
}

bool ict_entry_is_bare(const ict_node *root) {
  return ict_node_get(root, "answered_by") || ict_node_get(root, "not_computable");
}

bool ict_entry_bare_read(ict_reader *r, const ict_node *root, ict_indicator *made) {
  const ict_node *why = ict_node_get(root, "not_computable");
  made->universe_text = NULL;
  if (why && ict_node_get(root, "answered_by")) {
    ict_read_error(r, why, NULL, "keep one of the two",
                   "an entry that other entries answer can be computed");
    return false;
  }
  if (why) return ict_read_text(r, root, "not_computable", true, &made->not_computable);
  return ict_read_texts(r, root, "answered_by", true, &made->answer_ids, &made->n_answers);
}

static void error_at(ict_reader *r, const ict_indicator *made, const char *id, const char *fix,
                     const char *what) {
  ict_node at = {.line = made->line, .column = 1};
  r->file = made->file;
  ict_read_error(r, &at, NULL, fix, "%s is answered by '%s', %s", made->id, id, what);
}

void ict_entries_resolve(ict_reader *r, ict_catalog *catalog) {
  for (size_t i = 0; i < catalog->indicators.n && !r->no_memory; i++) {
    ict_indicator *made = catalog->indicators.at[i];
    if (made->n_answers == 0) continue;
    const ict_indicator **answers = ict_read_alloc(r, made->n_answers, sizeof *answers);
    if (!answers) return;
    for (size_t k = 0; k < made->n_answers; k++) {
      const char *id = made->answer_ids[k];
      answers[k] = ict_list_find(&catalog->indicators, id);
      if (!answers[k])
        error_at(r, made, id, "name an indicator of the catalogue", "which is not there");
      else if (answers[k]->n_items == 0)
        error_at(r, made, id, "name one with a numerator", "which has no definition of its own");
    }
    made->answers = answers;
  }
}
