#include "buckets.h"

#include <stdlib.h>

static bool
is_month_start(int32_t day)
{
    return month_first_day(civil_month(day)) == day;
}

bool
buckets_choose_kind(const struct statistic_query *query, enum period_kind *kind)
{
    unsigned periods = table_periods(query->table, query->site->mode);
    bool whole_months = is_month_start(query->from) && is_month_start(query->to + 1);
    if (query->by == BY_HOUR)
        *kind = PERIOD_HOUR;
    else if (whole_months && (query->by == BY_MONTH || query->by == BY_RANGE) && (periods & PERIODS_MONTH) != 0)
        *kind = PERIOD_MONTH;
    else
        *kind = PERIOD_DAY;
    return (periods & PERIOD_BIT(*kind)) != 0;
}

static int32_t
hour_at_or_after(int64_t utc_s)
{
    return (int32_t)((utc_s + 3599) / 3600);
}

/* What the buckets divide: the days asked for, or their hours. */
static struct bucket
whole_range(const struct statistic_query *query)
{
    if (query->by != BY_HOUR)
        return (struct bucket){ query->from, query->to };
    const struct zone *zone = &query->site->zone;
    return (struct bucket){
        .from = hour_at_or_after(period_start((struct period){ PERIOD_DAY, query->from }, zone)),
        .to = hour_at_or_after(period_end((struct period){ PERIOD_DAY, query->to }, zone)) - 1,
    };
}

/* The last day (or hour) of the bucket that begins at from. */
static int32_t
bucket_end(enum statistic_by by, int32_t from, int32_t last)
{
    int32_t end = last;
    if (by == BY_DAY || by == BY_HOUR)
        end = from;
    else if (by == BY_WEEK)
        end = from + 6 - civil_weekday(from);
    else if (by == BY_MONTH)
        end = month_first_day(civil_month(from) + 1) - 1;
    return end < last ? end : last;
}

enum sp_error
buckets_new(const struct statistic_query *query, struct bucket **buckets, size_t *count)
{
    struct bucket range = whole_range(query);
    *count = 0;
    *buckets = calloc((size_t)(range.to - range.from) + 1, sizeof **buckets);
    if (*buckets == NULL)
        return SP_NO_MEMORY;
    for (int32_t from = range.from; from <= range.to;) {
        int32_t to = bucket_end(query->by, from, range.to);
        (*buckets)[(*count)++] = (struct bucket){ from, to };
        from = to + 1;
    }
    return SP_OK;
}

int32_t
position_of(struct period period)
{
    return period.kind == PERIOD_MONTH ? month_first_day(period.index) : period.index;
}

int32_t
period_holding(enum period_kind kind, int32_t position)
{
    return kind == PERIOD_MONTH ? civil_month(position) : position;
}
