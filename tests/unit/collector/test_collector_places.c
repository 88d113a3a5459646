/* Municipalities as the whole collector counts them. */
#include "collector_views.h"
#include "mmdb_writer.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#define HOME "198.51.100.1" /* lies in 9901 */
#define AWAY "192.0.2.1"    /* in no database */

static char folder[] = "/tmp/sporlos-places-XXXXXX";
static char database_path[64], gazetteer_path[64];

static const char gazetteer[] = "fylke,99,Sørfylke\n"
                                "kommune,9901,Sørby,58.5,8.5,900\n"
                                "place,9901,Sørby,58.5,8.5,900\n";

static int
set_up(void **state)
{
    (void)state;
    const struct mmdb_city home = { "NO", "Sørby", 58.5, 8.5, 5, false };
    size_t length;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(database_path, sizeof database_path, "%s/v4.mmdb", folder);
    snprintf(gazetteer_path, sizeof gazetteer_path, "%s/g.csv", folder);
    struct mmdb_writer *writer = mmdb_writer_new(4, 1795000000);
    mmdb_writer_add(writer, "198.51.100.0/24", &home);
    unsigned char *bytes = mmdb_writer_bytes(writer, &length);
    mmdb_write(database_path, bytes, length);
    mmdb_write(gazetteer_path, (const unsigned char *)gazetteer, sizeof gazetteer - 1);
    free(bytes);
    mmdb_writer_free(writer);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    unlink(database_path);
    unlink(gazetteer_path);
    return rmdir(folder);
}

static void
drop_all(struct collector_fixture *fixture)
{
    struct site *site = sites_find(collector_sites(fixture->collector), SPAN_LITERAL("site.example"));
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        assert_true(counters_drop(collector_counters(fixture->collector), site->text, site->open[kind]) > 0);
}

/* The text of a municipality's key may go in a sweep, and its number to another text. */
static void
test_a_municipality_keeps_its_key_after_a_sweep(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    char yaml[512];
    snprintf(yaml, sizeof yaml,
             "geo: {databases: [%s], gazetteer: %s}\nsites: {site.example: {mode: standard, pages: [\"/*\"]}}\n",
             database_path, gazetteer_path);
    collector_fixture_init(&fixture, yaml);
    view(&fixture, HOME, STANDARD, "s=site.example&u=/&n=1");
    assert_int_not_equal(collector_fixture_leaf(&fixture, "site.example", "municipality", "2026-11-22", "9901"),
                         INT64_MIN);
    drop_all(&fixture);
    fixture.now_s += 24 * 3600;
    view(&fixture, AWAY, STANDARD, "s=site.example&u=/"); /* the first of a day sweeps */
    for (int i = 0; i < 100; i++) {
        char body[64];
        snprintf(body, sizeof body, "s=site.example&u=/%c%c", 'a' + i / 10, 'a' + i % 10);
        view(&fixture, AWAY, STANDARD, body);
    }
    int64_t born = collector_fixture_leaf(&fixture, "site.example", "visits", "2026-11-23", "");
    view(&fixture, HOME, STANDARD, "s=site.example&u=/&n=1");
    assert_int_equal(collector_fixture_leaf(&fixture, "site.example", "visits", "2026-11-23", ""), born + 1);
    assert_int_not_equal(collector_fixture_leaf(&fixture, "site.example", "municipality", "2026-11-23", "9901"),
                         INT64_MIN);
    collector_fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_municipality_keeps_its_key_after_a_sweep),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, set_up, tear_down);
}
