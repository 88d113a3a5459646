/* What a reply of Redis is taken for. That the calls do what they say is seen in test_flush.c, against a real one. */
#include "flush_call.h"

#include <hiredis/hiredis.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
test_the_number_that_was_found(void **state)
{
    (void)state;
    static const struct {
        int type;
        long long value;
        uint64_t number;
        bool good;
    } rows[] = {
        { REDIS_REPLY_INTEGER, 0, 1, true },
        { REDIS_REPLY_INTEGER, 7, 8, true },
        { REDIS_REPLY_INTEGER, 800, 8, true }, /* of another process with our name */
        { REDIS_REPLY_INTEGER, 1LL << 48, 8, true },
        { REDIS_REPLY_INTEGER, (1LL << 48) + 1, 8, false }, /* nobody has counted that far */
        { REDIS_REPLY_INTEGER, (1LL << 48) + 1, (1ULL << 48) + 2, true },
        { REDIS_REPLY_INTEGER, INT64_MAX, 8, false },
        { REDIS_REPLY_INTEGER, -1, 8, false },
        { REDIS_REPLY_INTEGER, INT64_MIN, 8, false },
        { REDIS_REPLY_NIL, 3, 8, false },
        { REDIS_REPLY_STRING, 3, 8, false },
        { REDIS_REPLY_ARRAY, 3, 8, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        redisReply number = { .type = rows[i].type, .integer = rows[i].value };
        redisReply *elements[] = { &number };
        const redisReply reply = { .type = REDIS_REPLY_ARRAY, .elements = 1, .element = elements };
        uint64_t found = 99;
        assert_int_equal(call_number_found(&reply, rows[i].number, &found), rows[i].good);
        if (rows[i].good)
            assert_int_equal(found, rows[i].value);
    }
    const redisReply empty = { .type = REDIS_REPLY_ARRAY };
    uint64_t found = 0;
    assert_false(call_number_found(&empty, 8, &found));
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_the_number_that_was_found) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
