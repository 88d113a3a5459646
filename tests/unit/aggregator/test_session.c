#include "session.h"

#include "sporlos/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <stdio.h>

static int64_t now_ms = 1000;

static int64_t
monotonic_ms(void *context)
{
    (void)context;
    return now_ms;
}

static int64_t
wall_s(void *context)
{
    (void)context;
    return now_ms / 1000;
}

static const struct clock_source test_clock = { wall_s, monotonic_ms, NULL };

/* A request with one header. */
static struct http_request
request_with(enum http_header_id id, const char *value)
{
    struct http_request request = { .header_count = 1 };
    request.header[0].value = span_text(value);
    request.known[id] = 1;
    return request;
}

static void
add_header(struct http_request *request, enum http_header_id id, const char *value)
{
    request->header[request->header_count].value = span_text(value);
    request->known[id] = (uint8_t)++request->header_count;
}

static enum sp_error
find(struct sessions *sessions, const char *name, const char *id, int64_t *account)
{
    char cookie[128];
    snprintf(cookie, sizeof cookie, "x=1; %s=%s; y=2", name, id);
    struct http_request request = request_with(HTTP_COOKIE, cookie);
    struct session_holder holder;
    enum sp_error error = session_find(sessions, &request, &holder);
    *account = holder.account;
    return error;
}

static void
test_a_session_is_found_by_its_cookie_alone(void **state)
{
    (void)state;
    struct sessions *sessions;
    char id[SESSION_ID_MAX], other[SESSION_ID_MAX];
    int64_t account;
    assert_int_equal(sessions_new(12, true, &sessions), SP_OK);
    session_begin(sessions, (struct session_holder){ 7, 0 }, id);
    session_begin(sessions, (struct session_holder){ 8, 0 }, other);
    assert_int_equal(strlen(id), 43);
    assert_string_not_equal(id, other);
    assert_int_equal(find(sessions, "__Host-sporlos", id, &account), SP_OK);
    assert_int_equal(account, 7);
    assert_int_equal(find(sessions, "sporlos", id, &account), SP_NOT_FOUND);
    assert_int_equal(find(sessions, "x__Host-sporlos", id, &account), SP_NOT_FOUND);
    assert_int_equal(find(sessions, "__Host-sporlos", "", &account), SP_NOT_FOUND);
    id[0] = id[0] == 'a' ? 'b' : 'a';
    assert_int_equal(find(sessions, "__Host-sporlos", id, &account), SP_NOT_FOUND);
    assert_int_equal(account, 0);
    sessions_free(sessions);
}

static void
test_a_session_ends(void **state)
{
    (void)state;
    struct sessions *sessions;
    char id[SESSION_ID_MAX];
    char cookie[64];
    int64_t account;
    assert_int_equal(sessions_new(2, false, &sessions), SP_OK);

    session_begin(sessions, (struct session_holder){ 7, 0 }, id); /* unused for too long */
    now_ms += SESSION_IDLE_MS - 1;
    assert_int_equal(find(sessions, "sporlos", id, &account), SP_OK);
    now_ms += SESSION_IDLE_MS;
    assert_int_equal(find(sessions, "sporlos", id, &account), SP_NOT_FOUND);

    session_begin(sessions, (struct session_holder){ 7, 0 }, id); /* used all the time, but old */
    for (int minute = 0; minute < 119; minute++) {
        now_ms += 60000;
        assert_int_equal(find(sessions, "sporlos", id, &account), SP_OK);
    }
    now_ms += 60000;
    assert_int_equal(find(sessions, "sporlos", id, &account), SP_NOT_FOUND);

    session_begin(sessions, (struct session_holder){ 7, 0 }, id); /* logged out */
    snprintf(cookie, sizeof cookie, "sporlos=%s", id);
    struct http_request request = request_with(HTTP_COOKIE, cookie);
    session_end(sessions, &request);
    assert_int_equal(find(sessions, "sporlos", id, &account), SP_NOT_FOUND);
    sessions_free(sessions);
}

static void
test_the_least_used_gives_way(void **state)
{
    (void)state;
    struct sessions *sessions;
    char first[SESSION_ID_MAX], second[SESSION_ID_MAX], id[SESSION_ID_MAX];
    int64_t account;
    assert_int_equal(sessions_new(12, false, &sessions), SP_OK);
    session_begin(sessions, (struct session_holder){ 1, 0 }, first);
    now_ms++;
    session_begin(sessions, (struct session_holder){ 2, 0 }, second);
    now_ms++;
    assert_int_equal(find(sessions, "sporlos", first, &account), SP_OK);
    for (int i = 2; i <= SESSION_COUNT_MAX; i++)
        session_begin(sessions, (struct session_holder){ 1 + i, 0 }, id);
    assert_int_equal(find(sessions, "sporlos", first, &account), SP_OK);
    assert_int_equal(find(sessions, "sporlos", second, &account), SP_NOT_FOUND);
    sessions_free(sessions);
}

