#include "bots.h"

#include "bots_file.h"
#include "packed_words.h"
#include "word_filter.h"

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
} built_in_rows[] = {
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

enum { BUILT_IN_COUNT = sizeof built_in_rows / sizeof built_in_rows[0] };

struct bots {
    struct word_filter filter;  /* hardly any browser passes it, so hardly any is searched */
    struct packed_words *words; /* built-in ones and names */
    size_t count;
};

static enum sp_error
built_in_words(struct words **built_in)
{
    struct word words[BUILT_IN_COUNT] = { 0 };
    for (size_t i = 0; i < BUILT_IN_COUNT; i++)
        words[i] = (struct word){ .text = span_text(built_in_rows[i].text),
                                  .hides = built_in_rows[i].says == 0,
                                  .mask = built_in_rows[i].says };
    return words_new(words, BUILT_IN_COUNT, true, built_in);
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

/* Words that decide; the others only take back. */
static enum sp_error
init_filter(struct bots *bots, const struct word *names)
{
    struct span *words = calloc(BUILT_IN_COUNT + bots->count, sizeof *words);
    size_t count = 0;
    if (words == NULL)
        return SP_NO_MEMORY;
    for (size_t i = 0; i < BUILT_IN_COUNT; i++) {
        if ((built_in_rows[i].says & ~(unsigned)SAYS_MSIE) != 0)
            words[count++] = span_text(built_in_rows[i].text);
    }
    for (size_t i = 0; i < bots->count; i++)
        words[count++] = names[i].text;
    word_filter_init(&bots->filter, words, count, bots_browsers, BOTS_BROWSER_COUNT);
    free(words);
    return SP_OK;
}

static enum sp_error
take(struct bots *bots, const struct words *built_in, struct bots_file *file)
{
    struct words *names = NULL;
    enum sp_error error = SP_OK;
    bots->count = drop_found(built_in, file->words, file->count);
    if (bots->count > 0)
        error = words_new(file->words, bots->count, false, &names);
    if (error == SP_OK)
        error = packed_words_new((const struct words *[2]){ built_in, names }, &bots->words);
    if (error == SP_OK)
        error = init_filter(bots, file->words);
    words_free(names);
    return error;
}

static enum sp_error
read_words(struct bots *bots, const char *path, char *why)
{
    struct bots_file file = { 0 };
    struct words *built_in = NULL;
    enum sp_error error = path == NULL ? SP_OK : bots_file_read(path, why, &file);
    if (error != SP_OK)
        return error;
    error = built_in_words(&built_in);
    if (error == SP_OK)
        error = take(bots, built_in, &file);
    if (error != SP_OK)
        snprintf(why, BOTS_WHY_MAX, "%s%s%s", path == NULL ? "" : path, path == NULL ? "" : ": ",
                 error == SP_FULL ? "too many names" : sp_error_text(error));
    words_free(built_in);
    bots_file_fini(&file);
    return error;
}

enum sp_error
bots_new(const char *path, char *why, struct bots **bots)
{
    why[0] = '\0';
    *bots = calloc(1, sizeof **bots);
    if (*bots == NULL) {
        snprintf(why, BOTS_WHY_MAX, "%s", sp_error_text(SP_NO_MEMORY));
        return SP_NO_MEMORY;
    }
    enum sp_error error = read_words(*bots, path, why);
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
    packed_words_free(bots->words);
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
    unsigned says = word_filter_passes(&bots->filter, agent) ? packed_words_find(bots->words, agent) : 0;
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
