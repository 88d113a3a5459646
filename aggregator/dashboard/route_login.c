/* Logging in and out. The password is checked by a thread of the workers. */
#include "errand.h"
#include "form.h"
#include "login_return.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

struct attempt {
    struct errand errand; /* first */
    unsigned char network[LOGIN_NETWORK_BYTES];
    unsigned char session[SESSION_KEY_BYTES]; /* the one it was sent with, which ends if this succeeds */
    char name[QUERY_VALUE_MAX];
    char password[QUERY_VALUE_MAX];
    char to[QUERY_VALUE_MAX]; /* where it leads; empty: to the beginning */
    char hash[PASSWORD_HASH_MAX];
    struct account account; /* only where found is SP_OK */
    enum sp_error found;
    bool matches;
};

static void
free_attempt(struct attempt *attempt)
{
    account_fini(&attempt->account);
    sodium_memzero(attempt, sizeof *attempt);
    free(attempt);
}

enum { MINUTE_S = 60 };

/* What the form of the log-in says again. Borrowed. */
struct login_form {
    const char *name; /* as it was typed; "": nothing was */
    const char *to;   /* the page that it leads to; "": none */
};

/* Could it be a user's? What may be an address is not given back: it would stay in memory with the page (privacy.md).
 */
static bool
may_be_given_back(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    return account_name_is_valid(span_text(name)) && strpbrk(name, letters) != NULL;
}

static void
answer_login(struct visit *visit, int status, enum message problem, struct login_form form)
{
    struct html html = { 0 };
    bool by_minute = problem == MESSAGE_LOGIN_SLOW && visit->wait_s >= 2 * MINUTE_S;
    int64_t number = by_minute ? (visit->wait_s + MINUTE_S - 1) / MINUTE_S : visit->wait_s;
    visit->page.title = MESSAGE_LOGIN;
    visit->page.path = "/login";
    visit->page.parameter_name = form.to[0] == '\0' ? NULL : "to";
    visit->page.parameter = form.to;
    page_login_render(&html, &visit->page, by_minute ? MESSAGE_LOGIN_SLOW_MINUTES : problem, number,
                      may_be_given_back(form.name) ? form.name : "");
    answer_page(visit, status, &html);
}

static void
let_in(struct visit *visit, const struct attempt *attempt)
{
    struct dashboard *dashboard = visit->dashboard;
    char id[SESSION_ID_MAX];
    char cookie[SESSION_COOKIE_MAX];
    login_limit_succeeded(dashboard->limit, attempt->network, span_text(attempt->name));
    session_end_key(dashboard->sessions, attempt->session);
    session_begin(dashboard->sessions, (struct session_holder){ attempt->account.id, attempt->account.stamp }, id);
    session_cookie(dashboard->sessions, id, cookie);
    visit_enter(visit, attempt->account.name, ENTRY_LOGIN, "");
    visit->page.language_chosen = visit->page.language_chosen && strstr(attempt->to, "lang=") == NULL;
    answer_redirect(visit, attempt->to[0] == '\0' ? "/" : attempt->to, cookie);
    sodium_memzero(id, sizeof id);
    sodium_memzero(cookie, sizeof cookie);
}

static void
check_attempt(struct worker_job *job, void *own)
{
    struct attempt *attempt = (struct attempt *)(void *)job;
    (void)own;
    attempt->matches = password_matches(attempt->hash, span_text(attempt->password));
    sodium_memzero(attempt->password, sizeof attempt->password);
}

