#include "site_choice.h"

#include "accounts.h"

#include <stdlib.h>
#include <string.h>

static bool
has_site(const char *keys, struct span key)
{
    for (const char *at = keys; at != NULL && *at != '\0';)
        if (span_equal(account_next_site(&at), key))
            return true;
    return false;
}

static const char *
find_key(const struct site_choice *choice, const char *site)
{
    const struct config *config = choice->config;
    const struct site_config *found = config_site(config, span_text(site));
    for (size_t i = 0; found == NULL && i < config->site_count; i++)
        if (strcmp(config->sites[i].name, site) == 0)
            found = &config->sites[i];
    if (found != NULL)
        return found->key;
    return site[0] != '\0' && has_site(choice->had, span_text(site)) ? site : NULL;
}

static void
append(struct site_choice *choice, const char *key)
{
    size_t length = strlen(key);
    char *keys = realloc(choice->keys, choice->length + length + 2);
    if (keys == NULL) {
        choice->failed = true;
        return;
    }
    if (choice->length > 0)
        keys[choice->length++] = ' ';
    memcpy(keys + choice->length, key, length + 1);
    choice->keys = keys;
    choice->length += length;
}

bool
site_choice_add(struct site_choice *choice, const char *site)
{
    if (strcmp(site, "*") == 0) {
        choice->has_all = true;
        return true;
    }
    const char *key = find_key(choice, site);
    if (key == NULL)
        choice->has_unknown = true;
    else if (!has_site(choice->keys, span_text(key)))
        append(choice, key);
    return key != NULL;
}

static enum site_choice_fault
fault_of(const struct site_choice *choice, enum role role)
{
    bool has_some = choice->length > 0;
    if (choice->failed)
        return SITES_NO_MEMORY;
    if (choice->has_unknown)
        return SITES_UNKNOWN;
    if (role == ROLE_ADMINISTRATOR && has_some)
        return SITES_ADMINISTRATOR;
    if (choice->has_all && has_some)
        return SITES_BOTH;
    if (!choice->has_all && !has_some && role != ROLE_ADMINISTRATOR)
        return SITES_NONE;
    return SITES_GOOD;
}

enum site_choice_fault
site_choice_end(struct site_choice *choice, enum role role, char **sites)
{
    enum site_choice_fault fault = fault_of(choice, role);
    char *chosen = NULL;
    if (fault == SITES_GOOD)
        chosen = choice->length > 0 ? choice->keys : strdup("*");
    if (fault == SITES_GOOD && chosen == NULL)
        fault = SITES_NO_MEMORY;
    if (chosen != choice->keys)
        free(choice->keys);
    choice->keys = NULL;
    choice->length = 0;
    *sites = chosen;
    return fault;
}
