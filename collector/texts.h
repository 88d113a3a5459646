/*
 * Interned texts: each distinct text that a leaf is keyed by is held once, in cells of a fixed piece of memory, and
 * named by a small number. Nothing is allocated after the start; a sweep gives back what no leaf names any more.
 */
#ifndef SPORLOS_COLLECTOR_TEXTS_H
#define SPORLOS_COLLECTOR_TEXTS_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdint.h>

struct texts;

enum {
    TEXT_NONE = 0, /* names the empty text */
    TEXT_BYTES_MAX = 512,
    TEXT_CELL_BYTES = 32,
    TEXT_KEY_BYTES = 16,
    TEXT_INDEX_BYTES = 8, /* a cell's share of the index beside the cells, at most */
};

/* What of the texts lies in memory that outlives the process. cells has (cell_count + 1) * TEXT_CELL_BYTES bytes. */
struct texts_memory {
    unsigned char *cells;
    uint32_t cell_count;
    uint32_t *cell_next;      /* first cell never used */
    const unsigned char *key; /* TEXT_KEY_BYTES, of the keyed hash */
};

/*
 * Over cells that are all zero with *cell_next 1, or over those of another process: then everything is checked and
 * indexed anew. SP_MALFORMED: the cells hold something that no process wrote. Borrows what memory points to.
 */
SP_MUST_CHECK enum sp_error texts_open(const struct texts_memory *memory, struct texts **texts);
void texts_free(struct texts *texts);

/* The number of text, new or known. SP_FULL when there is no room for a new one; SP_TOO_LONG above TEXT_BYTES_MAX. */
SP_MUST_CHECK enum sp_error texts_intern(struct texts *texts, struct span text, uint32_t *id);
/* The number of a known text; TEXT_NONE when it is not known (or empty). */
uint32_t texts_find(const struct texts *texts, struct span text);
/* The text of a number; borrowed until the next sweep that does not keep it. */
struct span texts_get(const struct texts *texts, uint32_t id);
/* Is it the number of a text, TEXT_NONE included? For numbers that come from another process. */
bool texts_has(const struct texts *texts, uint32_t id);

/* Give back every text that was not kept since the last sweep: keep all that are in use, then sweep. */
void texts_keep(struct texts *texts, uint32_t id);
void texts_sweep(struct texts *texts);

uint32_t texts_cells_used(const struct texts *texts);
uint32_t texts_cells_all(const struct texts *texts);

#endif
