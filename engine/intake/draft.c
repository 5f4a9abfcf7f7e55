/* draft.c - recognise variables by the hints and write them down as a mapping. */
#include "intake/draft.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "catalog/hints.h"
#include "source/profile.h"

enum { CODES_SHOWN = 24, LONG_LABEL = 10 };

typedef struct draft {
  const ict_catalog *catalog;
  const ict_hints *hints;
  ict_out *out;
} draft;

typedef struct file_view {
  const ict_source_options *options;
  const ict_dictionary *dictionary;
  const ict_profile *profile;
  char id[32];
} file_view;

/* ---- recognising ---------------------------------------------------------------------------- */

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
static bool has_words(const char *folded, const char *words) {
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
  if (!has_words(folded, words)) return false;
  if (!strchr(words, ' ') && words_in(folded) > LONG_LABEL) return false;
  return !hint->unit || strcmp(hint->unit, "individual") != 0 || !has_words(folded, "head");
}

/* 2: by name, 1: by label, 0: not. */
static int fits(const ict_hint *hint, const ict_source_variable *v) {
  for (size_t i = 0; i < hint->n_names; i++)
    if (name_fits(v->name, hint->names[i])) return 2;
  char folded[512];
  fold(v->label, folded, sizeof folded);
  for (size_t i = 0; v->label[0] && i < hint->n_labels; i++)
    if (label_fits(hint, folded, hint->labels[i])) return 1;
  return 0;
}

/* The variable that fits best, the first of equals; -1 where none does. */
static long best(const ict_hint *hint, const ict_dictionary *d) {
  long found = -1;
  int score = 0;
  for (size_t i = 0; i < d->n_vars; i++) {
    int s = fits(hint, &d->vars[i]);
    if (s > score) {
      score = s;
      found = (long)i;
    }
  }
  return found;
}

static long role(const draft *w, const char *name, const ict_dictionary *d) {
  for (size_t i = 0; i < w->hints->n; i++)
    if (w->hints->hints[i].role && strcmp(w->hints->hints[i].role, name) == 0)
      return best(&w->hints->hints[i], d);
  return -1;
}

