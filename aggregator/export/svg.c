#include "export.h"

#include "../dashboard/chart.h"

/* Picture units are pixels; coordinates are written in thousandths of them. */
enum {
    WIDTH = 960,
    HEIGHT = 400,
    PLOT_LEFT = 70,
    PLOT_RIGHT = 940,
    PLOT_TOP = 60,
    PLOT_BOTTOM = 350,
    GRID_STEPS = 4,
    BAR_TOP = 56,
    BAR_STEP = 26,
    BAR_LEFT = 330,
    BAR_RIGHT = 860,
    BARS_MAX = 20,
    LABEL_BYTES_MAX = 36,
};

static const char style[] =
    "<style>text{font:14px Inter,system-ui,sans-serif;fill:#1e2b3c}.t{font-size:17px;font-weight:600}"
    ".s{fill:#5b6776}.g{stroke:#d8dde3}.l{fill:none;stroke:#0062ba;stroke-width:2.5;stroke-linejoin:round}"
    ".b{fill:#0062ba}.e{text-anchor:end}.m{text-anchor:middle}</style>";

/* attribute="12.5" */
#define coordinate(html, attribute, thousandths)                                                                       \
    do {                                                                                                               \
        html_raw(html, " " attribute "=\"");                                                                           \
        html_decimal(html, thousandths);                                                                               \
        html_raw(html, "\"");                                                                                          \
    } while (0)

static void
begin(struct html *html, const struct export *export, int height)
{
    const struct statistic_query *query = export->query;
    char from[PERIOD_TEXT_MAX];
    char to[PERIOD_TEXT_MAX];
    period_format((struct period){ PERIOD_DAY, query->from }, from);
    period_format((struct period){ PERIOD_DAY, query->to }, to);
    html_raw(html, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title\" width=\"960\"");
    coordinate(html, "height", (int64_t)height * 1000);
    html_raw(html, " viewBox=\"0 0 960 ");
    html_integer(html, height);
    html_raw(html, "\"><title id=\"title\">");
    html_text(html, query->site->name);
    html_raw(html, ": ");
    html_text(html, table_table[query->table].words[LANGUAGE_NB]);
    html_raw(html, ", ");
    html_text(html, from);
    html_raw(html, " – ");
    html_text(html, to);
    html_raw(html, "</title>");
    html_literal(html, style, sizeof style - 1);
    html_raw(html, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><text class=\"t\" x=\"20\" y=\"30\">");
    html_text(html, table_table[query->table].words[LANGUAGE_NB]);
    html_raw(html, "</text><text class=\"s e\" x=\"940\" y=\"30\">");
    html_text(html, query->site->name);
    html_raw(html, ", ");
    html_text(html, from);
    html_raw(html, " – ");
    html_text(html, to);
    html_raw(html, "</text>");
}

/* ---- a line over time ---- */

static int64_t
x_of(size_t i, size_t count)
{
    return PLOT_LEFT * 1000 + (int64_t)(PLOT_RIGHT - PLOT_LEFT) * 1000 * (2 * (int64_t)i + 1) / (2 * (int64_t)count);
}

static int64_t
y_of(int64_t value, int64_t axis)
{
    int64_t height = (int64_t)(PLOT_BOTTOM - PLOT_TOP) * 1000;
    return PLOT_BOTTOM * 1000 - (value <= 0 ? 0 : (int64_t)((double)value / (double)axis * (double)height));
}

static int64_t
greatest(const struct statistic *statistic)
{
    int64_t value = 0;
    for (size_t i = 0; i < statistic_count(statistic); i++)
        if (statistic_at(statistic, i)->shown && statistic_at(statistic, i)->value > value)
            value = statistic_at(statistic, i)->value;
    return value;
}

static void
draw_grid(struct html *html, int64_t axis)
{
    for (int step = 0; step <= GRID_STEPS; step++) {
        int64_t value = axis * step / GRID_STEPS;
        html_raw(html, "<line class=\"g\" x1=\"70\" x2=\"940\"");
        coordinate(html, "y1", y_of(value, axis));
        coordinate(html, "y2", y_of(value, axis));
        html_raw(html, "/><text class=\"s e\" x=\"62\" dy=\"5\"");
        coordinate(html, "y", y_of(value, axis));
        html_raw(html, ">");
        html_number(html, value);
        html_raw(html, "</text>");
    }
}

