/*
 * A process that ends after any of its instructions. A child applies beacons to a table in shared memory, gives up the
 * leaves of a period and lets a leaf be born, one machine instruction at a time (ptrace); what the memory holds after
 * each is what SIGKILL there would leave, so a copy of it is adopted. Each beacon must be in all of its leaves or in
 * none, and one that was acknowledged in all; a leaf that is being given up is there or not.
 *
 *   test_crash [STRIDE]    adopt after every STRIDE-th instruction; 1 is all of them (default 97, and behind the
 *                          beacons, where there are few, every seventh)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "counters_memory.h"
#include "fed_by.h"
#include "sporlos/clock.h"
#include "sporlos/noise.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BYTES = COUNTERS_BYTES_MIN, LEAVES = 4, BEACONS = 6, GIVEN_UP = 2 };

static unsigned long stride = 97, stride_behind = 7;
static const unsigned char boot[BOOT_BYTES] = "one boot of all";

struct shared {
    volatile uint64_t acknowledged;
    volatile bool after_beacons; /* leaf GIVEN_UP of each is given up, then another leaf is born */
};

/* So that a leaf's value is a beacon count and a constant. */
static void
same_bytes(void *context, void *out, size_t length)
{
    (void)context;
    memset(out, 0x5a, length);
}

/* How often the n-th leaf of a beacon changes: each time, every other one, every third, never the same. */
static uint32_t
variant(uint32_t beacon, uint32_t leaf)
{
    return leaf == 0 ? 0 : leaf == LEAVES - 1 ? beacon : beacon % (leaf + 1);
}

static enum sp_error
make_leaf(struct counters *counters, uint32_t beacon, uint32_t leaf, struct leaf_id *out)
{
    char text[64];
    uint32_t site = TEXT_NONE;
    uint32_t key = TEXT_NONE;
    int length = snprintf(text, sizeof text, "/a/page/of/leaf/%u/variant/%u", leaf, variant(beacon, leaf));
    enum sp_error error = texts_intern(counters_texts(counters), SPAN_LITERAL("site.example"), &site);
    if (error == SP_OK)
        error = texts_intern(counters_texts(counters), span_of(text, (size_t)length), &key);
    *out =
        (struct leaf_id){ .site = site, .key = key, .period = (int32_t)leaf, .table = TABLE_PAGE, .kind = PERIOD_DAY };
    return error;
}

static enum sp_error
apply(struct counters *counters, uint32_t beacon)
{
    struct leaf_id leaves[LEAVES];
    struct witness_source source = { beacon, 1 }; /* another each time: leaves become witnessed on the way */
    const struct feeder feeder = fed_by(&source);
    for (uint32_t i = 0; i < LEAVES; i++) {
        enum sp_error error = make_leaf(counters, beacon, i, &leaves[i]);
        if (error != SP_OK)
            return error;
    }
    return counters_apply(counters, leaves, LEAVES, MODE_STANDARD, true, &feeder);
}

static _Noreturn void
child(void *memory, struct shared *shared)
{
    struct counters *counters;
    enum counters_opened opened;
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(77);
    if (counters_open(memory, BYTES, boot, &counters, &opened) != SP_OK)
        _exit(1);
    raise(SIGSTOP);
    for (uint32_t n = 0; n < BEACONS; n++) {
        if (apply(counters, n) != SP_OK)
            _exit(1);
        shared->acknowledged = n + 1;
    }
    uint32_t site = texts_find(counters_texts(counters), SPAN_LITERAL("site.example"));
    const struct leaf_id born = { .site = site, .period = LEAVES, .table = TABLE_PAGE, .kind = PERIOD_DAY };
    shared->after_beacons = true;
    if (counters_drop(counters, site, (struct period){ PERIOD_DAY, GIVEN_UP }) != GIVEN_UP + 1)
        _exit(1);
    _exit(counters_birth(counters, &born, MODE_STANDARD) == SP_OK ? 0 : 1);
}

