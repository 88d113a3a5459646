/*
 * What whole answers of the dashboard and the API cost: asked, shown or hidden, and written, as a browser gets them
 * (they are not compressed here: the proxy does that).
 *
 *     pages_bench time FILE GAZETTEER [--rounds N]
 *     pages_bench repeat FILE GAZETTEER --only NAME [--rounds N]
 *     pages_bench write FILE GAZETTEER FOLDER
 *
 * FILE is an archive that archive_bench made, GAZETTEER names its municipalities. time: wall and processor time of each
 * answer, by turns, so that none finds what it needs still in the processor; the first round is not counted. repeat:
 * one of them, for counting instructions (those of 11 rounds without those of one, by ten). write: each answer as a
 * file, for comparing two builds. The server is played here; the API has the threads it has in the aggregator.
 */
#include "accounts.h"
#include "api.h"
#include "dashboard/dashboard.h"
#include "readers.h"
#include "sporlos/client_address.h"
#include "support/times.h"

#include <event2/event.h>
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SITE "/sites/long.example"
#define API "/api/v1" SITE "/tables/"
#define DAYS_28 "?from=2024-09-06&to=2024-10-03&by=range"
#define YEARS_2 "?from=2022-10-04&to=2024-10-03&by=range"
#define YEAR "?period=12m&compare=year"

/* The ranges end with the archive's last day, 2024-10-03. 12 months beside the 12 before are 2 years. */
static const struct target {
    const char *name, *target;
} targets[] = {
    { "overview_28_days", SITE },
    { "overview_2_years", SITE YEAR },
    { "content_28_days", SITE "/content" },
    { "content_2_years", SITE "/content" YEAR },
    { "page_28_days", SITE "/page?path=/emne/en-side-om-noe-7" },
    { "page_2_years", SITE "/page" YEAR "&path=/emne/en-side-om-noe-7" },
    { "places_28_days", SITE "/places" },
    { "places_2_years", SITE "/places" YEAR },
    { "sources_28_days", SITE "/sources" },
    { "sources_2_years", SITE "/sources" YEAR },
    { "searches_28_days", SITE "/searches" },
    { "searches_2_years", SITE "/searches" YEAR },
    { "feedback_28_days", SITE "/feedback" },
    { "feedback_2_years", SITE "/feedback" YEAR },
    { "events_28_days", SITE "/events" },
    { "events_2_years", SITE "/events" YEAR },
    { "export_csv_28_days", SITE "/export?table=page&form=csv" },
    { "export_csv_1_year", SITE "/export" YEAR "&table=page&form=csv" },
    { "export_times_1_year", SITE "/export" YEAR "&table=page_engagement&form=csv" },
    { "export_stat_28_days", SITE "/export?table=municipality&form=json-stat" },
    { "api_page_28_days", API "page" DAYS_28 },
    { "api_page_2_years", API "page" YEARS_2 },
    { "api_places_28_days", API "municipality" DAYS_28 },
    { "api_places_2_years", API "municipality" YEARS_2 },
};
enum { TARGET_COUNT = sizeof targets / sizeof targets[0], ROUNDS_MAX = 1000 };

static struct {
    struct site_config site;
    struct config config;
    struct event_base *base;
    struct workers *readers;
    struct archive *archive;
    struct accounts *accounts;
    struct dashboard *dashboard;
    struct api *api;
    char cookie[128], token[TOKEN_TEXT_MAX + 16];
    int status; /* of the last answer; 0: none yet */
    char *headers, *body;
    size_t length;
} world;

static void
check(bool is_good, const char *what)
{
    if (is_good)
        return;
    fprintf(stderr, "pages_bench: %s\n", what);
    exit(1);
}

/* ---- the server ---- */

void
http_respond(struct http_exchange *exchange, int code, struct span lines, struct span bytes)
{
    (void)exchange;
    free(world.headers);
    free(world.body);
    world.status = code;
    world.headers = strndup(lines.at == NULL ? "" : lines.at, lines.length);
    world.body = malloc(bytes.length + 1);
    check(world.headers != NULL && world.body != NULL, "memory");
    if (bytes.length > 0)
        memcpy(world.body, bytes.at, bytes.length);
    world.length = bytes.length;
}

