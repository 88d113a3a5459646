#include "referrer.h"

#include "../lib/domain.h"
#include "referrer_rows.h"
#include "suffixes.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>

#define X(class, key) [class] = key,
const char *const referrer_class_keys[REFERRER_CLASS_COUNT] = { REFERRER_CLASSES(X) };
#undef X

enum {
    LABEL_BYTES_MAX = 63, /* RFC 1035, 2.3.4 */
    LABELS_LOOKED_AT = 8  /* from the right; rows have at most as many */
};

struct row {
    const char *host;
    const char *key;                       /* what is told of it; NULL: the registrable domain */
    uint32_t hash;                         /* of host */
    unsigned char host_length, key_length; /* bytes */
    unsigned char class;                   /* enum referrer_class */
};

#define KNOWN(host, class, key) { host, key == NULL ? host : key, 0, 0, 0, class },
#define SUFFIX(host, class) { host, NULL, 0, 0, 0, class },
static const struct row built_in[] = { REFERRER_ROWS_SEARCH(KNOWN) REFERRER_ROWS_AI(KNOWN) REFERRER_ROWS_SOCIAL(
    KNOWN) REFERRER_ROWS_MAIL(KNOWN) REFERRER_ROWS_PUBLIC(KNOWN) REFERRER_ROWS_SITE(KNOWN) REFERRER_SUFFIXES(SUFFIX) };

#define X(label, class) { { label ".", sizeof(label) }, class },
static const struct brand {
    struct span label; /* with its dot */
    enum referrer_class class;
} brands[] = { REFERRER_BRANDS(X) };
#undef X

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

struct referrers {
    struct row *slots; /* open addressing; host NULL: empty */
    uint32_t slot_mask;
    size_t row_bytes_max;         /* no row and no rule is longer */
    char (*names)[SITE_NAME_MAX]; /* the hosts of overrides */
};

/* A host in one form, with a dot before it and a NUL behind. */
struct host {
    char text[REFERRER_DOMAIN_MAX + 1];
    size_t end;                        /* of the host in text; it begins at 1 */
    size_t starts[LABELS_LOOKED_AT];   /* of its last labels, the last first */
    uint32_t hashes[LABELS_LOOKED_AT]; /* of what begins there, up to the end */
    size_t hashed;                     /* how many of them are known: no row is as long as the others */
    size_t labels;                     /* as many of them as there are */
};

/* ---- the table ---- */

static struct row *
slot_of(const struct referrers *referrers, uint32_t hash, const char *text, size_t length)
{
    for (uint32_t at = hash ^ hash >> 15;; at++) {
        struct row *row = &referrers->slots[at & referrers->slot_mask];
        if (row->host == NULL)
            return row;
        if (row->hash == hash && row->host_length == length && memcmp(row->host, text, length) == 0)
            return row;
    }
}

static void
put(struct referrers *referrers, struct row row)
{
    size_t length = strlen(row.host);
    row.hash = suffix_hash(span_of(row.host, length));
    row.host_length = (unsigned char)length;
    if (length > referrers->row_bytes_max)
        referrers->row_bytes_max = length;
    row.key_length = (unsigned char)(row.key == NULL ? 0 : strlen(row.key));
    *slot_of(referrers, row.hash, row.host, length) = row;
}

static size_t
label_count(const char *name)
{
    size_t count = 1;
    for (; *name != '\0'; name++)
        count += *name == '.';
    return count;
}

static enum sp_error
put_override(struct referrers *referrers, const struct referrer_override *override, size_t number)
{
    const char *why;
    char *name = referrers->names[number];
    if (override->class <= REFERRER_DIRECT || override->class >= REFERRER_CLASS_COUNT)
        return SP_MALFORMED;
    enum sp_error error = domain_to_ascii(override->host, name, &why);
    if (error != SP_OK)
        return error;
    for (size_t i = 0; i < number; i++) {
        if (strcmp(referrers->names[i], name) == 0)
            return SP_FULL;
    }
    if (label_count(name) > LABELS_LOOKED_AT)
        return SP_MALFORMED;
    put(referrers, (struct row){ .host = name, .key = name, .class = (unsigned char) override->class });
    return SP_OK;
}

enum sp_error
referrers_new(const struct referrer_override *overrides, size_t count, struct referrers **referrers)
{
    size_t slots = 1;
    enum sp_error error = SP_OK;
    struct referrers *r = *referrers = NULL;
    while (slots < (COUNT(built_in) + count) * 2)
        slots *= 2;
    r = calloc(1, sizeof *r);
    if (r == NULL)
        return SP_NO_MEMORY;
    r->slot_mask = (uint32_t)(slots - 1);
    r->row_bytes_max = SUFFIX_BYTES_MAX;
    r->slots = calloc(slots, sizeof *r->slots);
    r->names = calloc(count == 0 ? 1 : count, sizeof *r->names);
    if (r->slots == NULL || r->names == NULL)
        error = SP_NO_MEMORY;
    for (size_t i = 0; i < COUNT(built_in) && error == SP_OK; i++)
        put(r, built_in[i]);
    for (size_t i = 0; i < count && error == SP_OK; i++)
        error = put_override(r, &overrides[i], i);
    if (error == SP_OK)
        *referrers = r;
    else
        referrers_free(r);
    return error;
}

