#include "request.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

void
network_write(const struct network *network, char text[NETWORK_TEXT_MAX])
{
    unsigned char bytes[16] = { 0 };
    size_t kept = network->family == NETWORK_V4 ? ADDRESS_V4_BITS / 8 : ADDRESS_V6_BITS / 8;
    for (size_t i = 0; i < kept; i++)
        bytes[i] = (unsigned char)(network->prefix >> 8 * (kept - 1 - i));
    if (inet_ntop(network->family == NETWORK_V4 ? AF_INET : AF_INET6, bytes, text, NETWORK_TEXT_MAX) == NULL)
        text[0] = '\0';
}

/* Percent-encoded for a form. */
static char *
append(char *to, struct span text)
{
    static const char hex[] = "0123456789ABCDEF", plain[] = "-._~/";
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || (c != '\0' && strchr(plain, c) != NULL)) {
            *to++ = (char)c;
        } else {
            *to++ = '%';
            *to++ = hex[c >> 4];
            *to++ = hex[c & 15];
        }
    }
    return to;
}

static char *
append_field(char *to, const char *name, struct span value)
{
    to = stpcpy(to, name);
    return append(to, value);
}

size_t
form_write(const char *site, const struct view *view, char form[REQUEST_BYTES_MAX])
{
    char *to = append_field(form, "s=", span_text(site));
    to = append_field(to, "&u=", view->path);
    if (view->entry)
        to = append_field(to, "&n=", SPAN_LITERAL("1"));
    if (view->entry && view->referrer.length > 0)
        to = append_field(to, "&r=", view->referrer);
    return (size_t)(to - form);
}

size_t
request_write(const struct request_target *target, const struct view *view, char request[REQUEST_BYTES_MAX])
{
    char network[NETWORK_TEXT_MAX], form[REQUEST_BYTES_MAX];
    size_t form_length = form_write(target->site, view, form);
    network_write(&view->network, network);
    int length = snprintf(request, REQUEST_BYTES_MAX,
                          "POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\n%s%.*s%sX-Forwarded-For: %s\r\n"
                          "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: %zu\r\n\r\n%.*s",
                          target->path, target->host, target->origin, view->agent.length > 0 ? "User-Agent: " : "",
                          (int)view->agent.length, view->agent.length > 0 ? view->agent.at : "",
                          view->agent.length > 0 ? "\r\n" : "", network, form_length, (int)form_length, form);
    return length < 0 || length >= REQUEST_BYTES_MAX ? 0 : (size_t)length;
}
