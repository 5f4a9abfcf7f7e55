/* weights.h - people (or other units) by country, year and class: what group means are weighted
 * with. Filled by run/population.c from a file. */
#ifndef ICT_GROUP_WEIGHTS_H
#define ICT_GROUP_WEIGHTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The breakdowns a population table may have; each is an axis of the result table as well. */
enum { ICT_WEIGHT_SEX, ICT_WEIGHT_AGE, ICT_WEIGHT_URBANISATION, ICT_WEIGHT_AXES };
extern const char *const ict_weight_axes[ICT_WEIGHT_AXES];

typedef struct ict_weights ict_weights;

ict_weights *ict_weights_new(void);          /* NULL where memory is short */
void ict_weights_free(ict_weights *weights); /* NULL is fine */

/* Declares that the table tells this axis apart; before the first row. */
void ict_weights_has(ict_weights *weights, size_t axis);
bool ict_weights_tells(const ict_weights *weights, size_t axis);

/* codes: ICT_WEIGHT_AXES of them, "_T" on axes it does not tell apart. *twice: there is a value for
 * this key already; the new one is not taken. */
ict_status ict_weights_add(ict_weights *weights, const char *iso3, int year,
                           const char *const *codes, double value, bool *twice, ict_err *err);

/* NaN where there is none. Axes that are not told apart are looked up as totals. */
double ict_weights_find(const ict_weights *weights, const char *iso3, int year,
                        const char *const *codes);
/* Whether any year has the area. */
bool ict_weights_knows(const ict_weights *weights, const char *iso3);

#endif
