#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "referrer.h"
#include "referrer_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

struct row {
    const char *host;
    enum referrer_class class;
    const char *domain; /* "": none */
};

static char *own_names[] = { "example.no", "www.annen.example.no", "xn--ungeprrende-18a2w.no" };
static const struct text_list own = { own_names, sizeof own_names / sizeof own_names[0] };

static struct referrers *
referrers_with(const struct referrer_override *overrides, size_t count)
{
    struct referrers *referrers;
    assert_int_equal(referrers_new(overrides, count, &referrers), SP_OK);
    return referrers;
}

static void
expect(const struct referrers *referrers, struct span host, enum referrer_class class, const char *domain)
{
    char told[REFERRER_DOMAIN_MAX];
    size_t length = 99;
    enum referrer_class was = referrers_classify(referrers, host, &own, told, &length);
    if (was != class || length != strlen(domain) || memcmp(told, domain, length) != 0)
        fail_msg("%.*s: %s '%.*s', not %s '%s'", (int)host.length, host.at, referrer_class_keys[was], (int)length, told,
                 referrer_class_keys[class], domain);
}

static void
expect_all(const struct referrers *referrers, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect(referrers, span_text(rows[i].host), rows[i].class, rows[i].domain);
}

#define EXPECT_ALL(referrers, rows) expect_all(referrers, rows, sizeof(rows) / sizeof(rows)[0])

static void
test_each_class_has_its_hosts(void **state)
{
    static const struct row rows[] = {
        { "www.google.no", REFERRER_SEARCH, "google.no" },
        { "google.com", REFERRER_SEARCH, "google.com" },
        { "www.google.co.uk", REFERRER_SEARCH, "google.co.uk" },
        { "www.google.com.br", REFERRER_SEARCH, "google.com.br" },
        { "images.google.se", REFERRER_SEARCH, "google.se" },
        { "cn.bing.com", REFERRER_SEARCH, "bing.com" },
        { "duckduckgo.com", REFERRER_SEARCH, "duckduckgo.com" },
        { "no.search.yahoo.com", REFERRER_SEARCH, "yahoo.com" },
        { "yandex.com.tr", REFERRER_SEARCH, "yandex.com.tr" },
        { "search.brave.com", REFERRER_SEARCH, "search.brave.com" },
        { "brave.com", REFERRER_SITE, "brave.com" },
        { "www.kvasir.no", REFERRER_SEARCH, "kvasir.no" },
        { "chatgpt.com", REFERRER_AI, "chatgpt.com" },
        { "chat.openai.com", REFERRER_AI, "chatgpt.com" },
        { "copilot.microsoft.com", REFERRER_AI, "copilot.microsoft.com" },
        { "www.microsoft.com", REFERRER_SITE, "microsoft.com" },
        { "gemini.google.com", REFERRER_AI, "gemini.google.com" },
        { "www.perplexity.ai", REFERRER_AI, "perplexity.ai" },
        { "claude.ai", REFERRER_AI, "claude.ai" },
        { "chat.mistral.ai", REFERRER_AI, "chat.mistral.ai" },
        { "l.facebook.com", REFERRER_SOCIAL, "facebook.com" },
        { "lm.facebook.com", REFERRER_SOCIAL, "facebook.com" },
        { "m.facebook.com", REFERRER_SOCIAL, "facebook.com" },
        { "t.co", REFERRER_SOCIAL, "x.com" },
        { "lnkd.in", REFERRER_SOCIAL, "linkedin.com" },
        { "no.pinterest.com", REFERRER_SOCIAL, "pinterest.com" },
        { "www.pinterest.co.uk", REFERRER_SOCIAL, "pinterest.co.uk" },
        { "bsky.app", REFERRER_SOCIAL, "bsky.app" },
        { "mastodon.social", REFERRER_SOCIAL, "mastodon.social" },
        { "mail.google.com", REFERRER_MAIL, "mail.google.com" },
        { "outlook.live.com", REFERRER_MAIL, "outlook.live.com" },
        { "eur02.safelinks.protection.outlook.com", REFERRER_MAIL, "outlook.office.com" },
        { "webmail.online.no", REFERRER_MAIL, "online.no" },
        { "tjenester.helsenorge.no", REFERRER_PUBLIC, "helsenorge.no" },
        { "www.nav.no", REFERRER_PUBLIC, "nav.no" },
        { "www.helse-bergen.no", REFERRER_PUBLIC, "helse-bergen.no" },
        { "www.oslo-universitetssykehus.no", REFERRER_PUBLIC, "oslo-universitetssykehus.no" },
        { "www.oslo.kommune.no", REFERRER_PUBLIC, "oslo.kommune.no" },
        { "aktuelt.lom.kommune.no", REFERRER_PUBLIC, "lom.kommune.no" },
        { "www.aftenposten.no", REFERRER_SITE, "aftenposten.no" },
        { "docs.google.com", REFERRER_SITE, "docs.google.com" },
        { "", REFERRER_DIRECT, "" },
    };
    (void)state;
    struct referrers *referrers = referrers_with(NULL, 0);
    EXPECT_ALL(referrers, rows);
    expect(referrers, span_of(NULL, 0), REFERRER_DIRECT, "");
    referrers_free(referrers);
}

