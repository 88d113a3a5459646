#include "sporlos/locked_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "no_locks.h"

enum { BYTES = 1 << 20 };

static void
test_zeroed_locked_and_given_back(void **state)
{
    (void)state;
    bool locked = false;
    unsigned char *memory = locked_memory_new(BYTES, &locked);
    assert_non_null(memory);
    for (size_t i = 0; i < BYTES; i++)
        assert_int_equal(memory[i], 0);
    memset(memory, 7, BYTES);
    assert_int_equal(locked_memory_refused().pieces, locked ? 0 : 1); /* a container may allow less than 1 MiB */
    locked_memory_free(memory, BYTES);
    locked_memory_free(NULL, BYTES);
}

static int
in_a_child_without_locks(void)
{
    bool locked = true;
    struct locked_memory_refused before = locked_memory_refused();
    unsigned char *memory = locked_memory_new(BYTES, &locked);
    if (memory == NULL || locked)
        return 1;
    memory[BYTES - 1] = 1; /* it works all the same */
    locked_memory_free(memory, BYTES);
    struct locked_memory_refused after = locked_memory_refused();
    return after.pieces == before.pieces + 1 && after.bytes == before.bytes + BYTES ? 0 : 2;
}

static void
test_what_cannot_be_locked_is_said(void **state)
{
    (void)state;
    NEED_LOCKS();
    assert_int_equal(run_without_locks(in_a_child_without_locks), 0);
}

static unsigned char *shared;

static int
what_a_child_sees(void)
{
    return shared[0];
}

static void
test_empty_in_a_child(void **state)
{
    (void)state;
    shared = locked_memory_new(BYTES, NULL);
    assert_non_null(shared);
    shared[0] = 9;
    assert_int_equal(run_without_locks(what_a_child_sees), 0);
    assert_int_equal(shared[0], 9);
    locked_memory_free(shared, BYTES);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zeroed_locked_and_given_back),
        cmocka_unit_test(test_what_cannot_be_locked_is_said),
        cmocka_unit_test(test_empty_in_a_child),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
