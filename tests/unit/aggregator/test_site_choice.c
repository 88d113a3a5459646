/* Which sites an account is given, by form and by command. */
#include "site_choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static char name_a[] = "www.a.example", name_b[] = "b.example";
static struct site_config sites[] = { { .key = "a.example", .name = name_a }, { .key = "b.example", .name = name_b } };
static const struct config config = { .sites = sites, .site_count = 2 };

const struct site_config *
config_site(const struct config *of, struct span name)
{
    for (size_t i = 0; i < of->site_count; i++)
        if (span_equal(name, span_text(of->sites[i].key)))
            return &of->sites[i];
    return NULL;
}

enum { CHOSEN_MAX = 3 };

static void
test_a_choice_is_read_in_one_way(void **state)
{
    static const struct {
        const char *chosen[CHOSEN_MAX];
        const char *had;
        enum role role;
        enum site_choice_fault fault;
        const char *sites;
    } rows[] = {
        { { "*" }, NULL, ROLE_READER, SITES_GOOD, "*" },
        { { "*" }, NULL, ROLE_ADMINISTRATOR, SITES_GOOD, "*" },
        { { NULL }, NULL, ROLE_ADMINISTRATOR, SITES_GOOD, "*" },
        { { NULL }, NULL, ROLE_READER, SITES_NONE, NULL },
        { { NULL }, "a.example", ROLE_EDITOR, SITES_NONE, NULL },
        { { "b.example", "a.example" }, NULL, ROLE_EDITOR, SITES_GOOD, "b.example a.example" },
        { { "a.example", "www.a.example", "a.example" }, NULL, ROLE_EDITOR, SITES_GOOD, "a.example" },
        { { "*", "a.example" }, NULL, ROLE_READER, SITES_BOTH, NULL },
        { { "a.example", "*" }, NULL, ROLE_READER, SITES_BOTH, NULL },
        { { "a.example" }, NULL, ROLE_ADMINISTRATOR, SITES_ADMINISTRATOR, NULL },
        { { "c.example" }, NULL, ROLE_READER, SITES_UNKNOWN, NULL },
        { { "a.example", "c.example" }, NULL, ROLE_READER, SITES_UNKNOWN, NULL },
        { { "" }, "a.example", ROLE_READER, SITES_UNKNOWN, NULL },
        { { "*", "" }, NULL, ROLE_READER, SITES_UNKNOWN, NULL },
        { { "c.example", "a.example" }, "b.example c.example", ROLE_READER, SITES_GOOD, "c.example a.example" },
        { { "c.example a.example" }, "c.example", ROLE_READER, SITES_UNKNOWN, NULL },
        { { "c.exampl" }, "c.example", ROLE_READER, SITES_UNKNOWN, NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct site_choice choice = { .config = &config, .had = rows[i].had };
        char *given;
        for (size_t n = 0; n < CHOSEN_MAX && rows[i].chosen[n] != NULL; n++)
            site_choice_add(&choice, rows[i].chosen[n]);
        enum site_choice_fault fault = site_choice_end(&choice, rows[i].role, &given);
        if (fault != rows[i].fault)
            fail_msg("row %zu: %d", i, (int)fault);
        if (rows[i].sites == NULL)
            assert_null(given);
        else
            assert_string_equal(given, rows[i].sites);
        free(given);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_a_choice_is_read_in_one_way) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
