/* From JSON to a question; every mistake names its member. */
#include <stdlib.h>
#include <string.h>

#include "api_query.h"
#include "plausible.h"
#include "sporlos/json_read.h"

enum { NAME_MAX_BYTES = 64, VALUE_MAX_BYTES = 2048 };

struct reading {
    struct json_reader json;
    struct plausible_query *query;
    struct problem *problem;
    int64_t now_s;
    bool has_metrics, has_range;
    /* Read before it is known what they may name. */
    char order_names[PLAUSIBLE_ORDERS_MAX][NAME_MAX_BYTES];
};

static bool
fail(struct reading *reading, const char *field, const char *detail)
{
    if (reading->problem->status == 0)
        *reading->problem = (struct problem){ .status = 400, .field = field, .detail = detail };
    json_read_fail(&reading->json, detail);
    return false;
}

static bool
read_text(struct reading *reading, char *out, size_t size)
{
    struct span text;
    return json_read_string(&reading->json, &text) && json_read_unescape(text, out, size);
}

/* ---- metrics and dimensions ---- */

/* Why a metric that others have is not here. */
static const char *
missing_metric(const char *name)
{
    static const struct {
        const char *name, *why;
    } rows[] = {
        { "bounce_rate", "'bounce_rate' is not here: what follows a view in the same visit is not known." },
        { "views_per_visit",
          "'views_per_visit' is not here: visits are not kept together; divide pageviews by visits." },
        { "visit_duration", "'visit_duration' is not here as a mean; 'visit_ends' by visit:length has it in steps." },
        { "time_on_page", "'time_on_page' is not here as a mean; 'page_ends' by event:engagement has it in steps." },
        { "scroll_depth", "'scroll_depth' is not here as a mean; 'scrolled_ends' by event:scroll has it in quarters." },
        { "percentage", "'percentage' is not here: divide by the total, which is noisy by itself." },
        { "conversion_rate", "'conversion_rate' is not here: who set off an event is not known." },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].why;
    return "There is no such metric; /api/openapi.json lists them.";
}

static bool
read_metrics(struct reading *reading)
{
    struct plausible_query *query = reading->query;
    reading->has_metrics = true;
    if (!json_read_open(&reading->json, '['))
        return fail(reading, "metrics", "'metrics' must be an array of names.");
    while (json_read_next_item(&reading->json)) {
        char name[NAME_MAX_BYTES];
        if (query->metric_count == PLAUSIBLE_METRICS_MAX)
            return fail(reading, "metrics", "At most 8 metrics.");
        if (!read_text(reading, name, sizeof name))
            return fail(reading, "metrics", "'metrics' must be an array of names.");
        enum counted counted;
        if (!plausible_metric_find(name, &counted))
            return fail(reading, "metrics", missing_metric(name));
        for (size_t i = 0; plausible_metric_name(i) != NULL; i++)
            if (strcmp(plausible_metric_name(i), name) == 0)
                query->metric_names[query->metric_count] = plausible_metric_name(i);
        query->metrics[query->metric_count++] = counted;
    }
    return query->metric_count > 0 || fail(reading, "metrics", "'metrics' is empty.");
}

static const char *
static_dimension_name(const char *name)
{
    for (size_t i = 0; plausible_dimension_name(i) != NULL; i++)
        if (strcmp(plausible_dimension_name(i), name) == 0)
            return plausible_dimension_name(i);
    return NULL;
}

static const char missing_dimension[] =
    "There is no such dimension; /api/openapi.json lists them. Countries, regions, entry and exit pages, versions and "
    "properties are not counted.";

static bool
read_dimensions(struct reading *reading)
{
    struct plausible_query *query = reading->query;
    if (!json_read_open(&reading->json, '['))
        return fail(reading, "dimensions", "'dimensions' must be an array of names.");
    while (json_read_next_item(&reading->json)) {
        char name[NAME_MAX_BYTES];
        struct plausible_dimension *dimension = &query->dimensions[query->dimension_count];
        if (query->dimension_count == 2)
            return fail(reading, "dimensions", "At most one dimension of time and one other: two cannot be joined.");
        if (!read_text(reading, name, sizeof name) || !plausible_dimension_find(name, dimension))
            return fail(reading, "dimensions", missing_dimension);
        if (query->dimension_count == 1 && query->dimensions[0].is_time == dimension->is_time)
            return fail(reading, "dimensions",
                        "At most one dimension of time and one other: two tables cannot be joined, for nobody's visit "
                        "is kept.");
        query->dimension_names[query->dimension_count++] = static_dimension_name(name);
    }
    return true;
}

