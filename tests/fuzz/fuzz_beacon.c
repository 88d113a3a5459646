/*
 * Any bytes as beacons, from form to counted leaf. Each line of an input is a request: its first byte chooses headers,
 * site and network, the rest is the form. Never a crash; a decoded field lies in the scratch; a folded path is
 * printable and folds to itself; a request moves a leaf by one or not at all; and a restricted site has leaves of its
 * closed list only, with pages that its configuration lists.
 */
#include "collector.h"
#include "sites.h"
#include "sporlos/clock.h"
#include "sporlos/known_keys.h"
#include "sporlos/page_pattern.h"
#include "sporlos/text.h"
#include "url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SLOT_MAX = 16384 /* more than fit in 1 MiB */, NOW_S = 1795348800, LEAVES_TO_RENEW = 2048 };

static const char yaml[] =
    "collector: {counter_memory: 1 MiB}\n"
    "sites:\n"
    "  site.example: {mode: standard, pages: [\"/\", \"/om\", \"/veiviser/**\"], tags: [sorg, angst],\n"
    "    sections: {/veiviser/**: veiviser}, feedback: {ja: Ja, nei: Nei}, search_parameter: q,\n"
    "    referrers: {legekontor.no: public}, events: [chat]}\n"
    "  barn.example: {mode: restricted, pages: [\"/\", \"/sorg\", \"/foreldre/*\"], fold: "
    "{\"/alder/*/sorg\": \"/sorg\"}}\n";

static const char *const heads[] = {
    "Origin: https://site.example\r\nUser-Agent: Mozilla/5.0 Firefox/130.0\r\n",
    "Origin: https://barn.example\r\n",
    "Referer: https://barn.example/alder/12\r\n",
    "Origin: https://elsewhere.example\r\n",
    "Origin: https://site.example\r\nSec-GPC: 1\r\n",
    "Origin: https://barn.example\r\nDNT: 1\r\n",
    "Origin: https://site.example\r\nUser-Agent: Googlebot/2.1\r\n",
    "Origin: https://barn.example\r\nSec-Purpose: prefetch\r\n",
};
static const char *const prefixes[] = { "", "s=site.example&u=/", "s=barn.example&u=/", "s=site.example&t=search&q=" };

struct slot {
    struct leaf_id id;
    int64_t value;
};

static struct collector *collector;
static uint64_t random_state = 88172645463325252U;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static int64_t
fixed_s(void *context)
{
    (void)context;
    return NOW_S;
}

static void
same_bytes(void *context, void *out, size_t length)
{
    (void)context;
    for (size_t i = 0; i < length; i++) {
        random_state = random_state * 6364136223846793005U + 1442695040888963407U;
        ((unsigned char *)out)[i] = (unsigned char)(random_state >> 56);
    }
}

static struct config *
load_config(void)
{
    char path[64];
    struct config *config = NULL;
    int file = memfd_create("sporlos.yaml", MFD_CLOEXEC);
    check(file >= 0 && write(file, yaml, sizeof yaml - 1) == (ssize_t)(sizeof yaml - 1));
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    check(config_load(path, stderr, &config) == SP_OK);
    close(file);
    return config;
}

/* A collector with room: the store outlives inputs, as it outlives visitors. */
static void
renew(void)
{
    static const struct clock_source clock = { fixed_s, fixed_s, NULL };
    static const struct random_source source = { same_bytes, NULL };
    const char *why = "";
    if (collector != NULL && counters_statistics(collector_counters(collector)).leaves < LEAVES_TO_RENEW)
        return;
    collector_free(collector);
    clock_replace(&clock);
    random_replace(&source);
    check(collector_new(load_config(), &collector, &why) == SP_OK);
}

static bool
lies_in(struct span field, const char *bytes, size_t length)
{
    return field.at >= bytes && field.at + field.length <= bytes + length;
}

static void
check_field(struct span field, struct span form, const struct beacon_scratch *scratch)
{
    check(field.at == NULL || lies_in(field, form.at, form.length) || lies_in(field, scratch->bytes, scratch->used));
    check(field.at == NULL || memchr(field.at, '\0', field.length) == NULL);
}

static void
check_page(struct span url)
{
    char page[PATH_MAX_BYTES];
    char again[PATH_MAX_BYTES];
    size_t length = 0;
    size_t length_again = 0;
    struct span path;
    if (url_is_folded(url))
        check(url_path(url, &path) == SP_OK && url_fold(path, page, &length) == SP_OK &&
              span_equal(span_of(page, length), url));
    if (url_path(url, &path) != SP_OK)
        return;
    check(path.length > 0 && path.at[0] == '/');
    check(memchr(path.at, '?', path.length) == NULL && memchr(path.at, '#', path.length) == NULL);
    if (url_fold(path, page, &length) != SP_OK)
        return;
    check(length > 0 && page[0] == '/' && text_is_printable(span_of(page, length)));
    check(url_fold(span_of(page, length), again, &length_again) == SP_OK);
    check(span_equal(span_of(page, length), span_of(again, length_again)));
}

