#include "geo_json.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64 }; /* arrays and objects in each other; GeoJSON needs 9 */

struct json
json_over(const char *text, size_t length)
{
    return (struct json){ .at = text, .start = text, .end = text + length };
}

bool
json_fail(struct json *json, const char *what)
{
    if (json->error == NULL)
        json->error = what;
    return false;
}

static void
skip_space(struct json *json)
{
    while (*json->at == ' ' || *json->at == '\n' || *json->at == '\r' || *json->at == '\t')
        json->at++;
}

char
json_peek(struct json *json)
{
    if (json->error != NULL)
        return '\0';
    skip_space(json);
    return *json->at;
}

static bool
take(struct json *json, char expected)
{
    if (json_peek(json) != expected || json->error != NULL)
        return false;
    json->at++;
    return true;
}

bool
json_open(struct json *json, char bracket)
{
    if (!take(json, bracket))
        return json_fail(json, bracket == '[' ? "an array was expected" : "an object was expected");
    if (++json->depth > DEPTH_MAX)
        return json_fail(json, "nested too deep");
    return true;
}

/* At the start of a container or after a value in it: is there another member? */
static bool
next_member(struct json *json, char open, char close)
{
    bool first = json->error == NULL && json->at[-1] == open;
    if (take(json, close)) {
        json->depth--;
        return false;
    }
    if (json->error != NULL)
        return false;
    return first || take(json, ',') || json_fail(json, "a comma or a closing bracket was expected");
}

bool
json_next_key(struct json *json, struct span *key)
{
    if (!next_member(json, '{', '}') || !json_string(json, key))
        return false;
    return take(json, ':') || json_fail(json, "a colon was expected");
}

bool
json_next_item(struct json *json)
{
    return next_member(json, '[', ']');
}

static bool
skip_escape(struct json *json)
{
    if (json->at[0] == 'u' && strspn(json->at + 1, "0123456789abcdefABCDEF") >= 4)
        json->at += 5;
    else if (json->at[0] != '\0' && strchr("\"\\/bfnrt", json->at[0]) != NULL)
        json->at++;
    else
        return json_fail(json, "an unknown escape");
    return true;
}

bool
json_string(struct json *json, struct span *text)
{
    if (!take(json, '"'))
        return json_fail(json, "a string was expected");
    const char *start = json->at;
    while (*json->at != '"') {
        if ((unsigned char)*json->at < 0x20)
            return json_fail(json, "a string that does not end");
        if (*json->at++ == '\\' && !skip_escape(json))
            return false;
    }
    *text = span_of(start, (size_t)(json->at - start));
    json->at++;
    return true;
}

static size_t
digits_at(const char *at)
{
    return strspn(at, "0123456789");
}

bool
json_number(struct json *json, double *number)
{
    json_peek(json);
    if (json->error != NULL)
        return false;
    const char *at = json->at + (*json->at == '-');
    size_t whole = digits_at(at);
    if (whole == 0 || (whole > 1 && *at == '0'))
        return json_fail(json, "a number was expected");
    at += whole;
    if (*at == '.') {
        size_t fraction = digits_at(at + 1);
        if (fraction == 0)
            return json_fail(json, "a number that ends in a point");
        at += 1 + fraction;
    }
    if (*at == 'e' || *at == 'E') {
        at += 1 + (at[1] == '+' || at[1] == '-');
        size_t exponent = digits_at(at);
        if (exponent == 0)
            return json_fail(json, "a number without its exponent");
        at += exponent;
    }
    *number = strtod(json->at, NULL);
    json->at = at;
    return true;
}

static bool
skip_word(struct json *json)
{
    static const char *const words[] = { "true", "false", "null" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(json->at, words[i], length) == 0) {
            json->at += length;
            return true;
        }
    }
    return json_fail(json, "a value was expected");
}

/* Recursion ends at DEPTH_MAX, which json_open() keeps. */
bool
json_skip(struct json *json)
{
    struct span text;
    double number;
    char first = json_peek(json);
    if (first == '"')
        return json_string(json, &text);
    if (first == '-' || (first >= '0' && first <= '9'))
        return json_number(json, &number);
    if (first != '{' && first != '[')
        return json->error == NULL && skip_word(json);
    if (!json_open(json, first))
        return false;
    while (first == '{' ? json_next_key(json, &text) : json_next_item(json))
        json_skip(json);
    return json->error == NULL;
}

bool
json_finish(struct json *json)
{
    json_peek(json);
    return json->error == NULL && (json->at == json->end || json_fail(json, "more text after the end"));
}

unsigned
json_line(const struct json *json)
{
    unsigned line = 1;
    for (const char *at = json->start; at < json->at; at++)
        line += *at == '\n';
    return line;
}
