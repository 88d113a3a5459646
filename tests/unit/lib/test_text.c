#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const telling[] = {
    "02013299997",
    "/brev/02013299903",
    "30108299920",
    "301082 99920",
    "30.10.82 99920",
    "30-10-82-99939",
    "17912099997",
    "57912075186",
    "/1/2/3/4/5",
    "12345",
    "ola@example.no",
    "/u/@kari",
    "/2026/11/22",
    "+47 123 45 678",
    "/sak-12-345",
    "/1.2.3.4",
    "/x/fe80::1/y",
    "/::1",
    "/a:b:c",
    "/p/02_01_32_99_997",
    "/p/0201_3299_997",
    "/tlf/12_34_56_78",
    "/p/12,34,56,78",
    "/p/12–34–56–78",
    "/p/1234~5678~999",
    "/p/(020132)-99997",
    "/p/0201x3299x997",
    "/p/12+34=5",
    "/skjema_2024_10.pdf",
    "/p/ola(at)example.no",
    "/p/ola[at]example.no",
    "/p/OLA(AT)example.no",
    "/p/ola_at_example.no",
    "/p/ola.nordmann_at_example",
    "/p/ola at example.no",
    "/p/ola_at_example_dot_no",
    "/p/ola at example punktum no",
    "/p/ola(dot)nordmann",
    "/p/mailto:ola",
    "/til/https://example.no",
    "/til/www.example.no",
    "/p/ola krøllalfa a",
};

static const char *const fine[] = {
    "",
    "/",
    "/sorg",
    "1234",
    "/2026/nytt/22",
    "/a1b2c3d4e5f6",
    "/kapittel-12",
    "/v1.2.3",
    "/a:b",
    "/1...2",
    "/nyheter/2024/sak-1234",
    "/nyheter/2024/artikkel-12/side-34",
    "/Filer/Ola1.pdf",
    "/filer/skjema_v2.1.pdf",
    "/filer/sier_at_de_kommer.pdf",
    "/filer/det at noen dør.pdf",
    "/h/look_at",
    "/a_at_",
    "_at_",
    "oslo.kommune.no",
    "/lov/§ 12 (3)",
    "/wwwroot/om",
    "/attest (kopi).pdf",
    "/100-dager-etter",
    "/blå_at_",
};

static void
assert_telling(const char *const *texts, size_t count, bool is_telling)
{
    for (size_t i = 0; i < count; i++) {
        if (text_is_telling(span_text(texts[i])) != is_telling)
            fail_msg("'%s' %s", texts[i], is_telling ? "could point at a person" : "tells nothing");
    }
}

static void
test_telling(void **state)
{
    (void)state;
    assert_telling(telling, sizeof telling / sizeof telling[0], true);
    assert_telling(fine, sizeof fine / sizeof fine[0], false);
}

/* Digits and signs that only look different. */
static void
test_telling_in_other_scripts(void **state)
{
    (void)state;
    static const char *const letters[] = { "/blåbærsyltetøy", "/čáhci", "/日本", "/年２０２６", "/🙂" };
    static const char *const digits[] = {
        "/brev/０２０１３２９９９９７",
        "/٠٢٠١٣٢٩٩٩٩٧",
        "/۰۲۰۱۳",
        "/०१२३४",
        "/ola＠example.no",
        "/ola﹫example.no",
        "/sak/1２3٤5",
        "/x/¹²³⁴⁵",
        "/𝟎𝟐𝟎𝟏𝟑",
        "/１.２.３.４",
        "/p/０２·０１·３２",
        "/p/一二–三四–五",
        "/p/ola（at）example.no",
    };
    assert_telling(digits, sizeof digits / sizeof digits[0], true);
    assert_telling(letters, sizeof letters / sizeof letters[0], false);
}

/*
 * National identity numbers: valid under the rule of today and that of 2032 (first two), under that of 2032 alone, of
 * the test series, a D-number.
 */
static const char *const numbers[] = { "02013299997", "30108299920", "02013299903",
                                       "30108299939", "17912099997", "57912075186" };

static const char *const scripts[] = { "0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩",          "۰۱۲۳۴۵۶۷۸۹",
                                       "०१२३४५६७८९", "⁰¹²³⁴⁵⁶⁷⁸⁹",           "〇一二三四五六七八九" };
static const char *const joints[] = { "",    " ",  ".",      "-",      "/",      ",",      "_",      "+",     ":",
                                      ";",   "|",  "·",      "–",      "(",      "#",      "*",      "~",     "  ",
                                      " - ", "\t", "\u200b", "\u00ad", "\u2060", "\u0301", "\ufe0f", "\u3000" };

static void
write_digit(FILE *out, const char *script, char digit)
{
    size_t length = strlen(script) / 10;
    fwrite(script + (size_t)(digit - '0') * length, 1, length, out);
}

static void
assert_removed(const char *text)
{
    char out[WORD_BYTES_MAX];
    size_t length;
    if (text_scrub(span_text(text), out, &length) != SCRUBBED_REMOVED)
        fail_msg("'%s' was kept", text);
    assert_int_equal(length, 0);
}

