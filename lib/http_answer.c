/* Answers: assembled on the stack and sent at once; only what the peer does not take is copied to the heap. */
#include "http_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>

enum {
    ANSWER_SMALL = 4096, /* bytes: up to here one copy is cheaper than a gathering call */
    ANSWER_PARTS = 4,
};

#define HTTP_STATUSES(X)                                                                                               \
    X(200, "OK")                                                                                                       \
    X(201, "Created")                                                                                                  \
    X(202, "Accepted")                                                                                                 \
    X(204, "No Content")                                                                                               \
    X(301, "Moved Permanently")                                                                                        \
    X(302, "Found")                                                                                                    \
    X(303, "See Other")                                                                                                \
    X(304, "Not Modified")                                                                                             \
    X(307, "Temporary Redirect")                                                                                       \
    X(308, "Permanent Redirect")                                                                                       \
    X(400, "Bad Request")                                                                                              \
    X(401, "Unauthorized")                                                                                             \
    X(403, "Forbidden")                                                                                                \
    X(404, "Not Found")                                                                                                \
    X(405, "Method Not Allowed")                                                                                       \
    X(406, "Not Acceptable")                                                                                           \
    X(408, "Request Timeout")                                                                                          \
    X(409, "Conflict")                                                                                                 \
    X(410, "Gone")                                                                                                     \
    X(412, "Precondition Failed")                                                                                      \
    X(413, "Content Too Large")                                                                                        \
    X(414, "URI Too Long")                                                                                             \
    X(415, "Unsupported Media Type")                                                                                   \
    X(417, "Expectation Failed")                                                                                       \
    X(421, "Misdirected Request")                                                                                      \
    X(422, "Unprocessable Content")                                                                                    \
    X(429, "Too Many Requests")                                                                                        \
    X(431, "Request Header Fields Too Large")                                                                          \
    X(500, "Internal Server Error")                                                                                    \
    X(501, "Not Implemented")                                                                                          \
    X(503, "Service Unavailable")                                                                                      \
    X(505, "HTTP Version Not Supported")

static struct span
status_line(int status)
{
#define X(code, reason)                                                                                                \
    case code:                                                                                                         \
        return SPAN_LITERAL("HTTP/1.1 " #code " " reason "\r\n");
    switch (status) {
        HTTP_STATUSES(X)
    default:
        return span_of(NULL, 0);
    }
#undef X
}

static struct span
status_reason(int status)
{
    struct span line = status_line(status);
    return line.length == 0 ? SPAN_LITERAL("Error\r\n") : span_of(line.at + 13, line.length - 13);
}

static inline size_t
put(char *out, size_t at, struct span text)
{
    if (text.length > 0) /* of an empty span there may be no address */
        memcpy(out + at, text.at, text.length);
    return at + text.length;
}

static size_t
put_number(char *out, size_t at, size_t number)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0)
        out[at++] = digits[--count];
    return at;
}

static size_t
put_head(char *head, int status, bool with_length, size_t length, bool close)
{
    struct span line = status_line(status);
    size_t at = 0;
    if (line.length > 0) {
        at = put(head, at, line);
    } else { /* a status without a reason of ours; RFC 9112, 4: the reason may be empty */
        at = put_number(head, put(head, at, SPAN_LITERAL("HTTP/1.1 ")), (size_t)status);
        at = put(head, at, SPAN_LITERAL(" \r\n"));
    }
    if (with_length) {
        at = put_number(head, put(head, at, SPAN_LITERAL("Content-Length: ")), length);
        at = put(head, at, SPAN_LITERAL("\r\n"));
    }
    return close ? put(head, at, SPAN_LITERAL("Connection: close\r\n")) : at;
}

static struct iovec
part(const char *at, size_t length)
{
    return (struct iovec){ (void *)(uintptr_t)at, length };
}

/* Copy the parts, less the first skip bytes, to out. */
static void
gather(const struct iovec parts[ANSWER_PARTS], size_t skip, char *out)
{
    for (int i = 0; i < ANSWER_PARTS; i++) {
        size_t less = skip < parts[i].iov_len ? skip : parts[i].iov_len;
        if (parts[i].iov_len > less)
            memcpy(out, (const char *)parts[i].iov_base + less, parts[i].iov_len - less);
        out += parts[i].iov_len - less;
        skip -= less;
    }
}

/* After a send: how much went, or -1 when no more ever will. */
static ssize_t
sent_bytes(ssize_t sent)
{
    if (sent >= 0)
        return sent;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
}

static void
give_up(struct http_connection *connection)
{
    connection->close_after = true;
    connection->linger = false;
    connection->state = CONNECTION_ANSWERED;
}

