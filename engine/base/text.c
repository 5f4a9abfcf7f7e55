/* text.c - growing strings, slices, and how texts compare.
 *
 * Owns: the text of an ict_str until ict_str_take or ict_str_done. */
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

#include "base/c_locale.h"
#include "base/mem.h"

void ict_str_init(ict_str *s) {
  /* Never written to: capacity 0 says that it is not ours. */
  *s = (ict_str){.text = (char *)""};
}

void ict_str_done(ict_str *s) {
  if (s->capacity) ict_free(s->text);
  ict_str_init(s);
}

void ict_str_clear(ict_str *s) {
  s->len = 0;
  if (s->capacity) s->text[0] = '\0';
}

static void fail(ict_str *s) {
  ict_str_done(s);
  s->failed = true;
}

/* Room for `more` bytes and a terminator; false (and failed) where there is none. */
static bool reserve(ict_str *s, size_t more) {
  if (s->failed) return false;
  if (more < s->capacity - s->len) return true; /* capacity >= len + 1, or both are 0 */
  if (more > SIZE_MAX / 2 - s->len - 1) {
    fail(s);
    return false;
  }
  size_t wanted = s->capacity < 32 ? 32 : s->capacity;
  while (wanted < s->len + more + 1) wanted *= 2;
  char *grown = ict_realloc(s->capacity ? s->text : NULL, wanted, 1);
  if (!grown) {
    fail(s);
    return false;
  }
  if (!s->capacity) grown[0] = '\0';
  s->text = grown;
  s->capacity = wanted;
  return true;
}

void ict_str_addn(ict_str *s, const char *text, size_t len) {
  if (!reserve(s, len)) return;
  if (len) memcpy(s->text + s->len, text, len);
  s->len += len;
  s->text[s->len] = '\0';
}

void ict_str_add(ict_str *s, const char *text) { ict_str_addn(s, text, strlen(text)); }

void ict_str_addf(ict_str *s, const char *fmt, ...) {
  va_list args, again;
  va_start(args, fmt);
  va_copy(again, args);
  int len = ict_vformat(NULL, 0, fmt, args);
  if (len < 0) {
    fail(s);
  } else if (reserve(s, (size_t)len)) {
    ict_vformat(s->text + s->len, (size_t)len + 1, fmt, again);
    s->len += (size_t)len;
  }
  va_end(again);
  va_end(args);
}

void ict_str_add_safe(ict_str *s, const char *text) {
  while (*text) {
    const char *from = text;
    bool bad = ict_utf8_unsafe(ict_utf8_next(&text));
    ict_str_addn(s, bad ? "?" : from, bad ? 1 : (size_t)(text - from));
  }
}

char *ict_str_take(ict_str *s) {
  if (!s->failed && !s->capacity) reserve(s, 0);
  char *text = s->failed ? NULL : s->text;
  ict_str_init(s);
  return text;
}

ict_slice ict_slice_of(const char *text) { return (ict_slice){text, text ? strlen(text) : 0}; }

/* Bytes of the blank at the start of s (end: at its end), 0 where there is none.
 * NBSP is C2 A0 in UTF-8. */
static size_t blank_at(ict_slice s, bool end) {
  if (s.len == 0) return 0;
  char c = s.text[end ? s.len - 1 : 0];
  if (c == ' ' || c == '\t' || c == '\r' || c == '\n') return 1;
  if (s.len >= 2 && memcmp(s.text + (end ? s.len - 2 : 0), "\xC2\xA0", 2) == 0) return 2;
  return 0;
}

ict_slice ict_slice_trim_blanks(ict_slice s) {
  for (size_t n; (n = blank_at(s, false)) > 0;) s = (ict_slice){s.text + n, s.len - n};
  for (size_t n; (n = blank_at(s, true)) > 0;) s.len -= n;
  return s;
}

bool ict_slice_is(ict_slice s, const char *text) {
  return strlen(text) == s.len && (s.len == 0 || memcmp(s.text, text, s.len) == 0);
}

bool ict_text_starts(const char *text, const char *prefix) {
  while (*prefix && *text == *prefix) text++, prefix++; /* most differ in the first letter */
  return !*prefix;
}

bool ict_text_ends(const char *text, const char *suffix) {
  size_t len = strlen(text), n = strlen(suffix);
  return n <= len && memcmp(text + len - n, suffix, n) == 0;
}

bool ict_text_lists(const char *list, const char *word) {
  size_t len = strlen(word);
  for (const char *at = list; *at;) {
    size_t n = strcspn(at, ";");
    if (n == len && strncmp(at, word, n) == 0) return true;
    at += n + (at[n] == ';');
  }
  return false;
}

static unsigned char fold(char c) {
  return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

long ict_text_index(const char *word, const char *const *words) {
  for (long i = 0; words[i]; i++)
    if (ict_text_same(words[i], word)) return i;
  return -1;
}

int ict_text_casecmp(const char *a, const char *b) {
  while (*a && fold(*a) == fold(*b)) {
    a++;
    b++;
  }
  return (int)fold(*a) - (int)fold(*b);
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Moves *i over a run of digits; returns the run without its leading zeros. */
static ict_slice digits_at(ict_slice s, size_t *i) {
  while (*i < s.len && s.text[*i] == '0') ++*i;
  size_t first = *i;
  while (*i < s.len && is_digit(s.text[*i])) ++*i;
  return (ict_slice){s.text + first, *i - first};
}

static int compare_bytes(ict_slice a, ict_slice b) {
  size_t n = a.len < b.len ? a.len : b.len;
  int c = n ? memcmp(a.text, b.text, n) : 0;
  return c ? c : (a.len > b.len) - (a.len < b.len);
}

int ict_text_natcmp(ict_slice a, ict_slice b) {
  size_t i = 0, j = 0;
  while (i < a.len && j < b.len) {
    if (is_digit(a.text[i]) && is_digit(b.text[j])) {
      ict_slice x = digits_at(a, &i), y = digits_at(b, &j);
      if (x.len != y.len) return x.len < y.len ? -1 : 1;
      int c = compare_bytes(x, y);
      if (c) return c;
    } else {
      unsigned char x = (unsigned char)a.text[i++], y = (unsigned char)b.text[j++];
      if (x != y) return x < y ? -1 : 1;
    }
  }
  if (i < a.len || j < b.len) return i < a.len ? 1 : -1;
  return compare_bytes(a, b); /* "01" and "1": equal by value, so the bytes decide */
}
