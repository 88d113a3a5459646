/* What the whole collector makes of what an entry says of itself: where it came from, device, browser, system. */
#include "collector_watch.h"

#include <sodium.h>

static void
test_where_an_entry_came_from(void **state)
{
    static const struct {
        const char *field, *class;
    } rows[] = {
        { "", "direct" },
        { "r=", "direct" },
        { "r=www.google.com", "search" },
        { "r=chatgpt.com", "ai" },
        { "r=www.facebook.com", "social" },
        { "r=mail.google.com", "mail" },
        { "r=www.nav.no", "public" },
        { "r=www.legekontor.example", "public" },
        { "r=blogg.annet.example", "site" },
        { "r=SITE.example", "direct" },
        { "r=www.site.example", "direct" },
        { "r=ikke%20en%20vert", "direct" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct watch watch;
        char body[200];
        char leaf[100];
        watch_init(&watch, watched_yaml);
        snprintf(body, sizeof body, ENTRY "%s", rows[i].field);
        send_from(&watch, 1, body);
        for (int period = 0; period < 2; period++) {
            snprintf(leaf, sizeof leaf, "referrer %s %s", period == 0 ? TODAY : MONTH, rows[i].class);
            if (grown(&watch, leaf) != 1)
                fail_msg("%s is not %s", rows[i].field, rows[i].class);
        }
        /* A host is not named by one reader; that there was one is counted. */
        bool has_host = strcmp(rows[i].class, "direct") != 0;
        assert_int_equal(grown(&watch, "referrer_host " TODAY " (annet)"), has_host);
        assert_int_equal(grown(&watch, "visits " TODAY " "), 1);
        watch_fini(&watch);
    }
}

static void
test_a_referrer_is_named_by_its_domain_once_enough_networks_have_come(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, watched_yaml);
    send_from(&watch, 2, ENTRY "r=ola-nordmann.eksempel.no");
    assert_true(is_nowhere(&watch, "eksempel.no"));
    view(&watch.fixture, networks[1], STANDARD, ENTRY "r=eksempel.no"); /* the same network: nobody new */
    assert_true(is_nowhere(&watch, "eksempel.no"));
    view(&watch.fixture, networks[2], STANDARD, ENTRY "r=www.eksempel.no");
    assert_true(is_there(&watch, "referrer_host " TODAY " eksempel.no"));
    assert_true(is_there(&watch, "referrer_host " MONTH " eksempel.no"));
    assert_true(is_nowhere(&watch, "ola-nordmann"));
    assert_int_equal(grown(&watch, "referrer_host " TODAY " (annet)"), 3);
    watch_fini(&watch);
}

static void
test_a_page_that_is_no_entry_says_nothing_of_where_it_came_from(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, watched_yaml);
    send_from(&watch, 6, SITE "u=/&n=0&r=annet.example&a=nyhetsbrev&m=epost&c=host&w=1024");
    send_from(&watch, 6, SITE "u=/&r=annet.example&a=nyhetsbrev&m=epost&c=host");
    char *now = collector_fixture_store(&watch.fixture);
    for (char *line = strtok(now, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        bool of_entries = strstr(line, " referrer") != NULL || strstr(line, " utm_") != NULL ||
                          strstr(line, " device ") != NULL || strstr(line, " browser ") != NULL;
        assert_true(!of_entries || strstr(watch.before, line) != NULL);
    }
    free(now);
    assert_true(is_nowhere(&watch, "nyhetsbrev"));
    watch_fini(&watch);
}

static void
test_the_parts_of_a_campaign_are_counted_each_alone(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, watched_yaml);
    send_from(&watch, 2, ENTRY "a=Nyhetsbrev&m=epost&c=h%C3%B8st");
    assert_true(is_nowhere(&watch, "nyhetsbrev"));
    send_from(&watch, 3, ENTRY "a=Nyhetsbrev");
    assert_true(is_there(&watch, "utm_source " TODAY " nyhetsbrev"));
    assert_true(is_there(&watch, "utm_source " MONTH " nyhetsbrev"));
    assert_false(is_there(&watch, "utm_medium " TODAY " nyhetsbrev")); /* a name in one is none in another */
    assert_true(is_nowhere(&watch, "epost"));
    send_from(&watch, 3, ENTRY "m=epost&c=h%C3%B8st");
    assert_true(is_there(&watch, "utm_medium " TODAY " epost"));
    assert_true(is_there(&watch, "utm_campaign " TODAY " høst"));
    send_from(&watch, 6, ENTRY "a=ola@example.no&m=01028912345&c=https%3A%2F%2Fa.no");
    assert_int_equal(grown(&watch, "utm_source " TODAY " (fjernet)"), 6);
    assert_int_equal(grown(&watch, "utm_medium " MONTH " (fjernet)"), 6);
    assert_int_equal(grown(&watch, "utm_campaign " TODAY " (fjernet)"), 6);
    assert_true(is_nowhere(&watch, "ola@"));
    assert_true(is_nowhere(&watch, "01028912345"));
    watch_fini(&watch);
}

static void
test_an_entrys_headers_tell_its_device_and_nothing_more(void **state)
{
    static const struct {
        const char *headers, *field, *device, *browser, *system;
    } rows[] = {
        { "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n", "", "desktop",
          "firefox", "linux" },
        { "User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/18.5 Mobile/15E148 Safari/604.1\r\n",
          "", "mobile", "safari", "ios" },
        { "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/138.0.0.0 Safari/537.36\r\nSec-CH-UA: \"Brave\";v=\"138\", \"Chromium\";v=\"138\"\r\n"
          "Sec-CH-UA-Mobile: ?0\r\nSec-CH-UA-Platform: \"Windows\"\r\n",
          "", "desktop", "brave", "windows" },
        { "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/18.5 Safari/605.1.15\r\n",
          "", "desktop", "safari", "macos" },
        { "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/18.5 Safari/605.1.15\r\n",
          "w=1024", "tablet", "safari", "ios" },
        { "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/18.5 Safari/605.1.15\r\n",
          "w=1024x", "desktop", "safari", "macos" },
        { "User-Agent: Mozilla/5.0 of another kind\r\n", "w=", "unknown", "other", "other" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct watch watch;
        char headers[700];
        char leaf[64];
        char body[64];
        watch_init(&watch, watched_yaml);
        snprintf(headers, sizeof headers, "Origin: https://site.example\r\n%s", rows[i].headers);
        snprintf(body, sizeof body, ENTRY "%s", rows[i].field);
        view(&watch.fixture, networks[0], headers, body);
        const char *const keys[][2] = { { "device", rows[i].device },
                                        { "browser", rows[i].browser },
                                        { "system", rows[i].system } };
        for (int table = 0; table < 3; table++) {
            snprintf(leaf, sizeof leaf, "%s " TODAY " %s", keys[table][0], keys[table][1]);
            if (grown(&watch, leaf) != 1)
                fail_msg("row %zu: %s", i, leaf);
        }
        snprintf(leaf, sizeof leaf, "%s " MONTH " %s", "browser", rows[i].browser);
        assert_false(is_there(&watch, leaf));
        watch_fini(&watch);
    }
}

int
main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_an_entry_came_from),
        cmocka_unit_test(test_a_referrer_is_named_by_its_domain_once_enough_networks_have_come),
        cmocka_unit_test(test_a_page_that_is_no_entry_says_nothing_of_where_it_came_from),
        cmocka_unit_test(test_the_parts_of_a_campaign_are_counted_each_alone),
        cmocka_unit_test(test_an_entrys_headers_tell_its_device_and_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
