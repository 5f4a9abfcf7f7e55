/* field.h - single fields, as several formats write them. */
#ifndef ICT_PUBLISH_FIELD_H
#define ICT_PUBLISH_FIELD_H

#include "base/stream.h"

/* RFC 4180: in quotes only where it holds a comma, a quote, CR or LF. */
void ict_csv_text(ict_out *out, const char *text);
/* Full precision; nothing for NaN and infinities. -0 is written 0. */
void ict_csv_number(ict_out *out, double value);
/* The same into buf, ICT_NUMBER_TEXT bytes; returns the length. */
size_t ict_csv_number_text(double value, char *buf);
/* In quotes, escaped; a bad byte becomes U+FFFD. */
void ict_json_text(ict_out *out, const char *text);
/* Full precision; null for NaN and infinities. -0 is written 0. */
void ict_json_number(ict_out *out, double value);

#endif
