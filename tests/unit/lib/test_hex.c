#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sporlos/hex.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static void
test_every_pair_of_bytes(void **state)
{
    (void)state;
    for (int first = 0; first < 256; first++) {
        for (int second = 0; second < 256; second++) {
            const char text[3] = { (char)first, (char)second, '\0' };
            bool digits = isxdigit(first) != 0 && isxdigit(second) != 0;
            assert_int_equal(hex_byte(text, text + 2), digits ? (int)strtol(text, NULL, 16) : -1);
        }
    }
}

static void
test_an_end_before_the_second_digit(void **state)
{
    (void)state;
    const char text[] = "41";
    assert_int_equal(hex_byte(text, text + 2), 0x41);
    assert_int_equal(hex_byte(text, text + 1), -1);
    assert_int_equal(hex_byte(text, text), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pair_of_bytes),
        cmocka_unit_test(test_an_end_before_the_second_digit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
