#include "api_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A question of these three alone. */
static bool
parse(struct span text, struct statistic_query *query, struct problem *problem)
{
    struct api_parameters parameters = { .given = { false } };
    unsigned mask = PARAMETER_BIT(FROM) | PARAMETER_BIT(TO) | PARAMETER_BIT(BY);
    return api_parameters_read(text, mask, &parameters, problem) && api_query_take(&parameters, query, problem);
}

static void
test_a_whole_question_is_understood(void **state)
{
    (void)state;
    struct statistic_query query = { .site = NULL };
    struct problem problem;
    assert_true(parse(span_text("by=week&to=2026-11-2%32&from=2026-11-01"), &query, &problem));
    assert_int_equal(query.from, civil_day(2026, 11, 1));
    assert_int_equal(query.to, civil_day(2026, 11, 22));
    assert_int_equal(query.by, BY_WEEK);
    assert_string_equal(statistic_by_name(BY_WEEK), "week");
}

static void
test_every_mistake_names_its_field(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field;
    } rows[] = {
        { "", "from" },
        { "from=2026-11-01&to=2026-11-02", "by" },
        { "from=2026-11-01&by=day", "to" },
        { "from=2026-11-31&to=2026-12-02&by=day", "from" },
        { "from=2026-11&to=2026-12-02&by=day", "from" },
        { "from=2026-11-01T10&to=2026-12-02&by=day", "from" },
        { "from=20261101&to=2026-12-02&by=day", "from" },
        { "from=+2026-11-01&to=2026-12-02&by=day", "from" },
        { "from=2026-11-01%00&to=2026-12-02&by=day", "from" },
        { "from=2026-11-01%&to=2026-12-02&by=day", "from" },
        { "from&to=2026-12-02&by=day", "from" },
        { "from=2026-11-01&from=2026-11-01&to=2026-12-02&by=day", "from" },
        { "from=2026-11-02&to=2026-11-01&by=day", "to" },
        { "from=2000-01-01&to=2026-11-01&by=day", "to" },
        { "from=2026-11-01&to=2026-11-01&by=year", "by" },
        { "from=2026-11-01&to=2026-11-01&by=Day", "by" },
        { "from=2026-11-01&to=2026-11-01&by=day&key=%2F", NULL },
        { "from=2026-11-01&to=2026-11-01&by=day&", "" },
        { "&from=2026-11-01&to=2026-11-01&by=day", NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct statistic_query query = { .site = NULL };
        struct problem problem = { .status = 0 };
        bool good = rows[i].field != NULL && rows[i].field[0] == '\0';
        assert_int_equal(parse(span_text(rows[i].text), &query, &problem), good);
        if (good)
            continue;
        assert_int_equal(problem.status, 400);
        assert_non_null(problem.detail);
        if (rows[i].field == NULL)
            assert_null(problem.field);
        else
            assert_string_equal(problem.field, rows[i].field);
    }
}

static void
test_the_longest_range_is_3660_days(void **state)
{
    (void)state;
    struct statistic_query query = { .site = NULL };
    struct problem problem;
    assert_true(parse(span_text("from=2016-11-15&to=2026-11-22&by=range"), &query, &problem));
    assert_int_equal(query.to - query.from + 1, STATISTIC_DAYS_MAX);
    assert_false(parse(span_text("from=2016-11-14&to=2026-11-22&by=range"), &query, &problem));
}

static void
test_percent_encoding_is_undone_or_refused(void **state)
{
    (void)state;
    char out[8];
    assert_true(percent_decode(SPAN_LITERAL("%C3%a5a"), out, sizeof out));
    assert_string_equal(out, "\xc3\xa5"
                             "a");
    assert_true(percent_decode(SPAN_LITERAL("1234567"), out, sizeof out));
    assert_false(percent_decode(SPAN_LITERAL("12345678"), out, sizeof out));
    assert_false(percent_decode(SPAN_LITERAL("%0a"), out, sizeof out));
    assert_false(percent_decode(SPAN_LITERAL("%g0"), out, sizeof out));
    assert_false(percent_decode(SPAN_LITERAL("a%4"), out, sizeof out));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_question_is_understood),
        cmocka_unit_test(test_every_mistake_names_its_field),
        cmocka_unit_test(test_the_longest_range_is_3660_days),
        cmocka_unit_test(test_percent_encoding_is_undone_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
