#include "screen.h"

#include "../buckets.h"

#include <inttypes.h>
#include <stdio.h>

void
block_snippet(struct screen *screen, const struct block *block)
{
    card_begin(screen, block, "snippet", NULL);
    html_raw(screen->html, "<div class=\"start\"><ol>");
    write_snippet(screen);
    html_raw(screen->html, "<li>");
    screen_say(screen, EMPTY_STEP_VISIT);
    html_raw(screen->html, "</li></ol></div>");
    card_end(screen);
}

/* 'i dag kl. 14:05', '20. november 2026 kl. 09:12'. */
static void
write_moment(struct html *html, const struct screen *screen, int64_t utc_s)
{
    const struct zone *zone = &screen->page->site->zone;
    struct period day = period_at(PERIOD_DAY, zone, utc_s);
    struct html parts[2] = { 0 };
    if (day.index == screen->scope->today)
        html_message(&parts[0], screen->page->language, MESSAGE_TODAY_WORD);
    else
        html_date(&parts[0], screen->page->language, day.index, DATE_LONG);
    html_clock(&parts[1], zone_minute_of_day(zone, utc_s));
    const struct span arguments[] = { span_of(parts[0].at, parts[0].length), span_of(parts[1].at, parts[1].length) };
    html_format(html, message_text(MESSAGE_AT_MINUTE, screen->page->language), 2, arguments);
    for (size_t i = 0; i < 2; i++) {
        html->failed |= parts[i].failed;
        html_fini(&parts[i]);
    }
}

static void
write_said(struct screen *screen, enum message message, struct html *part)
{
    html_raw(screen->html, "<p class=\"ds-paragraph\">");
    html_message_part(screen->html, screen->page->language, message, part);
    html_raw(screen->html, "</p>");
}

static void
write_last(struct screen *screen)
{
    struct html moment = { 0 };
    struct html day = { 0 };
    const struct activity_told *last = &screen->last_view;
    if (last->last_s > 0)
        write_moment(&moment, screen, last->last_s);
    if (last->last_s > 0)
        write_said(screen, last->by_hour ? MESSAGE_LAST_VIEW_HOUR : MESSAGE_LAST_VIEW, &moment);
    else
        write_said(screen, MESSAGE_LAST_VIEW_NONE, &moment);
    if (screen->scope->has_days)
        html_date(&day, screen->page->language, screen->scope->last, DATE_LONG);
    write_said(screen, screen->scope->has_days ? MESSAGE_LAST_CLOSED : MESSAGE_LAST_NEVER, &day);
}

static void
write_link(struct screen *screen, bool waiting, enum message message, const char *class)
{
    struct html *html = screen->html;
    html_raw(html, "<p><a class=\"");
    html_text(html, class);
    html_raw(html, "\"");
    char since[24];
    snprintf(since, sizeof since, "%" PRId64, screen->scope->now_s);
    if (waiting)
        screen_href(screen, "/settings", "wait", span_text(since));
    else
        screen_href(screen, "/settings", NULL, span_text(""));
    html_raw(html, ">");
    html_message(html, screen->page->language, message);
    html_raw(html, "</a></p>");
}

/* To the minute, as last_view is: an address made for any other second tells nothing that the page does not. */
bool
screen_has_arrived(const struct screen *screen)
{
    return screen->last_view.last_s > 0 && screen->last_view.last_s / 60 >= screen->waiting_since_s / 60;
}

/* The answer of the page renews itself while it waits (dashboard.c); without a script, and only when asked to. */
static void
write_test(struct screen *screen)
{
    struct html *html = screen->html;
    if (screen->last_view.by_hour) {
        card_note(screen, MESSAGE_TEST_NOT);
        return;
    }
    if (!screen->is_waiting) {
        write_link(screen, true, MESSAGE_TEST, "ds-button");
        return;
    }
    bool works = screen_has_arrived(screen);
    html_raw(html, "<p role=\"status\" class=\"note\">");
    html_message(html, screen->page->language, works ? MESSAGE_TEST_WORKS : MESSAGE_TEST_WAITING);
    html_raw(html, "</p>");
    if (!works)
        card_note(screen, MESSAGE_TEST_HELP);
    write_link(screen, false, MESSAGE_TEST_STOP, "ds-link");
}

