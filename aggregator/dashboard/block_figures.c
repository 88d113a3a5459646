#include "screen.h"

#include "../visitor_bias.h"

#include <math.h>

static void
begin_tile(struct screen *screen, enum message label)
{
    html_raw(screen->html, "<div><dt>");
    html_message(screen->html, screen->page->language, label);
    html_raw(screen->html, "</dt><dd class=\"value\">");
}

/* What the number is, unfolded on demand; number: fills the sentence's hole. */
static void
end_tile(struct screen *screen, enum message meaning, int64_t number)
{
    struct html *html = screen->html;
    html_raw(html,
             "<dd class=\"info\"><details><summary><span aria-hidden=\"true\">i</span><span class=\"ds-sr-only\">");
    screen_say(screen, ABOUT_NUMBER);
    html_raw(html, "</span></summary><p>");
    html_message_number(html, screen->page->language, meaning, number);
    html_raw(html, "</p></details></dd></div>");
}

static void
write_number(struct screen *screen, const struct figure *figure)
{
    struct html *html = screen->html;
    if (figure->shown && figure->at_least)
        html_message_number(html, screen->page->language, MESSAGE_TODAY_AT_LEAST, figure->value);
    else
        write_value(screen, figure->shown, figure->value, figure->deviation);
    html_raw(html, "</dd>");
    write_comparison(screen, figure);
}

/* Views a visit with one decimal, in small under the views. */
static void
write_ratio(struct screen *screen, const struct figure *views, const struct figure *visits)
{
    if (!views->shown || !visits->shown || visits->value <= 0 || views->value < 0)
        return;
    struct html number = { 0 };
    int64_t tenths = llround(10.0 * (double)views->value / (double)visits->value);
    html_number(&number, tenths / 10);
    html_text(&number, screen->page->language == LANGUAGE_EN ? "." : ",");
    html_integer(&number, tenths % 10);
    html_raw(screen->html, "<dd class=\"unit\">");
    html_message_part(screen->html, screen->page->language, MESSAGE_PER_VISIT, &number);
    html_raw(screen->html, "</dd>");
}

static void
write_counts(struct screen *screen)
{
    struct figure visits, views, visitors;
    bool asked = screen_asked(screen, scope_figure(screen->scope, TABLE_VISITS, &visits));
    asked &= screen_asked(screen, scope_figure(screen->scope, TABLE_TOTAL, &views));
    asked &= screen_asked(screen, scope_figure(screen->scope, TABLE_VISITORS, &visitors));
    if (!asked)
        return;
    begin_tile(screen, MESSAGE_VISITS);
    write_number(screen, &visits);
    end_tile(screen, MESSAGE_VISITS_MEAN, 0);
    begin_tile(screen, MESSAGE_VIEWS);
    write_number(screen, &views);
    write_ratio(screen, &views, &visits);
    end_tile(screen, MESSAGE_VIEWS_MEAN, 0);
    if (!visitors.shown)
        return;
    begin_tile(screen, MESSAGE_VISITORS);
    write_number(screen, &visitors);
    end_tile(screen, MESSAGE_VISITORS_MEAN, -VISITOR_BIAS_10000);
}

static void
write_from_seconds(struct screen *screen, int64_t seconds)
{
    struct html html = { 0 };
    struct screen part = *screen;
    part.html = &html;
    write_seconds(&part, seconds);
    html_raw(screen->html, "<dd class=\"unit\">");
    html_message_part(screen->html, screen->page->language, MESSAGE_FROM_VALUE, &html);
    html_raw(screen->html, "</dd>");
}

/* Of whole months, beside numbers of other days. */
static void
write_own_days(struct screen *screen, const struct list *list)
{
    if (list->now == NULL || days_equal(list->days, screen->scope->days))
        return;
    html_raw(screen->html, "<dd class=\"unit\">");
    html_dates(screen->html, screen->page->language, list->days.from, list->days.to);
    html_raw(screen->html, "</dd>");
}

/* page.at NULL: of the site. */
static void
write_reading_time(struct screen *screen, enum table_id table, struct span page)
{
    struct list list;
    if (!screen_asked(screen, scope_list(screen->scope, table, page, &list)) || list.now == NULL) {
        list_fini(&list);
        return;
    }
    struct steps now = steps_of(list.now, page);
    struct steps then = steps_of(list.compared, page);
    begin_tile(screen, MESSAGE_READING_TIME);
    if (steps_median_s(&now) < 0)
        write_value(screen, false, 0, 0);
    else
        write_seconds(screen, steps_median_s(&now));
    html_raw(screen->html, "</dd>");
    if (steps_median_s(&now) >= 0 && steps_median_s(&then) >= 0)
        write_from_seconds(screen, steps_median_s(&then));
    write_counted_from(screen, list.incomparable, list.counted_from);
    write_own_days(screen, &list);
    end_tile(screen, MESSAGE_TIME_MEANS, 0);
    list_fini(&list);
}

