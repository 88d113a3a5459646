#include "growth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Every table in every period that a mode has it in: a row once, under what it counts, and no other row. */
static void
check_mode(enum site_mode mode)
{
    uint8_t periods[TABLE_COUNT];
    unsigned wanted = 0;
    struct growths growths;
    for (int table = 0; table < TABLE_COUNT; table++) {
        periods[table] = (uint8_t)table_periods((enum table_id)table, mode);
        wanted += (unsigned)__builtin_popcount(periods[table]);
    }
    growths_read(&growths, periods);
    assert_int_equal(growths.first[0], 0);
    assert_int_equal(growths.first[COUNTED_COUNT], wanted);
    for (int counted = 0; counted < COUNTED_COUNT; counted++) {
        for (unsigned i = growths.first[counted]; i < growths.first[counted + 1]; i++) {
            const struct growth *row = &growths.rows[i];
            assert_int_equal(table_table[row->table].counted, counted);
            assert_int_not_equal(periods[row->table] & PERIOD_BIT(row->kind), 0);
            periods[row->table] = (uint8_t)(periods[row->table] & ~PERIOD_BIT(row->kind));
        }
    }
}

static void
test_every_table_of_a_mode_grows(void **state)
{
    (void)state;
    for (int mode = 0; mode < MODE_COUNT; mode++)
        check_mode((enum site_mode)mode);
}

static void
test_what_is_not_counted_does_not_grow(void **state)
{
    (void)state;
    uint8_t periods[TABLE_COUNT] = { [TABLE_PAGE] = PERIODS_MONTH };
    struct growths growths;
    growths_read(&growths, periods);
    assert_int_equal(growths.first[COUNTED_COUNT], 1);
    assert_int_equal(growths.first[COUNTED_VIEW + 1] - growths.first[COUNTED_VIEW], 1);
    assert_int_equal(growths.rows[0].table, TABLE_PAGE);
    assert_int_equal(growths.rows[0].kind, PERIOD_MONTH);
}

static void
test_a_period_that_opens_is_that_of_its_rows(void **state)
{
    (void)state;
    uint8_t periods[TABLE_COUNT] = { [TABLE_PAGE] = PERIODS_MONTH | PERIODS_DAY, [TABLE_DOWNLOAD] = PERIODS_DAY };
    struct growths growths;
    growths_read(&growths, periods);
    assert_int_equal(growths.first[COUNTED_COUNT], 3);
    growths_open(&growths, (struct period){ PERIOD_DAY, 20000 });
    growths_open(&growths, (struct period){ PERIOD_MONTH, 657 });
    growths_open(&growths, (struct period){ PERIOD_DAY, 20001 });
    growths_open(&growths, (struct period){ PERIOD_HOUR, 480024 });
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(growths.rows[i].period, growths.rows[i].kind == PERIOD_DAY ? 20001 : 657);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_table_of_a_mode_grows),
        cmocka_unit_test(test_what_is_not_counted_does_not_grow),
        cmocka_unit_test(test_a_period_that_opens_is_that_of_its_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
