#include "map.h"

#include "map_outline.h"

#include <math.h>

enum { NAMES_MAX = 5, NAME_CANDIDATES = 20 };

static double
radians(double degrees)
{
    return degrees * M_PI / 180;
}

/* The formula of outline.mjs (Snyder 1987, 8-1 and 8-3): else the circles would not lie on the coast they belong to. */
bool
map_place(double latitude, double longitude, double *x, double *y)
{
    if (!(latitude > 57 && latitude < 72 && longitude > 3 && longitude < 32.5))
        return false;
    double l = radians(longitude - MAP_MERIDIAN);
    double f = radians(latitude);
    *x = MAP_PADDING + (atanh(cos(f) * sin(l)) - MAP_WEST) * MAP_SCALE;
    *y = MAP_PADDING + (MAP_NORTH - atan2(tan(f), cos(l))) * MAP_SCALE;
    return *x > 0 && *x<MAP_WIDTH && * y> 0 && *y < MAP_HEIGHT;
}

double
map_radius(int64_t value, int64_t greatest)
{
    double radius = greatest <= 0 || value <= 0 ? 0 : MAP_RADIUS_MAX * sqrt((double)value / (double)greatest);
    return radius < MAP_RADIUS_MIN ? MAP_RADIUS_MIN : radius;
}

static void
render_circle(struct html *html, const struct map_point *point, int64_t greatest)
{
    double x, y;
    if (!map_place(point->latitude, point->longitude, &x, &y))
        return;
    html_raw(html, "<circle cx=\"");
    html_decimal(html, lround(x * 10) * 100);
    html_raw(html, "\" cy=\"");
    html_decimal(html, lround(y * 10) * 100);
    html_raw(html, "\" r=\"");
    html_decimal(html, lround(map_radius(point->value, greatest) * 10) * 100);
    html_raw(html, "\"><title>");
    html_span(html, point->name);
    html_raw(html, ": ");
    html_number(html, point->value);
    html_raw(html, "</title></circle>");
}

/* Has a name been written so near that this one would run into it? */
static bool
is_crowded(const struct map_point *points, const size_t *named, size_t count, size_t candidate)
{
    double x, y;
    map_place(points[candidate].latitude, points[candidate].longitude, &x, &y);
    for (size_t i = 0; i < count; i++) {
        double other_x, other_y;
        map_place(points[named[i]].latitude, points[named[i]].longitude, &other_x, &other_y);
        if (fabs(x - other_x) < 110 && fabs(y - other_y) < 45)
            return true;
    }
    return false;
}

/* Name the largest, as far as there is room: four names are enough to find one's way. */
static void
render_names(struct html *html, const struct map_point *points, size_t count)
{
    size_t named[NAMES_MAX];
    size_t name_count = 0;
    html_raw(html, "<g aria-hidden=\"true\">");
    for (size_t i = 0; i < count && i < NAME_CANDIDATES && name_count < NAMES_MAX; i++) {
        double x, y;
        if (!map_place(points[i].latitude, points[i].longitude, &x, &y) || is_crowded(points, named, name_count, i))
            continue;
        named[name_count++] = i;
        html_raw(html, "<text x=\"");
        html_integer(html, lround(x + map_radius(points[i].value, points[0].value) + 4));
        html_raw(html, "\" y=\"");
        html_integer(html, lround(y + 5));
        html_raw(html, "\">");
        html_span(html, points[i].name);
        html_raw(html, "</text>");
    }
    html_raw(html, "</g>");
}

void
map_render(struct html *html, enum language language, const struct map_point *points, size_t count)
{
    html_raw(html, "<svg class=\"map\" role=\"img\" viewBox=\"0 0 ");
    html_integer(html, MAP_WIDTH);
    html_raw(html, " ");
    html_integer(html, MAP_HEIGHT);
    html_raw(html, "\" aria-label=\"");
    html_message(html, language, MESSAGE_MAP_SAYS);
    html_raw(html, "\"><path d=\"");
    html_text(html, map_outline);
    html_raw(html, "\"/>");
    for (size_t i = 0; i < count; i++)
        render_circle(html, &points[i], points[0].value);
    render_names(html, points, count);
    html_raw(html, "</svg>");
}
