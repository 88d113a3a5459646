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

static void
check_fault(struct fixture *fixture, const char *cookie, const char *form, const char *fault)
{
    char wanted[96];
    snprintf(wanted, sizeof wanted, "id=\"%s", fault);
    post(fixture, "/sites/a.example/share", form, cookie);
    if (status != 422 || !says(body, wanted))
        fail_msg("%s: %d, not %s", form, status, fault);
    assert_true(says(body, "role=\"alert\" aria-labelledby=\"faults\" tabindex=\"-1\" autofocus"));
}

static void
test_forms_that_cannot_be_taken_are_given_back(void **state)
{
    struct fixture *fixture = *state;
    char kari[128], form[700];
    log_in(fixture, KARI, kari);
    check_fault(fixture, kari, "action=link_add&label=&days=31", "link_add-label-fault\">Skriv hvem");
    check_fault(fixture, kari, "action=link_add&label=+&days=31", "link_add-label-fault\">Skriv hvem");
    check_fault(fixture, kari, "action=link_add&label=Styret&days=400", "link_add-days-fault\">Velg hvor lenge");
    assert_true(says(body, "value=\"Styret\""));
    snprintf(form, sizeof form, "action=link_add&days=x&label=%0600d", 7);
    check_fault(fixture, kari, form, "link_add-label-fault\">Navnet er for langt");
    assert_true(says(body, "link_add-days-fault"));
    check_fault(fixture, kari, "action=report_add&address=&kind=week", "report_add-address-fault\">Skriv en e-post");
    check_fault(fixture, kari, "action=report_add&address=ola&kind=x", "report_add-address-fault\">Det er ikke en");
    assert_true(says(body, "value=\"ola\"") && says(body, "report_add-kind-fault") &&
                !says(body, "link_add-label-fault"));
    post(fixture, "/sites/a.example/share", "action=report_add&address=ola@example.no&kind=month", kari);
    assert_int_equal(status, 303);
    check_fault(fixture, kari, "action=report_add&address=ola@example.no&kind=month",
                "report_add-address-fault\">Den adressen får");
    assert_true(says(body, "value=\"month\" selected"));
    /* As long as the field allows, in letters of two bytes. */
    size_t length = (size_t)snprintf(form, sizeof form, "action=link_add&days=31&label=");
    for (int i = 0; i < 100; i++)
        length += (size_t)snprintf(form + length, sizeof form - length, "%s", "\xc3\xa5");
    post(fixture, "/sites/a.example/share", form, kari);
    assert_int_equal(status, 200);
}

static void
test_a_note_that_cannot_be_taken_is_given_back(void **state)
{
    static const char path[] = "/sites/a.example/annotations?period=7d&lang=en";
    struct fixture *fixture = *state;
    char kari[128];
    log_in(fixture, KARI, kari);
    post(fixture, path, "day=2999-01-01&text=Ny+%22forside%22", kari);
    assert_int_equal(status, 422);
    assert_true(says(body, "mark-day-fault") && !says(body, "mark-text-fault"));
    assert_true(says(body, "value=\"Ny &quot;forside&quot;\"") && says(body, "value=\"2999-01-01\""));
    assert_true(says(body, "href=\"/sites/a.example?period=7d&amp;lang=en\""));
    assert_true(says(body, "action=\"/sites/a.example/annotations?period=7d&amp;lang=en\""));
    post(fixture, path, "day=&text=", kari);
    assert_true(status == 422 && says(body, "mark-day-fault") && says(body, "mark-text-fault"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_link_shows_its_site_without_a_log_in),
        TEST(test_forms_that_cannot_be_taken_are_given_back),
        TEST(test_a_note_that_cannot_be_taken_is_given_back),
        TEST(test_a_frame_is_for_those_the_configuration_names),
    };
    return gate_run(tests, sizeof tests / sizeof tests[0]);
}
