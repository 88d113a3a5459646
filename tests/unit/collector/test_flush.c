/* The flush against a real redis-server: what is written is what is counted, whatever Redis forgets in between. */
#include "flush_stage.h"

#include "fed_by.h"
#include "flush_call.h"

#include <sodium.h>

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
    keyspace_audit(key, stage_source(&stage));
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
    struct site *site = stage_site(stage);
    keyspace_leaf(key, "site.example", TABLE_TOTAL, site->open[PERIOD_DAY], stage_source(stage));
}

static void
test_a_key_of_the_wrong_type_harms_no_other(void **state)
{
    struct stage stage;
    char key[KEYSPACE_KEY_MAX];
    char other[KEYSPACE_KEY_MAX];
    (void)state;
    stage_init(&stage);
    struct site *site = stage_site(&stage);
    day_total_key(&stage, key);
    keyspace_leaf(other, "site.example", TABLE_PAGE, site->open[PERIOD_DAY], stage_source(&stage));
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
        snprintf(member, sizeof member, "2026-11-22 %s", stage_source(&stage));
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
    struct site *site = stage_site(&stage);
    struct period hour = site->open[PERIOD_HOUR];
    stage.fixture.now_s += 3600;
    run(&stage, 300);
    keyspace_period(key, "site.example", "sealed", hour);
    assert_string_equal(ask(&stage, "SISMEMBER %s %s", key, stage_source(&stage)), "1");
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
    struct site *site = stage_site(&stage);
    struct period hour = site->open[PERIOD_HOUR];
    stage.fixture.now_s += 3600;
    run(&stage, 300);
    ask(&stage, "FLUSHALL");
    views(&stage, 1);
    run(&stage, 400);
    assert_redis_equals_store(&stage);
    keyspace_period(key, "site.example", "sealed", hour);
    assert_string_equal(ask(&stage, "SISMEMBER %s %s", key, stage_source(&stage)), "1");
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
    struct site *site = stage_site(&stage);
    keyspace_period(key, "site.example", "closed", site->open[PERIOD_DAY]);
    ask(&stage, "SET %s 1", key);
    views(&stage, 10);
    uint32_t births = day_leaves(&stage);
    run(&stage, 300);
    assert_int_equal(flush_statistics(stage.flush).late_leaves, births); /* those of the day */
    assert_string_equal(ask(&stage, "KEYS *leaf*2026-11-22:*"), "0 elements");
    stage_fini(&stage);
}

/* At most ten seconds, until Redis answers so. */
#define RUN_UNTIL(stage, answer, ...)                                                                                  \
    do {                                                                                                               \
        for (int tries = 0; tries < 200 && strcmp(ask((stage), __VA_ARGS__), (answer)) != 0; tries++)                  \
            run((stage), 50);                                                                                          \
        assert_string_equal(ask((stage), __VA_ARGS__), (answer));                                                      \
    } while (0)

/* The aggregator that froze it may have died before it archived anything. */
static void
test_values_for_a_frozen_period_are_kept_and_sent_again(void **state)
{
    struct stage stage;
    char key[KEYSPACE_KEY_MAX];
    (void)state;
    stage_init(&stage);
    struct period today = stage_site(&stage)->open[PERIOD_DAY];
    keyspace_period(key, "site.example", "closed", today);
    ask(&stage, "SET %s 0", key);
    views(&stage, 10);
    uint32_t births = day_leaves(&stage);
    uint64_t rounds = flush_statistics(stage.flush).rounds;
    while (flush_statistics(stage.flush).rounds < rounds + 4)
        run(&stage, 50);
    assert_int_equal(day_leaves(&stage), births);
    assert_int_equal(flush_statistics(stage.flush).late_leaves, 0);
    assert_int_equal(stage_site(&stage)->open[PERIOD_DAY].index, today.index);
    assert_string_equal(ask(&stage, "KEYS *leaf*2026-11-22:*"), "0 elements");
    ask(&stage, "DEL %s", key);
    keyspace_leaf(key, "site.example", TABLE_TOTAL, today, stage_source(&stage));
    RUN_UNTIL(&stage, "1", "EXISTS %s", key);
    assert_redis_equals_store(&stage);
    stage_fini(&stage);
}

