#include "config_types.h"

#include "domain.h"
#include "sporlos/mail_address.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/un.h>

typedef const char *text_fault(const char *text);

/* Read one text that fault finds nothing wrong with. A secret is never repeated in a problem. */
static void
read_text(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base,
          text_fault *fault)
{
    char quoted[QUOTE_MAX];
    if (node->kind != YAML_TEXT || node->text.length == 0) {
        config_wrong_type(reading, option, node);
        return;
    }
    const char *what = fault(node->text.at);
    if (what == NULL)
        *(char **)option_field(option, base) = config_copy(reading, node->text.at);
    else if (option->secret)
        problem_add(&reading->problems, yaml_place(node, reading->file), "%s: %s", option->name, what);
    else
        problem_add(&reading->problems, yaml_place(node, reading->file), "%s: %s: %s", option->name,
                    problem_quote(node->text, quoted), what);
}

static bool
has_space_or_control(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text <= ' ' || *text == 0x7F)
            return true;
    return false;
}

static const char *
path_fault(const char *text)
{
    if (text[0] != '/')
        return "the path is not absolute; begin it with '/', so that it means the same wherever the program is started";
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            return "the path holds a control character; take it out";
    return NULL;
}

static const char *
archive_fault(const char *text)
{
    static const char scheme[] = "sqlite://";
    if (strncmp(text, scheme, sizeof scheme - 1) != 0 || text[sizeof scheme - 1] != '/' || text[sizeof scheme] == '\0')
        return "it is not sqlite:// and an absolute path; write sqlite:///var/lib/sporlos/archive.db";
    return path_fault(text + sizeof scheme - 1);
}

static bool
is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= 5 && text[digits] == '\0' && atoi(text) >= 1 && atoi(text) <= 65535;
}

/* Host, or [IPv6 address], and a port that may be missing. */
static bool
is_host_and_port(struct span text)
{
    char host[SITE_NAME_MAX];
    char ascii[SITE_NAME_MAX];
    const char *why;
    if (text.length == 0 || text.length >= sizeof host)
        return false;
    memcpy(host, text.at, text.length);
    host[text.length] = '\0';
    char *end = host[0] == '[' ? strchr(host, ']') : host + strcspn(host, ":");
    if (end == NULL)
        return false;
    char *port = host[0] == '[' ? end + 1 : end;
    if (*port != '\0' && (*port != ':' || !is_port(port + 1)))
        return false;
    *end = '\0';
    if (host[0] == '[')
        return end > host + 2 && strspn(host + 1, "0123456789abcdefABCDEF:.") == strlen(host + 1);
    return domain_to_ascii(host, ascii, &why) == SP_OK;
}

static const char *
web_address_fault(const char *text)
{
    const char *rest = strncmp(text, "https://", 8) == 0  ? text + 8
                       : strncmp(text, "http://", 7) == 0 ? text + 7
                                                          : NULL;
    if (rest == NULL)
        return "it does not begin with https:// or http://; write https://statistikk.example.no";
    if (has_space_or_control(text) || strpbrk(text, "?#@\"'<>\\") != NULL)
        return "it holds a character that it may not have; leave out user, query, fragment, quotes and spaces";
    if (!is_host_and_port(span_of(rest, strcspn(rest, "/"))))
        return "its host or port is wrong; write https://statistikk.example.no";
    return NULL;
}

static const char *
credentials_fault(struct span who)
{
    const char *colon = memchr(who.at, ':', who.length);
    if (colon == NULL || colon == who.at + who.length - 1)
        return "what stands before the last '@' is not user:password; percent-encode the characters @ / : % in them";
    for (size_t i = 0; i < who.length; i++)
        if (who.at[i] == '/' || (who.at[i] == ':' && who.at + i != colon))
            return "user or password holds '/' or ':'; percent-encode it (%2F, %3A)";
    return NULL;
}

/* Never quotes the text: it may hold a password. */
static const char *
redis_fault(const char *text)
{
    bool socket = strncmp(text, "unix://", 7) == 0;
    if (!socket && strncmp(text, "redis://", 8) != 0)
        return "it begins neither with unix:// nor redis://; write unix:///run/sporlos/redis.sock or "
               "redis://127.0.0.1:6379";
    if (has_space_or_control(text))
        return "it holds a space or a control character; percent-encode it";
    const char *rest = text + (socket ? 7 : 8);
    const char *at = strrchr(rest, '@');
    const char *fault = at == NULL ? NULL : credentials_fault(span_of(rest, (size_t)(at - rest)));
    if (fault != NULL)
        return fault;
    rest = at == NULL ? rest : at + 1;
    if (socket && (rest[0] != '/' || strlen(rest) >= sizeof((struct sockaddr_un *)NULL)->sun_path))
        return "after unix:// no absolute path of at most 107 bytes follows; write unix:///run/sporlos/redis.sock";
    if (!socket && !is_host_and_port(span_text(rest)))
        return "host or port is wrong; write redis://127.0.0.1:6379, without a path or a query";
    return NULL;
}

