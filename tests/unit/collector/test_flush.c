/* The flush against a real redis-server: what is written is what is counted, whatever Redis forgets in between. */
#include "collector_fixture.h"

#include "flush.h"
#include "flush_call.h"
#include "redis_server.h"

#include <event2/event.h>
#include <sodium.h>

static const char yaml[] = "sites:\n  site.example: {mode: standard, pages: [\"/\", \"/om\"]}\n";

#define HEADERS "Origin: https://site.example\r\nUser-Agent: Mozilla/5.0 Firefox/130.0\r\n"

struct stage {
    struct collector_fixture fixture;
    struct redis_server server;
    struct event_base *base;
    struct flush *flush;
    struct clock_source clock; /* wall time of the fixture, real monotonic time: the flush waits for a real server */
    bool retired, retired_complete;
};

static int64_t
real_monotonic_ms(void *context)
{
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
stage_init(struct stage *stage)
{
    memset(stage, 0, sizeof *stage);
    collector_fixture_init(&stage->fixture, yaml);
    stage->clock = (struct clock_source){ fixture_wall_s, real_monotonic_ms, &stage->fixture };
    clock_replace(&stage->clock);
    if (!redis_server_start(&stage->server))
        fail_msg("redis-server does not start");
    stage->base = event_base_new();
    const struct flush_options options = { stage->server.url,
                                           1000,
                                           500,
                                           50,
                                           collector_turn,
                                           stage->fixture.collector,
                                           collector_names(stage->fixture.collector) };
    assert_int_equal(flush_new(stage->base, &options, collector_counters(stage->fixture.collector),
                               collector_sites(stage->fixture.collector), &stage->flush),
                     SP_OK);
    collector_attach_flush(stage->fixture.collector, stage->flush);
    sites_each(collector_sites(stage->fixture.collector), fixture_all_in_force, NULL);
}

static void
stage_fini(struct stage *stage)
{
    flush_free(stage->flush);
    event_base_free(stage->base);
    redis_server_stop(&stage->server);
    collector_fixture_fini(&stage->fixture);
}

static void
run(struct stage *stage, int milliseconds)
{
    int64_t end = real_monotonic_ms(NULL) + milliseconds;
    while (real_monotonic_ms(NULL) < end) {
        event_base_loop(stage->base, EVLOOP_NONBLOCK);
        usleep(1000);
    }
}

static void
views(struct stage *stage, int count)
{
    for (int i = 0; i < count; i++) {
        char address[32];
        snprintf(address, sizeof address, "10.0.%d.1", i % 50);
        assert_int_equal(collector_fixture_send(&stage->fixture, address, HEADERS, "s=site.example&u=/om&n=1").verdict,
                         VERDICT_ACCEPTED);
    }
}

static char *
ask(struct stage *stage, const char *format, ...)
{
    static char text[64];
    va_list arguments;
    va_start(arguments, format);
    redisReply *reply = redisvCommand(stage->server.redis, format, arguments);
    va_end(arguments);
    assert_non_null(reply);
    snprintf(text, sizeof text, "%s", reply->str != NULL ? reply->str : "");
    if (reply->type == REDIS_REPLY_INTEGER)
        snprintf(text, sizeof text, "%lld", reply->integer);
    if (reply->type == REDIS_REPLY_ARRAY)
        snprintf(text, sizeof text, "%zu elements", reply->elements);
    freeReplyObject(reply);
    return text;
}

/* Every leaf of the table stands in Redis with its own value, and is witnessed there if it is here. */
static void
assert_redis_equals_store(struct stage *stage)
{
    struct counters *counters = collector_counters(stage->fixture.collector);
    struct texts *texts = counters_texts(counters);
    unsigned leaves = 0;
    for (uint32_t slot = 0; slot < counters_slots(counters); slot++) {
        struct leaf leaf = counters_leaf(counters, slot);
        char key[KEYSPACE_KEY_MAX];
        char witness[KEYSPACE_KEY_MAX];
        char value[24];
        if (leaf.id.table == TABLE_COUNT)
            continue;
        struct period period = { (enum period_kind)leaf.id.kind, leaf.id.period };
        struct span field = texts_get(texts, leaf.id.key);
        keyspace_leaf(key, "site.example", (enum table_id)leaf.id.table, period,
                      counters_source(collector_counters(stage->fixture.collector)));
        keyspace_witness(witness, "site.example", (enum table_id)leaf.id.table, period);
        snprintf(value, sizeof value, "%ld", (long)leaf.value);
        assert_string_equal(ask(stage, "HGET %s %b", key, field.at, field.length), value);
        assert_string_equal(ask(stage, "SISMEMBER %s %b", witness, field.at, field.length), leaf.witnessed ? "1" : "0");
        leaves++;
    }
    assert_true(leaves > 0);
}

static void
test_writes_absolute_values(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    views(&stage, 30);
    run(&stage, 200);
    assert_redis_equals_store(&stage);
    views(&stage, 30);
    run(&stage, 200);
    assert_redis_equals_store(&stage);
    char key[KEYSPACE_KEY_MAX];
    keyspace_audit(key, counters_source(collector_counters(stage.fixture.collector)));
    assert_string_equal(ask(&stage, "GET %s", key), "60");
    stage_fini(&stage);
}

static void
test_every_key_has_its_time_to_live(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    views(&stage, 30);
    stage.fixture.now_s += 3600;
    views(&stage, 1);
    run(&stage, 300);
    redisReply *keys = redisCommand(stage.server.redis, "KEYS *");
    assert_true(keys->elements > 10);
    for (size_t i = 0; i < keys->elements; i++) {
        redisReply *ttl =
            redisCommand(stage.server.redis, "TTL %b", keys->element[i]->str, (size_t)keys->element[i]->len);
        if (ttl->integer <= 0 || ttl->integer > KEYSPACE_TTL_MAX_S)
            fail_msg("%s lives for %lld s", keys->element[i]->str, ttl->integer);
        freeReplyObject(ttl);
    }
    freeReplyObject(keys);
    stage_fini(&stage);
}

static void
views_then_wipe(struct stage *stage)
{
    views(stage, 30);
    run(stage, 200);
    ask(stage, "FLUSHALL");
}

static void
test_everything_open_comes_back_after_a_wipe(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    views_then_wipe(&stage);
    views(&stage, 1);
    run(&stage, 300);
    assert_redis_equals_store(&stage);
    assert_true(flush_statistics(stage.flush).leaves_resent >= 7);
    stage_fini(&stage);
}

/* Nobody has anything to write, and still it is seen: within two rounds, not at the next report. */
static void
test_a_wipe_is_seen_by_a_site_without_visitors(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    views_then_wipe(&stage);
    run(&stage, 300);
    assert_redis_equals_store(&stage);
    assert_int_equal(flush_statistics(stage.flush).losses, 1);
    run(&stage, 300);
    assert_int_equal(flush_statistics(stage.flush).losses, 1); /* once for each loss */
    stage_fini(&stage);
}

static void
day_total_key(struct stage *stage, char key[KEYSPACE_KEY_MAX])
{
    struct site *site = sites_find(collector_sites(stage->fixture.collector), SPAN_LITERAL("site.example"));
    keyspace_leaf(key, "site.example", TABLE_TOTAL, site->open[PERIOD_DAY],
                  counters_source(collector_counters(stage->fixture.collector)));
}

static void
test_a_key_of_the_wrong_type_harms_no_other(void **state)
{
    struct stage stage;
    char key[KEYSPACE_KEY_MAX];
    char other[KEYSPACE_KEY_MAX];
    (void)state;
    stage_init(&stage);
    struct site *site = sites_find(collector_sites(stage.fixture.collector), SPAN_LITERAL("site.example"));
    day_total_key(&stage, key);
    keyspace_leaf(other, "site.example", TABLE_PAGE, site->open[PERIOD_DAY],
                  counters_source(collector_counters(stage.fixture.collector)));
    ask(&stage, "SET %s x", key);
    views(&stage, 30);
    run(&stage, 300);
    assert_true(flush_statistics(stage.flush).wrong_type > 0);
    assert_int_equal(flush_statistics(stage.flush).sites_refused, 1);
    assert_int_equal(flush_statistics(stage.flush).calls_failed, 0);
    assert_string_equal(ask(&stage, "EXISTS %s", other), "1");
    ask(&stage, "DEL %s", key);
    run(&stage, 300);
    assert_redis_equals_store(&stage);
    assert_int_equal(flush_statistics(stage.flush).sites_refused, 0);
    stage_fini(&stage);
}

/* What a key held before it was overwritten is sent again as well, by a site whose period is not sealed before that. */
static void
test_what_a_key_of_the_wrong_type_has_cost_comes_back(void **state)
{
    static const char *const broken[] = { "leaf", "flush", "open", "sources" };
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct stage stage;
        char key[KEYSPACE_KEY_MAX];
        stage_init(&stage);
        views(&stage, 30);
        run(&stage, 200);
        if (i == 0)
            day_total_key(&stage, key);
        else
            keyspace_site(key, "site.example", broken[i]);
        ask(&stage, "SET %s x", key);
        views(&stage, 1);
        stage.fixture.now_s += 86400;
        run(&stage, 300);
        assert_true(flush_statistics(stage.flush).wrong_type > 0);
        assert_int_equal(flush_statistics(stage.flush).periods_sealed, 0);
        ask(&stage, "DEL %s", key);
        run(&stage, 400);
        assert_redis_equals_store(&stage);
        assert_true(flush_statistics(stage.flush).periods_sealed > 0);
        char member[64];
        snprintf(member, sizeof member, "2026-11-22 %s", counters_source(collector_counters(stage.fixture.collector)));
        keyspace_site(key, "site.example", "open");
        assert_string_equal(ask(&stage, "SISMEMBER %s %b", key, member, strlen(member)), "1");
        stage_fini(&stage);
    }
}

