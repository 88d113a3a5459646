#include "names.h"

#include "sporlos/clock.h"

#include <sodium.h>
#include <stdlib.h>

enum {
    BUCKET_COUNT = 4096, /* 8 candidates each: 32 768 texts that wait on one day, 768 KiB */
    BUCKET_SIZE = 8,
    CANDIDATE_TOKENS = 3,
};

struct name {
    uint32_t site; /* 0: empty */
    uint32_t text;
    int32_t day; /* of its last use */
};

struct candidate {
    uint64_t hash; /* 0: empty */
    uint16_t token[CANDIDATE_TOKENS];
    uint16_t count;
};

struct names {
    struct name *names; /* open addressing, linear probing */
    uint32_t mask;
    uint32_t count, count_max;
    struct candidate *candidates; /* locked memory: made from addresses and unadmitted texts */
    int32_t day;
    unsigned char key[crypto_shorthash_KEYBYTES];
};

enum sp_error
names_new(uint32_t name_max, struct names **out)
{
    *out = NULL;
    struct names *names = calloc(1, sizeof *names);
    if (names == NULL)
        return SP_NO_MEMORY;
    uint32_t places = 64;
    while (places < name_max * 2)
        places *= 2;
    names->mask = places - 1;
    names->count_max = name_max;
    names->day = INT32_MIN;
    names->names = calloc(places, sizeof *names->names);
    names->candidates = sodium_allocarray((size_t)BUCKET_COUNT * BUCKET_SIZE, sizeof *names->candidates);
    if (names->names == NULL || names->candidates == NULL) {
        names_free(names);
        return SP_NO_MEMORY;
    }
    *out = names;
    return SP_OK;
}

void
names_free(struct names *names)
{
    if (names == NULL)
        return;
    sodium_free(names->candidates);
    sodium_memzero(names->key, sizeof names->key);
    free(names->names);
    free(names);
}

static struct name *
place_of(const struct names *names, uint32_t site, uint32_t text)
{
    uint64_t x = (uint64_t)site << 32 | text;
    x = (x ^ x >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t at = (uint32_t)(x >> 32) & names->mask;
    while (names->names[at].site != 0 && (names->names[at].site != site || names->names[at].text != text))
        at = (at + 1) & names->mask;
    return &names->names[at];
}

bool
names_use(struct names *names, uint32_t site, uint32_t text, int32_t day)
{
    struct name *name = place_of(names, site, text);
    if (name->site == 0)
        return false;
    if (name->day < day)
        name->day = day;
    return true;
}

enum sp_error
names_admit(struct names *names, uint32_t site, uint32_t text, int32_t day)
{
    struct name *name = place_of(names, site, text);
    if (name->site != 0)
        return SP_OK;
    if (names->count == names->count_max)
        return SP_FULL;
    *name = (struct name){ site, text, day };
    names->count++;
    return SP_OK;
}

static void
turn_day(struct names *names, int32_t day)
{
    names->day = day;
    random_bytes(names->key, sizeof names->key);
    sodium_memzero(names->candidates, (size_t)BUCKET_COUNT * BUCKET_SIZE * sizeof *names->candidates);
}

static uint64_t
keyed_hash(const struct names *names, uint32_t site, struct span text)
{
    uint64_t hash = 0;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)text.at, text.length, names->key);
    hash = (hash ^ site) * UINT64_C(0x9e3779b97f4a7c15);
    return hash == 0 ? 1 : hash;
}

/*
 * The candidate of that hash. In a full bucket the newcomer takes a random place: whoever floods the table with texts
 * delays names, but can neither admit one nor use up memory.
 */
static struct candidate *
candidate_of(struct names *names, uint64_t hash)
{
    struct candidate *bucket = &names->candidates[(size_t)(hash % BUCKET_COUNT) * BUCKET_SIZE];
    struct candidate *empty = NULL;
    for (int i = 0; i < BUCKET_SIZE; i++) {
        if (bucket[i].hash == hash)
            return &bucket[i];
        if (bucket[i].hash == 0 && empty == NULL)
            empty = &bucket[i];
    }
    if (empty == NULL) {
        uint8_t draw = 0;
        random_bytes(&draw, sizeof draw);
        empty = &bucket[draw % BUCKET_SIZE];
    }
    *empty = (struct candidate){ .hash = hash };
    return empty;
}

bool
names_candidate(struct names *names, uint32_t site, struct span text, uint64_t digest, int32_t day, int needed)
{
    if (names->day != day)
        turn_day(names, day);
    uint64_t hash = keyed_hash(names, site, text);
    struct candidate *candidate = candidate_of(names, hash);
    uint16_t token = (uint16_t)(((digest ^ hash) * UINT64_C(0xff51afd7ed558ccd)) >> 48);
    for (int i = 0; i < candidate->count; i++) {
        if (candidate->token[i] == token)
            return false;
    }
    if (candidate->count + 1 < needed && candidate->count < CANDIDATE_TOKENS) {
        candidate->token[candidate->count++] = token;
        return false;
    }
    sodium_memzero(candidate, sizeof *candidate);
    return true;
}

typedef bool name_condition(const struct name *name, int64_t argument);

/* Rebuilding is simpler than deleting from a probed table, and names are forgotten once a day at most. */
static void
forget(struct names *names, name_condition *condition, int64_t argument)
{
    struct name *old = names->names;
    struct name *fresh = calloc((size_t)names->mask + 1, sizeof *fresh);
    if (fresh == NULL)
        return; /* they stay a day longer */
    names->names = fresh;
    names->count = 0;
    for (uint32_t i = 0; i <= names->mask; i++) {
        if (old[i].site != 0 && !condition(&old[i], argument)) {
            *place_of(names, old[i].site, old[i].text) = old[i];
            names->count++;
        }
    }
    free(old);
}

static bool
is_of_site(const struct name *name, int64_t site)
{
    return name->site == (uint32_t)site;
}

static bool
is_unused(const struct name *name, int64_t before_day)
{
    return name->day < before_day;
}

void
names_forget_site(struct names *names, uint32_t site)
{
    forget(names, is_of_site, site);
}

void
names_forget_unused(struct names *names, int32_t before_day)
{
    forget(names, is_unused, before_day);
}

void
names_each(const struct names *names, names_visit *visit, void *context)
{
    for (uint32_t i = 0; i <= names->mask; i++) {
        if (names->names[i].site != 0)
            visit(context, names->names[i].text);
    }
}

uint32_t
names_count(const struct names *names)
{
    return names->count;
}
