#include "sporlos/known_keys.h"

#define X(code, key, name) [code] = { key, name },
const struct key_row agent_devices[DEVICE_COUNT] = { AGENT_DEVICES(X) };
const struct key_row agent_browsers[BROWSER_COUNT] = { AGENT_BROWSERS(X) };
const struct key_row agent_systems[SYSTEM_COUNT] = { AGENT_SYSTEMS(X) };
#undef X

#define X(class, key) [class] = { key, key },
static const struct key_row classes[REFERRER_CLASS_COUNT] = { REFERRER_CLASSES(X) };
static const struct key_row reasons[DROP_REASON_COUNT] = { DROP_REASONS(X) };
#undef X

static const struct key_row buckets[VISIBLE_TIME_BUCKETS] = { { "0", "0" }, { "1", "1" }, { "2", "2" }, { "3", "3" },
                                                              { "4", "4" }, { "5", "5" }, { "6", "6" } };

struct known_keys
known_keys_of(enum key_kind kind)
{
    static const struct known_keys lists[KEY_KIND_COUNT] = {
        [KEY_REFERRER] = { classes, REFERRER_CLASS_COUNT }, [KEY_DEVICE] = { agent_devices, DEVICE_COUNT },
        [KEY_BROWSER] = { agent_browsers, BROWSER_COUNT },  [KEY_SYSTEM] = { agent_systems, SYSTEM_COUNT },
        [KEY_BUCKET] = { buckets, VISIBLE_TIME_BUCKETS },   [KEY_BUCKET_PAGE] = { buckets, VISIBLE_TIME_BUCKETS },
        [KEY_QUARTER_PAGE] = { buckets, SCROLL_QUARTERS },  [KEY_REASON] = { reasons, DROP_REASON_COUNT },
    };
    return lists[kind];
}

struct known_keys
known_keys_in(enum site_mode mode, enum key_kind kind)
{
    struct known_keys known = known_keys_of(kind);
    if (kind == KEY_REASON && mode_table[mode].tables == TABLES_RESTRICTED)
        known.count = REASON_AI;
    return known;
}

enum sp_error
known_key_find(enum key_kind kind, struct span key, size_t *index)
{
    struct known_keys keys = known_keys_of(kind);
    for (*index = 0; *index < keys.count; ++*index) {
        if (span_equal(key, span_text(keys.rows[*index].key)))
            return SP_OK;
    }
    *index = 0;
    return SP_NOT_FOUND;
}

void
key_halves(struct span key, struct span *head, struct span *page)
{
    const char *separator = key.length == 0 ? NULL : memchr(key.at, KEY_SEPARATOR, key.length);
    size_t length = separator == NULL ? key.length : (size_t)(separator - key.at);
    *head = span_of(key.at, length);
    *page = separator == NULL ? SPAN_LITERAL("") : span_of(separator + 1, key.length - length - 1);
}
