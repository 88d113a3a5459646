#include "declaration_page.h"

#include <stdio.h>

static void
say_day(struct html *html, const struct declared_page *declared, enum message message, int64_t at_s)
{
    struct html day = { 0 };
    declaration_day(&day, declared->page->language, declared->site, at_s);
    html_message_part(html, declared->page->language, message, &day);
}

static void
begin_list(struct html *html, const struct page *page, enum message title)
{
    page_card_begin(html, page, "ds-card", title);
    html_raw(html, "<ul class=\"plain\">");
}

static void
end_list(struct html *html)
{
    html_raw(html, "</ul></section>");
}

static void
list_numbers(struct html *html, const struct page *page, enum message message, size_t count, const int64_t *numbers)
{
    html_raw(html, "<li>");
    html_message_numbers(html, page->language, message, count, numbers);
    html_raw(html, "</li>");
}

/* ---- sections ---- */

static void
write_item(struct html *html, const struct declared_page *declared, struct span item)
{
    (void)declared;
    html_raw(html, "<li>");
    html_span(html, item);
    html_raw(html, "</li>");
}

static void
write_ahead(struct html *html, const struct declared_page *declared)
{
    if (declared->declared->ahead == NULL)
        return;
    html_raw(html, "<section class=\"ds-card announced\"><div class=\"title\"><h2 class=\"ds-heading\" "
                   "data-size=\"2xs\">");
    say_day(html, declared, MESSAGE_DECLARATION_AHEAD, declared->declared->ahead->in_force_s);
    html_raw(html, "</h2></div><p class=\"ds-paragraph\">");
    page_say(html, declared->page, DECLARATION_AHEAD_LEDE);
    html_raw(html, "</p><ul class=\"plain\">");
    declaration_each_more(html, declared, write_item);
    end_list(html);
}

static void
write_counted(struct html *html, const struct declared_page *declared)
{
    static const enum message columns[] = { MESSAGE_PRIVACY_WHAT, MESSAGE_DECLARATION_HOW_OFTEN };
    const struct page *page = declared->page;
    const struct declaration *now = &declared->declared->current->declaration;
    page_card_begin(html, page, "ds-card", MESSAGE_PRIVACY_COUNTED);
    page_table_begin(html, page, "words", NULL, columns, sizeof columns / sizeof columns[0]);
    const struct declared_table *tables[DECLARED_LIST_MAX];
    size_t count = declaration_in_order(now, tables);
    for (size_t i = 0; i < count; i++) {
        enum table_id table;
        bool is_known = table_find(span_text(tables[i]->name), &table) == SP_OK;
        html_raw(html, "<tr><th scope=\"row\">");
        html_text(html, is_known ? table_table[table].words[page->language] : tables[i]->name);
        html_raw(html, "</th><td>");
        declaration_periods(html, page->language, tables[i]->periods);
        html_raw(html, "</td></tr>");
    }
    html_raw(html, "</tbody></table><p class=\"small\">");
    page_say(html, page, DECLARATION_NAMED);
    html_raw(html, "</p></section>");
}

static void
write_hidden(struct html *html, const struct declared_page *declared)
{
    const struct page *page = declared->page;
    const struct declaration *now = &declared->declared->current->declaration;
    const int64_t *numbers = now->numbers;
    const int64_t noise[] = { numbers[DECLARED_NOISE_BOUND], numbers[DECLARED_NOISE_BOUND],
                              numbers[DECLARED_NOISE_VARIANCE] };
    const int64_t shown[] = { numbers[DECLARED_SHOWN_FROM], numbers[DECLARED_SHOWN_LEAST] };
    bool by_day = strcmp(now->choices[DECLARED_WITNESS_WINDOW], "day") == 0;
    begin_list(html, page, MESSAGE_DECLARATION_HIDDEN);
    list_numbers(html, page, MESSAGE_DECLARATION_RULE_NOISE, 3, noise);
    list_numbers(html, page, MESSAGE_DECLARATION_RULE_SHOW, 2, shown);
    list_numbers(html, page, by_day ? MESSAGE_DECLARATION_RULE_WITNESS_DAY : MESSAGE_DECLARATION_RULE_WITNESS_PERIOD, 1,
                 &numbers[DECLARED_WITNESSES]);
    page_item(html, page, MESSAGE_DECLARATION_RULE_CLOSED);
    bool by_hour = strcmp(now->mode, mode_table[MODE_RESTRICTED].name) == 0;
    page_item(html, page, by_hour ? MESSAGE_DECLARATION_RULE_LAST_HOUR : MESSAGE_DECLARATION_RULE_LAST);
    page_item(html, page, MESSAGE_DECLARATION_RULE_JOIN);
    end_list(html);
}

