/* What keys are called. Texts that sites and readers made are their own names; closed lists have words here. */
#include "screen.h"

#include "sporlos/known_keys.h"

#define NO_NAME                                                                                                        \
    {                                                                                                                  \
        NULL, 0                                                                                                        \
    }

static const struct {
    enum key_kind kind;
    const char *key;
    enum message message;
    bool is_rest;
} known[] = {
    { KEY_REFERRER, "search", MESSAGE_FROM_SEARCH, false },
    { KEY_REFERRER, "direct", MESSAGE_FROM_DIRECT, false },
    { KEY_REFERRER, "ai", MESSAGE_FROM_AI, false },
    { KEY_REFERRER, "social", MESSAGE_FROM_SOCIAL, false },
    { KEY_REFERRER, "mail", MESSAGE_FROM_MAIL, false },
    { KEY_REFERRER, "public", MESSAGE_FROM_PUBLIC, false },
    { KEY_REFERRER, "site", MESSAGE_FROM_SITE, false },
    { KEY_DEVICE, "desktop", MESSAGE_DEVICE_IS_DESKTOP, false },
    { KEY_DEVICE, "mobile", MESSAGE_DEVICE_IS_MOBILE, false },
    { KEY_DEVICE, "tablet", MESSAGE_DEVICE_IS_TABLET, false },
    { KEY_DEVICE, "unknown", MESSAGE_OTHERS, true },
    { KEY_BROWSER, "other", MESSAGE_OTHERS, true },
    { KEY_SYSTEM, "other", MESSAGE_OTHERS, true },
    { KEY_MUNICIPALITY, KEY_UNKNOWN, MESSAGE_UNKNOWN, true },
    { KEY_MUNICIPALITY, KEY_ABROAD, MESSAGE_ABROAD, true },
    { KEY_PAGE, KEY_OTHER, MESSAGE_OTHER_PAGES, true },
    { KEY_REASON, "bot", MESSAGE_REASON_BOT, false },
    { KEY_REASON, "ai", MESSAGE_REASON_AI, false },
    { KEY_REASON, "prefetch", MESSAGE_REASON_PREFETCH, false },
    { KEY_REASON, "foreign_origin", MESSAGE_REASON_ORIGIN, false },
    { KEY_REASON, "malformed", MESSAGE_REASON_MALFORMED, false },
    { KEY_REASON, "rate", MESSAGE_REASON_RATE, false },
};

static uint16_t
number_of(struct span digits)
{
    unsigned number = 0;
    for (size_t i = 0; i < digits.length && i < 4; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return 0;
        number = number * 10 + (unsigned)(digits.at[i] - '0');
    }
    return (uint16_t)number;
}

struct span
county_name(const struct page *page, struct span digits)
{
    const struct gazetteer_county *county = NULL;
    if (page->gazetteer != NULL && number_of(digits) != 0)
        county = gazetteer_county(page->gazetteer, number_of(digits));
    return county == NULL ? digits : span_text(county->name);
}

bool
is_county(const struct page *page, struct span digits)
{
    bool is_number = digits.length == 2 && number_of(digits) != 0;
    return is_number && (page->gazetteer == NULL || gazetteer_county(page->gazetteer, number_of(digits)) != NULL);
}

const struct gazetteer_municipality *
municipality_of(const struct page *page, struct span key)
{
    return page->gazetteer == NULL || key.length != 4 ? NULL : gazetteer_municipality(page->gazetteer, number_of(key));
}

static struct label
place_label(const struct page *page, struct span key)
{
    if (key.length == 3 && (key.at[0] == 'r' || key.at[0] == 'f')) {
        enum message message = key.at[0] == 'r' ? MESSAGE_REST_OF : MESSAGE_SMALL_OF;
        return (struct label){ message, county_name(page, span_of(key.at + 1, 2)), true };
    }
    const struct gazetteer_municipality *municipality = municipality_of(page, key);
    return (struct label){ MESSAGE_COUNT, municipality == NULL ? key : span_text(municipality->name), false };
}

/* The makers' own names of browsers and systems. */
static struct label
maker_label(enum key_kind kind, struct span key)
{
    size_t index;
    bool is_known = known_key_find(kind, key, &index) == SP_OK;
    return (struct label){ MESSAGE_COUNT, is_known ? span_text(known_keys_of(kind).rows[index].name) : key, false };
}

/* As the configuration writes it: keys are in lower case. */
static struct span
section_name(const struct site_config *site, struct span key)
{
    for (size_t i = 0; i < site->section_count; i++)
        if (span_equal(key, span_text(site->sections[i].right)))
            return span_text(text_pair_shown(&site->sections[i]));
    return key;
}

struct label
label_of(const struct page *page, enum table_id table, struct span key)
{
    if (table == TABLE_COUNT) {
        bool is_county = key.length == 2 && number_of(key) != 0;
        return (struct label){ MESSAGE_COUNT, is_county ? county_name(page, key) : key, false };
    }
    enum key_kind kind = table_table[table].key;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].kind == kind && span_equal(key, span_text(known[i].key)))
            return (struct label){ known[i].message, NO_NAME, known[i].is_rest };
    if (span_equal(key, SPAN_LITERAL(KEY_OTHER)))
        return (struct label){ MESSAGE_OTHERS, NO_NAME, true };
    if (span_equal(key, SPAN_LITERAL(KEY_REMOVED)))
        return (struct label){ MESSAGE_REMOVED, NO_NAME, true };
    if (kind == KEY_SECTION)
        return (struct label){ MESSAGE_COUNT, section_name(page->site, key), false };
    if (kind == KEY_MUNICIPALITY)
        return place_label(page, key);
    if (kind == KEY_BROWSER || kind == KEY_SYSTEM)
        return maker_label(kind, key);
    return (struct label){ MESSAGE_COUNT, key, false };
}
