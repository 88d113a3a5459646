/*
 * Memory for what is made from addresses: never swapped out, where the limit on locked memory (RLIMIT_MEMLOCK) allows
 * it, left out of core files, empty in a child.
 */
#ifndef SPORLOS_LOCKED_MEMORY_H
#define SPORLOS_LOCKED_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed, whole pages. NULL when there is none. *locked (may be NULL): it is; else it works all the same. */
void *locked_memory_new(size_t bytes, bool *locked);
/* Wipe and give back; memory may be NULL, bytes as it was made with. */
void locked_memory_free(void *memory, size_t bytes);

/* What could not be locked since the process began. Not thread-safe. */
struct locked_memory_refused {
    uint64_t pieces, bytes;
};
struct locked_memory_refused locked_memory_refused(void);

#endif
