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

static struct redis_server server;
static bool have_redis;
static int64_t now_s;

static int64_t
fake_wall_s(void *context)
{
    (void)context;
    return now_s;
}

static int64_t
fake_monotonic_ms(void *context)
{
    (void)context;
    return now_s * 1000;
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

/* What happens, once, before the next call of one of these: others change Redis between two steps of a round. */
static void (*before_verdict)(void);
static void (*before_picture)(void);

static void
happen(void (**what)(void))
{
    void (*now)(void) = *what;
    *what = NULL;
    if (now != NULL)
        now();
}

/* The linker puts these between: tests/CMakeLists.txt. */
enum sp_error __real_archive_is_closed(struct archive *archive, const char *site, struct period period, bool *closed);
enum sp_error __wrap_archive_is_closed(struct archive *archive, const char *site, struct period period, bool *closed);
enum sp_error __real_picture_take(struct redis_link *link, const struct site_config *site,
                                  const struct open_period *period, struct picture *picture);
enum sp_error __wrap_picture_take(struct redis_link *link, const struct site_config *site,
                                  const struct open_period *period, struct picture *picture);

enum sp_error
__wrap_archive_is_closed(struct archive *archive, const char *site, struct period period, bool *closed)
{
    happen(&before_verdict);
    return __real_archive_is_closed(archive, site, period, closed);
}

enum sp_error
__wrap_picture_take(struct redis_link *link, const struct site_config *site, const struct open_period *period,
                    struct picture *picture)
{
    happen(&before_picture);
    return __real_picture_take(link, site, period, picture);
}

static const struct period day = { PERIOD_DAY, 20777 }; /* 2026-11-20 */

static int64_t
day_end_s(void)
{
    return period_end(day, &world.sites[0].zone);
}

/* A reply's integer, -1 for nil, or the length of what it holds. */
static long long
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

static void
open_and(const char *site, const char *source)
{
    char member[64];
    snprintf(member, sizeof member, DAY " %s", source);
    command("SADD sp1:{%s}:open %s", site, member);
}

static void
put(const char *site, const char *table, const char *source, const char *key, const char *value)
{
    command("HSET sp1:{%s}:leaf:%s:" DAY ":%s %b %s", site, table, source, key, strlen(key), value);
    open_and(site, source);
}

static void
seal(const char *site, const char *source)
{
    command("SADD sp1:{%s}:sealed:" DAY " %s", site, source);
}

static void
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

static enum sp_error
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

static struct found
archived(const char *site, enum table_id table, const char *key)
{
    struct found found = { .key = key };
    assert_int_equal(archive_leaves(world.archive, site, table, day, day, find_leaf, &found), SP_OK);
    return found;
}

static bool
is_closed(const char *site)
{
    bool closed;
    assert_int_equal(archive_is_closed(world.archive, site, day, &closed), SP_OK);
    return closed;
}

static void
round_ok(void)
{
    assert_int_equal(drain_round(world.drain), SP_OK);
}

static int
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

static void
remove_archive(void)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char path[160];
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/archive.db%s", server.directory, endings[i]);
        unlink(path);
    }
}

static int
tear_down(void **state)
{
    (void)state;
    clock_replace(NULL);
    before_verdict = before_picture = NULL;
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

enum {
    FILLED = 87, /* leaves of a standard site's day without a gazetteer: total, visits, declined, visitors, (annet),
                    unknown, abroad; (annet) and (fjernet) of searches, of those without a result, of the three parts of
                    a campaign and of events; (annet) of hosts, downloads, links away and missing pages; 7 classes of
                    referrers, 4 devices, 26 browsers, 7 systems, 7 steps of visible time and 7 of visits; 6 reasons */
    NOISE_MAX = 5,
};

static void
test_a_sealed_period_moves_once_and_leaves_nothing(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    put(SITE, "total", B, "", "-2");
    put(SITE, "page", A, "/sorg", "17");
    put(SITE, "page", B, "/sorg", "0");
    command("SADD sp1:{" SITE "}:witness:total:" DAY " %b", "", (size_t)0);
    seal(SITE, A);
    seal(SITE, B);
    round_ok();
    struct found total = archived(SITE, TABLE_TOTAL, "");
    assert_int_equal(total.count, 1);
    assert_int_equal(total.value, 38);
    assert_int_equal(total.sources, 2);
    assert_true(total.witnessed);
    struct found page = archived(SITE, TABLE_PAGE, "/sorg");
    assert_int_equal(page.value, 17);
    assert_false(page.witnessed);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 1);
    assert_int_equal(command("DBSIZE"), 3); /* the closed mark, the lease, the number of rounds */
    assert_in_range(command("TTL sp1:{" SITE "}:closed:" DAY), 1, KEYSPACE_TTL_CLOSED_S);
    assert_int_equal(world.metrics.periods_closed, 1);
    assert_int_equal(world.metrics.leaves_archived, FILLED + 1);   /* and the page that earned its name */
    assert_int_equal(archived(SITE, TABLE_VISITS, "").sources, 2); /* nobody fed it: twice noise, as the others */
    assert_int_equal(world.metrics.drain_last_s, now_s);
}

