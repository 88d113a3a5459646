/* What a round moves, waits for and leaves alone. */
#include "drain_stage.h"

enum {
    FILLED = 87, /* leaves of a standard site's day without a gazetteer: total, visits, declined, visitors, (annet),
                    unknown, abroad; (annet) and (fjernet) of searches, of those without a result, of the three parts of
                    a campaign and of events; (annet) of hosts, downloads, links away and missing pages; 7 classes of
                    referrers, 4 devices, 26 browsers, 7 systems, 7 steps of visible time and 7 of visits; 6 reasons */
};

static void
test_a_sealed_period_moves_once_and_leaves_nothing(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    put(SITE, "total", B, "", "-2");
    put(SITE, "page", A, "/sorg", "17");
    put(SITE, "page", B, "/sorg", "0");
    command("SADD sp1:{" SITE "}:witness:total:" DAY " %b", "", (size_t)0);
    seal(SITE, A);
    seal(SITE, B);
    round_ok();
    struct found total = archived(SITE, TABLE_TOTAL, "");
    assert_int_equal(total.count, 1);
    assert_int_equal(total.value, 38);
    assert_int_equal(total.sources, 2);
    assert_true(total.witnessed);
    struct found page = archived(SITE, TABLE_PAGE, "/sorg");
    assert_int_equal(page.value, 17);
    assert_false(page.witnessed);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 1);
    assert_int_equal(command("DBSIZE"), 3); /* the closed mark, the lease, the number of rounds */
    assert_in_range(command("TTL sp1:{" SITE "}:closed:" DAY), 1, KEYSPACE_TTL_CLOSED_S);
    assert_int_equal(world.metrics.periods_closed, 1);
    assert_int_equal(world.metrics.leaves_archived, FILLED + 1);   /* and the page that earned its name */
    assert_int_equal(archived(SITE, TABLE_VISITS, "").sources, 2); /* nobody fed it: twice noise, as the others */
    assert_int_equal(world.metrics.drain_last_s, now_s);
}

/* A '*' of the configuration named it, and the collectors were started again since. */
static void
test_a_page_of_the_day_before_keeps_its_leaf(void **state)
{
    NEED_REDIS();
    static char *patterns[] = { "/foreldre/*" };
    struct period yesterday = { day.kind, day.index - 1 };
    struct release_batch *batch;
    world.sites[0].pages = (struct text_list){ patterns, 1 };
    assert_int_equal(release_batch_new(&world.sites[0], yesterday, &batch), SP_OK);
    assert_int_equal(release_add(batch, TABLE_PAGE, SPAN_LITERAL("/foreldre/gruppe"), 40), SP_OK);
    assert_int_equal(archive_keep(world.archive, batch), SP_OK);
    release_batch_free(batch);
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    round_ok();
    struct found page = archived(SITE, TABLE_PAGE, "/foreldre/gruppe");
    assert_int_equal(page.count, 1);
    assert_in_range(page.value + NOISE_MAX, 0, 2 * NOISE_MAX);
    assert_false(page.witnessed);
}

static void
test_nothing_moves_before_the_grace_is_over(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    now_s--;
    round_ok();
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:total:" DAY ":" A), 1);
    now_s++;
    round_ok();
    assert_true(is_closed(SITE));
}

static void
test_a_source_with_leaves_that_has_not_sealed_is_waited_for(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    put(SITE, "total", B, "", "30");
    seal(SITE, A);
    now_s = day_end_s() + PERIOD_SEAL_PATIENCE_S - 1;
    round_ok();
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:closed:" DAY), 0);
    seal(SITE, B);
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 70);
    assert_int_equal(world.metrics.periods_unsealed, 0);
}

static void
test_a_living_source_without_leaves_is_waited_for(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    report_alive(SITE, B, now_s - SOURCE_SILENT_S, 0);
    round_ok();
    assert_false(is_closed(SITE));
    now_s++; /* now it has been silent for too long */
    round_ok();
    assert_true(is_closed(SITE));
}

