#include "page.h"

#include "../visitor_bias.h"
#include "chart.h"

#include <math.h>
#include <stdlib.h>

/* Rounded percent of change; false where it says nothing. */
static bool
change_percent(const struct figure *figure, int64_t *percent)
{
    if (!figure->shown || !figure->compared_shown || figure->compared <= 0)
        return false;
    *percent = llround(100.0 * (double)(figure->value - figure->compared) / (double)figure->compared);
    return true;
}

static void
write_signed(struct html *html, int64_t percent)
{
    if (percent > 0)
        html_raw(html, "+");
    html_number(html, percent);
    html_raw(html, "\xc2\xa0%");
}

void
write_change(struct html *html, const struct page *page, const struct figure *figure)
{
    int64_t percent;
    if (!change_percent(figure, &percent)) {
        html_raw(html, ":");
    } else if (percent == 0 || figure_direction(figure) == 0) {
        html_raw(html, "<span aria-hidden=\"true\">≈</span><span class=\"ds-sr-only\">");
        page_say(html, page, UNCHANGED);
        html_raw(html, "</span>");
    } else {
        write_signed(html, percent);
    }
}

/* 'opp +14 %' and 'fra 7 378'. */
static void
write_comparison(struct html *html, const struct page *page, const struct figure *figure)
{
    int64_t percent;
    if (!change_percent(figure, &percent))
        return;
    int direction = percent == 0 ? 0 : figure_direction(figure);
    html_raw(html, "<dd class=\"change\">");
    if (direction == 0) {
        html_raw(html, "<span class=\"ds-tag\" data-color=\"neutral\">");
        page_say(html, page, UNCHANGED);
    } else if (direction > 0) {
        html_raw(html, "<span class=\"ds-tag\" data-color=\"success\">");
        page_say(html, page, UP);
    } else {
        html_raw(html, "<span class=\"ds-tag\" data-color=\"warning\">");
        page_say(html, page, DOWN);
    }
    if (direction != 0) {
        html_raw(html, " ");
        write_signed(html, percent);
    }
    html_raw(html, "</span> ");
    html_message_number(html, page->language, MESSAGE_FROM_VALUE, figure->compared);
    html_raw(html, "</dd>");
}

static void
begin_figure(struct html *html, const struct page *page, enum message label, const struct figure *figure)
{
    html_raw(html, "<div><dt>");
    html_message(html, page->language, label);
    html_raw(html, "</dt><dd class=\"value\">");
    if (figure->shown && figure->at_least)
        html_message_number(html, page->language, MESSAGE_TODAY_AT_LEAST, figure->value);
    else if (figure->shown)
        html_number(html, figure->value);
    else
        html_raw(html, ":");
    html_raw(html, "</dd>");
    write_comparison(html, page, figure);
}

static void
write_figure(struct html *html, const struct page *page, enum message label, const struct figure *figure)
{
    begin_figure(html, page, label, figure);
    html_raw(html, "</div>");
}

/* An estimate, and how good it is, next to it. */
static void
write_visitors(struct html *html, const struct page *page, const struct figure *figure)
{
    begin_figure(html, page, MESSAGE_VISITORS, figure);
    html_raw(html, "<dd class=\"small\">");
    html_message_number(html, page->language, MESSAGE_VISITORS_MEAN, -VISITOR_BIAS_10000);
    html_raw(html, "</dd></div>");
}

/* Views a visit with one decimal. False where one of them is hidden. */
static bool
write_quotient(struct html *html, const struct page *page, bool shown, int64_t views, int64_t visits)
{
    if (!shown || views < 0 || visits <= 0)
        return false;
    int64_t tenths = llround(10.0 * (double)views / (double)visits);
    html_number(html, tenths / 10);
    html_text(html, page->language == LANGUAGE_EN ? "." : ",");
    html_integer(html, tenths % 10);
    return true;
}

static void
write_ratio(struct html *html, const struct page *page, const struct overview *overview)
{
    const struct figure *views = &overview->views;
    const struct figure *visits = &overview->visits;
    struct html then = { 0 };
    html_raw(html, "<div><dt>");
    page_say(html, page, VIEWS_PER_VISIT);
    html_raw(html, "</dt><dd class=\"value\">");
    if (!write_quotient(html, page, views->shown && visits->shown, views->value, visits->value))
        html_raw(html, ":");
    html_raw(html, "</dd>");
    if (write_quotient(&then, page, views->compared_shown && visits->compared_shown, views->compared,
                       visits->compared)) {
        html_raw(html, "<dd class=\"change\">");
        html_message_text(html, page->language, MESSAGE_FROM_VALUE, span_of(then.at, then.length));
        html_raw(html, "</dd>");
    }
    html_raw(html, "</div>");
    html_fini(&then);
}

