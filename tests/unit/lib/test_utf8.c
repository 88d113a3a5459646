#include "sporlos/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Encode without looking at what is allowed. */
static size_t
encode(uint32_t code, size_t length, char bytes[4])
{
    static const unsigned lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = length; i-- > 1; code >>= 6)
        bytes[i] = (char)(0x80u | (code & 0x3fu));
    bytes[0] = (char)(lead[length] | code);
    return length;
}

static size_t
shortest(uint32_t code)
{
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

static void
test_every_code_is_decoded(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 0x120000; code++) {
        char bytes[4];
        size_t length = encode(code, shortest(code), bytes);
        uint32_t decoded = UINT32_MAX;
        bool valid = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
        assert_int_equal(utf8_decode(span_of(bytes, length), &decoded), valid ? length : 0);
        assert_int_equal(decoded, valid ? code : UINT32_MAX);
        assert_int_equal(utf8_decode(span_of(bytes, length - 1), &decoded), 0); /* cut short */
    }
}

static void
test_overlong_forms_are_refused(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 0x10000; code++)
        for (size_t length = shortest(code) + 1; length <= 4; length++) {
            char bytes[4];
            uint32_t decoded;
            encode(code, length, bytes);
            assert_int_equal(utf8_decode(span_of(bytes, length), &decoded), 0);
        }
}

static void
test_lower_case_of_the_letters_that_names_have(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "Psykisk HELSE 2026!", "psykisk helse 2026!" },
        { "PÅRØRENDE ÆØÅ", "pårørende æøå" },
        { "ČĐŊŠŦŽ Á", "čđŋšŧž á" }, /* Northern Sami */
        { "ÿŸ×ß÷İı", "ÿŸ×ß÷İı" },   /* no pair, or none beside each other */
        { "ŁŃŇŴŶ", "łńňŵŷ" },
        { "日本", "日本" },
        { "\xc3", "\xc3" }, /* cut short */
        { "", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        strcpy(text, rows[i][0]);
        utf8_lower(text, strlen(text));
        assert_string_equal(text, rows[i][1]);
        utf8_lower(text, strlen(text));
        assert_string_equal(text, rows[i][1]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lower_case_of_the_letters_that_names_have),
        cmocka_unit_test(test_every_code_is_decoded),
        cmocka_unit_test(test_overlong_forms_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
