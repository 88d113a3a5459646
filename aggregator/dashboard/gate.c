/* The gate: who is let through to which route, by the table of routes.c. */
#include "gate.h"

#include "../public_link.h"
#include "login_return.h"
#include "routes.h"
#include "sporlos/clock.h"
#include "visit.h"

#include <stdio.h>

/* 'GET, HEAD, POST' as the row allows. */
static const char *
allowed(const struct route *route)
{
    if (route->read == ACCESS_NOBODY)
        return "POST";
    return route->change == ACCESS_NOBODY ? "GET, HEAD" : "GET, HEAD, POST";
}

static void
stand_at_site(struct visit *visit, const struct site_config *site, const char *base, struct span suffix)
{
    visit->page.site = site;
    snprintf(visit->base, sizeof visit->base, "%s", base);
    snprintf(visit->path, sizeof visit->path, "%s%.*s", base, (int)suffix.length, suffix.at);
    visit->page.base = visit->base;
    visit->page.path = visit->path;
}

static struct span
suffix_of(const struct visit *visit)
{
    struct span path = visit->request->path;
    struct span subject = route_subject(path);
    const char *end = subject.at + subject.length;
    return span_of(end, path.length - (size_t)(end - path.at));
}

/* A site that is not one's own is answered as one that is not there. */
static bool
find_site(struct visit *visit)
{
    struct span key = route_subject(visit->request->path);
    const struct site_config *site = key.length == 0 ? NULL : config_site(visit->dashboard->config, key);
    if (site == NULL || !account_may_read(&visit->account, site->key))
        return false;
    char base[sizeof visit->base];
    snprintf(base, sizeof base, ROUTE_SITE "%s", site->key);
    stand_at_site(visit, site, base, suffix_of(visit));
    return true;
}

static bool
is_of_site(const struct route *route)
{
    return strncmp(route->pattern, ROUTE_SITE, strlen(ROUTE_SITE)) == 0;
}

/* Whoever may have the page; not for an address whose query nobody could have meant. */
static void
answer_route(struct visit *visit, const struct route *route)
{
    if (query_is_whole(visit->request->query))
        route->answer(visit);
    else
        answer_error(visit, 400, MESSAGE_BAD_ADDRESS, MESSAGE_BAD_ADDRESS_LEDE);
}

static void
enter(struct visit *visit, const struct route *route)
{
    if (is_of_site(route))
        visit_enter(visit, visit->account.name, ENTRY_SITE, visit->page.site->key);
    else if (route->read == ACCESS_ADMINISTER)
        visit_enter(visit, visit->account.name, ENTRY_ADMINISTRATION, "");
    answer_route(visit, route);
}

static void
send_to_login(struct visit *visit)
{
    char address[LOGIN_ADDRESS_MAX] = "/login";
    if (visit_is_reading(visit))
        login_return_address(visit->request->path, visit->request->query, address);
    answer_redirect(visit, address, "");
}

/* In this order, so that nobody learns of sites that are not his what a role would have let him do there. */
static void
pass_account(struct visit *visit, const struct route *route, enum access access)
{
    if (!visit->has_account)
        send_to_login(visit);
    else if (is_of_site(route) && !find_site(visit))
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
    else if (access == ACCESS_NOBODY)
        answer_method(visit, allowed(route));
    else if (!visit_may(visit, (enum permission)access))
        answer_error(visit, 403, MESSAGE_FORBIDDEN, MESSAGE_FORBIDDEN_LEDE);
    else if (!visit_is_reading(visit) &&
             !request_is_same_origin(visit->request, visit->dashboard->config->aggregator.public_url))
        answer_error(visit, 403, MESSAGE_FORBIDDEN, MESSAGE_FORM_FOREIGN);
    else
        enter(visit, route);
}

/* By a link: the site's own page, to read, as nobody. Its address is a secret, so that no answer may give it away. */
static void
pass_link(struct visit *visit)
{
    char site_key[LINK_SITE_MAX];
    const struct route *route = route_find_public(visit->request->path);
    struct span secret = route_subject(visit->request->path);
    const struct site_config *site = NULL;
    visit->kind = VISIT_LINK;
    if (route != NULL && public_link_find(visit->dashboard->accounts, secret, clock_wall_s(), site_key) == SP_OK)
        site = config_site(visit->dashboard->config, span_text(site_key));
    if (site == NULL) {
        answer_error(visit, 404, MESSAGE_LINK_GONE, MESSAGE_LINK_GONE_LEDE);
        return;
    }
    char base[sizeof visit->base];
    snprintf(base, sizeof base, ROUTE_LINK "%.*s", (int)secret.length, secret.at);
    stand_at_site(visit, site, base, suffix_of(visit));
    answer_route(visit, route);
}

void
gate_pass(struct visit *visit, const struct route *route)
{
    enum http_method method = visit->request->method;
    bool is_known = visit_is_reading(visit) || method == HTTP_POST;
    enum access access = !is_known ? ACCESS_NOBODY : visit_is_reading(visit) ? route->read : route->change;
    bool is_open = route->read == ACCESS_ANYBODY || route->change == ACCESS_ANYBODY;
    if (!is_open) {
        visit_find_account(visit);
        pass_account(visit, route, access);
    } else if (access == ACCESS_NOBODY) {
        answer_method(visit, allowed(route));
    } else if (strncmp(route->pattern, ROUTE_LINK, strlen(ROUTE_LINK)) == 0) {
        pass_link(visit);
    } else {
        answer_route(visit, route);
    }
}

void
gate_miss(struct visit *visit)
{
    visit_find_account(visit);
    answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
}
