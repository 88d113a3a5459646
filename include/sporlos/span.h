/* A run of bytes that somebody else owns. Not terminated; may hold any byte. */
#ifndef SPORLOS_SPAN_H
#define SPORLOS_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *at; /* NULL only when length is 0 */
    size_t length;  /* bytes */
};

/* A span over a string literal. */
#define SPAN_LITERAL(text) ((struct span){ "" text, sizeof(text) - 1 })

static inline struct span
span_of(const char *at, size_t length)
{
    return (struct span){ at, length };
}

static inline struct span
span_text(const char *text)
{
    return (struct span){ text, text == NULL ? 0 : strlen(text) };
}

static inline bool
span_equal(struct span a, struct span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

#endif
