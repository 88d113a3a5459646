#include "report.h"

/* Inclusive day indices. */
struct days {
    int32_t from, to;
};

static struct days
days_of(enum report_kind kind, int32_t period)
{
    if (kind == REPORT_WEEK)
        return (struct days){ period, period + 6 };
    return (struct days){ month_first_day(period), month_first_day(period + 1) - 1 };
}

int64_t
report_period_end(const struct site_config *site, enum report_kind kind, int32_t period)
{
    return period_end((struct period){ PERIOD_DAY, days_of(kind, period).to }, &site->zone);
}

/* A month's own leaves close last; a site that began in the middle of the period has no earlier days. */
static enum sp_error
is_archived(struct archive *archive, const struct site_config *site, enum report_kind kind, int32_t period,
            bool *archived)
{
    struct days days = days_of(kind, period);
    struct period first, last;
    *archived = false;
    enum sp_error error = archive_span(archive, site->key, PERIOD_DAY, &first, &last);
    if (error != SP_OK || last.index < days.to || first.index > days.to)
        return error;
    for (int32_t day = days.from < first.index ? first.index : days.from; error == SP_OK && day <= days.to; day++) {
        error = archive_is_closed(archive, site->key, (struct period){ PERIOD_DAY, day }, archived);
        if (!*archived)
            return error;
    }
    if (error == SP_OK && kind == REPORT_MONTH)
        error = archive_is_closed(archive, site->key, (struct period){ PERIOD_MONTH, period }, archived);
    return error;
}

enum sp_error
report_last_period(struct archive *archive, const struct site_config *site, enum report_kind kind, int64_t now_s,
                   int32_t *period)
{
    bool archived = false;
    int32_t today = period_at(PERIOD_DAY, &site->zone, now_s).index;
    *period = kind == REPORT_WEEK ? today - civil_weekday(today) - 7 : civil_month(today) - 1;
    enum sp_error error = is_archived(archive, site, kind, *period, &archived);
    return error == SP_OK && !archived ? SP_NOT_FOUND : error;
}

/* Days before the first would count as none, and every number look like growth. */
static enum sp_error
is_partly_counted(struct archive *archive, const struct site_config *site, struct days days, bool *partly)
{
    struct period first, last;
    enum sp_error error = archive_span(archive, site->key, PERIOD_DAY, &first, &last);
    *partly = error != SP_OK || first.index > days.from;
    return error == SP_NOT_FOUND ? SP_OK : error;
}

/* NULL where the site does not count the table in periods that could answer. */
static enum sp_error
ask(struct archive *archive, const struct report *report, enum table_id table, struct days days,
    struct statistic **statistic)
{
    const struct statistic_query query = { report->site, table, days.from, days.to, BY_RANGE };
    *statistic = NULL;
    if ((report->site->tables & 1U << table) == 0)
        return SP_OK;
    enum sp_error error = statistic_new(archive, &query, statistic);
    return error == SP_REFUSED || error == SP_NOT_FOUND ? SP_OK : error;
}

static const struct statistic_row *
only_row(const struct statistic *statistic)
{
    const struct statistic_row *row =
        statistic == NULL || statistic_count(statistic) == 0 ? NULL : statistic_at(statistic, 0);
    return row != NULL && row->shown ? row : NULL;
}

static enum sp_error
gather_figure(struct archive *archive, const struct report *report, enum table_id table, struct days days,
              struct days before, struct report_figure *figure)
{
    struct statistic *now = NULL;
    struct statistic *then = NULL;
    enum sp_error error = ask(archive, report, table, days, &now);
    if (error == SP_OK && !report->is_partly)
        error = ask(archive, report, table, before, &then);
    const struct statistic_row *row = only_row(now);
    const struct statistic_row *earlier = only_row(then);
    *figure = (struct report_figure){ .shown = row != NULL, .was_shown = earlier != NULL };
    if (row != NULL) {
        figure->value = row->value;
        figure->at_least = row->at_least;
    }
    if (earlier != NULL)
        figure->before = earlier->value;
    if (row != NULL && earlier != NULL) {
        double difference = (double)(row->value - earlier->value);
        double variance = row->deviation * row->deviation + earlier->deviation * earlier->deviation;
        figure->is_told_apart = difference * difference > 4 * variance;
    }
    statistic_free(now);
    statistic_free(then);
    return error;
}

enum sp_error
report_gather(struct archive *archive, const struct site_config *site, enum report_kind kind, int32_t period,
              struct report *report)
{
    struct days days = days_of(kind, period);
    struct days before = days_of(kind, kind == REPORT_WEEK ? period - 7 : period - 1);
    *report = (struct report){ .site = site, .kind = kind, .period = period, .from = days.from, .to = days.to };
    enum sp_error error = is_partly_counted(archive, site, before, &report->is_partly);
    if (error == SP_OK)
        error = gather_figure(archive, report, TABLE_VISITS, days, before, &report->visits);
    if (error == SP_OK)
        error = gather_figure(archive, report, TABLE_TOTAL, days, before, &report->views);
    if (error == SP_OK)
        error = ask(archive, report, TABLE_PAGE, days, &report->pages);
    if (error == SP_OK)
        error = ask(archive, report, TABLE_MUNICIPALITY, days, &report->municipalities);
    if (error != SP_OK)
        report_fini(report);
    return error;
}

void
report_fini(struct report *report)
{
    statistic_free(report->pages);
    statistic_free(report->municipalities);
    *report = (struct report){ 0 };
}
