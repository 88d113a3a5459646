#include "opt_out.h"

#include "sporlos/hex.h"
#include "sporlos/language.h"

enum { VALUE_MAX = 256, PORT_MAX = 65535 };

enum query_field { QUERY_SITE, QUERY_LANG, QUERY_PORT, QUERY_FIELD_COUNT };

struct value {
    bool given;
    char at[VALUE_MAX];
    size_t length;
};

/* Undo percent-encoding (WHATWG URL, 1.3). False: broken, empty, a control character, or too long for any value. */
static bool
decode(struct span text, struct value *value)
{
    if (value->given || text.length == 0)
        return false;
    value->given = true;
    for (size_t i = 0; i < text.length; i++) {
        int c = (unsigned char)text.at[i];
        if (c == '%') {
            c = hex_byte(text.at + i + 1, text.at + text.length);
            i += 2;
        }
        if (c < 0x20 || c == 0x7f || value->length == sizeof value->at)
            return false;
        value->at[value->length++] = (char)c;
    }
    return true;
}

static bool
read_pair(struct span pair, struct value values[QUERY_FIELD_COUNT])
{
    static const char *const names[QUERY_FIELD_COUNT] = { "site", "lang", "port" };
    const char *equals = memchr(pair.at, '=', pair.length);
    if (equals == NULL)
        return false;
    size_t length = (size_t)(equals - pair.at);
    for (int i = 0; i < QUERY_FIELD_COUNT; i++) {
        if (span_equal(span_of(pair.at, length), span_text(names[i])))
            return decode(span_of(equals + 1, pair.length - length - 1), &values[i]);
    }
    return false;
}

static bool
read_query(struct span query, struct value values[QUERY_FIELD_COUNT])
{
    for (size_t i = 0; i < query.length; i++) {
        size_t end = i;
        while (end < query.length && query.at[end] != '&')
            end++;
        if (!read_pair(span_of(query.at + i, end - i), values))
            return false;
        i = end;
    }
    return query.length == 0 || query.at[query.length - 1] != '&';
}

static bool
read_language(const struct value *value, enum language *language)
{
    return !value->given || (value->length == 2 && language_find(span_of(value->at, value->length), language));
}

static bool
read_port(const struct value *value, unsigned *port)
{
    *port = 0;
    for (size_t i = 0; i < value->length; i++) {
        if (value->at[i] < '0' || value->at[i] > '9' || value->length > 5)
            return false;
        *port = *port * 10 + (unsigned)(value->at[i] - '0');
    }
    return !value->given || (*port > 0 && *port <= PORT_MAX);
}

static const struct site_config *
find_site(const struct config *config, struct span name)
{
    const struct site_config *site = config_site(config, name);
    for (size_t i = 0; site == NULL && i < config->site_count; i++) {
        if (span_equal(span_text(config->sites[i].name), name))
            site = &config->sites[i];
    }
    return site;
}

static bool
is_one(const struct http_request *request, enum http_header_id id)
{
    return span_equal(http_request_header(request, id), SPAN_LITERAL("1"));
}

struct opt_out
opt_out_read(const struct config *config, const struct http_request *request)
{
    struct opt_out opt_out = { .status = 200,
                               .language = language_accepted(http_request_header(request, HTTP_ACCEPT_LANGUAGE)),
                               .has_signal = is_one(request, HTTP_SEC_GPC) || is_one(request, HTTP_DNT) };
    struct value values[QUERY_FIELD_COUNT] = { 0 };
    if (!read_query(request->query, values) || !read_language(&values[QUERY_LANG], &opt_out.language) ||
        !read_port(&values[QUERY_PORT], &opt_out.port)) {
        opt_out.status = 400;
    } else if (values[QUERY_SITE].given) {
        opt_out.site = find_site(config, span_of(values[QUERY_SITE].at, values[QUERY_SITE].length));
        opt_out.status = opt_out.site == NULL ? 404 : 200;
    }
    return opt_out;
}
