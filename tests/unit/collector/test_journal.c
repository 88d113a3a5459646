/* Counters that outlive their process: adopted whole, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "beacons.h"
#include "counters_memory.h"
#include "journal.h"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BYTES = 1 << 20, LEAVES = BEACON_LEAVES, SPREAD = 37 };

struct place {
    char folder[64];
    char file[96];
};

static void
place_init(struct place *place)
{
    snprintf(place->folder, sizeof place->folder, "/dev/shm/sporlos-test-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->file, sizeof place->file, "%s/counters", place->folder);
}

static void
place_fini(struct place *place)
{
    unlink(place->file);
    rmdir(place->folder);
}

static void
open_journal(const struct place *place, struct journal **journal, struct counters **counters)
{
    const char *why = "";
    if (journal_open(place->folder, BYTES, journal, counters, &why) != SP_OK)
        fail_msg("%s", why);
}

static void
close_journal(struct journal *journal, struct counters *counters)
{
    counters_free(counters);
    journal_close(journal);
}

static int64_t
sum_of(const struct counters *counters, int32_t period, uint32_t *leaves)
{
    int64_t sum = 0;
    *leaves = 0;
    for (uint32_t slot = 0; slot < counters_slots(counters); slot++) {
        struct leaf leaf = counters_leaf(counters, slot);
        if (leaf.id.table != TABLE_COUNT && leaf.id.period == period) {
            sum += leaf.value;
            ++*leaves;
        }
    }
    return sum;
}

static struct site_record *
record_of(struct counters *counters)
{
    return counters_site_record(counters, texts_find(counters_texts(counters), SPAN_LITERAL("site.example")));
}

static void
test_adopted_with_every_value(void **state)
{
    struct place place;
    struct journal *journal;
    struct counters *counters;
    char source[SOURCE_TEXT_MAX];
    int64_t sums[LEAVES];
    uint32_t leaves;
    uint32_t slots[4096];
    (void)state;
    place_init(&place);
    open_journal(&place, &journal, &counters);
    for (uint32_t n = 0; n < 1000; n++)
        assert_int_equal(beacons_apply(counters, n, SPREAD), SP_OK);
    for (int32_t i = 0; i < LEAVES; i++)
        sums[i] = sum_of(counters, i, &leaves);
    uint32_t all = counters_statistics(counters).leaves;
    counters_take_changed(counters, slots, 4096);
    record_of(counters)->flush_number = 77;
    snprintf(source, sizeof source, "%s", counters_source(counters));
    close_journal(journal, counters);

    open_journal(&place, &journal, &counters);
    assert_string_equal(counters_source(counters), source);
    assert_int_equal(counters_accepted(counters), 1000);
    assert_int_equal(record_of(counters)->flush_number, 77);
    assert_int_equal(counters_statistics(counters).leaves, all);
    assert_int_equal(counters_statistics(counters).changed, all);
    for (int32_t i = 0; i < LEAVES; i++)
        assert_int_equal(sum_of(counters, i, &leaves), sums[i]);
    assert_int_equal(beacons_apply(counters, 5, SPREAD), SP_OK);
    assert_int_equal(sum_of(counters, 0, &leaves), sums[0] + 1);
    assert_int_equal(leaves, 1);
    close_journal(journal, counters);
    place_fini(&place);
}

static void
test_retired_is_a_new_source(void **state)
{
    struct place place;
    struct journal *journal;
    struct counters *counters;
    char source[SOURCE_TEXT_MAX];
    (void)state;
    place_init(&place);
    open_journal(&place, &journal, &counters);
    snprintf(source, sizeof source, "%s", counters_source(counters));
    assert_int_equal(beacons_apply(counters, 1, SPREAD), SP_OK);
    counters_retire(counters);
    close_journal(journal, counters);
    open_journal(&place, &journal, &counters);
    assert_string_not_equal(counters_source(counters), source);
    assert_int_equal(counters_statistics(counters).leaves, 0);
    close_journal(journal, counters);
    place_fini(&place);
}

static void
test_one_process_at_a_time(void **state)
{
    struct place place;
    struct journal *journal;
    struct journal *other;
    struct counters *counters;
    struct counters *none;
    const char *why = "";
    (void)state;
    place_init(&place);
    open_journal(&place, &journal, &counters);
    assert_int_equal(journal_open(place.folder, BYTES, &other, &none, &why), SP_REFUSED);
    assert_non_null(strstr(why, "another collector"));
    close_journal(journal, counters);
    place_fini(&place);
}

static void
test_refused_with_a_sentence(void **state)
{
    struct journal *journal;
    struct counters *counters;
    const char *why = "";
    char folder[] = "/var/tmp/sporlos-test-XXXXXX";
    (void)state;
    assert_int_equal(journal_open("/dev/shm/there-is-no-such-folder", BYTES, &journal, &counters, &why), SP_REFUSED);
    assert_non_null(strstr(why, "no such folder"));
    assert_non_null(mkdtemp(folder));
    assert_int_equal(journal_open(folder, BYTES, &journal, &counters, &why), SP_REFUSED);
    assert_non_null(strstr(why, "tmpfs"));
    rmdir(folder);
}

/* kill -9 at a random moment, many times: each beacon is in all of its leaves or in none, and none is lost. */
static void
test_killed_at_any_moment(void **state)
{
    struct place place;
    struct journal *journal;
    struct counters *counters;
    uint64_t before = 0;
    unsigned progressed = 0;
    /* Beacons that the child knows were applied: what it would have answered 204 to. */
    volatile uint64_t *acknowledged = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    (void)state;
    assert_true(acknowledged != MAP_FAILED);
    place_init(&place);
    int64_t noise[LEAVES] = { 0 };
    for (int round = 0; round < 150; round++) {
        pid_t child = fork();
        if (child == 0) {
            const char *why = "";
            if (journal_open(place.folder, BYTES, &journal, &counters, &why) != SP_OK)
                _exit(1);
            for (uint32_t n = (uint32_t)round * 1000003U;; n++) {
                if (beacons_apply(counters, n, SPREAD) != SP_OK)
                    _exit(2);
                *acknowledged = counters_accepted(counters);
            }
        }
        usleep(1000 + randombytes_uniform(4000));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        open_journal(&place, &journal, &counters);
        uint64_t accepted = counters_accepted(counters);
        if (accepted != *acknowledged && accepted != *acknowledged + 1)
            fail_msg("round %d: %llu accepted, %llu acknowledged", round, (unsigned long long)accepted,
                     (unsigned long long)*acknowledged);
        progressed += accepted > before;
        before = accepted;
        *acknowledged = accepted; /* the next one may be killed in its first beacon, too */
        for (int32_t i = 0; i < LEAVES && accepted > 0; i++) {
            uint32_t leaves;
            int64_t noisy = sum_of(counters, i, &leaves) - (int64_t)accepted;
            assert_in_range(noisy + 5L * leaves, 0, 10L * leaves);
            if (i == 0 && round > 0 && noise[0] != INT64_MAX)
                assert_true(noise[0] == noisy || progressed <= 1); /* one leaf: exactly its noise, for ever */
            noise[i] = noisy;
        }
        close_journal(journal, counters);
    }
    assert_true(progressed > 20);
    munmap((void *)(uintptr_t)acknowledged, 4096);
    place_fini(&place);
}

