#include "fill.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sites.h"

static const struct carried none;
static const struct period day = { PERIOD_DAY, 20777 };
static const struct period month = { PERIOD_MONTH, 682 };

static const char gazetteer[] = "fylke,03,Oslo\nfylke,18,Nordland\n"
                                "kommune,0301,Oslo,59.9,10.7,700000\n"
                                "kommune,1804,Bodø,67.2,14.4,53000\n"
                                "kommune,1835,Træna,66.5,12.0,450\n"
                                "kommune,1856,Røst,67.5,12.1,500\n";

struct world {
    char path[32];
    struct config config;
    struct fill *fill;
    struct site_config site;
    struct release_batch *batch;
};

static int
setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    strcpy(world->path, "/tmp/sporlos-fill-XXXXXX");
    int fd = mkstemp(world->path);
    assert_true(write(fd, gazetteer, sizeof gazetteer - 1) == sizeof gazetteer - 1);
    close(fd);
    world->config.geo.gazetteer = world->path;
    assert_int_equal(fill_new(&world->config, &world->fill), SP_OK);
    *state = world;
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;
    release_batch_free(world->batch);
    fill_free(world->fill);
    unlink(world->path);
    free(world);
    return 0;
}

static void
begin(struct world *world, enum site_mode mode, struct period period)
{
    release_batch_free(world->batch);
    world->site = test_site("example.no", mode);
    assert_int_equal(release_batch_new(&world->site, period, &world->batch), SP_OK);
}

static const struct release *
leaf(const struct world *world, enum table_id table, const char *key)
{
    for (size_t i = 0; i < release_count(world->batch); i++) {
        const struct release *release = release_at(world->batch, i);
        if (release_table(release) == table && span_equal(release_key(release), span_text(key)))
            return release;
    }
    return NULL;
}

static void
test_what_nobody_fed_has_its_leaf(void **state)
{
    struct world *world = *state;
    begin(world, MODE_STANDARD, day);
    assert_int_equal(fill_batch(world->fill, world->batch, 1, &none), SP_OK);
    static const char *const keys[] = { KEY_UNKNOWN, KEY_ABROAD, "0301", "1804", "1835", "1856" };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct release *release = leaf(world, TABLE_MUNICIPALITY, keys[i]);
        assert_non_null(release);
        assert_int_equal(release_sources(release), 1);
        assert_false(release_witnessed(release));
        assert_in_range(release_value(release) + 5, 0, 10);
    }
    assert_non_null(leaf(world, TABLE_TOTAL, ""));
    assert_non_null(leaf(world, TABLE_PAGE, KEY_OTHER));
    assert_null(leaf(world, TABLE_HOUR, "")); /* a day has no hours */
    assert_non_null(leaf(world, TABLE_DROPPED, "bot"));
}

static void
test_small_municipalities_are_one(void **state)
{
    struct world *world = *state;
    begin(world, MODE_RESTRICTED, month);
    world->site.min_population = 5000;
    assert_int_equal(fill_batch(world->fill, world->batch, 1, &none), SP_OK);
    assert_non_null(leaf(world, TABLE_MUNICIPALITY, "1804"));
    assert_non_null(leaf(world, TABLE_MUNICIPALITY, "f18"));
    assert_int_equal(release_sources(leaf(world, TABLE_MUNICIPALITY, "f18")), 1);
    assert_null(leaf(world, TABLE_MUNICIPALITY, "1835"));
    assert_null(leaf(world, TABLE_TOTAL, "")); /* months have no total */
    begin(world, MODE_RESTRICTED, day);
    assert_int_equal(fill_batch(world->fill, world->batch, 1, &none), SP_OK);
    assert_non_null(leaf(world, TABLE_DROPPED, "malformed"));
    assert_null(leaf(world, TABLE_DROPPED, "bot")); /* no User-Agent is read */
}

