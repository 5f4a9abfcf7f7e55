/* readstat_io.c - a ReadStat parser over bytes in memory, and its errors in our words.
 *
 * In:   the mapped file.
 * Out:  calls of the handlers; a status.
 * Owns: the parser for the length of a parse. */
#include <stdarg.h>
#include <string.h>

#include "source/readstat_in.h"

/* --- bytes in memory as a file ------------------------------------------------------------ */

typedef struct cursor {
  const ict_bytes *bytes;
  const ict_readstat_piece *piece;
  size_t len, at, ended;
} cursor;

static int open_bytes(const char *path, void *ctx) {
  (void)path;
  ((cursor *)ctx)->at = 0;
  return 0;
}

static int close_bytes(void *ctx) {
  (void)ctx;
  return 0;
}

static readstat_off_t seek_bytes(readstat_off_t offset, readstat_io_flags_t whence, void *ctx) {
  cursor *c = ctx;
  readstat_off_t from = whence == READSTAT_SEEK_SET   ? 0
                        : whence == READSTAT_SEEK_CUR ? (readstat_off_t)c->at
                                                      : (readstat_off_t)c->len;
  readstat_off_t to;
  if (__builtin_add_overflow(from, offset, &to) || to < 0) return -1;
  /* Beyond the end as lseek does: the next read finds nothing. */
  c->at = (size_t)to;
  return to;
}

/* What lies at c->at, up to the next seam. */
static ict_slice bytes_at(const cursor *c) {
  const ict_readstat_piece *p = c->piece;
  if (c->at >= c->len) return (ict_slice){"", 0};
  if (c->at < p->head) return (ict_slice){c->bytes->data + c->at, p->head - c->at};
  size_t behind = c->at - p->head;
  if (behind < p->n_between) return (ict_slice){p->between + behind, p->n_between - behind};
  size_t at = p->rest + (behind - p->n_between);
  return (ict_slice){c->bytes->data + at, c->bytes->len - at};
}

static ssize_t read_bytes(void *buffer, size_t wanted, void *ctx) {
  cursor *c = ctx;
  size_t given = 0;
  while (given < wanted) {
    ict_slice bytes = bytes_at(c);
    if (bytes.len == 0) break;
    size_t n = bytes.len < wanted - given ? bytes.len : wanted - given;
    memcpy((char *)buffer + given, bytes.text, n);
    given += n;
    c->at += n;
  }
  c->ended = c->at;
  return (ssize_t)given;
}

static readstat_error_t update_bytes(long size, readstat_progress_handler progress, void *user,
                                     void *ctx) {
  (void)size, (void)progress, (void)user, (void)ctx;
  return READSTAT_OK;
}

/* --- errors -------------------------------------------------------------------------------- */

int ict_readstat_abort(ict_readstat_call *call, ict_status status) {
  call->status = status;
  return READSTAT_HANDLER_ABORT;
}

static void damaged_fix(const ict_readstat_file *file, ict_err *err) {
  ict_err_at(err, file->path, 0, 0);
  ict_err_expected(err, "a whole, undamaged file");
  ict_err_fix(err,
              "fetch or copy the file again (in binary mode); or open it in the program that"
              " wrote it and save it anew, or as CSV");
}

ict_status ict_readstat_damaged(const ict_readstat_file *file, ict_err *err, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  ict_err_setv(err, ICT_REFUSED, fmt, args);
  va_end(args);
  damaged_fix(file, err);
  return ICT_REFUSED;
}

