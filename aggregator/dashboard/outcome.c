#include "outcome.h"

#include <stdio.h>

static const struct {
    const char *word;
    enum message message;
} outcomes[] = {
    { "saved", MESSAGE_DONE },
    { "taken", MESSAGE_USER_TAKEN },
    { "password", MESSAGE_PASSWORD_CHANGED },
    { "unknown", MESSAGE_USER_UNKNOWN_FORM },
    { "gone", MESSAGE_USER_GONE },
    { "self", MESSAGE_USER_SELF },
    { "failed", MESSAGE_FAILED_LEDE },
    { "busy", MESSAGE_LOGIN_BUSY },
};

enum { OUTCOME_COUNT = sizeof outcomes / sizeof outcomes[0], TARGET_MAX = SITE_NAME_MAX + 96 };

void
outcome_redirect(struct visit *visit, const char *path, enum message message)
{
    char target[TARGET_MAX];
    const char *word = "failed";
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        if (outcomes[i].message == message)
            word = outcomes[i].word;
    snprintf(target, sizeof target, "%s?done=%s", path, word);
    answer_redirect(visit, target, "");
}

enum message
outcome_of(const struct visit *visit)
{
    char word[QUERY_VALUE_MAX];
    if (query_value(visit->request->query, "done", word) == SP_OK)
        for (size_t i = 0; i < OUTCOME_COUNT; i++)
            if (strcmp(outcomes[i].word, word) == 0)
                return outcomes[i].message;
    return MESSAGE_COUNT;
}
