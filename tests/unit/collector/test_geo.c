/* The whole way from files to keys, on small synthetic files. */
#include "geo.h"
#include "geo_config.h"
#include "geo_runs.h"
#include "mmdb_writer.h"
#include "sporlos/clock.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define BUILD_EPOCH 1780000000

static char folder[] = "/tmp/sporlos-geo-XXXXXX";
static char v4_path[64], v6_path[64], gazetteer_path[64], polygons_path[64], population_path[64];

/* Three municipalities in two counties; Lillevik has no place of its own. */
static const char gazetteer_text[] = "# test\n"
                                     "fylke,98,Nordfylke\n"
                                     "fylke,99,Sørfylke\n"
                                     "kommune,9801,Storby,60.5,10.5,50000\n"
                                     "kommune,9802,Lillevik,,,\n"
                                     "kommune,9901,Sørby,58.5,8.5,900\n"
                                     "place,9801,Storby,60.5,10.5,50000\n"
                                     "place,9801,Ås,60.2,10.2,\n"
                                     "place,9901,Sørby,58.5,8.5,900\n"
                                     "place,9901,Vik,58.6,8.6,\n"
                                     "place,9801,Vik,60.7,10.7,\n";

/* Squares of a degree; 9801 has a hole that is 9802. */
static const char polygons_text[] =
    "{\"type\":\"FeatureCollection\",\"features\":[\n"
    "{\"type\":\"Feature\",\"properties\":{\"kommunenummer\":\"9801\"},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":"
    "[[[10,60],[11,60],[11,61],[10,61],[10,60]],[[10.4,60.4],[10.6,60.4],[10.6,60.6],[10.4,60.6],[10.4,60.4]]]}},\n"
    "{\"geometry\":{\"coordinates\":[[[[10.4,60.4],[10.6,60.4],[10.6,60.6],[10.4,60.6],[10.4,60.4]]]],"
    "\"type\":\"MultiPolygon\"},\"properties\":{\"name\":\"x\",\"kommunenummer\":9802},\"type\":\"Feature\"},\n"
    "{\"type\":\"Feature\",\"properties\":{\"kommunenummer\":\"9901\"},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":"
    "[[[8,58],[9,58],[9,59],[8,59],[8,58]]]}}]}\n";

static void
write_text(const char *path, const char *text)
{
    mmdb_write(path, (const unsigned char *)text, strlen(text));
}

static int
set_up(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(v4_path, sizeof v4_path, "%s/v4.mmdb", folder);
    snprintf(v6_path, sizeof v6_path, "%s/v6.mmdb", folder);
    snprintf(gazetteer_path, sizeof gazetteer_path, "%s/g.csv", folder);
    snprintf(polygons_path, sizeof polygons_path, "%s/p.geojson", folder);
    snprintf(population_path, sizeof population_path, "%s/n.csv", folder);
    write_text(gazetteer_path, gazetteer_text);
    write_text(polygons_path, polygons_text);
    write_text(population_path, "kommunenummer,folketall\n9802,7000\n9901,20000\n");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    const char *paths[] = { v4_path, v6_path, gazetteer_path, polygons_path, population_path };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        unlink(paths[i]);
    return rmdir(folder);
}

static void
write_database(struct mmdb_writer *writer, const char *path)
{
    size_t length;
    unsigned char *bytes = mmdb_writer_bytes(writer, &length);
    mmdb_write(path, bytes, length);
    free(bytes);
    mmdb_writer_free(writer);
}

static struct mmdb_city
norwegian(const char *city, double latitude, double longitude, int radius_km)
{
    return (struct mmdb_city){ "NO", city, latitude, longitude, radius_km, false };
}