void
block_received(struct screen *screen, const struct block *block)
{
    card_begin(screen, block, "received", NULL);
    html_raw(screen->html, "<div class=\"said\">");
    write_last(screen);
    write_test(screen);
    html_raw(screen->html, "</div>");
    card_end(screen);
}

static void
write_download(struct screen *screen, enum table_id table, const char *form, const char *title, enum message name)
{
    struct html *html = screen->html;
    html_raw(html, "<a class=\"ds-link\" download href=\"");
    page_address(html, screen->page, screen->page->site, "/export");
    html_raw(html, "?table=");
    html_text(html, table_table[table].name);
    html_raw(html, "&amp;form=");
    html_text(html, form);
    page_choices(html, screen->page, screen->page->selection, false);
    html_raw(html, "\" aria-label=\"");
    html_message(html, screen->page->language, name);
    html_raw(html, ": ");
    html_text(html, table_table[table].words[screen->page->language]);
    html_raw(html, "\">");
    html_text(html, title);
    html_raw(html, "</a>");
}

static void
write_downloads(struct screen *screen, enum table_id table)
{
    struct html *html = screen->html;
    html_raw(html, "<tr><th scope=\"row\">");
    html_text(html, table_table[table].words[screen->page->language]);
    html_raw(html, "</th><td>");
    write_download(screen, table, "csv", "CSV", MESSAGE_EXPORT_CSV);
    html_raw(html, "</td><td>");
    write_download(screen, table, "json-stat", "JSON-stat", MESSAGE_EXPORT_JSON);
    html_raw(html, "</td><td>");
    write_download(screen, table, "svg", "SVG", MESSAGE_EXPORT_SVG);
    html_raw(html, "</td></tr>");
}

/* Tables with months only are there where the days are whole months. */
static bool
can_download(const struct scope *scope, enum table_id table)
{
    const struct statistic_query query = { scope->site, table, scope->days.from, scope->days.to,
                                           scope_export_by(table, scope->site->mode) };
    enum period_kind kind;
    return scope_counts(scope, table) && buckets_choose_kind(&query, &kind);
}

void
block_exports(struct screen *screen, const struct block *block)
{
    static const enum message columns[] = { MESSAGE_EXPORT_WHAT, MESSAGE_EXPORT_CSV, MESSAGE_EXPORT_JSON,
                                            MESSAGE_EXPORT_SVG };
    struct html *html = screen->html;
    struct html dates = { 0 };
    card_begin(screen, block, "exports", NULL);
    html_dates(&dates, screen->page->language, screen->scope->days.from, screen->scope->days.to);
    html_raw(html, "<p class=\"small\">");
    html_message_part(html, screen->page->language, MESSAGE_EXPORTS_NOTE, &dates);
    html_raw(html, "</p>");
    page_table_begin(html, screen->page, "downloads", "exports", columns, sizeof columns / sizeof columns[0]);
    for (int table = 0; table < TABLE_COUNT; table++)
        if (can_download(screen->scope, (enum table_id)table))
            write_downloads(screen, (enum table_id)table);
    html_raw(html, "</tbody></table>");
    card_end(screen);
}

void
block_print(struct screen *screen, const struct block *block)
{
    card_begin(screen, block, "print", NULL);
    card_end(screen);
}

/* Public links, e-mail reports and the frame have a page of their own. */
void
block_share(struct screen *screen, const struct block *block)
{
    if (!page_may(screen->page, PERMISSION_SHARE))
        return;
    card_begin(screen, block, "share", NULL);
    card_note(screen, MESSAGE_SHARE_NOTE);
    html_raw(screen->html, "<p class=\"more\"><a class=\"ds-button\" data-variant=\"secondary\"");
    screen_href(screen, "/share", NULL, span_text(""));
    html_raw(screen->html, ">");
    screen_say(screen, SHARE_OPEN);
    html_raw(screen->html, "</a></p>");
    card_end(screen);
}
