/*
 * Does a User-Agent name an automaton? Built-in rules, by how automata write their names; and a file of names, which
 * deploy/data/fetch makes of npm crawler-user-agents and an operator may edit. Read once, for a verdict, and forgotten.
 *
 * The file: UTF-8, a line a name, its reason, one tab, and the words by which it is known, in that case:
 *
 *     bot<TAB>Mediapartners (Googlebot)
 *     ai<TAB>GPTBot
 *
 * '^' before the words: the User-Agent begins so; '$' after them: it ends so. Empty lines and lines that begin with '#'
 * are left out. A name of less than three bytes, or one that a common browser's User-Agent holds, is a mistake.
 */
#ifndef SPORLOS_COLLECTOR_BOTS_H
#define SPORLOS_COLLECTOR_BOTS_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#define BOT_REASONS(X)                                                                                                 \
    X(BOT_NONE, "none")                                                                                                \
    X(BOT_AUTOMATON, "bot")                                                                                            \
    X(BOT_AI, "ai") /* collects what language models are made of, or answer from */

#define X(reason, name) reason,
enum bot_reason { BOT_REASONS(X) BOT_REASON_COUNT };
#undef X

extern const char *const bot_reason_names[BOT_REASON_COUNT];

enum { BOTS_WHY_MAX = 512 };

struct bots;

/*
 * path: the file of names; NULL for the built-in rules alone. On failure *bots is NULL and why, which holds
 * BOTS_WHY_MAX bytes, says what is wrong and in which line; so a reload that fails keeps what it has.
 */
SP_MUST_CHECK enum sp_error bots_new(const char *path, char *why, struct bots **bots);
void bots_free(struct bots *bots);

/*
 * Allocates nothing, and reads at most 256 bytes of agent: of a longer one the first 160 and the last 96. So its time
 * has a bound whatever the agent is (docs/architecture.md). No agent at all is an automaton. BOT_AI where both reasons
 * hold.
 */
enum bot_reason bots_classify(const struct bots *bots, struct span agent);

/* Names that the file has beyond those that the built-in rules find. */
size_t bots_names(const struct bots *bots);

#endif
