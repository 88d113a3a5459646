#include "growth.h"

static unsigned
add_table(struct growths *growths, unsigned count, int table, unsigned periods)
{
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        if ((periods & PERIOD_BIT(kind)) != 0)
            growths->rows[count++] = (struct growth){ .table = (uint8_t)table, .kind = (uint8_t)kind };
    }
    return count;
}

void
growths_read(struct growths *growths, const uint8_t periods[TABLE_COUNT])
{
    unsigned count = 0;
    for (int counted = 0; counted < COUNTED_COUNT; counted++) {
        growths->first[counted] = (uint8_t)count;
        for (int table = 0; table < TABLE_COUNT; table++) {
            if (table_table[table].counted == (enum counted)counted)
                count = add_table(growths, count, table, periods[table]);
        }
    }
    growths->first[COUNTED_COUNT] = (uint8_t)count;
}

void
growths_open(struct growths *growths, struct period open)
{
    for (unsigned i = 0; i < growths->first[COUNTED_COUNT]; i++) {
        if (growths->rows[i].kind == open.kind)
            growths->rows[i].period = open.index;
    }
}
