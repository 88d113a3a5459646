/* What changes under a drain: leases, connections, what others write within a round, leaves that have expired. */
#include "drain_stage.h"

/* What happens, once, before the next call of one of these: others change Redis between two steps of a round. */
static void (*before_verdict)(void);
static void (*before_picture)(void);

static void
happen(void (**what)(void))
{
    void (*now)(void) = *what;
    *what = NULL;
    if (now != NULL)
        now();
}

/* The linker puts these between: tests/CMakeLists.txt. */
enum sp_error __real_archive_is_closed(struct archive *archive, const char *site, struct period period, bool *closed);
enum sp_error __wrap_archive_is_closed(struct archive *archive, const char *site, struct period period, bool *closed);
enum sp_error __real_picture_take(struct redis_link *link, const struct site_config *site,
                                  const struct open_period *period, struct picture *picture);
enum sp_error __wrap_picture_take(struct redis_link *link, const struct site_config *site,
                                  const struct open_period *period, struct picture *picture);

enum sp_error
__wrap_archive_is_closed(struct archive *archive, const char *site, struct period period, bool *closed)
{
    happen(&before_verdict);
    return __real_archive_is_closed(archive, site, period, closed);
}

enum sp_error
__wrap_picture_take(struct redis_link *link, const struct site_config *site, const struct open_period *period,
                    struct picture *picture)
{
    happen(&before_picture);
    return __real_picture_take(link, site, period, picture);
}

static void
test_only_the_holder_of_the_lease_drains(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    command("SET sp1:lease:drain somebodyelse EX 30");
    round_ok();
    assert_false(is_closed(SITE));
    assert_int_equal(world.metrics.drain_leader, 0);
    command("DEL sp1:lease:drain");
    round_ok();
    assert_true(is_closed(SITE));
    assert_int_equal(world.metrics.drain_leader, 1);
}

static void
test_a_lease_is_renewed_and_released_by_its_holder_only(void **state)
{
    NEED_REDIS();
    struct lease mine;
    struct lease theirs;
    bool held;
    command("DEL sp1:lease:drain"); /* the drain's own */
    lease_init(&mine);
    lease_init(&theirs);
    assert_int_equal(lease_take(&mine, world.link, &held), SP_OK);
    assert_true(held);
    command("EXPIRE sp1:lease:drain 5");
    assert_int_equal(lease_take(&mine, world.link, &held), SP_OK);
    assert_true(held);
    assert_in_range(command("TTL sp1:lease:drain"), 6, LEASE_S);
    assert_int_equal(lease_take(&theirs, world.link, &held), SP_OK);
    assert_false(held);
    lease_release(&theirs, world.link);
    assert_int_equal(command("EXISTS sp1:lease:drain"), 1);
    lease_release(&mine, world.link);
    assert_int_equal(command("EXISTS sp1:lease:drain"), 0);
}

static void
test_a_lost_connection_is_made_anew(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    now_s = day_end_s();
    round_ok();
    command("CLIENT KILL TYPE normal SKIPME yes");
    now_s = day_end_s() + PERIOD_GRACE_S;
    enum sp_error first = drain_round(world.drain);
    assert_int_equal(first, SP_UNAVAILABLE);
    assert_int_equal(world.metrics.drain_errors, 1);
    round_ok();
    assert_false(is_closed(SITE)); /* who knows what reported meanwhile */
    now_s += DRAIN_SETTLE_S;
    round_ok();
    assert_true(is_closed(SITE));
}

static void
test_nothing_is_closed_until_all_could_report_after_a_loss(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    put(SITE, "total", B, "", "30");
    seal(SITE, A);
    command("FLUSHALL");
    put(SITE, "total", A, "", "40"); /* A was quicker to send again what was lost */
    seal(SITE, A);
    round_ok();
    assert_false(is_closed(SITE));
    put(SITE, "total", B, "", "30");
    seal(SITE, B);
    now_s += DRAIN_SETTLE_S;
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 70);
}

static void
a_comes_back_first(void)
{
    command("FLUSHALL");
    put(SITE, "total", A, "", "30");
    seal(SITE, A);
}

static void
test_a_wipe_within_a_round_is_seen(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    before_picture = a_comes_back_first;
    assert_int_equal(drain_round(world.drain), SP_UNAVAILABLE);
    assert_null(before_picture); /* it came that far */
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:leaf:total:" DAY ":" A), 1);
}

static void
b_writes(void)
{
    put(SITE, "total", B, "", "30");
}

static void
test_a_source_that_comes_within_a_round_is_waited_for(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    before_picture = b_writes;
    round_ok();
    assert_null(before_picture);
    assert_false(is_closed(SITE));
    seal(SITE, B);
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 70);
}

static void
a_takes_its_seal_back(void)
{
    command("SREM sp1:{" SITE "}:sealed:" DAY " " A);
}

static void
test_a_seal_that_goes_within_a_round_is_waited_for(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    seal(SITE, A);
    before_picture = a_takes_its_seal_back;
    round_ok();
    assert_null(before_picture);
    assert_false(is_closed(SITE));
}

static void
what_is_open_goes(void)
{
    command("DEL sp1:{" SITE "}:open");
}

static void
a_writes_again(void)
{
    put(SITE, "total", A, "", "40");
}

