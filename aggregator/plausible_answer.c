/* From a question to its answer. Everything here is done to rows that statistics.c has shown. */
#include <stdlib.h>
#include <string.h>

#include "api_call.h"
#include "buckets.h"
#include "plausible.h"
#include "sporlos/clock.h"

struct result {
    int32_t from;    /* of its bucket */
    struct span key; /* borrowed from a statistic */
    int64_t values[PLAUSIBLE_METRICS_MAX];
    bool shown[PLAUSIBLE_METRICS_MAX];
};

struct answering {
    const struct plausible_query *query;
    struct statistic_query asked;
    enum table_id tables[PLAUSIBLE_METRICS_MAX];
    struct statistic *statistics[PLAUSIBLE_METRICS_MAX]; /* owned */
    size_t statistic_count;
    bool by_key;         /* a row a key; else a row a bucket */
    bool sums_shown;     /* filtered by a key that is no dimension */
    struct result *rows; /* owned */
    size_t count;
};

/* ---- rows ---- */

static enum sp_error
add_result(struct answering *self, int32_t from, struct span key)
{
    if ((self->count & (self->count + 1)) == 0 || self->rows == NULL) {
        struct result *rows = realloc(self->rows, (self->count * 2 + 2) * sizeof *rows);
        if (rows == NULL)
            return SP_NO_MEMORY;
        self->rows = rows;
    }
    self->rows[self->count++] = (struct result){ .from = from, .key = key };
    return SP_OK;
}

static void
set_value(struct result *result, size_t metric, const struct statistic_row *row)
{
    if (!row->shown)
        return;
    result->values[metric] += row->value;
    result->shown[metric] = true;
}

/* A row for each bucket; a metric's value in it is its one row's, or the sum of the shown ones that the filters find.
 */
static enum sp_error
collect_buckets(struct answering *self)
{
    struct bucket *buckets;
    size_t count;
    enum sp_error error = buckets_new(&self->asked, &buckets, &count);
    for (size_t i = 0; error == SP_OK && i < count; i++)
        error = add_result(self, buckets[i].from, span_of("", 0));
    for (size_t metric = 0; error == SP_OK && metric < self->statistic_count; metric++) {
        const struct statistic *statistic = self->statistics[metric];
        size_t bucket = 0;
        for (size_t i = 0; i < statistic_count(statistic); i++) {
            const struct statistic_row *row = statistic_at(statistic, i);
            while (buckets[bucket].from != row->from)
                bucket++;
            if (!self->sums_shown || (!row->is_rest && plausible_matches(self->query, row->key)))
                set_value(&self->rows[bucket], metric, row);
        }
    }
    free(buckets);
    return error;
}

static enum sp_error
collect_keys(struct answering *self)
{
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < statistic_count(self->statistics[0]); i++) {
        const struct statistic_row *row = statistic_at(self->statistics[0], i);
        if (!row->shown || !plausible_matches(self->query, row->key))
            continue;
        error = add_result(self, row->from, row->key);
        for (size_t metric = 0; error == SP_OK && metric < self->query->metric_count; metric++)
            set_value(&self->rows[self->count - 1], metric, row);
    }
    return error;
}

/* ---- order ---- */

static _Thread_local const struct plausible_query *ordered; /* qsort takes no context */

static int
compare_integers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int
compare_keys(struct span a, struct span b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);
    return order != 0 ? order : compare_integers((int64_t)a.length, (int64_t)b.length);
}

/* Hidden ones last, whatever the direction: their place says nothing. */
static int
compare_metric(const struct result *a, const struct result *b, int metric, bool falling)
{
    if (a->shown[metric] != b->shown[metric])
        return a->shown[metric] ? -1 : 1;
    int order = a->shown[metric] ? compare_integers(a->values[metric], b->values[metric]) : 0;
    return falling ? -order : order;
}

