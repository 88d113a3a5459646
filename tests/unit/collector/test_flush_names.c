/* Names of texts that have earned one, in Redis: for other collectors, and for this one when it starts again. */
#include "flush_stage.h"

#include <sodium.h>

/* A page that nobody lists, from enough networks to have a name. */
static void
earn(struct stage *stage, const char *page)
{
    for (int i = 0; i < 5; i++) {
        char address[32];
        char body[128];
        snprintf(address, sizeof address, "10.1.%d.1", i);
        snprintf(body, sizeof body, "s=site.example&u=%s", page);
        assert_int_equal(collector_fixture_send(&stage->fixture, address, HEADERS, body).verdict, VERDICT_ACCEPTED);
    }
}

#define NAMES "sp1:{site.example}:names"

/* A view of one reader more: has its page a name? */
static bool
is_named(struct stage *stage, const char *page)
{
    struct texts *texts = counters_texts(collector_counters(stage->fixture.collector));
    const struct site *site = stage_site(stage);
    char body[128];
    snprintf(body, sizeof body, "s=site.example&u=%s", page);
    collector_fixture_send(&stage->fixture, "10.9.9.1", HEADERS, body);
    struct name_id id = { site->text, texts_find(texts, span_text(page)), NAME_PAGE };
    return id.text != TEXT_NONE &&
           names_use(collector_names(stage->fixture.collector), id, (int32_t)(stage->fixture.now_s / 86400));
}

static void
test_names_outlive_the_process(void **state)
{
    struct stage stage;
    char today[16];
    (void)state;
    stage_init(&stage);
    snprintf(today, sizeof today, "%d", (int)(stage.fixture.now_s / 86400));
    earn(&stage, "/ny-side");
    run(&stage, 300);
    assert_string_equal(ask(&stage, "HGETALL " NAMES), "2 elements"); /* and not the listed ones */
    assert_string_equal(ask(&stage, "HGET " NAMES " p/ny-side"), today);
    /* what other collectors admitted, what is too old, and what no rule would have let in */
    ask(&stage, "HSET " NAMES " p/fra-en-annen %d wangst %d p/gammel %d", (int)(stage.fixture.now_s / 86400) - 3,
        (int)(stage.fixture.now_s / 86400), (int)(stage.fixture.now_s / 86400) - 93);
    ask(&stage, "HSET " NAMES " p/brev/02013299997 %s wola@example.no %s", today, today);
    ask(&stage, "HSET " NAMES " wANGST %s xtull %s", today, today);
    ask(&stage, "HSET " NAMES " d/../a %s dfil.pdf %s o/vei %s", today, today, today);
    ask(&stage, "HSET " NAMES " hNAV.no %s h02013299997.no %s n/p/0201_3299_997 %s", today, today, today);
    flush_free(stage.flush);
    collector_attach_flush(stage.fixture.collector, NULL);
    collector_fixture_fini(&stage.fixture);
    collector_fixture_init(&stage.fixture, stage_yaml);
    clock_replace(&stage.clock);
    assert_false(is_named(&stage, "/ny-side")); /* a new process does not know yet */
    stage_flush(&stage);
    fixture_all_in_force(NULL, stage_site(&stage));
    run(&stage, 300);
    assert_int_equal(names_count(collector_names(stage.fixture.collector)), 3);
    assert_true(is_named(&stage, "/ny-side"));
    assert_true(is_named(&stage, "/fra-en-annen"));
    assert_false(is_named(&stage, "/gammel"));
    assert_false(is_named(&stage, "/brev/02013299997"));
    run(&stage, 300);
    assert_string_equal(ask(&stage, "HEXISTS " NAMES " p/gammel"), "0");
    assert_string_equal(ask(&stage, "HGET " NAMES " p/fra-en-annen"), today); /* it was used */
    stage_fini(&stage);
}

/* One row a kind: what earns a name, and the name. */
static const struct earner {
    const char *fields, *letter, *text;
} earners[] = {
    { "u=/Om/Den%20Lange%20Veien/til_ola.nordmann.no.html&n=1", "p", "/Om/Den Lange Veien/til_ola.nordmann.no.html" },
    { "t=search&q=Pappa+er+syk", "w", "pappa er syk" },
    { "t=event&v=Åpnet+skjema", "e", "åpnet skjema" },
    { "u=/&n=1&c=Jul+og+sorg", "c", "jul og sorg" },
    { "u=/&n=1&r=www.oslo.kommune.no", "h", "oslo.kommune.no" },
    { "u=/&n=1&a=Nyhetsbrev", "s", "nyhetsbrev" },
    { "u=/&n=1&m=E-post", "m", "e-post" },
    { "t=download&v=/Filer/Ola1.pdf", "d", "/Filer/Ola1.pdf" },
    { "t=outbound&v=www.bydel.oslo.kommune.no", "o", "oslo.kommune.no" },
    { "t=missing&v=/Gammel Side/som ikke er her lenger", "n", "/Gammel Side/som ikke er her lenger" },
};
enum { EARNERS = sizeof earners / sizeof earners[0] };
_Static_assert((int)EARNERS == (int)NAME_KIND_COUNT, "each kind of name makes its round trip");

static bool
has_name(struct stage *stage, const struct earner *earner)
{
    struct texts *texts = counters_texts(collector_counters(stage->fixture.collector));
    struct name_id id = { .site = stage_site(stage)->text, .text = texts_find(texts, span_text(earner->text)) };
    assert_true(name_kind_find(earner->letter[0], &id.kind));
    return id.text != TEXT_NONE &&
           names_use(collector_names(stage->fixture.collector), id, (int32_t)(stage->fixture.now_s / 86400));
}

