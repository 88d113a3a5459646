#include "sporlos/mail_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#define LABEL63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void
test_plain_addresses_only(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool expected;
    } rows[] = {
        { "kari@example.no", true },
        { "kari.nordmann+rapport@post.example.no", true },
        { "o'neil@example.no", true },
        { "K_A%x-1@EXAMPLE.no", true },
        { "a@xn--ungeprrende-18a2w.no", true },
        { "a@" LABEL63 ".no", true },
        { "", false },
        { "kari", false },
        { "@example.no", false },
        { "kari@", false },
        { "kari@example", false },
        { "kari@@example.no", false },
        { "kari@example.no@x.no", false },
        { "-kari@example.no", false },
        { ".kari@example.no", false },
        { "kari.@example.no", false },
        { "ka..ri@example.no", false },
        { "kari@-example.no", false },
        { "kari@example-.no", false },
        { "kari@example..no", false },
        { "kari@.no", false },
        { "kari@example.no.", false },
        { "kari@a" LABEL63 ".no", false },
        { "a" LABEL63 "b@example.no", false },
        { "kari@example.no,ola@example.no", false },
        { "kari@example.no ola@example.no", false },
        { "kari@example.no\nBcc: ola@example.no", false },
        { "kari@example.no\r\nBcc: ola@example.no", false },
        { "kari\n@example.no", false },
        { "Kari <kari@example.no>", false },
        { "\"kari\"@example.no", false },
        { "kari(x)@example.no", false },
        { "kari@[192.0.2.1]", false },
        { "k\xc3\xa5ri@example.no", false },
        { "kari@ex\xc3\xa6mple.no", false },
        { "kari;ola@example.no", false },
        { "|cat@example.no", false },
        { "kari@example.no\t", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (mail_address_is_valid(span_text(rows[i].address)) != rows[i].expected)
            fail_msg("'%s'", rows[i].address);
    assert_false(mail_address_is_valid(span_of("a@b.no\0", 7)));
    assert_false(mail_address_is_valid(span_of("a\0@b.no", 7)));
    assert_false(mail_address_is_valid(span_of(NULL, 0)));
}

static void
test_the_longest_address(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'a', sizeof text);
    memcpy(text, "a@", 2);
    for (size_t i = 63; i < sizeof text; i += 50)
        text[i] = '.';
    assert_true(mail_address_is_valid(span_of(text, MAIL_ADDRESS_MAX - 1)));
    assert_false(mail_address_is_valid(span_of(text, MAIL_ADDRESS_MAX)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_addresses_only),
        cmocka_unit_test(test_the_longest_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
