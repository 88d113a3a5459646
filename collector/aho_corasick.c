#include "aho_corasick.h"

#include <stdlib.h>

/* Classes of bytes: no word has it, before the first byte, after the last, then one for each byte that words have. */
enum { CLASS_OTHER, CLASS_START, CLASS_END, CLASS_FIRST, STATES_MAX = 1 << 16 };

/* What stands in a state's row after where each class leads. */
enum { MASK, DEPTH, ROW_EXTRAS };

struct words {
    unsigned char class_of[256];
    uint32_t width;      /* of a state's row: where each class leads, then which mask it has and how deep it is */
    uint32_t start;      /* after CLASS_START */
    uint32_t first_loud; /* states from here on have masks; a state is where its row begins */
    uint32_t states, loud;
    uint32_t hiding; /* bytes of the longest word that hides others, less one */
    uint32_t longest;
    uint64_t *masks;
    uint32_t next[];
};

struct trie {
    struct words *words;
    uint32_t *next; /* rows of width classes; 0: none, for nothing leads back to the root */
    uint32_t *fail, *order;
    uint64_t *masks;
    unsigned char *depths; /* how many classes led here, WORD_BYTES_MAX + 2 at most */
    bool *hides;
    uint32_t count, width;
};

static unsigned char
fold_byte(unsigned char byte, bool fold)
{
    return fold && byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte | 0x20) : byte;
}

/* Numbers the bytes that words have; returns how many classes there are, and how many states at most. */
static enum sp_error
read_classes(const struct word *list, size_t count, bool fold, unsigned char class_of[256], uint32_t *classes,
             uint32_t *states)
{
    size_t most = 2;
    *classes = CLASS_FIRST;
    memset(class_of, CLASS_OTHER, 256);
    for (size_t i = 0; i < count; i++) {
        if (list[i].text.length == 0 || list[i].text.length > WORD_BYTES_MAX)
            return SP_MALFORMED;
        most += list[i].text.length + 2;
        for (size_t k = 0; k < list[i].text.length; k++) {
            unsigned char byte = fold_byte((unsigned char)list[i].text.at[k], fold);
            if (class_of[byte] == CLASS_OTHER)
                class_of[byte] = (unsigned char)(*classes)++;
            if (*classes == 256)
                return SP_FULL;
        }
    }
    for (unsigned char byte = 'A'; fold && byte <= 'Z'; byte++)
        class_of[byte] = class_of[byte | 0x20];
    *states = (uint32_t)most;
    return most > STATES_MAX ? SP_FULL : SP_OK;
}

static void
trie_fini(struct trie *trie)
{
    free(trie->next);
    free(trie->fail);
    free(trie->order);
    free(trie->masks);
    free(trie->depths);
    free(trie->hides);
}

static enum sp_error
trie_init(struct trie *trie, uint32_t states, uint32_t width)
{
    *trie = (struct trie){ .count = 1, .width = width };
    trie->next = calloc((size_t)states * width, sizeof *trie->next);
    trie->fail = calloc(states, sizeof *trie->fail);
    trie->order = calloc(states, sizeof *trie->order);
    trie->masks = calloc(states, sizeof *trie->masks);
    trie->depths = calloc(states, sizeof *trie->depths);
    trie->hides = calloc(states, sizeof *trie->hides);
    if (trie->next != NULL && trie->fail != NULL && trie->order != NULL && trie->masks != NULL &&
        trie->depths != NULL && trie->hides != NULL)
        return SP_OK;
    trie_fini(trie);
    return SP_NO_MEMORY;
}

static uint32_t
trie_step(struct trie *trie, uint32_t state, unsigned char class)
{
    uint32_t *next = &trie->next[state * trie->width + class];
    if (*next == 0) {
        trie->depths[trie->count] = (unsigned char)(trie->depths[state] + 1);
        *next = trie->count++;
    }
    return *next;
}

static void
trie_add(struct trie *trie, const struct word *word, const unsigned char class_of[256])
{
    uint32_t state = word->at_start ? trie_step(trie, 0, CLASS_START) : 0;
    for (size_t i = 0; i < word->text.length; i++)
        state = trie_step(trie, state, class_of[(unsigned char)word->text.at[i]]);
    if (word->at_end)
        state = trie_step(trie, state, CLASS_END);
    trie->masks[state] |= word->mask;
    trie->hides[state] |= word->hides;
}

/* Where the longest end of what was read leads, when nothing longer goes on. States by their depth. */
static void
trie_complete(struct trie *trie)
{
    uint32_t read = 0, written = 1;
    while (read < written) {
        uint32_t state = trie->order[read++], fail = trie->fail[state];
        uint32_t *row = &trie->next[state * trie->width];
        const uint32_t *fallback = &trie->next[fail * trie->width];
        for (uint32_t class = 0; class < trie->width; class ++) {
            uint32_t child = row[class];
            if (child == 0) {
                row[class] = state == 0 ? 0 : fallback[class];
                continue;
            }
            trie->fail[child] = state == 0 ? 0 : fallback[class];
            if (!trie->hides[child])
                trie->masks[child] |= trie->masks[trie->fail[child]];
            trie->order[written++] = child;
        }
    }
}

