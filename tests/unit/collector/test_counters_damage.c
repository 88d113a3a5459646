/*
 * Memory that a process left and something overwrote, a byte at a time: every bit of the header and of the leaves, a
 * value by chance of all else that the table reads but the sites' records, which it does not. What is adopted then is
 * exactly what was counted; all else is not adopted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "beacons.h"
#include "counters_memory.h"

#include <sodium.h>

enum { BYTES = COUNTERS_BYTES_MIN, BEACONS = 20, SPREAD = 7, LEAVES_MAX = 1024, EVERY_TABLE = 8, FREE_STRIDE = 128 };

static const unsigned char boot[BOOT_BYTES] = "one boot of all";
static _Alignas(16) unsigned char whole[BYTES]; /* as it was left */
static _Alignas(16) unsigned char memory[BYTES];

/* A leaf by what it says, not by where it lies. Compared as bytes: no padding. */
struct said {
    struct leaf_id id;
    int64_t value, witnessed;
    char key[32];
};
_Static_assert(sizeof(struct said) == sizeof(struct leaf_id) + 2 * sizeof(int64_t) + 32, "what is compared is set");

static struct said counted[LEAVES_MAX];
static unsigned counted_count;

struct outcomes {
    unsigned exact, not_adopted;
};

static unsigned
list(const struct counters *counters, struct said said[LEAVES_MAX])
{
    unsigned count = 0;
    for (uint32_t slot = 0; slot < counters_slots(counters); slot++) {
        struct leaf leaf = counters_leaf(counters, slot);
        if (leaf.id.table == TABLE_COUNT)
            continue;
        assert_true(count < LEAVES_MAX);
        struct span key = texts_get(counters_texts((struct counters *)(uintptr_t)counters), leaf.id.key);
        said[count] = (struct said){ .id = leaf.id, .value = leaf.value, .witnessed = leaf.witnessed };
        assert_true(key.length < sizeof said[count].key);
        memcpy(said[count].key, key.at, key.length);
        count++;
    }
    return count;
}

/* What a process leaves that counted, and gave up the leaves of one period. */
static void
leave(void)
{
    struct counters *counters;
    enum counters_opened opened;
    memset(memory, 0, sizeof memory);
    assert_int_equal(counters_open(memory, sizeof memory, boot, &counters, &opened), SP_OK);
    for (uint32_t n = 0; n < BEACONS; n++)
        assert_int_equal(beacons_apply(counters, n, SPREAD), SP_OK);
    uint32_t site = texts_find(counters_texts(counters), SPAN_LITERAL("site.example"));
    assert_non_null(counters_site_record(counters, site));
    assert_true(counters_drop(counters, site, (struct period){ PERIOD_DAY, 2 }) > 0);
    counted_count = list(counters, counted);
    assert_true(counted_count > BEACONS);
    counters_free(counters);
    memcpy(whole, memory, sizeof whole);
}

static void
adopt(size_t at, unsigned char with, struct outcomes *outcomes)
{
    static struct said found[LEAVES_MAX];
    struct counters *counters;
    enum counters_opened opened;
    memcpy(memory, whole, sizeof memory);
    memory[at] ^= with;
    enum sp_error error = counters_open(memory, sizeof memory, boot, &counters, &opened);
    outcomes->not_adopted += error != SP_OK;
    outcomes->exact += error == SP_OK;
    if (error != SP_OK)
        return;
    bool same = opened == COUNTERS_ADOPTED && counters_accepted(counters) == BEACONS &&
                list(counters, found) == counted_count && memcmp(found, counted, counted_count * sizeof found[0]) == 0;
    if (!same)
        fail_msg("byte %zu, bits %#x: adopted, and not what was counted", at, with);
    assert_int_equal(beacons_apply(counters, BEACONS, SPREAD), SP_OK);
    counters_free(counters);
}

/* Of each byte every bit, and one value by chance. */
enum { TRIES = 8 + 1 };

