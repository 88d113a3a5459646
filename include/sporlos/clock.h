/* Time and randomness: the one interface each through which the programs get them, replaceable in tests. */
#ifndef SPORLOS_CLOCK_H
#define SPORLOS_CLOCK_H

#include <stddef.h>
#include <stdint.h>

struct clock_source {
    int64_t (*wall_s)(void *context);       /* seconds since 1970-01-01T00:00Z */
    int64_t (*monotonic_ms)(void *context); /* milliseconds since some start, never backwards */
    void *context;
};

int64_t clock_wall_s(void);
int64_t clock_monotonic_ms(void);

/*
 * Why the wall clock cannot be used, as a sentence for whoever starts the program (static); NULL when it can. A machine
 * that has lost its time stands before 2020: what it counted would lie in periods that ended long ago.
 */
const char *clock_refusal(void);

/* Use source (borrowed) from now on; NULL gives the operating system's clocks back. Tests only. */
void clock_replace(const struct clock_source *source);

struct random_source {
    void (*bytes)(void *context, void *out, size_t length);
    void *context;
};

/* Fill out with unpredictable bytes from libsodium (the kernel's generator). */
void random_bytes(void *out, size_t length);

/* From 0 to bound - 1; each within 2^-32 * bound of equally often. */
uint32_t random_below(uint32_t bound);

/* Use source (borrowed) from now on; NULL gives libsodium back. Tests only. */
void random_replace(const struct random_source *source);

#endif
