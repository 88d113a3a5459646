/* Declarations over time: what is announced, what is in force, what is withdrawn, and what the gate lets through. */
#include "config_fixture.h"

#include "archive_file.h"
#include "declaration.h"
#include "redis_link.h"
#include "redis_server.h"

#include <sodium.h>

#define SITE(options) "sites:\n  a.example: {" options "}\n"

struct stage {
    struct fixture files;
    struct archive_file file;
    struct archive *archive;
    int64_t now_s;
    struct redis_link *redis; /* NULL: it is not asked */
    struct declarations *declarations;
    const char *why;
};

enum { DAY_S = 86400 };

static int64_t
midnight(int year, int month, int day)
{
    struct zone zone;
    assert_int_equal(zone_init(&zone, "Europe/Oslo"), SP_OK);
    return period_start((struct period){ PERIOD_DAY, civil_day(year, month, day) }, &zone);
}

static void
stage_init(struct stage *stage)
{
    memset(stage, 0, sizeof *stage);
    fixture_init(&stage->files);
    assert_true(archive_file_make(&stage->file));
    if (archive_open(stage->file.url, ARCHIVE_WRITE, &stage->archive, &stage->why) != SP_OK)
        fail_msg("%s", stage->why);
    stage->now_s = midnight(2026, 11, 20) + 3600;
}

static void
stage_fini(struct stage *stage)
{
    declarations_free(stage->declarations);
    archive_close(stage->archive);
    archive_file_remove(&stage->file);
    fixture_fini(&stage->files);
}

static enum sp_error
ask(struct stage *stage, const char *yaml)
{
    declarations_free(stage->declarations);
    stage->declarations = NULL;
    fixture_text(&stage->files, "sporlos.yaml", yaml);
    if (fixture_load(&stage->files, NULL) != SP_OK)
        fail_msg("%s", stage->files.errors);
    return declarations_new(stage->files.config, stage->archive, stage->redis, stage->now_s, &stage->declarations,
                            &stage->why);
}

/* As a program that starts with this configuration. */
static const struct declared_site *
take_over(struct stage *stage, const char *yaml)
{
    if (ask(stage, yaml) != SP_OK)
        fail_msg("%s", stage->why);
    assert_int_equal(declarations_keep(stage->declarations, stage->files.config, stage->archive, stage->now_s), SP_OK);
    declarations_lay_over(stage->declarations, stage->now_s, stage->files.config);
    return &stage->declarations->sites[0];
}

static const struct site_config *
site_of(const struct stage *stage)
{
    return &stage->files.config->sites[0];
}

static void
assert_printed(const struct stage *stage, const char *expected)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    declarations_print(stage->declarations, stage->files.config, out);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

#define SMALL SITE("tables: [total, visits]")
#define LARGE SITE("tables: [total, visits, hour]")

static void
test_the_first_is_in_force_at_once(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    assert_int_equal(ask(&stage, SMALL), SP_OK);
    assert_printed(&stage, "site a.example: first declaration: in force at once\n");
    const struct declared_site *site = take_over(&stage, SMALL);
    assert_int_equal(site->current->number, 1);
    assert_null(site->ahead);
    assert_int_equal(site->in_force.from[TABLE_TOTAL][PERIOD_DAY], 0);
    assert_int_equal(site->in_force.from[TABLE_HOUR][PERIOD_HOUR], IN_FORCE_NEVER);
    site = take_over(&stage, SMALL); /* and stays the only one */
    assert_int_equal(site->count, 1);
    assert_printed(&stage, "");
    stage_fini(&stage);
}

