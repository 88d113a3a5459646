/*
 * Patterns of paths: '/a', '/a/[*]' (any one segment) and '/a/[**]' (any rest, also none; last only), without the
 * brackets. A normalised path begins with '/', has no empty, '.' or '..' segment, no '/' at its end unless it is '/'
 * alone, and is decoded: UTF-8, not percent-encoded.
 */
#ifndef SPORLOS_PAGE_PATTERN_H
#define SPORLOS_PAGE_PATTERN_H

#include "sporlos/error.h"
#include "sporlos/limits.h"
#include "sporlos/span.h"

enum { PAGE_PATTERN_MAX = PATH_MAX_BYTES + 1 }; /* bytes, with the terminator */

/*
 * Write the normalised form of a pattern: '/' at the end taken off, percent-encoding undone. SP_MALFORMED with a static
 * sentence in *why when it is none.
 */
SP_MUST_CHECK enum sp_error page_pattern_normalise(struct span text, char out[PAGE_PATTERN_MAX], const char **why);

/* Whether a normalised path matches a normalised pattern. Linear, without allocation. */
bool page_pattern_matches(const char *pattern, struct span path);

/*
 * Does one of the patterns name the path? in_full: one that is the path itself, letter by letter. In a restricted site
 * a '*' does not name what could point at a person (sporlos/text.h).
 */
struct text_list;
bool page_patterns_name(const struct text_list *patterns, struct span path, bool in_full);

#endif
