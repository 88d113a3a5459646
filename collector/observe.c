#include "observe.h"

#include "keys.h"
#include "sporlos/page_pattern.h"
#include "sporlos/wipe.h"
#include "url.h"
#include "witness_window.h"

#include <stdlib.h>

enum {
    DAY_S = 24 * 3600,
    TAGS_MAX = 8, /* of one page; more are not counted */
    VIEWPORT_DIGITS_MAX = 5,
    PLACES_MAX = 512, /* municipalities and counties; more of them share places */
};

struct observation {
    const struct site *site;
    unsigned counted;           /* bit (1U << enum counted) */
    uint32_t keys[TABLE_COUNT]; /* texts, of the tables that what is counted makes grow */
    uint32_t tags[TAGS_MAX];    /* texts */
    unsigned tag_count;
};
_Static_assert(COUNTED_COUNT <= 32 && TABLE_COUNT <= 32 && BEACON_FIELD_COUNT <= 32, "each is a bit of an unsigned");

/* A municipality's key that is a text already. Known by the key, so that a reload may number them anew. */
struct place {
    char key[GEO_KEY_BYTES];
    uint32_t text;
};

struct observer {
    struct keys keys;
    struct place places[PLACES_MAX]; /* all zero where nobody has been */
    struct agent_tokens *tokens;
    struct witness_windows *windows;
    struct sender sender; /* of the beacon that is dealt with */
    struct observation observation;
    int32_t day;             /* since the epoch, of the beacon */
    uint32_t page;           /* the key of the page that the beacon names */
    unsigned viewport_width; /* CSS pixels; 0: not said */
    uint64_t uncounted_visitors;
    unsigned fields[MODE_COUNT][BEACON_TYPE_COUNT + 1]; /* beacon_fields */
};

enum sp_error
observer_new(struct texts *texts, struct names *names, struct observer **out)
{
    *out = NULL;
    struct observer *observer = calloc(1, sizeof *observer);
    if (observer == NULL)
        return SP_NO_MEMORY;
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        for (int type = 0; type < BEACON_TYPE_COUNT; type++)
            observer->fields[mode][type] = beacon_fields((enum beacon_type)type, (enum site_mode)mode);
    }
    enum sp_error error = witness_windows_new(&observer->windows);
    if (error == SP_OK)
        error = keys_init(&observer->keys, texts, names);
    if (error == SP_OK)
        error = agent_tokens_new(&observer->tokens);
    if (error != SP_OK) {
        observer_free(observer);
        return error;
    }
    *out = observer;
    return SP_OK;
}

void
observer_free(struct observer *observer)
{
    if (observer == NULL)
        return;
    agent_tokens_free(observer->tokens);
    witness_windows_free(observer->windows);
    free(observer);
}

static void
begin(struct observer *observer, const struct sighting *sighting)
{
    struct observation *observation = &observer->observation;
    observer->keys.full = false;
    observer->day = (int32_t)(sighting->now_s / DAY_S);
    observer->page = observer->keys.other;
    observer->viewport_width = 0;
    observation->site = sighting->site;
    observation->counted = 0;
    observation->tag_count = 0;
    memset(observation->keys, 0, sizeof observation->keys);
    witness_windows_turn(observer->windows, sighting->now_s);
    observer->sender.windows = observer->windows;
    observer->sender.network = sighting->network;
    observer->sender.now_s = sighting->now_s;
    observer->sender.mode = sighting->site->mode;
    observer->sender.is_known = false;
}

static struct asker
asker(struct observer *observer, const struct sighting *sighting)
{
    return (struct asker){ sighting->site, &observer->sender, observer->day };
}

/* Count something, under a key of a table. What the site does not count is not looked at, and no text gets a name. */
static void
count_under(struct observer *observer, enum counted counted, enum table_id table, uint32_t key)
{
    observer->observation.counted |= 1U << counted;
    observer->observation.keys[table] = key;
}

static bool
is_counted(const struct sighting *sighting, enum table_id table)
{
    return sighting->site->periods[table] != 0;
}

