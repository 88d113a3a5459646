#include "visitors.h"

#include "sporlos/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { DAY = 20779 };

static const struct span FIREFOX = { "Mozilla/5.0 Firefox/140.0", 25 };
static const struct span SAFARI = { "Mozilla/5.0 Safari/605.1", 24 };

static struct network
network(uint64_t prefix)
{
    return (struct network){ .family = NETWORK_V4, .prefix = prefix };
}

static struct visitors *
visitors_of(uint32_t max)
{
    struct visitors *visitors;
    assert_int_equal(visitors_new(max, &visitors), SP_OK);
    return visitors;
}

static enum visitor
see(struct visitors *visitors, int32_t day, uint64_t prefix, struct span agent)
{
    struct network from = network(prefix);
    return visitors_see(visitors, day, &from, agent);
}

static void
test_a_reader_is_first_once_a_day(void **state)
{
    (void)state;
    struct visitors *visitors = visitors_of(100);
    assert_int_equal(see(visitors, DAY, 1, FIREFOX), VISITOR_FIRST);
    assert_int_equal(see(visitors, DAY, 1, FIREFOX), VISITOR_KNOWN);
    assert_int_equal(see(visitors, DAY, 1, SAFARI), VISITOR_FIRST);
    assert_int_equal(see(visitors, DAY, 2, FIREFOX), VISITOR_FIRST);
    assert_int_equal(see(visitors, DAY + 1, 1, FIREFOX), VISITOR_FIRST);
    assert_int_equal(visitors_view(visitors).tokens, 1);
    visitors_free(visitors);
}

static void
test_families_of_addresses_are_apart(void **state)
{
    (void)state;
    struct visitors *visitors = visitors_of(100);
    struct network four = network(7);
    struct network six = { .family = NETWORK_V6, .prefix = 7 };
    assert_int_equal(visitors_see(visitors, DAY, &four, FIREFOX), VISITOR_FIRST);
    assert_int_equal(visitors_see(visitors, DAY, &six, FIREFOX), VISITOR_FIRST);
    visitors_free(visitors);
}

static void
test_a_clock_that_goes_back_turns_no_key(void **state)
{
    (void)state;
    struct visitors *visitors = visitors_of(100);
    assert_int_equal(see(visitors, DAY, 1, FIREFOX), VISITOR_FIRST);
    assert_int_equal(see(visitors, DAY - 1, 1, FIREFOX), VISITOR_KNOWN);
    assert_int_equal(see(visitors, DAY, 1, FIREFOX), VISITOR_KNOWN);
    visitors_free(visitors);
}

static void
test_midnight_wipes_a_site_without_views(void **state)
{
    (void)state;
    struct visitors *visitors = visitors_of(100);
    see(visitors, DAY, 1, FIREFOX);
    visitors_turn(visitors, DAY);
    assert_int_equal(visitors_view(visitors).tokens, 1);
    visitors_turn(visitors, DAY + 1);
    assert_int_equal(visitors_view(visitors).tokens, 0);
    assert_int_equal(visitors_view(visitors).bytes, 0);
    visitors_free(visitors);
}

static void
test_it_grows_and_counts_each_once(void **state)
{
    (void)state;
    enum { READERS = 20000 };
    struct visitors *visitors = visitors_of(VISITORS_MAX);
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < READERS; i++)
            assert_int_equal(see(visitors, DAY, i, FIREFOX), round == 0 ? VISITOR_FIRST : VISITOR_KNOWN);
    }
    assert_int_equal(visitors_view(visitors).tokens, READERS);
    assert_true(visitors_view(visitors).bytes <= 8 * 4 * READERS);
    visitors_free(visitors);
}

static void
test_a_full_set_says_so_and_knows_whom_it_has(void **state)
{
    (void)state;
    struct visitors *visitors = visitors_of(3);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(see(visitors, DAY, i, FIREFOX), VISITOR_FIRST);
    assert_int_equal(see(visitors, DAY, 3, FIREFOX), VISITOR_UNCOUNTED);
    assert_int_equal(see(visitors, DAY, 2, FIREFOX), VISITOR_KNOWN);
    visitors_free(visitors);
}

/* Does the process' own memory show the bytes anywhere that a core file or a child would have? */
static void
test_a_child_knows_nobody(void **state)
{
    (void)state;
    struct visitors *visitors = visitors_of(100);
    see(visitors, DAY, 1, FIREFOX);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(see(visitors, DAY, 1, FIREFOX) == VISITOR_FIRST ? 0 : 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(see(visitors, DAY, 1, FIREFOX), VISITOR_KNOWN);
    visitors_free(visitors);
}

/* The same readers on two days, and on two sites, have no token in common: what one day says of them, no other does. */
static void
test_two_sets_share_no_key(void **state)
{
    (void)state;
    struct visitors *a = visitors_of(1000);
    struct visitors *b = visitors_of(1000);
    unsigned char first[16];
    unsigned char second[16];
    see(a, DAY, 1, FIREFOX);
    see(b, DAY, 1, FIREFOX);
    memcpy(first, *(unsigned char **)a, sizeof first); /* the key stands first in the secret, the secret in the set */
    memcpy(second, *(unsigned char **)b, sizeof second);
    assert_memory_not_equal(first, second, sizeof first);
    visitors_turn(a, DAY + 1);
    memcpy(second, *(unsigned char **)a, sizeof second);
    assert_memory_not_equal(first, second, sizeof first);
    visitors_free(a);
    visitors_free(b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_reader_is_first_once_a_day),
        cmocka_unit_test(test_families_of_addresses_are_apart),
        cmocka_unit_test(test_a_clock_that_goes_back_turns_no_key),
        cmocka_unit_test(test_midnight_wipes_a_site_without_views),
        cmocka_unit_test(test_it_grows_and_counts_each_once),
        cmocka_unit_test(test_a_full_set_says_so_and_knows_whom_it_has),
        cmocka_unit_test(test_a_child_knows_nobody),
        cmocka_unit_test(test_two_sets_share_no_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