/* A '*' of the configuration named it, and the collectors were started again since. */
static void
test_a_page_of_the_day_before_keeps_its_leaf(void **state)
{
    NEED_REDIS();
    static char *patterns[] = { "/foreldre/*" };
    struct period yesterday = { day.kind, day.index - 1 };
    struct release_batch *batch;
    world.sites[0].pages = (struct text_list){ patterns, 1 };
    assert_int_equal(release_batch_new(&world.sites[0], yesterday, &batch), SP_OK);
    assert_int_equal(release_add(batch, TABLE_PAGE, SPAN_LITERAL("/foreldre/gruppe"), 40), SP_OK);
    assert_int_equal(archive_keep(world.archive, batch), SP_OK);
    release_batch_free(batch);
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    round_ok();
    struct found page = archived(SITE, TABLE_PAGE, "/foreldre/gruppe");
    assert_int_equal(page.count, 1);
    assert_in_range(page.value + NOISE_MAX, 0, 2 * NOISE_MAX);
    assert_false(page.witnessed);
}

static void
test_nothing_moves_before_the_grace_is_over(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    now_s--;
    round_ok();
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:total:" DAY ":" A), 1);
    now_s++;
    round_ok();
    assert_true(is_closed(SITE));
}

static void
test_a_source_with_leaves_that_has_not_sealed_is_waited_for(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    put(SITE, "total", B, "", "30");
    seal(SITE, A);
    now_s = day_end_s() + PERIOD_SEAL_PATIENCE_S - 1;
    round_ok();
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:closed:" DAY), 0);
    seal(SITE, B);
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 70);
    assert_int_equal(world.metrics.periods_unsealed, 0);
}

static void
test_a_living_source_without_leaves_is_waited_for(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    report_alive(SITE, B, now_s - SOURCE_SILENT_S, 0);
    round_ok();
    assert_false(is_closed(SITE));
    now_s++; /* now it has been silent for too long */
    round_ok();
    assert_true(is_closed(SITE));
}

static void
test_a_source_that_began_after_the_period_is_not_waited_for(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    report_alive(SITE, B, now_s, day_end_s() - 1);
    round_ok();
    assert_false(is_closed(SITE));
    report_alive(SITE, B, now_s, day_end_s());
    command("HSET sp1:{" SITE "}:sources " A " 17"); /* of another form: counted, nothing else */
    round_ok();
    assert_true(is_closed(SITE));
    assert_int_equal(world.metrics.malformed_fields, 1);
}

static void
test_patience_ends_after_a_day(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    put(SITE, "total", B, "", "30");
    seal(SITE, A);
    now_s = day_end_s() + PERIOD_SEAL_PATIENCE_S;
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 70);
    assert_int_equal(world.metrics.periods_unsealed, 1);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 1);
}

static void
test_a_frozen_period_is_marked_and_keeps_its_leaves(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    struct open_periods open;
    bool frozen;
    assert_int_equal(open_periods_read(world.link, &world.sites[0], now_s, &open), SP_OK);
    assert_int_equal(drain_freeze(world.link, &world.sites[0], &open.items[0], &frozen), SP_OK);
    assert_true(frozen);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 0);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:total:" DAY ":" A), 1);
    open_periods_fini(&open);
}

static void
test_leaves_that_a_wipe_took_are_not_frozen_out(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    struct open_periods open;
    bool frozen;
    assert_int_equal(open_periods_read(world.link, &world.sites[0], now_s, &open), SP_OK);
    command("FLUSHALL");
    assert_int_equal(drain_freeze(world.link, &world.sites[0], &open.items[0], &frozen), SP_OK);
    assert_false(frozen);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:closed:" DAY), 0);
    open_periods_fini(&open);
}

static void
test_a_crash_between_archive_and_deletion_repeats_harmlessly(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    struct open_periods open;
    struct picture picture;
    assert_int_equal(open_periods_read(world.link, &world.sites[0], now_s, &open), SP_OK);
    assert_int_equal(picture_take(world.link, &world.sites[0], &open.items[0], &picture), SP_OK);
    assert_int_equal(archive_keep(world.archive, picture.batch), SP_OK);
    picture_fini(&picture);
    open_periods_fini(&open);
    /* The process dies here and starts again. */
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 40);
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").sources, 1);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 1);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:total:" DAY ":" A), 0);
    assert_int_equal(world.metrics.periods_closed, 0);
}