/* What is written like a row, but is another's. */
static void
test_a_row_is_whole_labels_from_the_right(void **state)
{
    static const struct row rows[] = {
        { "notbing.com", REFERRER_SITE, "notbing.com" },
        { "bing.com.evil.example", REFERRER_SITE, "" }, /* no public suffix */
        { "bing.com.evil.net", REFERRER_SITE, "evil.net" },
        { "google.evil.net", REFERRER_SITE, "evil.net" },
        { "google.github.io", REFERRER_SITE, "github.io" },
        { "googles.no", REFERRER_SITE, "googles.no" },
        { "minkommune.no", REFERRER_SITE, "minkommune.no" },
    };
    (void)state;
    struct referrers *referrers = referrers_with(NULL, 0);
    EXPECT_ALL(referrers, rows);
    referrers_free(referrers);
}

static void
test_no_subdomain_is_told(void **state)
{
    static const struct row rows[] = {
        { "ola-nordmann.blogspot.com", REFERRER_SITE, "blogspot.com" },
        { "ola-nordmann.github.io", REFERRER_SITE, "github.io" },
        { "ola.nordmann.priv.no", REFERRER_SITE, "priv.no" },
        { "ola.kari.example.co.uk", REFERRER_SITE, "example.co.uk" },
        { "a.b.c.d.e.f.g.h.i.j.k.l.example.net", REFERRER_SITE, "example.net" },
        { "navn_navnesen.example.net", REFERRER_SITE, "example.net" },
        { "ola.city.kawasaki.jp", REFERRER_SITE, "city.kawasaki.jp" }, /* an exception of the list */
        { "firma.kawasaki.jp", REFERRER_SITE, "" },                    /* the rule *.kawasaki.jp */
        { "x.ola.firma.kawasaki.jp", REFERRER_SITE, "ola.firma.kawasaki.jp" },
    };
    (void)state;
    struct referrers *referrers = referrers_with(NULL, 0);
    EXPECT_ALL(referrers, rows);
    referrers_free(referrers);
}

static void
test_what_has_no_domain(void **state)
{
    static const struct row rows[] = {
        { "192.0.2.7", REFERRER_SITE, "" },
        { "192.0.2.7:8080", REFERRER_SITE, "" },
        { "[2001:db8::7]", REFERRER_SITE, "" },
        { "3221225991", REFERRER_SITE, "" },
        { "localhost", REFERRER_SITE, "" },
        { "intranett", REFERRER_SITE, "" },
        { "no", REFERRER_SITE, "" },
        { "co.uk", REFERRER_SITE, "" },
        { "kommune.no", REFERRER_PUBLIC, "" },
        { "ola-pc.local", REFERRER_SITE, "" },
        { "sak.helseforetak.intern", REFERRER_SITE, "" },
        { "a_b.net", REFERRER_SITE, "" },
        { "-a.net", REFERRER_SITE, "" },
        { "a-.net", REFERRER_SITE, "" },
        { "com.ukjent.app.news", REFERRER_SITE, "" },
        { "android-app://org.ukjent.news", REFERRER_SITE, "" },
    };
    (void)state;
    struct referrers *referrers = referrers_with(NULL, 0);
    EXPECT_ALL(referrers, rows);
    referrers_free(referrers);
}

