/* Files: missing, odd, large, several; and bytes that nobody meant as a configuration. */
#include "config_fixture.h"

#include "yaml_tree.h"

static void
expect_error(struct fixture *fixture, const char *path, enum sp_error error, const char *what)
{
    assert_int_equal(fixture_load(fixture, path), error);
    if (strstr(fixture->errors, what) == NULL)
        fail_msg("expected '%s' in: %s", what, fixture->errors);
}

static void
test_files_that_cannot_be_read(void **state)
{
    (void)state;
    struct fixture fixture;
    char path[160];
    fixture_init(&fixture);
    expect_error(&fixture, NULL, SP_IO, "sporlos.yaml: there is no such file; create it, or name another");
    expect_error(&fixture, fixture.folder, SP_IO, "is a directory; name the file in it");
    expect_error(&fixture, "/dev/null", SP_IO, "is not a regular file");
    snprintf(path, sizeof path, "%s/loop", fixture.folder);
    assert_int_equal(symlink("loop", path), 0);
    expect_error(&fixture, path, SP_IO, "is a link to itself");
    snprintf(path, sizeof path, "%s/pipe", fixture.folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    expect_error(&fixture, path, SP_IO, "is not a regular file"); /* and does not wait for a writer */
    fixture_fini(&fixture);
}

static void
test_a_file_larger_than_a_mebibyte_is_refused(void **state)
{
    (void)state;
    struct fixture fixture;
    char *text = malloc(YAML_FILE_MAX + 1);
    fixture_init(&fixture);
    memset(text, '#', YAML_FILE_MAX + 1);
    static const char head[] = "sites: {a.no: {}}\n";
    memcpy(text, head, sizeof head - 1);
    fixture_write(&fixture, "sporlos.yaml", text, YAML_FILE_MAX + 1);
    expect_error(&fixture, NULL, SP_IO, "is larger than 1 MiB");
    fixture_write(&fixture, "sporlos.yaml", text, YAML_FILE_MAX);
    assert_int_equal(fixture_load(&fixture, NULL), SP_OK);
    free(text);
    fixture_fini(&fixture);
}

static void
test_sites_d_is_read_in_the_order_of_names(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_text(&fixture, "sporlos.yaml", "sites: {m.no: {}}\n");
    fixture_text(&fixture, "sites.d/20-b.yaml", "b.no: {mode: strict}\n");
    fixture_text(&fixture, "sites.d/10-z.yaml", "z.no:\n  mode: restricted\n  pages: [/]\ny.no: {}\n");
    fixture_text(&fixture, "sites.d/30-empty.yaml", "# x.no: {}\n");
    fixture_text(&fixture, "sites.d/40.yaml.bak", "not: read\n");
    fixture_text(&fixture, "sites.d/.hidden.yaml", "not: read\n");
    if (fixture_load(&fixture, NULL) != SP_OK)
        fail_msg("%s", fixture.errors);
    static const char *const order[] = { "m.no", "z.no", "y.no", "b.no" };
    assert_int_equal(fixture.config->site_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(fixture.config->sites[i].key, order[i]);
    assert_int_equal(config_site(fixture.config, SPAN_LITERAL("b.no"))->mode, MODE_STRICT);
    fixture_fini(&fixture);
}

static void
test_mistakes_of_all_files_are_told_in_order(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_text(&fixture, "sporlos.yaml", "redis: [\nsites: {a.no: {hosts: [a.no, w.a.no]}}\n");
    fixture_text(&fixture, "sites.d/1.yaml", "b.no: {hosts: [c.no]}\nB.no: {}\n");
    fixture_text(&fixture, "sites.d/2.yaml", "- x\n");
    fixture_text(&fixture, "sites.d/3.yaml", "collector: {listen: \"*:1\"}\nc.no: {}\n");
    assert_int_equal(fixture_load(&fixture, NULL), SP_CONFIG);
    fixture_shorten(&fixture);
    fixture_forget_words(fixture.errors);
    assert_string_equal(
        fixture.errors,
        "sporlos.yaml:2:1: not YAML; correct it, and the rest of the file will be checked\n"
        "sites.d/1.yaml:2:1: site 'B.no' is described already (sites.d/1.yaml:1:1); take one of them out\n"
        "sites.d/2.yaml:1:1: sites: expected a map of sites, found a list; write for example 'example.no: {mode: "
        "standard}'\n"
        "sites.d/3.yaml:1:13: unknown option 'listen'; take it out, the options here are mode, hosts, timezone, pages, "
        "fold, min_population, tables, visitors, visitor_max, sections, tags, feedback, feedback_question, "
        "search_parameter, referrers, events\n"
        "sites.d/3.yaml:2:1: hosts: 'c.no' belongs to site 'b.no' already (sites.d/1.yaml:1:16); a host can be of one "
        "site only, take one out\n");
    fixture_fini(&fixture);
}

static void
test_sites_and_hosts_are_unique_over_all_files(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_text(&fixture, "sporlos.yaml", "sites:\n  a.no:\n    hosts: [a.no, w.a.no]\n");
    fixture_text(&fixture, "sites.d/1.yaml", "a.no: {}\nb.no: {hosts: [b.no, W.A.NO]}\n");
    assert_int_equal(fixture_load(&fixture, NULL), SP_CONFIG);
    fixture_shorten(&fixture);
    assert_string_equal(
        fixture.errors,
        "sites.d/1.yaml:1:1: site 'a.no' is described already (sporlos.yaml:2:3); take one of them out\n"
        "sites.d/1.yaml:2:22: hosts: 'w.a.no' belongs to site 'a.no' already (sporlos.yaml:3:19); a "
        "host can be of one site only, take one out\n");
    fixture_fini(&fixture);
}

static void
test_ten_thousand_sites_load_and_one_more_does_not(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    char *text = malloc(YAML_FILE_MAX);
    size_t length = 0;
    for (int i = 0; i < SITE_COUNT_MAX; i++)
        length += (size_t)sprintf(text + length, "s%d.no: {}\n", i);
    fixture_text(&fixture, "sporlos.yaml", "redis: {}\n");
    fixture_write(&fixture, "sites.d/all.yaml", text, length);
    assert_int_equal(fixture_load(&fixture, NULL), SP_OK);
    assert_int_equal(fixture.config->site_count, SITE_COUNT_MAX);
    for (size_t i = 0; i < SITE_COUNT_MAX; i++)
        assert_ptr_equal(config_site(fixture.config, span_text(fixture.config->sites[i].key)),
                         &fixture.config->sites[i]);
    fixture_text(&fixture, "sites.d/more.yaml", "one.no: {}\n");
    expect_error(&fixture, NULL, SP_CONFIG, "10001 sites; give at most 10000");
    free(text);
    fixture_fini(&fixture);
}

static void
expect_no_crash(struct fixture *fixture, const char *repeated, size_t times, const char *tail)
{
    size_t unit = strlen(repeated);
    char *text = malloc(unit * times + strlen(tail) + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * unit, repeated, unit);
    memcpy(text + unit * times, tail, strlen(tail) + 1);
    fixture_text(fixture, "sporlos.yaml", text);
    assert_int_equal(fixture_load(fixture, NULL), SP_CONFIG);
    free(text);
}

static void
test_bombs_do_no_harm(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    expect_no_crash(&fixture, "[", 1000000, "");
    expect_no_crash(&fixture, "{", 1000000, "");
    expect_no_crash(&fixture, "- ", 500000, "a\n");
    expect_no_crash(&fixture, "? ", 500000, "a\n");
    expect_no_crash(&fixture, "a: [*b,*b]\n", 50000, "");
    expect_no_crash(&fixture, "a: &b {}\n", 50000, "");
    expect_no_crash(&fixture, "---\n", 50000, "");
    expect_no_crash(&fixture, "a", 1000000, ": b\n");
    expect_no_crash(&fixture, "\"", 999999, "");
    expect_no_crash(&fixture, "\n", 1000000, "");
    expect_no_crash(&fixture, "%TAG ! a\n", 50000, "");
    expect_no_crash(&fixture, "a: |\n", 1, "  b\n c\n");
    fixture_fini(&fixture);
}

static const char valid[] =
    "collector:\n  listen: [\"127.0.0.1:8400\", 'unix:/run/x']\n  trusted_proxies: [10.0.0.0/8, \"::1/128\"]\n"
    "  counter_memory: 64 MiB\nredis: {url: \"redis://u:p@[::1]:6379\", command_timeout: 2 s}\n"
    "geo:\n  databases:\n    - /a.mmdb\n  placeholders: [{latitude: 1.5, longitude: -2, radius: 1 km}]\n"
    "sites:\n  ungepårørende.no:\n    mode: restricted # comment\n    pages: [/, \"/a/*\", /b/**]\n"
    "    fold: {/x/*: /a/b}\n    tables: [total, page]\n  b.no: {hosts: [b.no, bøk.no], timezone: UTC}\n";

/* A small generator of its own, so that a failure can be repeated. */
static uint32_t
next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*seed >> 33);
}

