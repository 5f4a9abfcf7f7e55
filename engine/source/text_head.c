/* text_head.c - the first lines of a text file.
 *
 * In:   the bytes and what was declared about them.
 * Out:  delimiter, encoding, where the records start, and one variable a field.
 * Owns: nothing; all goes into the source's arena.
 *
 * The delimiter is told from the header line alone, and only where it leaves no choice:
 * a guess that is wrong gives plausible nonsense. */
#include <string.h>

#include "source/text.h"

static const char candidates[] = ",;\t|";

static const char *spell(char delimiter) {
  switch (delimiter) {
    case '\t':
      return "tab";
    case ',':
      return "comma";
    case ';':
      return "semicolon";
    default:
      return "bar";
  }
}

static ict_status usage(const ict_source_input *in, ict_err *err, const char *what,
                        const char *expected) {
  ict_err_set(err, ICT_USAGE, "%s", what);
  ict_err_at(err, in->options->path, 0, 0);
  ict_err_expected(err, "%s", expected);
  return ICT_USAGE;
}

static ict_status take_options(const ict_source_input *in, ict_text_file *file, ict_err *err) {
  const ict_source_options *o = in->options;
  file->path = o->path;
  file->delimiter = o->delimiter;
  file->quote = o->quote ? o->quote : '"';
  if (o->decimal && o->decimal != '.' && o->decimal != ',') {
    return usage(in, err, "decimal mark that is neither a point nor a comma", "'.' or ','");
  }
  if (file->delimiter == file->quote) {
    return usage(in, err, "delimiter and quote are the same character", "two different ones");
  }
  const char *unfit = "\r\n ";
  if ((o->delimiter && (strchr(unfit, o->delimiter) || (unsigned char)o->delimiter > 127)) ||
      strchr(unfit, file->quote) || (unsigned char)file->quote > 127) {
    return usage(in, err, "delimiter or quote that cannot be one",
                 "an ASCII character other than blank and line end");
  }
  return ict_encoding_init(&file->encoding, o->encoding, err);
}

/* Byte order marks: that of UTF-8 is skipped, those of UTF-16 and UTF-32 are refused. */
static ict_status skip_mark(const ict_source_input *in, ict_text_file *file, ict_err *err) {
  const char *data = in->bytes->data;
  size_t len = in->bytes->len;
  if (len >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0)) {
    ict_err_set(err, ICT_REFUSED, "text in UTF-16");
    ict_err_at(err, file->path, 1, 1);
    ict_err_expected(err, "UTF-8, or an encoding with one byte a character");
    ict_err_fix(err, "save the file as 'CSV UTF-8', or: iconv -f UTF-16 -t UTF-8");
    return ICT_REFUSED;
  }
  file->data = data;
  file->end = data + len;
  if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
    file->data += 3;
    if (in->options->encoding && !file->encoding.utf8) {
      ict_err_set(err, ICT_REFUSED, "the file marks itself as UTF-8, but '%s' was declared",
                  in->options->encoding);
      ict_err_at(err, file->path, 1, 1);
      ict_err_fix(err, "leave the encoding out");
      return ICT_REFUSED;
    }
  }
  return ICT_OK;
}

static ict_status sniff_delimiter(ict_text_file *file, const ict_text_record *record, uint64_t line,
                                  ict_err *err) {
  size_t count[sizeof candidates - 1] = {0};
  bool inside = false;
  for (const char *p = record->start; p < record->end; p++) {
    if (*p == file->quote) inside = !inside;
    const char *c = inside ? NULL : memchr(candidates, *p, sizeof candidates - 1);
    if (c) count[c - candidates]++;
  }
  size_t first = SIZE_MAX;
  for (size_t i = 0; i < sizeof candidates - 1; i++) {
    if (count[i] == 0 || candidates[i] == file->quote) continue;
    if (first != SIZE_MAX) {
      ict_err_set(err, ICT_REFUSED,
                  "the delimiter is not clear: the first line has %zu x %s and %zu x %s",
                  count[first], spell(candidates[first]), count[i], spell(candidates[i]));
      ict_err_at(err, file->path, line, 0);
      ict_err_expected(err, "one of comma, semicolon, tab, bar in the first line");
      ict_err_fix(err, "declare 'delimiter:'");
      return ICT_REFUSED;
    }
    first = i;
  }
  file->delimiter = candidates[first == SIZE_MAX ? 0 : first]; /* none: a single column */
  return ICT_OK;
}

/* --- names ------------------------------------------------------------------------- */

typedef struct naming {
  ict_arena *arena;
  ict_source_variable *vars;
  size_t n, capacity;
  bool no_header, failed;
} naming;

