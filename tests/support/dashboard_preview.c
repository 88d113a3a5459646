/*
 * Writes the pages as files, with believable numbers, for looking at them and for the checks of a browser:
 *   dashboard_preview DIRECTORY GAZETTEER.csv
 */
#include "dashboard/declaration_page.h"
#include "dashboard/screen.h"
#include "dashboard_assets.h"
#include "seed.h"
#include "sporlos/asset.h"

#include <stdio.h>
#include <stdlib.h>

static void
check(bool is_good, const char *what)
{
    if (is_good)
        return;
    fprintf(stderr, "dashboard_preview: %s\n", what);
    exit(1);
}

static void
write_file(const char *directory, const char *name, struct span bytes)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    check(file != NULL && fwrite(bytes.at, 1, bytes.length, file) == bytes.length && fclose(file) == 0, path);
}

static void
write_page(const char *directory, const char *name, struct html *html)
{
    check(!html->failed, name);
    write_file(directory, name, span_of(html->at, html->length));
    html_fini(html);
}

/* Notes as an editor would have made them. */
static const struct annotation *
notes(void)
{
    static struct annotation list[] = { { 1, 0, "Ny pårørendeveileder publisert" },
                                        { 2, 0, "Kampanje: pårørendedagen" } };
    int32_t today = (int32_t)(seed_now_s() / 86400);
    list[0].day = today - 19;
    list[1].day = today - 6;
    return list;
}

static void
write_screen(const char *directory, const char *name, struct page page, struct archive *archive, const char *suffix,
             const char *query)
{
    struct selection selection = selection_parse(span_text(query));
    struct scope scope;
    struct html html = { 0 };
    char path[300];
    char subject[QUERY_VALUE_MAX] = "";
    const struct screen_kind *kind = screen_find(span_text(suffix));
    check(kind != NULL && scope_open(archive, page.site, selection, seed_now_s(), &scope) == SP_OK, name);
    snprintf(path, sizeof path, "/sites/%s%s", page.site->key, suffix);
    page.path = path;
    if (kind->parameter != NULL && query_value(span_text(query), kind->parameter, subject) == SP_OK) {
        page.parameter_name = kind->parameter;
        page.parameter = subject;
    }
    page.title = kind->title;
    page.tab = kind->menu_suffix;
    page.selection = &selection;
    struct screen screen = { .html = &html,
                             .page = &page,
                             .scope = &scope,
                             .kind = kind,
                             .subject = subject,
                             .annotations = notes(),
                             .annotation_count = 2,
                             .may_edit = true };
    screen_render(&screen);
    check(screen.error == SP_OK, name);
    write_page(directory, name, &html);
}

/* All screens of a site, their names with a suffix. */
static void
write_screens(const char *directory, const char *suffix, struct page page, struct archive *archive, const char *query)
{
    const struct screen_kind *kind;
    for (size_t i = 0; (kind = screen_at(i)) != NULL; i++) {
        char name[80];
        char full[200];
        if (kind->block_count == 0)
            continue;
        snprintf(name, sizeof name, "%s%s.html", kind->suffix[0] == '\0' ? "overview" : kind->suffix + 1, suffix);
        snprintf(full, sizeof full, "%s%s", query,
                 strcmp(kind->suffix, "/page") == 0 ? "&path=/demens/avlastning" : "");
        write_screen(directory, name, page, archive, kind->suffix, full);
    }
}

