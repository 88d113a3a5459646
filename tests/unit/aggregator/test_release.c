#include "release.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sites.h"

static const struct period day = { PERIOD_DAY, 20777 };
static const struct period month = { PERIOD_MONTH, 682 };

static enum sp_error
add(enum site_mode mode, struct period period, enum table_id table, struct span key, int64_t value)
{
    struct site_config site = test_site("example.no", mode);
    struct release_batch *batch;
    assert_int_equal(release_batch_new(&site, period, &batch), SP_OK);
    enum sp_error error = release_add(batch, table, key, value);
    assert_int_equal(release_count(batch), error == SP_OK ? 1 : 0);
    release_batch_free(batch);
    return error;
}

struct attempt {
    enum table_id table;
    struct span key;
    enum sp_error error;
};

static void
check(struct period period, const struct attempt *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (add(MODE_STANDARD, period, rows[i].table, rows[i].key, 1) != rows[i].error)
            fail_msg("%s '%.*s'", table_table[rows[i].table].name, (int)rows[i].key.length, rows[i].key.at);
}

#define CHECK(period, rows) check(period, rows, sizeof(rows) / sizeof(rows)[0])

static void
test_pages_and_places_have_keys_of_their_form(void **state)
{
    static const struct attempt rows[] = {
        { TABLE_TOTAL, SPAN_LITERAL(""), SP_OK },
        { TABLE_TOTAL, SPAN_LITERAL("x"), SP_TOO_LONG },
        { TABLE_PAGE, SPAN_LITERAL("/"), SP_OK },
        { TABLE_PAGE, SPAN_LITERAL("/sorg/på/nett"), SP_OK },
        { TABLE_PAGE, SPAN_LITERAL("/\xf0\x9f\x98\x80"), SP_OK },
        { TABLE_PAGE, SPAN_LITERAL(KEY_OTHER), SP_OK },
        { TABLE_PAGE, SPAN_LITERAL(""), SP_MALFORMED },
        { TABLE_PAGE, SPAN_LITERAL("sorg"), SP_MALFORMED },
        { TABLE_PAGE, SPAN_LITERAL("/a\nb"), SP_MALFORMED },
        { TABLE_PAGE, SPAN_LITERAL("/a\0b"), SP_MALFORMED },
        { TABLE_PAGE, SPAN_LITERAL("/a\x7f"), SP_MALFORMED },
        { TABLE_PAGE, SPAN_LITERAL("/\xc2\x85"), SP_MALFORMED },
        { TABLE_PAGE, SPAN_LITERAL("/\xff"), SP_MALFORMED },
        { TABLE_PAGE, SPAN_LITERAL("/\xc3"), SP_MALFORMED },
        { TABLE_PAGE, SPAN_LITERAL("/\xc0\xaf"), SP_MALFORMED },
        { TABLE_PAGE, SPAN_LITERAL("/\xed\xa0\x80"), SP_MALFORMED },
        { TABLE_PAGE, SPAN_LITERAL("/\xe2\x82g"), SP_MALFORMED },
        { TABLE_MUNICIPALITY, SPAN_LITERAL("0301"), SP_OK },
        { TABLE_MUNICIPALITY, SPAN_LITERAL("f03"), SP_OK },
        { TABLE_MUNICIPALITY, SPAN_LITERAL(KEY_UNKNOWN), SP_OK },
        { TABLE_MUNICIPALITY, SPAN_LITERAL(KEY_ABROAD), SP_OK },
        { TABLE_MUNICIPALITY, SPAN_LITERAL("r03"), SP_MALFORMED },
        { TABLE_MUNICIPALITY, SPAN_LITERAL("301"), SP_MALFORMED },
        { TABLE_MUNICIPALITY, SPAN_LITERAL("03011"), SP_MALFORMED },
        { TABLE_MUNICIPALITY, SPAN_LITERAL("03a1"), SP_MALFORMED },
        { TABLE_MUNICIPALITY, SPAN_LITERAL("f0x"), SP_MALFORMED },
        { TABLE_MUNICIPALITY, SPAN_LITERAL(""), SP_MALFORMED },
        { TABLE_DROPPED, SPAN_LITERAL("foreign_origin"), SP_OK },
        { TABLE_DROPPED, SPAN_LITERAL("bot"), SP_OK },
        { TABLE_DROPPED, SPAN_LITERAL("ai"), SP_OK },
        { TABLE_DROPPED, SPAN_LITERAL("unknown_site"), SP_MALFORMED },
        { TABLE_DROPPED, SPAN_LITERAL("Bot"), SP_MALFORMED },
        { TABLE_DROPPED, SPAN_LITERAL(""), SP_MALFORMED },
        { TABLE_HOUR, SPAN_LITERAL(""), SP_REFUSED }, /* has no days */
    };
    (void)state;
    CHECK(day, rows);
}