void
referrers_free(struct referrers *referrers)
{
    if (referrers == NULL)
        return;
    free(referrers->slots);
    free(referrers->names);
    free(referrers);
}

enum sp_error
referrer_class_find(struct span key, enum referrer_class *class)
{
    for (*class = 0; *class < REFERRER_CLASS_COUNT; ++*class) {
        if (span_equal(key, span_text(referrer_class_keys[*class])))
            return SP_OK;
    }
    return SP_NOT_FOUND;
}

/* ---- the host in one form ---- */

/*
 * Lower case to out. False when a byte is none of a host name; '_' is taken, because subdomains have it. No branches,
 * so that compilers do sixteen bytes at a time.
 */
static bool
lower(struct span text, char *restrict out)
{
    const unsigned char *restrict in = (const unsigned char *)text.at;
    unsigned char faults = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char low = (unsigned char)(in[i] | ((unsigned char)(in[i] - 'A') < 26) << 5);
        unsigned char letter = (unsigned char)((unsigned char)(low - 'a') < 26) | ((unsigned char)(low - '0') < 10);
        unsigned char other = (unsigned char)((low == '-') | (low == '.') | (low == '_'));
        faults |= (unsigned char)((letter | other) ^ 1);
        out[i] = (char)low;
    }
    return faults == 0;
}

static bool
is_ascii(struct span text)
{
    unsigned char all = 0;
    for (size_t i = 0; i < text.length; i++)
        all |= (unsigned char)text.at[i];
    return all < 0x80;
}

/* Its last labels that are looked at: the rest need not be converted. */
static struct span
end_of(struct span text)
{
    size_t labels = 0;
    for (size_t at = text.length; at > 0; at--) {
        if (text.at[at - 1] == '.' && ++labels == LABELS_LOOKED_AT)
            return span_of(text.at + at, text.length - at);
    }
    return text;
}

/* U-labels become A-labels. */
static bool
set_international(struct host *host, struct span text)
{
    const char *why;
    char terminated[REFERRER_DOMAIN_MAX], ascii[SITE_NAME_MAX];
    if (memchr(text.at, '\0', text.length) != NULL)
        return false;
    memcpy(terminated, text.at, text.length);
    terminated[text.length] = '\0';
    bool read = domain_to_ascii(terminated, ascii, &why) == SP_OK;
    if (read) {
        host->end = 1 + strlen(ascii);
        read = lower(span_of(ascii, host->end - 1), host->text + 1);
    }
    sodium_memzero(terminated, sizeof terminated);
    sodium_memzero(ascii, sizeof ascii);
    return read;
}

/* Fills starts and hashes. False when a label that is looked at is empty or too long. */
static bool
find_labels(struct host *host, size_t row_bytes_max)
{
    uint32_t hash = SUFFIX_HASH_SEED;
    size_t label_end = host->end, hashed = host->end;
    host->labels = host->hashed = 0;
    while (host->labels < LABELS_LOOKED_AT && label_end > 0) {
        const char *dot = memrchr(host->text, '.', label_end);
        size_t start = (size_t)(dot - host->text) + 1;
        if (start == label_end || label_end - start > LABEL_BYTES_MAX)
            return false;
        if (host->end - start <= row_bytes_max) {
            while (hashed > start)
                hash = suffix_hash_step(hash, host->text[--hashed]);
            host->hashes[host->hashed++] = hash;
        }
        host->starts[host->labels++] = start;
        label_end = start - 1;
    }
    return true;
}

static bool
set_host(struct host *host, struct span text, size_t row_bytes_max)
{
    if (text.length > 0 && text.at[text.length - 1] == '.')
        text.length--;
    if (text.length == 0 || text.length >= REFERRER_DOMAIN_MAX)
        return false;
    host->text[0] = '.';
    host->end = 1 + text.length;
    if (!(is_ascii(text) ? lower(text, host->text + 1) : set_international(host, end_of(text))))
        return false;
    host->text[host->end] = '\0';
    return find_labels(host, row_bytes_max);
}

/* Without ':8443'. False when what follows the colon is no port. */
static bool
strip_port(struct span *text)
{
    const char *colon = memchr(text->at, ':', text->length);
    if (colon == NULL)
        return true;
    for (const char *at = colon + 1; at < text->at + text->length; at++) {
        if (*at < '0' || *at > '9')
            return false;
    }
    text->length = (size_t)(colon - text->at);
    return true;
}

/* ---- the answer ---- */

