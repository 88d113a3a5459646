#include "sporlos/http_parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "../../../lib/http_scan.h"
#include "http_corpus.h"

enum { BODY_MAX = 4096, ROOM = 16384 };

static char *guarded; /* ROOM bytes, then a page that faults */

static int
map_guarded(void **state)
{
    (void)state;
    guarded = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return guarded == MAP_FAILED || mprotect(guarded + ROOM, 4096, PROT_NONE) != 0;
}

static char *
against_guard(const char *text, size_t length)
{
    return memcpy(guarded + ROOM - length, text, length);
}

/* 0: whole, -1: more is needed, else the status of the refusal. */
static int
parse_whole(const char *text, size_t length, struct http_request *request)
{
    struct http_parse_state parser;
    int status = 0;
    http_parse_begin(&parser, BODY_MAX);
    switch (http_parse(&parser, against_guard(text, length), length, request, &status)) {
    case HTTP_PARSE_DONE:
        return 0;
    case HTTP_PARSE_MORE:
        return -1;
    case HTTP_PARSE_BAD:
    default:
        return status;
    }
}

/* As parse_whole, in pieces that end at each multiple of step and at split; bytes that have not come yet are poison. */
static int
parse_pieces(const char *text, size_t length, size_t split, size_t step, struct http_request *request)
{
    struct http_parse_state parser;
    enum http_parse_result result = HTTP_PARSE_MORE;
    int status = 0;
    char *buffer = memset(guarded + ROOM - length, '\1', length);
    http_parse_begin(&parser, BODY_MAX);
    for (size_t have = 1; have <= length && result == HTTP_PARSE_MORE; have++) {
        buffer[have - 1] = text[have - 1];
        if (have == length || have == split || (step != 0 && have % step == 0))
            result = http_parse(&parser, buffer, have, request, &status);
    }
    return result == HTTP_PARSE_DONE ? 0 : result == HTTP_PARSE_MORE ? -1 : status;
}

/* As parse_whole, where more has come than the request: then the wide searches reach its last line too. */
static int
parse_with_more(const char *text, size_t length, struct http_request *request)
{
    static char more[ROOM];
    memset(more, 'm', sizeof more);
    memcpy(more, text, length);
    return parse_whole(more, length + 64, request);
}

/* ---- what is taken ---- */

struct valid {
    const char *text;
    const char *target, *path, *query;
    enum http_method method;
    unsigned headers;
    size_t body;
    bool keep_alive;
};

#define BROWSER                                                                                                        \
    "POST /b HTTP/1.1\r\nHost: teller.kommune.no\r\nConnection: keep-alive\r\nContent-Length: 57\r\n"                  \
    "sec-ch-ua-platform: \"Linux\"\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like "    \
    "Gecko) Chrome/131.0.0.0 Safari/537.36\r\nContent-Type: text/plain;charset=UTF-8\r\nAccept: */*\r\n"               \
    "Origin: https://parorendesenteret.no\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"                \
    "Sec-Fetch-Dest: empty\r\nReferer: https://parorendesenteret.no/\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"  \
    "Accept-Language: nb-NO,nb;q=0.9,no;q=0.8\r\n\r\n"

