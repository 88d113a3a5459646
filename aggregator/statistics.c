/*
 * Sums of closed leaves, bucket by bucket. What may be worked out from the answers, and why it is no more than a noisy
 * leaf, is reasoned in docs/api.md. Three choices here serve it:
 *
 * - What is hidden is nowhere: no row, no rank, no count of rows, and no number beside a shown value that depends on
 * how many of the key's leaves exist. A leaf exists when something was counted, so 'made of 27 leaves' for one range
 * and 26 for a day less would say that a page had been read on a day on which it is hidden. row.leaves and
 * row.deviation are therefore upper bounds that all rows of the bucket share. Only the threshold uses the exact number.
 * - Which leaves answer (months or days) follows from the question alone, not from what is closed or how large it is.
 * - The same question gets the same answer: nothing is drawn here.
 */
#include "statistics_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sporlos/in_force.h"
#include "sporlos/known_keys.h"
#include "sporlos/limits.h"
#include "suppression.h"

enum {
    ABOUT_KEYS_MAX = 8,                  /* keys about one page, where they are a closed list */
    ABOUT_KEY_MAX = PATH_MAX_BYTES + 16, /* bytes of one, with the terminator */
};

/* The mode whose rules the current bucket is shown by. */
static enum site_mode
bucket_mode(const struct statistic *self)
{
    const struct site_config *site = self->query->site;
    struct period first = { self->kind == PERIOD_HOUR ? PERIOD_HOUR : PERIOD_DAY, self->buckets[self->bucket].from };
    return site->in_force.mode_since_s == 0 ? site->mode : site_mode_since(site, period_start(first, &site->zone));
}

/* How many births of noise a key of this bucket has at most. */
static unsigned
births_bound(const struct statistic *self)
{
    int32_t first = period_holding(self->kind, self->buckets[self->bucket].from);
    int32_t last = period_holding(self->kind, self->buckets[self->bucket].to);
    first = first > self->closed_first ? first : self->closed_first;
    last = last < self->closed_last ? last : self->closed_last;
    return (last >= first ? (unsigned)(last - first + 1) : 0) + self->extra_births;
}

static enum sp_error
add_row(struct statistic *self, const struct statistic_row *row)
{
    if (self->row_count >= STATISTIC_ROWS_MAX)
        return SP_TOO_LONG;
    if (self->row_count == self->row_room) {
        size_t room = self->row_room == 0 ? 64 : self->row_room * 2;
        struct statistic_row *rows = realloc(self->rows, room * sizeof *rows);
        if (rows == NULL)
            return SP_NO_MEMORY;
        self->rows = rows;
        self->row_room = room;
    }
    self->rows[self->row_count++] = *row;
    return SP_OK;
}

/* What the rows of a bucket share. */
struct births {
    unsigned count;
    double deviation;
};

static struct births
births_of(const struct statistic *self, unsigned units)
{
    unsigned count = units * births_bound(self);
    return (struct births){ count, sqrt((double)count * mode_table[bucket_mode(self)].variance) };
}

static enum sp_error
add_cell_row(struct statistic *self, const struct cell *cell, struct births births, bool is_rest)
{
    struct statistic_row row = {
        .from = self->buckets[self->bucket].from,
        .to = self->buckets[self->bucket].to,
        .key = cell->key,
        .shown = cell->shown,
        .is_rest = is_rest,
    };
    if (cell->shown) {
        row.value = cell->value;
        row.leaves = births.count;
        row.at_least = cell->at_least;
        row.deviation = births.deviation;
    }
    return add_row(self, &row);
}

static unsigned
power_of_two_above(unsigned n)
{
    unsigned power = 1;
    while (power < n)
        power *= 2;
    return power;
}

static enum sp_error
add_rests(struct statistic *self)
{
    bool is_there[COUNTY_COUNT] = { false };
    for (size_t i = 0; i < self->cells.count; i++)
        if (!self->cells.cells[i].shown && county_of(self->cells.cells[i].key) >= 0)
            is_there[county_of(self->cells.cells[i].key)] = true;
    for (int county = 0; county < COUNTY_COUNT; county++) {
        struct cell rest;
        unsigned units;
        if (!is_there[county] ||
            !suppress_rest(bucket_mode(self), self->cells.cells, self->cells.count, county, &rest, &units))
            continue;
        char *key = self->rest_keys[county];
        key[0] = 'r';
        key[1] = (char)('0' + county / 10);
        key[2] = (char)('0' + county % 10);
        rest.key = span_of(key, sizeof self->rest_keys[county]);
        /* Rounded up, so that it does not say how many municipalities are hidden. */
        enum sp_error error = add_cell_row(self, &rest, births_of(self, power_of_two_above(units)), true);
        if (error != SP_OK)
            return error;
    }
    return SP_OK;
}

static bool
is_other(const struct cell *cell)
{
    return span_equal(cell->key, SPAN_LITERAL(KEY_OTHER)) || span_equal(cell->key, SPAN_LITERAL(KEY_REMOVED));
}

