#include "bots.h"

#include "aho_corasick.h"
#include "bots_file.h"

#include <endian.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define X(reason, name) [reason] = name,
const char *const bot_reason_names[BOT_REASON_COUNT] = { BOT_REASONS(X) };
#undef X

enum { HEAD_BYTES = 160, TAIL_BYTES = 96, LOOKED_AT_BYTES = HEAD_BYTES + TAIL_BYTES };

/* What words say; the first ones are 1 << enum bot_reason. */
enum {
    SAYS_BOT = 1 << BOT_AUTOMATON,
    SAYS_AI = 1 << BOT_AI,
    SAYS_COMPATIBLE = 1 << 3, /* with what, is said by automata and by Internet Explorer up to 10 */
    SAYS_MSIE = 1 << 4,
};

static const struct {
    const char *text; /* in any case */
    unsigned says;    /* 0: what ends here is not what it looks like */
} built_in[] = {
    /* What they are. */
    { "bot", SAYS_BOT },
    { "cubot", 0 }, /* a maker of telephones */
    { "crawl", SAYS_BOT },
    { "spider", SAYS_BOT },
    { "scrap", SAYS_BOT },
    { "slurp", SAYS_BOT },
    { "archiv", SAYS_BOT },
    { "fetch", SAYS_BOT },
    { "monitor", SAYS_BOT },
    { "preview", SAYS_BOT },
    { "uptime", SAYS_BOT },
    { "headless", SAYS_BOT },
    { "lighthouse", SAYS_BOT },
    { "synthetic", SAYS_BOT },
    { "phantomjs", SAYS_BOT },
    { "selenium", SAYS_BOT },
    { "puppeteer", SAYS_BOT },
    { "playwright", SAYS_BOT },
    { "externalhit", SAYS_BOT },
    /* Whom to write to. */
    { "://", SAYS_BOT },
    { "www.", SAYS_BOT },
    { "@", SAYS_BOT },
    { "android@", 0 }, /* (Ecosia android@150.0.0.0) */
    { "ios@", 0 },
    { "compatible;", SAYS_COMPATIBLE },
    { "msie ", SAYS_MSIE },
    /* What they are made with. */
    { "python", SAYS_BOT },
    { "curl", SAYS_BOT },
    { "wget", SAYS_BOT },
    { "libwww", SAYS_BOT },
    { "go-http", SAYS_BOT },
    { "httpclient", SAYS_BOT },
    { "http-client", SAYS_BOT },
    { "http_client", SAYS_BOT },
    { "okhttp", SAYS_BOT },
    { "axios", SAYS_BOT },
    { "node.js", SAYS_BOT },
    /* Language models: to learn from, to search, and on somebody's behalf. */
    { "gptbot", SAYS_AI },
    { "chatgpt", SAYS_AI },
    { "oai-searchbot", SAYS_AI },
    { "openai", SAYS_AI },
    { "claude", SAYS_AI },
    { "anthropic", SAYS_AI },
    { "perplexity", SAYS_AI },
    { "ccbot", SAYS_AI },
    { "google-extended", SAYS_AI },
    { "google-cloudvertexbot", SAYS_AI },
    { "google-notebooklm", SAYS_AI },
    { "gemini-deep-research", SAYS_AI },
    { "bytespider", SAYS_AI },
    { "tiktokspider", SAYS_AI },
    { "amazonbot", SAYS_AI },
    { "amzn-searchbot", SAYS_AI },
    { "amzn-user", SAYS_AI },
    { "bedrockbot", SAYS_AI },
    { "meta-externalagent", SAYS_AI },
    { "meta-externalfetcher", SAYS_AI },
    { "facebookbot", SAYS_AI },
    { "applebot-extended", SAYS_AI },
    { "mistralai", SAYS_AI },
    { "cohere-", SAYS_AI },
    { "deepseek", SAYS_AI },
    { "chatglm", SAYS_AI },
    { "pangubot", SAYS_AI },
    { "duckassistbot", SAYS_AI },
    { "youbot", SAYS_AI },
    { "ai2bot", SAYS_AI },
    { "diffbot", SAYS_AI },
    { "firecrawl", SAYS_AI },
    { "crawl4ai", SAYS_AI },
    { "tavily", SAYS_AI },
    { "img2dataset", SAYS_AI },
    { "laion", SAYS_AI },
    { "omgili", SAYS_AI },
    { "timpibot", SAYS_AI },
    { "phindbot", SAYS_AI },
    { "iaskbot", SAYS_AI },
    { "iaskspider", SAYS_AI },
};

