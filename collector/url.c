#include "url.h"

#include "text.h"

#include <strings.h>

static struct span
cut_at(struct span text, const char *stops)
{
    for (size_t i = 0; i < text.length; i++) {
        if (strchr(stops, text.at[i]) != NULL && text.at[i] != '\0')
            return span_of(text.at, i);
    }
    return text;
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
    if (skip_prefix(&rest, "https://") || skip_prefix(&rest, "http://")) {
        struct span authority = cut_at(rest, "/?#");
        if (authority.length == 0)
            return SP_MALFORMED;
        rest = span_of(rest.at + authority.length, rest.length - authority.length);
        if (rest.length == 0 || rest.at[0] != '/') {
            *path = SPAN_LITERAL("/");
            return SP_OK;
        }
    }
    if (rest.length == 0 || rest.at[0] != '/')
        return SP_MALFORMED;
    *path = cut_at(rest, "?#");
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

enum sp_error
url_fold(struct span path, char out[PATH_MAX_BYTES], size_t *length)
{
    size_t at = 0;
    *length = 0;
    if (path.length == 0 || path.at[0] != '/')
        return SP_MALFORMED;
    for (size_t i = 0; i < path.length;) {
        int byte = next_byte(path, &i);
        if (byte < 0 || byte == '%' || byte == '?' || byte == '#') /* it hides something: no path of a page */
            return SP_MALFORMED;
        if (byte == '/' && at > 0 && out[at - 1] == '/')
            continue;
        if (at == PATH_MAX_BYTES)
            return SP_TOO_LONG;
        out[at++] = (char)byte;
    }
    if (at > 1 && out[at - 1] == '/')
        at--;
    *length = at;
    return check_segments(out, at);
}
