/* mapping_replicates.c - `replicates:` of a design.
 *
 * In: the tree. Out: an ict_map_replicates.
 * Owns: the scales that a type implies: those of R's
 * svrepdesign. Where R guesses a scale, we ask. */
#include "base/text.h"
#include "catalog/mapping_room.h"
#include "catalog/name_range.h"

#define MOST_REPLICATES 10000

static bool read_range(ict_mapper *m, const ict_node *node, long own, ict_map_replicates *out) {
  ict_name_range range;
  if (!ict_name_range_find(node->text, MOST_REPLICATES, &range)) {
    ict_read_error(m->r, node, "a range such as BRRWT{1..96}, or a list of variables", NULL,
                   "'%s' does not say which variables", node->text);
    return false;
  }
  size_t n = (size_t)(range.last - range.first) + 1;
  ict_ref *refs = ict_read_alloc(m->r, n, sizeof *refs);
  bool good = refs != NULL;
  for (size_t i = 0; i < n && good; i++) {
    ict_node one = *node;
    one.text = ict_name_range_at(m->r, &range, range.first + (long)i);
    good = one.text && ict_map_ref(m, &one, own, &refs[i]);
  }
  out->from = refs;
  out->n = n;
  return good;
}

static bool read_from(ict_mapper *m, const ict_node *node, long own, ict_map_replicates *out) {
  const ict_node *from = ict_node_get(node, "from");
  if (!from) {
    ict_read_error(m->r, node, "a range such as BRRWT{1..96}, or a list of variables", NULL,
                   "'replicates' has no 'from'");
    return false;
  }
  bool good = from->kind == ICT_NODE_SCALAR ? read_range(m, from, own, out)
                                            : ict_map_refs(m, from, own, &out->from, &out->n);
  if (good && out->n < 2) {
    ict_read_error(m->r, from, "two replicates or more", NULL, "one replicate has no variance");
    return false;
  }
  return good;
}

/* ---- scales ---------------------------------------------------------------------------- */

/* One number for all, or a list of one each. */
static bool read_rscales(ict_mapper *m, const ict_node *node, ict_map_replicates *out) {
  const char *const *texts;
  size_t n;
  if (!ict_node_get(node, "rscales")) return false;
  if (!ict_read_texts(m->r, node, "rscales", false, &texts, &n)) return false;
  double *rscale = ict_read_alloc(m->r, out->n, sizeof *rscale);
  if (!rscale) return false;
  const ict_node *at = ict_node_get(node, "rscales");
  if (n != 1 && n != out->n) {
    ict_read_error(m->r, at, "one number, or one for each replicate", NULL,
                   "%zu rscales for %zu replicates", n, out->n);
    return false;
  }
  for (size_t i = 0; i < out->n; i++) {
    const char *text = texts[n == 1 ? 0 : i];
    if (ict_number_parse(ict_slice_of(text), '.', &rscale[i]) && rscale[i] >= 0) continue;
    ict_read_error(m->r, at, "numbers from 0", NULL, "'%s' is no scale", text);
    return false;
  }
  out->rscale = rscale;
  return true;
}

/* What the type implies. 0: nothing, it must be given. */
static double implied_scale(const ict_map_replicates *r) {
  double n = (double)r->n;
  switch (r->type) {
    case ICT_REPLICATE_BRR:
      return 1 / n;
    case ICT_REPLICATE_FAY:
      return 1 / (n * (1 - r->rho) * (1 - r->rho));
    case ICT_REPLICATE_BOOTSTRAP:
      return 1 / (n - 1);
    case ICT_REPLICATE_JK1:
      return (n - 1) / n;
    case ICT_REPLICATE_JK2:
      return 1;
    case ICT_REPLICATE_JKN:
      return 1;
    case ICT_REPLICATE_SDR:
    case ICT_REPLICATE_ACS:
      return 4 / n;
    case ICT_REPLICATE_OTHER:
      break;
  }
  return 0;
}

/* Types whose variance has one scale only. */
static bool is_fixed(ict_replicate_type type) {
  return type == ICT_REPLICATE_BRR || type == ICT_REPLICATE_FAY || type == ICT_REPLICATE_JK2 ||
         type == ICT_REPLICATE_SDR || type == ICT_REPLICATE_ACS;
}

static void read_scales(ict_mapper *m, const ict_node *node, ict_map_replicates *out) {
  const char *type = ict_replicate_name(out->type);
  const ict_node *rho = ict_node_get(node, "rho");
  if ((out->type == ICT_REPLICATE_FAY) != (rho != NULL)) {
    ict_read_error(m->r, rho ? rho : node, NULL,
                   rho ? "write `type: fay`, or remove it" : "give `rho:`, as the survey has it",
                   rho ? "'rho' does not belong to `type: %s`" : "`type: %s` has no 'rho'", type);
    return;
  }
  if (rho && ict_read_number(m->r, node, "rho", true, &out->rho) &&
      !(out->rho >= 0 && out->rho < 1)) {
    ict_read_error(m->r, rho, "a number from 0 to below 1", NULL, "rho cannot be %g", out->rho);
    return;
  }
  const ict_node *scale = ict_node_get(node, "scale"), *rscales = ict_node_get(node, "rscales");
  if ((scale || rscales) && is_fixed(out->type)) {
    ict_read_error(m->r, scale ? scale : rscales, NULL, "remove it, or write `type: other`",
                   "`type: %s` has a scale of its own", type);
    return;
  }
  out->scale = implied_scale(out);
  if (scale && ict_read_number(m->r, node, "scale", true, &out->scale) && !(out->scale > 0))
    ict_read_error(m->r, scale, "a number above 0", NULL, "the scale cannot be %g", out->scale);
  bool good = read_rscales(m, node, out);
  if (out->scale == 0 && !scale)
    ict_read_error(m->r, node, NULL, "give `scale:`, as the survey's documentation has it",
                   "`type: %s` has no 'scale'", type);
  if (out->type == ICT_REPLICATE_JKN && !rscales && !good)
    ict_read_error(m->r, node, NULL, "give (n_h - 1) / n_h of each replicate's stratum",
                   "`type: jkn` has no 'rscales'");
}

void ict_map_replicates_read(ict_mapper *m, const ict_node *design, long own,
                             ict_map_replicates *out) {
  static const char *const keys[] = {"type", "from",     "rho", "scale", "rscales",
                                     "mse",  "combined", "df",  NULL};
  const ict_node *node = ict_node_get(design, "replicates");
  int type = 0;
  *out = (ict_map_replicates){.combined = true};
  if (!node || ict_map_is_none(node)) return;
  out->at = ict_mark_of(node);
  if (!ict_read_keys(m->r, node, "'replicates'", keys)) return;
  if (!ict_read_word(m->r, node, "type", true, ict_replicate_names, &type) ||
      !read_from(m, node, own, out)) {
    out->n = 0;
    return;
  }
  out->type = (ict_replicate_type)type;
  out->mse = out->type == ICT_REPLICATE_ACS;
  read_scales(m, node, out);
  ict_read_bool(m->r, node, "mse", false, &out->mse);
  ict_read_bool(m->r, node, "combined", false, &out->combined);
  int64_t df = 0;
  if (ict_node_get(node, "df") && ict_read_integer(m->r, node, "df", true, &df) && df < 1)
    ict_read_error(m->r, ict_node_get(node, "df"), "a number from 1", NULL,
                   "there cannot be %lld degrees of freedom", (long long)df);
  out->df = (double)df;
}