static void
test_what_is_no_host_is_direct(void **state)
{
    static const char *const hosts[] = {
        ".",
        "..",
        "a..no",
        ".example.net",
        "example.net..",
        "example.net/sti",
        "https://example.net",
        "a b.net",
        "a@b.net",
        "a%20b.net",
        "a?.net",
        "*.net",
        "<script>.net",
        "2001:db8::7",
        "a.net:http",
        "a.net:80:1",
        "\x01.net",
        "\xff\xfe.net",
        "android-app://",
        "a.net\n",
    };
    (void)state;
    struct referrers *referrers = referrers_with(NULL, 0);
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        expect(referrers, span_text(hosts[i]), REFERRER_DIRECT, "");
    expect(referrers, span_of("a.net\0b.net", 11), REFERRER_DIRECT, "");
    expect(referrers, span_text("\xc3\xb8"), REFERRER_SITE, "");
    referrers_free(referrers);
}

static void
test_one_form_for_all_spellings(void **state)
{
    static const struct row rows[] = {
        { "WWW.NAV.NO", REFERRER_PUBLIC, "nav.no" },
        { "nav.no.", REFERRER_PUBLIC, "nav.no" },
        { "nav.no:443", REFERRER_PUBLIC, "nav.no" },
        { "Www.P\xc3\xa5r\xc3\xb8rende.NO", REFERRER_SITE, "xn--prrende-exa6o.no" },
        { "www.xn--prrende-exa6o.no", REFERRER_SITE, "xn--prrende-exa6o.no" },
        { "XN--PRRENDE-EXA6O.NO", REFERRER_SITE, "xn--prrende-exa6o.no" },
        { "\xe5\x95\x86\xe5\xba\x97.\xe9\xa6\x99\xe6\xb8\xaf", REFERRER_SITE, "xn--czrs0t.xn--j6w193g" },
        { "android-app://com.google.android.gm", REFERRER_MAIL, "mail.google.com" },
        { "android-app://com.google.android.gm/", REFERRER_MAIL, "mail.google.com" },
        { "com.google.android.gm", REFERRER_MAIL, "mail.google.com" },
        { "com.google.android.googlequicksearchbox", REFERRER_SEARCH, "google.com" },
        { "com.slack", REFERRER_SOCIAL, "slack.com" },
    };
    (void)state;
    struct referrers *referrers = referrers_with(NULL, 0);
    EXPECT_ALL(referrers, rows);
    referrers_free(referrers);
}

static void
test_the_site_itself_is_direct(void **state)
{
    static const struct row rows[] = {
        { "example.no", REFERRER_DIRECT, "" },
        { "WWW.example.no", REFERRER_DIRECT, "" },
        { "annen.example.no", REFERRER_DIRECT, "" },
        { "tredje.example.no", REFERRER_SITE, "example.no" },
        { "www.example.net", REFERRER_SITE, "example.net" },
    };
    (void)state;
    struct referrers *referrers = referrers_with(NULL, 0);
    EXPECT_ALL(referrers, rows);
    referrers_free(referrers);
}

static void
test_an_override_adds_and_replaces(void **state)
{
    static const struct referrer_override overrides[] = {
        { "bing.com", REFERRER_SITE },
        { "Intranett.Example.NO", REFERRER_PUBLIC },
        { "p\xc3\xa5r\xc3\xb8rende.no", REFERRER_PUBLIC },
        { "intranett", REFERRER_PUBLIC },
        { "ola.blogspot.com", REFERRER_SOCIAL },
        { "www.google.no", REFERRER_SITE },
    };
    static const struct row rows[] = {
        { "www.bing.com", REFERRER_SITE, "bing.com" },
        { "x.intranett.example.no", REFERRER_PUBLIC, "intranett.example.no" },
        { "xn--prrende-exa6o.no", REFERRER_PUBLIC, "xn--prrende-exa6o.no" },
        { "intranett", REFERRER_PUBLIC, "intranett" },
        { "ola.blogspot.com", REFERRER_SOCIAL, "ola.blogspot.com" },
        { "kari.blogspot.com", REFERRER_SITE, "blogspot.com" },
        { "www.google.no", REFERRER_SITE, "www.google.no" },
        { "google.no", REFERRER_SEARCH, "google.no" },
        { "duckduckgo.com", REFERRER_SEARCH, "duckduckgo.com" },
    };
    (void)state;
    struct referrers *referrers = referrers_with(overrides, sizeof overrides / sizeof overrides[0]);
    EXPECT_ALL(referrers, rows);
    referrers_free(referrers);
}