static void
test_a_source_that_began_after_the_period_is_not_waited_for(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    report_alive(SITE, B, now_s, day_end_s() - 1);
    round_ok();
    assert_false(is_closed(SITE));
    report_alive(SITE, B, now_s, day_end_s());
    command("HSET sp1:{" SITE "}:sources " A " 17"); /* of another form: counted, nothing else */
    round_ok();
    assert_true(is_closed(SITE));
    assert_int_equal(world.metrics.malformed_fields, 1);
}

static void
test_patience_ends_after_a_day(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    put(SITE, "total", B, "", "30");
    seal(SITE, A);
    now_s = day_end_s() + PERIOD_SEAL_PATIENCE_S;
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 70);
    assert_int_equal(world.metrics.periods_unsealed, 1);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 1);
}

/* A machine that was asleep for days: what its collector had not sent yet, and who has not reported since, is waited
 * for as if the time had not passed. */
static void
test_a_clock_that_jumped_ahead_takes_no_patience(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    report_alive(SITE, A, now_s, 0);
    report_alive(SITE, B, now_s, 0);
    round_ok();
    assert_false(is_closed(SITE));
    now_s += 3 * PERIOD_SEAL_PATIENCE_S;
    jumped_s += 3 * PERIOD_SEAL_PATIENCE_S;
    round_ok();
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:closed:" DAY), 0);
    seal(SITE, A); /* B is no more silent than it was */
    now_s += DRAIN_SETTLE_S - 1;
    round_ok();
    assert_false(is_closed(SITE));
    now_s++;
    round_ok();
    assert_true(is_closed(SITE));
    assert_int_equal(world.metrics.periods_unsealed, 0);
}

static void
test_a_frozen_period_is_marked_and_keeps_its_leaves(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    struct open_periods open;
    bool frozen;
    assert_int_equal(open_periods_read(world.link, &world.sites[0], now_s, &open), SP_OK);
    assert_int_equal(drain_freeze(world.link, &world.sites[0], &open.items[0], &frozen), SP_OK);
    assert_true(frozen);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 0);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:total:" DAY ":" A), 1);
    open_periods_fini(&open);
}

static void
test_leaves_that_a_wipe_took_are_not_frozen_out(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    struct open_periods open;
    bool frozen;
    assert_int_equal(open_periods_read(world.link, &world.sites[0], now_s, &open), SP_OK);
    command("FLUSHALL");
    assert_int_equal(drain_freeze(world.link, &world.sites[0], &open.items[0], &frozen), SP_OK);
    assert_false(frozen);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:closed:" DAY), 0);
    open_periods_fini(&open);
}

static void
test_a_crash_between_archive_and_deletion_repeats_harmlessly(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    struct open_periods open;
    struct picture picture;
    assert_int_equal(open_periods_read(world.link, &world.sites[0], now_s, &open), SP_OK);
    assert_int_equal(picture_take(world.link, &world.sites[0], &open.items[0], &picture), SP_OK);
    assert_int_equal(archive_keep(world.archive, picture.batch), SP_OK);
    picture_fini(&picture);
    open_periods_fini(&open);
    /* The process dies here and starts again. */
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 40);
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").sources, 1);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 1);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:total:" DAY ":" A), 0);
    assert_int_equal(world.metrics.periods_closed, 0);
}

static void
test_leaves_that_come_back_are_never_taken_twice(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    round_ok();
    command("FLUSHALL"); /* the collector has not seen the close: it sends its sealed leaves again */
    put(SITE, "total", A, "", "40");
    put(SITE, "page", A, "/ny", "50");
    seal(SITE, A);
    round_ok();
    now_s += DRAIN_SETTLE_S;
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 40);
    assert_int_equal(archived(SITE, TABLE_PAGE, "/ny").count, 0);
    assert_int_equal(world.metrics.late_leaves, 2);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 1);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:page:" DAY ":" A), 0);
    assert_int_equal(command("SCARD sp1:{" SITE "}:open"), 0);
}

