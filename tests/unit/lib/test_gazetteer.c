#include "sporlos/gazetteer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/sporlos-gazetteer-XXXXXX";

static int
set_up(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int
tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static void
write_bytes(const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void
test_rows_are_read_and_found_by_number(void **state)
{
    (void)state;
    static const char text[] = "# comment\n\n"
                               "place,1101,Egersund,58.45133,5.9997,9502\r\n"
                               "kommune,1101,Eigersund,58.45133,5.9997,9502\n"
                               "kommune,0301,Oslo,59.91273,10.74609,\n"
                               "fylke,11,Rogaland\n"
                               "kommune,5612,Guovdageaidnu,,,2848\n"
                               "fylke,03,Oslo";
    write_bytes(text, sizeof text - 1);
    struct gazetteer *gazetteer;
    char why[GAZETTEER_WHY_MAX];
    assert_int_equal(gazetteer_read(path, &gazetteer, why), SP_OK);
    assert_int_equal(gazetteer->municipality_count, 3);
    assert_int_equal(gazetteer->municipalities[0].number, 301);
    const struct gazetteer_municipality *oslo = gazetteer_municipality(gazetteer, 301);
    assert_string_equal(oslo->name, "Oslo");
    assert_true(oslo->has_point && oslo->latitude == 59.91273 && oslo->longitude == 10.74609);
    assert_int_equal(oslo->population, POPULATION_UNKNOWN);
    const struct gazetteer_municipality *pointless = gazetteer_municipality(gazetteer, 5612);
    assert_false(pointless->has_point);
    assert_int_equal(pointless->population, 2848);
    assert_null(gazetteer_municipality(gazetteer, 302));
    assert_string_equal(gazetteer_county(gazetteer, 11)->name, "Rogaland");
    assert_null(gazetteer_county(gazetteer, 12));
    assert_int_equal(gazetteer->place_count, 1);
    assert_string_equal(gazetteer->places[0].name, "Egersund");
    assert_int_equal(gazetteer->places[0].population, 9502);
    gazetteer_free(gazetteer);
}

static const struct {
    const char *text, *why;
} bad_gazetteers[] = {
    { "", "has no kommune row" },
    { "fylke,03,Oslo\n", "has no kommune row" },
    { "\nby,0301,Oslo\n", ":2: a row starts with" },
    { "kommune,0301,Oslo,59.9,10.7\n", ":1: wrong number of fields" },
    { "kommune,0301,Oslo,59.9,10.7,,\n", ":1: wrong number of fields" },
    { "kommune,301,Oslo,59.9,10.7,\n", ":1: the number of a kommune" },
    { "kommune,0000,Oslo,59.9,10.7,\n", ":1: the number of a kommune" },
    { "kommune,03a1,Oslo,59.9,10.7,\n", ":1: the number of a kommune" },
    { "kommune,0301,,59.9,10.7,\n", ":1: a name" },
    { "kommune,0301,\"Oslo\",59.9,10.7,\n", ":1: a name" },
    { "kommune,0301,Oslo,,10.7,\n", ":1: latitude" },
    { "kommune,0301,Oslo,91,10.7,\n", ":1: latitude" },
    { "kommune,0301,Oslo,nan,10.7,\n", ":1: latitude" },
    { "kommune,0301,Oslo,0x1p3,10.7,\n", ":1: latitude" },
    { "kommune,0301,Oslo,59.9,1-2,\n", ":1: longitude" },
    { "kommune,0301,Oslo,59.9,181,\n", ":1: longitude" },
    { "kommune,0301,Oslo,59.9,10.7,-1\n", ":1: population" },
    { "kommune,0301,Oslo,59.9,10.7,12345678901\n", ":1: population" },
    { "kommune,0301,Oslo,59.9,10.7,1\nkommune,0301,Oslo,59.9,10.7,1\n", "0301 stands twice" },
    { "fylke,03,Oslo\nkommune,0301,Oslo,,,\nfylke,03,Oslo\n", "03 stands twice" },
    { "fylke,3,Oslo\n", ":1: the number of a fylke" },
    { "kommune,0301,Oslo,,,\nplace,0302,Oslo,59.9,10.7,\n", "0302 has a place but no kommune" },
    { "kommune,0301,Oslo,,,\nplace,0301,Oslo,,,\n", ":2: latitude" },
    { "kommune,0301,Os\tlo,,,\n", ":1: a control character" },
    { "#\nkommune,0301,\xc3,,,\n", ":2: not UTF-8" },
};

static void
test_bad_gazetteers_are_refused_by_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_gazetteers / sizeof bad_gazetteers[0]; i++) {
        write_bytes(bad_gazetteers[i].text, strlen(bad_gazetteers[i].text));
        struct gazetteer *gazetteer = (struct gazetteer *)(void *)path;
        char why[GAZETTEER_WHY_MAX];
        assert_int_equal(gazetteer_read(path, &gazetteer, why), SP_MALFORMED);
        assert_null(gazetteer);
        if (strncmp(why, path, strlen(path)) != 0 || strstr(why, bad_gazetteers[i].why) == NULL)
            fail_msg("'%s' lacks '%s'", why, bad_gazetteers[i].why);
    }
}

