/*
 * Each program may have a login of its own in Redis, in a file that only its user can read: the access list
 * (deploy/redis/users.acl) then keeps the collector from reading a leaf and the aggregator from writing one, and
 * neither knows the other's password.
 */
#ifndef SPORLOS_REDIS_LOGIN_H
#define SPORLOS_REDIS_LOGIN_H

#include "sporlos/error.h"

/*
 * *out: the URL (sporlos/redis_url.h) with the user and password of the file at path instead of its own; owned, end it
 * with redis_login_free. path NULL: a copy of url. The file holds one line, user:password, as it is. SP_CONFIG with a
 * static sentence in *why when it cannot be read, is open to others, or holds anything else; SP_NO_MEMORY.
 */
SP_MUST_CHECK enum sp_error redis_login_apply(const char *url, const char *path, char **out, const char **why);

/* Wipes it first; NULL is nothing. */
void redis_login_free(char *url);

#endif
