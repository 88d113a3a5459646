#include "sporlos/process_guard.h"

#include "sporlos/address_page.h"
#include "sporlos/log.h"

#include <event2/event.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void
scrubbing_free(void *memory)
{
    if (memory == NULL)
        return;
    explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

void *
scrubbing_realloc(void *memory, size_t size)
{
    void *moved = malloc(size);
    if (memory == NULL || moved == NULL)
        return moved;
    size_t had = malloc_usable_size(memory);
    memcpy(moved, memory, had < size ? had : size);
    scrubbing_free(memory);
    return moved;
}

void
process_guard(void)
{
    const struct rlimit none = { 0, 0 };
    bool undumpable = setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0;
    bool locked = address_page_protect();
    event_set_mem_functions(malloc, scrubbing_realloc, scrubbing_free);
    if (!undumpable || !locked)
        LOG(LOG_WARNING, "address_page_unprotected", { "dumpable", !undumpable }, { "locked", locked });
}
