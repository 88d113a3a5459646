/* Users and the access log: what only an administrator sees. */
#include "page_account.h"

static const struct form_choice roles[ROLE_COUNT] = { { "reader", MESSAGE_ROLE_READER },
                                                      { "editor", MESSAGE_ROLE_EDITOR },
                                                      { "administrator", MESSAGE_ROLE_ADMINISTRATOR } };

enum message
page_role(enum role role)
{
    return roles[role].label;
}

static void
write_title(struct html *html, const struct page *page, enum message title)
{
    html_raw(html, "<div class=\"head\"><h1 id=\"title\" class=\"ds-heading\" data-size=\"sm\">");
    html_message(html, page->language, title);
    html_raw(html, "</h1></div>");
}

/* ---- the list ---- */

void
page_users_begin(struct table_page *users, enum message outcome)
{
    static const enum message columns[] = { MESSAGE_USER, MESSAGE_ROLE, MESSAGE_USER_SITES, MESSAGE_CHANGE_VERB };
    struct html *html = users->html;
    const struct page *page = users->page;
    page_begin(html, page);
    write_title(html, page, MESSAGE_USERS);
    form_outcome(html, page, outcome);
    form_faults(html, page);
    html_raw(html, "<section class=\"ds-card wide\" aria-labelledby=\"title\"><p class=\"small\">");
    page_say(html, page, USERS_LEDE);
    html_raw(html, "</p>");
    page_table_begin(html, page, "list", "title", columns, sizeof columns / sizeof columns[0]);
}

/* With commas between; a site that has left the configuration keeps its key. */
void
page_account_sites(struct html *html, const struct page *page, const struct account *account)
{
    size_t count = 0;
    if (account->role == ROLE_ADMINISTRATOR || strcmp(account->sites, "*") == 0) {
        page_say(html, page, ALL_SITES);
        return;
    }
    for (const char *at = account->sites; *at != '\0';) {
        struct span key = account_next_site(&at);
        const struct site_config *site = config_site(page->config, key);
        html_text(html, count++ == 0 ? "" : ", ");
        html_span(html, site == NULL ? key : span_text(site->name));
    }
    if (count == 0)
        page_say(html, page, USER_NO_SITES);
}

static bool
is_reader(const struct page *page, const struct account *account)
{
    return page->account != NULL && account->id == page->account->id;
}

/* One's own account is changed where everybody changes his. */
static void
write_change_link(struct html *html, const struct page *page, const struct account *account)
{
    html_raw(html, "<a class=\"ds-link\" href=\"");
    if (is_reader(page, account)) {
        html_raw(html, "/account");
    } else {
        html_raw(html, "/users?id=");
        html_integer(html, account->id);
    }
    page_language(html, page, is_reader(page, account));
    html_raw(html, "\">");
    if (is_reader(page, account)) {
        page_say(html, page, MY_ACCOUNT);
    } else {
        page_say(html, page, CHANGE_VERB);
        html_raw(html, "<span class=\"ds-sr-only\"> ");
        html_text(html, account->name);
        html_raw(html, "</span>");
    }
    html_raw(html, "</a>");
}

void
page_users_row(void *context, const struct account *account)
{
    struct table_page *users = context;
    struct html *html = users->html;
    const struct page *page = users->page;
    users->count++;
    html_raw(html, "<tr><th scope=\"row\">");
    html_text(html, account->name);
    if (is_reader(page, account)) {
        html_raw(html, " <span class=\"ds-tag\" data-color=\"neutral\">");
        page_say(html, page, USER_IS_YOU);
        html_raw(html, "</span>");
    }
    html_raw(html, "</th>");
    table_cell(users, MESSAGE_ROLE);
    html_message(html, page->language, page_role(account->role));
    html_raw(html, "</td>");
    table_cell(users, MESSAGE_USER_SITES);
    page_account_sites(html, page, account);
    html_raw(html, "</td>");
    table_cell(users, MESSAGE_COUNT);
    write_change_link(html, page, account);
    html_raw(html, "</td></tr>");
}

/* ---- forms ---- */

static bool
has_site(const struct account *account, const struct site_config *site)
{
    return account != NULL && account->role != ROLE_ADMINISTRATOR && strcmp(account->sites, "*") != 0 &&
           account_may_read(account, site->key);
}

/* Sites that the account has and the configuration has not: they are neither kept nor dropped unseen. */
static void
write_gone_sites(const struct form *form, const struct account *account)
{
    for (const char *at = account->sites; *at != '\0';) {
        struct span key = account_next_site(&at);
        struct html label = { 0 };
        char value[SITE_NAME_MAX];
        if (key.length >= sizeof value || span_equal(key, SPAN_LITERAL("*")) ||
            config_site(form->page->config, key) != NULL)
            continue;
        memcpy(value, key.at, key.length);
        value[key.length] = '\0';
        html_message_text(&label, form->page->language, MESSAGE_USER_SITE_GONE, key);
        html_raw(form->html, "<li>");
        form_box(form, &(struct form_box){ "site", value, span_of(label.at, label.length), false, true });
        html_raw(form->html, "</li>");
        html_fini(&label);
    }
}

