/* Screens rendered from archives of seed.h, without a server. For one test program; after cmocka. */
#ifndef SPORLOS_TESTS_SCREEN_FIXTURE_H
#define SPORLOS_TESTS_SCREEN_FIXTURE_H

#include "dashboard/screen.h"
#include "seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char directory[] = "/tmp/sporlos-screen-XXXXXX";
static struct gazetteer *gazetteer;

/* Enough of Norway for a page; Hemnes is too small to be shown. */
static const char gazetteer_text[] = "fylke,03,Oslo\nfylke,46,Vestland\nfylke,18,Nordland\n"
                                     "kommune,0301,Oslo,59.91273,10.74609,722278\n"
                                     "kommune,4601,Bergen,60.39299,5.32415,295848\n"
                                     "kommune,4624,Bjørnafjorden,60.18,5.47,26084\n"
                                     "kommune,1804,Bodø,67.28,14.405,53821\n"
                                     "kommune,1832,Hemnes,66.22,13.61,4505\n"
                                     "kommune,1833,Rana,66.31,14.14,26078\n";

struct fixture {
    struct archive *archive;
    struct site_config site;
    struct config config;
    struct account account;
    struct page page;
};

static const char *
path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static struct archive *
open_archive(const char *name)
{
    struct archive *archive;
    char url[160];
    const char *why = "";
    snprintf(url, sizeof url, "sqlite://%s", path_of(name));
    assert_int_equal(archive_open(url, ARCHIVE_WRITE, &archive, &why), SP_OK);
    return archive;
}

static void
fixture_init(struct fixture *fixture, const char *archive, enum site_mode mode)
{
    *fixture = (struct fixture){ .archive = open_archive(archive), .site = seed_site("a.example", mode) };
    fixture->config.sites = &fixture->site;
    fixture->config.site_count = 1;
    fixture->config.aggregator.collector_url = strdup("https://c.example");
    fixture->account = (struct account){ .id = 1, .name = "kari", .role = ROLE_READER, .sites = strdup("*") };
    fixture->page = (struct page){ .style = "/style.css",
                                   .path = "/sites/a.example",
                                   .title = MESSAGE_OVERVIEW,
                                   .config = &fixture->config,
                                   .gazetteer = gazetteer,
                                   .account = &fixture->account,
                                   .site = &fixture->site };
}

/* A standard site without a day. */
static inline void
fixture_init_fresh(struct fixture *fixture)
{
    static const char *const tails[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < 3; i++) {
        char name[32];
        snprintf(name, sizeof name, "young.db%s", tails[i]);
        unlink(path_of(name));
    }
    fixture_init(fixture, "young.db", MODE_STANDARD);
}

/* The day so many before the last closed one. */
static inline struct period
days_back(const struct fixture *fixture, int32_t back)
{
    return (struct period){ PERIOD_DAY, period_at(PERIOD_DAY, &fixture->site.zone, seed_now_s()).index - 1 - back };
}

static void
fixture_fini(struct fixture *fixture)
{
    archive_close(fixture->archive);
    free(fixture->site.name);
    free(fixture->config.aggregator.collector_url);
    account_fini(&fixture->account);
}

/* A screen for a query string, as owned text. */
static char *
render_screen(struct fixture *fixture, const char *suffix, const char *query, bool may_edit)
{
    static const struct annotation notes[] = { { 7, 0, "<b>Kampanje" } };
    struct annotation note = notes[0];
    struct selection selection = selection_parse(span_text(query));
    struct scope scope;
    struct html html = { 0 };
    char subject[QUERY_VALUE_MAX] = "";
    const struct screen_kind *kind = screen_find(span_text(suffix));
    assert_non_null(kind);
    if (kind->parameter != NULL && query_value(span_text(query), kind->parameter, subject) == SP_OK) {
        fixture->page.parameter_name = kind->parameter;
        fixture->page.parameter = subject;
    }
    assert_int_equal(scope_open(fixture->archive, &fixture->site, selection, seed_now_s(), &scope), SP_OK);
    note.day = scope.last - 3;
    struct narrowing narrowing = narrowing_parse(span_text(query));
    fixture->page.selection = &selection;
    fixture->page.narrowing = &narrowing;
    fixture->page.tab = kind->menu_suffix;
    struct screen screen = { .html = &html,
                             .page = &fixture->page,
                             .scope = &scope,
                             .kind = kind,
                             .subject = subject,
                             .annotations = &note,
                             .annotation_count = 1,
                             .may_edit = may_edit };
    screen_render(&screen);
    assert_int_equal(screen.error, SP_OK);
    assert_false(html.failed);
    char *text = strndup(html.at, html.length);
    assert_non_null(text);
    html_fini(&html);
    fixture->page.selection = NULL;
    fixture->page.narrowing = NULL;
    fixture->page.parameter_name = NULL;
    return text;
}

static inline char *
render(struct fixture *fixture, const char *query)
{
    return render_screen(fixture, "", query, false);
}

static bool
says(const char *text, const char *needle)
{
    return strstr(text, needle) != NULL;
}

static inline size_t
count(const char *text, const char *needle)
{
    size_t found = 0;
    for (const char *at = text; (at = strstr(at, needle)) != NULL; at++)
        found++;
    return found;
}

static int
set_up(void **state)
{
    (void)state;
    char why[GAZETTEER_WHY_MAX];
    assert_non_null(mkdtemp(directory));
    FILE *file = fopen(path_of("gazetteer.csv"), "w");
    assert_non_null(file);
    assert_true(fputs(gazetteer_text, file) >= 0 && fclose(file) == 0);
    return gazetteer_read(path_of("gazetteer.csv"), &gazetteer, why) == SP_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    static const char *const names[] = { "gazetteer.csv", "standard.db", "restricted.db", "empty.db",
                                         "nasty.db",      "few.db",      "young.db" };
    gazetteer_free(gazetteer);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        static const char *const tails[] = { "", "-wal", "-shm" };
        for (size_t k = 0; k < 3; k++) {
            char name[64];
            snprintf(name, sizeof name, "%s%s", names[i], tails[k]);
            unlink(path_of(name));
        }
    }
    return rmdir(directory);
}

#endif