/* Keep what did not go. */
static void
keep_rest(struct http_connection *connection, const struct iovec parts[ANSWER_PARTS], size_t sent, size_t total)
{
    connection->output = malloc(total - sent);
    if (connection->output == NULL || event_add(&connection->writable, NULL) != 0) {
        give_up(connection);
        return;
    }
    gather(parts, sent, connection->output);
    connection->output_length = total - sent;
    connection->output_sent = 0;
    connection->state = CONNECTION_SENDING;
    http_set_deadline(connection, connection->request_deadline_ms);
}

/* What a send of the parts, total bytes, came to. */
static void
note_sent(struct http_connection *connection, const struct iovec parts[ANSWER_PARTS], ssize_t result, size_t total)
{
    ssize_t sent = sent_bytes(result);
    if (sent < 0)
        give_up(connection);
    else if ((size_t)sent == total)
        connection->state = CONNECTION_ANSWERED;
    else
        keep_rest(connection, parts, (size_t)sent, total);
}

void
http_answer(struct http_connection *connection, int status, struct span headers, struct span body)
{
    bool bodiless = status == 204 || status == 304;
    size_t body_length = bodiless || connection->head_only ? 0 : body.length;
    char text[ANSWER_SMALL];
    size_t length = put_head(text, status, !bodiless, body.length, connection->close_after);
    if (length + headers.length + 2 + body_length <= sizeof text) {
        length = put(text, put(text, length, headers), SPAN_LITERAL("\r\n"));
        length = put(text, length, span_of(body.at, body_length));
        ssize_t sent = send(connection->fd, text, length, MSG_NOSIGNAL);
        connection->state = CONNECTION_ANSWERED;
        if (sent != (ssize_t)length)
            note_sent(connection, (const struct iovec[ANSWER_PARTS]){ part(text, length) }, sent, length);
        return;
    }
    struct iovec parts[ANSWER_PARTS] = { part(text, length), part(headers.at, headers.length), part("\r\n", 2),
                                         part(body.at, body_length) };
    const struct msghdr message = { .msg_iov = parts, .msg_iovlen = ANSWER_PARTS };
    note_sent(connection, parts, sendmsg(connection->fd, &message, MSG_NOSIGNAL),
              length + headers.length + 2 + body_length);
}

void
http_answer_refusal(struct http_connection *connection, int status)
{
    const struct http_server *server = connection->server;
    struct span headers = SPAN_LITERAL("Content-Type: text/plain\r\nCache-Control: no-store\r\n");
    struct span body = status_reason(status);
    bool has_head = status == 413 || status == 417; /* what is judged when all of it was read */
    connection->close_after = true;
    connection->linger = true;
    if (server->words != NULL)
        server->words(server->words_context, status, has_head ? &connection->desk->request : NULL, &headers, &body);
    http_answer(connection, status, headers, body);
}

void
http_answer_continue(struct http_connection *connection)
{
    size_t left = connection->output_length - connection->output_sent;
    ssize_t sent = sent_bytes(send(connection->fd, connection->output + connection->output_sent, left, MSG_NOSIGNAL));
    if (sent < 0) {
        give_up(connection);
    } else {
        connection->output_sent += (size_t)sent;
        if (connection->output_sent < connection->output_length)
            return;
        connection->state = CONNECTION_ANSWERED;
    }
    event_del(&connection->writable);
    free(connection->output);
    connection->output = NULL;
}

void
http_answer_unavailable(int fd)
{
    static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    ssize_t ignored = send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)ignored; /* a peer that is gone needs no answer */
}

/* ---- answers of the handler ---- */

unsigned char *
http_exchange_peer(struct http_exchange *exchange)
{
    return exchange->peer;
}

static void
respond(struct http_exchange *exchange, int status, struct span headers, struct span body, bool close)
{
    struct http_connection *connection = (struct http_connection *)exchange;
    if (connection->fd < 0) {
        http_connection_free(connection);
        return;
    }
    const struct http_server *server = connection->server;
    bool last = close || server->draining || connection->requests >= server->options.requests_per_connection;
    connection->close_after = last || !connection->keep_alive;
    connection->linger = last && connection->keep_alive;
    http_answer(connection, status, headers, body);
    http_connection_answered(connection);
}

void
http_respond(struct http_exchange *exchange, int status, struct span headers, struct span body)
{
    respond(exchange, status, headers, body, false);
}

void
http_respond_close(struct http_exchange *exchange, int status, struct span headers, struct span body)
{
    respond(exchange, status, headers, body, true);
}
