#include "page.h"

#include <math.h>

enum { HOUR_GRACE_S = 600, HOURS_A_DAY = 24 };

static void
write_heading(struct html *html, const struct page *page, const char *id, enum message title)
{
    html_raw(html, "<div class=\"title\"><h2 class=\"ds-heading\" data-size=\"2xs\" id=\"");
    html_text(html, id);
    html_raw(html, "\">");
    html_message(html, page->language, title);
    html_raw(html, "</h2></div>");
}

static bool
is_closed(const struct overview *overview, const struct statistic_row *row)
{
    return ((int64_t)row->from + 1) * 3600 + HOUR_GRACE_S <= overview->now_s;
}

/* The local hour a row stands for, 0..24: an hour that comes twice in autumn is told by its place in the day. */
static int
local_hour(const struct overview *overview, const struct statistic_row *row)
{
    const struct zone *zone = &overview->site->zone;
    int64_t start_s = period_start((struct period){ PERIOD_DAY, overview->today }, zone);
    return (int)(((int64_t)row->from * 3600 - start_s) / 3600);
}

static void
write_hour(struct html *html, int hour)
{
    html_text(html, hour < 10 ? "0" : "");
    html_integer(html, hour);
}

/* Columns in percent of the picture; the hour and its number as a title. */
static void
write_column(struct html *html, const struct overview *overview, const struct statistic_row *row, int64_t greatest)
{
    int64_t x = local_hour(overview, row) * 100000LL / HOURS_A_DAY;
    int64_t height = row->shown && greatest > 0 && row->value > 0 ? row->value * 84000 / greatest : 0;
    html_raw(html, "<g><title>");
    write_hour(html, local_hour(overview, row));
    html_raw(html, "–");
    write_hour(html, local_hour(overview, row) + 1);
    html_raw(html, ": ");
    if (row->shown)
        html_number(html, row->value);
    else
        html_raw(html, ":");
    html_raw(html, "</title><rect class=\"hit\" height=\"100%\" width=\"4.1%\" x=\"");
    html_decimal(html, x);
    html_raw(html, "%\"/><rect width=\"2.9%\" rx=\"2\" x=\"");
    html_decimal(html, x + 600);
    html_raw(html, "%\" y=\"");
    html_decimal(html, 85000 - height);
    html_raw(html, "%\" height=\"");
    html_decimal(html, height);
    html_raw(html, "%\"/></g>");
}

static void
write_hour_picture(struct html *html, const struct page *page, const struct overview *overview)
{
    int64_t greatest = 0;
    size_t count = statistic_count(overview->hours);
    for (size_t i = 0; i < count; i++)
        if (statistic_at(overview->hours, i)->value > greatest)
            greatest = statistic_at(overview->hours, i)->value;
    html_raw(html, "<svg class=\"hours\" role=\"img\" aria-labelledby=\"hours hours-desc\"><desc id=\"hours-desc\">");
    page_say(html, page, HOURS_SAYS);
    html_raw(html, "</desc><line x2=\"100%\" y1=\"85%\" y2=\"85%\"/>");
    for (size_t i = 0; i < count; i++)
        if (is_closed(overview, statistic_at(overview->hours, i)))
            write_column(html, overview, statistic_at(overview->hours, i), greatest);
    for (int hour = 0; hour < HOURS_A_DAY; hour += 6) {
        html_raw(html, "<text y=\"100%\" dy=\"-1\" x=\"");
        html_decimal(html, (hour * 100000LL + 50000) / HOURS_A_DAY);
        html_raw(html, "%\">");
        write_hour(html, hour);
        html_raw(html, "</text>");
    }
    html_raw(html, "</svg>");
}

static void
write_hour_table(struct html *html, const struct page *page, const struct overview *overview)
{
    html_raw(html, "<details class=\"ds-details\"><summary>");
    page_say(html, page, AS_TABLE);
    html_raw(html, "</summary><div><table class=\"ds-table\" aria-labelledby=\"hours\"><thead><tr><th scope=\"col\">");
    page_say(html, page, HOUR);
    html_raw(html, "</th><th scope=\"col\">");
    page_say(html, page, VIEWS);
    html_raw(html, "</th></tr></thead><tbody>");
    for (size_t i = 0; i < statistic_count(overview->hours); i++) {
        const struct statistic_row *row = statistic_at(overview->hours, i);
        if (!is_closed(overview, row))
            continue;
        html_raw(html, "<tr><th scope=\"row\">");
        write_hour(html, local_hour(overview, row));
        html_raw(html, "–");
        write_hour(html, local_hour(overview, row) + 1);
        html_raw(html, "</th><td>");
        if (row->shown)
            html_number(html, row->value);
        else
            html_raw(html, ":");
        html_raw(html, "</td></tr>");
    }
    html_raw(html, "</tbody></table></div></details>");
}

void
section_hours(struct html *html, const struct page *page, const struct overview *overview)
{
    bool has_closed = false;
    bool has_shown = false;
    for (size_t i = 0; overview->hours != NULL && i < statistic_count(overview->hours); i++) {
        has_closed |= is_closed(overview, statistic_at(overview->hours, i));
        has_shown |= statistic_at(overview->hours, i)->shown;
    }
    if (!has_closed || !has_shown)
        return;
    html_raw(html, "<section class=\"ds-card\">");
    write_heading(html, page, "hours", MESSAGE_HOURS_TODAY);
    write_hour_picture(html, page, overview);
    write_hour_table(html, page, overview);
    html_raw(html, "</section>");
}