static void
test_where_a_visit_comes_from_is_of_closed_lists_or_plain(void **state)
{
    static const struct attempt rows[] = {
        { TABLE_REFERRER, SPAN_LITERAL("direct"), SP_OK },
        { TABLE_REFERRER, SPAN_LITERAL("nav.no"), SP_MALFORMED },
        { TABLE_REFERRER_HOST, SPAN_LITERAL("nav.no"), SP_OK },
        { TABLE_REFERRER_HOST, SPAN_LITERAL("xn--blbr-roah.no"), SP_OK },
        { TABLE_REFERRER_HOST, SPAN_LITERAL(KEY_OTHER), SP_OK },
        { TABLE_REFERRER_HOST, SPAN_LITERAL("NAV.no"), SP_MALFORMED },
        { TABLE_REFERRER_HOST, SPAN_LITERAL("nav.no/sorg"), SP_MALFORMED },
        { TABLE_REFERRER_HOST, SPAN_LITERAL(""), SP_MALFORMED },
        { TABLE_UTM_SOURCE, SPAN_LITERAL("nyhetsbrev"), SP_OK },
        { TABLE_UTM_CAMPAIGN, SPAN_LITERAL("a\nb"), SP_MALFORMED },
        { TABLE_DEVICE, SPAN_LITERAL("tablet"), SP_OK },
        { TABLE_DEVICE, SPAN_LITERAL("iPad Pro"), SP_MALFORMED },
        { TABLE_BROWSER, SPAN_LITERAL("google-app"), SP_OK },
        { TABLE_BROWSER, SPAN_LITERAL("Firefox/140.0"), SP_MALFORMED },
        { TABLE_SYSTEM, SPAN_LITERAL("ios"), SP_OK },
        { TABLE_SYSTEM, SPAN_LITERAL("tablet"), SP_MALFORMED },
    };
    (void)state;
    CHECK(day, rows);
}

static void
test_what_readers_do_has_keys_of_its_form(void **state)
{
    static const struct attempt rows[] = {
        { TABLE_SECTION, SPAN_LITERAL("psykisk helse"), SP_OK },
        { TABLE_SECTION, SPAN_LITERAL("(annet)"), SP_MALFORMED },
        { TABLE_TAG, SPAN_LITERAL(""), SP_MALFORMED },
        { TABLE_ENGAGEMENT, SPAN_LITERAL("6"), SP_OK },
        { TABLE_ENGAGEMENT, SPAN_LITERAL("7"), SP_MALFORMED },
        { TABLE_VISIT_LENGTH, SPAN_LITERAL("06"), SP_TOO_LONG },
        { TABLE_FEEDBACK, SPAN_LITERAL("nei-1 /sorg/på nett"), SP_OK },
        { TABLE_FEEDBACK, SPAN_LITERAL("nei (annet)"), SP_OK },
        { TABLE_FEEDBACK, SPAN_LITERAL("nei"), SP_MALFORMED },
        { TABLE_FEEDBACK, SPAN_LITERAL(" /sorg"), SP_MALFORMED },
        { TABLE_FEEDBACK, SPAN_LITERAL("Fritekst /sorg"), SP_MALFORMED },
        { TABLE_FEEDBACK, SPAN_LITERAL("abcdefghijabcdefghijabcdefghij123 /"), SP_MALFORMED },
        { TABLE_FEEDBACK, SPAN_LITERAL("nei sorg"), SP_MALFORMED },
        { TABLE_DOWNLOAD, SPAN_LITERAL("/filer/a.pdf"), SP_OK },
        { TABLE_DOWNLOAD, SPAN_LITERAL("a.pdf"), SP_MALFORMED },
        { TABLE_MISSING, SPAN_LITERAL(KEY_OTHER), SP_OK },
        { TABLE_OUTBOUND, SPAN_LITERAL("helsenorge.no"), SP_OK },
        { TABLE_EVENT, SPAN_LITERAL("chat åpnet"), SP_OK },
        { TABLE_EVENT, SPAN_LITERAL(KEY_REMOVED), SP_OK },
        { TABLE_SCROLL, SPAN_LITERAL("4 /sorg"), SP_REFUSED }, /* a month's */
    };
    (void)state;
    CHECK(day, rows);
}