static void name_field(void *field, size_t len, void *ctx) {
  naming *names = ctx;
  if (names->failed || names->n >= ICT_TEXT_FIELDS_MOST) {
    names->n++;
    return;
  }
  if (ict_grow(&names->vars, names->n, &names->capacity, sizeof *names->vars) != 0) {
    names->failed = true;
    return;
  }
  ict_slice name = names->no_header ? ict_slice_of("") : ict_slice_trim((ict_slice){field, len});
  ict_source_variable *v = &names->vars[names->n++];
  *v = (ict_source_variable){.label = "", .type = ICT_RAW_TEXT, .format = ""};
  v->name = name.len > 0 ? ict_arena_strndup(names->arena, name.text, name.len)
                         : ict_arena_printf(names->arena, "V%zu", names->n);
  if (!v->name) names->failed = true;
}

static ict_status describe(const ict_source_input *in, ict_text_file *file, naming *names,
                           ict_dictionary *dictionary, ict_err *err) {
  if (names->n > ICT_TEXT_FIELDS_MOST) {
    ict_err_set(err, ICT_REFUSED, "%zu fields in the first line", names->n);
    ict_err_at(err, file->path, file->body_line, 0);
    ict_err_expected(err, "at most %d", ICT_TEXT_FIELDS_MOST);
    ict_err_fix(err, "check the delimiter");
    return ICT_REFUSED;
  }
  ict_source_variable *vars = ict_arena_alloc(in->arena, names->n, sizeof *vars);
  const char *encoding =
      file->encoding.utf8 ? "UTF-8" : ict_arena_strdup(in->arena, in->options->encoding);
  const char *about = ict_arena_printf(
      in->arena, "delimited text (%s)%s",
      strchr(candidates, file->delimiter) ? spell(file->delimiter) : (char[]){file->delimiter, 0},
      in->bytes->was_gzip ? ", gzip" : "");
  if (names->failed || !vars || !encoding || !about) return ict_err_memory(err);
  memcpy(vars, names->vars, names->n * sizeof *vars);
  file->vars = vars;
  file->n_fields = names->n;
  *dictionary = (ict_dictionary){.format_about = about,
                                 .encoding = encoding,
                                 .title = "",
                                 .n_rows = -1,
                                 .n_vars = names->n,
                                 .vars = vars,
                                 .delimiter = file->delimiter,
                                 .decimal = in->options->decimal ? in->options->decimal : '.'};
  return ICT_OK;
}

/* --- the first record --------------------------------------------------------------- */

static ict_status find_first(ict_text_file *file, ict_text_record *record, uint64_t *line,
                             ict_err *err) {
  const char *p = file->data;
  *line = 1;
  while (p < file->end) {
    *record = ict_text_scan(p, file->end, file->quote);
    if (!ict_text_blank(record, file->delimiter)) return ICT_OK;
    p = record->next;
    (*line)++;
  }
  ict_err_set(err, ICT_REFUSED, "the file is empty");
  ict_err_at(err, file->path, 0, 0);
  ict_err_expected(err, "a line with the names of the variables, then one line a record");
  ict_err_fix(err, "fetch or export the file again");
  return ICT_REFUSED;
}

ict_status ict_text_head(const ict_source_input *in, ict_text_file *file,
                         ict_dictionary *dictionary, ict_err *err) {
  ict_text_worker worker = {0};
  naming names = {.arena = in->arena, .no_header = in->options->no_header};
  ict_text_record raw, record;
  uint64_t line;
  *file = (ict_text_file){0};
  ict_status st = take_options(in, file, err);
  if (st == ICT_OK) st = skip_mark(in, file, err);
  if (st == ICT_OK) st = find_first(file, &raw, &line, err);
  if (st != ICT_OK) return st;

  const char *text, *end, *bad;
  ict_text_piece piece = {.start = raw.start, .end = raw.next, .line = line, .rows_most = 1};
  if (raw.next - raw.start > (ptrdiff_t)ICT_TEXT_RECORD_MOST) {
    piece.end = raw.start + ICT_TEXT_RECORD_MOST;
  }
  ICT_TRY(done, st, ict_text_decode(&worker, file, &piece, &text, &end, &bad, err));
  record = ict_text_scan(text, end, file->quote);
  if (!file->delimiter) ICT_TRY(done, st, sniff_delimiter(file, &record, line, err));
  char *converted = worker.converted; /* `text` may lie in it */
  ICT_TRY(done, st, ict_text_worker_init(&worker, file, err));
  worker.converted = converted;
  if (bad) {
    st = ict_text_bad_byte(&worker, file, &record, line, end, bad, err);
    goto done;
  }
  ICT_TRY(done, st,
          ict_text_parse_record(&worker, file, &record, line, end, name_field, &names, err));
  file->body = in->options->no_header ? raw.start : raw.next;
  file->body_line =
      in->options->no_header ? line : line + ict_text_newlines(raw.start, raw.next, file->end);
  st = describe(in, file, &names, dictionary, err);

done:
  ict_text_worker_done(&worker);
  ict_free(names.vars);
  return st;
}
