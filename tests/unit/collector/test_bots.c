#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bots.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define WINDOWS "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
#define CHROME WINDOWS "Chrome/142.0.0.0 Safari/537.36"

struct names {
    int file;
    char path[64], why[BOTS_WHY_MAX];
    struct bots *bots;
};

static enum sp_error
load(struct names *names, const char *text, size_t length)
{
    names->file = memfd_create("names", MFD_CLOEXEC);
    snprintf(names->path, sizeof names->path, "/proc/self/fd/%d", names->file);
    assert_int_equal(write(names->file, text, length), length);
    enum sp_error error = bots_new(names->path, names->why, &names->bots);
    close(names->file);
    return error;
}

static struct bots *
built_in(void)
{
    char why[BOTS_WHY_MAX];
    struct bots *bots;
    assert_int_equal(bots_new(NULL, why, &bots), SP_OK);
    return bots;
}

static void
test_browsers_are_people(void **state)
{
    (void)state;
    static const char *const browsers[] = {
        CHROME,
        CHROME " Edg/142.0.0.0",
        CHROME " (Ecosia android@150.0.0.0)",
        "Mozilla/5.0 (Linux; Android 13; CUBOT P80 Build/TP1A.220624.014) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; .NET CLR 2.0.50727; .NET4.0C)",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; .NET CLR 3.5.30729; Media Center PC 6.0)",
        "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; nb) Presto/2.12.423 Version/12.16",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
        "Instagram 350.0.0.0 (iPhone17,1; iOS 18_6; nb_NO; nb; scale=3.00; 1206x2622; IABMV/1)",
    };
    struct bots *bots = built_in();
    for (size_t i = 0; i < sizeof browsers / sizeof browsers[0]; i++)
        assert_int_equal(bots_classify(bots, span_text(browsers[i])), BOT_NONE);
    bots_free(bots);
}

/* Every word, at every place of texts of every length, in three cases: no step of the search may skip one. */
static void
test_words_are_found_wherever_they_stand(void **state)
{
    (void)state;
    static const char *const words[] = {
        "bot",        "crawl",       "spider",     "scrap",      "slurp",       "archiv",    "fetch",     "monitor",
        "preview",    "uptime",      "headless",   "lighthouse", "synthetic",   "phantomjs", "selenium",  "puppeteer",
        "playwright", "externalhit", "://",        "www.",       "@",           "python",    "curl",      "wget",
        "libwww",     "go-http",     "httpclient", "okhttp",     "axios",       "node.js",   "chatgpt",   "claude",
        "anthropic",  "perplexity",  "openai",     "cohere-",    "compatible;", "deepseek",  "eget navn", "Abc",
    };
    static const char names[] = "bot\teget navn\nbot\tAbc\n";
    enum { LENGTH_MAX = 60, START = 8 };
    struct names loaded;
    assert_int_equal(load(&loaded, names, sizeof names - 1), SP_OK);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        bool exact = i + 2 >= sizeof words / sizeof words[0]; /* of the file: in that case alone */
        for (size_t total = START + length; total <= LENGTH_MAX; total++) {
            for (size_t at = START; at + length <= total; at++) {
                char *text = malloc(total); /* exactly so long: a byte read behind it is seen */
                memset(text, 'x', total);
                memcpy(text, "Mozilla/", START);
                for (size_t j = 0; j < length; j++) {
                    bool upper = !exact && ((at + total) % 3 == 1 || ((at + total) % 3 == 2 && j % 2 == 0));
                    bool letter = words[i][j] >= 'a' && words[i][j] <= 'z';
                    text[at + j] = (char)(upper && letter ? words[i][j] & ~0x20 : words[i][j]);
                }
                if (bots_classify(loaded.bots, span_of(text, total)) == BOT_NONE)
                    fail_msg("'%s' was not found at %zu of %zu", words[i], at, total);
                free(text);
            }
        }
    }
    bots_free(loaded.bots);
}

static void
test_rules_alone_find_automata(void **state)
{
    (void)state;
    static const char *const automata[] = {
        "",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Unheard/1.0)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
        CHROME " Some-CRAWLER",
        CHROME " (+https://unheard.example)",
        CHROME " owner@unheard.example",
    };
    struct bots *bots = built_in();
    for (size_t i = 0; i < sizeof automata / sizeof automata[0]; i++)
        assert_int_equal(bots_classify(bots, span_text(automata[i])), BOT_AUTOMATON);
    bots_free(bots);
}

static void
test_ai_is_a_reason_of_its_own(void **state)
{
    (void)state;
    static const char *const names[] = {
        "GPTBot/1.2",
        "ChatGPT-User/1.0",
        "OAI-SearchBot/1.0",
        "ClaudeBot/1.0",
        "Claude-User/1.0",
        "PerplexityBot/1.0",
        "Perplexity-User/1.0",
        "CCBot/2.0",
        "Bytespider",
        "Google-Extended",
        "Amazonbot/0.1",
        "meta-externalagent/1.1",
        "meta-externalfetcher/1.1",
        "cohere-ai",
        "MistralAI-User/1.0",
        "Applebot-Extended/1",
        "DuckAssistBot/1.2",
        "Diffbot/0.1",
    };
    struct bots *bots = built_in();
    char agent[256];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(agent, sizeof agent, "Mozilla/5.0 (compatible; %s; +https://example.org/bot)", names[i]);
        assert_int_equal(bots_classify(bots, span_text(agent)), BOT_AI);
        assert_int_equal(bots_classify(bots, span_text(names[i])), BOT_AI);
    }
    bots_free(bots);
}

