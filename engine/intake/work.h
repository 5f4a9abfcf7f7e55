/* work.h - what the files of the room hand to each other; inside the room only.
 *
 *   intake.c   the order of everything
 *   open.c     the files that the mapping names
 *   bind.c     mapping + dictionaries -> slots: what to read from which file, and for what
 *   read.c     one pass over a file -> the slots' columns
 *   recode.c   a `map:` and a variable of the file -> a table of what its values become
 *   recode_run.c  one column by that table: values to codes, numbers, kinds of missing
 *   cell.c     the text of a cell; stored values
 *   keys.c     key texts -> row found by row; repeated keys, unmatched rows
 *   derive.c   slots -> the units' columns: combine, count_as, columns of linked files
 *   columns.c  columns over the rows of a frame: what they hold; gathered in order
 *   weights.c  which rows of a file are a unit's, and their weights
 *   ranks.c    labels and codes to ranks
 *   order.c    rows in order of their ranks, cut into strata and PSUs
 *   design.c   the strata's labels and fractions; nesting, fpc, lonely PSUs
 *   fpc.c      the sampling fraction of a run of rows
 *   replicates.c  the replicate weights: checked, gathered
 *   rounds.c   rounds that are said to share strata and PSUs
 *   stages.c   the stages below the first: cut, fractions, single units
 *   labels.c   distinct texts with ids; bad values with tallies
 *   sort.c     by ranks and by comparison
 *   frame.c    sorted columns, as narrow as they can be -> frames
 *   totals.c   a file of population totals
 *   margin.c   a margin of a calibration: its totals, and each row's category
 *   calibration.c  weights adjusted to the margins
 *   account.c  what happened -> findings and report lines
 *   provenance.c  the account that the store keeps
 *
 * Three row spaces: rows of a file (as read), rows of a unit's file through a link, and the
 * sorted rows of a frame. Columns stay in the rows of the file they came from until
 * frame.c gathers them. */
#ifndef ICT_INTAKE_WORK_H
#define ICT_INTAKE_WORK_H

#include "base/spill.h"
#include "intake/intake.h"
#include "intake/labels.h"
#include "intake/provenance.h"
#include "intake/recode.h"
#include "source/source.h"

#define ICT_NO_ROW      UINT32_MAX
#define ICT_NONE        SIZE_MAX
#define ICT_MOST_ROWS   ((uint64_t)UINT32_MAX - 1)
#define ICT_NAMES_SHOWN 10

/* Rows that one task takes where rows are shared out among threads. */
#define ICT_TASK_ROWS ((size_t)1 << 16)
static inline size_t ict_row_tasks(size_t n_rows) {
  return (n_rows + ICT_TASK_ROWS - 1) / ICT_TASK_ROWS;
}
static inline size_t ict_task_end(size_t task, size_t n_rows) {
  return n_rows - task * ICT_TASK_ROWS < ICT_TASK_ROWS ? n_rows : (task + 1) * ICT_TASK_ROWS;
}

/* Rows that stand together are handled together where there are so many of them on average. */
#define ICT_RUN_LEAST 8

/* "1 row", "2 rows" */
#define ICT_S(n) ((n) == 1 ? "" : "s")

/* One text a row. */
typedef struct ict_texts {
  char *bytes;
  uint64_t *end; /* where the text of each row ends */
} ict_texts;

static inline ict_slice ict_texts_at(const ict_texts *t, size_t row) {
  uint64_t start = row > 0 ? t->end[row - 1] : 0;
  return (ict_slice){t->bytes + start, (size_t)(t->end[row] - start)};
}

typedef enum ict_slot_kind {
  ICT_SLOT_RECODE, /* a column of codes or numbers */
  ICT_SLOT_LABEL,  /* uint32_t ids of labels */
  ICT_SLOT_KEY     /* key texts */
} ict_slot_kind;

typedef struct ict_slot_part { /* one key part: source columns, joined */
  size_t n;
  size_t *column;
  bool strip_zeros;
} ict_slot_part;

/* One use of a file's variables: what to read, and what came of it. */
typedef struct ict_slot {
  ict_slot_kind kind;
  size_t file;
  size_t column;  /* index into the file's wanted variables */
  size_t n_parts; /* KEY */
  ict_slot_part *parts;
  const char *name;    /* of the source variable (KEY: as many as there are, for people) */
  const char *concept; /* what it is read for: a concept's name, "weight", ... */
  const ict_map_variable *variable; /* NULL: a part of the design */
  ict_mark at;
  ict_recode_spec spec;
  const ict_recode *recode;
  void *values; /* RECODE: of the recode's width; LABEL: uint32_t */
  ict_labels labels;
  ict_texts keys;
  ict_problems problems;
  uint64_t *hits; /* one a line of the map */
} ict_slot;

