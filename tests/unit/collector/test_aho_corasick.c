#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aho_corasick.h"
#include "random_text.h"

#include <ctype.h>
#include <stdlib.h>

static struct word
word_of(const char *text, uint64_t mask)
{
    return (struct word){ .text = span_text(text), .mask = mask };
}

/* On the heap to its exact length, so that the sanitizer sees a read past the end. */
static uint64_t
find(const struct words *words, struct span text)
{
    char *copy = malloc(text.length == 0 ? 1 : text.length);
    if (text.length > 0)
        memcpy(copy, text.at, text.length);
    uint64_t found = words_find(words, span_of(copy, text.length));
    free(copy);
    return found;
}

static void
test_words_are_found_anywhere(void **state)
{
    (void)state;
    const struct word list[] = { word_of("he", 1), word_of("she", 2), word_of("his", 4), word_of("hers", 8) };
    struct words *words;
    assert_int_equal(words_new(list, 4, false, &words), SP_OK);
    assert_int_equal(find(words, SPAN_LITERAL("ushers")), 1 | 2 | 8);
    assert_int_equal(find(words, SPAN_LITERAL("his")), 4);
    assert_int_equal(find(words, SPAN_LITERAL("HIS")), 0);
    assert_int_equal(find(words, SPAN_LITERAL("")), 0);
    assert_int_equal(find(words, SPAN_LITERAL("h")), 0);
    words_free(words);
}

static void
test_marks_bind_to_start_and_end(void **state)
{
    (void)state;
    struct word list[] = { word_of("ab", 1), word_of("ab", 2), word_of("ab", 4) };
    struct words *words;
    list[0].at_start = list[2].at_start = true;
    list[1].at_end = list[2].at_end = true;
    assert_int_equal(words_new(list, 3, false, &words), SP_OK);
    assert_int_equal(find(words, SPAN_LITERAL("ab")), 1 | 2 | 4);
    assert_int_equal(find(words, SPAN_LITERAL("abb")), 1);
    assert_int_equal(find(words, SPAN_LITERAL("aab")), 2);
    assert_int_equal(find(words, SPAN_LITERAL("aabb")), 0);
    words_free(words);
}

static void
test_a_longer_word_hides(void **state)
{
    (void)state;
    struct word list[] = { word_of("bot", 1), word_of("cubot", 0) };
    struct words *words;
    list[1].hides = true;
    assert_int_equal(words_new(list, 2, true, &words), SP_OK);
    assert_int_equal(find(words, SPAN_LITERAL("a CUBOT X")), 0);
    assert_int_equal(find(words, SPAN_LITERAL("a CUBOT ROBOT")), 1);
    assert_int_equal(find(words, SPAN_LITERAL("ubot")), 1);
    words_free(words);
}

static void
test_bad_words_are_refused(void **state)
{
    (void)state;
    static char text[WORD_BYTES_MAX + 2];
    memset(text, 'a', sizeof text - 1);
    const struct word list[] = { word_of("", 1), word_of(text, 1) };
    struct words *words = (void *)text;
    assert_int_equal(words_new(&list[0], 1, false, &words), SP_MALFORMED);
    assert_null(words);
    assert_int_equal(words_new(&list[1], 1, false, &words), SP_MALFORMED);
    struct word *many = calloc(300, sizeof *many);
    static char bytes[300][WORD_BYTES_MAX + 1];
    for (int i = 0; i < 300; i++) {
        memset(bytes[i], 'a' + i % 26, WORD_BYTES_MAX);
        many[i] = word_of(bytes[i], 1);
    }
    assert_int_equal(words_new(many, 300, false, &words), SP_FULL);
    assert_null(words);
    free(many);
}

static bool
ends_at(const struct word *word, struct span text, size_t end, bool fold)
{
    size_t length = word->text.length;
    if (length > end || (word->at_start && length != end) || (word->at_end && end != text.length))
        return false;
    for (size_t i = 0; i < length; i++) {
        char a = text.at[end - length + i], b = word->text.at[i];
        if (fold ? tolower(a) != tolower(b) : a != b)
            return false;
    }
    return true;
}

/* A word that hides takes away what is shorter and ends where it does. */
static uint64_t
plainly(const struct word *list, size_t count, struct span text, bool fold)
{
    uint64_t found = 0;
    for (size_t end = 1; end <= text.length; end++) {
        size_t hidden = 0;
        for (size_t i = 0; i < count; i++) {
            if (list[i].hides && ends_at(&list[i], text, end, fold) && list[i].text.length > hidden)
                hidden = list[i].text.length;
        }
        for (size_t i = 0; i < count; i++)
            found |= (list[i].at_end || list[i].text.length >= hidden) && ends_at(&list[i], text, end, fold)
                         ? list[i].mask
                         : 0;
    }
    return found;
}

static void
test_finds_what_a_plain_search_finds(void **state)
{
    (void)state;
    enum { WORDS = 20, TEXTS = 200 };
    char bytes[WORDS][8], text[40];
    srand(1);
    for (int round = 0; round < 200; round++) {
        struct word list[WORDS] = { 0 };
        struct words *words;
        for (int i = 0; i < WORDS; i++) {
            list[i].text = span_of(bytes[i], random_text(bytes[i], sizeof bytes[i]));
            list[i].hides = rand() % 8 == 0;
            list[i].at_start = !list[i].hides && rand() % 8 == 0;
            list[i].at_end = !list[i].hides && rand() % 8 == 0;
            list[i].mask = UINT64_C(1) << i;
        }
        assert_int_equal(words_new(list, WORDS, round % 2 == 0, &words), SP_OK);
        for (int i = 0; i < TEXTS; i++) {
            struct span some = span_of(text, random_text(text, sizeof text));
            assert_int_equal(find(words, some), plainly(list, WORDS, some, round % 2 == 0));
        }
        words_free(words);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_found_anywhere),
        cmocka_unit_test(test_marks_bind_to_start_and_end),
        cmocka_unit_test(test_a_longer_word_hides),
        cmocka_unit_test(test_bad_words_are_refused),
        cmocka_unit_test(test_finds_what_a_plain_search_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
