/* What hiredis does not stand: answers that nobody asked for, of which it makes an assertion, ones without measure, and
 * having no memory, which it does not tell. */
#ifndef SPORLOS_REDIS_GUARD_H
#define SPORLOS_REDIS_GUARD_H

#include <stdbool.h>

struct redisAsyncContext;

/* As hiredis' redisCallbackFn. */
typedef void redis_guard_replied(struct redisAsyncContext *context, void *reply, void *asker);

/* From now on such an answer is an error of the connection, which ends it. Once, before anything is read. */
void redis_guard(struct redisAsyncContext *context);

/* Whether an answer that has not come whole is longer than any that is asked for: the connection is to be given up. */
bool redis_guard_too_long(const struct redisAsyncContext *context);

/* Whether hiredis knows whom to give the answer of the command that it has just taken. If not, that answer would go to
 * whoever asked next: the connection ends before anything more is written to it. */
bool redis_guard_remembers(struct redisAsyncContext *context, redis_guard_replied *replied, const void *asker);

#endif
