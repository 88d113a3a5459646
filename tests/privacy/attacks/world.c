#include "world.h"

#include "attack.h"

#include "collector_fixture.h"
#include "fed_by.h"
#include "flush.h"
#include "redis_server.h"

#include <event2/event.h>
#include <sodium.h>

enum { WAIT_MS = 60000, ROUND_MS = 20 };

struct world {
    struct collector_fixture fixture;
    struct redis_server server;
    struct event_base *base;
    struct flush *flush;
    struct clock_source clock;
    int64_t monotonic_ahead_ms;
    uint64_t fed;
    struct world_archive *archive;
};

static int64_t
real_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t
wall_s(void *context)
{
    return ((struct world *)context)->fixture.now_s;
}

static int64_t
monotonic_ms(void *context)
{
    return real_ms() + ((struct world *)context)->monotonic_ahead_ms;
}

/* How hashes are kept, as deploy/redis/redis.conf has it. */
static void
configure_redis(struct world *world)
{
    char name[64];
    char value[32];
    char line[256];
    FILE *file = fopen(PROJECT_ROOT "/deploy/redis/redis.conf", "r");
    if (file == NULL)
        attack_broken("no deploy/redis/redis.conf");
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "%63s %31s", name, value) == 2 && strncmp(name, "hash-", 5) == 0)
            freeReplyObject(redisCommand(world->server.redis, "CONFIG SET %s %s", name, value));
    fclose(file);
}

struct world *
world_open(const char *yaml, const struct random_source *random)
{
    struct world *world = calloc(1, sizeof *world);
    if (world == NULL)
        attack_broken("out of memory");
    collector_fixture_init(&world->fixture, yaml);
    random_replace(random);
    world->clock = (struct clock_source){ wall_s, monotonic_ms, world };
    clock_replace(&world->clock);
    if (!redis_server_start(&world->server))
        attack_broken("redis-server does not start");
    configure_redis(world);
    const struct config *config = collector_config(world->fixture.collector);
    world->archive = world_archive_open(config, world->server.url, world->server.directory);
    world->base = event_base_new();
    const struct flush_options options = { world->server.url,
                                           1000,
                                           5000,
                                           ROUND_MS,
                                           collector_turn,
                                           world->fixture.collector,
                                           collector_names(world->fixture.collector) };
    if (flush_new(world->base, &options, world_counters(world), collector_sites(world->fixture.collector),
                  &world->flush) != SP_OK)
        attack_broken("no flush");
    collector_attach_flush(world->fixture.collector, world->flush);
    sites_each(collector_sites(world->fixture.collector), fixture_all_in_force, NULL);
    world_archive_round(world->archive);
    world_flush(world);
    world_wait(world, DRAIN_SETTLE_S);
    return world;
}

void
world_close(struct world *world)
{
    flush_free(world->flush);
    event_base_free(world->base);
    world_archive_close(world->archive);
    redis_server_stop(&world->server);
    collector_fixture_fini(&world->fixture);
    free(world);
}

struct counters *
world_counters(struct world *world)
{
    return collector_counters(world->fixture.collector);
}

void
world_name(struct world *world, const char *site, enum name_kind kind, const char *text)
{
    struct texts *texts = counters_texts(world_counters(world));
    struct name_id id = { .kind = kind };
    int32_t day = (int32_t)(clock_wall_s() / (24 * 3600));
    if (texts_intern(texts, span_text(site), &id.site) != SP_OK ||
        texts_intern(texts, span_text(text), &id.text) != SP_OK ||
        names_admit(collector_names(world->fixture.collector), id, day, NAME_EARNED) != SP_OK)
        attack_broken("no room for a name");
}

struct archive *
world_archive(struct world *world)
{
    return world_archive_of(world->archive);
}

const char *
world_archive_path(struct world *world)
{
    return world_archive_file(world->archive);
}

const struct site_config *
world_site(struct world *world, const char *site)
{
    return config_site(collector_config(world->fixture.collector), span_text(site));
}

struct period
world_period(struct world *world, const char *site, enum period_kind kind)
{
    return period_at(kind, &world_site(world, site)->zone, world->fixture.now_s);
}

bool
world_beacon(struct world *world, const char *address, const char *headers, const char *body)
{
    return collector_fixture_send(&world->fixture, address, headers, body).verdict == VERDICT_ACCEPTED;
}

static uint32_t
text_of(struct world *world, const char *text)
{
    uint32_t found;
    if (texts_intern(counters_texts(world_counters(world)), span_text(text), &found) != SP_OK)
        attack_broken("no room for a text");
    return found;
}