static void
test_a_site_that_is_held_writes_and_seals_nothing(void **state)
{
    struct stage stage;
    char key[KEYSPACE_KEY_MAX];
    (void)state;
    stage_init_unheard(&stage);
    views(&stage, 10);
    struct period hour = stage_site(&stage)->open[PERIOD_HOUR];
    stage.fixture.now_s += 3600;
    uint64_t rounds = flush_statistics(stage.flush).rounds;
    while (flush_statistics(stage.flush).rounds < rounds + 4)
        run(&stage, 50);
    assert_true(stage_site(&stage)->held);
    assert_string_equal(ask(&stage, "KEYS *:leaf:*"), "0 elements");
    assert_string_equal(ask(&stage, "KEYS *:sealed:*"), "0 elements");
    stage_hears(&stage);
    keyspace_period(key, "site.example", "sealed", hour);
    RUN_UNTIL(&stage, "1", "SISMEMBER %s %s", key, stage_source(&stage));
    assert_redis_equals_store(&stage);
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
    struct site *site = stage_site(&stage);
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        keyspace_period(key, "site.example", "sealed", site->open[kind]);
        assert_string_equal(ask(&stage, "SISMEMBER %s %s", key, stage_source(&stage)), "1");
    }
    keyspace_site(key, "site.example", "sources");
    assert_string_equal(ask(&stage, "HEXISTS %s %s", key, stage_source(&stage)), "0");
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
    struct site *site = stage_site(&stage);
    struct witness_source source = { 1, 1 };
    const struct feeder feeder = fed_by(&source);
    for (int i = 0; i < 12345; i++) {
        char page[32];
        uint32_t text;
        int length = snprintf(page, sizeof page, "/side/%d", i);
        assert_int_equal(texts_intern(counters_texts(counters), span_of(page, (size_t)length), &text), SP_OK);
        struct leaf_id one = { .site = site->text, .key = text, .table = TABLE_PAGE, .kind = PERIOD_DAY };
        one.period = site->open[PERIOD_DAY].index;
        assert_int_equal(counters_apply(counters, &one, 1, MODE_STANDARD, false, &feeder), SP_OK);
    }
    for (int tries = 0; tries < 200 && flush_statistics(stage.flush).leaves_written < 12345; tries++)
        run(&stage, 50);
    run(&stage, 200);
    assert_redis_equals_store(&stage);
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
    const struct site *site = stage_site(&stage);
    struct witness_source source = { 1, 1 };
    const struct feeder feeder = fed_by(&source);
    for (uint32_t i = 0; i < 2 * CALL_LEAVES_MAX; i++) {
        char key[16];
        struct leaf_id one = { .site = site->text, .table = TABLE_PAGE, .kind = PERIOD_DAY };
        one.period = site->open[PERIOD_DAY].index;
        snprintf(key, sizeof key, "/p%u", i);
        assert_int_equal(texts_intern(counters_texts(counters), span_text(key), &one.key), SP_OK);
        assert_int_equal(counters_apply(counters, &one, 1, site->mode, false, &feeder), SP_OK);
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
        cmocka_unit_test(test_values_for_a_frozen_period_are_kept_and_sent_again),
        cmocka_unit_test(test_a_site_that_is_held_writes_and_seals_nothing),
        cmocka_unit_test(test_retiring_seals_all_that_is_open),
        cmocka_unit_test(test_retiring_without_redis_ends_in_time_and_says_so),
        cmocka_unit_test(test_many_leaves),
        cmocka_unit_test(test_freed_in_the_middle_of_a_round),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