static void
test_every_leaf_has_as_many_births_as_there_are_sources(void **state)
{
    struct world *world = *state;
    begin(world, MODE_STANDARD, day);
    assert_int_equal(release_add(world->batch, TABLE_TOTAL, SPAN_LITERAL(""), 1000), SP_OK);
    assert_int_equal(release_add(world->batch, TABLE_TOTAL, SPAN_LITERAL(""), 2000), SP_OK);
    assert_int_equal(release_add(world->batch, TABLE_TOTAL, SPAN_LITERAL(""), 3000), SP_OK);
    assert_int_equal(release_add(world->batch, TABLE_PAGE, SPAN_LITERAL("/earned"), 50), SP_OK);
    assert_int_equal(fill_batch(world->fill, world->batch, 3, &none), SP_OK);
    for (size_t i = 0; i < release_count(world->batch); i++)
        assert_int_equal(release_sources(release_at(world->batch, i)), 3);
    assert_int_equal(release_value(leaf(world, TABLE_TOTAL, "")), 6000); /* nothing was missing, nothing is added */
    assert_in_range(release_value(leaf(world, TABLE_PAGE, "/earned")), 40, 60);
}

/* What is filled in is a birth like any other: symmetric, of the mode's variance. */
static void
test_the_noise_is_that_of_a_birth(void **state)
{
    struct world *world = *state;
    enum { ROUNDS = 2000, KEYS = 4 };
    static const char *const keys[KEYS] = { "0301", "1804", "1835", "1856" };
    double sum = 0;
    double square = 0;
    for (int round = 0; round < ROUNDS; round++) {
        begin(world, MODE_STANDARD, day);
        assert_int_equal(fill_batch(world->fill, world->batch, 1, &none), SP_OK);
        for (int i = 0; i < KEYS; i++) {
            double value = (double)release_value(leaf(world, TABLE_MUNICIPALITY, keys[i]));
            sum += value;
            square += value * value;
        }
    }
    double count = ROUNDS * KEYS;
    assert_true(sum / count > -0.1 && sum / count < 0.1); /* 5 standard deviations */
    assert_true(square / count > 2.7 && square / count < 3.3);
}

/* Keys of closed lists and of the configuration: all of them, fed or not. */
static void
test_every_key_of_a_closed_list_has_its_leaf(void **state)
{
    struct world *world = *state;
    char sorg[] = "sorg", pattern[] = "/sorg/**", ja[] = "ja", nei[] = "nei", words[] = "Ja", event[] = "bestilling";
    char *tags[] = { sorg }, *events[] = { event };
    struct text_pair sections[] = { { .left = pattern, .right = sorg } },
                     answers[] = { { .left = ja, .right = words }, { .left = nei, .right = words } };
    begin(world, MODE_STANDARD, day);
    world->site.tags = (struct text_list){ tags, 1 };
    world->site.events = (struct text_list){ events, 1 };
    world->site.sections = sections;
    world->site.section_count = 1;
    world->site.answers = answers;
    world->site.answer_count = 2;
    assert_int_equal(fill_batch(world->fill, world->batch, 2, &none), SP_OK);
    static const struct {
        enum table_id table;
        const char *key;
    } keys[] = { { TABLE_SECTION, "sorg" },         { TABLE_TAG, "sorg" },
                 { TABLE_REFERRER, "ai" },          { TABLE_REFERRER_HOST, KEY_OTHER },
                 { TABLE_UTM_SOURCE, KEY_REMOVED }, { TABLE_DEVICE, "tablet" },
                 { TABLE_BROWSER, "whale" },        { TABLE_SYSTEM, "chromeos" },
                 { TABLE_ENGAGEMENT, "6" },         { TABLE_VISIT_LENGTH, "0" },
                 { TABLE_FEEDBACK, "nei (annet)" }, { TABLE_DOWNLOAD, KEY_OTHER },
                 { TABLE_OUTBOUND, KEY_OTHER },     { TABLE_MISSING, KEY_OTHER },
                 { TABLE_EVENT, "bestilling" } };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (leaf(world, keys[i].table, keys[i].key) == NULL)
            fail_msg("%s %s", table_table[keys[i].table].name, keys[i].key);
        assert_int_equal(release_sources(leaf(world, keys[i].table, keys[i].key)), 2);
    }
    assert_null(leaf(world, TABLE_SCROLL, "0 (annet)")); /* a month's */
    begin(world, MODE_RESTRICTED, day);
    assert_int_equal(fill_batch(world->fill, world->batch, 2, &none), SP_OK);
    for (size_t i = 0; i < release_count(world->batch); i++)
        assert_int_not_equal(
            table_table[release_table(release_at(world->batch, i))].periods[TABLES_RESTRICTED] & PERIODS_DAY, 0);
}