static void
test_what_earned_a_name_has_it_after_a_restart(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    for (int i = 0; i < EARNERS; i++) {
        for (int sender = 0; sender < 5; sender++) {
            char address[32];
            char body[160];
            snprintf(address, sizeof address, "10.1.%d.1", sender);
            snprintf(body, sizeof body, "s=site.example&%s", earners[i].fields);
            assert_int_equal(collector_fixture_send(&stage.fixture, address, HEADERS, body).verdict, VERDICT_ACCEPTED);
        }
        if (!has_name(&stage, &earners[i]))
            fail_msg("'%s' earned no name", earners[i].text);
    }
    run_until(&stage, "20 elements", "HGETALL " NAMES); /* fields and days */
    flush_free(stage.flush);
    collector_attach_flush(stage.fixture.collector, NULL);
    collector_fixture_fini(&stage.fixture);
    collector_fixture_init(&stage.fixture, stage_yaml);
    clock_replace(&stage.clock);
    stage_flush(&stage);
    for (int i = 0; i < 100 && names_count(collector_names(stage.fixture.collector)) < EARNERS; i++)
        run(&stage, 50);
    for (int i = 0; i < EARNERS; i++)
        if (!has_name(&stage, &earners[i]))
            fail_msg("'%s' has lost its name", earners[i].text);
    stage_fini(&stage);
}

static void
test_names_are_written_again_after_a_wipe(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    earn(&stage, "/ny-side");
    run(&stage, 300);
    ask(&stage, "FLUSHALL");
    earn(&stage, "/enda-en");
    run(&stage, 500);
    assert_string_equal(ask(&stage, "HGETALL " NAMES), "4 elements");
    long ttl = strtol(ask(&stage, "TTL " NAMES), NULL, 10);
    assert_in_range(ttl, KEYSPACE_TTL_MAX_S - 5, KEYSPACE_TTL_MAX_S);
    stage_fini(&stage);
}

/* The aggregator says that the site is restricted, whatever its file says. */
static void
hear_restricted(struct stage *stage)
{
    struct site *site = stage_site(stage);
    enum site_mode mode = site->configured_mode;
    site->configured_mode = MODE_RESTRICTED;
    fixture_all_in_force(NULL, site);
    site->configured_mode = mode;
}

/* The file says standard, which is announced only; Redis is empty, nothing was kept, and the aggregator is away. */
static void
test_a_site_that_nothing_was_heard_of_writes_no_names(void **state)
{
    struct stage stage;
    (void)state;
    stage_init_unheard(&stage);
    earn(&stage, "/ny-side&r=avis.example&n=1");
    earn(&stage, "/&t=search&q=angst");
    run(&stage, 500);
    assert_string_equal(ask(&stage, "EXISTS " NAMES), "0");
    hear_restricted(&stage);
    earn(&stage, "/enda-en");
    run(&stage, 500);
    assert_string_equal(ask(&stage, "EXISTS " NAMES), "0");
    assert_redis_equals_store(&stage);
    stage_fini(&stage);
}

static void
test_what_waited_is_written_when_it_is_in_force(void **state)
{
    struct stage stage;
    (void)state;
    stage_init_unheard(&stage);
    earn(&stage, "/ny-side");
    run(&stage, 300);
    assert_string_equal(ask(&stage, "EXISTS " NAMES), "0");
    fixture_all_in_force(NULL, stage_site(&stage));
    run_until(&stage, "2 elements", "HGETALL " NAMES);
    stage_fini(&stage);
}

static void
test_a_site_that_becomes_restricted_loses_its_names(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    earn(&stage, "/ny-side");
    run_until(&stage, "2 elements", "HGETALL " NAMES);
    hear_restricted(&stage);
    run_until(&stage, "0", "EXISTS " NAMES);
    for (int i = 0; i < 1000 && stage_site(&stage)->names_read_s == 0; i++)
        run(&stage, 10); /* until it knows that they are gone, or it would note the hour to come */
    assert_int_equal(stage_site(&stage)->names_read_s, stage.fixture.now_s);
    ask(&stage, "HSET " NAMES " wangst 20000"); /* another collector has not heard it yet */
    stage.fixture.now_s += 3601;
    run_until(&stage, "0", "EXISTS " NAMES);
    stage_fini(&stage);
}

/* A server that lets nobody at the names (an old list of users) counts as before, and is not asked all the time. */
static void
test_refused_names_stop_no_counting(void **state)
{
    struct stage stage;
    (void)state;
    stage_init(&stage);
    ask(&stage, "SET " NAMES " x");
    earn(&stage, "/ny-side");
    run(&stage, 500);
    assert_redis_equals_store(&stage);
    assert_in_range(flush_statistics(stage.flush).calls_failed, 1, 2); /* one to read, one to write */
    assert_true(flush_statistics(stage.flush).last_complete_ms > 0);
    ask(&stage, "DEL " NAMES);
    stage.fixture.now_s += 61;
    run(&stage, 500);
    assert_string_equal(ask(&stage, "HGETALL " NAMES), "2 elements");
    stage_fini(&stage);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_outlive_the_process),
        cmocka_unit_test(test_what_earned_a_name_has_it_after_a_restart),
        cmocka_unit_test(test_names_are_written_again_after_a_wipe),
        cmocka_unit_test(test_a_site_that_nothing_was_heard_of_writes_no_names),
        cmocka_unit_test(test_what_waited_is_written_when_it_is_in_force),
        cmocka_unit_test(test_a_site_that_becomes_restricted_loses_its_names),
        cmocka_unit_test(test_refused_names_stop_no_counting),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
