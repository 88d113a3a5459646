/*
 * Writes JSON (RFC 8259) into memory that grows. Commas and escapes are its own business; nesting is the caller's. The
 * first failure (no memory) is kept and everything after it does nothing.
 */
#ifndef SPORLOS_AGGREGATOR_EXPORT_JSON_H
#define SPORLOS_AGGREGATOR_EXPORT_JSON_H

#include "text.h"

struct json {
    struct text text; /* all zero is empty */
    bool comma;       /* the next value needs one before it */
};

/* A caller's zeroed struct json is empty. */
void json_fini(struct json *json);

/* The name of the next value; inside objects, before each value. name: a literal without characters to escape. */
void json_name(struct json *json, const char *name);

/* The same with any text as the name. */
void json_key(struct json *json, struct span name);

void json_object(struct json *json);
void json_object_end(struct json *json);
void json_array(struct json *json);
void json_array_end(struct json *json);

/* Members of an object that stand in the source as JSON: without its brackets. */
void json_members(struct json *json, struct span members);

/* A value that stands in the source as JSON. */
void json_literal(struct json *json, const char *text);

/* Bytes that are no well-formed UTF-8 become U+FFFD. */
void json_text(struct json *json, struct span text);
void json_integer(struct json *json, int64_t value);
/* With three decimals. */
void json_decimal(struct json *json, double value);
void json_boolean(struct json *json, bool value);
void json_null(struct json *json);

#endif