static int
compare_text(struct span a, struct span b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int
compare_cells(const void *left, const void *right)
{
    const struct cell *a = left;
    const struct cell *b = right;
    if (a->value != b->value)
        return a->value < b->value ? 1 : -1;
    return compare_text(a->key, b->key);
}

static enum sp_error
finish_single(struct statistic *self)
{
    static const struct cell nothing = { .key = { "", 0 } };
    const struct cell *cell = self->cells.count > 0 ? &self->cells.cells[0] : &nothing;
    return add_cell_row(self, cell, births_of(self, 1), false);
}

/* Is the key the page wanted, or does it end in it behind a separator? */
static bool
is_about(struct span page, struct span key)
{
    struct span head, of;
    if (page.at == NULL || span_equal(key, page))
        return true;
    key_halves(key, &head, &of);
    return of.length > 0 && span_equal(of, page);
}

static void
swap_cells(struct cell *a, struct cell *b)
{
    struct cell cell = *a;
    *a = *b;
    *b = cell;
}

/* Those that are shown, and wanted, to the front: only they are worth sorting. How many they are. */
static size_t
gather_shown(struct cells *cells, struct span page)
{
    size_t shown = 0;
    for (size_t i = 0; i < cells->count; i++)
        if (cells->cells[i].shown && is_about(page, cells->cells[i].key))
            swap_cells(&cells->cells[i], &cells->cells[shown++]);
    return shown;
}

/* KEY_OTHER and KEY_REMOVED to the end. How many stand before them. */
static size_t
put_others_last(struct cell *cells, size_t count)
{
    size_t named = 0;
    for (size_t i = 0; i < count; i++)
        if (!is_other(&cells[i]))
            swap_cells(&cells[i], &cells[named++]);
    return named;
}

static void
sort_cells(struct cell *cells, size_t from, size_t to)
{
    if (to - from > 1) /* of none there may be no array */
        qsort(cells + from, to - from, sizeof *cells, compare_cells);
}

static enum sp_error
finish_keyed(struct statistic *self)
{
    size_t shown = gather_shown(&self->cells, self->page);
    struct cell *cells = self->cells.cells;
    size_t named = put_others_last(cells, shown);
    sort_cells(cells, 0, named);
    sort_cells(cells, named, shown);
    struct births births = births_of(self, 1);
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < shown; i++)
        error = add_cell_row(self, &cells[i], births, false);
    if (error == SP_OK && table_table[self->query->table].key == KEY_MUNICIPALITY)
        error = add_rests(self);
    return error;
}

enum sp_error
statistic_finish_bucket(struct statistic *self)
{
    enum key_kind kind = table_table[self->query->table].key;
    enum sp_error error = cells_make(&self->cells);
    if (error == SP_OK && kind == KEY_MUNICIPALITY)
        error = cells_name(&self->cells, self->archive, false);
    if (error != SP_OK)
        return error;
    suppress(bucket_mode(self), kind, self->cells.cells, self->cells.count);
    error = cells_name(&self->cells, self->archive, true);
    if (error != SP_OK)
        return error;
    error = kind == KEY_NONE ? finish_single(self) : finish_keyed(self);
    self->extra_births = 0;
    self->bucket++;
    return error;
}

static enum sp_error
make(struct statistic *self, struct archive *archive)
{
    self->closed_last = -1;
    self->archive = archive;
    enum sp_error error = buckets_new(self->query, &self->buckets, &self->bucket_count);
    if (error == SP_OK)
        error = statistic_read(self);
    while (error == SP_OK && self->bucket < self->bucket_count)
        error = statistic_finish_bucket(self);
    cells_settle(&self->cells);
    free(self->buckets);
    self->buckets = NULL;
    self->query = NULL;
    self->archive = NULL;
    return error;
}

/* ---- what is asked for ---- */