/* Scrubbing is done with: a word scrubs to itself, and none of it could point at a person. */
static bool
may_be_word(struct span key)
{
    char word[WORD_BYTES_MAX];
    size_t length = 0;
    if (span_equal(key, SPAN_LITERAL(KEY_OTHER)) || span_equal(key, SPAN_LITERAL(KEY_REMOVED)))
        return true;
    return text_scrub(key, word, &length) == SCRUBBED_KEPT && span_equal(span_of(word, length), key) &&
           !text_is_telling(key);
}

/* Any bytes as a word. */
static void
check_word(struct span text)
{
    char word[WORD_BYTES_MAX];
    size_t length = 0;
    enum scrubbed scrubbed = text_scrub(text, word, &length);
    check(length <= WORD_BYTES_MAX && (length > 0) == (scrubbed == SCRUBBED_KEPT));
    check(scrubbed != SCRUBBED_KEPT ||
          (text_is_printable(span_of(word, length)) && may_be_word(span_of(word, length))));
}

/* What is decoded is never longer than it was, and nothing behind a fragment is found. */
static void
check_parameter(struct span url)
{
    char value[URL_PARAMETER_MAX];
    size_t length = 0;
    enum sp_error error = url_parameter(url, SPAN_LITERAL("q"), value, &length);
    check(length <= sizeof value && length <= url.length);
    check(error != SP_OK || memmem(url.at, url.length, "q", 1) != NULL);
    check(error != SP_NOT_FOUND || length == 0);
}

static void
check_parser(struct span form)
{
    struct beacon_scratch scratch = { .used = 0 };
    struct beacon beacon;
    unsigned unknown = 0;
    enum sp_error error = beacon_parse(form, &scratch, &beacon, &unknown);
    check(error == SP_OK || error == SP_MALFORMED || error == SP_TOO_LONG);
    check(scratch.used <= form.length && unknown <= form.length + 1);
#define X(name, key, types, standard, restricted) check_field(beacon.name, form, &scratch);
    SP_BEACON_FIELDS(X)
#undef X
    if (beacon.url.at != NULL)
        check_page(beacon.url);
    if (beacon.word.at != NULL)
        check_word(beacon.word);
    check_parameter(beacon.url.at != NULL ? beacon.url : form);
    check_word(form);
}

static uint32_t
store(struct slot out[SLOT_MAX])
{
    const struct counters *counters = collector_counters(collector);
    uint32_t slots = counters_slots(counters);
    check(slots <= SLOT_MAX);
    for (uint32_t i = 0; i < slots; i++) {
        struct leaf leaf = counters_leaf(counters, i);
        out[i] = (struct slot){ leaf.id, leaf.value };
    }
    return slots;
}

static bool
may_be_page(const struct site_config *site, struct span key)
{
    if (span_equal(key, SPAN_LITERAL(KEY_OTHER)))
        return true;
    for (size_t i = 0; i < site->pages.count; i++) {
        if (span_equal(span_text(site->pages.items[i]), key))
            return true;
        if (page_pattern_matches(site->pages.items[i], key))
            return !text_is_telling(key);
    }
    return false;
}

static bool
is_page(struct span key)
{
    return (key.length > 0 && key.at[0] == '/') || span_equal(key, SPAN_LITERAL(KEY_OTHER));
}

static bool
is_host(struct span key)
{
    if (span_equal(key, SPAN_LITERAL(KEY_OTHER)))
        return true;
    for (size_t i = 0; i < key.length; i++) {
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", key.at[i]) == NULL)
            return false;
    }
    return key.length > 0 && !text_is_telling(key);
}

/* A key of a closed list, of one with a page, or a text that may have a name. */
static void
check_key(enum key_kind kind, struct span key)
{
    struct span head;
    struct span page;
    size_t index;
    key_halves(key, &head, &page);
    if (kind == KEY_WORD || kind == KEY_CAMPAIGN)
        check(may_be_word(key));
    else if (kind == KEY_EVENT)
        check(may_be_word(key) || span_equal(key, SPAN_LITERAL("chat")));
    else if (kind == KEY_PAGE || kind == KEY_FILE)
        check(is_page(key));
    else if (kind == KEY_HOST)
        check(is_host(key));
    else if (kind == KEY_TAG)
        check(span_equal(key, SPAN_LITERAL("sorg")) || span_equal(key, SPAN_LITERAL("angst")));
    else if (kind == KEY_SECTION)
        check(span_equal(key, SPAN_LITERAL("veiviser")));
    else if (kind == KEY_ANSWER_PAGE)
        check(is_page(page) && (span_equal(head, SPAN_LITERAL("ja")) || span_equal(head, SPAN_LITERAL("nei"))));
    else if (known_keys_of(kind).count > 0 && page.length > 0)
        check(known_key_find(kind, head, &index) == SP_OK && is_page(page));
    else if (known_keys_of(kind).count > 0)
        check(known_key_find(kind, key, &index) == SP_OK);
}

