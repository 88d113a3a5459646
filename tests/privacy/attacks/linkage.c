/*
 * Row 8: who has the stores, and wants to know which page a visit from a small municipality went to. He is told which
 * cells of a day have one view each, and is right by chance once in as many as there are.
 */
#include "attack.h"
#include "world.h"

#include "archive.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 200, PAGES = 300, VIEWS = 50, CLUES = 5 };

/* What the store says of one cell; the attacker takes for a pair what is nearest by one of them. */
enum clue { CLUE_VALUE, CLUE_REDIS_ORDER, CLUE_ARCHIVE_ID, CLUE_SLOT, CLUE_TEXT };
static const char *const clue_names[CLUES] = { "value", "redis_order", "archive_key", "journal_slot", "journal_text" };

struct cell_of {
    int views;
    double clue[CLUES];
};

struct day {
    struct cell_of places[PLACES], pages[PAGES];
    int page_of[PLACES]; /* the truth, for places with one view */
};

struct tally {
    double pairs, hits, chance, variance;
};

struct linkage {
    struct world *world;
    bool listed; /* the pages are on the list, or have earned their names */
    struct day day;
    struct tally tally[CLUES];
    double next; /* place in an order */
};

static uint32_t
below(uint32_t limit)
{
    uint32_t bits;
    random_bytes(&bits, sizeof bits);
    return bits % limit;
}

static struct cell_of *
cell_named(struct linkage *self, struct span key)
{
    char text[16] = "";
    if (key.length >= sizeof text)
        return NULL;
    memcpy(text, key.at, key.length);
    if (text[0] == '/' && text[1] == 'p')
        return &self->day.pages[atoi(text + 2)];
    int place = atoi(text) - 1001;
    return key.length == 4 && place >= 0 && place < PLACES ? &self->day.places[place] : NULL;
}

/* Each leaf by somebody else. */
static struct witness_source
anybody(void *context, enum period_kind kind)
{
    (void)context;
    (void)kind;
    return (struct witness_source){ .digest = below(UINT32_MAX) };
}

/* One beacon: the leaves of page and municipality grow in one step, as collector.c has them grow. */
static void
view(struct linkage *self, const struct site_config *site, uint32_t site_text, int place, int page)
{
    char texts[2][16];
    struct leaf_id leaves[4];
    const struct feeder feeder = { anybody, NULL };
    struct texts *all = counters_texts(world_counters(self->world));
    snprintf(texts[0], sizeof texts[0], "/p%d", page);
    snprintf(texts[1], sizeof texts[1], "%d", 1001 + place);
    for (int i = 0; i < 4; i++) {
        enum period_kind kind = i % 2 == 0 ? PERIOD_DAY : PERIOD_MONTH;
        leaves[i] = (struct leaf_id){
            .site = site_text,
            .period = world_period(self->world, site->key, kind).index,
            .table = i < 2 ? TABLE_PAGE : TABLE_MUNICIPALITY,
            .kind = (uint8_t)kind,
        };
        if (texts_intern(all, span_text(texts[i / 2]), &leaves[i].key) != SP_OK)
            attack_broken("no room for a text");
    }
    if (counters_apply(world_counters(self->world), leaves, 4, site->mode, true, &feeder) != SP_OK)
        attack_broken("the counter table is full");
    self->day.places[place].views++;
    self->day.pages[page].views++;
    self->day.page_of[place] = page;
}

static void
note_order(void *context, struct span field)
{
    struct linkage *self = context;
    struct cell_of *cell = cell_named(self, field);
    if (cell != NULL && cell->views == 1)
        cell->clue[CLUE_REDIS_ORDER] = self->next++;
}

static void
note_id(void *context, struct span key, int64_t id)
{
    struct cell_of *cell = cell_named(context, key);
    if (cell != NULL)
        cell->clue[CLUE_ARCHIVE_ID] = (double)id;
}

static enum sp_error
note_value(void *context, const struct archive_leaf *leaf)
{
    struct cell_of *cell = cell_named(context, leaf->key);
    if (cell != NULL)
        cell->clue[CLUE_VALUE] = (double)leaf->value;
    return SP_OK;
}

static void
note_slots(struct linkage *self, struct period period)
{
    struct counters *counters = world_counters(self->world);
    for (uint32_t slot = 0; slot < counters_slots(counters); slot++) {
        struct leaf leaf = counters_leaf(counters, slot);
        bool of_day = leaf.id.table != TABLE_COUNT && leaf.id.kind == PERIOD_DAY && leaf.id.period == period.index;
        struct cell_of *cell = of_day ? cell_named(self, texts_get(counters_texts(counters), leaf.id.key)) : NULL;
        if (cell != NULL)
            cell->clue[CLUE_SLOT] = slot;
        if (cell != NULL)
            cell->clue[CLUE_TEXT] = leaf.id.key;
    }
}

