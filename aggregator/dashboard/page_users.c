/* Users and the access log: what only an administrator sees. */
#include "page_account.h"

#include <stdio.h>

enum { SITES_TEXT_MAX = 480 }; /* bytes with the terminator: what a form gives back */

static const struct form_choice roles[ROLE_COUNT] = { { "reader", MESSAGE_ROLE_READER },
                                                      { "editor", MESSAGE_ROLE_EDITOR },
                                                      { "administrator", MESSAGE_ROLE_ADMINISTRATOR } };

static void
write_title(struct html *html, const struct page *page, enum message title)
{
    html_raw(html, "<div class=\"head\"><h1 id=\"title\" class=\"ds-heading\" data-size=\"sm\">");
    html_message(html, page->language, title);
    html_raw(html, "</h1></div>");
}

/* ---- users ---- */

void
page_users_begin(struct table_page *users, enum message outcome)
{
    static const enum message columns[] = { MESSAGE_USER, MESSAGE_ROLE, MESSAGE_USER_SITES, MESSAGE_CHANGE_VERB };
    struct html *html = users->html;
    const struct page *page = users->page;
    page_begin(html, page);
    write_title(html, page, MESSAGE_USERS);
    form_outcome(html, page, outcome);
    html_raw(html, "<section class=\"ds-card wide\" tabindex=\"0\" aria-labelledby=\"title\"><p class=\"small\">");
    page_say(html, page, USERS_LEDE);
    html_raw(html, "</p>");
    page_table_begin(html, page, "list", NULL, columns, sizeof columns / sizeof columns[0]);
}

/*
 * With commas between, as people write the names; a site that has left the configuration keeps its key. False when it
 * does not fit, so that a form could not give it back whole.
 */
static bool
list_sites(const struct page *page, const struct account *account, char out[SITES_TEXT_MAX])
{
    size_t used = 0;
    out[0] = '\0';
    if (account->role == ROLE_ADMINISTRATOR || strcmp(account->sites, "*") == 0)
        return true;
    for (const char *at = account->sites; *at != '\0';) {
        size_t length = strcspn(at, " ");
        const struct site_config *site = config_site(page->config, span_of(at, length));
        const char *name = site == NULL ? at : site->name;
        size_t name_length = site == NULL ? length : strlen(site->name);
        if (used + name_length + 3 > SITES_TEXT_MAX)
            return false;
        used += (size_t)snprintf(out + used, SITES_TEXT_MAX - used, "%s%.*s", used == 0 ? "" : ", ", (int)name_length,
                                 name);
        at += length + strspn(at + length, " ");
    }
    return true;
}

static void
write_fields(struct html *html, const struct page *page, enum role role, struct span sites, const char *id)
{
    const struct form_field field = { "sites", "textarea", "off", MESSAGE_USER_SITES, MESSAGE_USER_SITES_HELP,
                                      sites,   480,        false };
    form_select(html, page, "role", MESSAGE_ROLE, roles, ROLE_COUNT, role, id);
    form_field(html, page, &field, id);
}

static void
write_password(struct html *html, const struct page *page, const char *id)
{
    const struct form_field field = {
        "password", "password", "new-password", MESSAGE_NEW_PASSWORD, MESSAGE_PASSWORD_HELP, { NULL, 0 }, 480, true
    };
    form_field(html, page, &field, id);
}

static void
write_changes(struct html *html, const struct page *page, const struct account *account, const char *sites,
              const char *id)
{
    html_raw(html, "<details class=\"ds-details\"><summary>");
    page_say(html, page, CHANGE_VERB);
    html_raw(html, "<span class=\"ds-sr-only\"> ");
    html_text(html, account->name);
    html_raw(html, "</span></summary><div>");
    if (sites != NULL) {
        form_begin(html, page, "/users", "change", "fields");
        form_hidden(html, "name", span_text(account->name));
        write_fields(html, page, account->role, span_text(sites), id);
        form_end(html, page, MESSAGE_SAVE);
    }
    form_begin(html, page, "/users", "password", "fields");
    form_hidden(html, "name", span_text(account->name));
    write_password(html, page, id);
    form_end(html, page, MESSAGE_SAVE);
    form_confirm(html, page, "/users", "remove", "name", span_text(account->name), MESSAGE_REMOVE, MESSAGE_REMOVE_SURE,
                 span_text(account->name));
    html_raw(html, "</div></details>");
}

