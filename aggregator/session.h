/*
 * Who is logged in: sessions in memory, which outlive a reload (a restart logs everybody out), and the check that a
 * form was sent from our own pages.
 */
#ifndef SPORLOS_AGGREGATOR_SESSION_H
#define SPORLOS_AGGREGATOR_SESSION_H

#include "sporlos/error.h"
#include "sporlos/http_parse.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SESSION_ID_MAX = 44,          /* bytes with the terminator: 32 random bytes as base64url */
    SESSION_COUNT_MAX = 1024,     /* at a time; the one unused for longest gives way, */
    SESSIONS_AN_ACCOUNT = 16,     /* of one account its own */
    SESSION_IDLE_MS = 60 * 60000, /* unused for this long: ended */
    SESSION_COOKIE_MAX = 160,     /* bytes of a Set-Cookie line with CRLF and terminator */
    SESSION_KEY_BYTES = 32,
};

struct sessions;

/* Whose session: an account's id, and the stamp of the password it was begun with. */
struct session_holder {
    int64_t account;
    uint64_t stamp;
};

/* hours: absolute lifetime. secure: reached over https, so the cookie is __Host- and Secure. */
SP_MUST_CHECK enum sp_error sessions_new(int64_t hours, bool secure, struct sessions **sessions);
/* What another configuration says, from now on and for sessions that are there. */
void sessions_configure(struct sessions *sessions, int64_t hours, bool secure);
void sessions_free(struct sessions *sessions);

/* Begin a session under a new id. Only a hash of the id is kept. */
void session_begin(struct sessions *sessions, struct session_holder holder, char id[SESSION_ID_MAX]);
/* The holder of the session that the request's cookie names, and count it as used. SP_NOT_FOUND if there is none. */
SP_MUST_CHECK enum sp_error session_find(struct sessions *sessions, const struct http_request *request,
                                         struct session_holder *holder);
/* End the session that the request's cookie names, if there is one. */
void session_end(struct sessions *sessions, const struct http_request *request);
/* The same in two steps, for when the request is gone by then: a hash of what the cookie names, and its end. */
void session_key(const struct sessions *sessions, const struct http_request *request,
                 unsigned char key[SESSION_KEY_BYTES]);
void session_end_key(struct sessions *sessions, const unsigned char key[SESSION_KEY_BYTES]);

/* How many sessions an account has, and the end of them all. */
size_t session_count(const struct sessions *sessions, int64_t account);
void session_end_account(struct sessions *sessions, int64_t account);

/* The Set-Cookie line with CRLF for id; id "" takes the cookie back. Returns its length. */
size_t session_cookie(const struct sessions *sessions, const char *id, char out[SESSION_COOKIE_MAX]);

/*
 * Did the request come from a page of ours? Where the browser sends Sec-Fetch-Site, it must say same-origin; else
 * Origin must be public_url's, or, with public_url NULL, http(s):// and the Host header. A request with neither is
 * refused.
 */
bool request_is_same_origin(const struct http_request *request, const char *public_url);

#endif
