/* source.c - opening, finding, reading: what all formats have in common.
 *
 * In:   a path and what the user declared about the file.
 * Out:  a source with its dictionary; chunks, through the provider of the format.
 * Owns: the bytes of the file (mapped), the arena of the dictionary, the provider's state.
 *
 * The format is told by content. The name speaks only where the content is plain text:
 * a file that calls itself .sav and is text is not read as CSV. */
#include "source/source.h"

#include <string.h>

#include "base/par.h"
#include "source/provider.h"

struct ict_source {
  ict_arena *arena;
  ict_bytes bytes;
  ict_source_options options; /* with our own copies of the texts */
  const ict_source_format *format;
  void *state;
  ict_dictionary dictionary;
  size_t chunk_size;
};

#define FORMAT(name) extern const ict_source_format ict_source_format_##name;
#include "source/formats.def"
#undef FORMAT

static const ict_source_format *const formats[] = {
#define FORMAT(name) &ict_source_format_##name,
#include "source/formats.def"
#undef FORMAT
};

enum { N_FORMATS = sizeof formats / sizeof *formats };

/* --- which format ------------------------------------------------------------------ */

/* Binary files that people try, and what they should do instead. */
typedef struct foreign {
  const char *magic;
  size_t len;
  const char *what, *fix;
} foreign;

#define MAGIC(bytes) bytes, sizeof(bytes) - 1
static const foreign foreigners[] = {
    {MAGIC("PK\x03\x04"), "a ZIP archive or an .xlsx or .ods workbook",
     "unpack it, or save the sheet as CSV"},
    {MAGIC("\xD0\xCF\x11\xE0"), "an Excel .xls workbook", "save the sheet as CSV"},
    {MAGIC("\x89HDF\r\n\x1A\n"), "an HDF5 file, perhaps a store of ictstat itself",
     "a store needs no import: `ictstat compute STORE -o est.csv` makes a table of it"},
    {MAGIC("RDX3\n"), "an R workspace (.RData)",
     "write it from R with haven::write_sav or write.csv"},
    {MAGIC("PAR1\x15"), "a Parquet file", "convert it to CSV"},
    {MAGIC("ARROW1\0\0"), "an Arrow file", "convert it to CSV"},
    {MAGIC("%PDF-"), "a PDF document", "ask the producer for the microdata as CSV, .sav or .dta"},
    {MAGIC("Rar!\x1A"), "a RAR archive", "unpack it"},
    {MAGIC("7z\xBC\xAF\x27\x1C"), "a 7-Zip archive", "unpack it"},
    {MAGIC("BZh91AY&SY"), "a bzip2 file", "unpack it"},
    {MAGIC("\xFD"
           "7zXZ"),
     "an xz file", "unpack it"},
    {MAGIC("\x28\xB5\x2F\xFD"), "a zstd file", "unpack it"},
};

static bool has_extension(const ict_source_format *format, const char *word, size_t len) {
  for (const char *p = format->extensions; *p;) {
    size_t n = strcspn(p, " ");
    if (n == len && ict_slice_is((ict_slice){p, n}, word)) return true;
    p += n + (p[n] == ' ');
  }
  return false;
}

/* By its name or one of its extensions, or NULL. */
static const ict_source_format *format_named(const char *word) {
  char lower[16];
  size_t len = strlen(word);
  if (len >= sizeof lower) return NULL;
  for (size_t i = 0; i <= len; i++) {
    lower[i] = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] + 'a' - 'A') : word[i];
  }
  for (size_t i = 0; i < N_FORMATS; i++) {
    if (strcmp(formats[i]->name, lower) == 0 || has_extension(formats[i], lower, len)) {
      return formats[i];
    }
  }
  return NULL;
}

