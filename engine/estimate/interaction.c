/* interaction.c - a basis of a table's interaction contrasts that keeps the digits.
 *
 * In: the weights of the table's cells. Out: contrasts, signs by cell.
 * Owns: its work, in the caller's arena.
 *
 * A contrast of the interaction adds up to 0 in every row and column: it is a circuit of the graph
 * with rows and columns for nodes and cells for edges. A tree of cells that joins all nodes leaves
 * out (r-1)(c-1) cells, each of which closes one circuit with cells of the tree; these are a basis.
 *
 * The tree takes the cells of the least weight (Prim 1957), so that a heavy cell is in one contrast
 * alone. With C the contrasts and W = diag(weight), C'WC is then I + B'B after its scaling, each
 * entry of B within [-1, 1]. Contrasts that share a heavy cell are all but the same in it: with
 * those against the last row and column a last class with a share of 1e-8 took eight digits. */
#include <math.h>

#include "estimate/inside.h"

typedef struct tree {
  size_t n_rows, n_cols;
  const double *weight; /* n_rows x n_cols */
  size_t *parent;       /* of each node: rows, then columns; the root's is itself */
  size_t *depth;
  bool *is_in;
} tree;

static size_t cell_of(const tree *t, size_t node, size_t other) {
  return node < t->n_rows ? node * t->n_cols + other - t->n_rows
                          : other * t->n_cols + node - t->n_rows;
}

/* The lightest cell between the tree and a node outside joins it. */
static void grow(tree *t) {
  size_t n = t->n_rows + t->n_cols, from = 0, to = n;
  double least = INFINITY;
  for (size_t i = 0; i < t->n_rows; i++)
    for (size_t k = t->n_rows; k < n; k++) {
      if (t->is_in[i] == t->is_in[k]) continue;
      double weight = t->weight[cell_of(t, i, k)];
      if (!(weight < least || to == n)) continue;
      least = weight;
      from = t->is_in[i] ? i : k;
      to = t->is_in[i] ? k : i;
    }
  t->is_in[to] = true;
  t->parent[to] = from;
  t->depth[to] = t->depth[from] + 1;
}

/* The circuit of a cell outside the tree: the signs alternate from either end of its way through
 * the tree, which has an odd number of cells. */
static void close_circuit(const tree *t, size_t row, size_t col, double *sign) {
  size_t end[2] = {row, t->n_rows + col};
  double next[2] = {-1, -1};
  sign[row * t->n_cols + col] = 1;
  while (end[0] != end[1]) {
    int i = t->depth[end[1]] > t->depth[end[0]];
    size_t up = t->parent[end[i]];
    sign[cell_of(t, end[i], up)] = next[i];
    next[i] = -next[i];
    end[i] = up;
  }
}

static bool is_of_tree(const tree *t, size_t row, size_t node) {
  return t->parent[row] == node || t->parent[node] == row;
}

ict_status ict_interactions(size_t n_rows, size_t n_cols, const double *weight, ict_arena *arena,
                            double *sign, ict_err *err) {
  size_t n = n_rows + n_cols;
  tree t = {.n_rows = n_rows, .n_cols = n_cols, .weight = weight};
  t.parent = ict_arena_alloc(arena, n, sizeof *t.parent);
  t.depth = ict_arena_alloc(arena, n, sizeof *t.depth);
  t.is_in = ict_arena_alloc(arena, n, sizeof *t.is_in);
  if (!t.parent || !t.depth || !t.is_in) return ict_err_memory(err);
  t.is_in[0] = true; /* the root */
  for (size_t i = 1; i < n; i++) grow(&t);
  for (size_t i = 0; i < n_rows; i++)
    for (size_t k = 0; k < n_cols; k++) {
      if (is_of_tree(&t, i, n_rows + k)) continue;
      close_circuit(&t, i, k, sign);
      sign += n_rows * n_cols;
    }
  return ICT_OK;
}
