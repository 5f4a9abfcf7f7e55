/* text_parse.c - one piece of a text file: cut at once, or through libcsv.
 *
 * In:   a piece that starts and ends at records; which fields are wanted.
 * Out:  where the fields end in the text; or the wanted fields as slices, column after column. The
 *       line of each row.
 * Owns: the worker's buffers, which grow to the largest piece of their thread.
 *
 * What text_cut.c does not take goes record by record. Records with quotes go through libcsv, one
 * at a time, because it tells neither lines nor positions: both are counted here. Records without
 * are cut at the delimiters: the same fields, and most of what an import costs is saved. What
 * libcsv does: blanks around unquoted fields and outside the quotes are dropped; in strict mode a
 * quote inside an unquoted field, or anything but a blank after a closing quote, stops it. Blank
 * lines are passed over here. */
#include <string.h>

#include "source/text.h"

/* --- memory ------------------------------------------------------------------------ */

static void *csv_realloc(void *p, size_t size) { return ict_realloc(p, size, 1); }

ict_status ict_text_worker_init(ict_text_worker *worker, const ict_text_file *file, ict_err *err) {
  *worker = (ict_text_worker){0};
  if (csv_init(&worker->csv, CSV_STRICT | CSV_STRICT_FINI) != 0) return ict_err_memory(err);
  worker->csv_ready = true;
  csv_set_realloc_func(&worker->csv, csv_realloc);
  csv_set_free_func(&worker->csv, ict_free);
  csv_set_delim(&worker->csv, (unsigned char)file->delimiter);
  csv_set_quote(&worker->csv, (unsigned char)file->quote);
  return ICT_OK;
}

void ict_text_worker_done(ict_text_worker *worker) {
  if (worker->csv_ready) csv_free(&worker->csv);
  ict_free(worker->converted);
  ict_free(worker->bytes);
  ict_free(worker->cells);
  ict_free(worker->end);
  ict_free(worker->lines);
  *worker = (ict_text_worker){0};
}

/* At least `wanted` elements in place of *buffer, whose contents are not kept. */
static void *reserve(void *buffer, size_t *capacity, size_t wanted, size_t size) {
  if (buffer && wanted <= *capacity) return buffer;
  ict_free(buffer);
  buffer = ict_alloc(wanted, size);
  *capacity = buffer ? wanted : 0;
  return buffer;
}

/* --- bytes to text ----------------------------------------------------------------- */

ict_status ict_text_decode(ict_text_worker *worker, const ict_text_file *file,
                           const ict_text_piece *piece, const char **text, const char **text_end,
                           const char **bad, ict_err *err) {
  size_t len = (size_t)(piece->end - piece->start), at = SIZE_MAX;
  *text = piece->start;
  if (file->encoding.utf8) {
    ict_utf8_valid(*text, len, &at);
  } else {
    worker->converted =
        reserve(worker->converted, &worker->converted_capacity, len * ICT_ENCODING_WIDEST, 1);
    if (!worker->converted) return ict_err_memory(err);
    len = ict_encoding_convert(&file->encoding, piece->start, len, worker->converted, &at);
    *text = worker->converted;
  }
  const char *nul = memchr(*text, 0, len);
  if (nul && (size_t)(nul - *text) < at) at = (size_t)(nul - *text);
  *text_end = *text + len;
  *bad = at == SIZE_MAX ? NULL : *text + at;
  return ICT_OK;
}

static void count_field(void *field, size_t len, void *ctx) {
  (void)field, (void)len;
  (*(size_t *)ctx)++;
}

/* The name of the field that holds `at`: the number of fields that end before it. */
static const char *field_name_at(ict_text_worker *worker, const ict_text_file *file,
                                 const char *start, const char *at) {
  size_t before = 0;
  csv_parse(&worker->csv, start, (size_t)(at - start), count_field, NULL, &before);
  return file->vars && before < file->n_fields ? file->vars[before].name : NULL;
}

ict_status ict_text_bad_byte(ict_text_worker *worker, const ict_text_file *file,
                             const ict_text_record *record, uint64_t line, const char *end,
                             const char *bad, ict_err *err) {
  uint64_t column;
  ict_text_position(record->start, bad, end, &line, &column);
  const char *name = field_name_at(worker, file, record->start, bad);
  const char *in = name ? " in field '" : "", *close = name ? "'" : "";
  if (!name) name = "";
  if (*bad == 0) {
    ict_err_set(err, ICT_REFUSED, "NUL byte%s%s%s", in, name, close);
    ict_err_expected(err, "text; NUL bytes are a sign of UTF-16, or of a file that is no text");
    ict_err_fix(err, "save the file as CSV in UTF-8");
  } else if (file->encoding.utf8) {
    ict_err_set(err, ICT_REFUSED, "byte 0x%02X%s%s%s is not UTF-8", (unsigned char)*bad, in, name,
                close);
    ict_err_expected(err, "UTF-8, unless another encoding is declared");
    ict_err_fix(err,
                "declare it, such as windows-1252 or latin1: `encoding:` in the mapping, "
                "`--encoding` on the command line");
  } else {
    ict_err_set(err, ICT_REFUSED, "byte%s%s%s without a meaning in the declared encoding", in, name,
                close);
    ict_err_expected(err, "only characters of that encoding");
    ict_err_fix(err, "check which encoding the file is in, and declare that one");
  }
  ict_err_at(err, file->path, line, column);
  return ICT_REFUSED;
}