/* Each number, in each script, with each joint after each digit and after the sixth alone, bare and amid words. */
static void
test_national_ids(void **state)
{
    (void)state;
    enum {
        NUMBERS = sizeof numbers / sizeof numbers[0],
        SCRIPTS = sizeof scripts / sizeof scripts[0],
        JOINTS = sizeof joints / sizeof joints[0]
    };
    for (size_t i = 0; i < (size_t)NUMBERS * SCRIPTS * JOINTS * 4; i++) {
        const char *number = numbers[i % NUMBERS];
        const char *script = scripts[i / NUMBERS % SCRIPTS];
        const char *joint = joints[i / NUMBERS / SCRIPTS % JOINTS];
        bool everywhere = (i / NUMBERS / SCRIPTS / JOINTS & 1) != 0;
        bool amid = (i / NUMBERS / SCRIPTS / JOINTS & 2) != 0;
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        fputs(amid ? "fnr" : "", out);
        for (size_t d = 0; d < strlen(number); d++) {
            write_digit(out, script, number[d]);
            fputs(everywhere || d == 5 ? joint : "", out);
        }
        fputs(amid ? "ola" : "", out);
        fclose(out);
        assert_removed(text);
        if (!text_is_telling(span_text(text)))
            fail_msg("'%s' could have a name as a path", text);
        free(text);
    }
}

static void
test_mail_and_urls(void **state)
{
    (void)state;
    static const char *const removed[] = {
        "ola@example.no",
        "OLA@EXAMPLE.NO",
        "ola ＠ example.no",
        "ola﹫example.no",
        "ola\u200b@\u200bexample.no",
        "ola(at)example.no",
        "ola [at] example dot no",
        "ola {at} example.no",
        "ola at example.no",
        "ola at example dot no",
        "ola at example punktum no",
        "ola krøllalfa example.no",
        "ola alfakrøll example",
        "ola(a)example.no",
        "ola%40example.no",
        "ola&#64;example.no",
        "mailto:ola",
        "https://example.no/ola",
        "HTTP://EXAMPLE.NO",
        "ｈｔｔｐｓ://example.no",
        "www.example.no",
        "nordmann.no/ola",
        "ola.nordmann.no",
        "ftp://a",
        "192.0.2.1",
        "1.2.3.4",
        "fe80::1",
        "ola_at_example_dot_no",
        "ola at gmail",
        "ola.nordmann.gmail.com",
        "ola (dot) nordmann",
    };
    for (size_t i = 0; i < sizeof removed / sizeof removed[0]; i++)
        assert_removed(removed[i]);
}

static void
test_too_long(void **state)
{
    (void)state;
    static char long_text[4096];
    memset(long_text, 'a', sizeof long_text - 1);
    assert_removed(long_text);
    assert_removed("ett to tre fire fem");
    assert_removed("ett_to_tre_fire_fem");
    assert_removed("ett,to;tre/fire+fem");
    assert_removed("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"); /* 41 */
    assert_removed("\xff");
    assert_removed("12 34 a 5 b 67 c 8");
}

static void
test_kept(void **state)
{
    (void)state;
    static const char *const kept[][2] = {
        { "Angst", "angst" },
        { "  PAPPA   er syk ", "pappa er syk" },
        { "barne- og ungdomsavdelingen", "barne- og ungdomsavdelingen" },
        { "Sorg\u200b", "sorg" },
        { "a\u030arsak", "årsak" },
        { "skjema 1234", "skjema 1234" },
        { "nav.no", "nav.no" },
        { "f.eks. sorg", "f.eks. sorg" },
        { "čáhci", "čáhci" },
        { "日本", "日本" },
        { "covid-19", "covid-19" },
        { "at", "at" },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }, /* 40 */
    };
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        char out[WORD_BYTES_MAX];
        char again[WORD_BYTES_MAX];
        size_t length;
        size_t length_again;
        if (text_scrub(span_text(kept[i][0]), out, &length) != SCRUBBED_KEPT ||
            !span_equal(span_of(out, length), span_text(kept[i][1])))
            fail_msg("'%s' does not become '%s' but '%.*s'", kept[i][0], kept[i][1], (int)length, out);
        assert_int_equal(text_scrub(span_of(out, length), again, &length_again), SCRUBBED_KEPT);
        assert_true(span_equal(span_of(out, length), span_of(again, length_again)));
    }
}

static void
test_nothing_left(void **state)
{
    (void)state;
    static const char *const empty[] = { "", " ", "\t\n", "\u200b", "\u00ad\ufeff " };
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        char out[WORD_BYTES_MAX];
        size_t length;
        assert_int_equal(text_scrub(span_text(empty[i]), out, &length), SCRUBBED_EMPTY);
    }
}

static void
test_printable(void **state)
{
    (void)state;
    assert_true(text_is_printable(span_text("blåbærsyltetøy čáhci 日本 🙂")));
    assert_true(text_is_printable(SPAN_LITERAL("")));
    static const struct span bad[] = {
        { "a\0b", 3 },
        { "\n", 1 },
        { "\x7f", 1 },
        { "\xc2\x85", 2 },
        { "\xe2\x80\xa8", 3 },
        { "\xe2\x80\xae", 3 },
        { "\xff", 1 },
        { "\xc3", 1 },
        { "\xe2\x80", 2 },
        { "\xf0\x9f\x99", 3 },
        { "\xf5\x80\x80\x80", 4 },
        { "\xc0\xaf", 2 },
        { "\xe0\x80\xaf", 3 },
        { "\xed\xa0\x80", 3 },
        { "\xf4\x90\x80\x80", 4 },
        { "\x80", 1 },
        { "\xc3(", 2 },
        { "\xe2\x80(", 3 },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(text_is_printable(bad[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_telling),       cmocka_unit_test(test_telling_in_other_scripts),
        cmocka_unit_test(test_printable),     cmocka_unit_test(test_national_ids),
        cmocka_unit_test(test_mail_and_urls), cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_kept),          cmocka_unit_test(test_nothing_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