/* One function a row of SP_BEACON_FIELDS: what becomes of the field. Which types it is called for, the row says. */

static void
observe_site(struct observer *observer, const struct sighting *sighting)
{
    (void)observer; /* it chose the row of the configuration: sighting->site */
    (void)sighting;
}

static void
observe_type(struct observer *observer, const struct sighting *sighting)
{
    (void)observer; /* it chose which fields are read at all */
    (void)sighting;
}

/* A view lies in one section at most, so that sections can be added up. */
static void
observe_section(struct observer *observer, const struct sighting *sighting, struct span path)
{
    const struct site_config *config = sighting->site->config;
    for (size_t i = 0; i < config->section_count; i++) {
        if (!page_pattern_matches(config->sections[i].left, path))
            continue;
        count_under(observer, COUNTED_SECTION, TABLE_SECTION,
                    keys_own(&observer->keys, span_text(config->sections[i].right)));
        return;
    }
}

static void
count_search(struct observer *observer, const struct sighting *sighting, struct span word)
{
    const struct asker sender = asker(observer, sighting);
    uint32_t key = keys_word(&observer->keys, &sender, NAME_WORD, word);
    count_under(observer, COUNTED_SEARCH, TABLE_SEARCH, key);
    observer->observation.keys[TABLE_SEARCH_EMPTY] = key;
}

/* The site's own search page, told from its URL: only where the configuration names the parameter. */
static void
observe_search_page(struct observer *observer, const struct sighting *sighting)
{
    char word[URL_PARAMETER_MAX];
    size_t length = 0;
    struct span name = span_text(sighting->site->config->search_parameter);
    enum sp_error error = url_parameter(sighting->beacon->url, name, word, &length);
    if (error == SP_MALFORMED || error == SP_TOO_LONG)
        length = 0;
    if (error != SP_NOT_FOUND && (length > 0 || error != SP_OK))
        count_search(observer, sighting, span_of(word, length)); /* none that could be read: KEY_REMOVED */
    wipe(word, sizeof word);
}

static void
observe_url(struct observer *observer, const struct sighting *sighting)
{
    struct page_path page;
    const struct asker sender = asker(observer, sighting);
    bool is_view = beacon_type(sighting->beacon) == BEACON_TYPE_VIEW;
    keys_read_page(sighting->site, sighting->beacon->url, &page);
    observer->page = keys_page(&observer->keys, &sender, &page, is_view && is_counted(sighting, TABLE_PAGE));
    if (is_view)
        count_under(observer, COUNTED_VIEW, TABLE_PAGE, observer->page);
    if (is_view && page.path.at != NULL && is_counted(sighting, TABLE_SECTION))
        observe_section(observer, sighting, page.path);
    if (is_view && sighting->site->config->search_parameter != NULL && is_counted(sighting, TABLE_SEARCH))
        observe_search_page(observer, sighting);
    wipe(page.bytes, page.used);
}

/* The text of a municipality's key. */
static uint32_t
place_text(struct observer *observer, uint16_t index, const char *key)
{
    struct place *place = &observer->places[index % PLACES_MAX];
    if (memcmp(place->key, key, sizeof place->key) == 0)
        return place->text;
    if (texts_intern(observer->keys.texts, span_text(key), &place->text) != SP_OK) {
        *place = (struct place){ 0 };
        observer->keys.full = true;
        return observer->keys.unknown;
    }
    memcpy(place->key, key, sizeof place->key);
    return place->text;
}

static void
observe_entry(struct observer *observer, const struct sighting *sighting)
{
    if (!beacon_is_entry(sighting->beacon))
        return;
    uint16_t index = geo_lookup(sighting->geo, sighting->network);
    const char *key = geo_key(sighting->geo, index, sighting->site->config->min_population);
    count_under(observer, COUNTED_ENTRY, TABLE_MUNICIPALITY, place_text(observer, index, key));
}

static void
observe_word(struct observer *observer, const struct sighting *sighting)
{
    if (is_counted(sighting, TABLE_SEARCH) || is_counted(sighting, TABLE_SEARCH_EMPTY))
        count_search(observer, sighting, sighting->beacon->word);
}

