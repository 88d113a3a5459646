/* From the URL of a page to the path it is counted under. Pure. */
#ifndef SPORLOS_COLLECTOR_URL_H
#define SPORLOS_COLLECTOR_URL_H

#include "sporlos/error.h"
#include "sporlos/limits.h"
#include "sporlos/span.h"

#include <stdbool.h>

/*
 * The path of an absolute http(s) URL or of an absolute path; borrows. Query, fragment, scheme, user, host and port are
 * dropped unread. SP_MALFORMED when there is no such path.
 */
SP_MUST_CHECK enum sp_error url_path(struct span url, struct span *path);

/*
 * Fold a path into out: '%41' becomes 'A' (percent-encoding undone where the result is valid UTF-8 without control
 * characters), '//' becomes '/', a slash at the end goes. SP_MALFORMED: segments '.' and '..' (a browser has resolved
 * them already), and a '%', '?' or '#' behind percent-encoding, as in page_pattern.h: a query hidden in a path, or a
 * text encoded twice, could tell what it must not. So what is folded folds to itself. *length in bytes. SP_TOO_LONG
 * beyond PATH_MAX_BYTES.
 */
SP_MUST_CHECK enum sp_error url_fold(struct span path, char out[PATH_MAX_BYTES], size_t *length);

/* Whether a URL is a path that folds to itself, at a glance: true of nearly all; of false ones the two above decide. */
bool url_is_folded(struct span url);

enum { URL_PARAMETER_MAX = 512 };

/*
 * The first value of a parameter in a URL's query, decoded as a form is (WHATWG URL, 5.1), into out; the others are not
 * decoded. SP_NOT_FOUND when the query has none of that name, SP_MALFORMED and SP_TOO_LONG when its value is no text.
 */
SP_MUST_CHECK enum sp_error url_parameter(struct span url, struct span name, char out[URL_PARAMETER_MAX],
                                          size_t *length);

#endif
