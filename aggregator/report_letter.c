#include "report_letter.h"

#include "dashboard/messages.h"

#include <math.h>
#include <stdio.h>

enum { ROWS_MAX = 10, PLAIN_NUMBER_MAX = 40 };

/* ---- what text and HTML share ---- */

/* Monday's week number (ISO 8601): that of the Thursday in it. */
static int
week_number(int32_t monday)
{
    int year, month, day;
    civil_date(monday + 3, &year, &month, &day);
    return (monday + 3 - civil_day(year, 1, 1)) / 7 + 1;
}

/* A percent that is worth saying; false where there is none. */
static bool
change_of(const struct report_figure *figure, int64_t *percent)
{
    if (!figure->shown || !figure->was_shown || figure->before <= 0)
        return false;
    *percent = llround(100.0 * (double)(figure->value - figure->before) / (double)figure->before);
    return true;
}

static bool
is_digits(struct span text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.length > 0;
}

/* How a row is called; false: it has no name to rank by (a sum of others, or unknown). */
static bool
name_of(const struct letter *letter, const struct statistic_row *row, bool is_page, struct span *name)
{
    *name = row->key;
    if (is_page)
        return !span_equal(row->key, SPAN_LITERAL(KEY_OTHER));
    if (row->is_rest || row->key.length != 4 || !is_digits(row->key))
        return false;
    unsigned number = 0;
    for (size_t i = 0; i < 4; i++)
        number = number * 10 + (unsigned)(row->key.at[i] - '0');
    const struct gazetteer_municipality *at =
        letter->gazetteer == NULL ? NULL : gazetteer_municipality(letter->gazetteer, (uint16_t)number);
    if (at != NULL)
        *name = span_text(at->name);
    return true;
}

/* ---- plain text ---- */

/* As it is, but for what could begin a line or a colour of its own. */
static void
put_span(struct html *out, struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        bool is_control = (unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f;
        html_literal(out, is_control ? "?" : text.at + i, 1);
    }
}

static void
put(struct html *out, const char *text)
{
    html_literal(out, text, strlen(text));
}

static void
put_message(struct html *out, const struct letter *letter, enum message message, const struct span *arguments)
{
    const char *format = message_text(message, letter->language);
    for (const char *hole; (hole = strstr(format, "{}")) != NULL; format = hole + 2) {
        html_literal(out, format, (size_t)(hole - format));
        put_span(out, *arguments++);
    }
    put(out, format);
}

/* The dates and numbers of html.h have nothing in them that HTML would escape. */
static void
put_dates(struct html *out, const struct letter *letter)
{
    html_dates(out, letter->language, letter->report->from, letter->report->to);
}

void
letter_subject(struct html *out, const struct letter *letter)
{
    const struct report *report = letter->report;
    struct span arguments[2] = { span_text(report->site->name) };
    struct html when = { 0 };
    char week[16];
    if (report->kind == REPORT_WEEK) {
        snprintf(week, sizeof week, "%d", week_number(report->from));
        arguments[1] = span_text(week);
        put_message(out, letter, MESSAGE_MAIL_WEEK_SUBJECT, arguments);
        return;
    }
    put_dates(&when, letter);
    arguments[1] = span_of(when.at, when.length);
    put_message(out, letter, MESSAGE_MAIL_MONTH_SUBJECT, arguments);
    out->failed |= when.failed;
    html_fini(&when);
}

static void
put_change(struct html *out, const struct letter *letter, const struct report_figure *figure)
{
    int64_t percent;
    struct html before = { 0 };
    if (!change_of(figure, &percent))
        return;
    put(out, " (");
    if (!figure->is_told_apart) {
        put(out, message_text(MESSAGE_UNCHANGED, letter->language));
    } else {
        put(out, percent > 0 ? "+" : "");
        html_number(out, percent);
        put(out, " %");
    }
    put(out, ", ");
    html_number(&before, figure->before);
    put_message(out, letter, MESSAGE_FROM_VALUE, &(struct span){ before.at, before.length });
    put(out, ")");
    html_fini(&before);
}

static void
put_figure(struct html *out, const struct letter *letter, enum message label, const struct report_figure *figure)
{
    put(out, message_text(label, letter->language));
    put(out, ": ");
    if (figure->shown)
        html_number(out, figure->value);
    else
        put(out, ":");
    put_change(out, letter, figure);
    put(out, "\n");
}

static void
put_list(struct html *out, const struct letter *letter, enum message title, const struct statistic *list, bool is_page)
{
    size_t count = 0;
    struct span name;
    for (size_t i = 0; list != NULL && i < statistic_count(list) && count < ROWS_MAX; i++) {
        const struct statistic_row *row = statistic_at(list, i);
        if (!row->shown || !name_of(letter, row, is_page, &name))
            continue;
        if (count++ == 0) {
            put(out, "\n");
            put(out, message_text(title, letter->language));
            put(out, "\n");
        }
        put(out, "  ");
        html_number(out, row->value);
        put(out, "  ");
        put_span(out, name);
        put(out, "\n");
    }
}

