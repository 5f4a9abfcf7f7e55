/* hints.c - datasets/mapping-hints.yaml to structs. */
#include "catalog/hints.h"

#include <string.h>

#include "base/stream.h"
#include "base/where.h"
#include "catalog/read.h"

static void read_codes(ict_reader *r, const ict_node *node, ict_hint *hint) {
  const ict_node *codes = ict_node_get(node, "codes");
  if (!codes || !ict_read_is_map(r, codes, "codes")) return;
  ict_hint_code *list = ict_read_alloc(r, codes->n, sizeof *list);
  if (!list) return;
  for (size_t i = 0; i < codes->n; i++) {
    list[i].code = ict_read_copy(r, codes->keys[i]->text);
    ict_read_texts(r, codes, codes->keys[i]->text, true, &list[i].words, &list[i].n_words);
  }
  hint->codes = list;
  hint->n_codes = codes->n;
}

static void read_hint(ict_reader *r, const ict_node *node, ict_hint *hint) {
  static const char *const keys[] = {"concept", "role", "unit", "names", "labels", "codes", NULL};
  if (!ict_read_keys(r, node, "a hint", keys)) return;
  ict_read_text(r, node, "concept", false, &hint->concept_name);
  ict_read_text(r, node, "role", false, &hint->role);
  ict_read_text(r, node, "unit", false, &hint->unit);
  ict_read_texts(r, node, "names", true, &hint->names, &hint->n_names);
  ict_read_texts(r, node, "labels", true, &hint->labels, &hint->n_labels);
  read_codes(r, node, hint);
  if (!hint->concept_name == !hint->role)
    ict_read_error(r, node, "either `concept` or `role`", NULL, "a hint is for one thing");
}

static void read_hints(ict_reader *r, const ict_node *root, ict_hints *out) {
  static const char *const keys[] = {"ictstat", "hints", NULL};
  if (!ict_read_keys(r, root, "the file", keys) || !ict_read_kind(r, root, "hints", 1)) return;
  const ict_node *list = ict_node_get(root, "hints");
  if (!list || !ict_read_is_list(r, list, "hints")) return;
  ict_hint *hints = ict_read_alloc(r, list->n, sizeof *hints);
  if (!hints) return;
  for (size_t i = 0; i < list->n; i++) read_hint(r, list->items[i], &hints[i]);
  out->hints = hints;
  out->n = list->n;
}

ict_status ict_hints_load(const char *path, ict_hints **out, ict_err *err) {
  *out = NULL;
  char *own = path ? NULL : ict_path_join(ict_data_dir(), "datasets/mapping-hints.yaml");
  ict_yaml *yaml = NULL;
  ict_arena *arena = ict_arena_new();
  ict_hints *hints = arena ? ict_arena_alloc(arena, 1, sizeof *hints) : NULL;
  ict_status st = hints && (path || own) ? ict_yaml_load(path ? path : own, false, &yaml, err)
                                         : ict_err_memory(err);
  if (st == ICT_OK) {
    ict_reader r = {.file = yaml->file, .arena = arena, .err = err};
    hints->arena = arena;
    read_hints(&r, yaml->root, hints);
    st = ict_reader_status(&r);
  }
  ict_yaml_free(yaml);
  ict_free(own);
  if (st == ICT_OK)
    *out = hints;
  else
    ict_arena_free(arena);
  return st;
}

void ict_hints_free(ict_hints *hints) {
  if (hints) ict_arena_free(hints->arena);
}
