#include "screen.h"

#include <stdlib.h>

/* The i-th bucket's number into a value that exists; a table without keys has a row for each bucket. */
static void
fill_value(struct chart_value *value, const struct statistic *statistic, size_t i)
{
    if (!value->exists || statistic == NULL || i >= statistic_count(statistic))
        return;
    const struct statistic_row *row = statistic_at(statistic, i);
    *value = (struct chart_value){ true, row->shown, value->day, row->value, margin_of(row->deviation) };
}

/* The buckets of a table that has rows for shown keys only: those without a row are hidden. */
static void
fill_buckets(struct chart_point *points, size_t count, const struct statistic *statistic, bool compared)
{
    for (size_t i = 0; statistic != NULL && i < statistic_count(statistic); i++) {
        const struct statistic_row *row = statistic_at(statistic, i);
        for (size_t k = 0; k < count; k++) {
            struct chart_value *value = compared ? &points[k].compared : &points[k].now;
            if (value->exists && value->day == row->from && row->shown)
                *value = (struct chart_value){ true, true, row->from, row->value, margin_of(row->deviation) };
        }
    }
}

/* Where the i-th bucket of the days begins; false behind the last. */
static bool
bucket_begin(enum statistic_by by, struct day_range days, size_t i, int32_t *day)
{
    if (by == BY_MONTH && i > 0)
        *day = month_first_day(civil_month(days.from) + (int32_t)i);
    else if (by == BY_WEEK && i > 0)
        *day = days.from - civil_weekday(days.from) + 7 * (int32_t)i;
    else
        *day = days.from + (int32_t)i;
    return *day <= days.to;
}

/* The first month, if it was counted in part, is there by itself, but not beside a whole one. */
static struct chart_point *
points_of(const struct scope *scope, const struct list *list, enum statistic_by by, bool keyed, size_t *count)
{
    size_t room = (size_t)(list->days.to - list->days.from) + 2;
    struct chart_point *points = calloc(room, sizeof *points);
    int32_t first = by == BY_MONTH ? month_first_day(civil_month(list->counted_from)) : list->counted_from;
    int32_t day;
    *count = 0;
    for (size_t i = 0; points != NULL && bucket_begin(by, list->days, i, &day); i++) {
        points[i].now = (struct chart_value){ .exists = day >= first && day <= scope->last, .day = day };
        if (bucket_begin(by, list->compared_days, i, &day))
            points[i].compared = (struct chart_value){ .exists = day >= list->counted_from, .day = day };
        if (!keyed) {
            fill_value(&points[i].now, list->now, i);
            fill_value(&points[i].compared, list->compared, i);
        }
        *count = i + 1;
    }
    if (points != NULL && keyed) {
        fill_buckets(points, *count, list->now, false);
        fill_buckets(points, *count, list->compared, true);
    }
    return points;
}

static void
write_mark(struct screen *screen, const struct annotation *annotation)
{
    struct html *html = screen->html;
    html_raw(html, "<li><span>");
    html_date(html, screen->page->language, annotation->day, DATE_LONG);
    html_raw(html, "</span> ");
    html_text(html, annotation->text);
    if (screen->may_edit) {
        html_raw(html, "<form method=\"post\" action=\"");
        page_address(html, screen->page, screen->page->site, "/annotations");
        page_choices(html, screen->page, screen->page->selection, true);
        html_raw(html, "\"><button class=\"plain-button\" name=\"remove\" value=\"");
        html_integer(html, annotation->id);
        html_raw(html, "\" aria-label=\"");
        html_message_text(html, screen->page->language, MESSAGE_MARK_REMOVE, span_text(annotation->text));
        html_raw(html, "\">×</button></form>");
    }
    html_raw(html, "</li>");
}

static void
write_mark_form(struct screen *screen)
{
    struct html *html = screen->html;
    html_raw(html, "<details class=\"ds-details\"><summary>");
    screen_say(screen, MARK_ADD);
    html_raw(html, "</summary><div><form class=\"mark\" method=\"post\" novalidate action=\"");
    page_address(html, screen->page, screen->page->site, "/annotations");
    page_choices(html, screen->page, screen->page->selection, true);
    html_raw(html, "\"><div class=\"ds-field\"><label class=\"ds-label\" for=\"mark-day\">");
    screen_say(screen, MARK_DAY);
    html_raw(html, "</label><input class=\"ds-input\" id=\"mark-day\" name=\"day\" type=\"date\" required value=\"");
    day_write(html, screen->scope->last);
    html_raw(html, "\"></div><div class=\"ds-field\"><label class=\"ds-label\" for=\"mark-text\">");
    screen_say(screen, MARK_TEXT);
    html_raw(html, "</label><input class=\"ds-input\" id=\"mark-text\" name=\"text\" type=\"text\" maxlength=\"");
    html_integer(html, ANNOTATION_CHARACTERS_MAX);
    html_raw(html, "\" required autocomplete=\"off\"></div><button class=\"ds-button\">");
    screen_say(screen, MARK_SAVE);
    html_raw(html, "</button></form></div></details>");
}

