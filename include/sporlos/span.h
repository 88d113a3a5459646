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

/* Without spaces and tabs at its ends. */
static inline struct span
span_trim(struct span text)
{
    while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text.at++;
        text.length--;
    }
    while (text.length > 0 && (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t'))
        text.length--;
    return text;
}

/* What stands before the first separator, trimmed; *rest is what follows it, empty when there is none. */
static inline struct span
span_cut(struct span text, char separator, struct span *rest)
{
    const char *end = text.length == 0 ? NULL : memchr(text.at, separator, text.length);
    size_t length = end == NULL ? text.length : (size_t)(end - text.at);
    *rest = end == NULL ? span_of(NULL, 0) : span_of(end + 1, text.length - length - 1);
    return span_trim(span_of(text.at, length));
}

#endif
