#include "chart.h"

static void
write_value(struct html *html, const struct chart *chart, const struct chart_value *value)
{
    if (!chart_shows(value)) {
        html_raw(html, ":");
        return;
    }
    html_number(html, value->value);
    if (chart->is_percent)
        html_raw(html, "\xc2\xa0%");
    if (!chart->has_margins || chart->is_percent)
        return;
    html_raw(html, " ±\xc2\xa0");
    html_number(html, value->margin);
}

static void
render_dot(struct html *html, const struct chart_value *value, bool compared, int64_t axis)
{
    if (!chart_shows(value))
        return;
    html_raw(html, "<circle r=\"4\" cx=\"50%\" cy=\"");
    html_decimal(html, chart_y(value->value, axis));
    if (compared)
        html_raw(html, "%\" class=\"then\"/>");
    else
        html_raw(html, "%\"/>");
}

static void
render_point(struct html *html, const struct chart *chart, const struct chart_point *point, int64_t axis)
{
    html_raw(html, "<label><input type=\"radio\" name=\"");
    html_text(html, chart->id);
    html_raw(html, "\"><svg aria-hidden=\"true\">");
    if (chart->by != BY_HOUR) {
        if (chart->has_compared)
            render_dot(html, &point->compared, true, axis);
        render_dot(html, &point->now, false, axis);
    }
    html_raw(html, "</svg><span>");
    chart_write_bucket(html, chart, point->now.day, DATE_WEEKDAY);
    html_raw(html, " <b>");
    write_value(html, chart, &point->now);
    html_raw(html, "</b>");
    if (chart->has_compared && point->compared.exists) {
        html_raw(html, " ");
        html_message(html, chart->language, MESSAGE_BEFORE);
        html_raw(html, " ");
        write_value(html, chart, &point->compared);
    }
    html_raw(html, "</span></label>");
}

void
chart_render_reader(struct html *html, const struct chart *chart, int64_t axis)
{
    html_raw(html, "<div class=\"reader\" role=\"radiogroup\" aria-label=\"");
    html_message_text(html, chart->language, MESSAGE_READ_OFF, span_text(message_text(chart->title, chart->language)));
    html_raw(html, "\">");
    for (size_t i = 0; i < chart->count; i++) {
        if (chart->points[i].now.exists)
            render_point(html, chart, &chart->points[i], axis);
        else
            html_raw(html, "<i></i>");
    }
    html_raw(html, "</div>");
}

void
chart_render_summary(struct html *html, const struct chart *chart)
{
    const struct chart_value *high = NULL;
    const struct chart_value *low = NULL;
    for (size_t i = 0; i < chart->count; i++) {
        const struct chart_value *value = &chart->points[i].now;
        if (chart_shows(value) && (high == NULL || value->value > high->value))
            high = value;
        if (chart_shows(value) && (low == NULL || value->value < low->value))
            low = value;
    }
    if (high == NULL || low == NULL) {
        html_message(html, chart->language, MESSAGE_CHART_EMPTY);
        return;
    }
    struct html parts[4] = { 0 };
    chart_write_bucket(&parts[0], chart, high->day, DATE_WEEKDAY);
    html_number(&parts[1], high->value);
    chart_write_bucket(&parts[2], chart, low->day, DATE_WEEKDAY);
    html_number(&parts[3], low->value);
    struct span arguments[4];
    for (size_t i = 0; i < 4; i++) {
        html->failed |= parts[i].failed;
        arguments[i] = span_of(parts[i].at, parts[i].length);
    }
    enum message message = chart->by == BY_HOUR ? MESSAGE_COLUMNS_SAY : MESSAGE_CHART_SAYS;
    html_format(html, message_text(message, chart->language), 4, arguments);
    for (size_t i = 0; i < 4; i++)
        html_fini(&parts[i]);
}

/* A hidden cell leads to what hidden means. */
static void
render_cell(struct html *html, const struct chart *chart, const struct chart_value *value)
{
    if (chart_shows(value)) {
        write_value(html, chart, value);
        return;
    }
    html_raw(html, "<a class=\"hid\" href=\"#hidden\" aria-label=\"");
    html_message_number(html, chart->language, MESSAGE_HIDDEN_CELL, chart->hidden_below);
    html_raw(html, "\">:</a>");
}

static void
render_row(struct html *html, const struct chart *chart, const struct chart_point *point)
{
    html_raw(html, "<tr><th scope=\"row\">");
    chart_write_bucket(html, chart, point->now.day, DATE_WEEKDAY);
    html_raw(html, "</th><td>");
    render_cell(html, chart, &point->now);
    if (chart->has_compared) {
        html_raw(html, "</td><td class=\"then\">");
        if (point->compared.exists) {
            chart_write_bucket(html, chart, point->compared.day, DATE_WEEKDAY);
            html_raw(html, "</td><td>");
            render_cell(html, chart, &point->compared);
        } else {
            html_raw(html, "</td><td>");
        }
    }
    html_raw(html, "</td></tr>");
}

static void
render_head(struct html *html, const struct chart *chart)
{
    enum message bucket = chart->by == BY_MONTH ? MESSAGE_MONTH : chart->by == BY_HOUR ? MESSAGE_HOUR : MESSAGE_DATE;
    html_raw(html, "<thead><tr><th scope=\"col\">");
    html_message(html, chart->language, bucket);
    html_raw(html, "</th><th scope=\"col\">");
    html_message(html, chart->language, chart->value);
    if (chart->has_compared) {
        html_raw(html, "</th><th scope=\"col\">");
        html_message(html, chart->language, MESSAGE_COMPARE);
        html_raw(html, "</th><th scope=\"col\">");
        html_message(html, chart->language, chart->value);
    }
    html_raw(html, "</th></tr></thead>");
}

void
chart_render_table(struct html *html, const struct chart *chart)
{
    html_raw(html, "<details class=\"ds-details\"><summary>");
    html_message(html, chart->language, MESSAGE_AS_TABLE);
    html_raw(html, "</summary><div><table class=\"ds-table days\" aria-labelledby=\"");
    html_text(html, chart->id);
    html_raw(html, "\">");
    render_head(html, chart);
    html_raw(html, "<tbody>");
    for (size_t i = 0; i < chart->count; i++)
        if (chart->points[i].now.exists)
            render_row(html, chart, &chart->points[i]);
    html_raw(html, "</tbody></table></div></details>");
}
