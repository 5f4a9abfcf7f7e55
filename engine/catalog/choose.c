/* choose.c - of many indicator files only those that are asked for: most of a command's start
 * would else go to definitions that nobody uses.
 *
 * In: files put aside at first sight; ids; the trees that are read. Out: those of the files that
 * are asked for, and of all that these stand on.
 * Owns: what is seen at first sight. */
#include "catalog/choose.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { SIGHT = 4096 };

static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

typedef struct aside { /* in lists that find by the first member */
  const char *id, *path;
} aside;

/* The rest of the first line that begins like this; the text's last line may be cut off. */
static ict_slice line_after(const char *text, const char *begin) {
  size_t len = strlen(begin);
  while (text && strncmp(text, begin, len) != 0) {
    text = strchr(text, '\n');
    if (text) text++;
  }
  const char *end = text ? strchr(text, '\n') : NULL;
  if (!end) return (ict_slice){"", 0};
  return ict_slice_trim((ict_slice){text + len, (size_t)(end - text) - len});
}

/* The id of an indicator's file, where it is written as everybody writes it. */
static ict_slice id_in(const char *text) {
  if (!ict_slice_is(line_after(text, "ictstat:"), "indicator/1")) return (ict_slice){"", 0};
  ict_slice id = line_after(text, "id:");
  if (id.len >= 2 && id.text[0] == '"' && id.text[id.len - 1] == '"')
    id = (ict_slice){id.text + 1, id.len - 2};
  return strspn(id.text, LETTERS) >= id.len && id.len <= ICT_SIGHT_ID ? id : (ict_slice){"", 0};
}

bool ict_id_at_sight(const char *path, char id[ICT_SIGHT_ID + 1]) {
  char text[SIGHT + 1];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? read(fd, text, SIGHT) : -1;
  if (fd >= 0) close(fd);
  text[n > 0 ? n : 0] = '\0';
  ict_slice seen = id_in(text);
  memcpy(id, seen.text, seen.len);
  id[seen.len] = '\0';
  return seen.len > 0;
}

bool ict_put_aside(ict_reader *r, const char *id, const char *path, ict_list *files) {
  aside *file = ict_read_alloc(r, 1, sizeof *file);
  if (!file) return false;
  file->id = ict_read_copy(r, id);
  file->path = ict_read_copy(r, path);
  return file->id && file->path && ict_list_add(r, files, file);
}

/* Of the file, if it still lies there; *path is NULL where it is read already. */
static bool take(ict_list *files, const char *id, const char **path) {
  aside *file = ict_list_find(files, id);
  if (!file) return false;
  *path = file->path;
  file->path = NULL;
  return true;
}

typedef struct choosing {
  ict_reader *r;
  ict_catalog *catalog;
  ict_list *files;
  ict_load_fn *load;
  bool missing; /* an id that is no file's */
} choosing;

static bool is_text(const ict_node *node, const char *text) {
  return node && node->kind == ICT_NODE_SCALAR && strcmp(node->text, text) == 0;
}

/* An indicator of a tree that was never put aside: of a file of the user's. */
static bool is_read(const ict_catalog *catalog, const char *id) {
  for (size_t i = 0; i < catalog->yamls.n; i++) {
    const ict_node *root = ((const ict_yaml *)catalog->yamls.at[i])->root;
    if (is_text(ict_node_get(root, "ictstat"), "indicator/1") &&
        is_text(ict_node_get(root, "id"), id))
      return true;
  }
  return false;
}

static void choose(choosing *c, const char *id) {
  const char *path;
  if (!take(c->files, id, &path))
    c->missing = c->missing || !is_read(c->catalog, id);
  else if (path)
    c->load(c->r, c->catalog, path);
}

static void choose_node(choosing *c, const ict_node *node) {
  if (node && node->kind == ICT_NODE_SCALAR) choose(c, node->text);
  for (size_t i = 0; node && node->kind == ICT_NODE_LIST && i < node->n; i++)
    choose_node(c, node->items[i]);
}

/* What an indicator stands on; and an id that somebody gave twice must be seen to be. */
static void choose_for(choosing *c, const ict_node *root) {
  const ict_node *id = ict_node_get(root, "id");
  const char *path;
  choose_node(c, ict_node_get(root, "answered_by"));
  choose_node(c, ict_node_get(ict_node_get(root, "contrast"), "of"));
  if (id && id->kind == ICT_NODE_SCALAR && take(c->files, id->text, &path) && path)
    c->load(c->r, c->catalog, path);
}

void ict_load_chosen(ict_reader *r, ict_catalog *catalog, ict_list *files, const char *const *ids,
                     size_t n_ids, ict_load_fn *load) {
  choosing c = {r, catalog, files, load, false};
  for (size_t i = 0; i < n_ids; i++) choose(&c, ids[i]);
  for (size_t i = 0; i < catalog->yamls.n && !r->no_memory; i++) /* it grows on the way */
    choose_for(&c, ((const ict_yaml *)catalog->yamls.at[i])->root);
  for (size_t i = 0; c.missing && i < files->n && !r->no_memory; i++)
    choose(&c, ((const aside *)files->at[i])->id);
}
