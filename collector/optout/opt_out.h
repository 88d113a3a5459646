/*
 * The page on which a reader says no: GET /opt-out?site=NAME[&lang=nb|nn|en][&port=N]. It stores nothing itself; its
 * buttons lead to the site's own hosts with a fragment, where the tracker keeps the choice (choice.mjs beside this
 * file).
 */
#ifndef SPORLOS_COLLECTOR_OPT_OUT_H
#define SPORLOS_COLLECTOR_OPT_OUT_H

#include "sporlos/config.h"
#include "sporlos/html.h"
#include "sporlos/http_parse.h"

/* What a request asks for; all of it points into the configuration or is a number. */
struct opt_out {
    int status;                     /* 200; 404 for a site that is not configured; 400 for a query that is malformed */
    const struct site_config *site; /* NULL: none was named, or none that is known */
    enum language language;
    unsigned port;   /* of the loopback hosts; 0: the one that goes without saying */
    bool has_signal; /* the browser declines by itself: Sec-GPC or DNT */
};

/*
 * Read the request. The query is pairs as of a form; site, lang and port may come once each, in any order, and nothing
 * else may come. site is the name as configured, or its A-label.
 */
struct opt_out opt_out_read(const struct config *config, const struct http_request *request);

/* Write the page. Nothing in it comes from the request but the choices above. */
void opt_out_write(const struct opt_out *opt_out, struct html *html);

/* Complete header lines for it; static. */
struct span opt_out_headers(void);

#endif