static void
write_field(struct html *html, const struct page *page, const struct declaration *now,
            const struct declared_field *field)
{
    static const struct {
        const char *name;
        enum message message;
    } fields[] = {
        { "site", MESSAGE_DECLARATION_READ_SITE },           { "type", MESSAGE_DECLARATION_READ_TYPE },
        { "entry", MESSAGE_DECLARATION_READ_ENTRY },         { "word", MESSAGE_DECLARATION_READ_WORD },
        { "fruitless", MESSAGE_DECLARATION_READ_FRUITLESS }, { "referrer", MESSAGE_DECLARATION_READ_REFERRER },
        { "source", MESSAGE_DECLARATION_READ_SOURCE },       { "medium", MESSAGE_DECLARATION_READ_MEDIUM },
        { "campaign", MESSAGE_DECLARATION_READ_CAMPAIGN },   { "viewport", MESSAGE_DECLARATION_READ_VIEWPORT },
        { "tags", MESSAGE_DECLARATION_READ_TAGS },           { "visible", MESSAGE_DECLARATION_READ_VISIBLE },
        { "depth", MESSAGE_DECLARATION_READ_DEPTH },         { "length", MESSAGE_DECLARATION_READ_LENGTH },
        { "answer", MESSAGE_DECLARATION_READ_ANSWER },       { "value", MESSAGE_DECLARATION_READ_VALUE }
    };
    bool is_url = strcmp(field->name, "url") == 0;
    html_raw(html, "<li>");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(field->name, fields[i].name) == 0) {
            html_message(html, page->language, fields[i].message);
            html_raw(html, "</li>");
            return;
        }
    }
    if (is_url && strcmp(field->fate, "listed_page") == 0)
        page_say(html, page, DECLARATION_READ_LISTED);
    else if (is_url && now->search_parameter[0] != '\0')
        html_message_text(html, page->language, MESSAGE_DECLARATION_READ_QUERY, span_text(now->search_parameter));
    else if (is_url)
        page_say(html, page, DECLARATION_READ_URL);
    else
        html_message_text(html, page->language, MESSAGE_DECLARATION_READ_FIELD, span_text(field->name));
    html_raw(html, "</li>");
}

static enum message
agent_message(const struct declaration *declaration)
{
    const char *choice = declaration->choices[DECLARED_USER_AGENT];
    if (strcmp(choice, "unread") == 0)
        return MESSAGE_DECLARATION_READ_NO_AGENT;
    return strcmp(choice, "bots") == 0 ? MESSAGE_DECLARATION_READ_AGENT : MESSAGE_DECLARATION_READ_AGENT_TABLES;
}

static void
write_read(struct html *html, const struct declared_page *declared)
{
    const struct page *page = declared->page;
    const struct declaration *now = &declared->declared->current->declaration;
    const int64_t bits[] = { now->numbers[DECLARED_ADDRESS_BITS_IPV4], now->numbers[DECLARED_ADDRESS_BITS_IPV6] };
    begin_list(html, page, MESSAGE_DECLARATION_READ);
    for (size_t i = 0; i < now->field_count; i++)
        write_field(html, page, now, &now->fields[i]);
    list_numbers(html, page, MESSAGE_DECLARATION_READ_ADDRESS, 2, bits);
    page_item(html, page, agent_message(now));
    page_item(html, page, MESSAGE_DECLARATION_NO_COOKIES);
    end_list(html);
}

static void
write_kept(struct html *html, const struct declared_page *declared)
{
    const struct page *page = declared->page;
    const int64_t *numbers = declared->declared->current->declaration.numbers;
    const int64_t days[] = { numbers[DECLARED_REDIS_HOUR_DAYS], numbers[DECLARED_REDIS_DAY_DAYS],
                             numbers[DECLARED_REDIS_MONTH_DAYS] };
    begin_list(html, page, MESSAGE_DECLARATION_KEPT);
    list_numbers(html, page, MESSAGE_DECLARATION_KEPT_REDIS, 3, days);
    if (numbers[DECLARED_ARCHIVE_DAYS] == DECLARED_NO_END)
        page_item(html, page, MESSAGE_DECLARATION_KEPT_ALWAYS);
    else
        list_numbers(html, page, MESSAGE_DECLARATION_KEPT_ARCHIVE, 1, &numbers[DECLARED_ARCHIVE_DAYS]);
    end_list(html);
}