/* A gap where a value is hidden, with ':' on the line of zero; a value alone between gaps is a dot. */
static void
draw_line(struct html *html, const struct statistic *statistic, int64_t axis)
{
    size_t count = statistic_count(statistic);
    bool is_open = false;
    html_raw(html, "<path class=\"l\" stroke-linecap=\"round\" d=\"");
    for (size_t i = 0; i < count; i++) {
        const struct statistic_row *row = statistic_at(statistic, i);
        if (row->shown) {
            html_literal(html, is_open ? "L" : "M", 1);
            html_decimal(html, x_of(i, count));
            html_raw(html, " ");
            html_decimal(html, y_of(row->value, axis));
            html_raw(html, "h0");
        }
        is_open = row->shown;
    }
    html_raw(html, "\"/>");
}

static void
draw_hidden(struct html *html, const struct statistic *statistic)
{
    size_t count = statistic_count(statistic);
    for (size_t i = 0; i < count; i++) {
        if (statistic_at(statistic, i)->shown)
            continue;
        html_raw(html, "<text class=\"s m\" y=\"346\"");
        coordinate(html, "x", x_of(i, count));
        html_raw(html, ">:</text>");
    }
}

/* The first bucket, the last, and some between. */
static void
draw_labels(struct html *html, const struct export *export)
{
    size_t count = statistic_count(export->statistic);
    size_t step = count <= 8 ? 1 : (count + 6) / 7;
    for (size_t i = 0; i < count; i += step) {
        char moment[MOMENT_TEXT_MAX];
        export_moment(export->query, statistic_at(export->statistic, i)->from, moment);
        html_raw(html, "<text class=\"s m\" y=\"376\"");
        coordinate(html, "x", x_of(i, count));
        html_raw(html, ">");
        html_text(html, moment);
        html_raw(html, "</text>");
    }
}

static void
draw_time(struct html *html, const struct export *export)
{
    int64_t axis = chart_axis(greatest(export->statistic));
    begin(html, export, HEIGHT);
    draw_grid(html, axis);
    draw_hidden(html, export->statistic);
    draw_line(html, export->statistic, axis);
    draw_labels(html, export);
}

/* ---- bars ---- */

/* The rows of the last bucket that shows any: where they begin, and how many are drawn. */
static size_t
last_bucket(const struct statistic *statistic, size_t *first)
{
    size_t end = statistic_count(statistic);
    *first = end;
    while (*first > 0 && statistic_at(statistic, *first - 1)->from == statistic_at(statistic, end - 1)->from)
        (*first)--;
    return end - *first > BARS_MAX ? BARS_MAX : end - *first;
}

/* Cut between two characters. */
static void
write_label(struct html *html, struct span label)
{
    size_t length = label.length;
    if (length > LABEL_BYTES_MAX) {
        length = LABEL_BYTES_MAX;
        while (length > 0 && ((unsigned char)label.at[length] & 0xc0) == 0x80)
            length--;
    }
    html_span(html, span_of(label.at, length));
    if (length < label.length)
        html_raw(html, "…");
}

static void
draw_bar(struct html *html, const struct export *export, const struct statistic_row *row, size_t place, int64_t most)
{
    int64_t y = BAR_TOP + (int64_t)place * BAR_STEP;
    int64_t width = row->value <= 0 ? 0 : (int64_t)((double)row->value / (double)most * (BAR_RIGHT - BAR_LEFT) * 1000);
    html_raw(html, "<text class=\"e\" x=\"320\"");
    coordinate(html, "y", (y + 14) * 1000);
    html_raw(html, ">");
    write_label(html, export_label(export, row->key));
    html_raw(html, "</text><rect class=\"b\" x=\"330\" height=\"18\" rx=\"2\"");
    coordinate(html, "y", y * 1000);
    coordinate(html, "width", width);
    html_raw(html, "/><text");
    coordinate(html, "x", (BAR_LEFT + 8) * 1000 + width);
    coordinate(html, "y", (y + 14) * 1000);
    html_raw(html, ">");
    html_number(html, row->value);
    html_raw(html, "</text>");
}

static void
draw_bars(struct html *html, const struct export *export)
{
    size_t first;
    size_t count = last_bucket(export->statistic, &first);
    int64_t most = 1;
    for (size_t i = 0; i < count; i++)
        most = statistic_at(export->statistic, first + i)->value > most
                   ? statistic_at(export->statistic, first + i)->value
                   : most;
    begin(html, export, BAR_TOP + BAR_STEP * (int)(count > 0 ? count : 1) + 20);
    if (count == 0)
        html_raw(html, "<text class=\"s m\" x=\"480\" y=\"72\">:</text>");
    for (size_t i = 0; i < count; i++)
        draw_bar(html, export, statistic_at(export->statistic, first + i), i, most);
}

void
export_svg(struct html *html, const struct export *export)
{
    if (table_table[export->query->table].key == KEY_NONE)
        draw_time(html, export);
    else
        draw_bars(html, export);
    html_raw(html, "</svg>\n");
}
