#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain.h"

static void
test_names_become_a_labels(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "example.no", "example.no" },
        { "EXAMPLE.No", "example.no" },
        { "ungepårørende.no", "xn--ungeprrende-18a2w.no" },
        { "UNGEPÅRØRENDE.NO", "xn--ungeprrende-18a2w.no" },
        { "ungepa\xCC\x8Arørende.no", "xn--ungeprrende-18a2w.no" }, /* a with a combining ring: NFC */
        { "xn--ungeprrende-18a2w.no", "xn--ungeprrende-18a2w.no" },
        { "XN--UNGEPRRENDE-18A2W.no", "xn--ungeprrende-18a2w.no" },
        { "faß.de", "xn--fa-hia.de" }, /* non-transitional: not fass.de */
        { "localhost", "localhost" },
        { "127.0.0.1", "127.0.0.1" },
        { "a-b.c1.no", "a-b.c1.no" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[SITE_NAME_MAX];
        const char *why;
        assert_int_equal(domain_to_ascii(rows[i][0], out, &why), SP_OK);
        assert_string_equal(out, rows[i][1]);
    }
}

static void
test_what_is_no_host_name_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "-a.no",
        "a-.no",
        "a.-b",
        "a_b.no",
        "æ_b.no",
        "a b.no",
        "æ b.no",
        "a:80",
        "a/b",
        "http://a.no",
        "*.a.no",
        "a@b.no",
        "æ@b.no",
        "a,b",
        "a\nb",
        "xn--a",
        "xn--\xC3\xA5",
        "a\xFF.no",
        "\xE2\x98\x83\xEF\xB8\x8F.\x01",
        "a234567890123456789012345678901234567890123456789012345678901234.no", /* 64 bytes in a label */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[SITE_NAME_MAX];
        const char *why = NULL;
        if (domain_to_ascii(rows[i], out, &why) != SP_MALFORMED || why == NULL || out[0] != '\0')
            fail_msg("'%s' was taken for '%s'", rows[i], out);
    }
}

static void
test_253_bytes_are_a_name_and_254_are_not(void **state)
{
    (void)state;
    char name[300];
    char out[SITE_NAME_MAX];
    const char *why;
    for (size_t i = 0; i < sizeof name; i++)
        name[i] = i % 50 == 49 ? '.' : 'a';
    name[253] = '\0';
    assert_int_equal(domain_to_ascii(name, out, &why), SP_OK);
    assert_int_equal(strlen(out), 253);
    name[253] = 'a';
    name[254] = '\0';
    assert_int_equal(domain_to_ascii(name, out, &why), SP_MALFORMED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_become_a_labels),
        cmocka_unit_test(test_what_is_no_host_name_is_refused),
        cmocka_unit_test(test_253_bytes_are_a_name_and_254_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
