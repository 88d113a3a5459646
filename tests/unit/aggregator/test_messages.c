#include "dashboard/messages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

static size_t
holes(const char *text)
{
    size_t count = 0;
    for (; (text = strstr(text, "{}")) != NULL; text += 2)
        count++;
    return count;
}

static void
test_languages_have_the_same_holes(void **state)
{
    (void)state;
    for (int message = 0; message < MESSAGE_COUNT; message++)
        for (int language = 1; language < LANGUAGE_COUNT; language++)
            assert_int_equal(holes(message_text((enum message)message, (enum language)language)),
                             holes(message_text((enum message)message, LANGUAGE_NB)));
}

static void
expect_dates(int32_t from, int32_t to, enum language language, const char *expected)
{
    struct html html = { 0 };
    html_dates(&html, language, from, to);
    assert_int_equal(html.length, strlen(expected));
    assert_memory_equal(html.at, expected, html.length);
    html_fini(&html);
}

static void
test_dates_say_no_more_than_they_must(void **state)
{
    (void)state;
    expect_dates(civil_day(2026, 10, 25), civil_day(2026, 11, 21), LANGUAGE_NB,
                 "25.\u00a0oktober–21.\u00a0november\u00a02026");
    expect_dates(civil_day(2026, 11, 15), civil_day(2026, 11, 21), LANGUAGE_NB, "15.–21.\u00a0november\u00a02026");
    expect_dates(civil_day(2025, 12, 25), civil_day(2026, 1, 21), LANGUAGE_NB,
                 "25.\u00a0desember\u00a02025–21.\u00a0januar\u00a02026");
    expect_dates(civil_day(2026, 2, 1), civil_day(2026, 2, 28), LANGUAGE_NN, "februar\u00a02026");
    expect_dates(civil_day(2025, 11, 1), civil_day(2026, 10, 31), LANGUAGE_EN, "November\u00a02025–October\u00a02026");
    expect_dates(civil_day(2026, 8, 1), civil_day(2026, 9, 30), LANGUAGE_NB, "august–september\u00a02026");
    expect_dates(civil_day(2026, 11, 21), civil_day(2026, 11, 21), LANGUAGE_EN, "21\u00a0November\u00a02026");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_languages_have_the_same_holes),
        cmocka_unit_test(test_dates_say_no_more_than_they_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
