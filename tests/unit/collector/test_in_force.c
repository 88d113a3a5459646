/* The collector counts what is in force, drops what never was, and keeps what it has heard. */
#include "collector_fixture.h"

#include "sporlos/declaration.h"

#include <sodium.h>
#include <unistd.h>

#define HEADERS "Origin: https://a.example\r\nUser-Agent: Mozilla/5.0 Firefox/130.0\r\n"
#define OPEN "sites:\n  a.example: {mode: standard, pages: [\"/\", \"/**\"]}\n"
#define CHILDREN "sites:\n  a.example: {mode: restricted, pages: [\"/\"]}\n"

static struct site *
site_of(struct collector_fixture *fixture)
{
    return sites_by_text(collector_sites(fixture->collector), SPAN_LITERAL("a.example"));
}

static void
hear(struct collector_fixture *fixture, const struct in_force *value)
{
    struct in_force_field fields[IN_FORCE_FIELDS_MAX];
    struct span heard[2 * IN_FORCE_FIELDS_MAX];
    size_t count = in_force_write(value, fields);
    for (size_t i = 0; i < count; i++) {
        heard[2 * i] = span_text(fields[i].name);
        heard[2 * i + 1] = span_text(fields[i].value);
    }
    assert_true(obey_hear(site_of(fixture), heard, 2 * count));
    collector_turn(fixture->collector);
}

static struct in_force
all_in(enum site_mode mode)
{
    return (struct in_force){ .version = 1, .mode = mode, .next_mode = mode, .next_from_s = IN_FORCE_NEVER };
}

static void
view(struct collector_fixture *fixture, const char *path, int networks)
{
    char address[32];
    char body[64];
    snprintf(body, sizeof body, "s=a.example&u=%s&n=1", path);
    for (int i = 1; i <= networks; i++) {
        snprintf(address, sizeof address, "198.51.%d.7", i);
        assert_int_equal(collector_fixture_send(fixture, address, HEADERS, body).verdict, VERDICT_ACCEPTED);
    }
}

static bool
has_table(struct collector_fixture *fixture, const char *table)
{
    char *store = collector_fixture_store(fixture);
    char wanted[64];
    snprintf(wanted, sizeof wanted, "a.example %s ", table);
    bool has = strstr(store, wanted) != NULL;
    free(store);
    return has;
}

static void
test_held_until_it_has_heard(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, OPEN);
    assert_true(obey_holds(site_of(&fixture)));
    view(&fixture, "/", 3); /* counted all the same */
    assert_true(has_table(&fixture, "total"));
    int64_t counted = collector_fixture_leaf(&fixture, "a.example", "total", "2026-11-22", "");
    struct in_force value = all_in(MODE_STANDARD);
    hear(&fixture, &value);
    assert_false(obey_holds(site_of(&fixture)));
    assert_int_equal(collector_fixture_leaf(&fixture, "a.example", "total", "2026-11-22", ""), counted); /* and kept */
    assert_false(obey_hear(site_of(&fixture), NULL, 0)); /* Redis was wiped: what was heard stays */
    assert_false(obey_holds(site_of(&fixture)));
    const struct span half[] = { SPAN_LITERAL("version"), SPAN_LITERAL("2") };
    assert_false(obey_hear(site_of(&fixture), half, 2));
    assert_false(obey_holds(site_of(&fixture)));
    collector_fixture_fini(&fixture);
}

static void
test_what_was_announced_is_dropped_and_counted_from_its_hour(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, OPEN);
    view(&fixture, "/", 3);
    assert_true(has_table(&fixture, "hour"));
    struct in_force value = all_in(MODE_STANDARD);
    value.from[TABLE_HOUR][PERIOD_HOUR] = fixture.now_s - fixture.now_s % 3600 + 3600;
    value.from[TABLE_PAGE][PERIOD_DAY] = IN_FORCE_NEVER;
    hear(&fixture, &value);
    assert_false(has_table(&fixture, "hour"));
    view(&fixture, "/", 3);
    assert_false(has_table(&fixture, "hour"));
    assert_int_equal(collector_fixture_leaf(&fixture, "a.example", "page", "2026-11-22", "/"), INT64_MIN);
    assert_int_not_equal(collector_fixture_leaf(&fixture, "a.example", "page", "2026-11", "/"), INT64_MIN);
    fixture.now_s += 3600;
    view(&fixture, "/", 1);
    assert_true(has_table(&fixture, "hour"));
    collector_fixture_fini(&fixture);
}