/* '81 %', 'opp +4 prosentpoeng' and 'av 1 204 svar'. */
static void
write_found(struct screen *screen, struct span page)
{
    struct html *html = screen->html;
    struct list list;
    bool asked = screen->page->site->answer_count >= 2 &&
                 screen_asked(screen, scope_list(screen->scope, TABLE_FEEDBACK, page, &list));
    if (!asked)
        return;
    struct answers now = answers_of(screen->page->site, list.now, page);
    begin_tile(screen, MESSAGE_FOUND);
    if (answers_percent(&now) < 0) {
        write_value(screen, false, 0, 0);
    } else {
        html_number(html, answers_percent(&now));
        html_raw(html, "\xc2\xa0%</dd><dd class=\"unit\">");
        html_message_number(html, screen->page->language, MESSAGE_OF_ANSWERS, now.all);
    }
    html_raw(html, "</dd>");
    end_tile(screen, MESSAGE_FOUND_MEANS, 0);
    list_fini(&list);
}

struct today {
    int64_t sum, end_s;
    bool some_hidden;
};

static struct today
today_of(const struct scope *scope, const struct statistic *hours)
{
    struct today today = { 0, 0, false };
    for (size_t i = 0; i < statistic_count(hours); i++) {
        const struct statistic_row *row = statistic_at(hours, i);
        if (!scope_hour_is_over(scope, row->from))
            continue;
        today.sum += row->value;
        today.end_s = ((int64_t)row->from + 1) * 3600;
        today.some_hidden |= !row->shown;
    }
    return today;
}

/* Today's closed hours: their sum, and the end of the last. */
static void
write_today(struct screen *screen, const struct statistic *hours)
{
    struct html *html = screen->html;
    struct today today = today_of(screen->scope, hours);
    if (today.end_s == 0) {
        begin_tile(screen, MESSAGE_TODAY_NONE);
        html_raw(html, "–</dd><dd class=\"unit\">");
        screen_say(screen, TODAY_WAIT);
        html_raw(html, "</dd></div>");
        return;
    }
    struct html clock = { 0 };
    html_clock(&clock, zone_minute_of_day(&screen->page->site->zone, today.end_s - 1) + 1);
    html_raw(html, "<div><dt>");
    html_message_part(html, screen->page->language, MESSAGE_TODAY, &clock);
    html_raw(html, "</dt><dd class=\"value\">");
    if (today.some_hidden && today.sum > 0)
        html_message_number(html, screen->page->language, MESSAGE_TODAY_AT_LEAST, today.sum);
    else
        write_value(screen, !today.some_hidden, today.sum, 0);
    html_raw(html, "</dd><dd class=\"unit\">");
    screen_say(screen, TODAY_UNIT);
    html_raw(html, "</dd>");
    end_tile(screen, MESSAGE_TODAY_MEANS, 0);
}

void
block_figures(struct screen *screen, const struct block *block)
{
    (void)block;
    static const struct span all = { NULL, 0 };
    struct list hours;
    html_raw(screen->html, "<dl class=\"figures ds-card w12\">");
    write_counts(screen);
    if (scope_counts(screen->scope, TABLE_ENGAGEMENT))
        write_reading_time(screen, TABLE_ENGAGEMENT, all);
    if (scope_counts(screen->scope, TABLE_FEEDBACK))
        write_found(screen, all);
    if (screen_asked(screen, scope_hours(screen->scope, screen->scope->today, &hours)) && hours.now != NULL)
        write_today(screen, hours.now);
    list_fini(&hours);
    html_raw(screen->html, "</dl>");
}

/* Of one page: its views, its reading time, its answers. */
void
block_page_figures(struct screen *screen, const struct block *block)
{
    struct span page = span_text(screen->subject);
    struct list list;
    html_raw(screen->html, "<dl class=\"figures ds-card w12\">");
    if (screen_asked(screen, scope_list(screen->scope, block->table, page, &list))) {
        struct figure figure = { .shown = false };
        if (list.now != NULL && statistic_count(list.now) > 0)
            figure = list_figure(&list, statistic_at(list.now, 0));
        begin_tile(screen, MESSAGE_VIEWS);
        write_number(screen, &figure);
        write_own_days(screen, &list);
        end_tile(screen, MESSAGE_VIEWS_MEAN, 0);
    }
    list_fini(&list);
    if (scope_counts(screen->scope, TABLE_PAGE_ENGAGEMENT))
        write_reading_time(screen, TABLE_PAGE_ENGAGEMENT, page);
    if (scope_counts(screen->scope, TABLE_FEEDBACK))
        write_found(screen, page);
    html_raw(screen->html, "</dl>");
}