static void
test_names_of_the_file_are_found_as_they_are_written(void **state)
{
    (void)state;
    static const char text[] = "# names\n\nbot\tZgrab \nbot\t^Mozilla/4.9\r\nai\tLearner$\nbot\tfoobot";
    struct names names;
    assert_int_equal(load(&names, text, sizeof text - 1), SP_OK);
    assert_string_equal(names.why, "");
    assert_int_equal(bots_names(names.bots), 3); /* the rules find foobot */
    assert_int_equal(bots_classify(names.bots, SPAN_LITERAL(CHROME " Zgrab 1")), BOT_AUTOMATON);
    assert_int_equal(bots_classify(names.bots, SPAN_LITERAL(CHROME " zgrab 1")), BOT_NONE);
    assert_int_equal(bots_classify(names.bots, SPAN_LITERAL("Mozilla/4.9 (X11; Linux)")), BOT_AUTOMATON);
    assert_int_equal(bots_classify(names.bots, SPAN_LITERAL(CHROME " Mozilla/4.9")), BOT_NONE);
    assert_int_equal(bots_classify(names.bots, SPAN_LITERAL(CHROME " Learner")), BOT_AI);
    assert_int_equal(bots_classify(names.bots, SPAN_LITERAL(CHROME " Learner 2")), BOT_NONE);
    assert_int_equal(bots_classify(names.bots, SPAN_LITERAL("Zgrab Learner")), BOT_AI);
    bots_free(names.bots);
}

static void
test_a_bad_file_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "bot\tgood name\nbot good name\n", ":2: no tab between reason and name" },
        { "robot\tgood name\n", ":1: the reason is neither 'bot' nor 'ai'" },
        { "# 1\n\n\nbot\tab\n", ":4: a name of less than 3 bytes would find too much" },
        { "bot\t^ab$\n", ":1: a name of less than 3 bytes would find too much" },
        { "bot\t\n", ":1: a name of less than 3 bytes would find too much" },
        { "bot\ta\tb\n", ":1: a second tab" },
        { "bot\tgood\nbot\tSafari/\n", ":2: this name would find a common browser" },
        { "ai\t^Mozilla/5.0 (\n", ":1: this name would find a common browser" },
        { "bot\tAP3A.240617.008\n", ":1: this name would find a common browser" },
        { "bot\tgo\xff\xff\n", ":1: not UTF-8, or a control character" },
        { "bot\tgo\x1b[0m\n", ":1: not UTF-8, or a control character" },
        { "# nothing\n", ": no names" },
        { "", ": no names" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct names names;
        char expected[BOTS_WHY_MAX];
        assert_int_equal(load(&names, rows[i].text, strlen(rows[i].text)), SP_MALFORMED);
        snprintf(expected, sizeof expected, "%s%s", names.path, rows[i].why);
        assert_string_equal(names.why, expected);
        assert_null(names.bots);
    }
}

static void
test_a_file_that_is_no_list_is_refused(void **state)
{
    (void)state;
    struct names names;
    char *large = malloc((1 << 20) + 1);
    memset(large, '\n', (1 << 20) + 1);
    assert_int_equal(load(&names, large, (1 << 20) + 1), SP_TOO_LONG);
    assert_int_equal(bots_new("/nonexistent/crawlers.txt", names.why, &names.bots), SP_IO);
    assert_string_equal(names.why, "/nonexistent/crawlers.txt: No such file or directory");
    assert_int_equal(bots_new("/", names.why, &names.bots), SP_IO);
    assert_null(names.bots);
    size_t length = 0; /* more states than there is room for */
    for (unsigned i = 0; i < 4000; i++)
        length += (size_t)sprintf(large + length, "bot\t%08x%08x%08x%08x\n", i * 2654435761U, i, ~i, i * 40503U);
    assert_int_equal(load(&names, large, length), SP_FULL);
    assert_non_null(strstr(names.why, ": too many names"));
    free(large);
}

static void
test_of_a_long_agent_start_and_end_are_read(void **state)
{
    (void)state;
    struct bots *bots = built_in();
    static const size_t lengths[] = { 200, 255, 256, 257, 5000 };
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char *agent = malloc(lengths[i]);
        struct span all = span_of(agent, lengths[i]);
        memset(agent, 'x', lengths[i]);
        memcpy(agent, "Mozilla/5.0 ", 12);
        assert_int_equal(bots_classify(bots, all), BOT_NONE);
        memcpy(agent + lengths[i] - 3, "bot", 3);
        assert_int_equal(bots_classify(bots, all), BOT_AUTOMATON);
        memcpy(agent + 100, "gptbot", 6);
        assert_int_equal(bots_classify(bots, all), BOT_AI);
        free(agent);
    }
    bots_free(bots);
    bots_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_browsers_are_people),
        cmocka_unit_test(test_words_are_found_wherever_they_stand),
        cmocka_unit_test(test_rules_alone_find_automata),
        cmocka_unit_test(test_ai_is_a_reason_of_its_own),
        cmocka_unit_test(test_names_of_the_file_are_found_as_they_are_written),
        cmocka_unit_test(test_a_bad_file_is_refused_with_its_line),
        cmocka_unit_test(test_a_file_that_is_no_list_is_refused),
        cmocka_unit_test(test_of_a_long_agent_start_and_end_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