static void
test_what_is_no_longer_declared_keeps_its_counts(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, OPEN);
    struct in_force value = all_in(MODE_STANDARD);
    hear(&fixture, &value);
    view(&fixture, "/", 3);
    int64_t before = collector_fixture_leaf(&fixture, "a.example", "visits", "2026-11-22", "");
    value.from[TABLE_VISITS][PERIOD_DAY] = IN_FORCE_NEVER;
    hear(&fixture, &value);
    view(&fixture, "/", 3);
    assert_int_equal(collector_fixture_leaf(&fixture, "a.example", "visits", "2026-11-22", ""), before);
    collector_fixture_fini(&fixture);
}

static void
test_the_old_mode_is_kept_until_its_month(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, OPEN);
    struct in_force value = all_in(MODE_RESTRICTED);
    value.min_population = 5000;
    hear(&fixture, &value); /* the aggregator does not even know of the change */
    struct site *site = site_of(&fixture);
    assert_int_equal(site->mode, MODE_RESTRICTED);
    assert_int_equal(site->config->min_population, 5000);
    view(&fixture, "/hemmelig", 6); /* slash-star-star lists anything; a restricted site lists nothing so */
    assert_false(has_table(&fixture, "hour"));
    assert_int_equal(collector_fixture_leaf(&fixture, "a.example", "page", "2026-11", "/hemmelig"), INT64_MIN);
    assert_int_not_equal(collector_fixture_leaf(&fixture, "a.example", "page", "2026-11", "(annet)"), INT64_MIN);
    int64_t total = collector_fixture_leaf(&fixture, "a.example", "total", "2026-11-22", "");
    value.next_mode = MODE_STANDARD;
    value.next_from_s = period_end(site->open[PERIOD_MONTH], &site->zone);
    hear(&fixture, &value);
    assert_int_equal(site->mode, MODE_RESTRICTED);
    fixture.now_s = value.next_from_s;
    view(&fixture, "/apen", 6);
    assert_int_equal(site->mode, MODE_STANDARD);
    assert_int_not_equal(collector_fixture_leaf(&fixture, "a.example", "page", "2026-12-01", "/apen"), INT64_MIN);
    assert_int_equal(collector_fixture_leaf(&fixture, "a.example", "total", "2026-11-22", ""), total); /* to be sent */
    collector_fixture_fini(&fixture);
}

static void
test_a_narrower_mode_waits_for_the_aggregator_to_know(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, CHILDREN);
    struct in_force value = all_in(MODE_STANDARD);
    hear(&fixture, &value);
    assert_int_equal(site_of(&fixture)->mode, MODE_RESTRICTED);
    assert_true(obey_holds(site_of(&fixture))); /* else it would be shown by the wider rules */
    value = all_in(MODE_RESTRICTED);
    hear(&fixture, &value);
    assert_false(obey_holds(site_of(&fixture)));
    collector_fixture_fini(&fixture);
}

static void
test_names_of_a_wider_mode_do_not_live_on(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, OPEN);
    view(&fixture, "/hemmelig", 6); /* nothing heard yet: it has a name in memory */
    struct in_force value = all_in(MODE_RESTRICTED);
    hear(&fixture, &value);
    view(&fixture, "/hemmelig", 6);
    char *store = collector_fixture_store(&fixture);
    assert_null(strstr(store, "hemmelig"));
    free(store);
    collector_fixture_fini(&fixture);
}

static void
test_a_reload_keeps_what_was_heard(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    const char *why = "";
    collector_fixture_init(&fixture, "sites:\n  a.example: {mode: standard, tables: [total]}\n");
    struct in_force value = all_in(MODE_STANDARD);
    value.from[TABLE_HOUR][PERIOD_HOUR] = IN_FORCE_NEVER;
    hear(&fixture, &value);
    fixture_text(&fixture.files, "sporlos.yaml",
                 "sites:\n  a.example: {mode: standard, tables: [total, visits, hour]}\n");
    assert_int_equal(fixture_load(&fixture.files, NULL), SP_OK);
    assert_int_equal(collector_reload(fixture.collector, fixture.files.config, &why), SP_OK);
    fixture.files.config = NULL;
    assert_false(obey_holds(site_of(&fixture)));
    assert_false(has_table(&fixture, "hour")); /* the configuration alone opens nothing */
    assert_true(has_table(&fixture, "visits"));
    view(&fixture, "/", 2);
    assert_false(has_table(&fixture, "hour"));
    collector_fixture_fini(&fixture);
}

/* A collector with a journal, of which there is another process after it. */
struct lives {
    char folder[32];
    char text[256];
};

static void
lives_begin(struct lives *lives, struct collector_fixture *fixture)
{
    *lives = (struct lives){ .folder = "/dev/shm/sporlos-test-XXXXXX" };
    assert_non_null(mkdtemp(lives->folder));
    snprintf(lives->text, sizeof lives->text, "collector: {journal: \"%s\", counter_memory: 1 MiB}\n" OPEN,
             lives->folder);
    collector_fixture_init(fixture, lives->text);
}

