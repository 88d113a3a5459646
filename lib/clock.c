#include "sporlos/clock.h"

#include <sodium.h>
#include <time.h>

#define YEAR_2020_S INT64_C(1577836800) /* 2020-01-01T00:00Z */

static const struct clock_source *clock_replacement;
static const struct random_source *random_replacement;

int64_t
clock_wall_s(void)
{
    if (clock_replacement != NULL)
        return clock_replacement->wall_s(clock_replacement->context);
    return (int64_t)time(NULL);
}

const char *
clock_refusal(void)
{
    if (clock_wall_s() >= YEAR_2020_S)
        return NULL;
    return "the clock of this machine is before 2020-01-01: set it, for example with 'timedatectl set-ntp true', and "
           "start again";
}

int64_t
clock_monotonic_ms(void)
{
    if (clock_replacement != NULL)
        return clock_replacement->monotonic_ms(clock_replacement->context);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
clock_replace(const struct clock_source *source)
{
    clock_replacement = source;
}

void
random_bytes(void *out, size_t length)
{
    if (random_replacement != NULL)
        random_replacement->bytes(random_replacement->context, out, length);
    else
        randombytes_buf(out, length);
}

void
random_replace(const struct random_source *source)
{
    random_replacement = source;
}

uint32_t
random_below(uint32_t bound)
{
    uint32_t bits = 0;
    random_bytes(&bits, sizeof bits);
    return (uint32_t)((uint64_t)bits * bound >> 32);
}
