/* Accounts in a temporary folder. */
#ifndef SPORLOS_TESTS_ACCOUNTS_FILE_H
#define SPORLOS_TESTS_ACCOUNTS_FILE_H

#include "accounts.h"
#include "archive_file.h"

struct accounts_file {
    struct archive_file file;
    struct accounts *accounts;
};

/* For cmocka: *state is a struct accounts_file. */
static inline int
accounts_file_set_up(void **state)
{
    struct accounts_file *made = calloc(1, sizeof *made);
    const char *why = "";
    *state = made;
    if (made == NULL || !archive_file_make(&made->file))
        return -1;
    return accounts_open(made->file.url, &made->accounts, &why) == SP_OK ? 0 : -1;
}

static inline int
accounts_file_tear_down(void **state)
{
    struct accounts_file *made = *state;
    accounts_close(made->accounts);
    archive_file_remove(&made->file);
    free(made);
    return 0;
}

#endif
