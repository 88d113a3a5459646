/*
 * A question in the shape of Plausible's Stats API v2 (POST /api/v2/query), and what of it there is here. Metrics and
 * dimensions are made of the table of tables: a metric is what a table counts, a dimension what its keys are.
 */
#ifndef SPORLOS_AGGREGATOR_PLAUSIBLE_H
#define SPORLOS_AGGREGATOR_PLAUSIBLE_H

#include "api_problem.h"
#include "export/export.h"

enum {
    PLAUSIBLE_METRICS_MAX = 8,
    PLAUSIBLE_FILTERS_MAX = 20,
    PLAUSIBLE_VALUES_MAX = 50, /* of a filter */
    PLAUSIBLE_ORDERS_MAX = 8,
    PLAUSIBLE_ROWS_MAX = 10000, /* of a page */
};

/* What a metric is called; NULL when index is beyond the last. The last names are other programs' for the same. */
const char *plausible_metric_name(size_t index);
bool plausible_metric_find(const char *name, enum counted *counted);

/* Dimensions: those of time, then one for each table with keys. NULL beyond the last. */
const char *plausible_dimension_name(size_t index);

struct plausible_dimension {
    bool is_time;
    enum statistic_by by; /* of time */
    enum table_id table;  /* else: whose keys */
};
bool plausible_dimension_find(const char *name, struct plausible_dimension *dimension);

enum filter_operator { FILTER_IS, FILTER_IS_NOT, FILTER_CONTAINS, FILTER_CONTAINS_NOT, FILTER_OPERATOR_COUNT };

struct plausible_filter {
    enum filter_operator operator;
    char *values[PLAUSIBLE_VALUES_MAX]; /* owned */
    size_t count;
};

struct plausible_order {
    int metric; /* place among the metrics; -1: a dimension */
    int dimension;
    bool falling;
};

struct plausible_query {
    const struct site_config *site; /* borrowed */
    int32_t from, to;               /* days; from after to: the site has no closed day in the range */
    bool is_all;                    /* from and to are what is closed */
    enum counted metrics[PLAUSIBLE_METRICS_MAX];
    const char *metric_names[PLAUSIBLE_METRICS_MAX]; /* static */
    size_t metric_count;
    struct plausible_dimension dimensions[2];
    const char *dimension_names[2]; /* static */
    size_t dimension_count;
    enum table_id filtered; /* whose keys the filters are about; TABLE_COUNT: there are none */
    struct plausible_filter filters[PLAUSIBLE_FILTERS_MAX];
    size_t filter_count;
    struct plausible_order orders[PLAUSIBLE_ORDERS_MAX];
    size_t order_count;
    bool wants_total;
    size_t limit, offset;
    enum statistic_by by; /* how time is divided: derived */
};

/* The member 'site_id' of a question, so that it is known whether it may be asked at all. False: *problem says why. */
bool plausible_read_site(struct span body, char *site, size_t size, struct problem *problem);

/*
 * Read the rest. query->site is set; now_s: the wall clock, seconds. On failure *problem names the member at fault. To
 * be ended by plausible_fini in any case.
 */
bool plausible_read(struct span body, int64_t now_s, struct plausible_query *query, struct problem *problem);
void plausible_fini(struct plausible_query *query);

/* Is this key let through by the filters? */
bool plausible_matches(const struct plausible_query *query, struct span key);

/*
 * Which table answers each metric; false, and *problem says why, when one is not counted so. tables has room for all
 * metrics.
 */
bool plausible_tables(const struct plausible_query *query, enum table_id *tables, struct problem *problem);

/* Ask and write the answer; false: *problem. */
bool plausible_answer(const struct plausible_query *query, struct archive *archive, struct json *json,
                      struct problem *problem);

#endif
