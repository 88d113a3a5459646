#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "connection_limit.h"

enum { MANY = 5000, NETWORKS = 700 };

static struct network
v4(uint64_t prefix)
{
    return (struct network){ .family = NETWORK_V4, .prefix = prefix };
}

static void
test_a_network_has_so_many_connections_and_no_more(void **state)
{
    (void)state;
    struct connection_limit *limit = NULL;
    const struct network one = v4(0xc00002);
    const struct network other = v4(0xc00003);
    const struct network same_number = { .family = NETWORK_V6, .prefix = 0xc00002 };
    assert_int_equal(connection_limit_new(100, &limit), SP_OK);
    for (int i = 0; i < 3; i++)
        assert_true(connection_limit_open(limit, &one, 3));
    assert_false(connection_limit_open(limit, &one, 3));
    assert_true(connection_limit_open(limit, &other, 3));
    assert_true(connection_limit_open(limit, &same_number, 3));
    assert_int_equal(connection_limit_networks(limit), 3);
    connection_limit_close(limit, &one);
    assert_true(connection_limit_open(limit, &one, 3));
    assert_false(connection_limit_open(limit, &one, 3));
    assert_false(connection_limit_open(limit, &one, 1)); /* lowered by a reload */
    assert_true(connection_limit_open(limit, &one, 0));  /* without limit, and counted all the same */
    connection_limit_free(limit);
}

static void
test_trusted_proxies_and_no_family_are_not_counted(void **state)
{
    (void)state;
    struct connection_limit *limit = NULL;
    const struct network proxy = { .family = NETWORK_V4, .prefix = 0x7f0000, .trusted = 1 };
    const struct network none = { .family = NETWORK_NONE };
    assert_int_equal(connection_limit_new(100, &limit), SP_OK);
    for (int i = 0; i < 1000; i++) {
        assert_true(connection_limit_open(limit, &proxy, 1));
        assert_true(connection_limit_open(limit, &none, 1));
    }
    assert_int_equal(connection_limit_networks(limit), 0);
    connection_limit_close(limit, &none);
    connection_limit_close(limit, &proxy);
    assert_int_equal(connection_limit_networks(limit), 0);
    connection_limit_free(limit);
}

/* Closing one that was never opened, or once too often, neither wraps nor harms another. */
static void
test_closing_too_often_changes_nothing(void **state)
{
    (void)state;
    struct connection_limit *limit = NULL;
    const struct network one = v4(1);
    const struct network other = v4(2);
    assert_int_equal(connection_limit_new(100, &limit), SP_OK);
    connection_limit_close(limit, &one);
    assert_true(connection_limit_open(limit, &other, 1));
    connection_limit_close(limit, &one);
    assert_int_equal(connection_limit_networks(limit), 1);
    assert_false(connection_limit_open(limit, &other, 1));
    connection_limit_free(limit);
}

static void
test_as_many_networks_as_connections_find_room(void **state)
{
    (void)state;
    struct connection_limit *limit = NULL;
    assert_int_equal(connection_limit_new(MANY, &limit), SP_OK);
    for (uint64_t i = 0; i < MANY; i++) {
        const struct network one = v4(i);
        assert_true(connection_limit_open(limit, &one, 1));
    }
    assert_int_equal(connection_limit_networks(limit), MANY);
    uint64_t extra = 0;
    for (struct network one = v4(MANY); extra < 100000 && connection_limit_open(limit, &one, 1); one.prefix++)
        extra++;
    assert_in_range(extra, 0, 2 * MANY); /* then it is full, and says so instead of looking for ever */
    for (uint64_t i = 0; i < MANY + extra; i++) {
        const struct network one = v4(i);
        connection_limit_close(limit, &one);
    }
    assert_int_equal(connection_limit_networks(limit), 0);
    connection_limit_free(limit);
}

/* Opened and closed in any order, the table says of every network what a plain array says. */
static void
test_counts_are_exact_through_any_order(void **state)
{
    (void)state;
    static uint32_t open[NETWORKS];
    struct connection_limit *limit = NULL;
    uint64_t random = UINT64_C(88172645463325252);
    uint32_t connected = 0;
    assert_int_equal(connection_limit_new(NETWORKS, &limit), SP_OK);
    for (int step = 0; step < 500000; step++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        unsigned which = (unsigned)(random >> 33) % NETWORKS;
        const struct network one = v4(which);
        if ((random & 3) != 0 && step % 20000 < 10000) {
            bool taken = connection_limit_open(limit, &one, 3);
            assert_int_equal(taken, open[which] < 3);
            connected += taken && open[which] == 0;
            open[which] += taken;
        } else if (open[which] > 0) {
            connection_limit_close(limit, &one);
            connected -= --open[which] == 0;
        }
        assert_int_equal(connection_limit_networks(limit), connected);
    }
    for (unsigned which = 0; which < NETWORKS; which++) {
        const struct network one = v4(which);
        assert_int_equal(connection_limit_open(limit, &one, 3), open[which] < 3);
    }
    connection_limit_free(limit);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_network_has_so_many_connections_and_no_more),
        cmocka_unit_test(test_trusted_proxies_and_no_family_are_not_counted),
        cmocka_unit_test(test_closing_too_often_changes_nothing),
        cmocka_unit_test(test_as_many_networks_as_connections_find_room),
        cmocka_unit_test(test_counts_are_exact_through_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
