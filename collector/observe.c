#include "observe.h"

#include "network_hash.h"
#include "sporlos/clock.h"
#include "sporlos/page_pattern.h"
#include "text.h"
#include "url.h"

#include <sodium.h>
#include <stdlib.h>

enum { DAY_S = 24 * 3600, V6_WITNESS_SHIFT = 16 /* a /48 counts as its /32: one subscriber may hold many /48 */ };

struct observation {
    const struct site *site;
    unsigned counted;              /* bit (1U << enum counted) */
    uint32_t keys[KEY_KIND_COUNT]; /* texts */
    uint64_t day_digest;           /* of the network, under keys that die with the window */
    uint64_t period_digest;
    uint16_t day_window;
    uint16_t period_window;
};

/* A key that lives as long as a window of time. */
struct window_key {
    int32_t window;
    struct network_hash_key key;
};

/* One leaf that something counted makes grow: a row of the table of tables and one of its periods. */
struct growth {
    uint8_t table;   /* enum table_id */
    uint8_t kind;    /* enum period_kind */
    uint8_t counted; /* enum counted */
    uint8_t key;     /* enum key_kind */
};

enum { GROWTH_MAX = TABLE_COUNT * PERIOD_KIND_COUNT, SEARCH_TABLES = 1U << TABLE_SEARCH | 1U << TABLE_SEARCH_EMPTY };

struct observer {
    struct texts *texts;
    struct names *names;
    uint32_t other, unknown, removed;
    uint32_t reasons[VERDICT_COUNT];
    struct window_key *keys; /* [0] day, [1] month; locked memory */
    struct observation observation;
    uint64_t uncounted_visitors;
    bool full;                                     /* there was no room for a key of it */
    struct growth growths[MODE_COUNT][GROWTH_MAX]; /* the table of tables as each mode has it */
    unsigned growth_counts[MODE_COUNT];
};

static void
read_tables(struct observer *observer, enum site_mode mode)
{
    for (int table = 0; table < TABLE_COUNT; table++) {
        unsigned periods = table_periods((enum table_id)table, mode);
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
            if ((periods & PERIOD_BIT(kind)) != 0)
                observer->growths[mode][observer->growth_counts[mode]++] =
                    (struct growth){ (uint8_t)table, (uint8_t)kind, (uint8_t)table_table[table].counted,
                                     (uint8_t)table_table[table].key };
        }
    }
}

static enum sp_error
intern_constants(struct observer *observer)
{
    enum sp_error error = texts_intern(observer->texts, SPAN_LITERAL(KEY_OTHER), &observer->other);
    if (error == SP_OK)
        error = texts_intern(observer->texts, SPAN_LITERAL(KEY_UNKNOWN), &observer->unknown);
    if (error == SP_OK)
        error = texts_intern(observer->texts, SPAN_LITERAL(KEY_REMOVED), &observer->removed);
    for (int i = 0; i < VERDICT_COUNT && error == SP_OK; i++)
        error = texts_intern(observer->texts, span_text(verdict_table[i].name), &observer->reasons[i]);
    return error;
}

enum sp_error
observer_new(struct texts *texts, struct names *names, struct observer **out)
{
    *out = NULL;
    struct observer *observer = calloc(1, sizeof *observer);
    if (observer == NULL)
        return SP_NO_MEMORY;
    observer->texts = texts;
    observer->names = names;
    for (int mode = 0; mode < MODE_COUNT; mode++)
        read_tables(observer, (enum site_mode)mode);
    observer->keys = sodium_allocarray(2, sizeof *observer->keys);
    enum sp_error error = observer->keys == NULL ? SP_NO_MEMORY : intern_constants(observer);
    if (error != SP_OK) {
        observer_free(observer);
        return error;
    }
    observer->keys[0].window = observer->keys[1].window = INT32_MIN;
    *out = observer;
    return SP_OK;
}

void
observer_free(struct observer *observer)
{
    if (observer == NULL)
        return;
    sodium_free(observer->keys);
    free(observer);
}

static void
open_window(struct window_key *key, int32_t window)
{
    if (key->window != window) {
        key->window = window;
        random_bytes(&key->key, sizeof key->key);
    }
}

static uint64_t
digest(const struct window_key *key, const struct network *network)
{
    uint64_t prefix = network->family == NETWORK_V6 ? network->prefix >> V6_WITNESS_SHIFT : network->prefix;
    return network_hash(&key->key, network_number(network->family, prefix));
}

