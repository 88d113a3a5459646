/* A declaration in words that page and plain text share, and the text itself. */
#include "declaration_page.h"

#include <stdio.h>

static void
write_span(struct html *text, struct span span)
{
    html_literal(text, span.length == 0 ? "" : span.at, span.length);
}

/* Unescaped: a message with its holes filled. */
static void
say_all(struct html *text, enum language language, enum message message, size_t count, const struct span *arguments)
{
    const char *at = message_text(message, language);
    for (size_t i = 0; i < count; i++) {
        const char *hole = strstr(at, "{}");
        if (hole == NULL)
            break;
        html_literal(text, at, (size_t)(hole - at));
        write_span(text, arguments[i]);
        at = hole + 2;
    }
    html_literal(text, at, strlen(at));
}

void
declaration_day(struct html *html, enum language language, const struct site_config *site, int64_t at_s)
{
    html_date(html, language, period_at(PERIOD_DAY, &site->zone, at_s).index, DATE_LONG);
}

static const enum message period_words[PERIOD_KIND_COUNT] = {
    [PERIOD_HOUR] = MESSAGE_PER_HOUR, [PERIOD_DAY] = MESSAGE_PER_DAY, [PERIOD_MONTH] = MESSAGE_PER_MONTH
};

void
declaration_periods(struct html *html, enum language language, unsigned periods)
{
    bool is_first = true;
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        if ((periods & PERIOD_BIT(kind)) == 0)
            continue;
        if (!is_first) {
            html_raw(html, " ");
            html_message(html, language, MESSAGE_AND);
            html_raw(html, " ");
        }
        html_message(html, language, period_words[kind]);
        is_first = false;
    }
}

/* 'per dag', 'each day': the words of some tables end with their period. */
static bool
says_period(const char *words, enum language language, unsigned periods)
{
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        const char *period = message_text(period_words[kind], language);
        size_t length = strlen(words);
        if (periods == PERIOD_BIT(kind) && length > strlen(period) &&
            strcmp(words + length - strlen(period), period) == 0)
            return true;
    }
    return false;
}

/* 'antall sidevisninger per dag', 'hvor mange ganger hver side er vist, per dag og måned'. */
static void
write_words(struct html *html, enum language language, const struct declared_table *table)
{
    enum table_id id;
    bool is_known = table_find(span_text(table->name), &id) == SP_OK;
    const char *words = is_known ? table_table[id].words[language] : table->name;
    html_literal(html, words, strlen(words));
    if (says_period(words, language, table->periods))
        return;
    html_raw(html, ", per "); /* in all three languages */
    declaration_periods(html, language, table->periods);
}

size_t
declaration_in_order(const struct declaration *declaration, const struct declared_table *out[DECLARED_LIST_MAX])
{
    size_t count = 0;
    for (int table = 0; table < TABLE_COUNT; table++) {
        out[count] = declaration_table(declaration, table_table[table].name);
        count += out[count] != NULL;
    }
    for (size_t i = 0; i < declaration->table_count; i++) {
        enum table_id id;
        if (table_find(span_text(declaration->tables[i].name), &id) != SP_OK)
            out[count++] = &declaration->tables[i];
    }
    return count;
}

/* ---- what is more ---- */

struct numbers {
    char text[4][24];
    struct span spans[4];
};

static void
put_number(struct numbers *numbers, int at, int64_t value)
{
    int length = snprintf(numbers->text[at], sizeof numbers->text[at], "%lld", (long long)value);
    numbers->spans[at] = span_of(numbers->text[at], (size_t)length);
}

static void
say_item(struct html *html, const struct declared_page *declared, declaration_item *item, enum message message,
         size_t count, const struct span *arguments)
{
    struct html text = { 0 };
    say_all(&text, declared->page->language, message, count, arguments);
    item(html, declared, span_of(text.at, text.length));
    html->failed |= text.failed;
    html_fini(&text);
}

static void
more_tables(struct html *html, const struct declared_page *declared, declaration_item *item)
{
    const struct declaration *now = &declared->declared->current->declaration;
    const struct declaration *ahead = &declared->declared->ahead->declaration;
    const struct declared_table *tables[DECLARED_LIST_MAX];
    size_t count = declaration_in_order(ahead, tables);
    for (size_t i = 0; i < count; i++) {
        const struct declared_table *before = declaration_table(now, tables[i]->name);
        struct declared_table added = *tables[i];
        added.periods &= ~(before == NULL ? 0 : before->periods);
        if (added.periods == 0)
            continue;
        struct html text = { 0 };
        write_words(&text, declared->page->language, &added);
        item(html, declared, span_of(text.at, text.length));
        html->failed |= text.failed;
        html_fini(&text);
    }
}

