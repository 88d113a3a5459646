#include "config_types.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/un.h>

static const char *
port_fault(struct span text)
{
    int port = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || i >= 5)
            return "its port is not a number from 1 to 65535";
        port = port * 10 + (text.at[i] - '0');
    }
    return port >= 1 && port <= 65535 ? NULL : "its port is not a number from 1 to 65535";
}

static const char *
socket_fault(const char *path)
{
    if (path[0] != '/')
        return "its socket path is not absolute; write unix:/run/...";
    if (strlen(path) >= sizeof((struct sockaddr_un *)NULL)->sun_path)
        return "its socket path is longer than the 107 bytes that the system allows";
    return NULL;
}

/* The address before the port: '*', an IPv4 address or an IPv6 address in brackets. */
static bool
is_local_address(struct span host)
{
    char text[INET6_ADDRSTRLEN + 1];
    unsigned char bytes[16];
    if (span_equal(host, SPAN_LITERAL("*")))
        return true;
    bool bracketed = host.length > 2 && host.at[0] == '[' && host.at[host.length - 1] == ']';
    struct span inner = bracketed ? span_of(host.at + 1, host.length - 2) : host;
    if (inner.length >= sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)inner.length, inner.at);
    return inet_pton(bracketed ? AF_INET6 : AF_INET, text, bytes) == 1;
}

static const char *
listen_fault(struct span text)
{
    if (text.length > 5 && memcmp(text.at, "unix:", 5) == 0)
        return socket_fault(text.at + 5);
    const char *colon = memrchr(text.at, ':', text.length);
    if (colon == NULL)
        return "it has no port; write 127.0.0.1:8400, [::1]:8400, *:8400 or unix:/path";
    struct span host = span_of(text.at, (size_t)(colon - text.at));
    if (!is_local_address(host))
        return "it is no address of this machine's own; write 127.0.0.1:8400, [::1]:8400, *:8400 or unix:/path";
    return port_fault(span_of(colon + 1, text.length - host.length - 1));
}

static char *
convert_listen(struct reading *reading, const struct option *option, const struct yaml_node *item)
{
    const char *fault = item->text.length == 0 ? "it is empty" : listen_fault(item->text);
    char quoted[QUOTE_MAX];
    if (fault == NULL)
        return config_copy(reading, item->text.at);
    problem_add(&reading->problems, yaml_place(item, reading->file), "%s: %s cannot be listened on: %s", option->name,
                problem_quote(item->text, quoted), fault);
    return NULL;
}

void
type_listen_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    struct text_list *list = option_field(option, base);
    size_t before = reading->problems.count;
    config_read_texts(reading, option, node, list, convert_listen);
    bool needed = option->initial != NULL;
    if (needed && list->count == 0 && reading->problems.count == before)
        problem_add(&reading->problems, yaml_place(node, reading->file),
                    "%s: the list is empty; name one address, or leave the option out", option->name);
}

static bool
parse_bits(struct span text, unsigned most, unsigned *bits)
{
    *bits = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || i >= 3)
            return false;
        *bits = *bits * 10 + (unsigned)(text.at[i] - '0');
    }
    return text.length > 0 && *bits <= most;
}

static bool
has_host_bits(const struct address_block *block, unsigned width)
{
    for (unsigned bit = block->bits; bit < width; bit++)
        if (block->bytes[bit / 8] & (0x80U >> bit % 8))
            return true;
    return false;
}

static const char *
parse_block(struct span text, struct address_block *block)
{
    char address[INET6_ADDRSTRLEN + 1];
    const char *slash = memchr(text.at, '/', text.length);
    size_t length = slash == NULL ? text.length : (size_t)(slash - text.at);
    *block = (struct address_block){ .family = memchr(text.at, ':', length) != NULL ? AF_INET6 : AF_INET };
    unsigned width = block->family == AF_INET6 ? 128 : 32;
    if (length >= sizeof address)
        return "it is not an address; write 192.0.2.0/24 or 2001:db8::/32";
    snprintf(address, sizeof address, "%.*s", (int)length, text.at);
    if (inet_pton(block->family, address, block->bytes) != 1)
        return "it is not an address; write 192.0.2.0/24 or 2001:db8::/32";
    block->bits = width;
    if (slash != NULL && !parse_bits(span_of(slash + 1, text.length - length - 1), width, &block->bits))
        return width == 32 ? "its length is not a number from 0 to 32" : "its length is not a number from 0 to 128";
    if (has_host_bits(block, width))
        return "bits are set beyond its length; set them to zero, or leave the length out to mean this one address";
    return NULL;
}

static void
read_block(struct reading *reading, const struct option *option, const struct yaml_node *item, void *base)
{
    struct address_block *blocks = *(struct address_block **)option_field(option, base);
    size_t *count = option_count(option, base);
    char quoted[QUOTE_MAX];
    if (item->kind != YAML_TEXT) {
        config_wrong_type(reading, option, item);
        return;
    }
    const char *fault = item->text.length == 0 ? "it is empty" : parse_block(item->text, &blocks[*count]);
    if (fault != NULL)
        problem_add(&reading->problems, yaml_place(item, reading->file), "%s: %s is no address block: %s", option->name,
                    problem_quote(item->text, quoted), fault);
    else
        ++*count;
}

void
type_blocks_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    struct address_block **blocks = option_field(option, base);
    if (node->kind != YAML_LIST && node->kind != YAML_TEXT) {
        config_wrong_type(reading, option, node);
        return;
    }
    *blocks = calloc(node->count + 1, sizeof **blocks);
    if (*blocks == NULL) {
        reading->problems.no_memory = true;
        return;
    }
    if (node->kind == YAML_TEXT)
        read_block(reading, option, node, base);
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next)
        read_block(reading, option, item, base);
}

void
type_blocks_print(FILE *out, const struct option *option, const void *base)
{
    const struct address_block *blocks = *(struct address_block *const *)option_value(option, base);
    fputc('[', out);
    for (size_t i = 0; i < option_items(option, base); i++) {
        char text[INET6_ADDRSTRLEN];
        inet_ntop(blocks[i].family, blocks[i].bytes, text, sizeof text);
        fprintf(out, "%s\"%s/%u\"", i == 0 ? "" : ", ", text, blocks[i].bits);
    }
    fputc(']', out);
}

void
type_blocks_release(const struct option *option, void *base)
{
    struct address_block **blocks = option_field(option, base);
    free(*blocks);
    *blocks = NULL;
    *option_count(option, base) = 0;
}
