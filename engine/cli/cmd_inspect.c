/* cmd_inspect.c - `ictstat inspect`: a file's variables, never its records. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/cli.h"
#include "source/profile.h"

const char MANUAL_INSPECT[] =
    "  ictstat inspect survey.sav                        all variables\n"
    "  ictstat inspect survey.csv --delimiter ';' --decimal ,\n"
    "  ictstat inspect survey.dta --var sex,q31 --values  also ranges, codes and their counts\n\n"
    "  Without --values no cell data is shown: only names, labels, types and counts.\n";

enum { LABELS_SHOWN = 12 };

static void print_padded(const char *text, size_t width) {
  size_t used = ict_utf8_width(text);
  print_text(text);
  printf("%*s", used < width ? (int)(width - used) : 0, "");
}

static void print_number(double value) {
  char text[ICT_NUMBER_TEXT];
  ict_number_text(value, text);
  fputs(text, stdout);
}

static void print_codes(const ict_source_variable *v, const ict_profile_variable *p) {
  for (size_t i = 0; p->codes && i < p->n_distinct && p->n_distinct <= ICT_CODES_MOST; i++) {
    const ict_seen *c = &p->codes[i];
    printf("      %10" PRIu64 "  ", c->n);
    if (c->text.text)
      print_slice(c->text.text, c->text.len);
    else if (c->tag)
      printf(".%c", c->tag);
    else
      print_number(c->number);
    const char *label = ict_profile_label(v, c);
    if (label) fputs("  ", stdout);
    print_text(label ? label : "");
    putchar('\n');
  }
}

static void print_labels(const ict_source_variable *v) {
  for (size_t i = 0; i < v->n_labels && i < LABELS_SHOWN; i++) {
    const ict_value_label *l = &v->labels[i];
    fputs("      ", stdout);
    if (l->is_text)
      print_text(l->text);
    else if (l->tag)
      printf(".%c", l->tag);
    else
      print_number(l->number);
    fputs("  ", stdout);
    print_text(l->label);
    putchar('\n');
  }
  if (v->n_labels > LABELS_SHOWN) printf("      ... %zu labels in all\n", v->n_labels);
}

static void print_missing(const ict_source_variable *v) {
  if (v->n_missing == 0) return;
  fputs("      user-missing:", stdout);
  for (size_t i = 0; i < v->n_missing; i++) {
    const ict_missing_range *m = &v->missing[i];
    putchar(' ');
    if (m->text)
      print_text(m->text);
    else
      print_number(m->lo);
    if (!m->text && m->hi != m->lo) {
      fputs("..", stdout);
      print_number(m->hi);
    }
  }
  putchar('\n');
}

/* The least and the most are values of somebody: like codes, only where asked for. */
static void print_range(const ict_profile_variable *p) {
  char lo[ICT_NUMBER_TEXT] = "", hi[ICT_NUMBER_TEXT] = "";
  if (isfinite(p->min)) {
    ict_number_text(p->min, lo);
    ict_number_text(p->max, hi);
  }
  printf(" %12.12s %12.12s", lo, hi);
}

static void print_variable(const args *a, const ict_source_variable *v,
                           const ict_profile_variable *p) {
  fputs("  ", stdout);
  print_padded(v->name, 22);
  printf(" %-8s ", ict_profile_kind_name(p->kind));
  if (p->n_distinct > ICT_CODES_MOST)
    printf("%8s", ">256");
  else
    printf("%8zu", p->n_distinct);
  printf(" %9" PRIu64 " ", p->n_blank + p->n_missing);
  if (has(a, OPT_VALUES)) print_range(p);
  if (v->label[0]) fputs("  ", stdout);
  print_text(v->label);
  putchar('\n');
  print_missing(v);
  if (has(a, OPT_VALUES))
    print_codes(v, p);
  else
    print_labels(v);
}

static void no_variable(ict_source *source, const char *name) {
  const ict_dictionary *d = ict_source_dictionary(source);
  const char **names = calloc(d->n_vars + 1, sizeof *names);
  for (size_t i = 0; names && i < d->n_vars; i++) names[i] = d->vars[i].name;
  const char *nearest = names ? ict_text_nearest(name, names, d->n_vars) : NULL;
  ict_err err;
  ict_err_set(&err, ICT_USAGE, "no variable '%s' in the file", name);
  if (nearest)
    ict_err_fix(&err, "write '%s'", nearest);
  else
    ict_err_fix(&err, "`ictstat inspect` without --var shows all variables");
  report(&err);
  free(names);
}

/* The variables named by --var; all where there are none. */
static bool choose(const args *a, ict_source *source, size_t **vars, size_t *n) {
  size_t n_names;
  char **names;
  bool ok = list_of(a, OPT_VARIABLE, &names, &n_names);
  const ict_dictionary *d = ict_source_dictionary(source);
  *n = n_names ? n_names : d->n_vars;
  *vars = calloc(*n + 1, sizeof **vars);
  ok = ok && *vars;
  for (size_t i = 0; ok && i < *n; i++) {
    long found = n_names ? ict_source_find(source, names[i]) : (long)i;
    if (found < 0) {
      ok = false;
      no_variable(source, names[i]);
    } else {
      (*vars)[i] = (size_t)found;
    }
  }
  free_list(names, n_names);
  return ok;
}

static int inspect(const args *a, const ict_source_options *options, int threads) {
  ict_err err = {0};
  ict_source *source = NULL;
  ict_profile *profile = NULL;
  size_t *vars = NULL, n = 0;
  int code = ICT_OK;
  if (ict_source_open(options, &source, &err) != ICT_OK) return report(&err);
  const ict_dictionary *d = ict_source_dictionary(source);
  if (!choose(a, source, &vars, &n))
    code = ICT_USAGE;
  else if (ict_profile_make(source, vars, n, has(a, OPT_VALUES), threads, progress_bar(a), &profile,
                            &err) != ICT_OK)
    code = report(&err);
  if (code == ICT_OK) {
    progress_end();
    printf("%s: %s%s%s\n", options->path, d->format_about, d->encoding[0] ? ", " : "", d->encoding);
    if (d->title[0]) {
      print_text(d->title);
      putchar('\n');
    }
    printf("%" PRIu64 " row%s, %zu variable%s\n\n", profile->n_rows,
           profile->n_rows == 1 ? "" : "s", d->n_vars, d->n_vars == 1 ? "" : "s");
    printf("  %-22s %-8s %8s %9s ", "variable", "kind", "distinct", "missing");
    if (has(a, OPT_VALUES)) printf(" %12s %12s", "least", "most");
    puts("  label");
    for (size_t i = 0; i < n; i++) print_variable(a, &d->vars[vars[i]], &profile->vars[i]);
  }
  free(vars);
  ict_profile_free(profile);
  ict_source_close(source);
  return code;
}

int run_INSPECT(const args *a) {
  int threads = 0;
  ict_source_options options = {.encoding = text_of(a, OPT_ENCODING)};
  if (!threads_of(a, &threads) || !one_char(a, OPT_DELIMITER, &options.delimiter) ||
      !one_char(a, OPT_DECIMAL, &options.decimal))
    return ICT_USAGE;
  for (size_t i = 0; i < a->n_words; i++) {
    options.path = a->words[i];
    if (i) putchar('\n');
    int code = inspect(a, &options, threads);
    if (code != ICT_OK) return code;
  }
  return ICT_OK;
}
