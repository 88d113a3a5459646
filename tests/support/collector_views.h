/* Beacons as two sites send them, for tests of the whole collector. */
#ifndef COLLECTOR_VIEWS_H
#define COLLECTOR_VIEWS_H

#include "collector_fixture.h"

/* Headers of a browser on a page of site.example, and on one of barn.example, a restricted site. */
#define AGENT "User-Agent: Mozilla/5.0 Firefox/130.0\r\n"
#define STANDARD "Origin: https://site.example\r\n" AGENT
#define CHILDREN "Origin: https://barn.example\r\n"

/* A beacon that is counted. */
static inline void
view(struct collector_fixture *fixture, const char *address, const char *headers, const char *body)
{
    struct outcome outcome = collector_fixture_send(fixture, address, headers, body);
    if (outcome.verdict != VERDICT_ACCEPTED)
        fail_msg("%s: %s", body, verdict_table[outcome.verdict].name);
}

#endif
