#include "sporlos/language.h"

static const char *const tags[LANGUAGE_COUNT] = { [LANGUAGE_NB] = "nb", [LANGUAGE_NN] = "nn", [LANGUAGE_EN] = "en" };

const char *
language_tag(enum language language)
{
    return tags[language];
}

bool
language_find(struct span tag, enum language *language)
{
    static const struct {
        char tag[3];
        enum language language;
    } rows[] = { { "nb", LANGUAGE_NB }, { "no", LANGUAGE_NB }, { "nn", LANGUAGE_NN }, { "en", LANGUAGE_EN } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is_it = tag.length >= 2 && (tag.at[0] | 0x20) == rows[i].tag[0] && (tag.at[1] | 0x20) == rows[i].tag[1];
        if (is_it && (tag.length == 2 || tag.at[2] == '-')) {
            *language = rows[i].language;
            return true;
        }
    }
    return false;
}

/* The weight in 'nb;q=0.8' in thousandths (RFC 9110, 12.4.2); 1000 without one. */
static int
weight_of(struct span item)
{
    const char *at = memchr(item.at, ';', item.length);
    const char *end = item.at + item.length;
    while (at != NULL && at < end && (*at == ';' || *at == ' '))
        at++;
    if (at == NULL || end - at < 3 || (at[0] | 0x20) != 'q' || at[1] != '=')
        return 1000;
    int weight = 0;
    int place = 1000;
    for (at += 2; at < end && place > 0; at++) {
        if (*at >= '0' && *at <= '9') {
            weight += (*at - '0') * place;
            place /= 10;
        }
    }
    return weight;
}

enum language
language_accepted(struct span header)
{
    enum language best = LANGUAGE_NB;
    int best_weight = 0;
    for (size_t i = 0; i < header.length;) {
        while (i < header.length && (header.at[i] == ' ' || header.at[i] == ','))
            i++;
        size_t end = i;
        while (end < header.length && header.at[end] != ',')
            end++;
        struct span item = span_of(header.at + i, end - i);
        size_t tag = 0;
        while (tag < item.length && item.at[tag] != ';' && item.at[tag] != ' ')
            tag++;
        enum language language;
        if (language_find(span_of(item.at, tag), &language) && weight_of(item) > best_weight) {
            best = language;
            best_weight = weight_of(item);
        }
        i = end;
    }
    return best;
}
