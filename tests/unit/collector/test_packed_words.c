#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packed_words.h"
#include "random_text.h"

#include <stdio.h>
#include <stdlib.h>

/* On the heap to its exact length, so that the sanitizer sees a read past the end. */
static unsigned
find(const struct packed_words *packed, struct span text)
{
    char *copy = malloc(text.length == 0 ? 1 : text.length);
    if (text.length > 0)
        memcpy(copy, text.at, text.length);
    unsigned found = packed_words_find(packed, span_of(copy, text.length));
    free(copy);
    return found;
}

static struct packed_words *
pack(const struct words *first, const struct words *second)
{
    struct packed_words *packed;
    assert_int_equal(packed_words_new((const struct words *[2]){ first, second }, &packed), SP_OK);
    return packed;
}

static void
test_words_of_both_are_found(void **state)
{
    (void)state;
    const struct word folded[] = { { .text = SPAN_LITERAL("bot"), .mask = 1 },
                                   { .text = SPAN_LITERAL("cubot"), .hides = true },
                                   { .text = SPAN_LITERAL("@"), .mask = 8 } };
    const struct word exact[] = { { .text = SPAN_LITERAL("Botany"), .mask = 2 },
                                  { .text = SPAN_LITERAL("LCC "), .at_start = true, .mask = 4 },
                                  { .text = SPAN_LITERAL("Labs"), .at_end = true, .mask = 16 } };
    struct words *a, *b;
    assert_int_equal(words_new(folded, 3, true, &a), SP_OK);
    assert_int_equal(words_new(exact, 3, false, &b), SP_OK);
    struct packed_words *packed = pack(a, b);
    assert_int_equal(find(packed, SPAN_LITERAL("")), 0);
    assert_int_equal(find(packed, SPAN_LITERAL("b")), 0);
    assert_int_equal(find(packed, SPAN_LITERAL("BOT")), 1);
    assert_int_equal(find(packed, SPAN_LITERAL("a Botany")), 1 | 2);
    assert_int_equal(find(packed, SPAN_LITERAL("a BOTany")), 1);
    assert_int_equal(find(packed, SPAN_LITERAL("CUBOT cubotany")), 0);
    assert_int_equal(find(packed, SPAN_LITERAL("cuBotany")), 2);
    assert_int_equal(find(packed, SPAN_LITERAL("LCC 1")), 4);
    assert_int_equal(find(packed, SPAN_LITERAL(" LCC 1")), 0);
    assert_int_equal(find(packed, SPAN_LITERAL("SSL Labs")), 16);
    assert_int_equal(find(packed, SPAN_LITERAL("SSL Labs@")), 8);
    packed_words_free(packed);
    packed = pack(a, NULL);
    assert_int_equal(find(packed, SPAN_LITERAL("a Botany")), 1);
    packed_words_free(packed);
    packed_words_free(NULL);
    words_free(a);
    words_free(b);
}

/* A text as long as the longest word, and a byte more and less, is not shared out wrongly. */
static void
test_the_longest_word_may_be_the_whole_text(void **state)
{
    (void)state;
    static const char text[] = "abcdefgh";
    for (size_t length = 1; length < sizeof text; length++) {
        for (int marks = 0; marks < 4; marks++) {
            const struct word word = {
                .text = span_of(text, length), .at_start = (marks & 1) != 0, .at_end = (marks & 2) != 0, .mask = 1
            };
            struct words *words;
            assert_int_equal(words_new(&word, 1, false, &words), SP_OK);
            struct packed_words *packed = pack(words, NULL);
            for (size_t total = 0; total < sizeof text; total++) {
                bool found = total >= length && (!word.at_end || total == length);
                assert_int_equal(find(packed, span_of(text, total)), found);
            }
            packed_words_free(packed);
            words_free(words);
        }
    }
}

