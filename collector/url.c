#include "url.h"

#include "sporlos/text.h"

#include <strings.h>

/* How many bytes of text come before '?', '#' or, where it ends there too, '/'. */
static size_t
length_before(struct span text, char stop)
{
    size_t i = 0;
    for (; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c <= '?' && (c == '?' || c == '#' || c == stop))
            break;
    }
    return i;
}

static bool
skip_prefix(struct span *text, const char *prefix)
{
    size_t length = strlen(prefix);
    if (text->length < length || strncasecmp(text->at, prefix, length) != 0)
        return false;
    *text = span_of(text->at + length, text->length - length);
    return true;
}

enum sp_error
url_path(struct span url, struct span *path)
{
    struct span rest = url;
    *path = (struct span){ NULL, 0 };
    if (rest.length == 0)
        return SP_MALFORMED;
    if (rest.at[0] != '/' && (skip_prefix(&rest, "https://") || skip_prefix(&rest, "http://"))) {
        size_t authority = length_before(rest, '/');
        if (authority == 0)
            return SP_MALFORMED;
        rest = span_of(rest.at + authority, rest.length - authority);
        if (rest.length == 0 || rest.at[0] != '/') {
            *path = SPAN_LITERAL("/");
            return SP_OK;
        }
    }
    if (rest.at[0] != '/')
        return SP_MALFORMED;
    *path = span_of(rest.at, length_before(rest, '?'));
    return SP_OK;
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* One byte of the path at *i, percent-encoding undone; moves *i past it. -1: a '%' that encodes nothing. */
static int
next_byte(struct span path, size_t *i)
{
    char c = path.at[(*i)++];
    if (c != '%')
        return (unsigned char)c;
    if (path.length - *i < 2)
        return -1;
    int high = hex_value(path.at[*i]);
    int low = hex_value(path.at[*i + 1]);
    *i += 2;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool
is_dots(const char *segment, size_t length)
{
    return (length == 1 && segment[0] == '.') || (length == 2 && segment[0] == '.' && segment[1] == '.');
}

static enum sp_error
check_segments(const char *path, size_t length)
{
    size_t start = 1;
    for (size_t i = 1; i <= length; i++) {
        if (i < length && path[i] != '/')
            continue;
        if (is_dots(path + start, i - start))
            return SP_MALFORMED;
        start = i + 1;
    }
    return text_is_printable(span_of(path, length)) ? SP_OK : SP_MALFORMED;
}

/* Bytes that stand for themselves wherever they stand: nearly every byte of nearly every path. */
static bool
is_plain(char c)
{
    return (c >= '0' && c <= 'z' && c != '?') || c == '-';
}

/* How many bytes, at most PATH_MAX_BYTES, stay as they are: plain ones, and each '/' that follows no other. */
static size_t
kept_length(struct span path)
{
    size_t i = 0;
    size_t end = path.length < PATH_MAX_BYTES ? path.length : PATH_MAX_BYTES;
    while (i < end && (is_plain(path.at[i]) || (path.at[i] == '/' && (i == 0 || path.at[i - 1] != '/'))))
        i++;
    return i;
}

enum sp_error
url_fold(struct span path, char out[PATH_MAX_BYTES], size_t *length)
{
    bool plain = true;
    *length = 0;
    if (path.length == 0 || path.at[0] != '/')
        return SP_MALFORMED;
    size_t at = kept_length(path);
    memcpy(out, path.at, at);
    for (size_t i = at; i < path.length;) {
        int byte = (unsigned char)path.at[i];
        if (byte == '/') {
            i++;
            if (at > 0 && out[at - 1] == '/')
                continue;
        } else {
            byte = next_byte(path, &i);
            if (byte < 0 || byte == '%' || byte == '?' || byte == '#') /* it hides something: no path of a page */
                return SP_MALFORMED;
            if (byte == '/' && at > 0 && out[at - 1] == '/')
                continue;
            plain = plain && is_plain((char)byte);
        }
        if (at == PATH_MAX_BYTES)
            return SP_TOO_LONG;
        out[at++] = (char)byte;
    }
    if (at > 1 && out[at - 1] == '/')
        at--;
    *length = at;
    return plain ? SP_OK : check_segments(out, at);
}

/* What comes before stop, and *text moved behind it. */
static struct span
take_until(struct span *text, char stop)
{
    const char *at = text->length == 0 ? NULL : memchr(text->at, stop, text->length);
    struct span taken = at == NULL ? *text : span_of(text->at, (size_t)(at - text->at));
    size_t skipped = at == NULL ? taken.length : taken.length + 1;
    *text = span_of(text->at + skipped, text->length - skipped);
    return taken;
}

static enum sp_error
decode_value(struct span value, char out[URL_PARAMETER_MAX], size_t *length)
{
    for (size_t i = 0; i < value.length;) {
        int byte = value.at[i] == '+' ? ' ' : 0;
        if (byte == 0)
            byte = next_byte(value, &i);
        else
            i++;
        if (byte < 0)
            return SP_MALFORMED;
        if (*length == URL_PARAMETER_MAX)
            return SP_TOO_LONG;
        out[(*length)++] = (char)byte;
    }
    return SP_OK;
}

enum sp_error
url_parameter(struct span url, struct span name, char out[URL_PARAMETER_MAX], size_t *length)
{
    struct span query = take_until(&url, '#');
    *length = 0;
    (void)take_until(&query, '?');
    while (query.length > 0) {
        struct span value = take_until(&query, '&');
        if (span_equal(take_until(&value, '='), name))
            return decode_value(value, out, length);
    }
    return SP_NOT_FOUND;
}