static void
write_others(const char *directory, struct page page)
{
    struct selection selection = selection_parse(span_text(""));
    struct html html = { 0 };
    page.title = MESSAGE_PRIVACY;
    page.path = "/sites/x/privacy";
    page.selection = &selection;
    page_privacy_render(&html, &page);
    write_page(directory, page.site->mode == MODE_RESTRICTED ? "privacy-restricted.html" : "privacy.html", &html);
    page.selection = NULL;
    page.site = NULL;
    page.title = MESSAGE_SITES;
    page_sites_render(&html, &page);
    write_page(directory, "sites.html", &html);
    page.account = NULL;
    page.title = MESSAGE_LOGIN;
    page.path = "/login";
    page_login_render(&html, &page, MESSAGE_LOGIN_WRONG, 0, "kari");
    write_page(directory, "login.html", &html);
    page.path = NULL;
    page_error_render(&html, &page, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
    write_page(directory, "error.html", &html);
}

/* Declare what the sites count, as if started at that moment. */
static struct declarations *
declare(const struct config *config, struct archive *archive, int64_t now_s)
{
    struct declarations *declarations;
    const char *why = "";
    check(declarations_new(config, archive, NULL, now_s, &declarations, &why) == SP_OK, why);
    check(declarations_keep(declarations, config, archive, now_s) == SP_OK, "declarations_keep");
    return declarations;
}

/* One site that has taken back a change and announces another, one that has only ever had one version. */
static void
write_declarations(const char *directory, struct page page, struct config *config, struct archive *archive)
{
    static const char *const names[LANGUAGE_COUNT] = { "declaration.html", "declaration-nn.html",
                                                       "declaration-en.html" };
    unsigned all = config->sites[0].tables;
    unsigned few = 1U << TABLE_TOTAL | 1U << TABLE_VISITS | 1U << TABLE_DECLINED | 1U << TABLE_DROPPED;
    char *database = strdup("/data/city.mmdb");
    config->geo.databases = (struct text_list){ &database, 1 };
    for (int step = 0; step < 3; step++) {
        config->sites[0].tables = step == 1 ? all : few;
        declarations_free(declare(config, archive, seed_now_s() - (100 - 20 * step) * 86400));
    }
    config->sites[0].tables = all;
    struct declarations *declarations = declare(config, archive, seed_now_s());
    struct html html = { 0 };
    page.account = NULL;
    page.site = NULL;
    page.title = MESSAGE_DECLARATION;
    page.path = "/declaration";
    page_declarations_render(&html, &page);
    write_page(directory, "declarations.html", &html);
    for (int i = 0; i < LANGUAGE_COUNT + 1; i++) {
        const size_t site = i == LANGUAGE_COUNT;
        const struct declared_page declared = { &page, &config->sites[site], &declarations->sites[site] };
        page.language = (enum language)(i % LANGUAGE_COUNT);
        page.language_chosen = page.language != LANGUAGE_NB;
        page_declaration_render(&html, &declared);
        write_page(directory, site == 1 ? "declaration-restricted.html" : names[i], &html);
    }
    declarations_free(declarations);
    config->geo.databases = (struct text_list){ NULL, 0 };
    free(database);
}

int
main(int argc, char **argv)
{
    check(argc == 3, "usage: dashboard_preview DIRECTORY GAZETTEER.csv");
    char why[GAZETTEER_WHY_MAX];
    const char *reason = "";
    char url[4096];
    struct gazetteer *gazetteer;
    struct archive *archive;
    check(gazetteer_read(argv[2], &gazetteer, why) == SP_OK, why);
    snprintf(url, sizeof url, "%s/archive.db", argv[1]);
    remove(url);
    snprintf(url, sizeof url, "sqlite://%s/archive.db", argv[1]);
    check(archive_open(url, ARCHIVE_WRITE, &archive, &reason) == SP_OK, reason);
    struct site_config sites[] = { seed_site("parorendesenteret.example", MODE_STANDARD),
                                   seed_site("ungeparorende.example", MODE_RESTRICTED),
                                   seed_site("nytt.example", MODE_STANDARD),
                                   seed_site("liten.example", MODE_STANDARD) };
    seed_archive(archive, &sites[0], gazetteer, 300);
    seed_archive(archive, &sites[1], gazetteer, 60);
    seed_archive(archive, &sites[3], gazetteer, 30);
    struct config config = { .sites = sites, .site_count = 4 };
    config.aggregator.collector_url = strdup("https://stat.example.no");
    struct account account = { .id = 1, .name = "kari", .role = ROLE_EDITOR, .sites = strdup("*") };
    struct page page = { .style = "/style.css", .config = &config, .gazetteer = gazetteer, .account = &account };
    const struct asset *style = &dashboard_assets[DASHBOARD_ASSETS_STYLE_CSS];
    write_file(argv[1], "style.css", span_of((const char *)style->identity, style->identity_length));
    page.site = &sites[0];
    write_screens(argv[1], "", page, archive, "");
    write_screen(argv[1], "month.html", page, archive, "", "period=month:2026-10&compare=year&margins=1");
    write_screen(argv[1], "year.html", page, archive, "", "period=12m&compare=none");
    write_screen(argv[1], "week.html", page, archive, "", "period=7d");
    write_screen(argv[1], "county.html", page, archive, "/places", "county=46&period=month:2026-10");
    write_others(argv[1], page);
    page.site = &sites[1];
    write_screens(argv[1], "-restricted", page, archive, "");
    write_others(argv[1], page);
    page.site = &sites[2];
    write_screens(argv[1], "-empty", page, archive, "");
    page.site = &sites[3];
    write_screens(argv[1], "-small", page, archive, "");
    page.site = &sites[0];
    page.language_chosen = true;
    page.language = LANGUAGE_NN;
    write_screens(argv[1], "-nn", page, archive, "");
    page.language = LANGUAGE_EN;
    write_screens(argv[1], "-en", page, archive, "");
    page.language = LANGUAGE_NB;
    page.language_chosen = false;
    write_declarations(argv[1], page, &config, archive);
    return 0;
}
