/* A restricted site cannot be widened: each attempt is refused with its place and the promise it would break. */
#include "config_fixture.h"
#include "config_parts.h"

struct attempt {
    const char *options; /* of the site, beside mode and pages */
    const char *place;   /* line:column */
    const char *promise; /* part of the message */
};

#define CLOSED_LIST "promise: only visitors, municipality and general behaviour"
#define ONLY_TABLES                                                                                                    \
    "restricted sites count only total, visits, page, municipality, declined and dropped (" CLOSED_LIST ")"

static const struct attempt attempts[] = {
    { "tables: [referrer]", "4:14", ONLY_TABLES },
    { "tables: [total, hour]", "4:21", ONLY_TABLES },
    { "tables: [visitors]", "4:14", ONLY_TABLES },
    { "visitors: true", "4:5", "promise: IP addresses cannot be retrieved" },
    { "ip: full", "4:5", "promise: IP addresses cannot be retrieved" },
    { "search_parameter: q", "4:5", "promise: search words are linked to nothing" },
    { "feedback: true", "4:5", CLOSED_LIST },
    { "referrers: all", "4:5", CLOSED_LIST },
    { "referrers: {a.no: public}", "4:5", CLOSED_LIST },
    { "feedback: {ja: Ja}", "4:5", CLOSED_LIST },
    { "feedback_question: \"Fant du det?\"", "4:5", CLOSED_LIST },
    { "sections: {/sorg: sorg}", "4:5", CLOSED_LIST },
    { "tags: [sorg]", "4:5", CLOSED_LIST },
    { "tags: ", "4:5", CLOSED_LIST },
    { "campaigns: true", "4:5", CLOSED_LIST },
    { "events: [x]", "4:5", CLOSED_LIST },
    { "hour: true", "4:5", CLOSED_LIST },
    { "engagement: {a: b}", "4:5", CLOSED_LIST },
    { "device: true", "4:5", "promise: no User-Agent" },
    { "browser: true", "4:5", "promise: no User-Agent" },
    { "user_agent: true", "4:5", "promise: no User-Agent" },
    { "age: true", "4:5", "promise: age is collected nowhere" },
    { "threshold: 1", "4:5", "promise: statistics identify nobody" },
    { "noise: 0", "4:5", "promise: statistics identify nobody" },
    { "retention: 5 y", "4:5", "promise: statistics identify nobody" },
    { "sitemap: /s.xml", "4:5", "promise: only pages on the site's list have a name" },
    { "min_population: 4999", "4:21", "promise: statistics identify nobody" },
    { "min_population: 0", "4:21", "promise: statistics identify nobody" },
    { "fold: {/x/*: /elsewhere}", "4:18", "promise: only pages on the site's list have a name" },
};

static void
load_site(struct fixture *fixture, const char *mode, const char *options)
{
    char text[400];
    snprintf(text, sizeof text, "sites:\n  barn.no: {mode: %s,\n    pages: [/, /sorg, \"/foreldre/*\"],\n    %s}\n",
             mode, options);
    fixture_text(fixture, "sporlos.yaml", text);
    fixture_load(fixture, NULL);
}

static void
test_every_attempt_is_refused_by_name_of_its_promise(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        char place[200];
        load_site(&fixture, "restricted", attempts[i].options);
        snprintf(place, sizeof place, "%s:%s: ", fixture.path, attempts[i].place);
        if (fixture.error != SP_CONFIG || strncmp(fixture.errors, place, strlen(place)) != 0 ||
            strstr(fixture.errors, attempts[i].promise) == NULL ||
            strchr(fixture.errors, '\n')[1] != '\0') /* exactly one */
            fail_msg("%s: error %d: %s", attempts[i].options, (int)fixture.error,
                     fixture.errors != NULL ? fixture.errors : "");
    }
    fixture_fini(&fixture);
}

static void
test_a_list_of_whatever_is_no_list(void **state)
{
    (void)state;
    static const char *const patterns[] = { "\"/**\"", "[\"/*\"]", "[/a, \"/*/a\"]" };
    struct fixture fixture;
    fixture_init(&fixture);
    for (size_t i = 0; i < 3; i++) {
        char text[200];
        snprintf(text, sizeof text, "sites: {barn.no: {mode: restricted, pages: %s}}\n", patterns[i]);
        fixture_text(&fixture, "sporlos.yaml", text);
        assert_int_equal(fixture_load(&fixture, NULL), SP_CONFIG);
        assert_non_null(strstr(fixture.errors, "lists any page whatever (promise: only pages on the site's list"));
    }
    fixture_fini(&fixture);
}

static void
test_pages_are_required(void **state)
{
    (void)state;
    static const char *const texts[] = { "sites:\n  barn.no: {mode: restricted}\n",
                                         "sites:\n  barn.no: {mode: restricted, pages: }\n",
                                         "sites:\n  barn.no: {mode: restricted, pages: []}\n" };
    static const char *const places[] = { ":2:3: ", ":2:31: ", ":2:38: " };
    struct fixture fixture;
    fixture_init(&fixture);
    for (size_t i = 0; i < 3; i++) {
        fixture_text(&fixture, "sporlos.yaml", texts[i]);
        assert_int_equal(fixture_load(&fixture, NULL), SP_CONFIG);
        assert_non_null(strstr(fixture.errors, "a restricted site needs 'pages'"));
        assert_non_null(strstr(fixture.errors, places[i]));
    }
    fixture_fini(&fixture);
}