/* ---- date_range ---- */

static int32_t
year_start(int32_t day)
{
    int year, month, date;
    civil_date(day, &year, &month, &date);
    return civil_day(year, 1, 1);
}

/* today: the day now. Days end yesterday: today is not closed. */
static bool
named_range(const char *name, int32_t today, struct plausible_query *query)
{
    static const struct {
        const char *name;
        int days, months;
    } rows[] = {
        { "7d", 7, 0 }, { "28d", 28, 0 }, { "30d", 30, 0 }, { "91d", 91, 0 }, { "6mo", 0, 6 }, { "12mo", 0, 12 },
    };
    int32_t month = civil_month(today);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        query->to = rows[i].days > 0 ? today - 1 : month_first_day(month) - 1;
        query->from = rows[i].days > 0 ? today - rows[i].days : month_first_day(month - rows[i].months);
        return true;
    }
    query->to = query->from = today;
    if (strcmp(name, "day") == 0 || strcmp(name, "24h") == 0)
        return true;
    query->from = month_first_day(month);
    if (strcmp(name, "month") == 0)
        return true;
    query->from = year_start(today);
    if (strcmp(name, "year") == 0)
        return true;
    query->is_all = strcmp(name, "all") == 0;
    return query->is_all;
}

static bool
read_custom_range(struct reading *reading)
{
    int32_t days[2];
    size_t count = 0;
    char text[NAME_MAX_BYTES];
    if (!json_read_open(&reading->json, '['))
        return false;
    while (json_read_next_item(&reading->json)) {
        if (count == 2 || !read_text(reading, text, sizeof text) || !api_parse_day(text, &days[count++]))
            return false;
    }
    reading->query->from = days[0];
    reading->query->to = days[1];
    return count == 2;
}

static bool
read_range(struct reading *reading)
{
    struct plausible_query *query = reading->query;
    char name[NAME_MAX_BYTES];
    reading->has_range = true;
    bool is_good;
    if (json_read_peek(&reading->json) == '[') {
        is_good = read_custom_range(reading);
    } else {
        int32_t today = period_at(PERIOD_DAY, &query->site->zone, reading->now_s).index;
        is_good = read_text(reading, name, sizeof name) && named_range(name, today, query);
    }
    if (!is_good)
        return fail(reading, "date_range",
                    "'date_range' must be 7d, 28d, 30d, 91d, day, month, 6mo, 12mo, year, all, or two days such as "
                    "[\"2026-11-01\", \"2026-11-30\"]; there are no times of day.");
    if (query->to < query->from || query->to - query->from >= STATISTIC_DAYS_MAX)
        return fail(reading, "date_range", "The range ends before it begins, or is longer than 3660 days.");
    return true;
}

/* ---- filters ---- */

static bool
find_operator(const char *name, enum filter_operator *operator)
{
    static const char *const names[FILTER_OPERATOR_COUNT] = { "is", "is_not", "contains", "contains_not" };
    for (int i = 0; i < FILTER_OPERATOR_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *operator=(enum filter_operator) i;
            return true;
        }
    }
    return false;
}

static bool
read_values(struct reading *reading, struct plausible_filter *filter)
{
    char value[VALUE_MAX_BYTES];
    if (!json_read_open(&reading->json, '['))
        return false;
    while (json_read_next_item(&reading->json)) {
        if (filter->count == PLAUSIBLE_VALUES_MAX || !read_text(reading, value, sizeof value))
            return false;
        filter->values[filter->count] = strdup(value);
        if (filter->values[filter->count] == NULL)
            return false;
        filter->count++;
    }
    return filter->count > 0;
}