enum { BUILT_IN_COUNT = sizeof built_in / sizeof built_in[0] };

/*
 * Pairs of bytes without which no word is there: of each word one for either place that it can have, even or odd. A
 * text is looked at in steps of two; hardly any browser's has one of them, and is not searched for the words at all.
 */
struct pairs {
    uint8_t bits[1 << 13]; /* of both bytes | 0x20 */
};

enum { LOWER = 0x20, PAIR_BYTES = 2, STEP_PAIRS = 4, PAIRED_BYTES_MIN = 3 };

struct bots {
    struct pairs pairs;
    struct words *built_in;
    struct words *names; /* NULL without a file */
    size_t count;
};

static unsigned
pair_at(const char *at)
{
    return (unsigned)((unsigned char)at[0] | LOWER) | (unsigned)((unsigned char)at[1] | LOWER) << 8;
}

/* What browsers say: a pair that stands here would be met all the time. */
static bool
is_common(unsigned pair)
{
    static const char said[] =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
        "Safari/537.36 Edg/138.0 OPR/1 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 (iPhone; CPU "
        "iPhone OS 18_5 like Mac OS X) Mobile/15E148 (Linux; Android 10; K) SamsungBrowser/28.0 (X11; "
        "Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 FxiOS/14 CriOS/13 GSA/3";
    for (size_t i = 0; i + PAIR_BYTES < sizeof said; i++) {
        if (pair_at(said + i) == pair)
            return true;
    }
    return false;
}

/* One pair of the word for each way in which steps of two can fall on it. */
static void
add_pairs(struct pairs *pairs, struct span word)
{
    for (size_t first = 0; first < PAIR_BYTES; first++) {
        size_t chosen = first;
        for (size_t i = first; i + PAIR_BYTES <= word.length && is_common(pair_at(word.at + chosen)); i += PAIR_BYTES)
            chosen = i;
        unsigned pair = pair_at(word.at + chosen);
        pairs->bits[pair >> 3] |= (uint8_t)(1U << (pair & 7));
    }
}

static void
add_built_in_pairs(struct pairs *pairs)
{
    for (size_t i = 0; i < BUILT_IN_COUNT; i++) {
        struct span word = span_text(built_in[i].text);
        bool decides = (built_in[i].says & ~(unsigned)SAYS_MSIE) != 0; /* the others only take back */
        if (decides && word.length >= PAIRED_BYTES_MIN)
            add_pairs(pairs, word);
    }
}

static unsigned
has_pair(const struct pairs *pairs, unsigned pair)
{
    return (unsigned)pairs->bits[pair >> 3] >> (pair & 7);
}

/* May a word be there? '@' is the one that is too short for a pair. */
static bool
may_hold_word(const struct pairs *pairs, struct span text)
{
    size_t i = 0;
    unsigned found = 0;
    for (; i + STEP_PAIRS * PAIR_BYTES <= text.length; i += STEP_PAIRS * PAIR_BYTES) {
        uint64_t bytes;
        memcpy(&bytes, text.at + i, sizeof bytes);
        bytes = le64toh(bytes) | UINT64_C(0x2020202020202020);
        found |= has_pair(pairs, (unsigned)(bytes & 0xffff)) | has_pair(pairs, (unsigned)(bytes >> 16 & 0xffff)) |
                 has_pair(pairs, (unsigned)(bytes >> 32 & 0xffff)) | has_pair(pairs, (unsigned)(bytes >> 48));
    }
    for (; i + PAIR_BYTES <= text.length; i += PAIR_BYTES)
        found |= has_pair(pairs, pair_at(text.at + i));
    return (found & 1U) != 0 || memchr(text.at, '@', text.length) != NULL;
}