/* --- one record -------------------------------------------------------------------- */

static ict_status too_long(const ict_text_file *file, const ict_text_record *record, uint64_t line,
                           const char *end, ict_err *err) {
  const char *at = record->open ? record->open : record->start;
  uint64_t column;
  ict_text_position(record->start, at, end, &line, &column);
  if (record->open) {
    ict_err_set(err, ICT_REFUSED, "quoted field that is never closed");
    ict_err_expected(err, "a closing %c before the end of the file", file->quote);
  } else {
    ict_err_set(err, ICT_REFUSED, "record of more than %zu MiB", ICT_TEXT_RECORD_MOST >> 20);
    ict_err_expected(err, "lines of reasonable length");
  }
  ict_err_fix(err, "close the quote; double a quote that is meant as text");
  ict_err_at(err, file->path, line, column);
  return ICT_REFUSED;
}

static ict_status broken_quote(const ict_text_file *file, const ict_text_record *record,
                               uint64_t line, const char *end, const char *at, bool quoted,
                               ict_err *err) {
  uint64_t column;
  ict_text_position(record->start, at, end, &line, &column);
  if (quoted) {
    ict_err_set(err, ICT_REFUSED, "text after the closing quote of a field");
    ict_err_expected(err, "a delimiter or the end of the line after a closing %c", file->quote);
  } else {
    ict_err_set(err, ICT_REFUSED, "quote inside a field that does not start with one");
    ict_err_expected(err, "a field with a %c in it to be quoted, and that %c doubled", file->quote,
                     file->quote);
  }
  ict_err_fix(err,
              "double the quote that is meant as text, or, where the file quotes by another "
              "character, declare it with `quote:`");
  ict_err_at(err, file->path, line, column);
  return ICT_REFUSED;
}

ict_status ict_text_parse_record(ict_text_worker *worker, const ict_text_file *file,
                                 const ict_text_record *record, uint64_t line, const char *end,
                                 ict_text_field_fn *on_field, void *ctx, ict_err *err) {
  struct csv_parser *csv = &worker->csv;
  size_t len = (size_t)(record->end - record->start);
  size_t most = len > ICT_TEXT_RECORD_MOST ? ICT_TEXT_RECORD_MOST : len;
  /* libcsv grows its buffer by steps of one size: let the first step be enough. */
  csv_set_blk_size(csv, most + 1);
  size_t used = csv_parse(csv, record->start, most, on_field, NULL, ctx);
  if (used != most) {
    if (csv_error(csv) != CSV_EPARSE) return ict_err_memory(err);
    return broken_quote(file, record, line, end, record->start + used, csv->quoted != 0, err);
  }
  if (record->open || most < len) return too_long(file, record, line, end, err);
  if (csv_fini(csv, on_field, NULL, ctx) != 0) {
    return csv_error(csv) == CSV_EPARSE ? too_long(file, record, line, end, err)
                                        : ict_err_memory(err);
  }
  return ICT_OK;
}

/* --- one piece --------------------------------------------------------------------- */

typedef struct row {
  size_t field, n_fields;
  const size_t *slot_of;
  ict_slice *cells; /* of this row in the first slot */
  size_t stride;
  char *out;
} row;

static void keep_field(void *field, size_t len, void *ctx) {
  row *r = ctx;
  size_t f = r->field++;
  if (f >= r->n_fields || r->slot_of[f] == ICT_TEXT_UNWANTED) return;
  if (len > 0) memcpy(r->out, field, len);
  r->cells[r->slot_of[f] * r->stride] = (ict_slice){r->out, len};
  r->out += len;
}

static inline void keep_plain(row *r, const char *from, const char *to) {
  size_t f = r->field++;
  if (f < r->n_fields && r->slot_of[f] != ICT_TEXT_UNWANTED)
    r->cells[r->slot_of[f] * r->stride] = ict_slice_trim((ict_slice){from, (size_t)(to - from)});
}

/* The bytes of the word that equal those of the pattern, as their highest bits, the first byte in
 * memory lowest. */
static inline uint64_t equal_bytes(const char *p, uint64_t pattern) {
  const uint64_t low = UINT64_C(0x7F7F7F7F7F7F7F7F);
  uint64_t word;
  memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  word ^= pattern;
  return ~(((word & low) + low) | word | low);
}

/* A record without quotes is its fields and the delimiters between them: no parser is needed, and
 * no copy. Blanks around a field are dropped, as libcsv drops them. Eight bytes hold some three
 * fields of a survey: they are looked at together. */
