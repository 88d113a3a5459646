#include "scope.h"

#include "../buckets.h"
#include "sporlos/keyspace.h"

enum { DAYS_DRAWN = 92 }; /* a line of more days has months instead */

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

/* Those of a kind that the days lie in, as far as they are closed; false: none is. */
static bool
closed_periods(const struct scope *scope, enum period_kind kind, struct day_range days, struct period *first,
               struct period *last)
{
    int32_t from = days.from < scope->first ? scope->first : days.from;
    int32_t to = days.to > scope->last ? scope->last : days.to;
    *first = (struct period){ kind, kind == PERIOD_MONTH ? civil_month(from) : from };
    *last = (struct period){ kind, kind == PERIOD_MONTH ? civil_month(to) : to };
    if (kind == PERIOD_MONTH && last->index > scope->last_month)
        last->index = scope->last_month;
    return first->index <= last->index && (kind != PERIOD_MONTH || scope->has_month);
}

/* Was the table counted in all closed periods of those days? Since when it is counted, in any case. */
static enum sp_error
find_counted(const struct scope *scope, enum table_id table, enum statistic_by by, struct day_range days,
             struct list *list)
{
    const struct statistic_query query = { scope->site, table, days.from, days.to, by };
    enum period_kind kind;
    struct period first, last, from;
    int32_t count;
    if (!buckets_choose_kind(&query, &kind) || !closed_periods(scope, kind, days, &first, &last))
        return SP_OK;
    enum sp_error error = archive_counted(scope->archive, scope->site->key, table, first, last, &count, &from);
    if (error != SP_OK)
        return error == SP_NOT_FOUND ? SP_OK : error;
    int32_t day = kind == PERIOD_MONTH ? month_first_day(from.index) : from.index;
    if (day > list->counted_from)
        list->counted_from = day;
    if (from.index > first.index)
        list->incomparable = COUNTED_LATER;
    else if (count < last.index - first.index + 1 && list->incomparable == COMPARABLE)
        list->incomparable = COUNTED_SOMETIMES;
    return SP_OK;
}

/* Was the table counted in all of both? */
static enum sp_error
find_comparable(const struct scope *scope, enum table_id table, enum statistic_by by, struct list *list)
{
    list->incomparable = list->compared_days.from < scope->first ? COUNTED_LATER : COMPARABLE;
    enum sp_error error = find_counted(scope, table, by, list->days, list);
    return error == SP_OK ? find_counted(scope, table, by, list->compared_days, list) : error;
}

/* The rows of its days, and whether they can be compared. */
static enum sp_error
ask_now(const struct scope *scope, enum table_id table, struct span page, enum statistic_by by, struct list *list)
{
    list->now = list->compared = NULL;
    list->counted_from = scope->first;
    enum sp_error error = ask(scope, table, page, list->days, by, &list->now);
    if (error == SP_OK && (scope->selection.compare != COMPARE_NONE || by != BY_RANGE))
        error = find_comparable(scope, table, by, list);
    return error;
}

/* A trend shows what there is of the days compared with; a sum needs all of them. */
static bool
is_compared_by(const struct scope *scope, enum statistic_by by, const struct list *list)
{
    return scope->selection.compare != COMPARE_NONE && (by != BY_RANGE || list->incomparable == COMPARABLE);
}

static enum sp_error
ask_list(const struct scope *scope, enum table_id table, struct span page, enum statistic_by by, struct list *list)
{
    enum sp_error error = ask_now(scope, table, page, by, list);
    if (error == SP_OK && is_compared_by(scope, by, list))
        error = ask(scope, table, page, list->compared_days, by, &list->compared);
    return error;
}

bool
scope_counts(const struct scope *scope, enum table_id table)
{
    return (scope->site->tables & 1U << table) != 0 && table_periods(table, scope->site->mode) != 0;
}

static struct scope
scope_months(const struct scope *scope, int32_t first, int32_t last)
{
    struct scope months = *scope;
    months.selection.kind = RANGE_CUSTOM;
    months.selection.from = month_first_day(first);
    months.selection.to = month_first_day(last + 1) - 1;
    months.days = selection_days(months.selection, scope->last);
    months.compared = selection_compared(months.selection, months.days);
    return months;
}

