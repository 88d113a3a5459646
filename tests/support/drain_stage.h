/* An archive, a redis-server of its own and a drain between them, whose clock the test moves. For one test program
 * each. */
#ifndef SPORLOS_TESTS_DRAIN_STAGE_H
#define SPORLOS_TESTS_DRAIN_STAGE_H

#include "drain.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "activity.h"
#include "lease.h"
#include "redis_server.h"
#include "sites.h"
#include "sporlos/clock.h"

#define A "0123456789abcdef0123456789abcdef"
#define B "fedcba9876543210fedcba9876543210"
#define SITE "example.no"
#define DAY "2026-11-20"

enum { NOISE_MAX = 5 }; /* of a leaf of a standard site */

static struct redis_server server;
static bool have_redis;
static int64_t now_s;
static int64_t jumped_s; /* of that, what the monotonic clock knows nothing of */

static inline int64_t
fake_wall_s(void *context)
{
    (void)context;
    return now_s;
}

static inline int64_t
fake_monotonic_ms(void *context)
{
    (void)context;
    return (now_s - jumped_s) * 1000;
}

static const struct clock_source fake_clock = { fake_wall_s, fake_monotonic_ms, NULL };

/* Everything a test needs, made anew for each. */
static struct {
    struct site_config sites[2];
    struct config config;
    struct metrics metrics;
    struct archive *archive;
    struct drain *drain;
    struct redis_link *link;
    char archive_url[128];
} world;

static const struct period day = { PERIOD_DAY, 20777 }; /* 2026-11-20 */

static inline int64_t
day_end_s(void)
{
    return period_end(day, &world.sites[0].zone);
}

/* A reply's integer, -1 for nil, or the length of what it holds. */
static inline long long
command(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    redisReply *reply = redisvCommand(server.redis, format, arguments);
    va_end(arguments);
    assert_non_null(reply);
    assert_int_not_equal(reply->type, REDIS_REPLY_ERROR);
    long long result = reply->type == REDIS_REPLY_INTEGER  ? reply->integer
                       : reply->type == REDIS_REPLY_NIL    ? -1
                       : reply->type == REDIS_REPLY_ARRAY  ? (long long)reply->elements
                       : reply->type == REDIS_REPLY_STRING ? strtoll(reply->str, NULL, 10)
                                                           : 0;
    freeReplyObject(reply);
    return result;
}

static inline void
open_and(const char *site, const char *source)
{
    char member[64];
    snprintf(member, sizeof member, DAY " %s", source);
    command("SADD sp1:{%s}:open %s", site, member);
}

static inline void
put(const char *site, const char *table, const char *source, const char *key, const char *value)
{
    command("HSET sp1:{%s}:leaf:%s:" DAY ":%s %b %s", site, table, source, key, strlen(key), value);
    open_and(site, source);
}

static inline void
seal(const char *site, const char *source)
{
    command("SADD sp1:{%s}:sealed:" DAY " %s", site, source);
}

static inline void
report_alive(const char *site, const char *source, int64_t last_s, int64_t start_s)
{
    char report[48];
    snprintf(report, sizeof report, "%" PRId64 " %" PRId64, last_s, start_s);
    command("HSET sp1:{%s}:sources %s %s", site, source, report);
}

struct found {
    int64_t value;
    unsigned sources, count;
    bool witnessed;
    const char *key;
};

static inline enum sp_error
find_leaf(void *context, const struct archive_leaf *leaf_row)
{
    struct found *found = context;
    if (!span_equal(leaf_row->key, span_text(found->key)))
        return SP_OK;
    found->value = leaf_row->value;
    found->sources = leaf_row->sources;
    found->witnessed = leaf_row->witnessed;
    found->count++;
    return SP_OK;
}

static inline struct found
archived(const char *site, enum table_id table, const char *key)
{
    struct found found = { .key = key };
    assert_int_equal(archive_leaves(world.archive, site, table, day, day, find_leaf, &found), SP_OK);
    return found;
}

static inline bool
is_closed(const char *site)
{
    bool closed;
    assert_int_equal(archive_is_closed(world.archive, site, day, &closed), SP_OK);
    return closed;
}

static inline void
round_ok(void)
{
    assert_int_equal(drain_round(world.drain), SP_OK);
}

static inline int
set_up(void **state)
{
    (void)state;
    if (!have_redis)
        return 0;
    const char *why;
    command("FLUSHALL");
    memset(&world, 0, sizeof world);
    world.sites[0] = test_site(SITE, MODE_STANDARD);
    world.sites[1] = test_site("barn.no", MODE_RESTRICTED);
    world.config.sites = world.sites;
    world.config.site_count = 2;
    world.config.redis.url = server.url;
    world.config.redis.connect_timeout_ms = 1000;
    world.config.redis.command_timeout_ms = 2000;
    snprintf(world.archive_url, sizeof world.archive_url, "sqlite://%s/archive.db", server.directory);
    if (archive_open(world.archive_url, ARCHIVE_WRITE, &world.archive, &why) != SP_OK ||
        drain_new(&world.config, world.archive, &world.metrics, &world.drain, &why) != SP_OK ||
        redis_link_new(server.url, 1000, 2000, &world.link, &why) != SP_OK)
        return -1;
    clock_replace(&fake_clock);
    now_s = day_end_s() + PERIOD_GRACE_S - 3600;
    if (drain_round(world.drain) !=
        SP_OK) /* 90 s later, long before the grace is over, the sources have had time to report */
        return -1;
    now_s = day_end_s() + PERIOD_GRACE_S;
    return 0;
}

static inline void
remove_archive(void)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char path[160];
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/archive.db%s", server.directory, endings[i]);
        unlink(path);
    }
}

static inline int
tear_down(void **state)
{
    (void)state;
    clock_replace(NULL);
    if (!have_redis)
        return 0;
    drain_free(world.drain);
    redis_link_free(world.link);
    archive_close(world.archive);
    remove_archive();
    return 0;
}

#define NEED_REDIS()                                                                                                   \
    do {                                                                                                               \
        (void)state;                                                                                                   \
        if (!have_redis)                                                                                               \
            skip();                                                                                                    \
    } while (0)

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* The tests with a Redis, or all of them skipped. */
static inline int
drain_stage_run(const struct CMUnitTest *tests, size_t count)
{
    signal(SIGPIPE, SIG_IGN); /* as main does: a lost connection is an error, not an end */
    have_redis = redis_server_start(&server);
    if (!have_redis)
        print_message("skipped: redis-server is not installed or does not start\n");
    int failed = _cmocka_run_group_tests("tests", tests, count, NULL, NULL);
    redis_server_stop(&server);
    return failed;
}

#endif
