/* findings.c - a list of error records with a severity each.
 *
 * In: records. Out: the same, in the order of discovery. Owns: its copies. */
#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

typedef struct finding {
  ict_severity severity;
  ict_err *err;
} finding;

struct ict_findings {
  finding *items;
  size_t n, capacity;
  size_t n_of[ICT_ERROR + 1];
  bool incomplete; /* memory ran short: `last` stands for all that was lost */
  ict_err last;
};

ict_findings *ict_findings_new(void) { return ict_alloc(1, sizeof(ict_findings)); }

void ict_findings_free(ict_findings *list) {
  if (!list) return;
  for (size_t i = 0; i < list->n; i++) ict_free(list->items[i].err);
  ict_free(list->items);
  ict_free(list);
}

void ict_findings_add(ict_findings *list, ict_severity severity, const ict_err *err) {
  if (!list || list->incomplete) return;
  ict_err *copy = ict_alloc(1, sizeof *copy);
  if (!copy || ict_grow(&list->items, list->n, &list->capacity, sizeof *list->items) != 0) {
    ict_free(copy);
    list->incomplete = true;
    list->n_of[ICT_ERROR]++;
    ict_err_set(&list->last, ICT_FAIL, "out of memory: further findings are not listed");
    return;
  }
  *copy = *err;
  list->items[list->n++] = (finding){severity, copy};
  list->n_of[severity]++;
}

size_t ict_findings_count(const ict_findings *list) {
  return list ? list->n + (list->incomplete ? 1 : 0) : 0;
}

size_t ict_findings_count_of(const ict_findings *list, ict_severity severity) {
  return list ? list->n_of[severity] : 0;
}

const ict_err *ict_findings_at(const ict_findings *list, size_t i, ict_severity *severity) {
  if (i >= ict_findings_count(list)) return NULL;
  if (severity) *severity = i < list->n ? list->items[i].severity : ICT_ERROR;
  return i < list->n ? list->items[i].err : &list->last;
}

const ict_err *ict_findings_first_error(const ict_findings *list) {
  for (size_t i = 0; i < ict_findings_count(list); i++) {
    ict_severity severity;
    const ict_err *err = ict_findings_at(list, i, &severity);
    if (severity == ICT_ERROR) return err;
  }
  return NULL;
}

size_t ict_findings_text(const ict_findings *list, size_t i, char *buf, size_t size) {
  static const char *const words[] = {"note", "warning", "error"};
  ict_severity severity = ICT_ERROR;
  const ict_err *err = ict_findings_at(list, i, &severity);
  if (!err) {
    if (size > 0) buf[0] = '\0';
    return 0;
  }
  return ict_err_text_as(err, words[severity], buf, size);
}