static void
test_leaves_that_come_back_are_never_taken_twice(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    round_ok();
    command("FLUSHALL"); /* the collector has not seen the close: it sends its sealed leaves again */
    put(SITE, "total", A, "", "40");
    put(SITE, "page", A, "/ny", "50");
    seal(SITE, A);
    round_ok();
    now_s += DRAIN_SETTLE_S;
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 40);
    assert_int_equal(archived(SITE, TABLE_PAGE, "/ny").count, 0);
    assert_int_equal(world.metrics.late_leaves, 2);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 1);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:page:" DAY ":" A), 0);
    assert_int_equal(command("SCARD sp1:{" SITE "}:open"), 0);
}

static void
test_a_wipe_between_seal_and_close_waits_for_the_collector(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    struct open_periods open;
    struct picture picture;
    assert_int_equal(open_periods_read(world.link, &world.sites[0], now_s, &open), SP_OK);
    command("FLUSHALL");
    assert_int_equal(picture_take(world.link, &world.sites[0], &open.items[0], &picture), SP_OK);
    assert_int_equal(picture.sources.count, 0); /* unlike open: so the round does not close */
    picture_fini(&picture);
    open_periods_fini(&open);
    round_ok();
    assert_false(is_closed(SITE));
}

static void
test_malformed_fields_are_skipped_and_the_others_taken(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "12x");
    put(SITE, "page", A, "/god", "20");
    put(SITE, "page", A, "uten skråstrek", "20");
    put(SITE, "page", A, "/for stor", "99999999999999999999");
    put(SITE, "page", A, "/plus", "+5");
    put(SITE, "municipality", A, "0301", "25");
    put(SITE, "municipality", A, "r03", "25");
    command("SET sp1:{" SITE "}:leaf:visits:" DAY ":" A " string");
    command("SADD sp1:{" SITE "}:open notaperiod");
    command("SADD sp1:{" SITE "}:witness:page:" DAY " uten");
    seal(SITE, A);
    round_ok();
    assert_true(is_closed(SITE));
    assert_int_equal(archived(SITE, TABLE_PAGE, "/god").value, 20);
    assert_int_equal(archived(SITE, TABLE_MUNICIPALITY, "0301").value, 25);
    assert_in_range(archived(SITE, TABLE_TOTAL, "").value + NOISE_MAX, 0, 2 * NOISE_MAX); /* filled: noise alone */
    assert_int_equal(archived(SITE, TABLE_MUNICIPALITY, "r03").count, 0);
    assert_int_equal(world.metrics.leaves_archived, FILLED + 2);
    assert_int_equal(world.metrics.malformed_fields, 8);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:visits:" DAY ":" A), 0);
    assert_int_equal(command("SCARD sp1:{" SITE "}:open"), 0);
}

static void
test_a_site_with_a_key_of_the_wrong_type_does_not_stop_the_others(void **state)
{
    NEED_REDIS();
    command("SET sp1:{" SITE "}:open string");
    put("barn.no", "total", A, "", "40");
    seal("barn.no", A);
    round_ok();
    assert_true(is_closed("barn.no"));
    assert_int_equal(world.metrics.malformed_fields, 1);
}

static void
test_a_restricted_site_keeps_only_its_closed_list(void **state)
{
    NEED_REDIS();
    put("barn.no", "total", A, "", "40");
    put("barn.no", "page", A, "/sorg", "40"); /* pages have months only */
    seal("barn.no", A);
    round_ok();
    assert_int_equal(archived("barn.no", TABLE_TOTAL, "").value, 40);
    assert_int_equal(archived("barn.no", TABLE_PAGE, "/sorg").count, 0);
    assert_int_equal(command("EXISTS sp1:{barn.no}:leaf:page:" DAY ":" A), 0);
}

static void
test_only_the_holder_of_the_lease_drains(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    command("SET sp1:lease:drain somebodyelse EX 30");
    round_ok();
    assert_false(is_closed(SITE));
    assert_int_equal(world.metrics.drain_leader, 0);
    command("DEL sp1:lease:drain");
    round_ok();
    assert_true(is_closed(SITE));
    assert_int_equal(world.metrics.drain_leader, 1);
}

