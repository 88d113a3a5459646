/* Long lists: the box that filters them, how much of them is on the page, and the ways to the rest. */
#include "form.h"
#include "screen.h"

static const struct narrowing *
narrowing_of(const struct screen *screen, enum table_id table)
{
    const struct narrowing *narrowing = screen->page->narrowing;
    return narrowing != NULL && narrowing->is_made && narrowing->table == table && !screen->is_frame ? narrowing : NULL;
}

bool
part_is_narrowed(const struct screen *screen, enum table_id table)
{
    return narrowing_of(screen, table) != NULL;
}

bool
part_lets(const struct screen *screen, enum table_id table, struct span name)
{
    const struct narrowing *narrowing = narrowing_of(screen, table);
    return narrowing == NULL || narrowing->text[0] == '\0' || narrowing_finds(narrowing, name);
}

struct part
part_of(const struct screen *screen, enum table_id table, size_t count)
{
    const struct narrowing *narrowing = narrowing_of(screen, table);
    size_t last = count == 0 ? 0 : (count - 1) / PART_ROWS;
    size_t part = narrowing == NULL ? 0 : narrowing->part > last ? last : narrowing->part;
    size_t from = part * PART_ROWS;
    return (struct part){ from, count - from > PART_ROWS ? from + PART_ROWS : count };
}

/* A link to this very screen, with its choices, and the place of the list. */
static void
begin_link(struct screen *screen, enum table_id table, const char *id, const char *text, size_t part)
{
    struct html *html = screen->html;
    html_raw(html, " <a class=\"ds-link\" href=\"");
    page_address(html, screen->page, screen->page->site, screen->kind->suffix);
    bool is_first = screen->kind->parameter == NULL || screen->subject[0] == '\0';
    if (!is_first) {
        html_raw(html, "?");
        html_text(html, screen->kind->parameter);
        html_raw(html, "=");
        html_component(html, span_text(screen->subject));
    }
    if (part > 0 || text[0] != '\0') {
        html_text(html, is_first ? "?list=" : "&list=");
        html_text(html, table_table[table].name);
        is_first = false;
    }
    if (text[0] != '\0') {
        html_raw(html, "&amp;q=");
        html_component(html, span_text(text));
    }
    if (part > 0) {
        html_raw(html, "&amp;part=");
        html_integer(html, (int64_t)part + 1);
    }
    page_choices(html, screen->page, screen->page->selection, is_first);
    html_raw(html, "#");
    html_text(html, id);
    html_raw(html, "\">");
}

void
write_filter(struct screen *screen, enum table_id table, const char *id)
{
    struct html *html = screen->html;
    const struct narrowing *narrowing = narrowing_of(screen, table);
    html_raw(html, "<form class=\"filter\" role=\"search\" aria-labelledby=\"");
    html_text(html, id);
    html_raw(html, "\" action=\"#");
    html_text(html, id);
    html_raw(html, "\">");
    form_choices(screen);
    page_days_fields(html, &screen->scope->selection);
    form_hidden(html, "list", span_text(table_table[table].name));
    html_raw(
        html,
        "<input class=\"ds-input\" type=\"text\" name=\"q\" autocomplete=\"off\" spellcheck=\"false\" maxlength=\"");
    html_integer(html, FILTER_CHARACTERS_MAX);
    html_raw(html, "\" aria-label=\"");
    screen_say(screen, FILTER_LABEL);
    html_raw(html, "\" value=\"");
    if (narrowing != NULL)
        html_text(html, narrowing->text);
    html_raw(html, "\"><button class=\"ds-button\" data-variant=\"tertiary\">");
    screen_say(screen, FILTER);
    html_raw(html, "</button></form>");
}

/* '12 av 812 inneholder «sorg».', and the way back to all of them. */
static void
write_found(struct screen *screen, const struct narrowing *narrowing, const char *id, size_t count, size_t total)
{
    struct html *html = screen->html;
    struct html numbers[2] = { 0 };
    html_number(&numbers[0], (int64_t)count);
    html_number(&numbers[1], (int64_t)total);
    const struct span arguments[] = { span_of(numbers[0].at, numbers[0].length),
                                      span_of(numbers[1].at, numbers[1].length), span_text(narrowing->text) };
    html_raw(html, "<p class=\"small\" role=\"status\">");
    html_format(html, message_text(MESSAGE_FILTER_FOUND, screen->page->language), 3, arguments);
    begin_link(screen, narrowing->table, id, "", 0);
    screen_say(screen, FILTER_CLEAR);
    html_raw(html, "</a></p>");
    for (size_t i = 0; i < 2; i++) {
        html->failed |= numbers[i].failed;
        html_fini(&numbers[i]);
    }
}

void
write_part(struct screen *screen, enum table_id table, const char *id, struct part part, size_t count, size_t total)
{
    struct html *html = screen->html;
    const struct narrowing *narrowing = narrowing_of(screen, table);
    const char *text = narrowing == NULL ? "" : narrowing->text;
    if (text[0] != '\0')
        write_found(screen, narrowing, id, count, total);
    if (part.from == 0 && part.to == count)
        return;
    const int64_t numbers[] = { (int64_t)part.from + 1, (int64_t)part.to, (int64_t)count };
    html_raw(html, "<p class=\"small\">");
    html_message_numbers(html, screen->page->language, MESSAGE_PART_SHOWN, 3, numbers);
    if (part.from > 0 && !screen->is_frame) {
        begin_link(screen, table, id, text, part.from / PART_ROWS - 1);
        html_message_number(html, screen->page->language, MESSAGE_PART_BEFORE, PART_ROWS);
        html_raw(html, "</a>");
    }
    if (part.to < count && !screen->is_frame) {
        size_t rest = count - part.to;
        begin_link(screen, table, id, text, part.from / PART_ROWS + 1);
        html_message_number(html, screen->page->language, MESSAGE_PART_NEXT,
                            rest > PART_ROWS ? PART_ROWS : (int64_t)rest);
        html_raw(html, "</a>");
    }
    html_raw(html, "</p>");
}
