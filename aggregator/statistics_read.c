/* Which leaves a question reads: months, weeks and days that make up its range, in order. */
#include "statistics_parts.h"

enum { DAYS_A_WEEK = 7 };

/* Noise may have made a full set look a little less than full; so near to it, 'at least' is true in any case. */
static int64_t
full_at(const struct statistic_query *query)
{
    bool may_be_full = query->table == TABLE_VISITORS && query->site->visitor_max > 0;
    return may_be_full ? query->site->visitor_max - mode_table[query->site->mode].bound : INT64_MAX;
}

/* Add the leaves of one period. *sources: that any of them has, at most. */
static enum sp_error
add_leaves(struct statistic *self, struct span leaves, unsigned *sources)
{
    return cells_add(&self->cells, leaves, full_at(self->query), sources);
}

static enum sp_error
reach_bucket(struct statistic *self, struct period period)
{
    enum sp_error error = SP_OK;
    while (error == SP_OK && position_of(period) > self->buckets[self->bucket].to)
        error = statistic_finish_bucket(self);
    return error;
}

static enum sp_error
visit_period(void *context, struct period period, struct span leaves)
{
    struct statistic *self = context;
    unsigned sources = 1;
    enum sp_error error = reach_bucket(self, period);
    if (error == SP_OK)
        error = add_leaves(self, leaves, &sources);
    self->extra_births += sources - 1;
    return error;
}

/* From next_day on, a day at a time. */
static enum sp_error
read_single_days(struct statistic *self, int32_t last)
{
    const struct period from = { PERIOD_DAY, self->next_day };
    const struct period to = { PERIOD_DAY, last };
    if (from.index > to.index)
        return SP_OK;
    return archive_packed(self->archive, self->query->site->key, self->query->table, from, to, visit_period, self);
}

/* Days that have been summed up, after those before them that no sum was found for. */
static enum sp_error
add_sums(struct statistic *self, int32_t first, int32_t behind, unsigned extra, struct span leaves)
{
    unsigned sources = 1;
    enum sp_error error = reach_bucket(self, (struct period){ PERIOD_DAY, first });
    if (error == SP_OK)
        error = add_leaves(self, leaves, &sources);
    self->extra_births += extra;
    self->next_day = behind;
    return error;
}

static enum sp_error
visit_week(void *context, int32_t monday, unsigned extra, struct span leaves)
{
    enum sp_error error = read_single_days(context, monday - 1);
    return error == SP_OK ? add_sums(context, monday, monday + DAYS_A_WEEK, extra, leaves) : error;
}

/* From next_day on; the weeks of a bucket that is no range may lie in two. */
static enum sp_error
read_days(struct statistic *self, int32_t last)
{
    int32_t first_monday = self->next_day + (DAYS_A_WEEK - civil_weekday(self->next_day)) % DAYS_A_WEEK;
    int32_t last_monday = last + 1 - civil_weekday(last + 1) - DAYS_A_WEEK;
    enum sp_error error = SP_OK;
    if (self->query->by == BY_RANGE && first_monday <= last_monday)
        error = archive_weeks(self->archive, self->query->site->key, self->query->table, first_monday, last_monday,
                              visit_week, self);
    return error == SP_OK ? read_single_days(self, last) : error;
}

static enum sp_error
visit_month(void *context, int32_t month, unsigned extra, struct span leaves)
{
    int32_t first = month_first_day(month);
    enum sp_error error = read_days(context, first - 1);
    return error == SP_OK ? add_sums(context, first, month_first_day(month + 1), extra, leaves) : error;
}

/* Is the sum all there is to know of a bucket's days? Of visitors each day may be full. */
static bool
takes_sums(const struct statistic *self)
{
    const struct statistic_query *query = self->query;
    return self->kind == PERIOD_DAY && (query->by == BY_RANGE || query->by == BY_MONTH) &&
           query->table != TABLE_VISITORS;
}

static enum sp_error
read_days_by_sums(struct statistic *self, int32_t first, int32_t last)
{
    int32_t first_month = civil_month(self->query->from - 1) + 1;
    int32_t last_month = civil_month(last + 1) - 1;
    enum sp_error error = SP_OK;
    self->next_day = first;
    if (first_month <= last_month)
        error = archive_rollups(self->archive, self->query->site->key, self->query->table, first_month, last_month,
                                visit_month, self);
    return error == SP_OK ? read_days(self, last) : error;
}

static int32_t
at_most(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t
at_least(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

enum sp_error
statistic_read(struct statistic *self)
{
    const struct statistic_query *query = self->query;
    struct bucket range = { self->buckets[0].from, self->buckets[self->bucket_count - 1].to };
    struct period first;
    struct period last;
    enum sp_error error = archive_span(self->archive, query->site->key, self->kind, &first, &last);
    if (error == SP_NOT_FOUND)
        return SP_OK;
    if (error != SP_OK)
        return error;
    self->closed_first = first.index;
    self->closed_last = last.index;
    /* Not beyond what was closed when we asked: a period that closes meanwhile waits for the next question. */
    last.index = at_most(last.index, period_holding(self->kind, range.to));
    first.index = at_least(first.index, period_holding(self->kind, range.from));
    if (first.index > last.index)
        return SP_OK;
    if (takes_sums(self))
        return read_days_by_sums(self, first.index, last.index);
    return archive_packed(self->archive, query->site->key, query->table, first, last, visit_period, self);
}
