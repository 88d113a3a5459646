/* One's own account: who one is here, another password, and the end of all sessions. */
#include "errand.h"
#include "outcome.h"
#include "page_account.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* A new password on its way through a thread, which checks the old one before. */
struct own_change {
    struct errand errand; /* first */
    unsigned char network[LOGIN_NETWORK_BYTES];
    int64_t account;
    uint64_t stamp; /* of the password that is checked */
    char old_hash[PASSWORD_HASH_MAX];
    char old_password[QUERY_VALUE_MAX];
    char password[QUERY_VALUE_MAX];
    char hash[PASSWORD_HASH_MAX];
    bool matches;
    enum sp_error hashed;
};

static void
free_change(struct own_change *change)
{
    sodium_memzero(change, sizeof *change);
    free(change);
}

static void
show(struct visit *visit, int status, enum message outcome, const struct sent_form *sent)
{
    struct html html = { 0 };
    visit->page.title = MESSAGE_MY_ACCOUNT;
    visit->page.path = "/account";
    visit->page.sent = sent;
    page_own_render(&html, &visit->page, outcome, session_count(visit->dashboard->sessions, visit->account.id));
    answer_page(visit, status, &html);
}

static void
check_and_hash(struct worker_job *job, void *own)
{
    struct own_change *change = (struct own_change *)(void *)job;
    (void)own;
    change->matches = password_matches(change->old_hash, span_text(change->old_password));
    change->hashed = change->matches ? password_hash(span_text(change->password), change->hash) : SP_REFUSED;
    sodium_memzero(change->old_password, sizeof change->old_password);
    sodium_memzero(change->password, sizeof change->password);
}

/* All sessions end by the new stamp; whoever changed it goes on in a new one. */
static void
go_on(struct visit *visit, const struct own_change *change)
{
    struct dashboard *dashboard = visit->dashboard;
    char id[SESSION_ID_MAX];
    char cookie[SESSION_COOKIE_MAX];
    struct account account;
    session_end_account(dashboard->sessions, change->account);
    login_limit_succeeded(dashboard->limit, change->network, span_text(visit->account.name));
    visit_enter(visit, visit->account.name, ENTRY_CHANGE, visit->account.name);
    if (accounts_get(dashboard->accounts, change->account, &account) != SP_OK) {
        answer_redirect(visit, "/login", "");
        return;
    }
    session_begin(dashboard->sessions, (struct session_holder){ account.id, account.stamp }, id);
    session_cookie(dashboard->sessions, id, cookie);
    account_fini(&account);
    answer_redirect(visit, "/account?done=password", cookie);
    sodium_memzero(id, sizeof id);
    sodium_memzero(cookie, sizeof cookie);
}

static void
answer_change(struct visit *visit, const struct own_change *change)
{
    struct sent_form sent = { .action = "password" };
    enum sp_error error = accounts_get(visit->dashboard->accounts, change->account, &visit->account);
    if (error == SP_OK && visit->account.stamp != change->stamp)
        error = SP_NOT_FOUND; /* another changed it meanwhile: that ended this session */
    if (error == SP_NOT_FOUND) {
        answer_redirect(visit, "/login", "");
        return;
    }
    if (error == SP_OK && !change->matches) {
        visit->page.account = &visit->account;
        visit_enter(visit, visit->account.name, ENTRY_REFUSED, "");
        form_fault(&sent, "old", MESSAGE_PASSWORD_OLD_WRONG);
        show(visit, 422, MESSAGE_COUNT, &sent);
        return;
    }
    if (error == SP_OK)
        error = change->hashed;
    if (error == SP_OK)
        error = accounts_set_hash(visit->dashboard->accounts, visit->account.name, change->hash);
    if (error == SP_OK)
        go_on(visit, change);
    else
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_BUSY_LEDE);
}

