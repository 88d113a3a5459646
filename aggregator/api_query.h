/* The address of a question: path segments and parameters, decoded and checked. */
#ifndef SPORLOS_AGGREGATOR_API_QUERY_H
#define SPORLOS_AGGREGATOR_API_QUERY_H

#include "api_parameters.h"
#include "export/export.h"

/* from, to and by into query. On failure *problem says which is at fault. */
bool api_query_take(const struct api_parameters *parameters, struct statistic_query *query, struct problem *problem);

/* format and sep; their defaults when they are not given. */
bool api_format_take(const struct api_parameters *parameters, enum export_format *format, enum csv_separator *separator,
                     struct problem *problem);

/* A day, as in 2026-11-22. */
bool api_parse_day(const char *text, int32_t *day);

/* The site of that name, in Unicode or as A-label; NULL: none. Changes the case of name. */
const struct site_config *api_site(const struct config *config, char *name);

#endif
