/* readstat_formats.c - the formats that ReadStat parses, and how their files start. */
#include <string.h>

#include "source/readstat_in.h"

static bool starts(const char *bytes, size_t len, const char *magic, size_t magic_len) {
  return len >= magic_len && memcmp(bytes, magic, magic_len) == 0;
}

#define STARTS(magic) starts(bytes, len, magic, sizeof(magic) - 1)

static bool probe_sav(const char *bytes, size_t len) { return STARTS("$FL2") || STARTS("$FL3"); }

/* A portable file starts with 200 bytes of greeting and a table of 256 characters, all
 * possibly broken into lines of 80. */
static bool probe_por(const char *bytes, size_t len) {
  return memmem(bytes, len < 1024 ? len : 1024, "SPSSPORT", 8) != NULL;
}

/* Up to format 115: version, byte order (1, 2), file type 1. Then in tags. */
static bool probe_dta(const char *bytes, size_t len) {
  if (STARTS("<stata_dta>")) return true;
  return len > 4 && bytes[0] >= 104 && bytes[0] <= 115 && (bytes[1] == 1 || bytes[1] == 2) &&
         bytes[2] == 1;
}

/* From format 117 on the whole file is one element. */
static bool dta_has_end(const char *bytes, size_t len) {
  size_t tail = len < 64 ? len : 64;
  return !STARTS("<stata_dta>") || memmem(bytes + len - tail, tail, "</stata_dta>", 12) != NULL;
}

static bool probe_sas7bdat(const char *bytes, size_t len) {
  return STARTS("\0\0\0\0\0\0\0\0\0\0\0\0\xC2\xEA\x81\x60\xB3\x14\x11\xCF\xBD\x92\x08\x00");
}

static bool probe_xpt(const char *bytes, size_t len) { return STARTS("HEADER RECORD*******LIB"); }

/* A row is at least a byte, but for zsav: there deflate makes up to 1032 bytes of one. */
static const ict_readstat_kind sav = {readstat_parse_sav, 1032, NULL, ict_readstat_cut_sav};
static const ict_readstat_kind por = {readstat_parse_por, 1, NULL, NULL};
static const ict_readstat_kind dta = {readstat_parse_dta, 1, dta_has_end, NULL};
static const ict_readstat_kind sas7bdat = {readstat_parse_sas7bdat, 1, NULL, NULL};
static const ict_readstat_kind xpt = {readstat_parse_xport, 1, NULL, NULL};

#define READSTAT_FORMAT(id, words, names)            \
  const ict_source_format ict_source_format_##id = { \
      .name = #id,                                   \
      .about = words,                                \
      .extensions = names,                           \
      .probe = probe_##id,                           \
      .open = ict_readstat_open,                     \
      .read = ict_readstat_read,                     \
      .own = &id,                                    \
  }

READSTAT_FORMAT(sav, "SPSS system file", "sav zsav");
READSTAT_FORMAT(por, "SPSS portable file", "por");
READSTAT_FORMAT(dta, "Stata data file", "dta");
READSTAT_FORMAT(sas7bdat, "SAS data file", "sas7bdat");
READSTAT_FORMAT(xpt, "SAS transport file", "xpt");