static void
test_a_lease_is_renewed_and_released_by_its_holder_only(void **state)
{
    NEED_REDIS();
    struct lease mine;
    struct lease theirs;
    bool held;
    command("DEL sp1:lease:drain"); /* the drain's own */
    lease_init(&mine);
    lease_init(&theirs);
    assert_int_equal(lease_take(&mine, world.link, &held), SP_OK);
    assert_true(held);
    command("EXPIRE sp1:lease:drain 5");
    assert_int_equal(lease_take(&mine, world.link, &held), SP_OK);
    assert_true(held);
    assert_in_range(command("TTL sp1:lease:drain"), 6, LEASE_S);
    assert_int_equal(lease_take(&theirs, world.link, &held), SP_OK);
    assert_false(held);
    lease_release(&theirs, world.link);
    assert_int_equal(command("EXISTS sp1:lease:drain"), 1);
    lease_release(&mine, world.link);
    assert_int_equal(command("EXISTS sp1:lease:drain"), 0);
}

static void
test_a_lost_connection_is_made_anew(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    now_s = day_end_s();
    round_ok();
    command("CLIENT KILL TYPE normal SKIPME yes");
    now_s = day_end_s() + PERIOD_GRACE_S;
    enum sp_error first = drain_round(world.drain);
    assert_int_equal(first, SP_UNAVAILABLE);
    assert_int_equal(world.metrics.drain_errors, 1);
    round_ok();
    assert_false(is_closed(SITE)); /* who knows what reported meanwhile */
    now_s += DRAIN_SETTLE_S;
    round_ok();
    assert_true(is_closed(SITE));
}

static void
test_nothing_is_closed_until_all_could_report_after_a_loss(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    put(SITE, "total", B, "", "30");
    seal(SITE, A);
    command("FLUSHALL");
    put(SITE, "total", A, "", "40"); /* A was quicker to send again what was lost */
    seal(SITE, A);
    round_ok();
    assert_false(is_closed(SITE));
    put(SITE, "total", B, "", "30");
    seal(SITE, B);
    now_s += DRAIN_SETTLE_S;
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 70);
}

static void
a_comes_back_first(void)
{
    command("FLUSHALL");
    put(SITE, "total", A, "", "30");
    seal(SITE, A);
}

static void
test_a_wipe_within_a_round_is_seen(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    before_picture = a_comes_back_first;
    assert_int_equal(drain_round(world.drain), SP_UNAVAILABLE);
    assert_null(before_picture); /* it came that far */
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:total:" DAY ":" A), 1);
}

static void
b_writes(void)
{
    put(SITE, "total", B, "", "30");
}

static void
test_a_source_that_comes_within_a_round_is_waited_for(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    before_picture = b_writes;
    round_ok();
    assert_null(before_picture);
    assert_false(is_closed(SITE));
    seal(SITE, B);
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 70);
}

static void
a_takes_its_seal_back(void)
{
    command("SREM sp1:{" SITE "}:sealed:" DAY " " A);
}

static void
test_a_seal_that_goes_within_a_round_is_waited_for(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    before_picture = a_takes_its_seal_back;
    round_ok();
    assert_null(before_picture);
    assert_false(is_closed(SITE));
}

static void
what_is_open_goes(void)
{
    command("DEL sp1:{" SITE "}:open");
}

static void
a_writes_again(void)
{
    put(SITE, "total", A, "", "40");
}

/* It may write more after the picture, and nothing would refuse it. */
static void
test_what_could_not_be_frozen_is_not_closed(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    now_s = day_end_s() + PERIOD_SEAL_PATIENCE_S;
    before_verdict = what_is_open_goes;
    before_picture = a_writes_again;
    round_ok();
    assert_null(before_verdict);
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:closed:" DAY), 0);
}

/* So late that Redis has let go of leaves that were made when the day began. */
static void
go_where_leaves_have_expired(void)
{
    now_s = period_start(day, &world.sites[0].zone) + KEYSPACE_TTL_DAY_S;
    round_ok();
}

static void
test_expired_leaves_are_asked_for_before_a_period_is_closed(void **state)
{
    NEED_REDIS();
    open_and(SITE, A);
    seal(SITE, A);
    command("HSET sp1:{" SITE "}:flush " A " 17");
    go_where_leaves_have_expired();
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:flush"), 0);
    command("HSET sp1:{" SITE "}:flush " A " 18"); /* the collector sends it again */
    put(SITE, "total", A, "", "40");
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 40);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:flush"), 1);
    assert_int_equal(world.metrics.periods_expired, 0);
}

