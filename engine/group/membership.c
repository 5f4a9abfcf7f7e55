/* membership.c - dated memberships out of datasets/groups/.
 *
 * In: sets.csv, groups.csv and one file a set. Out: groups with their members.
 * Owns: all texts, in an arena. */
#include "group/membership.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "data/reference.h"

#define SETS_FILE   "groups/sets.csv"
#define GROUPS_FILE "groups/groups.csv"
#define FIRST_JULY  701

typedef struct set {
  const char *name, *title;
  int known_from, known_until; /* years; 0: open */
} set;

struct ict_groups {
  ict_arena *arena;
  set *sets;
  size_t n_sets;
  ict_group *groups;
  size_t n, capacity;
};

/* ---- reading -----------------------------------------------------------------------------------
 */

static ict_status refuse_cell(const char *file, size_t row, const char *cell, const char *expected,
                              ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "'%s' in datasets/%s", cell, file);
  ict_err_at(err, file, row + 2, 0);
  ict_err_expected(err, "%s", expected);
  ict_err_fix(err, "restore the file from the distribution, or mend the row");
  return ICT_REFUSED;
}

/* "2023-12-13" as 20231213; "" as 0. */
static bool read_date(const char *text, int *out) {
  int64_t year, month, day;
  *out = 0;
  if (!text[0]) return true;
  if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') return false;
  if (!ict_integer_parse((ict_slice){text, 4}, &year) ||
      !ict_integer_parse((ict_slice){text + 5, 2}, &month) ||
      !ict_integer_parse((ict_slice){text + 8, 2}, &day) || month < 1 || month > 12 || day < 1 ||
      day > 31) {
    return false;
  }
  *out = (int)(year * 10000 + month * 100 + day);
  return true;
}

static bool read_year(const char *text, int *out) {
  int64_t year = 0;
  if (text[0] && (!ict_integer_parse(ict_slice_of(text), &year) || year < 1000 || year > 9999))
    return false;
  *out = (int)year;
  return true;
}

static ict_status no_such_set(const ict_reference *ref, size_t column, const char *name,
                              ict_err *err) {
  size_t n = ict_reference_rows(ref);
  const char **names = ict_alloc(n, sizeof *names);
  ict_str all;
  ict_str_init(&all);
  for (size_t i = 0; names && i < n; i++) {
    names[i] = ict_reference_text(ref, i, column);
    ict_str_addf(&all, "%s%s", i > 0 ? ", " : "", names[i]);
  }
  const char *near = names ? ict_text_nearest(name, names, n) : NULL;
  ict_err_set(err, ICT_USAGE, "no set of groups '%s'", name);
  ict_err_expected(err, "one of %s", all.text);
  if (near) ict_err_fix(err, "write '%s'", near);
  ict_free(names);
  ict_str_done(&all);
  return ICT_USAGE;
}

static ict_status take_set(ict_groups *groups, const ict_reference *ref, const char *name,
                           ict_err *err) {
  static const char *const HEADINGS[] = {"set", "title", "known_from", "known_until"};
  size_t c[4], row = 0, n = ict_reference_rows(ref);
  ict_status st = ict_reference_columns(ref, HEADINGS, 4, c, err);
  if (st != ICT_OK) return st;
  while (row < n && strcmp(ict_reference_text(ref, row, c[0]), name) != 0) row++;
  if (row == n) return no_such_set(ref, c[0], name, err);
  for (size_t i = 0; i < groups->n_sets; i++)
    if (strcmp(groups->sets[i].name, name) == 0) return ICT_OK;
  set *s = &groups->sets[groups->n_sets];
  s->name = ict_arena_strdup(groups->arena, name);
  s->title = ict_arena_strdup(groups->arena, ict_reference_text(ref, row, c[1]));
  if (!s->name || !s->title) return ict_err_memory(err);
  if (!read_year(ict_reference_text(ref, row, c[2]), &s->known_from))
    return refuse_cell(SETS_FILE, row, ict_reference_text(ref, row, c[2]), "a year, or nothing",
                       err);
  if (!read_year(ict_reference_text(ref, row, c[3]), &s->known_until))
    return refuse_cell(SETS_FILE, row, ict_reference_text(ref, row, c[3]), "a year, or nothing",
                       err);
  groups->n_sets++;
  return ICT_OK;
}

/* The rows of a set's file that are of the group. */
static ict_status take_members(ict_groups *groups, const ict_reference *ref, const char *file,
                               const size_t *c, ict_group *group, ict_err *err) {
  size_t rows = ict_reference_rows(ref);
  ict_member *members = ict_arena_alloc(groups->arena, rows, sizeof *members);
  if (!members) return ict_err_memory(err);
  for (size_t i = 0; i < rows; i++) {
    if (strcmp(ict_reference_text(ref, i, c[0]), group->code) != 0) continue;
    ict_member *m = &members[group->n];
    const char *from = ict_reference_text(ref, i, c[2]), *until = ict_reference_text(ref, i, c[3]);
    if (!read_date(from, &m->from))
      return refuse_cell(file, i, from, "a date, 2023-12-13, or nothing", err);
    if (!read_date(until, &m->until))
      return refuse_cell(file, i, until, "a date, 2023-12-13, or nothing", err);
    m->iso3 = ict_arena_strdup(groups->arena, ict_reference_text(ref, i, c[1]));
    if (!m->iso3) return ict_err_memory(err);
    group->n++;
  }
  group->members = members;
  return ICT_OK;
}

