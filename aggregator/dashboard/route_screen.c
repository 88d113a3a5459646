/* The screens of a site, and the form that changes its notes. */
#include "form.h"
#include "question.h"

#include <stdio.h>
#include <stdlib.h>

#include "sporlos/clock.h"
#include "sporlos/log.h"

enum {
    WAIT_MAX_S = 3600,  /* a page that was left open waits no longer */
    WAIT_AHEAD_S = 600, /* another aggregator's clock may have begun the wait */
};

/* The screen's own parameter, of the query. False when it lacks one that it cannot do without. */
static bool
read_subject(struct visit *visit, const struct screen_kind *kind, char subject[QUERY_VALUE_MAX])
{
    subject[0] = '\0';
    if (kind->parameter == NULL)
        return true;
    bool has_subject = query_value(visit->request->query, kind->parameter, subject) == SP_OK && subject[0] != '\0';
    if (has_subject && strcmp(kind->parameter, "county") == 0 && !is_county(&visit->page, span_text(subject)))
        return false;
    if (has_subject) {
        visit->page.parameter_name = kind->parameter;
        visit->page.parameter = subject;
    }
    return has_subject || kind->is_whole;
}

static void
read_annotations(struct visit *visit, struct screen_question *asked)
{
    struct annotations *annotations = visit->dashboard->annotations;
    struct screen *screen = &asked->screen;
    if (annotations != NULL &&
        annotations_list(annotations, visit->page.site->key, &asked->annotations, &screen->annotation_count) != SP_OK)
        LOG_BARE(LOG_WARNING, "dashboard_without_annotations");
    screen->annotations = asked->annotations;
    screen->may_edit = annotations != NULL && visit_may(visit, PERMISSION_ANNOTATE);
}

/* The settings: since when the reader waits is in the address, so that nothing has to be remembered. */
static void
read_waiting(struct visit *visit, struct screen *screen)
{
    char since[QUERY_VALUE_MAX];
    screen->is_waiting = query_value(visit->request->query, "wait", since) == SP_OK;
    screen->waiting_since_s = strtoll(since, NULL, 10);
    const struct site_config *site = visit->page.site;
    int64_t now_s = clock_wall_s();
    screen->last_view = activity_tell(visit->dashboard->activity, site->key, site->mode, now_s);
    bool is_recent = screen->waiting_since_s > now_s - WAIT_MAX_S && screen->waiting_since_s <= now_s + WAIT_AHEAD_S;
    screen->is_waiting = screen->is_waiting && is_recent && !screen->last_view.by_hour;
    visit->page.script = visit->dashboard->copy;
}

void
route_screen(struct visit *visit)
{
    const struct screen_kind *kind = screen_find(span_text(visit->path + strlen(visit->base)));
    struct screen_question *asked = kind == NULL ? NULL : screen_question_new(visit, kind, screen_render);
    if (kind == NULL || (asked != NULL && !read_subject(visit, kind, asked->subject))) {
        free(asked);
        visit->page.selection = NULL;
        visit->page.narrowing = NULL;
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
        return;
    }
    visit->page.title = kind->title;
    visit->page.tab = kind->menu_suffix;
    if (asked != NULL && !kind->has_period)
        read_waiting(visit, &asked->screen);
    if (asked != NULL)
        read_annotations(visit, asked);
    question_submit(visit, asked == NULL ? NULL : &asked->question);
}

/* ---- notes ---- */

/* On other days a note would be seen nowhere, and nobody could remove it. */
static bool
is_of_site(const struct visit *visit, int32_t day)
{
    const struct site_config *site = visit->page.site;
    struct period first, last;
    if (day > period_at(PERIOD_DAY, &site->zone, clock_wall_s()).index)
        return false;
    return archive_span(visit->dashboard->archive, site->key, PERIOD_DAY, &first, &last) != SP_OK || day >= first.index;
}

/* A page of the site, with the days of the address. */
static void
write_address(const struct visit *visit, const char *suffix, char out[HEADERS_MAX / 2])
{
    struct selection selection = selection_parse(visit->request->query);
    struct html html = { 0 };
    html_text(&html, visit->base);
    html_text(&html, suffix);
    selection_write(&html, selection, true);
    snprintf(out, HEADERS_MAX / 2, "%.*s", (int)html.length, html.at == NULL ? "" : html.at);
    html_fini(&html);
    for (char *escaped; (escaped = strstr(out, "&amp;")) != NULL;)
        memmove(escaped + 1, escaped + 5, strlen(escaped + 5) + 1);
}

static void
give_back(struct visit *visit, const struct sent_form *sent)
{
    struct html html = { 0 };
    char path[HEADERS_MAX / 2], back[HEADERS_MAX / 2];
    write_address(visit, "/annotations", path);
    write_address(visit, "", back);
    visit->page.title = MESSAGE_MARK_ADD;
    visit->page.path = NULL; /* it is there to be sent to only */
    visit->page.tab = "";
    visit->page.sent = sent;
    page_mark_render(&html, &visit->page, path, back);
    answer_page(visit, 422, &html);
}

static void
answer_changed(struct visit *visit, enum sp_error error)
{
    char path[HEADERS_MAX / 2];
    if (error == SP_OK || error == SP_NOT_FOUND) {
        write_address(visit, "", path);
        answer_redirect(visit, path, "");
    } else {
        LOG(LOG_ERROR, "dashboard_without_annotations", { "error", error });
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_BUSY_LEDE);
    }
}

static void
add_annotation(struct visit *visit)
{
    struct sent_form sent = { .action = "mark", .body = visit->request->body };
    char day_text[QUERY_VALUE_MAX], text[QUERY_VALUE_MAX];
    int32_t day = 0;
    enum sp_error error = SP_OK;
    visit_field(visit, "day", day_text);
    if (!day_parse(span_text(day_text), &day) || !is_of_site(visit, day))
        form_fault(&sent, "day", MESSAGE_MARK_DAY_BAD);
    if (query_value(visit->request->body, "text", text) != SP_OK)
        form_fault(&sent, "text", MESSAGE_MARK_TEXT_BAD);
    else if (strspn(text, " ") == strlen(text))
        form_fault(&sent, "text", MESSAGE_MARK_TEXT_MISSING);
    else if (!annotation_is_good(span_text(text)))
        form_fault(&sent, "text", MESSAGE_MARK_TEXT_BAD);
    if (sent.count == 0)
        error = annotations_add(visit->dashboard->annotations, visit->page.site->key, day, span_text(text));
    if (error == SP_FULL)
        form_fault(&sent, "text", MESSAGE_MARK_FULL);
    if (sent.count > 0)
        give_back(visit, &sent);
    else
        answer_changed(visit, error);
}

void
route_annotations(struct visit *visit)
{
    struct annotations *annotations = visit->dashboard->annotations;
    char id[QUERY_VALUE_MAX];
    visit_field(visit, "remove", id);
    if (annotations == NULL)
        answer_changed(visit, SP_UNAVAILABLE);
    else if (id[0] != '\0')
        answer_changed(visit, annotations_remove(annotations, visit->page.site->key, strtoll(id, NULL, 10)));
    else
        add_annotation(visit);
}