static void split_plain(const ict_text_record *record, char delimiter, row *r) {
  const uint64_t pattern = (unsigned char)delimiter * UINT64_C(0x0101010101010101);
  const char *p = record->start, *from = p;
  for (; record->end - p >= 8; p += 8)
    for (uint64_t at = equal_bytes(p, pattern); at; at &= at - 1) {
      const char *stop = p + __builtin_ctzll(at) / 8;
      keep_plain(r, from, stop);
      from = stop + 1;
    }
  for (; p < record->end; p++) {
    if (*p != delimiter) continue;
    keep_plain(r, from, p);
    from = p + 1;
  }
  keep_plain(r, from, record->end);
}

static ict_status ragged(const ict_text_file *file, size_t found, uint64_t line, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "%zu field%s in this line", found, found == 1 ? "" : "s");
  ict_err_expected(err, "%zu, as in the header", file->n_fields);
  if (found > file->n_fields) {
    ict_err_fix(err, "quote fields that hold a '%s', or remove the extra delimiters",
                file->delimiter == '\t' ? "tab" : (char[]){file->delimiter, 0});
  } else {
    ict_err_fix(err,
                "complete the line; a line break inside a field needs quotes around the field");
  }
  ict_err_at(err, file->path, line, 0);
  return ICT_REFUSED;
}

/* The quick way, where it can be gone. 0: no; -1: memory is short. */
static int cut(ict_text_worker *worker, const ict_text_file *file, const ict_text_piece *piece,
               const char *text, size_t len) {
  size_t room = ict_text_cut_room(file, piece->rows_most);
  worker->end = reserve(worker->end, &worker->end_capacity, room + 1, sizeof *worker->end);
  if (!worker->end) return -1;
  worker->end[0] = UINT32_MAX; /* the first field begins at 0 */
  if (!ict_text_cut(text, len, file, worker->end + 1, room, &worker->n_rows)) return 0;
  worker->lines =
      reserve(worker->lines, &worker->lines_capacity, worker->n_rows, sizeof *worker->lines);
  if (!worker->lines) return -1;
  for (size_t i = 0; i < worker->n_rows; i++) worker->lines[i] = piece->line + i;
  worker->text = text;
  return 1;
}

static bool reserve_rows(ict_text_worker *worker, const ict_text_wanted *wanted, size_t rows,
                         size_t len) {
  worker->stride = rows;
  worker->bytes = reserve(worker->bytes, &worker->bytes_capacity, len, 1);
  worker->cells = reserve(worker->cells, &worker->cells_capacity, worker->stride * wanted->n_slots,
                          sizeof *worker->cells);
  worker->lines =
      reserve(worker->lines, &worker->lines_capacity, worker->stride, sizeof *worker->lines);
  return worker->bytes && worker->cells && worker->lines;
}

ict_status ict_text_parse(ict_text_worker *worker, const ict_text_file *file,
                          const ict_text_wanted *wanted, const ict_text_piece *piece,
                          ict_err *err) {
  const char *p, *end, *bad;
  int done = 0;
  worker->text = NULL;
  if (file->encoding.utf8)
    done = cut(worker, file, piece, piece->start, (size_t)(piece->end - piece->start));
  if (done != 0) return done > 0 ? ICT_OK : ict_err_memory(err);
  ict_status st = ict_text_decode(worker, file, piece, &p, &end, &bad, err);
  if (st != ICT_OK) return st;
  if (!file->encoding.utf8 && !bad) done = cut(worker, file, piece, p, (size_t)(end - p));
  if (done != 0) return done > 0 ? ICT_OK : ict_err_memory(err);
  worker->n_rows = 0;
  if (!reserve_rows(worker, wanted, piece->rows_most, (size_t)(end - p)))
    return ict_err_memory(err);

  uint64_t line = piece->line;
  row r = {.n_fields = file->n_fields,
           .slot_of = wanted->slot_of,
           .stride = worker->stride,
           .out = worker->bytes};
  while (p < end) {
    ict_text_record record = ict_text_scan(p, end, file->quote);
    /* Here and not before the loop, so that of two faults the first is told, wherever
     * the borders between pieces are. */
    if (bad && bad < record.next) {
      return ict_text_bad_byte(worker, file, &record, line, end, bad, err);
    }
    if (!ict_text_blank(&record, file->delimiter)) {
      r.field = 0;
      r.cells = worker->cells + worker->n_rows;
      if (!record.has_quotes && record.end - record.start <= (ptrdiff_t)ICT_TEXT_RECORD_MOST) {
        split_plain(&record, file->delimiter, &r);
      } else {
        st = ict_text_parse_record(worker, file, &record, line, end, keep_field, &r, err);
        if (st != ICT_OK) return st;
      }
      if (r.field != file->n_fields) return ragged(file, r.field, line, err);
      worker->lines[worker->n_rows++] = line;
    }
    line += record.has_quotes ? ict_text_newlines(record.start, record.next, end)
                              : record.next > record.end;
    p = record.next;
  }
  return ICT_OK;
}