static void
lives_next(struct lives *lives, struct collector_fixture *fixture)
{
    const char *why = "";
    collector_free(fixture->collector);
    fixture_text(&fixture->files, "sporlos.yaml", lives->text);
    assert_int_equal(fixture_load(&fixture->files, NULL), SP_OK);
    assert_int_equal(collector_new(fixture->files.config, &fixture->collector, &why), SP_OK);
    fixture->files.config = NULL;
}

static void
lives_end(struct lives *lives, struct collector_fixture *fixture)
{
    collector_fixture_fini(fixture);
    snprintf(lives->text, sizeof lives->text, "%s/counters", lives->folder);
    unlink(lives->text);
    rmdir(lives->folder);
}

/* Redis was wiped, the aggregator is away, and the collector starts again: what it had been told stands in the journal.
 */
static void
test_the_next_process_may_send_what_this_one_was_allowed(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    struct lives lives;
    lives_begin(&lives, &fixture);
    struct in_force value = all_in(MODE_STANDARD);
    value.from[TABLE_HOUR][PERIOD_HOUR] = IN_FORCE_NEVER;
    hear(&fixture, &value);
    view(&fixture, "/", 3);
    int64_t counted = collector_fixture_leaf(&fixture, "a.example", "total", "2026-11-22", "");
    lives_next(&lives, &fixture);
    assert_false(obey_holds(site_of(&fixture)));
    view(&fixture, "/", 1);
    assert_int_equal(collector_fixture_leaf(&fixture, "a.example", "total", "2026-11-22", ""), counted + 1);
    assert_false(has_table(&fixture, "hour")); /* and nothing more */
    lives_end(&lives, &fixture);
}

/* ---- wider than what was heard before, and not announced ---- */

static bool
try_hear(struct collector_fixture *fixture, const struct in_force *value)
{
    struct in_force_field fields[IN_FORCE_FIELDS_MAX];
    struct span heard[2 * IN_FORCE_FIELDS_MAX];
    size_t count = in_force_write(value, fields);
    for (size_t i = 0; i < count; i++) {
        heard[2 * i] = span_text(fields[i].name);
        heard[2 * i + 1] = span_text(fields[i].value);
    }
    bool taken = obey_hear(site_of(fixture), heard, 2 * count);
    collector_turn(fixture->collector);
    return taken;
}

static void
test_a_wider_mode_that_nobody_announced_is_not_obeyed(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, OPEN);
    struct in_force value = all_in(MODE_RESTRICTED);
    hear(&fixture, &value);
    view(&fixture, "/", 3);
    struct in_force wider = all_in(MODE_STANDARD);
    wider.published_s = fixture.now_s;
    assert_false(try_hear(&fixture, &wider));
    assert_int_equal(site_of(&fixture)->mode, MODE_RESTRICTED);
    assert_true(obey_holds(site_of(&fixture))); /* else its leaves would be shown by the wider rules */
    view(&fixture, "/", 3);
    assert_false(has_table(&fixture, "hour"));
    assert_true(try_hear(&fixture, &value)); /* the aggregator has its archive back */
    assert_false(obey_holds(site_of(&fixture)));
    assert_true(has_table(&fixture, "total"));
    assert_false(try_hear(&fixture, &wider));
    fixture.now_s += DECLARATION_NOTICE_S; /* 6 December: not in the middle of a month */
    assert_false(try_hear(&fixture, &wider));
    fixture.now_s = period_end(site_of(&fixture)->open[PERIOD_MONTH], &site_of(&fixture)->zone);
    collector_turn(fixture.collector);
    assert_true(try_hear(&fixture, &wider));
    assert_int_equal(site_of(&fixture)->mode, MODE_STANDARD);
    assert_false(obey_holds(site_of(&fixture)));
    char *store = collector_fixture_store(&fixture); /* of the days in between, kept back, nothing is sent now */
    assert_null(strstr(store, "2026-11"));
    free(store);
    collector_fixture_fini(&fixture);
}

static void
test_a_wider_mode_that_was_announced_is_obeyed(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, OPEN);
    struct in_force value = all_in(MODE_RESTRICTED);
    value.next_mode = MODE_STANDARD;
    value.next_from_s = period_end(site_of(&fixture)->open[PERIOD_MONTH], &site_of(&fixture)->zone);
    hear(&fixture, &value);
    fixture.now_s = value.next_from_s;
    collector_turn(fixture.collector);
    struct in_force wider = all_in(MODE_STANDARD);
    wider.published_s = fixture.now_s - 1; /* a narrower version of it came on the last day and kept the date */
    assert_true(try_hear(&fixture, &wider));
    assert_int_equal(site_of(&fixture)->mode, MODE_STANDARD);
    assert_false(obey_holds(site_of(&fixture)));
    collector_fixture_fini(&fixture);
}

