#include "packed_words.h"

#include <stdlib.h>

/* Where a row begins is what its state is called. */
enum { STATES_MAX = 1 << 16, CLASSES_MAX = 1 << 8, BUCKETS = 1 << 17, NAME_FIRST = 1, NAMES_TRIED = 1 << 11 };

/*
 * A cell: in the lowest byte the class that it is for, 0 when it is empty; then the mask of the state to which that
 * class leads, and its name. The class says which state's the cell is: the one that begins so far before it.
 */
enum { CELL_MASK = 8, CELL_TO = 16, CLASS_NONE = 0, CLASS_FIRST };

struct packed_words {
    uint8_t class_of[256];
    uint16_t width;       /* one more than there are classes: of bytes, then these two */
    uint16_t nothing;     /* before a text is gone into; behind it: the end */
    uint16_t start;       /* the start of a text */
    uint16_t root, begun; /* states: before anything, after start */
    uint16_t overlap;     /* bytes of the longest word, less one */
    uint32_t cells_used;
    uint32_t *cells;
    uint32_t *pairs; /* cells, [class before][class]: where these two lead alone */
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
static enum sp_error
read_classes(struct packer *packer)
{
    struct packed_words *packed = packer->packed;
    unsigned classes[256][2] = { 0 };
    packed->width = CLASS_FIRST;
    for (unsigned byte = 0; byte < 256; byte++) {
        for (int i = 0; i < 2 && packer->of[i] != NULL; i++)
            classes[byte][i] = words_class(packer->of[i], (unsigned char)byte);
        unsigned class = CLASS_FIRST;
        while (class < packed->width && (classes[packer->signs[class]][0] != classes[byte][0] ||
                                         classes[packer->signs[class]][1] != classes[byte][1]))
            class ++;
        if (class == CLASSES_MAX - 2)
            return SP_FULL;
        if (class == packed->width)
            packer->signs[packed->width++] = byte;
        packed->class_of[byte] = (uint8_t) class;
    }
    packed->nothing = packed->width++;
    packed->start = packed->width++;
    packer->signs[packed->nothing] = WORDS_END;
    packer->signs[packed->start] = WORDS_START;
    return SP_OK;
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
        for (unsigned class = CLASS_FIRST; class < packer->packed->width; class ++) {
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
    for (uint16_t class = CLASS_FIRST; class < packer->packed->width; class ++) {
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
        if (packer->packed->cells[name + classes[i]] != CLASS_NONE)
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
        packed->cells[name + classes[i]] = classes[i];
    packer->is_taken[name] = true;
    packer->names[state] = (uint16_t)name;
    if (packed->cells_used < name + packed->width)
        packed->cells_used = name + packed->width;
    return mask_of(packer, packer->states[state]) > UINT8_MAX ? SP_MALFORMED : SP_OK;
}

static uint16_t
name_of(struct packer *packer, struct both state)
{
    return packer->names[number_of(packer, state)];
}

static uint32_t
cell_to(struct packer *packer, struct both state)
{
    return (uint32_t)name_of(packer, state) << CELL_TO | (uint32_t)mask_of(packer, state) << CELL_MASK;
}

/* Where the cells lead, when every state has its name. */
static void
lead(struct packer *packer)
{
    struct packed_words *packed = packer->packed;
    const struct both root = { 0 };
    for (uint32_t i = 0; i < packer->count; i++) {
        for (unsigned class = CLASS_FIRST; class < packed->width; class ++) {
            uint32_t *cell = &packed->cells[packer->names[i] + class];
            if (*cell == class) /* and leads nowhere yet */
                *cell |= cell_to(packer, step_both(packer, packer->states[i], class));
        }
    }
    for (unsigned before = CLASS_FIRST; before < packed->width; before++) {
        struct both state = before == packed->nothing ? root : step_both(packer, root, before);
        for (unsigned class = CLASS_FIRST; class < packed->start; class ++)
            packed->pairs[before * packed->width + class] = cell_to(packer, step_both(packer, state, class));
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
    enum sp_error error = read_classes(packer);
    if (error != SP_OK)
        return error;
    packed->pairs = calloc((size_t)packed->width * packed->width, sizeof *packed->pairs);
    bool all = packer->states != NULL && packer->index != NULL && packer->names != NULL && packer->is_taken != NULL &&
               packed->cells != NULL && packed->pairs != NULL;
    return all ? SP_OK : SP_NO_MEMORY;
}

/* Without what was not needed. */
static void
shrink(struct packed_words *packed)
{
    void *cells = realloc(packed->cells, packed->cells_used * sizeof *packed->cells);
    packed->cells = cells != NULL ? cells : packed->cells;
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
    free(packed->pairs);
    free(packed);
}

size_t
packed_words_size(const struct packed_words *packed)
{
    return sizeof *packed + packed->cells_used * sizeof packed->cells[0] +
           (size_t)packed->width * packed->width * sizeof packed->pairs[0];
}

/* How far a text was read. To read on returns the cell that led there. */
struct reader {
    unsigned state, before; /* before: its row of pairs */
};

static inline uint32_t
read_class(const struct packed_words *packed, struct reader *reader, unsigned class)
{
    uint32_t deep = packed->cells[reader->state + class], next = packed->pairs[reader->before + class];
    __asm__("" : "+r"(deep), "+r"(next)); /* so that gcc chooses without a branch: which, nobody could foretell */
    next = (uint8_t)deep == (uint8_t) class ? deep : next;
    __asm__("" : "+r"(next));
    reader->state = next >> CELL_TO;
    reader->before = class * packed->width;
    return next;
}

static inline uint32_t
read_byte(const struct packed_words *packed, struct reader *reader, char byte)
{
    return read_class(packed, reader, packed->class_of[(unsigned char)byte]);
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
    uint32_t found = 0; /* cells */
    if (part > overlap) {
        const char *from = text.at + (part - overlap);
        second = (struct reader){ packed->root, (unsigned)packed->nothing * packed->width };
        size_t i = 0;
        for (; i < overlap; i++) {
            found |= read_byte(packed, &first, text.at[i]);
            (void)read_byte(packed, &second, from[i]);
        }
        for (; i < part; i++) {
            found |= read_byte(packed, &first, text.at[i]);
            found |= read_byte(packed, &second, from[i]);
        }
        at = part - overlap + part;
    }
    for (; at < text.length; at++)
        found |= read_byte(packed, &second, text.at[at]);
    found |= read_class(packed, &second, packed->nothing);
    return (uint8_t)(found >> CELL_MASK);
}