static void
write_reason(struct html *html, const struct page *page, struct span reason)
{
    static const struct {
        const char *name;
        enum message message;
    } rows[] = {
        { "ai", MESSAGE_REASON_AI },
        { "bot", MESSAGE_REASON_BOT },
        { "prefetch", MESSAGE_REASON_PREFETCH },
        { "foreign_origin", MESSAGE_REASON_ORIGIN },
        { "malformed", MESSAGE_REASON_MALFORMED },
        { "full", MESSAGE_REASON_FULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (span_equal(reason, span_text(rows[i].name))) {
            html_message(html, page->language, rows[i].message);
            return;
        }
    }
    html_span(html, reason);
}

static void
write_reason_row(struct html *html, const struct page *page, const struct statistic_row *row)
{
    if (!row->shown)
        return;
    html_raw(html, "<tr><th scope=\"row\">");
    write_reason(html, page, row->key);
    html_raw(html, "</th><td>");
    html_number(html, row->value);
    html_raw(html, "</td></tr>");
}

void
section_not_counted(struct html *html, const struct page *page, const struct overview *overview)
{
    const struct statistic *dropped = overview->dropped.now;
    html_raw(html, "<section class=\"ds-card\">");
    write_heading(html, page, "dropped", MESSAGE_NOT_COUNTED);
    html_raw(html, "<p class=\"small\">");
    page_say(html, page, NOT_COUNTED_LEDE);
    html_raw(html, "</p><table class=\"ds-table\" aria-labelledby=\"dropped\"><thead><tr><th scope=\"col\">");
    page_say(html, page, REASON);
    html_raw(html, "</th><th scope=\"col\">");
    page_say(html, page, REQUESTS);
    html_raw(html, "</th></tr></thead><tbody><tr><th scope=\"row\">");
    page_say(html, page, DECLINED);
    html_raw(html, "</th><td>");
    if (overview->declined.shown)
        html_number(html, overview->declined.value);
    else
        html_raw(html, ":");
    html_raw(html, "</td></tr>");
    for (size_t i = 0; dropped != NULL && i < statistic_count(dropped); i++)
        write_reason_row(html, page, statistic_at(dropped, i));
    html_raw(html, "</tbody></table></section>");
}

static void
write_item(struct html *html, const struct page *page, enum message message, int64_t number)
{
    html_raw(html, "<li>");
    html_message_number(html, page->language, message, number);
    html_raw(html, "</li>");
}

/* Two standard deviations of both key figures: about 19 of 20 times the exact number lies within. */
static void
write_uncertainty(struct html *html, const struct page *page, const struct overview *overview)
{
    if (!overview->visits.shown || !overview->views.shown)
        return;
    struct html numbers[2] = { 0 };
    html_number(&numbers[0], lround(2 * overview->visits.deviation));
    html_number(&numbers[1], lround(2 * overview->views.deviation));
    const struct span arguments[] = { span_of(numbers[0].at, numbers[0].length),
                                      span_of(numbers[1].at, numbers[1].length) };
    html_raw(html, "<li>");
    html_format(html, message_text(MESSAGE_UNCERTAINTY, page->language), 2, arguments);
    html_raw(html, "</li>");
    html_fini(&numbers[0]);
    html_fini(&numbers[1]);
}

void
section_reading(struct html *html, const struct page *page, const struct overview *overview)
{
    const struct mode *mode = &mode_table[page->site->mode];
    html_raw(html, "<section class=\"ds-card\">");
    write_heading(html, page, "reading", MESSAGE_HOW_TO_READ);
    html_raw(html, "<ul class=\"plain\">");
    write_item(html, page, MESSAGE_HIDDEN_MEANS, mode->show);
    write_item(html, page, MESSAGE_NOISE_MEANS, mode->bound);
    write_uncertainty(html, page, overview);
    write_item(html, page, MESSAGE_VISIT_MEANS, 0);
    write_item(html, page, MESSAGE_CLOSED_MEANS, 0);
    html_raw(html, "</ul></section>");
}

static void
write_collector(struct html *html, const struct page *page)
{
    const char *url = page->config->aggregator.collector_url;
    html_text(html, url == NULL ? "https://…" : url);
}

void
section_start(struct html *html, const struct page *page, const struct overview *overview)
{
    html_raw(html, "<section class=\"ds-card start\"><h2 class=\"ds-heading\" data-size=\"xs\">");
    page_say(html, page, EMPTY_TITLE);
    html_raw(html, "</h2><p class=\"ds-paragraph\">");
    html_message(html, page->language, overview->hours == NULL ? MESSAGE_EMPTY_LEDE : MESSAGE_EMPTY_LEDE_HOURS);
    html_raw(html, "</p><ol><li>");
    page_say(html, page, EMPTY_STEP_SCRIPT);
    html_raw(html, "<pre tabindex=\"0\"><code>&lt;script defer src=\"");
    write_collector(html, page);
    html_text(html, mode_table[page->site->mode].tables == TABLES_RESTRICTED ? "/s-restricted.js" : "/s.js");
    html_raw(html, "\" data-site=\"");
    html_text(html, page->site->key);
    html_raw(html, "\"&gt;&lt;/script&gt;</code></pre></li><li>");
    page_say(html, page, EMPTY_STEP_CSP);
    html_raw(html, "<pre tabindex=\"0\"><code>script-src ");
    write_collector(html, page);
    html_raw(html, "; connect-src ");
    write_collector(html, page);
    html_raw(html, "</code></pre></li><li>");
    page_say(html, page, EMPTY_STEP_VISIT);
    html_raw(html, "</li></ol></section>");
}
