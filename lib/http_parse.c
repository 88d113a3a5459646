/*
 * One pass: the end of a line is searched sixteen or more bytes at a time (which refuses control bytes on the way),
 * then the line is cut. Names that the programs know are found by their length and last letters, not by comparing with
 * all.
 */
#include "sporlos/http_parse.h"

#include "http_names.h"
#include "http_scan.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

enum {
    REQUEST_LINE_MAX =
        HTTP_TARGET_MAX + 64, /* bytes: the target, the longest method name that gets an answer, version */
    CONTENT_LENGTH_DIGITS = 6,
};

/* ---- classes ---- */

#define BETWEEN(c, low, high) ((c) >= (low) && (c) <= (high))
#define ALNUM(c) (BETWEEN(c, '0', '9') || BETWEEN(c, 'A', 'Z') || BETWEEN(c, 'a', 'z'))
#define TOKEN(c)                                                                                                       \
    (ALNUM(c) || (c) == '!' || BETWEEN(c, '#', '\'') || (c) == '*' || (c) == '+' || (c) == '-' || (c) == '.' ||        \
     BETWEEN(c, '^', '`') || (c) == '|' || (c) == '~')
#define LINE(c) ((c) == '\t' || ((c) >= 0x20 && (c) != 0x7f))
#define TARGET(c) (BETWEEN(c, 0x21, 0x7e) && (c) != '"' && (c) != '#' && (c) != '<' && (c) != '>' && (c) != '\\')
#define HOST(c) (ALNUM(c) || (c) == '-' || (c) == '.' || (c) == '_')
#define CLASS(c)                                                                                                       \
    ((TOKEN(c) ? HTTP_CHAR_TOKEN : 0) | (LINE(c) ? HTTP_CHAR_LINE : 0) | (TARGET(c) ? HTTP_CHAR_TARGET : 0) |          \
     (HOST(c) ? HTTP_CHAR_HOST : 0))
#define CLASS4(c) CLASS(c), CLASS((c) + 1), CLASS((c) + 2), CLASS((c) + 3)
#define CLASS16(c) CLASS4(c), CLASS4((c) + 4), CLASS4((c) + 8), CLASS4((c) + 12)
#define CLASS64(c) CLASS16(c), CLASS16((c) + 16), CLASS16((c) + 32), CLASS16((c) + 48)

const uint8_t http_char_class[256] = { CLASS64(0), CLASS64(64), CLASS64(128), CLASS64(192) };

/* ---- the request line ---- */

struct method_name {
    char name[8];
    uint8_t length; /* with the space after it */
    enum http_method method;
};

static const struct method_name methods[] = {
    { "POST ", 5, HTTP_POST },
    { "GET ", 4, HTTP_GET },
    { "OPTIONS ", 8, HTTP_OPTIONS },
    { "HEAD ", 5, HTTP_HEAD },
};

/* Move *at behind the method and its space. */
static int
parse_method(const char **at, const char *end, struct http_request *request)
{
    size_t length = (size_t)(end - *at);
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (length >= methods[i].length && memcmp(*at, methods[i].name, methods[i].length) == 0) {
            request->method = methods[i].method;
            *at += methods[i].length;
            return 0;
        }
    }
    const char *stop = http_scan_class(*at, end, HTTP_CHAR_TOKEN);
    return stop == *at || stop == end || *stop != ' ' ? 400 : 501;
}

/* Exactly " HTTP/1.0" or " HTTP/1.1". */
static int
parse_version(const char *at, const char *end, struct http_request *request)
{
    if (end - at != 9 || memcmp(at, " HTTP/", 6) != 0 || at[7] != '.' || !BETWEEN(at[6], '0', '9') ||
        !BETWEEN(at[8], '0', '9'))
        return 400;
    if (at[6] != '1' || at[8] > '1')
        return 505;
    request->minor = at[8] - '0';
    request->keep_alive = request->minor == 1;
    return 0;
}

