#include "scope.h"

#include "sporlos/keyspace.h"

#include <math.h>

static const struct span everything = { NULL, 0 };

static enum sp_error
ask(const struct scope *scope, enum table_id table, struct span page, struct day_range days, enum statistic_by by,
    struct statistic **statistic)
{
    const struct statistic_query query = { scope->site, table, days.from, days.to, by };
    enum sp_error error = statistic_about_new(scope->archive, &query, page, statistic);
    return error == SP_REFUSED || error == SP_NOT_FOUND ? SP_OK : error;
}

static enum sp_error
ask_of(const struct scope *scope, enum table_id table, const struct span *keys, size_t count, struct day_range days,
       struct statistic **statistic)
{
    const struct statistic_query query = { scope->site, table, days.from, days.to, BY_RANGE };
    enum sp_error error = statistic_of_new(scope->archive, &query, keys, count, statistic);
    return error == SP_REFUSED || error == SP_NOT_FOUND ? SP_OK : error;
}

bool
scope_compares(const struct scope *scope, struct day_range compared)
{
    return scope->selection.compare != COMPARE_NONE && compared.from >= scope->first;
}

/* A trend shows what there is of the days compared with; a sum needs all of them. */
static enum sp_error
ask_list(const struct scope *scope, enum table_id table, struct span page, enum statistic_by by, struct list *list)
{
    list->now = list->compared = NULL;
    enum sp_error error = ask(scope, table, page, list->days, by, &list->now);
    bool is_trend = by != BY_RANGE && scope->selection.compare != COMPARE_NONE;
    if (error == SP_OK && (is_trend || scope_compares(scope, list->compared_days)))
        error = ask(scope, table, page, list->compared_days, by, &list->compared);
    return error;
}

static bool
is_whole_months(struct day_range days)
{
    return month_first_day(civil_month(days.from)) == days.from &&
           month_first_day(civil_month(days.to) + 1) == days.to + 1;
}

bool
scope_counts(const struct scope *scope, enum table_id table)
{
    return (scope->site->tables & 1U << table) != 0 && table_periods(table, scope->site->mode) != 0;
}

struct scope
scope_last_month(const struct scope *scope)
{
    struct scope month = *scope;
    month.selection.kind = RANGE_MONTH;
    month.selection.month = scope->last_month;
    month.days = selection_days(month.selection, scope->last);
    month.compared = selection_compared(month.selection, month.days);
    return month;
}

/* Which days a list is of; false: of none. */
static bool
find_days(const struct scope *scope, enum table_id table, struct list *list)
{
    *list = (struct list){ .days = scope->days, .compared_days = scope->compared };
    if (!scope_counts(scope, table))
        return false;
    bool has_days = (table_periods(table, scope->site->mode) & PERIODS_DAY) != 0;
    if (has_days || is_whole_months(scope->days))
        return true;
    if (!scope->has_month)
        return false;
    struct scope month = scope_last_month(scope);
    *list = (struct list){ .days = month.days, .compared_days = month.compared };
    return true;
}

enum sp_error
scope_list(const struct scope *scope, enum table_id table, struct span page, struct list *list)
{
    return find_days(scope, table, list) ? ask_list(scope, table, page, BY_RANGE, list) : SP_OK;
}

enum sp_error
scope_list_now(const struct scope *scope, enum table_id table, struct list *list)
{
    return find_days(scope, table, list) ? ask(scope, table, everything, list->days, BY_RANGE, &list->now) : SP_OK;
}

enum sp_error
scope_list_compare(const struct scope *scope, enum table_id table, const struct span *keys, size_t count,
                   struct list *list)
{
    bool is_compared = list->now != NULL && scope_compares(scope, list->compared_days);
    return is_compared ? ask_of(scope, table, keys, count, list->compared_days, &list->compared) : SP_OK;
}

enum sp_error
scope_list_of(const struct scope *scope, enum table_id table, const struct span *keys, size_t count, struct list *list)
{
    return find_days(scope, table, list) ? ask_of(scope, table, keys, count, list->days, &list->now) : SP_OK;
}

enum sp_error
scope_trend(const struct scope *scope, enum table_id table, struct span page, enum statistic_by by, struct list *list)
{
    *list = (struct list){ .days = scope->days, .compared_days = scope->compared };
    return scope_counts(scope, table) ? ask_list(scope, table, page, by, list) : SP_OK;
}

enum sp_error
scope_hours(const struct scope *scope, struct list *list)
{
    *list = (struct list){ .days = { scope->today, scope->today }, .compared_days = { scope->today, scope->today } };
    return scope_counts(scope, TABLE_HOUR) ? ask(scope, TABLE_HOUR, everything, list->days, BY_HOUR, &list->now)
                                           : SP_OK;
}

void
list_fini(struct list *list)
{
    statistic_free(list->now);
    statistic_free(list->compared);
    list->now = list->compared = NULL;
}

static const struct statistic_row *
only_row(const struct statistic *statistic)
{
    return statistic == NULL || statistic_count(statistic) == 0 ? NULL : statistic_at(statistic, 0);
}

static struct figure
figure_of(const struct statistic_row *now, const struct statistic_row *then)
{
    struct figure figure = { .shown = false };
    if (now != NULL && now->shown) {
        figure.shown = true;
        figure.value = now->value;
        figure.at_least = now->at_least;
        figure.deviation = now->deviation;
    }
    if (then != NULL && then->shown) {
        figure.compared_shown = true;
        figure.compared = then->value;
        figure.compared_deviation = then->deviation;
    }
    return figure;
}

