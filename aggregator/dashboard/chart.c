#include "chart.h"

#include "sporlos/period.h"

/*
 * Coordinates are thousandths of a percent of the picture (1 % = 1000), so that one drawing fits every width: letters
 * and dots keep their size, lines are drawn in a nested SVG that stretches without scaling its strokes.
 */
enum {
    PLOT_LEFT = 5500,
    PLOT_RIGHT = 99500,
    PLOT_TOP = 7000,
    PLOT_BOTTOM = 89000,
    LABEL_Y = 98500,
    STEPS = 4, /* gridlines above zero */
};

int64_t
chart_axis(int64_t greatest)
{
    if (greatest <= 0)
        return STEPS;
    for (int64_t power = 1;; power *= 10) {
        const int64_t steps[] = { power, 2 * power, power * 5 / 2, 5 * power };
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
            if (steps[i] * STEPS >= greatest && (i != 2 || power > 1))
                return steps[i] * STEPS;
        if (power > INT64_MAX / 100)
            return greatest;
    }
}

static int64_t
greatest_value(const struct chart *chart)
{
    int64_t greatest = 0;
    for (size_t i = 0; i < chart->count; i++) {
        const struct chart_point *point = &chart->points[i];
        if (chart_shows(&point->now) && point->now.value > greatest)
            greatest = point->now.value;
        if (chart->has_compared && chart_shows(&point->compared) && point->compared.value > greatest)
            greatest = point->compared.value;
    }
    return greatest;
}

/* Points stand in the middle of equal columns. */
static int64_t
x_of(const struct chart *chart, size_t i)
{
    return PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * (2 * (int64_t)i + 1) / (2 * (int64_t)chart->count);
}

int64_t
chart_y(int64_t value, int64_t axis)
{
    return PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * (value < 0 ? 0 : value) / axis;
}

/* attribute="12.5%" */
#define percent(html, attribute, thousandths)                                                                          \
    do {                                                                                                               \
        html_raw(html, " " attribute "=\"");                                                                           \
        html_decimal(html, thousandths);                                                                               \
        html_raw(html, "%\"");                                                                                         \
    } while (0)

static void
render_grid(struct html *html, const struct chart *chart, int64_t axis)
{
    html_raw(html, "<g class=\"grid-lines\">");
    for (int step = 0; step <= STEPS; step++) {
        int64_t value = axis * step / STEPS;
        html_raw(html, "<line");
        percent(html, "x1", PLOT_LEFT);
        percent(html, "x2", PLOT_RIGHT);
        percent(html, "y1", chart_y(value, axis));
        percent(html, "y2", chart_y(value, axis));
        html_raw(html, "/><text");
        percent(html, "y", chart_y(value, axis));
        html_raw(html, " dy=\"4\">");
        html_number(html, value);
        if (chart->is_percent)
            html_raw(html, "\xc2\xa0%");
        html_raw(html, "</text>");
    }
    html_raw(html, "</g>");
}

static const struct chart_value *
value_at(const struct chart *chart, size_t i, bool compared)
{
    return compared ? &chart->points[i].compared : &chart->points[i].now;
}

/* In the nested SVG's units: 0..1000 each way. */
static void
render_point(struct html *html, const struct chart *chart, size_t i, int64_t value, int64_t axis)
{
    html_decimal(html, (2 * (int64_t)i + 1) * 500000 / (int64_t)chart->count);
    html_raw(html, " ");
    html_integer(html, 1000 - 1000 * (value < 0 ? 0 : value) / axis);
}

/* One path with a gap wherever a value is hidden; a value alone between gaps is none of it (render_dots). */
static void
render_line(struct html *html, const struct chart *chart, bool compared, int64_t axis)
{
    bool is_open = false;
    html_raw(html, "<path d=\"");
    for (size_t i = 0; i < chart->count; i++) {
        const struct chart_value *value = value_at(chart, i, compared);
        if (!chart_shows(value)) {
            is_open = false;
            continue;
        }
        if (is_open)
            html_raw(html, "L");
        else
            html_raw(html, "M");
        render_point(html, chart, i, value->value, axis);
        is_open = true;
    }
    if (compared)
        html_raw(html, "\" class=\"then\"/>");
    else
        html_raw(html, "\" class=\"now\"/>");
}

/* The light surface under the line, one piece a run without gaps. */
static void
render_surface(struct html *html, const struct chart *chart, int64_t axis)
{
    html_raw(html, "<path class=\"surface\" d=\"");
    for (size_t i = 0; i < chart->count;) {
        size_t end = i;
        while (end < chart->count && chart_shows(&chart->points[end].now))
            end++;
        if (end - i > 1) {
            html_raw(html, "M");
            for (size_t k = i; k < end; k++) {
                if (k > i)
                    html_raw(html, "L");
                render_point(html, chart, k, chart->points[k].now.value, axis);
            }
            html_raw(html, "V1000H");
            html_decimal(html, (2 * (int64_t)i + 1) * 500000 / (int64_t)chart->count);
            html_raw(html, "z");
        }
        i = end == i ? i + 1 : end;
    }
    html_raw(html, "\"/>");
}

