/* What a process that meets addresses or passwords forbids itself before it meets any. */
#ifndef SPORLOS_PROCESS_GUARD_H
#define SPORLOS_PROCESS_GUARD_H

#include <stddef.h>

/*
 * No core file (RLIMIT_CORE 0), no debugger or reader of /proc/PID/mem but root (PR_SET_DUMPABLE 0), the address page
 * protected, and an allocator for libevent that wipes what it frees. To be called before anything of libevent is.
 * What the kernel refuses is logged (address_page_unprotected) and does not end the process.
 */
void process_guard(void);

/* malloc_usable_size() bytes are wiped before they are given back; realloc always moves. */
void scrubbing_free(void *memory);
void *scrubbing_realloc(void *memory, size_t size);

#endif
