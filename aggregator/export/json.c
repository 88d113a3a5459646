#include "json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void
json_init(struct json *json)
{
    *json = (struct json){ .text = NULL };
}

void
json_fini(struct json *json)
{
    free(json->text);
    *json = (struct json){ .text = NULL };
}

static void
append(struct json *json, const char *bytes, size_t length)
{
    if (json->failed)
        return;
    if (json->room - json->length < length) {
        size_t room = json->room < 2048 ? 4096 : json->room * 2;
        while (room - json->length < length)
            room *= 2;
        char *text = realloc(json->text, room);
        json->failed = text == NULL;
        if (json->failed)
            return;
        json->text = text;
        json->room = room;
    }
    memcpy(json->text + json->length, bytes, length);
    json->length += length;
}

static void
append_text(struct json *json, const char *text)
{
    append(json, text, strlen(text));
}

/* A value begins: the comma, if one is due. */
static void
begin(struct json *json)
{
    if (json->comma)
        append(json, ",", 1);
    json->comma = true;
}

void
json_name(struct json *json, const char *name)
{
    begin(json);
    append(json, "\"", 1);
    append_text(json, name);
    append(json, "\":", 2);
    json->comma = false;
}

void
json_object(struct json *json)
{
    begin(json);
    append(json, "{", 1);
    json->comma = false;
}

void
json_object_end(struct json *json)
{
    append(json, "}", 1);
    json->comma = true;
}

void
json_array(struct json *json)
{
    begin(json);
    append(json, "[", 1);
    json->comma = false;
}

void
json_array_end(struct json *json)
{
    append(json, "]", 1);
    json->comma = true;
}

/* The length of the well-formed UTF-8 sequence at text (Unicode 15, table 3-7); 0 if there is none. */
static size_t
sequence(struct span text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    static const struct {
        unsigned char lead_low, lead_high, second_low, second_high, length;
    } forms[] = {
        { 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
        { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (at[0] < forms[i].lead_low || at[0] > forms[i].lead_high)
            continue;
        if (text.length < forms[i].length)
            return 0;
        if (forms[i].length > 1 && (at[1] < forms[i].second_low || at[1] > forms[i].second_high))
            return 0;
        for (size_t j = 2; j < forms[i].length; j++)
            if (at[j] < 0x80 || at[j] > 0xbf)
                return 0;
        return forms[i].length;
    }
    return 0;
}

static void
append_escaped(struct json *json, char c)
{
    char escape[8];
    if (c == '"' || c == '\\')
        snprintf(escape, sizeof escape, "\\%c", c);
    else
        snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unsigned char)c);
    append_text(json, escape);
}

void
json_text(struct json *json, struct span text)
{
    begin(json);
    append(json, "\"", 1);
    for (size_t i = 0; i < text.length;) {
        size_t length = sequence(span_of(text.at + i, text.length - i));
        unsigned char c = (unsigned char)text.at[i];
        if (length == 0)
            append_text(json, "\xef\xbf\xbd");
        else if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
            append_escaped(json, (char)c);
        else
            append(json, text.at + i, length);
        i += length == 0 ? 1 : length;
    }
    append(json, "\"", 1);
}

void
json_key(struct json *json, struct span name)
{
    json_text(json, name);
    append(json, ":", 1);
    json->comma = false;
}

void
json_members(struct json *json, struct span members)
{
    begin(json);
    append(json, members.at, members.length);
}

void
json_literal(struct json *json, const char *text)
{
    begin(json);
    append_text(json, text);
}

void
json_integer(struct json *json, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    begin(json);
    append_text(json, text);
}

void
json_decimal(struct json *json, double value)
{
    char text[40];
    /* By integers: the decimal point of printf belongs to the locale. */
    int64_t thousandths = llround(value * 1000);
    int64_t size = thousandths < 0 ? -thousandths : thousandths;
    snprintf(text, sizeof text, "%s%" PRId64 ".%03d", thousandths < 0 ? "-" : "", size / 1000, (int)(size % 1000));
    begin(json);
    append_text(json, text);
}

void
json_boolean(struct json *json, bool value)
{
    begin(json);
    append_text(json, value ? "true" : "false");
}

void
json_null(struct json *json)
{
    begin(json);
    append_text(json, "null");
}