/* Where the rows of one chunk stand in the file. */
typedef struct ict_run {
  size_t first_row;
  uint64_t first_line;
  uint64_t *line; /* one a row; NULL: consecutive */
} ict_run;

typedef struct ict_work_file {
  const ict_map_file *map;
  size_t index;
  bool used;
  ict_source *source;
  const ict_dictionary *dictionary;
  const char *name;     /* base name, for messages */
  const char *row_word; /* "line" of a text file, "row" of others */
  size_t n_wanted, wanted_capacity;
  size_t *wanted; /* variables of the source */
  size_t n_slots, slots_capacity;
  ict_slot **slots;
  ict_slot *key, *by; /* or NULL */
  size_t n_rows;
  size_t n_runs;
  ict_run *runs;
  uint32_t *linked; /* row of the link's target, or ICT_NO_ROW; NULL: no link */
  bool *dropped;    /* NULL: none */
  uint64_t n_unmatched;
} ict_work_file;

/* What a unit's column holds in the unit's rows. */
typedef struct ict_summary {
  uint64_t n_values, kinds[ICT_N_MISSING + 1];
  double lowest, highest; /* of the values */
} ict_summary;

/* A column of a unit. */
typedef struct ict_work_var {
  const ict_map_variable *map;
  size_t owner;     /* unit whose column it is: another one for inherited variables */
  ict_slot **slots; /* map->n_from; own variables only */
  ict_width width;
  void *values;                           /* rows of the owner's file; own variables only */
  bool given;                             /* they are a frame's now, to be looked at */
  uint64_t counted_as[ICT_N_MISSING + 1]; /* rows converted, by kind */
  ict_summary summary;
} ict_work_var;

/* Area or period of a unit: a constant, or codes by row. */
typedef struct ict_work_axis {
  const ict_map_variable *map;
  ict_slot *slot;       /* NULL: constant */
  ict_codelist *listed; /* the codes its map leads to, in natural order; NULL: no map */
  ict_codelist *codes;  /* those that occur, in natural order */
  const uint32_t *rank; /* in the unit's order; NULL: all 0 */
} ict_work_axis;

/* The values of one label (or code) of each row of the unit's file, as ranks. */
typedef struct ict_ranked {
  uint32_t *rank;  /* a row of the unit's file; those of the frame are below n */
  uint32_t *id_of; /* rank -> id of the label, or index of the code */
  size_t n;
  const ict_slot *slot;
} ict_ranked;

/* What the rows are ordered by, the most significant first. */
typedef struct ict_order {
  size_t n_strata, n_psu; /* of the ranks; strata: area and period come first */
  ict_ranked *by;         /* n_strata + n_psu + n_below */
  size_t n_below;         /* of the stages below the first: strata and units of each */
  size_t n_runs;          /* of sorted rows that are equal in all ranks; several may be so */
  uint32_t *run_at; /* where each begins, and the end; NULL: they are too short to be of use */
} ict_order;

/* A stage below the first; as ict_stage. */
typedef struct ict_work_stage {
  const ict_map_stage *map;
  ict_slot **strata, **units; /* as many as the map has */
  ict_slot *fpc;
  size_t first_by; /* where its ranks begin in the order: strata, then units */
  size_t n_units, n_strata;
  uint64_t *unit_first_row, *stratum_first_unit, *parent_first_stratum;
  double *fraction;
} ict_work_stage;

typedef struct ict_work_unit {
  const ict_map_unit *map;
  size_t file;
  size_t n_vars;
  ict_work_var *vars; /* own, then inherited */
  ict_work_axis area, period;
  ict_slot **strata, **psu; /* as many as the design has */
  ict_slot *weight, *fpc;
  /* weights.c, order.c, design.c, stages.c: */
  size_t n_rows;
  uint32_t *rows;       /* the frame's rows in its order: rows of the file. NULL until they are
                           ordered: all of the file's, as they stand there */
  bool in_place;        /* these are all rows of the file, in the order of the file */
  size_t n_stretches;   /* rows that follow one another in the file as they do here */
  uint32_t *stretch_at; /* where each begins; NULL: they are too short to be of use */
  double *row_weight;   /* rows of the file; where a frame has no row of it, anything */
  uint64_t n_no_weight; /* rows dropped for want of one */
  ict_order order;
  size_t n_psu, n_strata;
  uint64_t *psu_first_row, *stratum_first_psu;
  double *fraction;
  const char **stratum_label; /* in the intake's arena */
  ict_slot **replicates;      /* as many as the design has */
  ict_work_stage *stages;     /* below the first, as many as the design has; in the work's arena */
  double *inclusion;          /* by PSU, where the design has PPS; fraction is NULL then */
} ict_work_unit;

