#include "json.h"

#include "sporlos/utf8.h"

#include <stdio.h>

void
json_fini(struct json *json)
{
    text_fini(&json->text);
    json->comma = false;
}

/* A value begins: the comma, if one is due. */
static void
begin(struct json *json)
{
    if (json->comma)
        text_add(&json->text, SPAN_LITERAL(","));
    json->comma = true;
}

void
json_name(struct json *json, const char *name)
{
    begin(json);
    text_add(&json->text, SPAN_LITERAL("\""));
    text_add(&json->text, span_text(name));
    text_add(&json->text, SPAN_LITERAL("\":"));
    json->comma = false;
}

void
json_object(struct json *json)
{
    begin(json);
    text_add(&json->text, SPAN_LITERAL("{"));
    json->comma = false;
}

void
json_object_end(struct json *json)
{
    text_add(&json->text, SPAN_LITERAL("}"));
    json->comma = true;
}

void
json_array(struct json *json)
{
    begin(json);
    text_add(&json->text, SPAN_LITERAL("["));
    json->comma = false;
}

void
json_array_end(struct json *json)
{
    text_add(&json->text, SPAN_LITERAL("]"));
    json->comma = true;
}

static void
append_escaped(struct json *json, char c)
{
    char escape[8];
    if (c == '"' || c == '\\')
        snprintf(escape, sizeof escape, "\\%c", c);
    else
        snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unsigned char)c);
    text_add(&json->text, span_text(escape));
}

void
json_text(struct json *json, struct span text)
{
    begin(json);
    text_add(&json->text, SPAN_LITERAL("\""));
    for (size_t i = 0; i < text.length;) {
        uint32_t code;
        size_t length = utf8_decode(span_of(text.at + i, text.length - i), &code);
        if (length == 0)
            text_add(&json->text, SPAN_LITERAL("\xef\xbf\xbd"));
        else if (code < 0x20 || code == '"' || code == '\\' || code == 0x7f)
            append_escaped(json, text.at[i]);
        else
            text_add(&json->text, span_of(text.at + i, length));
        i += length == 0 ? 1 : length;
    }
    text_add(&json->text, SPAN_LITERAL("\""));
}

void
json_key(struct json *json, struct span name)
{
    json_text(json, name);
    text_add(&json->text, SPAN_LITERAL(":"));
    json->comma = false;
}

void
json_members(struct json *json, struct span members)
{
    begin(json);
    text_add(&json->text, members);
}

void
json_literal(struct json *json, const char *text)
{
    begin(json);
    text_add(&json->text, span_text(text));
}

void
json_integer(struct json *json, int64_t value)
{
    begin(json);
    text_add_integer(&json->text, value);
}

void
json_decimal(struct json *json, double value)
{
    begin(json);
    text_add_decimal(&json->text, value, '.');
}

void
json_boolean(struct json *json, bool value)
{
    begin(json);
    text_add(&json->text, span_text(value ? "true" : "false"));
}

void
json_null(struct json *json)
{
    begin(json);
    text_add(&json->text, SPAN_LITERAL("null"));
}