/* How many of the first beacons have the leaf that a beacon has. */
static int64_t
expected(uint32_t beacons, uint32_t beacon, uint32_t leaf)
{
    int64_t count = 0;
    for (uint32_t n = 0; n < beacons; n++)
        count += variant(n, leaf) == variant(beacon, leaf);
    return count;
}

static int64_t
value_of(struct counters *counters, uint32_t beacon, uint32_t leaf)
{
    struct leaf_id wanted;
    if (make_leaf(counters, beacon, leaf, &wanted) != SP_OK)
        return INT64_MIN;
    for (uint32_t slot = 0; slot < counters_slots(counters); slot++) {
        struct leaf found = counters_leaf(counters, slot);
        if (memcmp(&found.id, &wanted, sizeof found.id) == 0)
            return found.value - noise_draw(MODE_STANDARD);
    }
    return 0;
}

/* Whether what a process left is whole once it is adopted. */
static bool
is_whole(void *memory, const struct shared *shared)
{
    struct counters *counters = NULL;
    enum counters_opened opened;
    if (counters_open(memory, BYTES, boot, &counters, &opened) != SP_OK || opened != COUNTERS_ADOPTED) {
        counters_free(counters);
        return false;
    }
    uint32_t accepted = (uint32_t)counters_accepted(counters);
    bool whole = accepted == shared->acknowledged || accepted == shared->acknowledged + 1;
    for (uint32_t beacon = 0; whole && beacon < BEACONS; beacon++) {
        for (uint32_t leaf = 0; whole && leaf < LEAVES; leaf++) {
            int64_t value = value_of(counters, beacon, leaf);
            whole =
                value == expected(accepted, beacon, leaf) || (shared->after_beacons && leaf == GIVEN_UP && value == 0);
        }
    }
    counters_free(counters);
    return whole;
}

struct crashes {
    unsigned long instructions, adopted, broken;
    unsigned long broken_without_undo; /* with the undo record taken away: the proof that this can fail */
};

static void
crash_here(const void *memory, void *copy, const struct shared *shared, struct crashes *crashes)
{
    memcpy(copy, memory, BYTES);
    crashes->adopted++;
    crashes->broken += !is_whole(copy, shared);
    memcpy(copy, memory, BYTES);
    ((struct counters_header *)copy)->undo.armed = 0;
    crashes->broken_without_undo += !is_whole(copy, shared);
}

static void *
memory_new(void)
{
    void *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    return memory;
}

/* Step the child to its end. Its exit status. */
static int
step_through(pid_t pid, const void *memory, const struct shared *shared, struct crashes *crashes)
{
    void *copy = memory_new();
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    while (WIFSTOPPED(status)) {
        assert_int_equal(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        if (WIFSTOPPED(status) && ++crashes->instructions % (shared->after_beacons ? stride_behind : stride) == 0)
            crash_here(memory, copy, shared, crashes);
    }
    munmap(copy, BYTES);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_killed_after_any_instruction(void **state)
{
    const struct random_source same = { .bytes = same_bytes };
    struct crashes crashes = { 0 };
    struct shared *shared = memory_new();
    void *memory = memory_new();
    (void)state;
    random_replace(&same);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(memory, shared);
    int status = step_through(pid, memory, shared, &crashes);
    random_replace(NULL);
    munmap(memory, BYTES);
    munmap(shared, BYTES);
    if (status == 77) {
        print_message("ptrace is not permitted here\n");
        skip();
    }
    print_message("%lu instructions, adopted after %lu, broken %lu, without the undo record %lu\n",
                  crashes.instructions, crashes.adopted, crashes.broken, crashes.broken_without_undo);
    assert_int_equal(status, 0);
    assert_int_equal(crashes.broken, 0);
    assert_true(crashes.broken_without_undo > 0);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_killed_after_any_instruction) };
    if (argc > 1)
        stride = strtoul(argv[1], NULL, 10);
    if (stride < stride_behind)
        stride_behind = stride;
    return sodium_init() < 0 || stride == 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
