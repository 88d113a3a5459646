/* Users and the access log: the administrator's routes. A new password is hashed by a thread of the workers. */
#include "visit.h"

#include "../workers.h"
#include "outcome.h"
#include "page_account.h"
#include "sporlos/log.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* A form that was sent, on its way through a thread. */
struct change {
    struct worker_job job; /* first */
    struct dashboard *dashboard;
    struct http_exchange *exchange;
    enum language language;
    bool language_chosen;
    bool is_new; /* a new account, not only its password */
    char by[ACCOUNT_NAME_MAX];
    char name[QUERY_VALUE_MAX];
    enum role role;
    char sites[QUERY_VALUE_MAX * 2];
    char password[QUERY_VALUE_MAX];
    char hash[PASSWORD_HASH_MAX];
    enum sp_error hashed;
};

static const struct zone *
zone_of(const struct dashboard *dashboard)
{
    static const struct zone utc = { 0 };
    return dashboard->config->site_count > 0 ? &dashboard->config->sites[0].zone : &utc;
}

static void
show_users(struct visit *visit)
{
    struct html html = { 0 };
    struct table_page users = { &html, &visit->page, zone_of(visit->dashboard), 0 };
    visit->page.title = MESSAGE_USERS;
    visit->page.path = "/users";
    page_users_begin(&users, outcome_of(visit));
    enum sp_error error = accounts_list(visit->dashboard->accounts, page_users_row, &users);
    if (error != SP_OK) {
        html_fini(&html);
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
        return;
    }
    page_users_end(&users);
    answer_page(visit, 200, &html);
}

/* Lines or words of site names to keys; "" is all. False when one is no site's. */
static bool
read_sites(const struct config *config, const char *text, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (const char *at = text + strspn(text, " \t\r\n,"); *at != '\0';) {
        size_t length = strcspn(at, " \t\r\n,");
        const struct site_config *site = config_site(config, span_of(at, length));
        for (size_t i = 0; site == NULL && i < config->site_count; i++)
            if (span_equal(span_text(config->sites[i].name), span_of(at, length)))
                site = &config->sites[i];
        if (site == NULL || used + strlen(site->key) + 2 > size)
            return false;
        used += (size_t)snprintf(out + used, size - used, "%s%s", used == 0 ? "" : " ", site->key);
        at += length + strspn(at + length, " \t\r\n,");
    }
    if (used == 0)
        snprintf(out, size, "*");
    return true;
}

static enum message
message_of(enum sp_error error)
{
    switch ((int)error) {
    case SP_OK:
        return MESSAGE_DONE;
    case SP_REFUSED:
        return MESSAGE_USER_TAKEN;
    case SP_MALFORMED:
        return MESSAGE_USER_BAD;
    case SP_NOT_FOUND:
        return MESSAGE_USER_GONE;
    default:
        return MESSAGE_FAILED_LEDE;
    }
}

static void
hash_change(struct worker_job *job, void *own)
{
    struct change *change = (struct change *)(void *)job;
    (void)own;
    change->hashed = password_hash(span_text(change->password), change->hash);
    sodium_memzero(change->password, sizeof change->password);
}

static void
log_change(struct visit *visit, const char *by, const char *name)
{
    char place[ACCESS_PLACE_MAX];
    snprintf(place, sizeof place, "%.64s", name);
    visit_enter(visit, by, ENTRY_CHANGE, place);
}

static void
apply_change(struct worker_job *job, bool worked)
{
    struct change *change = (struct change *)(void *)job;
    struct accounts *accounts = change->dashboard->accounts;
    struct visit visit = { .dashboard = change->dashboard, .exchange = change->exchange };
    visit.page.language = change->language;
    visit.page.language_chosen = change->language_chosen;
    enum sp_error error = worked ? change->hashed : SP_UNAVAILABLE;
    if (error == SP_OK && change->is_new)
        error = accounts_add_hashed(accounts, change->name, change->role, change->sites, change->hash);
    else if (error == SP_OK)
        error = accounts_set_hash(accounts, change->name, change->hash);
    if (error == SP_OK)
        log_change(&visit, change->by, change->name);
    outcome_redirect(&visit, "/users", message_of(error));
    sodium_memzero(change, sizeof *change);
    free(change);
}