void
world_feed(struct world *world, const char *site, enum table_id table, enum period_kind kind, const char *key,
           int views)
{
    struct period period = world_period(world, site, kind);
    const struct leaf_id leaf = { .site = text_of(world, site),
                                  .key = text_of(world, key),
                                  .period = period.index,
                                  .table = (uint8_t)table,
                                  .kind = (uint8_t)kind };
    struct witness_source source = { 0, 0 };
    const struct feeder feeder = fed_by(&source);
    for (int i = 0; i < views; i++) {
        source.digest = ++world->fed * 0x9e3779b97f4a7c15U;
        if (counters_apply(world_counters(world), &leaf, 1, world_site(world, site)->mode, true, &feeder) != SP_OK)
            attack_broken("the counter table is full");
    }
}

void
world_wait(struct world *world, int64_t seconds)
{
    world->fixture.now_s += seconds;
    world->monotonic_ahead_ms += seconds * 1000;
}

void
world_flush(struct world *world)
{
    uint64_t rounds = flush_statistics(world->flush).rounds;
    int64_t end = real_ms() + WAIT_MS;
    struct flush_statistics now;
    do {
        event_base_loop(world->base, EVLOOP_ONCE);
        now = flush_statistics(world->flush);
        if (real_ms() > end)
            attack_broken("waited too long for the flush");
    } while (now.rounds < rounds + 3 || counters_statistics(world_counters(world)).changed > 0);
}

struct period
world_end(struct world *world, const char *site, enum period_kind kind)
{
    struct period period = world_period(world, site, kind);
    world_flush(world);
    int64_t after = period_end(period, &world_site(world, site)->zone) + PERIOD_GRACE_S + 1;
    world_wait(world, after - world->fixture.now_s);
    int64_t end = real_ms() + WAIT_MS;
    do {
        world_flush(world);
        world_archive_round(world->archive);
        if (real_ms() > end)
            attack_broken("waited too long for a period to close");
    } while (!world_archive_has(world->archive, site, period));
    world_flush(world); /* what else ended has been sealed by now */
    world_archive_round(world->archive);
    return period;
}

void
world_fields(struct world *world, const char *site, enum table_id table, struct period period, world_field *visit,
             void *context)
{
    char key[KEYSPACE_KEY_MAX];
    keyspace_leaf(key, site, table, period, counters_source(world_counters(world)));
    redisReply *reply = redisCommand(world->server.redis, "HKEYS %s", key);
    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY)
        attack_broken("Redis does not answer");
    for (size_t i = 0; i < reply->elements; i++)
        visit(context, span_of(reply->element[i]->str, reply->element[i]->len));
    freeReplyObject(reply);
}

/* Of pairs: by the first. */
static int
by_text(const void *a, const void *b)
{
    return strcmp((*(redisReply *const *)a)->str, (*(redisReply *const *)b)->str);
}

static void
write_key(struct world *world, const char *key, FILE *out)
{
    redisReply *type = redisCommand(world->server.redis, "TYPE %s", key);
    redisReply *encoding = redisCommand(world->server.redis, "OBJECT ENCODING %s", key);
    size_t step = strcmp(type->str, "hash") == 0 ? 2 : 1;
    const char *command = step == 2 ? "HGETALL %s" : strcmp(type->str, "set") == 0 ? "SMEMBERS %s" : "GET %s";
    redisReply *reply = redisCommand(world->server.redis, command, key);
    fprintf(out, "%s", key);
    if (reply->type == REDIS_REPLY_STRING)
        fprintf(out, " %s", reply->str);
    if (strcmp(encoding->str, "hashtable") == 0) /* in the order of a secret of Redis' own: none */
        qsort(reply->element, reply->elements / step, step * sizeof reply->element[0], by_text);
    for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i < reply->elements; i++)
        fprintf(out, " %s", reply->element[i]->str);
    fputc('\n', out);
    freeReplyObject(reply);
    freeReplyObject(encoding);
    freeReplyObject(type);
}

/* Keys are sorted: their own order is Redis' secret hash's. */
char *
world_redis_text(struct world *world)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    redisReply *keys = redisCommand(world->server.redis, "KEYS *");
    char **names = calloc(keys->elements + 1, sizeof *names);
    for (size_t i = 0; i < keys->elements; i++)
        names[i] = keys->element[i]->str;
    qsort(names, keys->elements, sizeof *names, fixture_by_line);
    for (size_t i = 0; i < keys->elements; i++) {
        /* Counts of rounds and the lease follow from how fast the machine is, and from nothing that was counted. */
        bool own = strncmp(names[i], "sp1:lease", 9) == 0 || strncmp(names[i], "sp1:drain", 9) == 0;
        if (!own && strstr(names[i], "}:flush") == NULL)
            write_key(world, names[i], out);
    }
    fclose(out);
    free(names);
    freeReplyObject(keys);
    return text;
}

void
world_key_ids(struct world *world, world_key_id *visit, void *context)
{
    world_archive_key_ids(world->archive, visit, context);
}

char *
world_archive_text(struct world *world)
{
    return world_archive_dump(world->archive);
}
