/*
 * THE table of parameters in addresses: reading them, what is said of mistakes, and what the OpenAPI document says
 * about them come from the same rows.
 */
#ifndef SPORLOS_AGGREGATOR_API_PARAMETERS_H
#define SPORLOS_AGGREGATOR_API_PARAMETERS_H

#include "api_problem.h"
#include "sporlos/span.h"

/* id, name, place (PATH, REQUIRED or OPTIONAL in the query), JSON schema, what it is; what is said when it is wrong */
#define API_PARAMETERS(X)                                                                                              \
    X(SITE, "site", PATH, "{\"type\":\"string\"}", "The site's name: in Unicode, percent-encoded, or as A-label.",     \
      "There is no such site.")                                                                                        \
    X(TABLE, "table", PATH, "{\"$ref\":\"#/components/schemas/Table\"}", "What was counted.",                          \
      "There is no such table.")                                                                                       \
    X(FROM, "from", REQUIRED, "{\"type\":\"string\",\"format\":\"date\"}", "The first day, in the site's time zone.",  \
      "'from' must be a day, as in 2026-11-22.")                                                                       \
    X(TO, "to", REQUIRED, "{\"type\":\"string\",\"format\":\"date\"}",                                                 \
      "The last day, inclusive; at most 3660 days from the first.", "'to' must be a day, as in 2026-11-22.")           \
    X(BY, "by", REQUIRED, "{\"enum\":[\"range\",\"day\",\"week\",\"month\",\"hour\"]}",                                \
      "How time is divided. The table 'hour' alone has hours (UTC).", "'by' must be day, week, month, range or hour.") \
    X(FORMAT, "format", OPTIONAL, "{\"enum\":[\"json\",\"csv\",\"json-stat\",\"svg\"],\"default\":\"json\"}",          \
      "The form of the answer.", "'format' must be json, csv, json-stat or svg.")                                      \
    X(SEP, "sep", OPTIONAL, "{\"enum\":[\"semicolon\",\"comma\",\"tab\"],\"default\":\"semicolon\"}",                  \
      "Of format=csv. The semicolon is for Excel in Norwegian: byte order mark, decimal comma, Norwegian heads. The "  \
      "others are for programs.",                                                                                      \
      "'sep' must be semicolon, comma or tab.")                                                                        \
    X(POPULAR_SITE, "site", REQUIRED, "{\"type\":\"string\"}", "The site's name, as in an address or as A-label.",     \
      "There is no such site, or it does not publish its popular pages.")                                              \
    X(TAG, "tag", OPTIONAL, "{\"type\":\"string\",\"maxLength\":200}",                                                 \
      "Only pages that the site's configuration gives this tag ('popular_tags'), or that lie in this section.",        \
      "The site's configuration has no such tag or section.")                                                          \
    X(N, "n", OPTIONAL, "{\"type\":\"integer\",\"minimum\":1,\"maximum\":100,\"default\":10}",                         \
      "At most so many pages.", "'n' must be a number from 1 to 100.")

#define X(id, ...) PARAMETER_##id,
enum api_parameter { API_PARAMETERS(X) PARAMETER_COUNT };
#undef X

#define PARAMETER_BIT(id) (1U << PARAMETER_##id)

enum parameter_place { PLACE_PATH, PLACE_REQUIRED, PLACE_OPTIONAL };

struct parameter_row {
    const char *name;
    enum parameter_place place;
    const char *schema, *description, *wrong;
};

extern const struct parameter_row parameter_rows[PARAMETER_COUNT];

enum { PARAMETER_TEXT_MAX = 512 }; /* bytes, with the terminator */

struct api_parameters {
    bool given[PARAMETER_COUNT];
    char text[PARAMETER_COUNT][PARAMETER_TEXT_MAX]; /* decoded; "" when it is not given or broken */
};

/*
 * Read a query string: the parameters of mask, each at most once, the required ones there, and no others. Those in the
 * path are left as they are. On failure *problem says which is at fault.
 */
bool api_parameters_read(struct span query, unsigned mask, struct api_parameters *parameters, struct problem *problem);

/* *problem: that parameter is wrong. Always false. */
bool api_parameter_wrong(enum api_parameter parameter, struct problem *problem);

/* Undo percent-encoding into out, terminated. False when it is broken, too long or holds a control byte. */
bool percent_decode(struct span text, char *out, size_t size);

#endif
