/* How a form went, carried by the address of the page that it leads back to: '?done=saved'. */
#ifndef SPORLOS_AGGREGATOR_OUTCOME_H
#define SPORLOS_AGGREGATOR_OUTCOME_H

#include "visit.h"

/* Redirect to path, which says then what came of it. message: one that outcome.c has a word for. */
void outcome_redirect(struct visit *visit, const char *path, enum message message);

/* What the request's address says; MESSAGE_COUNT: nothing. */
enum message outcome_of(const struct visit *visit);

#endif
