/*
 * One request on its way to an answer, and the answers that all routes share. For the files route_*.c; who may take
 * which route, dashboard.c has decided before.
 */
#ifndef SPORLOS_AGGREGATOR_VISIT_H
#define SPORLOS_AGGREGATOR_VISIT_H

#include "../access_log.h"
#include "../activity.h"
#include "../annotations.h"
#include "../login_limit.h"
#include "../session.h"
#include "dashboard.h"
#include "page.h"
#include "sporlos/asset.h"

enum { HEADERS_MAX = 2048 };

struct declarations;
struct workers;

struct dashboard {
    const struct config *config;
    struct archive *archive; /* of the loop's thread */
    struct accounts *accounts;
    struct sessions *sessions;               /* these three: */
    struct login_limit *limit;               /* handed on to the dashboard */
    struct access_log *access_log;           /* of the next configuration */
    struct workers *workers;                 /* for passwords; NULL: they are checked at once */
    struct workers *readers;                 /* for questions to the archive, borrowed; NULL: asked at once */
    const struct declarations *declarations; /* NULL: none were made (tests) */
    struct gazetteer *gazetteer;             /* NULL: none configured or readable */
    struct activity *activity;               /* NULL: nobody notes it (tests) */
    struct annotations *annotations;         /* NULL: the archive's database cannot be written */
    char copy[ASSET_ADDRESS_MAX];            /* address of the script of the settings */
    char style[ASSET_ADDRESS_MAX];           /* and of the style sheet */
    struct html refusal;                     /* the last page of a refusal of the server's */
};

/* As whom somebody comes, which decides what the answer's headers say. */
enum visit_kind {
    VISIT_ACCOUNT, /* with a session, or as nobody */
    VISIT_LINK,    /* by a public link: read-only, one site */
    VISIT_EMBED,   /* in a frame of another site */
};

struct visit {
    struct dashboard *dashboard;
    struct http_exchange *exchange;
    const struct http_request *request; /* NULL once a thread has it: it may be gone by then */
    enum visit_kind kind;
    struct account account;
    bool has_account;
    struct page page;
    bool is_taken;                 /* by a question, which frees it (question.h) */
    unsigned retry_s;              /* the browser is to ask for the page again after so long; 0: it is not */
    int64_t wait_s;                /* said in Retry-After; 0: it is not */
    const char *allowed;           /* methods, said in Allow; NULL: they are not */
    char path[SITE_NAME_MAX + 64]; /* of the page, when it is one of a site */
    char base[SITE_NAME_MAX + 16]; /* of the pages of that site: page.base */
};

/*
 * Everything comes from us and nothing may run: what a mistake in escaping would let in could do nothing. Referrer
 * stays within the site because a browser that sends none sends 'Origin: null' with forms as well; pages whose address
 * is a secret have no such forms, and send none.
 */
#define POLICY_BEFORE_FRAMES                                                                                           \
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "              \
    "base-uri 'none'; frame-ancestors "
/* Of the one page that has a script. */
#define POLICY_WITH_SCRIPT                                                                                             \
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "               \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
#define SECURITY_HEADERS POLICY_BEFORE_FRAMES "'none'\r\n" OTHER_SECURITY_HEADERS
#define OTHER_SECURITY_HEADERS                                                                                         \
    "X-Content-Type-Options: nosniff\r\n"                                                                              \
    "Referrer-Policy: same-origin\r\n"                                                                                 \
    "Cross-Origin-Opener-Policy: same-origin\r\n"                                                                      \
    "Cross-Origin-Resource-Policy: same-origin\r\n"

#define PAGE_HEADERS "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"

/* What it owns, and itself. */
void visit_free(struct visit *visit);

/* Send the page and end it. */
void answer_page(struct visit *visit, int status, struct html *html);
void answer_error(struct visit *visit, int status, enum message title, enum message lede);
/* 303 to a path of ours, with the language carried on and a cookie line (or ""). */
void answer_redirect(struct visit *visit, const char *path, const char *cookie);
void answer_method(struct visit *visit, const char *allowed);
/* 503 for when there is no memory for a page: made on the stack. */
void answer_without_memory(struct http_exchange *exchange, enum language language);

bool visit_is_reading(const struct visit *visit);
bool visit_may(const struct visit *visit, enum permission permission);
/* Write to the access log; a failure is logged, and keeps nobody out. */
void visit_enter(struct visit *visit, const char *account, enum entry_kind kind, const char *place);
/* A field of the form that was posted; "" when it is not there or malformed. */
void visit_field(const struct visit *visit, const char *name, char out[QUERY_VALUE_MAX]);

/* A new password of the form that was posted; what is wrong with it, MESSAGE_COUNT: nothing. */
enum message visit_password(const struct visit *visit, const char *name, char out[QUERY_VALUE_MAX]);

/* Who asks? Fills account where somebody is known. An account that was removed is logged out by that. */
void visit_find_account(struct visit *visit);
/* The truncated network that the request came from, for the limits on log-in attempts. */
void visit_network(const struct visit *visit, unsigned char network[LOGIN_NETWORK_BYTES]);

/* The routes of dashboard.c that live in files of their own. */
void route_home(struct visit *visit);
void route_asset(struct visit *visit);
void route_screen(struct visit *visit);
void route_export(struct visit *visit);
void route_annotations(struct visit *visit);
void route_privacy(struct visit *visit);
void route_declaration(struct visit *visit);
void route_missing(struct visit *visit);
void route_login(struct visit *visit);
void route_logout(struct visit *visit);
void route_users(struct visit *visit);
void route_own(struct visit *visit);
void route_access_log(struct visit *visit);
void route_share(struct visit *visit);
void route_embed(struct visit *visit);

#endif
