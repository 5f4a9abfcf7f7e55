/* inside.h - what the files of the abacus share.
 *
 *     rows --desk.c--> totals of the open PSU's inner cells
 *          --psu.c--> moments of the margins' PSU totals in the open stratum
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

/* One set of inner axes that some margin has; its cells are mixed radix, last axis fastest. */
typedef struct ict_abacus_set {
  uint32_t axes;
  size_t n_cells;
  size_t first_cell;              /* among the cells of all sets */
  const uint32_t *cell_of;        /* inner cell -> cell of this set, or ICT_NO_CELL */
  size_t first_margin, n_margins; /* in layout->margins: those with this set of inner axes */
} ict_abacus_set;

typedef struct ict_abacus_margin {
  size_t first_cell;                     /* in the packed cube */
  uint32_t outer;                        /* its axes that are not inner */
  uint32_t stride[ICT_ABACUS_MOST_AXES]; /* of its cells, by axis */
  const uint32_t *inner_part;            /* cell of its set -> that part of its own cell's number */
} ict_abacus_margin;

struct ict_abacus_layout {
  ict_arena *arena;
  const ict_abacus_shape *shape;
  const ict_kernels *kernels;
  size_t groups, lanes;             /* of 8 measures; 8 x groups */
  size_t unit_bytes, moments_bytes; /* a slot's stride in these sheets */
  size_t stride[ICT_ABACUS_MOST_AXES];
  size_t n_inner;                         /* inner cells */
  size_t n_sets, n_set_cells, most_cells; /* of all sets together; of the largest */
  ict_abacus_set *sets;
  uint32_t *set_of; /* n_set_cells: which set the cell belongs to */
  ict_abacus_margin *margins;
  size_t n_cells; /* of all margins */
};

/* A stratum of which some or all PSUs were seen. */
typedef struct ict_abacus_part {
  size_t stratum;
  size_t n_psu;    /* closed so far */
  ict_sheet cells; /* over the cells of all sets: moments */
  uint32_t *k;     /* by cell: in how many PSUs it was touched */
} ict_abacus_part;

struct ict_abacus_desk {
  const ict_abacus_layout *layout;
  ict_sheet units; /* open PSU: totals by inner cell */
  uint32_t *slot;  /* of the rows being added */
  uint8_t *zero;   /* by slot of `units` and group: measures that rows of weight 0 count for */
  size_t zero_capacity;
  bool any_zero;
  uint32_t *job_of; /* most_cells: of a set's cell; see psu.c */
  uint32_t *job_cell;
  ict_job *jobs;
  uint32_t *next, *last; /* of units in one job */
  size_t capacity;       /* jobs, next and last, at least units.n; each has one place more */
  ict_abacus_part open;
};

struct ict_abacus {
  const ict_abacus_layout *layout;
  size_t n_held; /* strata seen only in part: at most the first and the last, in order */
  ict_abacus_part held[2];
  ict_sheet sums; /* packed, whole strata */
};

ict_status ict_abacus_part_init(const ict_abacus_layout *layout, ict_abacus_part *part,
                                ict_err *err);
void ict_abacus_part_done(ict_abacus_part *part);
void ict_abacus_part_clear(ict_abacus_part *part);

/* psu.c: the open PSU's totals enter the moments of the desk's stratum. */
ict_status ict_abacus_roll_up(ict_abacus_desk *desk, ict_err *err);

/* stratum.c */
ict_status ict_abacus_join(const ict_abacus_layout *layout, ict_abacus_part *into,
                           ict_abacus_part *next, ict_err *err);
/* A stratum all of whose PSUs are in: scaled into the sums, and emptied. */
ict_status ict_abacus_settle(const ict_abacus_layout *layout, ict_abacus_part *part,
                             ict_sheet *sums, ict_err *err);

#endif
