/* The desks of a server: a buffer and the request in it, for as long as there is something in it. */
#include "http_internal.h"
#include "sporlos/wipe.h"

#include <stdlib.h>

enum { SPARE_DESK_MAX = 64 }; /* kept for the next bytes; about 10 KiB each */

bool
http_desk_take(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    if (connection->desk != NULL)
        return true;
    struct http_desk *desk = server->spare_desks;
    if (desk != NULL) {
        server->spare_desks = desk->next_spare;
        server->spare_desk_count--;
    } else {
        desk = calloc(1, sizeof *desk);
        if (desk == NULL)
            return false;
    }
    desk->request.method = HTTP_GET;
    http_parse_begin(&desk->parser, server->options.body_max_bytes);
    connection->desk = desk;
    return true;
}

static void
wipe_body(struct http_desk *desk)
{
    if (desk->body == NULL)
        return;
    wipe(desk->body, desk->body_have);
    free(desk->body);
    desk->body = NULL;
    desk->body_have = 0;
}

void
http_desk_give(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    struct http_desk *desk = connection->desk;
    if (desk == NULL)
        return;
    connection->desk = NULL;
    wipe_body(desk);
    wipe(desk->buffer, desk->used);
    desk->used = 0;
    if (server->spare_desk_count >= SPARE_DESK_MAX) {
        free(desk);
        return;
    }
    desk->next_spare = server->spare_desks;
    server->spare_desks = desk;
    server->spare_desk_count++;
}

void
http_desk_shift(struct http_connection *connection, size_t length)
{
    struct http_desk *desk = connection->desk;
    size_t left = desk->used - length;
    if (left == 0) {
        http_desk_give(connection);
        return;
    }
    wipe_body(desk);
    memmove(desk->buffer, desk->buffer + length, left);
    wipe(desk->buffer + left, length);
    desk->used = left;
    http_parse_begin(&desk->parser, connection->server->options.body_max_bytes);
}

void
http_desk_free_spares(struct http_server *server)
{
    while (server->spare_desks != NULL) {
        struct http_desk *desk = server->spare_desks;
        server->spare_desks = desk->next_spare;
        free(desk);
    }
}