static void
begin(struct observer *observer, const struct sighting *sighting)
{
    struct observation *observation = &observer->observation;
    int32_t utc_day = (int32_t)(sighting->now_s / DAY_S);
    if (observer->keys[0].window != utc_day) {
        open_window(&observer->keys[0], utc_day);
        open_window(&observer->keys[1], civil_month(utc_day));
    }
    observation->site = sighting->site;
    observation->counted = 0;
    observer->full = false;
    memset(observation->keys, 0, sizeof observation->keys);
    observation->day_digest = digest(&observer->keys[0], sighting->network);
    observation->day_window = (uint16_t)utc_day;
    bool whole_month = mode_table[sighting->site->mode].window == WINDOW_PERIOD; /* else nobody asks for it */
    observation->period_digest = whole_month ? digest(&observer->keys[1], sighting->network) : 0;
    observation->period_window = (uint16_t)observer->keys[1].window;
}

static const char *
listed_page(const struct site_config *config, struct span path)
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
    const struct text_list *pages = &site->config->pages;
    bool in_full = beacon_fate(BEACON_url, site->mode) == FATE_LISTED_PAGE && text_is_telling(path);
    for (size_t i = 0; i < pages->count; i++) {
        if (in_full ? span_equal(span_text(pages->items[i]), path) : page_pattern_matches(pages->items[i], path))
            return true;
    }
    return false;
}

/* Keep the text under its own name, now and until it has not been used for long. */
static uint32_t
admit(struct observer *observer, struct name_id id, struct span text, int32_t day, enum name_origin origin)
{
    if (texts_intern(observer->texts, text, &id.text) == SP_OK &&
        names_admit(observer->names, id, day, origin) == SP_OK)
        return id.text;
    observer->full = true;
    return observer->other;
}

/* Has the text a name? TEXT_NONE: not yet. */
static uint32_t
named(struct observer *observer, struct name_id id, struct span text, int32_t day)
{
    id.text = texts_find(observer->texts, text);
    return id.text != TEXT_NONE && names_use(observer->names, id, day) ? id.text : TEXT_NONE;
}

/* A name by being common: KEY_OTHER until enough networks have sent the text on one day, and not a letter of it kept.
 */
static uint32_t
earned(struct observer *observer, struct name_id id, struct span text, int32_t day, int needed)
{
    if (names_candidate(observer->names, id, text, observer->observation.day_digest, day, needed))
        return admit(observer, id, text, day, NAME_EARNED);
    return observer->other;
}

static uint32_t
page_key(struct observer *observer, const struct sighting *sighting, struct span path)
{
    const struct site *site = sighting->site;
    int32_t day = (int32_t)(sighting->now_s / DAY_S);
    const char *folded = listed_page(site->config, path);
    if (folded != NULL)
        path = span_text(folded);
    struct name_id id = { site->text, TEXT_NONE, NAME_PAGE };
    uint32_t text = named(observer, id, path, day);
    if (text != TEXT_NONE)
        return text;
    if (folded != NULL || is_listed(site, path))
        return admit(observer, id, path, day, NAME_LISTED);
    if (beacon_fate(BEACON_url, site->mode) != FATE_PAGE || text_is_telling(path))
        return observer->other;
    return earned(observer, id, path, day, mode_table[site->mode].witnesses);
}

/* One function a row of SP_BEACON_FIELDS: what becomes of the field. */

static void
observe_site(struct observer *observer, const struct sighting *sighting)
{
    (void)observer; /* it chose the row of the configuration: sighting->site */
    (void)sighting;
}

static void
observe_type(struct observer *observer, const struct sighting *sighting)
{
    observer->observation.counted |= 1U << (beacon_is_search(sighting->beacon) ? COUNTED_SEARCH : COUNTED_VIEW);
}

static void
observe_url(struct observer *observer, const struct sighting *sighting)
{
    char folded[PATH_MAX_BYTES];
    size_t length = 0;
    struct span path;
    if (beacon_is_search(sighting->beacon)) /* where somebody searched is not looked at */
        return;
    observer->observation.keys[KEY_PAGE] = observer->other;
    if (url_path(sighting->beacon->url, &path) == SP_OK && url_fold(path, folded, &length) == SP_OK)
        observer->observation.keys[KEY_PAGE] = page_key(observer, sighting, span_of(folded, length));
    sodium_memzero(folded, length > 0 ? length : sizeof folded); /* none: as far as it came, nobody knows */
}

static void
observe_entry(struct observer *observer, const struct sighting *sighting)
{
    if (beacon_is_search(sighting->beacon) || !span_equal(sighting->beacon->entry, SPAN_LITERAL("1")))
        return;
    observer->observation.counted |= 1U << COUNTED_ENTRY;
    uint16_t index = geo_lookup(sighting->geo, sighting->network);
    const char *key = geo_key(sighting->geo, index, sighting->site->config->min_population);
    uint32_t *text = &observer->observation.keys[KEY_MUNICIPALITY];
    if (texts_intern(observer->texts, span_text(key), text) != SP_OK) {
        *text = observer->unknown;
        observer->full = true;
    }
}

