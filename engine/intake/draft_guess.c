/* draft_guess.c - words of names and labels against the hints.
 *
 * In: hints, a dictionary. Out: variables. */
#include "intake/draft_guess.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { LONG_LABEL = 10, FOLDED = 512 };

/* ASCII letters and digits folded, everything else a blank: labels compare by words. */
static void fold(const char *text, char *out, size_t size) {
  size_t n = 0;
  out[n++] = ' ';
  for (; *text && n + 2 < size; text++)
    out[n++] = isalnum((unsigned char)*text) ? (char)tolower((unsigned char)*text) : ' ';
  out[n++] = ' ';
  out[n] = '\0';
}

/* Every word of `words` occurs in the folded label. */
static bool words_in_folded(const char *folded, const char *words) {
  char word[64];
  while (*words) {
    size_t len = strcspn(words, " ");
    int n = snprintf(word, sizeof word, " %.*s ", (int)(len > 60 ? 60 : len), words);
    if (n > 2 && !strstr(folded, word)) return false;
    words += len + (words[len] == ' ');
  }
  return true;
}

static bool name_fits(const char *name, const char *pattern) {
  size_t len = strlen(pattern);
  if (len && pattern[len - 1] == '*') {
    for (size_t i = 0; i + 1 < len; i++)
      if (tolower((unsigned char)name[i]) != pattern[i]) return false;
    return true;
  }
  return ict_text_casecmp(name, pattern) == 0;
}

static size_t words_in(const char *folded) {
  size_t n = 0;
  for (; *folded; folded++) n += *folded != ' ' && (folded[1] == ' ' || !folded[1]);
  return n;
}

/* The words of the hint are what the label is about: a long question ("... about your height and
 * weight ...") has many words besides, and the household's head is not the person. */
static bool label_fits(const ict_hint *hint, const char *folded, const char *words) {
  if (!words_in_folded(folded, words)) return false;
  if (!strchr(words, ' ') && words_in(folded) > LONG_LABEL) return false;
  return !hint->unit || strcmp(hint->unit, "individual") != 0 || !words_in_folded(folded, "head");
}

/* By name (the hint has the likeliest first) before by label, which is 1. 0: not. */
static size_t fits(const ict_hint *hint, const ict_source_variable *v) {
  for (size_t i = 0; i < hint->n_names; i++)
    if (name_fits(v->name, hint->names[i])) return 1 + hint->n_names - i;
  char folded[FOLDED];
  fold(v->label, folded, sizeof folded);
  for (size_t i = 0; v->label[0] && i < hint->n_labels; i++)
    if (label_fits(hint, folded, hint->labels[i])) return 1;
  return 0;
}

long ict_guess_variable(const ict_hint *hint, const ict_dictionary *d) {
  long found = -1;
  size_t score = 0;
  for (size_t i = 0; i < d->n_vars; i++) {
    size_t s = fits(hint, &d->vars[i]);
    if (s > score) {
      score = s;
      found = (long)i;
    }
  }
  return found;
}

bool ict_guess_has_words(const char *text, const char *words) {
  char folded[FOLDED];
  fold(text, folded, sizeof folded);
  return words_in_folded(folded, words);
}

long ict_guess_role(const ict_hints *hints, const char *role, const ict_dictionary *d) {
  for (size_t i = 0; i < hints->n; i++)
    if (hints->hints[i].role && strcmp(hints->hints[i].role, role) == 0)
      return ict_guess_variable(&hints->hints[i], d);
  return -1;
}

bool ict_guess_person(const ict_hints *hints, const ict_dictionary *d) {
  for (size_t i = 0; i < hints->n; i++) {
    const char *concept = hints->hints[i].concept_name;
    if (concept && (strcmp(concept, "sex") == 0 || strcmp(concept, "age") == 0) &&
        ict_guess_variable(&hints->hints[i], d) >= 0)
      return true;
  }
  return false;
}
