/* Sharing: public links, reports by e-mail, and the frame. */
#include "page_account.h"

#include "sporlos/period.h"

#include <stdio.h>

void
page_moment(struct html *html, enum language language, const struct zone *zone, int64_t at_s)
{
    html_date(html, language, period_at(PERIOD_DAY, zone, at_s).index, DATE_LONG);
    html_raw(html, "\xc2\xa0");
    html_clock(html, zone_minute_of_day(zone, at_s));
}

static void
write_day(struct html *html, const struct table_page *share, int64_t at_s)
{
    struct period day = period_at(PERIOD_DAY, share->zone, at_s);
    html_date(html, share->page->language, day.index, DATE_LONG);
}

static void
begin_card(struct html *html, const struct page *page, enum message title, enum message lede)
{
    page_card_begin(html, page, "ds-card wide", title);
    html_raw(html, "<p class=\"small\">");
    html_message(html, page->language, lede);
    html_raw(html, "</p>");
}

void
table_cell(struct table_page *table, enum message column)
{
    if (column == MESSAGE_COUNT) {
        html_raw(table->html, "<td>");
        return;
    }
    html_raw(table->html, "<td data-label=\"");
    html_message(table->html, table->page->language, column);
    html_raw(table->html, "\">");
}

void
table_page_end(struct table_page *table, enum message none)
{
    html_raw(table->html, "</tbody></table>");
    if (table->count > 0)
        return;
    html_raw(table->html, "<p class=\"small\">");
    html_message(table->html, table->page->language, none);
    html_raw(table->html, "</p>");
}

static void
begin_row(struct table_page *share, const char *name, enum message column)
{
    share->count++;
    html_raw(share->html, "<tr><th scope=\"row\">");
    html_text(share->html, name);
    html_raw(share->html, "</th>");
    table_cell(share, column);
}

static void
next_cell(struct table_page *share, enum message column)
{
    html_raw(share->html, "</td>");
    table_cell(share, column);
}

/* Who made it, and the form that takes it away. */
static void
end_row(struct table_page *share, const char *maker, const char *action, int64_t id, enum message verb,
        enum message sure, const char *name)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)id);
    next_cell(share, MESSAGE_MAKER);
    html_text(share->html, maker[0] == '\0' ? "–" : maker);
    next_cell(share, MESSAGE_COUNT);
    form_confirm(share->html, share->page, share->page->path, action, "id", span_text(text), verb, sure,
                 span_text(name));
    html_raw(share->html, "</td></tr>");
}

/* ---- links ---- */

static void
write_new_link(struct html *html, const struct page *page, const char *secret)
{
    const char *url = page->config->aggregator.public_url;
    html_raw(html, "<div class=\"note\" role=\"status\"><p>");
    page_say(html, page, LINK_NEW);
    html_raw(html, "</p><pre tabindex=\"0\">");
    html_text(html, url == NULL ? "" : url);
    html_raw(html, "/public/");
    html_text(html, secret);
    if (page->selection != NULL)
        selection_write(html, *page->selection, true);
    html_raw(html, "</pre></div>");
}

void
page_share_begin(struct table_page *share, enum message outcome, const char *secret)
{
    static const enum message columns[] = { MESSAGE_LINK_FOR, MESSAGE_LINK_MADE, MESSAGE_LINK_EXPIRES, MESSAGE_MAKER,
                                            MESSAGE_LINK_END };
    struct html *html = share->html;
    const struct page *page = share->page;
    page_begin(html, page);
    html_raw(html, "<div class=\"head\"><div><h1 class=\"ds-heading\" data-size=\"sm\">");
    page_say(html, page, SHARING);
    html_raw(html, "</h1><p class=\"dates\">");
    page_say(html, page, SHARING_LEDE);
    html_raw(html, "</p></div></div>");
    form_outcome(html, page, outcome);
    form_faults(html, page);
    if (secret[0] != '\0')
        write_new_link(html, page, secret);
    html_raw(html, "<div class=\"stack\">");
    begin_card(html, page, MESSAGE_LINKS, MESSAGE_LINKS_LEDE);
    page_table_begin(html, page, "list", NULL, columns, sizeof columns / sizeof columns[0]);
}

void
page_share_link(void *context, const struct public_link *link)
{
    struct table_page *share = context;
    begin_row(share, link->label, MESSAGE_LINK_MADE);
    write_day(share->html, share, link->made_s);
    next_cell(share, MESSAGE_LINK_EXPIRES);
    if (link->expires_s == 0)
        page_say(share->html, share->page, LINK_ALWAYS);
    else
        page_moment(share->html, share->page->language, share->zone, link->expires_s);
    end_row(share, link->maker, "link_remove", link->id, MESSAGE_LINK_END, MESSAGE_LINK_END_SURE, link->label);
}

