#include "url.h"

#include "sporlos/hex.h"
#include "sporlos/text.h"

#include <strings.h>

#define PLAIN(c) (((c) >= '0' && (c) <= 'z' && (c) != '?') || (c) == '-')
#define PLAIN4(c) PLAIN(c), PLAIN((c) + 1), PLAIN((c) + 2), PLAIN((c) + 3)
#define PLAIN16(c) PLAIN4(c), PLAIN4((c) + 4), PLAIN4((c) + 8), PLAIN4((c) + 12)

static const bool plain_bytes[256] = { PLAIN16(0),  PLAIN16(16), PLAIN16(32), PLAIN16(48),
                                       PLAIN16(64), PLAIN16(80), PLAIN16(96), PLAIN16(112) };

/* Bytes that stand for themselves wherever they stand: nearly every byte of nearly every path. */
static inline bool
is_plain(char c)
{
    return plain_bytes[(unsigned char)c];
}

/* How many bytes of text come before '?', '#' or, where it ends there too, '/'. */
static size_t
length_before(struct span text, char stop)
{
    const char *at = text.at;
    const char *end = at + text.length;
    while (at < end && (is_plain(*at) || (*at != '?' && *at != '#' && *at != stop)))
        at++;
    return (size_t)(at - text.at);
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

/* One byte of the path at *i, percent-encoding undone; moves *i past it. -1: a '%' that encodes nothing. */
static int
next_byte(struct span path, size_t *i)
{
    char c = path.at[(*i)++];
    if (c != '%')
        return (unsigned char)c;
    int byte = hex_byte(path.at + *i, path.at + path.length);
    *i += 2;
    return byte;
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

/* How many bytes, at most PATH_MAX_BYTES, stay as they are: plain ones, and each '/' that follows no other. */
static size_t
kept_length(struct span path)
{
    const char *at = path.at;
    const char *end = at + (path.length < PATH_MAX_BYTES ? path.length : PATH_MAX_BYTES);
    while (at < end && (is_plain(*at) || (*at == '/' && (at == path.at || at[-1] != '/'))))
        at++;
    return (size_t)(at - path.at);
}

bool
url_is_folded(struct span url)
{
    if (url.length == 0 || url.at[0] != '/' || kept_length(url) != url.length)
        return false;
    return url.length == 1 || url.at[url.length - 1] != '/';
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
