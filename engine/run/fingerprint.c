/* fingerprint.c - what a computation is of.
 *
 * In: an open store, plans. Out: texts. Owns: nothing. */
#include "run/fingerprint.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"

/* What the plan says, and what it only names: replicates, the borders and codes of classes. */
static char *all_of(const ict_plan *plan) {
  ict_str s;
  char *text = ict_plan_text(plan);
  if (!text) return NULL;
  ict_str_init(&s);
  ict_str_add(&s, text);
  ict_free(text);
  if (plan->replicates) ict_str_addf(&s, "%s\n", ict_replicates_text(plan->replicates));
  for (size_t a = 0; a < plan->n_axes; a++) {
    const ict_classification *of = plan->axes[a].classification;
    for (size_t i = 0; of && i < of->n; i++) {
      const ict_class *class = &of->classes[i];
      ict_str_addf(&s, "%s %" PRId64 " %" PRId64, class->id, class->from, class->to);
      for (size_t c = 0; c < class->n_codes; c++) ict_str_addf(&s, " %s", class->codes[c]);
      ict_str_addf(&s, "\n");
    }
  }
  return ict_str_take(&s);
}

static ict_status hash_plans(const ict_plans *plans, char hex[65], ict_err *err) {
  ict_sha256 *hash = ict_sha256_new();
  if (!hash) return ict_err_memory(err);
  ict_status st = ICT_OK;
  for (size_t i = 0; i < plans->n && st == ICT_OK; i++) {
    char *text = all_of(plans->plans[i]);
    if (text) {
      ict_sha256_add(hash, text, strlen(text));
    } else {
      st = ict_err_memory(err);
    }
    ict_free(text);
  }
  ict_sha256_done(hash, hex);
  return st;
}

ict_status ict_fingerprint_make(const ict_store *store, const ict_plans *plans,
                                ict_fingerprint *out, ict_err *err) {
  static const char program[] = "ictstat " ICTSTAT_VERSION;
  _Static_assert(sizeof program <= sizeof out->program, "the version fits");
  *out = (ict_fingerprint){0};
  memcpy(out->program, program, sizeof program);
  const char *content = ict_store_content_sha256(store);
  if (strlen(content) >= sizeof out->store)
    return ict_err_set(err, ICT_REFUSED, "the store's content_sha256 is no SHA-256");
  memcpy(out->store, content, strlen(content) + 1);
  return hash_plans(plans, out->plans, err);
}

ict_fingerprint_part ict_fingerprint_difference(const ict_fingerprint *a,
                                                const ict_fingerprint *b) {
  return strcmp(a->program, b->program) != 0 ? ICT_FINGERPRINT_PROGRAM
         : strcmp(a->store, b->store) != 0   ? ICT_FINGERPRINT_STORE
         : strcmp(a->plans, b->plans) != 0   ? ICT_FINGERPRINT_PLANS
                                             : ICT_FINGERPRINT_SAME;
}
