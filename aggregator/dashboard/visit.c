#include "visit.h"

#include "sporlos/client_address.h"
#include "sporlos/clock.h"
#include "sporlos/log.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* ---- answers ---- */

static void
write_link_headers(struct html *headers)
{
    html_raw(headers, PAGE_HEADERS POLICY_BEFORE_FRAMES "'none'\r\n"
                                                        "X-Content-Type-Options: nosniff\r\n"
                                                        "X-Robots-Tag: noindex, nofollow, noarchive\r\n"
                                                        "Referrer-Policy: no-referrer\r\n"
                                                        "Cross-Origin-Opener-Policy: same-origin\r\n"
                                                        "Cross-Origin-Resource-Policy: same-origin\r\n");
}

/* The configuration lets no space, quote, comma or semicolon into an origin. */
static void
write_embed_headers(struct html *headers, const struct site_config *site)
{
    html_raw(headers, PAGE_HEADERS POLICY_BEFORE_FRAMES);
    for (size_t i = 0; i < site->embed.count; i++) {
        html_literal(headers, site->embed.items[i], strlen(site->embed.items[i]));
        html_raw(headers, " ");
    }
    html_raw(headers, "\r\nX-Content-Type-Options: nosniff\r\n"
                      "X-Robots-Tag: noindex, nofollow, noarchive\r\n"
                      "Referrer-Policy: no-referrer\r\n"
                      "Cross-Origin-Resource-Policy: cross-origin\r\n");
}

static void
write_page_headers(struct html *headers, const struct visit *visit)
{
    if (visit->kind == VISIT_EMBED && visit->page.site != NULL)
        write_embed_headers(headers, visit->page.site);
    else if (visit->kind != VISIT_ACCOUNT)
        write_link_headers(headers);
    else
        html_raw(headers, PAGE_HEADERS "Vary: Cookie, Accept-Language\r\n" OTHER_SECURITY_HEADERS);
    if (visit->kind == VISIT_ACCOUNT && visit->page.script != NULL)
        html_raw(headers, POLICY_WITH_SCRIPT);
    else if (visit->kind == VISIT_ACCOUNT)
        html_raw(headers, POLICY_BEFORE_FRAMES "'none'\r\n");
    if (visit->allowed != NULL) {
        html_raw(headers, "Allow: ");
        html_literal(headers, visit->allowed, strlen(visit->allowed));
        html_raw(headers, "\r\n");
    }
    if (visit->wait_s > 0) {
        html_raw(headers, "Retry-After: ");
        html_integer(headers, visit->wait_s);
        html_raw(headers, "\r\n");
    }
    if (visit->retry_s == 0)
        return;
    html_raw(headers, "Refresh: ");
    html_integer(headers, visit->retry_s);
    html_raw(headers, "\r\n");
}

void
answer_page(struct visit *visit, int status, struct html *html)
{
    struct html headers = { 0 };
    write_page_headers(&headers, visit);
    if (html->failed || headers.failed)
        answer_without_memory(visit->exchange, visit->page.language);
    else
        http_respond(visit->exchange, status, span_of(headers.at, headers.length), span_of(html->at, html->length));
    html_fini(&headers);
    html_fini(html);
}

void
answer_error(struct visit *visit, int status, enum message title, enum message lede)
{
    struct html html = { 0 };
    visit->page.title = title;
    visit->page.site = NULL;
    visit->page.base = NULL;
    visit->page.path = NULL;
    page_error_render(&html, &visit->page, title, lede);
    answer_page(visit, status, &html);
}

void
answer_redirect(struct visit *visit, const char *path, const char *cookie)
{
    char headers[HEADERS_MAX];
    int length =
        snprintf(headers, sizeof headers, "Location: %s%s%s\r\n%sCache-Control: no-store\r\n" SECURITY_HEADERS, path,
                 !visit->page.language_chosen ? ""
                 : strchr(path, '?') == NULL  ? "?lang="
                                              : "&lang=",
                 visit->page.language_chosen ? language_tag(visit->page.language) : "", cookie);
    if (length > 0 && (size_t)length < sizeof headers)
        http_respond(visit->exchange, 303, span_of(headers, (size_t)length), SPAN_LITERAL(""));
    else
        answer_error(visit, 500, MESSAGE_FAILED, MESSAGE_BUSY_LEDE);
}

void
answer_method(struct visit *visit, const char *allowed)
{
    visit->allowed = allowed;
    answer_error(visit, 405, MESSAGE_METHOD, MESSAGE_METHOD_LEDE);
}

void
answer_without_memory(struct http_exchange *exchange, enum language language)
{
    char text[1024];
    int length = snprintf(text, sizeof text,
                          "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s – Sporløs</title>"
                          "</head><body><h1>%s</h1><p>%s</p></body></html>\n",
                          language_tag(language), message_text(MESSAGE_BUSY, language),
                          message_text(MESSAGE_BUSY, language), message_text(MESSAGE_BUSY_LEDE, language));
    http_respond(exchange, 503, SPAN_LITERAL(PAGE_HEADERS SECURITY_HEADERS), span_of(text, (size_t)length));
}

