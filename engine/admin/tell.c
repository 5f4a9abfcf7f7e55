/* tell.c - what was wrong and what became of the rows, in words.
 *
 * In: tallies. Out: findings, report lines. */
#include "admin/work.h"

void ict_bads_init(ict_bads *bad, ict_arena *arena) {
  *bad = (ict_bads){0};
  ict_names_init(&bad->texts, arena);
}

void ict_bads_done(ict_bads *bad) {
  ict_names_done(&bad->texts);
  ict_free(bad->of);
}

bool ict_bads_add(ict_bads *bad, const char *text, uint64_t line) {
  size_t before = bad->texts.n;
  long at = ict_names_add(&bad->texts, text, NULL);
  if (at < 0) return false;
  if ((size_t)at == before) {
    if (ict_grow(&bad->of, before, &bad->capacity, sizeof *bad->of) != 0) return false;
    bad->of[at] = (struct ict_bad_place){line, 0};
  }
  bad->of[at].rows++;
  bad->rows++;
  return true;
}

void ict_admin_say(ict_admin_work *work, ict_severity severity, const char *file, uint64_t line,
                   uint64_t column, const char *expected, const char *fix, const char *fmt, ...) {
  ict_err record;
  va_list args;
  va_start(args, fmt);
  ict_err_finding(&record, file ? file : work->map->file, line, column, expected, fix, fmt, args);
  va_end(args);
  ict_findings_add(work->findings, severity, &record);
  if (severity != ICT_ERROR || work->failed) return;
  work->failed = true;
  work->status = record.status;
  if (work->err) *work->err = record;
}

void ict_admin_say_bad(ict_admin_work *work, const ict_bads *bad, const char *file,
                       const char *what, const char *expected, const char *fix) {
  ict_str s;
  if (bad->texts.n == 0) return;
  ict_str_init(&s);
  for (size_t i = 0; i < bad->texts.n && i < ICT_ADMIN_SHOWN; i++) {
    const char *text = bad->texts.items[i].text;
    ict_str_addf(&s, "%s%s%s%s", i ? ", " : "", text[0] ? "'" : "", text[0] ? text : "(blank)",
                 text[0] ? "'" : "");
    if (bad->of[i].rows > 1)
      ict_str_addf(&s, " (%llu rows, from line %llu)", (unsigned long long)bad->of[i].rows,
                   (unsigned long long)bad->of[i].line);
    else
      ict_str_addf(&s, " (line %llu)", (unsigned long long)bad->of[i].line);
  }
  if (bad->texts.n > ICT_ADMIN_SHOWN)
    ict_str_addf(&s, " and %zu more", bad->texts.n - ICT_ADMIN_SHOWN);
  ict_admin_say(work, ICT_ERROR, file, bad->of[0].line, 0, expected, fix, "%s: %s", what,
                s.failed ? "" : s.text);
  ict_str_done(&s);
}

const char *ict_admin_place(const ict_admin_work *work, const char *area, const char *period,
                            const char *const *axes) {
  ict_str s;
  ict_str_init(&s);
  ict_str_addf(&s, "%s %s", area, period);
  for (size_t i = 0; i < work->map->n_axes; i++)
    if (!ict_is_total(axes[i])) ict_str_addf(&s, ", %s %s", work->map->axes[i], axes[i]);
  const char *text = s.failed ? NULL : ict_arena_strdup(work->arena, s.text);
  ict_str_done(&s);
  return text;
}