/* What the path's extension says, a final .gz left out; NULL where it says nothing. */
static const ict_source_format *format_of_path(const char *path) {
  size_t len = strlen(path);
  if (len > 3 && ict_text_casecmp(path + len - 3, ".gz") == 0) len -= 3;
  size_t dot = len;
  while (dot > 0 && path[dot - 1] != '.' && path[dot - 1] != '/') dot--;
  if (dot == 0 || path[dot - 1] != '.') return NULL;
  char word[16];
  if (len - dot >= sizeof word) return NULL;
  memcpy(word, path + dot, len - dot);
  word[len - dot] = 0;
  return format_named(word);
}

static ict_status not_that_format(const ict_source *s, const ict_source_format *claimed,
                                  const char *by, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "the content is not that of the format '%s' (%s)", claimed->name,
              claimed->about);
  ict_err_at(err, s->options.path, 0, 0);
  ict_err_expected(err, "what %s says: %s", by, claimed->name);
  ict_err_fix(err,
              "check that the file was copied whole and in binary mode; if it is text, declare"
              " 'format: csv'");
  return ICT_REFUSED;
}

static ict_status refuse_foreign(const ict_source *s, ict_err *err) {
  for (size_t i = 0; i < sizeof foreigners / sizeof *foreigners; i++) {
    const foreign *f = &foreigners[i];
    if (s->bytes.len < f->len || memcmp(s->bytes.data, f->magic, f->len) != 0) continue;
    ict_err_set(err, ICT_REFUSED, "%s", f->what);
    ict_err_at(err, s->options.path, 0, 0);
    ict_err_expected(err, "CSV or another delimited text, .sav, .por, .dta, .sas7bdat or .xpt");
    ict_err_fix(err, "%s", f->fix);
    return ICT_REFUSED;
  }
  return ICT_OK;
}

static ict_status choose_format(ict_source *s, ict_err *err) {
  const ict_source_format *text = formats[N_FORMATS - 1], *found = text;
  for (size_t i = 0; found == text && i < N_FORMATS; i++) {
    if (formats[i]->probe(s->bytes.data, s->bytes.len)) found = formats[i];
  }
  if (found == text) {
    ict_status st = refuse_foreign(s, err);
    if (st != ICT_OK) return st;
  }
  if (s->options.format) {
    const ict_source_format *claimed = format_named(s->options.format);
    if (!claimed) {
      ict_err_set(err, ICT_USAGE, "unknown format '%s'", s->options.format);
      ict_err_at(err, s->options.path, 0, 0);
      ict_err_expected(err, "csv, sav, por, dta, sas7bdat or xpt");
      ict_err_fix(err, "correct it, or leave it out: the format is told by content");
      return ICT_USAGE;
    }
    if (claimed != found) return not_that_format(s, claimed, "the format declared", err);
  } else if (found == text) {
    const ict_source_format *claimed = format_of_path(s->options.path);
    if (claimed && claimed != text) return not_that_format(s, claimed, "the file name", err);
  }
  s->format = found;
  return ICT_OK;
}

/* --- open, close, find -------------------------------------------------------------- */

static ict_status copy_options(ict_source *s, const ict_source_options *options, ict_err *err) {
  s->options = *options;
  const char **texts[] = {&s->options.path, &s->options.format, &s->options.encoding};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (!*texts[i]) continue;
    *texts[i] = ict_arena_strdup(s->arena, *texts[i]);
    if (!*texts[i]) return ict_err_memory(err);
  }
  return ICT_OK;
}