static void
test_expired_leaves_that_nobody_sends_are_lost_and_no_zero(void **state)
{
    NEED_REDIS();
    open_and(SITE, A);
    open_and(SITE, B);
    go_where_leaves_have_expired();
    now_s += DRAIN_SETTLE_S - 1;
    round_ok();
    assert_int_equal(world.metrics.periods_expired, 0);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:closed:" DAY), 0);
    now_s++;
    round_ok();
    assert_int_equal(world.metrics.periods_expired, 1);
    assert_int_equal(world.metrics.periods_closed, 0);
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").count, 0);
    assert_int_equal(command("SCARD sp1:{" SITE "}:open"), 0);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 1);
}

static void
test_what_is_left_of_an_expired_period_is_kept_and_the_loss_counted(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    open_and(SITE, B);
    go_where_leaves_have_expired();
    assert_false(is_closed(SITE));
    now_s += DRAIN_SETTLE_S;
    round_ok();
    assert_in_range(archived(SITE, TABLE_TOTAL, "").value, 40 - NOISE_MAX, 40 + NOISE_MAX); /* and the noise of B */
    assert_int_equal(world.metrics.periods_expired, 1);
}

static void
test_a_period_without_leaves_is_not_expired_before_its_time(void **state)
{
    NEED_REDIS();
    open_and(SITE, A);
    seal(SITE, A);
    now_s = period_start(day, &world.sites[0].zone) + KEYSPACE_TTL_DAY_S - 1;
    round_ok();
    assert_true(is_closed(SITE));
    assert_int_equal(world.metrics.periods_expired, 0);
}

static void
test_views_are_noted_also_while_another_drains(void **state)
{
    NEED_REDIS();
    struct activity *activity;
    assert_int_equal(activity_new(&activity), SP_OK);
    world.metrics.activity = activity;
    command("SET sp1:lease:drain somebodyelse EX 30");
    now_s = day_end_s() - 3600;
    put(SITE, "total", A, "", "-2");
    round_ok();
    command("HSET sp1:{" SITE "}:flush " A " 17");
    put(SITE, "declined", A, "", "4");
    round_ok();
    assert_int_equal(activity_tell(activity, SITE, MODE_STANDARD, now_s).last_s, 0);
    put(SITE, "total", A, "", "-1");
    round_ok();
    assert_int_equal(activity_tell(activity, SITE, MODE_STANDARD, now_s).last_s, now_s / 60 * 60);
    assert_false(activity_tell(activity, SITE, MODE_RESTRICTED, now_s).by_hour); /* no day is archived */
    world.metrics.activity = NULL;
    activity_free(activity);
}

int
main(void)
{
    signal(SIGPIPE, SIG_IGN); /* as main does: a lost connection is an error, not an end */
    have_redis = redis_server_start(&server);
    if (!have_redis)
        print_message("skipped: redis-server is not installed or does not start\n");
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_a_sealed_period_moves_once_and_leaves_nothing),
        T(test_a_page_of_the_day_before_keeps_its_leaf),
        T(test_nothing_moves_before_the_grace_is_over),
        T(test_a_source_with_leaves_that_has_not_sealed_is_waited_for),
        T(test_a_living_source_without_leaves_is_waited_for),
        T(test_a_source_that_began_after_the_period_is_not_waited_for),
        T(test_patience_ends_after_a_day),
        T(test_a_frozen_period_is_marked_and_keeps_its_leaves),
        T(test_leaves_that_a_wipe_took_are_not_frozen_out),
        T(test_a_crash_between_archive_and_deletion_repeats_harmlessly),
        T(test_leaves_that_come_back_are_never_taken_twice),
        T(test_a_wipe_between_seal_and_close_waits_for_the_collector),
        T(test_malformed_fields_are_skipped_and_the_others_taken),
        T(test_a_site_with_a_key_of_the_wrong_type_does_not_stop_the_others),
        T(test_a_restricted_site_keeps_only_its_closed_list),
        T(test_only_the_holder_of_the_lease_drains),
        T(test_a_lease_is_renewed_and_released_by_its_holder_only),
        T(test_a_lost_connection_is_made_anew),
        T(test_nothing_is_closed_until_all_could_report_after_a_loss),
        T(test_a_wipe_within_a_round_is_seen),
        T(test_a_source_that_comes_within_a_round_is_waited_for),
        T(test_a_seal_that_goes_within_a_round_is_waited_for),
        T(test_what_could_not_be_frozen_is_not_closed),
        T(test_expired_leaves_are_asked_for_before_a_period_is_closed),
        T(test_expired_leaves_that_nobody_sends_are_lost_and_no_zero),
        T(test_what_is_left_of_an_expired_period_is_kept_and_the_loss_counted),
        T(test_a_period_without_leaves_is_not_expired_before_its_time),
        T(test_views_are_noted_also_while_another_drains),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redis_server_stop(&server);
    return failed;
}