static int
compare_results(const void *left, const void *right)
{
    const struct result *a = left;
    const struct result *b = right;
    int order = 0;
    for (size_t i = 0; order == 0 && i < ordered->order_count; i++) {
        const struct plausible_order *by = &ordered->orders[i];
        if (by->metric >= 0) {
            order = compare_metric(a, b, by->metric, by->falling);
        } else {
            bool is_time = ordered->dimensions[by->dimension].is_time;
            order = is_time ? compare_integers(a->from, b->from) : compare_keys(a->key, b->key);
            order = by->falling ? -order : order;
        }
    }
    if (order == 0 && ordered->by != BY_RANGE)
        order = compare_integers(a->from, b->from);
    if (order == 0)
        order = compare_metric(a, b, 0, true);
    return order != 0 ? order : compare_keys(a->key, b->key);
}

/* ---- JSON ---- */

static void
write_dimensions(struct json *json, const struct answering *self, const struct result *result)
{
    json_name(json, "dimensions");
    json_array(json);
    for (size_t i = 0; i < self->query->dimension_count; i++) {
        char moment[MOMENT_TEXT_MAX];
        export_moment(&self->asked, result->from, moment);
        json_text(json, self->query->dimensions[i].is_time ? span_text(moment) : result->key);
    }
    json_array_end(json);
}

