#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access_line.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define AGENT "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
#define TIME "[22/Nov/2026:08:10:24 +0100]"
#define HEAD "192.0.2.77 - - " TIME " "

static char *own_names[] = { "example.no", "www.annen.no" };
static const struct text_list own = { own_names, 2 };
static char buffer[2 * ACCESS_LINE_MAX];

static enum access_verdict
read_line(const char *line, struct view *view, const char **why)
{
    assert_true(strlen(line) < sizeof buffer);
    strcpy(buffer, line);
    return access_line_read(buffer, strlen(line), &own, view, why);
}

static struct view
view_of(const char *line)
{
    struct view view;
    const char *why;
    enum access_verdict verdict = read_line(line, &view, &why);
    if (verdict != ACCESS_VIEW)
        fail_msg("%s: %s", line, why == NULL ? "no view" : why);
    assert_null(why);
    return view;
}

#define ASSERT_SPAN(span, text)                                                                                        \
    do {                                                                                                               \
        assert_int_equal((span).length, strlen(text));                                                                 \
        assert_memory_equal((span).at, text, strlen(text));                                                            \
    } while (0)

static void
test_a_view_of_nginx_and_of_apache(void **state)
{
    (void)state;
    struct view view =
        view_of(HEAD "\"GET /sorg?navn=ola#x HTTP/1.1\" 200 512 \"https://www.google.no/search?q=ola\" \"" AGENT "\"");
    ASSERT_SPAN(view.path, "/sorg");
    ASSERT_SPAN(view.referrer, "www.google.no");
    ASSERT_SPAN(view.agent, AGENT);
    assert_true(view.entry);
    assert_int_equal(view.time_s, 1795331424);
    assert_int_equal(view.network.family, NETWORK_V4);
    assert_int_equal(view.network.prefix, 0xc00002);
    view = view_of("192.0.2.77 - o[l]a [no\\x22rd] " TIME " \"GET /b HTTP/1.1\" 200 512 \"-\" \"a\"");
    ASSERT_SPAN(view.path, "/b");
    assert_int_equal(view.time_s, 1795331424);
    view = view_of("2001:db8:1:2::9 ident ola nordmann " TIME
                   " \"GET / HTTP/2.0\" 304 - \"-\" \"-\" \"198.51.100.1\" 0.01");
    ASSERT_SPAN(view.path, "/");
    assert_int_equal(view.referrer.length, 0);
    assert_int_equal(view.agent.length, 0);
    assert_true(view.entry);
    assert_int_equal(view.network.family, NETWORK_V6);
    assert_int_equal(view.network.prefix, 0x20010db80001);
}

/* Whatever else is wrong with the line. */
static void
test_the_address_is_wiped_from_the_line(void **state)
{
    static const char *const lines[] = {
        HEAD "\"GET /192 HTTP/1.1\" 200 512 \"-\" \"a\"",
        "192.0.2.77 - - \"GET /192 HTTP/1.1\"",
        "192.0.2.77:4711 - -",
        "192.0.2.77.1 - -",
        "192.0.2.77,192.0.2.77 - -",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct view view;
        const char *why;
        read_line(lines[i], &view, &why);
        size_t length = strcspn(lines[i], " ");
        for (size_t at = 0; at < length; at++)
            assert_int_equal(buffer[at], 0);
        assert_null(memmem(buffer, strlen(lines[i]), "0.2.77", 6));
    }
}

