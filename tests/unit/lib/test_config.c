/* What config_load makes of a sound file, and that it can be printed and read again. */
#include "config_fixture.h"

#include <arpa/inet.h>

static const char whole[] =
    "collector:\n"
    "  listen: [\"127.0.0.1:8400\", \"[::1]:8400\", \"*:8401\", \"unix:/run/sporlos/collector.sock\"]\n"
    "  ops_listen: \"127.0.0.1:9401\"\n"
    "  trusted_proxies: [127.0.0.1/32, \"::1/128\", 10.0.0.0/8, 192.0.2.7, 2001:db8::/32]\n"
    "  counter_memory: 512 KiB # too little on purpose in another test\n"
    "  flush_interval: 250 ms\n"
    "  connection_max: 77\n"
    "redis:\n"
    "  url: redis://127.0.0.1:6379\n"
    "  connect_timeout: 1 min\n"
    "  command_timeout: 5000\n"
    "geo:\n"
    "  databases: [/a.mmdb, /b c.mmdb]\n"
    "  gazetteer: \"/g\\\"\\\\.csv\"\n"
    "  polygons: /p.geojson\n"
    "  population: /n.csv\n"
    "  max_radius: 20\n"
    "  placeholders: [{latitude: -1.5, longitude: 170, radius: 2 km, only_without_radius: true}]\n"
    "aggregator:\n"
    "  listen: 127.0.0.1:8402\n"
    "  archive: sqlite:///tmp/archive.db\n"
    "  public_url: https://statistikk.example.no/\n"
    "  collector_url: http://[::1]:8080/teller\n"
    "  session: 2 d\n"
    "sites:\n"
    "  Example.NO: {hosts: [www.Example.no, bøker.example.no], timezone: America/New_York, pages: /a/,\n"
    "               fold: {\"/b/*/c\": \"/c/\", /d/**: /d}, min_population: 300, tables: [total, page]}\n"
    "  ungepårørende.no: {mode: restricted, pages: [\"/\", /sorg, \"/foreldre/*\"], fold: {/x/*: /foreldre/y}}\n"
    "  localhost: {mode: strict}\n";

static void
load(struct fixture *fixture, const char *text)
{
    fixture_text(fixture, "sporlos.yaml", text);
    if (fixture_load(fixture, NULL) != SP_OK)
        fail_msg("%s", fixture->errors);
}

