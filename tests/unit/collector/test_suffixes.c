#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "suffixes.h"

#include <libpsl.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned
rules(const struct suffixes *suffixes, const char *name)
{
    return suffixes_find(suffixes, span_text(name), suffix_hash(span_text(name)));
}

static void
test_rules_are_found_by_name(void **state)
{
    (void)state;
    struct suffixes *suffixes;
    assert_int_equal(suffixes_new(&suffixes), SP_OK);
    assert_int_equal(rules(suffixes, "no"), SUFFIX_SELF);
    assert_int_equal(rules(suffixes, "kommune.no"), SUFFIX_SELF);
    assert_int_equal(rules(suffixes, "oslo.kommune.no"), 0);
    assert_int_equal(rules(suffixes, "kawasaki.jp"), SUFFIX_BELOW);
    assert_int_equal(rules(suffixes, "city.kawasaki.jp"), SUFFIX_EXCEPTION);
    assert_int_equal(rules(suffixes, "xn--lesund-hua.no"), SUFFIX_SELF);
    assert_int_equal(rules(suffixes, "github.io"), 0); /* private */
    assert_int_equal(rules(suffixes, "local"), 0);
    assert_int_equal(rules(suffixes, "n"), 0);
    assert_int_equal(rules(suffixes, "o"), 0);
    assert_int_equal(rules(suffixes, ""), 0);
    suffixes_free(suffixes);
}

static const char *
parent(const char *name)
{
    const char *dot = strchr(name, '.');
    return dot == NULL ? "" : dot + 1;
}

static bool
is_suffix(const struct suffixes *suffixes, const char *name)
{
    unsigned own = rules(suffixes, name);
    return (own & SUFFIX_EXCEPTION) == 0 &&
           ((own & (SUFFIX_SELF | SUFFIX_BELOW)) != 0 || (rules(suffixes, parent(name)) & SUFFIX_BELOW) != 0);
}

/*
 * libpsl reads the same list: each rule of the file, and a name above and below it. Where Debian has built it with
 * another version of the list, what they disagree on is little.
 */
static void
test_libpsl_says_the_same(void **state)
{
    (void)state;
    struct suffixes *suffixes;
    const psl_ctx_t *oracle = psl_builtin();
    FILE *list = fopen("/usr/share/publicsuffix/public_suffix_list.dat", "r");
    char line[512];
    int asked = 0, others = 0;
    if (oracle == NULL || list == NULL)
        skip();
    assert_int_equal(suffixes_new(&suffixes), SP_OK);
    while (fgets(line, sizeof line, list) != NULL) {
        char names[3][600];
        char *rule = line + (line[0] == '!' ? 1 : line[0] == '*' ? 2 : 0);
        rule[strcspn(rule, " \t\r\n")] = '\0';
        if (rule[0] == '\0' || strncmp(line, "//", 2) == 0 ||
            rule[strspn(rule, "abcdefghijklmnopqrstuvwxyz.-0123456789")] != '\0')
            continue;
        snprintf(names[0], sizeof names[0], "%s", rule);
        snprintf(names[1], sizeof names[1], "navn.%s", rule);
        snprintf(names[2], sizeof names[2], "%s", parent(rule));
        for (int i = 0; i < 3; i++) {
            bool theirs = psl_is_public_suffix2(oracle, names[i], PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
            if (names[i][0] != '\0' && is_suffix(suffixes, names[i]) != theirs && ++others < 20)
                print_message("%s: libpsl says %d\n", names[i], theirs);
            asked++;
        }
    }
    fclose(list);
    suffixes_free(suffixes);
    assert_true(asked > 20000);
    assert_true(others < asked / 1000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_are_found_by_name),
        cmocka_unit_test(test_libpsl_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
