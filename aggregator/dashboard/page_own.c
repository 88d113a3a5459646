/* One's own account. */
#include "page_account.h"

static void
write_access(struct html *html, const struct page *page)
{
    page_card_begin(html, page, "ds-card", MESSAGE_MY_ACCESS);
    html_raw(html, "<dl class=\"pairs\"><div><dt>");
    page_say(html, page, USER_NAME);
    html_raw(html, "</dt><dd>");
    html_text(html, page->account->name);
    html_raw(html, "</dd></div><div><dt>");
    page_say(html, page, ROLE);
    html_raw(html, "</dt><dd>");
    html_message(html, page->language, page_role(page->account->role));
    html_raw(html, "</dd></div><div><dt>");
    page_say(html, page, USER_SITES);
    html_raw(html, "</dt><dd>");
    page_account_sites(html, page, page->account);
    html_raw(html, "</dd></div></dl><p class=\"small\">");
    html_message(html, page->language,
                 page->account->role == ROLE_ADMINISTRATOR ? MESSAGE_ROLE_ADMINISTRATOR_OWN : MESSAGE_MY_ACCESS_WHO);
    html_raw(html, "</p></section>");
}

static void
write_password(struct html *html, const struct page *page)
{
    static const struct form_field fields[] = {
        { "old", "password", "current-password", MESSAGE_PASSWORD_OLD, MESSAGE_COUNT, { NULL, 0 }, 0, true },
        { "password", "password", "new-password", MESSAGE_NEW_PASSWORD, MESSAGE_PASSWORD_HELP, { NULL, 0 }, 0, true },
        { "again", "password", "new-password", MESSAGE_PASSWORD_AGAIN, MESSAGE_COUNT, { NULL, 0 }, 0, true },
    };
    const struct form form = { html, page, "password" };
    page_card_begin(html, page, "ds-card", MESSAGE_PASSWORD_CHANGE);
    page_account_lede(html, page, MESSAGE_PASSWORD_CHANGE_LEDE);
    form_begin(&form, "/account", "fields");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        form_field(&form, &fields[i]);
    form_end(&form, MESSAGE_PASSWORD_CHANGE);
    html_raw(html, "</section>");
}

static void
write_log_out(struct html *html, const struct page *page, size_t sessions)
{
    const struct form form = { html, page, "logout" };
    page_card_begin(html, page, "ds-card", MESSAGE_LOGOUT_ALL);
    page_account_lede(html, page, MESSAGE_LOGOUT_ALL_LEDE);
    html_raw(html, "<p class=\"small\">");
    html_message_number(html, page->language, MESSAGE_LOGOUT_ALL_COUNT, (int64_t)sessions);
    html_raw(html, "</p>");
    form_begin(&form, "/account", "fields");
    form_end(&form, MESSAGE_LOGOUT_ALL);
    html_raw(html, "</section>");
}

void
page_own_render(struct html *html, const struct page *page, enum message outcome, size_t sessions)
{
    page_begin(html, page);
    html_raw(html, "<div class=\"head\"><div><h1 class=\"ds-heading\" data-size=\"sm\">");
    page_say(html, page, MY_ACCOUNT);
    html_raw(html, "</h1><p class=\"dates\">");
    page_say(html, page, MY_ACCOUNT_LEDE);
    html_raw(html, "</p></div></div>");
    form_outcome(html, page, outcome);
    form_faults(html, page);
    if (page->by_proxy) {
        html_raw(html, "<p class=\"note\">");
        page_say(html, page, MY_PROXY);
        html_raw(html, "</p>");
    }
    html_raw(html, "<div class=\"grid two\"><div class=\"stack\">");
    write_access(html, page);
    if (!page->by_proxy)
        write_log_out(html, page, sessions);
    html_raw(html, "</div>");
    if (!page->by_proxy)
        write_password(html, page);
    html_raw(html, "</div>");
    page_end(html, page);
}
