/* encoding.c - conversion by a table of 256 entries, which iconv fills once.
 *
 * In:   the name of an encoding; bytes.
 * Out:  UTF-8.
 * Owns: nothing; the table lies in the caller's record and is read by all threads.
 *
 * A table, because iconv handles hold state and cannot be shared by threads, and because
 * every byte standing for itself lets the text be split anywhere. */
#include "source/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/text.h"

/* Converts one byte. 1: it is a character; 0: it has no meaning; -1: it only starts one. */
static int fill_entry(ict_encoding *encoding, iconv_t cd, int byte) {
  char in = (char)byte;
  char out[16];
  char *from = &in, *to = out;
  size_t in_left = 1, out_left = sizeof out;
  iconv(cd, NULL, NULL, NULL, NULL);
  if (iconv(cd, &from, &in_left, &to, &out_left) == (size_t)-1) return errno == EILSEQ ? 0 : -1;
  /* Some encodings hold a letter back to see whether an accent follows. */
  if (iconv(cd, NULL, NULL, &to, &out_left) == (size_t)-1) return -1;
  size_t n = (size_t)(to - out);
  if (n == 0 || n > ICT_ENCODING_WIDEST) return -1;
  encoding->length[byte] = (uint8_t)n;
  memcpy(encoding->text[byte], out, n);
  return 1;
}

ict_status ict_encoding_init(ict_encoding *encoding, const char *name, ict_err *err) {
  *encoding = (ict_encoding){.utf8 = true};
  if (!name || ict_text_casecmp(name, "utf-8") == 0 || ict_text_casecmp(name, "utf8") == 0) {
    return ICT_OK;
  }
  encoding->utf8 = false;
  iconv_t cd = iconv_open("UTF-8", name);
  if (cd == (iconv_t)-1) {
    if (errno == ENOMEM) return ict_err_memory(err);
    ict_err_set(err, ICT_REFUSED, "unknown encoding '%s'", name);
    ict_err_expected(err, "utf-8, latin1, windows-1252, or another name that `iconv -l` lists");
    ict_err_fix(err, "correct the encoding, or leave it out for UTF-8");
    return ICT_REFUSED;
  }
  bool ascii = true, bytewise = true;
  for (int byte = 0; byte < 256; byte++) {
    int found = fill_entry(encoding, cd, byte);
    if (found < 0) bytewise = false;
    if (byte < 128 && (found != 1 || encoding->text[byte][0] != (char)byte)) ascii = false;
    /* Lines are counted before the text is converted. */
    char first = encoding->text[byte][0];
    if (byte >= 128 && found == 1 && (first == '\r' || first == '\n')) ascii = false;
  }
  iconv_close(cd);
  if (ascii && bytewise) return ICT_OK;
  ict_err_set(err, ICT_REFUSED, "text in encoding '%s' cannot be read as it is", name);
  ict_err_expected(err, "UTF-8, or an encoding with one byte a character that contains ASCII");
  ict_err_fix(err, "convert the file first: iconv -f '%s' -t UTF-8", name);
  return ICT_REFUSED;
}

size_t ict_encoding_convert(const ict_encoding *encoding, const char *bytes, size_t len, char *out,
                            size_t *bad) {
  char *to = out;
  *bad = SIZE_MAX;
  for (size_t i = 0; i < len; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    size_t n = encoding->length[byte];
    if (byte < 128) {
      *to++ = (char)byte;
    } else if (n > 0) {
      memcpy(to, encoding->text[byte], n);
      to += n;
    } else {
      if (*bad == SIZE_MAX) *bad = (size_t)(to - out);
      *to++ = '?';
    }
  }
  return (size_t)(to - out);
}