/* It may write more after the picture, and nothing would refuse it. */
static void
test_what_could_not_be_frozen_is_not_closed(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    now_s = day_end_s() + PERIOD_SEAL_PATIENCE_S;
    before_verdict = what_is_open_goes;
    before_picture = a_writes_again;
    round_ok();
    assert_null(before_verdict);
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:closed:" DAY), 0);
    assert_non_null(before_picture); /* none was taken */
    before_picture = NULL;
}

/* So late that Redis has let go of leaves that were made when the day began. */
static void
go_where_leaves_have_expired(void)
{
    now_s = period_start(day, &world.sites[0].zone) + KEYSPACE_TTL_DAY_S;
    round_ok();
}

static void
test_expired_leaves_are_asked_for_before_a_period_is_closed(void **state)
{
    NEED_REDIS();
    open_and(SITE, A);
    seal(SITE, A);
    command("HSET sp1:{" SITE "}:flush " A " 17");
    go_where_leaves_have_expired();
    assert_false(is_closed(SITE));
    assert_int_equal(command("EXISTS sp1:{" SITE "}:flush"), 0);
    command("HSET sp1:{" SITE "}:flush " A " 18"); /* the collector sends it again */
    put(SITE, "total", A, "", "40");
    round_ok();
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").value, 40);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:flush"), 1);
    assert_int_equal(world.metrics.periods_expired, 0);
}

static void
test_expired_leaves_that_nobody_sends_are_lost_and_no_zero(void **state)
{
    NEED_REDIS();
    open_and(SITE, A);
    open_and(SITE, B);
    go_where_leaves_have_expired();
    now_s += DRAIN_SETTLE_S - 1;
    round_ok();
    assert_int_equal(world.metrics.periods_expired, 0);
    assert_int_equal(command("EXISTS sp1:{" SITE "}:closed:" DAY), 0);
    now_s++;
    round_ok();
    assert_int_equal(world.metrics.periods_expired, 1);
    assert_int_equal(world.metrics.periods_closed, 0);
    assert_int_equal(archived(SITE, TABLE_TOTAL, "").count, 0);
    assert_int_equal(command("SCARD sp1:{" SITE "}:open"), 0);
    assert_int_equal(command("GET sp1:{" SITE "}:closed:" DAY), 1);
}

static void
test_what_is_left_of_an_expired_period_is_kept_and_the_loss_counted(void **state)
{
    NEED_REDIS();
    put(SITE, "total", A, "", "40");
    open_and(SITE, B);
    go_where_leaves_have_expired();
    assert_false(is_closed(SITE));
    now_s += DRAIN_SETTLE_S;
    round_ok();
    assert_in_range(archived(SITE, TABLE_TOTAL, "").value, 40 - NOISE_MAX, 40 + NOISE_MAX); /* and the noise of B */
    assert_int_equal(world.metrics.periods_expired, 1);
}

static void
test_a_period_without_leaves_is_not_expired_before_its_time(void **state)
{
    NEED_REDIS();
    open_and(SITE, A);
    seal(SITE, A);
    now_s = period_start(day, &world.sites[0].zone) + KEYSPACE_TTL_DAY_S - 1;
    round_ok();
    assert_true(is_closed(SITE));
    assert_int_equal(world.metrics.periods_expired, 0);
}

static void
test_views_are_noted_also_while_another_drains(void **state)
{
    NEED_REDIS();
    struct activity *activity;
    assert_int_equal(activity_new(&activity), SP_OK);
    world.metrics.activity = activity;
    command("SET sp1:lease:drain somebodyelse EX 30");
    now_s = day_end_s() - 3600;
    put(SITE, "total", A, "", "-2");
    round_ok();
    command("HSET sp1:{" SITE "}:flush " A " 17");
    put(SITE, "declined", A, "", "4");
    round_ok();
    assert_int_equal(activity_tell(activity, SITE, MODE_STANDARD, now_s).last_s, 0);
    put(SITE, "total", A, "", "-1");
    round_ok();
    assert_int_equal(activity_tell(activity, SITE, MODE_STANDARD, now_s).last_s, now_s / 60 * 60);
    assert_false(activity_tell(activity, SITE, MODE_RESTRICTED, now_s).by_hour); /* no day is archived */
    world.metrics.activity = NULL;
    activity_free(activity);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_only_the_holder_of_the_lease_drains),
        T(test_a_lease_is_renewed_and_released_by_its_holder_only),
        T(test_a_lost_connection_is_made_anew),
        T(test_nothing_is_closed_until_all_could_report_after_a_loss),
        T(test_a_wipe_within_a_round_is_seen),
        T(test_a_source_that_comes_within_a_round_is_waited_for),
        T(test_a_seal_that_goes_within_a_round_is_waited_for),
        T(test_what_could_not_be_frozen_is_not_closed),
        T(test_expired_leaves_are_asked_for_before_a_period_is_closed),
        T(test_expired_leaves_that_nobody_sends_are_lost_and_no_zero),
        T(test_what_is_left_of_an_expired_period_is_kept_and_the_loss_counted),
        T(test_a_period_without_leaves_is_not_expired_before_its_time),
        T(test_views_are_noted_also_while_another_drains),
    };
    return drain_stage_run(tests, sizeof tests / sizeof tests[0]);
}