static void
write_link_form(struct html *html, const struct page *page)
{
    static const struct form_choice lasting[] = { { "1", MESSAGE_LINK_DAY },
                                                  { "7", MESSAGE_LINK_WEEK },
                                                  { "31", MESSAGE_LINK_MONTH },
                                                  { "366", MESSAGE_LINK_YEAR },
                                                  { "0", MESSAGE_LINK_ALWAYS } };
    const struct form_field label = { "label", "text", "off", MESSAGE_LINK_FOR, MESSAGE_COUNT, { NULL, 0 }, 100, true };
    const struct form form = { html, page, "link_add" };
    form_begin(&form, page->path, "fields row");
    if (page->selection != NULL)
        page_days_fields(html, page->selection);
    form_field(&form, &label);
    form_select(&form, "days", MESSAGE_LINK_LASTS, lasting, sizeof lasting / sizeof lasting[0], 2);
    form_end(&form, MESSAGE_LINK_MAKE);
}

/* ---- reports ---- */

void
page_share_reports(struct table_page *share, bool is_sending)
{
    static const enum message columns[] = { MESSAGE_MAIL_ADDRESS, MESSAGE_HOW_OFTEN, MESSAGE_REPORT_LAST, MESSAGE_MAKER,
                                            MESSAGE_REMOVE };
    table_page_end(share, MESSAGE_LINK_NONE);
    share->count = 0;
    write_link_form(share->html, share->page);
    html_raw(share->html, "</section>");
    begin_card(share->html, share->page, MESSAGE_REPORTS, is_sending ? MESSAGE_REPORTS_LEDE : MESSAGE_REPORTS_OFF);
    page_table_begin(share->html, share->page, "list", NULL, columns, sizeof columns / sizeof columns[0]);
}

static void
write_last(struct html *html, const struct table_page *share, const struct report_order *order)
{
    static const enum message messages[] = { [REPORT_SENDING] = MESSAGE_REPORT_UNSURE,
                                             [REPORT_SENT] = MESSAGE_REPORT_SENT,
                                             [REPORT_FAILED] = MESSAGE_REPORT_FAILED };
    struct html when = { 0 };
    if (!order->was_tried || (unsigned)order->state > REPORT_FAILED) {
        page_say(html, share->page, REPORT_NEVER);
        return;
    }
    page_moment(&when, share->page->language, share->zone, order->at_s);
    html_message_part(html, share->page->language, messages[order->state], &when);
}

void
page_share_report(void *context, const struct report_order *order)
{
    static const enum message kinds[REPORT_KIND_COUNT] = {
        [REPORT_WEEK] = MESSAGE_EVERY_WEEK, [REPORT_MONTH] = MESSAGE_EVERY_MONTH
    };
    struct table_page *share = context;
    begin_row(share, order->address, MESSAGE_HOW_OFTEN);
    html_message(share->html, share->page->language, kinds[order->kind]);
    next_cell(share, MESSAGE_REPORT_LAST);
    write_last(share->html, share, order);
    end_row(share, order->maker, "report_remove", order->id, MESSAGE_REMOVE, MESSAGE_REMOVE_SURE, order->address);
}

static void
write_report_form(struct html *html, const struct page *page)
{
    static const struct form_choice kinds[] = { { "week", MESSAGE_EVERY_WEEK }, { "month", MESSAGE_EVERY_MONTH } };
    const struct form_field address = { "address",     "email",     "off", MESSAGE_MAIL_ADDRESS,
                                        MESSAGE_COUNT, { NULL, 0 }, 254,   true };
    const struct form form = { html, page, "report_add" };
    form_begin(&form, page->path, "fields row");
    form_field(&form, &address);
    form_select(&form, "kind", MESSAGE_HOW_OFTEN, kinds, 2, 0);
    form_end(&form, MESSAGE_ADD);
}

/* ---- the frame ---- */

static void
write_embedding(struct html *html, const struct page *page)
{
    const char *url = page->config->aggregator.public_url;
    struct html origins = { 0 };
    for (size_t i = 0; i < page->site->embed.count; i++) {
        html_text(&origins, i == 0 ? "" : ", ");
        html_text(&origins, page->site->embed.items[i]);
    }
    page_card_begin(html, page, "ds-card wide", MESSAGE_EMBEDDING);
    html_raw(html, "<p class=\"small\">");
    if (page->site->embed.count == 0)
        page_say(html, page, EMBEDDING_OFF);
    else
        html_message_part(html, page->language, MESSAGE_EMBEDDING_LEDE, &origins);
    html_raw(html, "</p>");
    if (page->site->embed.count > 0) {
        html_raw(html, "<pre tabindex=\"0\">&lt;iframe src=&quot;");
        html_text(html, url == NULL ? "" : url);
        html_raw(html, "/embed/");
        html_text(html, page->site->key);
        html_raw(html, "&quot; title=&quot;");
        html_message_text(html, page->language, MESSAGE_EMBED_TITLE, span_text(page->site->name));
        html_raw(html, "&quot; width=&quot;100%&quot; height=&quot;900&quot; loading=&quot;lazy&quot;&gt;"
                       "&lt;/iframe&gt;</pre>");
    }
    html_raw(html, "</section>");
}

void
page_share_end(struct table_page *share)
{
    table_page_end(share, MESSAGE_REPORT_NONE);
    write_report_form(share->html, share->page);
    html_raw(share->html, "</section>");
    write_embedding(share->html, share->page);
    html_raw(share->html, "</div>");
    page_end(share->html, share->page);
}