/* [operator, dimension, [values]] */
static bool
read_filter(struct reading *reading)
{
    static const char wrong[] =
        "A filter is [operator, dimension, [values]] with is, is_not, contains or contains_not and 1 to 50 values; all "
        "filters must hold, and there is no 'or', 'not' or pattern.";
    struct plausible_query *query = reading->query;
    struct plausible_dimension dimension;
    char name[NAME_MAX_BYTES];
    if (query->filter_count == PLAUSIBLE_FILTERS_MAX)
        return fail(reading, "filters", "At most 20 filters.");
    struct plausible_filter *filter = &query->filters[query->filter_count++];
    *filter = (struct plausible_filter){ .count = 0 };
    if (!json_read_open(&reading->json, '[') || !json_read_next_item(&reading->json) ||
        !read_text(reading, name, sizeof name) || !find_operator(name, &filter->operator) ||
        !json_read_next_item(&reading->json) || !read_text(reading, name, sizeof name))
        return fail(reading, "filters", wrong);
    if (!plausible_dimension_find(name, &dimension) || dimension.is_time)
        return fail(reading, "filters", missing_dimension);
    if (query->filtered != TABLE_COUNT && query->filtered != dimension.table)
        return fail(reading, "filters",
                    "All filters must be of one dimension: two are of two tables, which cannot be joined.");
    query->filtered = dimension.table;
    if (!json_read_next_item(&reading->json) || !read_values(reading, filter) || json_read_next_item(&reading->json))
        return fail(reading, "filters", wrong);
    return true;
}

static bool
read_filters(struct reading *reading)
{
    if (!json_read_open(&reading->json, '['))
        return fail(reading, "filters", "'filters' must be an array.");
    while (json_read_next_item(&reading->json))
        if (!read_filter(reading))
            return false;
    return true;
}

/* ---- order, include, pagination ---- */

static bool
read_order(struct reading *reading)
{
    static const char wrong[] = "'order_by' must be an array of at most 8 [metric or dimension, \"asc\" or \"desc\"].";
    struct plausible_query *query = reading->query;
    char direction[NAME_MAX_BYTES];
    if (!json_read_open(&reading->json, '['))
        return fail(reading, "order_by", wrong);
    while (json_read_next_item(&reading->json)) {
        size_t at = query->order_count;
        if (at == PLAUSIBLE_ORDERS_MAX || !json_read_open(&reading->json, '[') ||
            !json_read_next_item(&reading->json) || !read_text(reading, reading->order_names[at], NAME_MAX_BYTES) ||
            !json_read_next_item(&reading->json) || !read_text(reading, direction, sizeof direction) ||
            json_read_next_item(&reading->json) || (strcmp(direction, "asc") != 0 && strcmp(direction, "desc") != 0))
            return fail(reading, "order_by", wrong);
        query->orders[query->order_count++].falling = strcmp(direction, "desc") == 0;
    }
    return true;
}

static bool
read_include(struct reading *reading)
{
    struct span key;
    if (!json_read_open(&reading->json, '{'))
        return fail(reading, "include", "'include' must be an object.");
    while (json_read_next_key(&reading->json, &key)) {
        char first = json_read_peek(&reading->json);
        if (!span_equal(key, SPAN_LITERAL("total_rows")) || (first != 't' && first != 'f'))
            return fail(reading, "include",
                        "'include' takes 'total_rows': true or false. Time labels are always all there; imports and "
                        "comparisons are not: ask twice.");
        reading->query->wants_total = first == 't';
        if (!json_read_skip(&reading->json))
            return fail(reading, "include", "'total_rows' must be true or false.");
    }
    return true;
}

static bool
read_pagination(struct reading *reading)
{
    struct span key;
    if (!json_read_open(&reading->json, '{'))
        return fail(reading, "pagination", "'pagination' must be an object.");
    while (json_read_next_key(&reading->json, &key)) {
        bool is_limit = span_equal(key, SPAN_LITERAL("limit"));
        double number = -1;
        if ((!is_limit && !span_equal(key, SPAN_LITERAL("offset"))) || !json_read_number(&reading->json, &number) ||
            number < (is_limit ? 1 : 0) || number > (is_limit ? PLAUSIBLE_ROWS_MAX : 1e9) ||
            number != (double)(size_t)number)
            return fail(reading, "pagination", "'pagination' takes 'limit' (1 to 10000) and 'offset' (0 or more).");
        *(is_limit ? &reading->query->limit : &reading->query->offset) = (size_t)number;
    }
    return true;
}

