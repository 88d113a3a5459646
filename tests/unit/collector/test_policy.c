#include "collector_fixture.h"
#include "sporlos/known_keys.h"

#include <sodium.h>

static const char yaml[] =
    "sites:\n"
    "  site.example: {mode: standard, hosts: [site.example, www.site.example], feedback: {ja: Ja, nei: Nei}}\n"
    "  barn.example: {mode: restricted, pages: [\"/\"]}\n";

#define ORIGIN "Origin: https://site.example\r\n"
#define AGENT "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0\r\n"
#define VIEW "s=site.example&u=/&n=1"

struct row {
    const char *headers;
    const char *body;
    enum verdict verdict;
};

static const struct row rows[] = {
    { ORIGIN AGENT, VIEW, VERDICT_ACCEPTED },
    { "Origin: http://www.site.example:8080\r\n" AGENT, VIEW, VERDICT_ACCEPTED },
    { "Origin: https://SITE.example\r\n" AGENT, VIEW, VERDICT_ACCEPTED },
    { "Referer: https://site.example/side?alder=12\r\n" AGENT, VIEW, VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=SITE.example&u=/&t=view&n=0", VERDICT_ACCEPTED },
    { AGENT, VIEW, VERDICT_FOREIGN_ORIGIN },
    { "Origin: null\r\n" AGENT, VIEW, VERDICT_FOREIGN_ORIGIN },
    { "Origin: https://evil.example\r\n" AGENT, VIEW, VERDICT_FOREIGN_ORIGIN },
    { "Origin: https://site.example.evil.example\r\n" AGENT, VIEW, VERDICT_FOREIGN_ORIGIN },
    { "Origin: https://site.example@evil.example\r\n" AGENT, VIEW, VERDICT_FOREIGN_ORIGIN },
    { "Origin: https://evil.example/https://site.example\r\n" AGENT, VIEW, VERDICT_FOREIGN_ORIGIN },
    { "Origin: https://site.example/\r\n" AGENT, VIEW, VERDICT_FOREIGN_ORIGIN },
    { "Origin: ftp://site.example\r\n" AGENT, VIEW, VERDICT_FOREIGN_ORIGIN },
    { "Origin: https://evil.example\r\nReferer: https://site.example/\r\n" AGENT, VIEW, VERDICT_FOREIGN_ORIGIN },
    { "Referer: https://site.exampleevil/\r\n" AGENT, VIEW, VERDICT_FOREIGN_ORIGIN },
    { ORIGIN AGENT "Sec-GPC: 1\r\n", VIEW, VERDICT_DECLINED },
    { ORIGIN AGENT "DNT: 1\r\n", VIEW, VERDICT_DECLINED },
    { ORIGIN AGENT "DNT: 1\r\n", "s=site.example", VERDICT_DECLINED }, /* a refusal needs to say nothing more */
    { ORIGIN AGENT "DNT: 1\r\nSec-Purpose: prefetch\r\n", VIEW, VERDICT_DECLINED },
    { ORIGIN AGENT "DNT: 0\r\nSec-GPC: 0\r\n", VIEW, VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=declined", VERDICT_DECLINED },
    { ORIGIN, "s=site.example&t=declined&u=side&n=7", VERDICT_DECLINED }, /* nothing else is looked at */
    { ORIGIN AGENT, "s=site.example&t=Declined&u=/", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=declined%20&u=/", VERDICT_MALFORMED },
    { "Origin: https://evil.example\r\n" AGENT, "s=site.example&t=declined", VERDICT_FOREIGN_ORIGIN },
    { ORIGIN AGENT "Sec-Purpose: prefetch;prerender\r\n", VIEW, VERDICT_PREFETCH },
    { ORIGIN AGENT "Purpose: prefetch\r\n", VIEW, VERDICT_PREFETCH },
    { ORIGIN AGENT "X-Moz: prefetch\r\n", VIEW, VERDICT_PREFETCH },
    { ORIGIN, VIEW, VERDICT_BOT },
    { ORIGIN "User-Agent: Googlebot/2.1\r\n", VIEW, VERDICT_BOT },
    { ORIGIN "User-Agent: curl/8.5.0\r\n", VIEW, VERDICT_BOT },
    { ORIGIN "User-Agent: Mozilla/5.0 HeadlessChrome/156\r\n", VIEW, VERDICT_BOT },
    { ORIGIN "User-Agent: Mozilla/5.0 (compatible; BINGBOT/2.0)\r\n", VIEW, VERDICT_BOT },
    { ORIGIN "User-Agent: Go-http-client/2.0\r\n", VIEW, VERDICT_BOT },
    { ORIGIN "User-Agent: x Python-urllib\r\n", VIEW, VERDICT_BOT },
    { ORIGIN "User-Agent: Mozilla/5.0 bo\r\n", VIEW, VERDICT_ACCEPTED },
    { ORIGIN "User-Agent: Mozilla/5.0 go http\r\n", VIEW, VERDICT_ACCEPTED },
    { ORIGIN "User-Agent: Mozilla/5.0 curl go http\r\n", VIEW, VERDICT_BOT },
    { ORIGIN "User-Agent: NetFront/3.5\r\n", VIEW, VERDICT_BOT }, /* begins as no browser that runs scripts */
    { ORIGIN "User-Agent: Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)\r\n", VIEW, VERDICT_AI },
    { ORIGIN "User-Agent: Mozilla/5.0 (compatible; ClaudeBot/1.0)\r\n", "s=site.example", VERDICT_AI },
    { ORIGIN "User-Agent: GPTBot\r\nSec-GPC: 1\r\n", VIEW, VERDICT_DECLINED },
    { ORIGIN AGENT, "s=site.example", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&u=", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&u=side", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&u=/&n=2", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&u=/&t=purchase", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&u=/&u=/b", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&u=%zz", VERDICT_MALFORMED },
    { ORIGIN AGENT, "", VERDICT_MALFORMED },
    { ORIGIN AGENT, "u=/", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=other.example&u=/", VERDICT_UNKNOWN_SITE },
    /* each type has what it needs, and nothing that it cannot have */
    { ORIGIN AGENT, "s=site.example&t=end&u=/&b=0", VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=end&u=/&d=4", VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=end&u=/&l=6", VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=end&u=/&b=6&d=0&l=6", VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=end&u=/", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=end&b=1", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=end&u=/&b=7", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=end&u=/&b=", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=end&u=/&b=11", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=end&u=/&b=1&d=5", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=end&u=/&b=1&l=x", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=search&q=sorg", VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=search&q=", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=search&q=sorg&z=2", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=feedback&u=/&f=ja", VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=feedback&u=/&f=kanskje", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=feedback&u=/&f=Ja", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=feedback&u=/", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=feedback&f=ja", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=download&v=/a.pdf", VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=download&v=a.pdf", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=download", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=missing&v=/a", VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=missing&u=/a", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=outbound&v=nav.no", VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=outbound&v=", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=event&v=bestilling", VERDICT_ACCEPTED },
    { ORIGIN AGENT, "s=site.example&t=event", VERDICT_MALFORMED },
    { ORIGIN AGENT, "s=site.example&t=Event&v=bestilling", VERDICT_MALFORMED },
    /* of a view, what may be left out is not asked for: nobody is dropped for a strange referrer */
    { ORIGIN AGENT, VIEW "&r=%00", VERDICT_MALFORMED },
    { ORIGIN AGENT, VIEW "&r=..&a=&m=&c=%ff&w=wide&g=,,,&b=9&f=x&v=", VERDICT_ACCEPTED },
    /* restricted: views and refusals alone, whatever else there is */
    { "Origin: https://barn.example\r\n", "s=barn.example&t=end&u=/&b=0", VERDICT_MALFORMED },
    { "Origin: https://barn.example\r\n", "s=barn.example&t=search&q=sorg", VERDICT_MALFORMED },
    { "Origin: https://barn.example\r\n", "s=barn.example&t=feedback&u=/&f=ja", VERDICT_MALFORMED },
    { "Origin: https://barn.example\r\n", "s=barn.example&t=download&v=/a.pdf", VERDICT_MALFORMED },
    { "Origin: https://barn.example\r\n", "s=barn.example&t=outbound&v=nav.no", VERDICT_MALFORMED },
    { "Origin: https://barn.example\r\n", "s=barn.example&t=missing&v=/a", VERDICT_MALFORMED },
    { "Origin: https://barn.example\r\n", "s=barn.example&t=event&v=bestilling", VERDICT_MALFORMED },
    { "Origin: https://barn.example\r\nUser-Agent: GPTBot\r\n", "s=barn.example&u=/", VERDICT_ACCEPTED },
    /* restricted: whatever the User-Agent is, nobody looks at it */
    { "Origin: https://barn.example\r\n", "s=barn.example&u=/", VERDICT_ACCEPTED },
    { "Origin: https://barn.example\r\nUser-Agent: Googlebot/2.1\r\n", "s=barn.example&u=/", VERDICT_ACCEPTED },
    { "Origin: https://barn.example\r\nSec-GPC: 1\r\n", "s=barn.example&u=/", VERDICT_DECLINED },
    { "Origin: https://barn.example\r\n", "s=barn.example&t=declined", VERDICT_DECLINED },
    { "Origin: https://site.example\r\n", "s=barn.example&u=/", VERDICT_FOREIGN_ORIGIN },
};

static void
test_rows(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, yaml);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct outcome outcome = collector_fixture_send(&fixture, "192.0.2.1", rows[i].headers, rows[i].body);
        if (outcome.verdict != rows[i].verdict)
            fail_msg("row %zu: %s%s: %s", i, rows[i].headers, rows[i].body, verdict_table[outcome.verdict].name);
    }
    collector_fixture_fini(&fixture);
}

/* The verdicts that count nothing of a view leave exactly one leaf: their own reason. */
static void
test_refused_changes_only_its_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].verdict == VERDICT_ACCEPTED)
            continue;
        struct collector_fixture fixture;
        collector_fixture_init(&fixture, yaml);
        char *before = collector_fixture_store(&fixture);
        collector_fixture_send(&fixture, "192.0.2.1", rows[i].headers, rows[i].body);
        char *after = collector_fixture_store(&fixture);
        unsigned changed = 0;
        const char *changed_line = "";
        for (char *line = strtok(after, "\n"); line != NULL; line = strtok(NULL, "\n")) {
            char whole[1024];
            snprintf(whole, sizeof whole, "%s\n", line);
            if (strstr(before, whole) == NULL) {
                changed++;
                changed_line = line;
            }
        }
        bool site_known =
            strstr(rows[i].body, "s=site.example") != NULL || strstr(rows[i].body, "s=barn.example") != NULL;
        assert_int_equal(changed, site_known ? 1 : 0);
        if (site_known)
            assert_non_null(strstr(changed_line, rows[i].verdict == VERDICT_DECLINED
                                                     ? " declined 2026-11-22 "
                                                     : verdict_table[rows[i].verdict].name));
        free(before);
        free(after);
        collector_fixture_fini(&fixture);
    }
}

