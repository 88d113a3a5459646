/*
 * /popular: the most read pages of the last 28 closed days, or of the last closed month where days are not counted.
 *
 * A tag's pages are those that the configuration says (popular_tags, or sections): which page had which tag is not
 * counted, for two tables of one beacon are never joined, and counting pages by tag would be such a join kept for ever.
 * So the list is one filter over the table of pages, and tells no more than that table.
 */
#include <stdlib.h>

#include "api_call.h"
#include "sporlos/page_pattern.h"
#include "sporlos/utf8.h"

enum { POPULAR_DAYS = 28, POPULAR_DEFAULT = 10, POPULAR_MAX = 100 };

struct popular_job {
    struct api_job job; /* first */
    const struct site_config *site;
    char tag[PARAMETER_TEXT_MAX]; /* "": all pages */
    size_t count;
};

static bool
pair_matches(const struct text_pair *pairs, size_t count, const char *name, struct span page)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].right, name) == 0 && page_pattern_matches(pairs[i].left, page))
            return true;
    return false;
}

static bool
pair_names(const struct text_pair *pairs, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].right, name) == 0)
            return true;
    return false;
}

static bool
has_tag(const struct popular_job *popular, struct span page)
{
    const struct site_config *site = popular->site;
    return popular->tag[0] == '\0' || pair_matches(site->popular_tags, site->popular_tag_count, popular->tag, page) ||
           pair_matches(site->sections, site->section_count, popular->tag, page);
}

/* The last 28 closed days, else the last closed month. False: nothing has closed. */
static enum sp_error
find_days(struct archive *archive, struct statistic_query *query)
{
    struct period first;
    struct period last;
    bool has_days = (table_periods(TABLE_PAGE, query->site->mode) & PERIODS_DAY) != 0;
    enum sp_error error = archive_span(archive, query->site->key, has_days ? PERIOD_DAY : PERIOD_MONTH, &first, &last);
    if (error == SP_OK && has_days) {
        query->to = last.index;
        query->from = last.index - POPULAR_DAYS + 1;
    } else if (error == SP_OK) {
        query->from = month_first_day(last.index);
        query->to = month_first_day(last.index + 1) - 1;
    }
    return error;
}

static void
write_day(struct json *json, const char *name, int32_t day)
{
    char text[PERIOD_TEXT_MAX];
    period_format((struct period){ PERIOD_DAY, day }, text);
    json_name(json, name);
    json_text(json, span_text(text));
}

/* Rows come with the largest first; those without a name are no pages. */
static void
write_pages(struct json *json, const struct popular_job *popular, const struct statistic *statistic)
{
    size_t left = popular->count;
    for (size_t i = 0; i < statistic_count(statistic) && left > 0; i++) {
        const struct statistic_row *row = statistic_at(statistic, i);
        if (!row->shown || row->key.length == 0 || row->key.at[0] != '/' || !has_tag(popular, row->key))
            continue;
        json_object(json);
        json_name(json, "page");
        json_text(json, row->key);
        json_name(json, "views");
        json_integer(json, row->value);
        json_object_end(json);
        left--;
    }
}

static void
ask_popular(struct api_job *job, struct archive *archive)
{
    struct popular_job *popular = (struct popular_job *)job;
    struct statistic_query query = { .site = popular->site, .table = TABLE_PAGE, .by = BY_RANGE };
    struct statistic *statistic = NULL;
    struct json *json = &job->answer.json;
    enum sp_error error = find_days(archive, &query);
    if (error == SP_OK)
        error = statistic_new(archive, &query, &statistic);
    if (error != SP_OK && error != SP_NOT_FOUND) {
        job->answer.problem = api_statistic_problem(error);
        return;
    }
    job->answer.is_public = popular->site->popular;
    json_object(json);
    json_name(json, "site");
    json_text(json, span_text(popular->site->key));
    if (popular->tag[0] != '\0') {
        json_name(json, "tag");
        json_text(json, span_text(popular->tag));
    }
    write_day(json, "from", query.from);
    write_day(json, "to", query.to);
    json_name(json, "pages");
    json_array(json);
    if (statistic != NULL)
        write_pages(json, popular, statistic);
    json_array_end(json);
    json_object_end(json);
    statistic_free(statistic);
}

/* 1 to POPULAR_MAX; 0 when it is none. */
static size_t
read_count(const struct api_parameters *parameters)
{
    const char *text = parameters->text[PARAMETER_N];
    size_t number = 0;
    if (!parameters->given[PARAMETER_N])
        return POPULAR_DEFAULT;
    for (; *text >= '0' && *text <= '9' && number <= POPULAR_MAX; text++)
        number = number * 10 + (size_t)(*text - '0');
    return *text == '\0' && number <= POPULAR_MAX ? number : 0;
}

/* One that does not publish its pages is, without a token for it, as good as none. */
static const struct site_config *
find_site(struct api_call *call)
{
    const struct site_config *site = api_site(call->api->config, call->parameters.text[PARAMETER_POPULAR_SITE]);
    bool may = site != NULL && (site->popular || token_grant_covers(&call->grant, SCOPE_POPULAR, site->key));
    if (!may)
        api_refuse(call, 404, "site", parameter_rows[PARAMETER_POPULAR_SITE].wrong);
    return may ? site : NULL;
}

/* As the configuration keeps them; what is no UTF-8 is no tag. */
static void
fold_tag(char tag[PARAMETER_TEXT_MAX])
{
    uint32_t code;
    for (size_t i = 0, length; tag[i] != '\0'; i += length)
        if ((length = utf8_decode(span_text(tag + i), &code)) == 0)
            return;
    utf8_lower(tag, strlen(tag));
}

void
api_answer_popular(struct api_call *call)
{
    const struct site_config *site = find_site(call);
    char tag[PARAMETER_TEXT_MAX];
    size_t count = read_count(&call->parameters);
    memcpy(tag, call->parameters.text[PARAMETER_TAG], sizeof tag);
    fold_tag(tag);
    if (site == NULL)
        return;
    if (count == 0) {
        api_refuse(call, 400, "n", parameter_rows[PARAMETER_N].wrong);
    } else if (tag[0] != '\0' && !pair_names(site->popular_tags, site->popular_tag_count, tag) &&
               !pair_names(site->sections, site->section_count, tag)) {
        api_refuse(call, 404, "tag", parameter_rows[PARAMETER_TAG].wrong);
    } else if (!api_site_counts(site, TABLE_PAGE)) {
        api_refuse(call, 404, "site", "The site does not count pages.");
    } else {
        struct popular_job *job = calloc(1, sizeof *job);
        if (job != NULL) {
            job->job.ask = ask_popular;
            job->site = site;
            job->count = count;
            memcpy(job->tag, tag, sizeof job->tag);
        }
        api_submit(call, job == NULL ? NULL : &job->job);
    }
}
