/*
 * What a page asks of the archive: asked on a thread of the readers, so that a slow question keeps nobody else waiting,
 * and answered on the loop. The gate has let the reader in before; by the answer his request is gone.
 */
#ifndef SPORLOS_AGGREGATOR_QUESTION_H
#define SPORLOS_AGGREGATOR_QUESTION_H

#include "../workers.h"
#include "screen.h"
#include "visit.h"

/* The first member of the route's own struct, which is made by calloc. All but ask is called on the loop. */
struct question {
    struct worker_job job;                                           /* first: the pool knows only this */
    struct visit *visit;                                             /* without its request */
    void (*ask)(struct question *question, struct archive *archive); /* on a thread of the pool */
    void (*answer)(struct question *question);                       /* by answer_... or http_respond */
    void (*fini)(struct question *question);                         /* what it owns, but not itself */
};

/*
 * Hand question over, and the visit with it, which lives until it is answered. Takes question; NULL: there was no
 * memory. Answers 503, for the browser to ask again, when too many wait or the pool ends before its turn.
 */
void question_submit(struct visit *visit, struct question *question);

/* For answer: the numbers could not be read. */
void question_failed(struct question *question, enum sp_error error);

/* A screen, with what it borrows while a thread writes it. */
struct screen_question {
    struct question question;
    struct screen screen;
    struct scope scope;
    struct selection selection;
    struct narrowing narrowing;
    struct html html;
    struct annotation *annotations; /* owned */
    char subject[QUERY_VALUE_MAX];
    void (*render)(struct screen *screen);
};

/* A question for that page of the visit's site, with the choices of the visit's address. NULL: no memory. */
struct screen_question *screen_question_new(struct visit *visit, const struct screen_kind *kind,
                                            void (*render)(struct screen *screen));

#endif