ict_status ict_source_open(const ict_source_options *options, ict_source **out, ict_err *err) {
  *out = NULL;
  if (!options->path) return ict_err_set(err, ICT_USAGE, "no path given");
  ict_status st = ICT_OK;
  ict_source *s = ict_alloc(1, sizeof *s);
  if (!s) return ict_err_memory(err);
  s->arena = ict_arena_new();
  if (!s->arena) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, copy_options(s, options, err));
  ICT_TRY(done, st, ict_bytes_open(s->options.path, 0, false, &s->bytes, err));
  if (s->bytes.len == 0) {
    st = ict_err_set(err, ICT_REFUSED, "the file is empty");
    ict_err_at(err, s->options.path, 0, 0);
    ict_err_expected(err, "a data file");
    ict_err_fix(err, "fetch or export the file again");
    goto done;
  }
  ICT_TRY(done, st, choose_format(s, err));
  if (options->n_more > 0) {
    if (s->format != formats[N_FORMATS - 1]) {
      st =
          ict_err_set(err, ICT_REFUSED, "a %s cannot be followed by other files", s->format->about);
      ict_err_at(err, s->options.path, 0, 0);
      ict_err_fix(err, "write the rounds to CSV files with the same columns");
      goto done;
    }
    ICT_TRY(done, st, ict_source_stack(options, &s->bytes, err));
    for (size_t i = 0; i < options->n_more; i++) {
      s->options.path = ict_arena_printf(s->arena, "%s + %s", s->options.path, options->more[i]);
      if (!s->options.path) {
        st = ict_err_memory(err);
        goto done;
      }
    }
  }
  ict_source_input in = {s->format, &s->options, &s->bytes, s->arena};
  st = s->format->open(&in, &s->dictionary, &s->state, err);
  if (st != ICT_OK) {
    s->format = NULL; /* nothing to close */
    goto done;
  }
  s->dictionary.format = s->format->name;
  s->dictionary.file_size = s->bytes.file_size;
  *out = s;
  s = NULL;

done:
  ict_source_close(s);
  return st;
}

void ict_source_close(ict_source *source) {
  if (!source) return;
  if (source->format && source->format->close) source->format->close(source->state);
  ict_bytes_close(&source->bytes);
  ict_arena_free(source->arena);
  ict_free(source);
}

const ict_dictionary *ict_source_dictionary(const ict_source *source) {
  return &source->dictionary;
}

long ict_source_find(const ict_source *source, const char *name) {
  const ict_dictionary *d = &source->dictionary;
  for (int folded = 0; folded < 2; folded++) {
    long found = -1;
    for (size_t i = 0; i < d->n_vars; i++) {
      bool same = folded ? ict_text_casecmp(d->vars[i].name, name) == 0
                         : strcmp(d->vars[i].name, name) == 0;
      if (same) found = found == -1 ? (long)i : -2;
    }
    if (found != -1) return found;
  }
  return -1;
}

void ict_source_set_chunk_size(ict_source *source, size_t chunk_size) {
  source->chunk_size = chunk_size;
}

/* --- read ---------------------------------------------------------------------------- */

static void hash_bytes(void *ctx) {
  ict_source *s = ctx;
  ict_bytes_hash(&s->bytes);
}

static ict_status read_rows(ict_source *s, ict_source_request *request, ict_err *err) {
  if (s->options.hash && s->dictionary.sha256[0] == '\0') {
    request->beside = hash_bytes;
    request->beside_ctx = s;
  }
  ict_status st = s->format->read(s->state, request, err);
  memcpy(s->dictionary.sha256, s->bytes.sha256, sizeof s->dictionary.sha256);
  return st;
}

ict_status ict_source_read(ict_source *source, const size_t *vars, size_t n_vars, int threads,
                           const ict_progress *progress, ict_chunk_fn fn, void *ctx, ict_err *err) {
  for (size_t k = 0; k < n_vars; k++) {
    if (vars[k] < source->dictionary.n_vars) continue;
    ict_err_set(err, ICT_USAGE, "variable number %zu asked for", vars[k] + 1);
    ict_err_at(err, source->options.path, 0, 0);
    ict_err_expected(err, "1 to %zu", source->dictionary.n_vars);
    return ICT_USAGE;
  }
  ict_source_request request = {.vars = vars,
                                .n_vars = n_vars,
                                .threads = ict_par_threads(threads),
                                .chunk_size = source->chunk_size,
                                .progress = progress,
                                .fn = fn,
                                .ctx = ctx};
  return read_rows(source, &request, err);
}