static void
test_tables_and_smaller_municipalities_that_nobody_announced_wait(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, OPEN);
    struct in_force value = all_in(MODE_STANDARD);
    value.from[TABLE_HOUR][PERIOD_HOUR] = IN_FORCE_NEVER;
    value.min_population = 9000;
    hear(&fixture, &value);
    struct in_force wider = all_in(MODE_STANDARD);
    wider.published_s = fixture.now_s;
    for (int i = 0; i < 2; i++) { /* heard again, it is no more announced than before */
        assert_true(try_hear(&fixture, &wider));
        view(&fixture, "/", 1);
        assert_false(has_table(&fixture, "hour"));
        assert_int_equal(site_of(&fixture)->config->min_population, 9000);
        assert_int_not_equal(collector_fixture_leaf(&fixture, "a.example", "total", "2026-11-22", ""), INT64_MIN);
    }
    fixture.now_s += DECLARATION_NOTICE_S + 86400;
    view(&fixture, "/", 1);
    assert_true(has_table(&fixture, "hour"));
    assert_int_equal(site_of(&fixture)->config->min_population, 9000);
    fixture.now_s = period_end(site_of(&fixture)->open[PERIOD_MONTH], &site_of(&fixture)->zone);
    collector_turn(fixture.collector);
    assert_true(try_hear(&fixture, &wider));
    assert_int_equal(site_of(&fixture)->config->min_population, 0);
    collector_fixture_fini(&fixture);
}

static bool
has_word(struct collector_fixture *fixture, const char *word)
{
    char *store = collector_fixture_store(fixture);
    bool has = strstr(store, word) != NULL;
    free(store);
    return has;
}

static void
test_the_query_is_read_from_its_day(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, "sites:\n  a.example: {mode: standard, search_parameter: q}\n");
    struct in_force value = all_in(MODE_STANDARD);
    value.query_from_s = IN_FORCE_NEVER;
    hear(&fixture, &value);
    view(&fixture, "/sok%3Fq%3Dsorg", 6);
    assert_false(has_word(&fixture, "sorg"));
    strcpy(value.query, "q"); /* unannounced: it waits all the same */
    value.query_from_s = 0;
    value.published_s = fixture.now_s;
    hear(&fixture, &value);
    view(&fixture, "/sok%3Fq%3Dsorg", 6);
    assert_false(has_word(&fixture, "sorg"));
    int64_t from_s = declaration_in_force_from(fixture.now_s, true, &site_of(&fixture)->zone);
    fixture.now_s = from_s - 1;
    view(&fixture, "/sok%3Fq%3Dsorg", 6);
    assert_false(has_word(&fixture, "sorg"));
    fixture.now_s = from_s;
    view(&fixture, "/sok%3Fq%3Dsorg", 6);
    assert_true(has_word(&fixture, "sorg"));
    collector_fixture_fini(&fixture);
}

static void
test_the_next_process_refuses_too(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    struct lives lives;
    lives_begin(&lives, &fixture);
    struct in_force value = all_in(MODE_RESTRICTED);
    struct in_force wider = all_in(MODE_STANDARD);
    wider.published_s = fixture.now_s;
    hear(&fixture, &value);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(site_of(&fixture)->mode, MODE_RESTRICTED);
        if (i == 1)
            assert_true(obey_holds(site_of(&fixture))); /* before it has heard anything */
        assert_false(try_hear(&fixture, &wider));
        lives_next(&lives, &fixture);
    }
    lives_end(&lives, &fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_held_until_it_has_heard),
        cmocka_unit_test(test_what_was_announced_is_dropped_and_counted_from_its_hour),
        cmocka_unit_test(test_what_is_no_longer_declared_keeps_its_counts),
        cmocka_unit_test(test_the_old_mode_is_kept_until_its_month),
        cmocka_unit_test(test_a_narrower_mode_waits_for_the_aggregator_to_know),
        cmocka_unit_test(test_names_of_a_wider_mode_do_not_live_on),
        cmocka_unit_test(test_a_reload_keeps_what_was_heard),
        cmocka_unit_test(test_the_next_process_may_send_what_this_one_was_allowed),
        cmocka_unit_test(test_a_wider_mode_that_nobody_announced_is_not_obeyed),
        cmocka_unit_test(test_a_wider_mode_that_was_announced_is_obeyed),
        cmocka_unit_test(test_tables_and_smaller_municipalities_that_nobody_announced_wait),
        cmocka_unit_test(test_the_next_process_refuses_too),
        cmocka_unit_test(test_the_query_is_read_from_its_day),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
