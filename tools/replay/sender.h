/* Keep-alive connections to a collector, each with one request under way. */
#ifndef SPORLOS_REPLAY_SENDER_H
#define SPORLOS_REPLAY_SENDER_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdint.h>
#include <sys/socket.h>

struct event_base;
struct sender;

struct sender_handler {
    void (*on_answer)(void *context, int status); /* 0: there was none. Then a connection is free */
    void *context;
};

struct sender_statistics {
    uint64_t connections; /* opened */
    uint64_t broken;      /* that ended without an answer, or could not be opened */
};

/* Opens connections when they are needed, at most so many. address is copied. */
SP_MUST_CHECK enum sp_error sender_new(struct event_base *base, const struct sockaddr *address, socklen_t length,
                                       unsigned connections, const struct sender_handler *handler,
                                       struct sender **sender);
void sender_free(struct sender *sender);

/* Can another request be sent now? */
bool sender_is_free(const struct sender *sender);

/*
 * Sends a request of at most REQUEST_BYTES_MAX bytes, which are copied; sender_is_free must be true. A request that
 * meets a connection which the collector has closed meanwhile, and of which it has said nothing, is sent once more.
 * SP_UNAVAILABLE when no connection can be opened: then on_answer is not called.
 */
SP_MUST_CHECK enum sp_error sender_send(struct sender *sender, struct span request);

/* Requests without an answer yet. */
unsigned sender_pending(const struct sender *sender);

struct sender_statistics sender_statistics(const struct sender *sender);

#endif