/* All of them is a choice of its own, never what is left when none is made. account: NULL for a new one. */
static void
write_sites(const struct form *form, const struct account *account)
{
    struct html *html = form->html;
    const struct config *config = form->page->config;
    bool has_all = account != NULL && account->role != ROLE_ADMINISTRATOR && strcmp(account->sites, "*") == 0;
    form_boxes_begin(form, "site", MESSAGE_USER_SITES, MESSAGE_USER_SITES_HELP);
    struct form_box box = { "site", "*", span_text(message_text(MESSAGE_ALL_SITES, form->page->language)), true,
                            has_all };
    form_box(form, &box);
    html_raw(html, "<ul class=\"boxes\">");
    for (size_t i = 0; i < config->site_count; i++) {
        const struct site_config *site = &config->sites[i];
        html_raw(html, "<li>");
        box = (struct form_box){ "site", site->key, span_text(site->name), false, has_site(account, site) };
        form_box(form, &box);
        html_raw(html, "</li>");
    }
    if (account != NULL)
        write_gone_sites(form, account);
    html_raw(html, "</ul>");
    form_boxes_end(form);
}

static void
write_password(const struct form *form)
{
    const struct form_field field = {
        "password", "password", "new-password", MESSAGE_NEW_PASSWORD, MESSAGE_PASSWORD_HELP, { NULL, 0 }, 0, true
    };
    form_field(form, &field);
}

static void
write_roles(struct html *html, const struct page *page)
{
    static const enum message meanings[ROLE_COUNT] = { MESSAGE_ROLE_READER_MEANS, MESSAGE_ROLE_EDITOR_MEANS,
                                                       MESSAGE_ROLE_ADMINISTRATOR_MEANS };
    html_raw(html, "<ul class=\"plain small\">");
    for (int i = 0; i < ROLE_COUNT; i++) {
        html_raw(html, "<li><b>");
        html_message(html, page->language, roles[i].label);
        html_raw(html, "</b> ");
        html_message(html, page->language, meanings[i]);
        html_raw(html, "</li>");
    }
    html_raw(html, "</ul>");
}

static void
write_roles_card(struct html *html, const struct page *page)
{
    page_card_begin(html, page, "ds-card", MESSAGE_ROLE);
    write_roles(html, page);
    html_raw(html, "</section>");
}

void
page_users_end(struct table_page *users)
{
    struct html *html = users->html;
    const struct page *page = users->page;
    const struct form form = { html, page, "add" };
    const struct form_field name = { "name",      "text", "off", MESSAGE_USER_NAME, MESSAGE_USER_NAME_HELP,
                                     { NULL, 0 }, 64,     true };
    html_raw(html, "</tbody></table><p class=\"more\">");
    if (users->count == 1)
        page_say(html, page, USER_ONLY_YOU);
    else
        html_message_number(html, page->language, MESSAGE_USER_COUNT, (int64_t)users->count);
    html_raw(html, "</p></section><div class=\"grid two\">");
    page_card_begin(html, page, "ds-card", MESSAGE_USER_ADD);
    form_begin(&form, "/users", "fields");
    form_field(&form, &name);
    form_select(&form, "role", MESSAGE_ROLE, roles, ROLE_COUNT, ROLE_READER);
    write_sites(&form, NULL);
    write_password(&form);
    form_end(&form, MESSAGE_ADD);
    html_raw(html, "</section>");
    write_roles_card(html, page);
    html_raw(html, "</div>");
    page_end(html, page);
}

/* ---- one user ---- */

void
page_account_lede(struct html *html, const struct page *page, enum message lede)
{
    html_raw(html, "<p class=\"small\">");
    html_message(html, page->language, lede);
    html_raw(html, "</p>");
}

static void
write_user_head(struct html *html, const struct page *page, const struct account *account)
{
    html_raw(html, "<div class=\"head\"><div><p class=\"back\"><a class=\"ds-link\" href=\"/users");
    page_language(html, page, true);
    html_raw(html, "\">‹ ");
    page_say(html, page, USER_BACK);
    html_raw(html, "</a></p><h1 class=\"ds-heading\" data-size=\"sm\">");
    html_message_text(html, page->language, MESSAGE_USER_EDIT, span_text(account->name));
    html_raw(html, "</h1></div></div>");
}

static void
write_access_card(const struct form *form, const struct account *account)
{
    page_card_begin(form->html, form->page, "ds-card", MESSAGE_USER_ACCESS);
    form_begin(form, "/users", "fields");
    form_hidden(form->html, "name", span_text(account->name));
    form_select(form, "role", MESSAGE_ROLE, roles, ROLE_COUNT, account->role);
    write_sites(form, account);
    form_end(form, MESSAGE_SAVE);
    html_raw(form->html, "<hr>");
    write_roles(form->html, form->page);
    html_raw(form->html, "</section>");
}