static int
parse_request_line(const char *at, const char *end, struct http_request *request)
{
    int status = parse_method(&at, end, request);
    if (status != 0)
        return status;
    const char *stop = http_scan_target(at, end);
    size_t length = (size_t)(stop - at);
    if (length == 0 || *at != '/')
        return 400;
    if (length > HTTP_TARGET_MAX)
        return 414;
    const char *mark = at; /* near: what is asked for has a short name */
    while (mark < stop && *mark != '?')
        mark++;
    request->target = span_of(at, length);
    request->path = span_of(at, (size_t)(mark - at));
    request->query = mark == stop ? span_of(stop, 0) : span_of(mark + 1, (size_t)(stop - mark - 1));
    return parse_version(stop, end, request);
}

/* ---- headers ---- */

/* Spaces and tabs are the only bytes of a line that are not above ' '. */
static struct span
trimmed(const char *at, const char *end)
{
    while (at < end && (unsigned char)*at <= ' ')
        at++;
    while (end > at && (unsigned char)end[-1] <= ' ')
        end--;
    return span_of(at, (size_t)(end - at));
}

/* What stands behind a colon. Almost always one space before and none after; end points at the CR. */
static inline struct span
header_value(const char *colon, const char *end)
{
    const char *at = colon + 1 + (colon[1] == ' ');
    if ((unsigned char)*at <= ' ' || (unsigned char)end[-1] <= ' ')
        return trimmed(colon + 1, end);
    return span_of(at, (size_t)(end - at));
}

static bool
is_word(struct span value, const char *lower, size_t length)
{
    if (value.length != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((value.at[i] | 0x20) != lower[i])
            return false;
    return true;
}

/* Whether one of the words of a Connection line is close. */
static bool
says_close(struct span value)
{
    static const struct span usual = { "keep-alive", 10 };
    const char *at = value.at;
    const char *end = at + value.length;
    while (at < end && !span_equal(value, usual)) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma == NULL ? end : comma;
        if (is_word(trimmed(at, stop), "close", 5))
            return true;
        at = stop + 1;
    }
    return false;
}

/* Twice is refused: what reads the other one could be fooled. */
static const bool known_alone[HTTP_HEADER_ID_COUNT] = {
    [HTTP_HOST] = true,   [HTTP_CONTENT_LENGTH] = true, [HTTP_X_FORWARDED_FOR] = true,
    [HTTP_ORIGIN] = true, [HTTP_AUTHORIZATION] = true,
};

static int
note_known(struct http_request *request, unsigned id, const struct http_header *header)
{
    if (request->known[id] == 0)
        request->known[id] = (uint8_t)request->header_count;
    else if (known_alone[id])
        return 400;
    if (id == HTTP_CONNECTION && says_close(header->value))
        request->keep_alive = false;
    return 0;
}

static bool
line_ends(const char *stop, const char *limit)
{
    return limit - stop >= 2 && memcmp(stop, "\r\n", 2) == 0;
}

/* ---- usual lines, many bytes at once (http_usual.h) ---- */

#ifdef __SSE2__
#define USUAL_HEADERS usual_headers_16
#define USUAL_TARGET
#define BYTES __m128i
#define STEP HTTP_SCAN_STEP
#define LOAD(at) http_scan_load(at)
#define UNUSUAL(bytes) http_scan_unusual(bytes)
#define EQUAL(a, b) http_scan_bits(_mm_cmpeq_epi8(a, b))
#define CASELESS(bytes) _mm_or_si128(bytes, _mm_set1_epi8(0x20))
#define COLONS _mm_set1_epi8(':')
#include "http_usual.h"