static void
write_clock(struct html *html, const struct page *page, int64_t utc_s)
{
    struct period day = period_at(PERIOD_DAY, &page->site->zone, utc_s - 1);
    int64_t hours = (utc_s - period_start(day, &page->site->zone) + 1800) / 3600;
    html_text(html, hours < 10 ? "0" : "");
    html_integer(html, hours);
    html_raw(html, ":00");
}

/* Today's closed hours: their sum, and the end of the last. */
static void
write_today(struct html *html, const struct page *page, const struct overview *overview)
{
    int64_t sum = 0;
    int64_t end_s = 0;
    bool some_hidden = false;
    for (size_t i = 0; i < statistic_count(overview->hours); i++) {
        const struct statistic_row *row = statistic_at(overview->hours, i);
        bool is_closed = ((int64_t)row->from + 1) * 3600 + 600 <= overview->now_s;
        if (is_closed) {
            sum += row->value;
            end_s = ((int64_t)row->from + 1) * 3600;
            some_hidden |= !row->shown;
        }
    }
    html_raw(html, "<div><dt>");
    if (end_s == 0) {
        page_say(html, page, TODAY_NONE);
        html_raw(html, "</dt><dd class=\"unit\">");
        page_say(html, page, TODAY_WAIT);
        html_raw(html, "</dd></div>");
        return;
    }
    struct html clock = { 0 };
    struct html number = { 0 };
    write_clock(&clock, page, end_s);
    html_number(&number, sum);
    html_message_text(html, page->language, MESSAGE_TODAY, span_of(clock.at, clock.length));
    html_raw(html, "</dt><dd class=\"value\">");
    if (some_hidden && sum > 0)
        html_message_text(html, page->language, MESSAGE_TODAY_AT_LEAST, span_of(number.at, number.length));
    else if (some_hidden)
        html_raw(html, ":");
    else
        html_span(html, span_of(number.at, number.length));
    html_raw(html, "</dd><dd class=\"unit\">");
    page_say(html, page, TODAY_UNIT);
    html_raw(html, "</dd></div>");
    html_fini(&clock);
    html_fini(&number);
}

void
section_figures(struct html *html, const struct page *page, const struct overview *overview)
{
    html_raw(html, "<dl class=\"figures ds-card\">");
    write_figure(html, page, MESSAGE_VISITS, &overview->visits);
    if (overview->visitors.shown)
        write_visitors(html, page, &overview->visitors);
    write_figure(html, page, MESSAGE_VIEWS, &overview->views);
    write_ratio(html, page, overview);
    if (overview->hours != NULL)
        write_today(html, page, overview);
    html_raw(html, "</dl>");
}

static struct chart_value
chart_value(const struct statistic *statistic, size_t i)
{
    if (statistic == NULL || i >= statistic_count(statistic))
        return (struct chart_value){ 0 };
    const struct statistic_row *row = statistic_at(statistic, i);
    return (struct chart_value){ true, row->shown, row->from, row->value };
}

void
section_trend(struct html *html, const struct page *page, const struct overview *overview)
{
    const struct list *trend = &overview->trend;
    size_t count = trend->now == NULL ? 0 : statistic_count(trend->now);
    struct chart_point *points = calloc(count + 1, sizeof *points);
    if (points == NULL) {
        html->failed = true;
        return;
    }
    bool has_compared = false;
    for (size_t i = 0; i < count; i++) {
        points[i] = (struct chart_point){ chart_value(trend->now, i), chart_value(trend->compared, i) };
        has_compared |= points[i].compared.shown;
    }
    const struct chart chart = {
        .id = "trend",
        .title = overview->trend_by == BY_MONTH ? MESSAGE_VISITS_PER_MONTH : MESSAGE_VISITS_PER_DAY,
        .language = page->language,
        .is_monthly = overview->trend_by == BY_MONTH,
        .has_compared = has_compared,
        .days = overview->days,
        .compared = overview->compared,
        .points = points,
        .count = count,
    };
    html_raw(html, "<section class=\"ds-card trend\">");
    chart_render(html, &chart);
    html_raw(html, "</section>");
    free(points);
}
