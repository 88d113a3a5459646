#include "question.h"

#include <stdlib.h>

#include "sporlos/clock.h"
#include "sporlos/log.h"

enum {
    RETRY_S = 2,    /* until a page that could not be asked for is asked for again */
    WAITING_S = 10, /* between two looks at the settings for the first beacon */
};

/* ---- to a thread and back ---- */

/* All its numbers are of one moment. */
static void
ask_of(struct question *question, struct archive *archive)
{
    bool is_reading = archive_read_begin(archive) == SP_OK; /* without, each question for itself says what is wrong */
    question->ask(question, archive);
    if (is_reading)
        archive_read_end(archive);
}

static void
ask(struct worker_job *job, void *own)
{
    struct question *question = (struct question *)(void *)job;
    ask_of(question, own);
}

/* A pool that ends is followed by the next: the browser is to ask that one. */
static void
finish(struct question *question, bool worked)
{
    if (worked) {
        question->answer(question);
    } else {
        question->visit->retry_s = RETRY_S;
        answer_error(question->visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
    }
    question->fini(question);
    free(question);
}

static void
end(struct worker_job *job, bool worked)
{
    struct question *question = (struct question *)(void *)job;
    struct visit *visit = question->visit;
    finish(question, worked);
    visit_free(visit);
}

void
question_submit(struct visit *visit, struct question *question)
{
    struct dashboard *dashboard = visit->dashboard;
    if (question == NULL) {
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
        return;
    }
    visit->request = NULL;
    question->visit = visit;
    question->job = (struct worker_job){ .work = ask, .done = end };
    if (dashboard->readers == NULL) {
        ask_of(question, dashboard->archive);
        finish(question, true);
        return;
    }
    visit->is_taken = workers_submit(dashboard->readers, &question->job) == SP_OK;
    if (!visit->is_taken)
        finish(question, false);
}

void
question_failed(struct question *question, enum sp_error error)
{
    LOG(LOG_ERROR, "dashboard_without_statistics", { "error", error });
    answer_error(question->visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
}

/* ---- screens ---- */

static void
ask_screen(struct question *question, struct archive *archive)
{
    struct screen_question *self = (struct screen_question *)question;
    struct screen *screen = &self->screen;
    screen->error = scope_open(archive, screen->page->site, self->selection, clock_wall_s(), &self->scope);
    self->selection = self->scope.selection; /* which the page's links carry on */
    if (screen->error == SP_OK)
        self->render(screen);
}

static void
answer_screen(struct question *question)
{
    struct screen_question *self = (struct screen_question *)question;
    if (self->screen.is_waiting && !screen_has_arrived(&self->screen))
        question->visit->retry_s = WAITING_S;
    if (self->screen.error == SP_OK)
        answer_page(question->visit, screen_has_problem(&self->screen) ? 400 : 200, &self->html);
    else
        question_failed(question, self->screen.error);
}

static void
fini_screen(struct question *question)
{
    struct screen_question *self = (struct screen_question *)question;
    html_fini(&self->html);
    free(self->annotations);
}

struct screen_question *
screen_question_new(struct visit *visit, const struct screen_kind *kind, void (*render)(struct screen *screen))
{
    struct screen_question *self = calloc(1, sizeof *self);
    if (self == NULL)
        return NULL;
    self->question = (struct question){ .ask = ask_screen, .answer = answer_screen, .fini = fini_screen };
    self->render = render;
    self->selection = selection_parse(visit->request->query);
    self->narrowing = narrowing_parse(visit->request->query);
    self->screen = (struct screen){
        .html = &self->html, .page = &visit->page, .scope = &self->scope, .kind = kind, .subject = self->subject
    };
    visit->page.selection = &self->selection;
    visit->page.narrowing = &self->narrowing;
    return self;
}