static void
test_more_is_announced_and_in_force_on_its_day(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage, SMALL);
    stage.now_s += DAY_S;
    assert_int_equal(ask(&stage, LARGE), SP_OK);
    assert_printed(&stage, "site a.example: collects more than version 1 (hour): in force from 2026-12-06\n");
    const struct declared_site *site = take_over(&stage, LARGE);
    assert_int_equal(site->current->number, 1);
    assert_int_equal(site->ahead->number, 2);
    assert_int_equal(stage.declarations->next_s, midnight(2026, 12, 6));
    assert_int_equal(site_of(&stage)->tables & 1U << TABLE_HOUR, 0);
    stage.now_s = midnight(2026, 12, 6) - 1; /* started again meanwhile: the same date */
    site = take_over(&stage, LARGE);
    assert_int_equal(site->count, 2);
    assert_int_equal(site->current->number, 1);
    stage.now_s++;
    site = take_over(&stage, LARGE);
    assert_int_equal(site->current->number, 2);
    assert_null(site->ahead);
    assert_int_equal(site->in_force.from[TABLE_HOUR][PERIOD_HOUR], midnight(2026, 12, 6));
    assert_int_equal(site->in_force.from[TABLE_TOTAL][PERIOD_DAY], 0);
    assert_int_not_equal(site_of(&stage)->tables & 1U << TABLE_HOUR, 0);
    stage_fini(&stage);
}

static void
test_less_is_in_force_at_once(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage, LARGE);
    stage.now_s += DAY_S + 7200;
    const struct declared_site *site = take_over(&stage, SMALL);
    assert_printed(&stage, "site a.example: collects no more than before: version 2, in force at once\n");
    assert_int_equal(site->current->number, 2);
    assert_null(site->ahead);
    /* The hour that had begun is closed and kept; the next one is not counted. */
    const struct site_config *config = site_of(&stage);
    assert_true(site_counts(config, TABLE_HOUR, period_at(PERIOD_HOUR, &config->zone, stage.now_s - 1)));
    assert_false(site_counts(config, TABLE_HOUR, period_at(PERIOD_HOUR, &config->zone, stage.now_s + 3600)));
    stage_fini(&stage);
}

static void
test_going_back_withdraws(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage, SMALL);
    take_over(&stage, LARGE);
    stage.now_s += DAY_S;
    assert_int_equal(ask(&stage, SMALL), SP_OK);
    assert_printed(&stage, "site a.example: as version 1 declares: version 2, announced, is withdrawn\n");
    take_over(&stage, SMALL);
    stage.now_s += 100 * DAY_S; /* its day passes without it */
    const struct declared_site *site = take_over(&stage, SMALL);
    assert_int_equal(site->current->number, 1);
    assert_int_equal(site->count, 2);
    assert_int_not_equal(site->versions[1].withdrawn_s, 0);
    site = take_over(&stage, LARGE); /* again: fourteen days anew */
    assert_int_equal(site->ahead->number, 3);
    assert_true(site->ahead->in_force_s >= stage.now_s + DECLARATION_NOTICE_S);
    stage_fini(&stage);
}

static void
test_what_was_announced_keeps_its_date_when_less_follows(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage, SMALL);
    int64_t date = take_over(&stage, SITE("tables: [total, visits, hour, page]"))->ahead->in_force_s;
    stage.now_s += 3 * DAY_S;
    assert_int_equal(take_over(&stage, LARGE)->ahead->in_force_s, date);
    const struct declared_site *site = take_over(&stage, SITE("tables: [total, visits, page, municipality]"));
    assert_true(site->ahead->in_force_s >= stage.now_s + DECLARATION_NOTICE_S); /* never announced before */
    stage_fini(&stage);
}

static void
test_a_mode_is_kept_until_a_month_begins(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage, SITE("mode: restricted, pages: [\"/\"]"));
    const struct declared_site *site = take_over(&stage, SITE("mode: standard"));
    assert_int_equal(site->ahead->in_force_s, midnight(2027, 1, 1));
    assert_int_equal(site_of(&stage)->mode, MODE_RESTRICTED);
    assert_int_equal(site_of(&stage)->min_population, RESTRICTED_POPULATION_MIN);
    assert_int_equal(site->in_force.next_mode, MODE_STANDARD);
    stage.now_s = midnight(2027, 1, 1);
    take_over(&stage, SITE("mode: standard"));
    assert_int_equal(site_of(&stage)->mode, MODE_STANDARD);
    /* What was counted before stays under the rules that it was promised. */
    assert_int_equal(site_mode_since(site_of(&stage), midnight(2026, 12, 31)), MODE_RESTRICTED);
    assert_int_equal(site_mode_since(site_of(&stage), midnight(2027, 1, 1)), MODE_STANDARD);
    stage_fini(&stage);
}

