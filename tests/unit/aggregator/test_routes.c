/* Who may take which route: every role, nobody, and an editor of another site, to read and to change. */
#include "dashboard_gate.h"

enum { NOBODY, READER, EDITOR, ADMINISTRATOR, ANOTHER, WHO_COUNT }; /* ANOTHER: editor of another site */

/*
 * Written down once more, and not made from the table: what it says is what is meant. 303 on reading: to the log-in,
 * but for the home page of one who has one site. 303 on changing: done or not done, by what the form said.
 */
static const struct row {
    const char *pattern, *target;
    int reads[WHO_COUNT], changes[WHO_COUNT];
} expected[] = {
    { "/login", "/login", { 200, 200, 200, 200, 200 }, { 422, 422, 422, 422, 422 } },
    { "/logout", "/logout", { 405, 405, 405, 405, 405 }, { 303, 303, 303, 303, 303 } },
    { "/assets/**", "/assets/icon.svg", { 200, 200, 200, 200, 200 }, { 405, 405, 405, 405, 405 } },
    { "/declaration", "/declaration", { 503, 503, 503, 503, 503 }, { 405, 405, 405, 405, 405 } },
    { "/declaration.json", "/declaration.json", { 503, 503, 503, 503, 503 }, { 405, 405, 405, 405, 405 } },
    { "/declaration/**", "/declaration/a.example", { 503, 503, 503, 503, 503 }, { 405, 405, 405, 405, 405 } },
    { "/embed/*", "/embed/a.example", { 404, 404, 404, 404, 404 }, { 405, 405, 405, 405, 405 } },
    { "/", "/", { 303, 303, 303, 200, 303 }, { 303, 405, 405, 405, 405 } },
    { "/sites/*", "/sites/a.example", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/content", "/sites/a.example/content", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/page", "/sites/a.example/page", { 303, 404, 404, 404, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/places", "/sites/a.example/places", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/sources", "/sites/a.example/sources", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/searches", "/sites/a.example/searches", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/feedback", "/sites/a.example/feedback", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/events", "/sites/a.example/events", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/reports", "/sites/a.example/reports", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/settings", "/sites/a.example/settings", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/export", "/sites/a.example/export", { 303, 404, 404, 404, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/annotations",
      "/sites/a.example/annotations",
      { 303, 405, 405, 405, 404 },
      { 303, 403, 422, 422, 404 } },
    { "/sites/*/privacy", "/sites/a.example/privacy", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/share", "/sites/a.example/share", { 303, 403, 200, 200, 404 }, { 303, 403, 303, 303, 404 } },
    { "/account", "/account", { 303, 200, 200, 200, 200 }, { 303, 303, 303, 303, 303 } },
    { "/users", "/users", { 303, 403, 403, 200, 403 }, { 303, 403, 403, 303, 403 } },
    { "/access-log", "/access-log", { 303, 403, 403, 200, 403 }, { 303, 405, 405, 405, 405 } },
    { "/sites/**", "/sites/a.example/x/y", { 303, 404, 404, 404, 404 }, { 303, 405, 405, 405, 404 } },
    { "/public/**", "/public/x", { 404, 404, 404, 404, 404 }, { 405, 405, 405, 405, 405 } },
};

enum { ROW_COUNT = sizeof expected / sizeof expected[0] };

static void
log_in_as(struct fixture *fixture, int who, char cookie[128])
{
    static const char *const names[WHO_COUNT] = { NULL, "leser", "kari", "sjef", "annen" };
    char form[128];
    cookie[0] = '\0';
    if (names[who] == NULL)
        return;
    snprintf(form, sizeof form, "name=%s&password=riktig+hest+batteri+stift", names[who]);
    log_in(fixture, form, cookie);
    assert_int_equal(status, 303);
}

static void
check_row(struct fixture *fixture, const struct row *row, int who, const char *cookie)
{
    static const enum http_method methods[] = { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OPTIONS };
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        const struct question question = { .method = methods[i],
                                           .target = row->target,
                                           .form = methods[i] == HTTP_POST ? "action=" : NULL,
                                           .cookie = cookie,
                                           .origin = "https://stat.example" };
        assert_true(ask(fixture, question));
        int wanted = methods[i] == HTTP_POST ? row->changes[who] : row->reads[who];
        if (methods[i] == HTTP_OPTIONS)
            assert_true(status == 405 || status == 303 || status == 404);
        else if (status != wanted)
            fail_msg("%s who %d method %d: %d, not %d", row->target, who, (int)methods[i], status, wanted);
        if (status == 303 && who == NOBODY && strcmp(row->pattern, "/logout") != 0)
            assert_true(says(headers, "Location: /login\r\n") || says(headers, "Location: /login?to=/sites/"));
    }
}

static void
test_every_role_on_every_route(void **state)
{
    struct fixture *fixture = *state;
    char cookies[WHO_COUNT][128];
    assert_int_equal(route_count(), ROW_COUNT);
    for (int who = 0; who < WHO_COUNT; who++)
        log_in_as(fixture, who, cookies[who]);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        assert_string_equal(route_at(i)->pattern, expected[i].pattern);
        assert_ptr_equal(route_find(span_text(expected[i].target)), route_at(i));
        for (int who = 0; who < WHO_COUNT; who++) {
            check_row(fixture, &expected[i], who, cookies[who]);
            if (strcmp(expected[i].pattern, "/logout") == 0)
                log_in_as(fixture, who, cookies[who]);
        }
    }
}

static void
test_no_change_is_made_for_a_form_of_others(void **state)
{
    struct fixture *fixture = *state;
    static const char *const origins[] = { "https://evil.example", "null", "", NULL,
                                           "https://stat.example.evil.example" };
    char cookie[128];
    log_in(fixture, SJEF, cookie);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (expected[i].changes[ADMINISTRATOR] == 405)
            continue;
        for (size_t n = 0; n < sizeof origins / sizeof origins[0]; n++) {
            assert_true(ask(fixture, (struct question){ .method = HTTP_POST,
                                                        .target = expected[i].target,
                                                        .form = "action=remove&name=kari",
                                                        .cookie = cookie,
                                                        .origin = origins[n] }));
            assert_int_equal(status, 403);
            assert_false(says(headers, "Set-Cookie"));
        }
    }
    log_in(fixture, KARI, cookie);
    assert_int_equal(status, 303); /* she is still there */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_role_on_every_route),
        TEST(test_no_change_is_made_for_a_form_of_others),
    };
    return gate_run(tests, sizeof tests / sizeof tests[0]);
}