static void
test_entries_come_from_elsewhere(void **state)
{
    static const struct {
        const char *referrer, *host;
        bool entry;
    } rows[] = {
        { "-", "", true },
        { "", "", true },
        { "https://example.no/side", "", false },
        { "http://WWW.Example.NO:8080/", "", false },
        { "https://annen.no", "", false },
        { "https://tredje.example.no/", "tredje.example.no", true },
        { "https://ola@evil.net@Kari.NO:443/x", "kari.no", true },
        { "android-app://com.google.android.gm/", "com.google.android.gm", true },
        { "https://[2001:db8::1]/", "", true },
        { "https://a b/", "", true },
        { "javascript:alert(1)", "", true },
        { "https://", "", true },
        { "/sti", "", true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[512];
        snprintf(line, sizeof line, HEAD "\"GET / HTTP/1.1\" 200 512 \"%s\" \"a\"", rows[i].referrer);
        struct view view = view_of(line);
        ASSERT_SPAN(view.referrer, rows[i].host);
        assert_int_equal(view.entry, rows[i].entry);
    }
}

static void
test_what_is_no_view(void **state)
{
    static const char *const rest[] = {
        "\"POST / HTTP/1.1\" 200 5",
        "\"HEAD / HTTP/1.1\" 200 0",
        "\"GET / HTTP/1.1\" 404 5",
        "\"GET / HTTP/1.1\" 301 5",
        "\"GET / HTTP/1.1\" 206 5",
        "\"GET /a.css HTTP/1.1\" 200 5",
        "\"GET /bilde.PNG?x HTTP/1.1\" 200 5",
        "\"GET /a/b.min.js HTTP/1.1\" 200 5",
        "\"-\" 408 0",
        "\"\" 400 0",
        "\"\\x16\\x03\\x01\" 400 150",
        "\"GET / \" 200 5",
        "\"GET /\" 200 5",
        "\"GET * HTTP/1.1\" 200 5",
        "\"GET sti HTTP/1.1\" 200 5",
        "\"GET http://a HTTP/1.1\" 200 5",
        "\"GET /a\\nb HTTP/1.1\" 200 5",
        "\"GET /b\\x00 HTTP/1.1\" 200 5",
        "\"get / HTTP/1\" 400 5",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++) {
        struct view view;
        const char *why;
        char line[512];
        snprintf(line, sizeof line, HEAD "%s \"-\" \"a\"", rest[i]);
        if (read_line(line, &view, &why) != ACCESS_OTHER)
            fail_msg("%s: a view, or %s", rest[i], why == NULL ? "nothing" : why);
        assert_null(why);
    }
}

static void
test_what_cannot_be_read_says_why(void **state)
{
    static const struct {
        const char *line, *why;
    } rows[] = {
        { "", "no IP address" },
        { "192.0.2.77", "no IP address" },
        { "tull og tøys", "no IP address" },
        { "- - - " TIME " \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"", "no IP address" },
        { "www.example.no:443 192.0.2.77 - - " TIME " \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"", "no IP address" },
        { "192.0.2.77, 198.51.100.1 - - " TIME " \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"", "no IP address" },
        { "192.0.2.77 - - [22/Nov/2026 08:10:24] \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"", "no time" },
        { "192.0.2.77 - - [32/Nov/2026:08:10:24 +0100] \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"", "no time" },
        { "192.0.2.77 - - [22/Des/2026:08:10:24 +0100] \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"", "no time" },
        { "192.0.2.77 - - [22/Nov/2026:24:10:24 +0100] \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"", "no time" },
        { "192.0.2.77 - - [22/Nov/2026:08:10:24 0100] \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"", "no time" },
        { HEAD "GET / HTTP/1.1 200 5 \"-\" \"a\"", "no request" },
        { HEAD "\"GET / HTTP/1.1 200 5", "no request" },
        { HEAD "\"GET / HTTP/1.1\" OK 5 \"-\" \"a\"", "no status" },
        { HEAD "\"GET / HTTP/1.1\" 2000 5 \"-\" \"a\"", "no status" },
        { HEAD "\"GET / HTTP/1.1\" 200", "no status" },
        { HEAD "\"GET / HTTP/1.1\" 200 5", "combined format" },
        { HEAD "\"GET / HTTP/1.1\" 200 5 \"-\"", "combined format" },
        { HEAD "\"GET / HTTP/1.1\" 200 5 \"-\" \"a", "combined format" },
        { HEAD "\"GET / HTTP/1.1\" 200 5 \"-\" \"a\\\"", "combined format" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct view view;
        const char *why;
        if (read_line(rows[i].line, &view, &why) != ACCESS_UNREADABLE || strstr(why, rows[i].why) == NULL)
            fail_msg("%s: %s", rows[i].line, why == NULL ? "it was read" : why);
    }
}

static void
test_times_in_any_zone(void **state)
{
    static const struct {
        const char *text;
        int64_t time_s;
    } rows[] = {
        { "01/Jan/1970:00:00:00 +0000", 0 },          { "29/Feb/2024:23:59:59 +0000", 1709251199 },
        { "01/Mar/2024:00:59:59 +0100", 1709251199 }, { "31/Dec/2026:18:30:00 -0530", 1798761600 },
        { "28/Mar/2027:03:00:00 +0200", 1806195600 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[256];
        snprintf(line, sizeof line, "192.0.2.1 - - [%s] \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"", rows[i].text);
        assert_int_equal(view_of(line).time_s, rows[i].time_s);
    }
}

/* What was escaped in the log may end no header and break no line. */
static void
test_escapes_are_undone_and_harmless(void **state)
{
    (void)state;
    struct view view =
        view_of(HEAD "\"GET /\\\"a\\\\\\x22b HTTP/1.1\" 200 5 \"-\" \" a\\x0d\\x0aX: y\\n\\\" \\xc3\\xa5 \"");
    ASSERT_SPAN(view.path, "/\"a\\\"b");
    ASSERT_SPAN(view.agent, "a??X: y?\" ??");
    view = view_of(HEAD "\"GET /\\x2 HTTP/1.1\" 200 5 \"-\" \"\\q\"");
    ASSERT_SPAN(view.path, "/x2");
    ASSERT_SPAN(view.agent, "q");
}

static void
test_long_texts(void **state)
{
    (void)state;
    struct view view;
    const char *why;
    char line[ACCESS_LINE_MAX + 600], long_text[ACCESS_LINE_MAX + 100];
    memset(long_text, 'a', sizeof long_text);
    snprintf(line, sizeof line, HEAD "\"GET /%.*s HTTP/1.1\" 200 5 \"-\" \"%.*s\"", VIEW_PATH_MAX - 1, long_text, 600,
             long_text);
    view = view_of(line);
    assert_int_equal(view.path.length, VIEW_PATH_MAX);
    assert_int_equal(view.agent.length, VIEW_AGENT_MAX);
    snprintf(line, sizeof line, HEAD "\"GET /%.*s HTTP/1.1\" 200 5 \"-\" \"a\"", VIEW_PATH_MAX, long_text);
    assert_int_equal(read_line(line, &view, &why), ACCESS_OTHER);
    snprintf(line, sizeof line, HEAD "\"GET / HTTP/1.1\" 200 5 \"-\" \"%.*s\"", ACCESS_LINE_MAX, long_text);
    assert_int_equal(read_line(line, &view, &why), ACCESS_UNREADABLE);
    assert_non_null(strstr(why, "longer"));
}

/* Every beginning of a line, up against a page that may not be read. */
static void
test_reads_no_byte_past_the_line(void **state)
{
    static const char line[] = HEAD "\"GET /a\\x22b HTTP/1.1\" 200 5 \"https://a.no/\" \"a\\\\b\"";
    (void)state;
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + 4096, 4096, PROT_NONE), 0);
    for (size_t length = 0; length < sizeof line; length++) {
        struct view view;
        const char *why;
        char *start = pages + 4096 - length;
        memcpy(start, line, length);
        enum access_verdict verdict = access_line_read(start, length, &own, &view, &why);
        assert_int_equal(verdict, length + 1 < sizeof line ? ACCESS_UNREADABLE : ACCESS_VIEW);
    }
    munmap(pages, 8192);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_view_of_nginx_and_of_apache),
        cmocka_unit_test(test_the_address_is_wiped_from_the_line),
        cmocka_unit_test(test_entries_come_from_elsewhere),
        cmocka_unit_test(test_what_is_no_view),
        cmocka_unit_test(test_what_cannot_be_read_says_why),
        cmocka_unit_test(test_times_in_any_zone),
        cmocka_unit_test(test_escapes_are_undone_and_harmless),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_reads_no_byte_past_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