enum sp_error
scope_figure(const struct scope *scope, enum table_id table, struct figure *figure)
{
    *figure = (struct figure){ .shown = false };
    struct list only = { .days = scope->days, .compared_days = scope->compared };
    if (!scope_counts(scope, table))
        return SP_OK;
    enum sp_error error = ask_list(scope, table, everything, BY_RANGE, &only);
    if (error == SP_OK)
        *figure = figure_of(only_row(only.now), only_row(only.compared));
    list_fini(&only);
    return error;
}

/* Is the total of one of the days shown? */
static enum sp_error
any_day_shown(const struct scope *scope, enum table_id table, struct day_range days, bool *shown)
{
    struct statistic *statistic = NULL;
    enum sp_error error = ask(scope, table, everything, days, BY_DAY, &statistic);
    for (size_t i = 0; statistic != NULL && i < statistic_count(statistic); i++)
        *shown |= statistic_at(statistic, i)->shown;
    statistic_free(statistic);
    return error;
}

enum sp_error
scope_has_shown(const struct scope *scope, bool *shown)
{
    enum table_id table = scope_counts(scope, TABLE_TOTAL) ? TABLE_TOTAL : TABLE_VISITS;
    struct day_range recent = { scope->last - 27, scope->last };
    struct day_range all = { scope->first, scope->last };
    *shown = !scope_counts(scope, table);
    if (*shown || !scope->has_days)
        return SP_OK;
    if (all.to - all.from >= STATISTIC_DAYS_MAX)
        all.from = all.to - STATISTIC_DAYS_MAX + 1;
    enum sp_error error = any_day_shown(scope, table, recent, shown);
    return error == SP_OK && !*shown ? any_day_shown(scope, table, all, shown) : error;
}

enum sp_error
scope_total(const struct scope *scope, enum table_id table, struct day_range days, struct figure *total)
{
    struct statistic *statistic = NULL;
    *total = (struct figure){ .shown = false };
    enum sp_error error =
        scope_counts(scope, table) ? ask(scope, table, everything, days, BY_RANGE, &statistic) : SP_OK;
    if (error == SP_OK)
        *total = figure_of(only_row(statistic), NULL);
    statistic_free(statistic);
    return error;
}

struct figure
list_figure(const struct list *list, const struct statistic_row *row)
{
    return figure_of(row, list->compared == NULL ? NULL : statistic_find(list->compared, row->key));
}

static enum sp_error
find_spans(struct scope *scope)
{
    struct period first, last;
    enum sp_error error = archive_span(scope->archive, scope->site->key, PERIOD_DAY, &first, &last);
    if (error == SP_OK) {
        scope->has_days = true;
        scope->first = first.index;
        scope->last = last.index;
        error = archive_span(scope->archive, scope->site->key, PERIOD_MONTH, &first, &last);
    }
    if (error == SP_OK) {
        scope->has_month = true;
        scope->last_month = last.index;
    }
    return error == SP_NOT_FOUND ? SP_OK : error;
}

bool
scope_has_whole_months(const struct scope *scope)
{
    return civil_month(scope->last + 1) > civil_month(scope->first);
}

/* To what there are numbers of. */
static void
clamp(struct scope *scope)
{
    struct selection *selection = &scope->selection;
    int32_t first = civil_month(scope->first);
    int32_t last = civil_month(scope->last);
    if (selection->kind == RANGE_MONTHS_12 && !scope_has_whole_months(scope))
        selection->kind = RANGE_DAYS_28;
    if (selection->kind == RANGE_MONTH && selection->month < first)
        selection->month = first;
    if (selection->kind == RANGE_MONTH && selection->month > last)
        selection->month = last;
}

enum sp_error
scope_open(struct archive *archive, const struct site_config *site, struct selection selection, int64_t now_s,
           struct scope *scope)
{
    *scope = (struct scope){ .archive = archive, .site = site, .selection = selection, .now_s = now_s };
    scope->today = period_at(PERIOD_DAY, &site->zone, now_s).index;
    enum sp_error error = find_spans(scope);
    if (error != SP_OK || !scope->has_days)
        return error;
    clamp(scope);
    scope->days = selection_days(scope->selection, scope->last);
    scope->compared = selection_compared(scope->selection, scope->days);
    return SP_OK;
}

enum statistic_by
scope_by(const struct scope *scope)
{
    return scope->selection.kind == RANGE_MONTHS_12 ? BY_MONTH : BY_DAY;
}

enum statistic_by
scope_export_by(enum table_id table, enum site_mode mode)
{
    if (table == TABLE_HOUR)
        return BY_HOUR;
    bool has_days = (table_periods(table, mode) & PERIODS_DAY) != 0;
    return has_days && table_table[table].key == KEY_NONE ? BY_DAY : BY_RANGE;
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

bool
figure_percent(const struct figure *figure, int64_t *percent)
{
    if (!figure->shown || !figure->compared_shown || figure->compared <= 0)
        return false;
    *percent = llround(100.0 * (double)(figure->value - figure->compared) / (double)figure->compared);
    return true;
}

double
deviation_of(double variance)
{
    return sqrt(variance);
}

int64_t
margin_of(double deviation)
{
    return (int64_t)ceil(2 * deviation);
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

bool
scope_hour_is_over(const struct scope *scope, int32_t hour)
{
    return ((int64_t)hour + 1) * 3600 + PERIOD_GRACE_S <= scope->now_s;
}
