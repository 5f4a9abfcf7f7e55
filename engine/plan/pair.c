/* pair.c - contrasts become pairs of cells.
 *
 * In: a plan with its axes and margins, the contrasts of the request. Out: the plan's contrasts,
 * and in its shape the pairs of cells whose covariance the pass keeps.
 * Owns: nothing. */
#include <string.h>

#include "base/text.h"
#include "plan/parts.h"

static ict_status same_class(const char *text, const ict_plan_axis *axis, ict_err *err) {
  ict_err_set(err, ICT_USAGE, "the contrast '%s' of '%s' compares a class with itself", text,
              axis->name);
  ict_err_fix(err, "name two different classes");
  return ICT_USAGE;
}

static ict_status no_class(const char *text, ict_slice wrong, const ict_plan_axis *axis,
                           ict_err *err) {
  const ict_codelist *codes = axis->codes;
  const char **names = ict_alloc(codes->n, sizeof *names);
  char *word = ict_strndup(wrong.text, wrong.len);
  ict_str list;
  ict_str_init(&list);
  if (!names || !word) {
    ict_free(names);
    ict_free(word);
    return ict_err_memory(err);
  }
  for (size_t i = 0; i < codes->n; i++) {
    names[i] = codes->codes[i].id;
    ict_str_addf(&list, "%s%s", i ? ", " : "", names[i]);
  }
  ict_err_set(err, ICT_USAGE, "no class '%s' of '%s' in the contrast '%s'", word, axis->name, text);
  ict_err_expected(err, codes->n > 1 ? "two of: %s" : "two classes, and there is only %s",
                   list.failed ? "?" : list.text);
  const char *near = ict_text_nearest(word, names, codes->n);
  if (codes->n == 1)
    ict_err_fix(err,
                "import the other class into the same store; rounds in stores of their own are "
                "compared by `ictstat contrast TABLE TABLE`");
  else if (near)
    ict_err_fix(err, "write '%s'", near);
  else
    ict_err_fix(err, "write --contrast %s:%s-%s", axis->name, names[0], names[codes->n > 1]);
  ict_str_done(&list);
  ict_free(names);
  ict_free(word);
  return ICT_USAGE;
}

static long find_class(const ict_codelist *codes, ict_slice id) {
  for (size_t i = 0; i < codes->n; i++)
    if (ict_slice_is(id, codes->codes[i].id)) return (long)i;
  return -1;
}

/* Codes may hold "-", so the text is cut where both sides are classes; where it cannot be, at the
 * first place at which one side is, or the first of all, and the other side is told. */
static ict_status resolve(const char *text, const ict_plan_axis *axis, ict_plan_contrast *out,
                          ict_err *err) {
  ict_slice wrong = {NULL, 0};
  bool half = false;
  for (const char *at = strpbrk(text, "-/"); at; at = strpbrk(at + 1, "-/")) {
    ict_slice side[2] = {{text, (size_t)(at - text)}, ict_slice_of(at + 1)};
    long first = find_class(axis->codes, side[0]), second = find_class(axis->codes, side[1]);
    if (first >= 0 && first == second) return same_class(text, axis, err);
    if (first >= 0 && second >= 0) {
      out->cls[0] = (size_t)first;
      out->cls[1] = (size_t)second;
      out->ratio = *at == '/';
      return ICT_OK;
    }
    bool one = first >= 0 || second >= 0;
    if (wrong.text && (half || !one)) continue;
    wrong = side[first >= 0];
    half = one;
  }
  return no_class(text, wrong, axis, err);
}

static ict_status name_it(const ict_plan *plan, ict_plan_contrast *c, ict_err *err) {
  const ict_code *codes = plan->axes[c->axis].codes->codes;
  c->words = ict_arena_printf(plan->arena, "%s %s %s", codes[c->cls[0]].label, c->ratio ? "/" : "-",
                              codes[c->cls[1]].label);
  return c->words ? ICT_OK : ict_err_memory(err);
}

/* Whether any measure of the plan takes part in the contrast. */
static bool is_wanted(const ict_plan *plan, const ict_contrast *asked) {
  for (size_t i = 0; i < plan->n_measures; i++) {
    const ict_indicator *indicator = plan->measures[i].indicator;
    if (asked->only ? indicator == asked->only : !indicator->contrast_of) return true;
  }
  return false;
}

/* Pairs of one contrast in one margin, written where out is given. */
static size_t pairs_of(const ict_plan *plan, size_t margin, const ict_plan_contrast *c,
                       ict_pair *out) {
  const ict_plan_margin *g = &plan->margins[margin];
  size_t inner = 1, n = plan->axes[c->axis].n;
  for (size_t i = g->n_axes; g->axes[--i] != c->axis;) inner *= plan->axes[g->axes[i]].n;
  size_t n_pairs = plan->shape.margins[margin].n_cells / n;
  for (size_t i = 0; out && i < n_pairs; i++) {
    out[i].margin = (uint32_t)margin;
    for (int side = 0; side < 2; side++)
      out[i].cell[side] = (uint32_t)((i / inner * n + c->cls[side]) * inner + i % inner);
  }
  return n_pairs;
}

ict_status ict_plan_pairs_make(const ict_contrasts *asked, unsigned mask, ict_plan *plan,
                               ict_err *err) {
  ict_plan_contrast *contrasts = ict_arena_alloc(plan->arena, asked->n + 1, sizeof *contrasts);
  size_t at[ICT_CONTRASTS] = {0}; /* place + 1 of each contrast asked for that this plan has */
  if (!contrasts) return ict_err_memory(err);
  for (size_t i = 0; i < asked->n; i++) {
    size_t axis = asked->asked[i].axis;
    bool here = axis == ICT_CONTRAST_PERIOD || mask >> axis & 1;
    if (!here || !is_wanted(plan, &asked->asked[i])) continue;
    ict_plan_contrast *c = &contrasts[plan->n_contrasts];
    c->axis = axis == ICT_CONTRAST_PERIOD ? 1 : ict_plan_axis_at(mask, axis);
    c->text = ict_arena_strdup(plan->arena, asked->asked[i].text);
    c->only = asked->asked[i].only;
    c->bit = 1u << i;
    if (!c->text) return ict_err_memory(err);
    ict_status st = resolve(c->text, &plan->axes[c->axis], c, err);
    if (st == ICT_OK) st = name_it(plan, c, err);
    if (st != ICT_OK) return st;
    at[i] = ++plan->n_contrasts;
  }
  plan->contrasts = contrasts;

  ict_pair *pairs = NULL;
  size_t *contrast_of = NULL;
  for (int writing = 0; writing < 2; writing++) {
    size_t n = 0;
    for (size_t g = 0; g < plan->n_margins; g++)
      for (size_t i = 0; i < asked->n; i++) {
        if (!at[i] || !(plan->margins[g].contrasts >> i & 1)) continue;
        size_t more = pairs_of(plan, g, &contrasts[at[i] - 1], pairs ? pairs + n : NULL);
        for (size_t k = 0; pairs && k < more; k++) contrast_of[n + k] = at[i] - 1;
        n += more;
      }
    if (writing) break;
    plan->shape.n_pairs = n;
    pairs = ict_arena_alloc(plan->arena, n + 1, sizeof *pairs);
    contrast_of = ict_arena_alloc(plan->arena, n + 1, sizeof *contrast_of);
    if (!pairs || !contrast_of) return ict_err_memory(err);
  }
  plan->shape.pairs = pairs;
  plan->contrast_of = contrast_of;
  return ICT_OK;
}