static void
test_smaller_municipalities_wait_for_a_month(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage,
              "geo: {databases: [\"/x.mmdb\"]}\n" SITE("mode: restricted, pages: [\"/\"], min_population: 9000"));
    const char *finer = "geo: {databases: [\"/x.mmdb\"]}\n" SITE("mode: restricted, pages: [\"/\"]");
    assert_int_equal(ask(&stage, finer), SP_OK);
    assert_printed(&stage, "site a.example: collects more than version 1 (min_population 9000 -> 5000): in force from "
                           "2027-01-01\n");
    take_over(&stage, finer);
    assert_int_equal(site_of(&stage)->min_population, 9000);
    stage.now_s = midnight(2027, 1, 1);
    take_over(&stage, finer);
    assert_int_equal(site_of(&stage)->min_population, 5000);
    stage_fini(&stage);
}

static void
test_looking_municipalities_up_is_more(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage, SITE("mode: standard"));
    const struct declared_site *site = take_over(&stage, "geo: {databases: [\"/x.mmdb\"]}\n" SITE("mode: standard"));
    assert_non_null(site->ahead);
    assert_int_equal(site_of(&stage)->tables & 1U << TABLE_MUNICIPALITY, 0); /* not even as unknown: keys would tell */
    assert_int_equal(site->in_force.from[TABLE_MUNICIPALITY][PERIOD_DAY], site->ahead->in_force_s);
    stage_fini(&stage);
}

static void
declare_promise(struct stage *stage, enum declared_number number, int64_t value)
{
    struct declaration promised;
    char hash[DECLARATION_HASH_TEXT];
    fixture_text(&stage->files, "sporlos.yaml", SMALL);
    assert_int_equal(fixture_load(&stage->files, NULL), SP_OK);
    declaration_of(stage->files.config, site_of(stage), stage->now_s, &promised);
    promised.numbers[number] = value;
    char *json = declaration_write(&promised);
    declaration_hash(json, hash);
    const struct archive_declaration row = { 1, stage->now_s, stage->now_s, 0, span_text(hash), span_text(json) };
    assert_int_equal(archive_declare(stage->archive, "a.example", 0, stage->now_s, &row), SP_OK);
    free(json);
}

/* As a program would have that knew the change as one that need not wait for a month. */
static void
declare_ahead(struct stage *stage, const char *yaml, int64_t in_force_s)
{
    struct declaration announced;
    char hash[DECLARATION_HASH_TEXT];
    fixture_text(&stage->files, "sporlos.yaml", yaml);
    assert_int_equal(fixture_load(&stage->files, NULL), SP_OK);
    declaration_of(stage->files.config, site_of(stage), stage->now_s, &announced);
    char *json = declaration_write(&announced);
    declaration_hash(json, hash);
    const struct archive_declaration row = { 2, stage->now_s, in_force_s, 0, span_text(hash), span_text(json) };
    assert_int_equal(archive_declare(stage->archive, "a.example", 0, stage->now_s, &row), SP_OK);
    free(json);
}

static void
test_less_than_what_was_announced_still_waits_for_a_month(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage, SITE("mode: restricted, pages: [\"/\"]"));
    declare_ahead(&stage, SITE("mode: standard"), midnight(2026, 12, 6));
    stage.now_s += DAY_S;
    const struct declared_site *site = take_over(&stage, SITE("mode: standard, tables: [total, visits]"));
    assert_int_equal(site->withdrawn, 2);
    assert_int_equal(site->ahead->in_force_s, midnight(2027, 1, 1)); /* the first month after the date that it had */
    stage_fini(&stage);
}

