/* Times of many runs, and what they come to. For the programs of tests/bench that measure the aggregator. */
#ifndef BENCH_TIMES_H
#define BENCH_TIMES_H

#include <math.h>
#include <stdlib.h>
#include <time.h>

/* Milliseconds of that clock. */
static inline double
read_ms(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static inline int
compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The value that so large a share of them does not exceed; sorts them. */
static inline double
percentile(double *values, int count, double share)
{
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    int at = (int)ceil(share * count) - 1;
    return values[at < 0 ? 0 : at];
}

#endif
