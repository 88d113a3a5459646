/* Which days a page shows and what it compares them with: the two choices of the form, and the days they mean. */
#ifndef SPORLOS_AGGREGATOR_RANGE_H
#define SPORLOS_AGGREGATOR_RANGE_H

#include "sporlos/html.h"
#include "sporlos/period.h"

enum range_kind {
    RANGE_DAYS_7,
    RANGE_DAYS_28,
    RANGE_DAYS_90,
    RANGE_YESTERDAY,
    RANGE_THIS_WEEK, /* from its Monday to the last closed day */
    RANGE_LAST_WEEK, /* the last whole one */
    RANGE_MONTH,
    RANGE_MONTHS_12,
    RANGE_CUSTOM, /* from one day to another */
};
enum comparison { COMPARE_PREVIOUS, COMPARE_YEAR, COMPARE_NONE };

struct selection {
    enum range_kind kind;
    int32_t month;    /* of RANGE_MONTH: months since 1970-01 */
    int32_t from, to; /* of RANGE_CUSTOM: day indices; NO_DAY: what was asked for is no day */
    enum comparison compare;
    bool margins; /* show how far each number may be from the exact one */
};

/* Inclusive day indices in the site's zone. */
struct day_range {
    int32_t from, to;
};

enum { NO_DAY = INT32_MIN };

enum { QUERY_VALUE_MAX = 512 }; /* bytes with the terminator */

/*
 * The first value of name in a query string or form body (application/x-www-form-urlencoded), decoded. SP_NOT_FOUND,
 * SP_MALFORMED for a bad escape or a NUL, SP_TOO_LONG; out is "" then.
 */
SP_MUST_CHECK enum sp_error query_value(struct span query, const char *name, char out[QUERY_VALUE_MAX]);
/* The first in *rest, which then is what follows: for a name that stands there more than once. */
SP_MUST_CHECK enum sp_error query_next(struct span *rest, const char *name, char out[QUERY_VALUE_MAX]);
/* Can every value be read, and is it UTF-8? */
bool query_is_whole(struct span query);

/*
 * period=7d|28d|90d|yesterday|week|lastweek|12m|month:YYYY-MM|custom, the last with from=YYYY-MM-DD and to=YYYY-MM-DD;
 * compare=previous|year|none; what is neither is the default (28d, previous); and margins=1.
 */
struct selection selection_parse(struct span query);

/* The choices as they stand in an address, from '?' on or, not first, from '&' on; nothing where all are the defaults.
 */
void selection_write(struct html *html, struct selection selection, bool is_first);

/* The value of the field period that means selection: '28d', 'month:2026-10', 'custom'. */
void selection_write_period(struct html *html, struct selection selection);
const char *comparison_name(enum comparison comparison);

/* '2026-11-22' as a day index; false for anything else. And the inverse. */
bool day_parse(struct span text, int32_t *day);
void day_write(struct html *html, int32_t day);

bool days_equal(struct day_range a, struct day_range b);
bool days_are_months(struct day_range days); /* whole ones */

/* The days selection means when last is the last closed day. Months: 12 whole ones that end on or before last. */
struct day_range selection_days(struct selection selection, int32_t last);

/* Months as such, also those that were asked for by their first and last day. */
bool selection_is_months(struct selection selection);

/*
 * The days to compare with: right before, of the same length (days) or number of months; of one day, or a week that has
 * begun, the same days of the week before; or 52 weeks or 12 months back.
 */
struct day_range selection_compared(struct selection selection, struct day_range days);

#endif
