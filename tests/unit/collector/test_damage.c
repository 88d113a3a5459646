/*
 * Memory that a process left and something overwrote: each byte that the table reads, each of its bits and some other
 * values, one at a time. What is adopted then is exactly what was counted; all else is not adopted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "counters_memory.h"
#include "fed_by.h"

#include <sodium.h>
#include <stdio.h>

enum { BYTES = COUNTERS_BYTES_MIN, LEAVES = 5, BEACONS = 20, LEAVES_MAX = 1024 };

static const unsigned char boot[BOOT_BYTES] = "one boot of all";
static _Alignas(16) unsigned char whole[BYTES]; /* as it was left */
static _Alignas(16) unsigned char memory[BYTES];

/* A leaf by what it says, not by where it lies. */
struct said {
    struct leaf_id id;
    int64_t value;
    bool witnessed;
    char key[32];
};

static struct said counted[LEAVES_MAX];
static unsigned counted_count;
static struct site_record counted_record;

struct outcomes {
    unsigned exact, not_adopted;
};

static enum sp_error
apply(struct counters *counters, uint32_t n)
{
    struct leaf_id leaves[LEAVES];
    struct witness_source source = { n, 1 };
    const struct feeder feeder = fed_by(&source);
    uint32_t site;
    if (texts_intern(counters_texts(counters), SPAN_LITERAL("site.example"), &site) != SP_OK ||
        counters_site_record(counters, site) == NULL)
        return SP_FULL;
    for (uint32_t i = 0; i < LEAVES; i++) {
        uint32_t key = TEXT_NONE;
        char text[32];
        int length = snprintf(text, sizeof text, "/side/%u", n % (i * 7 + 1));
        if (i > 0 && texts_intern(counters_texts(counters), span_of(text, (size_t)length), &key) != SP_OK)
            return SP_FULL;
        leaves[i] =
            (struct leaf_id){ .site = site, .key = key, .period = (int32_t)i, .table = TABLE_PAGE, .kind = PERIOD_DAY };
    }
    return counters_apply(counters, leaves, LEAVES, MODE_STANDARD, true, &feeder);
}

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

static struct site_record *
record_of(struct counters *counters)
{
    return counters_site_record(counters, texts_find(counters_texts(counters), SPAN_LITERAL("site.example")));
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
        assert_int_equal(apply(counters, n), SP_OK);
    uint32_t site = texts_find(counters_texts(counters), SPAN_LITERAL("site.example"));
    assert_true(counters_drop(counters, site, (struct period){ PERIOD_DAY, 2 }) > 0);
    counted_count = list(counters, counted);
    counted_record = *record_of(counters);
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
    assert_int_equal(apply(counters, BEACONS), SP_OK);
    counters_free(counters);
}

/* Of each byte every bit, and one value by chance. */
static struct outcomes
damage(size_t from, size_t until)
{
    struct outcomes outcomes = { 0 };
    for (size_t at = from; at < until; at++) {
        for (unsigned bit = 0; bit < 8; bit++)
            adopt(at, (unsigned char)(1U << bit), &outcomes);
        adopt(at, (unsigned char)(1 + randombytes_uniform(255)), &outcomes);
    }
    return outcomes;
}

/* The same where most says nothing: one value by chance. */
static void
damage_lightly(size_t from, size_t until, struct outcomes *outcomes)
{
    for (size_t at = from; at < until; at++)
        adopt(at, (unsigned char)(1 + randombytes_uniform(255)), outcomes);
}

static size_t
offset_of(const void *in)
{
    return (size_t)((const unsigned char *)in - memory);
}

/* All that never changes is under a checksum, and all that says how much there is: seen, whatever it becomes. */
static void
test_the_header(void **state)
{
    (void)state;
    leave();
    struct outcomes fixed = damage(0, offsetof(struct counters_header, cell_next));
    assert_int_equal(fixed.exact, 0);
    struct outcomes rest =
        damage(offsetof(struct counters_header, cell_next), offsetof(struct counters_header, undo) + 16);
    damage_lightly(offsetof(struct counters_header, undo) + 16, sizeof(struct counters_header), &rest);
    print_message("behind what is checked: exact %u, not adopted %u\n", rest.exact, rest.not_adopted);
    assert_true(rest.exact > 0);
}

/* Every table a leaf's could become is tried, that of a free slot too. */
static void
test_leaves(void **state)
{
    struct counters *counters;
    enum counters_opened opened;
    struct outcomes taken = { 0 };
    struct outcomes freed = { 0 };
    (void)state;
    leave();
    assert_int_equal(counters_open(memory, sizeof memory, boot, &counters, &opened), SP_OK);
    size_t slots_at = offset_of(counters->slots);
    uint32_t slots = counters_slots(counters);
    counters_free(counters);
    unsigned tried = 0;
    for (uint32_t slot = 0; slot < slots; slot++) {
        size_t at = slots_at + slot * sizeof(struct slot);
        size_t table_at = at + offsetof(struct slot, id) + offsetof(struct leaf_id, table);
        bool is_free = whole[table_at] == TABLE_COUNT;
        if (is_free && slot % 128 != 0)
            continue;
        damage_lightly(at, at + sizeof(struct slot), is_free ? &freed : &taken);
        tried += !is_free;
        for (unsigned table = 0; table < 256 && !is_free; table++) {
            if (table != whole[table_at])
                adopt(table_at, (unsigned char)(table ^ whole[table_at]), &taken);
        }
    }
    print_message("%u leaves: exact %u, not adopted %u; free slots: %u and %u\n", tried, taken.exact, taken.not_adopted,
                  freed.exact, freed.not_adopted);
    assert_int_equal(tried, counted_count);
    assert_true(taken.not_adopted > taken.exact); /* three bytes of a slot say nothing */
    assert_true(freed.exact > 0 && freed.not_adopted > 0);
}

static void
test_texts(void **state)
{
    struct counters *counters;
    enum counters_opened opened;
    (void)state;
    leave();
    assert_int_equal(counters_open(memory, sizeof memory, boot, &counters, &opened), SP_OK);
    size_t cells_at = offset_of(&counters->slots[counters->header->slot_max]);
    uint32_t cells = counters->header->cell_next;
    counters_free(counters);
    struct outcomes outcomes = { 0 };
    for (uint32_t cell = 1; cell < cells; cell++) {
        size_t at = cells_at + (size_t)cell * TEXT_CELL_BYTES;
        damage_lightly(at, at + TEXT_CELL_BYTES, &outcomes);
    }
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
