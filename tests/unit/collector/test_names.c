#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "names.h"

#include <sodium.h>
#include <stdio.h>

static const struct span page = SPAN_LITERAL("/ny-side");

static struct name_id
id_of(uint32_t site, uint32_t text)
{
    return (struct name_id){ site, text, NAME_PAGE };
}

static void
test_k_th_distinct_sender_admits(void **state)
{
    (void)state;
    struct names *names;
    assert_int_equal(names_new(100, &names), SP_OK);
    for (int i = 0; i < 500; i++)
        assert_false(names_candidate(names, id_of(1, 0), page, 0xabc, 10, 3)); /* one sender, however persistent */
    assert_false(names_candidate(names, id_of(1, 0), page, 0xdef00000000, 10, 3));
    assert_false(names_candidate(names, id_of(1, 0), page, 0xabc, 10, 3));
    assert_true(names_candidate(names, id_of(1, 0), page, 0x123400000000000, 10, 3));
    names_free(names);
}

static void
test_senders_of_two_days_do_not_add_up(void **state)
{
    (void)state;
    struct names *names;
    assert_int_equal(names_new(100, &names), SP_OK);
    for (int day = 10; day < 20; day++) {
        assert_false(names_candidate(names, id_of(1, 0), page, 0xabc0000000, day, 3));
        assert_false(names_candidate(names, id_of(1, 0), page, 0xdef00000000, day, 3));
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
        assert_false(names_candidate(names, id_of(site, 0), page, 0xabc0000000, 10, 3));
        assert_false(names_candidate(names, id_of(site, 0), page, 0xdef00000000, 10, 3));
    }
    names_free(names);
}

static void
test_admitted_until_unused(void **state)
{
    (void)state;
    struct names *names;
    assert_int_equal(names_new(100, &names), SP_OK);
    assert_false(names_use(names, id_of(1, 7), 10));
    assert_int_equal(names_admit(names, id_of(1, 7), 10, NAME_LISTED), SP_OK);
    assert_true(names_use(names, id_of(1, 7), 50));
    assert_false(names_use(names, id_of(2, 7), 50));
    names_forget_unused(names, 50);
    assert_true(names_use(names, id_of(1, 7), 50));
    names_forget_unused(names, 51);
    assert_false(names_use(names, id_of(1, 7), 51));
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
        admitted += names_admit(names, id_of(1, text), 1, NAME_LISTED) == SP_OK;
    assert_int_equal(admitted, 100);
    for (uint32_t text = 1; text <= 100; text++)
        assert_true(names_use(names, id_of(1, text), 1));
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
            assert_false(names_candidate(names, id_of(1, 0), span_of(text, (size_t)length), 0xabc, 10, 3));
        }
    }
    names_free(names);
}

/* The same text as a page and as a word: two names, and senders of one are none of the other. */
static void
test_kinds_do_not_add_up(void **state)
{
    (void)state;
    struct names *names;
    assert_int_equal(names_new(100, &names), SP_OK);
    for (int kind = 0; kind < NAME_KIND_COUNT; kind++) {
        struct name_id id = { 1, 7, (enum name_kind)kind };
        enum name_kind found = NAME_KIND_COUNT;
        assert_false(names_candidate(names, id, page, 0xabc0000000, 10, 3));
        assert_false(names_candidate(names, id, page, 0xdef00000000, 10, 3));
        assert_true(name_kind_find(name_kind_letter(id.kind), &found));
        assert_int_equal(found, kind);
    }
    assert_int_equal(names_admit(names, (struct name_id){ 1, 7, NAME_WORD }, 10, NAME_EARNED), SP_OK);
    assert_false(names_use(names, id_of(1, 7), 10));
    assert_true(names_use(names, (struct name_id){ 1, 7, NAME_WORD }, 10));
    names_free(names);
}

/* An earned name is to be written when it is earned, and once on each later day of its use; a listed one never. */
static void
test_what_is_to_be_written(void **state)
{
    (void)state;
    struct names *names;
    struct name_use uses[8];
    assert_int_equal(names_new(100, &names), SP_OK);
    assert_int_equal(names_admit(names, id_of(1, 7), 10, NAME_EARNED), SP_OK);
    assert_int_equal(names_admit(names, id_of(1, 8), 10, NAME_LISTED), SP_OK);
    assert_int_equal(names_admit(names, id_of(2, 9), 10, NAME_EARNED), SP_OK);
    assert_int_equal(names_admit(names, id_of(2, 10), 9, NAME_LEARNED), SP_OK);
    uint32_t seen = 0;
    for (int i = 0; i < 2; i++) { /* those of one site at a time */
        assert_int_equal(names_take_changed(names, NULL, NULL, uses, 8), 1);
        assert_int_equal(uses[0].day, 10);
        seen |= 1U << uses[0].id.text;
    }
    assert_int_equal(seen, 1U << 7 | 1U << 9);
    assert_int_equal(names_take_changed(names, NULL, NULL, uses, 8), 0);
    assert_true(names_use(names, id_of(1, 7), 10));
    assert_true(names_use(names, id_of(1, 8), 11));
    assert_int_equal(names_take_changed(names, NULL, NULL, uses, 8), 0);
    assert_true(names_use(names, id_of(1, 7), 11));
    assert_int_equal(names_take_changed(names, NULL, NULL, uses, 8), 1);
    assert_int_equal(uses[0].day, 11);
    names_mark(names, uses[0].id); /* it did not reach Redis */
    assert_int_equal(names_take_changed(names, NULL, NULL, uses, 8), 1);
    names_mark_all(names);
    assert_int_equal(names_take_changed(names, NULL, NULL, uses, 1) + names_take_changed(names, NULL, NULL, uses, 8) +
                         names_take_changed(names, NULL, NULL, uses, 8),
                     3);
    names_mark_all(names);
    names_forget_site(names, 1);
    assert_int_equal(names_take_changed(names, NULL, NULL, uses, 8), 2);
    assert_int_equal(names_take_changed(names, NULL, NULL, uses, 8), 0);
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
        cmocka_unit_test(test_kinds_do_not_add_up),
        cmocka_unit_test(test_what_is_to_be_written),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
