/* mapping_files.c - `files:` of a mapping: paths, keys, links, and references into them.
 *
 * In: the tree. Out: ict_map_file. Owns: that files form trees and keys fit. */
#include <string.h>

#include "base/text.h"
#include "catalog/mapping_room.h"

long ict_map_file_find(const ict_mapper *m, const char *id) {
  for (size_t i = 0; i < m->n_files; i++)
    if (strcmp(m->files[i].id, id) == 0) return (long)i;
  return -1;
}

void ict_map_no_file(ict_mapper *m, const ict_node *at, const char *id) {
  const char **ids = ict_alloc(m->n_files, sizeof *ids);
  const char *nearest = NULL;
  for (size_t i = 0; ids && i < m->n_files; i++) ids[i] = m->files[i].id;
  if (ids) nearest = ict_text_nearest(id, ids, m->n_files);
  ict_str expected;
  ict_str_init(&expected);
  ict_str_add(&expected, "an id from `files:`");
  for (size_t i = 0; i < m->n_files; i++)
    ict_str_addf(&expected, "%s%s", i ? ", " : ": ", m->files[i].id);
  ict_read_near(m->r, at, expected.failed ? NULL : expected.text, nearest, "no file '%s'", id);
  ict_str_done(&expected);
  ict_free(ids);
}

bool ict_map_leads_to(const ict_mapper *m, long from, long to) {
  /* At most n steps: links may still be wrong (a circle) when this is asked. */
  for (size_t step = 0; from >= 0 && step <= m->n_files; step++) {
    if (from == to) return true;
    from = m->files[from].link;
  }
  return false;
}

bool ict_map_is_none(const ict_node *node) {
  return node->kind == ICT_NODE_SCALAR && !node->quoted && strcmp(node->text, "none") == 0;
}

bool ict_map_ref(ict_mapper *m, const ict_node *node, long own, ict_ref *out) {
  if (!ict_read_scalar(m->r, node, "the name of a variable", &out->name)) return false;
  out->file = -1;
  out->at = ict_mark_of(node);
  /* The part before the dot is a file only if a file has that id: `v1.2` is a name too. */
  const char *dot = strchr(out->name, '.');
  if (!dot || !dot[1]) return true;
  char id[64];
  size_t len = (size_t)(dot - out->name);
  if (len >= sizeof id) return true;
  memcpy(id, out->name, len);
  id[len] = '\0';
  long file = ict_map_file_find(m, id);
  if (file < 0) return true;
  out->name = dot + 1;
  if (file == own) return true;
  out->file = file;
  if (own == ICT_NO_FILE || ict_map_leads_to(m, own, file)) return true;
  ict_read_error(m->r, node, NULL, "give it a `link` to that file, or use a variable of its own",
                 "the rows of the file '%s' do not lead to a row of '%s'", m->files[own].id, id);
  return false;
}

bool ict_map_refs(ict_mapper *m, const ict_node *node, long own, const ict_ref **out, size_t *n) {
  bool list = node->kind == ICT_NODE_LIST;
  size_t count = list ? node->n : 1;
  if (count == 0) {
    ict_read_error(m->r, node, "at least one variable", NULL, "an empty list");
    return false;
  }
  ict_ref *refs = ict_read_alloc(m->r, count, sizeof *refs);
  if (!refs) return false;
  bool good = true;
  for (size_t i = 0; i < count; i++)
    good = ict_map_ref(m, list ? node->items[i] : node, own, &refs[i]) && good;
  *out = refs;
  *n = count;
  return good;
}

/* ---- keys ---- */

static bool part_refs(ict_mapper *m, const ict_node *node, ict_key_part *part) {
  bool list = node->kind == ICT_NODE_LIST;
  size_t n = list ? node->n : 1;
  ict_ref *refs = ict_read_alloc(m->r, n, sizeof *refs);
  bool good = refs != NULL && n > 0;
  if (n == 0) ict_read_error(m->r, node, "at least one variable", NULL, "'join' is empty");
  for (size_t i = 0; refs && i < n; i++) {
    const ict_node *one = list ? node->items[i] : node;
    /* Of this file only, so a dot in it is part of the name. */
    good = ict_read_scalar(m->r, one, "a variable of a key", &refs[i].name) && good;
    refs[i].file = -1;
    refs[i].at = ict_mark_of(one);
  }
  part->n = n;
  part->refs = refs;
  return good;
}

static bool read_part(ict_mapper *m, const ict_node *node, ict_key_part *part) {
  static const char *const keys[] = {"join", "strip", NULL};
  static const char *const strips[] = {"none", "zeros", NULL};
  int strip = 0;
  part->at = ict_mark_of(node);
  if (node->kind != ICT_NODE_MAP) return part_refs(m, node, part);
  if (!ict_read_keys(m->r, node, "a part of a key", keys)) return false;
  const ict_node *join = ict_node_get(node, "join");
  if (!join) {
    ict_read_error(m->r, node, "{join: [A, B], strip: zeros}", NULL, "'join' is missing");
    return false;
  }
  if (ict_node_get(node, "strip") && !ict_read_word(m->r, node, "strip", true, strips, &strip))
    return false;
  part->strip_zeros = strip == 1;
  return part_refs(m, join, part);
}

