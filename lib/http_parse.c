/*
 * One pass: the end of a line is searched sixteen bytes at a time (which refuses control bytes on the way), then the
 * line is cut. Names that the programs know are found by their length and one letter, not by comparing with all.
 */
#include "sporlos/http_parse.h"

#include "http_scan.h"

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

/* ---- known names ---- */

enum { NAME_BYTES = 24 }; /* the longest known name, and what http_scan_same_name may read */

struct known_name {
    uint8_t length;
    bool alone; /* twice is refused: what reads the other one could be fooled */
    char name[NAME_BYTES];
};

#define ALONE(id)                                                                                                      \
    ((id) == HTTP_HOST || (id) == HTTP_CONTENT_LENGTH || (id) == HTTP_X_FORWARDED_FOR || (id) == HTTP_ORIGIN ||        \
     (id) == HTTP_AUTHORIZATION)
#define X(id, name) [id] = { sizeof(name) - 1, ALONE(id), name },
static const struct known_name known_names[HTTP_HEADER_ID_COUNT] = { HTTP_HEADERS(X) };
#undef X

/* A place of its own for every known name, from its length and its last letter but two; two on one do not compile. */
#define PLACE(length, letter) (((length)*13 + (letter)) & 63)
#define NOBODY HTTP_HEADER_ID_COUNT
static const uint8_t known_places[64] = {
    [PLACE(4, 'o')] = 1 + HTTP_HOST,
    [PLACE(10, 'i')] = 1 + HTTP_CONNECTION,
    [PLACE(14, 'g')] = 1 + HTTP_CONTENT_LENGTH,
    [PLACE(17, 'i')] = 1 + HTTP_TRANSFER_ENCODING,
    [PLACE(12, 'y')] = 1 + HTTP_CONTENT_TYPE,
    [PLACE(6, 'e')] = 1 + HTTP_EXPECT,
    [PLACE(6, 'g')] = 1 + HTTP_ORIGIN,
    [PLACE(7, 'r')] = 1 + HTTP_REFERER,
    [PLACE(10, 'e')] = 1 + HTTP_USER_AGENT,
    [PLACE(7, 'g')] = 1 + HTTP_SEC_GPC,
    [PLACE(3, 'd')] = 1 + HTTP_DNT,
    [PLACE(11, 'o')] = 1 + HTTP_SEC_PURPOSE,
    [PLACE(7, 'o')] = 1 + HTTP_PURPOSE,
    [PLACE(5, 'm')] = 1 + HTTP_X_MOZ,
    [PLACE(14, 'i')] = 1 + HTTP_SEC_FETCH_SITE,
    [PLACE(14, 'o')] = 1 + HTTP_SEC_FETCH_MODE,
    [PLACE(14, 'e')] = 1 + HTTP_SEC_FETCH_DEST,
    [PLACE(15, 'f')] = 1 + HTTP_X_FORWARDED_FOR,
    [PLACE(13, 'i')] = 1 + HTTP_AUTHORIZATION,
    [PLACE(6, 'k')] = 1 + HTTP_COOKIE,
    [PLACE(15, 'a')] = 1 + HTTP_ACCEPT_LANGUAGE,
    [PLACE(15, 'i')] = 1 + HTTP_ACCEPT_ENCODING,
};

/* HTTP_HEADER_ID_COUNT when the name is none that we know. */
static unsigned
known_name_find(const char *at, size_t length, const char *end)
{
    if (length < 3)
        return NOBODY;
    unsigned place = known_places[PLACE(length, (unsigned char)at[length - 3] | 0x20U)];
    if (place == 0)
        return NOBODY;
    const struct known_name *known = &known_names[place - 1];
    return known->length == length && http_scan_same_name(at, length, end, known->name) ? place - 1 : NOBODY;
}

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
    const char *mark = memchr(at, '?', length);
    request->target = span_of(at, length);
    request->path = span_of(at, mark == NULL ? length : (size_t)(mark - at));
    request->query = mark == NULL ? span_of(stop, 0) : span_of(mark + 1, (size_t)(stop - mark - 1));
    return parse_version(stop, end, request);
}

/* ---- headers ---- */

static struct span
trimmed(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    while (at < end && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
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
    const char *at = value.at;
    const char *end = at + value.length;
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma == NULL ? end : comma;
        if (is_word(trimmed(at, stop), "close", 5))
            return true;
        at = stop + 1;
    }
    return false;
}

