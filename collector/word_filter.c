#include "word_filter.h"

#include <string.h>

enum { FIRST, SECOND, HALVES };
enum { ANY = -1, WINDOW_BYTES = 4, PAIR_BYTES = 2, BUCKETS = 8, CODES = 64, CASELESS = 0x5f };
enum { BLOCK_PAIRS = 8, BLOCK_BYTES = BLOCK_PAIRS * PAIR_BYTES, SPREAD = 4337, SPREAD_BITS = 4 };

/* Eight pairs at once: gcc and clang make of it what the processor has. */
typedef uint16_t pairs_block __attribute__((vector_size(BLOCK_BYTES)));

/* Of a pair what is the same in either case, in 12 bits; SPREAD was chosen among all for mixing up the fewest. */
static unsigned
index_of(unsigned char first, unsigned char second)
{
    const unsigned char bytes[PAIR_BYTES] = { first & CASELESS, second & CASELESS };
    uint16_t pair;
    memcpy(&pair, bytes, sizeof pair);
    return (uint16_t)(pair * SPREAD) >> SPREAD_BITS;
}

static inline void
indexes_of(const char *at, uint16_t indexes[BLOCK_PAIRS])
{
    pairs_block pairs;
    memcpy(&pairs, at, sizeof pairs);
    pairs = (pairs & (CASELESS << 8 | CASELESS)) * SPREAD >> SPREAD_BITS;
    memcpy(indexes, &pairs, sizeof pairs);
}

/* Buckets that pairs have so far, and the pair before. */
struct state {
    unsigned found, before;
};

static inline void
look_at(const struct word_filter *filter, struct state *state, unsigned index)
{
    state->found |= state->before & filter->pairs[index][SECOND];
    state->before = filter->pairs[index][FIRST];
}

static inline void
look_at_block(const struct word_filter *filter, struct state *state, const char *at)
{
    uint16_t indexes[BLOCK_PAIRS];
    indexes_of(at, indexes);
    for (int i = 0; i < BLOCK_PAIRS; i++)
        look_at(filter, state, indexes[i]);
}

/* The last block may overlap the one before it, but its pairs must fall on the same places. */
bool
word_filter_passes(const struct word_filter *filter, struct span text)
{
    struct state state = { 0 };
    size_t i = 0;
    if (text.length < BLOCK_BYTES)
        return true;
    for (; i + BLOCK_BYTES < text.length; i += BLOCK_BYTES)
        look_at_block(filter, &state, text.at + i);
    size_t last = (text.length - BLOCK_BYTES) & ~(size_t)1;
    if (last != i)
        state.before = 0; /* what lies there has been looked at */
    look_at_block(filter, &state, text.at + last);
    if (text.length % PAIR_BYTES != 0)
        look_at(filter, &state, index_of((unsigned char)text.at[text.length - 1], 0));
    look_at(filter, &state, index_of(0, 0));
    return state.found != 0;
}

/* What follows chooses the windows: two pairs each, whose bytes are as above or ANY. */
struct window {
    int bytes[WINDOW_BYTES];
};

struct choice {
    struct window window;
    unsigned bucket;
    double cost;
};

struct maker {
    struct word_filter *filter;
    const char *const *common;
    size_t common_count;
    float often[WORD_FILTER_PAIRS]; /* how often common texts have a pair; a little for each at least */
    double all;                     /* the sum */
    double filled[HALVES][BUCKETS]; /* the same of all pairs that a bucket has */
};

static const double seldom = 0.02, hit_cost = 1e5;

static void
read_common(struct maker *maker)
{
    for (size_t i = 0; i < WORD_FILTER_PAIRS; i++)
        maker->often[i] = (float)seldom;
    maker->all = WORD_FILTER_PAIRS * seldom;
    for (size_t i = 0; i < maker->common_count; i++) {
        for (const char *at = maker->common[i]; at[0] != '\0' && at[1] != '\0'; at++) {
            maker->often[index_of((unsigned char)at[0], (unsigned char)at[1])] += 1;
            maker->all += 1;
        }
    }
}

/* The window at offset of a word, which may begin one byte before it and end behind it. */
static struct window
window_of(struct span word, ptrdiff_t offset)
{
    struct window window;
    for (ptrdiff_t i = 0; i < WINDOW_BYTES; i++) {
        bool inside = offset + i >= 0 && offset + i < (ptrdiff_t)word.length;
        window.bytes[i] = inside ? word.at[offset + i] & CASELESS : ANY;
    }
    return window;
}

