/* field.c - single fields of CSV. */
#include "publish/field.h"

#include <string.h>

#include "base/text.h"

void ict_csv_text(ict_out *out, const char *text) {
  if (!text[strcspn(text, ",\"\r\n")]) {
    ict_out_text(out, text);
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

void ict_csv_number(ict_out *out, double value) {
  char buf[ICT_NUMBER_TEXT];
  /* A sum that cancels to -0 is zero to every reader. */
  ict_out_write(out, buf, ict_number_text(value == 0 ? 0 : value, buf));
}
