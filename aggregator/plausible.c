#include "plausible.h"

#include <stdlib.h>
#include <string.h>

/* What is counted, by name; several names may mean the same. Each row of enum counted has one. */
static const struct {
    const char *name;
    enum counted counted;
} metrics[] = {
    { "visitors", COUNTED_VISITOR },         { "visits", COUNTED_ENTRY },
    { "pageviews", COUNTED_VIEW },           { "events", COUNTED_EVENT },
    { "searches", COUNTED_SEARCH },          { "fruitless_searches", COUNTED_FRUITLESS },
    { "declined", COUNTED_DECLINED },        { "dropped", COUNTED_DROPPED },
    { "section_views", COUNTED_SECTION },    { "tag_views", COUNTED_TAG },
    { "referred_visits", COUNTED_REFERRED }, { "source_visits", COUNTED_SOURCE },
    { "medium_visits", COUNTED_MEDIUM },     { "campaign_visits", COUNTED_CAMPAIGN },
    { "page_ends", COUNTED_VISIBLE },        { "visit_ends", COUNTED_LENGTH },
    { "scrolled_ends", COUNTED_SCROLLED },   { "answers", COUNTED_ANSWER },
    { "downloads", COUNTED_DOWNLOAD },       { "outbound_clicks", COUNTED_OUTBOUND },
    { "missing_pages", COUNTED_MISSING },
};

enum { METRIC_COUNT = sizeof metrics / sizeof metrics[0] };
_Static_assert((int)METRIC_COUNT == (int)COUNTED_COUNT, "each thing that is counted has a name as a metric");

static const struct {
    const char *name;
    enum statistic_by by;
} times[] = {
    { "time:hour", BY_HOUR },   { "time:day", BY_DAY }, { "time:week", BY_WEEK },
    { "time:month", BY_MONTH }, { "time", BY_DAY },
};

enum { TIME_COUNT = sizeof times / sizeof times[0] };

/* What a table's keys are called: as Plausible does where it has them, else after the table. */
static const char *
dimension_of(enum table_id table)
{
    static const struct {
        enum table_id table;
        const char *name;
    } same[] = {
        { TABLE_MUNICIPALITY, "visit:municipality" },
        { TABLE_REFERRER, "visit:channel" },
        { TABLE_REFERRER_HOST, "visit:source" },
        { TABLE_UTM_SOURCE, "visit:utm_source" },
        { TABLE_UTM_MEDIUM, "visit:utm_medium" },
        { TABLE_UTM_CAMPAIGN, "visit:utm_campaign" },
        { TABLE_DEVICE, "visit:device" },
        { TABLE_BROWSER, "visit:browser" },
        { TABLE_SYSTEM, "visit:os" },
        { TABLE_EVENT, "event:name" },
        { TABLE_VISIT_LENGTH, "visit:length" },
    };
    static const char *const own[TABLE_COUNT] = {
#define X(id, name, ...) [id] = "event:" name,
        SP_TABLES(X)
#undef X
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (same[i].table == table)
            return same[i].name;
    return own[table];
}

const char *
plausible_metric_name(size_t index)
{
    return index < METRIC_COUNT ? metrics[index].name : NULL;
}

bool
plausible_metric_find(const char *name, enum counted *counted)
{
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        if (strcmp(metrics[i].name, name) == 0) {
            *counted = metrics[i].counted;
            return true;
        }
    }
    return false;
}

const char *
plausible_dimension_name(size_t index)
{
    if (index < TIME_COUNT)
        return times[index].name;
    index -= TIME_COUNT;
    for (int table = 0; table < TABLE_COUNT; table++)
        if (table_table[table].key != KEY_NONE && index-- == 0)
            return dimension_of((enum table_id)table);
    return NULL;
}

