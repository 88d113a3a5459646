#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "counters.h"

#include "fed_by.h"
#include "sporlos/clock.h"

#include <sodium.h>

enum { MEMORY_BYTES = 1 << 20 };

static const unsigned char boot[BOOT_BYTES] = "boot of a test";
static unsigned char memory[MEMORY_BYTES] __attribute__((aligned(16)));

static struct counters *
open_counters(enum counters_opened expected)
{
    struct counters *counters = NULL;
    enum counters_opened opened;
    if (expected == COUNTERS_FRESH)
        memset(memory, 0, sizeof memory);
    assert_int_equal(counters_open(memory, sizeof memory, boot, &counters, &opened), SP_OK);
    assert_int_equal(opened, expected);
    return counters;
}

static enum sp_error
add_one(struct counters *counters, const struct leaf_id *id, struct witness_source source)
{
    const struct feeder feeder = fed_by(&source);
    return counters_apply(counters, id, 1, MODE_STANDARD, true, &feeder);
}

static struct leaf_id
leaf_of(uint32_t site, uint32_t key, int32_t period)
{
    return (struct leaf_id){ .site = site, .key = key, .period = period, .table = TABLE_PAGE, .kind = PERIOD_DAY };
}

static uint32_t
find(const struct counters *counters, struct leaf_id id)
{
    for (uint32_t slot = 0; slot < counters_slots(counters); slot++) {
        struct leaf leaf = counters_leaf(counters, slot);
        if (memcmp(&leaf.id, &id, sizeof id) == 0)
            return slot;
    }
    return UINT32_MAX;
}

static void
add(struct counters *counters, struct leaf_id id, uint64_t digest, int times)
{
    for (int i = 0; i < times; i++)
        assert_int_equal(add_one(counters, &id, (struct witness_source){ digest, 1 }), SP_OK);
}

static void
test_born_noisy_then_exact(void **state)
{
    (void)state;
    struct counters *counters = open_counters(COUNTERS_FRESH);
    bool some_noise = false;
    for (uint32_t key = 1; key <= 200; key++) {
        struct leaf_id id = leaf_of(1, key, 1);
        add(counters, id, 7, 1);
        int64_t born = counters_leaf(counters, find(counters, id)).value - 1;
        assert_in_range(born + 5, 0, 10);
        some_noise = some_noise || born != 0;
        add(counters, id, 7, 41);
        assert_int_equal(counters_leaf(counters, find(counters, id)).value, born + 42);
    }
    assert_true(some_noise);
    counters_free(counters);
}

static void
test_witness_needs_distinct_networks_in_one_window(void **state)
{
    (void)state;
    struct counters *counters = open_counters(COUNTERS_FRESH);
    struct leaf_id id = leaf_of(1, 1, 1);
    add(counters, id, 0x1111111111111111, 500);
    add(counters, id, 0x2222222222222222, 500);
    assert_false(counters_leaf(counters, find(counters, id)).witnessed);
    const struct witness_source tomorrow = { 0x3333333333333333, 2 };
    assert_int_equal(add_one(counters, &id, tomorrow), SP_OK);
    assert_false(counters_leaf(counters, find(counters, id)).witnessed); /* a new window begins anew */
    add(counters, id, 0x1111111111111111, 1);
    add(counters, id, 0x2222222222222222, 1);
    assert_false(counters_leaf(counters, find(counters, id)).witnessed);
    add(counters, id, 0x4444444444444444, 1);
    assert_true(counters_leaf(counters, find(counters, id)).witnessed);
    add(counters, id, 0x1111111111111111, 1);
    assert_true(counters_leaf(counters, find(counters, id)).witnessed); /* and it stays */
    counters_free(counters);
}

static struct witness_source
count_questions(void *context, enum period_kind kind)
{
    unsigned *asked = context;
    asked[kind]++;
    return (struct witness_source){ 0x1111111111111111 * (asked[PERIOD_DAY] + asked[PERIOD_MONTH]), 1 };
}

/* Who sends is looked at for a leaf that lacks witnesses, by the kind of its period, and never after that. */
static void
test_a_witnessed_leaf_does_not_ask_who_feeds_it(void **state)
{
    (void)state;
    struct counters *counters = open_counters(COUNTERS_FRESH);
    struct leaf_id leaves[] = { leaf_of(1, 1, 1), leaf_of(1, 2, 1) };
    unsigned asked[PERIOD_KIND_COUNT] = { 0 };
    const struct feeder feeder = { count_questions, asked };
    leaves[1].kind = PERIOD_MONTH;
    for (int i = 0; i < mode_table[MODE_STANDARD].witnesses; i++) {
        assert_int_equal(counters_apply(counters, leaves, 2, MODE_STANDARD, true, &feeder), SP_OK);
        assert_int_equal(asked[PERIOD_DAY], i + 1);
        assert_int_equal(asked[PERIOD_MONTH], i + 1);
    }
    assert_true(counters_leaf(counters, find(counters, leaves[0])).witnessed);
    assert_true(counters_leaf(counters, find(counters, leaves[1])).witnessed);
    assert_int_equal(counters_apply(counters, leaves, 2, MODE_STANDARD, true, &feeder), SP_OK);
    assert_int_equal(asked[PERIOD_DAY], mode_table[MODE_STANDARD].witnesses);
    assert_int_equal(asked[PERIOD_MONTH], mode_table[MODE_STANDARD].witnesses);
    counters_free(counters);
}

