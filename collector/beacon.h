/* A beacon of any dialect, as the policy sees it. */
#ifndef SPORLOS_COLLECTOR_BEACON_H
#define SPORLOS_COLLECTOR_BEACON_H

#include "sporlos/error.h"
#include "sporlos/limits.h"
#include "sporlos/span.h"
#include "sporlos/table.h"

#include <stdbool.h>

/* One member a row of SP_BEACON_FIELDS, borrowed from the form or the caller's scratch; .at is NULL for an absent
 * field. */
struct beacon {
#define X(name, key, types, standard, restricted) struct span name;
    SP_BEACON_FIELDS(X)
#undef X
};

enum beacon_field {
#define X(name, key, types, standard, restricted) BEACON_##name,
    SP_BEACON_FIELDS(X)
#undef X
        BEACON_FIELD_COUNT
};

/* A member that is not a row of the table would have no stated fate. */
_Static_assert(sizeof(struct beacon) == BEACON_FIELD_COUNT * sizeof(struct span),
               "every field of a beacon is a row of SP_BEACON_FIELDS");

/* Where decoded text of one request lives. Wiped by whoever took the request. */
struct beacon_scratch {
    char bytes[BEACON_BODY_MAX];
    size_t used;
};

/* What may become of a field in a mode. */
enum fate beacon_fate(enum beacon_field field, enum site_mode mode);

/* What it says that it is; BEACON_TYPE_UNKNOWN for any other text. */
enum beacon_type beacon_type(const struct beacon *beacon);

/* A view that was not reached from the site itself. */
bool beacon_is_entry(const struct beacon *beacon);

/* Does the mode take beacons of that type? */
bool beacon_is_taken(enum beacon_type type, enum site_mode mode);
/* Which fields are read of a beacon of that type in that mode: bits (1U << enum beacon_field). */
unsigned beacon_fields(enum beacon_type type, enum site_mode mode);

/*
 * The native dialect: application/x-www-form-urlencoded pairs (WHATWG URL, 5.1), from a body or a query. What has to be
 * decoded is, into scratch. SP_MALFORMED: broken percent-encoding, a NUL, or a field twice. SP_TOO_LONG beyond the
 * scratch. *unknown is how many fields had a name that no row has; they are ignored.
 */
SP_MUST_CHECK enum sp_error beacon_parse(struct span form, struct beacon_scratch *scratch, struct beacon *beacon,
                                         unsigned *unknown);

#endif