static void
observe_fruitless(struct observer *observer, const struct sighting *sighting)
{
    bool is_search = (observer->observation.counted & 1U << COUNTED_SEARCH) != 0;
    if (is_search && span_equal(sighting->beacon->fruitless, SPAN_LITERAL("1")))
        observer->observation.counted |= 1U << COUNTED_FRUITLESS;
}

static bool
is_entry(const struct observer *observer)
{
    return (observer->observation.counted & 1U << COUNTED_ENTRY) != 0;
}

static void
observe_referrer(struct observer *observer, const struct sighting *sighting)
{
    const uint32_t *classes = observer->keys.known[KEY_REFERRER];
    if (!is_entry(observer) || (!is_counted(sighting, TABLE_REFERRER) && !is_counted(sighting, TABLE_REFERRER_HOST)))
        return;
    observer->observation.keys[TABLE_REFERRER] = classes[REFERRER_DIRECT];
    if (sighting->beacon->referrer.length == 0)
        return;
    char domain[REFERRER_DOMAIN_MAX];
    size_t length = 0;
    enum referrer_class class = referrers_classify(sighting->referrers, sighting->beacon->referrer,
                                                   &sighting->site->config->hosts, domain, &length);
    observer->observation.keys[TABLE_REFERRER] = classes[class];
    if (class != REFERRER_DIRECT && is_counted(sighting, TABLE_REFERRER_HOST)) {
        const struct asker sender = asker(observer, sighting);
        count_under(observer, COUNTED_REFERRED, TABLE_REFERRER_HOST,
                    keys_host(&observer->keys, &sender, NAME_HOST, span_of(domain, length)));
    }
    wipe(domain, sizeof domain);
}

/* One of the three parts of a campaign, each by itself: they are never seen together. */
static void
observe_part(struct observer *observer, const struct sighting *sighting, struct span text, enum counted counted,
             enum table_id table, enum name_kind kind)
{
    if (text.length == 0 || !is_entry(observer) || !is_counted(sighting, table))
        return;
    const struct asker sender = asker(observer, sighting);
    count_under(observer, counted, table, keys_word(&observer->keys, &sender, kind, text));
}

static void
observe_source(struct observer *observer, const struct sighting *sighting)
{
    observe_part(observer, sighting, sighting->beacon->source, COUNTED_SOURCE, TABLE_UTM_SOURCE, NAME_SOURCE);
}

static void
observe_medium(struct observer *observer, const struct sighting *sighting)
{
    observe_part(observer, sighting, sighting->beacon->medium, COUNTED_MEDIUM, TABLE_UTM_MEDIUM, NAME_MEDIUM);
}

static void
observe_campaign(struct observer *observer, const struct sighting *sighting)
{
    observe_part(observer, sighting, sighting->beacon->campaign, COUNTED_CAMPAIGN, TABLE_UTM_CAMPAIGN, NAME_CAMPAIGN);
}

static void
observe_viewport(struct observer *observer, const struct sighting *sighting)
{
    struct span width = sighting->beacon->viewport;
    unsigned value = 0;
    if (width.length > VIEWPORT_DIGITS_MAX || sighting->said == NULL)
        return;
    for (size_t i = 0; i < width.length; i++) {
        if (width.at[i] < '0' || width.at[i] > '9')
            return;
        value = value * 10 + (unsigned)(width.at[i] - '0');
    }
    observer->viewport_width = value;
}

/* A tag that the page has twice counts once. */
static void
observe_tag(struct observer *observer, const struct sighting *sighting, struct span tag)
{
    struct observation *observation = &observer->observation;
    const struct site_config *config = sighting->site->config;
    size_t number;
    if (observation->tag_count == TAGS_MAX || !config_tag(config, tag, &number))
        return;
    uint32_t key = keys_own(&observer->keys, span_text(config->tags.items[number]));
    for (unsigned i = 0; i < observation->tag_count; i++) {
        if (observation->tags[i] == key)
            return;
    }
    observation->tags[observation->tag_count++] = key;
    observation->counted |= 1U << COUNTED_TAG;
}

