/* inside.h - what the files of the abacus share.
 *
 *     rows --desk.c--> totals of the open PSU's cells in each grid (units)
 *          (--numbers.c--> the same of numbers, and their moments in the open stratum)
 *          --psu.c--> its totals of each set's cells, and when some wait, of many PSUs at once:
 *          --psu.c--> moments of PSU totals in the open stratum
 *          (--couples.c--> the same of pairs of cells, whose covariance is wanted)
 *          --abacus.c--> packed sums of whole strata, partial strata of consecutive chunks joined
 *
 * Loops over measures are in kernels.h, compiled for several instruction sets; everything else
 * deals with cells. */
#ifndef ICT_ABACUS_INSIDE_H
#define ICT_ABACUS_INSIDE_H

#include "abacus/abacus.h"
#include "abacus/kernels.h"
#include "base/mem.h"
#include "cube/inside.h"
#include "cube/packed.h"

/* Cells by which a PSU's rows are added up: mixed radix over some inner axes, with a class for
 * rows in none. The totals of each of its sets are formed from them. */
typedef struct ict_abacus_grid {
  uint32_t axes;
  size_t stride[ICT_ABACUS_MOST_AXES]; /* by axis; 0: not of this grid */
  size_t n_cells;
  size_t first_set, n_sets;
  uint32_t *cell_of; /* n_cells x n_sets: among the cells of all sets, or ICT_NO_CELL */
} ict_abacus_grid;

/* One set of inner axes that some margin has; its cells are mixed radix, last axis fastest. */
typedef struct ict_abacus_set {
  uint32_t axes;
  uint32_t within; /* more inner axes, of which a row must be in a class */
  size_t n_cells;
  size_t first_cell;              /* among the cells of all sets */
  size_t first_margin, n_margins; /* in layout->margins: those with this set of inner axes */
  bool beside;                    /* all of these are */
} ict_abacus_set;

typedef struct ict_abacus_margin {
  size_t first_cell;                     /* in the packed cube */
  uint32_t outer;                        /* its axes that are not inner */
  uint32_t outer_within;                 /* more of which the stratum must have a class */
  uint32_t stride[ICT_ABACUS_MOST_AXES]; /* of its cells, by axis */
  const uint32_t *inner_part;            /* cell of its set -> that part of its own cell's number */
} ict_abacus_margin;

/* Pairs of cells of one set whose covariance is wanted: the shape's pairs within a stratum. */
typedef struct ict_abacus_pairs {
  size_t n;
  const uint32_t (*cell)[2]; /* among the cells of all sets */
  /* By cell of the sets, the pairs it is in: of[from[cell]] .. of[from[cell + 1] - 1]. */
  const uint32_t *from, *of;
  /* By cell of the margins, those of the shape's pairs of which it is the first, likewise. */
  const uint32_t *shape_from, *shape_of;
} ict_abacus_pairs;

struct ict_abacus_layout {
  ict_arena *arena;
  const ict_abacus_shape *shape;
  const ict_kernels *kernels;
  size_t groups, lanes; /* of 8 lanes; 8 x groups */
  ict_lane *lane;       /* by measure */
  bool *opens;          /* by measure: the first whose bit is in its group */
  size_t n_numeric, *numeric;
  size_t numbers_at; /* bytes before the ict_moments of numeric measures in a slot of moments */
  size_t total_bytes, rows_bytes, moments_bytes;
  size_t depth;                  /* PSU totals of a cell that wait at most */
  size_t n_grids, n_first_grids; /* the first ones are not for sets beside */
  ict_abacus_grid *grids;
  size_t n_sets, n_set_cells; /* of all sets together */
  ict_abacus_set *sets;
  uint32_t *set_of; /* n_set_cells: which set the cell belongs to */
  ict_abacus_margin *margins;
  size_t n_cells;     /* of all margins */
  size_t *first_cell; /* by margin of the shape; n_margins + 1 */
  ict_abacus_pairs pairs;
};

