/*
 * From a name to a number: open addressing, filled once and read for ever. Names are borrowed and compared byte by
 * byte. Only an operator's own names are put in, so nobody outside can make it slow.
 */
#ifndef NAME_INDEX_H
#define NAME_INDEX_H

#include "sporlos/error.h"
#include "sporlos/span.h"

struct name_index;

SP_MUST_CHECK enum sp_error name_index_new(struct name_index **index);
void name_index_free(struct name_index *index);

/* SP_FULL when the name is there already: its number stays. name is borrowed for as long as the index lives. */
SP_MUST_CHECK enum sp_error name_index_put(struct name_index *index, struct span name, size_t number);

/* SP_NOT_FOUND, and *number 0, when it is not there. */
SP_MUST_CHECK enum sp_error name_index_find(const struct name_index *index, struct span name, size_t *number);

#endif