static void
write_results(struct json *json, const struct answering *self)
{
    const struct plausible_query *query = self->query;
    json_name(json, "results");
    json_array(json);
    for (size_t i = query->offset; i < self->count && i - query->offset < query->limit; i++) {
        const struct result *result = &self->rows[i];
        json_object(json);
        write_dimensions(json, self, result);
        json_name(json, "metrics");
        json_array(json);
        for (size_t metric = 0; metric < query->metric_count; metric++) {
            if (result->shown[metric])
                json_integer(json, result->values[metric]);
            else
                json_null(json);
        }
        json_array_end(json);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_warning(struct json *json, const char *metric, const char *code, const char *words)
{
    json_name(json, metric);
    json_object(json);
    json_name(json, "code");
    json_text(json, span_text(code));
    json_name(json, "warning");
    json_text(json, span_text(words));
    json_object_end(json);
}

static void
write_warnings(struct json *json, const struct answering *self)
{
    const struct plausible_query *query = self->query;
    bool is_long = query->to > query->from && query->by != BY_DAY && query->by != BY_HOUR;
    json_name(json, "metric_warnings");
    json_object(json);
    for (size_t i = 0; i < query->metric_count; i++) {
        if (self->sums_shown)
            write_warning(json, query->metric_names[i], "sum_of_shown",
                          "The sum of the rows that are shown and that the filters find: hidden ones are not in it.");
        else if (query->metrics[i] == COUNTED_VISITOR && is_long)
            write_warning(json, query->metric_names[i], "sum_of_days",
                          "A sum of days: whoever came on two days is in it twice. Nobody is known for longer than a "
                          "day.");
    }
    json_object_end(json);
}

static void
write_meta(struct json *json, const struct answering *self)
{
    const struct export export = { &self->asked, self->statistics[0], NULL };
    json_name(json, "meta");
    json_object(json);
    if (self->query->wants_total) {
        json_name(json, "total_rows");
        json_integer(json, (int64_t)self->count);
    }
    write_warnings(json, self);
    export_json_meta(json, &export);
    json_object_end(json);
}

static void
write_names(struct json *json, const char *name, const char *const *names, size_t count)
{
    json_name(json, name);
    json_array(json);
    for (size_t i = 0; i < count; i++)
        json_text(json, span_text(names[i]));
    json_array_end(json);
}

static void
write_question(struct json *json, const struct answering *self)
{
    const struct plausible_query *query = self->query;
    char day[PERIOD_TEXT_MAX];
    json_name(json, "query");
    json_object(json);
    json_name(json, "site_id");
    json_text(json, span_text(query->site->key));
    write_names(json, "metrics", query->metric_names, query->metric_count);
    json_name(json, "date_range");
    json_array(json);
    period_format((struct period){ PERIOD_DAY, self->asked.from }, day);
    json_text(json, span_text(day));
    period_format((struct period){ PERIOD_DAY, self->asked.to }, day);
    json_text(json, span_text(day));
    json_array_end(json);
    write_names(json, "dimensions", query->dimension_names, query->dimension_count);
    json_name(json, "pagination");
    json_object(json);
    json_name(json, "limit");
    json_integer(json, (int64_t)query->limit);
    json_name(json, "offset");
    json_integer(json, (int64_t)query->offset);
    json_object_end(json);
    json_object_end(json);
}

/* ---- asking ---- */

/* 'all' is from the first closed day to the last. */
static enum sp_error
find_range(struct answering *self, struct archive *archive)
{
    struct period first;
    struct period last;
    if (!self->query->is_all)
        return SP_OK;
    enum sp_error error = archive_span(archive, self->query->site->key, PERIOD_DAY, &first, &last);
    if (error != SP_OK)
        return error == SP_NOT_FOUND ? SP_OK : error;
    self->asked.from = first.index;
    self->asked.to = last.index;
    if (self->asked.to - self->asked.from >= STATISTIC_DAYS_MAX)
        self->asked.from = self->asked.to - STATISTIC_DAYS_MAX + 1;
    return SP_OK;
}

static enum sp_error
ask(struct answering *self, struct archive *archive)
{
    enum sp_error error = find_range(self, archive);
    size_t wanted = self->by_key ? 1 : self->query->metric_count;
    for (size_t i = 0; error == SP_OK && i < wanted; i++) {
        self->asked.table = self->tables[i];
        error = statistic_new(archive, &self->asked, &self->statistics[i]);
        self->statistic_count += error == SP_OK;
    }
    if (error == SP_OK)
        error = self->by_key ? collect_keys(self) : collect_buckets(self);
    return error;
}

static void
write_all(struct json *json, const struct answering *self)
{
    json_object(json);
    write_results(json, self);
    write_meta(json, self);
    write_question(json, self);
    json_object_end(json);
}

bool
plausible_answer(const struct plausible_query *query, struct archive *archive, struct json *json,
                 struct problem *problem)
{
    struct answering self = { .query = query,
                              .asked = { query->site, TABLE_TOTAL, query->from, query->to, query->by } };
    if (!plausible_tables(query, self.tables, problem))
        return false;
    for (size_t i = 0; i < query->dimension_count; i++)
        self.by_key |= !query->dimensions[i].is_time;
    self.sums_shown = !self.by_key && query->filtered != TABLE_COUNT;
    enum sp_error error = ask(&self, archive);
    if (error == SP_OK) {
        ordered = query;
        if (self.count > 0)
            qsort(self.rows, self.count, sizeof *self.rows, compare_results);
        write_all(json, &self);
    } else {
        *problem = api_statistic_problem(error);
        problem->field = error == SP_UNAVAILABLE || error == SP_IO ? NULL : "date_range";
    }
    for (size_t i = 0; i < self.statistic_count; i++)
        statistic_free(self.statistics[i]);
    free(self.rows);
    return error == SP_OK;
}

/* ---- the route ---- */

struct query_job {
    struct api_job job; /* first */
    struct plausible_query query;
};

static void
ask_query(struct api_job *job, struct archive *archive)
{
    struct query_job *asked = (struct query_job *)job;
    if (!plausible_answer(&asked->query, archive, &job->answer.json, &job->answer.problem))
        json_fini(&job->answer.json);
    plausible_fini(&asked->query);
}

void
api_answer_query(struct api_call *call)
{
    struct problem problem;
    char site[PARAMETER_TEXT_MAX];
    struct query_job *job = calloc(1, sizeof *job);
    struct span body = call->request->body;
    char *text =
        job == NULL ? NULL : strndup(body.length == 0 ? "" : body.at, body.length); /* the reader wants a NUL */
    bool is_read = false;
    if (text == NULL) {
        api_refuse(call, 503, NULL, "There is no memory for another question; ask again.");
    } else if (!plausible_read_site(span_of(text, body.length), site, sizeof site, &problem)) {
        problem_respond(call->exchange, &problem);
    } else {
        job->query.site = api_readable_site(call, "site_id", site);
        is_read = job->query.site != NULL &&
                  plausible_read(span_of(text, body.length), clock_wall_s(), &job->query, &problem);
        if (job->query.site != NULL && !is_read)
            problem_respond(call->exchange, &problem);
    }
    free(text);
    if (is_read) {
        job->job.ask = ask_query;
        api_submit(call, &job->job);
    } else if (job != NULL) {
        plausible_fini(&job->query);
        free(job);
    }
}
