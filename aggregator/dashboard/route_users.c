/* Users: the administrator's. A new password is hashed by a thread of the workers. */
#include "errand.h"

#include "../site_choice.h"
#include "outcome.h"
#include "page_account.h"
#include "sporlos/log.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* A form that was sent, on its way through a thread. */
struct change {
    struct errand errand; /* first */
    bool is_new;          /* a new account, not only its password */
    char by[ACCOUNT_NAME_MAX];
    char name[QUERY_VALUE_MAX];
    enum role role;
    char *sites; /* owned */
    char password[QUERY_VALUE_MAX];
    char hash[PASSWORD_HASH_MAX];
    enum sp_error hashed;
};

static void
free_change(struct change *change)
{
    free(change->sites);
    sodium_memzero(change, sizeof *change);
    free(change);
}

/* sent: the form for a new user that is given back; NULL: none. */
static void
show_users(struct visit *visit, const struct sent_form *sent)
{
    struct html html = { 0 };
    struct table_page users = { .html = &html, .page = &visit->page };
    visit->page.title = MESSAGE_USERS;
    visit->page.path = "/users";
    visit->page.sent = sent;
    page_users_begin(&users, sent == NULL ? outcome_of(visit) : MESSAGE_COUNT);
    enum sp_error error = accounts_list(visit->dashboard->accounts, page_users_row, &users);
    if (error != SP_OK) {
        html_fini(&html);
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
        return;
    }
    page_users_end(&users);
    answer_page(visit, sent == NULL ? 200 : 422, &html);
}

/* The page of one user, with the form that is given back. */
static void
show_user(struct visit *visit, const struct account *account, const struct sent_form *sent)
{
    struct html html = { 0 };
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)account->id);
    visit->page.title = MESSAGE_USERS;
    visit->page.path = "/users";
    visit->page.parameter_name = "id";
    visit->page.parameter = id;
    visit->page.sent = sent;
    page_user_render(&html, &visit->page, account);
    answer_page(visit, sent == NULL ? 200 : 422, &html);
}

/* '?id=7' */
static void
show_user_of(struct visit *visit, const char *text)
{
    struct account account;
    size_t length = strlen(text);
    bool is_number = length > 0 && length < 19 && strspn(text, "0123456789") == length;
    if (!is_number || accounts_get(visit->dashboard->accounts, atoll(text), &account) != SP_OK) {
        outcome_redirect(visit, "/users", MESSAGE_USER_GONE);
        return;
    }
    if (account.id == visit->account.id)
        answer_redirect(visit, "/account", "");
    else
        show_user(visit, &account, NULL);
    account_fini(&account);
}

/* ---- what was sent ---- */

/* A change as a form asks for it. */
struct wish {
    struct sent_form sent;
    char name[QUERY_VALUE_MAX];
    enum role role;
    char *sites; /* owned; as accounts.h keeps them */
};

static void
read_name(const struct visit *visit, struct wish *wish)
{
    visit_field(visit, "name", wish->name);
    if (wish->name[0] == '\0')
        form_fault(&wish->sent, "name", MESSAGE_NAME_MISSING);
    else if (strlen(wish->name) >= ACCOUNT_NAME_MAX)
        form_fault(&wish->sent, "name", MESSAGE_NAME_LONG);
    else if (!account_name_is_valid(span_text(wish->name)))
        form_fault(&wish->sent, "name", MESSAGE_NAME_LETTERS);
}

static void
read_role(const struct visit *visit, struct wish *wish)
{
    char word[QUERY_VALUE_MAX];
    visit_field(visit, "role", word);
    if (!role_find(span_text(word), &wish->role))
        form_fault(&wish->sent, "role", MESSAGE_ROLE_MISSING);
}

/* had: the account's sites so far, which may name one that the configuration has no more; NULL: a new account. */
static void
read_sites(const struct visit *visit, struct wish *wish, const struct account *had)
{
    struct site_choice choice = { .config = visit->dashboard->config, .had = had == NULL ? "" : had->sites };
    char key[QUERY_VALUE_MAX];
    enum sp_error error;
    for (struct span rest = visit->request->body; (error = query_next(&rest, "site", key)) != SP_NOT_FOUND;)
        site_choice_add(&choice, error == SP_OK ? key : "");
    static const enum message messages[SITE_CHOICE_FAULTS] = { [SITES_NONE] = MESSAGE_SITES_MISSING,
                                                               [SITES_BOTH] = MESSAGE_SITES_BOTH,
                                                               [SITES_UNKNOWN] = MESSAGE_SITES_UNKNOWN,
                                                               [SITES_ADMINISTRATOR] = MESSAGE_SITES_ADMINISTRATOR };
    enum site_choice_fault fault = site_choice_end(&choice, wish->role, &wish->sites);
    if (fault == SITES_NO_MEMORY)
        form_fault(&wish->sent, "site", MESSAGE_FAILED_LEDE);
    else if (fault != SITES_GOOD)
        form_fault(&wish->sent, "site", messages[fault]);
}

/* ---- passwords ---- */

