/* What a '*' named once has its leaf in every later period. */
#include "carried.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive_file.h"
#include "fill.h"
#include "sites.h"

static const struct period month = { PERIOD_MONTH, 682 };

static char *patterns[] = { "/", "/foreldre/*", "/filer/**" };

static struct {
    struct archive_file file;
    struct archive *archive;
    struct site_config site;
    struct carried carried;
} world;

static int
set_up(void **state)
{
    const char *why;
    (void)state;
    if (!archive_file_make(&world.file) || archive_open(world.file.url, ARCHIVE_WRITE, &world.archive, &why) != SP_OK)
        return -1;
    world.site = test_site("barn.no", MODE_RESTRICTED);
    world.site.pages = (struct text_list){ patterns, sizeof patterns / sizeof patterns[0] };
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    carried_fini(&world.carried);
    archive_close(world.archive);
    archive_file_remove(&world.file);
    return 0;
}

static struct period
before(int32_t periods)
{
    return (struct period){ month.kind, month.index - periods };
}

static void
keep(struct period period, enum table_id table, const char *const *keys, size_t count)
{
    struct given given[16];
    for (size_t i = 0; i < count; i++)
        given[i] = (struct given){ period, table, keys[i], 7, 1, false };
    assert_int_equal(archive_file_keep(world.archive, &world.site, period, given, count), SP_OK);
}

static bool
carries(enum table_id table, const char *key)
{
    for (size_t i = 0; i < world.carried.count; i++) {
        const struct carried_key *one = &world.carried.keys[i];
        if (one->table == table && span_equal(span_of(one->text, one->length), span_text(key)))
            return true;
    }
    return false;
}

static void
read_before(struct period period)
{
    carried_fini(&world.carried);
    assert_int_equal(carried_read(world.archive, &world.site, period, &world.carried), SP_OK);
}

static void
test_what_a_pattern_names_is_carried_and_nothing_else(void **state)
{
    (void)state;
    static const char *const keys[] = {
        "(annet)", "/", "/foreldre/gruppe", "/foreldre/gruppe/a", "/sorg", "/foreldre/02013299997"
    };
    keep(before(1), TABLE_PAGE, keys, sizeof keys / sizeof keys[0]);
    read_before(month);
    assert_true(carries(TABLE_PAGE, "/foreldre/gruppe"));
    assert_false(carries(TABLE_PAGE, "(annet)"));
    assert_false(carries(TABLE_PAGE, "/foreldre/gruppe/a"));
    assert_false(carries(TABLE_PAGE, "/sorg"));
    assert_false(carries(TABLE_PAGE, "/foreldre/02013299997")); /* of a time when the site was not restricted */
    world.site.mode = MODE_STANDARD;
    read_before(month);
    assert_true(carries(TABLE_PAGE, "/foreldre/02013299997")); /* there the pattern names it */
    world.site.pages.count = 1;                                /* its line has left the configuration */
    read_before(month);
    assert_false(carries(TABLE_PAGE, "/foreldre/gruppe"));
}

static void
test_files_as_pages_each_in_their_table(void **state)
{
    (void)state;
    static const char *const keys[] = { "(annet)", "/filer/a.pdf", "/andre/b.pdf" };
    world.site.mode = MODE_STANDARD;
    keep(before(1), TABLE_DOWNLOAD, keys, sizeof keys / sizeof keys[0]);
    read_before(month);
    assert_true(carries(TABLE_DOWNLOAD, "/filer/a.pdf"));
    assert_false(carries(TABLE_DOWNLOAD, "/andre/b.pdf"));
    assert_false(carries(TABLE_PAGE, "/filer/a.pdf"));
}

/* No collector ran in between, or that period is closed later: the last one that is there tells. */
static void
test_a_gap_loses_nothing(void **state)
{
    (void)state;
    static const char *const old[] = { "(annet)", "/foreldre/gammel" };
    static const char *const newer[] = { "(annet)", "/foreldre/ny" };
    keep(before(9), TABLE_PAGE, old, 2);
    keep(before(3), TABLE_PAGE, newer, 2);
    read_before(month);
    assert_true(carries(TABLE_PAGE, "/foreldre/ny"));
    assert_false(carries(TABLE_PAGE, "/foreldre/gammel"));
    read_before(before(3)); /* nothing of itself, or of later ones */
    assert_true(carries(TABLE_PAGE, "/foreldre/gammel"));
    assert_false(carries(TABLE_PAGE, "/foreldre/ny"));
}

static size_t
leaves_of(const char *key, struct release_batch *batch)
{
    size_t found = 0;
    for (size_t i = 0; i < release_count(batch); i++) {
        const struct release *leaf = release_at(batch, i);
        bool is_it = release_table(leaf) == TABLE_PAGE && span_equal(release_key(leaf), span_text(key));
        assert_true(!is_it || (release_sources(leaf) == 2 && !release_witnessed(leaf)));
        found += is_it;
    }
    return found;
}

/* Six readers, a restart, and then months without any: the page has its leaf of noise in each of them. */
static void
test_the_chain_does_not_break(void **state)
{
    (void)state;
    static const char *const keys[] = { "(annet)", "/foreldre/gruppe" };
    struct config bare = { 0 };
    struct fill *fill;
    assert_int_equal(fill_new(&bare, &fill), SP_OK);
    keep(before(3), TABLE_PAGE, keys, 2);
    for (int32_t back = 2; back >= 0; back--) {
        struct release_batch *batch;
        read_before(before(back));
        assert_int_equal(release_batch_new(&world.site, before(back), &batch), SP_OK);
        assert_int_equal(fill_batch(fill, batch, 2, &world.carried), SP_OK);
        assert_int_equal(leaves_of("/foreldre/gruppe", batch), 1);
        assert_int_equal(archive_keep(world.archive, batch), SP_OK);
        release_batch_free(batch);
    }
    fill_free(fill);
}

enum { PATH_TEXT_MAX = 32 };

static void
path_of(int i, char out[PATH_TEXT_MAX])
{
    snprintf(out, PATH_TEXT_MAX, "/foreldre/%c%c%c", 'a' + i / 676, 'a' + i / 26 % 26, 'a' + i % 26);
}

/* Whoever floods a pattern with paths does not fill the archive for ever; which ones stay does not change. */
static void
test_bounded(void **state)
{
    (void)state;
    struct release_batch *batch;
    char key[PATH_TEXT_MAX];
    assert_int_equal(release_batch_new(&world.site, before(1), &batch), SP_OK);
    for (int i = CARRIED_MAX + 99; i >= 0; i--) {
        path_of(i, key);
        assert_int_equal(release_add(batch, TABLE_PAGE, span_text(key), 1), SP_OK);
    }
    assert_int_equal(archive_keep(world.archive, batch), SP_OK);
    release_batch_free(batch);
    read_before(month);
    assert_int_equal(world.carried.count, CARRIED_MAX);
    path_of(CARRIED_MAX - 1, key);
    assert_true(carries(TABLE_PAGE, key));
    path_of(CARRIED_MAX, key);
    assert_false(carries(TABLE_PAGE, key));
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_what_a_pattern_names_is_carried_and_nothing_else),
        T(test_files_as_pages_each_in_their_table),
        T(test_a_gap_loses_nothing),
        T(test_the_chain_does_not_break),
        T(test_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
