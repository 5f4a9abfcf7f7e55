/* by.c - the little grammar of --by.
 *
 *     by    = term { "," term }
 *     term  = axis | "cube" "(" axis { "," axis } ")"
 *     axis  = name [ ":" classification ]
 */
#include "plan/by.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

typedef struct parser {
  const char *text; /* the whole text, for messages */
  const char *at;
  ict_arena *arena;
  ict_by *by;
  ict_err *err;
} parser;

/* Sets grow while a text is read; kept apart from the result until the end. */
typedef struct sets {
  unsigned *mask;
  size_t n, capacity;
} sets;

static ict_status bad(parser *p, const char *what, const char *expected) {
  ict_err_set(p->err, ICT_USAGE, "%s in --by \"%s\" at character %zu", what, p->text,
              (size_t)(p->at - p->text) + 1);
  ict_err_expected(p->err, "%s", expected);
  ict_err_fix(p->err, "write for example --by sex, --by sex,age:ten-year or --by 'cube(sex,age)'");
  return ICT_USAGE;
}

static void skip_blanks(parser *p) {
  while (*p->at == ' ') p->at++;
}

static bool take(parser *p, char c) {
  skip_blanks(p);
  if (*p->at != c) return false;
  p->at++;
  return true;
}

static bool is_name(char c) {
  return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

static ict_slice take_name(parser *p) {
  skip_blanks(p);
  const char *from = p->at;
  while (is_name(*p->at)) p->at++;
  return (ict_slice){from, (size_t)(p->at - from)};
}

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

/* n_axes where it is new. */
static size_t find_axis(const ict_by *by, const char *name, const char *classification) {
  size_t i = 0;
  while (i < by->n_axes &&
         !(same(by->axes[i].name, name) && same(by->axes[i].classification, classification)))
    i++;
  return i;
}

ict_status ict_by_axis_at(ict_by *by, const char *name, const char *classification, size_t *axis,
                          ict_err *err) {
  *axis = find_axis(by, name, classification);
  if (*axis < by->n_axes) return ICT_OK;
  if (by->n_axes == ICT_BY_AXES) {
    ict_err_set(err, ICT_USAGE, "too many different breakdowns and contrasts");
    ict_err_expected(err, "at most %d variables in one request", ICT_BY_AXES);
    return ICT_USAGE;
  }
  by->axes[by->n_axes++] = (ict_by_axis){name, classification};
  return ICT_OK;
}

/* Reads one axis, finds or adds it, gives its bit. */
static ict_status take_axis(parser *p, ict_slice name, unsigned *bit) {
  if (name.len == 0) return bad(p, "no name of a breakdown", "a name such as sex or age");
  const char *classification = NULL;
  if (take(p, ':')) {
    ict_slice c = take_name(p);
    if (c.len == 0) return bad(p, "no classification after ':'", "its name, such as age:ten-year");
    classification = ict_arena_strndup(p->arena, c.text, c.len);
    if (!classification) return ict_err_memory(p->err);
  }
  const char *text = ict_arena_strndup(p->arena, name.text, name.len);
  if (!text) return ict_err_memory(p->err);
  size_t axis = find_axis(p->by, text, classification);
  if (axis == ICT_BY_AXES)
    return bad(p, "too many different breakdowns", "at most 16 in one request");
  *bit = 1u << axis;
  return ict_by_axis_at(p->by, text, classification, &axis, p->err);
}

/* One term: the masks it stands for are every subset of `cube`, or just `single`. */
static ict_status take_term(parser *p, unsigned *single, unsigned *cube) {
  *single = *cube = 0;
  ict_slice name = take_name(p);
  if (!(ict_slice_is(name, "cube") && take(p, '('))) return take_axis(p, name, single);
  do {
    unsigned bit = 0;
    ict_status st = take_axis(p, take_name(p), &bit);
    if (st != ICT_OK) return st;
    *cube |= bit;
  } while (take(p, ','));
  if (!take(p, ')')) return bad(p, "cube( without its )", "a closing parenthesis");
  return ICT_OK;
}

static ict_status add_set(parser *p, sets *all, unsigned mask) {
  for (size_t i = 0; i < all->n; i++)
    if (all->mask[i] == mask) return ICT_OK;
  if (ict_grow(&all->mask, all->n, &all->capacity, sizeof *all->mask) != 0)
    return ict_err_memory(p->err);
  all->mask[all->n++] = mask;
  return ICT_OK;
}

/* Every subset of `cube` together with `base`, the empty subset first. */
static ict_status add_cube(parser *p, sets *all, unsigned base, unsigned cube) {
  unsigned sub = 0;
  do {
    ict_status st = add_set(p, all, base | sub);
    if (st != ICT_OK) return st;
    sub = (sub - cube) & cube; /* the next subset of `cube`, in ascending order */
  } while (sub != 0);
  return ICT_OK;
}

ict_status ict_by_parse(const char *const *texts, size_t n, ict_arena *arena, ict_by *out,
                        ict_err *err) {
  *out = (ict_by){0};
  sets all = {0};
  parser p = {.arena = arena, .by = out, .err = err};
  ict_status st = add_set(&p, &all, 0);
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    p.text = p.at = texts[i];
    unsigned base = 0, cube = 0;
    do {
      unsigned single, several;
      ICT_TRY(done, st, take_term(&p, &single, &several));
      base |= single;
      cube |= several;
    } while (take(&p, ','));
    skip_blanks(&p);
    if (*p.at) {
      st = bad(&p, "unexpected text", "a comma or the end");
      goto done;
    }
    ICT_TRY(done, st, add_cube(&p, &all, base, cube & ~base));
  }
  if (st == ICT_OK) {
    unsigned *kept = ict_arena_alloc(arena, all.n, sizeof *kept);
    if (kept) {
      memcpy(kept, all.mask, all.n * sizeof *kept);
      out->sets = kept;
      out->n_sets = all.n;
    } else {
      st = ict_err_memory(err);
    }
  }
done:
  ict_free(all.mask);
  return st;
}
