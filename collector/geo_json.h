/*
 * A strict reader of JSON (RFC 8259) that walks a text in memory and builds nothing: the caller asks for what it
 * expects. The first fault is kept in error; from then on every function says false.
 */
#ifndef SPORLOS_COLLECTOR_GEO_JSON_H
#define SPORLOS_COLLECTOR_GEO_JSON_H

#include "sporlos/span.h"

#include <stdbool.h>
#include <stddef.h>

struct json {
    const char *at, *end, *start; /* borrowed; the byte at end is '\0' */
    const char *error;            /* what is wrong at at; NULL: nothing */
    unsigned depth;               /* of the open arrays and objects */
};

struct json json_over(const char *text, size_t length);

/* Keep what as the error, unless there is one. Always false. */
bool json_fail(struct json *json, const char *what);

/* The first character of the next value, '\0' at the end or after an error. */
char json_peek(struct json *json);

/*
 * Walk an object or an array: open it, then call next until it is false, reading one value after each true.
 * key borrows; escapes in it are not undone.
 */
bool json_open(struct json *json, char bracket);
bool json_next_key(struct json *json, struct span *key);
bool json_next_item(struct json *json);

bool json_string(struct json *json, struct span *text); /* escapes are checked, not undone */
bool json_number(struct json *json, double *number);
bool json_skip(struct json *json);   /* any value */
bool json_finish(struct json *json); /* nothing but white space is left */

/* The line of the error, from 1. */
unsigned json_line(const struct json *json);

#endif
