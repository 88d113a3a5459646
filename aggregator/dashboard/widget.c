#include "screen.h"

static void
write_width(struct html *html, enum width width)
{
    html_raw(html, " w");
    html_integer(html, width);
}

bool
is_incomparable(const struct screen *screen, enum incomparable why)
{
    return why != COMPARABLE && scope_compares(screen->scope, screen->scope->compared);
}

static void
write_not_compared(struct screen *screen, const struct list *list)
{
    struct html first = { 0 };
    bool is_later = list->incomparable == COUNTED_LATER;
    if (is_later)
        html_date(&first, screen->page->language, list->counted_from, DATE_LONG);
    html_raw(screen->html, "<p class=\"small\">");
    html_message_part(screen->html, screen->page->language, is_later ? MESSAGE_NOT_COMPARED : MESSAGE_NOT_COMPARED_GAPS,
                      &first);
    html_raw(screen->html, "</p>");
}

/* Days that are not the page's: whole months, where the table has no others. */
static void
write_own_days(struct screen *screen, const struct list *list)
{
    html_raw(screen->html, "<p class=\"legend\">");
    html_dates(screen->html, screen->page->language, list->days.from, list->days.to);
    html_raw(screen->html, "</p>");
}

void
card_begin(struct screen *screen, const struct block *block, const char *id, const struct list *list)
{
    struct html *html = screen->html;
    html_raw(html, "<section class=\"ds-card");
    write_width(html, block->width);
    if (screen->page->site->mode == MODE_RESTRICTED)
        html_raw(html, " few"); /* so few blocks that thirds would leave a gap */
    html_raw(html, "\"><div class=\"title\"><h2 class=\"ds-heading\" data-size=\"2xs\" id=\"");
    html_text(html, id);
    html_raw(html, "\">");
    html_message(html, screen->page->language, block->title);
    html_raw(html, "</h2>");
    if (block->table == TABLE_MUNICIPALITY) {
        html_raw(html, "<p class=\"legend\">");
        screen_say(screen, ESTIMATE);
        html_raw(html, "</p>");
    }
    bool has_own_days = list != NULL && list->now != NULL && !days_equal(list->days, screen->scope->days);
    if (has_own_days)
        write_own_days(screen, list);
    html_raw(html, "</div>");
    if (has_own_days && screen->scope->selection.kind == RANGE_CUSTOM)
        card_note(screen, MESSAGE_ONLY_MONTHS);
    if (list != NULL && list->now != NULL && is_incomparable(screen, list->incomparable))
        write_not_compared(screen, list);
    if (block->note != MESSAGE_COUNT)
        card_note(screen, block->note);
}

void
card_end(struct screen *screen)
{
    html_raw(screen->html, "</section>");
}

void
card_note(struct screen *screen, enum message message)
{
    html_raw(screen->html, "<p class=\"small\">");
    html_message(screen->html, screen->page->language, message);
    html_raw(screen->html, "</p>");
}

static void
write_hidden(struct screen *screen)
{
    struct html *html = screen->html;
    if (screen->is_frame) { /* nothing in it says what hidden means but its foot */
        html_raw(html, ":");
        return;
    }
    html_raw(html, "<a class=\"hid\" href=\"#hidden\" aria-label=\"");
    html_message_number(html, screen->page->language, MESSAGE_HIDDEN_CELL, mode_table[screen->page->site->mode].show);
    html_raw(html, "\">:</a>");
}

void
write_value(struct screen *screen, bool shown, int64_t value, double deviation)
{
    struct html *html = screen->html;
    if (!shown) {
        write_hidden(screen);
        return;
    }
    html_number(html, value);
    if (!screen->scope->selection.margins)
        return;
    html_raw(html, " <small>±\xc2\xa0");
    html_number(html, margin_of(deviation));
    html_raw(html, "</small>");
}

static void
write_signed(struct html *html, int64_t percent)
{
    if (percent > 0)
        html_raw(html, "+");
    html_number(html, percent);
    html_raw(html, "\xc2\xa0%");
}

void
write_change(struct screen *screen, const struct figure *figure)
{
    struct html *html = screen->html;
    int64_t percent;
    if (!figure_percent(figure, &percent)) {
        html_raw(html, ":");
    } else if (percent == 0 || figure_direction(figure) == 0) {
        html_raw(html, "<span aria-hidden=\"true\">≈</span><span class=\"ds-sr-only\">");
        screen_say(screen, UNCHANGED);
        html_raw(html, "</span>");
    } else {
        write_signed(html, percent);
    }
}

void
write_counted_from(struct screen *screen, enum incomparable why, int32_t day)
{
    struct html date = { 0 };
    if (!is_incomparable(screen, why))
        return;
    html_raw(screen->html, "<dd class=\"unit\">");
    if (why == COUNTED_LATER)
        html_date(&date, screen->page->language, day, DATE_SHORT);
    html_message_part(screen->html, screen->page->language,
                      why == COUNTED_LATER ? MESSAGE_COUNTED_FROM : MESSAGE_COUNTED_GAPS, &date);
    html_raw(screen->html, "</dd>");
}

void
write_comparison(struct screen *screen, const struct figure *figure)
{
    struct html *html = screen->html;
    int64_t percent;
    write_counted_from(screen, figure->incomparable, figure->counted_from);
    if (!figure_percent(figure, &percent))
        return;
    int direction = percent == 0 ? 0 : figure_direction(figure);
    html_raw(html, "<dd class=\"change\"><span class=\"ds-tag\" data-color=\"");
    html_text(html, direction == 0 ? "neutral" : direction > 0 ? "success" : "warning");
    html_raw(html, "\">");
    html_message(html, screen->page->language,
                 direction == 0  ? MESSAGE_UNCHANGED
                 : direction > 0 ? MESSAGE_UP
                                 : MESSAGE_DOWN);
    if (direction != 0) {
        html_raw(html, " ");
        write_signed(html, percent);
    }
    html_raw(html, "</span></dd><dd class=\"unit\">");
    html_message_number(html, screen->page->language, MESSAGE_FROM_VALUE, figure->compared);
    html_raw(html, "</dd>");
}

void
write_seconds(struct screen *screen, int64_t seconds)
{
    enum language language = screen->page->language;
    if (seconds < 60) {
        html_message_number(screen->html, language, MESSAGE_SECONDS, seconds);
        return;
    }
    const int64_t parts[] = { seconds / 60, seconds % 60 };
    html_message_numbers(screen->html, language, MESSAGE_MINUTES_SECONDS, 2, parts);
}

struct span
label_text(const struct page *page, const struct label *label)
{
    bool is_name = label->message == MESSAGE_COUNT || label->name.length > 0;
    return is_name ? label->name : span_text(message_text(label->message, page->language));
}

void
write_label(struct screen *screen, const struct label *label)
{
    if (label->message == MESSAGE_COUNT)
        html_span(screen->html, label->name);
    else
        html_message_text(screen->html, screen->page->language, label->message, label->name);
}
