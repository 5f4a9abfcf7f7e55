/* make_survey.c - a synthetic survey of any size, the same bytes everywhere for the same numbers:
 * `make_survey ROWS FOLDER [COUNTRIES]` writes persons.csv, survey.yaml, and a catalogue of what to
 * ask of it: concepts.yaml, q0.yaml to q13.yaml, pair0.yaml to pair13.yaml, mean.yaml, total.yaml,
 * ratio.yaml.
 *
 * 60 countries x 20 strata, PSUs of about 25 households, persons with a lognormal weight, sex, age
 * 0 to 90, area, education (5), wealth (5), and 14 yes/no answers of which 5 % are missing. */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNTRIES = 60, STRATA = 20, ANSWERS = 14, PSU_ROWS = 75 };

/* splitmix64: own state, own bits, no library's idea of random */
static uint64_t state = 20240617;
static uint64_t next(void) {
  uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return z ^ z >> 31;
}
static double uniform(void) { return ((double)(next() >> 11) + 0.5) * 0x1p-53; }
static unsigned below(unsigned n) { return (unsigned)(next() % n); }

static void write_countries(FILE *f) {
  fputs("  country: {title: Country, type: code, codes: {", f);
  for (int c = 0; c < COUNTRIES; c++)
    fprintf(f, "%sX%c%c: X%c%c", c ? ", " : "", 'A' + c / 26, 'A' + c % 26, 'A' + c / 26, 'A' + c % 26);
  fputs("}}\n", f);
}

/* Q0 to Q13: a question each; Q14 to Q27: two of them. */
static void write_indicator(const char *folder, int k) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s%d.yaml", folder, k < ANSWERS ? "q" : "pair", k % ANSWERS);
  FILE *f = fopen(path, "w");
  if (!f) exit(1);
  fprintf(f, "ictstat: indicator/1\nid: \"Q%d\"\ntitle: Question %d\nframework: bench\nunit: individual\n"
             "measure: proportion\nnumerator: q%d = \"Y\"", k, k, k % ANSWERS);
  if (k >= ANSWERS) fprintf(f, " or q%d = \"Y\"", (k + 1) % ANSWERS);
  fprintf(f, "\nsdmx: {unit_measure: PT}\n"
             "source: {document: benchmarks/make_survey.c, version: \"1\", support: verified}\n");
  fclose(f);
}

/* Of the age: its mean, its total, and that of those with a property by how many they are. */
static void write_number(const char *folder, const char *measure, const char *expressions) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.yaml", folder, measure);
  FILE *f = fopen(path, "w");
  if (!f) exit(1);
  fprintf(f, "ictstat: indicator/1\nid: \"N-%s\"\ntitle: Age, %s\nframework: bench\nunit: individual\n"
             "measure: %s\n%s\n"
             "source: {document: benchmarks/make_survey.c, version: \"1\", support: verified}\n",
          measure, measure, measure, expressions);
  fclose(f);
}

static void write_mapping(const char *folder) {
  char path[4096];
  snprintf(path, sizeof path, "%s/survey.yaml", folder);
  FILE *f = fopen(path, "w");
  if (!f) exit(1);
  /* Countries are classes of an axis, so that there are totals over all of them. */
  fprintf(f, "ictstat: mapping/1\nsurvey:\n  id: BENCH\n  title: Synthetic survey\n"
             "  area: XZZ\n  period: 2024\n"
             "files:\n  p: {path: persons.csv, delimiter: \",\"}\n"
             "concepts:\n  wealth: {title: Wealth quintile, type: code, codes: {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}}\n"
             "  education: {title: Education, type: code, codes: {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}}\n");
  write_countries(f);
  for (int k = 0; k < ANSWERS; k++)
    fprintf(f, "  q%d: {title: Question %d, type: code, codes: CL_YES_NO}\n", k, k);
  fprintf(f, "units:\n  individual:\n    file: p\n"
             "    design: {strata: [country, stratum], psu: psu, weight: weight}\n"
             "    variables:\n      country: {from: country}\n      sex: {from: sex, map: {1: M, 2: F}}\n      age: {from: age}\n"
             "      urbanisation: {from: area, map: {1: U, 2: R}}\n      wealth: {from: wealth}\n"
             "      education: {from: education}\n");
  for (int k = 0; k < ANSWERS; k++)
    fprintf(f, "      q%d: {from: q%d, map: {1: Y, 0: N}}\n", k, k);
  fclose(f);
  for (int k = 0; k < 2 * ANSWERS; k++) write_indicator(folder, k);
  write_number(folder, "mean", "numerator: age");
  write_number(folder, "total", "numerator: age");
  write_number(folder, "ratio", "numerator: if q1 = \"Y\" then age else 0\ndenominator: if q1 = \"Y\" then 1 else 0");
  snprintf(path, sizeof path, "%s/concepts.yaml", folder);
  f = fopen(path, "w");
  if (!f) exit(1);
  fprintf(f, "ictstat: concepts/1\nconcepts:\n");
  for (int k = 0; k < ANSWERS; k++)
    fprintf(f, "  q%d: {title: Question %d, type: code, codes: CL_YES_NO}\n", k, k);
  fclose(f);
}

int main(int argc, char **argv) {
  if (argc != 3 && argc != 4)
    return fprintf(stderr, "usage: make_survey ROWS FOLDER [COUNTRIES]\n"), 2;
  unsigned countries = argc == 4 ? (unsigned)strtoul(argv[3], NULL, 10) : COUNTRIES;
  if (countries < 1 || countries > COUNTRIES) return fprintf(stderr, "countries: 1 to 60\n"), 2;
  uint64_t rows = strtoull(argv[1], NULL, 10);
  char path[4096];
  write_mapping(argv[2]);
  snprintf(path, sizeof path, "%s/persons.csv", argv[2]);
  FILE *f = fopen(path, "w");
  if (!f) return perror(path), 1;
  fprintf(f, "country,stratum,psu,weight,sex,age,area,education,wealth");
  for (int k = 0; k < ANSWERS; k++) fprintf(f, ",q%d", k);
  fputc('\n', f);
  uint64_t in_psu = 0, psu = 0;
  unsigned country = 0, stratum = 0, area = 1;
  for (uint64_t i = 0; i < rows; i++) {
    if (in_psu == 0) {
      in_psu = PSU_ROWS / 2 + below(PSU_ROWS);
      country = (unsigned)(psu % countries);
      stratum = (unsigned)(psu / countries % STRATA);
      area = stratum < STRATA / 2 ? 1 : 2;
      psu++;
    }
    in_psu--;
    double normal = sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
    unsigned age = below(91), education = below(5), wealth = 1 + below(5);
    fprintf(f, "X%c%c,%u,%" PRIu64 ",%.4f,%u,%u,%u,%u,%u", 'A' + country / 26, 'A' + country % 26,
            stratum, psu, exp(5 + 0.7 * normal), 1 + below(2), age, area, education, wealth);
    for (int k = 0; k < ANSWERS; k++) {
      double p = 0.1 + 0.05 * k + 0.1 * (area == 1) - 0.002 * age;
      if (uniform() < 0.05) fputs(",", f);
      else fprintf(f, ",%d", uniform() < p);
    }
    fputc('\n', f);
  }
  return fclose(f) == 0 ? 0 : 1;
}
