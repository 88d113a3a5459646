/* The first step of a connection on a listener that speaks the PROXY protocol. */
#include "http_internal.h"

#include "sporlos/address_page.h"

bool
http_proxy_step(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    struct proxy_header *header = &address_page()->header;
    enum proxy_header_result result = proxy_header_parse(connection->desk->buffer, connection->desk->used, header);
    if (result == PROXY_HEADER_MORE)
        return false;
    if (result == PROXY_HEADER_BAD) {
        server->statistics.proxy_refused++;
        http_connection_free(connection);
        return false;
    }
    http_desk_shift(connection, header->length);
    bool taken = server->handler.on_accept(server->handler.context, HTTP_ARRIVAL_PROXIED,
                                           (const struct sockaddr *)&header->client, sizeof header->client,
                                           connection->exchange.peer);
    explicit_bzero(header, sizeof *header);
    if (!taken) {
        server->statistics.turned_away++;
        http_connection_free(connection);
        return false;
    }
    connection->state = CONNECTION_HEAD; /* with the deadlines that run since accepting */
    return http_connection_used(connection) > 0;
}