static void
test_narrowing_is_allowed(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    load_site(&fixture, "restricted", "min_population: 20000, tables: [visits], fold: {/a/*: /sorg, /b: /foreldre/x/}");
    if (fixture.error != SP_OK)
        fail_msg("%s", fixture.errors);
    const struct site_config *site = &fixture.config->sites[0];
    assert_int_equal(site->min_population, 20000);
    assert_int_equal(site->tables, 1U << TABLE_VISITS | 1U << TABLE_DECLINED | 1U << TABLE_DROPPED);
    assert_string_equal(site->folds[1].page, "/foreldre/x");
    fixture_fini(&fixture);
}

static void
test_no_table_beyond_the_mode_ever_stands_in_the_mask(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    for (int table = 0; table < TABLE_COUNT; table++) {
        char options[64];
        snprintf(options, sizeof options, "tables: [%s]", table_table[table].name);
        load_site(&fixture, "restricted", options);
        assert_int_equal(fixture.error == SP_OK, table_periods((enum table_id)table, MODE_RESTRICTED) != 0);
        if (fixture.error == SP_OK)
            assert_true(fixture.config->sites[0].tables & 1U << table);
        load_site(&fixture, "strict", options);
        assert_int_equal(fixture.error, SP_OK);
    }
    fixture_fini(&fixture);
}

static void
test_other_modes_have_neither_the_list_nor_the_limit(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    load_site(&fixture, "standard", "min_population: 10, tables: [hour], fold: {/a/*: /elsewhere}");
    if (fixture.error != SP_OK)
        fail_msg("%s", fixture.errors);
    assert_int_equal(fixture.config->sites[0].min_population, 10);
    fixture_fini(&fixture);
}

/* A new option is refused in a restricted site unless its row says otherwise: this list is written down twice. */
static void
test_a_restricted_site_has_these_options_and_no_others(void **state)
{
    (void)state;
    static const char allowed[] =
        " mode hosts timezone pages fold min_population tables visitors visitor_max "; /* visitors: false */
    struct fixture fixture;
    fixture_init(&fixture);
    for (size_t i = 0; i < site_options.count; i++) {
        char name[64];
        char text[300];
        char value[160];
        snprintf(name, sizeof name, " %s ", site_options.rows[i].name);
        bool is_allowed = strstr(allowed, name) != NULL;
        assert_int_equal(site_options.rows[i].restricted, is_allowed);
        if (is_allowed)
            continue;
        snprintf(value, sizeof value, "%s: %s", site_options.rows[i].name,
                 option_types[site_options.rows[i].type].example);
        load_site(&fixture, "standard", value);
        if (fixture.error != SP_OK)
            fail_msg("%s: %s", value, fixture.errors);
        load_site(&fixture, "restricted", value);
        snprintf(text, sizeof text, "a restricted site cannot have '%s' (promise: ", site_options.rows[i].name);
        if (fixture.error != SP_CONFIG || strstr(fixture.errors, text) == NULL)
            fail_msg("%s: %s", value, fixture.errors == NULL ? "" : fixture.errors);
    }
    fixture_fini(&fixture);
}

static void
test_what_is_printed_of_a_restricted_site_can_be_read_again(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    load_site(&fixture, "restricted", "min_population: 20000");
    assert_int_equal(fixture.error, SP_OK);
    char *printed = fixture_printed(fixture.config);
    assert_null(strstr(printed, "feedback"));
    fixture_text(&fixture, "sporlos.yaml", printed);
    if (fixture_load(&fixture, NULL) != SP_OK)
        fail_msg("%s", fixture.errors);
    free(printed);
    fixture_fini(&fixture);
}

static void
test_a_slip_in_a_restricted_site_is_still_a_slip(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    load_site(&fixture, "restricted", "timezon: UTC");
    assert_int_equal(fixture.error, SP_CONFIG);
    assert_non_null(strstr(fixture.errors, "unknown option 'timezon'; did you mean 'timezone'?"));
    fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_attempt_is_refused_by_name_of_its_promise),
        cmocka_unit_test(test_a_list_of_whatever_is_no_list),
        cmocka_unit_test(test_pages_are_required),
        cmocka_unit_test(test_narrowing_is_allowed),
        cmocka_unit_test(test_no_table_beyond_the_mode_ever_stands_in_the_mask),
        cmocka_unit_test(test_other_modes_have_neither_the_list_nor_the_limit),
        cmocka_unit_test(test_a_restricted_site_has_these_options_and_no_others),
        cmocka_unit_test(test_what_is_printed_of_a_restricted_site_can_be_read_again),
        cmocka_unit_test(test_a_slip_in_a_restricted_site_is_still_a_slip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