unsigned char *
http_exchange_peer(struct http_exchange *exchange)
{
    static unsigned char peer[HTTP_PEER_BYTES];
    const struct network network = { .prefix = 1, .family = NETWORK_V4 };
    (void)exchange;
    memcpy(peer, &network, sizeof network);
    return peer;
}

const struct site_config *
config_site(const struct config *config, struct span name)
{
    return span_equal(name, span_text(config->sites[0].key)) ? &config->sites[0] : NULL;
}

static void
add_header(struct http_request *request, enum http_header_id id, const char *value)
{
    request->header[request->header_count].value = span_text(value);
    request->known[id] = (uint8_t)++request->header_count;
}

static void
request(enum http_method method, const char *target, const char *form)
{
    const char *mark = strchr(target, '?');
    struct http_request asked = {
        .method = method,
        .target = span_text(target),
        .path = span_of(target, mark == NULL ? strlen(target) : (size_t)(mark - target)),
        .query = span_text(mark == NULL ? NULL : mark + 1),
        .body = span_text(form),
    };
    if (world.cookie[0] != '\0')
        add_header(&asked, HTTP_COOKIE, world.cookie);
    add_header(&asked, HTTP_AUTHORIZATION, world.token);
    add_header(&asked, HTTP_ORIGIN, world.config.aggregator.public_url);
    world.status = 0;
    check(api_request(world.api, NULL, &asked) || dashboard_request(world.dashboard, NULL, &asked), target);
    while (world.status == 0)
        event_base_loop(world.base, EVLOOP_ONCE);
}

static void
get(const struct target *target)
{
    request(HTTP_GET, target->target, NULL);
    if (world.status != 200)
        fprintf(stderr, "%d: %s\n", world.status, world.body);
    check(world.status == 200, target->name);
}

/* ---- the aggregator ---- */

static void
configure(const char *file, const char *gazetteer)
{
    static char yes[] = "ja", no[] = "nei";
    static struct text_pair answers[] = { { .left = yes, .right = yes }, { .left = no, .right = no } };
    static char name[] = "long.example", public_url[] = "https://stat.example";
    static char url[4096];
    snprintf(url, sizeof url, "sqlite://%s", file);
    world.site = (struct site_config){
        .name = name,
        .key = "long.example",
        .mode = MODE_STANDARD,
        .tables = ~0U,
        .visitors = true,
        .answers = answers,
        .answer_count = 2,
        .visitor_max = 1000000,
    };
    check(zone_init(&world.site.zone, "Europe/Oslo") == SP_OK, "zone");
    world.config.sites = &world.site;
    world.config.site_count = 1;
    world.config.geo.gazetteer = strdup(gazetteer);
    world.config.aggregator.archive = url;
    world.config.aggregator.public_url = public_url;
    world.config.aggregator.session_hours = 12;
}

static void
open_world(const char *file, const char *gazetteer)
{
    const char *why = "";
    char token[TOKEN_TEXT_MAX];
    configure(file, gazetteer);
    const char *url = world.config.aggregator.archive;
    world.base = event_base_new();
    check(world.base != NULL, "event_base_new");
    check(archive_open(url, ARCHIVE_READ, &world.archive, &why) == SP_OK, why);
    check(accounts_open(url, &world.accounts, &why) == SP_OK, why);
    check(readers_new(world.base, url, &world.readers, &why) == SP_OK, why);
    check(dashboard_new(&world.config, world.archive, world.accounts, &world.dashboard) == SP_OK, "dashboard_new");
    check(api_new(&world.config, world.accounts, world.readers, &world.api) == SP_OK, "api_new");
    enum sp_error added =
        accounts_add(world.accounts, "bench", ROLE_EDITOR, "long.example", "riktig hest batteri stift");
    check(added == SP_OK || added == SP_REFUSED, "accounts_add");
    enum sp_error removed = accounts_token_remove(world.accounts, "bench");
    check(removed == SP_OK || removed == SP_NOT_FOUND, "accounts_token_remove");
    check(accounts_token_grant(world.accounts, "bench", "*", TOKEN_SCOPES_ALL, token) == SP_OK, "token");
    snprintf(world.token, sizeof world.token, "Bearer %s", token);
    request(HTTP_POST, "/login", "name=bench&password=riktig+hest+batteri+stift");
    const char *cookie = strstr(world.headers, "Set-Cookie: ");
    check(world.status == 303 && cookie != NULL, "log-in");
    snprintf(world.cookie, sizeof world.cookie, "%.*s", (int)strcspn(cookie + 12, ";"), cookie + 12);
}

