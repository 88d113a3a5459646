#include "packed_words.h"

#include <stdlib.h>

/* Where a row begins is what its state is called; 0 is none, so that an empty cell belongs to nobody. */
enum { STATES_MAX = 1 << 16, CLASSES_MAX = 256 + 2, BUCKETS = 1 << 17, NAME_FIRST = 1, NAMES_TRIED = 1 << 11 };

/* A cell: the state it belongs to, and above its 16 bits where its class leads from there. */
enum { CELL_TO = 16 };

struct packed_words {
    uint16_t class_of[256];
    uint16_t width;       /* classes: of bytes, then these two */
    uint16_t nothing;     /* before a text is gone into; behind it: the end */
    uint16_t start;       /* the start of a text */
    uint16_t root, begun; /* states: before anything, after start */
    uint16_t overlap;     /* bytes of the longest word, less one */
    uint32_t cells_used;
    uint32_t *cells;
    uint8_t *masks;  /* of states */
    uint16_t *pairs; /* [class before][class]: where these two lead alone */
};

/* A state of both automata. */
struct both {
    uint32_t of[2];
};

struct packer {
    const struct words *const *of;
    struct packed_words *packed;
    struct both *states; /* in the order they were found */
    uint32_t *index;     /* by hash; number of the state + 1 */
    uint16_t *names;     /* of the states, when they have one */
    bool *is_taken;      /* names */
    uint32_t count;
    unsigned signs[CLASSES_MAX]; /* a byte of each class, or WORDS_START, WORDS_END */
};

static struct both
step_both(const struct packer *packer, struct both state, unsigned class)
{
    for (int i = 0; i < 2; i++) {
        if (packer->of[i] != NULL)
            state.of[i] = words_step(packer->of[i], state.of[i], packer->signs[class]);
    }
    return state;
}

static bool
is_deep(const struct packer *packer, struct both state)
{
    return words_depth(packer->of[0], state.of[0]) > 2 ||
           (packer->of[1] != NULL && words_depth(packer->of[1], state.of[1]) > 2);
}

static uint64_t
mask_of(const struct packer *packer, struct both state)
{
    uint64_t mask = words_mask(packer->of[0], state.of[0]);
    return packer->of[1] == NULL ? mask : mask | words_mask(packer->of[1], state.of[1]);
}

/* Bytes that both automata treat alike are one class. */
static void
read_classes(struct packer *packer)
{
    struct packed_words *packed = packer->packed;
    unsigned classes[256][2] = { 0 };
    for (unsigned byte = 0; byte < 256; byte++) {
        for (int i = 0; i < 2 && packer->of[i] != NULL; i++)
            classes[byte][i] = words_class(packer->of[i], (unsigned char)byte);
        unsigned class = 0;
        while (class < packed->width && (classes[packer->signs[class]][0] != classes[byte][0] ||
                                         classes[packer->signs[class]][1] != classes[byte][1]))
            class ++;
        if (class == packed->width)
            packer->signs[packed->width++] = byte;
        packed->class_of[byte] = (uint16_t) class;
    }
    packed->nothing = packed->width++;
    packed->start = packed->width++;
    packer->signs[packed->nothing] = WORDS_END;
    packer->signs[packed->start] = WORDS_START;
}

/* The number of a state, which is given one if it has none; STATES_MAX when there are too many. */
static uint32_t
number_of(struct packer *packer, struct both state)
{
    uint64_t hash = (state.of[0] * UINT64_C(0x9e3779b97f4a7c15)) ^ (state.of[1] * UINT64_C(0xc2b2ae3d27d4eb4f));
    size_t at = (hash >> 40) % BUCKETS;
    for (; packer->index[at] != 0; at = (at + 1) % BUCKETS) {
        const struct both *other = &packer->states[packer->index[at] - 1];
        if (other->of[0] == state.of[0] && other->of[1] == state.of[1])
            return packer->index[at] - 1;
    }
    if (packer->count == STATES_MAX)
        return STATES_MAX;
    packer->states[packer->count] = state;
    packer->index[at] = ++packer->count;
    return packer->count - 1;
}

