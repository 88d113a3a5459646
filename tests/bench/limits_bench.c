/*
 * What a check of the limits costs, in user-space instructions:
 *
 *     valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=measure build/bin/limits_bench WHAT
 *
 * WHAT: v4, v6, full (v4, every bucket empty: refused), evict (every network is new), clock, site, connection (opened
 * and closed), none (the loop alone). "Collected" divided by 100 000 is a check; subtract that of none. gcc 12 -O2,
 * instructions a check: v4 154, v6 274, full 155, evict 190, clock 36, site 22, connection 275; 85 of each hash are
 * SipHash-1-3.
 */
#include "connection_limit.h"
#include "rate_limit.h"
#include "sporlos/clock.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHECKS = 100000, NETWORKS = 1000 };

struct bench {
    struct rate_limit *limit;
    struct connection_limit *connections;
    struct rate_bucket bucket;
    struct rate rate;
    struct network network;
    int64_t now_ms;
    uint64_t prefixes; /* 1, 2, ... this many, and over again */
    int64_t sum;       /* so that nothing is left out */
};

typedef void check(struct bench *bench);

static void
check_none(struct bench *bench)
{
    bench->sum += (int64_t)bench->network.prefix;
}

static void
check_rate(struct bench *bench)
{
    bench->sum += rate_limit_take(bench->limit, &bench->network, bench->rate, bench->now_ms);
}

static void
check_clock(struct bench *bench)
{
    bench->sum += clock_monotonic_ms();
}

static void
check_site(struct bench *bench)
{
    bench->sum += rate_bucket_take(&bench->bucket, bench->rate, bench->now_ms);
}

static void
check_connection(struct bench *bench)
{
    bench->sum += connection_limit_open(bench->connections, &bench->network, NETWORKS);
    connection_limit_close(bench->connections, &bench->network);
}

static const struct row {
    const char *name;
    check *run;
    enum network_family family;
    uint64_t prefixes;
    int64_t per_s, burst;
} rows[] = {
    { "none", check_none, NETWORK_V4, NETWORKS, 50, 500 },
    { "v4", check_rate, NETWORK_V4, NETWORKS, 50, 500 },
    { "v6", check_rate, NETWORK_V6, NETWORKS, 1000000, 1000000 },
    { "full", check_rate, NETWORK_V4, NETWORKS, 1, 1 },
    { "evict", check_rate, NETWORK_V4, UINT64_MAX, 50, 500 },
    { "clock", check_clock, NETWORK_V4, NETWORKS, 50, 500 },
    { "site", check_site, NETWORK_V4, NETWORKS, 1000000, 1000000 },
    { "connection", check_connection, NETWORK_V4, NETWORKS, 50, 500 },
};

/* Named for callgrind's --toggle-collect. */
__attribute__((noinline)) void measure(struct bench *bench, check *run);

__attribute__((noinline)) void
measure(struct bench *bench, check *run)
{
    for (int i = 0; i < CHECKS; i++) {
        if (++bench->network.prefix > bench->prefixes)
            bench->network.prefix = 1;
        run(bench);
    }
}

int
main(int argc, char **argv)
{
    static struct bench bench = { .now_ms = 1000 };
    for (size_t i = 0; argc == 2 && i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, argv[1]) != 0)
            continue;
        if (sodium_init() < 0 || rate_limit_new(&bench.limit) != SP_OK ||
            connection_limit_new(NETWORKS, &bench.connections) != SP_OK)
            return EXIT_FAILURE;
        bench.network.family = (uint8_t)rows[i].family;
        bench.prefixes = rows[i].prefixes;
        bench.rate = rate_of(rows[i].per_s, rows[i].burst);
        measure(&bench, rows[i].run);
        printf("%s %d checks, locked %d, sum %ld\n", rows[i].name, CHECKS, rate_limit_statistics(bench.limit).locked,
               (long)bench.sum);
        rate_limit_free(bench.limit);
        connection_limit_free(bench.connections);
        return EXIT_SUCCESS;
    }
    fputs("limits_bench none|v4|v6|full|evict|clock|site|connection\n", stderr);
    return EXIT_FAILURE;
}