static void
test_counts_on_while_redis_is_stopped(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    views(&stage, 10);
    run(&stage, 200);
    kill(stage.server.pid, SIGSTOP);
    views(&stage, 10);
    run(&stage, 1500); /* the command time-out is 500 ms */
    assert_false(flush_statistics(stage.flush).connected);
    views(&stage, 10);
    kill(stage.server.pid, SIGCONT);
    run(&stage, 1500);
    assert_true(flush_statistics(stage.flush).connected);
    assert_redis_equals_store(&stage);
    stage_fini(&stage);
}

static void
test_an_ended_period_is_sealed_and_dropped_when_closed(void **state)
{
    struct stage stage;
    char key[KEYSPACE_KEY_MAX];
    (void)state;
    stage_init(&stage);
    views(&stage, 10);
    run(&stage, 200);
    struct site *site = sites_find(collector_sites(stage.fixture.collector), SPAN_LITERAL("site.example"));
    struct period hour = site->open[PERIOD_HOUR];
    stage.fixture.now_s += 3600;
    run(&stage, 300);
    keyspace_period(key, "site.example", "sealed", hour);
    assert_string_equal(
        ask(&stage, "SISMEMBER %s %s", key, counters_source(collector_counters(stage.fixture.collector))), "1");
    uint32_t leaves = counters_statistics(collector_counters(stage.fixture.collector)).leaves;
    keyspace_period(key, "site.example", "closed", hour);
    ask(&stage, "SET %s 0", key);
    run(&stage, 600);
    assert_int_equal(counters_statistics(collector_counters(stage.fixture.collector)).leaves,
                     leaves); /* frozen: keep it */
    ask(&stage, "SET %s 1", key);
    run(&stage, 600);
    assert_int_equal(counters_statistics(collector_counters(stage.fixture.collector)).leaves, leaves - 1);
    stage_fini(&stage);
}