void
page_user_render(struct html *html, const struct page *page, const struct account *account)
{
    const struct form access = { html, page, "change" };
    const struct form password = { html, page, "password" };
    page_begin(html, page);
    write_user_head(html, page, account);
    form_faults(html, page);
    html_raw(html, "<div class=\"grid two\">");
    write_access_card(&access, account);
    html_raw(html, "<div class=\"stack\">");
    page_card_begin(html, page, "ds-card", MESSAGE_NEW_PASSWORD);
    page_account_lede(html, page, MESSAGE_USER_PASSWORD_LEDE);
    form_begin(&password, "/users", "fields");
    form_hidden(html, "name", span_text(account->name));
    write_password(&password);
    form_end(&password, MESSAGE_SAVE);
    html_raw(html, "</section>");
    page_card_begin(html, page, "ds-card", MESSAGE_USER_REMOVE);
    page_account_lede(html, page, MESSAGE_USER_REMOVE_LEDE);
    form_confirm(html, page, "/users", "remove", "name", span_text(account->name), MESSAGE_REMOVE, MESSAGE_REMOVE_SURE,
                 span_text(account->name));
    html_raw(html, "</section></div></div>");
    page_end(html, page);
}

/* ---- the access log ---- */

void
page_access_log_begin(struct table_page *log, int64_t keep_days)
{
    static const enum message columns[] = { MESSAGE_WHEN, MESSAGE_USER, MESSAGE_WHAT };
    struct html *html = log->html;
    const struct page *page = log->page;
    page_begin(html, page);
    write_title(html, page, MESSAGE_ACCESS_LOG);
    html_raw(html, "<section class=\"ds-card wide\" aria-labelledby=\"title\"><p class=\"small\">");
    html_message_number(html, page->language, MESSAGE_ACCESS_LOG_LEDE, keep_days);
    html_raw(html, "</p>");
    page_table_begin(html, page, "list", "title", columns, sizeof columns / sizeof columns[0]);
}

static void
write_what(struct html *html, const struct page *page, const struct access_entry *entry)
{
#define X(id) [ENTRY_##id] = MESSAGE_ENTRY_##id,
    static const enum message messages[ENTRY_KIND_COUNT] = { ENTRY_KINDS(X) };
#undef X
    const struct site_config *site = config_site(page->config, span_text(entry->place));
    html_message_text(html, page->language, messages[entry->kind], span_text(site == NULL ? entry->place : site->name));
}

void
page_access_log_row(void *context, const struct access_entry *entry)
{
    struct table_page *log = context;
    log->count++;
    html_raw(log->html, "<tr>");
    table_cell(log, MESSAGE_WHEN);
    page_moment(log->html, log->page->language, log->zone, entry->first_s);
    html_raw(log->html, "</td><th scope=\"row\">");
    html_text(log->html, entry->account);
    html_raw(log->html, "</th>");
    table_cell(log, MESSAGE_COUNT);
    write_what(log->html, log->page, entry);
    html_raw(log->html, "</td></tr>");
}

static void
write_turn(struct html *html, const struct page *page, int64_t number, enum message label)
{
    html_raw(html, "<a class=\"ds-link\" href=\"/access-log?page=");
    html_integer(html, number);
    page_language(html, page, false);
    html_raw(html, "\">");
    html_message(html, page->language, label);
    html_raw(html, "</a>");
}

static void
write_turns(struct html *html, const struct page *page, int64_t number, int64_t shown, int64_t all)
{
    int64_t before = number * ACCESS_LOG_ROWS;
    const int64_t numbers[] = { before + 1, before + shown, all };
    html_raw(html, "<p class=\"links\">");
    if (shown > 0) {
        html_raw(html, "<span>");
        html_message_numbers(html, page->language, MESSAGE_ACCESS_LOG_SHOWN, 3, numbers);
        html_raw(html, "</span>");
    }
    if (number > 0)
        write_turn(html, page, shown > 0 ? number - 1 : 0, shown > 0 ? MESSAGE_LATER : MESSAGE_ACCESS_LOG_NEWEST);
    if (before + shown < all && shown > 0)
        write_turn(html, page, number + 1, MESSAGE_EARLIER);
    html_raw(html, "</p>");
}

void
page_access_log_end(struct table_page *log, int64_t number, int64_t all)
{
    struct html *html = log->html;
    table_page_end(log, all > 0 ? MESSAGE_ACCESS_LOG_NO_PAGE : MESSAGE_ACCESS_LOG_EMPTY);
    write_turns(html, log->page, number, (int64_t)log->count, all);
    html_raw(html, "</section>");
    page_end(html, log->page);
}
