#include "policy.h"

#include <ctype.h>
#include <strings.h>

#define X(verdict, name, status, reason) [verdict] = { name, status, { reason, sizeof(reason) - 1 } },
const struct verdict_row verdict_table[VERDICT_COUNT] = { VERDICTS(X) };
#undef X

struct question {
    const struct site *site;
    const struct bots *bots;
    const struct beacon *beacon;
    enum beacon_type type;
    const struct http_request *request;
    struct span origin; /* as policy_origin */
};

static bool
header_is(const struct http_request *request, enum http_header_id id, const char *value)
{
    struct span header = http_request_header(request, id);
    return header.at != NULL && span_equal(header, span_text(value));
}

/* Does text hold word (lower case), whatever the case of text? */
static bool
holds_word(struct span text, const char *word)
{
    if (text.length == 0)
        return false;
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
           q->type == BEACON_TYPE_DECLINED; /* the reader's own choice, kept by the tracker */
}

static bool
is_foreign(const struct question *q)
{
    return q->origin.length == 0;
}

/* A page that is fetched ahead has not been seen. Fetch standard, 2.2.8; older Firefox and Chromium. */
static bool
is_prefetch(const struct question *q)
{
    return holds_word(http_request_header(q->request, HTTP_SEC_PURPOSE), "prefetch") ||
           holds_word(http_request_header(q->request, HTTP_PURPOSE), "prefetch") ||
           holds_word(http_request_header(q->request, HTTP_X_MOZ), "prefetch");
}

/* What the User-Agent says; in restricted mode it is not looked at. */
static enum verdict
judge_agent(const struct question *q)
{
    static const enum verdict verdicts[BOT_REASON_COUNT] = {
        [BOT_NONE] = VERDICT_ACCEPTED, [BOT_AUTOMATON] = VERDICT_BOT, [BOT_AI] = VERDICT_AI
    };
    if (is_restricted(q->site))
        return VERDICT_ACCEPTED;
    return verdicts[bots_classify(q->bots, http_request_header(q->request, HTTP_USER_AGENT))];
}

static bool
is_flag(struct span value)
{
    return value.at == NULL || span_equal(value, SPAN_LITERAL("0")) || span_equal(value, SPAN_LITERAL("1"));
}

/* A step of a scale of so many, or nothing. */
static bool
is_step(struct span value, int count)
{
    return value.at == NULL || (value.length == 1 && value.at[0] >= '0' && value.at[0] < '0' + count);
}

static bool
is_path(struct span value)
{
    return value.length > 0 && (value.at[0] == '/' || holds_word(value, "://"));
}

static bool
is_whole_end(const struct beacon *beacon)
{
    bool any = beacon->visible.at != NULL || beacon->depth.at != NULL || beacon->length.at != NULL;
    return any && is_path(beacon->url) && is_step(beacon->visible, VISIBLE_TIME_BUCKETS) &&
           is_step(beacon->depth, SCROLL_QUARTERS) && is_step(beacon->length, VISIBLE_TIME_BUCKETS);
}

static bool
is_answer(const struct site_config *config, struct span answer)
{
    for (size_t i = 0; i < config->answer_count; i++) {
        if (span_equal(answer, span_text(config->answers[i].left)))
            return true;
    }
    return false;
}

/* Has it what its type needs, and nothing that its type cannot have? What it may leave out is not asked for. */
static bool
is_whole(const struct question *q)
{
    const struct beacon *beacon = q->beacon;
    switch (q->type) {
    case BEACON_TYPE_VIEW:
        return is_flag(beacon->entry) && is_path(beacon->url);
    case BEACON_TYPE_SEARCH:
        return beacon->word.length > 0 && is_flag(beacon->fruitless);
    case BEACON_TYPE_END:
        return is_whole_end(beacon);
    case BEACON_TYPE_FEEDBACK:
        return is_path(beacon->url) && is_answer(q->site->config, beacon->answer);
    case BEACON_TYPE_DOWNLOAD:
    case BEACON_TYPE_MISSING:
        return is_path(beacon->value);
    case BEACON_TYPE_OUTBOUND:
    case BEACON_TYPE_EVENT:
        return beacon->value.length > 0;
    case BEACON_TYPE_DECLINED:
    case BEACON_TYPE_UNKNOWN:
        break;
    }
    return false;
}

static bool
is_malformed(const struct question *q)
{
    return !beacon_is_taken(q->type, q->site->mode) || !is_whole(q);
}

enum verdict
policy_decide(const struct site *site, const struct bots *bots, const struct beacon *beacon,
              const struct http_request *request, struct span *origin)
{
    *origin = policy_origin(site, request);
    const struct question question = { site, bots, beacon, beacon_type(beacon), request, *origin };
    if (is_foreign(&question)) /* first: nobody else may touch a site's numbers, not even 'declined' */
        return VERDICT_FOREIGN_ORIGIN;
    if (says_opt_out(&question)) /* a refusal outranks everything that looks at what was sent */
        return VERDICT_DECLINED;
    if (is_prefetch(&question))
        return VERDICT_PREFETCH;
    enum verdict agent = judge_agent(&question);
    if (agent != VERDICT_ACCEPTED)
        return agent;
    return is_malformed(&question) ? VERDICT_MALFORMED : VERDICT_ACCEPTED;
}

static bool
same_text(const char *a, const char *b, size_t length)
{
    return memcmp(a, b, length) == 0 || strncasecmp(a, b, length) == 0; /* browsers send lower case */
}

/* How much of text 'http://' or 'https://' is; 0 for neither. */
static size_t
scheme_length(struct span text)
{
    if (text.length > 8 && same_text(text.at, "https://", 8))
        return 8;
    return text.length > 7 && same_text(text.at, "http://", 7) ? 7 : 0;
}

/* Where the port that may begin at text.at[end] ends. */
static size_t
skip_port(struct span text, size_t end)
{
    if (end < text.length && text.at[end] == ':') {
        end++;
        while (end < text.length && isdigit((unsigned char)text.at[end]))
            end++;
    }
    return end;
}

/* The length of 'scheme://host[:port]' at the start of text, up to its end or a '/'; 0 when host is another one. */
static size_t
origin_length(struct span text, size_t scheme, const char *host)
{
    size_t length = strlen(host);
    if (text.length - scheme < length || !same_text(text.at + scheme, host, length))
        return 0;
    size_t end = skip_port(text, scheme + length);
    return end == text.length || text.at[end] == '/' ? end : 0;
}

struct span
policy_origin(const struct site *site, const struct http_request *request)
{
    const struct text_list *hosts = &site->config->hosts;
    struct span text = http_request_header(request, HTTP_ORIGIN);
    bool is_origin = text.at != NULL;
    if (!is_origin)
        text = http_request_header(request, HTTP_REFERER);
    size_t scheme = scheme_length(text);
    for (size_t i = 0; scheme > 0 && i < hosts->count; i++) {
        size_t length = origin_length(text, scheme, hosts->items[i]);
        if (length > 0)
            return is_origin && length != text.length ? SPAN_LITERAL("") : span_of(text.at, length);
    }
    return SPAN_LITERAL("");
}
