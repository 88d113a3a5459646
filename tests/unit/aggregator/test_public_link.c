#include "public_link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include "accounts_file.h"

enum { NOW_S = 1800000000, DAY_S = 86400 };

static struct accounts *
accounts_of(void **state)
{
    return ((struct accounts_file *)*state)->accounts;
}

static void
test_a_link_is_found_by_its_secret_until_it_expires(void **state)
{
    struct accounts *accounts = accounts_of(state);
    char one[LINK_SECRET_MAX], other[LINK_SECRET_MAX], site[LINK_SITE_MAX];
    assert_int_equal(public_link_add(accounts, "a.example", "Styret", "kari", 7, NOW_S, one), SP_OK);
    assert_int_equal(public_link_add(accounts, "b.example", "Alle", "kari", 0, NOW_S, other), SP_OK);
    assert_int_equal(strlen(one), 22); /* 128 bits */
    assert_string_not_equal(one, other);
    assert_int_equal(public_link_find(accounts, span_text(one), NOW_S + 7 * DAY_S - 1, site), SP_OK);
    assert_string_equal(site, "a.example");
    assert_int_equal(public_link_find(accounts, span_text(one), NOW_S + 7 * DAY_S, site), SP_NOT_FOUND);
    assert_string_equal(site, "");
    assert_int_equal(public_link_find(accounts, span_text(other), NOW_S + 3650LL * DAY_S, site), SP_OK);
    assert_string_equal(site, "b.example");
    one[3] = one[3] == 'a' ? 'b' : 'a';
    assert_int_equal(public_link_find(accounts, span_text(one), NOW_S, site), SP_NOT_FOUND);
    static const char *const others[] = { "", "x", "' OR 1=1 --", "aaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaa" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(public_link_find(accounts, span_text(others[i]), NOW_S, site), SP_NOT_FOUND);
}

static void
count_link(void *context, const struct public_link *link)
{
    (void)link;
    ++*(int *)context;
}

static void
keep_id(void *context, const struct public_link *link)
{
    *(int64_t *)context = link->id;
    assert_string_equal(link->label, "<b>Styret</b>");
    assert_string_equal(link->maker, "kari");
    assert_int_equal(link->made_s, NOW_S);
    assert_int_equal(link->expires_s, NOW_S + DAY_S);
}

static void
test_a_link_is_ended_by_those_of_its_site(void **state)
{
    struct accounts *accounts = accounts_of(state);
    char secret[LINK_SECRET_MAX], site[LINK_SITE_MAX];
    int64_t id = 0;
    assert_int_equal(public_link_add(accounts, "a.example", "<b>Styret</b>", "kari", 1, NOW_S, secret), SP_OK);
    assert_int_equal(public_link_list(accounts, "a.example", NOW_S, keep_id, &id), SP_OK);
    assert_int_equal(public_link_remove(accounts, "b.example", id), SP_NOT_FOUND);
    assert_int_equal(public_link_find(accounts, span_text(secret), NOW_S, site), SP_OK);
    assert_int_equal(public_link_remove(accounts, "a.example", id), SP_OK);
    assert_int_equal(public_link_find(accounts, span_text(secret), NOW_S, site), SP_NOT_FOUND);
    assert_int_equal(public_link_remove(accounts, "a.example", id), SP_NOT_FOUND);
}

static void
test_links_have_limits(void **state)
{
    struct accounts *accounts = accounts_of(state);
    char secret[LINK_SECRET_MAX];
    char label[LINK_LABEL_MAX + 1];
    memset(label, 'x', sizeof label);
    label[LINK_LABEL_MAX] = '\0';
    assert_int_equal(public_link_add(accounts, "a.example", label, "kari", 1, NOW_S, secret), SP_MALFORMED);
    label[LINK_LABEL_MAX - 1] = '\0';
    assert_int_equal(public_link_add(accounts, "a.example", label, "kari", 1, NOW_S, secret), SP_OK);
    assert_int_equal(public_link_add(accounts, "a.example", "", "kari", 1, NOW_S, secret), SP_MALFORMED);
    assert_int_equal(public_link_add(accounts, "a.example", "x", "kari", -1, NOW_S, secret), SP_MALFORMED);
    assert_int_equal(public_link_add(accounts, "a.example", "x", "kari", 367, NOW_S, secret), SP_MALFORMED);
    assert_string_equal(secret, "");
    for (int i = 1; i < LINKS_A_SITE; i++)
        assert_int_equal(public_link_add(accounts, "a.example", "x", "kari", 1, NOW_S, secret), SP_OK);
    assert_int_equal(public_link_add(accounts, "a.example", "x", "kari", 1, NOW_S, secret), SP_FULL);
    assert_int_equal(public_link_add(accounts, "b.example", "x", "kari", 1, NOW_S, secret), SP_OK);
    int count = 0;
    assert_int_equal(public_link_list(accounts, "a.example", NOW_S, count_link, &count), SP_OK);
    assert_int_equal(count, LINKS_A_SITE);
    /* Those that have expired make room. */
    assert_int_equal(public_link_add(accounts, "a.example", "x", "kari", 1, NOW_S + DAY_S, secret), SP_OK);
    count = 0;
    assert_int_equal(public_link_list(accounts, "a.example", NOW_S + DAY_S, count_link, &count), SP_OK);
    assert_int_equal(count, 1);
}

static void
test_the_file_does_not_hold_the_secret(void **state)
{
    struct accounts_file *file = *state;
    char secret[LINK_SECRET_MAX];
    static char bytes[1 << 20];
    assert_int_equal(public_link_add(file->accounts, "a.example", "Styret", "kari", 1, NOW_S, secret), SP_OK);
    FILE *in = fopen(file->file.path, "rb");
    assert_non_null(in);
    size_t length = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    assert_non_null(memmem(bytes, length, "Styret", 6));
    assert_null(memmem(bytes, length, secret, 22));
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, accounts_file_set_up, accounts_file_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_link_is_found_by_its_secret_until_it_expires),
        TEST(test_a_link_is_ended_by_those_of_its_site),
        TEST(test_links_have_limits),
        TEST(test_the_file_does_not_hold_the_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
