#include "log_source.h"

#include "access_line.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BUFFER_BYTES = 4 * ACCESS_LINE_MAX,
    LINES_AT_ONCE = 10000 /* without a view, before somebody else has a turn */
};

struct log_source {
    int descriptor;
    const struct text_list *own;
    FILE *errors;
    struct log_statistics statistics;
    size_t start, end; /* of what has been read and not used */
    size_t wiped;      /* bytes before start that are wiped already */
    bool ended;        /* nothing more will be read */
    bool overlong;     /* what comes belongs to a line that was refused already */
    char bytes[BUFFER_BYTES];
};

enum sp_error
log_source_new(int descriptor, const struct text_list *own, FILE *errors, struct log_source **source)
{
    *source = calloc(1, sizeof **source);
    if (*source == NULL)
        return SP_NO_MEMORY;
    (*source)->descriptor = descriptor;
    (*source)->own = own;
    (*source)->errors = errors;
    return SP_OK;
}

void
log_source_free(struct log_source *source)
{
    if (source == NULL)
        return;
    close(source->descriptor);
    sodium_memzero(source->bytes, sizeof source->bytes);
    free(source);
}

struct log_statistics
log_source_statistics(const struct log_source *source)
{
    return source->statistics;
}

static void
wipe_used(struct log_source *source)
{
    sodium_memzero(source->bytes + source->wiped, source->start - source->wiped);
    source->wiped = source->start;
}

/* False when there is nothing to be had now. */
static bool
fill(struct log_source *source)
{
    struct pollfd wanted = { .fd = source->descriptor, .events = POLLIN };
    wipe_used(source);
    if (source->start > 0) {
        memmove(source->bytes, source->bytes + source->start, source->end - source->start);
        sodium_memzero(source->bytes + source->end - source->start, source->start);
        source->end -= source->start;
        source->start = source->wiped = 0;
    }
    if (poll(&wanted, 1, 0) <= 0)
        return false;
    ssize_t got = read(source->descriptor, source->bytes + source->end, sizeof source->bytes - source->end);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return false;
    if (got < 0)
        fprintf(source->errors, "the log cannot be read any further: %s\n", strerror(errno));
    source->statistics.refused += got < 0;
    source->ended = got <= 0;
    source->end += got > 0 ? (size_t)got : 0;
    return true;
}

static void
refuse(struct log_source *source, const char *why)
{
    source->statistics.refused++;
    fprintf(source->errors, "line %" PRIu64 ": refused: %s\n", source->statistics.lines, why);
}

/* The next line, without its end. SOURCE_VIEW when there is one. */
static enum source_state
next_line(struct log_source *source, struct span *line)
{
    for (;;) {
        size_t length = source->end - source->start;
        const char *start = source->bytes + source->start;
        const char *newline = length == 0 ? NULL : memchr(start, '\n', length);
        bool whole = newline != NULL || (source->ended && length > 0);
        if (whole || length > ACCESS_LINE_MAX) {
            *line = span_of(start, newline == NULL ? length : (size_t)(newline - start));
            source->start += line->length + (newline != NULL);
            bool rest = source->overlong;
            source->overlong = !whole;
            if (!rest)
                return SOURCE_VIEW;
            continue;
        }
        if (source->ended)
            return SOURCE_END;
        if (!fill(source))
            return SOURCE_WAIT;
    }
}

enum source_state
log_source_next(struct log_source *source, struct view *view)
{
    struct span line;
    for (int i = 0; i < LINES_AT_ONCE; i++) {
        wipe_used(source);
        enum source_state state = next_line(source, &line);
        if (state != SOURCE_VIEW)
            return state;
        const char *why;
        source->statistics.lines++;
        if (line.length > 0 && line.at[line.length - 1] == '\r')
            line.length--;
        switch (access_line_read((char *)(uintptr_t)line.at, line.length, source->own, view, &why)) {
        case ACCESS_VIEW:
            return SOURCE_VIEW;
        case ACCESS_OTHER:
            source->statistics.others++;
            break;
        case ACCESS_UNREADABLE:
            refuse(source, why);
            break;
        }
    }
    return SOURCE_WAIT;
}