/* Refused for a site, and every one of them known to both programs: its leaf is there when nobody was refused. */
static void
test_a_site_s_verdicts_are_the_known_reasons(void **state)
{
    (void)state;
    static const enum verdict of_no_leaf[] = { VERDICT_ACCEPTED, VERDICT_DECLINED, VERDICT_UNKNOWN_SITE, VERDICT_FULL };
    size_t reasons = 0;
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        size_t index;
        bool is_reason = known_key_find(KEY_REASON, span_text(verdict_table[verdict].name), &index) == SP_OK;
        bool is_of_no_leaf = false;
        for (size_t i = 0; i < sizeof of_no_leaf / sizeof of_no_leaf[0]; i++)
            is_of_no_leaf = is_of_no_leaf || (int)of_no_leaf[i] == verdict;
        assert_int_equal(is_reason, !is_of_no_leaf);
        reasons += is_reason;
    }
    assert_int_equal(reasons, known_keys_of(KEY_REASON).count);
}

static void
test_origin_is_echoed_only_when_it_is_ours(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, yaml);
    struct outcome ours = collector_fixture_send(&fixture, "192.0.2.1", ORIGIN AGENT, VIEW);
    assert_true(span_equal(ours.origin, SPAN_LITERAL("https://site.example")));
    struct outcome foreign =
        collector_fixture_send(&fixture, "192.0.2.1", "Origin: https://evil.example\r\n" AGENT, VIEW);
    assert_int_equal(foreign.origin.length, 0);
    struct outcome referer =
        collector_fixture_send(&fixture, "192.0.2.1", "Referer: https://site.example/a/b\r\n" AGENT, VIEW);
    assert_true(span_equal(referer.origin, SPAN_LITERAL("https://site.example")));
    collector_fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_refused_changes_only_its_reason),
        cmocka_unit_test(test_a_site_s_verdicts_are_the_known_reasons),
        cmocka_unit_test(test_origin_is_echoed_only_when_it_is_ours),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
