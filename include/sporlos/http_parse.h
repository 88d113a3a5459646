/*
 * A strict HTTP/1.x request parser (RFC 9112), resumable and without allocation: what it does not understand to the
 * letter it refuses, so that no proxy in front can understand it otherwise.
 */
#ifndef SPORLOS_HTTP_PARSE_H
#define SPORLOS_HTTP_PARSE_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    HTTP_HEADER_MAX = 64,     /* header lines a request */
    HTTP_TARGET_MAX = 2048,   /* bytes of the request target */
    HTTP_BUFFER_BYTES = 8192, /* bytes of head (and of head + body where the body fits) a connection holds */
};

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OPTIONS };

/* The headers that the programs look at: found while parsing, so that a look-up is an index. */
#define HTTP_HEADERS(X)                                                                                                \
    X(HTTP_HOST, "host")                                                                                               \
    X(HTTP_CONNECTION, "connection")                                                                                   \
    X(HTTP_CONTENT_LENGTH, "content-length")                                                                           \
    X(HTTP_TRANSFER_ENCODING, "transfer-encoding")                                                                     \
    X(HTTP_CONTENT_TYPE, "content-type")                                                                               \
    X(HTTP_EXPECT, "expect")                                                                                           \
    X(HTTP_ORIGIN, "origin")                                                                                           \
    X(HTTP_REFERER, "referer")                                                                                         \
    X(HTTP_USER_AGENT, "user-agent")                                                                                   \
    X(HTTP_SEC_GPC, "sec-gpc")                                                                                         \
    X(HTTP_DNT, "dnt")                                                                                                 \
    X(HTTP_SEC_PURPOSE, "sec-purpose")                                                                                 \
    X(HTTP_PURPOSE, "purpose")                                                                                         \
    X(HTTP_X_MOZ, "x-moz")                                                                                             \
    X(HTTP_SEC_FETCH_SITE, "sec-fetch-site")                                                                           \
    X(HTTP_SEC_FETCH_MODE, "sec-fetch-mode")                                                                           \
    X(HTTP_SEC_FETCH_DEST, "sec-fetch-dest")                                                                           \
    X(HTTP_X_FORWARDED_FOR, "x-forwarded-for")                                                                         \
    X(HTTP_AUTHORIZATION, "authorization")                                                                             \
    X(HTTP_COOKIE, "cookie")                                                                                           \
    X(HTTP_ACCEPT_LANGUAGE, "accept-language")                                                                         \
    X(HTTP_ACCEPT_ENCODING, "accept-encoding")                                                                         \
    X(HTTP_ACCEPT, "accept")                                                                                           \
    X(HTTP_SEC_CH_UA, "sec-ch-ua")                                                                                     \
    X(HTTP_SEC_CH_UA_MOBILE, "sec-ch-ua-mobile")                                                                       \
    X(HTTP_SEC_CH_UA_PLATFORM, "sec-ch-ua-platform")

#define X(id, name) id,
enum http_header_id { HTTP_HEADERS(X) HTTP_HEADER_ID_COUNT };
#undef X

struct http_header {
    struct span name;  /* as sent */
    struct span value; /* without surrounding white space */
};

/* Borrows from the buffer it was parsed from. */
struct http_request {
    enum http_method method;
    int minor; /* HTTP/1.minor */
    bool keep_alive;
    struct span target; /* origin-form */
    struct span path;   /* target before '?' */
    struct span query;  /* after '?', may be empty */
    struct http_header header[HTTP_HEADER_MAX];
    unsigned header_count;
    uint8_t known[HTTP_HEADER_ID_COUNT]; /* 1 + index into header of the first such line, 0: absent */
    size_t head_length;                  /* bytes */
    size_t body_length;                  /* from Content-Length, 0 without */
    struct span body;                    /* set by the server once it is there */
};

/* The value of a header; .at is NULL when it is absent. */
static inline struct span
http_request_header(const struct http_request *request, enum http_header_id id)
{
    return request->known[id] == 0 ? (struct span){ NULL, 0 } : request->header[request->known[id] - 1].value;
}

enum http_parse_result {
    HTTP_PARSE_DONE, /* the head is there; the body, body_length bytes from head_length on, may not be */
    HTTP_PARSE_MORE, /* so far so good */
    HTTP_PARSE_BAD,  /* refuse and close */
};

/* How far the parser has come in a buffer. */
struct http_parse_state {
    size_t body_max; /* bytes */
    size_t line;     /* offset of the first line that is not parsed yet */
    size_t scanned;  /* offset of the first byte that is not looked at yet */
};

/* Before the first call for every request. A Content-Length above body_max_bytes is refused. */
void http_parse_begin(struct http_parse_state *parser, size_t body_max_bytes);

/*
 * Go on with a request that starts at buffer, of which length bytes have come; between the calls for one request the
 * buffer may grow but not move. No byte is looked at more than a few times, however small the pieces. Fills request,
 * which is whole at HTTP_PARSE_DONE; its spans borrow from buffer. On HTTP_PARSE_BAD, *status is the answer to give:
 *
 *     400 malformed; a header that must be alone came twice; no Host, or not one name or address
 *     413 Content-Length above the limit      414 target longer than HTTP_TARGET_MAX
 *     417 Expect                              431 more than HTTP_HEADER_MAX lines or HTTP_BUFFER_BYTES
 *     501 another method, Transfer-Encoding   505 another version than HTTP/1.0 and 1.1
 *
 * The verdict does not depend on how the bytes were split. request->method is valid from the first call (HTTP_GET until
 * it is known). HTTP/1.0 is never kept alive.
 */
SP_MUST_CHECK enum http_parse_result http_parse(struct http_parse_state *parser, const char *buffer, size_t length,
                                                struct http_request *request, int *status);

#endif
