#include "sporlos/address_page.h"

#include "sporlos/wipe.h"

#include <sys/mman.h>

enum { PAGE_BYTES = 4096, STACK_NEAR_BYTES = 256, STACK_BYTES = 1024, STACK_DEEP_BYTES = 64 * 1024 };

/* Anonymous memory of its own: nothing before it in the file has bytes on the same page. */
static _Alignas(PAGE_BYTES) union {
    struct address_page page;
    unsigned char bytes[PAGE_BYTES];
} memory;

_Static_assert(sizeof memory == PAGE_BYTES, "one page");

struct address_page *
address_page(void)
{
    return &memory.page;
}

bool
address_page_protect(void)
{
    bool locked = mlock(&memory, sizeof memory) == 0;
    bool undumped = madvise(&memory, sizeof memory, MADV_DONTDUMP) == 0;
    bool wiped = madvise(&memory, sizeof memory, MADV_WIPEONFORK) == 0;
    return locked && undumped && wiped;
}

__attribute__((noinline)) void
forget_stack_near(void)
{
    unsigned char below[STACK_NEAR_BYTES];
    wipe(below, sizeof below);
}

__attribute__((noinline)) void
forget_stack(void)
{
    unsigned char below[STACK_BYTES];
    wipe(below, sizeof below);
}

__attribute__((noinline)) void
forget_stack_deep(void)
{
    unsigned char below[STACK_DEEP_BYTES];
    wipe(below, sizeof below);
}