static void
test_a_sealed_period_is_sealed_again_after_a_wipe(void **state)
{
    struct stage stage;
    char key[KEYSPACE_KEY_MAX];
    (void)state;
    stage_init(&stage);
    views(&stage, 10);
    struct site *site = sites_find(collector_sites(stage.fixture.collector), SPAN_LITERAL("site.example"));
    struct period hour = site->open[PERIOD_HOUR];
    stage.fixture.now_s += 3600;
    run(&stage, 300);
    ask(&stage, "FLUSHALL");
    views(&stage, 1);
    run(&stage, 400);
    assert_redis_equals_store(&stage);
    keyspace_period(key, "site.example", "sealed", hour);
    assert_string_equal(
        ask(&stage, "SISMEMBER %s %s", key, counters_source(collector_counters(stage.fixture.collector))), "1");
    stage_fini(&stage);
}

static uint32_t
day_leaves(struct stage *stage)
{
    struct counters *counters = collector_counters(stage->fixture.collector);
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < counters_slots(counters); slot++) {
        struct leaf leaf = counters_leaf(counters, slot);
        count += leaf.id.table != TABLE_COUNT && leaf.id.kind == PERIOD_DAY;
    }
    return count;
}

static void
test_values_for_a_closed_period_are_refused(void **state)
{
    struct stage stage;
    char key[KEYSPACE_KEY_MAX];
    (void)state;
    stage_init(&stage);
    struct site *site = sites_find(collector_sites(stage.fixture.collector), SPAN_LITERAL("site.example"));
    keyspace_period(key, "site.example", "closed", site->open[PERIOD_DAY]);
    ask(&stage, "SET %s 1", key);
    views(&stage, 10);
    uint32_t births = day_leaves(&stage);
    run(&stage, 300);
    assert_int_equal(flush_statistics(stage.flush).late_leaves, births); /* those of the day */
    assert_string_equal(ask(&stage, "KEYS *leaf*2026-11-22:*"), "0 elements");
    stage_fini(&stage);
}

