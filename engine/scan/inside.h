/* inside.h - what the files of the scan share: chunks, and one thread's evaluator. */
#ifndef ICT_SCAN_INSIDE_H
#define ICT_SCAN_INSIDE_H

#include "abacus/abacus.h"
#include "scan/scan.h"

/* Rows a chunk has at least, the last one excepted. Part of what a result's last bits depend
 * on, so a constant; large beside a cube's merge, small beside a core's share of a survey. */
#define CHUNK_ROWS 65536

/* Chunk c is PSUs first_psu[c] .. first_psu[c+1]-1. Caller frees with ict_free. */
ict_status ict_scan_borders(const ict_design *design, size_t chunk_rows, size_t **first_psu,
                            size_t *n_chunks, ict_err *err);

/* What one thread needs to evaluate a block: expression scratch and a block of each result. */
typedef struct ict_evaluator {
  const ict_plan *plan;
  ict_scratch *scope_scratch;
  ict_scratch **universe_scratch, **numerator_scratch, **denominator_scratch; /* by measure */
  const void **columns;                                                       /* of the block */
  uint8_t *scope;      /* truth of the scope; all of these: ICT_BLOCK_ROWS */
  uint8_t *counts;     /* truth of scope and universe */
  uint8_t *truth;      /* of a restriction being applied */
  uint8_t *answers;    /* n_measures blocks */
  double *numbers;     /* 2 n_measures blocks, y and x; NULL where no measure is numeric */
  const double *shift; /* by measure: y - shift x stands for y; NULL: nothing is shifted */
  uint32_t *fine;
  ict_cube_values *values; /* the block's, by measure: into answers and numbers */
  ict_cube_values *run;    /* the same, from the row being fed on */
} ict_evaluator;

ict_status ict_evaluator_init(ict_evaluator *evaluator, const ict_plan *plan, ict_err *err);
void ict_evaluator_done(ict_evaluator *evaluator); /* also after a failed init */

/* Evaluates rows [row, row + n), n <= ICT_BLOCK_ROWS: fills fine and values. */
void ict_evaluate(ict_evaluator *evaluator, size_t row, size_t n);
/* One numeric measure of a block: fills its values. counts: the rows in scope and universe; NULL:
 * all. */
void ict_evaluate_numbers(ict_evaluator *evaluator, size_t measure, const ict_block *block,
                          const uint8_t *counts);
/* Fills `run`: the values from row `at` of the block on. */
void ict_evaluator_run(ict_evaluator *evaluator, size_t at);

/* The shift of each measure that is a mean or a ratio: its value over the first rows that count.
 * A function of the data alone. The evaluator must not shift yet. */
void ict_scan_shifts(ict_evaluator *evaluator, double *shift);

/* Where the block's columns are, for rows from `row` on. */
void ict_evaluator_seek(ict_evaluator *evaluator, size_t row);

/* Fine cell of each row of the block: the sum of class x stride over the axes. */
void ict_scan_cells(const ict_plan *plan, const size_t *stride, const void *const *columns,
                    size_t n, uint32_t *fine);
/* Class of one value of a whole column, axis->n for "in none". */
size_t ict_scan_class(const ict_plan_axis *axis, ict_width width, const void *column, size_t row);
/* The stratum that holds the PSU. */
size_t ict_scan_stratum_of(const ict_design *design, size_t psu);

/* Feeds the PSUs [from, to) to the cube and the totals; either may be NULL. */
ict_status ict_scan_chunk(ict_evaluator *evaluator, size_t from, size_t to, ict_cube *cube,
                          ict_replicate_totals *totals, ict_err *err);

/* roles.c: the axes of which the rows of some stratum have several classes, and the classes of each
 * stratum's first row (n_strata x n_axes, caller frees with ict_free, also after a failure). */
ict_status ict_scan_roles(const ict_plan *plan, const size_t *first_psu, size_t n_chunks,
                          int threads, uint32_t *inner, uint16_t **stratum_class, ict_err *err);

/* scan.c: ict_scan by the cube whatever the plan is, without totals: for benchmarks. The plan has
 * the cells of its margins (ict_plan_fill_cells). */
ict_status ict_scan_by_cube(const ict_plan *plan, int threads, ict_cube **out, ict_err *err);

/* bits.c: a condition as the abacus takes it: bytes, and which of them are yes and no. The bytes
 * are the column's own; or the column's through a table; or what the program gives. */
