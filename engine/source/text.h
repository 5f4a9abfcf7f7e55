/* text.h - the parts of the reader of delimited text; inside the room only.
 *
 *   text_scan.c    where records end, which line an offset is in (quotes respected)
 *   text_split.c   the body of a file in pieces that start at records
 *   text_cut.c     a piece without quotes whose lines are as they should be: where fields end
 *   text_parse.c   one piece -> one chunk: so, or else line by line and through libcsv
 *   text_head.c    byte order mark, delimiter, header -> dictionary
 *   text_read.c    the provider: the parts put together, on threads
 *
 * The scanner and libcsv agree on where a record ends in every well-formed file: both
 * hold a newline for text while the number of quotes before it is odd. In a file that is
 * not well-formed they agree up to the first fault, where reading stops. */
#ifndef ICT_SOURCE_TEXT_H
#define ICT_SOURCE_TEXT_H

#include <csv.h>

#include "source/encoding.h"
#include "source/provider.h"

/* A record longer than this has a quote that is not closed, or is no record. */
#define ICT_TEXT_RECORD_MOST ((size_t)16 << 20)
#define ICT_TEXT_FIELDS_MOST 100000

typedef struct ict_text_file {
  const char *path;
  const char *data, *end; /* all bytes, without the byte order mark */
  char delimiter, quote;
  ict_encoding encoding;
  const ict_source_variable *vars; /* the dictionary's; NULL while the header is read */
  size_t n_fields;
  const char *body;   /* where the records start */
  uint64_t body_line; /* 1-based */
} ict_text_file;

/* --- text_scan.c ------------------------------------------------------------------ */

typedef struct ict_text_record {
  const char *start, *end; /* without the newline */
  const char *next;        /* where the next one starts */
  const char *open;        /* the quote that is never closed (the record then goes to the end) */
  bool has_quotes;
} ict_text_record;

/* The record that starts at p. */
ict_text_record ict_text_scan(const char *p, const char *end, char quote);
/* Where the first record after p starts, p being inside quotes or not. */
const char *ict_text_next_start(const char *p, const char *end, char quote, bool inside);
typedef struct ict_text_counts {
  uint64_t quotes, newlines;
} ict_text_counts;

/* Quotes in [p, stop), and the newlines that end there: see ict_text_newlines. */
ict_text_counts ict_text_count(const char *p, const char *stop, const char *end, char quote);
/* Newlines that end in [p, stop): LF, CR LF, and CR alone; `end` is where the text ends. */
uint64_t ict_text_newlines(const char *p, const char *stop, const char *end);
/* Nothing but spaces and tabs (which delimit nothing). */
bool ict_text_blank(const ict_text_record *record, char delimiter);
/* Line and column (in characters) of `at`, start being the first byte of `line`. */
void ict_text_position(const char *start, const char *at, const char *end, uint64_t *line,
                       uint64_t *column);

/* --- text_split.c ----------------------------------------------------------------- */

typedef struct ict_text_piece {
  const char *start, *end;
  uint64_t line;      /* of start */
  size_t rows_before; /* the sum of rows_most of the pieces before it */
  /* Each row but the file's last has a newline, and each of its fields a byte that ends it: else
   * every blank line would count for a row. */
  size_t rows_most;
} ict_text_piece;

/* Cuts the body at the first record at or after each multiple of chunk_size. No piece is
 * empty. *pieces is the caller's to free. */
ict_status ict_text_split(const ict_text_file *file, size_t chunk_size, int threads,
                          ict_text_piece **pieces, size_t *n_pieces, ict_err *err);

/* --- text_cut.c ------------------------------------------------------------------- */

/* Where the fields of the text end, row after row: end[0] .. end[*n_rows * n_fields - 1], with room
 * for `room` of them. False where there is anything in it that takes a closer look: it says nothing
 * of what. Then `end` and *n_rows hold anything. */
bool ict_text_cut(const char *text, size_t len, const ict_text_file *file, uint32_t *end,
                  size_t room, size_t *n_rows);
/* At least so much room for `rows` rows is needed. */
static inline size_t ict_text_cut_room(const ict_text_file *file, size_t rows) {
  return rows * file->n_fields + 64;
}

/* --- text_parse.c ----------------------------------------------------------------- */

#define ICT_TEXT_UNWANTED SIZE_MAX

/* What to keep of each record. */
typedef struct ict_text_wanted {
  const size_t *slot_of; /* one a field: its slot, or ICT_TEXT_UNWANTED */
  size_t n_slots;
} ict_text_wanted;

/* The memory of one thread, kept from piece to piece. */
typedef struct ict_text_worker {
  struct csv_parser csv;
  bool csv_ready;
  char *converted; /* the piece in UTF-8, where it was not */
  size_t converted_capacity;
  char *bytes; /* of the fields that are kept */
  size_t bytes_capacity;
  ict_slice *cells; /* slot after slot, `stride` rows each */
  size_t cells_capacity, stride;
  uint32_t *end; /* of each field, row after row, in `text`; one in front, which ends at -1 */
  size_t end_capacity;
  const char *text; /* NULL: fields are cells */
  uint64_t *lines;
  size_t lines_capacity;
  size_t n_rows;
} ict_text_worker;

ict_status ict_text_worker_init(ict_text_worker *worker, const ict_text_file *file, ict_err *err);
void ict_text_worker_done(ict_text_worker *worker); /* safe on a zeroed one */

/* Fills worker->n_rows, lines, and either text and end or cells. */
ict_status ict_text_parse(ict_text_worker *worker, const ict_text_file *file,
                          const ict_text_wanted *wanted, const ict_text_piece *piece, ict_err *err);

/* One record that starts at `line`; calls on_field for each of its fields. */
typedef void ict_text_field_fn(void *field, size_t len, void *ctx);
ict_status ict_text_parse_record(ict_text_worker *worker, const ict_text_file *file,
                                 const ict_text_record *record, uint64_t line, const char *end,
                                 ict_text_field_fn *on_field, void *ctx, ict_err *err);

/* The piece in UTF-8, ready to parse; *bad: the first byte that cannot be (NULL: none). */
ict_status ict_text_decode(ict_text_worker *worker, const ict_text_file *file,
                           const ict_text_piece *piece, const char **text, const char **text_end,
                           const char **bad, ict_err *err);
/* Says that `bad`, which lies in the record, is not text. */
ict_status ict_text_bad_byte(ict_text_worker *worker, const ict_text_file *file,
                             const ict_text_record *record, uint64_t line, const char *end,
                             const char *bad, ict_err *err);

/* --- text_head.c ------------------------------------------------------------------ */

/* Reads the header: fills *file but for `path`, and the variables of the dictionary. */
ict_status ict_text_head(const ict_source_input *in, ict_text_file *file,
                         ict_dictionary *dictionary, ict_err *err);

#endif