static void
test_what_cannot_be_held_back_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum declared_number number;
        int64_t promised;
        const char *says;
    } cases[] = { { DECLARED_WITNESSES, 9, "witnesses 9 -> 3" },
                  { DECLARED_SHOWN_FROM, 99, "shown_from 99 -> 10" },
                  { DECLARED_NOISE_BOUND, 9, "noise_bound 9 -> 5" },
                  { DECLARED_ARCHIVE_DAYS, 365, "archive_days 365 -> no end" } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        stage_init(&stage);
        declare_promise(&stage, cases[i].number, cases[i].promised);
        assert_int_equal(ask(&stage, SMALL), SP_REFUSED);
        assert_non_null(strstr(stage.why, "site a.example: "));
        assert_non_null(strstr(stage.why, cases[i].says));
        assert_non_null(strstr(stage.why, "(promise: changes are announced 14 days ahead"));
        assert_non_null(strstr(stage.why, "2027-01-01"));
        stage_fini(&stage);
    }
}

static void
test_a_program_that_promises_more_is_in_force_at_once(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    declare_promise(&stage, DECLARED_WITNESSES, 2);
    assert_int_equal(take_over(&stage, SMALL)->current->number, 2);
    stage_fini(&stage);
}

static void
test_a_history_that_was_tampered_with_is_not_read(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    const struct archive_declaration row = { 1, 1, 1, 0, SPAN_LITERAL("00"), SPAN_LITERAL("{}") };
    assert_int_equal(archive_declare(stage.archive, "a.example", 0, 1, &row), SP_OK);
    assert_int_equal(ask(&stage, SMALL), SP_MALFORMED);
    assert_non_null(strstr(stage.why, "cannot be read"));
    stage_fini(&stage);
}

static void
test_the_archive_takes_each_version_once(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage, SMALL);
    assert_int_equal(ask(&stage, LARGE), SP_OK);
    assert_int_equal(declarations_keep(stage.declarations, stage.files.config, stage.archive, stage.now_s), SP_OK);
    assert_int_equal(declarations_keep(stage.declarations, stage.files.config, stage.archive, stage.now_s), SP_REFUSED);
    assert_int_equal(archive_declare(stage.archive, "a.example", 2, stage.now_s, NULL), SP_OK);
    assert_int_equal(archive_declare(stage.archive, "a.example", 2, stage.now_s, NULL), SP_REFUSED);
    stage_fini(&stage);
}

static void
test_the_gate_refuses_what_was_announced_only(void **state)
{
    (void)state;
    struct stage stage;
    struct release_batch *batch;
    stage_init(&stage);
    take_over(&stage, SMALL);
    take_over(&stage, SITE("tables: [total, visits, page]"));
    int64_t from_s = stage.declarations->next_s;
    stage.now_s = from_s;
    take_over(&stage, SITE("tables: [total, visits, page]"));
    const struct zone *zone = &site_of(&stage)->zone;
    const struct {
        struct period period;
        enum sp_error expected;
    } cases[] = { { period_at(PERIOD_DAY, zone, from_s - 1), SP_REFUSED },
                  { period_at(PERIOD_DAY, zone, from_s), SP_OK },
                  { period_at(PERIOD_MONTH, zone, from_s), SP_REFUSED }, /* it had begun before */
                  { period_at(PERIOD_MONTH, zone, from_s + 31 * DAY_S), SP_OK } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(release_batch_new(site_of(&stage), cases[i].period, &batch), SP_OK);
        assert_int_equal(release_add(batch, TABLE_PAGE, SPAN_LITERAL("/"), 12), cases[i].expected);
        release_batch_free(batch);
    }
    stage_fini(&stage);
}

