/* Row 4: what a difference of two ranges tells, and whether it tells a leaf that nobody fed from one that somebody did.
 */
#include "attack.h"
#include "world.h"

#include "statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEYS_MAX = 1000, DAYS_MAX = 64, COUNTIES = 20 };

#define NOTHING INT64_MIN
#define SITE "site.example"

/* Sums of a table's keys over a range, by index of key; NOTHING: not shown. */
struct sums {
    int64_t of[KEYS_MAX];
};

/* '/p0000' or '0100': twenty counties of fifty municipalities. */
static void
key_text(enum table_id table, int key, char out[16])
{
    if (table == TABLE_PAGE)
        snprintf(out, 16, "/p%04d", key);
    else
        snprintf(out, 16, "%04d", (key / (KEYS_MAX / COUNTIES) + 1) * 100 + key % (KEYS_MAX / COUNTIES) + 1);
}

static int
key_index(enum table_id table, struct span key)
{
    char text[16] = "";
    if (key.length >= sizeof text)
        return -1;
    if (key.length > 0)
        memcpy(text, key.at, key.length);
    if (table == TABLE_PAGE)
        return text[0] == '/' && text[1] == 'p' ? atoi(text + 2) : -1;
    int number = atoi(text); /* 0: 'unknown' and its like */
    return number > 0 ? (number / 100 - 1) * (KEYS_MAX / COUNTIES) + number % 100 - 1 : -1;
}

static void
ask(struct world *world, enum table_id table, int32_t from, int32_t to, struct sums *sums)
{
    const struct statistic_query query = { world_site(world, SITE), table, from, to, BY_RANGE };
    struct statistic *statistic;
    if (statistic_new(world_archive(world), &query, &statistic) != SP_OK)
        attack_broken("a range is not answered");
    for (int i = 0; i < KEYS_MAX; i++)
        sums->of[i] = NOTHING;
    for (size_t i = 0; i < statistic_count(statistic); i++) {
        const struct statistic_row *row = statistic_at(statistic, i);
        int key = row->is_rest ? -1 : key_index(table, row->key);
        if (key >= 0 && row->shown)
            sums->of[key] = row->value;
    }
    statistic_free(statistic);
}

struct stored {
    enum table_id table;
    struct sums *leaves;
};

static enum sp_error
read_leaf(void *context, const struct archive_leaf *leaf)
{
    struct stored *stored = context;
    int key = key_index(stored->table, leaf->key);
    if (key >= 0)
        stored->leaves->of[key] = leaf->value;
    return SP_OK;
}

static void
read_stored(struct world *world, enum table_id table, struct period period, struct sums *leaves)
{
    struct stored stored = { table, leaves };
    for (int i = 0; i < KEYS_MAX; i++)
        leaves->of[i] = NOTHING;
    if (archive_leaves(world_archive(world), SITE, table, period, period, read_leaf, &stored) != SP_OK)
        attack_broken("the archive does not answer");
}

/* Everybody of the synthetic country; nobody lives anywhere in particular. */
static void
write_country(char path[64])
{
    snprintf(path, 64, "/tmp/sporlos-country-XXXXXX");
    int file = mkstemp(path);
    FILE *out = file < 0 ? NULL : fdopen(file, "w");
    if (out == NULL)
        attack_broken("no temporary file");
    for (int county = 1; county <= COUNTIES; county++)
        fprintf(out, "fylke,%02d,County %d\n", county, county);
    for (int key = 0; key < KEYS_MAX; key++) {
        char text[16];
        key_text(TABLE_MUNICIPALITY, key, text);
        fprintf(out, "kommune,%s,Place %s,60,10,9000\n", text, text);
    }
    fclose(out);
}

struct differencing {
    struct world *world;
    enum table_id table;
    enum period_kind kind;
    int views; /* of each key in the first period, so that every sum is shown */
    int periods;
    struct guess guess;
    uint64_t derived, hidden, other,
        exact; /* differences: made, not shown, that are no leaf, equal to the true count */
};

static int32_t
first_day(struct period period)
{
    return period.kind == PERIOD_MONTH ? month_first_day(period.index) : period.index;
}

static int32_t
last_day(struct period period)
{
    return period.kind == PERIOD_MONTH ? month_first_day(period.index + 1) - 1 : period.index;
}