static bool
is_more(const struct declared_page *declared, const char *begins_with)
{
    const struct difference *difference = &declared->declared->difference;
    for (size_t i = 0; i < difference->count; i++)
        if (strncmp(difference->more[i], begins_with, strlen(begins_with)) == 0)
            return true;
    return false;
}

/* What a line of the comparison begins with, and what it is called here. */
static const struct {
    const char *begins_with;
    enum message message;
} plain_items[] = {
    { "archive_days", MESSAGE_DECLARATION_MORE_KEPT }, { "redis_days", MESSAGE_DECLARATION_MORE_KEPT },
    { "audience", MESSAGE_DECLARATION_MORE_AUDIENCE }, { "municipalities", MESSAGE_DECLARATION_MORE_GEO },
    { "user_agent", MESSAGE_DECLARATION_MORE_READ },   { "field", MESSAGE_DECLARATION_MORE_READ },
    { "address_bits", MESSAGE_DECLARATION_MORE_READ }, { "DNT", MESSAGE_DECLARATION_MORE_DECLINE },
    { "Sec-GPC", MESSAGE_DECLARATION_MORE_DECLINE },   { "opt-out", MESSAGE_DECLARATION_MORE_DECLINE },
};

static void
more_plain(struct html *html, const struct declared_page *declared, declaration_item *item)
{
    enum message last = MESSAGE_COUNT;
    for (size_t i = 0; i < sizeof plain_items / sizeof plain_items[0]; i++) {
        if (plain_items[i].message == last || !is_more(declared, plain_items[i].begins_with))
            continue;
        say_item(html, declared, item, plain_items[i].message, 0, NULL);
        last = plain_items[i].message;
    }
}

void
declaration_each_more(struct html *html, const struct declared_page *declared, declaration_item *item)
{
    const struct declaration *ahead = &declared->declared->ahead->declaration;
    const struct span mode = span_text(ahead->mode);
    struct numbers numbers;
    if (strcmp(declared->declared->current->declaration.mode, ahead->mode) != 0)
        say_item(html, declared, item, MESSAGE_DECLARATION_MORE_MODE, 1, &mode);
    more_tables(html, declared, item);
    put_number(&numbers, 0, ahead->numbers[DECLARED_MIN_POPULATION]);
    if (is_more(declared, "min_population"))
        say_item(html, declared, item, MESSAGE_DECLARATION_MORE_POPULATION, 1, numbers.spans);
    put_number(&numbers, 0, ahead->numbers[DECLARED_SHOWN_FROM]);
    put_number(&numbers, 1, ahead->numbers[DECLARED_WITNESSES]);
    put_number(&numbers, 2, ahead->numbers[DECLARED_NOISE_BOUND]);
    if (is_more(declared, "noise") || is_more(declared, "shown") || is_more(declared, "witness"))
        say_item(html, declared, item, MESSAGE_DECLARATION_MORE_RULES, 3, numbers.spans);
    const struct span parameter = span_text(ahead->search_parameter);
    if (is_more(declared, "search_parameter"))
        say_item(html, declared, item, MESSAGE_DECLARATION_MORE_QUERY, 1, &parameter);
    more_plain(html, declared, item);
}

/* ---- the text ---- */

static void
write_line(struct html *text, const struct declared_page *declared, struct span item)
{
    (void)declared;
    html_raw(text, "- ");
    write_span(text, item);
    html_raw(text, "\n");
}

static void
say(struct html *text, const struct declared_page *declared, enum message message, size_t count,
    const struct span *arguments)
{
    say_all(text, declared->page->language, message, count, arguments);
}

static void
write_tables(struct html *text, const struct declared_page *declared)
{
    const struct declaration *now = &declared->declared->current->declaration;
    say(text, declared, MESSAGE_TEXT_COUNTED, 0, NULL);
    html_raw(text, "\n");
    const struct declared_table *tables[DECLARED_LIST_MAX];
    size_t count = declaration_in_order(now, tables);
    for (size_t i = 0; i < count; i++) {
        html_raw(text, "- ");
        write_words(text, declared->page->language, tables[i]);
        html_raw(text, "\n");
    }
    html_raw(text, "\n");
}

static void
write_ahead(struct html *text, const struct declared_page *declared)
{
    struct html day = { 0 };
    say(text, declared, MESSAGE_TEXT_CHANGES, 0, NULL);
    if (declared->declared->ahead != NULL) {
        declaration_day(&day, declared->page->language, declared->site, declared->declared->ahead->in_force_s);
        const struct span argument = span_of(day.at, day.length);
        html_raw(text, " ");
        say(text, declared, MESSAGE_TEXT_AHEAD, 1, &argument);
        html_raw(text, "\n");
        declaration_each_more(text, declared, write_line);
        html_fini(&day);
    } else {
        html_raw(text, "\n");
    }
}

