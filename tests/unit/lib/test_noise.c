#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "noise_below.h"
#include "sporlos/clock.h"

#include <math.h>
#include <string.h>

enum { BOUND_MAX = 20, DRAWS = 1000000 };

static double
probability(enum site_mode mode, int v)
{
    return (double)(noise_bits_below(mode, v + 1) - noise_bits_below(mode, v)) / 4294967296.0;
}

/* docs/privacy.md, section 3 */
static const double printed[MODE_COUNT][BOUND_MAX + 1] = {
    [MODE_STANDARD] = { .2288015, .19419346, .11873037, .05229263, .01659093, .00379186 },
    [MODE_RESTRICTED] = { .13294927, .12576833, .10647001, .08065921, .05468287, .03317564, .01801183, .00875119,
                          .00380494, .00148046, .00051549, .00016062, .00004479 },
    [MODE_STRICT] = { [0] = .07976298, [20] = .00002691 },
};

static void
test_probabilities_are_the_printed_ones(void **state)
{
    (void)state;
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        for (int v = 0; v <= mode_table[mode].bound; v++) {
            if (printed[mode][v] > 0)
                assert_true(fabs(probability((enum site_mode)mode, v) - printed[mode][v]) < 1e-6);
            else
                assert_int_equal(mode, MODE_STRICT); /* the only row that is not printed in full */
        }
    }
}

static void
test_the_distribution_is_symmetric_and_has_its_variance(void **state)
{
    (void)state;
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        int bound = mode_table[mode].bound;
        double mass = 0;
        double mean = 0;
        double variance = 0;
        for (int v = -bound; v <= bound; v++) {
            double p = probability((enum site_mode)mode, v);
            assert_true(fabs(p - probability((enum site_mode)mode, -v)) < 1e-9);
            assert_true(v <= 0 || p < probability((enum site_mode)mode, v - 1));
            mass += p;
            mean += p * v;
            variance += p * v * v;
        }
        assert_true(fabs(mass - 1) < 1e-12);
        assert_true(fabs(mean) < 1e-8);
        assert_true(fabs(variance - mode_table[mode].variance) < 1e-6);
    }
}

/* Maximum entropy: log p falls by a v^2 with one and the same a. */
static void
test_the_distribution_is_of_the_stated_form(void **state)
{
    (void)state;
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        double zero = log(probability((enum site_mode)mode, 0));
        double a = zero - log(probability((enum site_mode)mode, 1));
        for (int v = 2; v <= mode_table[mode].bound; v++)
            assert_true(fabs((zero - log(probability((enum site_mode)mode, v))) / (v * v) - a) < 1e-5);
    }
}

static void
test_the_ends_of_the_range_of_bits_are_the_bounds(void **state)
{
    (void)state;
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        assert_int_equal(noise_from_bits((enum site_mode)mode, 0), -mode_table[mode].bound);
        assert_int_equal(noise_from_bits((enum site_mode)mode, UINT32_MAX), mode_table[mode].bound);
        assert_int_equal(noise_from_bits((enum site_mode)mode, UINT32_C(1) << 31), 0);
    }
}

/* A stream of random numbers that is the same in every run: a failure is a fault, never bad luck. */
struct stream {
    uint32_t numbers[1 << 16];
    size_t used;
    unsigned char seed[randombytes_SEEDBYTES];
};

static void
give_next(void *context, void *out, size_t length)
{
    struct stream *stream = context;
    assert_int_equal(length, sizeof(uint32_t));
    if (stream->used % (1 << 16) == 0) {
        stream->seed[0]++;
        randombytes_buf_deterministic(stream->numbers, sizeof stream->numbers, stream->seed);
    }
    memcpy(out, &stream->numbers[stream->used++ % (1 << 16)], length);
}

static void
test_a_million_draws_have_mean_variance_and_shape(void **state)
{
    (void)state;
    static struct stream stream;
    const struct random_source source = { give_next, &stream };
    random_replace(&source);
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        static int64_t counts[2 * BOUND_MAX + 1];
        int bound = mode_table[mode].bound;
        double variance = mode_table[mode].variance;
        double sum = 0;
        double squares = 0;
        memset(counts, 0, sizeof counts);
        for (int i = 0; i < DRAWS; i++) {
            int v = noise_draw((enum site_mode)mode);
            assert_true(v >= -bound && v <= bound);
            counts[v + BOUND_MAX]++;
            sum += v;
            squares += (double)v * v;
        }
        /* .006 for V = 3 is 3.5 standard errors; as many of them for the others. */
        assert_true(fabs(sum / DRAWS) < .006 * sqrt(variance / 3));
        assert_true(fabs(squares / DRAWS / variance - 1) < .01);
        double chi_square = 0;
        for (int v = -bound; v <= bound; v++) {
            double expected = probability((enum site_mode)mode, v) * DRAWS;
            double off = (double)counts[v + BOUND_MAX] - expected;
            chi_square += off * off / expected;
        }
        /* Of mean 2 D and variance 4 D. */
        assert_true(chi_square < 2 * bound + 4 * sqrt(4 * bound));
    }
    random_replace(NULL);
}

static void
test_the_system_gives_other_draws_each_time(void **state)
{
    (void)state;
    int differences = 0;
    for (int i = 0; i < 1000; i++)
        differences += noise_draw(MODE_STRICT) != noise_draw(MODE_STRICT);
    assert_in_range(differences, 850, 1000); /* 94 % are expected */
}

/* Random bytes that a test has chosen. */
static void
give_bytes(void *context, void *out, size_t length)
{
    assert_int_equal(length, sizeof(uint32_t));
    memcpy(out, context, length);
}

static void
test_a_draw_is_what_its_bits_stand_for_and_takes_no_others(void **state)
{
    (void)state;
    uint32_t bits = 0;
    const struct random_source source = { give_bytes, &bits };
    random_replace(&source);
    for (uint32_t i = 0; i < 100000; i++) {
        bits = i * 42949U;
        for (int mode = 0; mode < MODE_COUNT; mode++)
            assert_int_equal(noise_draw((enum site_mode)mode), noise_from_bits((enum site_mode)mode, bits));
    }
    random_replace(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_probabilities_are_the_printed_ones),
        cmocka_unit_test(test_the_distribution_is_symmetric_and_has_its_variance),
        cmocka_unit_test(test_the_distribution_is_of_the_stated_form),
        cmocka_unit_test(test_the_ends_of_the_range_of_bits_are_the_bounds),
        cmocka_unit_test(test_a_million_draws_have_mean_variance_and_shape),
        cmocka_unit_test(test_the_system_gives_other_draws_each_time),
        cmocka_unit_test(test_a_draw_is_what_its_bits_stand_for_and_takes_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
