/* files.c - finds the files of a catalogue and makes each a tree.
 *
 * In: folders and files. Out: trees, in the order of the names.
 * Owns: the order, in which problems are told too. Most of a command's start goes into these
 * hundred and fifty small files, none of which knows of another: so they are found first, read by
 * two threads, and taken over one after the other. */
#include "catalog/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/par.h"
#include "base/stream.h"
#include "base/text.h"
#include "catalog/choose.h"

enum { MOST_FOLDERS_DEEP = 8, MOST_THREADS = 2 };

/* A file on the way to its tree, or a folder that could not be read. */
typedef struct found {
  char *path;
  bool choose;               /* its tree may wait until it is known whether it is wanted */
  char id[ICT_SIGHT_ID + 1]; /* not "": it waits */
  ict_yaml *yaml;
  ict_err *problem; /* NULL with neither id nor tree: memory */
} found;

typedef struct search {
  ict_reader *r;
  found *at;
  size_t n, capacity;
} search;

/* ---- finding the files ---- */

static ict_err *kept(const ict_err *problem) {
  ict_err *copy = ict_alloc(1, sizeof *copy);
  if (copy) *copy = *problem;
  return copy;
}

static found *add(search *s, const char *path) {
  char *own = ict_strdup(path);
  if (!own || ict_grow(&s->at, s->n, &s->capacity, sizeof *s->at)) {
    ict_free(own);
    ict_read_no_memory(s->r);
    return NULL;
  }
  s->at[s->n] = (found){.path = own};
  return &s->at[s->n++];
}

static void add_problem(search *s, const char *path, const char *doing) {
  ict_err problem;
  int number = errno;
  ict_err_system(&problem, path, doing);
  if (number == ENOENT) ict_err_fix(&problem, "check the spelling of the name and of its folders");
  problem.status = ICT_REFUSED; /* a finding about what was given, not a broken machine */
  found *one = add(s, path);
  if (one) one->problem = kept(&problem);
}

typedef enum kind { FILE_OR_SO, FOLDER, UNTOLD } kind;

/* What stands in a folder; most disks tell of what kind it is, which saves asking for each. */
typedef struct entry {
  kind kind;
  char name[];
} entry;

static entry *entry_of(const struct dirent *of) {
  size_t len = strlen(of->d_name);
  entry *made = ict_alloc(1, sizeof *made + len + 1);
  if (!made) return NULL;
  memcpy(made->name, of->d_name, len);
  made->kind = of->d_type == DT_DIR ? FOLDER : of->d_type == DT_REG ? FILE_OR_SO : UNTOLD;
  return made;
}

static int by_name(const void *a, const void *b) {
  return strcmp((*(entry *const *)a)->name, (*(entry *const *)b)->name);
}

/* Sorted, so that the catalogue does not depend on the disk. False: the folder cannot be read. */
static bool list_folder(search *s, const char *path, ict_list *entries) {
  DIR *folder = opendir(path);
  if (!folder) return false;
  for (struct dirent *next; !s->r->no_memory && (next = readdir(folder));) {
    if (next->d_name[0] == '.') continue; /* hidden */
    entry *made = entry_of(next);
    if (!made) ict_read_no_memory(s->r);
    if (made && !ict_list_add(s->r, entries, made)) ict_free(made);
  }
  closedir(folder);
  if (entries->n) qsort(entries->at, entries->n, sizeof *entries->at, by_name);
  return true;
}

static bool is_wanted(const char *path) {
  return ict_text_ends(path, ".yaml") || ict_text_ends(path, ".yml");
}