static struct span
without_www(struct span host)
{
    bool www = host.length > 4 && memcmp(host.at, "www.", 4) == 0;
    return www ? span_of(host.at + 4, host.length - 4) : host;
}

static bool
is_own(const struct host *host, const struct text_list *own)
{
    struct span name = without_www(span_of(host->text + 1, host->end - 1));
    for (size_t i = 0; own != NULL && i < own->count; i++) {
        if (span_equal(name, without_www(span_text(own->items[i]))))
            return true;
    }
    return false;
}

/* Its last labels. */
static struct span
tail(const struct host *host, size_t labels)
{
    size_t start = host->starts[labels - 1];
    return span_of(host->text + start, host->end - start);
}

/* The longest row that the host is or is below of; NULL for none. */
static const struct row *
row_of(const struct referrers *referrers, const struct host *host)
{
    for (size_t i = host->hashed; i-- > 0;) {
        struct span suffix = tail(host, i + 1);
        const struct row *row = slot_of(referrers, host->hashes[i], suffix.at, suffix.length);
        if (row->host != NULL)
            return row;
    }
    return NULL;
}

static unsigned
rules_for(const struct host *host, size_t labels)
{
    return labels == 0 ? 0 : suffixes_find(tail(host, labels), host->hashes[labels - 1]);
}

/* How many of the last labels are the longest public suffix; 0 for a name under none, such as printer.local. */
static size_t
suffix_labels(const struct host *host)
{
    size_t labels = host->hashed < SUFFIX_LABELS_MAX ? host->hashed : SUFFIX_LABELS_MAX;
    for (unsigned rules = rules_for(host, labels); labels > 0; labels--) {
        unsigned above = rules_for(host, labels - 1);
        if ((rules & SUFFIX_EXCEPTION) != 0)
            return labels - 1;
        if ((rules & (SUFFIX_SELF | SUFFIX_BELOW)) != 0 || (above & SUFFIX_BELOW) != 0)
            return labels;
        rules = above;
    }
    return 0;
}

static struct span
registrable(const struct host *host)
{
    size_t labels = suffix_labels(host);
    if (labels == 0 || labels == host->labels)
        return span_of(NULL, 0);
    struct span domain = tail(host, labels + 1);
    const char *label_end = host->text + host->starts[labels - 1] - 1;
    bool named = memchr(domain.at, '_', domain.length) == NULL && domain.at[0] != '-' && label_end[-1] != '-';
    return named ? domain : span_of(NULL, 0);
}

static enum referrer_class
class_of_domain(struct span domain)
{
    for (size_t i = 0; i < COUNT(brands); i++) {
        struct span label = brands[i].label;
        if (domain.length > label.length && memcmp(domain.at, label.at, label.length) == 0)
            return brands[i].class;
    }
    return REFERRER_SITE;
}

static enum referrer_class
answer(enum referrer_class class, struct span key, char domain[REFERRER_DOMAIN_MAX], size_t *length)
{
    if (key.length > 0)
        memcpy(domain, key.at, key.length);
    *length = key.length;
    return class;
}

/* What Android's apps put before the names of their packages. */
static bool
strip_app(struct span *text)
{
    static const struct span scheme = { "android-app://", sizeof("android-app://") - 1 };
    if (text->length <= scheme.length || memcmp(text->at, scheme.at, scheme.length) != 0)
        return false;
    *text = span_of(text->at + scheme.length, text->length - scheme.length);
    const char *slash = memchr(text->at, '/', text->length);
    text->length = slash == NULL ? text->length : (size_t)(slash - text->at);
    return true;
}

static enum referrer_class
classify(const struct referrers *referrers, struct span text, const struct text_list *own, struct host *host,
         char domain[REFERRER_DOMAIN_MAX], size_t *length)
{
    if (text.length == 0)
        return REFERRER_DIRECT;
    if (text.at[0] == '[') /* an IPv6 address */
        return REFERRER_SITE;
    bool app = strip_app(&text);
    if (!strip_port(&text) || !set_host(host, text, referrers->row_bytes_max) || (!app && is_own(host, own)))
        return REFERRER_DIRECT;
    const struct row *row = row_of(referrers, host);
    if (row != NULL && row->key != NULL)
        return answer((enum referrer_class)row->class, span_of(row->key, row->key_length), domain, length);
    if (app || strncmp(host->text, ".com.", 5) == 0) /* a package's last label may be a top-level domain */
        return REFERRER_SITE;
    struct span name = registrable(host);
    return answer(row != NULL ? (enum referrer_class)row->class : class_of_domain(name), name, domain, length);
}

enum referrer_class
referrers_classify(const struct referrers *referrers, struct span text, const struct text_list *own,
                   char domain[REFERRER_DOMAIN_MAX], size_t *length)
{
    struct host host;
    *length = 0;
    enum referrer_class class = classify(referrers, text, own, &host, domain, length);
    sodium_memzero(host.text, sizeof host.text); /* anything may have been sent as a host */
    return class;
}