/* While rows may not be listed yet. */
static inline uint32_t ict_unit_row(const ict_work_unit *unit, size_t i) {
  return unit->rows ? unit->rows[i] : (uint32_t)i;
}

typedef struct ict_work {
  const ict_mapping *mapping;
  const ict_intake_options *options;
  ict_findings *findings;
  ict_err *err;
  bool failed;       /* an error is among the findings */
  ict_status status; /* of the first */
  int threads;
  ict_arena *arena;   /* of the work */
  ict_spill *spill;   /* of everything that is as long as a file or a unit; becomes the intake's */
  ict_intake *intake; /* what is being made; report lines live in its arena */
  size_t n_files, n_units;
  ict_work_file *files;
  ict_work_unit *units;
  ict_report report;
  size_t n_totals, totals_capacity;
  ict_input *totals; /* files of population totals, for provenance */
} ict_work;

/* --- account.c -------------------------------------------------------------------- */

/* Adds a finding at a place of the mapping; an error sets work->failed and, as the first, err.
 * expected, fix: may be NULL. */
void ict_work_say(ict_work *work, ict_severity severity, ict_mark at, const char *expected,
                  const char *fix, const char *fmt, ...) ICT_PRINTF(6, 7);
/* An error of the rows in the tally: "<text> in 3 rows of hh.csv (lines 7, 9 and 12)"; nothing
 * where there are none. */
ict_status ict_work_say_rows(ict_work *work, const ict_work_unit *unit, ict_mark at,
                             const ict_tally *tally, const char *expected, const char *fix,
                             ict_err *err, const char *fmt, ...) ICT_PRINTF(8, 9);
/* Remembers the first error, for those who have no list of findings. */
void ict_work_fail(ict_work *work, const ict_err *record);
/* "line 7", "lines 7, 9 and 12", "lines 1, 2, 3, 4, 5 and more". */
void ict_work_lines(ict_str *text, const ict_work_file *file, const ict_tally *tally);
/* Bad cells of every slot of the file. */
ict_status ict_account_cells(ict_work *work, const ict_work_file *file, ict_err *err);
/* What became of the unit's rows and variables: report lines and warnings. */
ict_status ict_account_unit(ict_work *work, const ict_work_unit *unit, ict_err *err);

/* --- bind.c ----------------------------------------------------------------------- */

/* Opens the files in use and binds every name of the mapping to a slot. Problems are
 * findings; the status is for the machine's failures. */
ict_status ict_bind(ict_work *work, ict_err *err);

/* --- read.c ----------------------------------------------------------------------- */

ict_status ict_read_file(ict_work *work, ict_work_file *file, ict_err *err);
/* Line (or row number) in the file. */
uint64_t ict_file_line(const ict_work_file *file, size_t row);
void ict_slot_done(ict_spill *spill, ict_slot *slot);

/* --- keys.c ----------------------------------------------------------------------- */

/* The text of a key from the columns of a chunk, appended to `to` (0, or -1 where memory is
 * short): parts parted by a byte that sorts before every text. */
int ict_key_append(ict_str *to, const ict_slot *slot, const ict_raw_column *columns, size_t row);
/* Checks each file's key and finds, for each row of a linked file, the row of its target. */
ict_status ict_link_files(ict_work *work, ict_err *err);
/* Is `to` the file `from` or one that it links to? */
bool ict_file_reaches(const ict_work *work, size_t from, size_t to);
/* The row of file `to` that belongs to a row of file `from`, or ICT_NO_ROW. */
uint32_t ict_linked_row(const ict_work *work, size_t from, size_t to, uint32_t row);
/* The number that a slot of reals has for a row of file `from`; 0 where kind is not PRESENT. */
double ict_number_at(const ict_work *work, size_t from, const ict_slot *slot, uint32_t row,
                     ict_missing *kind);

/* --- derive.c --------------------------------------------------------------------- */

/* The unit's own columns. */
ict_status ict_derive(ict_work *work, ict_work_unit *unit, ict_err *err);

/* --- columns.c -------------------------------------------------------------------- */

/* Fills the summaries of the unit's variables. */
void ict_summarise(const ict_work *work, ict_work_unit *unit);
/* The variable's values in the order of the frame, as `width` (which holds them all). */
void ict_gather(const ict_work *work, const ict_work_unit *unit, const ict_work_var *var,
                ict_width width, void *to);

/* --- weights.c, ranks.c, order.c, design.c ----------------------------------------- */