static int
compare_numbers(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* Keys that the archive does not know have no leaves. */
static enum sp_error
find_wanted(struct statistic *self, struct archive *archive, const struct span *keys, size_t count)
{
    self->wanted = malloc((count + 1) * sizeof *self->wanted);
    enum sp_error error = self->wanted == NULL ? SP_NO_MEMORY : SP_OK;
    size_t found = 0;
    for (size_t i = 0; error == SP_OK && i < count; i++) {
        error = archive_key_id(archive, keys[i], &self->wanted[found]);
        found += error == SP_OK;
        error = error == SP_NOT_FOUND ? SP_OK : error;
    }
    if (found > 1)
        qsort(self->wanted, found, sizeof *self->wanted, compare_numbers);
    self->cells.wanted = self->wanted;
    self->cells.wanted_count = found;
    return error;
}

static enum sp_error
begin(const struct statistic_query *query, struct statistic **statistic)
{
    *statistic = NULL;
    if (query->from > query->to || query->to - query->from >= STATISTIC_DAYS_MAX)
        return SP_MALFORMED;
    struct statistic *self = calloc(1, sizeof *self);
    if (self == NULL)
        return SP_NO_MEMORY;
    self->query = query;
    bool is_counted = buckets_choose_kind(query, &self->kind);
    *statistic = self;
    return is_counted ? SP_OK : SP_REFUSED;
}

static enum sp_error
end(enum sp_error error, struct statistic **statistic)
{
    if (error == SP_OK)
        return SP_OK;
    statistic_free(*statistic);
    *statistic = NULL;
    return error;
}

enum sp_error
statistic_new(struct archive *archive, const struct statistic_query *query, struct statistic **statistic)
{
    enum sp_error error = begin(query, statistic);
    if (error == SP_OK)
        error = make(*statistic, archive);
    return end(error, statistic);
}

enum sp_error
statistic_of_new(struct archive *archive, const struct statistic_query *query, const struct span *keys, size_t count,
                 struct statistic **statistic)
{
    enum sp_error error = begin(query, statistic);
    if (error == SP_OK && table_table[query->table].key != KEY_MUNICIPALITY)
        error = find_wanted(*statistic, archive, keys, count);
    if (error == SP_OK)
        error = make(*statistic, archive);
    return end(error, statistic);
}

/* The keys that are about a page, where they are known: its own, or one for each of a closed list. 0: they are not. */
static size_t
keys_about(enum key_kind kind, struct span page, char texts[][ABOUT_KEY_MAX], struct span keys[ABOUT_KEYS_MAX])
{
    const struct known_keys known = known_keys_of(kind);
    bool has_halves = kind == KEY_BUCKET_PAGE || kind == KEY_QUARTER_PAGE;
    keys[0] = page;
    if (kind == KEY_PAGE || kind == KEY_FILE)
        return 1;
    if (!has_halves || page.length > PATH_MAX_BYTES || known.count > ABOUT_KEYS_MAX)
        return 0;
    for (size_t i = 0; i < known.count; i++) {
        int length =
            snprintf(texts[i], ABOUT_KEY_MAX, "%s%c%.*s", known.rows[i].key, KEY_SEPARATOR, (int)page.length, page.at);
        keys[i] = span_of(texts[i], (size_t)length);
    }
    return known.count;
}

enum sp_error
statistic_about_new(struct archive *archive, const struct statistic_query *query, struct span page,
                    struct statistic **statistic)
{
    char texts[ABOUT_KEYS_MAX][ABOUT_KEY_MAX];
    struct span keys[ABOUT_KEYS_MAX];
    size_t count = page.at == NULL ? 0 : keys_about(table_table[query->table].key, page, texts, keys);
    if (count > 0)
        return statistic_of_new(archive, query, keys, count, statistic);
    enum sp_error error = begin(query, statistic);
    if (error == SP_OK) {
        (*statistic)->page = page;
        error = make(*statistic, archive);
    }
    return end(error, statistic);
}

void
statistic_free(struct statistic *statistic)
{
    if (statistic == NULL)
        return;
    cells_fini(&statistic->cells);
    free(statistic->wanted);
    free(statistic->index);
    free(statistic->rows);
    free(statistic);
}

size_t
statistic_count(const struct statistic *statistic)
{
    return statistic->row_count;
}

const struct statistic_row *
statistic_at(const struct statistic *statistic, size_t index)
{
    return &statistic->rows[index];
}

/* ---- rows by key ---- */

/* FNV-1a. */
static size_t
hash_of(struct span key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < key.length; i++)
        hash = (hash ^ (unsigned char)key.at[i]) * UINT64_C(0x100000001b3);
    return (size_t)(hash ^ hash >> 32);
}

/* The place of the key, or the free one where it would be. */
static uint32_t *
place_of(const struct statistic *self, struct span key)
{
    size_t place = hash_of(key) & (self->index_room - 1);
    while (self->index[place] != 0 && !span_equal(self->rows[self->index[place] - 1].key, key))
        place = (place + 1) & (self->index_room - 1);
    return &self->index[place];
}

static bool
make_index(struct statistic *self)
{
    size_t room = power_of_two_above((unsigned)self->row_count * 2 + 2);
    self->index = calloc(room, sizeof *self->index);
    if (self->index == NULL)
        return false;
    self->index_room = room;
    for (size_t i = 0; i < self->row_count; i++)
        if (self->rows[i].shown)
            *place_of(self, self->rows[i].key) = (uint32_t)i + 1;
    return true;
}

const struct statistic_row *
statistic_find(struct statistic *statistic, struct span key)
{
    if (statistic->index == NULL && !make_index(statistic))
        return NULL;
    uint32_t found = *place_of(statistic, key);
    return found == 0 ? NULL : &statistic->rows[found - 1];
}

enum period_kind
statistic_leaf_kind(const struct statistic *statistic)
{
    return statistic->kind;
}