/* The nested layout with IPv4 inside; each network shows one rule. */
static struct mmdb_writer *
nested_database(void)
{
    static const struct {
        const char *network;
        struct mmdb_city city;
    } rows[] = {
        { "198.18.0.0/24", { "NO", "Storby", 60.5, 10.5, 5, false } },
        { "198.18.1.0/24", { "SE", "Storby", 60.5, 10.5, 5, false } },
        { "198.18.2.0/24", { "SJ", "Storby", 60.5, 10.5, 5, false } },
        { "198.18.3.0/24", { NULL, "Storby", 60.5, 10.5, 5, false } },
        { "198.18.4.0/24", { "NO", NULL, 60.5, 10.5, 5, false } },
        { "198.18.5.0/24", { "NO", "", 60.5, 10.5, 5, false } },
        { "198.18.6.0/24", { "NO", "Storby", NAN, NAN, 5, false } },
        { "198.18.7.0/24", { "NO", "Storby", 95, 10.5, 5, false } },
        { "198.18.8.0/24", { "NO", "Storby", 60.5, 10.5, 51, false } },
        { "198.18.9.0/24", { "NO", "Storby", 60.5, 10.5, 50, false } },
        { "198.18.10.0/24", { "NO", "Storby", 62, 10, 5, false } },
        { "198.18.11.0/24", { "NO", "Sørby", 58.5, 8.5, -1, false } },
        { "198.18.12.0/25", { "NO", "Sørby", 58.5, 8.5, 5, false } },
        { "198.18.12.128/25", { "NO", "Storby", 60.5, 10.5, 5, false } },
        { "198.18.13.128/25", { "NO", "Storby", 60.5, 10.5, 5, false } },
        { "198.18.14.0/24", { "NO", "AAS", 60.0, 10.0, 5, false } },
        { "198.18.15.0/24", { "NO", "Vik (Centre)", 58.7, 8.7, 5, false } },
        { "198.18.16.0/24", { "NO", "Ukjentstad", 60.55, 10.55, 5, false } },
        { "198.18.17.0/24", { "NO", "Ukjentstad", 70, 30, 5, false } },
        { "2001:db8:1::/48", { "NO", "Storby", 60.5, 10.5, 5, false } },
        { "2001:db8:2::/49", { "NO", "Sørby", 58.5, 8.5, 5, false } },
        { "2001:db8:3:8000::/49", { "NO", "Sørby", 58.5, 8.5, 5, false } },
        { "2a02::/16", { "NO", "Sørby", 58.5, 8.5, 5, false } },
    };
    struct mmdb_writer *writer = mmdb_writer_new(6, BUILD_EPOCH);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        mmdb_writer_add(writer, rows[i].network, &rows[i].city);
    return writer;
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

static const char *
key_of(const struct geo *geo, const char *address)
{
    unsigned char bytes[16];
    struct network network = { .family = strchr(address, ':') != NULL ? NETWORK_V6 : NETWORK_V4 };
    bool v6 = network.family == NETWORK_V6;
    assert_int_equal(inet_pton(v6 ? AF_INET6 : AF_INET, address, bytes), 1);
    for (size_t i = 0; i < (v6 ? 6u : 3u); i++)
        network.prefix = network.prefix << 8 | bytes[i];
    return geo_key(geo, geo_lookup(geo, &network), 0);
}

struct expectation {
    const char *address, *by_names, *by_boundaries;
};

static const struct expectation expectations[] = {
    { "198.18.0.0", "9801", "9802" },                                                 /* the hole belongs to 9802 */
    { "198.18.1.0", "abroad", "abroad" },       { "198.18.2.0", "abroad", "abroad" }, /* Svalbard */
    { "198.18.3.0", "abroad", "abroad" }, /* registered_country says NO, country nothing */
    { "198.18.4.0", "unknown", "unknown" },     { "198.18.5.0", "unknown", "unknown" },
    { "198.18.6.0", "unknown", "unknown" },     { "198.18.7.0", "unknown", "unknown" },
    { "198.18.8.0", "unknown", "unknown" },     { "198.18.9.0", "9801", "9802" },
    { "198.18.10.0", "unknown", "unknown" },    { "198.18.11.0", "9901", "9901" },
    { "198.18.12.0", "9901", "9901" },       /* the base address decides */
    { "198.18.13.0", "abroad", "abroad" },   /* it has no record */
    { "198.18.14.0", "9801", "9801" },       /* Aas is Ås; the corner of 9801 */
    { "198.18.15.0", "9901", "9901" },       /* two are called Vik: the nearest */
    { "198.18.16.0", "9801", "9802" },       /* no such name: the nearest */
    { "198.18.17.0", "unknown", "unknown" }, /* and near nothing */
    { "9.9.9.9", "abroad", "abroad" },          { "255.255.255.255", "abroad", "abroad" },
    { "0.0.0.0", "abroad", "abroad" },          { "2001:db8:1::", "9801", "9802" },
    { "2001:db8:2::", "9901", "9901" },         { "2001:db8:3::", "abroad", "abroad" },
    { "2001:db8:4::", "abroad", "abroad" },     { "2a02::", "9901", "9901" },
    { "2a02:ffff:ffff::", "9901", "9901" },     { "2a03::", "abroad", "abroad" },
    { "ffff:ffff:ffff::", "abroad", "abroad" },
};

static void
assert_expectations(const struct geo *geo, bool boundaries)
{
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        const struct expectation *row = &expectations[i];
        const char *expected = boundaries ? row->by_boundaries : row->by_names;
        if (strcmp(key_of(geo, row->address), expected) != 0)
            fail_msg("%s: %s, not %s", row->address, key_of(geo, row->address), expected);
    }
}

