/* field.c - single fields of CSV and JSON. */
#include "publish/field.h"

#include <string.h>

#include "base/text.h"

/* Most texts are codes of a few letters, for which strcspn takes longer to begin than to end. */
static size_t plain_length(const char *text) {
  size_t n = 0;
  while (text[n] && text[n] != ',' && text[n] != '"' && text[n] != '\r' && text[n] != '\n') n++;
  return n;
}

void ict_csv_text(ict_out *out, const char *text) {
  size_t plain = plain_length(text);
  if (!text[plain]) {
    ict_out_write(out, text, plain);
    return;
  }
  ict_out_text(out, "\"");
  for (;;) {
    size_t n = strcspn(text, "\"");
    ict_out_write(out, text, n);
    if (!text[n]) break;
    ict_out_text(out, "\"\"");
    text += n + 1;
  }
  ict_out_text(out, "\"");
}

/* A sum that cancels to -0 is zero to every reader. */
size_t ict_csv_number_text(double value, char *buf) {
  return ict_number_text(value == 0 ? 0 : value, buf);
}

void ict_csv_number(ict_out *out, double value) {
  char buf[ICT_NUMBER_TEXT];
  ict_out_write(out, buf, ict_csv_number_text(value, buf));
}

static bool is_plain(char c) {
  return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F && c != '"' && c != '\\';
}

void ict_json_text(ict_out *out, const char *text) {
  ict_out_text(out, "\"");
  while (*text) {
    const char *from = text;
    while (is_plain(*text)) text++; /* most texts are ASCII as a whole */
    ict_out_write(out, from, (size_t)(text - from));
    if (!*text) break;
    from = text;
    uint32_t c = ict_utf8_next(&text);
    if (c == '"' || c == '\\') {
      ict_out_printf(out, "\\%c", (int)c);
    } else if (c < 0x20 || c == 0xFFFD) {
      ict_out_printf(out, "\\u%04x", (unsigned)c); /* a bad byte becomes U+FFFD */
    } else {
      ict_out_write(out, from, (size_t)(text - from));
    }
  }
  ict_out_text(out, "\"");
}

void ict_json_number(ict_out *out, double value) {
  char buf[ICT_NUMBER_TEXT];
  size_t len = ict_number_text(value == 0 ? 0 : value, buf);
  if (len == 0) {
    ict_out_text(out, "null");
  } else {
    ict_out_write(out, buf, len);
  }
}
