/*
 * A strict reader of JSON (RFC 8259) that walks a text in memory and builds nothing: the caller asks for what it
 * expects. The first fault is kept in error; from then on every function says false.
 */
#ifndef SPORLOS_JSON_READ_H
#define SPORLOS_JSON_READ_H

#include "sporlos/span.h"

#include <stdbool.h>
#include <stddef.h>

struct json_reader {
    const char *at, *end, *start; /* borrowed; the byte at end is '\0' */
    const char *error;            /* what is wrong at at; NULL: nothing */
    unsigned depth;               /* of the open arrays and objects */
};

struct json_reader json_read_over(const char *text, size_t length);

/* Keep what as the error, unless there is one. Always false. */
bool json_read_fail(struct json_reader *json, const char *what);

/* The first character of the next value, '\0' at the end or after an error. */
char json_read_peek(struct json_reader *json);

/*
 * Walk an object or an array: open it, then call next until it is false, reading one value after each true.
 * key borrows; escapes in it are not undone.
 */
bool json_read_open(struct json_reader *json, char bracket);
bool json_read_next_key(struct json_reader *json, struct span *key);
bool json_read_next_item(struct json_reader *json);

bool json_read_string(struct json_reader *json, struct span *text); /* escapes are checked, not undone */
/*
 * Undo the escapes of such a text into out, terminated. False when it is longer than size - 1 bytes, holds an escape
 * that is no character (half of a pair) or a character below U+0020.
 */
bool json_read_unescape(struct span text, char *out, size_t size);
bool json_read_number(struct json_reader *json, double *number);
bool json_read_skip(struct json_reader *json);   /* any value */
bool json_read_finish(struct json_reader *json); /* nothing but white space is left */

/* The line of the error, from 1. */
unsigned json_read_line(const struct json_reader *json);

#endif
