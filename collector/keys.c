#include "keys.h"

#include "referrer.h"
#include "sporlos/page_pattern.h"
#include "sporlos/text.h"
#include "sporlos/utf8.h"
#include "url.h"

#include <sodium.h>

static enum sp_error
intern_known(struct keys *keys)
{
    enum sp_error error = SP_OK;
    for (int kind = 0; kind < KEY_KIND_COUNT; kind++) {
        struct known_keys known = known_keys_of((enum key_kind)kind);
        for (size_t i = 0; i < known.count && error == SP_OK; i++)
            error = texts_intern(keys->texts, span_text(known.rows[i].key), &keys->known[kind][i]);
    }
    return error;
}

enum sp_error
keys_init(struct keys *keys, struct texts *texts, struct names *names)
{
    *keys = (struct keys){ .texts = texts, .names = names };
    enum sp_error error = texts_intern(texts, SPAN_LITERAL(KEY_OTHER), &keys->other);
    if (error == SP_OK)
        error = texts_intern(texts, SPAN_LITERAL(KEY_UNKNOWN), &keys->unknown);
    if (error == SP_OK)
        error = texts_intern(texts, SPAN_LITERAL(KEY_REMOVED), &keys->removed);
    for (int i = 0; i < VERDICT_COUNT && error == SP_OK; i++)
        error = texts_intern(texts, span_text(verdict_table[i].name), &keys->reasons[i]);
    return error == SP_OK ? intern_known(keys) : error;
}

void
keys_keep(const struct keys *keys)
{
    texts_keep(keys->texts, keys->other);
    texts_keep(keys->texts, keys->unknown);
    texts_keep(keys->texts, keys->removed);
    for (int i = 0; i < VERDICT_COUNT; i++)
        texts_keep(keys->texts, keys->reasons[i]);
    for (int kind = 0; kind < KEY_KIND_COUNT; kind++) {
        for (size_t i = 0; i < known_keys_of((enum key_kind)kind).count; i++)
            texts_keep(keys->texts, keys->known[kind][i]);
    }
}

/* ---- names ---- */

/* Keep the text under its own name, now and until it has not been used for long. */
static uint32_t
admit(struct keys *keys, struct name_id id, struct span text, int32_t day, enum name_origin origin)
{
    if (texts_intern(keys->texts, text, &id.text) == SP_OK && names_admit(keys->names, id, day, origin) == SP_OK)
        return id.text;
    keys->full = true;
    return keys->other;
}

/* Has the text a name? TEXT_NONE: not yet. */
static uint32_t
named(struct keys *keys, struct name_id id, struct span text, int32_t day)
{
    id.text = texts_find(keys->texts, text);
    return id.text != TEXT_NONE && names_use(keys->names, id, day) ? id.text : TEXT_NONE;
}

/* A name by being common: KEY_OTHER until enough networks have sent the text on one day, and not a letter of it kept.
 */
static uint32_t
earned(struct keys *keys, const struct asker *asker, struct name_id id, struct span text)
{
    int needed = mode_table[asker->site->mode].witnesses;
    if (names_candidate(keys->names, id, text, sender_sources(asker->sender)->by_day.digest, asker->day, needed))
        return admit(keys, id, text, asker->day, NAME_EARNED);
    return keys->other;
}

static uint32_t
named_or_earned(struct keys *keys, const struct asker *asker, enum name_kind kind, struct span text)
{
    struct name_id id = { asker->site->text, TEXT_NONE, kind };
    uint32_t key = named(keys, id, text, asker->day);
    return key != TEXT_NONE ? key : earned(keys, asker, id, text);
}

/* ---- pages and files ---- */

static const char *
fold_of(const struct site_config *config, struct span path)
{
    for (size_t i = 0; i < config->fold_count; i++) {
        if (page_pattern_matches(config->folds[i].pattern, path))
            return config->folds[i].page;
    }
    return NULL;
}

/* In a restricted site a '*' does not let in what could point at a person: such a page is listed in full, or not. */
static bool
is_listed(const struct site *site, struct span path)
{
    bool in_full = beacon_fate(BEACON_url, site->mode) == FATE_LISTED_PAGE && text_is_telling(path);
    return page_patterns_name(&site->config->pages, path, in_full);
}

