#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "answer.h"
#include "pace.h"
#include "request.h"
#include "sporlos/http_parse.h"

#include <string.h>

static void
test_networks_as_text(void **state)
{
    static const struct {
        struct network network;
        const char *text;
    } rows[] = {
        { { .prefix = 0xc00002, .family = NETWORK_V4 }, "192.0.2.0" },
        { { .prefix = 0x000000, .family = NETWORK_V4 }, "0.0.0.0" },
        { { .prefix = 0x20010db80001, .family = NETWORK_V6 }, "2001:db8:1::" },
        { { .prefix = 0x2a01079cffff, .family = NETWORK_V6 }, "2a01:79c:ffff::" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[NETWORK_TEXT_MAX];
        network_write(&rows[i].network, text);
        assert_string_equal(text, rows[i].text);
    }
}

static void
test_the_form(void **state)
{
    static const struct {
        struct view view;
        const char *form;
    } rows[] = {
        { { .path = SPAN_LITERAL("/"), .entry = true }, "s=a.no&u=/&n=1" },
        { { .path = SPAN_LITERAL("/b/c-d_e.f~g") }, "s=a.no&u=/b/c-d_e.f~g" },
        { { .path = SPAN_LITERAL("/&=+ %\"\x7f\xc3"), .entry = true, .referrer = SPAN_LITERAL("b.no") },
          "s=a.no&u=/%26%3D%2B%20%25%22%7F%C3&n=1&r=b.no" },
        { { .path = SPAN_LITERAL("/"), .referrer = SPAN_LITERAL("b.no") }, "s=a.no&u=/" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char form[REQUEST_BYTES_MAX];
        assert_int_equal(form_write("a.no", &rows[i].view, form), strlen(rows[i].form));
        assert_memory_equal(form, rows[i].form, strlen(rows[i].form));
    }
}

/* The collector's own parsers read it, also when all is as long as it may be. */
static void
test_the_collector_reads_the_longest_request(void **state)
{
    (void)state;
    char path[1024], agent[512], name[254], request[REQUEST_BYTES_MAX];
    memset(path, '%', sizeof path);
    path[0] = '/';
    memset(agent, 'a', sizeof agent);
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    const struct view view = { .network = { .prefix = 0x20010db80001, .family = NETWORK_V6 },
                               .path = span_of(path, sizeof path),
                               .referrer = span_text(name),
                               .agent = span_of(agent, sizeof agent),
                               .entry = true };
    const struct request_target target = { "127.0.0.1:8400", "/b", name, "https://example.no" };
    size_t length = request_write(&target, &view, request);
    struct http_parse_state parser;
    struct http_request parsed;
    int status = 0;
    assert_true(length > 0);
    http_parse_begin(&parser, BEACON_BODY_MAX);
    assert_int_equal(http_parse(&parser, request, length, &parsed, &status), HTTP_PARSE_DONE);
    assert_int_equal(parsed.head_length + parsed.body_length, length);
    assert_true(span_equal(http_request_header(&parsed, HTTP_X_FORWARDED_FOR), SPAN_LITERAL("2001:db8:1::")));
    assert_true(span_equal(http_request_header(&parsed, HTTP_USER_AGENT), span_of(agent, sizeof agent)));
}

static void
test_no_agent_is_no_header(void **state)
{
    (void)state;
    char request[REQUEST_BYTES_MAX + 1];
    const struct view view = { .network = { .prefix = 0xc00002, .family = NETWORK_V4 }, .path = SPAN_LITERAL("/") };
    const struct request_target target = { "c", "/b", "a.no", "https://a.no" };
    request[request_write(&target, &view, request)] = '\0';
    assert_string_equal(request, "POST /b HTTP/1.1\r\nHost: c\r\nOrigin: https://a.no\r\nX-Forwarded-For: 192.0.2.0\r\n"
                                 "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: 10\r\n\r\ns=a.no&u=/");
}

static void
test_the_pace(void **state)
{
    (void)state;
    struct pace rate = { .rate = 50 }, speed = { .speed = 10 }, none = { .rate = 0 };
    assert_int_equal(pace_next_ms(&rate, 500), 0);
    assert_int_equal(pace_next_ms(&rate, 100), 20);
    assert_int_equal(pace_next_ms(&rate, 900), 40);
    assert_int_equal(pace_next_ms(&speed, 500), 0);
    assert_int_equal(pace_next_ms(&speed, 501), 100);
    assert_int_equal(pace_next_ms(&speed, 400), 0);
    assert_int_equal(pace_next_ms(&speed, 600), 10000);
    assert_int_equal(pace_next_ms(&none, 500), 0);
    assert_int_equal(pace_next_ms(&none, 900), 0);
}

static void
test_answers(void **state)
{
    static const struct {
        const char *head;
        enum sp_error error;
        struct answer answer;
    } rows[] = {
        { "HTTP/1.1 204 No Content\r\n", SP_OK, { 204, 0, false } },
        { "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n", SP_OK, { 204, 0, false } },
        { "HTTP/1.1 404 Not Found\r\ncontent-length:  13 \r\nX: y\r\n", SP_OK, { 404, 13, false } },
        { "HTTP/1.0 429 Too Many\r\nConnection: Close\r\nContent-Length: 0\r\n", SP_OK, { 429, 0, true } },
        { "HTTP/1.1 200 \r\nConnection: keep-alive\r\n", SP_OK, { 200, 0, false } },
        { "HTTP/1.1 100 Continue\r\n", SP_OK, { 100, 0, false } },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", SP_MALFORMED, { 0 } },
        { "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n", SP_MALFORMED, { 0 } },
        { "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n", SP_MALFORMED, { 0 } },
        { "HTTP/1.1 600 OK\r\n", SP_MALFORMED, { 0 } },
        { "HTTP/1.1 2x0 OK\r\n", SP_MALFORMED, { 0 } },
        { "HTTP/2.0 200 OK\r\n", SP_MALFORMED, { 0 } },
        { "HTTP/1.1 200 OK\n", SP_MALFORMED, { 0 } },
        { "SSH-2.0-OpenSSH\r\n", SP_MALFORMED, { 0 } },
        { "\r\n", SP_MALFORMED, { 0 } },
        { "", SP_MALFORMED, { 0 } },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer;
        if (answer_read(span_text(rows[i].head), &answer) != rows[i].error)
            fail_msg("%s", rows[i].head);
        if (rows[i].error != SP_OK)
            continue;
        assert_int_equal(answer.status, rows[i].answer.status);
        assert_int_equal(answer.body_length, rows[i].answer.body_length);
        assert_int_equal(answer.closes, rows[i].answer.closes);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_networks_as_text),
        cmocka_unit_test(test_the_form),
        cmocka_unit_test(test_the_collector_reads_the_longest_request),
        cmocka_unit_test(test_no_agent_is_no_header),
        cmocka_unit_test(test_the_pace),
        cmocka_unit_test(test_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
