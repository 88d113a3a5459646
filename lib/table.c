#include "sporlos/table.h"

#define X(mode, name, tables, bound, variance, show, k, witnesses, window)                                             \
    [mode] = { name, tables, bound, variance, show, k, witnesses, window },
const struct mode mode_table[MODE_COUNT] = { SP_MODES(X) };
#undef X

#define X(id, name, counted, key, standard, restricted, nb, nn, en)                                                    \
    [id] = { name,                                                                                                     \
             counted,                                                                                                  \
             key,                                                                                                      \
             { [TABLES_STANDARD] = (standard), [TABLES_RESTRICTED] = (restricted) },                                   \
             { [LANGUAGE_NB] = (nb), [LANGUAGE_NN] = (nn), [LANGUAGE_EN] = (en) } },
const struct table table_table[TABLE_COUNT] = { SP_TABLES(X) };
#undef X

/* A row whose words are empty promises nothing that anybody could read. */
#define X(id, name, counted, key, standard, restricted, nb, nn, en)                                                    \
    _Static_assert(sizeof(nb) > 1 && sizeof(nn) > 1 && sizeof(en) > 1, name " needs words in three languages");
SP_TABLES(X)
#undef X

unsigned
table_periods(enum table_id table, enum site_mode mode)
{
    return table_table[table].periods[mode_table[mode].tables];
}

enum sp_error
table_find(struct span name, enum table_id *table)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        if (span_equal(name, span_text(table_table[i].name))) {
            *table = (enum table_id)i;
            return SP_OK;
        }
    }
    return SP_NOT_FOUND;
}

/* The least r with r >= 3 sqrt(n): integers only, so that every machine agrees on who is shown. */
static int64_t
three_deviations(int64_t n)
{
    int64_t low = 0;
    int64_t high = 9 * n + 1;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (middle > 3037000499 || middle * middle >= 9 * n)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

int64_t
release_threshold(enum site_mode mode, unsigned leaves)
{
    const struct mode *row = &mode_table[mode];
    if (leaves <= 1)
        return row->show;
    return row->k + three_deviations((int64_t)leaves * row->variance);
}