static void
end_change(struct worker_job *job, bool worked)
{
    struct own_change *change = (struct own_change *)(void *)job;
    struct visit visit = errand_visit(&change->errand);
    if (worked)
        answer_change(&visit, change);
    else
        answer_error(&visit, 503, MESSAGE_BUSY, MESSAGE_BUSY_LEDE);
    account_fini(&visit.account);
    free_change(change);
}

static void
read_change(const struct visit *visit, struct own_change *change, struct sent_form *sent)
{
    char again[QUERY_VALUE_MAX];
    visit_field(visit, "old", change->old_password);
    visit_field(visit, "again", again);
    enum message fault = visit_password(visit, "password", change->password);
    if (change->old_password[0] == '\0')
        form_fault(sent, "old", MESSAGE_PASSWORD_OLD_MISSING);
    if (fault != MESSAGE_COUNT)
        form_fault(sent, "password", fault);
    else if (strcmp(change->password, change->old_password) == 0)
        form_fault(sent, "password", MESSAGE_PASSWORD_SAME);
    else if (strcmp(change->password, again) != 0)
        form_fault(sent, "again", MESSAGE_PASSWORD_DIFFERS);
    sodium_memzero(again, sizeof again);
}

static void
hand_over(struct visit *visit, struct own_change *change)
{
    if (errand_run(&change->errand) != SP_OK) {
        free_change(change);
        answer_error(visit, 503, MESSAGE_BUSY, MESSAGE_LOGIN_BUSY);
    }
}

/* The hash to check against, and leave to try: who has found an open browser guesses as slowly as at the log-in. */
static enum sp_error
begin_check(struct visit *visit, struct own_change *change, int64_t *wait_ms)
{
    struct account account;
    struct span name = span_text(visit->account.name);
    visit_network(visit, change->network);
    *wait_ms = login_limit_attempt(visit->dashboard->limit, change->network, name);
    if (*wait_ms > 0)
        return SP_OK;
    enum sp_error error = accounts_find(visit->dashboard->accounts, name, &account, change->old_hash);
    change->account = account.id;
    change->stamp = account.stamp;
    account_fini(&account);
    return error;
}

static void
change_password(struct visit *visit)
{
    struct own_change *change = calloc(1, sizeof *change);
    struct sent_form sent = { .action = "password" };
    int64_t wait_ms = 0;
    if (change == NULL) {
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_BUSY_LEDE);
        return;
    }
    change->errand = errand_of(visit, check_and_hash, end_change);
    read_change(visit, change, &sent);
    enum sp_error error = sent.count > 0 ? SP_OK : begin_check(visit, change, &wait_ms);
    if (sent.count == 0 && wait_ms == 0 && error == SP_OK) {
        hand_over(visit, change);
        return;
    }
    visit->wait_s = (wait_ms + 999) / 1000;
    if (error != SP_OK)
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_BUSY_LEDE);
    else if (wait_ms > 0)
        show(visit, 429, MESSAGE_PASSWORD_SLOW, NULL);
    else
        show(visit, 422, MESSAGE_COUNT, &sent);
    free_change(change);
}

static void
log_out_everywhere(struct visit *visit)
{
    char cookie[SESSION_COOKIE_MAX];
    session_end_account(visit->dashboard->sessions, visit->account.id);
    session_cookie(visit->dashboard->sessions, "", cookie);
    answer_redirect(visit, "/login", cookie);
}

void
route_own(struct visit *visit)
{
    char action[QUERY_VALUE_MAX];
    if (visit_is_reading(visit)) {
        show(visit, 200, outcome_of(visit), NULL);
        return;
    }
    visit_field(visit, "action", action);
    if (visit->page.by_proxy)
        answer_error(visit, 403, MESSAGE_FORBIDDEN, MESSAGE_MY_PROXY);
    else if (strcmp(action, "password") == 0)
        change_password(visit);
    else if (strcmp(action, "logout") == 0)
        log_out_everywhere(visit);
    else
        outcome_redirect(visit, "/account", MESSAGE_USER_UNKNOWN_FORM);
}
