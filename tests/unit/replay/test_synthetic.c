#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access_line.h"
#include "synthetic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_SEED = 5381, DAY_S = 86400, MANY = 20000 };

struct sums {
    uint64_t hash, views, entries, referred, v6;
    uint64_t hours[24];
    uint64_t front, sorg, kontakt; /* views of the first three pages */
    int64_t last_s;
};

static void
mix(uint64_t *hash, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        *hash = (*hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
}

static void
mix_number(uint64_t *hash, uint64_t number)
{
    for (int shift = 0; shift < 64; shift += 8)
        mix(hash, &(unsigned char){ (unsigned char)(number >> shift) }, 1);
}

static bool
is(struct span text, const char *other)
{
    return span_equal(text, span_text(other));
}

static void
add(struct sums *sums, const struct view *view)
{
    assert_true(view->time_s >= sums->last_s);
    sums->last_s = view->time_s;
    mix_number(&sums->hash, view->network.prefix);
    mix_number(&sums->hash, (uint64_t)view->time_s);
    mix(&sums->hash, view->path.at, view->path.length);
    mix(&sums->hash, view->agent.at, view->agent.length);
    mix(&sums->hash, view->referrer.at, view->referrer.length);
    sums->views++;
    sums->entries += view->entry;
    sums->referred += view->referrer.length > 0;
    sums->v6 += view->entry && view->network.family == NETWORK_V6;
    sums->hours[view->time_s % DAY_S / 3600] += view->entry;
    sums->front += is(view->path, "/");
    sums->sorg += is(view->path, "/sorg");
    sums->kontakt += is(view->path, "/kontakt");
    assert_true(access_path_is_page(view->path));
    assert_true(view->agent.length > 0 && view->agent.length <= VIEW_AGENT_MAX);
    assert_true(view->entry || view->referrer.length == 0);
    uint64_t limit = view->network.family == NETWORK_V4 ? UINT64_C(1) << 24 : UINT64_C(1) << 48;
    assert_true(view->network.prefix > 0 && view->network.prefix < limit);
}

static struct sums
sums_of(const struct synthetic_options *options)
{
    struct sums sums = { .hash = HASH_SEED };
    struct synthetic *synthetic;
    struct view view;
    assert_int_equal(synthetic_new(options, &synthetic), SP_OK);
    while (synthetic_next(synthetic, &view))
        add(&sums, &view);
    assert_false(synthetic_next(synthetic, &view));
    synthetic_free(synthetic);
    return sums;
}

static void
test_the_same_seed_gives_the_same_readers(void **state)
{
    (void)state;
    const struct synthetic_options first = { 1, 500, 3, 40 }, second = { 2, 500, 3, 40 };
    uint64_t hash = sums_of(&first).hash;
    assert_true(hash == sums_of(&first).hash);
    assert_true(hash != sums_of(&second).hash);
    assert_true(hash ==
                UINT64_C(0xf0752582318e56cf)); /* on every machine, in every version: else say so in CHANGELOG.md */
}

static void
assert_share(uint64_t part, uint64_t whole, double expected)
{
    double share = (double)part / (double)whole;
    double deviation = sqrt(expected * (1 - expected) / (double)whole);
    if (fabs(share - expected) > 5 * deviation + 0.002)
        fail_msg("%.4f, not %.4f", share, expected);
}

static void
test_the_distributions(void **state)
{
    (void)state;
    const struct synthetic_options options = { 3, MANY, 2, 40 };
    struct sums sums = sums_of(&options);
    double harmonic = 0;
    for (int rank = 1; rank <= 40; rank++)
        harmonic += 1.0 / rank;
    assert_int_equal(sums.entries, 2 * MANY);
    assert_true(sums.views > 24 * 2 * MANY / 10 && sums.views < 26 * 2 * MANY / 10);
    assert_share(sums.front, sums.views, 1 / harmonic);
    assert_share(sums.sorg, sums.views, 1 / harmonic / 2);
    assert_share(sums.kontakt, sums.views, 1 / harmonic / 3);
    assert_share(sums.v6, sums.entries, 0.3);
    assert_share(sums.entries - sums.referred, sums.entries, 290.0 / 1007);
    assert_share(sums.hours[11], sums.entries, 62.0 / 854);
    assert_share(sums.hours[3], sums.entries, 2.0 / 854);
}

static void
test_days_follow_each_other_and_end(void **state)
{
    (void)state;
    const struct synthetic_options options = { 1, 50, 4, 1 };
    struct sums sums = sums_of(&options);
    assert_int_equal(sums.entries, 200);
    assert_int_equal(sums.front, sums.views);
    assert_true(sums.last_s > 3 * DAY_S && sums.last_s < 4 * DAY_S);
}

/* All of them are drawn, and have different paths. */
static void
test_as_many_pages_as_wanted(void **state)
{
    (void)state;
    const struct synthetic_options options = { 1, 100000, 1, SYNTHETIC_PAGES_MAX };
    struct synthetic *synthetic;
    struct view view;
    static char paths[SYNTHETIC_PAGES_MAX + 1][64];
    size_t count = 0;
    assert_int_equal(synthetic_new(&options, &synthetic), SP_OK);
    while (synthetic_next(synthetic, &view)) {
        size_t at = 0;
        while (at < count && !span_equal(view.path, span_text(paths[at])))
            at++;
        assert_true(at < SYNTHETIC_PAGES_MAX);
        if (at == count) {
            memcpy(paths[count], view.path.at, view.path.length);
            paths[count++][view.path.length] = '\0';
        }
    }
    assert_int_equal(count, SYNTHETIC_PAGES_MAX);
    synthetic_free(synthetic);
}

static void
test_limits(void **state)
{
    static const struct synthetic_options wrong[] = {
        { 1, 0, 1, 1 }, { 1, SYNTHETIC_VISITORS_MAX + 1, 1, 1 }, { 1, 1, 0, 1 }, { 1, 1, SYNTHETIC_DAYS_MAX + 1, 1 },
        { 1, 1, 1, 0 }, { 1, 1, 1, SYNTHETIC_PAGES_MAX + 1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct synthetic *synthetic;
        assert_int_equal(synthetic_new(&wrong[i], &synthetic), SP_MALFORMED);
        assert_null(synthetic);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_seed_gives_the_same_readers),
        cmocka_unit_test(test_the_distributions),
        cmocka_unit_test(test_days_follow_each_other_and_end),
        cmocka_unit_test(test_as_many_pages_as_wanted),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