static void
on_retired(void *context, bool complete)
{
    struct stage *stage = context;
    stage->retired = true;
    stage->retired_complete = complete;
}

static void
test_retiring_seals_all_that_is_open(void **state)
{
    struct stage stage;
    char key[KEYSPACE_KEY_MAX];
    (void)state;
    stage_init(&stage);
    views(&stage, 10);
    flush_end(stage.flush, true, 3000, on_retired, &stage);
    run(&stage, 500);
    assert_true(stage.retired && stage.retired_complete);
    assert_redis_equals_store(&stage);
    struct site *site = sites_find(collector_sites(stage.fixture.collector), SPAN_LITERAL("site.example"));
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        keyspace_period(key, "site.example", "sealed", site->open[kind]);
        assert_string_equal(
            ask(&stage, "SISMEMBER %s %s", key, counters_source(collector_counters(stage.fixture.collector))), "1");
    }
    keyspace_site(key, "site.example", "sources");
    assert_string_equal(ask(&stage, "HEXISTS %s %s", key, counters_source(collector_counters(stage.fixture.collector))),
                        "0");
    stage_fini(&stage);
}

static void
test_retiring_without_redis_ends_in_time_and_says_so(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    kill(stage.server.pid, SIGSTOP);
    views(&stage, 10);
    flush_end(stage.flush, true, 800, on_retired, &stage);
    run(&stage, 1200);
    assert_true(stage.retired);
    assert_false(stage.retired_complete);
    kill(stage.server.pid, SIGCONT);
    stage_fini(&stage);
}

/* Many leaves take several calls, several sites at once. */
static void
test_many_leaves(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    struct counters *counters = collector_counters(stage.fixture.collector);
    struct site *site = sites_find(collector_sites(stage.fixture.collector), SPAN_LITERAL("site.example"));
    for (int i = 0; i < 12345; i++) {
        char page[32];
        uint32_t text;
        int length = snprintf(page, sizeof page, "/side/%d", i);
        assert_int_equal(texts_intern(counters_texts(counters), span_of(page, (size_t)length), &text), SP_OK);
        struct observed_leaf one = { { site->text, text, site->open[PERIOD_DAY].index, TABLE_PAGE, PERIOD_DAY, 0 },
                                     { 1, 1 } };
        assert_int_equal(counters_apply(counters, &one, 1, MODE_STANDARD, false), SP_OK);
    }
    run(&stage, 600);
    assert_redis_equals_store(&stage);
    stage_fini(&stage);
}

