/* A collector without sockets whose flush writes to a redis-server of its own. */
#ifndef FLUSH_STAGE_H
#define FLUSH_STAGE_H

#include "collector_fixture.h"

#include "flush.h"
#include "redis_server.h"

#include <event2/event.h>

static const char stage_yaml[] = "sites:\n  site.example: {mode: standard, pages: [\"/\", \"/om\"]}\n";

#define HEADERS "Origin: https://site.example\r\nUser-Agent: Mozilla/5.0 Firefox/130.0\r\n"

struct stage {
    struct collector_fixture fixture;
    struct redis_server server;
    struct event_base *base;
    struct flush *flush;
    struct clock_source clock; /* wall time of the fixture, real monotonic time: the flush waits for a real server */
    bool retired, retired_complete;
};

static inline int64_t
real_monotonic_ms(void *context)
{
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A flush of the collector that the stage has. */
static inline void
stage_flush(struct stage *stage)
{
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
}

/* The collector has not heard what is in force. */
static inline void
stage_init_unheard(struct stage *stage)
{
    memset(stage, 0, sizeof *stage);
    collector_fixture_init(&stage->fixture, stage_yaml);
    stage->clock = (struct clock_source){ fixture_wall_s, real_monotonic_ms, &stage->fixture };
    clock_replace(&stage->clock);
    if (!redis_server_start(&stage->server))
        fail_msg("redis-server does not start");
    stage->base = event_base_new();
    stage_flush(stage);
    collector_attach_flush(stage->fixture.collector, stage->flush);
}

static inline void
stage_hears(struct stage *stage)
{
    sites_each(collector_sites(stage->fixture.collector), fixture_all_in_force, NULL);
}

static inline void
stage_init(struct stage *stage)
{
    stage_init_unheard(stage);
    stage_hears(stage);
}

static inline void
stage_fini(struct stage *stage)
{
    flush_free(stage->flush);
    event_base_free(stage->base);
    redis_server_stop(&stage->server);
    collector_fixture_fini(&stage->fixture);
}

static inline struct site *
stage_site(struct stage *stage)
{
    return sites_find(collector_sites(stage->fixture.collector), SPAN_LITERAL("site.example"));
}

static inline const char *
stage_source(struct stage *stage)
{
    return counters_source(collector_counters(stage->fixture.collector));
}

static inline void
run(struct stage *stage, int milliseconds)
{
    int64_t end = real_monotonic_ms(NULL) + milliseconds;
    while (real_monotonic_ms(NULL) < end) {
        event_base_loop(stage->base, EVLOOP_NONBLOCK);
        usleep(1000);
    }
}

static inline void
views(struct stage *stage, int count)
{
    for (int i = 0; i < count; i++) {
        char address[32];
        snprintf(address, sizeof address, "10.0.%d.1", i % 50);
        assert_int_equal(collector_fixture_send(&stage->fixture, address, HEADERS, "s=site.example&u=/om&n=1").verdict,
                         VERDICT_ACCEPTED);
    }
}

static inline char *
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

/* Goes on until Redis answers that, for ten seconds at most. */
static inline void
run_until(struct stage *stage, const char *answer, const char *question)
{
    for (int i = 0; i < 200 && strcmp(ask(stage, question), answer) != 0; i++)
        run(stage, 50);
    assert_string_equal(ask(stage, question), answer);
}

/* Every leaf of the table stands in Redis with its own value, and is witnessed there if it is here. */
static inline void
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
        keyspace_leaf(key, "site.example", (enum table_id)leaf.id.table, period, stage_source(stage));
        keyspace_witness(witness, "site.example", (enum table_id)leaf.id.table, period);
        snprintf(value, sizeof value, "%ld", (long)leaf.value);
        assert_string_equal(ask(stage, "HGET %s %b", key, field.at, field.length), value);
        assert_string_equal(ask(stage, "SISMEMBER %s %b", witness, field.at, field.length), leaf.witnessed ? "1" : "0");
        leaves++;
    }
    assert_true(leaves > 0);
}

#endif