static inline uint32_t ict_abacus_within(const ict_abacus_shape *shape, size_t margin) {
  return shape->margin_within ? shape->margin_within[margin] : 0;
}
static inline bool ict_abacus_is_of(const ict_abacus_shape *shape, size_t margin,
                                    const ict_abacus_set *set) {
  return (shape->margin_axes[margin] & shape->inner) == set->axes &&
         (ict_abacus_within(shape, margin) & shape->inner) == set->within;
}
/* The set of a margin of the shape. */
static inline const ict_abacus_set *ict_abacus_set_of(const ict_abacus_layout *l, size_t margin) {
  const ict_abacus_set *set = l->sets;
  while (!ict_abacus_is_of(l->shape, margin, set)) set++;
  return set;
}

/* A stratum of which some or all PSUs were seen. */
typedef struct ict_abacus_part {
  size_t stratum;
  size_t n_psu;     /* closed so far */
  ict_sheet cells;  /* over the cells of all sets: moments of PSU totals, then of numbers */
  uint32_t *k;      /* by cell: in how many PSUs it was touched */
  ict_sheet pairs;  /* moments of pairs; none where there are none */
  uint32_t *pair_k; /* by pair: in how many PSUs either of its cells was touched */
} ict_abacus_part;

/* PSU totals on their way into the open stratum's moments. A cell that the stratum has come to has
 * a seat, numbered from 1 as the slots of its sheet are from 0; seat 0 is of rows in no cell. Each
 * has `depth` places: a PSU's total is added up in one of them, and when all are taken their
 * totals enter the moments. Place 0 holds zeros, place 1 is seat 0's. */
typedef struct ict_abacus_queue {
  size_t n, capacity;   /* seats beside seat 0 */
  uint32_t *from, *to;  /* by seat: see kernels.h */
  uint32_t *touched;    /* by the PSU that closes; one entry more than there are seats */
  uint8_t *zero;        /* by seat and group: measures that rows of weight 0 count for; see psu.c */
  size_t zero_capacity; /* seats */
  unsigned char *totals;
  void *memory; /* of totals */
} ict_abacus_queue;

/* A pair of cells in the open stratum, by slot of its sheet. */
typedef struct ict_abacus_couple {
  uint32_t seat[2]; /* 0: the stratum has not come to that cell */
  uint32_t psu;     /* the last one that it has, from 1 on */
  uint32_t n;       /* PSUs that wait, and where the two totals of each are */
  uint32_t place[ICT_MOST_WAITING][2];
} ict_abacus_couple;

/* What a desk has for one grid. */
typedef struct ict_abacus_tray {
  const ict_abacus_grid *grid;
  ict_sheet inner;     /* open stratum: rows by cell of the grid */
  size_t capacity;     /* cells that the following have room for */
  uint32_t *seat;      /* by slot of `inner` and set */
  ict_moments *rows;   /* by slot of `inner` and numeric measure */
  uint32_t *unit_of;   /* by slot of `inner`: unit of the open PSU, 0 where there is none yet */
  uint32_t *inner_of;  /* by unit, from 1 on: slot of `inner`; one entry more for nobody */
  unsigned char *unit; /* totals by unit, from 1 on */
  void *unit_memory;
  size_t n_units;
  uint8_t *zero; /* by unit and group: measures that rows of weight 0 count for */
  size_t zero_capacity;
} ict_abacus_tray;

struct ict_abacus_desk {
  const ict_abacus_layout *layout;
  ict_abacus_tray *trays; /* by grid */
  ict_row_grid *rows;     /* by grid: of the rows being added */
  bool any_zero;
  const unsigned char **source; /* n_sets, for the kernel */
  unsigned char **sink;
  ict_abacus_queue queue;
  ict_abacus_part open;
  ict_abacus_couple *couples;
  size_t couples_capacity;
};