static void
test_keys_of_a_month_are_a_month_s(void **state)
{
    static const struct attempt rows[] = {
        { TABLE_SCROLL, SPAN_LITERAL("4 /sorg"), SP_OK },
        { TABLE_SCROLL, SPAN_LITERAL("5 /sorg"), SP_MALFORMED },
        { TABLE_SCROLL, SPAN_LITERAL("0 (annet)"), SP_OK },
        { TABLE_SCROLL, SPAN_LITERAL("0"), SP_MALFORMED },
        { TABLE_PAGE_ENGAGEMENT, SPAN_LITERAL("6 /"), SP_OK },
        { TABLE_PAGE_ENGAGEMENT, SPAN_LITERAL("6  /"), SP_MALFORMED },
        { TABLE_PAGE_ENGAGEMENT, SPAN_LITERAL("/sorg"), SP_MALFORMED },
        { TABLE_ENGAGEMENT, SPAN_LITERAL("6"), SP_REFUSED }, /* a day's */
    };
    (void)state;
    CHECK(month, rows);
}

static void
test_restricted_takes_none_of_the_new_tables(void **state)
{
    (void)state;
    for (int table = TABLE_SECTION; table < TABLE_COUNT; table++) {
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
            struct period period = { (enum period_kind)kind, 682 };
            assert_int_equal(add(MODE_RESTRICTED, period, (enum table_id)table, SPAN_LITERAL("0 (annet)"), 1),
                             SP_REFUSED);
        }
    }
}

static void
test_a_page_may_be_as_long_as_the_limit_and_no_longer(void **state)
{
    (void)state;
    char path[PATH_MAX_BYTES + 1];
    memset(path, 'a', sizeof path);
    path[0] = '/';
    assert_int_equal(add(MODE_STANDARD, day, TABLE_PAGE, span_of(path, PATH_MAX_BYTES), 1), SP_OK);
    assert_int_equal(add(MODE_STANDARD, day, TABLE_PAGE, span_of(path, PATH_MAX_BYTES + 1), 1), SP_TOO_LONG);
}

/* Their names would say that a User-Agent was read. */
static void
test_restricted_takes_no_reason_that_a_user_agent_told(void **state)
{
    (void)state;
    static const char *const reasons[] = { "prefetch", "malformed", "foreign_origin", "rate", "ai", "bot" };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        assert_int_equal(add(MODE_STANDARD, day, TABLE_DROPPED, span_text(reasons[i]), 1), SP_OK);
        assert_int_equal(add(MODE_STRICT, day, TABLE_DROPPED, span_text(reasons[i]), 1), SP_OK);
        assert_int_equal(add(MODE_RESTRICTED, day, TABLE_DROPPED, span_text(reasons[i]), 1),
                         i < 4 ? SP_OK : SP_REFUSED);
    }
}

/* A day that was counted as restricted is closed as such, whatever the site is by then. */
static void
test_reasons_are_those_of_the_mode_that_a_period_was_counted_in(void **state)
{
    (void)state;
    struct site_config site = test_site("example.no", MODE_STANDARD);
    site.in_force.mode_before = MODE_RESTRICTED;
    site.in_force.mode_since_s = period_start(day, &site.zone) + 86400;
    for (int32_t i = 0; i < 2; i++) {
        struct release_batch *batch;
        assert_int_equal(release_batch_new(&site, (struct period){ PERIOD_DAY, day.index + i }, &batch), SP_OK);
        assert_int_equal(release_batch_mode(batch), i == 0 ? MODE_RESTRICTED : MODE_STANDARD);
        assert_int_equal(release_add(batch, TABLE_DROPPED, SPAN_LITERAL("bot"), 1), i == 0 ? SP_REFUSED : SP_OK);
        assert_int_equal(release_witness(batch, TABLE_DROPPED, SPAN_LITERAL("bot")), i == 0 ? SP_REFUSED : SP_OK);
        release_batch_free(batch);
    }
}

static void
test_restricted_takes_its_closed_list_only(void **state)
{
    (void)state;
    struct span page = SPAN_LITERAL("/sorg");
    assert_int_equal(add(MODE_RESTRICTED, day, TABLE_PAGE, page, 1), SP_REFUSED);
    assert_int_equal(add(MODE_RESTRICTED, month, TABLE_PAGE, page, 1), SP_OK);
    assert_int_equal(add(MODE_RESTRICTED, (struct period){ PERIOD_HOUR, 1 }, TABLE_HOUR, span_of("", 0), 1),
                     SP_REFUSED);
}