static void
test_a_bad_override_is_refused(void **state)
{
    static const struct {
        struct referrer_override overrides[2];
        size_t count;
        enum sp_error error;
    } cases[] = {
        { { { "", REFERRER_SITE } }, 1, SP_MALFORMED },
        { { { "https://a.no", REFERRER_SITE } }, 1, SP_MALFORMED },
        { { { "*.a.no", REFERRER_SITE } }, 1, SP_MALFORMED },
        { { { "a.no", REFERRER_DIRECT } }, 1, SP_MALFORMED },
        { { { "a.no", REFERRER_CLASS_COUNT } }, 1, SP_MALFORMED },
        { { { "a.b.c.d.e.f.g.h.no", REFERRER_SITE } }, 1, SP_MALFORMED },
        { { { "a.no", REFERRER_SITE }, { "A.no", REFERRER_MAIL } }, 2, SP_FULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct referrers *referrers;
        assert_int_equal(referrers_new(cases[i].overrides, cases[i].count, &referrers), cases[i].error);
        assert_null(referrers);
    }
}

#define X(class, key) { key, class },
static void
test_classes_are_found_by_key(void **state)
{
    static const struct {
        const char *key;
        enum referrer_class class;
    } keys[] = { REFERRER_CLASSES(X) };
#undef X
    (void)state;
    enum referrer_class class;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_int_equal(referrer_class_find(span_text(keys[i].key), &class), SP_OK);
        assert_int_equal(class, keys[i].class);
    }
    assert_int_equal(referrer_class_find(SPAN_LITERAL("sosialt"), &class), SP_NOT_FOUND);
    assert_int_equal(class, REFERRER_CLASS_COUNT);
}

/* Each row says what it says, also with something before it; so no two rows are for one host. */
static void
test_every_row_is_found(void **state)
{
#define X(host, class, key) { host, class, key == NULL ? host : key },
    static const struct row rows[] = {
        REFERRER_ROWS_SEARCH(X) REFERRER_ROWS_AI(X) REFERRER_ROWS_SOCIAL(X) REFERRER_ROWS_MAIL(X)
            REFERRER_ROWS_PUBLIC(X) REFERRER_ROWS_SITE(X)
    };
#undef X
    (void)state;
    struct referrers *referrers = referrers_with(NULL, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char below[300];
        snprintf(below, sizeof below, "ola.%s", rows[i].host);
        expect(referrers, span_text(rows[i].host), rows[i].class, rows[i].domain);
        expect(referrers, span_text(below), rows[i].class, rows[i].domain);
        for (size_t other = 0; other < i; other++)
            assert_string_not_equal(rows[i].host, rows[other].host);
    }
    referrers_free(referrers);
}

/* Up against a page that may not be read, of every length. */
static void
test_reads_no_byte_past_the_host(void **state)
{
    (void)state;
    struct referrers *referrers = referrers_with(NULL, 0);
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + 4096, 4096, PROT_NONE), 0);
    for (size_t length = 1; length <= 300; length++) {
        char told[REFERRER_DOMAIN_MAX];
        size_t told_length;
        char *host = pages + 4096 - length;
        for (size_t i = 0; i < length; i++)
            host[i] = (length - i) % 10 == 3 ? '.' : 'a';
        host[0] = 'a';
        if (length > 2)
            memcpy(host + length - 2, "no", 2);
        enum referrer_class class = referrers_classify(referrers, span_of(host, length), NULL, told, &told_length);
        if (length > 253)
            assert_int_equal(class, REFERRER_DIRECT);
        else if (length > 13)
            assert_int_equal(told_length, 12);
    }
    munmap(pages, 8192);
    referrers_free(referrers);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_class_has_its_hosts),  cmocka_unit_test(test_a_row_is_whole_labels_from_the_right),
        cmocka_unit_test(test_no_subdomain_is_told),      cmocka_unit_test(test_what_has_no_domain),
        cmocka_unit_test(test_what_is_no_host_is_direct), cmocka_unit_test(test_one_form_for_all_spellings),
        cmocka_unit_test(test_the_site_itself_is_direct), cmocka_unit_test(test_an_override_adds_and_replaces),
        cmocka_unit_test(test_a_bad_override_is_refused), cmocka_unit_test(test_classes_are_found_by_key),
        cmocka_unit_test(test_every_row_is_found),        cmocka_unit_test(test_reads_no_byte_past_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
