/* What a report by e-mail says: a closed week or month of one site, in shown numbers only. */
#ifndef SPORLOS_AGGREGATOR_REPORT_H
#define SPORLOS_AGGREGATOR_REPORT_H

#include "report_list.h"
#include "statistics.h"

/* One number, and the one of the period before. */
struct report_figure {
    bool shown, was_shown, at_least;
    int64_t value, before;
    bool is_told_apart; /* the difference is more than two standard deviations of the noise */
};

struct report {
    const struct site_config *site; /* borrowed */
    enum report_kind kind;
    int32_t period;   /* as report_order's */
    int32_t from, to; /* day indices, inclusive */
    bool is_partly;   /* the site was not counted in all of the period before: nothing is compared */
    struct report_figure visits, views;
    struct statistic *pages, *municipalities; /* owned; NULL: not counted in that period */
};

/* The last period of that kind that is over and archived whole. SP_NOT_FOUND: none is. */
SP_MUST_CHECK enum sp_error report_last_period(struct archive *archive, const struct site_config *site,
                                               enum report_kind kind, int64_t now_s, int32_t *period);

/* First second after the period, in the site's zone. */
int64_t report_period_end(const struct site_config *site, enum report_kind kind, int32_t period);

/* *report is to be ended by report_fini on success. */
SP_MUST_CHECK enum sp_error report_gather(struct archive *archive, const struct site_config *site,
                                          enum report_kind kind, int32_t period, struct report *report);
void report_fini(struct report *report);

#endif
