/*
 * One list of a screen, narrowed by the address (list=TABLE&q=TEXT&part=N): rows whose names contain a text, and which
 * part of many. It chooses among rows that are shown anyway, so it tells nothing more than the whole list.
 */
#ifndef SPORLOS_AGGREGATOR_NARROWING_H
#define SPORLOS_AGGREGATOR_NARROWING_H

#include "range.h"
#include "sporlos/table.h"

enum {
    FILTER_CHARACTERS_MAX = 80,
    PART_ROWS = 300, /* of a list on one page */
};

struct narrowing {
    bool is_made;               /* false: no list is narrowed */
    enum table_id table;        /* which */
    char text[QUERY_VALUE_MAX]; /* "": all rows */
    size_t part;                /* from 0; may lie behind the last */
};

struct narrowing narrowing_parse(struct span query);

/* '&list=page&q=sorg', or, first, from '?' on; the part alone is left out. Nothing where there is no text. */
void narrowing_write(struct html *html, const struct narrowing *narrowing, bool is_first);

/* Does the name contain the text? Capitals count as small letters, also those beyond ASCII that Norwegian writes. */
bool narrowing_finds(const struct narrowing *narrowing, struct span name);

#endif