/* end: of the line; limit: of the buffer. */
static int
parse_header(const char *at, const char *end, const char *limit, struct http_request *request)
{
    const char *colon = http_scan_colon(at, limit);
    if (colon >= end || colon == at)
        return 400;
    size_t length = (size_t)(colon - at);
    unsigned id = known_name_find(at, length, limit);
    if (id == NOBODY && http_scan_class(at, colon, HTTP_CHAR_TOKEN) != colon)
        return 400;
    if (request->header_count == HTTP_HEADER_MAX)
        return 431;
    struct http_header *header = &request->header[request->header_count++];
    header->name = span_of(at, length);
    header->value = trimmed(colon + 1, end);
    if (id == NOBODY)
        return 0;
    if (request->known_count[id]++ == 0)
        request->known[id] = (uint8_t)request->header_count;
    else if (known_names[id].alone)
        return 400;
    if (id == HTTP_CONNECTION && says_close(header->value))
        request->keep_alive = false;
    return 0;
}

/* ---- what the head as a whole says ---- */

/* An IPv6 address in brackets is not looked into: the name of a host decides nothing here. */
static const char *
skip_host(const char *at, const char *end)
{
    if (at == end || *at != '[')
        return http_scan_class(at, end, HTTP_CHAR_HOST);
    const char *stop = at + 1;
    while (stop < end && (BETWEEN(*stop | 0x20, 'a', 'f') || BETWEEN(*stop, '0', ':') || *stop == '.'))
        stop++;
    return stop < end && *stop == ']' && stop > at + 1 ? stop + 1 : at;
}

/* A name or an address, and perhaps a port of 1 to 5 digits. */
static bool
valid_host(struct span host)
{
    const char *end = host.at + host.length;
    const char *stop = skip_host(host.at, end);
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
    if (value.length > CONTENT_LENGTH_DIGITS || sum > body_max)
        return 413;
    *body_length = sum;
    return 0;
}

static int
check_head(struct http_request *request, size_t body_max)
{
    if (request->known[HTTP_TRANSFER_ENCODING] != 0)
        return 501;
    if (request->known[HTTP_HOST] != 0 ? !valid_host(http_request_header(request, HTTP_HOST)) : request->minor == 1)
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
    memset(request->known_count, 0, sizeof request->known_count);
    request->body_length = 0;
    request->body = span_of(NULL, 0);
}

void
http_parser_init(struct http_parser *parser, size_t body_max_bytes)
{
    *parser = (struct http_parser){ .body_max = body_max_bytes };
}

/* Find the end of the line that parser stands in: 0 with *stop at its CR LF; a status; or -1, it is not there yet. */
static int
find_line(struct http_parser *parser, const char *buffer, const char *limit, const char **stop)
{
    *stop = http_scan_line(buffer + parser->scanned, limit);
    parser->scanned = (size_t)(*stop - buffer);
    if (parser->line == 0 && parser->scanned > REQUEST_LINE_MAX)
        return 414;
    if (*stop < limit && **stop != '\r')
        return 400;
    if (limit - *stop < 2)
        return limit - buffer == HTTP_BUFFER_BYTES ? 431 : -1;
    return (*stop)[1] == '\n' ? 0 : 400;
}

enum http_parse_result
http_parse(struct http_parser *parser, const char *buffer, size_t length, struct http_request *request, int *status)
{
    const char *limit = buffer + (length < HTTP_BUFFER_BYTES ? length : HTTP_BUFFER_BYTES);
    if (parser->scanned == 0)
        request_reset(request);
    for (bool blank = false; !blank;) {
        const char *stop = NULL;
        const char *line = buffer + parser->line;
        *status = find_line(parser, buffer, limit, &stop);
        if (*status < 0)
            return HTTP_PARSE_MORE;
        blank = stop == line && parser->line > 0;
        if (*status == 0 && parser->line == 0)
            *status = parse_request_line(line, stop, request);
        else if (*status == 0)
            *status = blank ? check_head(request, parser->body_max) : parse_header(line, stop, limit, request);
        if (*status != 0)
            return HTTP_PARSE_BAD;
        parser->line = parser->scanned = (size_t)(stop + 2 - buffer);
    }
    request->head_length = parser->line;
    return HTTP_PARSE_DONE;
}
