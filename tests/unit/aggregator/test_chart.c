#include "dashboard/chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <stdlib.h>

static void
test_axis_is_round_and_covers(void **state)
{
    (void)state;
    static const struct {
        int64_t greatest, axis;
    } rows[] = { { 0, 4 },       { 3, 4 },       { 4, 4 },          { 5, 8 },          { 9, 20 },      { 41, 80 },
                 { 81, 100 },    { 101, 200 },   { 632, 800 },      { 801, 1000 },     { 1001, 2000 }, { -5, 4 },
                 { 4000, 4000 }, { 4001, 8000 }, { 99999, 100000 }, { 100001, 200000 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(chart_axis(rows[i].greatest), rows[i].axis);
    for (int64_t greatest = 1; greatest < 100000; greatest += 7)
        assert_true(chart_axis(greatest) >= greatest && chart_axis(greatest) <= greatest * 3 + 20);
}

static char *
render(const struct chart_point *points, size_t count, bool has_compared)
{
    const struct chart chart = {
        .id = "trend",
        .title = MESSAGE_VISITS_PER_DAY,
        .value = MESSAGE_VISITS,
        .by = BY_DAY,
        .hidden_below = 10,
        .language = LANGUAGE_NB,
        .has_compared = has_compared,
        .days = { 20000, 20000 + (int32_t)count - 1 },
        .compared = { 19000, 19000 + (int32_t)count - 1 },
        .points = points,
        .count = count,
    };
    struct html html = { 0 };
    chart_render(&html, &chart);
    assert_false(html.failed);
    char *text = strndup(html.at, html.length);
    assert_non_null(text);
    html_fini(&html);
    return text;
}

static struct chart_point
point(int32_t day, bool shown, int64_t value)
{
    return (struct chart_point){ { true, shown, day, value, 4 }, { true, true, day - 1000, 10, 4 } };
}

static size_t
count_of(const char *text, const char *needle)
{
    size_t count = 0;
    for (; (text = strstr(text, needle)) != NULL; text++)
        count++;
    return count;
}

static void
test_hidden_values_are_gaps(void **state)
{
    (void)state;
    const struct chart_point points[] = { point(20000, true, 50), point(20001, true, 100), point(20002, false, 0),
                                          point(20003, true, 80), point(20004, false, 0) };
    char *text = render(points, 5, false);
    assert_non_null(strstr(text, "<path d=\"M100 500L300 0M700 200\" class=\"now\"/>"));
    assert_non_null(strstr(text, "<path class=\"surface\" d=\"M100 500L300 0V1000H100z\"/>"));
    assert_int_equal(count_of(text, "<td><a class=\"hid\""), 2);
    assert_int_equal(count_of(text, "dy=\"-5\">:</text>"), 2);
    assert_int_equal(count_of(text, "<circle"), 4);
    assert_int_equal(count_of(text, "<circle r=\"3\""), 1); /* the one alone */
    assert_null(strstr(text, "class=\"then\""));
    free(text);
}

static void
test_the_table_has_the_numbers_of_both_lines(void **state)
{
    (void)state;
    const struct chart_point points[] = { point(20000, true, 1050), point(20001, true, 900) };
    char *text = render(points, 2, true);
    assert_non_null(strstr(text, "fredag 4.\u00a0oktober</th><td>1\u202f050</td><td class=\"then\">lørdag "
                                 "8.\u00a0januar</td><td>10</td>"));
    assert_non_null(strstr(text, "Høyest fredag 4.\u00a0oktober: 1\u202f050. Lavest lørdag 5.\u00a0oktober: 900."));
    assert_non_null(strstr(text, "class=\"then\"/>"));
    free(text);
}

static void
test_every_point_can_be_read_off_by_keyboard(void **state)
{
    (void)state;
    const struct chart_point points[] = { point(20000, true, 1050), point(20001, false, 0) };
    char *text = render(points, 2, true);
    assert_int_equal(count_of(text, "<label><input type=\"radio\" name=\"trend\">"), 2);
    assert_non_null(strstr(text, "<span>fredag 4.\u00a0oktober <b>1\u202f050</b> før 10</span>"));
    assert_non_null(strstr(text, "<span>lørdag 5.\u00a0oktober <b>:</b> før 10</span>"));
    free(text);
}

static void
test_notes_are_marked_where_they_belong(void **state)
{
    (void)state;
    static const struct chart_point months[] = { { .now = { true, true, 20000, 5, 0 } },
                                                 { .now = { true, true, 20031, 5, 0 } } };
    static const struct {
        int32_t day;
        size_t place;
    } rows[] = { { 19999, 2 }, { 20000, 0 }, { 20030, 0 }, { 20031, 1 }, { 20061, 1 }, { 20062, 2 } };
    const struct chart chart = { .by = BY_MONTH, .points = months, .count = 2, .days = { 20000, 20061 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct annotation annotation = { .day = rows[i].day };
        assert_int_equal(chart_place_annotation(&chart, &annotation), rows[i].place);
    }
}

static void
test_no_values_at_all(void **state)
{
    (void)state;
    const struct chart_point points[] = { point(20000, false, 0) };
    char *text = render(points, 1, false);
    assert_non_null(strstr(text, "Ingen tall å vise"));
    assert_non_null(strstr(text, "<path d=\"\" class=\"now\"/>"));
    free(text);
    free(render(points, 0, true));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_axis_is_round_and_covers),
        cmocka_unit_test(test_hidden_values_are_gaps),
        cmocka_unit_test(test_the_table_has_the_numbers_of_both_lines),
        cmocka_unit_test(test_every_point_can_be_read_off_by_keyboard),
        cmocka_unit_test(test_notes_are_marked_where_they_belong),
        cmocka_unit_test(test_no_values_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