static void
test_who_logs_in_again_and_again_pushes_out_only_himself(void **state)
{
    (void)state;
    struct sessions *sessions;
    char other[SESSION_ID_MAX], first[SESSION_ID_MAX], second[SESSION_ID_MAX], id[SESSION_ID_MAX];
    int64_t account;
    assert_int_equal(sessions_new(12, false, &sessions), SP_OK);
    session_begin(sessions, (struct session_holder){ 1, 0 }, other);
    session_begin(sessions, (struct session_holder){ 2, 0 }, first);
    now_ms++;
    session_begin(sessions, (struct session_holder){ 2, 0 }, second);
    for (int i = 0; i < 2 * SESSION_COUNT_MAX; i++) {
        now_ms++;
        assert_int_equal(find(sessions, "sporlos", second, &account), SP_OK);
        session_begin(sessions, (struct session_holder){ 2, 0 }, id);
    }
    assert_int_equal(session_count(sessions, 1), 1);
    assert_int_equal(session_count(sessions, 2), SESSIONS_AN_ACCOUNT);
    assert_int_equal(find(sessions, "sporlos", other, &account), SP_OK);
    assert_int_equal(find(sessions, "sporlos", second, &account), SP_OK);
    assert_int_equal(find(sessions, "sporlos", first, &account), SP_NOT_FOUND);
    /* Those that ended of themselves count no more. */
    now_ms += SESSION_IDLE_MS;
    assert_int_equal(session_count(sessions, 2), 0);
    for (int i = 0; i < SESSIONS_AN_ACCOUNT; i++)
        session_begin(sessions, (struct session_holder){ 2, 0 }, id);
    assert_int_equal(session_count(sessions, 2), SESSIONS_AN_ACCOUNT);
    session_end_account(sessions, 2);
    assert_int_equal(session_count(sessions, 2), 0);
    sessions_free(sessions);
}

static void
test_cookie_lines(void **state)
{
    (void)state;
    struct sessions *sessions;
    char line[SESSION_COOKIE_MAX];
    assert_int_equal(sessions_new(12, true, &sessions), SP_OK);
    size_t length = session_cookie(sessions, "abc", line);
    assert_int_equal(length, strlen(line));
    assert_string_equal(line, "Set-Cookie: __Host-sporlos=abc; Path=/; HttpOnly; SameSite=Strict; Secure\r\n");
    session_cookie(sessions, "", line);
    assert_string_equal(line, "Set-Cookie: __Host-sporlos=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0\r\n");
    sessions_free(sessions);
    assert_int_equal(sessions_new(12, false, &sessions), SP_OK);
    session_cookie(sessions, "abc", line);
    assert_string_equal(line, "Set-Cookie: sporlos=abc; Path=/; HttpOnly; SameSite=Strict\r\n");
    sessions_free(sessions);
}

static void
test_another_configuration_holds_for_sessions_that_are_there(void **state)
{
    (void)state;
    struct sessions *sessions;
    char id[SESSION_ID_MAX];
    int64_t account;
    assert_int_equal(sessions_new(12, false, &sessions), SP_OK);
    session_begin(sessions, (struct session_holder){ 7, 0 }, id);
    sessions_configure(sessions, 1, false);
    now_ms += 59 * 60000;
    assert_int_equal(find(sessions, "sporlos", id, &account), SP_OK);
    now_ms += 60000;
    assert_int_equal(find(sessions, "sporlos", id, &account), SP_NOT_FOUND);
    session_begin(sessions, (struct session_holder){ 7, 0 }, id);
    sessions_configure(sessions, 1, true); /* a cookie that went in the clear is none for https */
    assert_int_equal(find(sessions, "sporlos", id, &account), SP_NOT_FOUND);
    assert_int_equal(find(sessions, "__Host-sporlos", id, &account), SP_OK);
    sessions_free(sessions);
}

static void
test_forms_come_from_our_own_pages(void **state)
{
    (void)state;
    static const struct {
        const char *fetch_site, *origin, *host, *public_url;
        bool expected;
    } rows[] = {
        { "same-origin", NULL, "s.no", NULL, true },
        { "same-site", "https://s.no", "s.no", "https://s.no", false },
        { "cross-site", "https://s.no", "s.no", "https://s.no", false },
        { "none", NULL, "s.no", NULL, false },
        { NULL, NULL, "s.no", NULL, false },
        { NULL, "https://s.no", "s.no", "https://s.no/stat", true },
        { NULL, "https://S.no", "s.no", "https://s.no", true },
        { NULL, "http://s.no", "s.no", "https://s.no", false },
        { NULL, "https://s.no.evil.no", "s.no", "https://s.no", false },
        { NULL, "null", "s.no", "https://s.no", false },
        { NULL, "http://127.0.0.1:8401", "127.0.0.1:8401", NULL, true },
        { NULL, "http://127.0.0.1:9", "127.0.0.1:8401", NULL, false },
        { NULL, "127.0.0.1:8401", "127.0.0.1:8401", NULL, false },
        { NULL, "https://", "", NULL, false },
        { NULL, "", "", NULL, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_request request = request_with(HTTP_HOST, rows[i].host);
        if (rows[i].fetch_site != NULL)
            add_header(&request, HTTP_SEC_FETCH_SITE, rows[i].fetch_site);
        if (rows[i].origin != NULL)
            add_header(&request, HTTP_ORIGIN, rows[i].origin);
        assert_int_equal(request_is_same_origin(&request, rows[i].public_url), rows[i].expected);
    }
}

int
main(void)
{
    clock_replace(&test_clock);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_session_is_found_by_its_cookie_alone),
        cmocka_unit_test(test_a_session_ends),
        cmocka_unit_test(test_the_least_used_gives_way),
        cmocka_unit_test(test_who_logs_in_again_and_again_pushes_out_only_himself),
        cmocka_unit_test(test_cookie_lines),
        cmocka_unit_test(test_another_configuration_holds_for_sessions_that_are_there),
        cmocka_unit_test(test_forms_come_from_our_own_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
