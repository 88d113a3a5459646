/* What others are shown: public links and the frame. */
#include "dashboard_gate.h"

static void
test_a_link_shows_its_site_without_a_log_in(void **state)
{
    struct fixture *fixture = *state;
    char kari[128];
    char link[64];
    log_in(fixture, KARI, kari);
    post(fixture, "/sites/a.example/share", "action=link_add&label=Styret&days=31", kari);
    assert_int_equal(status, 200);
    const char *at = strstr(body, "https://stat.example/public/");
    assert_non_null(at);
    snprintf(link, sizeof link, "%.30s", at + strlen("https://stat.example"));
    get(fixture, link, NULL);
    assert_int_equal(status, 200);
    assert_true(says(body, "a.example") && !says(body, "b.example"));
    assert_false(says(body, "/sites/") || says(body, "action=\"/") || says(body, "method=\"post\""));
    assert_true(says(headers, "Referrer-Policy: no-referrer\r\n"));
    assert_true(says(headers, "X-Robots-Tag: noindex"));
    assert_true(says(headers, "Cache-Control: no-store\r\n"));
    assert_true(says(headers, "frame-ancestors 'none'"));
    assert_false(says(headers, "Set-Cookie"));
    char path[96];
    snprintf(path, sizeof path, "%s/privacy", link);
    get(fixture, path, NULL);
    assert_int_equal(status, 200);
    static const char *const closed[] = { "/share", "/x", "/privacy/x" };
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", link, closed[i]);
        get(fixture, path, NULL);
        assert_int_equal(status, 404);
        get(fixture, path, kari); /* who comes by the link comes as nobody */
        assert_int_equal(status, 404);
    }
    assert_true(
        ask(fixture, (struct question){ .method = HTTP_POST, .target = link, .origin = "https://stat.example" }));
    assert_int_equal(status, 405);
    get(fixture, "/sites/a.example/share", kari);
    assert_true(says(body, "Styret"));
    assert_false(says(body, link)); /* shown once */
    post(fixture, "/sites/a.example/share", "action=link_remove&id=1", kari);
    get(fixture, link, NULL);
    assert_int_equal(status, 404);
}

static void
test_a_frame_is_for_those_the_configuration_names(void **state)
{
    struct fixture *fixture = *state;
    char *origins[] = { strdup("https://www.a.example"), strdup("https://b.example:8443") };
    char cookie[128];
    fixture->sites[0].embed = (struct text_list){ origins, 2 };
    log_in(fixture, KARI, cookie);
    get(fixture, "/embed/a.example?lang=en", cookie);
    assert_int_equal(status, 200);
    assert_true(says(headers, "frame-ancestors https://www.a.example https://b.example:8443 \r\n"));
    assert_true(says(headers, "Referrer-Policy: no-referrer\r\n"));
    assert_false(says(headers, "Set-Cookie"));
    assert_false(says(body, "kari") || says(body, "/sites/") || says(body, "<form"));
    get(fixture, "/embed/b.example", NULL);
    assert_int_equal(status, 404);
    assert_true(says(headers, "frame-ancestors 'none'"));
    free(origins[0]);
    free(origins[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_link_shows_its_site_without_a_log_in),
        TEST(test_a_frame_is_for_those_the_configuration_names),
    };
    return gate_run(tests, sizeof tests / sizeof tests[0]);
}