static void
write_people(struct html *html, const struct declared_page *declared)
{
    const struct page *page = declared->page;
    const struct declaration *now = &declared->declared->current->declaration;
    struct html signals = { 0 };
    bool is_public = strcmp(now->choices[DECLARED_AUDIENCE], "accounts") != 0;
    begin_list(html, page, MESSAGE_DECLARATION_SEEN);
    page_item(html, page, is_public ? MESSAGE_DECLARATION_SEEN_PUBLIC : MESSAGE_DECLARATION_SEEN_ACCOUNTS);
    end_list(html);
    begin_list(html, page, MESSAGE_DECLARATION_DECLINE);
    page_item(html, page, MESSAGE_DECLARATION_DECLINE_HOW);
    char address[DECLARATION_ADDRESS_MAX];
    if (declaration_opt_out(declared, address)) {
        html_raw(html, "<li>");
        page_say(html, page, DECLARATION_DECLINE_HERE);
        html_raw(html, " <a class=\"ds-link\" href=\"");
        html_text(html, address);
        html_raw(html, "\">");
        html_text(html, address);
        html_raw(html, "</a></li>");
    }
    for (size_t i = 0; i < now->decline_count; i++) {
        html_literal(&signals, ", ", i == 0 ? 0 : 2);
        html_text(&signals, now->declines[i]);
    }
    html_raw(html, "<li>");
    html_message_part(html, page->language, MESSAGE_DECLARATION_DECLINE_SIGNALS, &signals);
    html_raw(html, "</li>");
    end_list(html);
}

static void
write_geo(struct html *html, const struct declared_page *declared)
{
    const struct page *page = declared->page;
    const struct declaration *now = &declared->declared->current->declaration;
    bool is_looked_up = strcmp(now->choices[DECLARED_MUNICIPALITIES], "none") != 0;
    begin_list(html, page, MESSAGE_DECLARATION_GEO);
    page_item(html, page, is_looked_up ? MESSAGE_DECLARATION_GEO_DATABASE : MESSAGE_DECLARATION_GEO_NONE);
    if (is_looked_up && now->numbers[DECLARED_MIN_POPULATION] > 0)
        list_numbers(html, page, MESSAGE_DECLARATION_GEO_MERGED, 1, &now->numbers[DECLARED_MIN_POPULATION]);
    end_list(html);
}

static void
write_address(struct html *html, const struct declared_page *declared, const char *ending)
{
    html_raw(html, "/declaration/");
    html_component(html, span_text(declared->site->key));
    html_text(html, ending);
}

static void
write_copy(struct html *html, const struct declared_page *declared)
{
    const struct page *page = declared->page;
    struct html text = { 0 };
    declaration_text_write(&text, declared);
    page_card_begin(html, page, "ds-card", MESSAGE_DECLARATION_COPY);
    html_raw(html, "<p class=\"ds-paragraph\">");
    page_say(html, page, DECLARATION_COPY_LEDE);
    html_raw(html, "</p><pre class=\"paste\" tabindex=\"0\">");
    const char *line = text.at; /* a line break is no text to html_text */
    const char *end = text.at == NULL ? NULL : text.at + text.length;
    while (line != NULL && line < end) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t length = stop == NULL ? (size_t)(end - line) : (size_t)(stop - line);
        html_span(html, span_of(line, length));
        html_raw(html, "\n");
        line = stop == NULL ? end : stop + 1;
    }
    html_raw(html, "</pre><p class=\"links\"><a class=\"ds-link\" href=\"");
    write_address(html, declared, ".txt?lang=");
    html_text(html, language_tag(page->language));
    html_raw(html, "\">");
    page_say(html, page, DECLARATION_PLAIN);
    html_raw(html, "</a> <a class=\"ds-link\" href=\"");
    write_address(html, declared, ".json");
    html_raw(html, "\">");
    page_say(html, page, DECLARATION_JSON);
    html_raw(html, "</a></p></section>");
    html->failed |= text.failed;
    html_fini(&text);
}

/* ---- history ---- */

static void
write_state(struct html *html, const struct declared_page *declared, const struct declared_version *version)
{
    const struct page *page = declared->page;
    if (version->withdrawn_s != 0)
        say_day(html, declared, MESSAGE_DECLARATION_STATE_WITHDRAWN, version->withdrawn_s);
    else if (version == declared->declared->current)
        page_say(html, page, DECLARATION_STATE_CURRENT);
    else if (version == declared->declared->ahead)
        page_say(html, page, DECLARATION_STATE_AHEAD);
    else
        page_say(html, page, DECLARATION_STATE_PAST);
}

