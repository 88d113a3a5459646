/*
 * How far the number of visitors is from the number of readers: the real set (collector/visitors.c), fed by an
 * invented country. Prints a line for each number of readers a day:
 *
 *     visitors readers N counted N bias PERCENT
 *
 * What is assumed, and where from: docs/privacy.md, 'Visitors'. Same seed, same figures.
 */
#include "visitors.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum {
    TELEPHONE_PERCENT = 70,    /* readers with a telephone */
    OUTSIDE_PERCENT = 75,      /* of those, on a mobile operator's network, not at home */
    MOBILE_NETWORKS = 400,     /* /24 that the mobile operators' address translation comes out of */
    FIXED_NETWORKS = 24000,    /* /24 with households, schools, offices */
    TWO_NETWORKS_PERCENT = 12, /* readers who come back the same day on the other kind of network */
    TELEPHONE_AGENTS = 40,     /* User-Agents of telephones: browsers name no model any more */
    COMPUTER_AGENTS = 60,
    ROUNDS = 20,
};

static uint64_t state = 88172645463325252U;

static uint64_t
draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static bool
chance(unsigned percent)
{
    return draw() % 100 < percent;
}

/* 0 to count - 1, the i-th in proportion to 1 / (i + 1): a few are common, most are rare. */
static uint64_t
zipf(uint64_t count)
{
    double u = (double)(draw() >> 11) / 9007199254740992.0;
    return (uint64_t)(exp(u * log((double)count + 1)) - 1);
}

struct reader {
    bool telephone;
    bool outside; /* on a mobile operator's network */
    uint64_t agent;
};

static bool
is_first(struct visitors *visitors, int32_t day, const struct reader *reader)
{
    struct network network = { .family = NETWORK_V4 };
    network.prefix = reader->outside ? zipf(MOBILE_NETWORKS) : MOBILE_NETWORKS + draw() % FIXED_NETWORKS;
    char text[32];
    int length =
        snprintf(text, sizeof text, "%s %" PRIu64, reader->telephone ? "telephone" : "computer", reader->agent);
    return visitors_see(visitors, day, &network, span_of(text, (size_t)length)) == VISITOR_FIRST;
}

static unsigned
counted_on(struct visitors *visitors, int32_t day, unsigned readers)
{
    unsigned counted = 0;
    for (unsigned i = 0; i < readers; i++) {
        struct reader reader = { .telephone = chance(TELEPHONE_PERCENT) };
        reader.outside = reader.telephone && chance(OUTSIDE_PERCENT);
        reader.agent = zipf(reader.telephone ? TELEPHONE_AGENTS : COMPUTER_AGENTS);
        counted += is_first(visitors, day, &reader);
        reader.outside = !reader.outside;
        if (chance(TWO_NETWORKS_PERCENT))
            counted += is_first(visitors, day, &reader);
    }
    return counted;
}

int
main(void)
{
    static const unsigned sizes[] = { 30, 100, 300, 1000, 3000, 10000, 30000, 100000 };
    struct visitors *visitors;
    int32_t day = 0;
    if (visitors_new(VISITORS_MAX, &visitors) != SP_OK)
        return 1;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        double counted = 0;
        for (int round = 0; round < ROUNDS; round++)
            counted += counted_on(visitors, day++, sizes[i]);
        counted /= ROUNDS;
        printf("visitors readers %u counted %.0f bias %+.0f %%\n", sizes[i], counted,
               100 * (counted - sizes[i]) / sizes[i]);
    }
    visitors_free(visitors);
    return 0;
}