void
keys_read_page(const struct site *site, struct span url, struct page_path *out)
{
    struct span path;
    out->path = url;
    out->folded = false;
    out->used = 0;
    if (!url_is_folded(url)) {
        if (url_path(url, &path) != SP_OK || url_fold(path, out->bytes, &out->used) != SP_OK) {
            out->path = (struct span){ NULL, 0 };
            out->used = sizeof out->bytes; /* how far a path came that is none, nobody knows */
            return;
        }
        out->path = span_of(out->bytes, out->used);
    }
    const char *page = fold_of(site->config, out->path);
    out->folded = page != NULL;
    if (page != NULL)
        out->path = span_text(page);
}

uint32_t
keys_page(struct keys *keys, const struct asker *asker, const struct page_path *page, bool may_earn)
{
    const struct site *site = asker->site;
    struct name_id id = { site->text, TEXT_NONE, NAME_PAGE };
    if (page->path.at == NULL)
        return keys->other;
    uint32_t text = named(keys, id, page->path, asker->day);
    if (text != TEXT_NONE)
        return text;
    if (page->folded || is_listed(site, page->path))
        return admit(keys, id, page->path, asker->day, NAME_LISTED);
    if (!may_earn || beacon_fate(BEACON_url, site->mode) != FATE_PAGE || text_is_telling(page->path))
        return keys->other;
    return earned(keys, asker, id, page->path);
}

static uint32_t
path_key(struct keys *keys, const struct asker *asker, enum name_kind kind, struct span path, bool listed)
{
    struct name_id id = { asker->site->text, TEXT_NONE, kind };
    uint32_t text = named(keys, id, path, asker->day);
    if (text != TEXT_NONE)
        return text;
    if (listed && is_listed(asker->site, path))
        return admit(keys, id, path, asker->day, NAME_LISTED);
    return text_is_telling(path) ? keys->other : earned(keys, asker, id, path);
}

uint32_t
keys_file(struct keys *keys, const struct asker *asker, enum name_kind kind, struct span url, bool listed)
{
    char folded[PATH_MAX_BYTES];
    size_t length = 0;
    struct span path;
    uint32_t key = keys->other;
    if (url_path(url, &path) == SP_OK && url_fold(path, folded, &length) == SP_OK)
        key = path_key(keys, asker, kind, span_of(folded, length), listed);
    sodium_memzero(folded, sizeof folded);
    return key;
}

/* ---- words, events, hosts ---- */

uint32_t
keys_word(struct keys *keys, const struct asker *asker, enum name_kind kind, struct span text)
{
    char word[WORD_BYTES_MAX];
    size_t length = 0;
    uint32_t key = keys->removed;
    if (text_scrub(text, word, &length) == SCRUBBED_KEPT)
        key = named_or_earned(keys, asker, kind, span_of(word, length));
    sodium_memzero(word, sizeof word);
    return key;
}

static const char *
listed_event(const struct site_config *config, struct span text)
{
    char lower[TAG_BYTES_MAX];
    const char *found = NULL;
    if (text.length == 0 || text.length > sizeof lower)
        return NULL;
    memcpy(lower, text.at, text.length);
    utf8_lower(lower, text.length);
    for (size_t i = 0; i < config->events.count && found == NULL; i++) {
        if (span_equal(span_text(config->events.items[i]), span_of(lower, text.length)))
            found = config->events.items[i];
    }
    sodium_memzero(lower, sizeof lower);
    return found;
}

uint32_t
keys_event(struct keys *keys, const struct asker *asker, struct span text)
{
    const char *listed = listed_event(asker->site->config, text);
    return listed != NULL ? keys_own(keys, span_text(listed)) : keys_word(keys, asker, NAME_EVENT, text);
}

uint32_t
keys_host(struct keys *keys, const struct asker *asker, enum name_kind kind, struct span domain)
{
    if (domain.length == 0 || text_is_telling(domain))
        return keys->other;
    return named_or_earned(keys, asker, kind, domain);
}

/* ---- what was earned before ---- */

static bool
is_word(struct span text)
{
    char word[WORD_BYTES_MAX];
    size_t length = 0;
    bool kept = text_scrub(text, word, &length) == SCRUBBED_KEPT && span_equal(span_of(word, length), text);
    sodium_memzero(word, sizeof word);
    return kept;
}

