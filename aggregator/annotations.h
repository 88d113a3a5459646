/*
 * What editors noted about a day: a publication, a campaign. Text of their own, kept in the archive's database in a
 * table of its own and shown as marks in charts; nothing of readers.
 */
#ifndef SPORLOS_AGGREGATOR_ANNOTATIONS_H
#define SPORLOS_AGGREGATOR_ANNOTATIONS_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stddef.h>
#include <stdint.h>

enum {
    ANNOTATION_CHARACTERS_MAX = 120,                         /* as browsers count them: UTF-16 units */
    ANNOTATION_TEXT_MAX = 3 * ANNOTATION_CHARACTERS_MAX + 1, /* bytes with the terminator */
    ANNOTATIONS_MAX = 500,                                   /* of a site */
};

struct annotation {
    int64_t id;
    int32_t day; /* day index in the site's zone */
    char text[ANNOTATION_TEXT_MAX];
};

struct annotations;

/* Open the database of the archive (sqlite:///path) for notes. *why: a sentence, static. */
SP_MUST_CHECK enum sp_error annotations_open(const char *archive_url, struct annotations **annotations,
                                             const char **why);
void annotations_close(struct annotations *annotations);

/* All notes of a site by day. *list is returned owned: free. */
SP_MUST_CHECK enum sp_error annotations_list(struct annotations *annotations, const char *site,
                                             struct annotation **list, size_t *count);

/* Not blank, at most ANNOTATION_CHARACTERS_MAX, UTF-8, without control characters. */
bool annotation_is_good(struct span text);

/*
 * SP_MALFORMED for a text that is blank, longer than ANNOTATION_CHARACTERS_MAX, not UTF-8 or has control characters;
 * SP_FULL when the site has ANNOTATIONS_MAX.
 */
SP_MUST_CHECK enum sp_error annotations_add(struct annotations *annotations, const char *site, int32_t day,
                                            struct span text);
/* SP_NOT_FOUND when the site has none of that id. */
SP_MUST_CHECK enum sp_error annotations_remove(struct annotations *annotations, const char *site, int64_t id);

#endif
