/* What each record of a database turned out to be: hundreds of thousands of networks share a few thousand records. */
#ifndef SPORLOS_COLLECTOR_GEO_MEMO_H
#define SPORLOS_COLLECTOR_GEO_MEMO_H

#include "sporlos/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct geo_memo_slot {
    uint32_t offset;
    uint16_t index;
    bool used;
};

struct geo_memo {
    struct geo_memo_slot *slots; /* open addressing, a power of two, at most half full */
    size_t room, count;
};

/* The slot of offset; one with used false that the caller fills if it is new. NULL without memory. */
struct geo_memo_slot *geo_memo_slot(struct geo_memo *memo, uint32_t offset);
void geo_memo_fini(struct geo_memo *memo);

#endif
