/* readstat_in.h - the parts of the reader of SPSS, Stata and SAS files; inside the room
 * only. ReadStat does the parsing; what is ours is memory, order, checks and messages.
 *
 *   readstat_formats.c  the formats and how their files start
 *   readstat_io.c       a ReadStat parser over bytes in memory; its errors in our words
 *   readstat_dict.c     first pass: the dictionary
 *   readstat_sav.c      an SPSS file cut between rows, for several parsers at once
 *   readstat_rows.c     second pass: the rows of a parse, into chunks
 *   readstat_read.c     the second pass as a whole
 *
 * Trust: ReadStat 1.1.8 has known heap errors in its SAS reader, and files come from
 * anywhere. A provider sees bytes in memory and speaks through one callback, so the parse
 * can be put into a child process without files, network or rights, behind this header. */
#ifndef ICT_SOURCE_READSTAT_IN_H
#define ICT_SOURCE_READSTAT_IN_H

#include <readstat.h>
#include <stdatomic.h>

#include "source/provider.h"

typedef struct ict_readstat_file ict_readstat_file;

/* What a parser is shown of a file: its first bytes, a few of ours, and bytes from further behind.
 * The dictionary is in the first, and the rest begins with another row than the file's first. */
typedef struct ict_readstat_piece {
  int64_t first_row; /* 0: the file's first */
  int64_t n_rows;    /* -1: all that there are */
  size_t head;       /* bytes [0, head), */
  char between[8];
  size_t n_between;
  size_t rest; /* and [rest, end) */
} ict_readstat_piece;

typedef struct ict_readstat_kind { /* `own` of the formats */
  readstat_error_t (*parse)(readstat_parser_t *parser, const char *path, void *ctx);
  uint64_t rows_per_byte; /* more rows than this times the file's size cannot be */
  /* Is the end there? NULL: the format does not mark it. ReadStat reads value labels that are
   * cut off as if there were none, so the end must be looked at before. */
  bool (*has_end)(const char *bytes, size_t len);
  /* Cuts the file into n pieces of piece_rows rows, the last of fewer. False: it cannot be cut, or
   * is not what it says: then it is read whole, and ReadStat will tell. NULL: never. */
  bool (*cut)(const ict_readstat_file *file, int64_t piece_rows, ict_readstat_piece *pieces,
              size_t n);
} ict_readstat_kind;

struct ict_readstat_file { /* the provider's state */
  const char *path;
  const ict_bytes *bytes;
  const char *encoding; /* declared; NULL: what the file says */
  const ict_readstat_kind *kind;
  size_t n_vars;
  const ict_source_variable *vars;
  int64_t n_rows; /* -1: not known */
  size_t rows_at; /* where the dictionary ends, in formats where the rows follow it */
  uint64_t cells; /* of eight bytes, that a row takes in an SPSS file; by its variables */
};

/* The start of every context that is handed to ReadStat. */
typedef struct ict_readstat_call {
  const ict_readstat_file *file;
  const ict_readstat_piece *piece;
  size_t ended;      /* behind the last bytes that ReadStat asked for */
  ict_status status; /* of our own handlers; they write *err and return ABORT */
  ict_err *err;
  char message[256]; /* the last words of ReadStat */
} ict_readstat_call;

typedef struct ict_readstat_handlers { /* any may be NULL */
  readstat_metadata_handler metadata;
  readstat_variable_handler variable;
  readstat_value_label_handler value_label;
  readstat_value_handler value;
} ict_readstat_handlers;

/* --- readstat_io.c ---------------------------------------------------------------------- */

/* The file as it is. */
ict_readstat_piece ict_readstat_whole(const ict_readstat_file *file);
/* Runs the parser of the file's kind; ctx starts with an ict_readstat_call, of which `file`,
 * `piece` and `err` are set. */
ict_status ict_readstat_parse(const ict_readstat_handlers *handlers, void *ctx);

/* For handlers: remembers the status and gives what aborts the parse. */
int ict_readstat_abort(ict_readstat_call *call, ict_status status);
/* "damaged": writes the record; `what` as ict_err_set. */
ict_status ict_readstat_damaged(const ict_readstat_file *file, ict_err *err, const char *fmt, ...)
    ICT_PRINTF(3, 4);

/* Length of the text that is whole UTF-8: without trailing blanks, and without a last
 * character that a fixed width cut in two. SIZE_MAX: not UTF-8. */
size_t ict_readstat_text_len(const char *text);
/* 'a'..'z', '_', or 0. Stata writes small letters, SAS capitals. */
char ict_readstat_tag(readstat_value_t value);

/* --- readstat_rows.c --------------------------------------------------------------------- */

/* What all threads share. */
typedef struct ict_readstat_wanted {
  const ict_readstat_file *file;
  const ict_source_request *request;
  size_t *column_of; /* one a variable; SIZE_MAX: not wanted */
  size_t n_columns;
  size_t chunk_rows; /* of every chunk but the last */
  size_t room;       /* of a chunk: rows of the file; 0: not known */
  atomic_uint_fast64_t rows_done;
} ict_readstat_wanted;
ict_status ict_readstat_wanted_init(ict_readstat_wanted *wanted, const ict_readstat_file *file,
                                    const ict_source_request *request, ict_err *err);
void ict_readstat_wanted_done(ict_readstat_wanted *wanted);

/* What a thread fills and gives away, one piece after the other. */
typedef struct ict_readstat_rows ict_readstat_rows;
ict_status ict_readstat_rows_new(ict_readstat_wanted *wanted, int thread, ict_readstat_rows **out,
                                 ict_err *err);
/* The piece begins with the first row of a chunk. */
ict_status ict_readstat_rows_read(ict_readstat_rows *rows, const ict_readstat_piece *piece,
                                  ict_err *err);
void ict_readstat_rows_free(ict_readstat_rows *rows); /* NULL is fine */

/* --- readstat_sav.c ---------------------------------------------------------------------- */

/* The cells that a variable takes, of as many bytes as ReadStat says. */
uint64_t ict_readstat_sav_cells(size_t width);
bool ict_readstat_cut_sav(const ict_readstat_file *file, int64_t piece_rows,
                          ict_readstat_piece *pieces, size_t n);

/* --- readstat_dict.c, readstat_read.c: the members of ict_source_format ------------------ */

ict_status ict_readstat_open(const ict_source_input *in, ict_dictionary *dictionary, void **state,
                             ict_err *err);
ict_status ict_readstat_read(void *state, const ict_source_request *request, ict_err *err);

#endif
