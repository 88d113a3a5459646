/*
 * May this request be counted? Ordered rules with a named verdict; the first that holds decides. What a mode must not
 * look at is not handed to its rules.
 */
#ifndef SPORLOS_COLLECTOR_POLICY_H
#define SPORLOS_COLLECTOR_POLICY_H

#include "beacon.h"
#include "bots.h"
#include "sites.h"
#include "sporlos/http_parse.h"

/* verdict, name (the key of table 'dropped' and a label in metrics), HTTP status, reason in the answer */
#define VERDICTS(X)                                                                                                    \
    X(VERDICT_ACCEPTED, "accepted", 204, "")                                                                           \
    X(VERDICT_DECLINED, "declined", 204, "")                                                                           \
    X(VERDICT_PREFETCH, "prefetch", 204, "")                                                                           \
    X(VERDICT_AI, "ai", 204, "")                                                                                       \
    X(VERDICT_BOT, "bot", 204, "")                                                                                     \
    X(VERDICT_MALFORMED, "malformed", 400, "malformed beacon\n")                                                       \
    X(VERDICT_FOREIGN_ORIGIN, "foreign_origin", 403, "this origin is none of the site's hosts\n")                      \
    X(VERDICT_UNKNOWN_SITE, "unknown_site", 404, "unknown site\n")                                                     \
    X(VERDICT_RATE, "rate", 429, "not counted: too many\n")                                                            \
    X(VERDICT_FULL, "full", 503, "not counted: no room\n")

#define X(verdict, name, status, reason) verdict,
enum verdict { VERDICTS(X) VERDICT_COUNT };
#undef X

struct verdict_row {
    const char *name;
    int status;
    struct span reason;
};
extern const struct verdict_row verdict_table[VERDICT_COUNT];

/* Decide. site is one of the configuration in force. *origin: as policy_origin, whatever the verdict. */
enum verdict policy_decide(const struct site *site, const struct bots *bots, const struct beacon *beacon,
                           const struct http_request *request, struct span *origin);

/*
 * The request's Origin when its host is one of the site's (Referer's origin when there is no Origin header), for
 * Access-Control-Allow-Origin; empty when there is none or it is foreign.
 */
struct span policy_origin(const struct site *site, const struct http_request *request);

#endif
