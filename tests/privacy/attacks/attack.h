/*
 * The numeric rows of the scoreboard: each attacks the real counters, births, flush, drain, archive and statistics, and
 * prints 'attack N NAME measured X target Y pass|FAIL'. What a row means: docs/privacy.md, 'Attacks'.
 */
#ifndef SPORLOS_TESTS_ATTACK_H
#define SPORLOS_TESTS_ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct attack_options {
    bool longer;     /* as many runs as time allows, not as few as the target needs */
    const char *own; /* this program's path: row 14 starts it anew */
};

typedef void attack_row(const struct attack_options *options);
attack_row attack_one_view_more;        /* 3 */
attack_row attack_one_visit_everywhere; /* 3b */
attack_row attack_differencing;         /* 4, 4b */
attack_row attack_complement;           /* 5 */
attack_row attack_persistent;           /* 7 */
attack_row attack_linkage;              /* 8 */
attack_row attack_twins;                /* 11 */
attack_row attack_order;                /* 12 */
attack_row attack_noise;                /* 13 */
attack_row attack_fork_and_restart;     /* 14 */

/* A line of the scoreboard. target: a text such as '<=0.62'. */
void attack_report(const char *row, const char *name, double measured, const char *target, bool pass);
/* What has no target: 'figure NAME X'. */
void attack_figure(const char *name, double measured);
/* Ends the program: the attack could not even be tried. */
void attack_broken(const char *what) __attribute__((noreturn));

/* Draws of this program (row 14), count of them, as 64-bit numbers to standard output. */
int attack_write_draws(size_t count);

/*
 * An attacker who has to say which of two things happened, sees one number, and has practised on as many runs of the
 * same program: the likelihood ratio, with likelihoods that were learnt.
 */
enum { GUESS_SPAN = 129, GUESS_NONE = GUESS_SPAN };
struct guess {
    uint64_t seen[2][2][GUESS_SPAN + 1]; /* practice or test; what happened; number */
};
/* number: what was seen minus what the attacker knows; INT64_MIN: nothing was shown. practice: before the test. */
void guess_note(struct guess *guess, bool practice, bool happened, int64_t number);
/* Share of right answers in the test, both cases weighing the same. */
double guess_accuracy(const struct guess *guess);

#endif