static void
test_values_out_of_reason_are_refused(void **state)
{
    (void)state;
    struct span key = span_of("", 0);
    assert_int_equal(add(MODE_STANDARD, day, TABLE_TOTAL, key, -5), SP_OK);
    assert_int_equal(add(MODE_STANDARD, day, TABLE_TOTAL, key, (int64_t)1 << 53), SP_OK);
    assert_int_equal(add(MODE_STANDARD, day, TABLE_TOTAL, key, ((int64_t)1 << 53) + 1), SP_MALFORMED);
    assert_int_equal(add(MODE_STANDARD, day, TABLE_TOTAL, key, INT64_MIN), SP_MALFORMED);
}

static void
test_sources_add_up_and_keys_are_told_apart(void **state)
{
    (void)state;
    struct site_config site = test_site("example.no", MODE_STANDARD);
    struct release_batch *batch;
    assert_int_equal(release_batch_new(&site, day, &batch), SP_OK);
    char key[] = "/a";
    assert_int_equal(release_add(batch, TABLE_PAGE, span_text(key), 12), SP_OK);
    key[1] = 'b'; /* the batch must have its own copy */
    assert_int_equal(release_add(batch, TABLE_PAGE, span_text(key), 7), SP_OK);
    assert_int_equal(release_add(batch, TABLE_PAGE, SPAN_LITERAL("/a"), -4), SP_OK);
    assert_int_equal(release_witness(batch, TABLE_PAGE, SPAN_LITERAL("/a")), SP_OK);
    assert_int_equal(release_witness(batch, TABLE_PAGE, SPAN_LITERAL("/c")), SP_NOT_FOUND);
    assert_int_equal(release_witness(batch, TABLE_HOUR, SPAN_LITERAL("")), SP_REFUSED);
    assert_int_equal(release_count(batch), 2);
    const struct release *a = release_at(batch, 0);
    assert_true(span_equal(release_key(a), SPAN_LITERAL("/a")));
    assert_int_equal(release_value(a), 8);
    assert_int_equal(release_sources(a), 2);
    assert_true(release_witnessed(a));
    assert_int_equal(release_sources(release_at(batch, 1)), 1);
    assert_false(release_witnessed(release_at(batch, 1)));
    release_batch_free(batch);
    release_batch_free(NULL);
}

static void
test_sorted_leaves_do_not_tell_who_came_first(void **state)
{
    (void)state;
    static const struct {
        enum table_id table;
        const char *key;
    } leaves[] = { { TABLE_PAGE, "(annet)" },
                   { TABLE_PAGE, "/a" },
                   { TABLE_PAGE, "/ab" },
                   { TABLE_PAGE, "/b" },
                   { TABLE_MUNICIPALITY, "0301" } };
    enum { COUNT = sizeof leaves / sizeof leaves[0] };
    struct site_config site = test_site("example.no", MODE_STANDARD);
    for (size_t first = 0; first < COUNT; first++) {
        struct release_batch *batch;
        assert_int_equal(release_batch_new(&site, day, &batch), SP_OK);
        for (size_t i = 0; i < COUNT; i++) {
            size_t at = (first + i * 2) % COUNT;
            assert_int_equal(release_add(batch, leaves[at].table, span_text(leaves[at].key), (int64_t)at), SP_OK);
        }
        release_batch_sort(batch);
        for (size_t i = 0; i < COUNT; i++) {
            assert_int_equal(release_value(release_at(batch, i)), i);
            assert_true(span_equal(release_key(release_at(batch, i)), span_text(leaves[i].key)));
        }
        assert_int_equal(release_add(batch, TABLE_PAGE, span_text("/ab"), 5), SP_OK); /* found as before */
        assert_int_equal(release_value(release_at(batch, 2)), 7);
        release_batch_free(batch);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_and_places_have_keys_of_their_form),
        cmocka_unit_test(test_where_a_visit_comes_from_is_of_closed_lists_or_plain),
        cmocka_unit_test(test_what_readers_do_has_keys_of_its_form),
        cmocka_unit_test(test_keys_of_a_month_are_a_month_s),
        cmocka_unit_test(test_a_page_may_be_as_long_as_the_limit_and_no_longer),
        cmocka_unit_test(test_restricted_takes_no_reason_that_a_user_agent_told),
        cmocka_unit_test(test_reasons_are_those_of_the_mode_that_a_period_was_counted_in),
        cmocka_unit_test(test_restricted_takes_its_closed_list_only),
        cmocka_unit_test(test_restricted_takes_none_of_the_new_tables),
        cmocka_unit_test(test_values_out_of_reason_are_refused),
        cmocka_unit_test(test_sources_add_up_and_keys_are_told_apart),
        cmocka_unit_test(test_sorted_leaves_do_not_tell_who_came_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