/* ---- the request ---- */

/* Names, and the secret of a link. */
void
visit_free(struct visit *visit)
{
    account_fini(&visit->account);
    sodium_memzero(visit, sizeof *visit);
    free(visit);
}

bool
visit_is_reading(const struct visit *visit)
{
    return visit->request->method == HTTP_GET || visit->request->method == HTTP_HEAD;
}

bool
visit_may(const struct visit *visit, enum permission permission)
{
    return visit->has_account && role_may(visit->account.role, permission);
}

void
visit_field(const struct visit *visit, const char *name, char out[QUERY_VALUE_MAX])
{
    if (query_value(visit->request->body, name, out) != SP_OK)
        out[0] = '\0';
}

_Static_assert((int)PASSWORD_MAX < (int)QUERY_VALUE_MAX, "a form can carry every password");

enum message
visit_password(const struct visit *visit, const char *name, char out[QUERY_VALUE_MAX])
{
    enum sp_error error = query_value(visit->request->body, name, out);
    if (error == SP_OK)
        error = password_check(span_text(out));
    if (error == SP_TOO_LONG)
        return MESSAGE_PASSWORD_LONG;
    if (error != SP_OK)
        return out[0] == '\0' ? MESSAGE_PASSWORD_MISSING : MESSAGE_PASSWORD_SHORT;
    return MESSAGE_COUNT;
}

void
visit_enter(struct visit *visit, const char *account, enum entry_kind kind, const char *place)
{
    struct dashboard *dashboard = visit->dashboard;
    enum sp_error error =
        access_log_enter(dashboard->access_log, dashboard->accounts, account, kind, place, clock_wall_s());
    if (error != SP_OK)
        LOG(LOG_WARNING, "access_log_not_written", { "error", error });
}

/* ---- who asks ---- */

static struct network
peer_of(const struct visit *visit)
{
    struct network network;
    memcpy(&network, http_exchange_peer(visit->exchange), sizeof network);
    return network;
}

void
visit_network(const struct visit *visit, unsigned char out[LOGIN_NETWORK_BYTES])
{
    const struct config *config = visit->dashboard->config;
    struct network network = peer_of(visit);
    memset(out, 0, LOGIN_NETWORK_BYTES);
    if (network.trusted) {
        /* It speaks for others: where it does not say for whom, nothing is known. */
        struct span forwarded = http_request_header(visit->request, HTTP_X_FORWARDED_FOR);
        network = (struct network){ .family = NETWORK_NONE };
        if (forwarded.at != NULL && client_address_forwarded(forwarded, config->aggregator.trusted_proxies,
                                                             config->aggregator.trusted_proxy_count, &network) != SP_OK)
            network = (struct network){ .family = NETWORK_NONE };
    }
    if (network.family == NETWORK_NONE)
        return;
    out[0] = network.family;
    memcpy(out + 1, &network.prefix, sizeof network.prefix);
}

/* The name in the header of that name; empty unless it is there exactly once. */
static struct span
header_once(const struct http_request *request, const char *name)
{
    struct span value = { NULL, 0 };
    unsigned count = 0;
    for (unsigned i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->header[i];
        if (header->name.length == strlen(name) && strncasecmp(header->name.at, name, header->name.length) == 0) {
            value = header->value;
            count++;
        }
    }
    return count == 1 ? value : (struct span){ NULL, 0 };
}

static bool
find_proxy_account(struct visit *visit)
{
    const char *header = visit->dashboard->config->aggregator.trusted_user_header;
    char hash[PASSWORD_HASH_MAX];
    if (header == NULL || !peer_of(visit).trusted)
        return false;
    struct span name = header_once(visit->request, header);
    if (name.length == 0 || accounts_find(visit->dashboard->accounts, name, &visit->account, hash) != SP_OK)
        return false;
    visit->page.by_proxy = true;
    visit_enter(visit, visit->account.name, ENTRY_PROXY, "");
    return true;
}

static bool
find_session_account(struct visit *visit)
{
    struct session_holder holder;
    if (session_find(visit->dashboard->sessions, visit->request, &holder) != SP_OK ||
        accounts_get(visit->dashboard->accounts, holder.account, &visit->account) != SP_OK)
        return false;
    if (visit->account.stamp == holder.stamp)
        return true;
    account_fini(&visit->account); /* the password was changed since */
    return false;
}

void
visit_find_account(struct visit *visit)
{
    visit->has_account = find_proxy_account(visit) || find_session_account(visit);
    if (visit->has_account)
        visit->page.account = &visit->account;
}
