#include "policy.h"

#include <ctype.h>
#include <strings.h>

#define X(verdict, name, status, reason) [verdict] = { name, status, { reason, sizeof(reason) - 1 } },
const struct verdict_row verdict_table[VERDICT_COUNT] = { VERDICTS(X) };
#undef X

struct question {
    const struct site *site;
    const struct beacon *beacon;
    const struct http_request *request;
};

typedef bool policy_holds(const struct question *question);

static bool
header_is(const struct http_request *request, enum http_header_id id, const char *value)
{
    return span_equal(http_request_header(request, id), span_text(value));
}

/* Does text hold word (lower case), whatever the case of text? */
static bool
holds_word(struct span text, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= text.length; i++) {
        if (strncasecmp(text.at + i, word, length) == 0)
            return true;
    }
    return false;
}

static bool
is_restricted(const struct site *site)
{
    return mode_table[site->mode].tables == TABLES_RESTRICTED;
}

/* Sources: W3C Global Privacy Control, 3.1; Tracking Preference Expression, 5.2. */
static bool
says_opt_out(const struct question *q)
{
    return header_is(q->request, HTTP_SEC_GPC, "1") || header_is(q->request, HTTP_DNT, "1") ||
           span_equal(q->beacon->type, SPAN_LITERAL("declined")); /* the reader's own choice, kept by the tracker */
}

static bool
is_foreign(const struct question *q)
{
    return policy_origin(q->site, q->request).length == 0;
}

/* A page that is fetched ahead has not been seen. Fetch standard, 2.2.8; older Firefox and Chromium. */
static bool
is_prefetch(const struct question *q)
{
    return holds_word(http_request_header(q->request, HTTP_SEC_PURPOSE), "prefetch") ||
           holds_word(http_request_header(q->request, HTTP_PURPOSE), "prefetch") ||
           holds_word(http_request_header(q->request, HTTP_X_MOZ), "prefetch");
}

/* Words by which automata name themselves, by their first letter: most letters of a browser's name begin none. */
static const char *const *
automata_from(char letter)
{
    static const char *const none[] = { NULL };
    static const char *const b[] = { "bot", NULL };
    static const char *const c[] = { "crawl", "curl/", NULL };
    static const char *const f[] = { "facebookexternal", NULL };
    static const char *const g[] = { "go-http", NULL };
    static const char *const h[] = { "headless", "httpclient", NULL };
    static const char *const l[] = { "lighthouse", "libwww", NULL };
    static const char *const m[] = { "monitor", NULL };
    static const char *const o[] = { "okhttp", NULL };
    static const char *const p[] = { "phantomjs", "preview", "python", NULL };
    static const char *const s[] = { "scrapy", "slurp", "spider", NULL };
    static const char *const w[] = { "wget/", NULL };
    static const char *const *const by_letter[26] = { none, b,    c,    none, none, f,    g,    h,    none,
                                                      none, none, l,    m,    none, o,    p,    none, none,
                                                      s,    none, none, none, w,    none, none, none };
    return letter >= 'a' && letter <= 'z' ? by_letter[letter - 'a'] : none;
}

/* Does text begin with word (lower case letters, '/' and '-'), whatever the case of text? */
static bool
begins_with_word(struct span text, const char *word)
{
    size_t i = 0;
    while (word[i] != '\0' && i < text.length && (text.at[i] | (word[i] >= 'a' ? 0x20 : 0)) == word[i])
        i++;
    return word[i] == '\0';
}

/* Automata that say so. In restricted mode the User-Agent is not looked at. */
static bool
is_bot(const struct question *q)
{
    if (is_restricted(q->site))
        return false;
    struct span agent = http_request_header(q->request, HTTP_USER_AGENT);
    for (size_t i = 0; i < agent.length; i++) {
        struct span rest = span_of(agent.at + i, agent.length - i);
        for (const char *const *word = automata_from((char)(agent.at[i] | 0x20)); *word != NULL; word++) {
            if (begins_with_word(rest, *word))
                return true;
        }
    }
    return agent.length == 0;
}

static bool
is_malformed(const struct question *q)
{
    struct span type = q->beacon->type;
    struct span entry = q->beacon->entry;
    if (type.at != NULL && !span_equal(type, SPAN_LITERAL("view")))
        return true;
    if (entry.at != NULL && !span_equal(entry, SPAN_LITERAL("0")) && !span_equal(entry, SPAN_LITERAL("1")))
        return true;
    return q->beacon->url.length == 0 || (q->beacon->url.at[0] != '/' && !holds_word(q->beacon->url, "://"));
}

static const struct {
    policy_holds *holds;
    enum verdict verdict;
} policy_rules[] = {
    { is_foreign, VERDICT_FOREIGN_ORIGIN }, /* first: nobody else may touch a site's numbers, not even 'declined' */
    { says_opt_out, VERDICT_DECLINED },     /* a refusal outranks everything that looks at what was sent */
    { is_prefetch, VERDICT_PREFETCH },      { is_bot, VERDICT_BOT }, { is_malformed, VERDICT_MALFORMED },
};

enum verdict
policy_decide(const struct site *site, const struct beacon *beacon, const struct http_request *request)
{
    const struct question question = { site, beacon, request };
    for (size_t i = 0; i < sizeof policy_rules / sizeof policy_rules[0]; i++) {
        if (policy_rules[i].holds(&question))
            return policy_rules[i].verdict;
    }
    return VERDICT_ACCEPTED;
}

/* The length of 'scheme://host[:port]' at the start of text, and its host; 0 when it does not begin so. */
static size_t
origin_length(struct span text, struct span *host)
{
    size_t scheme = text.length > 7 && strncasecmp(text.at, "http://", 7) == 0    ? 7
                    : text.length > 8 && strncasecmp(text.at, "https://", 8) == 0 ? 8
                                                                                  : 0;
    size_t end = scheme;
    if (scheme == 0)
        return 0;
    while (end < text.length && (isalnum((unsigned char)text.at[end]) || text.at[end] == '.' || text.at[end] == '-'))
        end++;
    *host = span_of(text.at + scheme, end - scheme);
    if (end < text.length && text.at[end] == ':') {
        end++;
        while (end < text.length && isdigit((unsigned char)text.at[end]))
            end++;
    }
    return end;
}

struct span
policy_origin(const struct site *site, const struct http_request *request)
{
    struct span text = http_request_header(request, HTTP_ORIGIN);
    bool is_origin = text.at != NULL;
    if (!is_origin)
        text = http_request_header(request, HTTP_REFERER);
    struct span host = { NULL, 0 };
    size_t length = origin_length(text, &host);
    if (length == 0 || (is_origin && length != text.length) || (length < text.length && text.at[length] != '/'))
        return SPAN_LITERAL("");
    for (size_t i = 0; i < site->config->hosts.count; i++) {
        const char *allowed = site->config->hosts.items[i];
        if (strlen(allowed) == host.length && strncasecmp(allowed, host.at, host.length) == 0)
            return span_of(text.at, length);
    }
    return SPAN_LITERAL("");
}
