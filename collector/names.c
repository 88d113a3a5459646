#include "names.h"

#include "sporlos/clock.h"
#include "sporlos/locked_memory.h"

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
    int32_t day;    /* of its last use */
    uint8_t kind;   /* enum name_kind */
    bool is_earned; /* Redis has it, or will */
    bool changed;   /* since it was last written there */
};

struct candidate {
    uint64_t hash; /* 0: empty */
    uint16_t token[CANDIDATE_TOKENS];
    uint16_t count;
};

#define CANDIDATES_BYTES (BUCKET_COUNT * BUCKET_SIZE * sizeof(struct candidate))

struct names {
    struct name *names; /* open addressing, linear probing */
    uint32_t mask;
    uint32_t count, count_max;
    uint32_t changed_count;
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
    names->candidates = locked_memory_new(CANDIDATES_BYTES, NULL);
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
    locked_memory_free(names->candidates, CANDIDATES_BYTES);
    sodium_memzero(names->key, sizeof names->key);
    free(names->names);
    free(names);
}

char
name_kind_letter(enum name_kind kind)
{
#define X(kind, letter) [kind] = (letter),
    static const char letters[NAME_KIND_COUNT] = { NAME_KINDS(X) };
#undef X
    return letters[kind];
}

bool
name_kind_find(char letter, enum name_kind *kind)
{
    for (int i = 0; i < NAME_KIND_COUNT; i++) {
        *kind = (enum name_kind)i;
        if (name_kind_letter(*kind) == letter)
            return true;
    }
    return false;
}

static bool
is_it(const struct name *name, struct name_id id)
{
    return name->site == id.site && name->text == id.text && name->kind == id.kind;
}

static struct name *
place_of(const struct names *names, struct name_id id)
{
    uint64_t x = ((uint64_t)id.site << 32 | id.text) + ((uint64_t)id.kind << 56);
    x = (x ^ x >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t at = (uint32_t)(x >> 32) & names->mask;
    while (names->names[at].site != 0 && !is_it(&names->names[at], id))
        at = (at + 1) & names->mask;
    return &names->names[at];
}

static void
mark(struct names *names, struct name *name)
{
    if (name->site == 0 || !name->is_earned || name->changed)
        return;
    name->changed = true;
    names->changed_count++;
}

bool
names_use(struct names *names, struct name_id id, int32_t day)
{
    struct name *name = place_of(names, id);
    if (name->site == 0)
        return false;
    if (name->day < day) {
        name->day = day;
        mark(names, name);
    }
    return true;
}

enum sp_error
names_admit(struct names *names, struct name_id id, int32_t day, enum name_origin origin)
{
    struct name *name = place_of(names, id);
    if (name->site == 0) {
        if (names->count == names->count_max)
            return SP_FULL;
        *name = (struct name){ .site = id.site, .text = id.text, .day = day, .kind = (uint8_t)id.kind };
        names->count++;
    }
    name->is_earned = name->is_earned || origin != NAME_LISTED;
    if (name->day < day)
        name->day = day;
    if (origin == NAME_EARNED)
        mark(names, name);
    return SP_OK;
}

size_t
names_take_changed(struct names *names, names_choice *choice, void *context, struct name_use *out, size_t max)
{
    size_t count = 0;
    for (uint32_t i = 0; i <= names->mask && count < max && names->changed_count > 0; i++) {
        struct name *name = &names->names[i];
        if (name->site == 0 || !name->changed || (count > 0 && name->site != out[0].id.site))
            continue;
        if (count == 0 && choice != NULL && !choice(context, name->site))
            continue;
        name->changed = false;
        names->changed_count--;
        out[count++] = (struct name_use){ { name->site, name->text, (enum name_kind)name->kind }, name->day };
    }
    return count;
}

void
names_mark(struct names *names, struct name_id id)
{
    mark(names, place_of(names, id));
}

void
names_mark_all(struct names *names)
{
    for (uint32_t i = 0; i <= names->mask; i++)
        mark(names, &names->names[i]);
}

static void
turn_day(struct names *names, int32_t day)
{
    names->day = day;
    random_bytes(names->key, sizeof names->key);
    sodium_memzero(names->candidates, CANDIDATES_BYTES);
}

static uint64_t
keyed_hash(const struct names *names, struct name_id id, struct span text)
{
    uint64_t hash = 0;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)text.at, text.length, names->key);
    hash = (hash ^ id.site ^ (uint64_t)id.kind << 32) * UINT64_C(0x9e3779b97f4a7c15);
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
names_candidate(struct names *names, struct name_id id, struct span text, uint64_t digest, int32_t day, int needed)
{
    if (names->day != day)
        turn_day(names, day);
    uint64_t hash = keyed_hash(names, id, text);
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
    names->count = names->changed_count = 0;
    for (uint32_t i = 0; i <= names->mask; i++) {
        if (old[i].site != 0 && !condition(&old[i], argument)) {
            struct name_id id = { old[i].site, old[i].text, (enum name_kind)old[i].kind };
            *place_of(names, id) = old[i];
            names->count++;
            names->changed_count += old[i].changed;
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
        const struct name *name = &names->names[i];
        if (name->site != 0)
            visit(context, (struct name_id){ name->site, name->text, (enum name_kind)name->kind });
    }
}

uint32_t
names_count(const struct names *names)
{
    return names->count;
}