static void
change_byte(const struct place *place, off_t at, unsigned char with)
{
    int file = open(place->file, O_RDWR);
    unsigned char byte = 0;
    assert_true(file >= 0);
    assert_int_equal(pread(file, &byte, 1, at), 1);
    byte ^= with;
    assert_int_equal(pwrite(file, &byte, 1, at), 1);
    close(file);
}

/* A new journal, filled by 20 beacons. */
static void
write_journal(const struct place *place)
{
    struct journal *journal;
    struct counters *counters;
    unlink(place->file);
    open_journal(place, &journal, &counters);
    for (uint32_t n = 0; n < 20; n++)
        assert_int_equal(beacons_apply(counters, n, SPREAD), SP_OK);
    close_journal(journal, counters);
}

/* What damage is seen: test_counters_damage.c. */
static void
test_damaged_is_begun_anew(void **state)
{
    struct place place;
    struct journal *journal;
    struct counters *counters;
    char source[SOURCE_TEXT_MAX];
    (void)state;
    place_init(&place);
    write_journal(&place);
    open_journal(&place, &journal, &counters);
    snprintf(source, sizeof source, "%s", counters_source(counters));
    assert_int_equal(counters_accepted(counters), 20);
    close_journal(journal, counters);
    change_byte(&place, offsetof(struct counters_header, slots), 1);
    open_journal(&place, &journal, &counters);
    assert_string_not_equal(counters_source(counters), source);
    assert_int_equal(counters_accepted(counters), 0);
    assert_int_equal(counters_statistics(counters).leaves, 0);
    assert_int_equal(beacons_apply(counters, 3, SPREAD), SP_OK);
    close_journal(journal, counters);
    place_fini(&place);
}

static void
assert_refused(const char *folder, const char *what)
{
    struct journal *journal;
    struct counters *counters;
    const char *why = "";
    assert_int_equal(journal_open(folder, BYTES, &journal, &counters, &why), SP_REFUSED);
    if (strstr(why, what) == NULL)
        fail_msg("'%s' does not say '%s'", why, what);
}

static void
test_what_lies_in_the_way_is_named(void **state)
{
    struct place place;
    struct stat status;
    (void)state;
    place_init(&place);
    assert_int_equal(symlink("/tmp/elsewhere", place.file), 0);
    assert_refused(place.folder, "symbolic link");
    assert_int_equal(lstat("/tmp/elsewhere", &status), -1);
    unlink(place.file);
    assert_int_equal(mkdir(place.file, 0700), 0);
    assert_refused(place.folder, "no plain file; delete it");
    rmdir(place.file);
    assert_int_equal(mkfifo(place.file, 0600), 0);
    assert_refused(place.folder, "no plain file; delete it");
    unlink(place.file);
    int file = open(place.file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    close(file);
    assert_refused(place.file, "name the folder that it lies in");
    place_fini(&place);
}

static void
test_nobody_else_reads_it(void **state)
{
    struct place place;
    struct journal *journal;
    struct counters *counters;
    struct stat status;
    (void)state;
    place_init(&place);
    open_journal(&place, &journal, &counters);
    assert_int_equal(beacons_apply(counters, 1, SPREAD), SP_OK);
    close_journal(journal, counters);
    assert_int_equal(chmod(place.file, 0644), 0);
    open_journal(&place, &journal, &counters); /* adopted, and closed to others */
    assert_int_equal(counters_statistics(counters).leaves, LEAVES);
    assert_int_equal(stat(place.file, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    close_journal(journal, counters);
    place_fini(&place);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adopted_with_every_value),      cmocka_unit_test(test_retired_is_a_new_source),
        cmocka_unit_test(test_one_process_at_a_time),         cmocka_unit_test(test_refused_with_a_sentence),
        cmocka_unit_test(test_what_lies_in_the_way_is_named), cmocka_unit_test(test_nobody_else_reads_it),
        cmocka_unit_test(test_killed_at_any_moment),          cmocka_unit_test(test_damaged_is_begun_anew),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
