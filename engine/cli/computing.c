/* computing.c - catalogue, store and request opened, work done, findings and errors told.
 *
 * In: options. Out: an exit code. Owns: what it opens, for the length of the work. */
#include "cli/computing.h"

#include "cli/working.h"

typedef struct computation {
  const char *store;
  ict_request request;
  computing_fn *work;
  void *ctx;
} computation;

static ict_status with_store(void *ctx, const ict_catalog *catalog, ict_findings *findings,
                             ict_err *err) {
  const computation *c = ctx;
  ict_store *store = NULL;
  ict_status st = ict_store_open(c->store, &store, err);
  if (st == ICT_OK) st = c->work(c->ctx, store, catalog, &c->request, findings, err);
  ict_store_close(store);
  return st;
}

int computing(const args *a, const args *asked, const char *store, computing_fn *work, void *ctx) {
  computation c = {.store = store, .work = work, .ctx = ctx};
  if (!request_of(asked, &c.request)) return ICT_USAGE;
  char **indicators;
  bool good = list_of(asked, OPT_INDICATOR, &indicators, &c.request.n_indicators);
  c.request.indicators = (const char *const *)indicators;
  int code =
      good ? working_for(a, asked, c.request.indicators, c.request.n_indicators, with_store, &c)
           : ICT_USAGE;
  free_list(indicators, c.request.n_indicators);
  return code;
}
