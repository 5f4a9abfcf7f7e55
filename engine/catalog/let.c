/* let.c - names for parts of an indicator's expressions, so that a sum of twenty activities or a
 * cut-off stands in one place.
 *
 * In: `let: {name: text}` and expressions that use the names. Out: expressions with the texts in
 * their places, in parentheses; a text may use the names above it.
 * Owns: nothing. Names are put in before parsing, so an expression is checked whole; what is wrong
 * in a text is told at the expression that uses it. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "catalog/room.h"

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

static const ict_let *find(const ict_let *lets, size_t n, const char *word, size_t len) {
  for (size_t i = 0; i < n; i++)
    if (strlen(lets[i].name) == len && memcmp(lets[i].name, word, len) == 0) return &lets[i];
  return NULL;
}

/* Names outside of quotes. False: there were none, and nothing was made. */
static bool put_in(const ict_let *lets, size_t n, const char *text, ict_str *out) {
  bool any = false, quoted = false;
  while (*text) {
    size_t len = 0;
    while (!quoted && is_word(text[len])) len++;
    const ict_let *let = len ? find(lets, n, text, len) : NULL;
    if (let) {
      ict_str_addf(out, "(%s)", let->text);
      any = true;
    } else {
      if (*text == '"') quoted = !quoted;
      ict_str_addn(out, text, len ? len : 1);
    }
    text += len ? len : 1;
  }
  return any;
}

/* The text with all names put in; as it is where it has none; NULL: memory or too long, recorded.
 */
static const char *expand(ict_reader *r, const ict_let *lets, size_t n, const ict_node *at,
                          bool *any) {
  enum { MOST = 65536 }; /* what an expression may have */
  ict_str made;
  ict_str_init(&made);
  *any = put_in(lets, n, at->text, &made);
  const char *text = at->text;
  if (made.failed) {
    ict_read_no_memory(r);
    text = NULL;
  } else if (made.len > MOST) {
    ict_read_error(r, at, NULL, "name smaller parts", "with its names put in this has %zu bytes",
                   made.len);
    text = NULL;
  } else {
    text = ict_read_copy(r, made.text ? made.text : "");
  }
  ict_str_done(&made);
  return text;
}

bool ict_lets_read(ict_reader *r, const ict_catalog *catalog, const ict_node *root, size_t *n,
                   const ict_let **out) {
  const ict_node *map = ict_node_get(root, "let");
  *n = 0;
  if (!map) return true;
  if (!ict_read_is_map(r, map, "'let'")) return false;
  ict_let *lets = ict_read_alloc(r, map->n, sizeof *lets);
  if (!lets) return false;
  *out = lets;
  for (size_t i = 0; i < map->n; i++) {
    const ict_node *name = map->keys[i];
    bool any;
    const char *written;
    if (!ict_name_is_good(name->text) || ict_catalog_find_concept(catalog, name->text)) {
      ict_read_error(r, name, "letters, digits, '_', and no concept", "choose another name",
                     "'%s' cannot be the name of a part", name->text);
      return false;
    }
    if (!ict_read_scalar(r, map->items[i], name->text, &written)) return false;
    lets[i].name = ict_read_copy(r, name->text);
    lets[i].text = expand(r, lets, i, map->items[i], &any);
    lets[i].written = ict_read_copy(r, written);
    if (!lets[i].name || !lets[i].text || !lets[i].written) return false;
    *n = i + 1;
  }
  return true;
}

const ict_expr *ict_let_expr(ict_reader *r, const ict_let *lets, size_t n, const ict_node *map,
                             const char *key, ict_list *keep, const char **text) {
  const ict_node *written = ict_node_get(map, key);
  bool any = false;
  *text = NULL;
  if (!n || !written || written->kind != ICT_NODE_SCALAR)
    return ict_read_expr(r, map, key, true, keep);
  ict_node value = *written;
  value.text = expand(r, lets, n, written, &any);
  if (!value.text) return NULL;
  if (!any) return ict_read_expr(r, map, key, true, keep);
  if (!value.block) { /* with other texts put in, columns of the file mean nothing */
    value.block = true;
    value.line--;
  }
  *text = ict_read_copy(r, written->text);
  const ict_node name = {.kind = ICT_NODE_SCALAR, .text = key};
  const ict_node *const names[] = {&name}, *const values[] = {&value};
  const ict_node pair = {.kind = ICT_NODE_MAP, .n = 1, .keys = names, .items = values};
  return ict_read_expr(r, &pair, key, true, keep);
}