static enum sp_error
find_states(struct packer *packer)
{
    number_of(packer, (struct both){ 0 });
    for (uint32_t i = 0; i < packer->count; i++) {
        for (unsigned class = 0; class < packer->packed->width; class ++) {
            bool comes = class != packer->packed->start || i == 0;
            if (comes && number_of(packer, step_both(packer, packer->states[i], class)) == STATES_MAX)
                return SP_FULL;
        }
    }
    return SP_OK;
}

/* The classes that lead deeper from a state. */
static unsigned
deep_classes(const struct packer *packer, uint32_t state, uint16_t classes[CLASSES_MAX])
{
    unsigned count = 0;
    for (uint16_t class = 0; class < packer->packed->width; class ++) {
        bool comes = class != packer->packed->start;
        if (comes && is_deep(packer, step_both(packer, packer->states[state], class)))
            classes[count++] = class;
    }
    return count;
}

static bool
fits(const struct packer *packer, uint32_t name, const uint16_t *classes, unsigned count)
{
    if (packer->is_taken[name])
        return false;
    for (unsigned i = 0; i < count; i++) {
        if (packer->packed->cells[name + classes[i]] != 0)
            return false;
    }
    return true;
}

/* The first place where a state's cells are free; far back hardly any is. */
static enum sp_error
place(struct packer *packer, uint32_t state)
{
    struct packed_words *packed = packer->packed;
    uint16_t classes[CLASSES_MAX];
    unsigned count = deep_classes(packer, state, classes);
    uint32_t name = packed->cells_used > NAMES_TRIED ? packed->cells_used - NAMES_TRIED : NAME_FIRST;
    while (name < STATES_MAX && !fits(packer, name, classes, count))
        name++;
    if (name == STATES_MAX)
        return SP_FULL;
    for (unsigned i = 0; i < count; i++)
        packed->cells[name + classes[i]] = name;
    packer->is_taken[name] = true;
    packer->names[state] = (uint16_t)name;
    packed->masks[name] = (uint8_t)mask_of(packer, packer->states[state]);
    if (packed->cells_used < name + packed->width)
        packed->cells_used = name + packed->width;
    return mask_of(packer, packer->states[state]) > UINT8_MAX ? SP_MALFORMED : SP_OK;
}

static uint16_t
name_of(struct packer *packer, struct both state)
{
    return packer->names[number_of(packer, state)];
}

/* Where the cells lead, when every state has its name. */
static void
lead(struct packer *packer)
{
    struct packed_words *packed = packer->packed;
    const struct both root = { 0 };
    for (uint32_t i = 0; i < packer->count; i++) {
        for (unsigned class = 0; class < packed->width; class ++) {
            uint32_t *cell = &packed->cells[packer->names[i] + class];
            if (*cell == packer->names[i])
                *cell |= (uint32_t)name_of(packer, step_both(packer, packer->states[i], class)) << CELL_TO;
        }
    }
    for (unsigned before = 0; before < packed->width; before++) {
        struct both state = before == packed->nothing ? root : step_both(packer, root, before);
        for (unsigned class = 0; class < packed->start; class ++)
            packed->pairs[before * packed->width + class] = name_of(packer, step_both(packer, state, class));
    }
    packed->root = name_of(packer, root);
    packed->begun = name_of(packer, step_both(packer, root, packed->start));
}

static enum sp_error
pack(struct packer *packer)
{
    enum sp_error error = find_states(packer);
    for (uint32_t i = 0; error == SP_OK && i < packer->count; i++)
        error = place(packer, i);
    if (error == SP_OK)
        lead(packer);
    return error;
}

static void
packer_fini(struct packer *packer)
{
    free(packer->states);
    free(packer->index);
    free(packer->names);
    free(packer->is_taken);
}