/* named: the user gave this path, so it is read whatever its name. */
static void find(search *s, const char *path, kind of, bool named, bool choose, int depth) {
  ict_list entries = {0};
  struct stat status;
  if (of == UNTOLD) {
    if (stat(path, &status) != 0) {
      add_problem(s, path, "cannot open");
      return;
    }
    of = S_ISDIR(status.st_mode) ? FOLDER : FILE_OR_SO;
  }
  if (of != FOLDER) {
    found *one = named || is_wanted(path) ? add(s, path) : NULL;
    if (one) one->choose = choose;
    return;
  }
  if (depth >= MOST_FOLDERS_DEEP) return; /* a link that leads back */
  if (!list_folder(s, path, &entries)) add_problem(s, path, "cannot open the folder");
  for (size_t i = 0; i < entries.n; i++) {
    entry *one = entries.at[i];
    char *below = s->r->no_memory ? NULL : ict_path_join(path, one->name);
    if (below)
      find(s, below, one->kind, false, choose, depth + 1);
    else
      ict_read_no_memory(s->r);
    ict_free(below);
    ict_free(one);
  }
  ict_list_done(&entries);
}

/* ---- making trees ---- */

static void load(found *one) {
  ict_err problem = {0};
  if (ict_yaml_load(one->path, false, &one->yaml, &problem) == ICT_OK) return;
  /* An unreadable file among many is a finding; only memory ends the loading. */
  if (problem.file[0]) problem.status = ICT_REFUSED;
  one->problem = kept(&problem);
}

static void load_task(void *ctx, size_t i, int thread) {
  found *one = &((search *)ctx)->at[i];
  (void)thread;
  if (one->problem) return;
  if (!one->choose || !ict_id_at_sight(one->path, one->id)) load(one);
}

/* What was found becomes a tree of the catalogue, a finding, or one that waits. */
static void take_over(ict_reader *r, ict_catalog *catalog, found *one, ict_list *waiting) {
  if (r->no_memory) return;
  if (one->id[0]) {
    ict_put_aside(r, one->id, one->path, waiting);
  } else if (one->yaml) {
    if (ict_list_add(r, &catalog->yamls, one->yaml)) one->yaml = NULL;
  } else if (one->problem) {
    ict_read_take_error(r, one->problem);
  } else {
    ict_read_no_memory(r);
  }
}

static void let_go(found *one) {
  ict_yaml_free(one->yaml);
  ict_free(one->problem);
  ict_free(one->path);
}

static void load_chosen(ict_reader *r, ict_catalog *catalog, const char *path) {
  found one = {.path = ict_strdup(path)};
  if (one.path) load(&one);
  take_over(r, catalog, &one, NULL);
  let_go(&one);
}

/* The trees from `from` on come to stand at `to`, before those that are there. */
static void move_up(ict_list *list, size_t from, size_t to) {
  for (; from < list->n; from++, to++) {
    void *tree = list->at[from];
    memmove(list->at + to + 1, list->at + to, (from - to) * sizeof *list->at);
    list->at[to] = tree;
  }
}

void ict_load_files(ict_reader *r, ict_catalog *catalog, const char *dir, const char *const *extra,
                    size_t n_extra, const char *const *ids, size_t n_ids) {
  search s = {.r = r};
  ict_list waiting = {0};
  size_t of_dir = 0;
  find(&s, dir, UNTOLD, true, ids != NULL, 0);
  size_t n_dir = s.n;
  for (size_t i = 0; i < n_extra; i++) find(&s, extra[i], UNTOLD, true, false, 0);
  int threads = ict_par_threads(0);
  if (!r->no_memory)
    ict_par_run(s.n, threads < MOST_THREADS ? threads : MOST_THREADS, load_task, &s);
  for (size_t i = 0; i < s.n; i++) {
    take_over(r, catalog, &s.at[i], &waiting);
    let_go(&s.at[i]);
    if (i + 1 == n_dir) of_dir = catalog->yamls.n;
  }
  ict_free(s.at);
  if (ids && !r->no_memory) {
    /* An id that is taken is the later file's fault: files of `dir` always stand first. */
    size_t n = catalog->yamls.n;
    ict_load_chosen(r, catalog, &waiting, ids, n_ids, load_chosen);
    move_up(&catalog->yamls, n, of_dir);
  }
  ict_list_done(&waiting);
}
