/*
 * What parsing one beacon costs, in instructions:
 *
 *     cmake --build build --target http_parse_bench
 *     valgrind --tool=callgrind --toggle-collect=main build/bin/http_parse_bench 1000
 *
 * and divide "Collected" by the rounds (1000). The bytes are those that Chromium 131 sends behind nginx.
 */
#include "sporlos/http_parse.h"

#include <stdio.h>
#include <stdlib.h>

static const char beacon[] =
    "POST /b HTTP/1.1\r\nHost: teller.kommune.no\r\nX-Forwarded-For: 192.0.2.77\r\nConnection: keep-alive\r\n"
    "Content-Length: 57\r\nsec-ch-ua-platform: \"Linux\"\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) "
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36\r\nContent-Type: "
    "text/plain;charset=UTF-8\r\n"
    "Accept: */*\r\nOrigin: https://parorendesenteret.no\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"
    "Sec-Fetch-Dest: empty\r\nReferer: https://parorendesenteret.no/\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: nb-NO,nb;q=0.9,no;q=0.8\r\n\r\n"
    "s=parorendesenteret.no&u=/sorg&r=https%3A%2F%2Fgoogle.no&n=1";

static enum http_parse_result
parse_once(const char *buffer, size_t length, struct http_request *request)
{
    struct http_parse_state parser;
    int status = 0;
    http_parse_begin(&parser, 4096);
    return http_parse(&parser, buffer, length, request, &status);
}

int
main(int argc, char **argv)
{
    static struct http_request request;
    static char buffer[HTTP_BUFFER_BYTES];
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
    memcpy(buffer, beacon, sizeof beacon - 1);
    for (long i = 0; i < rounds; i++)
        if (parse_once(buffer, sizeof beacon - 1, &request) != HTTP_PARSE_DONE)
            return 1;
    printf("%ld rounds of %zu bytes, %u headers\n", rounds, sizeof beacon - 1, request.header_count);
    return 0;
}
