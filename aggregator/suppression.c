#include "suppression.h"

#include <string.h>

bool
cell_passes(enum site_mode mode, const struct cell *cell)
{
    return cell->leaves > 0 && cell->witnessed && cell->value >= release_threshold(mode, cell->leaves);
}

static int
two_digits(const char *at)
{
    if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
        return -1;
    return (at[0] - '0') * 10 + (at[1] - '0');
}

int
county_of(struct span key)
{
    if (key.length == 4)
        return two_digits(key.at);
    return key.length == 3 && key.at[0] == 'f' ? two_digits(key.at + 1) : -1;
}

static bool
is_smaller(const struct cell *a, const struct cell *b)
{
    if (a->value != b->value)
        return a->value < b->value;
    size_t shorter = a->key.length < b->key.length ? a->key.length : b->key.length;
    int order = memcmp(a->key.at, b->key.at, shorter);
    return order != 0 ? order < 0 : a->key.length < b->key.length;
}

struct county {
    unsigned hidden;
    struct cell *smallest_shown;
};

static void
note_unit(struct county *county, struct cell *cell)
{
    if (!cell->shown)
        county->hidden++;
    else if (county->smallest_shown == NULL || is_smaller(cell, county->smallest_shown))
        county->smallest_shown = cell;
}

static void
suppress_complements(struct cell *cells, size_t count)
{
    struct county counties[COUNTY_COUNT] = { { .hidden = 0 } };
    for (size_t i = 0; i < count; i++) {
        int county = county_of(cells[i].key);
        if (county >= 0)
            note_unit(&counties[county], &cells[i]);
    }
    for (int i = 0; i < COUNTY_COUNT; i++)
        if (counties[i].hidden == 1 && counties[i].smallest_shown != NULL)
            counties[i].smallest_shown->shown = false;
}

void
suppress(enum site_mode mode, enum key_kind kind, struct cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cells[i].shown = cell_passes(mode, &cells[i]);
    if (kind == KEY_MUNICIPALITY)
        suppress_complements(cells, count);
}

bool
suppress_rest(enum site_mode mode, const struct cell *cells, size_t count, int county, struct cell *rest,
              unsigned *units)
{
    *rest = (struct cell){ .leaves = 0 };
    *units = 0;
    for (size_t i = 0; i < count; i++) {
        if (cells[i].shown || county_of(cells[i].key) != county)
            continue;
        rest->value += cells[i].value;
        rest->leaves += cells[i].leaves;
        rest->witnessed = rest->witnessed || cells[i].witnessed;
        (*units)++;
    }
    rest->shown = *units >= 2 && cell_passes(mode, rest);
    return rest->shown;
}
