#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "names.h"

#include <sodium.h>
#include <stdio.h>

static const struct span page = SPAN_LITERAL("/ny-side");

static void
test_k_th_distinct_sender_admits(void **state)
{
    (void)state;
    struct names *names;
    assert_int_equal(names_new(100, &names), SP_OK);
    for (int i = 0; i < 500; i++)
        assert_false(names_candidate(names, 1, page, 0xabc, 10, 3)); /* one sender, however persistent */
    assert_false(names_candidate(names, 1, page, 0xdef00000000, 10, 3));
    assert_false(names_candidate(names, 1, page, 0xabc, 10, 3));
    assert_true(names_candidate(names, 1, page, 0x123400000000000, 10, 3));
    names_free(names);
}

static void
test_senders_of_two_days_do_not_add_up(void **state)
{
    (void)state;
    struct names *names;
    assert_int_equal(names_new(100, &names), SP_OK);
    for (int day = 10; day < 20; day++) {
        assert_false(names_candidate(names, 1, page, 0xabc0000000, day, 3));
        assert_false(names_candidate(names, 1, page, 0xdef00000000, day, 3));
    }
    names_free(names);
}

static void
test_sites_do_not_add_up(void **state)
{
    (void)state;
    struct names *names;
    assert_int_equal(names_new(100, &names), SP_OK);
    for (uint32_t site = 1; site < 5; site++) {
        assert_false(names_candidate(names, site, page, 0xabc0000000, 10, 3));
        assert_false(names_candidate(names, site, page, 0xdef00000000, 10, 3));
    }
    names_free(names);
}

static void
test_admitted_until_unused(void **state)
{
    (void)state;
    struct names *names;
    assert_int_equal(names_new(100, &names), SP_OK);
    assert_false(names_use(names, 1, 7, 10));
    assert_int_equal(names_admit(names, 1, 7, 10), SP_OK);
    assert_true(names_use(names, 1, 7, 50));
    assert_false(names_use(names, 2, 7, 50));
    names_forget_unused(names, 50);
    assert_true(names_use(names, 1, 7, 50));
    names_forget_unused(names, 51);
    assert_false(names_use(names, 1, 7, 51));
    assert_int_equal(names_count(names), 0);
    names_free(names);
}

static void
test_bounded(void **state)
{
    (void)state;
    struct names *names;
    uint32_t admitted = 0;
    assert_int_equal(names_new(100, &names), SP_OK);
    for (uint32_t text = 1; text <= 1000; text++)
        admitted += names_admit(names, 1, text, 1) == SP_OK;
    assert_int_equal(admitted, 100);
    for (uint32_t text = 1; text <= 100; text++)
        assert_true(names_use(names, 1, text, 1));
    names_forget_site(names, 1);
    assert_int_equal(names_count(names), 0);
    names_free(names);
}

/* A flood of other texts may delay a name, but one sender can never admit one with it. */
static void
test_flood_admits_nothing(void **state)
{
    (void)state;
    struct names *names;
    char text[32];
    assert_int_equal(names_new(100, &names), SP_OK);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100000; i++) {
            int length = snprintf(text, sizeof text, "/flom/%d", i);
            assert_false(names_candidate(names, 1, span_of(text, (size_t)length), 0xabc, 10, 3));
        }
    }
    names_free(names);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_k_th_distinct_sender_admits),
        cmocka_unit_test(test_senders_of_two_days_do_not_add_up),
        cmocka_unit_test(test_sites_do_not_add_up),
        cmocka_unit_test(test_admitted_until_unused),
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_flood_admits_nothing),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