/* Neighbours in time are no neighbours in memory; a second table of the same bytes has another order. */
static void
test_where_a_leaf_lies_tells_no_order(void **state)
{
    (void)state;
    enum { BORN = 1000 };
    struct counters *counters = open_counters(COUNTERS_FRESH);
    uint32_t before = 0;
    unsigned rises = 0;
    for (uint32_t key = 1; key <= BORN; key++) {
        add(counters, leaf_of(1, key, 1), 1, 1);
        uint32_t slot = find(counters, leaf_of(1, key, 1));
        rises += slot > before;
        before = slot;
    }
    assert_in_range(rises, BORN / 2 - 75, BORN / 2 + 75); /* sd of rises is sqrt(n/12), 9: eight of them */
    counters_free(counters);
}

static void
test_changed_are_taken_once_in_order(void **state)
{
    (void)state;
    struct counters *counters = open_counters(COUNTERS_FRESH);
    uint32_t slots[8];
    for (uint32_t key = 1; key <= 5; key++)
        add(counters, leaf_of(1, key, 1), 1, 2);
    assert_int_equal(counters_statistics(counters).changed, 5);
    assert_int_equal(counters_take_changed(counters, slots, 3), 3);
    assert_int_equal(counters_leaf(counters, slots[0]).id.key, 1);
    assert_int_equal(counters_leaf(counters, slots[2]).id.key, 3);
    add(counters, leaf_of(1, 1, 1), 1, 1);
    assert_int_equal(counters_take_changed(counters, slots, 8), 3);
    assert_int_equal(counters_leaf(counters, slots[0]).id.key, 4);
    assert_int_equal(counters_leaf(counters, slots[2]).id.key, 1);
    assert_int_equal(counters_take_changed(counters, slots, 8), 0);
    const struct period first = { PERIOD_DAY, 1 };
    assert_int_equal(counters_mark_period(counters, 1, first), 5);
    assert_int_equal(counters_mark_period(counters, 1, first), 0);
    assert_int_equal(counters_mark_period(counters, 2, first), 0);
    counters_free(counters);
}

static void
test_full_refuses_new_and_counts_known(void **state)
{
    (void)state;
    struct counters *counters = open_counters(COUNTERS_FRESH);
    uint32_t key = 1;
    uint32_t max = counters_statistics(counters).leaves_max;
    for (; key <= max; key++)
        add(counters, leaf_of(1, key, 1), 1, 1);
    struct leaf_id more = leaf_of(1, key, 1);
    assert_int_equal(add_one(counters, &more, (struct witness_source){ 1, 1 }), SP_FULL);
    assert_int_equal(find(counters, more), UINT32_MAX);
    struct leaf_id known = leaf_of(1, 5, 1);
    int64_t before = counters_leaf(counters, find(counters, known)).value;
    add(counters, known, 1, 1);
    assert_int_equal(counters_leaf(counters, find(counters, known)).value, before + 1);
    assert_int_equal(counters_statistics(counters).leaves, max);
    counters_free(counters);
}

/* Against a plain model: random adds, takes and drops of periods. */
static void
test_model(void **state)
{
    (void)state;
    enum { KEYS = 400, PERIODS = 6 };
    static int64_t model[KEYS][PERIODS];
    static bool exists[KEYS][PERIODS];
    struct counters *counters = open_counters(COUNTERS_FRESH);
    uint32_t slots[64];
    uint32_t taken_total = 0;
    for (int round = 0; round < 60000; round++) {
        uint32_t draw = randombytes_uniform(1000);
        uint32_t key = randombytes_uniform(KEYS);
        int32_t period = (int32_t)randombytes_uniform(PERIODS);
        struct leaf_id id = leaf_of(1, key + 1, period);
        if (draw < 980) {
            add(counters, id, randombytes_random(), 1);
            if (!exists[key][period]) /* learn the noise it was born with */
                model[key][period] = counters_leaf(counters, find(counters, id)).value - 1;
            exists[key][period] = true;
            model[key][period]++;
        } else if (draw < 990) {
            taken_total += counters_take_changed(counters, slots, 64);
        } else if (draw < 992) {
            uint32_t expected = 0;
            for (uint32_t k = 0; k < KEYS; k++) {
                expected += exists[k][period];
                exists[k][period] = false;
            }
            assert_int_equal(counters_drop(counters, 1, (struct period){ PERIOD_DAY, period }), expected);
        }
    }
    assert_true(taken_total > 0);
    uint32_t alive = 0;
    for (uint32_t k = 0; k < KEYS; k++) {
        for (int32_t p = 0; p < PERIODS; p++) {
            struct leaf_id id = leaf_of(1, k + 1, p);
            assert_int_equal(find(counters, id) != UINT32_MAX, exists[k][p]);
            alive += exists[k][p];
            if (exists[k][p])
                assert_int_equal(counters_leaf(counters, find(counters, id)).value, model[k][p]);
        }
    }
    assert_int_equal(counters_statistics(counters).leaves, alive);
    counters_free(counters);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_born_noisy_then_exact),
        cmocka_unit_test(test_witness_needs_distinct_networks_in_one_window),
        cmocka_unit_test(test_a_witnessed_leaf_does_not_ask_who_feeds_it),
        cmocka_unit_test(test_where_a_leaf_lies_tells_no_order),
        cmocka_unit_test(test_changed_are_taken_once_in_order),
        cmocka_unit_test(test_full_refuses_new_and_counts_known),
        cmocka_unit_test(test_model),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