static ict_status explain(const ict_readstat_call *call, readstat_error_t error) {
  const ict_readstat_file *file = call->file;
  ict_err *err = call->err;
  const char *message = call->message[0] ? call->message : readstat_error_message(error);
  switch (error) {
    case READSTAT_ERROR_CONVERT:
    case READSTAT_ERROR_CONVERT_BAD_STRING:
    case READSTAT_ERROR_CONVERT_SHORT_STRING:
    case READSTAT_ERROR_CONVERT_LONG_STRING:
    case READSTAT_ERROR_UNSUPPORTED_CHARSET:
      ict_err_set(err, ICT_REFUSED, "text that is not in the encoding %s: %s",
                  file->encoding ? "declared" : "the file names", message);
      ict_err_at(err, file->path, 0, 0);
      ict_err_expected(err, "the encoding the file was written in");
      ict_err_fix(
          err,
          "declare it, such as windows-1252, the usual one of older files: `encoding:` in the "
          "mapping, `--encoding` on the command line");
      return ICT_REFUSED;
    case READSTAT_ERROR_UNSUPPORTED_COMPRESSION:
    case READSTAT_ERROR_UNSUPPORTED_FILE_FORMAT_VERSION:
      ict_err_set(err, ICT_REFUSED, "a variety of the format that cannot be read: %s", message);
      ict_err_at(err, file->path, 0, 0);
      ict_err_expected(err, "see docs/source-formats.md");
      ict_err_fix(err, "save the file uncompressed, or in another version, or as CSV");
      return ICT_REFUSED;
    case READSTAT_ERROR_MALLOC:
      return ict_readstat_damaged(file, err, "the file asks for more memory than a sound one does");
    default:
      return ict_readstat_damaged(file, err, "cut short or damaged: %s", message);
  }
}

static void keep_message(const char *message, void *ctx) {
  ict_readstat_call *call = ctx;
  size_t len = strcspn(message, "\r\n");
  if (len >= sizeof call->message) len = sizeof call->message - 1;
  memcpy(call->message, message, len);
  call->message[len] = 0;
}

/* --- parse ---------------------------------------------------------------------------------- */

ict_readstat_piece ict_readstat_whole(const ict_readstat_file *file) {
  return (ict_readstat_piece){.n_rows = -1, .head = file->bytes->len, .rest = file->bytes->len};
}

ict_status ict_readstat_parse(const ict_readstat_handlers *handlers, void *ctx) {
  ict_readstat_call *call = ctx;
  const ict_readstat_file *file = call->file;
  call->status = ICT_OK;
  call->message[0] = 0;
  readstat_parser_t *parser = readstat_parser_init();
  if (!parser) return ict_err_memory(call->err);
  const ict_readstat_piece *piece = call->piece;
  cursor c = {.bytes = file->bytes, .piece = piece};
  c.len = piece->head + piece->n_between + (file->bytes->len - piece->rest);
  readstat_set_open_handler(parser, open_bytes);
  readstat_set_close_handler(parser, close_bytes);
  readstat_set_seek_handler(parser, seek_bytes);
  readstat_set_read_handler(parser, read_bytes);
  readstat_set_update_handler(parser, update_bytes);
  readstat_set_io_ctx(parser, &c);
  readstat_set_metadata_handler(parser, handlers->metadata);
  readstat_set_variable_handler(parser, handlers->variable);
  readstat_set_value_label_handler(parser, handlers->value_label);
  readstat_set_value_handler(parser, handlers->value);
  readstat_set_error_handler(parser, keep_message);
  if (piece->n_rows > 0) readstat_set_row_limit(parser, (long)piece->n_rows);
  if (file->encoding) readstat_set_file_character_encoding(parser, file->encoding);
  readstat_error_t error = file->kind->parse(parser, file->path, ctx);
  readstat_parser_free(parser);
  call->ended = c.ended;
  if (call->status != ICT_OK) return call->status;
  return error == READSTAT_OK ? ICT_OK : explain(call, error);
}

/* --- values ---------------------------------------------------------------------------------- */

size_t ict_readstat_text_len(const char *text) {
  size_t len = strlen(text), bad;
  if (!ict_utf8_valid(text, len, &bad)) {
    /* A lead byte that promises more than there is, at the very end. */
    size_t left = len - bad;
    unsigned char lead = (unsigned char)text[bad];
    size_t promised = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
    if (left >= promised) return SIZE_MAX;
    for (size_t i = bad + 1; i < len; i++) {
      if (((unsigned char)text[i] & 0xC0) != 0x80) return SIZE_MAX;
    }
    len = bad;
  }
  while (len > 0 && text[len - 1] == ' ') len--;
  return len;
}

char ict_readstat_tag(readstat_value_t value) {
  if (!readstat_value_is_tagged_missing(value)) return 0;
  char tag = readstat_value_tag(value);
  return tag >= 'A' && tag <= 'Z' ? (char)(tag + 'a' - 'A') : tag;
}