static void
test_a_nul_byte_hides_nothing(void **state)
{
    (void)state;
    static const char text[] = "kommune,0301,Oslo,,,\n\0kommune,bad\n";
    write_bytes(text, sizeof text - 1);
    struct gazetteer *gazetteer;
    char why[GAZETTEER_WHY_MAX];
    assert_int_equal(gazetteer_read(path, &gazetteer, why), SP_MALFORMED);
    assert_non_null(strstr(why, ":2: a control character"));
}

static void
test_what_cannot_be_a_list_is_refused(void **state)
{
    (void)state;
    struct gazetteer *gazetteer;
    char why[GAZETTEER_WHY_MAX];
    assert_int_equal(gazetteer_read("/nonexistent/gazetteer.csv", &gazetteer, why), SP_IO);
    assert_non_null(strstr(why, "/nonexistent/gazetteer.csv: No such file"));
    assert_int_equal(gazetteer_read("/tmp", &gazetteer, why), SP_IO);
    size_t length = (4 << 20) + 1;
    char *large = malloc(length);
    assert_non_null(large);
    memset(large, '\n', length);
    write_bytes(large, length);
    free(large);
    assert_int_equal(gazetteer_read(path, &gazetteer, why), SP_MALFORMED);
    assert_non_null(strstr(why, "larger than 4 MiB"));
}

static void
test_populations_are_read_in_order_of_number(void **state)
{
    (void)state;
    static const char text[] = "number,population\n# 2026\n1101,15359\n0301,722278\n5612,\n";
    write_bytes(text, sizeof text - 1);
    struct population *rows;
    size_t count;
    char why[GAZETTEER_WHY_MAX];
    assert_int_equal(population_read(path, &rows, &count, why), SP_OK);
    assert_int_equal(count, 3);
    assert_int_equal(rows[0].number, 301);
    assert_int_equal(rows[0].population, 722278);
    assert_int_equal(rows[2].population, POPULATION_UNKNOWN);
    free(rows);
}

static void
test_bad_populations_are_refused_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "0301\n", ":1: a row is" },           { "0301,1,2\n", ":1: a row is" },
        { "301,1\n", ":1: the number" },        { "number,population\n0301,x\n", ":2: population" },
        { "0301,1\n0301,1\n", "stands twice" }, { "0301,1\nnumber,population\n", ":2: the number" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct population *read = (struct population *)(void *)path;
        size_t count;
        char why[GAZETTEER_WHY_MAX];
        write_bytes(rows[i].text, strlen(rows[i].text));
        assert_int_equal(population_read(path, &read, &count, why), SP_MALFORMED);
        assert_null(read);
        assert_int_equal(count, 0);
        if (strstr(why, rows[i].why) == NULL)
            fail_msg("'%s' lacks '%s'", why, rows[i].why);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_read_and_found_by_number),
        cmocka_unit_test(test_bad_gazetteers_are_refused_by_line),
        cmocka_unit_test(test_a_nul_byte_hides_nothing),
        cmocka_unit_test(test_what_cannot_be_a_list_is_refused),
        cmocka_unit_test(test_populations_are_read_in_order_of_number),
        cmocka_unit_test(test_bad_populations_are_refused_by_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