static void
test_rules_place_each_network(void **state)
{
    (void)state;
    write_database(nested_database(), v6_path);
    char *databases[] = { v6_path };
    struct config config = geo_config(databases, 1);
    config.geo.gazetteer = gazetteer_path;
    struct geo *geo = load(&config);
    assert_expectations(geo, false);
    assert_int_equal(geo_count(geo), MUNICIPALITY_FIRST + 3);
    geo_free(geo);
    config.geo.polygons = polygons_path;
    geo = load(&config);
    assert_expectations(geo, true);
    geo_free(geo);
    config.geo.gazetteer = NULL;
    geo = load(&config);
    assert_expectations(geo, true);
    geo_free(geo);
}

static void
test_boundaries_in_the_sea_reach_twenty_km(void **state)
{
    (void)state;
    struct mmdb_writer *writer = mmdb_writer_new(4, BUILD_EPOCH);
    struct mmdb_city near = norwegian("Skjær", 58.5, 7.7, 5), far = norwegian("Skjær", 58.5, 7.6, 5);
    mmdb_writer_add(writer, "192.0.2.0/24", &near); /* 17 km west of 9901 */
    mmdb_writer_add(writer, "198.51.100.0/24", &far);
    write_database(writer, v4_path);
    char *databases[] = { v4_path };
    struct config config = geo_config(databases, 1);
    config.geo.polygons = polygons_path;
    struct geo *geo = load(&config);
    assert_string_equal(key_of(geo, "192.0.2.0"), "9901");
    assert_string_equal(key_of(geo, "198.51.100.0"), "unknown");
    geo_free(geo);
}

/* The flat layout of two files; the IPv6 one also holds something at ::/96 that the IPv4 file goes before. */
static void
write_flat_pair(void)
{
    struct mmdb_city storby = { "NO", "Storby", 60.5, 10.5, -1, true }, sorby = { "NO", "Sorby", 58.5, 8.5, -1, true };
    struct mmdb_city catch_all = { "NO", "Oslo", 59.9122, 10.7313, -1, true };
    struct mmdb_writer *writer = mmdb_writer_new(4, BUILD_EPOCH);
    mmdb_writer_add(writer, "192.0.2.0/24", &storby);
    mmdb_writer_add(writer, "198.51.100.0/22", &sorby);
    mmdb_writer_add(writer, "203.0.113.0/24", &catch_all);
    write_database(writer, v4_path);
    writer = mmdb_writer_new(6, BUILD_EPOCH - 86400);
    mmdb_writer_add(writer, "2001:db8::/32", &sorby);
    mmdb_writer_add(writer, "192.0.2.0/24", &sorby);
    write_database(writer, v6_path);
}