/* A page that nobody lists, from enough networks to have a name. */
static void
earn(struct stage *stage, const char *page)
{
    for (int i = 0; i < 5; i++) {
        char address[32];
        char body[128];
        snprintf(address, sizeof address, "10.1.%d.1", i);
        snprintf(body, sizeof body, "s=site.example&u=%s", page);
        assert_int_equal(collector_fixture_send(&stage->fixture, address, HEADERS, body).verdict, VERDICT_ACCEPTED);
    }
}

#define NAMES "sp1:{site.example}:names"

/* A view of one reader more: has its page a name? */
static bool
is_named(struct stage *stage, const char *page)
{
    struct texts *texts = counters_texts(collector_counters(stage->fixture.collector));
    const struct site *site = sites_find(collector_sites(stage->fixture.collector), SPAN_LITERAL("site.example"));
    char body[128];
    snprintf(body, sizeof body, "s=site.example&u=%s", page);
    collector_fixture_send(&stage->fixture, "10.9.9.1", HEADERS, body);
    struct name_id id = { site->text, texts_find(texts, span_text(page)), NAME_PAGE };
    return id.text != TEXT_NONE &&
           names_use(collector_names(stage->fixture.collector), id, (int32_t)(stage->fixture.now_s / 86400));
}

static void
test_names_outlive_the_process(void **state)
{
    struct stage stage;
    char today[16];
    (void)state;
    stage_init(&stage);
    snprintf(today, sizeof today, "%d", (int)(stage.fixture.now_s / 86400));
    earn(&stage, "/ny-side");
    run(&stage, 300);
    assert_string_equal(ask(&stage, "HGETALL " NAMES), "2 elements"); /* and not the listed ones */
    assert_string_equal(ask(&stage, "HGET " NAMES " p/ny-side"), today);
    /* what other collectors admitted, what is too old, and what no rule would have let in */
    ask(&stage, "HSET " NAMES " p/fra-en-annen %d wangst %d p/gammel %d", (int)(stage.fixture.now_s / 86400) - 3,
        (int)(stage.fixture.now_s / 86400), (int)(stage.fixture.now_s / 86400) - 93);
    ask(&stage, "HSET " NAMES " p/brev/02013299997 %s wola@example.no %s", today, today);
    ask(&stage, "HSET " NAMES " wANGST %s xtull %s", today, today);
    flush_free(stage.flush);
    collector_attach_flush(stage.fixture.collector, NULL);
    collector_fixture_fini(&stage.fixture);
    collector_fixture_init(&stage.fixture, yaml);
    clock_replace(&stage.clock);
    assert_false(is_named(&stage, "/ny-side")); /* a new process does not know yet */
    const struct flush_options options = { stage.server.url,
                                           1000,
                                           500,
                                           50,
                                           collector_turn,
                                           stage.fixture.collector,
                                           collector_names(stage.fixture.collector) };
    assert_int_equal(flush_new(stage.base, &options, collector_counters(stage.fixture.collector),
                               collector_sites(stage.fixture.collector), &stage.flush),
                     SP_OK);
    run(&stage, 300);
    assert_int_equal(names_count(collector_names(stage.fixture.collector)), 3);
    assert_true(is_named(&stage, "/ny-side"));
    assert_true(is_named(&stage, "/fra-en-annen"));
    assert_false(is_named(&stage, "/gammel"));
    assert_false(is_named(&stage, "/brev/02013299997"));
    run(&stage, 300);
    assert_string_equal(ask(&stage, "HEXISTS " NAMES " p/gammel"), "0");
    assert_string_equal(ask(&stage, "HGET " NAMES " p/fra-en-annen"), today); /* it was used */
    stage_fini(&stage);
}