/* Persons have a sex or an age; anything else is taken for households. */
static bool is_individual(const draft *w, const ict_dictionary *d) {
  for (size_t i = 0; i < w->hints->n; i++) {
    const ict_hint *h = &w->hints->hints[i];
    if (h->concept_name && h->unit && strcmp(h->unit, "individual") == 0 && best(h, d) >= 0)
      return true;
  }
  return false;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* Plain where YAML takes it plain and the mapping gives the word no meaning of its own, else in
 * double quotes. */
static void put_text(ict_out *out, const char *text) {
  bool plain = text[0] && strcmp(text, "none") && strcmp(text, "blank") && !strstr(text, "..");
  for (const char *c = text; *c; c++)
    plain =
        plain && (isalnum((unsigned char)*c) || strchr("_-./", *c) || (unsigned char)*c >= 0x80);
  if (plain && text[0] != '-' && text[0] != '.') {
    ict_out_text(out, text);
    return;
  }
  ict_out_text(out, "\"");
  for (const char *c = text; *c; c++) {
    if (*c == '"' || *c == '\\') ict_out_text(out, "\\");
    if (iscntrl((unsigned char)*c))
      ict_out_printf(out, "\\x%02X", (unsigned)*c);
    else
      ict_out_write(out, c, 1);
  }
  ict_out_text(out, "\"");
}

/* "  # ? label" to the end of the line; the label on one line, whatever stands in it. */
static void put_comment(ict_out *out, bool guess, const char *text) {
  ict_out_text(out, guess ? "  # ?" : "  #");
  if (text[0]) ict_out_text(out, " ");
  for (const char *c = text; *c; c++) {
    if (iscntrl((unsigned char)*c))
      ict_out_text(out, " ");
    else
      ict_out_write(out, c, 1);
  }
}

static const char *code_for(const ict_hint *hint, const char *label) {
  char folded[512];
  fold(label, folded, sizeof folded);
  for (size_t i = 0; i < hint->n_codes; i++)
    for (size_t k = 0; k < hint->codes[i].n_words; k++)
      if (has_words(folded, hint->codes[i].words[k])) return hint->codes[i].code;
  static const struct {
    const char *words, *kind;
  } kinds[] = {{"don t know", "dont_know"}, {"dk", "dont_know"},
               {"nao sabe", "dont_know"},   {"refused", "refused"},
               {"missing", "missing"},      {"not applicable", "not_applicable"},
               {"no response", "refused"},  {"not stated", "missing"}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (has_words(folded, kinds[i].words)) return kinds[i].kind;
  return "FILL_IN";
}

/* A value as it stands in the file. */
static void value_text(const ict_seen *c, char text[256]) {
  if (c->text.text)
    snprintf(text, 256, "%.*s", (int)c->text.len, c->text.text);
  else if (c->tag)
    snprintf(text, 256, ".%c", c->tag);
  else
    ict_number_text(c->number, text);
}

/* The codes of an open list are the file's own, and their labels too where it has them. */
static void put_codes(const draft *w, const ict_source_variable *v, const ict_profile_variable *p) {
  ict_out_text(w->out, "        codes:  # in the order of publication\n");
  if (!p->codes || p->n_distinct > CODES_SHOWN) {
    ict_out_text(w->out, "          FILL_IN: its label  # one for each value\n");
    return;
  }
  for (size_t i = 0; i < p->n_distinct; i++) {
    const ict_seen *c = &p->codes[i];
    char text[256];
    if (c->tag) continue; /* a kind of missing */
    value_text(c, text);
    bool speaks = c->text.text && !isdigit((unsigned char)text[0]); /* "Punjab", not "07" */
    const char *label = ict_profile_label(v, c);
    ict_out_text(w->out, "          ");
    put_text(w->out, text);
    ict_out_text(w->out, ": ");
    put_text(w->out, label ? label : speaks ? text : "FILL_IN");
    ict_out_text(w->out, "\n");
  }
}

static void put_map(const draft *w, const ict_hint *hint, const ict_source_variable *v,
                    const ict_profile_variable *p) {
  if (!p->codes || p->n_distinct > CODES_SHOWN) {
    ict_out_text(w->out, "        map: FILL_IN  # ? more codes than a draft lists\n");
    return;
  }
  ict_out_text(w->out, "        map:\n");
  for (size_t i = 0; i < p->n_distinct; i++) {
    const ict_seen *c = &p->codes[i];
    char text[256];
    value_text(c, text);
    const char *label = ict_profile_label(v, c);
    ict_out_text(w->out, "          ");
    put_text(w->out, text);
    ict_out_printf(w->out, ": %s", code_for(hint, label ? label : text));
    if (label) put_comment(w->out, false, label);
    ict_out_text(w->out, "\n");
  }
}

static void put_variable(const draft *w, const file_view *f, const ict_hint *hint, size_t var) {
  const ict_concept *c = ict_catalog_find_concept(w->catalog, hint->concept_name);
  if (!c) return; /* another catalogue may not know it */
  const ict_source_variable *v = &f->dictionary->vars[var];
  ict_out_printf(w->out, "      %s:", c->name);
  put_comment(w->out, true, v->label[0] ? v->label : c->title);
  ict_out_text(w->out, "\n        from: ");
  put_text(w->out, v->name);
  ict_out_text(w->out, "\n");
  for (size_t i = 0; i < c->n_conditions; i++)
    ict_out_printf(w->out, "        %s: FILL_IN  # the standard is %s\n", c->conditions[i].name,
                   c->conditions[i].value);
  if (c->type == ICT_TYPE_CODE && c->codes) put_map(w, hint, v, &f->profile->vars[var]);
  if (c->type == ICT_TYPE_CODE && !c->codes) put_codes(w, v, &f->profile->vars[var]);
}

static void put_role(const draft *w, const char *word, long var, const ict_dictionary *d) {
  ict_out_printf(w->out, "      %s: ", word);
  if (var < 0)
    ict_out_text(w->out, "FILL_IN  # a variable, or none\n");
  else {
    char folded[512];
    fold(d->vars[var].label, folded, sizeof folded);
    bool millionths = strcmp(word, "weight") == 0 && has_words(folded, "6 decimals"); /* DHS */
    if (millionths) ict_out_text(w->out, "{from: ");
    put_text(w->out, d->vars[var].name);
    if (millionths) ict_out_text(w->out, ", scale: 1e-6}");
    put_comment(w->out, true, d->vars[var].label);
    ict_out_text(w->out, "\n");
  }
}

static void put_unit(const draft *w, const file_view *f, const char *unit) {
  const ict_dictionary *d = f->dictionary;
  ict_out_printf(w->out, "\n  %s:\n    file: %s\n    design:\n", unit, f->id);
  put_role(w, "strata", role(w, "strata", d), d);
  put_role(w, "psu", role(w, "psu", d), d);
  put_role(w, "weight", role(w, "weight", d), d);
  ict_out_text(w->out, "      lonely_psu: fail\n    variables:\n");
  size_t shown = 0;
  for (size_t i = 0; i < w->hints->n; i++) {
    const ict_hint *h = &w->hints->hints[i];
    long var = h->concept_name && (!h->unit || strcmp(h->unit, unit) == 0) ? best(h, d) : -1;
    if (var < 0) continue;
    put_variable(w, f, h, (size_t)var);
    shown++;
  }
  if (shown == 0)
    ict_out_text(w->out,
                 "      FILL_IN:  # nothing was recognised: `ictstat list --concepts` shows what "
                 "can stand here\n"
                 "        from: FILL_IN\n");
}

/* The decimal mark that the file seems to use although another was assumed: some variable has
 * numbers with it and no other text, none has fractions with the assumed one. '\0': none. */
static char seen_decimal(const file_view *f, const char **witness) {
  *witness = NULL;
  for (size_t i = 0; i < f->profile->n_vars; i++) {
    const ict_profile_variable *p = &f->profile->vars[i];
    if (p->kind == ICT_PROFILE_DECIMAL) return '\0';
    if (p->n_other_decimal > 0 && p->n_other_decimal == p->n_text && !*witness)
      *witness = f->dictionary->vars[p->var].name;
  }
  return !*witness ? '\0' : f->dictionary->decimal == ',' ? '.' : ',';
}

static void put_decimal(const draft *w, const file_view *f) {
  const char *witness;
  char declared = f->dictionary->decimal, seen = seen_decimal(f, &witness);
  if (!seen && (!declared || declared == '.')) return;
  ict_out_printf(w->out, "    decimal: \"%c\"", seen ? seen : declared);
  if (seen) {
    put_comment(w->out, true, "as in ");
    put_text(w->out, witness);
  }
  ict_out_text(w->out, "\n");
}

static void put_file(const draft *w, const file_view *f) {
  const char *slash = strrchr(f->options->path, '/');
  const ict_dictionary *d = f->dictionary;
  ict_out_printf(w->out, "  %s:\n    path: ", f->id);
  put_text(w->out, slash ? slash + 1 : f->options->path);
  ict_out_text(w->out, "\n");
  if (strcmp(d->format, "csv") == 0) {
    if (d->delimiter == '\t')
      ict_out_text(w->out, "    delimiter: \"\\t\"\n");
    else
      ict_out_printf(w->out, "    delimiter: \"%c\"\n", d->delimiter);
    put_decimal(w, f);
    if (f->options->encoding) ict_out_printf(w->out, "    encoding: %s\n", f->options->encoding);
  }
  long key = role(w, "key", d);
  ict_out_text(w->out, "    key: [");
  if (key < 0)
    ict_out_text(w->out, "FILL_IN");
  else
    put_text(w->out, d->vars[key].name);
  ict_out_text(w->out, "]  # ? the variables that identify a row\n");
}

/* ---- the way ----------------------------------------------------------------------------------
 */

static void put_mapping(const draft *w, const file_view *files, size_t n) {
  ict_out_text(w->out,
               "# A draft by `ictstat map init`, from names and labels. Lines with `# ?` are "
               "guesses; FILL_IN\n"
               "# could not be guessed. `ictstat check` tells what is still missing. "
               "docs/mapping.md is the manual.\n"
               "ictstat: mapping/1\n\nsurvey:\n  id: FILL_IN      # such as XYZ-HH-2024\n"
               "  title: FILL_IN\n  area: FILL_IN    # ISO 3166-1 alpha-3\n  period: FILL_IN  # "
               "year\n\nfiles:\n");
  for (size_t i = 0; i < n; i++) put_file(w, &files[i]);
  ict_out_text(w->out, "\nunits:");
  bool individual = false, household = false;
  for (size_t i = 0; i < n; i++) {
    bool person = is_individual(w, files[i].dictionary);
    const char *unit = person ? "individual" : "household";
    if (person ? individual : household) {
      ict_out_printf(
          w->out,
          "\n  # %s looks like '%s' too: link it to that unit's file, or name another unit\n",
          files[i].id, unit);
      continue;
    }
    if (person)
      individual = true;
    else
      household = true;
    put_unit(w, &files[i], unit);
  }
}

ict_status ict_draft_mapping(const ict_catalog *catalog, const ict_source_options *files, size_t n,
                             ict_out *out, ict_err *err) {
  draft w = {catalog, NULL, out};
  ict_hints *hints = NULL;
  ict_source **sources = ict_alloc(n, sizeof *sources);
  ict_profile **profiles = ict_alloc(n, sizeof *profiles);
  file_view *views = ict_alloc(n, sizeof *views);
  ict_status st =
      sources && profiles && views ? ict_hints_load(NULL, &hints, err) : ict_err_memory(err);
  w.hints = hints;
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    st = ict_source_open(&files[i], &sources[i], err);
    if (st == ICT_OK) st = ict_profile_make(sources[i], NULL, 0, true, 0, NULL, &profiles[i], err);
    if (st != ICT_OK) break;
    views[i] = (file_view){&files[i], ict_source_dictionary(sources[i]), profiles[i], ""};
    snprintf(views[i].id, sizeof views[i].id, "file%zu", i + 1);
  }
  if (st == ICT_OK) put_mapping(&w, views, n);
  for (size_t i = 0; i < n; i++) {
    if (profiles) ict_profile_free(profiles[i]);
    if (sources) ict_source_close(sources[i]);
  }
  ict_free(sources);
  ict_free(profiles);
  ict_free(views);
  ict_hints_free(hints);
  return st;
}
