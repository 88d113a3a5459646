#include "release.h"

#include <stdlib.h>
#include <string.h>

#include "hash_map.h"
#include "sporlos/in_force.h"
#include "sporlos/known_keys.h"
#include "sporlos/noise.h"

enum {
    REASON_MAX = 64,          /* bytes: the name of a verdict, or a key of a closed list */
    WORD_MAX = 160,           /* bytes: searched words, 40 characters */
    LEAF_COUNT_MAX = 1000000, /* leaves a period of one site: far above what the collector's table holds */
};
#define LEAF_VALUE_MAX ((int64_t)1 << 53) /* what a JSON number holds exactly; nobody counts that far */

struct release {
    enum table_id table;
    struct span key; /* at: owned */
    int64_t value;
    unsigned sources;
    bool witnessed;
    char *name; /* table, then key: what the hash finds it by; key points into it */
    UT_hash_handle hh;
};

struct release_batch {
    const struct site_config *site;
    struct period period;
    struct release *by_name;
    struct release **items;
    size_t count, room;
};

enum sp_error
release_batch_new(const struct site_config *site, struct period period, struct release_batch **batch)
{
    *batch = calloc(1, sizeof **batch);
    if (*batch == NULL)
        return SP_NO_MEMORY;
    (*batch)->site = site;
    (*batch)->period = period;
    return SP_OK;
}

enum site_mode
release_batch_mode(const struct release_batch *batch)
{
    return site_mode_since(batch->site, period_start(batch->period, &batch->site->zone));
}

static void
release_free(struct release *release)
{
    if (release != NULL)
        free(release->name);
    free(release);
}

void
release_batch_free(struct release_batch *batch)
{
    if (batch == NULL)
        return;
    HASH_CLEAR(hh, batch->by_name);
    for (size_t i = 0; i < batch->count; i++)
        release_free(batch->items[i]);
    free(batch->items);
    free(batch);
}

/* How many bytes the UTF-8 sequence that begins with lead has; 0: none can. */
static size_t
sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte (Unicode 15, table 3-7). */
static bool
second_byte_allowed(unsigned char lead, unsigned char second)
{
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high;
}

/* Well-formed UTF-8 without control characters: what a page may be called in JSON, HTML and CSV alike. */
static bool
is_printable(struct span text)
{
    const unsigned char *bytes = (const unsigned char *)text.at;
    for (size_t i = 0; i < text.length;) {
        size_t length = sequence_length(bytes[i]);
        if (length == 0 || i + length > text.length || bytes[i] < 0x20 || bytes[i] == 0x7f)
            return false;
        if (length > 1 && !second_byte_allowed(bytes[i], bytes[i + 1]))
            return false;
        if (bytes[i] == 0xc2 && bytes[i + 1] < 0xa0)
            return false; /* C1 controls */
        for (size_t j = 2; j < length; j++)
            if ((bytes[i + j] & 0xc0) != 0x80)
                return false;
        i += length;
    }
    return true;
}

static bool
all_within(struct span text, const char *allowed)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] == '\0' || strchr(allowed, text.at[i]) == NULL)
            return false;
    return true;
}

#define DIGITS "0123456789"

static bool
is_no_key(struct span key)
{
    return key.length == 0;
}

static bool
is_page(struct span key)
{
    return span_equal(key, SPAN_LITERAL(KEY_OTHER)) || (key.length > 0 && key.at[0] == '/' && is_printable(key));
}

static bool
is_municipality(struct span key)
{
    if (span_equal(key, SPAN_LITERAL(KEY_UNKNOWN)) || span_equal(key, SPAN_LITERAL(KEY_ABROAD)))
        return true;
    if (key.length == 3 && key.at[0] == 'f')
        return all_within(span_of(key.at + 1, 2), DIGITS);
    return key.length == 4 && all_within(key, DIGITS);
}

/* KEY_OTHER and KEY_REMOVED are words as any other. */
static bool
is_word(struct span key)
{
    return key.length > 0 && is_printable(key);
}

static bool
is_other(struct span key)
{
    return span_equal(key, SPAN_LITERAL(KEY_OTHER));
}

/* A name of the configuration as it is now, or as it was when the period began. */
static bool
is_name(struct span key)
{
    return key.length > 0 && key.at[0] != '(' && is_printable(key);
}

/* A-labels in lower case. */
static bool
is_host(struct span key)
{
    return is_other(key) || (key.length > 0 && all_within(key, "abcdefghijklmnopqrstuvwxyz" DIGITS ".-"));
}

