#include "mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <sodium.h>
#include <stdlib.h>
#include <strings.h>

static const struct mail plain = {
    .from = "statistikk@example.no",
    .to = "kari@example.no",
    .id = { "sporlos.1.w20000@example.no", 27 },
    .subject = { "hei", 3 },
    .text = { "tekst\n", 6 },
    .html = { "<p>tekst</p>", 12 },
};

/* The message as lines; the caller frees it. */
static char *
message_of(struct mail mail)
{
    struct html out = { 0 };
    assert_int_equal(mail_write(&out, &mail), SP_OK);
    char *text = strndup(out.at, out.length);
    html_fini(&out);
    return text;
}

static size_t
count_lines_that_begin(const char *text, const char *with)
{
    size_t count = 0;
    for (const char *at = text; at != NULL; at = strchr(at, '\n') == NULL ? NULL : strchr(at, '\n') + 1)
        count += strncasecmp(at, with, strlen(with)) == 0;
    return count;
}

static void
test_headers_are_ours_whatever_the_strings(void **state)
{
    static const char *const subjects[] = {
        "hei",
        "a\nBcc: ola@example.no",
        "a\r\nBcc: ola@example.no\r\n\r\nkropp",
        "a\rBcc: x@y.no",
        "?==?UTF-8?Q?x",
        "\xff\xfe\x00",
        "Et nettsted med et navn som er s\xc3\xa5 langt at det m\xc3\xa5 deles p\xc3\xa5 flere ord: "
        "bl\xc3\xa5"
        "b\xc3\xa6r og syltet\xc3\xb8y",
        "",
    };
    (void)state;
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        struct mail mail = plain;
        mail.subject = mail.text = mail.html = span_text(subjects[i]);
        char *text = message_of(mail);
        char *body = strstr(text, "\n\n");
        assert_non_null(body);
        *body = '\0';
        assert_int_equal(count_lines_that_begin(text, "bcc:"), 0);
        assert_int_equal(count_lines_that_begin(text, "to:"), 1);
        assert_int_equal(count_lines_that_begin(text, "subject:"), 1);
        assert_null(strchr(text, '\r'));
        size_t lines = 1;
        for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
            lines += at[1] != ' ';
        assert_int_equal(lines, 7); /* From To Subject Message-ID MIME-Version Auto-Submitted Content-Type */
        assert_int_equal(count_lines_that_begin(body + 1, "bcc:"), 0);
        free(text);
    }
}

static void
test_addresses_that_are_none_are_refused(void **state)
{
    static const char *const bad[] = { "", "kari", "kari@example.no\nBcc: x@y.no", "a@b.no, c@d.no", "-oQ/tmp@x.no" };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct html out = { 0 };
        struct mail mail = plain;
        mail.to = bad[i];
        assert_int_equal(mail_write(&out, &mail), SP_MALFORMED);
        mail = plain;
        mail.from = bad[i];
        assert_int_equal(mail_write(&out, &mail), SP_MALFORMED);
        mail = plain;
        mail.id = span_text(bad[i][0] == '-' ? "a>b@c" : bad[i]);
        if (i != 1 && i != 4)
            assert_int_equal(mail_write(&out, &mail), SP_MALFORMED);
        assert_int_equal(out.length, 0);
        html_fini(&out);
    }
}

/* What stands between the base64 lines of a part, decoded. */
static void
decode_part(const char *text, const char *type, char *out, size_t size)
{
    const char *at = strstr(text, type);
    assert_non_null(at);
    at = strstr(at, "\n\n") + 2;
    const char *end = strstr(at, "\n--");
    size_t length;
    assert_int_equal(sodium_base642bin((unsigned char *)out, size, at, (size_t)(end - at), "\n", &length, NULL,
                                       sodium_base64_VARIANT_ORIGINAL),
                     0);
    out[length] = '\0';
}

static void
test_both_parts_are_there_whole(void **state)
{
    (void)state;
    static char long_text[5000];
    static char decoded[6000];
    for (size_t i = 0; i < sizeof long_text - 1; i++)
        long_text[i] = (char)('a' + i % 26);
    struct mail mail = plain;
    mail.text = span_text(long_text);
    mail.html = SPAN_LITERAL("<p>bl\xc3\xa5\n.\nFrom x</p>");
    char *text = message_of(mail);
    decode_part(text, "text/plain", decoded, sizeof decoded);
    assert_string_equal(decoded, long_text);
    decode_part(text, "text/html", decoded, sizeof decoded);
    assert_string_equal(decoded, "<p>bl\xc3\xa5\n.\nFrom x</p>");
    for (const char *at = text; at != NULL && *at != '\0'; at = strchr(at, '\n') == NULL ? NULL : strchr(at, '\n') + 1)
        assert_true(strcspn(at, "\n") <= 78);
    free(text);
}

static void
test_a_subject_is_cut_between_characters(void **state)
{
    (void)state;
    struct mail mail = plain;
    mail.subject = SPAN_LITERAL("\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5"
                                "\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5"
                                "\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5\xc3\xa5");
    char *text = message_of(mail);
    char whole[200] = "";
    size_t words = 0;
    for (const char *at = text; (at = strstr(at, "=?UTF-8?B?")) != NULL; words++) {
        char word[64];
        size_t length;
        at += 10;
        assert_int_equal(sodium_base642bin((unsigned char *)word, sizeof word, at, strcspn(at, "?"), NULL, &length,
                                           NULL, sodium_base64_VARIANT_ORIGINAL),
                         0);
        if (words > 0) { /* the first is the sender's name */
            assert_int_equal(length % 2, 0);
            strncat(whole, word, length);
        }
    }
    assert_int_equal(words, 3);
    assert_int_equal(strlen(whole), 50);
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers_are_ours_whatever_the_strings),
        cmocka_unit_test(test_addresses_that_are_none_are_refused),
        cmocka_unit_test(test_both_parts_are_there_whole),
        cmocka_unit_test(test_a_subject_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