struct scope
scope_last_month(const struct scope *scope)
{
    struct scope month = scope_months(scope, scope->last_month, scope->last_month);
    month.selection.kind = RANGE_MONTH;
    month.selection.month = scope->last_month;
    return month;
}

/* What stands for days that are not whole months. */
static struct scope
nearest_months(const struct scope *scope)
{
    int32_t first = civil_month(scope->days.from - 1) + 1; /* the first whole one */
    int32_t last = civil_month(scope->days.to + 1) - 1;
    if (scope->selection.kind != RANGE_CUSTOM)
        first = last = scope->last_month;
    else if (first < civil_month(scope->first))
        first = civil_month(scope->first);
    if (last > scope->last_month)
        last = scope->last_month;
    if (first <= last)
        return scope_months(scope, first, last);
    last = civil_month(scope->days.to);
    if (last > scope->last_month)
        last = scope->last_month;
    return scope_months(scope, last, last);
}

/* Which days a list is of; false: of none. */
static bool
find_days(const struct scope *scope, enum table_id table, struct list *list)
{
    *list = (struct list){ .days = scope->days, .compared_days = scope->compared };
    if (!scope_counts(scope, table))
        return false;
    bool has_days = (table_periods(table, scope->site->mode) & PERIODS_DAY) != 0;
    if (has_days || days_are_months(scope->days))
        return true;
    if (!scope->has_month)
        return false;
    struct scope months = nearest_months(scope);
    *list = (struct list){ .days = months.days, .compared_days = months.compared };
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
    return find_days(scope, table, list) ? ask_now(scope, table, everything, BY_RANGE, list) : SP_OK;
}

enum sp_error
scope_list_compare(const struct scope *scope, enum table_id table, const struct span *keys, size_t count,
                   struct list *list)
{
    bool is_compared = list->now != NULL && is_compared_by(scope, BY_RANGE, list);
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
scope_hours(const struct scope *scope, int32_t day, struct list *list)
{
    *list = (struct list){ .days = { day, day }, .compared_days = { day, day } };
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
figure_of(const struct list *list, const struct statistic_row *now, const struct statistic_row *then)
{
    struct figure figure = { .incomparable = list->incomparable, .counted_from = list->counted_from };
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
        *figure = figure_of(&only, only_row(only.now), only_row(only.compared));
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
        *total = figure_of(&(struct list){ .days = days }, only_row(statistic), NULL);
    statistic_free(statistic);
    return error;
}

struct figure
list_figure(const struct list *list, const struct statistic_row *row)
{
    return figure_of(list, row, list->compared == NULL ? NULL : statistic_find(list->compared, row->key));
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
scope_has_this_week(const struct scope *scope)
{
    return scope->last >= scope->today - civil_weekday(scope->today);
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
    if (selection->kind == RANGE_THIS_WEEK && !scope_has_this_week(scope))
        selection->kind = RANGE_LAST_WEEK;
    if (selection->kind == RANGE_MONTHS_12 && !scope_has_whole_months(scope))
        selection->kind = RANGE_DAYS_28;
    if (selection->kind == RANGE_MONTH && selection->month < first)
        selection->month = first;
    if (selection->kind == RANGE_MONTH && selection->month > last)
        selection->month = last;
}

static enum range_problem
find_problem(const struct scope *scope)
{
    const struct selection *selection = &scope->selection;
    if (selection->kind != RANGE_CUSTOM)
        return RANGE_IS_FINE;
    if (selection->from == NO_DAY || selection->to == NO_DAY)
        return RANGE_IS_NO_DAY;
    if (selection->to < selection->from)
        return RANGE_IS_REVERSED;
    if (selection->to > scope->last)
        return RANGE_IS_AHEAD;
    if (selection->to - selection->from >= STATISTIC_DAYS_MAX)
        return RANGE_IS_LONG;
    return selection->to < scope->first ? RANGE_IS_BEFORE : RANGE_IS_FINE;
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
    scope->problem = find_problem(scope);
    struct selection meant = scope->selection;
    if (scope->problem != RANGE_IS_FINE)
        meant.kind = RANGE_DAYS_28;
    scope->days = selection_days(meant, scope->last);
    scope->compared = selection_compared(meant, scope->days);
    return SP_OK;
}

enum statistic_by
scope_by(const struct scope *scope)
{
    return scope->days.to - scope->days.from >= DAYS_DRAWN ? BY_MONTH : BY_DAY;
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