static void
test_showing_numbers_to_everybody_is_announced(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    const char *public = SITE("popular: true, embed: [\"https://www.example.no\"]");
    take_over(&stage, SITE("popular: false"));
    const struct declared_site *site = take_over(&stage, public);
    assert_string_equal(site->current->declaration.choices[DECLARED_AUDIENCE], "accounts");
    assert_string_equal(site->ahead->declaration.choices[DECLARED_AUDIENCE], "public");
    assert_false(site_of(&stage)->popular);
    assert_int_equal(site_of(&stage)->embed.count, 0);
    stage.now_s = stage.declarations->next_s;
    take_over(&stage, public);
    assert_true(site_of(&stage)->popular);
    assert_int_equal(site_of(&stage)->embed.count, 1);
    take_over(&stage, SITE("popular: false")); /* less: at once */
    assert_false(site_of(&stage)->popular);
    stage_fini(&stage);
}

static void
test_reading_the_query_is_announced(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    const char *reads = SITE("search_parameter: q");
    take_over(&stage, SITE("mode: standard"));
    assert_int_equal(ask(&stage, reads), SP_OK);
    assert_printed(&stage, "site a.example: collects more than version 1 (search_parameter none -> q): in force from "
                           "2027-01-01\n");
    const struct declared_site *site = take_over(&stage, reads);
    assert_null(site_of(&stage)->search_parameter);
    assert_string_equal(site->in_force.query, "q"); /* the collectors know from when */
    assert_int_equal(site->in_force.query_from_s, midnight(2027, 1, 1));
    stage.now_s = midnight(2027, 1, 1);
    site = take_over(&stage, reads);
    assert_string_equal(site_of(&stage)->search_parameter, "q");
    assert_int_equal(site->in_force.query_from_s, 0);
    site = take_over(&stage, SITE("search_parameter: sok")); /* another one is more, too: neither is read meanwhile */
    assert_int_equal(site->in_force.query_from_s, midnight(2027, 2, 1));
    assert_null(site_of(&stage)->search_parameter);
    site = take_over(&stage, SITE("mode: standard"));
    assert_null(site->ahead);
    assert_int_equal(site->in_force.query_from_s, IN_FORCE_NEVER);
    stage_fini(&stage);
}

/* ---- sites that are new to the archive ---- */

#define CHILDREN "  barn.example: {mode: restricted, pages: [\"/\"], hosts: [www.barn.example, barn.no]}\n"
#define GROWN(name) "  " name ": {mode: standard, hosts: [www.barn.example]}\n"

/* As an operator who has the archive made anew. */
static void
another_archive(struct stage *stage)
{
    archive_close(stage->archive);
    archive_file_remove(&stage->file);
    assert_true(archive_file_make(&stage->file));
    assert_int_equal(archive_open(stage->file.url, ARCHIVE_WRITE, &stage->archive, &stage->why), SP_OK);
}

static void
assert_announced_from_restricted(struct stage *stage, const char *yaml, const char *name)
{
    char said[128];
    char *text = NULL;
    size_t length;
    assert_int_equal(ask(stage, yaml), SP_OK);
    FILE *out = open_memstream(&text, &length);
    declarations_print(stage->declarations, stage->files.config, out);
    fclose(out);
    snprintf(said, sizeof said, "site %s: new to this archive, declared before: that is version 1\n", name);
    assert_non_null(strstr(text, said));
    assert_non_null(strstr(text, ": in force from 2027-01-01\n"));
    assert_null(strstr(text, "at once"));
    free(text);
    const struct declared_site *site = take_over(stage, yaml);
    assert_string_equal(site->current->declaration.mode, "restricted");
    assert_string_equal(site->current->declaration.site, name);
    assert_int_equal(site->current->number, 1);
    assert_int_equal(site->ahead->number, 2);
    assert_int_equal(site_of(stage)->mode, MODE_RESTRICTED);
    site = take_over(stage, yaml); /* kept: nothing begins anew */
    assert_int_equal(site->count, 2);
    assert_int_equal(site->ahead->in_force_s, midnight(2027, 1, 1));
    stage->now_s = midnight(2027, 1, 1);
    take_over(stage, yaml);
    assert_int_equal(site_of(stage)->mode, MODE_STANDARD);
}