/* The rows of the unit's frame, in file order, and the weight of each row. */
ict_status ict_weights_make(ict_work *work, ict_work_unit *unit, ict_err *err);

/* The slot's label or code of each row of the unit. *complete becomes false, and a finding says so,
 * where a row has none. */
ict_status ict_ranks_make(ict_work *work, const ict_work_unit *unit, ict_slot *slot,
                          ict_ranked *out, bool *complete, ict_err *err);

/* Sorts unit->rows and cuts them into strata and PSUs. *complete is false where a row has
 * no area, period, stratum or PSU: a finding says so, and nothing is sorted. */
ict_status ict_order_make(ict_work *work, ict_work_unit *unit, bool *complete, ict_err *err);
/* Once the design is made only the ranks of areas and periods are asked for again. Memory that is
 * given back so early is there for the columns of the frame, and need not be fetched anew. */
void ict_order_let_go(ict_spill *spill, ict_work_unit *unit);
void ict_order_done(ict_spill *spill, ict_order *order);

/* The strata's labels, fractions; checks of nesting, fpc and lonely PSUs. */
ict_status ict_design_make(ict_work *work, ict_work_unit *unit, ict_err *err);

/* A list of strata for a message; begins zeroed, with its text initialised. */
typedef struct ict_name_list {
  ict_str text;
  size_t n;
} ict_name_list;
void ict_name_add(ict_name_list *list, const char *label);
/* "unit 'x' has 3 strata <of><what>: a, b, c", and empties the list; nothing where it is empty. */
ict_status ict_say_strata(ict_work *work, ict_severity severity, ict_mark at, ict_name_list *list,
                          const ict_work_unit *unit, const char *of, const char *what,
                          const char *expected, const char *fix, ict_err *err);
/* The row's labels in the first n of `by`, joined by '/'; of the first n_axes only those with more
 * than one. */
void ict_label_add(ict_str *s, const ict_ranked *by, size_t n, size_t n_axes, uint32_t row);

/* --- fpc.c, stages.c -------------------------------------------------------------- */

typedef struct ict_fpc {
  const ict_slot *slot;
  ict_fpc_kind kind;
  bool of_psu;    /* inclusion probabilities of PSUs */
  const char *of; /* "", or "of stage 2 " */
} ict_fpc;
typedef struct ict_fpc_faults {
  ict_name_list missing, varies, beyond;
} ict_fpc_faults;
void ict_fpc_faults_init(ict_fpc_faults *faults);
void ict_fpc_faults_done(ict_fpc_faults *faults);
/* The fraction of n units that are the sorted rows [from, to), or a fault under the label. */
void ict_fpc_of_rows(const ict_work *work, const ict_work_unit *unit, const ict_fpc *fpc,
                     size_t from, size_t to, size_t n, const char *label, ict_fpc_faults *faults,
                     double *fraction);
ict_status ict_fpc_say(ict_work *work, const ict_work_unit *unit, const ict_fpc *fpc,
                       ict_fpc_faults *faults, ict_err *err);

/* The units of one stage in sorted rows, by the ranks from s->first_by on: the index arrays, also
 * where memory is short the caller's. */
ict_status ict_stage_cut(const ict_work_unit *unit, ict_work_stage *s,
                         const uint64_t *parent_first_row, size_t n_parents, int threads,
                         ict_err *err);
/* The later stages' units in sorted rows; their fractions and checks. */
ict_status ict_stages_cut(ict_work_unit *unit, int threads, ict_err *err);
ict_status ict_stages_make(ict_work *work, ict_work_unit *unit, ict_err *err);
void ict_stages_done(ict_work_unit *unit);

/* --- replicates.c ----------------------------------------------------------------- */

/* Findings: weights that are missing or negative. */
ict_status ict_replicates_check(ict_work *work, const ict_work_unit *unit, ict_err *err);
/* The weights of the frame's rows, n side by side. */
void ict_replicates_gather(const ict_work *work, const ict_work_unit *unit, double *to);

/* --- rounds.c --------------------------------------------------------------------- */

/* Findings about `rounds: shared` of a unit whose strata and PSUs are cut. */
ict_status ict_rounds_check(ict_work *work, const ict_work_unit *unit, ict_err *err);

/* --- calibration.c ---------------------------------------------------------------- */

/* The frame's weights, and its replicates', become calibrated ones. Findings, as ever. */
ict_status ict_calibrate_frame(ict_work *work, const ict_work_unit *unit, ict_frame *frame,
                               ict_err *err);

/* --- frame.c ---------------------------------------------------------------------- */

/* Frames of all units, into work->intake. */
ict_status ict_frames_make(ict_work *work, ict_err *err);
void ict_frames_free(struct ict_intake_impl *impl);

#endif
