#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/process_guard.h"

#include <event2/buffer.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { BLOCK_BYTES = 200, HEAD_BYTES = 16 /* the allocator's own, in a block that is free */ };

#if defined __SANITIZE_ADDRESS__
#define ALLOCATOR_IS_SANITIZED true
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define ALLOCATOR_IS_SANITIZED true
#endif
#endif
#ifndef ALLOCATOR_IS_SANITIZED
#define ALLOCATOR_IS_SANITIZED false
#endif

/* The bytes that differ from 0 in the block that was given back last; -1 when the allocator gives out another one. */
static int
left_in(uintptr_t block)
{
    unsigned char *again = malloc(BLOCK_BYTES);
    int left = 0;
    assert_non_null(again);
    for (int i = HEAD_BYTES; i < BLOCK_BYTES; i++)
        left += again[i] != 0;
    bool same = (uintptr_t)again == block;
    free(again);
    return same ? left : -1;
}

static void
test_freed_memory_is_wiped(void **state)
{
    (void)state;
    if (ALLOCATOR_IS_SANITIZED)
        skip();
    for (int scrub = 0; scrub < 2; scrub++) {
        unsigned char *block = malloc(BLOCK_BYTES);
        uintptr_t at = (uintptr_t)block;
        assert_non_null(block);
        memset(block, 0xa7, BLOCK_BYTES);
        __asm__ volatile("" : : "r"(block) : "memory");
        (scrub ? scrubbing_free : free)(block);
        assert_int_equal(left_in(at), scrub ? 0 : BLOCK_BYTES - HEAD_BYTES);
    }
    scrubbing_free(NULL);
}

static void
test_moved_memory_keeps_its_bytes(void **state)
{
    (void)state;
    static const size_t sizes[] = { 1, 40, 39, 4096, 100000, 7 };
    unsigned char *block = NULL;
    size_t had = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        block = scrubbing_realloc(block, sizes[i]);
        assert_non_null(block);
        for (size_t at = 0; at < sizes[i] && at < had; at++)
            assert_int_equal(block[at], at & 0xff);
        for (size_t at = 0; at < sizes[i]; at++)
            block[at] = (unsigned char)at;
        had = sizes[i];
    }
    scrubbing_free(block);
}

static void
test_moved_memory_is_wiped_where_it_was(void **state)
{
    (void)state;
    if (ALLOCATOR_IS_SANITIZED)
        skip();
    unsigned char *block = malloc(BLOCK_BYTES);
    uintptr_t at = (uintptr_t)block;
    assert_non_null(block);
    memset(block, 0xa7, BLOCK_BYTES);
    unsigned char *moved = scrubbing_realloc(block, 10000);
    assert_non_null(moved);
    assert_int_equal(moved[BLOCK_BYTES - 1], 0xa7);
    assert_int_equal(left_in(at), 0);
    free(moved);
}

/* Last: it holds for the process. */
static void
test_guard_forbids_cores_and_scrubs_what_libevent_frees(void **state)
{
    (void)state;
    struct rlimit limit;
    process_guard();
    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    assert_int_equal(limit.rlim_max, 0);
    assert_int_equal(prctl(PR_GET_DUMPABLE), 0);
    if (ALLOCATOR_IS_SANITIZED)
        return;
    struct evbuffer *buffer = evbuffer_new();
    assert_non_null(buffer);
    char text[3000];
    memset(text, 0xa7, sizeof text);
    assert_int_equal(evbuffer_add(buffer, text, sizeof text), 0);
    unsigned char *inside = evbuffer_pullup(buffer, -1);
    uintptr_t middle = (uintptr_t)inside + 1000;
    evbuffer_free(buffer);
    int left = 0;
    for (size_t i = 0; i < 1000; i++)
        left +=
            *(volatile unsigned char *)(middle + i) == 0xa7; /* in the heap still: nothing has been allocated since */
    assert_int_equal(left, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_freed_memory_is_wiped),
        cmocka_unit_test(test_moved_memory_keeps_its_bytes),
        cmocka_unit_test(test_moved_memory_is_wiped_where_it_was),
        cmocka_unit_test(test_guard_forbids_cores_and_scrubs_what_libevent_frees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
