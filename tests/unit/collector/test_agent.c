#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const words[] = {
    "bot",     "crawl",  "curl/",   "facebookexternal", "go-http", "headless", "httpclient", "lighthouse", "libwww",
    "monitor", "okhttp", "preview", "phantomjs",        "python",  "scrapy",   "slurp",      "spider",     "wget/",
};

enum { LENGTH_MAX = 150 };

static bool
holds_a_word(const char *text)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasestr(text, words[i]) != NULL)
            return true;
    }
    return false;
}

/* On the heap to its exact length, so that the sanitizer sees a read past the end. */
static bool
judge(const char *text)
{
    size_t length = strlen(text);
    char *copy = malloc(length == 0 ? 1 : length);
    memcpy(copy, text, length);
    bool automaton = agent_is_automaton(span_of(copy, length));
    free(copy);
    return automaton;
}

/* Every word, at every place of texts of every length, in three cases: no step of the search may skip one. */
static void
test_words_are_found_wherever_they_stand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        for (size_t total = length; total < LENGTH_MAX; total++) {
            for (size_t at = 0; at + length <= total; at++) {
                char text[LENGTH_MAX + 1];
                memset(text, 'x', total);
                text[total] = '\0';
                for (size_t j = 0; j < length; j++) {
                    bool upper = (at + total) % 3 == 1 || ((at + total) % 3 == 2 && j % 2 == 0);
                    text[at + j] = (char)(upper ? toupper((unsigned char)words[i][j]) : words[i][j]);
                }
                if (!judge(text))
                    fail_msg("'%s' was not found", text);
                text[at + length - 1] = '.';
                if (judge(text) != holds_a_word(text))
                    fail_msg("'%s' is %s", text, judge(text) ? "none" : "one");
            }
        }
    }
}

static void
test_browsers_are_none(void **state)
{
    (void)state;
    static const char *const browsers[] = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
        "Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
        "Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 "
        "Chrome/130.0.0.0 "
        "Mobile Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
        "Safari/605.1.15",
        "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18", /* holds a pair, but no word */
        "Mozilla/5.0 bo curl go http wget scrap py",
        "x",
    };
    for (size_t i = 0; i < sizeof browsers / sizeof browsers[0]; i++)
        assert_false(judge(browsers[i]));
    assert_true(judge(""));
}

/* xorshift64 over the letters that words are made of: many near misses, some hits. */
static void
test_agrees_with_a_plain_search(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252U;
    for (int round = 0; round < 20000; round++) {
        static const char letters[] = "abcdehilnoprstuwygmj/-. BOTURL";
        char text[LENGTH_MAX + 1] = { 0 };
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        size_t length = random % LENGTH_MAX + 1;
        uint64_t draw = random;
        for (size_t i = 0; i < length; i++) {
            draw = draw * 6364136223846793005U + 1442695040888963407U;
            text[i] = letters[(draw >> 33) % (sizeof letters - 1)];
        }
        if (judge(text) != holds_a_word(text))
            fail_msg("'%s' is judged otherwise", text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_found_wherever_they_stand),
        cmocka_unit_test(test_browsers_are_none),
        cmocka_unit_test(test_agrees_with_a_plain_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
