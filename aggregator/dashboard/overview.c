#include "overview.h"

#include <stdlib.h>

static enum sp_error
ask(struct archive *archive, const struct overview *overview, enum table_id table, struct day_range days,
    enum statistic_by by, struct statistic **statistic)
{
    const struct statistic_query query = { overview->site, table, days.from, days.to, by };
    *statistic = NULL;
    enum sp_error error = statistic_new(archive, &query, statistic);
    return error == SP_REFUSED || error == SP_NOT_FOUND ? SP_OK : error;
}

static bool
has_comparison(const struct overview *overview)
{
    return overview->selection.compare != COMPARE_NONE;
}

static enum sp_error
ask_list(struct archive *archive, const struct overview *overview, enum table_id table, enum statistic_by by,
         struct day_range compared, struct list *list)
{
    enum sp_error error = ask(archive, overview, table, list->days, by, &list->now);
    if (error == SP_OK && has_comparison(overview))
        error = ask(archive, overview, table, compared, by, &list->compared);
    return error;
}

static const struct statistic_row *
only_row(const struct statistic *statistic)
{
    return statistic == NULL || statistic_count(statistic) == 0 ? NULL : statistic_at(statistic, 0);
}

static enum sp_error
ask_figure(struct archive *archive, const struct overview *overview, enum table_id table, struct day_range days,
           struct day_range compared, struct figure *figure)
{
    struct list list = { .days = days };
    enum sp_error error = ask_list(archive, overview, table, BY_RANGE, compared, &list);
    const struct statistic_row *now = only_row(list.now);
    const struct statistic_row *then = only_row(list.compared);
    *figure = (struct figure){ 0 };
    if (now != NULL && now->shown) {
        figure->shown = true;
        figure->value = now->value;
        figure->at_least = now->at_least;
        figure->deviation = now->deviation;
    }
    if (then != NULL && then->shown) {
        figure->compared_shown = true;
        figure->compared = then->value;
        figure->compared_deviation = then->deviation;
    }
    statistic_free(list.now);
    statistic_free(list.compared);
    return error;
}

static bool
is_whole_months(struct day_range days)
{
    return month_first_day(civil_month(days.from)) == days.from &&
           month_first_day(civil_month(days.to) + 1) == days.to + 1;
}

/* A list of a table with months only stands for the last closed month unless whole months were chosen. */
static enum sp_error
gather_list(struct archive *archive, const struct overview *overview, enum table_id table, enum table_id total,
            struct list *list, struct figure *sum)
{
    struct day_range compared = overview->compared;
    list->days = overview->days;
    bool has_days = (table_periods(table, overview->site->mode) & PERIODS_DAY) != 0;
    if (!has_days && !is_whole_months(overview->days)) {
        if (!overview->has_month)
            return SP_OK;
        struct selection month = { RANGE_MONTH, overview->last_month, overview->selection.compare };
        list->days = selection_days(month, overview->last);
        compared = selection_compared(month, list->days);
    }
    enum sp_error error = ask_list(archive, overview, table, BY_RANGE, compared, list);
    if (error == SP_OK)
        error = ask_figure(archive, overview, total, list->days, compared, sum);
    return error;
}

