/* draft.c - recognise variables by the hints and write them down as a mapping. */
#include "intake/draft.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "catalog/hints.h"
#include "intake/draft_guess.h"
#include "intake/draft_keys.h"
#include "source/profile.h"

enum { CODES_SHOWN = 24 };

typedef struct draft {
  const ict_catalog *catalog;
  const ict_hints *hints;
  ict_out *out;
} draft;

typedef struct file_view {
  const ict_source_options *options;
  const ict_dictionary *dictionary;
  const ict_profile *profile;
  const ict_draft_key *key;
  const struct file_view *all; /* the files of the draft: of links */
  char id[32];
  char *path; /* as the draft names it; of ict_alloc */
} file_view;

/* The path of a file as the draft names it. */
static ict_status name_file(file_view *f, const char *folder, ict_err *err) {
  const char *path = f->options->path;
  if (folder) return ict_path_from(folder, path, &f->path, err);
  f->path = ict_strdup(ict_path_name(path));
  return f->path ? ICT_OK : ict_err_memory(err);
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

/* Kinds of missing first: "no response" is not a No. */
static const char *code_for(const ict_hint *hint, const char *label) {
  static const struct {
    const char *words, *kind;
  } kinds[] = {{"don t know", "dont_know"}, {"dk", "dont_know"},
               {"nao sabe", "dont_know"},   {"refused", "refused"},
               {"missing", "missing"},      {"not applicable", "not_applicable"},
               {"no response", "refused"},  {"not stated", "missing"}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (ict_guess_has_words(label, kinds[i].words)) return kinds[i].kind;
  for (size_t i = 0; i < hint->n_codes; i++)
    for (size_t k = 0; k < hint->codes[i].n_words; k++)
      if (ict_guess_has_words(label, hint->codes[i].words[k])) return hint->codes[i].code;
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

/* The variable of a part of the design: the file's own, else that of a file it belongs to. */
static void put_role(const draft *w, const char *word, const file_view *f) {
  const file_view *at = f;
  long var = ict_guess_role(w->hints, word, f->dictionary);
  while (var < 0 && at->key->parent >= 0 && strcmp(word, "weight") != 0) {
    at = &at->all[at->key->parent];
    var = ict_guess_role(w->hints, word, at->dictionary);
  }
  ict_out_printf(w->out, "      %s: ", word);
  if (var < 0) {
    ict_out_text(w->out, "FILL_IN  # a variable, or none\n");
    return;
  }
  const ict_source_variable *v = &at->dictionary->vars[var];
  bool millionths =
      strcmp(word, "weight") == 0 && ict_guess_has_words(v->label, "6 decimals"); /* DHS */
  if (millionths) ict_out_text(w->out, "{from: ");
  if (at != f) ict_out_printf(w->out, "%s.", at->id);
  put_text(w->out, v->name);
  if (millionths) ict_out_text(w->out, ", scale: 1e-6}");
  put_comment(w->out, true, v->label);
  ict_out_text(w->out, "\n");
}

static void put_unit(const draft *w, const file_view *f, const char *unit) {
  const ict_dictionary *d = f->dictionary;
  ict_out_printf(w->out, "\n  %s:\n    file: %s\n    design:\n", unit, f->id);
  put_role(w, "strata", f);
  put_role(w, "psu", f);
  put_role(w, "weight", f);
  ict_out_text(w->out, "      lonely_psu: fail\n    variables:\n");
  size_t shown = 0;
  for (size_t i = 0; i < w->hints->n; i++) {
    const ict_hint *h = &w->hints->hints[i];
    long var =
        h->concept_name && (!h->unit || strcmp(h->unit, unit) == 0) ? ict_guess_variable(h, d) : -1;
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

/* The names of a key's parts in a file: "HH1, HH2". */
static void put_parts(const draft *w, const file_view *f, unsigned parts) {
  const char *before = "";
  for (size_t p = 0; p < ICT_N_PARTS; p++) {
    if (!(parts & (1u << p))) continue;
    ict_out_text(w->out, before);
    put_text(w->out, f->dictionary->vars[f->key->variable[p]].name);
    before = ", ";
  }
}

static void put_key(const draft *w, const file_view *f) {
  const ict_draft_key *key = f->key;
  ict_out_text(w->out, "    key: [");
  put_parts(w, f, key->parts);
  if (key->parts)
    ict_out_text(w->out, "]  # ? no row repeats it\n");
  else if (key->tried) {
    ict_out_text(w->out, "FILL_IN]  # the variables that identify a row; not ");
    put_parts(w, f, key->tried);
    ict_out_printf(w->out, ": %llu row%s repeat it\n", (unsigned long long)key->n_repeats,
                   key->n_repeats == 1 ? "" : "s");
  } else
    ict_out_text(w->out, "FILL_IN]  # the variables that identify a row\n");
  if (key->parent < 0) return;
  const file_view *to = &f->all[key->parent];
  ict_out_printf(w->out, "    link: {to: %s, by: [", to->id);
  put_parts(w, f, to->key->parts);
  if (key->n_unmatched == 0)
    ict_out_text(w->out, "]}  # ? every row has its row there\n");
  else
    ict_out_printf(w->out,
                   "], unmatched: FILL_IN}  # %llu of %llu rows have no row there: refuse, missing "
                   "or drop\n",
                   (unsigned long long)key->n_unmatched, (unsigned long long)key->n_rows);
}

static void put_file(const draft *w, const file_view *f) {
  const ict_dictionary *d = f->dictionary;
  ict_out_printf(w->out, "  %s:\n    path: ", f->id);
  put_text(w->out, f->path);
  ict_out_text(w->out, "\n");
  if (strcmp(d->format, "csv") == 0) {
    if (d->delimiter == '\t')
      ict_out_text(w->out, "    delimiter: \"\\t\"\n");
    else
      ict_out_printf(w->out, "    delimiter: \"%c\"\n", d->delimiter);
    put_decimal(w, f);
    if (f->options->encoding) ict_out_printf(w->out, "    encoding: %s\n", f->options->encoding);
  }
  put_key(w, f);
}

/* ---- the way ----------------------------------------------------------------------------------
 */

/* A file of a unit that has its file already. */
static void put_second(const draft *w, const file_view *f, const file_view *first,
                       const char *unit) {
  const char *id = f->id, *to = first->id;
  if (f->key->parent >= 0 && &f->all[f->key->parent] == first)
    ict_out_printf(
        w->out,
        "\n  # %s belongs to %s: if the questions are in %s, write `file: %s` above, and "
        "`from: %s.NAME`\n  # for the variables of %s\n",
        id, to, id, id, to, to);
  else
    ict_out_printf(
        w->out,
        "\n  # %s has rows of '%s' too, and they are not those of %s: it needs a mapping "
        "of its own, with its\n  # own weight, or a unit of another name\n",
        id, unit, to);
}

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
  const file_view *taken[2] = {NULL, NULL}; /* by households, by individuals */
  for (size_t i = 0; i < n; i++) {
    bool person = files[i].key->variable[ICT_PART_PERSON] >= 0 ||
                  ict_guess_person(w->hints, files[i].dictionary);
    const char *unit = person ? "individual" : "household";
    if (taken[person])
      put_second(w, &files[i], taken[person], unit);
    else
      put_unit(w, taken[person] = &files[i], unit);
  }
}

ict_status ict_draft_mapping(const ict_catalog *catalog, const ict_source_options *files, size_t n,
                             const char *folder, ict_out *out, ict_err *err) {
  draft w = {catalog, NULL, out};
  ict_hints *hints = NULL;
  ict_source **sources = ict_alloc(n, sizeof *sources);
  ict_profile **profiles = ict_alloc(n, sizeof *profiles);
  file_view *views = ict_alloc(n, sizeof *views);
  ict_draft_key *keys = ict_alloc(n, sizeof *keys);
  ict_status st = sources && profiles && views && keys ? ict_hints_load(NULL, &hints, err)
                                                       : ict_err_memory(err);
  w.hints = hints;
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    st = ict_source_open(&files[i], &sources[i], err);
    if (st == ICT_OK) st = ict_profile_make(sources[i], NULL, 0, true, 0, NULL, &profiles[i], err);
    if (st != ICT_OK) break;
    views[i] = (file_view){.options = &files[i],
                           .dictionary = ict_source_dictionary(sources[i]),
                           .profile = profiles[i],
                           .key = &keys[i],
                           .all = views};
    keys[i].source = sources[i];
    for (size_t p = 0; p < ICT_N_PARTS; p++)
      keys[i].variable[p] = ict_guess_role(hints, ICT_PART_ROLES[p], views[i].dictionary);
    snprintf(views[i].id, sizeof views[i].id, "file%zu", i + 1);
    st = name_file(&views[i], folder, err);
  }
  if (st == ICT_OK) st = ict_draft_keys_find(keys, n, err);
  if (st == ICT_OK) put_mapping(&w, views, n);
  for (size_t i = 0; i < n; i++) {
    if (profiles) ict_profile_free(profiles[i]);
    if (sources) ict_source_close(sources[i]);
    if (views) ict_free(views[i].path);
  }
  ict_free(sources);
  ict_free(profiles);
  ict_free(views);
  ict_free(keys);
  ict_hints_free(hints);
  return st;
}
