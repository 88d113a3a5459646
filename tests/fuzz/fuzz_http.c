/*
 * Two oracles. What we take, http_parser 2.9.4 (Debian) takes with the same method, target, header lines, framing and
 * no wish to close that we do not share; and our verdict does not depend on how the bytes were split. The first byte of
 * an input chooses the split, the others are a connection's bytes: requests are taken from them one after the other.
 */
#include "sporlos/http_parse.h"

#include "http_oracle.h"

#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

enum { BODY_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static bool
within(struct span span, const char *at, size_t length)
{
    return span.at >= at && span.at + span.length <= at + length;
}

static void
check_spans(const struct http_request *request, const char *at)
{
    check(within(request->target, at, request->head_length));
    check(request->path.length + (request->query.length > 0) + request->query.length <= request->target.length);
    for (unsigned i = 0; i < request->header_count; i++) {
        check(within(request->header[i].name, at, request->head_length));
        check(within(request->header[i].value, at, request->head_length));
    }
}

/*
 * http_parser 2.9.4 takes any name that begins with Transfer-Encoding for it when it looks for a Content-Length beside,
 * and refuses the request. So it is stricter there, and no guide.
 */
static bool
confuses_oracle(const struct http_request *request)
{
    static const char name[] = "transfer-encoding";
    for (unsigned i = 0; i < request->header_count; i++) {
        struct span own = request->header[i].name;
        if (own.length >= sizeof name && strncasecmp(own.at, name, sizeof name - 1) == 0)
            return true;
    }
    return false;
}

/* at: exactly one request, head and body. */
static void
check_oracle(const struct http_request *request, const char *at)
{
    static const char *const methods[] = {
        [HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD", [HTTP_POST] = "POST", [HTTP_OPTIONS] = "OPTIONS"
    };
    size_t length = request->head_length + request->body_length;
    struct oracle_reading reading;
    check(oracle_read(at, length - 1, &reading));
    check(!reading.complete);
    check(oracle_read(at, length, &reading));
    check(reading.head_seen && reading.complete);
    check(reading.body == request->body_length);
    check(strcmp(reading.method, methods[request->method]) == 0);
    check(reading.target == request->target.at && reading.target_length == request->target.length);
    check(reading.keep_alive || !request->keep_alive);
    size_t name_bytes = 0;
    for (unsigned i = 0; i < request->header_count; i++)
        name_bytes += request->header[i].name.length;
    check(reading.headers == request->header_count && reading.name_bytes == name_bytes);
}

/* A head at `at` whose body has come in part: the oracle is asked what it makes of it when the rest has come. */
static void
check_oracle_of_part(const char *at, size_t left, size_t length)
{
    struct http_request request;
    struct http_parse_state state;
    int status = 0;
    char *whole = calloc(1, length);
    if (whole == NULL)
        return;
    memcpy(whole, at, left);
    http_parse_begin(&state, BODY_MAX);
    check(http_parse(&state, whole, length, &request, &status) == HTTP_PARSE_DONE);
    check_oracle(&request, whole);
    free(whole);
}

/* In pieces of step bytes. */
static int
parse_pieces(const char *at, size_t length, size_t step, struct http_request *request)
{
    struct http_parse_state state;
    http_parse_begin(&state, BODY_MAX);
    for (size_t have = step;; have += step) {
        int status = 0;
        switch (http_parse(&state, at, have < length ? have : length, request, &status)) {
        case HTTP_PARSE_DONE:
            return 0;
        case HTTP_PARSE_BAD:
            return status;
        case HTTP_PARSE_MORE:
            if (have >= length)
                return -1;
        }
    }
}

static int
parse_one(const char *at, size_t length, size_t step, struct http_request *request)
{
    struct http_request pieces = { 0 };
    int whole = parse_pieces(at, length, length, request);
    check(parse_pieces(at, length, step, &pieces) == whole);
    check(whole == -1 || whole == 0 || (whole >= 400 && whole <= 505));
    if (whole != 0)
        return whole;
    check(pieces.head_length == request->head_length && pieces.body_length == request->body_length);
    check(pieces.header_count == request->header_count && pieces.keep_alive == request->keep_alive);
    check(memcmp(pieces.known, request->known, sizeof pieces.known) == 0);
    check_spans(request, at);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    static struct http_request request;
    if (length < 2)
        return 0;
    size_t left = length - 1;
    char *copy = malloc(left); /* exactly so long: a byte read behind it is seen */
    if (copy == NULL)
        return 0;
    memcpy(copy, data + 1, left);
    const char *at = copy;
    while (left > 0 && parse_one(at, left, 1 + data[0] % 64U, &request) == 0) {
        size_t taken = request.head_length + request.body_length;
        if (taken > left) {
            if (!confuses_oracle(&request))
                check_oracle_of_part(at, left, taken);
            break;
        }
        if (!confuses_oracle(&request))
            check_oracle(&request, at);
        at += taken;
        left -= taken;
    }
    free(copy);
    return 0;
}