typedef struct ict_byte_condition {
  enum { ICT_BY_COLUMN, ICT_BY_TABLE, ICT_BY_PROGRAM } kind;
  const ict_program *program; /* NULL: there is no such condition */
  size_t column;
  ict_abacus_test yes, no; /* of the bytes; their bit is 1, or 0 where none is */
  uint8_t table[UINT8_MAX + 1];
} ict_byte_condition;
typedef struct ict_answers {
  ict_byte_condition scope;
  ict_byte_condition *universe, *numerator, *denominator; /* by measure */
} ict_answers;
ict_status ict_answers_init(ict_answers *answers, const ict_plan *plan, ict_err *err);
void ict_answers_done(ict_answers *answers); /* also after a failed init */
/* As ict_evaluate, in the evaluator's memory, but to what the abacus takes: each row's cell in
 * every grid, and its bits. Strides from grid to grid, and group to group: ICT_BLOCK_ROWS. */
void ict_evaluate_bits(ict_evaluator *evaluator, const ict_answers *answers,
                       const ict_abacus_layout *layout, size_t row, size_t n, uint32_t *cell,
                       uint8_t *yes, uint8_t *no);

typedef struct ict_abacus_shared { /* what all threads share */
  const ict_plan *plan;
  ict_abacus_shape shape;
  size_t *n_classes;
  uint32_t *margin_axes;
  uint32_t *margin_within;
  bool *beside; /* by margin */
  uint16_t *stratum_class;
  ict_abacus_layout *layout;
  ict_answers answers;
} ict_abacus_shared;
ict_status ict_abacus_shared_init(ict_abacus_shared *shared, const ict_plan *plan,
                                  const size_t *first_psu, size_t n_chunks, int threads,
                                  ict_err *err);
void ict_abacus_shared_done(ict_abacus_shared *shared); /* also after a failed init */

typedef struct ict_abacus_worker { /* one thread's */
  ict_evaluator *evaluator;
  const ict_abacus_layout *layout;
  const ict_answers *answers;
  ict_abacus_desk *desk;
  uint32_t *cell;              /* grids x ICT_BLOCK_ROWS */
  uint8_t *yes, *no;           /* groups x ICT_BLOCK_ROWS */
  size_t block_row, block_end; /* the block that is evaluated */
} ict_abacus_worker;
ict_status ict_abacus_worker_init(ict_abacus_worker *worker, const ict_abacus_shared *shared,
                                  ict_evaluator *evaluator, ict_err *err);
void ict_abacus_worker_done(ict_abacus_worker *worker); /* also after a failed init */
/* Feeds the PSUs [from, to) to the abacus. */
ict_status ict_abacus_chunk(ict_abacus_worker *worker, size_t from, size_t to, ict_abacus *abacus,
                            ict_err *err);

/* residuals.c: the covariances of a finished cube become those of residuals, as the weights are
 * calibrated. The evaluators are those that fed the cube, one a thread. */
ict_status ict_scan_residuals(const ict_plan *plan, ict_evaluator *evaluators, int threads,
                              const size_t *first_psu, size_t n_chunks, ict_cube *cube,
                              ict_err *err);

/* sums.c: what a run of chunks came to, by the cube or by the abacus, and under replicates where
 * the pass is by replicates. Zeroed, it is none. */
typedef struct ict_scan_sums {
  ict_cube *cube;
  ict_abacus *abacus;
  ict_replicate_totals *totals;
} ict_scan_sums;
/* The whole's. layout: of the plan's abacus; NULL: the cube. */
ict_status ict_scan_sums_new(const ict_plan *plan, const ict_abacus_layout *layout,
                             bool by_replicates, ict_scan_sums *sums, ict_err *err);
/* A chunk's or a segment's, to be merged into the whole. Keeps what is there where there is one. */
ict_status ict_scan_sums_part(const ict_plan *plan, const ict_abacus_layout *layout,
                              const ict_scan_sums *whole, ict_scan_sums *sums, ict_err *err);
void ict_scan_sums_done(ict_scan_sums *sums);
/* Appends the chunks that follow, and empties `next`. */
ict_status ict_scan_sums_merge(ict_scan_sums *into, ict_scan_sums *next, ict_err *err);
/* Of rows [from, to). */
ict_status ict_scan_sums_save(ict_scan_sums *sums, size_t from, size_t to, ict_out *out,
                              ict_err *err);
ict_status ict_scan_sums_load(ict_scan_sums *sums, ict_unpack *from, ict_err *err);
/* The finished cube, once all chunks are in. */
ict_status ict_scan_sums_finish(ict_scan_sums *sums, ict_cube **out, ict_err *err);

/* scan.c: how many segments n_chunks chunks are in, and the first chunk of one (n_chunks beyond the
 * last). */
size_t ict_scan_segments_of(size_t n_chunks);
size_t ict_scan_segment_first(size_t n_chunks, size_t segment);

#endif
