#include "declaration_page.h"

static void
write_counted(struct html *html, const struct page *page)
{
    static const enum message columns[] = { MESSAGE_PRIVACY_WHAT, MESSAGE_PRIVACY_HOW_OFTEN };
    html_raw(html, "<section class=\"ds-card\">");
    page_heading(html, page, "counted", MESSAGE_PRIVACY_COUNTED);
    page_table_begin(html, page, "words", "counted", columns, sizeof columns / sizeof columns[0]);
    for (int table = 0; table < TABLE_COUNT; table++) {
        unsigned periods = table_periods((enum table_id)table, page->site->mode);
        if (periods == 0 || (page->site->tables & 1U << table) == 0)
            continue;
        html_raw(html, "<tr><th scope=\"row\">");
        html_text(html, table_table[table].words[page->language]);
        html_raw(html, "</th><td>");
        declaration_periods(html, page->language, periods);
        html_raw(html, "</td></tr>");
    }
    html_raw(html, "</tbody></table></section>");
}

static void
write_not_counted(struct html *html, const struct page *page)
{
    static const enum message items[] = { MESSAGE_PRIVACY_NOT_WHO, MESSAGE_PRIVACY_NOT_FOLLOW, MESSAGE_PRIVACY_NOT_JOIN,
                                          MESSAGE_PRIVACY_NOT_ASKED };
    page_card_begin(html, page, "ds-card", MESSAGE_PRIVACY_NOT);
    html_raw(html, "<ul class=\"plain\">");
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
        page_item(html, page, items[i]);
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
    const int64_t shown[] = { mode->show, mode->k };
    page_card_begin(html, page, "ds-card", MESSAGE_PRIVACY_RULES);
    html_raw(html, "<ul class=\"plain\"><li>");
    html_message_numbers(html, page->language, MESSAGE_PRIVACY_RULE_SHOW, 2, shown);
    html_raw(html, "</li><li>");
    html_message_number(html, page->language, MESSAGE_PRIVACY_RULE_WITNESS, mode->witnesses);
    html_raw(html, "</li><li>");
    html_message_number(html, page->language, MESSAGE_PRIVACY_RULE_NOISE, mode->bound);
    html_raw(html, "</li>");
    page_item(html, page, MESSAGE_CLOSED_MEANS);
    html_raw(html, "</ul></section>");
}

void
page_privacy_render(struct html *html, const struct page *page)
{
    page_begin(html, page);
    html_raw(html, "<div class=\"head\"><div><h1 class=\"ds-heading\" data-size=\"sm\">");
    page_say(html, page, PRIVACY_TITLE);
    html_raw(html, "</h1><p class=\"dates\">");
    html_text(html, page->site->name);
    html_raw(html, "<span class=\"on\"> · <a class=\"ds-link\" href=\"/declaration/");
    html_component(html, span_text(page->site->key));
    page_language(html, page, true);
    html_raw(html, "\">");
    page_say(html, page, DECLARATION);
    html_raw(html, "</a></span></p></div></div>");
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