static void
test_what_does_not_fit_is_refused(void **state)
{
    (void)state;
    const struct word wide = { .text = SPAN_LITERAL("wide"), .mask = 256 };
    struct words *words, *others;
    struct packed_words *packed;
    assert_int_equal(words_new(&wide, 1, false, &words), SP_OK);
    assert_int_equal(packed_words_new((const struct words *[2]){ words, NULL }, &packed), SP_MALFORMED);
    assert_null(packed);
    words_free(words);
    enum { WORDS = 1900, BYTES = 32 }; /* each automaton has room for them, both together have not */
    static char text[2 * WORDS][BYTES + 1];
    static struct word list[2 * WORDS];
    for (unsigned i = 0; i < 2 * WORDS; i++) {
        snprintf(text[i], sizeof text[i], "%08x%08x%08x%08x", i * 2654435761U, i, ~i, i * 40503U);
        list[i] = (struct word){ .text = span_of(text[i], BYTES), .mask = 1 };
    }
    assert_int_equal(words_new(list, WORDS, true, &words), SP_OK);
    assert_int_equal(words_new(list + WORDS, WORDS, false, &others), SP_OK);
    assert_int_equal(packed_words_new((const struct words *[2]){ words, others }, &packed), SP_FULL);
    assert_null(packed);
    words_free(words);
    words_free(others);
}

static void
random_words(struct word *list, size_t count, char bytes[][12], unsigned bits)
{
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct word){ .text = span_of(bytes[i], random_text(bytes[i], sizeof bytes[i])) };
        list[i].hides = rand() % 8 == 0;
        list[i].at_start = !list[i].hides && rand() % 8 == 0;
        list[i].at_end = !list[i].hides && rand() % 8 == 0;
        list[i].mask = UINT64_C(1) << (i % 4 + bits);
    }
}

/* Of words that overlap in every way, and texts of every length about theirs. */
static void
test_finds_what_the_automata_find(void **state)
{
    (void)state;
    enum { WORDS = 12, TEXTS = 300 };
    struct word list[2][WORDS];
    char bytes[2][WORDS][12], text[70];
    srand(1);
    for (int round = 0; round < 300; round++) {
        struct words *words[2] = { NULL };
        for (int i = 0; i < 1 + round % 2; i++) {
            random_words(list[i], WORDS, bytes[i], (unsigned)i * 4);
            assert_int_equal(words_new(list[i], WORDS, rand() % 2 == 0, &words[i]), SP_OK);
        }
        struct packed_words *packed = pack(words[0], words[1]);
        for (int i = 0; i < TEXTS; i++) {
            struct span some = span_of(text, random_text(text, sizeof text));
            uint64_t expected = words_find(words[0], some) | (words[1] == NULL ? 0 : words_find(words[1], some));
            assert_int_equal(find(packed, some), expected);
        }
        packed_words_free(packed);
        words_free(words[0]);
        words_free(words[1]);
    }
}

static void
test_takes_little_memory(void **state)
{
    (void)state;
    enum { WORDS = 500, BYTES = 16 };
    static char text[WORDS][BYTES + 1];
    static struct word list[WORDS];
    for (unsigned i = 0; i < WORDS; i++) {
        snprintf(text[i], sizeof text[i], "%08x%08x", i * 2654435761U, i * 40503U);
        list[i] = (struct word){ .text = span_of(text[i], BYTES), .mask = 1 };
    }
    struct words *words;
    assert_int_equal(words_new(list, WORDS, false, &words), SP_OK);
    struct packed_words *packed = pack(words, NULL);
    assert_true(packed_words_size(packed) < words_size(words) / 4);
    packed_words_free(packed);
    words_free(words);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_of_both_are_found),
        cmocka_unit_test(test_the_longest_word_may_be_the_whole_text),
        cmocka_unit_test(test_what_does_not_fit_is_refused),
        cmocka_unit_test(test_finds_what_the_automata_find),
        cmocka_unit_test(test_takes_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