static enum sp_error
packer_init(struct packer *packer, const struct words *const of[2], struct packed_words *packed)
{
    *packer = (struct packer){ .of = of, .packed = packed };
    packer->states = calloc(STATES_MAX, sizeof *packer->states);
    packer->index = calloc(BUCKETS, sizeof *packer->index);
    packer->names = calloc(STATES_MAX, sizeof *packer->names);
    packer->is_taken = calloc(STATES_MAX, sizeof *packer->is_taken);
    packed->cells = calloc(STATES_MAX + CLASSES_MAX, sizeof *packed->cells);
    packed->masks = calloc(STATES_MAX, sizeof *packed->masks);
    read_classes(packer);
    packed->pairs = calloc((size_t)packed->width * packed->width, sizeof *packed->pairs);
    bool all = packer->states != NULL && packer->index != NULL && packer->names != NULL && packer->is_taken != NULL &&
               packed->cells != NULL && packed->masks != NULL && packed->pairs != NULL;
    return all ? SP_OK : SP_NO_MEMORY;
}

/* Without what was not needed. */
static void
shrink(struct packed_words *packed)
{
    void *cells = realloc(packed->cells, packed->cells_used * sizeof *packed->cells);
    packed->cells = cells != NULL ? cells : packed->cells;
    size_t states = packed->cells_used < STATES_MAX ? packed->cells_used : STATES_MAX;
    void *masks = realloc(packed->masks, states);
    packed->masks = masks != NULL ? masks : packed->masks;
}

enum sp_error
packed_words_new(const struct words *const of[2], struct packed_words **out)
{
    struct packer packer;
    struct packed_words *packed = *out = calloc(1, sizeof *packed);
    if (packed == NULL)
        return SP_NO_MEMORY;
    enum sp_error error = packer_init(&packer, of, packed);
    if (error == SP_OK)
        error = pack(&packer);
    packer_fini(&packer);
    if (error != SP_OK) {
        packed_words_free(packed);
        *out = NULL;
        return error;
    }
    size_t longest = words_longest(of[0]);
    if (of[1] != NULL && words_longest(of[1]) > longest)
        longest = words_longest(of[1]);
    packed->overlap = (uint16_t)(longest == 0 ? 0 : longest - 1);
    shrink(packed);
    return SP_OK;
}

void
packed_words_free(struct packed_words *packed)
{
    if (packed == NULL)
        return;
    free(packed->cells);
    free(packed->masks);
    free(packed->pairs);
    free(packed);
}

size_t
packed_words_size(const struct packed_words *packed)
{
    size_t states = packed->cells_used < STATES_MAX ? packed->cells_used : STATES_MAX;
    return sizeof *packed + packed->cells_used * sizeof packed->cells[0] + states * sizeof packed->masks[0] +
           (size_t)packed->width * packed->width * sizeof packed->pairs[0];
}

/* How far a text was read. */
struct reader {
    unsigned state, before; /* before: its row of pairs */
};

static inline void
read_class(const struct packed_words *packed, struct reader *reader, unsigned class)
{
    uint32_t cell = packed->cells[reader->state + class];
    unsigned shallow = packed->pairs[reader->before + class];
    reader->state = (cell & UINT16_MAX) == reader->state ? cell >> CELL_TO : shallow;
    reader->before = class * packed->width;
}

static inline void
read_byte(const struct packed_words *packed, struct reader *reader, char byte)
{
    read_class(packed, reader, packed->class_of[(unsigned char)byte]);
}

/*
 * Each step waits for the one before; so two readers share a text. The second begins so far before its part that it is
 * in the right state when it gets there, whatever the word it begins in the middle of.
 */
unsigned
packed_words_find(const struct packed_words *packed, struct span text)
{
    struct reader first = { packed->begun, (unsigned)packed->start * packed->width }, second = first;
    size_t overlap = packed->overlap, part = (text.length + overlap) / 2, at = 0;
    unsigned found = 0;
    if (part > overlap) {
        const char *from = text.at + (part - overlap);
        second = (struct reader){ packed->root, (unsigned)packed->nothing * packed->width };
        for (size_t i = 0; i < part; i++) {
            read_byte(packed, &first, text.at[i]);
            read_byte(packed, &second, from[i]);
            found |= packed->masks[first.state];
            if (i >= overlap)
                found |= packed->masks[second.state];
        }
        at = part - overlap + part;
    }
    for (; at < text.length; at++) {
        read_byte(packed, &second, text.at[at]);
        found |= packed->masks[second.state];
    }
    read_class(packed, &second, packed->nothing);
    return found | packed->masks[second.state];
}
