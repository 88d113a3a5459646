/*
 * sporlos-demo-history: invents a past for demonstration sites, so that a newcomer sees a page with numbers on it.
 *
 * Invented visitors send real requests through the real stages: address, policy, municipality, gate 1, noise,
 * witnesses; each period is released through gate 2 into the archive when the moved clock passes its end. Only the
 * sockets and Redis are left out. It writes to sites under .example (RFC 2606) alone, and only where nothing was
 * counted before.
 */
#include "../../aggregator/archive.h"
#include "../../aggregator/release.h"
#include "../../collector/births.h"
#include "../../collector/collector.h"
#include "../../collector/sites.h"
#include "sporlos/clock.h"
#include "sporlos/config.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <math.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAYS_DEFAULT = 400,
    HOUR_DAYS = 35 /* hours older than this are not kept: nobody looks, and each is a commit */,
    NETWORKS = 4000,
    NETWORK_TRIES = 4000000,
    HOUR_S = 3600,
    BODY_MAX = 512,
    PAGES_MAX = 32
};

struct history {
    struct config *config;
    struct collector *collector;
    struct archive *archive;
    struct geo *geo; /* to find networks that lie in Norway */
    uint32_t networks[NETWORKS];
    size_t network_count;
    uint64_t random_state;
    int64_t now_s;
    int64_t end_s;
    unsigned long views;
    unsigned long periods;
    enum sp_error error;
};

/* xorshift64: the invented visitors are the same in every run; the noise is not. */
static double
draw(struct history *history)
{
    history->random_state ^= history->random_state << 13;
    history->random_state ^= history->random_state >> 7;
    history->random_state ^= history->random_state << 17;
    return (double)(history->random_state >> 11) / 9007199254740992.0;
}

static int64_t
moved_wall_s(void *context)
{
    return ((const struct history *)context)->now_s;
}

static int64_t
moved_monotonic_ms(void *context)
{
    return ((const struct history *)context)->now_s * 1000;
}

/* Networks that the data places in a Norwegian municipality, the first of them visited most. */
static void
find_networks(struct history *history)
{
    for (int i = 0; i < NETWORK_TRIES && history->network_count < NETWORKS; i++) {
        uint32_t prefix = (uint32_t)(draw(history) * 0xdfffff);
        const struct network network = { .prefix = prefix, .family = NETWORK_V4 };
        if (geo_lookup(history->geo, &network) >= MUNICIPALITY_FIRST || (i & 16383) == 0)
            history->networks[history->network_count++] = prefix;
    }
    while (history->network_count < 64) /* without data: somewhere */
        history->networks[history->network_count++] = (uint32_t)(draw(history) * 0xdfffff);
}

/* ---- a period is over ---- */

static enum sp_error
release_leaf(struct history *history, struct release_batch *batch, const struct leaf *leaf)
{
    struct span key = texts_get(counters_texts(collector_counters(history->collector)), leaf->id.key);
    enum sp_error error = release_add(batch, (enum table_id)leaf->id.table, key, leaf->value);
    if (error == SP_OK && leaf->witnessed)
        error = release_witness(batch, (enum table_id)leaf->id.table, key);
    return error;
}

static void
close_period(void *context, struct site *site, struct period period)
{
    struct history *history = context;
    struct counters *counters = collector_counters(history->collector);
    struct release_batch *batch = NULL;
    if (history->error != SP_OK)
        return;
    if (period.kind == PERIOD_HOUR && history->end_s - history->now_s > (int64_t)HOUR_DAYS * 24 * HOUR_S) {
        counters_drop(counters, site->text, period);
        return;
    }
    history->error = release_batch_new(site->config, period, &batch);
    for (uint32_t slot = 0; slot < counters_slots(counters) && history->error == SP_OK; slot++) {
        struct leaf leaf = counters_leaf(counters, slot);
        if (leaf.id.table != TABLE_COUNT && leaf.id.site == site->text && leaf.id.kind == period.kind &&
            leaf.id.period == period.index)
            history->error = release_leaf(history, batch, &leaf);
    }
    if (history->error == SP_OK)
        history->error = archive_keep(history->archive, batch);
    counters_drop(counters, site->text, period);
    release_batch_free(batch);
    history->periods++;
}

