/* Row 3b: one visit in all its leaves. Each has noise of its own, so an attacker who knows all of them knows more. */
#include "attack.h"

#include "counters.h"
#include "fed_by.h"
#include "noise_below.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 32 << 20, RUNS_AT_ONCE = 5000, LEAVES_MOST = 16, BOUND_MOST = 20 };

/* What the views of an entry count in; from another site whose host has a name, TABLE_REFERRER_HOST too. */
static const enum table_id fed[] = { TABLE_TOTAL,    TABLE_HOUR,     TABLE_VISITS, TABLE_PAGE,    TABLE_MUNICIPALITY,
                                     TABLE_VISITORS, TABLE_REFERRER, TABLE_DEVICE, TABLE_BROWSER, TABLE_SYSTEM };

static unsigned
leaves_in(enum table_id table, enum site_mode mode)
{
    unsigned leaves = 0;
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        leaves += (table_periods(table, mode) & PERIOD_BIT(kind)) != 0;
    return leaves;
}

static unsigned
leaves_of(enum site_mode mode, bool has_host)
{
    unsigned leaves = has_host ? leaves_in(TABLE_REFERRER_HOST, mode) : 0;
    for (size_t i = 0; i < sizeof fed / sizeof fed[0]; i++)
        leaves += leaves_in(fed[i], mode);
    if (leaves > LEAVES_MOST)
        attack_broken("more leaves than there is room for");
    return leaves;
}

/* log P(v - 1) - log P(v) for each v from -bound to bound + 1, from what the program itself makes of all 2^32 bits. */
static void
ratios(enum site_mode mode, double ratio[2 * BOUND_MOST + 2])
{
    int bound = mode_table[mode].bound;
    double below[2 * BOUND_MOST + 3] = { 0 };
    for (int v = -bound; v <= bound + 1; v++)
        below[v + bound] = (double)noise_bits_below(mode, v);
    for (int i = 0; i <= 2 * bound + 1; i++) {
        double without = i > 2 * bound ? 0 : below[i + 1] - below[i];
        double with = i == 0 ? 0 : below[i] - below[i - 1];
        ratio[i] = (with <= 0 ? -1e9 : log(with)) - (without <= 0 ? -1e9 : log(without));
    }
}

static void
born_and_fed(struct counters *counters, enum site_mode mode, uint32_t run, unsigned leaves)
{
    struct leaf_id visit[LEAVES_MOST];
    struct witness_source source = { .digest = 1 };
    const struct feeder feeder = fed_by(&source);
    for (unsigned i = 0; i < leaves; i++) {
        visit[i] = (struct leaf_id){
            .site = 1, .key = run * leaves + i + 2, .period = 20000, .table = TABLE_PAGE, .kind = PERIOD_DAY
        };
        if (counters_birth(counters, &visit[i], mode) != SP_OK)
            attack_broken("the counter table is full");
    }
    if (run % 2 != 0 && counters_apply(counters, visit, leaves, mode, true, &feeder) != SP_OK)
        attack_broken("the counter table is full");
}

/* How often the likelihood ratio over all leaves is right, of RUNS_AT_ONCE runs; a tie is half right. */
static double
right_at_once(enum site_mode mode, unsigned leaves, const double *ratio)
{
    static double sums[RUNS_AT_ONCE];
    unsigned char boot[BOOT_BYTES] = { 1 };
    enum counters_opened opened;
    struct counters *counters;
    double right = 0;
    void *memory = calloc(1, MEMORY);
    if (memory == NULL || counters_open(memory, MEMORY, boot, &counters, &opened) != SP_OK)
        attack_broken("no counter table");
    memset(sums, 0, sizeof sums);
    for (uint32_t run = 0; run < RUNS_AT_ONCE; run++)
        born_and_fed(counters, mode, run, leaves);
    for (uint32_t slot = 0; slot < counters_slots(counters); slot++) {
        struct leaf leaf = counters_leaf(counters, slot);
        if (leaf.id.table == TABLE_PAGE) /* else it is free */
            sums[(leaf.id.key - 2) / leaves] += ratio[leaf.value + mode_table[mode].bound];
    }
    for (uint32_t run = 0; run < RUNS_AT_ONCE; run++)
        right += fabs(sums[run]) < 1e-9 ? .5 : (sums[run] > 0) == (run % 2 != 0);
    counters_free(counters);
    free(memory);
    return right;
}

void
attack_one_visit_everywhere(const struct attack_options *options)
{
    static const struct {
        enum site_mode mode;
        bool has_host;
        double documented; /* docs/privacy.md, 'What we do not claim' */
    } rows[] = {
        { MODE_STANDARD, false, .852 }, { MODE_STANDARD, true, .870 }, { MODE_RESTRICTED, false, .630 },
        { MODE_STRICT, false, .641 },   { MODE_STRICT, true, .651 },
    };
    int times = options->longer ? 80 : 8;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double ratio[2 * BOUND_MOST + 2];
        char name[64];
        char target[32];
        unsigned leaves = leaves_of(rows[i].mode, rows[i].has_host);
        double right = 0;
        ratios(rows[i].mode, ratio);
        for (int time = 0; time < times; time++)
            right += right_at_once(rows[i].mode, leaves, ratio);
        right /= (double)times * RUNS_AT_ONCE;
        double most = rows[i].documented + 3 * sqrt(.25 / ((double)times * RUNS_AT_ONCE));
        snprintf(name, sizeof name, "one_visit_in_all_%u_leaves_%s", leaves, mode_table[rows[i].mode].name);
        snprintf(target, sizeof target, "<=%.4f", most);
        attack_report("3b", name, right, target, right <= most);
    }
}
