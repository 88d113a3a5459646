/* Rows 11 and 12: worlds that see the same random numbers, and visits that differ in what must not matter. */
#include "attack.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char yaml[] = "collector: {network_rate: 0, site_rate: 0}\n"
                           "sites:\n"
                           "  site.example: {mode: standard, pages: [\"/\", \"/sorg\"], fold: {\"/alder/*/sorg\": "
                           "\"/sorg\"}}\n"
                           "  barn.example: {mode: restricted, pages: [\"/\", \"/sorg\"], fold: {\"/alder/*/sorg\": "
                           "\"/sorg\"}}\n";

#define AGENT "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0\r\n"

/* The same numbers in every world. */
static void
give_stream(void *context, void *out, size_t length)
{
    uint64_t *state = context;
    for (size_t i = 0; i < length; i++) {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        ((unsigned char *)out)[i] = (unsigned char)(*state >> 24);
    }
}

/* The same number each time, so that it does not matter which leaf is born first. */
static void
give_same(void *context, void *out, size_t length)
{
    (void)context;
    memset(out, 0x9d, length);
}

/* What a world holds: open, and after its day has closed. */
struct held {
    char *open, *closed;
};

static struct held
hold(struct world *world)
{
    struct held held;
    world_flush(world);
    held.open = world_redis_text(world);
    world_end(world, "site.example", PERIOD_MONTH); /* and with it the day and the hour */
    char *archive = world_archive_text(world);
    char *redis = world_redis_text(world);
    if (asprintf(&held.closed, "%s%s", archive, redis) < 0)
        attack_broken("out of memory");
    free(archive);
    free(redis);
    return held;
}

static void
let_go(struct held *held)
{
    free(held->open);
    free(held->closed);
}

/* How many lines of a are not those of b. */
static double
lines_that_differ(const char *a, const char *b)
{
    double differ = 0;
    while (*a != '\0' || *b != '\0') {
        size_t a_length = strcspn(a, "\n");
        size_t b_length = strcspn(b, "\n");
        if (a_length != b_length || memcmp(a, b, a_length) != 0) {
            differ++;
            if (getenv("ATTACK_SHOW") != NULL)
                fprintf(stderr, "- %.*s\n+ %.*s\n", (int)a_length, a, (int)b_length, b);
        }
        a += a_length + (a[a_length] != '\0');
        b += b_length + (b[b_length] != '\0');
    }
    return differ;
}

/* A visit in which %s stands for what differs. */
struct visit {
    const char *site, *address, *headers, *body;
};

static const struct visit age_visits[] = {
    { "site.example", "10.%d.0.1", AGENT, "s=site.example&n=1&u=/sorg?alder=%s" },
    { "site.example", "10.%d.0.1", AGENT, "s=site.example&u=/sorg%%23alder-%s" },
    { "site.example", "10.%d.0.1", AGENT, "s=site.example&u=/alder/%s/sorg" },
    { "site.example", "10.%d.0.1", AGENT, "s=site.example&u=/sorg&alder=%s&age=%s" },
    { "site.example", "10.%d.0.1", AGENT "X-Age: %s\r\nCookie: alder=%s\r\n", "s=site.example&u=/sorg" },
    { "barn.example", "10.%d.0.1", AGENT, "s=barn.example&n=1&u=/sorg?alder=%s" },
    { "barn.example", "10.%d.0.1", AGENT, "s=barn.example&u=/alder/%s/sorg" },
    { "barn.example", "10.%d.0.1", AGENT, "s=barn.example&u=/alder-%s" },
    { "barn.example", "10.%d.0.1", AGENT "X-Age: %s\r\nReferer: https://barn.example/%s\r\n",
      "s=barn.example&u=/sorg&v=%s" },
};
static const struct visit octet_visits[] = {
    { "site.example", "10.%d.0.%s", AGENT, "s=site.example&n=1&u=/sorg" },
    { "site.example", "10.%d.0.%s", AGENT, "s=site.example&n=1&u=/nyhet" },
    { "barn.example", "10.%d.0.%s", AGENT, "s=barn.example&n=1&u=/sorg" },
};
static const struct visit agent_visits[] = {
    { "barn.example", "10.%d.0.1", "User-Agent: %s\r\nSec-CH-UA: %s\r\n", "s=barn.example&n=1&u=/sorg" },
};
static const struct visit page_visits[] = {
    { "site.example", "10.%d.0.1", AGENT, "s=site.example&n=1&u=/%s" },
};

