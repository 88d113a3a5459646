/* By how much each leaf of a site with every table has grown since a test began. */
#ifndef COLLECTOR_WATCH_H
#define COLLECTOR_WATCH_H

#include "collector_views.h"

#define TODAY "2026-11-22"
#define MONTH "2026-11"
#define NONE INT64_MIN

static const char watched_yaml[] =
    "collector: {network_rate: 0}\n"
    "sites:\n"
    "  site.example:\n"
    "    pages: [\"/\", \"/om\", \"/foreldre/**\"]\n"
    "    fold: {\"/alder/*/sorg\": \"/sorg\"}\n"
    "    sections: {\"/foreldre/**\": foreldre, \"/foreldre/ung\": ung, \"/sorg\": Sorg, \"/**\": annet}\n"
    "    tags: [Sorg, \"psykisk helse\", PÅRØRENDE, a, b, c, d, e, f, g]\n"
    "    feedback: {ja: Ja, nei: Nei, nei-uklart: \"Det var uklart\"}\n"
    "    search_parameter: q\n"
    "    referrers: {legekontor.example: public}\n"
    "    events: [\"Chat åpnet\", \"skjema 12345678\"]\n"
    "  barn.example: {mode: restricted, pages: [\"/\", \"/sorg\"]}\n"
    "  alene.example: {hosts: [alene.example], tables: [total]}\n";

static const char *const networks[] = {
    "192.0.2.1", "198.51.100.1", "203.0.113.1", "10.1.1.1", "10.2.2.1", "10.3.3.1"
};

/* By how much a leaf has grown since the fixture began; a leaf that came later counts from its noise, so by 0..10 off.
 */
struct watch {
    struct collector_fixture fixture;
    char *before;
};

static inline void
watch_init(struct watch *watch, const char *text)
{
    collector_fixture_init(&watch->fixture, text);
    watch->before = collector_fixture_store(&watch->fixture);
}

static inline void
watch_fini(struct watch *watch)
{
    free(watch->before);
    collector_fixture_fini(&watch->fixture);
}

static inline int64_t
value_in(const char *store, const char *leaf)
{
    char wanted[700];
    snprintf(wanted, sizeof wanted, "site.example %s ", leaf);
    const char *line = strstr(store, wanted);
    return line == NULL ? NONE : strtoll(line + strlen(wanted), NULL, 10);
}

/* Growth of a leaf 'table period key' of site.example that was there from the start. */
static inline int64_t
grown(struct watch *watch, const char *leaf)
{
    char *now = collector_fixture_store(&watch->fixture);
    int64_t before = value_in(watch->before, leaf);
    int64_t after = value_in(now, leaf);
    free(now);
    if (before == NONE || after == NONE)
        fail_msg("there is no leaf '%s' from the start", leaf);
    return after - before;
}

static inline bool
is_there(struct watch *watch, const char *leaf)
{
    char *now = collector_fixture_store(&watch->fixture);
    bool there = value_in(now, leaf) != NONE;
    free(now);
    return there;
}

/* Nowhere in the store, and in no text of the table, sent to Redis or not. */
static inline bool
is_nowhere(struct watch *watch, const char *text)
{
    char *now = collector_fixture_store(&watch->fixture);
    bool nowhere = strcasestr(now, text) == NULL;
    free(now);
    return nowhere && texts_find(counters_texts(collector_counters(watch->fixture.collector)), span_text(text)) == 0;
}

static inline void
send_from(struct watch *watch, unsigned count, const char *body)
{
    for (unsigned i = 0; i < count; i++)
        view(&watch->fixture, networks[i], STANDARD, body);
}

#define SITE "s=site.example&"
#define ENTRY SITE "u=/&n=1&"

#endif