void
letter_text(struct html *out, const struct letter *letter)
{
    const struct report *report = letter->report;
    struct span name = span_text(report->site->name);
    put_span(out, name);
    put(out, "\n");
    put_dates(out, letter);
    put(out, "\n\n");
    put_figure(out, letter, MESSAGE_VISITS, &report->visits);
    put_figure(out, letter, MESSAGE_VIEWS, &report->views);
    if (report->is_partly) {
        put(out, message_text(MESSAGE_MAIL_PARTLY, letter->language));
        put(out, "\n");
    }
    put_list(out, letter, MESSAGE_PAGES, report->pages, true);
    put_list(out, letter, MESSAGE_MUNICIPALITIES, report->municipalities, false);
    put(out, "\n");
    put(out, message_text(MESSAGE_MAIL_HIDDEN, letter->language));
    if (letter->public_url != NULL) {
        put(out, "\n\n");
        put(out, message_text(MESSAGE_MAIL_OPEN, letter->language));
        put(out, ": ");
        put(out, letter->public_url);
        put(out, "/sites/");
        put(out, report->site->key);
    }
    put(out, "\n\n-- \n");
    put_message(out, letter, MESSAGE_MAIL_WHY, &name);
    put(out, "\n");
}

/* ---- HTML: what mail programs show, so styles stand at each element and tables make columns ---- */

#define CELL "padding:6px 0;border-bottom:1px solid #dfe3e8;"
#define QUIET "color:#5b6470;font-size:14px;"

static void
write_change(struct html *out, const struct letter *letter, const struct report_figure *figure)
{
    struct html text = { 0 };
    put_change(&text, letter, figure);
    html_span(out, span_of(text.at, text.length));
    html_fini(&text);
}

static void
write_figure(struct html *out, const struct letter *letter, enum message label, const struct report_figure *figure)
{
    html_raw(out, "<td style=\"padding:0 24px 0 0;vertical-align:top\"><div style=\"" QUIET "\">");
    html_message(out, letter->language, label);
    html_raw(out, "</div><div style=\"font-size:30px;font-weight:600\">");
    if (figure->shown)
        html_number(out, figure->value);
    else
        html_raw(out, ":");
    html_raw(out, "</div><div style=\"" QUIET "\">");
    write_change(out, letter, figure);
    html_raw(out, "</div></td>");
}

static void
write_list(struct html *out, const struct letter *letter, enum message title, const struct statistic *list,
           bool is_page)
{
    size_t count = 0;
    struct span name;
    for (size_t i = 0; list != NULL && i < statistic_count(list) && count < ROWS_MAX; i++) {
        const struct statistic_row *row = statistic_at(list, i);
        if (!row->shown || !name_of(letter, row, is_page, &name))
            continue;
        if (count++ == 0) {
            html_raw(out, "<h2 style=\"font-size:16px;margin:28px 0 4px\">");
            html_message(out, letter->language, title);
            html_raw(out, "</h2><table role=\"presentation\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\">");
        }
        html_raw(out, "<tr><td style=\"" CELL "\">");
        html_span(out, name);
        html_raw(out, "</td><td align=\"right\" style=\"" CELL "padding-left:16px;white-space:nowrap\">");
        html_number(out, row->value);
        html_raw(out, "</td></tr>");
    }
    if (count > 0)
        html_raw(out, "</table>");
}

static void
write_head(struct html *out, const struct letter *letter)
{
    html_raw(out, "<!doctype html><html lang=\"");
    html_text(out, language_tag(letter->language));
    html_raw(out, "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>");
    html_text(out, letter->report->site->name);
    html_raw(out, "</title></head><body style=\"margin:0;background:#f4f5f7;color:#1e2328;font:16px/1.45 "
                  "-apple-system,'Segoe UI',Roboto,Arial,sans-serif\"><div style=\"max-width:560px;margin:0 auto;"
                  "padding:24px 16px\"><div style=\"background:#ffffff;border:1px solid #dfe3e8;border-radius:8px;"
                  "padding:24px\"><h1 style=\"font-size:20px;margin:0\">");
    html_text(out, letter->report->site->name);
    html_raw(out, "</h1><p style=\"margin:2px 0 20px;" QUIET "\">");
    put_dates(out, letter);
    html_raw(out, "</p>");
}

static void
write_link(struct html *out, const struct letter *letter)
{
    if (letter->public_url == NULL)
        return;
    html_raw(out, "<p style=\"margin:24px 0 0\"><a style=\"color:#0062ba\" href=\"");
    html_text(out, letter->public_url);
    html_raw(out, "/sites/");
    html_text(out, letter->report->site->key);
    html_raw(out, "\">");
    html_message(out, letter->language, MESSAGE_MAIL_OPEN);
    html_raw(out, "</a></p>");
}

static void
write_partly(struct html *out, const struct letter *letter)
{
    if (!letter->report->is_partly)
        return;
    html_raw(out, "<p style=\"margin:8px 0 0;" QUIET "\">");
    html_message(out, letter->language, MESSAGE_MAIL_PARTLY);
    html_raw(out, "</p>");
}

void
letter_html(struct html *out, const struct letter *letter)
{
    const struct report *report = letter->report;
    write_head(out, letter);
    html_raw(out, "<table role=\"presentation\" cellspacing=\"0\" cellpadding=\"0\"><tr>");
    write_figure(out, letter, MESSAGE_VISITS, &report->visits);
    write_figure(out, letter, MESSAGE_VIEWS, &report->views);
    html_raw(out, "</tr></table>");
    write_partly(out, letter);
    write_list(out, letter, MESSAGE_PAGES, report->pages, true);
    write_list(out, letter, MESSAGE_MUNICIPALITIES, report->municipalities, false);
    write_link(out, letter);
    html_raw(out, "<p style=\"margin:20px 0 0;" QUIET "\">");
    html_message(out, letter->language, MESSAGE_MAIL_HIDDEN);
    html_raw(out, "</p></div><p style=\"margin:16px 4px;" QUIET "\">");
    html_message_text(out, letter->language, MESSAGE_MAIL_WHY, span_text(report->site->name));
    html_raw(out, "</p></div></body></html>");
}