/* Was key visited, once, in that period? Half of them are, and nothing but this says which. */
static bool
is_visited(int key, int period)
{
    uint64_t x = ((uint64_t)key << 32 | (uint64_t)period) * 0x9e3779b97f4a7c15U;
    x ^= x >> 29;
    return (x * 0xbf58476d1ce4e5b9U) >> 63;
}

static void
judge_period(struct differencing *self, struct period first, struct period period, int index)
{
    static struct sums before, after, leaves;
    ask(self->world, self->table, first_day(first), first_day(period) - 1, &before);
    ask(self->world, self->table, first_day(first), last_day(period), &after);
    read_stored(self->world, self->table, period, &leaves);
    for (int key = 0; key < KEYS_MAX; key++) {
        bool shown = before.of[key] != NOTHING && after.of[key] != NOTHING;
        int64_t difference = shown ? after.of[key] - before.of[key] : NOTHING;
        int64_t leaf = leaves.of[key] == NOTHING ? 0 : leaves.of[key];
        self->derived += shown;
        self->hidden += !shown;
        self->other += shown && difference != leaf;
        self->exact += shown && difference == is_visited(key, index);
        guess_note(&self->guess, index % 2 != 0, is_visited(key, index), difference);
    }
}

/* Enough networks have sent each page at some time before. */
static void
earn_names(const struct differencing *self)
{
    for (int key = 0; key < KEYS_MAX; key++) {
        char text[16];
        key_text(TABLE_PAGE, key, text);
        world_name(self->world, SITE, NAME_PAGE, text);
    }
}

static void
play(struct differencing *self)
{
    struct period first = { 0 };
    if (self->table == TABLE_PAGE)
        earn_names(self);
    for (int index = 0; index <= self->periods; index++) {
        for (int key = 0; key < KEYS_MAX; key++) {
            char text[16];
            key_text(self->table, key, text);
            int views = index == 0 ? self->views : is_visited(key, index);
            if (views > 0)
                world_feed(self->world, SITE, self->table, self->kind, text, views);
        }
        struct period period = world_end(self->world, SITE, self->kind);
        if (index == 0)
            first = period;
        else
            judge_period(self, first, period, index);
    }
}

static const struct game {
    const char *name;
    enum site_mode mode;
    enum table_id table;
    enum period_kind kind;
    int views;
    double most;
    const char *target;
} games[] = {
    { "municipality_standard", MODE_STANDARD, TABLE_MUNICIPALITY, PERIOD_DAY, 60, .62, "<=0.62" },
    { "earned_page_standard", MODE_STANDARD, TABLE_PAGE, PERIOD_DAY, 60, .62, "<=0.62" },
    { "municipality_restricted", MODE_RESTRICTED, TABLE_MUNICIPALITY, PERIOD_MONTH, 120, .58, "<=0.58" },
};

void
attack_differencing(const struct attack_options *options)
{
    static struct differencing all[sizeof games / sizeof games[0]];
    uint64_t derived = 0;
    uint64_t other = 0;
    uint64_t exact = 0;
    char country[64];
    char yaml[512];
    write_country(country);
    for (size_t i = 0; i < sizeof games / sizeof games[0]; i++) {
        const struct game *game = &games[i];
        struct differencing *self = &all[i];
        snprintf(yaml, sizeof yaml, "geo: {gazetteer: \"%s\"}\nsites: {%s: {mode: %s, pages: [\"/\"]}}\n", country,
                 SITE, mode_table[game->mode].name);
        self->world = world_open(yaml, NULL);
        self->table = game->table;
        self->kind = game->kind;
        self->views = game->views;
        self->periods = options->longer ? 40 : 10;
        play(self);
        world_close(self->world);
        derived += self->derived;
        other += self->other;
        exact += self->exact;
    }
    unlink(country);
    attack_figure("differences_derived", (double)derived);
    attack_figure("differences_equal_to_the_true_count", (double)exact / (double)derived);
    attack_report("4", "differences_that_are_no_leaf", (double)other, "0", other == 0 && derived > 0);
    for (size_t i = 0; i < sizeof games / sizeof games[0]; i++) {
        char name[80];
        double right = guess_accuracy(&all[i].guess);
        /* Three standard errors of the test runs: they are fewer than those of row 3, which have none to spare. */
        double error = 1.5 / sqrt((double)all[i].periods / 2 * KEYS_MAX);
        snprintf(name, sizeof name, "differencing_0_or_1_%s", games[i].name);
        attack_report("4b", name, right, games[i].target, right <= games[i].most + error);
    }
}