static void
observe_tags(struct observer *observer, const struct sighting *sighting)
{
    struct span rest = sighting->beacon->tags;
    while (rest.length > 0 && is_counted(sighting, TABLE_TAG))
        observe_tag(observer, sighting, span_cut(rest, ',', &rest));
}

static void
observe_visible(struct observer *observer, const struct sighting *sighting)
{
    struct span step = sighting->beacon->visible;
    if (step.length == 0)
        return;
    size_t bucket = (size_t)(step.at[0] - '0');
    count_under(observer, COUNTED_VISIBLE, TABLE_ENGAGEMENT, observer->keys.known[KEY_BUCKET][bucket]);
    if (is_counted(sighting, TABLE_PAGE_ENGAGEMENT))
        observer->observation.keys[TABLE_PAGE_ENGAGEMENT] = keys_joined(&observer->keys, step, observer->page);
}

static void
observe_depth(struct observer *observer, const struct sighting *sighting)
{
    struct span step = sighting->beacon->depth;
    if (step.length > 0 && is_counted(sighting, TABLE_SCROLL))
        count_under(observer, COUNTED_SCROLLED, TABLE_SCROLL, keys_joined(&observer->keys, step, observer->page));
}

static void
observe_length(struct observer *observer, const struct sighting *sighting)
{
    struct span step = sighting->beacon->length;
    if (step.length > 0)
        count_under(observer, COUNTED_LENGTH, TABLE_VISIT_LENGTH, observer->keys.known[KEY_BUCKET][step.at[0] - '0']);
}

static void
observe_answer(struct observer *observer, const struct sighting *sighting)
{
    if (is_counted(sighting, TABLE_FEEDBACK)) /* that it is one of the site's answers, the policy has seen to */
        count_under(observer, COUNTED_ANSWER, TABLE_FEEDBACK,
                    keys_joined(&observer->keys, sighting->beacon->answer, observer->page));
}

static void
observe_file(struct observer *observer, const struct sighting *sighting, enum counted counted, enum table_id table,
             enum name_kind kind)
{
    const struct asker sender = asker(observer, sighting);
    bool listed = table == TABLE_DOWNLOAD; /* an address that is not there was made up by whoever asked for it */
    if (is_counted(sighting, table))
        count_under(observer, counted, table,
                    keys_file(&observer->keys, &sender, kind, sighting->beacon->value, listed));
}

static void
observe_outbound(struct observer *observer, const struct sighting *sighting)
{
    char domain[REFERRER_DOMAIN_MAX];
    size_t length = 0;
    const struct asker sender = asker(observer, sighting);
    if (!is_counted(sighting, TABLE_OUTBOUND))
        return;
    (void)referrers_classify(sighting->referrers, sighting->beacon->value, &sighting->site->config->hosts, domain,
                             &length);
    count_under(observer, COUNTED_OUTBOUND, TABLE_OUTBOUND,
                keys_host(&observer->keys, &sender, NAME_OUTBOUND, span_of(domain, length)));
    wipe(domain, sizeof domain);
}

static void
observe_event(struct observer *observer, const struct sighting *sighting)
{
    const struct asker sender = asker(observer, sighting);
    if (is_counted(sighting, TABLE_EVENT))
        count_under(observer, COUNTED_EVENT, TABLE_EVENT,
                    keys_event(&observer->keys, &sender, sighting->beacon->value));
}

