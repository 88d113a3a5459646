#include "domain.h"

#include <idn2.h>
#include <stdio.h>

enum { LABEL_MAX = 63 }; /* bytes, RFC 1035 */

/* What keeps an ASCII name from being a host name; NULL if nothing does. */
static const char *
host_name_fault(struct span name)
{
    size_t label = 0; /* bytes of it so far */
    for (size_t i = 0; i <= name.length; i++) {
        char c = i < name.length ? name.at[i] : '.';
        if (c == '.' && label == 0)
            return "it has an empty label: a dot first, last or twice";
        if ((c == '.' && name.at[i - 1] == '-') || (c == '-' && label == 0))
            return "a label begins or ends with a hyphen";
        if (c != '.' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z'))
            return "only letters, digits, hyphens and dots make a host name";
        label = c == '.' ? 0 : label + 1;
        if (label > LABEL_MAX)
            return "a label is longer than 63 bytes";
    }
    return NULL;
}

/* The common slips, told before IDNA says something cleverer. */
static const char *
obvious_fault(const char *name)
{
    if (name[0] == '\0')
        return "it is empty";
    if (strstr(name, "://") != NULL)
        return "it is an address; leave 'https://' out";
    if (strchr(name, '/') != NULL)
        return "it has a path; leave '/' and what follows out";
    if (strchr(name, ':') != NULL)
        return "it has a port; leave ':' and what follows out";
    if (strchr(name, '*') != NULL)
        return "wildcards are not supported; name every host";
    return NULL;
}

enum sp_error
domain_to_ascii(const char *name, char out[SITE_NAME_MAX], const char **why)
{
    out[0] = '\0';
    *why = obvious_fault(name);
    if (*why != NULL)
        return SP_MALFORMED;
    char *ascii = NULL;
    /* Not IDN2_USE_STD3_ASCII_RULES: libidn2 2.3 then drops a character such as '_' without a word. */
    int result = idn2_to_ascii_8z(name, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (result == IDN2_MALLOC)
        return SP_NO_MEMORY;
    if (result != IDN2_OK)
        *why = result == IDN2_DISALLOWED        ? "it holds a character that host names may not have"
               : result == IDN2_HYPHEN_STARTEND ? "a label begins or ends with a hyphen"
                                                : idn2_strerror(result);
    else if (strlen(ascii) >= SITE_NAME_MAX)
        *why = "it is longer than 253 bytes";
    else
        *why = host_name_fault(span_text(ascii));
    if (*why == NULL)
        snprintf(out, SITE_NAME_MAX, "%s", ascii);
    idn2_free(ascii);
    return *why == NULL ? SP_OK : SP_MALFORMED;
}
