#include "sporlos/page_pattern.h"

#include "sporlos/config.h"
#include "sporlos/hex.h"

#include "utf8_check.h"

/* Undo percent-encoding. What would then read as another path, or as none, stays out. */
static const char *
decode(struct span text, char *out, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (c == '?' || c == '#')
            return "it has a query or a fragment; leave '?' or '#' and what follows out";
        if (c == '%') {
            int byte = hex_byte(text.at + i + 1, text.at + text.length);
            if (byte < 0)
                return "'%' is not followed by two hexadecimal digits";
            c = (char)byte;
            if (c == '/' || c == '*' || c == '%' || c == '?' || c == '#')
                return "it hides one of / * % ? # behind percent-encoding";
            i += 2;
        }
        if (*length == PATH_MAX_BYTES)
            return "it is longer than 512 bytes";
        out[(*length)++] = c;
    }
    return NULL;
}

static const char *
segment_fault(struct span segment, bool last)
{
    if (segment.length == 0)
        return "it has an empty segment ('//')";
    if (span_equal(segment, SPAN_LITERAL(".")) || span_equal(segment, SPAN_LITERAL("..")))
        return "it has a segment '.' or '..'";
    if (span_equal(segment, SPAN_LITERAL("**")))
        return last ? NULL : "'**' stands before the end; it matches any rest and can only be last";
    if (segment.length > 1 && memchr(segment.at, '*', segment.length) != NULL)
        return "'*' stands within a segment; it matches a whole one, as in /a/*";
    return NULL;
}

/* The segment that begins at *at, just after a '/'; *at is moved beyond the next '/'. */
static struct span
next_segment(struct span path, size_t *at)
{
    const char *begin = path.at + *at;
    const char *slash = *at < path.length ? memchr(begin, '/', path.length - *at) : NULL;
    size_t length = slash != NULL ? (size_t)(slash - begin) : path.length - *at;
    *at += length + 1;
    return span_of(begin, length);
}

static const char *
path_fault(struct span path)
{
    size_t bad;
    if (!utf8_valid(path, &bad))
        return "it is not UTF-8 once percent-encoding is undone";
    if (!text_without_controls(path, &bad) || memchr(path.at, '\n', path.length) != NULL ||
        memchr(path.at, '\r', path.length) != NULL || memchr(path.at, '\t', path.length) != NULL)
        return "it holds a control character";
    for (size_t at = 1; path.length > 1 && at <= path.length;) {
        struct span segment = next_segment(path, &at);
        const char *fault = segment_fault(segment, at > path.length);
        if (fault != NULL)
            return fault;
    }
    return NULL;
}

enum sp_error
page_pattern_normalise(struct span text, char out[PAGE_PATTERN_MAX], const char **why)
{
    size_t length = 0;
    out[0] = '\0';
    *why = text.length == 0 || text.at[0] != '/' ? "it does not begin with '/'" : decode(text, out, &length);
    if (*why == NULL) {
        length -= length > 1 && out[length - 1] == '/' && out[length - 2] != '/';
        *why = path_fault(span_of(out, length));
    }
    out[*why == NULL ? length : 0] = '\0';
    return *why == NULL ? SP_OK : SP_MALFORMED;
}

bool
page_pattern_matches(const char *pattern, struct span path)
{
    struct span wanted = span_text(pattern);
    size_t at = 1;
    size_t path_at = 1;
    if (wanted.length <= 1 || path.length <= 1)
        return span_equal(wanted, path) || (path.length == 1 && span_equal(wanted, SPAN_LITERAL("/**")));
    while (at <= wanted.length) {
        struct span segment = next_segment(wanted, &at);
        if (span_equal(segment, SPAN_LITERAL("**")))
            return true;
        if (path_at > path.length)
            return false;
        struct span found = next_segment(path, &path_at);
        if (!span_equal(segment, SPAN_LITERAL("*")) && !span_equal(segment, found))
            return false;
    }
    return path_at > path.length;
}

bool
page_patterns_name(const struct text_list *patterns, struct span path, bool in_full)
{
    for (size_t i = 0; i < patterns->count; i++) {
        const char *pattern = patterns->items[i];
        if (in_full ? span_equal(span_text(pattern), path) : page_pattern_matches(pattern, path))
            return true;
    }
    return false;
}