static void
test_two_flat_files_in_either_order(void **state)
{
    (void)state;
    write_flat_pair();
    for (int order = 0; order < 2; order++) {
        char *databases[] = { order == 0 ? v4_path : v6_path, order == 0 ? v6_path : v4_path };
        struct config config = geo_config(databases, 2);
        config.geo.gazetteer = gazetteer_path;
        struct geo *geo = load(&config);
        assert_string_equal(key_of(geo, "192.0.2.0"), "9801");
        assert_string_equal(key_of(geo, "198.51.100.0"), "9901");
        assert_string_equal(key_of(geo, "198.51.103.0"), "9901");
        assert_string_equal(key_of(geo, "198.51.104.0"), "abroad");
        assert_string_equal(key_of(geo, "203.0.113.0"), "unknown");
        assert_string_equal(key_of(geo, "2001:db8:ffff::"), "9901");
        struct geo_statistics statistics = geo_statistics(geo);
        assert_int_equal(statistics.build_epoch, BUILD_EPOCH - 86400);
        assert_int_equal(statistics.runs_v4, 7);
        assert_int_equal(statistics.runs_v6, 3);
        assert_true(fabs(statistics.unknown_share - 1.0 / 6) < 1e-12);
        size_t index = (((size_t)1 << GEO_INDEX_BITS) + 1) * sizeof(uint32_t);
        assert_in_range(statistics.bytes - index, 7 * 6 + 3 * 10, 7 * 6 + 3 * 10 + 64);
        geo_free(geo);
    }
}

static void
test_one_family_leaves_the_other_unknown(void **state)
{
    (void)state;
    write_flat_pair();
    char *databases[] = { v4_path };
    struct config config = geo_config(databases, 1);
    config.geo.gazetteer = gazetteer_path;
    struct geo *geo = load(&config);
    assert_string_equal(key_of(geo, "192.0.2.0"), "9801");
    assert_string_equal(key_of(geo, "2001:db8::"), "unknown");
    geo_free(geo);
}

static void
test_aliases_of_ipv4_are_not_walked(void **state)
{
    (void)state;
    char *databases[] = { v6_path };
    struct config config = geo_config(databases, 1);
    config.geo.gazetteer = gazetteer_path;
    write_database(nested_database(), v6_path);
    struct geo *geo = load(&config);
    uint32_t runs = geo_statistics(geo).runs_v6;
    geo_free(geo);
    struct mmdb_writer *writer = nested_database();
    const char *aliases[] = { "::ffff:0:0/96", "2001::/32", "2002::/16", "64:ff9b::/96" };
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        mmdb_writer_alias(writer, aliases[i]);
    write_database(writer, v6_path);
    geo = load(&config);
    assert_int_equal(geo_statistics(geo).runs_v6, runs);
    assert_string_equal(key_of(geo, "2002:c612:0::"), "abroad"); /* 198.18.0.0 in 6to4: never looked up as IPv6 */
    assert_expectations(geo, false);
    geo_free(geo);
}

static void
test_without_databases_everything_is_unknown(void **state)
{
    (void)state;
    struct config config = geo_config(NULL, 0);
    struct geo *geo = load(&config);
    assert_int_equal(geo_count(geo), MUNICIPALITY_FIRST);
    assert_string_equal(key_of(geo, "192.0.2.0"), "unknown");
    assert_string_equal(key_of(geo, "2001:db8::"), "unknown");
    struct network none = { .family = NETWORK_NONE };
    assert_int_equal(geo_lookup(geo, &none), MUNICIPALITY_UNKNOWN);
    assert_int_equal(geo_statistics(geo).build_epoch, 0);
    geo_free(geo);
}

static const char *
key(const struct geo *geo, unsigned position, int64_t min_population)
{
    return geo_key(geo, (uint16_t)(MUNICIPALITY_FIRST + position), min_population);
}

static void
test_small_municipalities_are_merged_into_their_county(void **state)
{
    (void)state;
    struct config config = geo_config(NULL, 0);
    config.geo.gazetteer = gazetteer_path;
    struct geo *geo = load(&config);
    assert_string_equal(key(geo, 0, 0), "9801");
    assert_string_equal(key(geo, 1, 0), "9802");
    assert_string_equal(key(geo, 0, 50000), "9801");
    assert_string_equal(key(geo, 0, 50001), "f98");
    assert_string_equal(key(geo, 1, 1), "f98"); /* nobody knows how many live there */
    assert_string_equal(key(geo, 2, 901), "f99");
    assert_string_equal(geo_key(geo, MUNICIPALITY_UNKNOWN, 5000), "unknown");
    assert_string_equal(geo_key(geo, MUNICIPALITY_ABROAD, 5000), "abroad");
    assert_string_equal(geo_key(geo, geo_count(geo), 0), "unknown");
    geo_free(geo);
    config.geo.population = population_path;
    geo = load(&config);
    assert_string_equal(key(geo, 0, 1), "f98"); /* the file replaces the gazetteer's figures, and has none for it */
    assert_string_equal(key(geo, 1, 7000), "9802");
    assert_string_equal(key(geo, 2, 20000), "9901");
    geo_free(geo);
}