static void
observe_value(struct observer *observer, const struct sighting *sighting)
{
    enum beacon_type type = beacon_type(sighting->beacon);
    if (type == BEACON_TYPE_DOWNLOAD)
        observe_file(observer, sighting, COUNTED_DOWNLOAD, TABLE_DOWNLOAD, NAME_DOWNLOAD);
    else if (type == BEACON_TYPE_MISSING)
        observe_file(observer, sighting, COUNTED_MISSING, TABLE_MISSING, NAME_MISSING);
    else if (type == BEACON_TYPE_OUTBOUND)
        observe_outbound(observer, sighting);
    else
        observe_event(observer, sighting);
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

/* Not a field either: what an entry's headers say of the device. */
static void
observe_agent(struct observer *observer, const struct sighting *sighting)
{
    struct observation *observation = &observer->observation;
    if (sighting->said == NULL || !is_entry(observer))
        return;
    struct agent_said said = *sighting->said;
    said.viewport_width = observer->viewport_width;
    struct agent_families families = agent_classify(observer->tokens, &said);
    observation->keys[TABLE_DEVICE] = observer->keys.known[KEY_DEVICE][families.device];
    observation->keys[TABLE_BROWSER] = observer->keys.known[KEY_BROWSER][families.browser];
    observation->keys[TABLE_SYSTEM] = observer->keys.known[KEY_SYSTEM][families.system];
}

bool
observes_agent(const struct site *site)
{
    return table_periods(TABLE_DEVICE, site->mode) != 0 &&
           (site->periods[TABLE_DEVICE] | site->periods[TABLE_BROWSER] | site->periods[TABLE_SYSTEM]) != 0;
}

const struct observation *
observe_view(struct observer *observer, const struct sighting *sighting)
{
    unsigned fields = observer->fields[sighting->site->mode][beacon_type(sighting->beacon)];
    begin(observer, sighting);
#define X(name, key, types, standard, restricted)                                                                      \
    if ((fields & 1U << BEACON_##name) != 0)                                                                           \
        observe_##name(observer, sighting);
    SP_BEACON_FIELDS(X)
#undef X
    observe_agent(observer, sighting);
    observe_visitor(observer, sighting);
    return &observer->observation;
}

const struct observation *
observe_refusal(struct observer *observer, const struct sighting *sighting, enum verdict verdict)
{
    begin(observer, sighting);
    if (verdict == VERDICT_DECLINED)
        count_under(observer, COUNTED_DECLINED, TABLE_DECLINED, TEXT_NONE);
    else
        count_under(observer, COUNTED_DROPPED, TABLE_DROPPED, observer->keys.reasons[verdict]);
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
    return observer->keys.full;
}

/* The leaf of a row, under a key. */
static inline struct leaf_id
leaf_of(const struct site *site, const struct growth *row, uint32_t key)
{
    return (struct leaf_id){ .site = site->text, .key = key, .row = *row };
}

/* As many leaves a row as the page has tags. Returns where the next go. */
static struct leaf_id *
tag_leaves(const struct observation *observation, const struct growth *row, const struct growth *end,
           struct leaf_id *out)
{
    for (; row < end; row++) {
        for (unsigned i = 0; i < observation->tag_count; i++)
            *out++ = leaf_of(observation->site, row, observation->tags[i]);
    }
    return out;
}

unsigned
observation_leaves(const struct observation *observation, struct leaf_id out[OBSERVED_LEAVES_MAX])
{
    const struct site *site = observation->site;
    const struct growths *growths = &site->growths;
    struct leaf_id *next = out;
    for (unsigned left = observation->counted; left != 0; left &= left - 1) {
        unsigned counted = (unsigned)__builtin_ctz(left);
        const struct growth *row = growths->rows + growths->first[counted];
        const struct growth *end = growths->rows + growths->first[counted + 1];
        if (counted == COUNTED_TAG)
            next = tag_leaves(observation, row, end, next);
        else
            for (; row < end; row++)
                *next++ = leaf_of(site, row, observation->keys[row->table]);
    }
    return (unsigned)(next - out);
}

void
observer_coarsen(const struct observer *observer, struct leaf_id *leaves, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        leaves[i].key = keys_coarse(&observer->keys, table_table[leaves[i].table].key, leaves[i].key);
}

struct feeder
observer_feeder(struct observer *observer)
{
    return (struct feeder){ sender_source, &observer->sender };
}

void
observer_forget(struct observer *observer)
{
    observer->sender.network = NULL;
    if (observer->sender.is_known)
        wipe(&observer->sender.sources, sizeof observer->sender.sources);
}

void
observer_keep_texts(struct observer *observer)
{
    keys_keep(&observer->keys);
    memset(observer->places, 0, sizeof observer->places); /* a text may be gone after the sweep */
}
