/* What hiredis does not stand: answers that nobody asked for, of which it makes an assertion, and ones without measure.
 */
#ifndef SPORLOS_REDIS_GUARD_H
#define SPORLOS_REDIS_GUARD_H

#include <stdbool.h>

struct redisAsyncContext;

/* From now on such an answer is an error of the connection, which ends it. Once, before anything is read. */
void redis_guard(struct redisAsyncContext *context);

/* Whether an answer that has not come whole is longer than any that is asked for: the connection is to be given up. */
bool redis_guard_too_long(const struct redisAsyncContext *context);

#endif