static void
write_kept(struct html *text, const struct declared_page *declared)
{
    const int64_t *numbers = declared->declared->current->declaration.numbers;
    struct numbers days;
    put_number(&days, 0, numbers[DECLARED_REDIS_HOUR_DAYS]);
    put_number(&days, 1, numbers[DECLARED_REDIS_DAY_DAYS]);
    put_number(&days, 2, numbers[DECLARED_REDIS_MONTH_DAYS]);
    say(text, declared, MESSAGE_DECLARATION_KEPT_REDIS, 3, days.spans);
    html_raw(text, " ");
    put_number(&days, 0, numbers[DECLARED_ARCHIVE_DAYS]);
    bool is_endless = numbers[DECLARED_ARCHIVE_DAYS] == DECLARED_NO_END;
    say(text, declared, is_endless ? MESSAGE_DECLARATION_KEPT_ALWAYS : MESSAGE_DECLARATION_KEPT_ARCHIVE,
        is_endless ? 0 : 1, days.spans);
    bool is_public = strcmp(declared->declared->current->declaration.choices[DECLARED_AUDIENCE], "accounts") != 0;
    html_raw(text, "\n\n");
    say(text, declared, MESSAGE_DECLARATION_SEEN, 0, NULL);
    html_raw(text, ": ");
    say(text, declared, is_public ? MESSAGE_DECLARATION_SEEN_PUBLIC : MESSAGE_DECLARATION_SEEN_ACCOUNTS, 0, NULL);
    html_raw(text, "\n\n");
}

bool
declaration_opt_out(const struct declared_page *declared, char address[DECLARATION_ADDRESS_MAX])
{
    const char *url = declared->page->config->aggregator.collector_url;
    int length =
        url == NULL ? 0 : snprintf(address, DECLARATION_ADDRESS_MAX, "%s/opt-out?site=%s", url, declared->site->key);
    return length > 0 && length < DECLARATION_ADDRESS_MAX;
}

static void
write_opt_out(struct html *text, const struct declared_page *declared)
{
    char address[DECLARATION_ADDRESS_MAX];
    say(text, declared, MESSAGE_DECLARATION_DECLINE_HOW, 0, NULL);
    if (declaration_opt_out(declared, address)) {
        html_raw(text, " ");
        say(text, declared, MESSAGE_DECLARATION_DECLINE_HERE, 0, NULL);
        html_raw(text, " ");
        write_span(text, span_text(address));
    }
    html_raw(text, "\n\n");
}

static void
write_reading(struct html *text, const struct declared_page *declared)
{
    const struct declaration *now = &declared->declared->current->declaration;
    struct numbers limits;
    say(text, declared, MESSAGE_TEXT_ADDRESS, 0, NULL);
    html_raw(text, " ");
    say(text, declared, MESSAGE_DECLARATION_NO_COOKIES, 0, NULL);
    if (strcmp(now->choices[DECLARED_MUNICIPALITIES], "none") != 0) {
        html_raw(text, " ");
        say(text, declared, MESSAGE_DECLARATION_GEO_DATABASE, 0, NULL);
    }
    html_raw(text, "\n\n");
    put_number(&limits, 0, now->numbers[DECLARED_NOISE_BOUND]);
    put_number(&limits, 1, now->numbers[DECLARED_SHOWN_FROM]);
    put_number(&limits, 2, now->numbers[DECLARED_WITNESSES]);
    say(text, declared, MESSAGE_TEXT_HIDDEN, 3, limits.spans);
    html_raw(text, "\n\n");
}

void
declaration_text_write(struct html *text, const struct declared_page *declared)
{
    const struct span name = span_text(declared->site->name);
    const char *url = declared->page->config->aggregator.public_url;
    char address[1024];
    say(text, declared, MESSAGE_TEXT_TITLE, 1, &name);
    html_raw(text, "\n\n");
    say(text, declared, MESSAGE_TEXT_LEDE, 0, NULL);
    html_raw(text, "\n\n");
    write_tables(text, declared);
    write_reading(text, declared);
    write_kept(text, declared);
    write_opt_out(text, declared);
    write_ahead(text, declared);
    snprintf(address, sizeof address, "%.700s/declaration/%s", url == NULL ? "" : url, declared->site->key);
    const struct span whole = span_text(address);
    html_raw(text, "\n");
    say(text, declared, MESSAGE_TEXT_WHOLE, 1, &whole);
    html_raw(text, "\n");
}
