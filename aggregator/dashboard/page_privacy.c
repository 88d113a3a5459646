#include "page.h"

/* 'time', 'dag og måned': the periods of a mask in words. */
static void
write_periods(struct html *html, const struct page *page, unsigned periods)
{
    static const enum message words[PERIOD_KIND_COUNT] = {
        [PERIOD_HOUR] = MESSAGE_PER_HOUR, [PERIOD_DAY] = MESSAGE_PER_DAY, [PERIOD_MONTH] = MESSAGE_PER_MONTH
    };
    bool is_first = true;
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        if ((periods & PERIOD_BIT(kind)) == 0)
            continue;
        if (!is_first) {
            html_raw(html, " ");
            page_say(html, page, AND);
            html_raw(html, " ");
        }
        html_message(html, page->language, words[kind]);
        is_first = false;
    }
}

static void
write_counted(struct html *html, const struct page *page)
{
    html_raw(html, "<section class=\"ds-card\"><div class=\"title\"><h2 class=\"ds-heading\" data-size=\"2xs\" "
                   "id=\"counted\">");
    page_say(html, page, PRIVACY_COUNTED);
    html_raw(html,
             "</h2></div><table class=\"ds-table words\" aria-labelledby=\"counted\"><thead><tr><th scope=\"col\">");
    page_say(html, page, PRIVACY_WHAT);
    html_raw(html, "</th><th scope=\"col\">");
    page_say(html, page, PRIVACY_HOW_OFTEN);
    html_raw(html, "</th></tr></thead><tbody>");
    for (int table = 0; table < TABLE_COUNT; table++) {
        unsigned periods = table_periods((enum table_id)table, page->site->mode);
        if (periods == 0 || (page->site->tables & 1U << table) == 0)
            continue;
        html_raw(html, "<tr><th scope=\"row\">");
        html_text(html, table_table[table].words[page->language]);
        html_raw(html, "</th><td>");
        write_periods(html, page, periods);
        html_raw(html, "</td></tr>");
    }
    html_raw(html, "</tbody></table></section>");
}

static void
write_not_counted(struct html *html, const struct page *page)
{
    static const enum message items[] = { MESSAGE_PRIVACY_NOT_WHO, MESSAGE_PRIVACY_NOT_FOLLOW, MESSAGE_PRIVACY_NOT_JOIN,
                                          MESSAGE_PRIVACY_NOT_ASKED };
    html_raw(html, "<section class=\"ds-card\"><div class=\"title\"><h2 class=\"ds-heading\" data-size=\"2xs\">");
    page_say(html, page, PRIVACY_NOT);
    html_raw(html, "</h2></div><ul class=\"plain\">");
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        html_raw(html, "<li>");
        html_message(html, page->language, items[i]);
        html_raw(html, "</li>");
    }
    for (int table = 0; table < TABLE_COUNT; table++) {
        if (table_periods((enum table_id)table, page->site->mode) != 0)
            continue;
        html_raw(html, "<li>");
        page_say(html, page, PRIVACY_NOT_TABLES);
        html_raw(html, " ");
        html_text(html, table_table[table].words[page->language]);
        html_raw(html, ".</li>");
    }
    html_raw(html, "</ul></section>");
}

static void
write_rules(struct html *html, const struct page *page)
{
    const struct mode *mode = &mode_table[page->site->mode];
    struct html numbers[2] = { 0 };
    html_number(&numbers[0], mode->show);
    html_number(&numbers[1], mode->k);
    const struct span arguments[] = { span_of(numbers[0].at, numbers[0].length),
                                      span_of(numbers[1].at, numbers[1].length) };
    html_raw(html, "<section class=\"ds-card\"><div class=\"title\"><h2 class=\"ds-heading\" data-size=\"2xs\">");
    page_say(html, page, PRIVACY_RULES);
    html_raw(html, "</h2></div><ul class=\"plain\"><li>");
    html_format(html, message_text(MESSAGE_PRIVACY_RULE_SHOW, page->language), 2, arguments);
    html_raw(html, "</li><li>");
    html_message_number(html, page->language, MESSAGE_PRIVACY_RULE_WITNESS, mode->witnesses);
    html_raw(html, "</li><li>");
    html_message_number(html, page->language, MESSAGE_PRIVACY_RULE_NOISE, mode->bound);
    html_raw(html, "</li><li>");
    page_say(html, page, CLOSED_MEANS);
    html_raw(html, "</li></ul></section>");
    for (size_t i = 0; i < 2; i++)
        html_fini(&numbers[i]);
}

void
page_privacy_render(struct html *html, const struct page *page)
{
    page_begin(html, page);
    html_raw(html, "<div class=\"head\"><div><h1 class=\"ds-heading\" data-size=\"sm\">");
    page_say(html, page, PRIVACY_TITLE);
    html_raw(html, "</h1><p class=\"dates\">");
    html_text(html, page->site->name);
    html_raw(html, " · <a class=\"ds-link\" href=\"/declaration/");
    html_component(html, span_text(page->site->key));
    html_raw(html, "\">");
    page_say(html, page, DECLARATION);
    html_raw(html, "</a></p></div></div>");
    if (page->site->mode == MODE_RESTRICTED) {
        html_raw(html, "<p class=\"note\">");
        page_say(html, page, RESTRICTED_WHY);
        html_raw(html, "</p>");
    }
    html_raw(html, "<div class=\"grid halves\">");
    write_counted(html, page);
    html_raw(html, "<div class=\"stack\">");
    write_not_counted(html, page);
    write_rules(html, page);
    html_raw(html, "</div></div>");
    page_end(html, page);
}