static void
test_names_are_written_again_after_a_wipe(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    earn(&stage, "/ny-side");
    run(&stage, 300);
    ask(&stage, "FLUSHALL");
    earn(&stage, "/enda-en");
    run(&stage, 500);
    assert_string_equal(ask(&stage, "HGETALL " NAMES), "4 elements");
    long ttl = strtol(ask(&stage, "TTL " NAMES), NULL, 10);
    assert_in_range(ttl, KEYSPACE_TTL_MAX_S - 5, KEYSPACE_TTL_MAX_S);
    stage_fini(&stage);
}

/* A server that lets nobody at the names (an old list of users) counts as before, and is not asked all the time. */
static void
test_refused_names_stop_no_counting(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    ask(&stage, "SET " NAMES " x");
    earn(&stage, "/ny-side");
    run(&stage, 500);
    assert_redis_equals_store(&stage);
    assert_in_range(flush_statistics(stage.flush).calls_failed, 1, 2); /* one to read, one to write */
    assert_true(flush_statistics(stage.flush).last_complete_ms > 0);
    ask(&stage, "DEL " NAMES);
    stage.fixture.now_s += 61;
    run(&stage, 500);
    assert_string_equal(ask(&stage, "HGETALL " NAMES), "2 elements");
    stage_fini(&stage);
}

/* Freed with a call under way and more to send: its lost answer must not send the next. */
static void
test_freed_in_the_middle_of_a_round(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    run(&stage, 300);
    struct counters *counters = collector_counters(stage.fixture.collector);
    const struct site *site = sites_find(collector_sites(stage.fixture.collector), SPAN_LITERAL("site.example"));
    for (uint32_t i = 0; i < 2 * CALL_LEAVES_MAX; i++) {
        char key[16];
        struct observed_leaf one = { .id = { .site = site->text, .table = TABLE_PAGE, .kind = PERIOD_DAY } };
        one.id.period = site->open[PERIOD_DAY].index;
        snprintf(key, sizeof key, "/p%u", i);
        assert_int_equal(texts_intern(counters_texts(counters), span_text(key), &one.id.key), SP_OK);
        assert_int_equal(counters_apply(counters, &one, 1, site->mode, false), SP_OK);
    }
    uint64_t calls = flush_statistics(stage.flush).calls;
    kill(stage.server.pid, SIGSTOP);
    for (int i = 0; i < 300 && flush_statistics(stage.flush).calls == calls; i++) {
        event_base_loop(stage.base, EVLOOP_NONBLOCK);
        usleep(1000);
    }
    assert_true(flush_statistics(stage.flush).calls > calls);
    stage_fini(&stage);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_freed_in_the_middle_of_a_round),
        cmocka_unit_test(test_writes_absolute_values),
        cmocka_unit_test(test_every_key_has_its_time_to_live),
        cmocka_unit_test(test_everything_open_comes_back_after_a_wipe),
        cmocka_unit_test(test_a_wipe_is_seen_by_a_site_without_visitors),
        cmocka_unit_test(test_a_key_of_the_wrong_type_harms_no_other),
        cmocka_unit_test(test_what_a_key_of_the_wrong_type_has_cost_comes_back),
        cmocka_unit_test(test_counts_on_while_redis_is_stopped),
        cmocka_unit_test(test_an_ended_period_is_sealed_and_dropped_when_closed),
        cmocka_unit_test(test_a_sealed_period_is_sealed_again_after_a_wipe),
        cmocka_unit_test(test_values_for_a_closed_period_are_refused),
        cmocka_unit_test(test_retiring_seals_all_that_is_open),
        cmocka_unit_test(test_retiring_without_redis_ends_in_time_and_says_so),
        cmocka_unit_test(test_many_leaves),
        cmocka_unit_test(test_names_outlive_the_process),
        cmocka_unit_test(test_names_are_written_again_after_a_wipe),
        cmocka_unit_test(test_refused_names_stop_no_counting),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