/* What order_by names, now that metrics and dimensions are known. */
static bool
resolve_orders(struct reading *reading)
{
    struct plausible_query *query = reading->query;
    for (size_t i = 0; i < query->order_count; i++) {
        struct plausible_order *order = &query->orders[i];
        order->metric = order->dimension = -1;
        for (size_t m = 0; m < query->metric_count; m++)
            if (strcmp(query->metric_names[m], reading->order_names[i]) == 0)
                order->metric = (int)m;
        for (size_t d = 0; d < query->dimension_count; d++)
            if (strcmp(query->dimension_names[d], reading->order_names[i]) == 0)
                order->dimension = (int)d;
        if (order->metric < 0 && order->dimension < 0)
            return fail(reading, "order_by", "'order_by' names a metric or dimension that the question does not have.");
    }
    return true;
}

/* ---- the whole ---- */

static bool
skip_site(struct reading *reading)
{
    return json_read_skip(&reading->json);
}

static const struct member {
    const char *name;
    bool (*read)(struct reading *reading);
} members[] = {
    { "site_id", skip_site },          { "metrics", read_metrics },       { "date_range", read_range },
    { "dimensions", read_dimensions }, { "filters", read_filters },       { "order_by", read_order },
    { "include", read_include },       { "pagination", read_pagination },
};

enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

static bool
read_member(struct reading *reading, struct span key, unsigned *seen)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (!span_equal(key, span_text(members[i].name)))
            continue;
        if ((*seen & 1U << i) != 0)
            return fail(reading, members[i].name, "A member stands twice.");
        *seen |= 1U << i;
        return members[i].read(reading) || fail(reading, members[i].name, "The member is malformed.");
    }
    return fail(reading, NULL, "There is a member that a question does not have; /api/openapi.json lists them.");
}

static bool
check_whole(struct reading *reading)
{
    struct plausible_query *query = reading->query;
    if (!reading->has_metrics)
        return fail(reading, "metrics", "'metrics' is missing.");
    if (!reading->has_range)
        return fail(reading, "date_range", "'date_range' is missing.");
    for (size_t i = 0; i < query->dimension_count; i++)
        if (query->dimensions[i].is_time)
            query->by = query->dimensions[i].by;
    return resolve_orders(reading);
}

bool
plausible_read(struct span body, int64_t now_s, struct plausible_query *query, struct problem *problem)
{
    struct reading reading = {
        .json = json_read_over(body.at, body.length), .query = query, .problem = problem, .now_s = now_s
    };
    struct span key;
    unsigned seen = 0;
    *problem = (struct problem){ .status = 0 };
    query->filtered = TABLE_COUNT;
    query->limit = PLAUSIBLE_ROWS_MAX;
    query->by = BY_RANGE;
    json_read_open(&reading.json, '{');
    while (json_read_next_key(&reading.json, &key))
        if (!read_member(&reading, key, &seen))
            break;
    if (problem->status == 0 && !json_read_finish(&reading.json))
        fail(&reading, NULL, "The body is no JSON object.");
    return problem->status == 0 && check_whole(&reading);
}

bool
plausible_read_site(struct span body, char *site, size_t size, struct problem *problem)
{
    struct json_reader json = json_read_over(body.at, body.length);
    struct span key;
    struct span text = { NULL, 0 };
    json_read_open(&json, '{');
    while (json_read_next_key(&json, &key)) {
        bool is_site = span_equal(key, SPAN_LITERAL("site_id"));
        if (is_site ? !json_read_string(&json, &text) : !json_read_skip(&json))
            break;
    }
    *problem = (struct problem){ .status = 400, .detail = "The body is no JSON object." };
    if (text.at == NULL && (json.error != NULL || !json_read_finish(&json)))
        return false;
    problem->field = "site_id";
    problem->detail = "'site_id' is missing: the site's name.";
    return text.at != NULL && json_read_unescape(text, site, size);
}