static enum sp_error
read_built_in(struct bots *bots)
{
    struct word words[BUILT_IN_COUNT] = { 0 };
    for (size_t i = 0; i < BUILT_IN_COUNT; i++)
        words[i] = (struct word){ .text = span_text(built_in[i].text),
                                  .hides = built_in[i].says == 0,
                                  .mask = built_in[i].says };
    return words_new(words, BUILT_IN_COUNT, true, &bots->built_in);
}

/* Names that the built-in words find, for the same reason, need no memory; fewer states are faster ones. */
static size_t
drop_found(const struct words *found_by, struct word *words, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if ((words_find(found_by, words[i].text) & (SAYS_AI | words[i].mask)) == 0)
            words[kept++] = words[i];
    }
    return kept;
}

static enum sp_error
read_names(struct bots *bots, const char *path, char *why)
{
    struct bots_file file;
    enum sp_error error = bots_file_read(path, why, &file);
    if (error != SP_OK)
        return error;
    bots->count = drop_found(bots->built_in, file.words, file.count);
    if (bots->count > 0)
        error = words_new(file.words, bots->count, false, &bots->names);
    for (size_t i = 0; i < bots->count; i++)
        add_pairs(&bots->pairs, file.words[i].text);
    if (error != SP_OK)
        snprintf(why, BOTS_WHY_MAX, "%s: %s", path, error == SP_FULL ? "too many names" : sp_error_text(error));
    bots_file_fini(&file);
    return error;
}

enum sp_error
bots_new(const char *path, char *why, struct bots **bots)
{
    why[0] = '\0';
    *bots = calloc(1, sizeof **bots);
    enum sp_error error = *bots == NULL ? SP_NO_MEMORY : read_built_in(*bots);
    if (error == SP_OK)
        add_built_in_pairs(&(*bots)->pairs);
    if (error != SP_OK)
        snprintf(why, BOTS_WHY_MAX, "%s", sp_error_text(error));
    else if (path != NULL)
        error = read_names(*bots, path, why);
    if (error != SP_OK) {
        bots_free(*bots);
        *bots = NULL;
    }
    return error;
}

void
bots_free(struct bots *bots)
{
    if (bots == NULL)
        return;
    words_free(bots->built_in);
    words_free(bots->names);
    free(bots);
}

size_t
bots_names(const struct bots *bots)
{
    return bots->count;
}

static bool
begins_with(struct span text, struct span start)
{
    return text.length >= start.length && memcmp(text.at, start.at, start.length) == 0;
}

/* Every browser that runs scripts is, by its own account, Mozilla or an old Opera. */
static bool
begins_as_browser(struct span agent)
{
    return begins_with(agent, SPAN_LITERAL("Mozilla/")) || begins_with(agent, SPAN_LITERAL("Opera/"));
}

static enum bot_reason
classify(const struct bots *bots, struct span agent)
{
    uint64_t found[2];
    uint64_t says = 0;
    if (agent.length > 0 && may_hold_word(&bots->pairs, agent)) {
        words_find_both(bots->built_in, bots->names, agent, found);
        says = found[0] | found[1];
    }
    if ((says & SAYS_AI) != 0)
        return BOT_AI;
    if ((says & SAYS_BOT) != 0 || (says & (SAYS_COMPATIBLE | SAYS_MSIE)) == SAYS_COMPATIBLE)
        return BOT_AUTOMATON;
    return begins_as_browser(agent) ? BOT_NONE : BOT_AUTOMATON;
}

enum bot_reason
bots_classify(const struct bots *bots, struct span agent)
{
    char shortened[LOOKED_AT_BYTES];
    if (agent.length <= LOOKED_AT_BYTES)
        return classify(bots, agent);
    memcpy(shortened, agent.at, HEAD_BYTES);
    memcpy(shortened + HEAD_BYTES, agent.at + agent.length - TAIL_BYTES, TAIL_BYTES);
    enum bot_reason reason = classify(bots, span_of(shortened, LOOKED_AT_BYTES));
    sodium_memzero(shortened, sizeof shortened);
    return reason;
}