/* ---- invented visitors ---- */

/* Of what is listed, each as often as its weight says. */
struct choice {
    int weight;
    const char *text;
};
#define CHOOSE(history, choices) choose(history, choices, sizeof(choices) / sizeof(choices)[0])

static const char *
choose(struct history *history, const struct choice *choices, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += choices[i].weight;
    double at = draw(history) * sum;
    for (size_t i = 0; i + 1 < count; i++) {
        at -= choices[i].weight;
        if (at < 0)
            return choices[i].text;
    }
    return choices[count - 1].text;
}

static const struct choice agents[] = {
    { 34,
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
      "Mobile/15E148 Safari/604.1" },
    { 24, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile "
          "Safari/537.36" },
    { 16, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
          "Safari/537.36" },
    { 14,
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 "
      "Edg/140.0.0.0" },
    { 6, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" },
    { 6, "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
         "Mobile/15E148 Safari/604.1" },
};
static const struct choice origins[] = {
    { 52, "" },
    { 26, "&r=www.google.no" },
    { 9, "&r=www.bing.com" },
    { 3, "&r=chatgpt.com" },
    { 3, "&r=www.helsenorge.no" },
    { 2, "&r=www.facebook.com" },
    { 1, "&r=www.nav.no" },
    { 2, "&a=nyhetsbrev&m=epost&c=p%C3%A5r%C3%B8rendedagen" },
    { 2, "&a=facebook&m=sosiale+medier&c=kurs" },
};
static const struct choice tags[] = { { 5, "" }, { 3, "&g=demens" }, { 2, "&g=sorg" }, { 1, "&g=sorg,kurs" } };
static const struct choice lengths[] = { { 21, "0" }, { 19, "1" }, { 17, "2" }, { 23, "3" },
                                         { 15, "4" }, { 4, "5" },  { 1, "6" } };
static const struct choice depths[] = { { 15, "0" }, { 20, "1" }, { 23, "2" }, { 19, "3" }, { 23, "4" } };
/* What else some do on a view; the page follows where it ends in 'u='. */
static const struct choice doings[] = {
    { 520, "" },
    { 9, "&t=search&q=avlastning" },
    { 8, "&t=search&q=demens" },
    { 6, "&t=search&q=omsorgsst%C3%B8nad" },
    { 4, "&t=search&q=parkering&z=1" },
    { 3, "&t=search&q=tt-kort&z=1" },
    { 26, "&t=feedback&f=ja&u=" },
    { 12, "&t=feedback&f=nei&u=" },
    { 12, "&t=download&v=/filer/veileder.pdf" },
    { 6, "&t=download&v=/filer/brosjyre.pdf" },
    { 14, "&t=outbound&v=www.nav.no" },
    { 9, "&t=outbound&v=www.helsenorge.no" },
    { 5, "&t=missing&v=/parorende" },
    { 6, "&t=event&v=chat" },
};

/* form: what follows the site's name. */
static void
send_beacon(struct history *history, const struct site *site, uint32_t prefix, const char *agent, const char *form,
            const char *more)
{
    char raw[2048];
    char body[BODY_MAX];
    struct http_parse_state state;
    struct http_request request;
    struct network network = { .prefix = prefix, .family = NETWORK_V4 };
    int status = 0;
    int body_length = snprintf(body, sizeof body, "s=%s%s", site->key, form);
    int length = snprintf(raw, sizeof raw,
                          "POST /b HTTP/1.1\r\nHost: demo\r\nOrigin: https://%s\r\n%sUser-Agent: %s\r\n"
                          "Content-Length: %d\r\n\r\n%s",
                          site->config->hosts.items[0], more, agent, body_length, body);
    http_parse_begin(&state, BODY_MAX);
    if (http_parse(&state, raw, (size_t)length, &request, &status) != HTTP_PARSE_DONE)
        return;
    collector_take(history->collector, &request, span_of(raw + request.head_length, request.body_length), &network);
    history->views++;
}

/* Which pages there are: those that the configuration names, patterns with a star filled in. */
static size_t
pages_of(const struct site *site, char pages[PAGES_MAX][64])
{
    static const char *const stars[] = { "mamma", "pappa", "sosken" };
    size_t count = 0;
    for (size_t i = 0; i < site->config->pages.count && count + 3 < PAGES_MAX; i++) {
        const char *pattern = site->config->pages.items[i];
        const char *star = strchr(pattern, '*');
        for (size_t s = 0; s < (star == NULL ? 1 : 3); s++)
            snprintf(pages[count++], 64, "%.*s%s", star == NULL ? 60 : (int)(star - pattern), pattern,
                     star == NULL ? "" : stars[s]);
    }
    if (count == 0)
        snprintf(pages[count++], 64, "/");
    return count;
}

/* Falling towards the end of the list, as popularity does: about 1/rank (Zipf). */
static size_t
zipf(struct history *history, size_t count)
{
    double rank = exp(draw(history) * log((double)count + 1)) - 1;
    return rank < (double)count ? (size_t)rank : count - 1;
}

/* One view, how long it lasted, and what else was done on it. A restricted site hears of the view alone. */
static void
view(struct history *history, const struct site *site, uint32_t prefix, const char *agent, const char *page, bool entry)
{
    char form[BODY_MAX];
    bool is_restricted = mode_table[site->mode].tables == TABLES_RESTRICTED;
    snprintf(form, sizeof form, "&u=%s%s%s%s", page, entry ? "&n=1" : "",
             entry && !is_restricted ? CHOOSE(history, origins) : "", is_restricted ? "" : CHOOSE(history, tags));
    send_beacon(history, site, prefix, agent, form, "");
    if (is_restricted)
        return;
    const char *length = CHOOSE(history, lengths);
    snprintf(form, sizeof form, "&t=end&u=%s&b=%s&d=%s%s%s", page, length, CHOOSE(history, depths), entry ? "&l=" : "",
             entry ? length : "");
    send_beacon(history, site, prefix, agent, form, "");
    const char *doing = CHOOSE(history, doings);
    bool is_of_page = strlen(doing) > 3 && strcmp(doing + strlen(doing) - 3, "&u=") == 0;
    snprintf(form, sizeof form, "%s%s", doing, is_of_page ? page : "");
    if (doing[0] != '\0')
        send_beacon(history, site, prefix, agent, form, "");
}

static void
visit(struct history *history, const struct site *site, char pages[PAGES_MAX][64], size_t page_count)
{
    uint32_t prefix = history->networks[zipf(history, history->network_count)];
    const char *agent = CHOOSE(history, agents);
    double kind = draw(history);
    if (kind < 0.03) {
        send_beacon(history, site, prefix, agent, "&u=/&n=1",
                    kind < 0.02 ? "Sec-GPC: 1\r\n" : "Sec-Purpose: prefetch\r\n");
        return;
    }
    int views = 1 + (int)(-log(1 - draw(history)) * 1.4);
    for (int i = 0; i < views && i < 12; i++)
        view(history, site, prefix, agent, pages[zipf(history, page_count)], i == 0);
}

/* Visits expected in the hour that begins at now_s: by hour of the day, weekday, season, and a slow growth. */
static double
expected_visits(const struct history *history, const struct site *site)
{
    static const double by_hour[24] = { 0.9, 0.5, 0.3, 0.2, 0.2, 0.3, 0.8, 2.0, 4.2, 5.6, 6.0, 6.2,
                                        6.0, 5.9, 5.6, 5.0, 4.4, 4.2, 4.8, 5.6, 6.0, 5.4, 3.8, 1.9 };
    static const double by_weekday[7] = { 1.15, 1.2, 1.15, 1.1, 0.95, 0.6, 0.7 };
    struct period day = period_at(PERIOD_DAY, &site->zone, history->now_s);
    int hour = (int)((history->now_s - period_start(day, &site->zone)) / HOUR_S) % 24;
    double age_days = (double)(history->end_s - history->now_s) / 86400.0;
    double season = 1 + 0.18 * cos((double)(day.index % 365 - 300) / 365.0 * 6.283185);
    double size = mode_table[site->mode].tables == TABLES_RESTRICTED ? 2.4 : 7.5;
    return size * by_hour[hour] / 3.6 * by_weekday[civil_weekday(day.index)] * season * (1 - age_days / 1600);
}

static void
live_an_hour(void *context, struct site *site)
{
    struct history *history = context;
    char pages[PAGES_MAX][64];
    size_t page_count = pages_of(site, pages);
    double expected = expected_visits(history, site) * (0.75 + 0.5 * draw(history));
    int visits = (int)(expected + draw(history));
    for (int i = 0; i < visits; i++)
        visit(history, site, pages, page_count);
}

static void
turn(void *context, struct site *site)
{
    struct history *history = context;
    if (site_turn(site, history->now_s, close_period, history))
        births_open(collector_counters(history->collector), site);
}

static void
live(struct history *history)
{
    struct sites *sites = collector_sites(history->collector);
    while (history->error == SP_OK && history->now_s + HOUR_S <= history->end_s) {
        sites_each(sites, live_an_hour, history);
        history->now_s += HOUR_S;
        sites_each(sites, turn, history);
    }
}

/* ---- beginning and end ---- */

static bool
is_example(const char *key)
{
    size_t length = strlen(key);
    return length > 8 && strcmp(key + length - 8, ".example") == 0;
}

static enum sp_error
check_sites(const struct history *history)
{
    for (size_t i = 0; i < history->config->site_count; i++) {
        const struct site_config *site = &history->config->sites[i];
        struct period first;
        struct period last;
        if (!is_example(site->key)) {
            fprintf(stderr, "sporlos-demo-history: %s is not under .example: a real site gets no invented numbers\n",
                    site->name);
            return SP_REFUSED;
        }
        if (archive_span(history->archive, site->key, PERIOD_DAY, &first, &last) != SP_NOT_FOUND) {
            fprintf(stderr, "sporlos-demo-history: %s has numbers already: nothing is mixed into them\n", site->name);
            return SP_REFUSED;
        }
    }
    return SP_OK;
}

static enum sp_error
prepare(struct history *history, int days, const char **why)
{
    enum sp_error error = archive_open(history->config->aggregator.archive, ARCHIVE_FILL, &history->archive, why);
    if (error != SP_OK)
        return error;
    *why = "";
    error = check_sites(history);
    if (error != SP_OK)
        return error;
    error = geo_new(history->config, &history->geo, why);
    if (error != SP_OK)
        return error;
    find_networks(history);
    history->end_s = clock_wall_s() / HOUR_S * HOUR_S;
    history->now_s = history->end_s - (int64_t)days * 24 * HOUR_S;
    /* From local midnight on, so that the first day is whole. */
    const struct zone *zone = &history->config->sites[0].zone;
    history->now_s = period_start(period_at(PERIOD_DAY, zone, history->now_s), zone);
    static struct clock_source moved;
    moved = (struct clock_source){ moved_wall_s, moved_monotonic_ms, history };
    clock_replace(&moved);
    return collector_new(history->config, &history->collector, why);
}

int
main(int argc, char **argv)
{
    static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                             { "days", required_argument, NULL, 'd' },
                                             { NULL, 0, NULL, 0 } };
    struct history history = { .random_state = UINT64_C(0x9e3779b97f4a7c15) };
    const char *path = NULL;
    const char *why = "";
    int days = DAYS_DEFAULT;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'c')
            path = optarg;
        else if (option == 'd')
            days = atoi(optarg);
        else
            return 64;
    }
    if (path == NULL || days < 1 || days > 3650) {
        fputs("sporlos-demo-history --config FILE [--days 1-3650]\n", stderr);
        return 64;
    }
    if (sodium_init() < 0 || config_load(path, stderr, &history.config) != SP_OK)
        return EXIT_CONFIG;
    history.error = prepare(&history, days, &why);
    if (history.error == SP_OK)
        live(&history);
    if (history.error != SP_OK)
        fprintf(stderr, "sporlos-demo-history: %s%s\n", why, *why == '\0' ? sp_error_text(history.error) : "");
    else
        printf("%d days, %lu requests, %lu periods\n", days, history.views, history.periods);
    if (history.collector != NULL)
        collector_free(history.collector); /* and with it the configuration */
    else
        config_free(history.config);
    geo_free(history.geo);
    archive_close(history.archive);
    return history.error == SP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
