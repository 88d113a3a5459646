/*
 * How long a look-up takes, how large the table is and how long it takes to build.
 *
 *     geo_bench DATABASE... gazetteer.csv [polygons.geojson]
 *
 * DB-IP City Lite of June 2026 (two files, 134 MB) with the gazetteer, gcc 12 -O2, on a shared virtual machine:
 * load 1.3 to 1.5 s of CPU, 18 632 + 20 866 runs, 585 216 bytes, 42 % of Norwegian /24 unknown; 25 to 37 ns a look-up
 * of either family. Instructions a look-up: INSTRUCTIONS (valgrind --tool=callgrind --toggle-collect=measure,
 * GEO_BENCH_ONCE=1).
 */
#include "geo.h"
#include "geo_compile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEYS = 1 << 16, ROUNDS = 64, MAX_DATABASES = 4 };

static double
cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* xorshift64: the same keys in every run. */
static uint64_t
next_random(void)
{
    static uint64_t state = UINT64_C(88172645463325252);
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static struct network
random_network(enum network_family family)
{
    uint64_t random = next_random();
    if (family == NETWORK_V4)
        return (struct network){ .family = NETWORK_V4, .prefix = random >> (64 - GEO_V4_BITS) };
    /* 2a00::/11, where Europe's networks are */
    return (struct network){ .family = NETWORK_V6, .prefix = UINT64_C(0x2a0000000000) | random >> (64 - 37) };
}

static void
fill(const struct geo *geo, enum network_family family, bool norwegian, size_t max_tries, struct network *keys)
{
    /* In a small database hardly any network is Norwegian: then some keys are of anywhere. */
    for (size_t i = 0, tries = 0; i < KEYS; tries++) {
        keys[i] = random_network(family);
        i += !norwegian || tries > max_tries || geo_lookup(geo, &keys[i]) != MUNICIPALITY_ABROAD;
    }
}

/* volatile in the sum only: the loop is what a collector does, one look-up after the other. */
__attribute__((noinline)) static void
measure(const char *name, const struct geo *geo, const struct network *keys, size_t rounds)
{
    static volatile uint64_t sink;
    uint64_t sum = 0;
    double start = cpu_s();
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < KEYS; i++)
            sum += geo_lookup(geo, &keys[i]);
    double seconds = cpu_s() - start;
    sink = sum;
    (void)sink;
    printf("%-24s %6.1f ns a look-up\n", name, seconds * 1e9 / (double)(rounds * KEYS));
}

static void
measure_all(const struct geo *geo, size_t rounds)
{
    static const struct {
        const char *name;
        enum network_family family;
        bool norwegian;
    } cases[] = {
        { "IPv4, random", NETWORK_V4, false },
        { "IPv4, random Norwegian", NETWORK_V4, true },
        { "IPv6, random European", NETWORK_V6, false },
        { "IPv6, random Norwegian", NETWORK_V6, true },
    };
    static struct network keys[KEYS];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fill(geo, cases[i].family, cases[i].norwegian, rounds > 1 ? 100 * KEYS : 0, keys);
        measure(cases[i].name, geo, keys, rounds);
    }
}

static bool
ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), wanted = strlen(end);
    return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

int
main(int argc, char **argv)
{
    static struct geo_point placeholders[] = {
        { 59.9463, 10.7541, 50, false },
        { 62, 10, 50, false },
        { 59.9122, 10.7313, 50, true },
        { 59.8990, 10.6290, 1000, true },
    };
    char *databases[MAX_DATABASES];
    struct config config = { .geo = { .databases = { .items = databases },
                                      .max_radius_km = 50,
                                      .placeholders = placeholders,
                                      .placeholder_count = sizeof placeholders / sizeof placeholders[0] } };
    for (int i = 1; i < argc; i++) {
        if (ends_in(argv[i], ".csv"))
            config.geo.gazetteer = argv[i];
        else if (ends_in(argv[i], ".geojson"))
            config.geo.polygons = argv[i];
        else if (config.geo.databases.count < MAX_DATABASES)
            databases[config.geo.databases.count++] = argv[i];
    }
    struct geo *geo;
    const char *why;
    double start = cpu_s();
    if (geo_new(&config, &geo, &why) != SP_OK) {
        fprintf(stderr, "geo_bench: %s\n", why);
        return 1;
    }
    struct geo_statistics statistics = geo_statistics(geo);
    printf("load %.2f s CPU, runs %" PRIu32 " + %" PRIu32 ", %zu bytes, unknown %.2f %% of Norwegian /24\n",
           cpu_s() - start, statistics.runs_v4, statistics.runs_v6, statistics.bytes, statistics.unknown_share * 100);
    measure_all(geo, getenv("GEO_BENCH_ONCE") != NULL ? 1 : ROUNDS);
    geo_free(geo);
    return 0;
}