void
type_path_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    read_text(reading, option, node, base, path_fault);
}

void
type_archive_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    read_text(reading, option, node, base, archive_fault);
}

void
type_web_address_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    read_text(reading, option, node, base, web_address_fault);
    char *text = *(char **)option_field(option, base);
    size_t length = text == NULL ? 0 : strlen(text);
    if (length > 0 && text[length - 1] == '/') /* so that paths can be put behind it */
        text[length - 1] = '\0';
}

void
type_redis_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    read_text(reading, option, node, base, redis_fault);
}

void
type_text_print(FILE *out, const struct option *option, const void *base)
{
    const char *text = *(char *const *)option_value(option, base);
    if (text == NULL)
        fputs("null", out);
    else
        yaml_print_text(out, text);
}

void
type_redis_print(FILE *out, const struct option *option, const void *base)
{
    const char *text = *(char *const *)option_value(option, base);
    const char *at = text == NULL ? NULL : strrchr(text, '@');
    const char *begin = at == NULL ? NULL : strstr(text, "://");
    const char *colon = begin == NULL ? NULL : memchr(begin + 3, ':', (size_t)(at - begin - 3));
    if (colon == NULL)
        type_text_print(out, option, base);
    else
        fprintf(out, "\"%.*s:********%s\"", (int)(colon - text), text, at);
}

void
type_text_release(const struct option *option, void *base)
{
    char **text = option_field(option, base);
    if (option->secret && *text != NULL)
        explicit_bzero(*text, strlen(*text));
    free(*text);
    *text = NULL;
}

/* Headers whose meaning is ours or the protocol's already. */
static bool
is_taken_header(const char *text)
{
    static const char *const taken[] = { "authorization", "connection", "content-length",    "cookie",         "host",
                                         "origin",        "referer",    "transfer-encoding", "x-forwarded-for" };
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        if (strcasecmp(text, taken[i]) == 0)
            return true;
    return false;
}

static const char *
header_fault(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '-'))
            return "a header's name has letters, digits and '-' only; write X-Forwarded-User";
    if (strlen(text) < 3 || strlen(text) > 64)
        return "it is shorter than 3 or longer than 64 letters";
    return is_taken_header(text) ? "that header means something else already; take one of your proxy's own" : NULL;
}

static const char *
mail_fault(const char *text)
{
    return mail_address_is_valid(span_text(text)) ? NULL : "it is no plain e-mail address; write name@example.no";
}

static const char *
origin_fault(const char *text)
{
    const char *fault = web_address_fault(text);
    if (fault == NULL && strpbrk(strstr(text, "://") + 3, "/;,*") != NULL)
        return "it has more than scheme, host and port; write https://www.example.no";
    return fault;
}

void
type_header_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    read_text(reading, option, node, base, header_fault);
}

void
type_mail_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    read_text(reading, option, node, base, mail_fault);
}

/* The owned copy of an item that fault finds nothing wrong with. */
static char *
convert_text(struct reading *reading, const struct option *option, const struct yaml_node *item, text_fault *fault)
{
    char quoted[QUOTE_MAX];
    const char *what = fault(item->text.at);
    if (what == NULL)
        return config_copy(reading, item->text.at);
    problem_add(&reading->problems, yaml_place(item, reading->file), "%s: %s: %s", option->name,
                problem_quote(item->text, quoted), what);
    return NULL;
}

static char *
convert_origin(struct reading *reading, const struct option *option, const struct yaml_node *item)
{
    return convert_text(reading, option, item, origin_fault);
}

void
type_origins_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    config_read_texts(reading, option, node, option_field(option, base), convert_origin);
}

static char *
convert_path(struct reading *reading, const struct option *option, const struct yaml_node *item)
{
    return convert_text(reading, option, item, path_fault);
}

void
type_paths_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    config_read_texts(reading, option, node, option_field(option, base), convert_path);
}

void
type_texts_print(FILE *out, const struct option *option, const void *base)
{
    yaml_print_texts(out, option_value(option, base));
}

void
type_texts_release(const struct option *option, void *base)
{
    text_list_release(option_field(option, base));
}
