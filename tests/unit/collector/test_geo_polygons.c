#include "geo_polygons.h"

#include "sporlos/json_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/sporlos-polygons-XXXXXX";

static int
set_up(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int
tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static enum sp_error
read_text(const char *text, struct geo_polygons **polygons, char why[512])
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return geo_polygons_read(path, polygons, why, 512);
}

#define FEATURE(number, type, coordinates)                                                                             \
    "{\"type\":\"Feature\",\"properties\":{\"kommunenummer\":" number "},\"geometry\":{\"type\":\"" type               \
    "\",\"coordinates\":" coordinates "}}"
#define SQUARE "[[10,60],[11,60,120.5],[11,61],[10,61],[10,60]]"
#define HOLE "[[10.4,60.4],[10.6,60.4],[10.6,60.6],[10.4,60.6],[10.4,60.4]]"
#define FAR "[[-20.5,70],[-2e1,70],[-20,70.5],[-20.5,70]]"

static void
test_even_odd_with_holes_and_parts(void **state)
{
    (void)state;
    struct geo_polygons *polygons;
    char why[512];
    assert_int_equal(
        read_text(
            "{\"deep\":[{\"features\":[" FEATURE(
                "\"0301\"", "MultiPolygon",
                "[[" SQUARE "," HOLE "],[" FAR
                "]]") "," FEATURE("302", "Polygon", "[" HOLE "]") "]}],\"x\":[null,true,false,-0.5e+3,\"\\u00e5\\n\"]}",
            &polygons, why),
        SP_OK);
    assert_int_equal(polygons->area_count, 2);
    static const struct {
        double longitude, latitude;
        uint16_t number;
    } rows[] = {
        { 10.1, 60.1, 301 },    { 10.5, 60.5, 302 },    { 10.9, 60.5, 301 },    { -20.1, 70.1, 301 },
        { -20.4, 70.4, 0 },     { 11.1, 60.5, 0 },      { 10.5, 61.1, 0 },      { 9, 60.5, 0 },
        { 10.3999, 60.5, 301 }, { 10.4001, 60.5, 302 }, { 10.5, 60.3999, 301 }, { 10.5, 60.4001, 302 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct geo_position position = { rows[i].longitude, rows[i].latitude };
        assert_int_equal(geo_polygons_find(polygons, position, 0), rows[i].number);
    }
    geo_polygons_free(polygons);
}

static void
test_a_miss_takes_the_nearest_within_reach(void **state)
{
    (void)state;
    struct geo_polygons *polygons;
    char why[512];
    assert_int_equal(read_text("[" FEATURE("301", "Polygon", "[" SQUARE "]") "," FEATURE(
                                   "302", "Polygon", "[[[11.5,60],[12,60],[12,61],[11.5,61],[11.5,60]]]") "]",
                               &polygons, why),
                     SP_OK);
    struct geo_position between = { 11.2, 60.5 }, nearer_302 = { 11.3, 60.5 }, corner = { 9.9, 59.9 };
    assert_int_equal(geo_polygons_find(polygons, between, 20), 301); /* 11 km */
    assert_int_equal(geo_polygons_find(polygons, nearer_302, 20), 302);
    assert_int_equal(geo_polygons_find(polygons, between, 10), 0);
    assert_int_equal(geo_polygons_find(polygons, corner, 12.6), 301); /* 12.5 km to the corner */
    assert_int_equal(geo_polygons_find(polygons, corner, 12.3), 0);
    geo_polygons_free(polygons);
}

static const struct {
    const char *text, *why;
} bad_files[] = {
    { "", ":1: a value was expected" },
    { "{}", "holds no Feature" },
    { "{\"type\":\"FeatureCollection\",\"features\":[]}", "holds no Feature" },
    { FEATURE("301", "LineString", SQUARE), "holds no Feature" },
    { FEATURE("null", "Polygon", "[" SQUARE "]"), ":1: a number was expected" },
    { FEATURE("\"3o1\"", "Polygon", "[" SQUARE "]"), ":1: kommunenummer" },
    { FEATURE("30.5", "Polygon", "[" SQUARE "]"), ":1: kommunenummer" },
    { FEATURE("10000", "Polygon", "[" SQUARE "]"), ":1: kommunenummer" },
    { FEATURE("301", "Polygon", "[[[10,60],[11,60],[10,60]]]"), ":1: a ring has" },
    { FEATURE("301", "Polygon", "[[[10],[11,60],[10,60],[10,60]]]"), ":1: a position has" },
    { FEATURE("301", "Polygon", "[[[598000,6643000],[1,1],[1,2],[1,1]]]"), ":1: a position that is not in degrees" },
    { FEATURE("301", "Polygon", "[[[10,60],7]]"), ":1: an array was expected" },
    { FEATURE("301", "Polygon", "[" SQUARE "]") "\n]", ":2: more text" },
    { "[1,]", ":1: a value was expected" },
    { "[1 2]", ":1: a comma" },
    { "{\"a\" 1}", ":1: a colon" },
    { "{a:1}", ":1: a string was expected" },
    { "[01]", ":1: a number" },
    { "[1.]", ":1: a number" },
    { "[1e]", ":1: a number" },
    { "[-]", ":1: a number" },
    { "[\"\\x\"]", ":1: an unknown escape" },
    { "[\"\\u12g4\"]", ":1: an unknown escape" },
    { "[\"a\nb\"]", ":1: a string that does not end" },
    { "[\"a", ":1: a string that does not end" },
    { "[\n[\n{\"a\":[", ":3: a value was expected" },
    { "[nul]", ":1: a value was expected" },
};

static void
test_bad_files_are_refused_by_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_files / sizeof bad_files[0]; i++) {
        struct geo_polygons *polygons = (struct geo_polygons *)(void *)path;
        char why[512];
        assert_int_equal(read_text(bad_files[i].text, &polygons, why), SP_MALFORMED);
        assert_null(polygons);
        if (strstr(why, bad_files[i].why) == NULL)
            fail_msg("%s: '%s' lacks '%s'", bad_files[i].text, why, bad_files[i].why);
    }
}

static void
test_depth_is_bounded(void **state)
{
    (void)state;
    char text[100001], why[512];
    memset(text, '[', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct geo_polygons *polygons;
    assert_int_equal(read_text(text, &polygons, why), SP_MALFORMED);
    assert_non_null(strstr(why, "nested too deep"));
}

/* Cut anywhere, at the very end of a readable page: a reader that looks past the end dies here. */
static void
test_no_prefix_of_a_text_is_overrun(void **state)
{
    (void)state;
    static const char text[] = "[" FEATURE("\"0301\"", "Polygon", "[" SQUARE "]") ",[\"\\u00e5\\\"\",-1.5e-3,true]]";
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    for (size_t length = 0; length < sizeof text; length++) {
        char *start = pages + page - length - 1;
        memcpy(start, text, length);
        start[length] = '\0';
        struct json_reader json = json_read_over(start, length);
        bool whole = json_read_skip(&json) && json_read_finish(&json);
        assert_int_equal(whole, length == sizeof text - 1);
    }
    munmap(pages, 2 * page);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_even_odd_with_holes_and_parts),
        cmocka_unit_test(test_a_miss_takes_the_nearest_within_reach),
        cmocka_unit_test(test_bad_files_are_refused_by_line),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_no_prefix_of_a_text_is_overrun),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
