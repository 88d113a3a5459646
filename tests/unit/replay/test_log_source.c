#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access_line.h"
#include "log_source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE(path) "192.0.2.77 - - [22/Nov/2026:08:10:24 +0100] \"GET " path " HTTP/1.1\" 200 5 \"-\" \"a\""

static const struct text_list own = { NULL, 0 };

struct box {
    int write_end;
    struct log_source *source;
    char *errors;
    size_t errors_length;
    FILE *errors_file;
};

static void
open_box(struct box *box)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    box->write_end = ends[1];
    box->errors_file = open_memstream(&box->errors, &box->errors_length);
    assert_int_equal(log_source_new(ends[0], &own, box->errors_file, &box->source), SP_OK);
}

static void
close_box(struct box *box)
{
    log_source_free(box->source);
    fclose(box->errors_file);
    free(box->errors);
}

static void
put(const struct box *box, const char *text)
{
    assert_int_equal(write(box->write_end, text, strlen(text)), strlen(text));
}

static void
expect(struct box *box, const char *path)
{
    struct view view;
    assert_int_equal(log_source_next(box->source, &view), SOURCE_VIEW);
    assert_int_equal(view.path.length, strlen(path));
    assert_memory_equal(view.path.at, path, strlen(path));
}

static void
expect_state(struct box *box, enum source_state state)
{
    struct view view;
    assert_int_equal(log_source_next(box->source, &view), state);
}

static void
test_lines_come_one_after_the_other(void **state)
{
    (void)state;
    struct box box;
    open_box(&box);
    expect_state(&box, SOURCE_WAIT);
    put(&box, LINE("/a") "\n" LINE("/b") "\r\n" LINE("/c"));
    expect(&box, "/a");
    expect(&box, "/b");
    expect_state(&box, SOURCE_WAIT); /* the rest of the line may still come */
    put(&box, " more\n\n" LINE("/x.css") "\n" LINE("/d"));
    expect(&box, "/c");
    expect_state(&box, SOURCE_WAIT);
    close(box.write_end);
    expect(&box, "/d");
    expect_state(&box, SOURCE_END);
    expect_state(&box, SOURCE_END);
    struct log_statistics statistics = log_source_statistics(box.source);
    assert_int_equal(statistics.lines, 6);
    assert_int_equal(statistics.others, 1);
    assert_int_equal(statistics.refused, 1);
    fflush(box.errors_file);
    assert_string_equal(box.errors, "line 4: refused: its first field is no IP address\n");
    close_box(&box);
}

static void
test_a_line_without_end_is_refused_once(void **state)
{
    (void)state;
    struct box box;
    char *piece = malloc(ACCESS_LINE_MAX);
    assert_non_null(piece);
    memset(piece, 'x', ACCESS_LINE_MAX - 1);
    piece[ACCESS_LINE_MAX - 1] = '\0';
    open_box(&box);
    for (int i = 0; i < 9; i++) { /* more than the source holds, and than the pipe does */
        put(&box, piece);
        expect_state(&box, SOURCE_WAIT);
    }
    put(&box, "\n" LINE("/a") "\n");
    expect(&box, "/a");
    close(box.write_end);
    expect_state(&box, SOURCE_END);
    assert_int_equal(log_source_statistics(box.source).lines, 2);
    fflush(box.errors_file);
    assert_string_equal(box.errors, "line 1: refused: it is longer than 16384 bytes\n");
    close_box(&box);
    free(piece);
}

/* More lines than the buffer holds, so that lines lie across its end. */
static void
test_many_lines(void **state)
{
    (void)state;
    struct box box;
    uint64_t views = 0;
    open_box(&box);
    for (int i = 0; i < 3000; i++) {
        char line[512];
        snprintf(
            line, sizeof line, LINE("/%d") "%.*s\n", i, i % 97,
            "                                                                                                    ");
        put(&box, line);
        char path[16];
        snprintf(path, sizeof path, "/%d", i);
        if (i % 2 == 1) { /* two at a time */
            char before[16];
            snprintf(before, sizeof before, "/%d", i - 1);
            expect(&box, before);
            expect(&box, path);
            views += 2;
        }
    }
    close(box.write_end);
    expect_state(&box, SOURCE_END);
    assert_int_equal(views, 3000);
    assert_int_equal(log_source_statistics(box.source).refused, 0);
    close_box(&box);
}

static void
test_a_folder_cannot_be_read(void **state)
{
    (void)state;
    struct box box;
    open_box(&box);
    log_source_free(box.source);
    assert_int_equal(log_source_new(open("/", O_RDONLY), &own, box.errors_file, &box.source), SP_OK);
    expect_state(&box, SOURCE_END);
    assert_int_equal(log_source_statistics(box.source).refused, 1);
    fflush(box.errors_file);
    assert_non_null(strstr(box.errors, "cannot be read"));
    close(box.write_end);
    close_box(&box);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_come_one_after_the_other),
        cmocka_unit_test(test_a_line_without_end_is_refused_once),
        cmocka_unit_test(test_many_lines),
        cmocka_unit_test(test_a_folder_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