static ict_status take_groups(ict_groups *groups, const ict_reference *list, const set *s,
                              ict_err *err) {
  static const char *const GROUP[] = {"set", "group", "title"};
  static const char *const MEMBER[] = {"group", "iso3", "from", "until"};
  size_t g[3], m[4];
  ict_reference *ref = NULL;
  ict_status st = ICT_OK;
  const char *file = ict_arena_printf(groups->arena, "groups/%s.csv", s->name);
  if (!file) return ict_err_memory(err);
  ICT_TRY(done, st, ict_reference_load(file, &ref, err));
  ICT_TRY(done, st, ict_reference_columns(list, GROUP, 3, g, err));
  ICT_TRY(done, st, ict_reference_columns(ref, MEMBER, 4, m, err));
  for (size_t i = 0; i < ict_reference_rows(list); i++) {
    if (strcmp(ict_reference_text(list, i, g[0]), s->name) != 0) continue;
    ict_group group = {.set = s->name};
    group.code = ict_arena_strdup(groups->arena, ict_reference_text(list, i, g[1]));
    group.title = ict_arena_strdup(groups->arena, ict_reference_text(list, i, g[2]));
    if (!group.code || !group.title ||
        ict_grow(&groups->groups, groups->n, &groups->capacity, sizeof *groups->groups) != 0) {
      st = ict_err_memory(err);
      goto done;
    }
    ICT_TRY(done, st, take_members(groups, ref, file, m, &group, err));
    groups->groups[groups->n++] = group;
  }
done:
  ict_reference_free(ref);
  return st;
}

ict_status ict_groups_load(const char *const *sets, size_t n, ict_groups **out, ict_err *err) {
  ict_status st = ICT_OK;
  ict_reference *known = NULL, *list = NULL;
  *out = NULL;
  ict_groups *groups = ict_alloc(1, sizeof *groups);
  if (!groups) return ict_err_memory(err);
  groups->arena = ict_arena_new();
  if (groups->arena) groups->sets = ict_arena_alloc(groups->arena, n, sizeof *groups->sets);
  if (!groups->sets) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_reference_load(SETS_FILE, &known, err));
  ICT_TRY(done, st, ict_reference_load(GROUPS_FILE, &list, err));
  for (size_t i = 0; i < n; i++) ICT_TRY(done, st, take_set(groups, known, sets[i], err));
  for (size_t i = 0; i < groups->n_sets; i++)
    ICT_TRY(done, st, take_groups(groups, list, &groups->sets[i], err));
  *out = groups;
  groups = NULL;
done:
  ict_reference_free(known);
  ict_reference_free(list);
  ict_groups_free(groups);
  return st;
}

void ict_groups_free(ict_groups *groups) {
  if (!groups) return;
  ict_free(groups->groups);
  ict_arena_free(groups->arena);
  ict_free(groups);
}

/* ---- asking ------------------------------------------------------------------------------------
 */

size_t ict_groups_count(const ict_groups *groups) { return groups->n; }

const ict_group *ict_groups_at(const ict_groups *groups, size_t i) { return &groups->groups[i]; }

ict_status ict_groups_know(const ict_groups *groups, int year, ict_err *err) {
  for (size_t i = 0; i < groups->n_sets; i++) {
    const set *s = &groups->sets[i];
    bool early = s->known_from && year < s->known_from;
    bool late = s->known_until && year > s->known_until;
    if (!early && !late) continue;
    ict_err_set(err, ICT_REFUSED, "the memberships of %s (%s) are not known for %d", s->name,
                s->title, year);
    ict_err_expected(err, "a year from %d to %d", s->known_from, s->known_until);
    ict_err_fix(err,
                "leave the set out, ask for other years, or say whose members they are: "
                "--membership %d",
                early ? s->known_from : s->known_until);
    return ICT_REFUSED;
  }
  return ICT_OK;
}

bool ict_member_in(const ict_member *member, int year) {
  int day = year * 10000 + FIRST_JULY;
  return day >= member->from && (member->until == 0 || day < member->until);
}

const ict_group *ict_groups_of(const ict_groups *groups, const char *name, const char *iso3) {
  for (size_t i = 0; i < groups->n; i++) {
    const ict_group *group = &groups->groups[i];
    if (strcmp(group->set, name) != 0) continue;
    for (size_t m = 0; m < group->n; m++)
      if (strcmp(group->members[m].iso3, iso3) == 0) return group;
  }
  return NULL;
}