static bool read_parts(ict_mapper *m, const ict_node *node, const ict_key_part **out, size_t *n) {
  bool list = node->kind == ICT_NODE_LIST;
  size_t count = list ? node->n : 1;
  ict_key_part *parts = ict_read_alloc(m->r, count, sizeof *parts);
  if (!parts) return false;
  if (count == 0) {
    ict_read_error(m->r, node, "at least one variable", NULL, "an empty key");
    return false;
  }
  bool good = true;
  for (size_t i = 0; i < count; i++) {
    const ict_node *one = list ? node->items[i] : node;
    if (one->kind == ICT_NODE_LIST) { /* a list in the list would be read as a join */
      ict_read_error(m->r, one, NULL, "write {join: [A, B]} to join variables",
                     "a list within a key");
      good = false;
      continue;
    }
    good = read_part(m, one, &parts[i]) && good;
  }
  *out = parts;
  *n = count;
  return good;
}

/* ---- one file ---- */

static bool one_char(ict_reader *r, const ict_node *body, const char *key, const char *allowed,
                     const char *expected, char *out) {
  const char *text = NULL;
  if (!ict_node_get(body, key)) return true;
  if (!ict_read_text(r, body, key, true, &text)) return false;
  if (strcmp(text, "tab") == 0 && strchr(allowed, '\t')) text = "\t";
  if (text[1] == '\0' && strchr(allowed, text[0])) {
    *out = text[0];
    return true;
  }
  ict_read_error(r, ict_node_get(body, key), expected, NULL, "'%s' is '%s'", key, text);
  return false;
}

/* What is said about text has no meaning for a file that knows it itself. */
static bool text_keys_fit(ict_reader *r, const ict_node *body, const ict_map_file *file) {
  static const char *const keys[] = {"delimiter", "decimal", "quote", "header"};
  if (!file->format || strcmp(file->format, "csv") == 0) return true;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const ict_node *node = ict_node_get(body, keys[i]);
    if (!node) continue;
    ict_read_error(r, node, NULL, "remove it", "'%s' has no meaning for a %s file", keys[i],
                   file->format);
    return false;
  }
  return true;
}

/* One path, or a list of them. */
static bool read_paths(ict_reader *r, const ict_node *body, ict_map_file *file) {
  const ict_node *path = ict_node_get(body, "path");
  if (!path || path->kind != ICT_NODE_LIST)
    return ict_read_text(r, body, "path", true, &file->path);
  const char **all = ict_read_alloc(r, path->n + 1, sizeof *all);
  if (!all) return false;
  if (path->n == 0) {
    ict_read_error(r, path, "at least one path", NULL, "an empty list");
    return false;
  }
  for (size_t i = 0; i < path->n; i++)
    if (!ict_read_scalar(r, path->items[i], "a path", &all[i])) return false;
  file->path = all[0];
  file->more = all + 1;
  file->n_more = path->n - 1;
  return true;
}

bool ict_map_file_text(ict_reader *r, const ict_node *body, ict_map_file *file) {
  static const char *const formats[] = {"csv", "sav", "por", "dta", "sas7bdat", "xpt", NULL};
  int format = 0;
  bool header = true;
  bool good = read_paths(r, body, file);
  if (ict_node_get(body, "format")) {
    good = ict_read_word(r, body, "format", true, formats, &format) && good;
    file->format = formats[format];
  }
  ict_read_text(r, body, "encoding", false, &file->encoding);
  good = one_char(r, body, "delimiter", ",;|\t: ^~#", "one of , ; | tab", &file->delimiter) && good;
  good = one_char(r, body, "decimal", ".,", "\".\" or \",\"", &file->decimal) && good;
  good = one_char(r, body, "quote", "\"'", "'\"' or \"'\"", &file->quote) && good;
  if (good && file->delimiter == file->decimal) {
    ict_read_error(r, ict_node_get(body, "delimiter"), NULL, "correct one of the two",
                   "the delimiter and the decimal mark are the same");
    good = false;
  }
  ict_read_bool(r, body, "header", false, &header);
  file->no_header = !header;
  return text_keys_fit(r, body, file) && good;
}