#define KNOWN(name, kind)                                                                                              \
    static bool name(struct span key)                                                                                  \
    {                                                                                                                  \
        size_t index;                                                                                                  \
        return known_key_find(kind, key, &index) == SP_OK;                                                             \
    }
KNOWN(is_referrer, KEY_REFERRER)
KNOWN(is_device, KEY_DEVICE)
KNOWN(is_browser, KEY_BROWSER)
KNOWN(is_system, KEY_SYSTEM)
KNOWN(is_bucket, KEY_BUCKET)
KNOWN(is_reason, KEY_REASON)
#undef KNOWN

static bool
is_known_and_page(enum key_kind kind, struct span key)
{
    struct span head;
    struct span page;
    size_t index;
    key_halves(key, &head, &page);
    return known_key_find(kind, head, &index) == SP_OK && is_page(page);
}

static bool
is_bucket_and_page(struct span key)
{
    return is_known_and_page(KEY_BUCKET_PAGE, key);
}

static bool
is_quarter_and_page(struct span key)
{
    return is_known_and_page(KEY_QUARTER_PAGE, key);
}

static bool
is_answer_and_page(struct span key)
{
    struct span head;
    struct span page;
    key_halves(key, &head, &page);
    return head.length > 0 && head.length <= ANSWER_BYTES_MAX &&
           all_within(head, "abcdefghijklmnopqrstuvwxyz" DIGITS "-") && is_page(page);
}

static const struct {
    bool (*accepts)(struct span key);
    size_t length_max;
} key_rules[] = {
    [KEY_NONE] = { is_no_key, 0 },
    [KEY_PAGE] = { is_page, PATH_MAX_BYTES },
    [KEY_MUNICIPALITY] = { is_municipality, sizeof KEY_UNKNOWN },
    [KEY_REASON] = { is_reason, REASON_MAX },
    [KEY_WORD] = { is_word, WORD_MAX },
    [KEY_SECTION] = { is_name, TAG_BYTES_MAX },
    [KEY_TAG] = { is_name, TAG_BYTES_MAX },
    [KEY_REFERRER] = { is_referrer, REASON_MAX },
    [KEY_HOST] = { is_host, SITE_NAME_MAX },
    [KEY_CAMPAIGN] = { is_word, WORD_MAX },
    [KEY_DEVICE] = { is_device, REASON_MAX },
    [KEY_BROWSER] = { is_browser, REASON_MAX },
    [KEY_SYSTEM] = { is_system, REASON_MAX },
    [KEY_BUCKET] = { is_bucket, 1 },
    [KEY_BUCKET_PAGE] = { is_bucket_and_page, PATH_MAX_BYTES },
    [KEY_QUARTER_PAGE] = { is_quarter_and_page, PATH_MAX_BYTES },
    [KEY_ANSWER_PAGE] = { is_answer_and_page, PATH_MAX_BYTES },
    [KEY_FILE] = { is_page, PATH_MAX_BYTES },
    [KEY_EVENT] = { is_word, WORD_MAX },
};
_Static_assert(sizeof key_rules / sizeof key_rules[0] == KEY_KIND_COUNT, "every kind of key has a rule");

/* Of a closed list that is shorter in restricted modes: does it occur in the mode that the period was counted in? */
static bool
occurs(const struct release_batch *batch, enum key_kind kind, struct span key)
{
    size_t index;
    if (known_keys_in(MODE_RESTRICTED, kind).count == known_keys_of(kind).count)
        return true;
    return known_key_find(kind, key, &index) == SP_OK && index < known_keys_in(release_batch_mode(batch), kind).count;
}

static enum sp_error
check_key(const struct release_batch *batch, enum table_id table, struct span key)
{
    if ((table_periods(table, batch->site->mode) & PERIOD_BIT(batch->period.kind)) == 0)
        return SP_REFUSED;
    if (!site_counts(batch->site, table, batch->period))
        return SP_REFUSED; /* announced only: no declaration was in force for it */
    enum key_kind kind = table_table[table].key;
    if (key.length > key_rules[kind].length_max)
        return SP_TOO_LONG;
    if (!key_rules[kind].accepts(key))
        return SP_MALFORMED;
    return occurs(batch, kind, key) ? SP_OK : SP_REFUSED;
}

enum { NAME_MAX_BYTES = 1 + PATH_MAX_BYTES };
_Static_assert(TABLE_COUNT < 256, "a table is one byte of a leaf's name");

static size_t
write_name(char *out, enum table_id table, struct span key)
{
    out[0] = (char)table;
    if (key.length > 0)
        memcpy(out + 1, key.at, key.length);
    return key.length + 1;
}