static void
check_leaf(const struct leaf_id *id)
{
    struct texts *texts = counters_texts(collector_counters(collector));
    struct span key = texts_get(texts, id->key);
    const struct site *site = sites_by_text(collector_sites(collector), texts_get(texts, id->site));
    check(site != NULL && (table_periods((enum table_id)id->table, site->mode) & PERIOD_BIT(id->kind)) != 0);
    check(text_is_printable(key));
    check_key(table_table[id->table].key, key);
    if (table_table[id->table].key == KEY_PAGE && mode_table[site->mode].tables == TABLES_RESTRICTED)
        check(may_be_page(site->config, key));
}

static void
check_growth(const struct slot *before, uint32_t had, const struct slot *after, uint32_t has, bool refused)
{
    unsigned born = 0;
    check(has >= had);
    for (uint32_t i = 0; i < has; i++) {
        bool was_free = i >= had || before[i].id.table == TABLE_COUNT;
        if (after[i].id.table == TABLE_COUNT) {
            check(was_free);
            continue;
        }
        if (was_free) {
            check(!refused && after[i].value >= -12 + 1 && after[i].value <= 12 + 1);
            check_leaf(&after[i].id);
            born++;
            continue;
        }
        int64_t grown = after[i].value - before[i].value;
        check(memcmp(&before[i].id, &after[i].id, sizeof before[i].id) == 0);
        check(grown == 0 || (grown == 1 && !refused));
    }
    check(born <= OBSERVED_LEAVES_MAX);
}

static struct network
network_of(unsigned number)
{
    struct sockaddr_storage address = { .ss_family = AF_INET };
    struct network network;
    ((struct sockaddr_in *)(void *)&address)->sin_addr.s_addr = htonl(0xc6336401U + (number << 8));
    check(client_address_truncate(&address, NULL, 0, &network) == SP_OK);
    return network;
}

static void
send_beacon(unsigned choice, unsigned number, struct span form)
{
    static struct slot before[SLOT_MAX];
    static struct slot after[SLOT_MAX];
    static char raw[1024];
    struct http_parse_state parser;
    struct http_request request;
    struct network network = network_of(number);
    int status = 0;
    int length = snprintf(raw, sizeof raw, "POST /b HTTP/1.1\r\nHost: c\r\n%s\r\n", heads[choice % 8]);
    http_parse_begin(&parser, BEACON_BODY_MAX);
    check(http_parse(&parser, raw, (size_t)length, &request, &status) == HTTP_PARSE_DONE);
    uint32_t had = store(before);
    struct outcome outcome = collector_take(collector, &request, form, &network);
    uint32_t has = store(after);
    check(outcome.verdict < VERDICT_COUNT && outcome.verdict != VERDICT_FULL);
    check(outcome.origin.length == 0 || (outcome.origin.at > raw && outcome.origin.at < raw + length));
    check_growth(before, had, after, has, outcome.verdict == VERDICT_UNKNOWN_SITE);
}

static void
take_line(const uint8_t *line, size_t length, unsigned number)
{
    unsigned choice = line[0];
    const char *prefix = prefixes[choice >> 3 & 3];
    size_t have = strlen(prefix);
    size_t room = BEACON_BODY_MAX - have;
    size_t rest = length - 1 < room ? length - 1 : room;
    char *form = malloc(have + rest); /* exactly so long: a byte read behind it is seen */
    if (form == NULL || have + rest == 0) {
        free(form);
        return;
    }
    memcpy(form, prefix, have);
    memcpy(form + have, line + 1, rest);
    check_parser(span_of(form, have + rest));
    send_beacon(choice, number + (choice >> 5), span_of(form, have + rest));
    free(form);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    check(sodium_init() >= 0);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned number = 0;
    renew();
    while (size > 0) {
        const uint8_t *end = memchr(data, '\n', size);
        size_t length = end == NULL ? size : (size_t)(end - data);
        if (length > 0)
            take_line(data, length, number++);
        if (end == NULL)
            break;
        size -= length + 1;
        data = end + 1;
    }
    return 0;
}