static size_t
mutate(char *text, size_t length, uint64_t *seed)
{
    static const char signs[] = "[]{}:,-?&*!|>'\"%@`#\\ \n\t0/.~\xC3\xFF";
    unsigned changes = 1 + next_random(seed) % 2;
    while (changes-- > 0 && length > 1) {
        size_t at = next_random(seed) % length;
        size_t from = next_random(seed) % length;
        switch (next_random(seed) % 4) {
        case 0:
            text[at] = signs[next_random(seed) % (sizeof signs - 1)];
            break;
        case 1:
            memmove(text + at, text + at + 1, length - at - 1);
            length--;
            break;
        case 2:
            text[at] = text[from];
            break;
        default:
            text[at] = (char)next_random(seed);
            break;
        }
    }
    return length;
}

static void
test_mutated_files_are_loaded_or_refused_but_never_crash(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_text(&fixture, "sporlos.yaml", valid);
    if (fixture_load(&fixture, NULL) != SP_OK)
        fail_msg("%s", fixture.errors);
    uint64_t seed = 20261122;
    unsigned loaded = 0;
    for (int i = 0; i < 3000; i++) {
        char text[sizeof valid];
        memcpy(text, valid, sizeof valid);
        size_t length = mutate(text, sizeof valid - 1, &seed);
        fixture_write(&fixture, "sporlos.yaml", text, length);
        enum sp_error error = fixture_load(&fixture, NULL);
        assert_true(error == SP_OK || error == SP_CONFIG);
        if (error != SP_OK)
            continue;
        char *printed = fixture_printed(fixture.config); /* what loads can be printed and loads again */
        fixture_text(&fixture, "sporlos.yaml", printed);
        if (fixture_load(&fixture, NULL) != SP_OK)
            fail_msg("%s\n%s", fixture.errors, printed);
        free(printed);
        loaded++;
    }
    assert_in_range(loaded, 100, 2900); /* both ways were walked */
    fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_that_cannot_be_read),
        cmocka_unit_test(test_a_file_larger_than_a_mebibyte_is_refused),
        cmocka_unit_test(test_sites_d_is_read_in_the_order_of_names),
        cmocka_unit_test(test_mistakes_of_all_files_are_told_in_order),
        cmocka_unit_test(test_sites_and_hosts_are_unique_over_all_files),
        cmocka_unit_test(test_ten_thousand_sites_load_and_one_more_does_not),
        cmocka_unit_test(test_bombs_do_no_harm),
        cmocka_unit_test(test_mutated_files_are_loaded_or_refused_but_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
