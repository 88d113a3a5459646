#include "map.h"

#include "map_outline.h"

#include <math.h>
#include <stdlib.h>

/* Units of the picture, for letters of 15 units. */
enum { NAMES_MAX = 6, NAME_CANDIDATES = 20, LETTER_WIDTH = 7, LETTER_HEIGHT = 9, NAME_GAP = 4 };

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
    html_raw(html, "<g><circle cx=\"");
    html_integer(html, lround(x));
    html_raw(html, "\" cy=\"");
    html_integer(html, lround(y));
    html_raw(html, "\" r=\"");
    html_decimal(html, lround(map_radius(point->value, greatest) * 10) * 100);
    html_raw(html, "\"/><text class=\"tip\" x=\"6\" y=\"24\">");
    html_span(html, point->name);
    html_raw(html, ": ");
    html_number(html, point->value);
    html_raw(html, "</text></g>");
}

/* The circles of a county as one link that is called by its name and sum. */
static void
render_county(struct html *html, const struct map *map, unsigned county)
{
    const struct map_point *any = NULL;
    for (size_t i = 0; i < map->count && any == NULL; i++)
        if (map->points[i].county == county)
            any = &map->points[i];
    if (any == NULL)
        return;
    html_raw(html, "<a");
    map->address(html, map->context, county);
    html_raw(html, " aria-label=\"");
    html_span(html, any->county_name);
    html_raw(html, ": ");
    html_number(html, any->county_value);
    html_raw(html, "\">");
    for (size_t i = 0; i < map->count; i++)
        if (map->points[i].county == county)
            render_circle(html, &map->points[i], map->points[0].value);
    html_raw(html, "<text class=\"tip sum\" x=\"6\" y=\"24\">");
    html_span(html, any->county_name);
    html_raw(html, ": ");
    html_number(html, any->county_value);
    html_raw(html, "</text></a>");
}

static void
render_counties(struct html *html, const struct map *map)
{
    bool done[100] = { false };
    for (size_t i = 0; i < map->count; i++) {
        unsigned county = map->points[i].county;
        if (county < 100 && !done[county])
            render_county(html, map, county);
        done[county < 100 ? county : 0] = true;
    }
}

/* A circle and the name to its right, in the picture's units; nowhere where the point is none of the picture's. */
struct label {
    double left, right, top, bottom, radius;
    bool is_in;
};

static struct label
label_of_point(const struct map_point *point, int64_t greatest)
{
    double x, y;
    if (!map_place(point->latitude, point->longitude, &x, &y))
        return (struct label){ .is_in = false };
    double radius = map_radius(point->value, greatest);
    double width = (double)point->name.length * LETTER_WIDTH;
    double right = x + radius + NAME_GAP + width;
    return (struct label){ x - radius, right, y - LETTER_HEIGHT, y + LETTER_HEIGHT, radius, right < MAP_WIDTH };
}

static bool
overlap(const struct label *a, const struct label *b)
{
    return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

/* Would the name run into another, or over another's circle? The largest may do the latter: its circle holds them. */
static bool
is_crowded(const struct label *places, size_t count, size_t candidate, const struct label *labels, size_t named)
{
    struct label label = places[candidate];
    if (!label.is_in)
        return true;
    for (size_t i = 0; i < named; i++)
        if (overlap(&label, &labels[i]))
            return true;
    label.left += 2 * label.radius;
    for (size_t i = 0; i < count && candidate > 0; i++) {
        const struct label *other = &places[i];
        if (i == candidate || !other->is_in)
            continue;
        double y = (other->top + other->bottom) / 2;
        const struct label circle = { .left = other->left,
                                      .right = other->left + 2 * other->radius,
                                      .top = y - other->radius,
                                      .bottom = y + other->radius };
        if (overlap(&label, &circle))
            return true;
    }
    return false;
}

static void
render_name(struct html *html, const struct map_point *point, const struct label *label)
{
    html_raw(html, "<text x=\"");
    html_integer(html, lround(label->right - (double)point->name.length * LETTER_WIDTH));
    html_raw(html, "\" y=\"");
    html_integer(html, lround((label->top + label->bottom) / 2 + 5));
    html_raw(html, "\">");
    html_span(html, point->name);
    html_raw(html, "</text>");
}

/* Name the largest, as far as there is room: a few names are enough to find one's way. */
static void
render_names(struct html *html, const struct map_point *points, size_t count)
{
    struct label labels[NAMES_MAX];
    size_t label_count = 0;
    struct label *places = calloc(count + 1, sizeof *places);
    html->failed |= places == NULL;
    for (size_t i = 0; places != NULL && i < count; i++)
        places[i] = label_of_point(&points[i], points[0].value);
    html_raw(html, "<g aria-hidden=\"true\">");
    for (size_t i = 0; places != NULL && i < count && i < NAME_CANDIDATES && label_count < NAMES_MAX; i++) {
        if (is_crowded(places, count, i, labels, label_count))
            continue;
        labels[label_count++] = places[i];
        render_name(html, &points[i], &places[i]);
    }
    html_raw(html, "</g>");
    free(places);
}

void
map_render(struct html *html, const struct map *map)
{
    html_raw(html, "<svg class=\"map\" role=\"group\" viewBox=\"0 0 ");
    html_integer(html, MAP_WIDTH);
    html_raw(html, " ");
    html_integer(html, MAP_HEIGHT);
    html_raw(html, "\" aria-label=\"");
    html_message(html, map->language, MESSAGE_MAP_SAYS);
    html_raw(html, "\"><path d=\"");
    html_text(html, map_outline);
    html_raw(html, "\"/>");
    render_counties(html, map);
    render_names(html, map->points, map->count);
    html_raw(html, "</svg>");
}
