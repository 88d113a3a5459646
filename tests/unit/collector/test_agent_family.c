#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent_family.h"

#include <ctype.h>
#include <stdlib.h>

#define MAC "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define ANDROID "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
#define IPHONE "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define WINDOWS "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "

struct row {
    const char *agent, *brands, *mobile, *platform;
    unsigned width;
    struct agent_families families;
};

static void
check(const struct row *rows, size_t count)
{
    struct agent_tokens *tokens;
    assert_int_equal(agent_tokens_new(&tokens), SP_OK);
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        const struct agent_said said = { span_text(row->agent), span_text(row->brands), span_text(row->mobile),
                                         span_text(row->platform), row->width };
        struct agent_families families = agent_classify(tokens, &said);
        assert_string_equal(agent_devices[families.device].key, agent_devices[row->families.device].key);
        assert_string_equal(agent_browsers[families.browser].key, agent_browsers[row->families.browser].key);
        assert_string_equal(agent_systems[families.system].key, agent_systems[row->families.system].key);
    }
    agent_tokens_free(tokens);
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof(rows)[0])

/* What an agent says without hints. */
#define ALONE(agent, device, browser, system)                                                                          \
    {                                                                                                                  \
        agent, NULL, NULL, NULL, 0,                                                                                    \
        {                                                                                                              \
            DEVICE_##device, BROWSER_##browser, SYSTEM_##system                                                        \
        }                                                                                                              \
    }

static void
test_the_agent_alone(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ALONE("", UNKNOWN, OTHER, OTHER),
        ALONE(WINDOWS "Chrome/142.0.0.0 Safari/537.36", DESKTOP, CHROME, WINDOWS),
        ALONE(WINDOWS "Chrome/142.0.0.0 Safari/537.36 Edg/142.0", DESKTOP, EDGE, WINDOWS),
        ALONE(WINDOWS "Chrome/142.0.0.0 Safari/537.36 OPR/126", DESKTOP, OPERA, WINDOWS),
        ALONE(MAC "Version/18.6 Safari/605.1.15", DESKTOP, SAFARI, MACOS),
        ALONE(IPHONE "Version/18.6 Mobile/15E148 Safari/604.1", MOBILE, SAFARI, IOS),
        ALONE(IPHONE "CriOS/142.0 Mobile/15E148 Safari/604.1", MOBILE, CHROME, IOS),
        ALONE(IPHONE "Mobile/15E148", MOBILE, WEBKIT, IOS),
        ALONE(IPHONE "Mobile/15E148 [FBAN/FBIOS;FBAV/530.0]", MOBILE, FACEBOOK, IOS),
        ALONE("Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 "
              "Mobile/15E148 "
              "Safari/604.1",
              TABLET, SAFARI, IOS),
        ALONE(ANDROID "Chrome/142.0.0.0 Mobile Safari/537.36", MOBILE, CHROME, ANDROID),
        ALONE(ANDROID "Chrome/142.0.0.0 Safari/537.36", TABLET, CHROME, ANDROID),
        ALONE(ANDROID "SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36", MOBILE, SAMSUNG, ANDROID),
        ALONE("Mozilla/5.0 (Linux; Android 16; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
              "Chrome/142.0.0.0 "
              "Mobile Safari/537.36",
              MOBILE, WEBVIEW, ANDROID),
        ALONE("Mozilla/5.0 (Android 16; Tablet; rv:144.0) Gecko/144.0 Firefox/144.0", TABLET, FIREFOX, ANDROID),
        ALONE("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", DESKTOP, FIREFOX, LINUX),
        ALONE("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 "
              "Safari/537.36",
              DESKTOP, CHROME, CHROMEOS),
        ALONE("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", DESKTOP, IE, WINDOWS),
        ALONE("Mozilla/5.0 (Linux; Android 12; BRAVIA 4K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 "
              "Safari/537.36",
              UNKNOWN, CHROME, ANDROID),
    };
    CHECK(rows);
}

