#include "geo_fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *name, *folded;
} names[] = {
    { "Oslo", "oslo" },
    { "Ås", "as" },
    { "Aas", "as" },
    { "AAS", "as" },
    { "Tromsø", "tromso" },
    { "Tromso", "tromso" },
    { "Ærfugl", "aerfugl" },
    { "Kárášjohka", "karasjohka" },
    { "Unjárga", "unjarga" },
    { "Deatnu / Čáhput", "deatnucahput" },
    { "Ŋáŧđž", "natdz" },
    { "Oslo (Gamle Oslo District)", "oslo" },
    { "Bø i Telemark", "boitelemark" },
    { "Mo-i-Rana", "moirana" },
    { "Sandnessjøen 2", "sandnessjoen2" },
    { "a)b(c", "ab" },
    { "", "" },
    { "(x)", "" },
    { "Москва", "" },
    { "\xc3", "" },
    { "Os\xff", "" },
};

static void
test_spellings_of_one_name_are_equal(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char folded[GEO_FOLD_MAX];
        geo_fold(span_text(names[i].name), folded);
        assert_string_equal(folded, names[i].folded);
    }
}

static void
test_names_fill_the_room_and_no_more(void **state)
{
    (void)state;
    char name[GEO_FOLD_MAX + 1], folded[GEO_FOLD_MAX];
    memset(name, 'b', sizeof name);
    geo_fold(span_of(name, GEO_FOLD_MAX - 1), folded);
    assert_int_equal(strlen(folded), GEO_FOLD_MAX - 1);
    geo_fold(span_of(name, GEO_FOLD_MAX), folded);
    assert_string_equal(folded, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings_of_one_name_are_equal),
        cmocka_unit_test(test_names_fill_the_room_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