static bool
is_path(struct span text)
{
    char folded[PATH_MAX_BYTES];
    size_t length = 0;
    bool same = url_fold(text, folded, &length) == SP_OK && span_equal(span_of(folded, length), text);
    sodium_memzero(folded, sizeof folded);
    return same && !text_is_telling(text);
}

/* As collector/referrer.c tells them. */
static bool
is_domain(struct span text)
{
    if (text.length == 0 || text.length >= REFERRER_DOMAIN_MAX || text_is_telling(text))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.')
            return false;
    }
    return true;
}

bool
keys_may_have_earned(enum name_kind kind, struct span text)
{
    switch (kind) {
    case NAME_PAGE:
    case NAME_DOWNLOAD:
    case NAME_MISSING:
        return is_path(text);
    case NAME_HOST:
    case NAME_OUTBOUND:
        return is_domain(text);
    case NAME_WORD:
    case NAME_EVENT:
    case NAME_CAMPAIGN:
    case NAME_SOURCE:
    case NAME_MEDIUM:
        return is_word(text);
    case NAME_KIND_COUNT:
        break;
    }
    return false;
}

/* ---- texts of ours, and keys of two halves ---- */

uint32_t
keys_own(struct keys *keys, struct span text)
{
    uint32_t key;
    if (texts_intern(keys->texts, text, &key) == SP_OK)
        return key;
    keys->full = true;
    return keys->other;
}

enum { JOINED_BYTES_MAX = TEXT_BYTES_MAX };

/* In out; .at NULL when it is too long. */
static struct span
join(struct span head, struct span page, char out[JOINED_BYTES_MAX])
{
    size_t length = head.length + 1 + page.length;
    if (length > JOINED_BYTES_MAX)
        return (struct span){ NULL, 0 };
    memcpy(out, head.at, head.length);
    out[head.length] = KEY_SEPARATOR;
    memcpy(out + head.length + 1, page.at, page.length);
    return span_of(out, length);
}

uint32_t
keys_joined(struct keys *keys, struct span head, uint32_t page)
{
    char out[JOINED_BYTES_MAX];
    uint32_t key;
    struct span joined = join(head, texts_get(keys->texts, page), out);
    if (joined.at != NULL && texts_intern(keys->texts, joined, &key) == SP_OK)
        return key;
    keys->full = keys->full || joined.at != NULL;
    return keys_own(keys, join(head, SPAN_LITERAL(KEY_OTHER), out));
}

/* The same first half, of no page in particular. */
static uint32_t
coarse_joined(const struct keys *keys, uint32_t key)
{
    char out[JOINED_BYTES_MAX];
    struct span head;
    struct span page;
    key_halves(texts_get(keys->texts, key), &head, &page);
    uint32_t coarse = texts_find(keys->texts, join(head, SPAN_LITERAL(KEY_OTHER), out));
    return coarse == TEXT_NONE ? key : coarse;
}

/* What stands for a key that may be new; of any other kind the keys are there from the start of a period. */
static const enum coarse {
    COARSE_ITSELF,
    COARSE_OTHER,
    COARSE_UNKNOWN,
    COARSE_OTHER_PAGE,
} coarse_of[KEY_KIND_COUNT] = {
    [KEY_PAGE] = COARSE_OTHER,
    [KEY_WORD] = COARSE_OTHER,
    [KEY_HOST] = COARSE_OTHER,
    [KEY_CAMPAIGN] = COARSE_OTHER,
    [KEY_FILE] = COARSE_OTHER,
    [KEY_EVENT] = COARSE_OTHER,
    [KEY_MUNICIPALITY] = COARSE_UNKNOWN,
    [KEY_BUCKET_PAGE] = COARSE_OTHER_PAGE,
    [KEY_QUARTER_PAGE] = COARSE_OTHER_PAGE,
    [KEY_ANSWER_PAGE] = COARSE_OTHER_PAGE,
};

uint32_t
keys_coarse(const struct keys *keys, enum key_kind kind, uint32_t key)
{
    switch (coarse_of[kind]) {
    case COARSE_ITSELF:
        break;
    case COARSE_OTHER:
        return keys->other;
    case COARSE_UNKNOWN:
        return keys->unknown;
    case COARSE_OTHER_PAGE:
        return coarse_joined(keys, key);
    }
    return key;
}