static enum message
message_of(enum sp_error error)
{
    switch ((int)error) {
    case SP_OK:
        return MESSAGE_DONE;
    case SP_REFUSED:
        return MESSAGE_USER_TAKEN;
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
    struct visit visit = errand_visit(&change->errand);
    struct accounts *accounts = visit.dashboard->accounts;
    enum sp_error error = worked ? change->hashed : SP_UNAVAILABLE;
    if (error == SP_OK && change->is_new)
        error = accounts_add_hashed(accounts, change->name, change->role, change->sites, change->hash);
    else if (error == SP_OK)
        error = accounts_set_hash(accounts, change->name, change->hash);
    if (error == SP_OK)
        log_change(&visit, change->by, change->name);
    outcome_redirect(&visit, "/users", message_of(error));
    free_change(change);
}

/* password: of the right length; taken over, and wiped where it was. */
static void
hand_over(struct visit *visit, bool is_new, struct wish *wish, char password[QUERY_VALUE_MAX])
{
    struct change *change = calloc(1, sizeof *change);
    if (change == NULL) {
        outcome_redirect(visit, "/users", MESSAGE_FAILED_LEDE);
        return;
    }
    *change = (struct change){ .errand = errand_of(visit, hash_change, apply_change),
                               .is_new = is_new,
                               .role = wish->role,
                               .sites = wish->sites };
    wish->sites = NULL;
    snprintf(change->by, sizeof change->by, "%s", visit->account.name);
    snprintf(change->name, sizeof change->name, "%s", wish->name);
    memcpy(change->password, password, QUERY_VALUE_MAX);
    if (errand_run(&change->errand) != SP_OK) {
        free_change(change);
        outcome_redirect(visit, "/users", MESSAGE_LOGIN_BUSY);
    }
}

/* Nobody locks himself out: then perhaps nobody could let anybody in. */
static bool
is_self(const struct visit *visit, const char *name)
{
    return strcmp(visit->account.name, name) == 0;
}

static bool
is_taken(const struct visit *visit, const char *name)
{
    struct account account;
    char hash[PASSWORD_HASH_MAX];
    bool taken = accounts_find(visit->dashboard->accounts, span_text(name), &account, hash) == SP_OK;
    account_fini(&account);
    return taken;
}

static void
add_user(struct visit *visit, struct wish *wish)
{
    char password[QUERY_VALUE_MAX];
    read_name(visit, wish);
    if (wish->sent.count == 0 && is_taken(visit, wish->name))
        form_fault(&wish->sent, "name", MESSAGE_USER_TAKEN);
    read_role(visit, wish);
    read_sites(visit, wish, NULL);
    enum message fault = visit_password(visit, "password", password);
    if (fault != MESSAGE_COUNT)
        form_fault(&wish->sent, "password", fault);
    if (wish->sent.count > 0)
        show_users(visit, &wish->sent);
    else
        hand_over(visit, true, wish, password);
    sodium_memzero(password, sizeof password);
}

static void
change_role(struct visit *visit, struct wish *wish, const struct account *account)
{
    read_role(visit, wish);
    read_sites(visit, wish, account);
    if (is_self(visit, wish->name) && wish->role != ROLE_ADMINISTRATOR)
        form_fault(&wish->sent, "role", MESSAGE_USER_SELF);
    if (wish->sent.count > 0) {
        show_user(visit, account, &wish->sent);
        return;
    }
    enum sp_error error = accounts_set_role(visit->dashboard->accounts, wish->name, wish->role, wish->sites);
    if (error == SP_OK)
        log_change(visit, visit->account.name, wish->name);
    outcome_redirect(visit, "/users", message_of(error));
}

static void
change_password(struct visit *visit, struct wish *wish, const struct account *account)
{
    char password[QUERY_VALUE_MAX];
    enum message fault = visit_password(visit, "password", password);
    if (fault != MESSAGE_COUNT) {
        form_fault(&wish->sent, "password", fault);
        show_user(visit, account, &wish->sent);
    } else {
        hand_over(visit, false, wish, password);
    }
    sodium_memzero(password, sizeof password);
}

typedef void change_account(struct visit *visit, struct wish *wish, const struct account *account);

static void
change_of(struct visit *visit, struct wish *wish, change_account *change)
{
    struct account account;
    char hash[PASSWORD_HASH_MAX];
    visit_field(visit, "name", wish->name);
    enum sp_error error = accounts_find(visit->dashboard->accounts, span_text(wish->name), &account, hash);
    if (error == SP_OK)
        change(visit, wish, &account);
    else
        outcome_redirect(visit, "/users", error == SP_REFUSED ? MESSAGE_USER_GONE : MESSAGE_FAILED_LEDE);
    account_fini(&account);
}

static void
remove_user(struct visit *visit, struct wish *wish, const struct account *account)
{
    (void)account;
    enum message outcome = MESSAGE_USER_SELF;
    if (!is_self(visit, wish->name)) {
        enum sp_error error = accounts_remove(visit->dashboard->accounts, wish->name);
        outcome = message_of(error);
        if (error == SP_OK)
            log_change(visit, visit->account.name, wish->name);
    }
    outcome_redirect(visit, "/users", outcome);
}

static void
change_users(struct visit *visit)
{
    static const struct {
        const char *action;
        change_account *change; /* NULL: of no account that is there */
    } changes[] = {
        { "add", NULL }, { "change", change_role }, { "password", change_password }, { "remove", remove_user }
    };
    char action[QUERY_VALUE_MAX];
    struct wish wish = { .sent = { .body = visit->request->body }, .role = ROLE_READER };
    visit_field(visit, "action", action);
    size_t i = 0;
    while (i < sizeof changes / sizeof changes[0] && strcmp(changes[i].action, action) != 0)
        i++;
    if (i == sizeof changes / sizeof changes[0]) {
        outcome_redirect(visit, "/users", MESSAGE_USER_UNKNOWN_FORM);
        return;
    }
    wish.sent.action = changes[i].action;
    if (changes[i].change == NULL)
        add_user(visit, &wish);
    else
        change_of(visit, &wish, changes[i].change);
    free(wish.sites);
}

void
route_users(struct visit *visit)
{
    char id[QUERY_VALUE_MAX];
    if (!visit_is_reading(visit))
        change_users(visit);
    else if (query_value(visit->request->query, "id", id) == SP_OK)
        show_user_of(visit, id);
    else
        show_users(visit, NULL);
}
