/*
 * Which key a text from outside comes to: one of a closed list, one that the configuration lists, one that enough
 * networks have sent, or KEY_OTHER. For observe.c alone, which says for which field.
 */
#ifndef SPORLOS_COLLECTOR_KEYS_H
#define SPORLOS_COLLECTOR_KEYS_H

#include "names.h"
#include "policy.h"
#include "sites.h"
#include "sporlos/known_keys.h"
#include "texts.h"
#include "witness_window.h"

enum { KNOWN_KEYS_MAX = BROWSER_COUNT /* of the longest closed list */ };

struct keys {
    struct texts *texts; /* borrowed, as names */
    struct names *names;
    uint32_t other, unknown, removed;               /* texts, as all of the following */
    uint32_t known[KEY_KIND_COUNT][KNOWN_KEYS_MAX]; /* of known_keys_of, where keys have one half */
    uint32_t reasons[VERDICT_COUNT];
    bool full; /* there was no room for a key since it was last set to false */
};

/* Who sent a text that wants a name, and when. */
struct asker {
    const struct site *site;
    struct sender *sender;
    int32_t day;
};

SP_MUST_CHECK enum sp_error keys_init(struct keys *keys, struct texts *texts, struct names *names);
/* Keep the texts of its own, before a sweep. */
void keys_keep(const struct keys *keys);

/* The path of a page as the site folds it. Wiped by the caller. */
struct page_path {
    char bytes[PATH_MAX_BYTES];
    size_t used;      /* bytes that were written */
    struct span path; /* of the URL itself, of bytes or of the configuration; .at NULL: none that could have a name */
    bool folded;      /* by a line of the configuration */
};
void keys_read_page(const struct site *site, struct span url, struct page_path *out);

/* The key of a page. may_earn: this beacon counts towards its name; else it has one already, or is KEY_OTHER. */
uint32_t keys_page(struct keys *keys, const struct asker *asker, const struct page_path *page, bool may_earn);
/* The key of a file or of a missing page, from a URL or path. listed: the site's pages name it, too. */
uint32_t keys_file(struct keys *keys, const struct asker *asker, enum name_kind kind, struct span url, bool listed);
/* The key of a text that people wrote, scrubbed. */
uint32_t keys_word(struct keys *keys, const struct asker *asker, enum name_kind kind, struct span text);
/* The key of an event: a line of the configuration, or as a text that people wrote. */
uint32_t keys_event(struct keys *keys, const struct asker *asker, struct span text);
/* The key of a registrable domain; empty: KEY_OTHER. */
uint32_t keys_host(struct keys *keys, const struct asker *asker, enum name_kind kind, struct span domain);
/*
 * Could that text have earned a name of that kind, by the rules above? Of what Redis brings: whoever wrote it there,
 * the rules are the same.
 */
bool keys_may_have_earned(enum name_kind kind, struct span text);
/* The key of a text of ours. */
uint32_t keys_own(struct keys *keys, struct span text);
/* The key of two halves: head, a separator, and a page's key. */
uint32_t keys_joined(struct keys *keys, struct span head, uint32_t page);

/* The key that exists anyway and stands for that one in a table without room; where there is none, the key itself. */
uint32_t keys_coarse(const struct keys *keys, enum key_kind kind, uint32_t key);

#endif
