/*
 * Sockets that a process is started with. They come from systemd (or another that speaks its protocol,
 * sd_listen_fds(3): LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES), or from the process before this one, which has become this
 * one by execve().
 */
#ifndef SPORLOS_HANDOVER_H
#define SPORLOS_HANDOVER_H

#include "sporlos/error.h"

#include <stdbool.h>
#include <stddef.h>

struct handover;
struct http_server;

/*
 * What this process was started with; may be nothing. Takes the sockets and removes what the environment says of them.
 * SP_REFUSED when that cannot be true; *why is a sentence then, static or valid until the next call.
 */
SP_MUST_CHECK enum sp_error handover_take(struct handover **handover, const char **why);
/* Closes what nobody took. NULL is fine. */
void handover_free(struct handover *handover);

/* As http_server_listen(_proxy), with the socket that is bound to that address if one was left. handover may be NULL.
 */
SP_MUST_CHECK enum sp_error handover_listen(struct handover *handover, struct http_server *server, const char *address,
                                            bool proxy, const char **why);

/*
 * After the last handover_listen: the servers go on with the connections that came through their listeners. What is
 * left then listens where the configuration (options: the words for where that stands) has nothing. From systemd that
 * is SP_REFUSED, with a sentence in *why: it would keep a queue that nobody serves. From the process before it is
 * closed.
 */
SP_MUST_CHECK enum sp_error handover_settle(struct handover *handover, struct http_server *const *servers, size_t count,
                                            const char *options, const char **why);

/*
 * Become the program arguments[0] (found as the shell finds it), with the sockets of these servers and no other
 * descriptor but the standard three. Signals that arrive from now on wait until the new program calls
 * handover_signals(true). Returns only if that was not possible; then everything is as before.
 */
enum sp_error handover_exec(struct http_server *const *servers, size_t count, char *const *arguments);

/*
 * Whether the signals that the programs react to are taken in or wait. They wait while a program begins: one that
 * nobody handles yet would end it.
 */
void handover_signals(bool take);

#endif