static enum sp_error
gather_numbers(struct archive *archive, struct overview *overview)
{
    struct day_range days = overview->days;
    struct day_range compared = overview->compared;
    overview->trend.days = overview->dropped.days = days;
    overview->trend_by = overview->selection.kind == RANGE_MONTHS_12 ? BY_MONTH : BY_DAY;
    enum sp_error error = ask_figure(archive, overview, TABLE_VISITS, days, compared, &overview->visits);
    if (error == SP_OK)
        error = ask_figure(archive, overview, TABLE_TOTAL, days, compared, &overview->views);
    if (error == SP_OK)
        error = ask_figure(archive, overview, TABLE_DECLINED, days, compared, &overview->declined);
    if (error == SP_OK && (overview->site->tables & 1U << TABLE_VISITORS) != 0)
        error = ask_figure(archive, overview, TABLE_VISITORS, days, compared, &overview->visitors);
    if (error == SP_OK)
        error = ask_list(archive, overview, TABLE_VISITS, overview->trend_by, compared, &overview->trend);
    if (error == SP_OK)
        error = ask(archive, overview, TABLE_DROPPED, days, BY_RANGE, &overview->dropped.now);
    if (error == SP_OK)
        error = gather_list(archive, overview, TABLE_PAGE, TABLE_TOTAL, &overview->pages, &overview->pages_total);
    if (error == SP_OK)
        error = gather_list(archive, overview, TABLE_MUNICIPALITY, TABLE_VISITS, &overview->municipalities,
                            &overview->municipalities_total);
    return error;
}

static enum sp_error
gather_spans(struct archive *archive, struct overview *overview)
{
    struct period first, last;
    enum sp_error error = archive_span(archive, overview->site->key, PERIOD_DAY, &first, &last);
    if (error == SP_OK) {
        overview->has_days = true;
        overview->first = first.index;
        overview->last = last.index;
        error = archive_span(archive, overview->site->key, PERIOD_MONTH, &first, &last);
    }
    if (error == SP_OK) {
        overview->has_month = true;
        overview->last_month = last.index;
    }
    return error == SP_NOT_FOUND ? SP_OK : error;
}

enum sp_error
overview_gather(struct archive *archive, const struct site_config *site, struct selection selection, int64_t now_s,
                struct overview *overview)
{
    *overview = (struct overview){ .site = site, .selection = selection, .now_s = now_s };
    overview->today = period_at(PERIOD_DAY, &site->zone, now_s).index;
    enum sp_error error = gather_spans(archive, overview);
    if (error == SP_OK && table_periods(TABLE_HOUR, site->mode) != 0)
        error = ask(archive, overview, TABLE_HOUR, (struct day_range){ overview->today, overview->today }, BY_HOUR,
                    &overview->hours);
    if (error == SP_OK && overview->has_days) {
        overview->days = selection_days(selection, overview->last);
        overview->compared = selection_compared(selection, overview->days);
        error = gather_numbers(archive, overview);
    }
    if (error != SP_OK)
        overview_fini(overview);
    return error;
}

void
overview_fini(struct overview *overview)
{
    struct list *const lists[] = { &overview->trend, &overview->pages, &overview->municipalities, &overview->dropped };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        statistic_free(lists[i]->now);
        statistic_free(lists[i]->compared);
    }
    statistic_free(overview->hours);
    *overview = (struct overview){ 0 };
}

int
figure_direction(const struct figure *figure)
{
    double difference = (double)(figure->value - figure->compared);
    double variance = figure->deviation * figure->deviation + figure->compared_deviation * figure->compared_deviation;
    if (difference * difference <= 4 * variance)
        return 0;
    return difference < 0 ? -1 : 1;
}

int
list_coverage(const struct list *list, const struct figure *total)
{
    if (list->now == NULL || !total->shown || total->value <= 0)
        return -1;
    int64_t sum = 0;
    for (size_t i = 0; i < statistic_count(list->now); i++) {
        const struct statistic_row *row = statistic_at(list->now, i);
        if (row->shown && !row->is_rest && !span_equal(row->key, SPAN_LITERAL(KEY_OTHER)))
            sum += row->value;
    }
    int64_t percent = sum * 100 / total->value;
    return percent < 0 ? 0 : percent > 100 ? 100 : (int)percent;
}

const struct statistic_row *
list_compared(const struct list *list, struct span key)
{
    for (size_t i = 0; list->compared != NULL && i < statistic_count(list->compared); i++) {
        const struct statistic_row *row = statistic_at(list->compared, i);
        if (span_equal(row->key, key))
            return row->shown ? row : NULL;
    }
    return NULL;
}
