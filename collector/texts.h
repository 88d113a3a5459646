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

enum { TEXT_NONE = 0 }; /* names the empty text */

/* cell_count: how many 32-byte cells; a text of n bytes takes (n + 16) / 32 rounded up to a power of two. */
SP_MUST_CHECK enum sp_error texts_new(uint32_t cell_count, struct texts **texts);
void texts_free(struct texts *texts);

/* The number of text, new or known. SP_FULL when there is no room for a new one; SP_TOO_LONG above 512 bytes. */
SP_MUST_CHECK enum sp_error texts_intern(struct texts *texts, struct span text, uint32_t *id);
/* The number of a known text; TEXT_NONE when it is not known (or empty). */
uint32_t texts_find(const struct texts *texts, struct span text);
/* The text of a number; borrowed until the next sweep that does not keep it. */
struct span texts_get(const struct texts *texts, uint32_t id);

/* Give back every text that was not kept since the last sweep: keep all that are in use, then sweep. */
void texts_keep(struct texts *texts, uint32_t id);
void texts_sweep(struct texts *texts);

uint32_t texts_cells_used(const struct texts *texts);
uint32_t texts_cells_all(const struct texts *texts);

#endif
