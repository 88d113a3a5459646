/* What a site measures and what it does not, on one page; the declaration says the rest. */
#include "declaration_page.h"

static bool
is_counted(const struct page *page, int table)
{
    return (page->site->tables & 1U << table) != 0 && table_periods((enum table_id)table, page->site->mode) != 0;
}

static void
begin_row(struct html *html, const struct page *page, int table)
{
    html_raw(html, "<li><span>");
    html_text(html, table_table[table].words[page->language]);
    html_raw(html, "</span>");
}

static void
write_counted(struct html *html, const struct page *page)
{
    page_card_begin(html, page, "ds-card", MESSAGE_PRIVACY_COUNTED);
    html_raw(html, "<ul class=\"facts\">");
    for (int table = 0; table < TABLE_COUNT; table++) {
        if (!is_counted(page, table))
            continue;
        struct html periods = { 0 };
        declaration_periods(&periods, page->language, table_periods((enum table_id)table, page->site->mode));
        begin_row(html, page, table);
        html_raw(html, "<small>");
        html_message_part(html, page->language, MESSAGE_PRIVACY_PER, &periods);
        html_raw(html, "</small></li>");
    }
    html_raw(html, "</ul></section>");
}

/* What Sporløs could count somewhere, and does not here: by the site's mode or its configuration. */
static void
write_left_out(struct html *html, const struct page *page)
{
    int left_out = 0;
    for (int table = 0; table < TABLE_COUNT; table++)
        left_out += !is_counted(page, table);
    if (left_out == 0)
        return;
    page_card_begin(html, page, "ds-card", MESSAGE_PRIVACY_LEFT_OUT);
    html_raw(html, "<ul class=\"facts\">");
    for (int table = 0; table < TABLE_COUNT; table++) {
        if (is_counted(page, table))
            continue;
        begin_row(html, page, table);
        html_raw(html, "</li>");
    }
    html_raw(html, "</ul></section>");
}

static void
write_not_measured(struct html *html, const struct page *page)
{
    static const enum message items[] = { MESSAGE_PRIVACY_NOT_WHO, MESSAGE_PRIVACY_NOT_FOLLOW, MESSAGE_PRIVACY_NOT_JOIN,
                                          MESSAGE_PRIVACY_NOT_ASKED };
    page_card_begin(html, page, "ds-card w4", MESSAGE_PRIVACY_NOT);
    html_raw(html, "<ul class=\"plain\">");
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
        page_item(html, page, items[i]);
    html_raw(html, "</ul></section>");
}

static void
write_rules(struct html *html, const struct page *page)
{
    const struct mode *mode = &mode_table[page->site->mode];
    const int64_t shown[] = { mode->show, mode->k };
    page_card_begin(html, page, "ds-card w4", MESSAGE_PRIVACY_RULES);
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

static void
write_declaration_link(struct html *html, const struct page *page, const char *ending)
{
    html_raw(html, "<a class=\"ds-link\" href=\"/declaration/");
    html_component(html, span_text(page->site->key));
    html_text(html, ending);
}

static void
write_declaration(struct html *html, const struct page *page)
{
    page_card_begin(html, page, "ds-card w4 alone", MESSAGE_PRIVACY_DECLARATION);
    html_raw(html, "<p class=\"plain-text\">");
    page_say(html, page, PRIVACY_DECLARATION_LEDE);
    html_raw(html, "</p><p class=\"links\">");
    write_declaration_link(html, page, "");
    page_language(html, page, true);
    html_raw(html, "\">");
    page_say(html, page, PRIVACY_DECLARATION_OPEN);
    html_raw(html, "</a> ");
    write_declaration_link(html, page, ".txt?lang=");
    html_text(html, language_tag(page->language));
    html_raw(html, "\">");
    page_say(html, page, DECLARATION_COPY);
    html_raw(html, "</a></p></section>");
}

void
page_privacy_render(struct html *html, const struct page *page)
{
    page_begin(html, page);
    html_raw(html, "<div class=\"head\"><div><h1 class=\"ds-heading\" data-size=\"sm\">");
    page_say(html, page, PRIVACY_TITLE);
    html_raw(html, "</h1><p class=\"dates\">");
    html_text(html, page->site->name);
    html_raw(html, "</p></div></div>");
    if (page->site->mode == MODE_RESTRICTED) {
        html_raw(html, "<p class=\"note\">");
        page_say(html, page, RESTRICTED_WHY);
        html_raw(html, "</p>");
    }
    html_raw(html, "<div class=\"grid\">");
    write_not_measured(html, page);
    write_rules(html, page);
    write_declaration(html, page);
    write_counted(html, page);
    write_left_out(html, page);
    html_raw(html, "</div>");
    page_end(html, page);
}