static void
observe_word(struct observer *observer, const struct sighting *sighting)
{
    char word[WORD_BYTES_MAX];
    size_t length = 0;
    const struct site *site = sighting->site;
    if (!beacon_is_search(sighting->beacon) || (site->config->tables & SEARCH_TABLES) == 0)
        return;
    int32_t day = (int32_t)(sighting->now_s / DAY_S);
    uint32_t *key = &observer->observation.keys[KEY_WORD];
    struct name_id id = { site->text, TEXT_NONE, NAME_WORD };
    enum scrubbed scrubbed = text_scrub(sighting->beacon->word, word, &length);
    struct span text = span_of(word, length);
    *key = scrubbed == SCRUBBED_KEPT ? named(observer, id, text, day) : observer->removed;
    if (*key == TEXT_NONE)
        *key = earned(observer, id, text, day, mode_table[site->mode].witnesses);
    sodium_memzero(word, sizeof word);
}

static void
observe_fruitless(struct observer *observer, const struct sighting *sighting)
{
    if (beacon_is_search(sighting->beacon) && span_equal(sighting->beacon->fruitless, SPAN_LITERAL("1")))
        observer->observation.counted |= 1U << COUNTED_FRUITLESS;
}

/* Not a field of the beacon: who sends one is told apart by what every request shows (visitors.h). */
static void
observe_visitor(struct observer *observer, const struct sighting *sighting)
{
    const struct site *site = sighting->site;
    if (site->visitors == NULL || (observer->observation.counted & 1U << COUNTED_VIEW) == 0)
        return;
    enum visitor visitor =
        visitors_see(site->visitors, site->open[PERIOD_DAY].index, sighting->network, sighting->agent);
    if (visitor == VISITOR_FIRST)
        observer->observation.counted |= 1U << COUNTED_VISITOR;
    observer->uncounted_visitors += visitor == VISITOR_UNCOUNTED;
}

const struct observation *
observe_view(struct observer *observer, const struct sighting *sighting)
{
    begin(observer, sighting);
#define X(name, key, standard, restricted)                                                                             \
    if (beacon_fate(BEACON_##name, sighting->site->mode) != FATE_UNREAD)                                               \
        observe_##name(observer, sighting);
    SP_BEACON_FIELDS(X)
#undef X
    observe_visitor(observer, sighting);
    return &observer->observation;
}

const struct observation *
observe_refusal(struct observer *observer, const struct sighting *sighting, enum verdict verdict)
{
    begin(observer, sighting);
    observer->observation.counted = 1U << (verdict == VERDICT_DECLINED ? COUNTED_DECLINED : COUNTED_DROPPED);
    observer->observation.keys[KEY_REASON] = observer->reasons[verdict];
    return &observer->observation;
}

uint64_t
observer_uncounted_visitors(const struct observer *observer)
{
    return observer->uncounted_visitors;
}

bool
observer_ran_full(const struct observer *observer)
{
    return observer->full;
}

static uint32_t
coarse_key(const struct observer *observer, enum key_kind kind, uint32_t key)
{
    return kind == KEY_PAGE || kind == KEY_WORD ? observer->other : kind == KEY_MUNICIPALITY ? observer->unknown : key;
}

unsigned
observation_leaves(const struct observer *observer, const struct observation *observation, bool coarse,
                   struct observed_leaf out[OBSERVED_LEAVES_MAX])
{
    const struct site *site = observation->site;
    const struct growth *growth = observer->growths[site->mode];
    const struct growth *end = growth + observer->growth_counts[site->mode];
    const struct witness_source by_day = { observation->day_digest, observation->day_window };
    const struct witness_source by_period = { observation->period_digest, observation->period_window };
    bool whole_month = mode_table[site->mode].window == WINDOW_PERIOD;
    const unsigned counted = observation->counted;
    unsigned count = 0;
    for (; growth < end; growth++) {
        if ((counted >> growth->counted & 1U) == 0 || (site->periods[growth->table] >> growth->kind & 1U) == 0)
            continue;
        uint32_t key = observation->keys[growth->key];
        out[count++] = (struct observed_leaf){
            .id = { .site = site->text,
                    .key = coarse ? coarse_key(observer, (enum key_kind)growth->key, key) : key,
                    .period = site->open[growth->kind].index,
                    .table = growth->table,
                    .kind = growth->kind },
            .source = whole_month && growth->kind == PERIOD_MONTH ? by_period : by_day,
        };
    }
    return count;
}

void
observer_keep_texts(struct observer *observer)
{
    texts_keep(observer->texts, observer->other);
    texts_keep(observer->texts, observer->unknown);
    texts_keep(observer->texts, observer->removed);
    for (int i = 0; i < VERDICT_COUNT; i++)
        texts_keep(observer->texts, observer->reasons[i]);
}