static void
close_world(void)
{
    workers_free(world.readers);
    api_free(world.api);
    dashboard_free(world.dashboard);
    accounts_close(world.accounts);
    archive_close(world.archive);
    event_base_free(world.base);
    free(world.config.geo.gazetteer);
    free(world.headers);
    free(world.body);
}

/* ---- what is done with it ---- */

static void
time_all(int rounds)
{
    static double times[TARGET_COUNT][ROUNDS_MAX];
    static double costs[TARGET_COUNT][ROUNDS_MAX];
    for (int round = -1; round < rounds; round++) {
        for (size_t i = 0; i < TARGET_COUNT; i++) {
            double start_ms = read_ms(CLOCK_MONOTONIC);
            double start_cpu_ms = read_ms(CLOCK_PROCESS_CPUTIME_ID);
            get(&targets[i]);
            if (round < 0)
                continue;
            times[i][round] = read_ms(CLOCK_MONOTONIC) - start_ms;
            costs[i][round] = read_ms(CLOCK_PROCESS_CPUTIME_ID) - start_cpu_ms;
        }
    }
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        printf("%s_p50 %.2f ms\n", targets[i].name, percentile(times[i], rounds, 0.5));
        printf("%s_p95 %.2f ms\n", targets[i].name, percentile(times[i], rounds, 0.95));
        printf("%s_cpu_p50 %.2f ms\n", targets[i].name, percentile(costs[i], rounds, 0.5));
        printf("%s_cpu_p95 %.2f ms\n", targets[i].name, percentile(costs[i], rounds, 0.95));
    }
}

static void
repeat(const char *name, int rounds)
{
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        for (int round = 0; round < rounds && strcmp(targets[i].name, name) == 0; round++)
            get(&targets[i]);
    }
}

static void
write_all(const char *folder)
{
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        char path[4096];
        get(&targets[i]);
        snprintf(path, sizeof path, "%s/%s", folder, targets[i].name);
        FILE *out = fopen(path, "wb");
        check(out != NULL && fwrite(world.body, 1, world.length, out) == world.length && fclose(out) == 0, path);
    }
}

int
main(int argc, char **argv)
{
    static const struct option known[] = { { "rounds", 1, NULL, 'r' }, { "only", 1, NULL, 'o' }, { NULL, 0, NULL, 0 } };
    int rounds = 20;
    const char *only = "";
    int letter;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (letter == 'r')
            rounds = atoi(optarg);
        else if (letter == 'o')
            only = optarg;
    }
    const char *order = argc - optind >= 3 ? argv[optind] : "";
    bool is_write = strcmp(order, "write") == 0 && argc - optind == 4;
    if (sodium_init() < 0 || rounds < 1 || rounds > ROUNDS_MAX ||
        (!is_write && strcmp(order, "time") != 0 && strcmp(order, "repeat") != 0)) {
        fputs("pages_bench time|repeat|write FILE GAZETTEER: see the top of tests/bench/pages_bench.c\n", stderr);
        return 64;
    }
    open_world(argv[optind + 1], argv[optind + 2]);
    if (is_write)
        write_all(argv[optind + 3]);
    else if (strcmp(order, "time") == 0)
        time_all(rounds);
    else
        repeat(only, rounds);
    close_world();
    return 0;
}
