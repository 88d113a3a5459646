#include "dashboard/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "map_outline.h"

/* Is the point inside the outline's rings (even-odd)? They are written as M x y l dx dy ... z. */
static bool
is_on_land(double x, double y)
{
    bool inside = false;
    double at_x = 0, at_y = 0, start_x = 0, start_y = 0;
    for (const char *c = map_outline; *c != '\0';) {
        if (*c == 'M' || *c == 'l' || *c == ' ') {
            c++;
            continue;
        }
        double next_x = start_x, next_y = start_y;
        bool is_move = c > map_outline && c[-1] == 'M';
        if (*c == 'z') {
            c++;
        } else {
            char *end;
            next_x = strtod(c, &end);
            next_y = strtod(end, &end);
            c = end;
            if (!is_move) {
                next_x += at_x;
                next_y += at_y;
            }
        }
        if (is_move) {
            start_x = next_x;
            start_y = next_y;
        } else if ((at_y > y) != (next_y > y) && x < at_x + (y - at_y) * (next_x - at_x) / (next_y - at_y)) {
            inside = !inside;
        }
        at_x = next_x;
        at_y = next_y;
    }
    return inside;
}

static void
test_inland_towns_lie_on_the_outline_and_the_sea_does_not(void **state)
{
    (void)state;
    static const struct {
        double latitude, longitude;
        bool is_land;
    } rows[] = {
        { 61.115, 10.466, true },  /* Lillehammer */
        { 60.191, 11.997, true },  /* Kongsvinger */
        { 62.575, 11.384, true },  /* Roros */
        { 65.838, 13.196, true },  /* Mosjoen */
        { 69.466, 25.511, true },  /* Karasjok */
        { 68.798, 16.541, true },  /* Harstad, on an island */
        { 59.3, 4.9, false },      /* the North Sea */
        { 66.0, 8.0, false },      /* the Norwegian Sea */
        { 63.179, 14.636, false }, /* Ostersund in Sweden */
        { 67.856, 20.225, false }, /* Kiruna in Sweden */
        { 58.2, 10.0, false },     /* Skagerrak */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double x, y;
        assert_true(map_place(rows[i].latitude, rows[i].longitude, &x, &y));
        assert_int_equal(is_on_land(x, y), rows[i].is_land);
    }
}

static void
test_the_edges_have_room_for_circles(void **state)
{
    (void)state;
    static const double corners[][2] = { { 57.98, 7.05 }, { 61.04, 4.68 }, { 71.17, 25.78 }, { 70.37, 31.11 } };
    for (size_t i = 0; i < 4; i++) {
        double x, y;
        assert_true(map_place(corners[i][0], corners[i][1], &x, &y));
        assert_true(x > MAP_PADDING - 4 && x < MAP_WIDTH - MAP_PADDING + 4);
        assert_true(y > MAP_PADDING - 4 && y < MAP_HEIGHT - MAP_PADDING + 4);
    }
}

static void
test_other_places_are_off_the_picture(void **state)
{
    (void)state;
    double x, y;
    assert_false(map_place(78.22, 15.64, &x, &y)); /* Longyearbyen */
    assert_false(map_place(48.85, 2.35, &x, &y));
    assert_false(map_place(NAN, NAN, &x, &y));
    assert_false(map_place(0, 105, &x, &y));
}

static void
test_areas_are_in_proportion(void **state)
{
    (void)state;
    assert_float_equal((float)map_radius(1000, 1000), MAP_RADIUS_MAX, 1e-5);
    assert_float_equal((float)map_radius(250, 1000), MAP_RADIUS_MAX / 2.0F, 1e-5);
    assert_float_equal((float)map_radius(1, 1000000), MAP_RADIUS_MIN, 1e-5);
    assert_float_equal((float)map_radius(-3, 10), MAP_RADIUS_MIN, 1e-5);
    assert_float_equal((float)map_radius(3, 0), MAP_RADIUS_MIN, 1e-5);
}

static void
write_address(struct html *html, void *context, unsigned county)
{
    (void)context;
    html_raw(html, " href=\"/c");
    html_integer(html, county);
    html_raw(html, "\"");
}

static void
test_names_are_escaped_and_do_not_collide(void **state)
{
    (void)state;
    const struct map_point points[] = {
        { 59.91, 10.75, 1000, SPAN_LITERAL("<Oslo>"), 3, SPAN_LITERAL("Oslo"), 1000 },
        { 59.89, 10.52, 500, SPAN_LITERAL("Asker"), 32, SPAN_LITERAL("<Akershus>"), 640 },
        { 69.65, 18.96, 100, SPAN_LITERAL("Tromso"), 55, SPAN_LITERAL("Troms"), 100 },
        { 59.96, 11.05, 90, SPAN_LITERAL("Lillestrom"), 32, SPAN_LITERAL("<Akershus>"), 640 },
        { 78.22, 15.64, 90, SPAN_LITERAL("Longyearbyen"), 55, SPAN_LITERAL("Troms"), 100 }
    };
    const struct map map = { points, 5, LANGUAGE_NB, write_address, NULL };
    struct html html = { 0 };
    map_render(&html, &map);
    assert_false(html.failed);
    char *text = strndup(html.at, html.length);
    html_fini(&html);
    assert_non_null(strstr(text, ">&lt;Oslo&gt;: 1\u202f000</text>"));
    assert_null(strstr(text, "<Oslo>"));
    assert_non_null(strstr(text, ">Tromso</text>"));
    assert_non_null(strstr(text, ">Asker: 500</text>"));
    assert_null(strstr(text, ">Asker</text>"));
    assert_null(strstr(text, "Longyearbyen"));
    assert_non_null(strstr(text, "<a href=\"/c32\" aria-label=\"&lt;Akershus&gt;: 640\">"));
    size_t links = 0;
    for (const char *at = text; (at = strstr(at, "<a ")) != NULL; at++)
        links++;
    assert_int_equal(links, 3); /* counties, not municipalities */
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inland_towns_lie_on_the_outline_and_the_sea_does_not),
        cmocka_unit_test(test_the_edges_have_room_for_circles),
        cmocka_unit_test(test_other_places_are_off_the_picture),
        cmocka_unit_test(test_areas_are_in_proportion),
        cmocka_unit_test(test_names_are_escaped_and_do_not_collide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
