/*
 * Any bytes as an access log. Never a crash; a view is one that the collector would read: a path, printable agent, a
 * host or none; its request is of one piece, with no line that the log has put into it; the first field of a line is
 * wiped whatever becomes of it; and read through a pipe the log has as many lines as it has ends.
 */
#include "access_line.h"
#include "log_source.h"
#include "request.h"
#include "sporlos/http_parse.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

static char *own_names[] = { "example.no" };
static const struct text_list own = { own_names, 1 };

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static void
check_request(const struct view *view)
{
    static const struct request_target target = { "c", "/b", "example.no", "https://example.no" };
    char request[REQUEST_BYTES_MAX];
    struct http_parse_state parser;
    struct http_request parsed;
    int status = 0;
    size_t length = request_write(&target, view, request);
    check(length > 0);
    http_parse_begin(&parser, BEACON_BODY_MAX);
    check(http_parse(&parser, request, length, &parsed, &status) == HTTP_PARSE_DONE);
    check(parsed.head_length + parsed.body_length == length);
    check(span_equal(http_request_header(&parsed, HTTP_USER_AGENT), view->agent));
    check(http_request_header(&parsed, HTTP_X_FORWARDED_FOR).length >= 7 || view->network.family == NETWORK_V6);
}

static void
check_view(const struct view *view)
{
    check(view->network.family == NETWORK_V4 || view->network.family == NETWORK_V6);
    check(view->path.length > 0 && view->path.length <= VIEW_PATH_MAX && view->path.at[0] == '/');
    check(view->agent.length <= VIEW_AGENT_MAX && view->referrer.length < SITE_NAME_MAX);
    for (size_t i = 0; i < view->agent.length; i++)
        check(view->agent.at[i] >= 0x20 && view->agent.at[i] < 0x7f);
    for (size_t i = 0; i < view->referrer.length; i++)
        check(memchr("abcdefghijklmnopqrstuvwxyz0123456789.-_", view->referrer.at[i], 39) != NULL);
    check(view->entry || view->referrer.length == 0);
    check_request(view);
}

static void
check_line(const char *text, size_t length)
{
    struct view view;
    const char *why = "";
    char *line = malloc(length == 0 ? 1 : length); /* to its exact length, for the sanitizer */
    check(line != NULL);
    memcpy(line, text, length);
    const char *blank = memchr(text, ' ', length);
    enum access_verdict verdict = access_line_read(line, length, &own, &view, &why);
    check((verdict == ACCESS_UNREADABLE) == (why != NULL));
    for (size_t i = 0; blank != NULL && length <= ACCESS_LINE_MAX && i < (size_t)(blank - text); i++)
        check(line[i] == '\0');
    if (verdict == ACCESS_VIEW)
        check_view(&view);
    free(line);
}

static void
check_log(const char *text, size_t length, FILE *errors)
{
    struct log_source *source;
    struct view view;
    uint64_t lines = 0, views = 0;
    int file = memfd_create("log", MFD_CLOEXEC);
    check(file >= 0 && write(file, text, length) == (ssize_t)length && lseek(file, 0, SEEK_SET) == 0);
    check(log_source_new(file, &own, errors, &source) == SP_OK);
    enum source_state state;
    while ((state = log_source_next(source, &view)) != SOURCE_END)
        views += state == SOURCE_VIEW;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n' || i + 1 == length;
    struct log_statistics statistics = log_source_statistics(source);
    check(statistics.lines == lines && statistics.lines == statistics.refused + statistics.others + views);
    log_source_free(source);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    const char *text = (const char *)data;
    static FILE *nowhere;
    if (nowhere == NULL)
        nowhere = fopen("/dev/null", "w");
    check(nowhere != NULL);
    if (length == 0)
        return 0;
    check_log(text, length, nowhere);
    const char *end = memchr(text, '\n', length);
    check_line(text, end == NULL ? length : (size_t)(end - text));
    return 0;
}