static void
assert_refused(struct config *config, enum sp_error expected, const char *words)
{
    struct geo *geo = (struct geo *)(void *)config;
    const char *why = NULL;
    enum sp_error error = geo_new(config, &geo, &why);
    assert_null(geo);
    if (error != expected || strstr(why, words) == NULL)
        fail_msg("%s: '%s', not %s: '%s'", sp_error_text(error), why, sp_error_text(expected), words);
}

static void
test_bad_files_are_refused_by_name(void **state)
{
    (void)state;
    char *databases[] = { v4_path, v4_path };
    struct config config = geo_config(databases, 1);
    unlink(v4_path);
    assert_refused(&config, SP_CONFIG, "geo.databases needs");
    config.geo.gazetteer = gazetteer_path;
    assert_refused(&config, SP_IO, v4_path);
    write_text(v4_path, "not a database");
    assert_refused(&config, SP_MALFORMED, v4_path);
    write_text(v4_path, "");
    assert_refused(&config, SP_IO, v4_path); /* nothing to map */
    write_flat_pair();
    config.geo.databases.count = 2;
    assert_refused(&config, SP_CONFIG, "an earlier one of geo.databases");
    databases[0] = databases[1] = v6_path;
    assert_refused(&config, SP_CONFIG, "an earlier one of geo.databases");
}

static void
test_databases_that_are_not_of_cities_are_refused(void **state)
{
    (void)state;
    char *databases[] = { v4_path };
    struct config config = geo_config(databases, 1);
    config.geo.gazetteer = gazetteer_path;
    struct mmdb_city country = { "NO", NULL, NAN, NAN, -1, true };
    struct mmdb_writer *writer = mmdb_writer_new(4, BUILD_EPOCH);
    mmdb_writer_add(writer, "192.0.2.0/24", &country);
    write_database(writer, v4_path);
    assert_refused(&config, SP_MALFORMED, "not a city database");
    write_database(mmdb_writer_new(4, BUILD_EPOCH), v4_path);
    assert_refused(&config, SP_MALFORMED, "no networks");
}

static void
test_looping_trees_are_refused(void **state)
{
    (void)state;
    char *databases[] = { v6_path };
    struct config config = geo_config(databases, 1);
    config.geo.gazetteer = gazetteer_path;
    static const char *const networks[] = { "8000::/1", "2001:db8:8000::/33", "128.0.0.0/1", "198.18.0.0/25" };
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        struct mmdb_writer *writer = nested_database();
        mmdb_writer_loop(writer, networks[i]);
        write_database(writer, v6_path);
        assert_refused(&config, SP_MALFORMED, "corrupt");
    }
}

static void
test_bad_lists_are_refused_by_line(void **state)
{
    (void)state;
    char path[80];
    snprintf(path, sizeof path, "%s/bad", folder);
    struct config config = geo_config(NULL, 0);
    config.geo.gazetteer = path;
    write_text(path, "kommune,0301,Oslo,59.9,10.7,1\nplace,0301,Oslo,north,10.7,\n");
    assert_refused(&config, SP_MALFORMED, "bad:2: latitude");
    config.geo.gazetteer = gazetteer_path;
    config.geo.population = path;
    write_text(path, "number,population\n0301,many\n");
    assert_refused(&config, SP_MALFORMED, "bad:2: population");
    config.geo.population = NULL;
    config.geo.polygons = path;
    write_text(path, "{\n\"type\":\n\"Feature\"");
    assert_refused(&config, SP_MALFORMED, "bad:3: ");
    unlink(path);
}