static void
test_another_archive_does_not_begin_anew(void **state)
{
    (void)state;
    struct redis_server server;
    struct stage stage;
    if (!redis_server_start(&server))
        skip();
    stage_init(&stage);
    assert_int_equal(redis_link_new(server.url, 1000, 2000, &stage.redis, &stage.why), SP_OK);
    take_over(&stage, "sites:\n" CHILDREN);
    assert_int_equal(declarations_publish(stage.redis, stage.files.config), SP_OK);
    another_archive(&stage);
    take_over(&stage, "sites:\n" CHILDREN); /* the same again is as narrow, and its first */
    assert_int_equal(stage.declarations->sites[0].count, 1);
    another_archive(&stage);
    assert_announced_from_restricted(&stage, "sites:\n" GROWN("barn.example"), "barn.example");
    redis_link_free(stage.redis);
    stage_fini(&stage);
    redis_server_stop(&server);
}

static void
test_redis_must_answer_for_a_site_that_is_new(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage, SMALL);
    assert_int_equal(redis_link_new("unix:///nowhere/redis.sock", 100, 100, &stage.redis, &stage.why), SP_OK);
    take_over(&stage, LARGE); /* the archive knows it */
    assert_non_null(site_of(&stage)->in_force.published);
    assert_int_not_equal(stage.declarations->next_s, stage.now_s + 30);
    assert_int_equal(ask(&stage, "sites:\n" CHILDREN), SP_OK);
    assert_printed(&stage,
                   "site barn.example: first declaration, unless Redis, which does not answer, knows an earlier "
                   "one: in force when it has answered\n");
    for (int i = 0; i < 2; i++) { /* not kept, and no collector hears of it, however often */
        const struct declared_site *site = take_over(&stage, "sites:\n" CHILDREN);
        assert_true(site->is_unsure);
        assert_null(site_of(&stage)->in_force.published);
        assert_int_equal(stage.declarations->next_s, stage.now_s + 30);
    }
    redis_link_free(stage.redis);
    stage_fini(&stage);
}

static void
test_another_name_for_the_same_hosts_does_not_begin_anew(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    take_over(&stage, "sites:\n" CHILDREN);
    assert_announced_from_restricted(&stage, "sites:\n" GROWN("ungdom.example"), "ungdom.example");
    /* A host that nobody had, and the narrower mode itself, are first declarations. */
    const struct declared_site *site = take_over(&stage, SITE("mode: standard"));
    assert_int_equal(site->count, 1);
    site = take_over(&stage, "sites:\n  c.example: {mode: restricted, pages: [\"/\"], hosts: [barn.no]}\n");
    assert_int_equal(site->count, 1);
    stage_fini(&stage);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_is_in_force_at_once),
        cmocka_unit_test(test_more_is_announced_and_in_force_on_its_day),
        cmocka_unit_test(test_less_is_in_force_at_once),
        cmocka_unit_test(test_going_back_withdraws),
        cmocka_unit_test(test_what_was_announced_keeps_its_date_when_less_follows),
        cmocka_unit_test(test_a_mode_is_kept_until_a_month_begins),
        cmocka_unit_test(test_smaller_municipalities_wait_for_a_month),
        cmocka_unit_test(test_less_than_what_was_announced_still_waits_for_a_month),
        cmocka_unit_test(test_looking_municipalities_up_is_more),
        cmocka_unit_test(test_what_cannot_be_held_back_is_refused),
        cmocka_unit_test(test_a_program_that_promises_more_is_in_force_at_once),
        cmocka_unit_test(test_a_history_that_was_tampered_with_is_not_read),
        cmocka_unit_test(test_the_archive_takes_each_version_once),
        cmocka_unit_test(test_the_gate_refuses_what_was_announced_only),
        cmocka_unit_test(test_showing_numbers_to_everybody_is_announced),
        cmocka_unit_test(test_reading_the_query_is_announced),
        cmocka_unit_test(test_another_archive_does_not_begin_anew),
        cmocka_unit_test(test_redis_must_answer_for_a_site_that_is_new),
        cmocka_unit_test(test_another_name_for_the_same_hosts_does_not_begin_anew),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
