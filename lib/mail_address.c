#include "sporlos/mail_address.h"

enum { LOCAL_MAX = 64, LABEL_MAX = 63 };

static bool
is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool
is_local(struct span text)
{
    if (text.length == 0 || text.length > LOCAL_MAX || text.at[0] == '-')
        return false;
    char before = '.';
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if ((!is_alphanumeric(c) && strchr("._%+'-", c) == NULL) || c == '\0' || (c == '.' && before == '.'))
            return false;
        before = c;
    }
    return before != '.';
}

static bool
is_label(const char *at, size_t length)
{
    if (length == 0 || length > LABEL_MAX || at[0] == '-' || at[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_alphanumeric(at[i]) && at[i] != '-')
            return false;
    return true;
}

static bool
is_domain(struct span text)
{
    size_t labels = 0;
    size_t start = 0;
    for (size_t i = 0; i <= text.length; i++) {
        if (i < text.length && text.at[i] != '.')
            continue;
        if (!is_label(text.at + start, i - start))
            return false;
        start = i + 1;
        labels++;
    }
    return labels >= 2;
}

bool
mail_address_is_valid(struct span address)
{
    const char *at = address.length == 0 ? NULL : memchr(address.at, '@', address.length);
    if (at == NULL || address.length >= MAIL_ADDRESS_MAX)
        return false;
    size_t local = (size_t)(at - address.at);
    return is_local(span_of(address.at, local)) && is_domain(span_of(at + 1, address.length - local - 1));
}