/* The states anew, those with masks last, and rows instead of numbers. */
static enum sp_error
compile(const struct trie *trie, const unsigned char class_of[256], struct words **words)
{
    uint32_t width = trie->width + ROW_EXTRAS, loud = 0, number[2];
    for (uint32_t i = 0; i < trie->count; i++)
        loud += trie->masks[i] != 0;
    struct words *w = calloc(1, sizeof *w + (size_t)trie->count * width * sizeof w->next[0]);
    uint64_t *masks = calloc((size_t)loud + 1, sizeof *masks);
    uint32_t *row_of = calloc(trie->count, sizeof *row_of);
    enum sp_error error = w == NULL || masks == NULL || row_of == NULL ? SP_NO_MEMORY : SP_OK;
    if (error != SP_OK) {
        free(w);
        free(masks);
        w = NULL;
        goto out;
    }
    memcpy(w->class_of, class_of, sizeof w->class_of);
    w->width = width;
    w->states = trie->count;
    w->loud = loud;
    w->masks = masks;
    w->first_loud = (trie->count - loud) * width;
    number[0] = 0, number[1] = trie->count - loud;
    for (uint32_t i = 0; i < trie->count; i++) /* in order of depth: what is read often lies together */
        row_of[trie->order[i]] = number[trie->masks[trie->order[i]] != 0]++ * width;
    for (uint32_t i = 0; i < trie->count; i++) {
        uint32_t *row = &w->next[row_of[i]];
        for (uint32_t class = 0; class < trie->width; class ++)
            row[class] = row_of[trie->next[i * trie->width + class]];
        row[trie->width + DEPTH] = trie->depths[i];
        if (trie->masks[i] != 0) {
            row[trie->width + MASK] = (row_of[i] - w->first_loud) / width;
            masks[row[trie->width + MASK]] = trie->masks[i];
        }
    }
    w->start = w->next[row_of[0] + CLASS_START];
out:
    free(row_of);
    *words = w;
    return error;
}

enum sp_error
words_new(const struct word *list, size_t count, bool fold, struct words **words)
{
    unsigned char class_of[256];
    uint32_t classes = 0, states = 0;
    struct trie trie;
    *words = NULL;
    enum sp_error error = read_classes(list, count, fold, class_of, &classes, &states);
    if (error == SP_OK)
        error = trie_init(&trie, states, classes);
    if (error != SP_OK)
        return error;
    for (size_t i = 0; i < count; i++)
        trie_add(&trie, &list[i], class_of);
    trie_complete(&trie);
    error = compile(&trie, class_of, words);
    for (size_t i = 0; error == SP_OK && i < count; i++) {
        if (list[i].text.length > (*words)->longest)
            (*words)->longest = (uint32_t)list[i].text.length;
        if (list[i].hides && list[i].text.length > (*words)->hiding)
            (*words)->hiding = (uint32_t)list[i].text.length - 1;
    }
    trie_fini(&trie);
    return error;
}

void
words_free(struct words *words)
{
    if (words == NULL)
        return;
    free(words->masks);
    free(words);
}

size_t
words_size(const struct words *words)
{
    return sizeof *words + (size_t)words->states * words->width * sizeof words->next[0] +
           (words->loud + 1) * sizeof words->masks[0];
}

unsigned
words_class(const struct words *words, unsigned char byte)
{
    return words->class_of[byte];
}

uint32_t
words_step(const struct words *words, uint32_t state, unsigned sign)
{
    if (sign >= WORDS_START)
        return words->next[state + (sign == WORDS_START ? CLASS_START : CLASS_END)];
    return words->next[state + words->class_of[sign]];
}

unsigned
words_depth(const struct words *words, uint32_t state)
{
    return words->next[state + words->width - ROW_EXTRAS + DEPTH];
}

uint64_t
words_mask(const struct words *words, uint32_t state)
{
    return state < words->first_loud ? 0 : words->masks[words->next[state + words->width - ROW_EXTRAS + MASK]];
}

size_t
words_longest(const struct words *words)
{
    return words->longest;
}

static inline uint32_t
step(const struct words *words, uint32_t state, unsigned class, uint64_t *found)
{
    uint32_t next = words->next[state + class];
    if (__builtin_expect(next >= words->first_loud, 0))
        *found |= words->masks[words->next[next + words->width - ROW_EXTRAS + MASK]];
    return next;
}

/*
 * Each look-up waits for the one before; so both halves of a text are read at once. What begins in the first half and
 * ends in the second is found by going on from the first, until what it is in the middle of began in the second; and so
 * far that no word that began in the first half hides what was found in the second, which does not count till then.
 */
struct halves {
    uint32_t first, second; /* states */
    uint64_t found, hidden;
};

static inline void
step_halves(const struct words *words, struct halves *halves, struct span text, size_t i, uint64_t *second)
{
    const char *at = text.at + i;
    halves->first = step(words, halves->first, words->class_of[(unsigned char)*at], &halves->found);
    halves->second = step(words, halves->second, words->class_of[(unsigned char)at[text.length / 2]], second);
}

static inline unsigned
class_at(const struct words *words, struct span text, size_t at)
{
    return at < text.length ? words->class_of[(unsigned char)text.at[at]] : CLASS_END;
}

/* hiding: how far into the second half what was found there does not count. */
static uint64_t
finish(const struct words *words, struct halves halves, struct span text, size_t hiding)
{
    size_t half = text.length / 2;
    uint32_t depth_at = words->width - ROW_EXTRAS + DEPTH;
    for (size_t i = half; half + i <= text.length; i++)
        halves.second =
            step(words, halves.second, class_at(words, text, half + i), i < hiding ? &halves.hidden : &halves.found);
    for (size_t i = 0; half + i <= text.length; i++) {
        if (i >= hiding && words->next[halves.first + depth_at] <= i)
            break;
        halves.first = step(words, halves.first, class_at(words, text, half + i), &halves.found);
    }
    return halves.found;
}

uint64_t
words_find(const struct words *words, struct span text)
{
    struct halves halves = { .first = words->start };
    size_t half = text.length / 2, i = 0;
    for (; i < half && i < words->hiding; i++)
        step_halves(words, &halves, text, i, &halves.hidden);
    for (; i < half; i++)
        step_halves(words, &halves, text, i, &halves.found);
    return finish(words, halves, text, words->hiding);
}
