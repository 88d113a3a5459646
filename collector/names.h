/*
 * Which texts from outside may stand under their own name: those that the configuration lists, and those that enough
 * distinct networks sent within one day. Until then a text is held nowhere but in its own request; here stands only a
 * keyed hash of it with 16-bit tokens of who sent it, and the key dies with the day. So the sender who is the last that
 * was missing is the one whose own request brings the text.
 *
 * A name that was earned outlives the process in Redis (flush_names.c), with the day of its last use; what the
 * configuration lists needs no memory.
 */
#ifndef SPORLOS_COLLECTOR_NAMES_H
#define SPORLOS_COLLECTOR_NAMES_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* kind, its letter in Redis. Senders of one kind never count for another. */
#define NAME_KINDS(X)                                                                                                  \
    X(NAME_PAGE, 'p')                                                                                                  \
    X(NAME_WORD, 'w')                                                                                                  \
    X(NAME_EVENT, 'e')                                                                                                 \
    X(NAME_CAMPAIGN, 'c')                                                                                              \
    X(NAME_HOST, 'h')                                                                                                  \
    X(NAME_SOURCE, 's')                                                                                                \
    X(NAME_MEDIUM, 'm')                                                                                                \
    X(NAME_DOWNLOAD, 'd')                                                                                              \
    X(NAME_OUTBOUND, 'o')                                                                                              \
    X(NAME_MISSING, 'n')

#define X(kind, letter) kind,
enum name_kind { NAME_KINDS(X) NAME_KIND_COUNT };
#undef X

enum { NAME_UNUSED_DAYS = 92 /* then it is forgotten, here and in Redis */ };

struct names;

struct name_id {
    uint32_t site; /* text */
    uint32_t text;
    enum name_kind kind;
};

/* name_max: how many admitted names; candidates have a fixed table beside it. */
SP_MUST_CHECK enum sp_error names_new(uint32_t name_max, struct names **names);
void names_free(struct names *names);

/* The letter of a kind, and the kind of a letter; false for none. */
char name_kind_letter(enum name_kind kind);
bool name_kind_find(char letter, enum name_kind *kind);

/* Is the text admitted on that site? Notes its use on that day. */
bool names_use(struct names *names, struct name_id id, int32_t day);

/*
 * Admit it. NAME_EARNED is to be written to Redis, now and on each later day of its use; NAME_LEARNED stands there
 * already, with that day. SP_FULL when there is no room.
 */
enum name_origin { NAME_LISTED, NAME_EARNED, NAME_LEARNED };
SP_MUST_CHECK enum sp_error names_admit(struct names *names, struct name_id id, int32_t day, enum name_origin origin);

/*
 * A sender of a candidate: true when it is the last of needed distinct ones that were missing on that day. digest: of
 * the sender's network, keyed by the caller. id.text is not used.
 */
bool names_candidate(struct names *names, struct name_id id, struct span text, uint64_t digest, int32_t day,
                     int needed);

/* A name and the day of its last use, as Redis has to know it. */
struct name_use {
    struct name_id id;
    int32_t day;
};

/* May names of that site be taken now? */
typedef bool names_choice(void *context, uint32_t site);

/*
 * Take up to max names of one site that are to be written; they are no longer marked. Those of a site that choice
 * (NULL: every site) says no to stay. Returns how many.
 */
size_t names_take_changed(struct names *names, names_choice *choice, void *context, struct name_use *out, size_t max);
/* Mark one again (it was not written), or all (Redis has lost data; what it still has is written to no effect). */
void names_mark(struct names *names, struct name_id id);
void names_mark_all(struct names *names);

/* Forget the names of a site (its list has changed), or those not used since before that day. */
void names_forget_site(struct names *names, uint32_t site);
void names_forget_unused(struct names *names, int32_t before_day);

typedef void names_visit(void *context, struct name_id id);
void names_each(const struct names *names, names_visit *visit, void *context); /* in no order */
uint32_t names_count(const struct names *names);

#endif
