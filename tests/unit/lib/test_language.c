#include "sporlos/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

static void
test_language_is_taken_by_weight(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum language language;
    } rows[] = {
        { NULL, LANGUAGE_NB },
        { "", LANGUAGE_NB },
        { "de, fr;q=0.9", LANGUAGE_NB },
        { "en-GB,en;q=0.9", LANGUAGE_EN },
        { "nn-NO, nb;q=0.8", LANGUAGE_NN },
        { "en;q=0.3, no;q=0.7", LANGUAGE_NB },
        { "nb;q=0, en;q=0.1", LANGUAGE_EN },
        { "de;q=1, nn ; q=0.5, en;q=0.49", LANGUAGE_NN },
        { ";;;,,,q=", LANGUAGE_NB },
        { "english", LANGUAGE_NB },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(language_accepted(span_text(rows[i].header)), rows[i].language);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_language_is_taken_by_weight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