static void
write_version(struct html *html, const struct declared_page *declared, const struct declared_version *version)
{
    html_raw(html, "<tr><th scope=\"row\"><a class=\"ds-link\" href=\"");
    write_address(html, declared, ".json?version=");
    html_integer(html, version->number);
    html_raw(html, "\">");
    html_integer(html, version->number);
    html_raw(html, "</a></th><td>");
    declaration_day(html, declared->page->language, declared->site, version->published_s);
    html_raw(html, "</td><td>");
    declaration_day(html, declared->page->language, declared->site, version->in_force_s);
    html_raw(html, "</td><td>");
    write_state(html, declared, version);
    html_raw(html, "</td><td><code>");
    html_text(html, version->hash);
    html_raw(html, "</code></td></tr>");
}

static void
write_history(struct html *html, const struct declared_page *declared)
{
    static const enum message columns[] = { MESSAGE_DECLARATION_NUMBER, MESSAGE_DECLARATION_PUBLISHED,
                                            MESSAGE_DECLARATION_FROM, MESSAGE_DECLARATION_STATE,
                                            MESSAGE_DECLARATION_HASH };
    page_card_begin(html, declared->page, "ds-card", MESSAGE_DECLARATION_HISTORY);
    html_raw(html, "<div class=\"versions\" tabindex=\"0\" role=\"group\" aria-label=\"");
    page_say(html, declared->page, DECLARATION_HISTORY);
    html_raw(html, "\">");
    page_table_begin(html, declared->page, "words", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = declared->declared->count; i-- > 0;)
        write_version(html, declared, &declared->declared->versions[i]);
    html_raw(html, "</tbody></table></div></section>");
}

/* ---- pages ---- */

static void
write_head(struct html *html, const struct declared_page *declared)
{
    const struct page *page = declared->page;
    struct html number = { 0 };
    struct html day = { 0 };
    html_raw(html, "<div class=\"head\"><div><h1 class=\"ds-heading\" data-size=\"sm\">");
    html_message_text(html, page->language, MESSAGE_DECLARATION_OF, span_text(declared->site->name));
    html_raw(html, "</h1><p class=\"dates\">");
    html_number(&number, declared->declared->current->number);
    declaration_day(&day, page->language, declared->site, declared->declared->current->in_force_s);
    const struct span arguments[] = { span_of(number.at, number.length), span_of(day.at, day.length) };
    html_format(html, message_text(MESSAGE_DECLARATION_VERSION, page->language), 2, arguments);
    html_raw(html, "</p></div></div><p class=\"ds-paragraph lede\">");
    page_say(html, page, DECLARATION_LEDE);
    html_raw(html, "</p>");
    html_fini(&number);
    html_fini(&day);
}

void
page_declaration_render(struct html *html, const struct declared_page *declared)
{
    page_begin(html, declared->page);
    write_head(html, declared);
    write_ahead(html, declared);
    html_raw(html, "<div class=\"grid halves\"><div class=\"stack\">");
    write_counted(html, declared);
    write_geo(html, declared);
    write_kept(html, declared);
    write_people(html, declared);
    html_raw(html, "</div><div class=\"stack\">");
    write_hidden(html, declared);
    write_read(html, declared);
    html_raw(html, "</div></div><div class=\"stack\">");
    write_copy(html, declared);
    write_history(html, declared);
    html_raw(html, "</div>");
    page_end(html, declared->page);
}

void
page_declarations_render(struct html *html, const struct page *page)
{
    page_begin(html, page);
    html_raw(html, "<div class=\"head\"><h1 class=\"ds-heading\" data-size=\"sm\">");
    page_say(html, page, DECLARATION);
    html_raw(html, "</h1></div><p class=\"ds-paragraph lede\">");
    page_say(html, page, DECLARATIONS_LEDE);
    html_raw(html, "</p><ul class=\"sitelist\">");
    for (size_t i = 0; i < page->config->site_count; i++) {
        html_raw(html, "<li class=\"ds-card\"><a class=\"ds-link\" href=\"/declaration/");
        html_component(html, span_text(page->config->sites[i].key));
        page_language(html, page, true);
        html_raw(html, "\">");
        html_text(html, page->config->sites[i].name);
        html_raw(html, "</a></li>");
    }
    html_raw(html, "</ul>");
    page_end(html, page);
}