/* Whatever a byte is changed into, there is a snapshot or a reason. The sanitizers watch. */
static void
test_damaged_databases_never_crash(void **state)
{
    (void)state;
    char *databases[] = { v6_path };
    struct config config = geo_config(databases, 1);
    config.geo.gazetteer = gazetteer_path;
    struct mmdb_writer *writer = nested_database();
    mmdb_writer_alias(writer, "2002::/16");
    size_t length;
    unsigned char *bytes = mmdb_writer_bytes(writer, &length);
    mmdb_writer_free(writer);
    unsigned loaded = 0, refused = 0;
    for (size_t i = 0; i < length; i++) {
        static const unsigned char masks[] = { 0xff, 0x01, 0x80 };
        for (size_t j = 0; j < sizeof masks; j++) {
            if ((i + j) % (i < length / 2 ? 29 : 3) != 0)
                continue; /* the tree is large and alike everywhere */
            bytes[i] ^= masks[j];
            mmdb_write(v6_path, bytes, length);
            bytes[i] ^= masks[j];
            struct geo *geo;
            const char *why;
            bool fine = geo_new(&config, &geo, &why) == SP_OK;
            assert_true(fine ? geo != NULL : geo == NULL && why[0] != '\0');
            loaded += fine;
            refused += !fine;
            geo_free(geo);
        }
    }
    print_message("damaged in one byte: %u loaded, %u refused\n", loaded, refused);
    assert_true(loaded > 0 && refused > 0);
    free(bytes);
}

static void
test_truncated_databases_are_refused(void **state)
{
    (void)state;
    char *databases[] = { v6_path };
    struct config config = geo_config(databases, 1);
    config.geo.gazetteer = gazetteer_path;
    struct mmdb_writer *writer = nested_database();
    size_t length;
    unsigned char *bytes = mmdb_writer_bytes(writer, &length);
    mmdb_writer_free(writer);
    for (size_t rest = 1; rest < length; rest += 1 + rest / 37) {
        mmdb_write(v6_path, bytes, rest);
        assert_refused(&config, SP_MALFORMED, v6_path);
        mmdb_write(v6_path, bytes + length - rest, rest); /* the metadata is at the end */
        struct geo *geo;
        const char *why;
        if (geo_new(&config, &geo, &why) == SP_OK)
            geo_free(geo);
    }
    free(bytes);
}

static int64_t
wall_s(void *context)
{
    return *(int64_t *)context;
}

static int64_t
monotonic_ms(void *context)
{
    return *(int64_t *)context * 1000;
}

/* What geo_new() writes to standard error when it is now. */
static void
log_at(int64_t now, char *log, size_t size)
{
    struct clock_source clock = { wall_s, monotonic_ms, &now };
    char *databases[] = { v4_path };
    struct config config = geo_config(databases, 1);
    config.geo.gazetteer = gazetteer_path;
    int pipes[2], standard = dup(STDERR_FILENO);
    assert_int_equal(pipe2(pipes, O_NONBLOCK), 0);
    dup2(pipes[1], STDERR_FILENO);
    clock_replace(&clock);
    struct geo *geo = load(&config);
    clock_replace(NULL);
    dup2(standard, STDERR_FILENO);
    close(standard);
    ssize_t length = read(pipes[0], log, size - 1);
    log[length < 0 ? 0 : length] = '\0';
    close(pipes[0]);
    close(pipes[1]);
    geo_free(geo);
}

static void
test_old_databases_are_warned_of(void **state)
{
    (void)state;
    char log[512];
    write_flat_pair();
    log_at(BUILD_EPOCH + 45 * 86400, log, sizeof log);
    assert_string_equal(log, "");
    log_at(BUILD_EPOCH + 46 * 86400, log, sizeof log);
    assert_non_null(strstr(log, "level=warning event=geo_database_old days=46\n"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_place_each_network),
        cmocka_unit_test(test_boundaries_in_the_sea_reach_twenty_km),
        cmocka_unit_test(test_two_flat_files_in_either_order),
        cmocka_unit_test(test_one_family_leaves_the_other_unknown),
        cmocka_unit_test(test_aliases_of_ipv4_are_not_walked),
        cmocka_unit_test(test_without_databases_everything_is_unknown),
        cmocka_unit_test(test_small_municipalities_are_merged_into_their_county),
        cmocka_unit_test(test_bad_files_are_refused_by_name),
        cmocka_unit_test(test_databases_that_are_not_of_cities_are_refused),
        cmocka_unit_test(test_looping_trees_are_refused),
        cmocka_unit_test(test_bad_lists_are_refused_by_line),
        cmocka_unit_test(test_damaged_databases_never_crash),
        cmocka_unit_test(test_truncated_databases_are_refused),
        cmocka_unit_test(test_old_databases_are_warned_of),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