static void
test_hints_come_first(void **state)
{
    (void)state;
    static const char chrome[] = "\"Chromium\";v=\"142\", \"Google Chrome\";v=\"142\", \"Not_A Brand\";v=\"99\"";
    static const char brave[] = "\"Brave\";v=\"142\", \"Chromium\";v=\"142\", \"Not_A Brand\";v=\"99\"";
    static const struct row rows[] = {
        { WINDOWS "Chrome/142.0.0.0 Safari/537.36",
          brave,
          "?0",
          "\"Windows\"",
          0,
          { DEVICE_DESKTOP, BROWSER_BRAVE, SYSTEM_WINDOWS } },
        { WINDOWS "Chrome/142.0.0.0 Safari/537.36",
          chrome,
          "?0",
          "\"Linux\"",
          0,
          { DEVICE_DESKTOP, BROWSER_CHROME, SYSTEM_LINUX } },
        { WINDOWS "Chrome/142.0.0.0 Safari/537.36 Vivaldi/7.6",
          chrome,
          "?0",
          "\"Windows\"",
          0,
          { DEVICE_DESKTOP, BROWSER_VIVALDI, SYSTEM_WINDOWS } },
        { ANDROID "Chrome/142.0.0.0 Safari/537.36",
          chrome,
          "?0",
          "\"Android\"",
          0,
          { DEVICE_TABLET, BROWSER_CHROME, SYSTEM_ANDROID } },
        { ANDROID "Chrome/142.0.0.0 Safari/537.36",
          chrome,
          "?1",
          "\"Android\"",
          0,
          { DEVICE_MOBILE, BROWSER_CHROME, SYSTEM_ANDROID } },
        { "x", brave, "?1", "\"Android\"", 0, { DEVICE_MOBILE, BROWSER_BRAVE, SYSTEM_ANDROID } },
        { MAC "Chrome/142.0.0.0 Safari/537.36",
          chrome,
          "?0",
          "\"macOS\"",
          1024,
          { DEVICE_DESKTOP, BROWSER_CHROME, SYSTEM_MACOS } },
        { MAC "Chrome/142.0.0.0 Safari/537.36",
          "",
          "",
          "Windows",
          0,
          { DEVICE_DESKTOP, BROWSER_CHROME, SYSTEM_MACOS } },
    };
    CHECK(rows);
}

static void
test_an_ipad_that_says_macintosh(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { MAC "Version/18.6 Safari/605.1.15", NULL, NULL, NULL, 820, { DEVICE_TABLET, BROWSER_SAFARI, SYSTEM_IOS } },
        { MAC "Version/18.6 Safari/605.1.15", NULL, NULL, NULL, 1180, { DEVICE_TABLET, BROWSER_SAFARI, SYSTEM_IOS } },
        { MAC "Version/18.6 Safari/605.1.15",
          NULL,
          NULL,
          NULL,
          1440,
          { DEVICE_DESKTOP, BROWSER_SAFARI, SYSTEM_MACOS } },
        { MAC "CriOS/142.0 Version/18.6 Safari/604.1",
          NULL,
          NULL,
          NULL,
          600,
          { DEVICE_TABLET, BROWSER_CHROME, SYSTEM_IOS } },
        { MAC "FxiOS/144.0 Safari/605.1.15", NULL, NULL, NULL, 0, { DEVICE_TABLET, BROWSER_FIREFOX, SYSTEM_IOS } },
        { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0",
          NULL,
          NULL,
          NULL,
          1024,
          { DEVICE_DESKTOP, BROWSER_FIREFOX, SYSTEM_MACOS } },
    };
    CHECK(rows);
}

static void
check_keys(const struct key_row *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(names[i].key) > 0 && strlen(names[i].name) > 0);
        for (const char *letter = names[i].key; *letter != '\0'; letter++)
            assert_true(islower(*letter) || *letter == '-');
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(names[i].key, names[k].key);
    }
}

static void
test_every_family_has_a_key_of_its_own(void **state)
{
    (void)state;
    check_keys(agent_devices, DEVICE_COUNT);
    check_keys(agent_browsers, BROWSER_COUNT);
    check_keys(agent_systems, SYSTEM_COUNT);
}

static void
test_of_a_long_agent_start_and_end_are_read(void **state)
{
    (void)state;
    struct agent_tokens *tokens;
    static const char start[] = WINDOWS "Chrome/142.0.0.0 Safari/537.36 ", end[] = " Edg/142.0";
    char *agent = malloc(9000);
    memset(agent, 'x', 9000);
    memcpy(agent, start, sizeof start - 1);
    memcpy(agent + 9000 - (sizeof end - 1), end, sizeof end - 1);
    const struct agent_said said = { .agent = span_of(agent, 9000), .brands = span_of(agent, 9000) };
    assert_int_equal(agent_tokens_new(&tokens), SP_OK);
    struct agent_families families = agent_classify(tokens, &said);
    assert_int_equal(families.browser, BROWSER_EDGE);
    assert_int_equal(families.system, SYSTEM_WINDOWS);
    agent_tokens_free(tokens);
    agent_tokens_free(NULL);
    free(agent);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_agent_alone),
        cmocka_unit_test(test_hints_come_first),
        cmocka_unit_test(test_an_ipad_that_says_macintosh),
        cmocka_unit_test(test_every_family_has_a_key_of_its_own),
        cmocka_unit_test(test_of_a_long_agent_start_and_end_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
