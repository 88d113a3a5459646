#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "beacon.h"

#include <stdlib.h>

static enum sp_error
parse(const char *form, struct beacon *beacon, unsigned *unknown)
{
    static struct beacon_scratch scratch;
    /* On the heap to its exact length, so that the sanitizer sees a read past the end. */
    size_t length = strlen(form);
    static char *copy; /* what is read borrows from it */
    free(copy);
    copy = malloc(length == 0 ? 1 : length);
    memcpy(copy, form, length);
    enum sp_error error = beacon_parse(span_of(copy, length), &scratch, beacon, unknown);
    return error;
}

static void
test_fields(void **state)
{
    (void)state;
    struct beacon beacon;
    unsigned unknown;
    assert_int_equal(parse("s=site.example&u=%2Fp%c3%a5+r&n=1&t=view", &beacon, &unknown), SP_OK);
    assert_true(span_equal(beacon.site, SPAN_LITERAL("site.example")));
    assert_true(span_equal(beacon.url, SPAN_LITERAL("/på r")));
    assert_true(span_equal(beacon.entry, SPAN_LITERAL("1")));
    assert_true(span_equal(beacon.type, SPAN_LITERAL("view")));
    assert_int_equal(unknown, 0);
}

static void
test_absent_and_empty_differ(void **state)
{
    (void)state;
    struct beacon beacon;
    unsigned unknown;
    assert_int_equal(parse("s=&u", &beacon, &unknown), SP_OK);
    assert_non_null(beacon.site.at);
    assert_int_equal(beacon.site.length, 0);
    assert_non_null(beacon.url.at);
    assert_null(beacon.entry.at);
}

static void
test_unknown_fields_are_counted_and_not_decoded(void **state)
{
    (void)state;
    struct beacon beacon;
    unsigned unknown;
    assert_int_equal(parse("s=a&alder=12&age=%zz&ss=b&&=c&u=/", &beacon, &unknown), SP_OK);
    assert_int_equal(unknown, 4);
    assert_true(span_equal(beacon.site, SPAN_LITERAL("a")));
}

static void
test_malformed(void **state)
{
    (void)state;
    static const char *const forms[] = { "s=%", "s=%4", "s=%g0", "s=%0", "s=%00", "s=a&s=b", "u=/&u=/", "s=a%00b" };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct beacon beacon;
        unsigned unknown;
        if (parse(forms[i], &beacon, &unknown) != SP_MALFORMED)
            fail_msg("'%s' was taken", forms[i]);
    }
}

static void
test_longest_form(void **state)
{
    (void)state;
    struct beacon beacon;
    unsigned unknown;
    char form[BEACON_BODY_MAX + 8];
    memset(form, 'a', sizeof form);
    memcpy(form, "u=", 2);
    form[BEACON_BODY_MAX] = '\0';
    assert_int_equal(parse(form, &beacon, &unknown), SP_OK);
    assert_int_equal(beacon.url.length, BEACON_BODY_MAX - 2);
    memset(form, 'a', sizeof form);
    memcpy(form, "u=", 2);
    form[BEACON_BODY_MAX + 3] = '\0';
    assert_int_equal(parse(form, &beacon, &unknown), SP_TOO_LONG);
}

static void
test_every_cut_is_survived(void **state)
{
    (void)state;
    static const char form[] = "s=site.example&u=%2Fp%c3%a5&n=1&x=%";
    char cut[sizeof form];
    for (size_t length = 0; length < sizeof form; length++) {
        struct beacon beacon;
        unsigned unknown;
        memcpy(cut, form, length);
        cut[length] = '\0';
        enum sp_error error = parse(cut, &beacon, &unknown);
        assert_true(error == SP_OK || error == SP_MALFORMED);
    }
}

/* Restricted reads nothing that standard does not, and keeps of a URL at most a listed page. */
static void
test_fates(void **state)
{
    (void)state;
    for (int field = 0; field < BEACON_FIELD_COUNT; field++) {
        enum fate restricted = beacon_fate((enum beacon_field)field, MODE_RESTRICTED);
        assert_int_not_equal(restricted, FATE_PAGE);
        if (beacon_fate((enum beacon_field)field, MODE_STANDARD) == FATE_UNREAD)
            assert_int_equal(restricted, FATE_UNREAD);
        assert_int_equal(beacon_fate((enum beacon_field)field, MODE_STRICT),
                         beacon_fate((enum beacon_field)field, MODE_STANDARD));
    }
    assert_int_equal(beacon_fate(BEACON_url, MODE_RESTRICTED), FATE_LISTED_PAGE);
}

/* What is read of each type, by wire keys; written down a second time on purpose. */
static void
test_each_type_has_its_fields_and_no_others(void **state)
{
    (void)state;
    static const struct {
        const char *type, *standard, *restricted;
    } rows[] = {
        { "view", "stunramcwg", "stun" }, { "declined", "", "" },       { "search", "stqz", "" },
        { "end", "stubdl", "" },          { "feedback", "stuf", "" },   { "download", "stv", "" },
        { "outbound", "stv", "" },        { "missing", "stv", "" },     { "event", "stv", "" },
        { "View", NULL, NULL },           { "engagement", NULL, NULL }, { "views", NULL, NULL },
    };
    static const char keys[] = {
#define X(name, key, ...) key,
        SP_BEACON_FIELDS(X)
#undef X
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct beacon beacon = { .type = span_text(rows[i].type) };
        enum beacon_type type = beacon_type(&beacon);
        assert_int_equal(type == BEACON_TYPE_UNKNOWN, rows[i].standard == NULL);
        for (int mode = 0; mode < MODE_COUNT; mode++) {
            const char *expected = mode == MODE_RESTRICTED ? rows[i].restricted : rows[i].standard;
            unsigned fields = beacon_fields(type, (enum site_mode)mode);
            for (int field = 0; field < BEACON_FIELD_COUNT; field++)
                assert_int_equal(fields >> field & 1U, expected != NULL && strchr(expected, keys[field]) != NULL);
        }
    }
    assert_int_equal(beacon_type(&(struct beacon){ .entry = SPAN_LITERAL("1") }), BEACON_TYPE_VIEW);
    assert_int_equal(beacon_type(&(struct beacon){ .type = SPAN_LITERAL("") }), BEACON_TYPE_UNKNOWN);
    assert_true(beacon_is_taken(BEACON_TYPE_DECLINED, MODE_RESTRICTED));
    assert_false(beacon_is_taken(BEACON_TYPE_UNKNOWN, MODE_STANDARD));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_absent_and_empty_differ),
        cmocka_unit_test(test_unknown_fields_are_counted_and_not_decoded),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_longest_form),
        cmocka_unit_test(test_every_cut_is_survived),
        cmocka_unit_test(test_fates),
        cmocka_unit_test(test_each_type_has_its_fields_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
