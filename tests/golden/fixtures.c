/* fixtures.c - writes the binary files of the golden cases into the working folder:
 * persons.sav, persons.dta (the cases keep it gzipped) and foreign.h5.
 *
 *   gcc fixtures.c $(pkg-config --cflags --libs hdf5) -lreadstat && ./a.out
 *
 * In: nothing. Out: the same bytes every time. Not part of the build. */
#include <hdf5.h>
#include <readstat.h>
#include <stdio.h>

enum { N_ROWS = 8, N_VARS = 10 };

static const double ROWS[N_ROWS][N_VARS] = {
    {1, 1, 1, 1, 120.5, 1, 1, 34, 1, 1}, {1, 2, 1, 1, 98.25, 1, 2, 31, 1, 1},
    {2, 1, 1, 2, 110, 1, 1, 62, 2, 1},   {2, 2, 1, 2, 105, 1, 2, 8, 1, 2},
    {3, 1, 2, 1, 240, 2, 2, 45, 2, 2},   {3, 2, 2, 1, 236.5, 2, 1, 17, 1, 1},
    {4, 1, 2, 2, 251, 2, 1, 70, 8, 2},   {4, 2, 2, 2, 247.75, 2, 2, 66, 9, 1}};

typedef struct labels {
  const char *name;
  struct {
    double value;
    const char *label;
  } values[5]; /* up to the one without a label */
} labels;

static const labels YES_NO = {"yesno", {{1, "Yes"}, {2, "No"}, {8, "Don't know"}, {9, "Refused"}}};
static const labels SEX = {"sex", {{1, "Male"}, {2, "Female"}}};
static const labels AREA = {"area", {{1, "Urban"}, {2, "Rural"}}};

static const struct {
  const char *name, *label;
  const labels *labels;
} VARS[N_VARS] = {{"HHID", "Household number", NULL},
                  {"LINE", "Line number of the person", NULL},
                  {"STRATUM", "Stratum", NULL},
                  {"PSU", "Primary sampling unit", NULL},
                  {"WEIGHT", "Person weight", NULL},
                  {"AREA", "Area of residence", &AREA},
                  {"SEX", "Sex", &SEX},
                  {"AGE", "Age in completed years", NULL},
                  {"Q12", "Used the Internet in the last 3 months", &YES_NO},
                  {"Q15", "Owns a mobile phone", &YES_NO}};

static ssize_t put(const void *bytes, size_t n, void *file) {
  return (ssize_t)fwrite(bytes, 1, n, file);
}

static readstat_label_set_t *add_labels(readstat_writer_t *w, const labels *l) {
  readstat_label_set_t *set = readstat_add_label_set(w, READSTAT_TYPE_DOUBLE, l->name);
  for (int i = 0; l->values[i].label; i++)
    readstat_label_double_value(set, l->values[i].value, l->values[i].label);
  return set;
}

static void add_variables(readstat_writer_t *w, int sav, readstat_variable_t **vars) {
  readstat_label_set_t *yes_no = add_labels(w, &YES_NO);
  readstat_label_set_t *sex = add_labels(w, &SEX), *area = add_labels(w, &AREA);
  for (int i = 0; i < N_VARS; i++) {
    const labels *l = VARS[i].labels;
    vars[i] = readstat_add_variable(w, VARS[i].name, READSTAT_TYPE_DOUBLE, 0);
    readstat_variable_set_label(vars[i], VARS[i].label);
    readstat_variable_set_format(vars[i], sav ? (i == 4 ? "F8.2" : "F8.0") : "%9.0g");
    if (l) readstat_variable_set_label_set(vars[i], l == &SEX ? sex : l == &AREA ? area : yes_no);
    if (sav && l == &YES_NO) readstat_variable_add_missing_double_value(vars[i], 9);
  }
}

static void write_persons(const char *path, int sav) {
  FILE *file = fopen(path, "wb");
  readstat_writer_t *w = readstat_writer_init();
  readstat_variable_t *vars[N_VARS];
  readstat_set_data_writer(w, put);
  readstat_writer_set_file_label(w, "Tiny survey of persons");
  readstat_writer_set_file_timestamp(w, 1700000000);
  add_variables(w, sav, vars);
  if (sav)
    readstat_begin_writing_sav(w, file, N_ROWS);
  else
    readstat_begin_writing_dta(w, file, N_ROWS);
  for (int r = 0; r < N_ROWS; r++) {
    readstat_begin_row(w);
    for (int i = 0; i < N_VARS; i++) readstat_insert_double_value(w, vars[i], ROWS[r][i]);
    readstat_end_row(w);
  }
  readstat_end_writing(w);
  readstat_writer_free(w);
  fclose(file);
}

/* HDF5, but nothing that ictstat wrote. */
static void write_foreign(const char *path) {
  const double values[] = {1, 2, 3};
  hsize_t n = 3;
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  hid_t space = H5Screate_simple(1, &n, NULL);
  hid_t how = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_obj_track_times(how, 0); /* the same bytes every time */
  hid_t data =
      H5Dcreate2(file, "temperature", H5T_IEEE_F64LE, space, H5P_DEFAULT, how, H5P_DEFAULT);
  H5Dwrite(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  H5Dclose(data);
  H5Pclose(how);
  H5Sclose(space);
  H5Fclose(file);
}

int main(void) {
  write_persons("persons.sav", 1);
  write_persons("persons.dta", 0);
  write_foreign("foreign.h5");
  return 0;
}
