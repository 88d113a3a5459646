#include "redis_guard.h"

#include "sporlos/log.h"

#include <hiredis/async.h>

enum {
    ELEMENTS_MAX = 1 << 20, /* of one array: hiredis makes room for all of them at once */
    BYTES_MAX = 64 << 20,   /* waiting for the rest of an answer */
};

#if HIREDIS_MAJOR >= 1
typedef size_t element_count;
#else
typedef int element_count;
#endif

static redisReplyObjectFunctions ordinary; /* hiredis' own, the same for every connection */
static redisReplyObjectFunctions guarded;

/* Each answer is taken from the reader and given to the first callback before the next one is read. */
static bool
asked_for(const redisReadTask *task)
{
    const redisAsyncContext *context = task->privdata;
    if (task->parent != NULL || context->replies.head != NULL)
        return true;
    LOG_BARE(LOG_WARNING, "redis_answer_unasked");
    return false;
}

static void *
make_string(const redisReadTask *task, char *text, size_t length)
{
    return asked_for(task) ? ordinary.createString(task, text, length) : NULL;
}

static void *
make_array(const redisReadTask *task, element_count count)
{
    return asked_for(task) && count <= ELEMENTS_MAX ? ordinary.createArray(task, count) : NULL;
}

static void *
make_integer(const redisReadTask *task, long long value)
{
    return asked_for(task) ? ordinary.createInteger(task, value) : NULL;
}

static void *
make_nil(const redisReadTask *task)
{
    return asked_for(task) ? ordinary.createNil(task) : NULL;
}

void
redis_guard(redisAsyncContext *context)
{
    redisReader *reader = context->c.reader;
    if (ordinary.createNil == NULL) {
        ordinary = *reader->fn;
        guarded = ordinary;
        guarded.createString = make_string;
        guarded.createArray = make_array;
        guarded.createInteger = make_integer;
        guarded.createNil = make_nil;
    }
    reader->fn = &guarded;
    reader->privdata = context;
}

bool
redis_guard_remembers(redisAsyncContext *context, redis_guard_replied *replied, const void *asker)
{
    const redisCallback *last = context->replies.tail;
    if (last != NULL && last->fn == replied && last->privdata == asker)
        return true;
    LOG_BARE(LOG_WARNING, "redis_asker_forgotten");
    context->c.err = REDIS_ERR_OOM; /* what hiredis does when it has no room for the command itself */
    return false;
}

bool
redis_guard_too_long(const redisAsyncContext *context)
{
    return context->c.reader->len > BYTES_MAX;
}