/* A value alone between gaps, which no line leads to. */
static bool
is_alone(const struct chart *chart, size_t i, bool compared)
{
    return chart_shows(value_at(chart, i, compared)) && (i == 0 || !chart_shows(value_at(chart, i - 1, compared))) &&
           (i + 1 == chart->count || !chart_shows(value_at(chart, i + 1, compared)));
}

static void
render_dots(struct html *html, const struct chart *chart, bool compared, int64_t axis)
{
    for (size_t i = 0; i < chart->count; i++) {
        if (!is_alone(chart, i, compared))
            continue;
        html_raw(html, "<circle r=\"3\"");
        percent(html, "cx", x_of(chart, i));
        percent(html, "cy", chart_y(value_at(chart, i, compared)->value, axis));
        if (compared)
            html_raw(html, " class=\"then\"/>");
        else
            html_raw(html, " class=\"now\"/>");
    }
}

static void
render_lines(struct html *html, const struct chart *chart, int64_t axis)
{
    html_raw(html, "<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\"");
    percent(html, "x", PLOT_LEFT);
    percent(html, "y", PLOT_TOP);
    percent(html, "width", PLOT_RIGHT - PLOT_LEFT);
    percent(html, "height", PLOT_BOTTOM - PLOT_TOP);
    html_raw(html, ">");
    render_surface(html, chart, axis);
    if (chart->has_compared)
        render_line(html, chart, true, axis);
    render_line(html, chart, false, axis);
    html_raw(html, "</svg>");
    if (chart->has_compared)
        render_dots(html, chart, true, axis);
    render_dots(html, chart, false, axis);
}

/* Columns for hours. */
static void
render_bars(struct html *html, const struct chart *chart, int64_t axis)
{
    int64_t width = (PLOT_RIGHT - PLOT_LEFT) / (int64_t)chart->count;
    html_raw(html, "<g class=\"bars\">");
    for (size_t i = 0; i < chart->count; i++) {
        const struct chart_value *value = &chart->points[i].now;
        if (!chart_shows(value))
            continue;
        html_raw(html, "<rect rx=\"2\"");
        percent(html, "x", x_of(chart, i) - width * 36 / 100);
        percent(html, "width", width * 72 / 100);
        percent(html, "y", chart_y(value->value, axis));
        percent(html, "height", PLOT_BOTTOM - chart_y(value->value, axis));
        html_raw(html, "/>");
    }
    html_raw(html, "</g>");
}

void
chart_write_bucket(struct html *html, const struct chart *chart, int32_t day, enum date_style style)
{
    if (chart->by == BY_MONTH) {
        html_month(html, chart->language, civil_month(day), style == DATE_SHORT);
    } else if (chart->by == BY_HOUR) {
        html_text(html, day < 10 ? "0" : "");
        html_integer(html, day);
        if (style == DATE_SHORT)
            return;
        html_raw(html, "–");
        html_text(html, day < 9 ? "0" : "");
        html_integer(html, day + 1);
    } else if (chart->by == BY_WEEK && style == DATE_WEEKDAY) {
        html_dates(html, chart->language, day, day + 6);
    } else {
        html_date(html, chart->language, day, style);
    }
}

/* Days are named by their Mondays, every second of them where there are many. */
static bool
is_labelled(const struct chart *chart, size_t i, size_t mondays)
{
    if (chart->by == BY_HOUR)
        return i % 6 == 0;
    if (chart->count <= 8)
        return true;
    if (chart->by != BY_DAY)
        return i % 2 == 0;
    return civil_weekday(chart->points[i].now.day) == 0 && (chart->count <= 56 || mondays % 2 == 0);
}

static void
render_labels(struct html *html, const struct chart *chart)
{
    size_t mondays = 0;
    size_t labels = 0;
    html_raw(html, "<g class=\"days\">");
    for (size_t i = 0; i < chart->count; i++) {
        bool is_monday = chart->by == BY_DAY && civil_weekday(chart->points[i].now.day) == 0;
        mondays += is_monday;
        if (!is_labelled(chart, i, mondays))
            continue;
        if (labels++ % 2 == 1 && chart->by != BY_HOUR)
            html_raw(html, "<text class=\"extra\"");
        else
            html_raw(html, "<text");
        percent(html, "x", x_of(chart, i));
        percent(html, "y", (int64_t)LABEL_Y);
        html_raw(html, ">");
        chart_write_bucket(html, chart, chart->points[i].now.day, DATE_SHORT);
        html_raw(html, "</text>");
    }
    html_raw(html, "</g>");
}