void
page_users_row(void *context, const struct account *account)
{
    struct table_page *users = context;
    struct html *html = users->html;
    char sites[SITES_TEXT_MAX];
    char id[24];
    bool fits = list_sites(users->page, account, sites);
    snprintf(id, sizeof id, "-%zu", users->count++);
    html_raw(html, "<tr><th scope=\"row\">");
    html_text(html, account->name);
    if (users->page->account != NULL && account->id == users->page->account->id) {
        html_raw(html, " <span class=\"ds-tag\" data-color=\"neutral\">");
        page_say(html, users->page, USER_IS_YOU);
        html_raw(html, "</span>");
    }
    html_raw(html, "</th><td>");
    html_message(html, users->page->language, roles[account->role].label);
    html_raw(html, "</td><td>");
    if (sites[0] == '\0')
        page_say(html, users->page, ALL_SITES);
    else
        html_text(html, sites);
    html_raw(html, "</td><td>");
    write_changes(html, users->page, account, fits ? sites : NULL, id);
    html_raw(html, "</td></tr>");
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

void
page_users_end(struct table_page *users)
{
    struct html *html = users->html;
    const struct page *page = users->page;
    const struct form_field name = { "name",      "text", "off", MESSAGE_USER_NAME, MESSAGE_USER_NAME_HELP,
                                     { NULL, 0 }, 64,     true };
    html_raw(html, "</tbody></table></section><div class=\"grid two\">");
    page_card_begin(html, page, "ds-card", MESSAGE_USER_ADD);
    form_begin(html, page, "/users", "add", "fields");
    form_field(html, page, &name, "");
    write_fields(html, page, ROLE_READER, span_of(NULL, 0), "");
    write_password(html, page, "");
    form_end(html, page, MESSAGE_ADD);
    html_raw(html, "</section>");
    page_card_begin(html, page, "ds-card", MESSAGE_ROLE);
    write_roles(html, page);
    page_heading(html, page, NULL, MESSAGE_SITES);
    html_raw(html, "<ul class=\"plain small\">");
    for (size_t i = 0; i < page->config->site_count; i++) {
        html_raw(html, "<li>");
        html_text(html, page->config->sites[i].name);
        html_raw(html, "</li>");
    }
    html_raw(html, "</ul></section></div>");
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
    html_raw(html, "<section class=\"ds-card wide\" tabindex=\"0\" aria-labelledby=\"title\"><p class=\"small\">");
    html_message_number(html, page->language, MESSAGE_ACCESS_LOG_LEDE, keep_days);
    html_raw(html, "</p>");
    page_table_begin(html, page, "list", NULL, columns, sizeof columns / sizeof columns[0]);
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
    if (log->count++ >= ACCESS_LOG_ROWS)
        return;
    html_raw(log->html, "<tr><td>");
    page_moment(log->html, log->page->language, log->zone, entry->first_s);
    html_raw(log->html, "</td><th scope=\"row\">");
    html_text(log->html, entry->account);
    html_raw(log->html, "</th><td>");
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

void
page_access_log_end(struct table_page *log, int64_t number, bool has_more)
{
    struct html *html = log->html;
    table_page_end(log, MESSAGE_ACCESS_LOG_EMPTY);
    html_raw(html, "<p class=\"links\">");
    if (number > 0)
        write_turn(html, log->page, number - 1, MESSAGE_LATER);
    if (has_more)
        write_turn(html, log->page, number + 1, MESSAGE_EARLIER);
    html_raw(html, "</p></section>");
    page_end(html, log->page);
}
