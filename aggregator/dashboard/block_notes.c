#include "screen.h"

#include "sporlos/page_pattern.h"

enum { HOURS_A_DAY = 25 };

/* An hour that comes twice in autumn is told by its place in the day. How many are shown. */
static size_t
fill_hours(const struct scope *scope, int32_t day, const struct statistic *hours, struct chart_point *points)
{
    int64_t start_s = period_start((struct period){ PERIOD_DAY, day }, &scope->site->zone);
    size_t shown = 0;
    for (size_t i = 0; i < statistic_count(hours); i++) {
        const struct statistic_row *row = statistic_at(hours, i);
        int64_t hour = ((int64_t)row->from * 3600 - start_s) / 3600;
        if (hour < 0 || hour >= HOURS_A_DAY || !scope_hour_is_over(scope, row->from))
            continue;
        points[hour].now =
            (struct chart_value){ true, row->shown, (int32_t)hour, row->value, margin_of(row->deviation) };
        shown += row->shown;
    }
    for (int i = 0; i < HOURS_A_DAY; i++)
        points[i].now.day = i;
    return shown;
}

bool
write_hours(struct screen *screen, int32_t day, enum message title, const char *css)
{
    struct chart_point points[HOURS_A_DAY] = { { .now = { .exists = false } } };
    const struct scope *scope = screen->scope;
    struct list hours;
    size_t shown = 0;
    if (screen_asked(screen, scope_hours(scope, day, &hours)) && hours.now != NULL)
        shown = fill_hours(scope, day, hours.now, points);
    list_fini(&hours);
    if (shown == 0)
        return false;
    const struct chart chart = { .id = day == scope->today ? "hours" : "trend",
                                 .title = title,
                                 .value = MESSAGE_VIEWS,
                                 .language = screen->page->language,
                                 .by = BY_HOUR,
                                 .has_margins = scope->selection.margins,
                                 .points = points,
                                 .count = points[24].now.exists ? 25 : 24,
                                 .hidden_below = mode_table[screen->page->site->mode].show };
    html_raw(screen->html, "<section class=\"ds-card ");
    html_text(screen->html, css);
    html_raw(screen->html, "\">");
    chart_render(screen->html, &chart);
    return true;
}

void
block_hours(struct screen *screen, const struct block *block)
{
    if (write_hours(screen, screen->scope->today, block->title, "w4 today"))
        card_end(screen);
}

static void
write_reason(struct screen *screen, const struct statistic_row *row)
{
    struct label label = label_of(screen->page, TABLE_DROPPED, row->key);
    html_raw(screen->html, "<tr><th scope=\"row\">");
    write_label(screen, &label);
    html_raw(screen->html, "</th><td>");
    write_value(screen, row->shown, row->value, row->deviation);
    html_raw(screen->html, "</td></tr>");
}

void
block_not_counted(struct screen *screen, const struct block *block)
{
    static const struct span all = { NULL, 0 };
    struct html *html = screen->html;
    struct list dropped;
    struct figure declined;
    bool asked = screen_asked(screen, scope_list(screen->scope, TABLE_DROPPED, all, &dropped));
    asked &= screen_asked(screen, scope_figure(screen->scope, TABLE_DECLINED, &declined));
    card_begin(screen, block, "dropped", NULL);
    if (asked && screen->scope->has_days) {
        static const enum message columns[] = { MESSAGE_REASON, MESSAGE_REQUESTS };
        page_table_begin(html, screen->page, "", "dropped", columns, sizeof columns / sizeof columns[0]);
        html_raw(html, "<tr><th scope=\"row\">");
        screen_say(screen, DECLINED);
        html_raw(html, "</th><td>");
        write_value(screen, declined.shown, declined.value, declined.deviation);
        html_raw(html, "</td></tr>");
        for (size_t i = 0; dropped.now != NULL && i < statistic_count(dropped.now); i++)
            write_reason(screen, statistic_at(dropped.now, i));
        html_raw(html, "</tbody></table>");
    }
    card_end(screen);
    list_fini(&dropped);
}

/* Its first item is what every ':' leads to. */
static void
begin_list(struct screen *screen)
{
    enum site_mode mode = screen->page->site->mode;
    int32_t days = screen->scope->days.to - screen->scope->days.from + 1;
    const int64_t limits[] = { mode_table[mode].show, days, release_threshold(mode, (unsigned)days) };
    html_raw(screen->html, "<ul class=\"plain\"><li id=\"hidden\" tabindex=\"-1\">");
    if (days == 1)
        html_message_numbers(screen->html, screen->page->language, MESSAGE_HIDDEN_MEANS_DAY, 1, limits);
    else
        html_message_numbers(screen->html, screen->page->language, MESSAGE_HIDDEN_MEANS, 3, limits);
    html_raw(screen->html, "</li>");
}

/* How to read it all, and what ':' leads to. */
void
block_reading(struct screen *screen, const struct block *block)
{
    card_begin(screen, block, "reading", NULL);
    begin_list(screen);
    html_raw(screen->html, "<li>");
    html_message_number(screen->html, screen->page->language, MESSAGE_NOISE_MEANS,
                        mode_table[screen->page->site->mode].bound);
    html_raw(screen->html, "</li>");
    page_item(screen->html, screen->page, MESSAGE_SIGN_MEANS);
    page_item(screen->html, screen->page, MESSAGE_CLOSED_MEANS);
    html_raw(screen->html, "</ul>");
    card_end(screen);
}

static const char *
page_section(const struct site_config *site, const char *path)
{
    for (size_t i = 0; i < site->section_count; i++)
        if (page_pattern_matches(site->sections[i].left, span_text(path)))
            return text_pair_shown(&site->sections[i]);
    return NULL;
}

void
block_page_about(struct screen *screen, const struct block *block)
{
    card_begin(screen, block, "about", NULL);
    begin_list(screen);
    const char *section = page_section(screen->page->site, screen->subject);
    if (section != NULL) {
        html_raw(screen->html, "<li>");
        html_message_text(screen->html, screen->page->language, MESSAGE_PAGE_SECTION, span_text(section));
        html_raw(screen->html, "</li>");
    }
    page_item(screen->html, screen->page, MESSAGE_PAGE_TAGS);
    html_raw(screen->html, "</ul>");
    card_end(screen);
}
