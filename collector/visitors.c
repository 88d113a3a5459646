#include "visitors.h"

#include "network_hash.h"
#include "sporlos/clock.h"
#include "sporlos/locked_memory.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES_MIN = 512 }; /* one page of memory */

/* In locked memory of its own. */
struct secret {
    struct network_hash_key key;
};

struct visitors {
    struct secret *secret;
    uint64_t *tokens; /* open addressing, 0: empty; at most three quarters full */
    uint32_t places;  /* a power of two; 0: no set yet */
    uint32_t count, count_max;
    int32_t day;
    bool locked;
};

enum sp_error
visitors_new(uint32_t visitor_max, struct visitors **out)
{
    *out = NULL;
    struct visitors *visitors = calloc(1, sizeof *visitors);
    if (visitors == NULL)
        return SP_NO_MEMORY;
    visitors->count_max = visitor_max;
    visitors->day = INT32_MIN;
    visitors->secret = locked_memory_new(sizeof *visitors->secret, &visitors->locked);
    if (visitors->secret == NULL) {
        free(visitors);
        return SP_NO_MEMORY;
    }
    *out = visitors;
    return SP_OK;
}

void
visitors_limit(struct visitors *visitors, uint32_t visitor_max)
{
    visitors->count_max = visitor_max;
}

static void
drop_set(struct visitors *visitors)
{
    locked_memory_free(visitors->tokens, visitors->places * sizeof *visitors->tokens);
    visitors->tokens = NULL;
    visitors->places = 0;
    visitors->count = 0;
}

void
visitors_free(struct visitors *visitors)
{
    if (visitors == NULL)
        return;
    drop_set(visitors);
    locked_memory_free(visitors->secret, sizeof *visitors->secret);
    free(visitors);
}

void
visitors_turn(struct visitors *visitors, int32_t day)
{
    if (day <= visitors->day)
        return;
    drop_set(visitors);
    random_bytes((unsigned char *)&visitors->secret->key, sizeof visitors->secret->key);
    visitors->day = day;
}

static uint64_t *
place_of(uint64_t *tokens, uint32_t places, uint64_t token)
{
    uint32_t at = (uint32_t)token & (places - 1);
    while (tokens[at] != 0 && tokens[at] != token)
        at = (at + 1) & (places - 1);
    return &tokens[at];
}

/* To twice as many places; as it was when there is no memory. */
static bool
grow(struct visitors *visitors)
{
    uint32_t places = visitors->places == 0 ? PLACES_MIN : visitors->places * 2;
    uint64_t *tokens = locked_memory_new(places * sizeof *tokens, &visitors->locked);
    if (tokens == NULL)
        return false;
    for (uint32_t i = 0; i < visitors->places; i++) {
        if (visitors->tokens[i] != 0)
            *place_of(tokens, places, visitors->tokens[i]) = visitors->tokens[i];
    }
    locked_memory_free(visitors->tokens, visitors->places * sizeof *visitors->tokens);
    visitors->tokens = tokens;
    visitors->places = places;
    return true;
}

/* Of one message that says both: the number is as long as ever, whatever the agent is. */
static uint64_t
token_of(const struct secret *secret, const struct network *network, struct span agent)
{
    uint64_t token = network_hash_secret(&secret->key, network_number(network->family, network->prefix), agent);
    return token == 0 ? 1 : token;
}

enum visitor
visitors_see(struct visitors *visitors, int32_t day, const struct network *network, struct span agent)
{
    visitors_turn(visitors, day);
    uint64_t token = token_of(visitors->secret, network, agent);
    if (visitors->places != 0 && *place_of(visitors->tokens, visitors->places, token) == token)
        return VISITOR_KNOWN;
    if (visitors->count >= visitors->count_max)
        return VISITOR_UNCOUNTED;
    if (visitors->count >= visitors->places / 4 * 3 && !grow(visitors))
        return VISITOR_UNCOUNTED;
    *place_of(visitors->tokens, visitors->places, token) = token;
    visitors->count++;
    return VISITOR_FIRST;
}

struct visitors_view
visitors_view(const struct visitors *visitors)
{
    return (struct visitors_view){
        .tokens = visitors->count,
        .token_max = visitors->count_max,
        .bytes = visitors->places * sizeof *visitors->tokens,
        .locked = visitors->locked,
    };
}