static void
test_a_wipe_between_seal_and_close_waits_for_the_collector(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    struct open_periods open;
    struct picture picture;
    assert_int_equal(open_periods_read(world.link, &world.sites[0], now_s, &open), SP_OK);
    command("FLUSHALL");
    assert_int_equal(picture_take(world.link, &world.sites[0], &open.items[0], &picture), SP_OK);
    assert_int_equal(picture.sources.count, 0); /* unlike open: so the round does not close */
    picture_fini(&picture);
    open_periods_fini(&open);
    round_ok();
    assert_false(is_closed(SITE));
}

static void
test_malformed_fields_are_skipped_and_the_others_taken(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "12x");
    put(SITE, "page", A, "/god", "20");
    put(SITE, "page", A, "uten skråstrek", "20");
    put(SITE, "page", A, "/for stor", "99999999999999999999");
    put(SITE, "page", A, "/plus", "+5");
    put(SITE, "municipality", A, "0301", "25");
    put(SITE, "municipality", A, "r03", "25");
    command("SET sp1:{" SITE "}:leaf:visits:" DAY ":" A " string");
    command("SADD sp1:{" SITE "}:open notaperiod");
    command("SADD sp1:{" SITE "}:witness:page:" DAY " uten");
    seal(SITE, A);
    round_ok();
    assert_true(is_closed(SITE));
    assert_int_equal(archived(SITE, TABLE_PAGE, "/god").value, 20);
    assert_int_equal(archived(SITE, TABLE_MUNICIPALITY, "0301").value, 25);
    assert_in_range(archived(SITE, TABLE_TOTAL, "").value + NOISE_MAX, 0, 2 * NOISE_MAX); /* filled: noise alone */
    assert_int_equal(archived(SITE, TABLE_MUNICIPALITY, "r03").count, 0);
    assert_int_equal(world.metrics.leaves_archived, FILLED + 2);
    assert_int_equal(world.metrics.malformed_fields, 8);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:visits:" DAY ":" A), 0);
    assert_int_equal(command("SCARD sp1:{" SITE "}:open"), 0);
}

static void
test_a_site_with_a_key_of_the_wrong_type_does_not_stop_the_others(void **state)
{
    NEED_REDIS();
    command("SET sp1:{" SITE "}:open string");
    put("barn.no", "total", A, "", "40");
    seal("barn.no", A);
    round_ok();
    assert_true(is_closed("barn.no"));
    assert_int_equal(world.metrics.malformed_fields, 1);
}

static void
test_a_restricted_site_keeps_only_its_closed_list(void **state)
{
    NEED_REDIS();
    put("barn.no", "total", A, "", "40");
    put("barn.no", "page", A, "/sorg", "40"); /* pages have months only */
    seal("barn.no", A);
    round_ok();
    assert_int_equal(archived("barn.no", TABLE_TOTAL, "").value, 40);
    assert_int_equal(archived("barn.no", TABLE_PAGE, "/sorg").count, 0);
    assert_int_equal(command("EXISTS sp1:{barn.no}:leaf:page:" DAY ":" A), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_sealed_period_moves_once_and_leaves_nothing),
        T(test_a_page_of_the_day_before_keeps_its_leaf),
        T(test_nothing_moves_before_the_grace_is_over),
        T(test_a_source_with_leaves_that_has_not_sealed_is_waited_for),
        T(test_a_living_source_without_leaves_is_waited_for),
        T(test_a_source_that_began_after_the_period_is_not_waited_for),
        T(test_patience_ends_after_a_day),
        T(test_a_clock_that_jumped_ahead_takes_no_patience),
        T(test_a_frozen_period_is_marked_and_keeps_its_leaves),
        T(test_leaves_that_a_wipe_took_are_not_frozen_out),
        T(test_a_crash_between_archive_and_deletion_repeats_harmlessly),
        T(test_leaves_that_come_back_are_never_taken_twice),
        T(test_a_wipe_between_seal_and_close_waits_for_the_collector),
        T(test_malformed_fields_are_skipped_and_the_others_taken),
        T(test_a_site_with_a_key_of_the_wrong_type_does_not_stop_the_others),
        T(test_a_restricted_site_keeps_only_its_closed_list),
    };
    return drain_stage_run(tests, sizeof tests / sizeof tests[0]);
}
