/* fpc.c - the sampling fraction of a run of rows, and what is said where it cannot be had. The same
 * for strata of PSUs, PSUs with probabilities of their own, and strata of later stages.
 *
 * In: the slot of an fpc. Out: fractions; findings. */
#include "intake/work.h"

void ict_fpc_of_rows(const ict_work *work, const ict_work_unit *unit, const ict_fpc *fpc,
                     size_t from, size_t to, size_t n, const char *label, ict_fpc_faults *faults,
                     double *fraction) {
  ict_missing kind;
  double value = ict_number_at(work, unit->file, fpc->slot, unit->rows[from], &kind);
  bool varies = false, population = fpc->kind == ICT_FPC_POPULATION;
  for (size_t i = from + 1; i < to && kind == ICT_PRESENT; i++) {
    varies |= ict_number_at(work, unit->file, fpc->slot, unit->rows[i], &kind) != value;
  }
  if (kind != ICT_PRESENT) {
    ict_name_add(&faults->missing, label);
  } else if (varies) {
    ict_name_add(&faults->varies, label);
  } else if (population ? value < (double)n
                        : value < 0 || value > 1 || (fpc->of_psu && value == 0)) {
    ict_name_add(&faults->beyond, label);
  } else {
    *fraction = population ? (double)n / value : value;
  }
}

void ict_fpc_faults_init(ict_fpc_faults *faults) {
  *faults = (ict_fpc_faults){0};
  ict_str_init(&faults->missing.text);
  ict_str_init(&faults->varies.text);
  ict_str_init(&faults->beyond.text);
}

void ict_fpc_faults_done(ict_fpc_faults *faults) {
  ict_str_done(&faults->missing.text);
  ict_str_done(&faults->varies.text);
  ict_str_done(&faults->beyond.text);
}

/* What is wrong, what was expected, how to mend it. */
typedef struct words {
  const char *what, *expected, *fix;
} words;

static words varies_words(const ict_fpc *fpc) {
  return fpc->of_psu
             ? (words){"with PSUs of more than one inclusion probability",
                       "one value in all rows of a PSU", "correct the file; is `psu` complete?"}
             : (words){"with more than one value of fpc", "one value in all rows of a stratum",
                       "correct the file; is `strata` complete?"};
}

static words beyond_words(const ict_fpc *fpc) {
  bool later = fpc->of[0] != '\0';
  if (fpc->of_psu)
    return (words){"with an inclusion probability outside 0..1",
                   "a probability above 0, and 1 at most", "correct the file"};
  if (fpc->kind == ICT_FPC_FRACTION)
    return (words){"with a sampling fraction outside 0..1", "a share between 0 and 1",
                   later ? "where the variable counts units, write `fpc: {population: ...}`"
                         : "where the variable counts PSUs, write `fpc: {population: ...}`"};
  return (words){later ? "with a population below the number of units"
                       : "with a population below the number of PSUs",
                 later ? "the number of units in the stratum's population"
                       : "the number of PSUs in the stratum's population",
                 "where the variable is a share, write `fpc: {fraction: ...}`"};
}

ict_status ict_fpc_say(ict_work *work, const ict_work_unit *unit, const ict_fpc *fpc,
                       ict_fpc_faults *faults, ict_err *err) {
  const words says[] = {{"with rows that have no fpc", "a number in every row",
                         "correct the file, or write `fpc: none`"},
                        varies_words(fpc),
                        beyond_words(fpc)};
  ict_name_list *const lists[] = {&faults->missing, &faults->varies, &faults->beyond};
  ict_status st = ICT_OK;
  for (size_t i = 0; i < sizeof says / sizeof *says && st == ICT_OK; i++)
    st = ict_say_strata(work, ICT_ERROR, fpc->slot->at, lists[i], unit, fpc->of, says[i].what,
                        says[i].expected, says[i].fix, err);
  return st;
}
