/*
 * How long a flush of many changed leaves keeps the loop from its other work: processor time of the longest turn of the
 * event loop, from the round's start to its last answer, against a real redis-server on a unix socket.
 *
 *     flush_bench [--leaves N] [--sites N] [--rounds N]
 *
 * Changes --leaves leaves (10 000) of --sites sites (1), lets the collector flush them, and does so --rounds times (9).
 * Processor time, since others use the machine; of the rounds the median. Ends with 1 when Redis did not get all.
 */
#include "collector.h"
#include "collector_fixture.h"
#include "fed_by.h"
#include "flush.h"
#include "redis_server.h"
#include "sites.h"
#include "sporlos/clock.h"

#include <event2/event.h>
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS_MAX = 99, LETTERS = 4 };

struct bench {
    unsigned leaves, sites, rounds;
    struct collector *collector;
    struct event_base *base;
    struct flush *flush;
    struct redis_server redis;
};

static void
letters(char out[LETTERS + 1], unsigned number)
{
    out[LETTERS] = '\0';
    for (int i = LETTERS; i-- > 0; number /= 26)
        out[i] = (char)('a' + number % 26);
}

static enum sp_error
load(const struct bench *bench, struct config **config)
{
    char path[64];
    FILE *file = tmpfile();
    if (file == NULL)
        return SP_NO_MEMORY;
    fputs("sites:\n", file);
    for (unsigned i = 0; i < bench->sites; i++) {
        char name[LETTERS + 1];
        letters(name, i);
        fprintf(file, "  s%s.example: {mode: standard, pages: [\"/side/*\"]}\n", name);
    }
    fflush(file);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    enum sp_error error = config_load(path, stderr, config);
    fclose(file);
    return error;
}

static double
seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Let as many leaves grow by one: pages of the day, spread over the sites. */
static int
change(struct bench *bench)
{
    struct counters *counters = collector_counters(bench->collector);
    for (unsigned i = 0; i < bench->leaves; i++) {
        char name[LETTERS + 1];
        char text[32];
        struct leaf_id leaf = { .table = TABLE_PAGE, .kind = PERIOD_DAY };
        struct witness_source source = { i, 1 };
        const struct feeder feeder = fed_by(&source);
        letters(name, i % bench->sites);
        int length = snprintf(text, sizeof text, "s%s.example", name);
        const struct site *site = sites_by_text(collector_sites(bench->collector), span_of(text, (size_t)length));
        letters(name, i / bench->sites);
        length = snprintf(text, sizeof text, "/side/%s", name);
        if (site == NULL || texts_intern(counters_texts(counters), span_of(text, (size_t)length), &leaf.key) != SP_OK)
            return 1;
        leaf.site = site->text;
        leaf.period = site->open[PERIOD_DAY].index;
        if (counters_apply(counters, &leaf, 1, site->mode, false, &feeder) != SP_OK)
            return 1;
    }
    return 0;
}

struct round {
    double cpu_ms, wall_ms; /* of the longest turn */
};

/* Until everything is written. False after 20 s. */
static bool
flush_all(struct bench *bench, struct round *round)
{
    double deadline = seconds(CLOCK_MONOTONIC) + 20;
    uint64_t written = flush_statistics(bench->flush).leaves_written;
    *round = (struct round){ 0, 0 };
    while (flush_statistics(bench->flush).leaves_written < written + bench->leaves) {
        struct timespec pause = { 0, 100000 };
        double wall = seconds(CLOCK_MONOTONIC);
        double cpu = seconds(CLOCK_THREAD_CPUTIME_ID);
        event_base_loop(bench->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
        cpu = (seconds(CLOCK_THREAD_CPUTIME_ID) - cpu) * 1000;
        wall = (seconds(CLOCK_MONOTONIC) - wall) * 1000;
        round->cpu_ms = cpu > round->cpu_ms ? cpu : round->cpu_ms;
        round->wall_ms = wall > round->wall_ms ? wall : round->wall_ms;
        if (seconds(CLOCK_MONOTONIC) > deadline)
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static int
by_cpu(const void *a, const void *b)
{
    double left = ((const struct round *)a)->cpu_ms;
    double right = ((const struct round *)b)->cpu_ms;
    return left < right ? -1 : left > right;
}

static int
start(struct bench *bench)
{
    struct config *config = NULL;
    const char *why = "";
    if (load(bench, &config) != SP_OK || collector_new(config, &bench->collector, &why) != SP_OK) {
        fprintf(stderr, "flush_bench: %s\n", why);
        return 1;
    }
    if (!redis_server_start(&bench->redis)) {
        fputs("flush_bench: redis-server does not start\n", stderr);
        return 1;
    }
    bench->base = event_base_new();
    const struct flush_options options = {
        bench->redis.url, 1000, 2000, 200, collector_turn, bench->collector, collector_names(bench->collector)
    };
    if (bench->base == NULL || flush_new(bench->base, &options, collector_counters(bench->collector),
                                         collector_sites(bench->collector), &bench->flush) != SP_OK)
        return 1;
    collector_attach_flush(bench->collector, bench->flush);
    sites_each(collector_sites(bench->collector), fixture_all_in_force, NULL); /* else they wait to hear of it */
    return 0;
}

int
main(int argc, char **argv)
{
    static struct bench bench = { .leaves = 10000, .sites = 1, .rounds = 9 };
    static const struct option options[] = { { "leaves", required_argument, NULL, 'l' },
                                             { "sites", required_argument, NULL, 's' },
                                             { "rounds", required_argument, NULL, 'r' },
                                             { NULL, 0, NULL, 0 } };
    struct round rounds[ROUNDS_MAX];
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        unsigned number = optarg == NULL ? 0 : (unsigned)strtoul(optarg, NULL, 10);
        *(option == 'l' ? &bench.leaves : option == 's' ? &bench.sites : &bench.rounds) = number;
    }
    if (sodium_init() < 0 || bench.rounds < 1 || bench.rounds > ROUNDS_MAX || bench.sites == 0)
        return 2;
    int status = start(&bench);
    struct round first;
    if (status == 0) /* the births are written, and Redis has the scripts */
        status = change(&bench) || !flush_all(&bench, &first);
    for (unsigned i = 0; status == 0 && i < bench.rounds; i++)
        status = change(&bench) || !flush_all(&bench, &rounds[i]);
    if (status == 0) {
        qsort(rounds, bench.rounds, sizeof rounds[0], by_cpu);
        const struct round *median = &rounds[bench.rounds / 2];
        printf("leaves %u sites %u longest_turn_cpu_ms %.3f longest_turn_wall_ms %.3f\n", bench.leaves, bench.sites,
               median->cpu_ms, median->wall_ms);
    }
    flush_free(bench.flush);
    redis_server_stop(&bench.redis);
    collector_free(bench.collector);
    if (bench.base != NULL)
        event_base_free(bench.base);
    return status;
}
