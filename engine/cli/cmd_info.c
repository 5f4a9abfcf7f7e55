/* cmd_info.c - `ictstat info`: what a store holds, for people. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"
#include "store/store.h"

const char MANUAL_INFO[] =
    "  ictstat info survey.h5\n\n"
    "  The survey, its tables with rows, design and variables, the inputs with their SHA-256, and\n"
    "  the account of the import. Never cell data.\n";

static const char *or_none(const char *text) { return text && text[0] ? text : "none"; }

static void print_replicates(const ict_replicate_weights *w) {
  say("  replicates  %zu, %s (%s), scale %g%s", w->n, ict_replicate_name(w->type), or_none(w->from),
      w->scale, w->rscale ? " x rscales" : "");
  if (w->mse) fputs(", mse", stdout);
  if (w->df > 0) say(", df %g", w->df);
  putchar('\n');
}

static void print_calibration(const ict_calibration *c) {
  say("  calibration %s", ict_calibration_name(c->method));
  for (size_t i = 0; i < c->n_margins; i++)
    say("%s %s: %zu totals", i ? "," : " to", c->margins[i].name, c->margins[i].n);
  for (size_t i = 0; i < c->n_numbers; i++)
    say("%s sum of %s: %.15g", c->n_margins + i ? "," : " to", c->numbers[i].name,
        c->numbers[i].total);
  putchar('\n');
}

static void print_design(const ict_design *d) {
  if (d->census) {
    puts("  design      census: every unit is there, no sampling variance");
    return;
  }
  say("  design      %zu strata (%s), %zu PSUs (%s)\n", d->n_strata, or_none(d->strata_from),
      d->n_psu, d->has_psu ? or_none(d->psu_from) : "each row");
  say("              weight %s, fpc %s, single-PSU strata: %s\n", or_none(d->weight_from),
      or_none(d->fpc_from), ict_lonely_name(d->lonely));
  if (d->pps != ICT_PPS_NONE)
    say("              PSUs drawn with unequal probabilities, approximation: %s\n",
        ict_pps_name(d->pps));
  for (size_t k = 0; k < d->n_stages; k++) {
    const ict_stage *s = &d->stages[k];
    say("              stage %zu: %zu strata (%s), %zu units (%s), fpc %s\n", k + 2, s->n_strata,
        s->strata_from ? s->strata_from : "units above", s->n_units,
        s->units_from ? s->units_from : "each row", or_none(s->fpc_from));
  }
}

static void print_variable(const ict_variable *v) {
  say("    %-28s %-8s %s", v->name, ict_type_name(v->type), v->title ? v->title : "");
  for (size_t i = 0; i < v->n_conditions; i++)
    say("%s%s = %s", i ? ", " : " [", v->conditions[i].name, v->conditions[i].value);
  if (v->n_conditions) putchar(']');
  if (v->proxy) fputs(" (proxy)", stdout);
  putchar('\n');
  if (v->codes && v->codes->n <= 12) {
    say("    %-28s %-8s ", "", "");
    for (size_t i = 0; i < v->codes->n; i++) say("%s%s", i ? ", " : "", v->codes->codes[i].id);
    putchar('\n');
  } else if (v->codes) {
    say("    %-28s %-8s %zu codes\n", "", "", v->codes->n);
  }
}

static void print_unit(const ict_store *store, size_t i) {
  const ict_frame *frame = ict_store_frame_at(store, i);
  const char *scope = ict_store_scope(store, frame->unit);
  say("\n%s: %zu rows\n", frame->unit, frame->n_rows);
  print_design(&frame->design);
  if (frame->design.calibration) print_calibration(frame->design.calibration);
  if (frame->design.replicates) print_replicates(frame->design.replicates);
  if (scope) say("  scope       %s\n", scope);
  say("  variables   %zu\n", frame->schema->n);
  for (size_t v = 0; v < frame->schema->n; v++) print_variable(&frame->schema->vars[v]);
}

static void print_provenance(const ict_provenance *p) {
  say("\nmade by %s from %s (sha256 %s)\n", p->tool, p->mapping_name, p->mapping_sha256);
  for (size_t i = 0; i < p->n_inputs; i++)
    say("  %-10s %s: %" PRIu64 " bytes, %" PRIu64 " rows, sha256 %s\n", p->inputs[i].id,
        p->inputs[i].name, p->inputs[i].bytes, p->inputs[i].rows, p->inputs[i].sha256);
  if (p->n_report) puts("\naccount of the import");
  for (size_t i = 0; i < p->n_report; i++) say("  %s\n", p->report[i]);
}

int run_INFO(const args *a) {
  ict_err err = {0};
  ict_store *store = NULL;
  if (ict_store_open(a->words[0], &store, &err) != ICT_OK) return report(&err);
  say("%s: %s\n", ict_store_survey(store), ict_store_title(store));
  for (size_t i = 0; i < ict_store_units(store); i++) print_unit(store, i);
  print_provenance(ict_store_provenance(store));
  ict_store_close(store);
  return ICT_OK;
}
