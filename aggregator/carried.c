#include "carried.h"

#include <stdlib.h>
#include <string.h>

#include "sporlos/log.h"
#include "sporlos/page_pattern.h"
#include "sporlos/text.h"

struct reading {
    const struct site_config *site;
    struct carried *carried;
    enum table_id table;
    bool found; /* a leaf: the period is there */
};

void
carried_fini(struct carried *carried)
{
    for (size_t i = 0; i < carried->count; i++)
        free(carried->keys[i].text);
    free(carried->keys);
    *carried = (struct carried){ 0 };
}

static enum sp_error
add(struct carried *carried, enum table_id table, struct span key)
{
    if (carried->count == carried->room) {
        size_t room = carried->room == 0 ? 64 : carried->room * 2;
        struct carried_key *keys = realloc(carried->keys, room * sizeof *keys);
        if (keys == NULL)
            return SP_NO_MEMORY;
        carried->keys = keys;
        carried->room = room;
    }
    struct carried_key made = { table, key.length, malloc(key.length) };
    if (made.text == NULL)
        return SP_NO_MEMORY;
    memcpy(made.text, key.at, key.length);
    carried->keys[carried->count++] = made;
    return SP_OK;
}

static enum sp_error
take(void *context, const struct archive_leaf *leaf)
{
    struct reading *reading = context;
    bool restricted = mode_table[reading->site->mode].tables == TABLES_RESTRICTED;
    reading->found = true;
    if (leaf->key.length == 0 || leaf->key.at[0] != '/' ||
        !page_patterns_name(&reading->site->pages, leaf->key, restricted && text_is_telling(leaf->key)))
        return SP_OK;
    return add(reading->carried, reading->table, leaf->key);
}

static int
by_text(const void *left, const void *right)
{
    const struct carried_key *a = left;
    const struct carried_key *b = right;
    int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

/* The same ones in every period: whoever comes and goes would tell. */
static void
limit(struct carried *carried, size_t first)
{
    size_t count = carried->count - first;
    if (count <= CARRIED_MAX)
        return;
    qsort(carried->keys + first, count, sizeof carried->keys[0], by_text);
    while (carried->count > first + CARRIED_MAX)
        free(carried->keys[--carried->count].text);
    LOG(LOG_WARNING, "pages_not_carried_on", { "pages", (int64_t)(count - CARRIED_MAX) });
}

static enum sp_error
read_table(struct archive *archive, const struct site_config *site, struct period period, enum table_id table,
           struct carried *carried)
{
    struct reading reading = { site, carried, table, false };
    size_t first = carried->count;
    enum sp_error error = SP_OK;
    for (int back = 0; error == SP_OK && !reading.found && back < CARRIED_LOOK_BACK_MAX; back++) {
        period.index--;
        error = archive_leaves(archive, site->key, table, period, period, take, &reading);
    }
    limit(carried, first);
    return error;
}

enum sp_error
carried_read(struct archive *archive, const struct site_config *site, struct period period, struct carried *carried)
{
    enum sp_error error = SP_OK;
    *carried = (struct carried){ 0 };
    for (int table = 0; error == SP_OK && table < TABLE_COUNT && site->pages.count > 0; table++) {
        enum key_kind kind = table_table[table].key;
        if ((kind == KEY_PAGE || kind == KEY_FILE) &&
            (table_periods((enum table_id)table, site->mode) & PERIOD_BIT(period.kind)) != 0)
            error = read_table(archive, site, period, (enum table_id)table, carried);
    }
    return error;
}