static void
answer_attempt(struct worker_job *job, bool worked)
{
    struct attempt *attempt = (struct attempt *)(void *)job;
    struct visit visit = errand_visit(&attempt->errand);
    if (!worked || (attempt->found != SP_OK && attempt->found != SP_REFUSED)) {
        answer_error(&visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
    } else if (attempt->found == SP_OK && attempt->matches) {
        let_in(&visit, attempt);
    } else {
        answer_login(&visit, 401, MESSAGE_LOGIN_WRONG, (struct login_form){ attempt->name, attempt->to });
        if (attempt->found == SP_OK) /* behind the answer, or its time would tell that there is such an account */
            visit_enter(&visit, attempt->account.name, ENTRY_REFUSED, "");
    }
    free_attempt(attempt);
}

static struct attempt *
new_attempt(struct visit *visit)
{
    struct dashboard *dashboard = visit->dashboard;
    struct attempt *attempt = calloc(1, sizeof *attempt);
    if (attempt == NULL)
        return NULL;
    attempt->errand = errand_of(visit, check_attempt, answer_attempt);
    visit_network(visit, attempt->network);
    session_key(dashboard->sessions, visit->request, attempt->session);
    visit_field(visit, "name", attempt->name);
    visit_field(visit, "password", attempt->password);
    visit_field(visit, "to", attempt->to);
    if (!login_return_is_ours(attempt->to))
        attempt->to[0] = '\0';
    return attempt;
}

static void
hand_over(struct visit *visit, struct attempt *attempt)
{
    attempt->found =
        accounts_find(visit->dashboard->accounts, span_text(attempt->name), &attempt->account, attempt->hash);
    if (errand_run(&attempt->errand) != SP_OK) {
        answer_login(visit, 503, MESSAGE_LOGIN_BUSY, (struct login_form){ attempt->name, attempt->to });
        free_attempt(attempt);
    }
}

/* What is empty costs no attempt. */
static bool
is_filled(struct visit *visit, const struct attempt *attempt)
{
    struct sent_form sent = { .action = "login" };
    if (attempt->name[0] == '\0')
        form_fault(&sent, "name", MESSAGE_NAME_MISSING);
    if (attempt->password[0] == '\0')
        form_fault(&sent, "password", MESSAGE_PASSWORD_MISSING);
    if (sent.count == 0)
        return true;
    visit->page.sent = &sent;
    answer_login(visit, 422, MESSAGE_COUNT, (struct login_form){ attempt->name, attempt->to });
    visit->page.sent = NULL;
    return false;
}

static void
try_login(struct visit *visit)
{
    struct attempt *attempt = new_attempt(visit);
    int64_t wait_ms = 0;
    if (attempt != NULL && !is_filled(visit, attempt)) {
        free_attempt(attempt);
        return;
    }
    if (attempt != NULL)
        wait_ms = login_limit_attempt(visit->dashboard->limit, attempt->network, span_text(attempt->name));
    if (attempt == NULL) {
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
    } else if (wait_ms > 0) {
        visit->wait_s = (wait_ms + 999) / 1000;
        answer_login(visit, 429, MESSAGE_LOGIN_SLOW, (struct login_form){ attempt->name, attempt->to });
        free_attempt(attempt);
    } else {
        hand_over(visit, attempt);
    }
}

void
route_login(struct visit *visit)
{
    char to[QUERY_VALUE_MAX];
    if (query_value(visit->request->query, "to", to) != SP_OK || !login_return_is_ours(to))
        to[0] = '\0';
    if (visit_is_reading(visit))
        answer_login(visit, 200, MESSAGE_COUNT, (struct login_form){ "", to });
    else if (!request_is_same_origin(visit->request, visit->dashboard->config->aggregator.public_url))
        answer_login(visit, 403, MESSAGE_LOGIN_FOREIGN, (struct login_form){ "", "" });
    else
        try_login(visit);
}

void
route_logout(struct visit *visit)
{
    char cookie[SESSION_COOKIE_MAX];
    if (!request_is_same_origin(visit->request, visit->dashboard->config->aggregator.public_url)) {
        answer_error(visit, 403, MESSAGE_LOGOUT, MESSAGE_LOGIN_FOREIGN);
        return;
    }
    session_end(visit->dashboard->sessions, visit->request);
    session_cookie(visit->dashboard->sessions, "", cookie);
    answer_redirect(visit, "/login", cookie);
}
