/* The file of names of bots.h, read and checked. */
#ifndef SPORLOS_COLLECTOR_BOTS_FILE_H
#define SPORLOS_COLLECTOR_BOTS_FILE_H

#include "aho_corasick.h"
#include "bots.h"

struct bots_file {
    struct word *words; /* of mask 1 << enum bot_reason; they borrow from text */
    size_t count;
    char *text;
};

/* What browsers say: a file that has a part of one as a name would count nobody, so it is refused. */
enum { BOTS_BROWSER_COUNT = 11 };
extern const char *const bots_browsers[BOTS_BROWSER_COUNT];

/* why: as bots_new(). On failure there is nothing to free. */
SP_MUST_CHECK enum sp_error bots_file_read(const char *path, char *why, struct bots_file *file);
void bots_file_fini(struct bots_file *file);

#endif