static void
write_marks(struct screen *screen, const struct chart *chart)
{
    size_t shown = 0;
    for (size_t i = 0; i < chart->annotation_count; i++) {
        if (chart_place_annotation(chart, &chart->annotations[i]) == chart->count)
            continue;
        if (shown++ == 0) {
            html_raw(screen->html, "<ol class=\"marks\" aria-label=\"");
            screen_say(screen, MARKS);
            html_raw(screen->html, "\">");
        }
        write_mark(screen, &chart->annotations[i]);
    }
    if (shown > 0)
        html_raw(screen->html, "</ol>");
    if (screen->may_edit)
        write_mark_form(screen);
}

static bool
any_shown(const struct chart_point *points, size_t count, bool compared)
{
    for (size_t i = 0; i < count; i++)
        if (compared ? points[i].compared.shown : points[i].now.shown)
            return true;
    return false;
}

static void
render_trend(struct screen *screen, const struct block *block, const struct list *list, enum statistic_by by)
{
    bool is_views = block->table == TABLE_PAGE;
    size_t count;
    struct chart_point *points = points_of(screen->scope, list, by, table_table[block->table].key != KEY_NONE, &count);
    screen->html->failed |= points == NULL;
    if (points == NULL)
        return;
    const struct chart chart = {
        .id = "trend",
        .title = by == BY_MONTH ? (is_views ? MESSAGE_VIEWS_PER_MONTH : MESSAGE_VISITS_PER_MONTH) : block->title,
        .value = is_views ? MESSAGE_VIEWS_SHORT : MESSAGE_VISITS,
        .language = screen->page->language,
        .by = by,
        .has_compared = any_shown(points, count, true),
        .has_margins = screen->scope->selection.margins,
        .days = list->days,
        .compared = list->compared_days,
        .points = points,
        .count = any_shown(points, count, false) || !is_views ? count : 0,
        .annotations = screen->annotations,
        .annotation_count = screen->annotation_count,
        .hidden_below = mode_table[screen->page->site->mode].show,
    };
    html_raw(screen->html, "<section class=\"ds-card w12 trend\">");
    chart_render(screen->html, &chart);
    if (chart.count == 0)
        card_note(screen, MESSAGE_PAGE_FEW);
    else if (by == BY_MONTH && !days_are_months(list->days))
        card_note(screen, MESSAGE_MONTHS_CUT);
    write_marks(screen, &chart);
    card_end(screen);
    free(points);
}

/* A page in restricted mode has months only: its line is the last twelve. */
void
block_trend(struct screen *screen, const struct block *block)
{
    struct span page = { NULL, 0 };
    if (block->table == TABLE_PAGE)
        page = span_text(screen->subject);
    struct scope scope = *screen->scope;
    bool is_one_day = scope.days.from == scope.days.to && block->table == TABLE_VISITS;
    if (is_one_day && write_hours(screen, scope.days.from, MESSAGE_HOURS_OF_DAY, "w12 trend")) {
        if (screen->may_edit)
            write_mark_form(screen);
        card_end(screen);
        return;
    }
    enum statistic_by by = scope_by(&scope);
    bool has_days = (table_periods(block->table, scope.site->mode) & PERIODS_DAY) != 0;
    if (!has_days) {
        scope.selection.kind = RANGE_MONTHS_12;
        scope.days = selection_days(scope.selection, scope.last);
        scope.compared = selection_compared(scope.selection, scope.days);
        by = BY_MONTH;
    }
    if (by == BY_MONTH && !days_are_months(scope.days))
        scope.selection.compare = COMPARE_NONE; /* its months would be cut elsewhere */
    struct list list;
    if (screen_asked(screen, scope_trend(&scope, block->table, page, by, &list)))
        render_trend(screen, block, &list, by);
    list_fini(&list);
}