/* A hidden value's own sign, on the line of zero, so that a gap is not taken for a fault. */
static void
render_hidden(struct html *html, const struct chart *chart)
{
    html_raw(html, "<g class=\"hidden\">");
    for (size_t i = 0; i < chart->count; i++) {
        const struct chart_value *value = &chart->points[i].now;
        if (!value->exists || value->shown)
            continue;
        html_raw(html, "<text");
        percent(html, "x", x_of(chart, i));
        percent(html, "y", (int64_t)PLOT_BOTTOM);
        html_raw(html, " dy=\"-5\">:</text>");
    }
    html_raw(html, "</g>");
}

size_t
chart_place_annotation(const struct chart *chart, const struct annotation *annotation)
{
    if (chart->by == BY_HOUR || chart->count == 0 || annotation->day > chart->days.to)
        return chart->count;
    size_t place = chart->count;
    for (size_t i = 0; i < chart->count; i++)
        if (chart->points[i].now.exists && chart->points[i].now.day <= annotation->day)
            place = i;
    return place;
}

/* A numbered flag for each note; the list under the picture says what they mean. */
static void
render_marks(struct html *html, const struct chart *chart)
{
    int64_t number = 0;
    html_raw(html, "<g class=\"marks\">");
    for (size_t k = 0; k < chart->annotation_count; k++) {
        size_t place = chart_place_annotation(chart, &chart->annotations[k]);
        if (place == chart->count)
            continue;
        html_raw(html, "<line");
        percent(html, "x1", x_of(chart, place));
        percent(html, "x2", x_of(chart, place));
        percent(html, "y1", (int64_t)PLOT_TOP);
        percent(html, "y2", (int64_t)PLOT_BOTTOM);
        html_raw(html, "/><circle r=\"8\"");
        percent(html, "cx", x_of(chart, place));
        percent(html, "cy", (int64_t)PLOT_TOP);
        html_raw(html, "/><text dy=\"4\"");
        percent(html, "x", x_of(chart, place));
        percent(html, "y", (int64_t)PLOT_TOP);
        html_raw(html, ">");
        html_integer(html, ++number);
        html_raw(html, "</text>");
    }
    html_raw(html, "</g>");
}

static void
render_picture(struct html *html, const struct chart *chart, int64_t axis)
{
    html_raw(html, "<svg class=\"chart\" role=\"img\" aria-labelledby=\"");
    html_text(html, chart->id);
    html_raw(html, " ");
    html_text(html, chart->id);
    html_raw(html, "-desc\"><desc id=\"");
    html_text(html, chart->id);
    html_raw(html, "-desc\">");
    chart_render_summary(html, chart);
    html_raw(html, "</desc>");
    render_grid(html, chart, axis);
    if (chart->by == BY_HOUR)
        render_bars(html, chart, axis);
    else
        render_lines(html, chart, axis);
    render_labels(html, chart);
    render_hidden(html, chart);
    if (chart->annotation_count > 0)
        render_marks(html, chart);
    html_raw(html, "</svg>");
}

static void
render_legend(struct html *html, const struct chart *chart)
{
    html_raw(html, "<p class=\"legend\"><span><svg width=\"28\" height=\"8\" aria-hidden=\"true\"><path class=\"now\" "
                   "d=\"M2 4H26\"/></svg>");
    html_dates(html, chart->language, chart->days.from, chart->days.to);
    html_raw(html, "</span>");
    if (chart->has_compared) {
        html_raw(html, "<span><svg width=\"28\" height=\"8\" aria-hidden=\"true\"><path class=\"then\" "
                       "d=\"M2 4H26\"/></svg>");
        html_dates(html, chart->language, chart->compared.from, chart->compared.to);
        html_raw(html, "</span>");
    }
    html_raw(html, "</p>");
}

void
chart_render(struct html *html, const struct chart *chart)
{
    html_raw(html, "<div class=\"title\"><h2 class=\"ds-heading\" data-size=\"2xs\" id=\"");
    html_text(html, chart->id);
    html_raw(html, "\">");
    html_message(html, chart->language, chart->title);
    html_raw(html, "</h2>");
    if (chart->count > 0 && chart->by != BY_HOUR)
        render_legend(html, chart);
    html_raw(html, "</div>");
    if (chart->count == 0)
        return;
    int64_t axis = chart->is_percent ? 100 : chart_axis(greatest_value(chart));
    html_raw(html, "<div class=\"plot\">");
    render_picture(html, chart, axis);
    chart_render_reader(html, chart, axis);
    html_raw(html, "</div>");
    chart_render_table(html, chart);
}