/* Which steps somebody fed on a page does not show by which leaves there are. */
static void
test_a_page_that_is_known_has_every_step(void **state)
{
    struct world *world = *state;
    char listed[] = "/listed", pattern[] = "/a/*";
    char *pages[] = { listed, pattern };
    begin(world, MODE_STANDARD, month);
    world->site.pages = (struct text_list){ pages, 2 };
    assert_int_equal(release_add(world->batch, TABLE_PAGE, SPAN_LITERAL("/seen"), 9), SP_OK);
    assert_int_equal(release_add(world->batch, TABLE_SCROLL, SPAN_LITERAL("2 /read to the middle"), 7), SP_OK);
    assert_int_equal(fill_batch(world->fill, world->batch, 1, &none), SP_OK);
    static const char *const scrolled[] = { KEY_OTHER, "/listed", "/seen", "/read to the middle" };
    for (size_t i = 0; i < 4; i++) {
        for (int step = 0; step < VISIBLE_TIME_BUCKETS; step++) {
            char key[64];
            snprintf(key, sizeof key, "%d %s", step, scrolled[i]);
            assert_int_equal(leaf(world, TABLE_SCROLL, key) != NULL, step < SCROLL_QUARTERS);
            assert_int_equal(leaf(world, TABLE_PAGE_ENGAGEMENT, key) != NULL, i < 3);
        }
    }
    assert_int_equal(release_value(leaf(world, TABLE_SCROLL, "2 /read to the middle")), 7);
    assert_null(leaf(world, TABLE_SCROLL, "0 /a/*"));
}

/* A table that is announced only has no leaves yet, not even empty ones. */
static void
test_what_is_not_in_force_is_not_filled(void **state)
{
    struct world *world = *state;
    begin(world, MODE_STANDARD, day);
    world->site.in_force.from[TABLE_MUNICIPALITY][PERIOD_DAY] = period_end(day, &world->site.zone);
    assert_int_equal(fill_batch(world->fill, world->batch, 1, &none), SP_OK);
    assert_null(leaf(world, TABLE_MUNICIPALITY, "0301"));
    assert_null(leaf(world, TABLE_MUNICIPALITY, KEY_UNKNOWN));
    assert_non_null(leaf(world, TABLE_TOTAL, ""));
}

/* Under the mode that its leaves were counted in: restricted until the site became standard. */
static void
test_the_noise_is_that_of_the_mode_then(void **state)
{
    struct world *world = *state;
    int64_t most = 0;
    for (int round = 0; round < 300; round++) {
        begin(world, MODE_STANDARD, day);
        world->site.in_force.mode_since_s = period_end(day, &world->site.zone);
        world->site.in_force.mode_before = MODE_STRICT;
        assert_int_equal(fill_batch(world->fill, world->batch, 1, &none), SP_OK);
        for (size_t i = 0; i < release_count(world->batch); i++) {
            int64_t value = release_value(release_at(world->batch, i));
            most = value > most ? value : most;
        }
    }
    assert_in_range(most, 6, 20); /* standard ends at 5 */
}

static const char polygons[] =
    "{\"type\":\"FeatureCollection\",\"features\":["
    "{\"type\":\"Feature\",\"properties\":{\"kommunenummer\":\"1804\"},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[14,67],[15,67],[15,68],[14,67]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"kommunenummer\":1804},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[15,67],[16,67],[16,68],[15,67]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"kommunenummer\":5501},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[18,69],[19,69],[19,70],[18,69]]]}}]}";

