#include "http_oracle.h"

#include <http_parser.h>

static int
on_url(http_parser *parser, const char *at, size_t length)
{
    struct oracle_reading *reading = parser->data;
    reading->target = at; /* in one piece: it was given in one */
    reading->target_length = length;
    return 0;
}

/* A whole one: the bytes were given in one. */
static int
on_name(http_parser *parser, const char *at, size_t length)
{
    (void)at;
    struct oracle_reading *reading = parser->data;
    reading->headers++;
    reading->name_bytes += length;
    return 0;
}

static int
on_head(http_parser *parser)
{
    struct oracle_reading *reading = parser->data;
    reading->head_seen = true;
    reading->method = http_method_str((enum http_method)parser->method);
    reading->keep_alive = http_should_keep_alive(parser) != 0;
    return 0;
}

static int
on_body(http_parser *parser, const char *at, size_t length)
{
    (void)at;
    ((struct oracle_reading *)parser->data)->body += length;
    return 0;
}

static int
on_complete(http_parser *parser)
{
    ((struct oracle_reading *)parser->data)->complete = true;
    http_parser_pause(parser, 1);
    return 0;
}

bool
oracle_read(const char *at, size_t length, struct oracle_reading *reading)
{
    static const http_parser_settings settings = { .on_url = on_url,
                                                   .on_header_field = on_name,
                                                   .on_headers_complete = on_head,
                                                   .on_body = on_body,
                                                   .on_message_complete = on_complete };
    http_parser parser;
    *reading = (struct oracle_reading){ 0 };
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = reading;
    http_parser_execute(&parser, &settings, at, length);
    enum http_errno error = HTTP_PARSER_ERRNO(&parser);
    return error == HPE_OK || error == HPE_PAUSED;
}
