/*
 * Who is logged in, and what keeps others out: sessions in memory (a restart logs everybody out), the rate of log-in
 * attempts, and the check that a form was sent from our own pages.
 */
#ifndef SPORLOS_AGGREGATOR_SESSION_H
#define SPORLOS_AGGREGATOR_SESSION_H

#include "sporlos/error.h"
#include "sporlos/http_parse.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SESSION_ID_MAX = 44,          /* bytes with the terminator: 32 random bytes as base64url */
    SESSION_COUNT_MAX = 1024,     /* at a time; the one unused for longest gives way */
    SESSION_IDLE_MS = 60 * 60000, /* unused for this long: ended */
    SESSION_COOKIE_MAX = 160,     /* bytes of a Set-Cookie line with CRLF and terminator */
    LOGIN_NETWORK_BYTES = 32,     /* what the server kept of the peer (HTTP_PEER_BYTES) */
    LOGIN_WINDOW_MS = 15 * 60000, /* failures are forgotten after this */
    LOGIN_NETWORK_FAILURES = 20,  /* in the window, from one truncated network */
    LOGIN_FAILURES = 300,         /* in the window, in all: bounds the memory-hard work that strangers can ask for */
};

struct sessions;

/* hours: absolute lifetime. secure: reached over https, so the cookie is __Host- and Secure. */
SP_MUST_CHECK enum sp_error sessions_new(int64_t hours, bool secure, struct sessions **sessions);
void sessions_free(struct sessions *sessions);

/* Begin a session under a new id. Only a hash of the id is kept. */
void session_begin(struct sessions *sessions, int64_t account, char id[SESSION_ID_MAX]);
/* The account of the session that the request's cookie names, and count it as used. SP_NOT_FOUND if there is none. */
SP_MUST_CHECK enum sp_error session_find(struct sessions *sessions, const struct http_request *request,
                                         int64_t *account);
/* End the session that the request's cookie names, if there is one. */
void session_end(struct sessions *sessions, const struct http_request *request);
/* End all sessions of an account. */
void session_end_account(struct sessions *sessions, int64_t account);

/* The Set-Cookie line with CRLF for id; id "" takes the cookie back. Returns its length. */
size_t session_cookie(const struct sessions *sessions, const char *id, char out[SESSION_COOKIE_MAX]);

/*
 * May this network try a password now? By rate, never by account: nobody can lock another out by name. A counter a
 * network, the oldest of 256 gives way; for a network of all zeroes (unknown) only the limit for all holds.
 */
bool login_is_allowed(struct sessions *sessions, const unsigned char network[LOGIN_NETWORK_BYTES]);
void login_failed(struct sessions *sessions, const unsigned char network[LOGIN_NETWORK_BYTES]);

/*
 * Did the request come from a page of ours? Where the browser sends Sec-Fetch-Site, it must say same-origin; else
 * Origin must be public_url's, or, with public_url NULL, http(s):// and the Host header. A request with neither is
 * refused.
 */
bool request_is_same_origin(const struct http_request *request, const char *public_url);

#endif