#define USUAL_HEADERS usual_headers_32
#define USUAL_TARGET __attribute__((target("avx2,bmi")))
#define BYTES __m256i
#define STEP 32
#define LOAD(at) _mm256_loadu_si256((const __m256i *)(const void *)(at))
#define UNUSUAL(bytes) WIDE_BITS(_mm256_subs_epi8(_mm256_add_epi8(bytes, _mm256_set1_epi8(1)), _mm256_set1_epi8(0x21)))
#define EQUAL(a, b) WIDE_BITS(_mm256_cmpeq_epi8(a, b))
#define CASELESS(bytes) _mm256_or_si256(bytes, _mm256_set1_epi8(0x20))
#define COLONS _mm256_set1_epi8(':')
#define WIDE_BITS(bytes) ((unsigned)_mm256_movemask_epi8(bytes))
#include "http_usual.h"

/* The first of the lines from at on that is not usual, with nothing done to it; those before it are. */
static inline const char *
usual_headers(const char *at, const char *limit, struct http_request *request)
{
#ifdef SPORLOS_NARROW_STEPS /* a test program, for the steps that this machine would not take */
    bool is_wide = false;
#else
    bool is_wide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
#endif
    if (is_wide)
        at = usual_headers_32(at, limit, request);
    if (!is_wide || limit - at <= 2 * HTTP_SCAN_STEP) /* what is left is too short for the wide steps */
        at = usual_headers_16(at, limit, request);
    return at;
}
#else
static inline const char *
usual_headers(const char *at, const char *limit, struct http_request *request)
{
    (void)limit;
    (void)request;
    return at;
}
#endif

/* Every kind of line. end: of the line; wide: of the buffer. */
static int
parse_header(const char *at, const char *end, const char *wide, struct http_request *request)
{
    const char *colon = http_scan_colon(at, wide, end);
    if (colon >= end || colon == at)
        return 400;
    const struct http_name *known = http_name_find(at, (size_t)(colon - at), wide);
    if (known == NULL && http_scan_class(at, colon, HTTP_CHAR_TOKEN) != colon)
        return 400;
    if (request->header_count == HTTP_HEADER_MAX)
        return 431;
    struct http_header *header = &request->header[request->header_count++];
    header->name = span_of(at, (size_t)(colon - at));
    header->value = header_value(colon, end);
    return known == NULL ? 0 : note_known(request, known->id, header);
}

/* ---- what the head as a whole says ---- */

/* An IPv6 address in brackets is not looked into: the name of a host decides nothing here. */
static const char *
skip_host(const char *at, const char *end, const char *wide)
{
    if (at == end || *at != '[')
        return http_scan_host(at, wide);
    const char *stop = at + 1;
    while (stop < end && (BETWEEN(*stop | 0x20, 'a', 'f') || BETWEEN(*stop, '0', ':') || *stop == '.'))
        stop++;
    return stop < end && *stop == ']' && stop > at + 1 ? stop + 1 : at;
}

/* A name or an address, and perhaps a port of 1 to 5 digits. */
static bool
valid_host(struct span host, const char *wide)
{
    const char *end = host.at + host.length;
    const char *stop = skip_host(host.at, end, wide);
    if (stop == host.at)
        return false;
    if (stop == end)
        return true;
    if (*stop != ':' || end - stop < 2 || end - stop > 6)
        return false;
    for (stop++; stop < end; stop++)
        if (!BETWEEN(*stop, '0', '9'))
            return false;
    return true;
}

static int
parse_content_length(struct span value, size_t body_max, size_t *body_length)
{
    size_t sum = 0;
    for (size_t i = 0; i < value.length; i++) {
        if (!BETWEEN(value.at[i], '0', '9'))
            return 400;
        if (i < CONTENT_LENGTH_DIGITS)
            sum = sum * 10 + (size_t)(value.at[i] - '0');
    }
    if (value.length == 0)
        return 400;
    /* A tab behind it is white space to RFC 9110, but http_parser and its many heirs refuse it. The line ends in CR. */
    for (const char *after = value.at + value.length; *after != '\r'; after++)
        if (*after == '\t')
            return 400;
    if (value.length > CONTENT_LENGTH_DIGITS || sum > body_max)
        return 413;
    *body_length = sum;
    return 0;
}