bool
plausible_dimension_find(const char *name, struct plausible_dimension *dimension)
{
    for (size_t i = 0; i < TIME_COUNT; i++) {
        if (strcmp(times[i].name, name) == 0) {
            *dimension = (struct plausible_dimension){ .is_time = true, .by = times[i].by, .table = TABLE_COUNT };
            return true;
        }
    }
    for (int table = 0; table < TABLE_COUNT; table++) {
        if (table_table[table].key != KEY_NONE && strcmp(dimension_of((enum table_id)table), name) == 0) {
            *dimension = (struct plausible_dimension){ .table = (enum table_id)table };
            return true;
        }
    }
    return false;
}

void
plausible_fini(struct plausible_query *query)
{
    for (size_t i = 0; i < query->filter_count; i++)
        for (size_t v = 0; v < query->filters[i].count; v++)
            free(query->filters[i].values[v]);
    query->filter_count = 0;
}

static bool
filter_finds(const struct plausible_filter *filter, struct span key)
{
    bool whole = filter->operator== FILTER_IS || filter->operator== FILTER_IS_NOT;
    for (size_t i = 0; i < filter->count; i++) {
        struct span value = span_text(filter->values[i]);
        if (whole ? span_equal(value, key) : memmem(key.at, key.length, value.at, value.length) != NULL)
            return true;
    }
    return false;
}

bool
plausible_matches(const struct plausible_query *query, struct span key)
{
    for (size_t i = 0; i < query->filter_count; i++) {
        const struct plausible_filter *filter = &query->filters[i];
        bool inverted = filter->operator== FILTER_IS_NOT || filter->operator== FILTER_CONTAINS_NOT;
        if (filter_finds(filter, key) == inverted)
            return false;
    }
    return true;
}

/* ---- which table ---- */

static bool
fail(struct problem *problem, const char *field, const char *detail)
{
    *problem = (struct problem){ .status = 400, .field = field, .detail = detail };
    return false;
}

/* The table whose keys are asked for, or filtered by; TABLE_COUNT: neither. */
static enum table_id
keyed_table(const struct plausible_query *query)
{
    for (size_t i = 0; i < query->dimension_count; i++)
        if (!query->dimensions[i].is_time)
            return query->dimensions[i].table;
    return query->filtered;
}

/* The table without keys that counts it; TABLE_COUNT: none does. */
static enum table_id
total_of(enum counted counted, enum statistic_by by)
{
    unsigned wanted = by == BY_HOUR ? PERIODS_HOUR : PERIODS_DAY;
    for (int table = 0; table < TABLE_COUNT; table++)
        if (table_table[table].counted == counted && table_table[table].key == KEY_NONE &&
            (table_table[table].periods[TABLES_STANDARD] & wanted) != 0)
            return (enum table_id)table;
    return TABLE_COUNT;
}

bool
plausible_tables(const struct plausible_query *query, enum table_id *tables, struct problem *problem)
{
    enum table_id keyed = keyed_table(query);
    if (query->filtered != TABLE_COUNT && query->filtered != keyed)
        return fail(problem, "filters",
                    "Filters and dimensions are of two tables, which cannot be joined: nobody's visit is kept, so what "
                    "one page's visitors did elsewhere is not known.");
    for (size_t i = 0; i < query->metric_count; i++) {
        tables[i] = keyed != TABLE_COUNT ? keyed : total_of(query->metrics[i], query->by);
        if (keyed != TABLE_COUNT && table_table[keyed].counted != query->metrics[i])
            return fail(problem, "metrics",
                        "That metric is not counted by that dimension or filter; each has the one metric that the "
                        "table counts (docs/api.md).");
        if (tables[i] == TABLE_COUNT)
            return fail(problem, "metrics",
                        "That metric has no total of its own, or none by the hour: ask for it by its dimension.");
        if (table_periods(tables[i], query->site->mode) == 0 || (query->site->tables & 1U << tables[i]) == 0)
            return fail(problem, "metrics", "The site does not count that metric.");
    }
    return true;
}
