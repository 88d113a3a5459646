/* A collector without sockets: a configuration from text, a clock and a random source of the test's own, raw requests.
 */
#ifndef COLLECTOR_FIXTURE_H
#define COLLECTOR_FIXTURE_H

#include "config_fixture.h"
#include "in_force.h"
#include "sporlos/in_force.h"

#include "collector.h"
#include "sites.h"
#include "sporlos/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

struct collector_fixture {
    struct fixture files;
    struct collector *collector;
    struct clock_source clock;
    struct random_source random;
    int64_t now_s;
    uint64_t random_state;
};

static inline int64_t
fixture_wall_s(void *context)
{
    return ((const struct collector_fixture *)context)->now_s;
}

static inline int64_t
fixture_monotonic_ms(void *context)
{
    return ((const struct collector_fixture *)context)->now_s * 1000;
}

/* xorshift64: the same bytes in every run. */
static inline void
fixture_random(void *context, void *out, size_t length)
{
    struct collector_fixture *fixture = context;
    for (size_t i = 0; i < length; i++) {
        fixture->random_state ^= fixture->random_state << 13;
        fixture->random_state ^= fixture->random_state >> 7;
        fixture->random_state ^= fixture->random_state << 17;
        ((unsigned char *)out)[i] = (unsigned char)(fixture->random_state >> 24);
    }
}

static inline void
collector_fixture_init(struct collector_fixture *fixture, const char *yaml)
{
    const char *why = "";
    *fixture =
        (struct collector_fixture){ .now_s = 1795348800 /* 2026-11-22T12:00Z */, .random_state = 88172645463325252U };
    fixture->clock = (struct clock_source){ fixture_wall_s, fixture_monotonic_ms, fixture };
    fixture->random = (struct random_source){ fixture_random, fixture };
    clock_replace(&fixture->clock);
    random_replace(&fixture->random);
    fixture_init(&fixture->files);
    fixture_text(&fixture->files, "sporlos.yaml", yaml);
    if (fixture_load(&fixture->files, NULL) != SP_OK)
        fail_msg("%s", fixture->files.errors);
    if (collector_new(fixture->files.config, &fixture->collector, &why) != SP_OK)
        fail_msg("%s", why);
    fixture->files.config = NULL; /* the collector's now */
}

/* The aggregator says of a site that all of it is in force, since ever. */
static inline void
fixture_all_in_force(void *context, struct site *site)
{
    struct in_force value = { .version = 1, .mode = site->configured_mode, .next_from_s = IN_FORCE_NEVER };
    if (site->configured->search_parameter != NULL)
        snprintf(value.query, sizeof value.query, "%s", site->configured->search_parameter);
    struct in_force_field fields[IN_FORCE_FIELDS_MAX];
    struct span heard[2 * IN_FORCE_FIELDS_MAX];
    (void)context;
    size_t count = in_force_write(&value, fields);
    for (size_t i = 0; i < count; i++) {
        heard[2 * i] = span_text(fields[i].name);
        heard[2 * i + 1] = span_text(fields[i].value);
    }
    assert_true(obey_hear(site, heard, 2 * count));
}

static inline void
collector_fixture_fini(struct collector_fixture *fixture)
{
    collector_free(fixture->collector);
    fixture_fini(&fixture->files);
    clock_replace(NULL);
    random_replace(NULL);
}

/* Headers (complete lines) and body of a POST /b from that address. */
static inline struct outcome
collector_fixture_send(struct collector_fixture *fixture, const char *address, const char *headers, const char *body)
{
    static char raw[HTTP_BUFFER_BYTES];
    struct http_parse_state parser;
    struct http_request request;
    struct network network;
    struct sockaddr_storage peer = { 0 };
    struct sockaddr_in *v4 = (void *)&peer;
    int status = 0;
    int length = snprintf(raw, sizeof raw, "POST /b HTTP/1.1\r\nHost: c\r\nContent-Length: %zu\r\n%s\r\n%s",
                          strlen(body), headers, body);
    http_parse_begin(&parser, BEACON_BODY_MAX);
    assert_int_equal(http_parse(&parser, raw, (size_t)length, &request, &status), HTTP_PARSE_DONE);
    v4->sin_family = AF_INET;
    assert_int_equal(inet_pton(AF_INET, address, &v4->sin_addr), 1);
    assert_int_equal(client_address_truncate(&peer, NULL, 0, &network), SP_OK);
    return collector_take(fixture->collector, &request, span_of(raw + request.head_length, request.body_length),
                          &network);
}

static inline int
fixture_by_line(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * Everything the counter table would ever tell Redis, as sorted lines 'site table period key value witnessed'; owned by
 * the caller. Not inline: gcc 12 then takes what it returns for the address of a variable of its own
 * (-Wdangling-pointer).
 */
__attribute__((noinline, unused)) static char *
collector_fixture_store(struct collector_fixture *fixture)
{
    struct counters *counters = collector_counters(fixture->collector);
    struct texts *texts = counters_texts(counters);
    uint32_t slots = counters_slots(counters);
    char **lines = calloc(slots + 1, sizeof *lines);
    size_t count = 0;
    for (uint32_t slot = 0; slot < slots; slot++) {
        struct leaf leaf = counters_leaf(counters, slot);
        char period[PERIOD_TEXT_MAX];
        struct span site = texts_get(texts, leaf.id.site);
        struct span key = texts_get(texts, leaf.id.key);
        if (leaf.id.table == TABLE_COUNT)
            continue;
        period_format((struct period){ (enum period_kind)leaf.id.kind, leaf.id.period }, period);
        assert_true(asprintf(&lines[count++], "%.*s %s %s %.*s %ld %d\n", (int)site.length, site.at,
                             table_table[leaf.id.table].name, period, (int)key.length, key.at, (long)leaf.value,
                             leaf.witnessed) > 0);
    }
    qsort(lines, count, sizeof *lines, fixture_by_line);
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    for (size_t i = 0; i < count; i++) {
        fputs(lines[i], out);
        free(lines[i]);
    }
    fclose(out);
    free(lines);
    return text;
}

/* The value of one leaf of the store; INT64_MIN when it does not exist. */
static inline int64_t
collector_fixture_leaf(struct collector_fixture *fixture, const char *site, const char *table, const char *period,
                       const char *key)
{
    char *store = collector_fixture_store(fixture);
    char wanted[512];
    snprintf(wanted, sizeof wanted, "%s %s %s %s ", site, table, period, key);
    const char *line = strstr(store, wanted);
    int64_t value = line == NULL ? INT64_MIN : strtoll(line + strlen(wanted), NULL, 10);
    free(store);
    return value;
}

#endif