static const struct pair {
    const char *name, *one, *other;
    const struct visit *visits;
    size_t count;
    bool differs; /* a control: this must be seen */
} pairs[] = {
    { "age", "9", "15", age_visits, sizeof age_visits / sizeof age_visits[0], false },
    { "last_octet", "7", "201", octet_visits, sizeof octet_visits / sizeof octet_visits[0], false },
    { "user_agent_restricted", "Mozilla/5.0 Chrome/140.0", "Mozilla/5.0 Safari/605.1", agent_visits,
      sizeof agent_visits / sizeof agent_visits[0], false },
    { "page", "sorg", "", page_visits, sizeof page_visits / sizeof page_visits[0], true },
};

/* Put what differs in for each %s, and the network's number for %d. */
static void
write_text(char *out, size_t size, const char *form, const char *what, int network)
{
    size_t used = 0;
    for (; *form != '\0' && used + 1 < size; form++) {
        if (form[0] != '%') {
            out[used++] = *form;
            continue;
        }
        form++;
        if (*form == 's')
            used += (size_t)snprintf(out + used, size - used, "%s", what);
        else if (*form == 'd')
            used += (size_t)snprintf(out + used, size - used, "%d", network);
        else
            out[used++] = '%';
    }
    out[used] = '\0';
}

static struct held
live(const struct pair *pair, const char *what)
{
    uint64_t state = 88172645463325252U;
    const struct random_source random = { give_stream, &state };
    struct world *world = world_open(yaml, &random);
    for (int network = 1; network <= 5; network++) {
        for (size_t i = 0; i < pair->count; i++) {
            const struct visit *visit = &pair->visits[i];
            char address[32];
            char headers[512];
            char body[256];
            size_t length = (size_t)snprintf(headers, sizeof headers, "Origin: https://%s\r\n", visit->site);
            write_text(address, sizeof address, visit->address, what, network);
            write_text(headers + length, sizeof headers - length, visit->headers, what, network);
            write_text(body, sizeof body, visit->body, what, network);
            if (!world_beacon(world, address, headers, body))
                attack_broken("a twin's visit is not taken");
        }
    }
    struct held held = hold(world);
    world_close(world);
    return held;
}

void
attack_twins(const struct attack_options *options)
{
    (void)options;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct pair *pair = &pairs[i];
        struct held one = live(pair, pair->one);
        struct held other = live(pair, pair->other);
        double differ = lines_that_differ(one.open, other.open) + lines_that_differ(one.closed, other.closed);
        char name[80];
        snprintf(name, sizeof name, "%s_%s", pair->differs ? "control_twins_differ_in" : "twins_of_another",
                 pair->name);
        attack_report("11", name, differ, pair->differs ? ">0" : "0", (differ > 0) == pair->differs);
        let_go(&one);
        let_go(&other);
    }
}

enum { BEACONS = 240, PLACES = 40 };

static uint32_t
below(uint64_t *state, uint32_t limit)
{
    uint64_t bits;
    give_stream(state, &bits, sizeof bits);
    return (uint32_t)(bits % limit);
}

/* The same visits in an order that seed stands for. Each page is asked for by a network once, so that a page that earns
 * its name does so after as many views in any order. */
static struct held
live_in_order(uint64_t seed)
{
    static int order[BEACONS];
    const struct random_source random = { give_same, NULL };
    struct world *world = world_open(yaml, &random);
    for (int i = 0; i < BEACONS; i++)
        order[i] = i;
    for (uint32_t i = BEACONS - 1; i > 0 && seed != 0; i--) {
        uint32_t j = below(&seed, i + 1);
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
    for (int i = 0; i < BEACONS; i++) {
        int which = order[i];
        char address[32];
        char body[64];
        char place[8];
        snprintf(address, sizeof address, "10.0.%d.1", which);
        snprintf(body, sizeof body, "s=%s.example&n=1&u=/side%c", which % 3 == 0 ? "barn" : "site", 'a' + which % 24);
        snprintf(place, sizeof place, "%d", 1001 + which % PLACES);
        const char *headers =
            which % 3 == 0 ? "Origin: https://barn.example\r\n" AGENT : "Origin: https://site.example\r\n" AGENT;
        if (!world_beacon(world, address, headers, body))
            attack_broken("a visit is not taken");
        world_feed(world, "site.example", TABLE_MUNICIPALITY, PERIOD_DAY, place, 1);
    }
    struct held held = hold(world);
    world_close(world);
    return held;
}

void
attack_order(const struct attack_options *options)
{
    double open = 0;
    double closed = 0;
    int permutations = options->longer ? 50 : 3;
    struct held first = live_in_order(0);
    for (int i = 1; i <= permutations; i++) {
        struct held other = live_in_order(0x9e3779b97f4a7c15U * (uint64_t)i);
        open += lines_that_differ(first.open, other.open);
        closed += lines_that_differ(first.closed, other.closed);
        let_go(&other);
    }
    let_go(&first);
    attack_report("12", "lines_that_tell_the_order_after_close", closed, "0", closed == 0);
    attack_figure("lines_that_tell_the_order_while_open", open);
}