struct ict_abacus {
  const ict_abacus_layout *layout;
  size_t n_held; /* strata seen only in part: at most the first and the last, in order */
  ict_abacus_part held[2];
  ict_sheet sums;  /* packed, whole strata */
  ict_sheet pairs; /* the same of the shape's pairs */
};

ict_status ict_abacus_part_init(const ict_abacus_layout *layout, ict_abacus_part *part,
                                ict_err *err);
void ict_abacus_part_done(ict_abacus_part *part);
void ict_abacus_part_clear(ict_abacus_part *part);

/* grids.c: which grids there are, and the sets in their order. */
ict_status ict_abacus_make_grids(ict_abacus_layout *layout, ict_err *err);

/* numbers.c: called for numeric measures, and nothing where there are none. */
/* The n rows from `first` on, which the kernel has added: their values. */
void ict_abacus_add_numbers(ict_abacus_desk *desk, const ict_abacus_rows *rows, size_t first,
                            size_t n);
/* Moments of one more group of rows enter those of a stratum's cell, at `slot`. */
void ict_abacus_join_numbers(const ict_abacus_layout *layout, void *slot, const ict_moments *next);
static inline const ict_moments *ict_abacus_numbers(const ict_abacus_layout *l, const void *slot) {
  return (const ict_moments *)(const void *)((const unsigned char *)slot + l->numbers_at);
}
/* Before the totals are: those of a stratum's cell enter packed sums; packed sums enter others. */
void ict_abacus_settle_numbers(const ict_abacus_layout *layout, const void *slot, void *packed);
void ict_abacus_merge_numbers(const ict_abacus_layout *layout, void *into, void *next);

/* psu.c: a cell that the stratum had not come to yet, the last of the tray's sheet, gets the seats
 * of its cells. */
ict_status ict_abacus_seat(ict_abacus_desk *desk, ict_abacus_tray *tray, ict_err *err);
/* The open PSU's totals go to the queue. */
ict_status ict_abacus_roll_up(ict_abacus_desk *desk, ict_err *err);
/* All that the desk has of its stratum is in `open` afterwards; the next one may begin. */
void ict_abacus_empty_desk(ict_abacus_desk *desk);
void ict_abacus_queue_done(ict_abacus_queue *queue);

/* pairs.c */
ict_status ict_abacus_make_pairs(ict_abacus_layout *layout, ict_err *err);
/* As ict_abacus_settle, of pairs; the part is not emptied. */
ict_status ict_abacus_settle_pairs(const ict_abacus_layout *layout, const ict_scaling *scaling,
                                   const ict_abacus_part *part, ict_sheet *sums, ict_err *err);
/* When all strata are in: sums of the pairs whose cells share none, from the cells' sums. */
ict_status ict_abacus_pair_strata(const ict_abacus_layout *layout, const ict_sheet *sums,
                                  ict_sheet *pairs, ict_err *err);

/* couples.c; called where there are pairs. The cell has got the seat: its pairs know. */
ict_status ict_abacus_seat_couples(ict_abacus_desk *desk, uint32_t cell, size_t seat, ict_err *err);
/* The open PSU's totals of the seats touched are in their places. */
void ict_abacus_couples_wait(ict_abacus_desk *desk, size_t n_touched);
/* What waits for the moments of the seat's pairs enters them; its places may be free then. */
void ict_abacus_drain_couples(ict_abacus_desk *desk, size_t seat);

/* stratum.c */
/* The stratum's part of a margin's cell number, or ICT_NO_CELL. */
uint32_t ict_abacus_outer_part(const ict_abacus_layout *layout, const ict_abacus_margin *margin,
                               size_t stratum);
ict_status ict_abacus_join(const ict_abacus_layout *layout, ict_abacus_part *into,
                           ict_abacus_part *next, ict_err *err);
/* A stratum all of whose PSUs are in: scaled into the sums, and emptied. */
ict_status ict_abacus_settle(const ict_abacus_layout *layout, ict_abacus_part *part,
                             ict_sheet *sums, ict_sheet *pairs, ict_err *err);

#endif
