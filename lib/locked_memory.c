#include "sporlos/locked_memory.h"

#include <string.h>
#include <sys/mman.h>

static struct locked_memory_refused refused;

void *
locked_memory_new(size_t bytes, bool *locked)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (madvise(memory, bytes, MADV_DONTDUMP) != 0 || madvise(memory, bytes, MADV_WIPEONFORK) != 0) {
        munmap(memory, bytes);
        return NULL;
    }
    bool is_locked = mlock(memory, bytes) == 0;
    refused.pieces += !is_locked;
    refused.bytes += is_locked ? 0 : bytes;
    if (locked != NULL)
        *locked = is_locked;
    return memory;
}

void
locked_memory_free(void *memory, size_t bytes)
{
    if (memory == NULL)
        return;
    explicit_bzero(memory, bytes);
    munmap(memory, bytes);
}

struct locked_memory_refused
locked_memory_refused(void)
{
    return refused;
}
