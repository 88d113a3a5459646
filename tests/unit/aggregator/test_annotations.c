#include "annotations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[] = "/tmp/sporlos-annotations-XXXXXX";

static struct annotations *
open_annotations(void)
{
    char url[100];
    const char *why;
    struct annotations *annotations;
    snprintf(url, sizeof url, "sqlite://%s/a.db", directory);
    assert_int_equal(annotations_open(url, &annotations, &why), SP_OK);
    return annotations;
}

static void
test_notes_are_kept_by_day_and_site(void **state)
{
    (void)state;
    struct annotations *annotations = open_annotations();
    struct annotation *list;
    size_t count;
    assert_int_equal(annotations_add(annotations, "a.example", 20010, SPAN_LITERAL("Kampanje")), SP_OK);
    assert_int_equal(annotations_add(annotations, "a.example", 20001, SPAN_LITERAL("Ny forside ø")), SP_OK);
    assert_int_equal(annotations_add(annotations, "b.example", 20001, SPAN_LITERAL("En annens")), SP_OK);
    annotations_close(annotations);
    annotations = open_annotations();
    assert_int_equal(annotations_list(annotations, "a.example", &list, &count), SP_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].day, 20001);
    assert_string_equal(list[0].text, "Ny forside ø");
    assert_string_equal(list[1].text, "Kampanje");
    assert_int_equal(annotations_remove(annotations, "b.example", list[0].id), SP_NOT_FOUND); /* not its own */
    assert_int_equal(annotations_remove(annotations, "a.example", list[0].id), SP_OK);
    assert_int_equal(annotations_remove(annotations, "a.example", list[0].id), SP_NOT_FOUND);
    free(list);
    assert_int_equal(annotations_list(annotations, "a.example", &list, &count), SP_OK);
    assert_int_equal(count, 1);
    free(list);
    annotations_close(annotations);
}

static void
test_texts_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = { "",     "a\nb",       "a\tb", "a\x7f", "\xff",
                                         "\xc3", "a\302\205b", " ",    "   ",   "\302\240" };
    char longest[ANNOTATION_TEXT_MAX];
    struct annotations *annotations = open_annotations();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(annotations_add(annotations, "c.example", 1, span_text(texts[i])), SP_MALFORMED);
    memset(longest, 'x', sizeof longest);
    assert_int_equal(annotations_add(annotations, "c.example", 1, span_of(longest, ANNOTATION_CHARACTERS_MAX + 1)),
                     SP_MALFORMED);
    assert_int_equal(annotations_add(annotations, "c.example", 1, span_of(longest, ANNOTATION_CHARACTERS_MAX)), SP_OK);
    for (size_t i = 0; i < ANNOTATION_CHARACTERS_MAX; i++)
        memcpy(longest + 3 * i, "\u20ac", 3); /* three bytes each, as long as a form lets it be */
    assert_int_equal(annotations_add(annotations, "c.example", 1, span_of(longest, ANNOTATION_TEXT_MAX - 1)), SP_OK);
    annotations_close(annotations);
}

static void
test_a_site_has_so_many_and_no_more(void **state)
{
    (void)state;
    struct annotations *annotations = open_annotations();
    for (int i = 0; i < ANNOTATIONS_MAX; i++)
        assert_int_equal(annotations_add(annotations, "d.example", i, SPAN_LITERAL("x")), SP_OK);
    assert_int_equal(annotations_add(annotations, "d.example", 1, SPAN_LITERAL("x")), SP_FULL);
    assert_int_equal(annotations_add(annotations, "e.example", 1, SPAN_LITERAL("x")), SP_OK);
    annotations_close(annotations);
}

static void
test_another_kind_of_archive_is_refused(void **state)
{
    (void)state;
    struct annotations *annotations;
    const char *why;
    assert_int_equal(annotations_open("postgres://x", &annotations, &why), SP_MALFORMED);
    assert_null(annotations);
}

static int
set_up(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL;
}

static int
tear_down(void **state)
{
    (void)state;
    char path[100];
    snprintf(path, sizeof path, "%s/a.db", directory);
    unlink(path);
    return rmdir(directory);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notes_are_kept_by_day_and_site),
        cmocka_unit_test(test_texts_that_are_none_are_refused),
        cmocka_unit_test(test_a_site_has_so_many_and_no_more),
        cmocka_unit_test(test_another_kind_of_archive_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