struct text_file {
    char path[32];
};

static char *
write_file(struct text_file *file, const char *text)
{
    strcpy(file->path, "/tmp/sporlos-fill-XXXXXX");
    int fd = mkstemp(file->path);
    assert_true(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    return file->path;
}

/* The collector finds municipalities with polygons alone, too. */
static void
test_municipalities_of_polygons(void **state)
{
    struct world *world = *state;
    struct text_file file;
    struct config config = { .geo = { .polygons = write_file(&file, polygons) } };
    struct fill *fill;
    assert_int_equal(fill_new(&config, &fill), SP_OK);
    begin(world, MODE_STANDARD, day);
    assert_int_equal(fill_batch(fill, world->batch, 1, &none), SP_OK);
    assert_non_null(leaf(world, TABLE_MUNICIPALITY, "5501"));
    assert_int_equal(release_sources(leaf(world, TABLE_MUNICIPALITY, "1804")), 1);
    assert_null(leaf(world, TABLE_MUNICIPALITY, "0301"));
    fill_free(fill);
    config.geo.gazetteer = world->path; /* both, as the collector has it */
    assert_int_equal(fill_new(&config, &fill), SP_OK);
    begin(world, MODE_STANDARD, day);
    assert_int_equal(fill_batch(fill, world->batch, 1, &none), SP_OK);
    assert_non_null(leaf(world, TABLE_MUNICIPALITY, "5501"));
    assert_non_null(leaf(world, TABLE_MUNICIPALITY, "0301"));
    fill_free(fill);
    unlink(file.path);
}

/* An operator's figures replace the gazetteer's: a municipality that they leave out is merged, as it is counted. */
static void
test_figures_are_of_one_kind(void **state)
{
    struct world *world = *state;
    struct text_file file;
    struct config config = { .geo = { .gazetteer = world->path, .population = write_file(&file, "0301,717710\n") } };
    struct fill *fill;
    assert_int_equal(fill_new(&config, &fill), SP_OK);
    begin(world, MODE_RESTRICTED, month);
    world->site.min_population = 5000;
    assert_int_equal(fill_batch(fill, world->batch, 1, &none), SP_OK);
    assert_non_null(leaf(world, TABLE_MUNICIPALITY, "0301"));
    assert_non_null(leaf(world, TABLE_MUNICIPALITY, "f18"));
    assert_null(leaf(world, TABLE_MUNICIPALITY, "1804"));
    fill_free(fill);
    unlink(file.path);
}

static void
test_without_a_gazetteer_the_rest_is_filled(void **state)
{
    struct world *world = *state;
    struct config bare = { .geo = { .gazetteer = NULL } };
    struct fill *fill;
    assert_int_equal(fill_new(&bare, &fill), SP_OK);
    begin(world, MODE_STANDARD, day);
    assert_int_equal(fill_batch(fill, world->batch, 1, &none), SP_OK);
    assert_non_null(leaf(world, TABLE_MUNICIPALITY, KEY_UNKNOWN));
    assert_null(leaf(world, TABLE_MUNICIPALITY, "0301"));
    fill_free(fill);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_nobody_fed_has_its_leaf, setup, teardown),
        cmocka_unit_test_setup_teardown(test_every_key_of_a_closed_list_has_its_leaf, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_page_that_is_known_has_every_step, setup, teardown),
        cmocka_unit_test_setup_teardown(test_small_municipalities_are_one, setup, teardown),
        cmocka_unit_test_setup_teardown(test_every_leaf_has_as_many_births_as_there_are_sources, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_noise_is_that_of_a_birth, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_not_in_force_is_not_filled, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_noise_is_that_of_the_mode_then, setup, teardown),
        cmocka_unit_test_setup_teardown(test_municipalities_of_polygons, setup, teardown),
        cmocka_unit_test_setup_teardown(test_figures_are_of_one_kind, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_a_gazetteer_the_rest_is_filled, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
