/*
 * Invented readers in Norway: the same seed gives the same views, to the byte, on every machine. Popularity of pages
 * falls as 1/rank (Zipf), the hours of the day as a Norwegian site about health has them, two views and a half a visit.
 * Whole numbers only: no library's logarithm has a say.
 */
#ifndef SPORLOS_REPLAY_SYNTHETIC_H
#define SPORLOS_REPLAY_SYNTHETIC_H

#include "sporlos/error.h"
#include "view.h"

enum { SYNTHETIC_VISITORS_MAX = 1000000, SYNTHETIC_DAYS_MAX = 3660, SYNTHETIC_PAGES_MAX = 600 };

struct synthetic_options {
    uint64_t seed;
    uint32_t visitors; /* each day; 1 to SYNTHETIC_VISITORS_MAX; each makes one visit */
    uint32_t days;     /* 1 to SYNTHETIC_DAYS_MAX */
    uint32_t pages;    /* 1 to SYNTHETIC_PAGES_MAX */
};

struct synthetic;

SP_MUST_CHECK enum sp_error synthetic_new(const struct synthetic_options *options, struct synthetic **synthetic);
void synthetic_free(struct synthetic *synthetic);

/* The next view in order of time; its spans are valid until the next call. False when all days are over. */
bool synthetic_next(struct synthetic *synthetic, struct view *view);

#endif
