/* Forget bytes: what memset does, where a compiler must not leave it out because nobody reads them any more. */
#ifndef SPORLOS_WIPE_H
#define SPORLOS_WIPE_H

#include <string.h>

/*
 * As explicit_bzero(3), but inline: of a few bytes, and of a number that is known, no call is left. The empty
 * instruction may read the memory, as far as gcc and clang know.
 */
static inline void
wipe(void *memory, size_t bytes)
{
    memset(memory, 0, bytes);
    __asm__ __volatile__("" : : "r"(memory) : "memory");
}

#endif