static int
check_head(struct http_request *request, const char *wide, size_t body_max)
{
    if (request->known[HTTP_TRANSFER_ENCODING] != 0)
        return 501;
    if (request->known[HTTP_HOST] != 0 ? !valid_host(http_request_header(request, HTTP_HOST), wide)
                                       : request->minor == 1)
        return 400;
    if (request->known[HTTP_EXPECT] != 0)
        return 417;
    if (request->known[HTTP_CONTENT_LENGTH] == 0)
        return 0;
    return parse_content_length(http_request_header(request, HTTP_CONTENT_LENGTH), body_max, &request->body_length);
}

/* ---- the loop over lines ---- */

static void
request_reset(struct http_request *request)
{
    request->method = HTTP_GET;
    request->minor = 1;
    request->keep_alive = false;
    request->header_count = 0;
    memset(request->known, 0, sizeof request->known);
    request->body_length = 0;
    request->body = span_of(NULL, 0);
}

void
http_parse_begin(struct http_parse_state *parser, size_t body_max_bytes)
{
    *parser = (struct http_parse_state){ .body_max = body_max_bytes };
}

/* No CR LF at stop, where the search for the end of the line starting at line stopped: malformed, or not there yet? */
static enum http_parse_result
no_line(struct http_parse_state *parser, const char *buffer, const char *stop, const char *limit, int *status)
{
    parser->scanned = (size_t)(stop - buffer);
    bool more = stop == limit || (stop + 1 == limit && *stop == '\r');
    *status = more ? 431 : 400;
    return more && limit - buffer < HTTP_BUFFER_BYTES ? HTTP_PARSE_MORE : HTTP_PARSE_BAD;
}

static enum http_parse_result
first_line(struct http_parse_state *parser, const char *buffer, const char *limit, struct http_request *request,
           int *status)
{
    if (parser->scanned == 0)
        request_reset(request);
    const char *wide = http_scan_wide(buffer, limit);
    const char *stop = http_scan_line(buffer + parser->scanned, wide, limit);
    *status = 414;
    if (stop - buffer > REQUEST_LINE_MAX)
        return HTTP_PARSE_BAD;
    if (!line_ends(stop, limit))
        return no_line(parser, buffer, stop, limit, status);
    parser->line = parser->scanned = (size_t)(stop + 2 - buffer);
    *status = parse_request_line(buffer, stop, request);
    return *status == 0 ? HTTP_PARSE_DONE : HTTP_PARSE_BAD;
}

static enum http_parse_result
other_lines(struct http_parse_state *parser, const char *buffer, const char *limit, struct http_request *request,
            int *status)
{
    const char *line = buffer + parser->line;
    const char *wide = http_scan_wide(buffer, limit);
    const char *stop = buffer + parser->scanned;
    for (;;) {
        if (stop == line)
            line = stop = usual_headers(line, limit, request);
        stop = http_scan_line(stop, wide, limit);
        if (!line_ends(stop, limit) || stop == line)
            break;
        *status = parse_header(line, stop, wide, request);
        if (*status != 0)
            return HTTP_PARSE_BAD;
        line = stop += 2;
    }
    parser->line = (size_t)(line - buffer);
    if (!line_ends(stop, limit))
        return no_line(parser, buffer, stop, limit, status);
    request->head_length = (size_t)(stop + 2 - buffer);
    *status = check_head(request, wide, parser->body_max);
    return *status == 0 ? HTTP_PARSE_DONE : HTTP_PARSE_BAD;
}

enum http_parse_result
http_parse(struct http_parse_state *parser, const char *buffer, size_t length, struct http_request *request,
           int *status)
{
    const char *limit = buffer + (length < HTTP_BUFFER_BYTES ? length : HTTP_BUFFER_BYTES);
    if (parser->line == 0) {
        enum http_parse_result result = first_line(parser, buffer, limit, request, status);
        if (result != HTTP_PARSE_DONE)
            return result;
    }
    return other_lines(parser, buffer, limit, request, status);
}
