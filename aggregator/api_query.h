/* The address of a question: path segments and parameters, decoded and checked. */
#ifndef SPORLOS_AGGREGATOR_API_QUERY_H
#define SPORLOS_AGGREGATOR_API_QUERY_H

#include "api_problem.h"
#include "statistics.h"

/* Undo percent-encoding into out, terminated. False when it is broken, too long or holds a control byte. */
bool percent_decode(struct span text, char *out, size_t size);

/*
 * from, to and by of a query string into query. All three must be there, once, and nothing else. On failure *problem
 * says which is at fault.
 */
bool api_query_parse(struct span text, struct statistic_query *query, struct problem *problem);

/* The site that a path segment names: its name in Unicode or its A-label, percent-encoded or not; NULL: none. */
const struct site_config *api_site(const struct config *config, struct span segment);

/* day, week, month, range, hour */
const char *statistic_by_name(enum statistic_by by);

#endif
