#include "sporlos/json_read.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64 }; /* arrays and objects in each other; GeoJSON needs 9, a question 6 */

struct json_reader
json_read_over(const char *text, size_t length)
{
    return (struct json_reader){ .at = text, .start = text, .end = text + length };
}

bool
json_read_fail(struct json_reader *json, const char *what)
{
    if (json->error == NULL)
        json->error = what;
    return false;
}

static void
skip_space(struct json_reader *json)
{
    while (*json->at == ' ' || *json->at == '\n' || *json->at == '\r' || *json->at == '\t')
        json->at++;
}

char
json_read_peek(struct json_reader *json)
{
    if (json->error != NULL)
        return '\0';
    skip_space(json);
    return *json->at;
}

static bool
take(struct json_reader *json, char expected)
{
    if (json_read_peek(json) != expected || json->error != NULL)
        return false;
    json->at++;
    return true;
}

bool
json_read_open(struct json_reader *json, char bracket)
{
    if (!take(json, bracket))
        return json_read_fail(json, bracket == '[' ? "an array was expected" : "an object was expected");
    if (++json->depth > DEPTH_MAX)
        return json_read_fail(json, "nested too deep");
    return true;
}

/* At the start of a container or after a value in it: is there another member? */
static bool
next_member(struct json_reader *json, char open, char close)
{
    bool first = json->error == NULL && json->at[-1] == open;
    if (take(json, close)) {
        json->depth--;
        return false;
    }
    if (json->error != NULL)
        return false;
    return first || take(json, ',') || json_read_fail(json, "a comma or a closing bracket was expected");
}

bool
json_read_next_key(struct json_reader *json, struct span *key)
{
    if (!next_member(json, '{', '}') || !json_read_string(json, key))
        return false;
    return take(json, ':') || json_read_fail(json, "a colon was expected");
}

bool
json_read_next_item(struct json_reader *json)
{
    return next_member(json, '[', ']');
}

static bool
skip_escape(struct json_reader *json)
{
    if (json->at[0] == 'u' && strspn(json->at + 1, "0123456789abcdefABCDEF") >= 4)
        json->at += 5;
    else if (json->at[0] != '\0' && strchr("\"\\/bfnrt", json->at[0]) != NULL)
        json->at++;
    else
        return json_read_fail(json, "an unknown escape");
    return true;
}

bool
json_read_string(struct json_reader *json, struct span *text)
{
    if (!take(json, '"'))
        return json_read_fail(json, "a string was expected");
    const char *start = json->at;
    while (*json->at != '"') {
        if ((unsigned char)*json->at < 0x20)
            return json_read_fail(json, "a string that does not end");
        if (*json->at++ == '\\' && !skip_escape(json))
            return false;
    }
    *text = span_of(start, (size_t)(json->at - start));
    json->at++;
    return true;
}

static uint32_t
hex_at(const char *at)
{
    uint32_t number = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        number = number * 16 + (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return number;
}

/* The character of the escape at at (behind the backslash), and how long it is; 0 for half of a pair. */
static uint32_t
character_at(const char *at, const char *end, size_t *length)
{
    static const char letters[] = "bfnrt";
    static const char meanings[] = "\b\f\n\r\t";
    *length = 1;
    if (at[0] != 'u') {
        const char *letter = strchr(letters, at[0]);
        return (uint32_t)(unsigned char)(letter == NULL ? at[0] : meanings[letter - letters]);
    }
    *length = 5;
    uint32_t character = hex_at(at + 1);
    if (character < 0xd800 || character > 0xdfff)
        return character;
    bool is_pair = character < 0xdc00 && end - at >= 11 && at[5] == '\\' && at[6] == 'u';
    uint32_t low = is_pair ? hex_at(at + 7) : 0;
    if (low < 0xdc00 || low > 0xdfff)
        return 0;
    *length = 11;
    return 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
}

static size_t
write_utf8(uint32_t character, char out[4])
{
    size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = length; i-- > 1; character >>= 6)
        out[i] = (char)(0x80 | (character & 0x3f));
    out[0] = (char)(leads[length] | character);
    return length;
}

bool
json_read_unescape(struct span text, char *out, size_t size)
{
    size_t length = 0;
    const char *end = text.at + text.length;
    for (const char *at = text.at; at < end;) {
        char bytes[4] = { *at++ };
        size_t count = 1;
        if (bytes[0] == '\\') {
            size_t used;
            uint32_t character = character_at(at, end, &used);
            at += used;
            count = write_utf8(character, bytes);
        }
        if ((unsigned char)bytes[0] < 0x20 || length + count >= size)
            return false;
        memcpy(out + length, bytes, count);
        length += count;
    }
    out[length] = '\0';
    return true;
}

static size_t
digits_at(const char *at)
{
    return strspn(at, "0123456789");
}

bool
json_read_number(struct json_reader *json, double *number)
{
    json_read_peek(json);
    if (json->error != NULL)
        return false;
    const char *at = json->at + (*json->at == '-');
    size_t whole = digits_at(at);
    if (whole == 0 || (whole > 1 && *at == '0'))
        return json_read_fail(json, "a number was expected");
    at += whole;
    if (*at == '.') {
        size_t fraction = digits_at(at + 1);
        if (fraction == 0)
            return json_read_fail(json, "a number that ends in a point");
        at += 1 + fraction;
    }
    if (*at == 'e' || *at == 'E') {
        at += 1 + (at[1] == '+' || at[1] == '-');
        size_t exponent = digits_at(at);
        if (exponent == 0)
            return json_read_fail(json, "a number without its exponent");
        at += exponent;
    }
    *number = strtod(json->at, NULL);
    json->at = at;
    return true;
}

static bool
skip_word(struct json_reader *json)
{
    static const char *const words[] = { "true", "false", "null" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(json->at, words[i], length) == 0) {
            json->at += length;
            return true;
        }
    }
    return json_read_fail(json, "a value was expected");
}

/* Recursion ends at DEPTH_MAX, which json_read_open() keeps. */
bool
json_read_skip(struct json_reader *json)
{
    struct span text;
    double number;
    char first = json_read_peek(json);
    if (first == '"')
        return json_read_string(json, &text);
    if (first == '-' || (first >= '0' && first <= '9'))
        return json_read_number(json, &number);
    if (first != '{' && first != '[')
        return json->error == NULL && skip_word(json);
    if (!json_read_open(json, first))
        return false;
    while (first == '{' ? json_read_next_key(json, &text) : json_read_next_item(json))
        json_read_skip(json);
    return json->error == NULL;
}

bool
json_read_finish(struct json_reader *json)
{
    json_read_peek(json);
    return json->error == NULL && (json->at == json->end || json_read_fail(json, "more text after the end"));
}

unsigned
json_read_line(const struct json_reader *json)
{
    unsigned line = 1;
    for (const char *at = json->start; at < json->at; at++)
        line += *at == '\n';
    return line;
}