static const struct valid valid[] = {
    { BROWSER, "/b", "/b", "", HTTP_POST, 14, 57, true },
    { "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "/", "", HTTP_GET, 1, 0, true },
    { "GET / HTTP/1.0\r\n\r\n", "/", "/", "", HTTP_GET, 0, 0, false },
    { "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", "/", "/", "", HTTP_GET, 2, 0, false },
    { "HEAD /x HTTP/1.1\r\nHost: a.b:80\r\n\r\n", "/x", "/x", "", HTTP_HEAD, 1, 0, true },
    { "OPTIONS /b HTTP/1.1\r\nHost: [::1]:8400\r\n\r\n", "/b", "/b", "", HTTP_OPTIONS, 1, 0, true },
    { "GET /b?s=a&u=%2F HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "/b?s=a&u=%2F", "/b", "s=a&u=%2F", HTTP_GET, 1, 0, true },
    { "GET /? HTTP/1.1\r\nHost: a\r\n\r\n", "/?", "/", "", HTTP_GET, 1, 0, true },
    { "GET /a??b HTTP/1.1\r\nHost: a\r\n\r\n", "/a??b", "/a", "?b", HTTP_GET, 1, 0, true },
    { "GET /|[]{}^`'~!$*() HTTP/1.1\r\nHost: a\r\n\r\n", "/|[]{}^`'~!$*()", "/|[]{}^`'~!$*()", "", HTTP_GET, 1, 0,
      true },
    { "GET / HTTP/1.1\r\nhOsT:a\r\n\r\n", "/", "/", "", HTTP_GET, 1, 0, true },
    { "GET / HTTP/1.1\r\nHost: \t a \t \r\n\r\n", "/", "/", "", HTTP_GET, 1, 0, true },
    { "GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\n\r\n", "/", "/", "", HTTP_GET, 2, 0, true },
    { "GET / HTTP/1.1\r\nHost: a\r\nX-Empty: \t\r\n\r\n", "/", "/", "", HTTP_GET, 2, 0, true },
    { "GET / HTTP/1.1\r\nHost: a\r\nX: b\tc d:e\r\n\r\n", "/", "/", "", HTTP_GET, 2, 0, true },
    { "GET / HTTP/1.1\r\nHost: a\r\nX: bl\xc3\xa5 \xff\r\n\r\n", "/", "/", "", HTTP_GET, 2, 0, true },
    { "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~9zZ: b\r\n\r\n", "/", "/", "", HTTP_GET, 2, 0, true },
    { "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "/", "/", "", HTTP_GET, 2, 0, false },
    { "GET / HTTP/1.1\r\nHost: a\r\nConnection: x , CLOSE\t, y\r\n\r\n", "/", "/", "", HTTP_GET, 2, 0, false },
    { "GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n", "/", "/", "", HTTP_GET, 3, 0, false },
    { "GET / HTTP/1.1\r\nHost: a\r\nConnection: closed, ,\r\n\r\n", "/", "/", "", HTTP_GET, 2, 0, true },
    { "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", "/", "/", "", HTTP_GET, 2, 5, true },
    { "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", "/", "/", "", HTTP_HEAD, 2, 5, true },
    { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 000005\r\n\r\n", "/", "/", "", HTTP_POST, 2, 5, true },
    { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4096\r\n\r\n", "/", "/", "", HTTP_POST, 2, 4096, true },
    { "POST / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "/", "", HTTP_POST, 1, 0, true },
    { "GET / HTTP/1.1\r\nHost: a\r\nCookie: b\r\nCookie: c\r\n\r\n", "/", "/", "", HTTP_GET, 3, 0, true },
};

static void
assert_span(struct span span, const char *text)
{
    assert_int_equal(span.length, strlen(text));
    assert_memory_equal(span.at, text, span.length);
}

static void
assert_valid(const struct valid *row, const struct http_request *request)
{
    assert_int_equal(request->method, row->method);
    assert_span(request->target, row->target);
    assert_span(request->path, row->path);
    assert_span(request->query, row->query);
    assert_int_equal(request->header_count, row->headers);
    assert_int_equal(request->body_length, row->body);
    assert_int_equal(request->head_length, strlen(row->text));
    assert_int_equal(request->keep_alive, row->keep_alive);
}

static void
test_valid_requests_are_taken_however_they_are_split(void **state)
{
    (void)state;
    struct http_request request;
    for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++) {
        size_t length = strlen(valid[i].text);
        assert_int_equal(parse_whole(valid[i].text, length, &request), 0);
        assert_valid(&valid[i], &request);
        assert_int_equal(parse_with_more(valid[i].text, length, &request), 0);
        assert_valid(&valid[i], &request);
        for (size_t split = 1; split < length; split++) {
            assert_int_equal(parse_pieces(valid[i].text, length, split, 0, &request), 0);
            assert_valid(&valid[i], &request);
            assert_int_equal(parse_whole(valid[i].text, split, &request), -1);
        }
        assert_int_equal(parse_pieces(valid[i].text, length, 0, 1, &request), 0);
        assert_valid(&valid[i], &request);
    }
}

static void
test_what_follows_the_head_is_not_looked_at(void **state)
{
    (void)state;
    static const char text[] = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\0\n\rGET";
    struct http_request request;
    assert_int_equal(parse_whole(text, sizeof text - 1, &request), 0);
    assert_int_equal(request.head_length, sizeof text - 1 - 6);
    assert_int_equal(request.body_length, 3);
}

#define X(id, name) name,
static const char *const known_names[] = { HTTP_HEADERS(X) };
#undef X

static void
find_known(unsigned id, const char *name)
{
    struct http_request request;
    char text[256];
    bool framing = id == HTTP_TRANSFER_ENCODING || id == HTTP_EXPECT;
    const char *value = id == HTTP_CONTENT_LENGTH ? "7" : "seven";
    int length = snprintf(text, sizeof text, "GET / HTTP/1.0\r\nX-Before: a\r\n%s: %s\r\n\r\n", name, value);
    assert_int_equal(parse_whole(text, (size_t)length, &request) != 0, framing);
    for (unsigned other = 0; other < HTTP_HEADER_ID_COUNT; other++)
        assert_int_equal(request.known[other], other == id ? 2 : 0);
    assert_span(http_request_header(&request, (enum http_header_id)id), value);
}

static void
test_every_known_header_is_found_in_any_case_and_no_other(void **state)
{
    (void)state;
    char upper[32];
    for (unsigned id = 0; id < HTTP_HEADER_ID_COUNT; id++) {
        find_known(id, known_names[id]);
        size_t length = strlen(known_names[id]);
        for (size_t i = 0; i <= length; i++)
            upper[i] = (char)(known_names[id][i] >= 'a' ? known_names[id][i] - 0x20 : known_names[id][i]);
        find_known(id, upper);
    }
}

static void
test_names_that_only_look_known_are_not(void **state)
{
    (void)state;
    static const char *const names[] = { "hosT1",
                                         "h_st",
                                         "xost",
                                         "content_length",
                                         "origi\x6d",
                                         "x-forwarded-fo",
                                         "dnd",
                                         "cookif",
                                         "transfer-encodinf",
                                         "x-forwarded-fos",
                                         "o" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct http_request request;
        char text[128];
        int length = snprintf(text, sizeof text, "GET / HTTP/1.0\r\n%s: 1\r\n\r\n", names[i]);
        assert_int_equal(parse_whole(text, (size_t)length, &request), 0);
        for (unsigned id = 0; id < HTTP_HEADER_ID_COUNT; id++)
            assert_int_equal(request.known[id], 0);
        assert_int_equal(request.header_count, 1);
    }
}

/* ---- malformed, and just not: tests/support/http_corpus.txt ---- */

/* Whatever became of the whole bytes becomes of them in pieces. */
static void
assert_split_alike(const char *at, size_t length, int status)
{
    struct http_request request;
    for (size_t split = 1; split < length; split += 1 + length / 500)
        assert_int_equal(parse_pieces(at, length, split, 0, &request), status);
    assert_int_equal(parse_pieces(at, length, 0, 1, &request), status);
}

/* One request of a line of the corpus at *at, which goes on to the next. */
static void
check_answer(const struct corpus_line *line, struct corpus_answer answer, size_t *at)
{
    struct http_request request;
    const char *bytes = line->bytes + *at;
    size_t left = line->length - *at;
    int status = parse_whole(bytes, left, &request);
    assert_split_alike(bytes, left, status);
    bool whole = status == 0 && request.head_length + request.body_length <= left;
    int expected = corpus_taken(answer) ? 0 : answer.status == CORPUS_MORE ? -1 : answer.status;
    if ((status == 0 && !whole ? -1 : status) != expected)
        fail_msg("http_corpus.txt, line %u: %d, not %d", line->number, status, expected);
    if (status > 0)
        assert_int_equal(parse_with_more(bytes, left, &request), status);
    if (expected != 0)
        return;
    assert_int_equal(request.keep_alive, !answer.last);
    *at += request.head_length + request.body_length;
}

static void
test_requests_of_the_corpus_are_answered_however_they_are_split(void **state)
{
    (void)state;
    static struct corpus_line line;
    unsigned lines = 0;
    FILE *file = fopen(PROJECT_ROOT "/tests/support/http_corpus.txt", "r");
    assert_non_null(file);
    for (; corpus_next(file, &line); lines++) {
        size_t at = 0;
        for (unsigned i = 0; i < line.answers; i++)
            check_answer(&line, line.answer[i], &at);
        if (corpus_taken(line.answer[line.answers - 1]) && !line.answer[line.answers - 1].last)
            assert_int_equal(at, line.length);
    }
    fclose(file);
    assert_true(lines >= 300);
}

static void
test_nothing_is_no_request_yet(void **state)
{
    (void)state;
    struct http_request request;
    assert_int_equal(parse_whole("", 0, &request), -1);
}

static void
assert_same_request(const struct http_request *a, const struct http_request *b)
{
    assert_int_equal(a->keep_alive, b->keep_alive);
    assert_int_equal(a->body_length, b->body_length);
    assert_int_equal(a->header_count, b->header_count);
    assert_memory_equal(a->known, b->known, sizeof a->known);
    for (unsigned i = 0; i < a->header_count; i++) {
        assert_true(span_equal(a->header[i].name, b->header[i].name));
        assert_true(span_equal(a->header[i].value, b->header[i].value));
    }
}

/* Byte by byte, every line is cut by the general code; whole, nearly every one by that for usual lines. */
static void
test_usual_lines_and_others_are_cut_alike_whatever_byte_is_wrong(void **state)
{
    (void)state;
    static const char bytes[] = { ' ', '\t', '\r', '\n', ':', '\0', '\x7f', '\x80', '-', 'x', 'C' };
    static const char beacon[] = BROWSER;
    const size_t length = sizeof beacon - 1;
    struct http_request whole, pieces;
    for (size_t at = 0; at < length; at++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            char text[sizeof beacon];
            memcpy(text, beacon, sizeof beacon);
            text[at] = bytes[i];
            int status = parse_pieces(text, length, 0, 1, &pieces);
            assert_int_equal(parse_whole(text, length, &whole), status);
            if (status == 0)
                assert_same_request(&whole, &pieces);
        }
    }
}

/* ---- sizes ---- */

static int
parse_target(size_t target_length, size_t step)
{
    struct http_request request;
    char text[ROOM];
    size_t length = 0;
    memcpy(text, "GET /", 5);
    memset(text + 5, 'a', target_length - 1);
    length = 4 + target_length;
    static const char rest[] = " HTTP/1.1\r\nHost: a\r\n\r\n";
    memcpy(text + length, rest, sizeof rest - 1);
    return parse_pieces(text, length + sizeof rest - 1, 0, step, &request);
}

static void
test_target_has_a_limit(void **state)
{
    (void)state;
    for (size_t step = 0; step <= 1; step++) {
        assert_int_equal(parse_target(HTTP_TARGET_MAX, step), 0);
        assert_int_equal(parse_target(HTTP_TARGET_MAX + 1, step), 414);
        assert_int_equal(parse_target(4000, step), 414);
        assert_int_equal(parse_target(9000, step), 414);
    }
}

static int
parse_headers(unsigned count, size_t value_length, size_t step)
{
    struct http_request request;
    char text[2 * ROOM];
    char value[ROOM] = { 0 };
    memset(value, 'v', value_length);
    size_t length = (size_t)sprintf(text, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (unsigned i = 1; i < count; i++)
        length += (size_t)sprintf(text + length, "X%u: %s\r\n", i, value);
    length += (size_t)sprintf(text + length, "\r\n");
    return parse_pieces(text, length, 0, step, &request);
}

static void
test_headers_have_limits(void **state)
{
    (void)state;
    for (size_t step = 0; step <= 1; step++) {
        assert_int_equal(parse_headers(HTTP_HEADER_MAX, 3, step), 0);
        assert_int_equal(parse_headers(HTTP_HEADER_MAX + 1, 3, step), 431);
        size_t rest = sizeof "GET / HTTP/1.1\r\nHost: a\r\nX1: \r\n\r\n" - 1;
        assert_int_equal(parse_headers(2, HTTP_BUFFER_BYTES - rest, step), 0);
        assert_int_equal(parse_headers(2, HTTP_BUFFER_BYTES - rest + 1, step), 431);
        assert_int_equal(parse_headers(2, HTTP_BUFFER_BYTES + 3000, step), 431);
    }
}

static void
test_a_buffer_full_of_one_line_is_refused(void **state)
{
    (void)state;
    struct http_request request;
    char text[HTTP_BUFFER_BYTES];
    memset(text, 'A', sizeof text);
    assert_int_equal(parse_whole(text, sizeof text, &request), 414);
    memcpy(text, "GET / HTTP/1.1\r\n", 16);
    assert_int_equal(parse_whole(text, sizeof text, &request), 431);
    assert_int_equal(parse_whole(text, sizeof text - 1, &request), -1);
}

/* ---- searches ---- */

/* The wide search and the byte-wise one must stop at the same place, for every byte at every distance. */
static void
test_searches_agree_with_the_classes_at_every_byte(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        for (size_t before = 0; before < 40; before++) {
            char *at = guarded + ROOM - 48;
            char *end = guarded + ROOM;
            const char *wide = http_scan_wide(at, end);
            memset(at, 'a', 48);
            at[before] = (char)byte;
            at[before + 3] = '\r';
            at[before + 5] = ':';
            at[before + 7] = '\t';
            assert_ptr_equal(http_scan_line(at, wide, end), http_scan_class(at, end, HTTP_CHAR_LINE));
            assert_ptr_equal(http_scan_target(at, end), http_scan_class(at, end, HTTP_CHAR_TARGET));
            assert_ptr_equal(http_scan_host(at, wide), http_scan_class(at, end, HTTP_CHAR_HOST));
            assert_ptr_equal(http_scan_colon(at, wide, end), byte == ':' ? at + before : at + before + 5);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid_requests_are_taken_however_they_are_split),
        cmocka_unit_test(test_what_follows_the_head_is_not_looked_at),
        cmocka_unit_test(test_every_known_header_is_found_in_any_case_and_no_other),
        cmocka_unit_test(test_names_that_only_look_known_are_not),
        cmocka_unit_test(test_requests_of_the_corpus_are_answered_however_they_are_split),
        cmocka_unit_test(test_nothing_is_no_request_yet),
        cmocka_unit_test(test_usual_lines_and_others_are_cut_alike_whatever_byte_is_wrong),
        cmocka_unit_test(test_target_has_a_limit),
        cmocka_unit_test(test_headers_have_limits),
        cmocka_unit_test(test_a_buffer_full_of_one_line_is_refused),
        cmocka_unit_test(test_searches_agree_with_the_classes_at_every_byte),
    };
    return cmocka_run_group_tests(tests, map_guarded, NULL);
}