static void
hand_over(struct visit *visit, bool is_new, const char *name, enum role role, const char *sites)
{
    struct dashboard *dashboard = visit->dashboard;
    struct change *change = calloc(1, sizeof *change);
    if (change == NULL) {
        outcome_redirect(visit, "/users", MESSAGE_FAILED_LEDE);
        return;
    }
    *change = (struct change){ .job = { .work = hash_change, .done = apply_change },
                               .dashboard = dashboard,
                               .exchange = visit->exchange,
                               .language = visit->page.language,
                               .language_chosen = visit->page.language_chosen,
                               .is_new = is_new,
                               .role = role };
    snprintf(change->by, sizeof change->by, "%s", visit->account.name);
    snprintf(change->name, sizeof change->name, "%s", name);
    snprintf(change->sites, sizeof change->sites, "%s", sites);
    visit_field(visit, "password", change->password);
    if (dashboard->workers == NULL) {
        hash_change(&change->job, NULL);
        apply_change(&change->job, true);
    } else if (workers_submit(dashboard->workers, &change->job) != SP_OK) {
        sodium_memzero(change, sizeof *change);
        free(change);
        outcome_redirect(visit, "/users", MESSAGE_LOGIN_BUSY);
    }
}

/* Nobody locks himself out: then perhaps nobody could let anybody in. */
static bool
is_self(const struct visit *visit, const char *name)
{
    return strcmp(visit->account.name, name) == 0;
}

static void
change_role(struct visit *visit, const char *name, enum role role, const char *sites)
{
    enum message outcome = MESSAGE_USER_SELF;
    if (!is_self(visit, name) || role == ROLE_ADMINISTRATOR) {
        enum sp_error error = accounts_set_role(visit->dashboard->accounts, name, role, sites);
        outcome = message_of(error);
        if (error == SP_OK)
            log_change(visit, visit->account.name, name);
    }
    outcome_redirect(visit, "/users", outcome);
}

static void
remove_user(struct visit *visit, const char *name)
{
    enum message outcome = MESSAGE_USER_SELF;
    if (!is_self(visit, name)) {
        enum sp_error error = accounts_remove(visit->dashboard->accounts, name);
        outcome = message_of(error);
        if (error == SP_OK)
            log_change(visit, visit->account.name, name);
    }
    outcome_redirect(visit, "/users", outcome);
}

static void
change_users(struct visit *visit)
{
    char action[QUERY_VALUE_MAX], name[QUERY_VALUE_MAX], word[QUERY_VALUE_MAX], sites[QUERY_VALUE_MAX * 2];
    enum role role = ROLE_READER;
    visit_field(visit, "action", action);
    visit_field(visit, "name", name);
    visit_field(visit, "role", word);
    bool has_role = role_find(span_text(word), &role);
    visit_field(visit, "sites", word);
    bool has_sites = read_sites(visit->dashboard->config, word, sites, sizeof sites);
    bool needs_role = strcmp(action, "add") == 0 || strcmp(action, "change") == 0;
    if (!account_name_is_valid(span_text(name)) || (needs_role && !has_role))
        outcome_redirect(visit, "/users", MESSAGE_USER_BAD);
    else if (needs_role && !has_sites)
        outcome_redirect(visit, "/users", MESSAGE_USER_BAD_SITE);
    else if (strcmp(action, "add") == 0)
        hand_over(visit, true, name, role, sites);
    else if (strcmp(action, "password") == 0)
        hand_over(visit, false, name, role, "");
    else if (strcmp(action, "change") == 0)
        change_role(visit, name, role, sites);
    else if (strcmp(action, "remove") == 0)
        remove_user(visit, name);
    else
        outcome_redirect(visit, "/users", MESSAGE_USER_BAD);
}

void
route_users(struct visit *visit)
{
    if (visit_is_reading(visit))
        show_users(visit);
    else
        change_users(visit);
}

/* '?page=3'; 0 for what is no small number. */
static int64_t
page_number(const struct visit *visit)
{
    char text[QUERY_VALUE_MAX];
    if (query_value(visit->request->query, "page", text) != SP_OK || strlen(text) > 6 ||
        strspn(text, "0123456789") != strlen(text))
        return 0;
    return atoi(text);
}

void
route_access_log(struct visit *visit)
{
    struct html html = { 0 };
    struct table_page log = { &html, &visit->page, zone_of(visit->dashboard), 0 };
    int64_t number = page_number(visit);
    visit->page.title = MESSAGE_ACCESS_LOG;
    visit->page.path = "/access-log";
    page_access_log_begin(&log, visit->dashboard->config->aggregator.access_log_days);
    enum sp_error error = access_log_list(visit->dashboard->accounts, number * ACCESS_LOG_ROWS, ACCESS_LOG_ROWS + 1,
                                          page_access_log_row, &log);
    if (error != SP_OK) {
        html_fini(&html);
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
        return;
    }
    page_access_log_end(&log, number, log.count > ACCESS_LOG_ROWS);
    answer_page(visit, 200, &html);
}