static void
damage(size_t from, size_t until, struct outcomes *outcomes)
{
    for (size_t at = from; at < until; at++) {
        for (unsigned bit = 0; bit < TRIES - 1; bit++)
            adopt(at, (unsigned char)(1U << bit), outcomes);
        adopt(at, (unsigned char)(1 + randombytes_uniform(255)), outcomes);
    }
}

/* The same where most says nothing: one value by chance. */
static void
damage_lightly(size_t from, size_t until, struct outcomes *outcomes)
{
    for (size_t at = from; at < until; at++)
        adopt(at, (unsigned char)(1 + randombytes_uniform(255)), outcomes);
}

/* Where the slots lie, the cells of the texts behind them, and how many of each are looked at. */
struct regions {
    size_t slots_at, cells_at;
    uint32_t slots, cells;
};

static struct regions
regions(void)
{
    struct counters *counters;
    enum counters_opened opened;
    assert_int_equal(counters_open(memory, sizeof memory, boot, &counters, &opened), SP_OK);
    const struct slot *slots = counters->slots;
    const unsigned char *end = (const unsigned char *)&slots[counters->header->slot_max];
    struct regions found = { (size_t)((const unsigned char *)slots - memory), (size_t)(end - memory),
                             counters_slots(counters), counters->header->cell_next };
    counters_free(counters);
    return found;
}

/* All that never changes is under a checksum, and all that says how much there is: seen, whatever it becomes. */
static void
test_the_header(void **state)
{
    (void)state;
    leave();
    struct outcomes fixed = { 0 };
    struct outcomes rest = { 0 };
    damage(0, offsetof(struct counters_header, cell_next), &fixed);
    assert_int_equal(fixed.exact, 0);
    damage(offsetof(struct counters_header, cell_next), offsetof(struct counters_header, undo.slots), &rest);
    damage_lightly(offsetof(struct counters_header, undo.slots), sizeof(struct counters_header), &rest);
    print_message("behind what is checked: exact %u, not adopted %u\n", rest.exact, rest.not_adopted);
    assert_true(rest.exact > 0);
}

/* What the byte that says which table a leaf is of can become: any other table, none, and that of a free slot. */
static void
damage_table(size_t table_at, struct outcomes *outcomes)
{
    for (unsigned table = 0; table <= UINT8_MAX; table++) {
        if (table != whole[table_at])
            adopt(table_at, (unsigned char)(table ^ whole[table_at]), outcomes);
    }
}

static void
test_leaves(void **state)
{
    struct outcomes taken = { 0 };
    struct outcomes freed = { 0 };
    unsigned tried = 0;
    (void)state;
    leave();
    const struct regions found = regions();
    for (uint32_t slot = 0; slot < found.slots; slot++) {
        size_t at = found.slots_at + slot * sizeof(struct slot);
        size_t table_at = at + offsetof(struct slot, id) + offsetof(struct leaf_id, table);
        if (whole[table_at] == TABLE_COUNT) {
            if (slot % FREE_STRIDE == 0)
                damage_lightly(at, at + sizeof(struct slot), &freed);
            continue;
        }
        damage(at, at + sizeof(struct slot), &taken);
        if (tried++ < EVERY_TABLE)
            damage_table(table_at, &taken);
    }
    print_message("%u leaves: exact %u, not adopted %u; free slots: %u and %u\n", tried, taken.exact, taken.not_adopted,
                  freed.exact, freed.not_adopted);
    assert_int_equal(tried, counted_count);
    assert_int_equal(taken.exact, tried * TRIES * sizeof((struct slot_state){ 0 }.zero)); /* which say nothing */
    assert_true(freed.exact > 0 && freed.not_adopted > 0);
}

static void
test_texts(void **state)
{
    struct outcomes outcomes = { 0 };
    (void)state;
    leave();
    const struct regions found = regions();
    damage_lightly(found.cells_at + TEXT_CELL_BYTES, found.cells_at + (size_t)found.cells * TEXT_CELL_BYTES, &outcomes);
    print_message("texts: exact %u, not adopted %u\n", outcomes.exact, outcomes.not_adopted);
    assert_true(outcomes.exact > 0 && outcomes.not_adopted > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_header),
        cmocka_unit_test(test_leaves),
        cmocka_unit_test(test_texts),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
