/* What the overview page says, gathered from the statistics before a letter of it is written. */
#ifndef SPORLOS_AGGREGATOR_OVERVIEW_H
#define SPORLOS_AGGREGATOR_OVERVIEW_H

#include "../statistics.h"
#include "range.h"

enum { OVERVIEW_HOURS_MAX = 25 };

/* One number, and the one it is compared with. */
struct figure {
    bool shown, compared_shown;
    bool at_least; /* the value is a lower bound */
    int64_t value, compared;
    double deviation, compared_deviation; /* standard deviations of their noise */
};

/* A list and the one it is compared with; any of them NULL where the mode does not count it or no period has closed. */
struct list {
    struct day_range days;
    struct statistic *now, *compared; /* owned */
};

struct overview {
    const struct site_config *site; /* borrowed */
    struct selection selection;
    bool has_days;       /* false: no day of the site has closed yet */
    int32_t first, last; /* first and last closed day */
    bool has_month;      /* a whole month has closed */
    int32_t last_month;  /* the last such, months since 1970-01 */
    struct day_range days, compared;
    struct figure visits, views, declined, visitors;
    struct list trend; /* visits, BY_DAY or BY_MONTH */
    enum statistic_by trend_by;
    struct list pages, municipalities;
    struct figure pages_total, municipalities_total; /* what the lists' rows are parts of */
    struct list dropped;
    struct statistic *hours; /* today's, or NULL; owned */
    int64_t now_s;           /* seconds since the epoch */
    int32_t today;           /* day index */
};

/* Ask for everything the page of site shows at the moment now_s. *overview is to be ended by overview_fini on success.
 */
SP_MUST_CHECK enum sp_error overview_gather(struct archive *archive, const struct site_config *site,
                                            struct selection selection, int64_t now_s, struct overview *overview);
void overview_fini(struct overview *overview);

/* -1, 0 or 1: lower, not told apart from the noise (two standard deviations), higher. Both must be shown. */
int figure_direction(const struct figure *figure);

/* Share of the total that stands in rows with a name and a value, in percent; -1 when it cannot be told. */
int list_coverage(const struct list *list, const struct figure *total);

/* The row of that key in the list compared with; NULL if there is none. */
const struct statistic_row *list_compared(const struct list *list, struct span key);

#endif
