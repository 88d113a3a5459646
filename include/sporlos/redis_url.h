/*
 * Where Redis is and who we are there: the text of the option redis.url, taken apart.
 *
 *     unix:///run/sporlos/redis.sock            unix://user:password@/run/sporlos/redis.sock
 *     redis://127.0.0.1:6379                    redis://user:password@[::1]:6379
 *
 * User and password may be percent-encoded. ':password@' alone names no user (Redis before 6).
 */
#ifndef SPORLOS_REDIS_URL_H
#define SPORLOS_REDIS_URL_H

#include "sporlos/error.h"

enum {
    REDIS_PORT_DEFAULT = 6379,
    REDIS_PLACE_MAX = 256,  /* bytes with the terminator: a host name; of a socket path the kernel takes 107 */
    REDIS_SECRET_MAX = 256, /* bytes with the terminator: a user name or a password */
};

/* A plain value. Holds a password: wipe it with redis_url_wipe when done. */
struct redis_url {
    char path[REDIS_PLACE_MAX]; /* of a Unix socket; empty: host and port hold */
    char host[REDIS_PLACE_MAX]; /* name or address, without brackets */
    int port;
    char user[REDIS_SECRET_MAX];     /* empty: none */
    char password[REDIS_SECRET_MAX]; /* empty: no AUTH */
};

/* SP_MALFORMED with a sentence in *why (static) when text is none of the forms above; *url is then all zero. */
SP_MUST_CHECK enum sp_error redis_url_parse(const char *text, struct redis_url *url, const char **why);

void redis_url_wipe(struct redis_url *url);

#endif