static bool read_file(ict_mapper *m, const ict_node *body, ict_map_file *file) {
  static const char *const keys[] = {"path",       "format", "encoding", "delimiter",
                                     "decimal",    "quote",  "header",   "key",
                                     "duplicates", "link",   "note",     NULL};
  static const char *const duplicates[] = {"refuse", "first", NULL};
  int duplicate = 0;
  if (!ict_read_keys(m->r, body, "a file", keys)) return false;
  bool good = ict_map_file_text(m->r, body, file);
  const ict_node *key = ict_node_get(body, "key");
  if (key) good = read_parts(m, key, &file->key, &file->n_key) && good;
  const ict_node *allowed = ict_node_get(body, "duplicates");
  if (allowed) good = ict_read_word(m->r, body, "duplicates", true, duplicates, &duplicate) && good;
  file->first_of_key = duplicate == 1;
  if (allowed && !key) {
    ict_read_error(m->r, allowed, NULL, "give the file a `key`, or remove 'duplicates'",
                   "'duplicates' speaks of a key, and the file has none");
    good = false;
  }
  return good;
}

/* ---- links ---- */

static bool read_link(ict_mapper *m, const ict_node *body, ict_map_file *file) {
  static const char *const keys[] = {"to", "by", "unmatched", NULL};
  static const char *const words[] = {"refuse", "missing", "drop", NULL};
  ict_reader *r = m->r;
  const char *to = NULL;
  int word = 0;
  if (!ict_read_keys(r, body, "a link", keys) || !ict_read_text(r, body, "to", true, &to))
    return false;
  long target = ict_map_file_find(m, to);
  if (target < 0) {
    ict_map_no_file(m, ict_node_get(body, "to"), to);
    return false;
  }
  if (ict_node_get(body, "unmatched") && !ict_read_word(r, body, "unmatched", true, words, &word))
    return false;
  file->unmatched = word;
  const ict_node *by = ict_node_get(body, "by");
  if (!by) {
    ict_read_error(r, body, "the variables here, in the order of the other file's `key`", NULL,
                   "'by' is missing");
    return false;
  }
  if (!read_parts(m, by, &file->by, &file->n_by)) return false;
  const ict_map_file *other = &m->files[target];
  if (other->n_key == 0) {
    ict_read_error(r, body, NULL, "give that file a `key`", "the file '%s' has no key to link to",
                   to);
    return false;
  }
  if (other->n_key != file->n_by) {
    ict_read_error(r, by, "as many variables as the other file's `key`, in its order",
                   "name the variables here that hold that key",
                   "'by' has %zu parts, the key of '%s' has %zu", file->n_by, to, other->n_key);
    return false;
  }
  file->link = target;
  return true;
}

static bool has_circle(const ict_mapper *m, size_t start) {
  long at = m->files[start].link;
  for (size_t step = 0; at >= 0 && step <= m->n_files; step++) {
    if (at == (long)start) return true;
    at = m->files[at].link;
  }
  return false;
}

const ict_node *ict_map_files_node(ict_reader *r, const ict_node *root, const char *example) {
  const ict_node *files = ict_node_get(root, "files");
  if (!files) {
    ict_read_error(r, root, example, NULL, "'files' is missing");
    return NULL;
  }
  if (!ict_read_is_map(r, files, "'files'")) return NULL;
  if (files->n > 0 && files->n <= 1000) return files;
  ict_read_error(r, files, "1 to 1,000 files", NULL, "'files' has %zu files", files->n);
  return NULL;
}

bool ict_map_files(ict_mapper *m, const ict_node *root) {
  const ict_node *files = ict_map_files_node(m->r, root, "files: {hh: {path: hh.csv}, ...}");
  if (!files) return false;
  m->files = ict_read_alloc(m->r, files->n, sizeof *m->files);
  if (!m->files) return false;
  bool good = true;
  for (size_t i = 0; i < files->n; i++) {
    ict_map_file *file = &m->files[i];
    *file = (ict_map_file){.decimal = '.', .link = -1, .at = ict_mark_of(files->keys[i])};
    file->id = ict_read_copy(m->r, files->keys[i]->text);
    if (!file->id) return false;
    m->n_files = i + 1;
    if (!ict_name_is_good(file->id) || strlen(file->id) > 60) {
      ict_read_error(m->r, files->keys[i], "letters, digits, '_', a letter first", NULL,
                     "'%s' cannot be the id of a file", file->id);
      good = false;
    }
    good = read_file(m, files->items[i], file) && good;
  }
  for (size_t i = 0; i < files->n; i++) {
    const ict_node *link = ict_node_get(files->items[i], "link");
    if (link) good = read_link(m, link, &m->files[i]) && good;
  }
  for (size_t i = 0; i < files->n; i++) {
    if (!has_circle(m, i)) continue;
    ict_read_error(m->r, ict_node_get(files->items[i], "link"), "links that end in one file",
                   "remove one of the links", "the links of '%s' lead back to it", m->files[i].id);
    for (size_t j = 0; j < files->n; j++) m->files[j].link = -1; /* once is enough */
    good = false;
  }
  return good;
}