static char *
whole_but(const char *from, const char *to)
{
    char *text = malloc(sizeof whole + strlen(to));
    const char *at = strstr(whole, from);
    assert_non_null(text);
    assert_non_null(at);
    sprintf(text, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
    return text;
}

static void
load_whole(struct fixture *fixture)
{
    char *text = whole_but("512 KiB", "2048 KiB");
    fixture_init(fixture);
    load(fixture, text);
    free(text);
}

static void
test_an_empty_section_has_the_documented_defaults(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    load(&fixture, "collector:\nsites: {example.no: }\n");
    const struct config *config = fixture.config;
    assert_int_equal(config->collector.listen.count, 1);
    assert_string_equal(config->collector.listen.items[0], "127.0.0.1:8400");
    assert_string_equal(config->collector.ops_listen.items[0], "127.0.0.1:9400");
    assert_int_equal(config->collector.trusted_proxy_count, 0);
    assert_int_equal(config->collector.counter_bytes, 64 * 1024 * 1024);
    assert_int_equal(config->collector.flush_interval_ms, 1000);
    assert_int_equal(config->collector.connection_max, 10000);
    assert_string_equal(config->redis.url, "unix:///run/sporlos/redis.sock");
    assert_int_equal(config->redis.connect_timeout_ms, 1000);
    assert_int_equal(config->redis.command_timeout_ms, 2000);
    assert_int_equal(config->geo.databases.count, 0);
    assert_null(config->geo.gazetteer);
    assert_null(config->geo.polygons);
    assert_null(config->geo.population);
    assert_int_equal(config->geo.max_radius_km, 50);
    assert_string_equal(config->aggregator.listen.items[0], "127.0.0.1:8401");
    assert_string_equal(config->aggregator.archive, "sqlite:///var/lib/sporlos/archive.db");
    assert_null(config->aggregator.public_url);
    assert_null(config->aggregator.collector_url);
    assert_int_equal(config->aggregator.session_hours, 12);
    fixture_fini(&fixture);
}

static void
test_default_placeholders_are_those_of_the_design(void **state)
{
    (void)state;
    static const struct geo_point expected[] = {
        { 59.9463, 10.7541, 50, false },
        { 62, 10, 50, false },
        { 59.9122, 10.7313, 50, true },
        { 59.8990, 10.6290, 1000, true },
    };
    struct fixture fixture;
    fixture_init(&fixture);
    load(&fixture, "sites: {example.no: {}}\n");
    assert_int_equal(fixture.config->geo.placeholder_count, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct geo_point *point = &fixture.config->geo.placeholders[i];
        assert_float_equal(point->latitude, expected[i].latitude, 1e-9);
        assert_float_equal(point->longitude, expected[i].longitude, 1e-9);
        assert_float_equal(point->radius_m, expected[i].radius_m, 1e-9);
        assert_int_equal(point->only_without_radius, expected[i].only_without_radius);
    }
    fixture_fini(&fixture);
}

static void
test_every_option_arrives_in_its_field(void **state)
{
    (void)state;
    struct fixture fixture;
    load_whole(&fixture);
    const struct config *config = fixture.config;
    assert_int_equal(config->collector.listen.count, 4);
    assert_string_equal(config->collector.listen.items[2], "*:8401");
    assert_string_equal(config->collector.ops_listen.items[0], "127.0.0.1:9401");
    assert_int_equal(config->collector.counter_bytes, 2 * 1024 * 1024);
    assert_int_equal(config->collector.flush_interval_ms, 250);
    assert_int_equal(config->collector.connection_max, 77);
    assert_string_equal(config->redis.url, "redis://127.0.0.1:6379");
    assert_int_equal(config->redis.connect_timeout_ms, 60000);
    assert_int_equal(config->redis.command_timeout_ms, 5000);
    assert_int_equal(config->geo.databases.count, 2);
    assert_string_equal(config->geo.databases.items[1], "/b c.mmdb");
    assert_string_equal(config->geo.gazetteer, "/g\"\\.csv");
    assert_string_equal(config->geo.polygons, "/p.geojson");
    assert_string_equal(config->geo.population, "/n.csv");
    assert_int_equal(config->geo.max_radius_km, 20);
    assert_int_equal(config->geo.placeholder_count, 1);
    assert_float_equal(config->geo.placeholders[0].latitude, -1.5, 0);
    assert_float_equal(config->geo.placeholders[0].radius_m, 2000, 0);
    assert_true(config->geo.placeholders[0].only_without_radius);
    assert_string_equal(config->aggregator.archive, "sqlite:///tmp/archive.db");
    assert_string_equal(config->aggregator.public_url, "https://statistikk.example.no");
    assert_string_equal(config->aggregator.collector_url, "http://[::1]:8080/teller");
    assert_int_equal(config->aggregator.session_hours, 48);
    fixture_fini(&fixture);
}

static void
test_address_blocks_are_parsed(void **state)
{
    (void)state;
    static const struct address_block expected[] = {
        { AF_INET, { 127, 0, 0, 1 }, 32 },
        { AF_INET6, { [15] = 1 }, 128 },
        { AF_INET, { 10 }, 8 },
        { AF_INET, { 192, 0, 2, 7 }, 32 },
        { AF_INET6, { 0x20, 0x01, 0x0D, 0xB8 }, 32 },
    };
    struct fixture fixture;
    load_whole(&fixture);
    assert_int_equal(fixture.config->collector.trusted_proxy_count, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct address_block *block = &fixture.config->collector.trusted_proxies[i];
        assert_int_equal(block->family, expected[i].family);
        assert_int_equal(block->bits, expected[i].bits);
        assert_memory_equal(block->bytes, expected[i].bytes, 16);
    }
    fixture_fini(&fixture);
}

static void
test_a_site_has_its_options_and_both_names(void **state)
{
    (void)state;
    struct fixture fixture;
    load_whole(&fixture);
    const struct site_config *site = &fixture.config->sites[0];
    assert_int_equal(fixture.config->site_count, 3);
    assert_string_equal(site->name, "Example.NO");
    assert_string_equal(site->key, "example.no");
    assert_int_equal(site->mode, MODE_STANDARD);
    assert_int_equal(site->hosts.count, 2);
    assert_string_equal(site->hosts.items[0], "www.example.no");
    assert_string_equal(site->hosts.items[1], "xn--bker-gra.example.no");
    assert_string_equal(site->zone.name, "America/New_York");
    assert_int_equal(site->pages.count, 1);
    assert_string_equal(site->pages.items[0], "/a");
    assert_int_equal(site->fold_count, 2);
    assert_string_equal(site->folds[0].pattern, "/b/*/c");
    assert_string_equal(site->folds[0].page, "/c");
    assert_string_equal(site->folds[1].pattern, "/d/**");
    assert_int_equal(site->min_population, 300);
    assert_int_equal(site->tables, 1U << TABLE_TOTAL | 1U << TABLE_PAGE | 1U << TABLE_DECLINED | 1U << TABLE_DROPPED);
    fixture_fini(&fixture);
}

static void
test_a_restricted_site_has_the_defaults_of_its_mode(void **state)
{
    (void)state;
    struct fixture fixture;
    load_whole(&fixture);
    const struct site_config *site = &fixture.config->sites[1];
    assert_string_equal(site->name, "ungepårørende.no");
    assert_string_equal(site->key, "xn--ungeprrende-18a2w.no");
    assert_int_equal(site->mode, MODE_RESTRICTED);
    assert_int_equal(site->hosts.count, 1);
    assert_string_equal(site->hosts.items[0], "xn--ungeprrende-18a2w.no");
    assert_string_equal(site->zone.name, "Europe/Oslo");
    assert_int_equal(site->pages.count, 3);
    assert_int_equal(site->min_population, 5000);
    assert_int_equal(site->tables, 1U << TABLE_TOTAL | 1U << TABLE_VISITS | 1U << TABLE_PAGE |
                                       1U << TABLE_MUNICIPALITY | 1U << TABLE_DECLINED | 1U << TABLE_DROPPED);
    /* What has its keys from options that are not there is not counted. */
    assert_int_equal(fixture.config->sites[2].tables,
                     ((1U << TABLE_COUNT) - 1) & ~(1U << TABLE_SECTION | 1U << TABLE_TAG | 1U << TABLE_FEEDBACK));
    assert_int_equal(fixture.config->sites[2].min_population, 0);
    fixture_fini(&fixture);
}

static void
test_sites_are_found_by_name_and_by_host_whatever_the_case(void **state)
{
    (void)state;
    struct fixture fixture;
    load_whole(&fixture);
    const struct config *config = fixture.config;
    assert_ptr_equal(config_site(config, SPAN_LITERAL("eXample.no")), &config->sites[0]);
    assert_ptr_equal(config_site(config, SPAN_LITERAL("XN--UNGEPRRENDE-18A2W.NO")), &config->sites[1]);
    assert_ptr_equal(config_site(config, SPAN_LITERAL("localhost")), &config->sites[2]);
    assert_null(config_site(config, SPAN_LITERAL("www.example.no")));
    assert_null(config_site(config, SPAN_LITERAL("example.n")));
    assert_null(config_site(config, (struct span){ NULL, 0 }));
    assert_ptr_equal(config_site_for_host(config, SPAN_LITERAL("WWW.example.no")), &config->sites[0]);
    assert_ptr_equal(config_site_for_host(config, SPAN_LITERAL("localhost")), &config->sites[2]);
    assert_null(config_site_for_host(config, SPAN_LITERAL("example.no")));
    char long_name[400];
    memset(long_name, 'a', sizeof long_name);
    assert_null(config_site(config, span_of(long_name, sizeof long_name)));
    fixture_fini(&fixture);
}

static void
test_a_configuration_made_by_hand_is_searched_too(void **state)
{
    (void)state;
    char host[] = "www.example.no";
    char *hosts[] = { host };
    struct site_config sites[] = { { .key = "localhost" }, { .key = "example.no", .hosts = { hosts, 1 } } };
    struct config config = { .sites = sites, .site_count = 2 };
    assert_ptr_equal(config_site(&config, SPAN_LITERAL("Example.no")), &sites[1]);
    assert_ptr_equal(config_site_for_host(&config, SPAN_LITERAL("www.EXAMPLE.no")), &sites[1]);
    assert_null(config_site(&config, SPAN_LITERAL("www.example.no")));
}

static void
test_what_is_printed_means_the_same_when_it_is_read(void **state)
{
    (void)state;
    struct fixture fixture;
    load_whole(&fixture);
    char *first = fixture_printed(fixture.config);
    load(&fixture, first);
    char *second = fixture_printed(fixture.config);
    assert_string_equal(first, second);
    assert_non_null(strstr(first, "gazetteer: \"/g\\\"\\\\.csv\""));
    assert_non_null(strstr(first, "flush_interval: 250 ms"));
    assert_string_equal(fixture.config->geo.gazetteer, "/g\"\\.csv");
    assert_int_equal(fixture.config->collector.trusted_proxy_count, 5);
    assert_int_equal(fixture.config->site_count, 3);
    assert_string_equal(fixture.config->sites[1].name, "ungepårørende.no");
    assert_int_equal(fixture.config->sites[1].mode, MODE_RESTRICTED);
    free(first);
    free(second);
    fixture_fini(&fixture);
}

/* What the tables of step 4 have their keys from. */
static void
test_the_options_of_what_editors_count(void **state)
{
    (void)state;
    static const char text[] =
        "sites:\n  a.no: {mode: strict, sections: {/foreldre/**: Foreldre, /om/: Om oss}, tags: [SORG, Psykisk "
        "helse],\n"
        "    feedback: {ja: Ja, nei-1: 'Nei, det var feil'}, feedback_question: 'Fant du det?', search_parameter: "
        "sok,\n"
        "    referrers: {LEGEKONTOR.no: public, blåbær.no: social}, events: [Chat ÅPNET]}\n  b.no: {}\n";
    struct fixture fixture;
    size_t number;
    fixture_init(&fixture);
    load(&fixture, text);
    char *printed = fixture_printed(fixture.config);
    load(&fixture, printed);
    free(printed);
    const struct site_config *site = &fixture.config->sites[0];
    assert_int_equal(site->tables, (1U << TABLE_COUNT) - 1);
    assert_int_equal(site->section_count, 2);
    assert_string_equal(site->sections[1].left, "/om");
    assert_string_equal(site->sections[1].right, "om oss");
    assert_string_equal(site->sections[1].shown, "Om oss");
    assert_string_equal(site->answers[1].left, "nei-1");
    assert_string_equal(site->answers[1].right, "Nei, det var feil");
    assert_string_equal(site->question, "Fant du det?");
    assert_string_equal(site->search_parameter, "sok");
    assert_string_equal(site->referrers[0].left, "legekontor.no");
    assert_string_equal(site->referrers[1].left, "xn--blbr-roah.no");
    assert_string_equal(site->referrers[1].right, "social");
    assert_string_equal(site->events.items[0], "chat åpnet");
    assert_true(config_tag(site, SPAN_LITERAL("psykisk HELSE"), &number));
    assert_int_equal(number, 1);
    assert_false(config_tag(site, SPAN_LITERAL("psykisk"), &number));
    assert_false(config_tag(site, SPAN_LITERAL(""), &number));
    assert_false(config_tag(&fixture.config->sites[1], SPAN_LITERAL("sorg"), &number));
    fixture_fini(&fixture);
}

static void
test_a_password_is_never_printed(void **state)
{
    (void)state;
    static const char *const urls[] = { "redis://bob:hunter2@127.0.0.1:6379", "unix://bob:hunter2@/run/redis.sock",
                                        "redis://:hunter2@[::1]:6379" };
    for (size_t i = 0; i < 3; i++) {
        struct fixture fixture;
        char text[200];
        snprintf(text, sizeof text, "redis: {url: \"%s\"}\nsites: {example.no: {}}\n", urls[i]);
        fixture_init(&fixture);
        load(&fixture, text);
        assert_string_equal(fixture.config->redis.url, urls[i]);
        char *printed = fixture_printed(fixture.config);
        assert_null(strstr(printed, "hunter2"));
        assert_non_null(strstr(printed, ":********@"));
        load(&fixture, printed);
        free(printed);
        fixture_fini(&fixture);
    }
}

static char *
read_file(const char *path)
{
    static char text[65536];
    FILE *in = fopen(path, "rb");
    if (in == NULL)
        fail_msg("%s cannot be read", path);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    return text;
}

static void
test_the_committed_documentation_is_that_of_the_tables(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    config_document(out);
    fclose(out);
    if (strcmp(text, read_file(PROJECT_ROOT "/docs/configuration.md")) != 0)
        fail_msg("docs/configuration.md is old: build/bin/document_config > docs/configuration.md");
    free(text);
}

static void
test_the_examples_for_production_load(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    if (fixture_load(&fixture, PROJECT_ROOT "/deploy/config/sporlos.yaml") != SP_OK)
        fail_msg("%s", fixture.errors);
    assert_int_equal(fixture.config->site_count, 3);
    assert_int_equal(config_site(fixture.config, SPAN_LITERAL("example.no"))->mode, MODE_STANDARD);
    assert_int_equal(config_site(fixture.config, SPAN_LITERAL("barn.example.no"))->mode, MODE_RESTRICTED);
    assert_int_equal(config_site(fixture.config, SPAN_LITERAL("helse.example.no"))->mode, MODE_STRICT);
    fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_section_has_the_documented_defaults),
        cmocka_unit_test(test_default_placeholders_are_those_of_the_design),
        cmocka_unit_test(test_every_option_arrives_in_its_field),
        cmocka_unit_test(test_address_blocks_are_parsed),
        cmocka_unit_test(test_a_site_has_its_options_and_both_names),
        cmocka_unit_test(test_a_restricted_site_has_the_defaults_of_its_mode),
        cmocka_unit_test(test_sites_are_found_by_name_and_by_host_whatever_the_case),
        cmocka_unit_test(test_a_configuration_made_by_hand_is_searched_too),
        cmocka_unit_test(test_what_is_printed_means_the_same_when_it_is_read),
        cmocka_unit_test(test_the_options_of_what_editors_count),
        cmocka_unit_test(test_a_password_is_never_printed),
        cmocka_unit_test(test_the_committed_documentation_is_that_of_the_tables),
        cmocka_unit_test(test_the_examples_for_production_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
