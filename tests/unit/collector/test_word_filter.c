#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "word_filter.h"

#include <stdlib.h>
#include <string.h>

#define BROWSER "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

static const char *const common[] = { BROWSER };

/* On the heap to its exact length, so that the sanitizer sees a read past the end. */
static bool
passes(const struct word_filter *filter, struct span text)
{
    char *copy = malloc(text.length == 0 ? 1 : text.length);
    if (text.length > 0)
        memcpy(copy, text.at, text.length);
    bool result = word_filter_passes(filter, span_of(copy, text.length));
    free(copy);
    return result;
}

static void
test_common_texts_do_not_pass(void **state)
{
    (void)state;
    const struct span words[] = { SPAN_LITERAL("bot"), SPAN_LITERAL("crawl"), SPAN_LITERAL("://"),
                                  SPAN_LITERAL("Some Name"), SPAN_LITERAL("@") };
    struct word_filter filter;
    word_filter_init(&filter, words, 5, common, 1);
    assert_false(passes(&filter, SPAN_LITERAL(BROWSER)));
    assert_true(passes(&filter, SPAN_LITERAL(BROWSER " bot")));
    assert_true(passes(&filter, SPAN_LITERAL("short")));
    word_filter_init(&filter, words, 0, common, 1);
    assert_false(passes(&filter, SPAN_LITERAL(BROWSER " bot")));
}

/* Each alone, of 1 to 9 bytes, at each place of texts of each length, with any bytes around it, in both cases. */
static void
test_no_word_is_missed(void **state)
{
    (void)state;
    static const char word[] = "Quartz/9!";
    char text[70];
    srand(1);
    for (size_t length = 1; length < sizeof word; length++) {
        const struct span words[] = { span_of(word, length) };
        struct word_filter filter;
        word_filter_init(&filter, words, 1, common, 1);
        for (size_t total = length; total <= sizeof text; total++) {
            for (size_t at = 0; at + length <= total; at++) {
                for (size_t i = 0; i < total; i++)
                    text[i] = (char)(rand() % 256);
                for (size_t i = 0; i < length; i++)
                    text[at + i] = (char)((word[i] | 0x20) >= 'a' && rand() % 2 == 0 ? word[i] ^ 0x20 : word[i]);
                assert_true(passes(&filter, span_of(text, total)));
            }
        }
    }
}

/* Many words, so that all buckets are used and pairs shared. */
static void
test_none_of_many_is_missed(void **state)
{
    (void)state;
    enum { WORDS = 400, BYTES_MAX = 12 };
    static char bytes[WORDS][BYTES_MAX];
    static struct span words[WORDS];
    struct word_filter filter;
    char text[64];
    srand(2);
    for (size_t i = 0; i < WORDS; i++) {
        words[i] = span_of(bytes[i], 3 + (size_t)rand() % (BYTES_MAX - 3));
        for (size_t k = 0; k < words[i].length; k++)
            bytes[i][k] = (char)('!' + rand() % 94);
    }
    word_filter_init(&filter, words, WORDS, common, 1);
    for (size_t i = 0; i < WORDS; i++) {
        for (size_t at = 0; at < 20; at++) {
            size_t total = 20 + BYTES_MAX + at % 3;
            memset(text, ' ', total);
            memcpy(text + at, words[i].at, words[i].length);
            assert_true(passes(&filter, span_of(text, total)));
        }
    }
    assert_false(passes(&filter, SPAN_LITERAL(BROWSER)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_common_texts_do_not_pass),
        cmocka_unit_test(test_no_word_is_missed),
        cmocka_unit_test(test_none_of_many_is_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