static struct release *
find(const struct release_batch *batch, enum table_id table, struct span key)
{
    char name[NAME_MAX_BYTES];
    size_t length = write_name(name, table, key);
    struct release *found;
    HASH_FIND(hh, batch->by_name, name, length, found);
    return found;
}

static bool
make_room(struct release_batch *batch)
{
    if (batch->count < batch->room)
        return true;
    size_t room = batch->room == 0 ? 64 : batch->room * 2;
    struct release **items = realloc(batch->items, room * sizeof *items);
    if (items == NULL)
        return false;
    batch->items = items;
    batch->room = room;
    return true;
}

static enum sp_error
insert(struct release_batch *batch, enum table_id table, struct span key, struct release **made)
{
    if (batch->count >= LEAF_COUNT_MAX)
        return SP_FULL;
    struct release *release = calloc(1, sizeof *release);
    if (release == NULL || !make_room(batch) || (release->name = malloc(key.length + 1)) == NULL) {
        release_free(release);
        return SP_NO_MEMORY;
    }
    write_name(release->name, table, key);
    release->table = table;
    release->key = span_of(release->name + 1, key.length);
    HASH_ADD_KEYPTR(hh, batch->by_name, release->name, key.length + 1, release);
    if (!HASH_HAS(release)) {
        release_free(release);
        return SP_NO_MEMORY;
    }
    batch->items[batch->count++] = release;
    *made = release;
    return SP_OK;
}

enum sp_error
release_add(struct release_batch *batch, enum table_id table, struct span key, int64_t value)
{
    enum sp_error error = check_key(batch, table, key);
    if (error == SP_OK && (value > LEAF_VALUE_MAX || value < -LEAF_VALUE_MAX))
        error = SP_MALFORMED;
    if (error != SP_OK)
        return error;
    struct release *release = find(batch, table, key);
    if (release == NULL)
        error = insert(batch, table, key, &release);
    if (error != SP_OK)
        return error;
    int64_t sum;
    if (__builtin_add_overflow(release->value, value, &sum))
        return SP_MALFORMED;
    release->value = sum;
    release->sources++;
    return SP_OK;
}

enum sp_error
release_witness(struct release_batch *batch, enum table_id table, struct span key)
{
    enum sp_error error = check_key(batch, table, key);
    if (error != SP_OK)
        return error;
    struct release *release = find(batch, table, key);
    if (release == NULL)
        return SP_NOT_FOUND;
    release->witnessed = true;
    return SP_OK;
}

static enum sp_error
top_up(const struct release_batch *batch, struct release *release, unsigned births)
{
    enum site_mode mode = release_batch_mode(batch);
    while (release->sources < births) {
        if (__builtin_add_overflow(release->value, noise_draw(mode), &release->value))
            return SP_MALFORMED;
        release->sources++;
    }
    return SP_OK;
}

enum sp_error
release_top_up(struct release_batch *batch, enum table_id table, struct span key, unsigned births)
{
    enum sp_error error = check_key(batch, table, key);
    if (error != SP_OK)
        return error;
    struct release *release = find(batch, table, key);
    if (release == NULL)
        error = insert(batch, table, key, &release);
    return error == SP_OK ? top_up(batch, release, births) : error;
}

enum sp_error
release_top_up_all(struct release_batch *batch, unsigned births)
{
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < batch->count; i++)
        error = top_up(batch, batch->items[i], births);
    return error;
}

static int
compare_names(const void *left, const void *right)
{
    const struct release *a = *(struct release *const *)left;
    const struct release *b = *(struct release *const *)right;
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    size_t shorter = a->key.length < b->key.length ? a->key.length : b->key.length;
    int order = shorter == 0 ? 0 : memcmp(a->key.at, b->key.at, shorter);
    return order != 0 ? order : (a->key.length > b->key.length) - (a->key.length < b->key.length);
}

void
release_batch_sort(struct release_batch *batch)
{
    if (batch->count > 1)
        qsort(batch->items, batch->count, sizeof batch->items[0], compare_names);
}

const struct site_config *
release_batch_site(const struct release_batch *batch)
{
    return batch->site;
}

struct period
release_batch_period(const struct release_batch *batch)
{
    return batch->period;
}

size_t
release_count(const struct release_batch *batch)
{
    return batch->count;
}

const struct release *
release_at(const struct release_batch *batch, size_t index)
{
    return batch->items[index];
}

enum table_id
release_table(const struct release *release)
{
    return release->table;
}

struct span
release_key(const struct release *release)
{
    return release->key;
}

int64_t
release_value(const struct release *release)
{
    return release->value;
}

unsigned
release_sources(const struct release *release)
{
    return release->sources;
}

bool
release_witnessed(const struct release *release)
{
    return release->witnessed;
}