/* Orders of two lists of different lengths are laid over each other. */
static void
scale(struct cell_of *cells, int count, enum clue clue)
{
    double low = INFINITY;
    double high = -INFINITY;
    for (int i = 0; i < count; i++) {
        if (cells[i].views != 1)
            continue;
        low = fmin(low, cells[i].clue[clue]);
        high = fmax(high, cells[i].clue[clue]);
    }
    for (int i = 0; i < count; i++)
        cells[i].clue[clue] = high > low ? (cells[i].clue[clue] - low) / (high - low) : 0;
}

static void
guess_pairs(struct linkage *self, enum clue clue)
{
    struct day *day = &self->day;
    struct tally *tally = &self->tally[clue];
    int candidates = 0;
    for (int page = 0; page < PAGES; page++)
        candidates += day->pages[page].views == 1;
    for (int place = 0; place < PLACES; place++) {
        if (day->places[place].views != 1 || day->pages[day->page_of[place]].views != 1)
            continue;
        double best = INFINITY;
        int equal = 0;
        for (int page = 0; page < PAGES; page++) {
            double off = fabs(day->pages[page].clue[clue] - day->places[place].clue[clue]);
            if (day->pages[page].views != 1 || off > best)
                continue;
            equal = off < best ? 1 : equal + 1;
            best = off;
        }
        double own = fabs(day->pages[day->page_of[place]].clue[clue] - day->places[place].clue[clue]);
        double by_chance = 1.0 / candidates;
        tally->pairs++;
        tally->hits += own <= best ? 1.0 / equal : 0; /* of equals he takes any */
        tally->chance += by_chance;
        tally->variance += by_chance * (1 - by_chance);
    }
}

/* The pages have their leaves from the start of the day, or get them with their first view. */
static void
live_a_day(struct linkage *self)
{
    static const char name[] = "site.example";
    uint32_t site;
    const struct site_config *config = world_site(self->world, name);
    if (texts_intern(counters_texts(world_counters(self->world)), span_text(name), &site) != SP_OK)
        attack_broken("no room for a text");
    memset(&self->day, 0, sizeof self->day);
    world_flush(self->world);
    for (int i = 0; i < VIEWS; i++)
        view(self, config, site, (int)below(PLACES), (int)below(PAGES));
    struct period period = world_period(self->world, name, PERIOD_DAY);
    note_slots(self, period);
    world_flush(self->world);
    for (int table = 0; table < 2; table++) {
        self->next = 0;
        world_fields(self->world, name, table == 0 ? TABLE_PAGE : TABLE_MUNICIPALITY, period, note_order, self);
    }
    world_end(self->world, name, PERIOD_DAY);
    world_key_ids(self->world, note_id, self);
    for (int table = 0; table < 2; table++)
        if (archive_leaves(world_archive(self->world), name, table == 0 ? TABLE_PAGE : TABLE_MUNICIPALITY, period,
                           period, note_value, self) != SP_OK)
            attack_broken("the archive does not answer");
    static const enum clue orders[] = { CLUE_REDIS_ORDER, CLUE_ARCHIVE_ID, CLUE_TEXT };
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        scale(self->day.places, PLACES, orders[i]);
        scale(self->day.pages, PAGES, orders[i]);
    }
    for (int clue = 0; clue < CLUES; clue++)
        guess_pairs(self, (enum clue)clue);
}

static char *
make_yaml(bool listed)
{
    char *yaml = NULL;
    size_t length;
    FILE *out = open_memstream(&yaml, &length);
    if (out == NULL)
        attack_broken("out of memory");
    fputs("sites:\n  site.example: {mode: standard, pages: [\"/\"", out);
    for (int page = 0; listed && page < PAGES; page++)
        fprintf(out, ", \"/p%d\"", page);
    fputs("]}\n", out);
    fclose(out);
    return yaml;
}

static void
play(bool listed, int days)
{
    static struct linkage linkage;
    memset(&linkage, 0, sizeof linkage);
    char *yaml = make_yaml(listed);
    linkage.world = world_open(yaml, NULL);
    linkage.listed = listed;
    for (int day = 0; day < days; day++)
        live_a_day(&linkage);
    world_close(linkage.world);
    free(yaml);
    for (int clue = 0; clue < CLUES; clue++) {
        const struct tally *tally = &linkage.tally[clue];
        char name[80];
        char target[32];
        double above = (tally->hits - tally->chance) / tally->pairs;
        double error = 4 * sqrt(tally->variance) / tally->pairs;
        snprintf(name, sizeof name, "joined_above_chance_by_%s_%s_pages", clue_names[clue],
                 listed ? "listed" : "earned");
        snprintf(target, sizeof target, "<=%.4f", error);
        attack_report(clue >= CLUE_SLOT ? "8b" : "8", name, above, target, above <= error && tally->pairs > 100);
    }
}

void
attack_linkage(const struct attack_options *options)
{
    play(true, options->longer ? 200 : 20);
    play(false, options->longer ? 200 : 20);
}