static bool
is_pair(const int bytes[PAIR_BYTES], const char *at)
{
    return (bytes[0] == ANY || bytes[0] == (at[0] & CASELESS)) && (bytes[1] == ANY || bytes[1] == (at[1] & CASELESS));
}

static unsigned char
code(int byte, unsigned number)
{
    return (unsigned char)(byte == ANY ? (number & 0x1f) | (number & 0x20) << 1 : (unsigned)byte);
}

/* Gives a bucket all pairs that half of a window can be, if really so. How often those are that it did not have. */
static double
fill(struct maker *maker, const struct window *window, int half, unsigned bucket, bool really)
{
    const int *bytes = window->bytes + half * PAIR_BYTES;
    double sum = 0;
    if (bytes[0] == ANY && bytes[1] == ANY && !really)
        return maker->all - maker->filled[half][bucket];
    for (unsigned i = 0; i < (bytes[0] == ANY ? CODES : 1U); i++) {
        for (unsigned k = 0; k < (bytes[1] == ANY ? CODES : 1U); k++) {
            unsigned index = index_of(code(bytes[0], i), code(bytes[1], k));
            uint8_t *buckets = &maker->filter->pairs[index][half];
            if (((unsigned)*buckets >> bucket & 1U) == 0)
                sum += (double)maker->often[index];
            if (really)
                *buckets |= (uint8_t)(1U << bucket);
        }
    }
    return sum;
}

/* How many places of common texts would pass because of the window, in each bucket. */
static void
count_hits(const struct maker *maker, const struct window *window, double hits[BUCKETS])
{
    memset(hits, 0, BUCKETS * sizeof hits[0]);
    for (size_t i = 0; i < maker->common_count; i++) {
        size_t length = strlen(maker->common[i]);
        for (size_t k = 0; k + WINDOW_BYTES <= length; k++) {
            const char *at = maker->common[i] + k, *next = at + PAIR_BYTES;
            bool first = is_pair(window->bytes, at), second = is_pair(window->bytes + PAIR_BYTES, next);
            if (!first && !second)
                continue;
            unsigned firsts = maker->filter->pairs[index_of((unsigned char)at[0], (unsigned char)at[1])][FIRST];
            unsigned seconds = maker->filter->pairs[index_of((unsigned char)next[0], (unsigned char)next[1])][SECOND];
            for (unsigned bucket = 0; bucket < BUCKETS; bucket++)
                hits[bucket] += (first || (firsts >> bucket & 1U) != 0) && (second || (seconds >> bucket & 1U) != 0);
        }
    }
}

static void
consider(struct maker *maker, struct window window, struct choice *best)
{
    double hits[BUCKETS];
    count_hits(maker, &window, hits);
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        double first = fill(maker, &window, FIRST, bucket, false), second = fill(maker, &window, SECOND, bucket, false);
        double hits_made = (first + maker->filled[FIRST][bucket]) * second + first * maker->filled[SECOND][bucket];
        double cost = hits[bucket] * hit_cost + hits_made;
        if (cost < best->cost)
            *best = (struct choice){ window, bucket, cost };
    }
}

/* One window for each way in which pairs can fall on the word. */
static void
add_word(struct maker *maker, struct span word)
{
    ptrdiff_t end = word.length < WINDOW_BYTES ? 1 : (ptrdiff_t)word.length - WINDOW_BYTES + 2;
    for (ptrdiff_t first = -1; first <= 0; first++) {
        struct choice best = { .cost = 1e300 };
        for (ptrdiff_t offset = first; offset < end; offset += PAIR_BYTES)
            consider(maker, window_of(word, offset), &best);
        for (int half = FIRST; half < HALVES; half++)
            maker->filled[half][best.bucket] += fill(maker, &best.window, half, best.bucket, true);
    }
}

void
word_filter_init(struct word_filter *filter, const struct span *words, size_t word_count, const char *const *common,
                 size_t common_count)
{
    struct maker maker = { .filter = filter, .common = common, .common_count = common_count };
    size_t longest = 0;
    memset(filter, 0, sizeof *filter);
    read_common(&maker);
    for (size_t i = 0; i < word_count; i++)
        longest = words[i].length > longest ? words[i].length : longest;
    for (size_t length = 1; length <= longest; length++) { /* the short ones, which have the least choice, first */
        for (size_t i = 0; i < word_count; i++) {
            if (words[i].length == length)
                add_word(&maker, words[i]);
        }
    }
}
