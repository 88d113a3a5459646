/* Bytes that grow; the first failure (no memory) is kept and everything after it does nothing. */
#ifndef SPORLOS_AGGREGATOR_EXPORT_TEXT_H
#define SPORLOS_AGGREGATOR_EXPORT_TEXT_H

#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

/* All zero is empty. */
struct text {
    char *at; /* owned; not terminated */
    size_t length, room;
    bool failed;
};

void text_fini(struct text *text);
/* What is in it so far, borrowed. */
struct span text_span(const struct text *text);
void text_add(struct text *text, struct span bytes);
void text_add_integer(struct text *text, int64_t value);
/* With three decimals behind point. */
void text_add_decimal(struct text *text, double value, char point);

#endif
