#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "accounts.h"
#include "archive.h"
#include "command_parts.h"

enum { PASSWORD_LINE_MAX = 1026 }; /* bytes with end of line and terminator */

int
command_complain(const char *text)
{
    fprintf(stderr, "sporlos-aggregator: %s\n", text);
    return EXIT_FAILURE;
}

int
command_report(enum sp_error error, const char *refused, const char *malformed)
{
    if (error == SP_OK)
        return EXIT_SUCCESS;
    return command_complain(error == SP_REFUSED ? refused : error == SP_MALFORMED ? malformed : sp_error_text(error));
}

/* ---- passwords ---- */

/* Read one line from standard input; from a terminal without showing it. */
static bool
read_line(const char *prompt, char line[PASSWORD_LINE_MAX])
{
    struct termios shown;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &shown) == 0;
    if (terminal) {
        struct termios hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        fputs(prompt, stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    bool got = fgets(line, PASSWORD_LINE_MAX, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
    }
    if (got)
        line[strcspn(line, "\r\n")] = '\0';
    return got;
}

static bool
read_password(char password[PASSWORD_LINE_MAX])
{
    char again[PASSWORD_LINE_MAX];
    if (!read_line("Password: ", password)) {
        command_complain("no password was given on standard input");
        return false;
    }
    bool same = !isatty(STDIN_FILENO) || (read_line("Once more: ", again) && strcmp(password, again) == 0);
    sodium_memzero(again, sizeof again);
    if (!same)
        command_complain("the two passwords differ");
    return same;
}

/* ---- commands ---- */

static int
user_add(const struct request *request)
{
    enum role role;
    if (request->role == NULL || !role_find(span_text(request->role), &role))
        return command_complain("--role is one of reader, editor and administrator");
    if (role == ROLE_ADMINISTRATOR && request->sites[0] != '\0' && strcmp(request->sites, "*") != 0)
        return command_complain("an administrator has all sites; leave --site out");
    if (role != ROLE_ADMINISTRATOR && request->sites[0] == '\0')
        return command_complain("--site SITE, as often as needed, or --site '*' for all");
    char password[PASSWORD_LINE_MAX];
    if (!read_password(password))
        return EXIT_FAILURE;
    enum sp_error error = accounts_add(request->accounts, request->name, role,
                                       request->sites[0] == '\0' ? "*" : request->sites, password);
    sodium_memzero(password, sizeof password);
    return command_report(
        error, "there is a user of that name already",
        "the name is empty, too long or of odd characters, or the password is shorter than 12 characters");
}

static int
user_password(const struct request *request)
{
    char password[PASSWORD_LINE_MAX];
    if (!read_password(password))
        return EXIT_FAILURE;
    enum sp_error error = accounts_set_password(request->accounts, request->name, password);
    sodium_memzero(password, sizeof password);
    return command_report(error, "there is no user of that name", "the password is shorter than 12 characters");
}

static int
user_remove(const struct request *request)
{
    return command_report(accounts_remove(request->accounts, request->name), "refused",
                          "there is no user of that name");
}

static void
print_account(void *context, const struct account *account)
{
    (void)context;
    printf("%s\t%s\t%s\n", account->name, role_name(account->role), account->sites);
}

static int
user_list(const struct request *request)
{
    return command_report(accounts_list(request->accounts, print_account, NULL), "refused", "malformed");
}

static int
token_add(const struct request *request)
{
    if (request->sites[0] == '\0' || strchr(request->sites, ' ') != NULL)
        return command_complain("--site SITE, or --site '*' for all");
    char token[TOKEN_TEXT_MAX];
    unsigned scopes = request->scopes == 0 ? TOKEN_SCOPES_ALL : request->scopes;
    enum sp_error error = accounts_token_grant(request->accounts, request->name, request->sites, scopes, token);
    if (error == SP_OK)
        printf("%s\n", token);
    sodium_memzero(token, sizeof token);
    return command_report(error, "there is a token of that label already", "the label is empty or too long");
}

static int
token_remove(const struct request *request)
{
    return command_report(accounts_token_remove(request->accounts, request->name), "refused", "there is no such token");
}

static void
print_token(void *context, const char *label, const struct token_grant *grant)
{
    (void)context;
    printf("%s\t%s", label, grant->site);
    for (int i = 0; i < TOKEN_SCOPE_COUNT; i++)
        if ((grant->scopes & 1U << i) != 0)
            printf("\t%s", token_scope_names[i]);
    putchar('\n');
}

static int
token_list(const struct request *request)
{
    return command_report(accounts_token_list(request->accounts, print_token, NULL), "refused", "malformed");
}

static const struct command {
    const char *group, *verb;
    bool named; /* takes a NAME */
    int (*run)(const struct request *request);
} commands[] = {
    { "user", "add", true, user_add },
    { "user", "password", true, user_password },
    { "user", "remove", true, user_remove },
    { "user", "list", false, user_list },
    { "token", "add", true, token_add },
    { "token", "remove", true, token_remove },
    { "token", "list", false, token_list },
    { "report", "add", true, report_add_run },
    { "report", "remove", true, report_remove_run },
    { "report", "list", false, report_list_run },
};

static const struct command *
find_command(int count, char **arguments)
{
    for (size_t i = 0; count >= 2 && i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].group, arguments[0]) == 0 && strcmp(commands[i].verb, arguments[1]) == 0)
            return &commands[i];
    return NULL;
}

/* --site names a site of the configuration: a spelling mistake would give access to nothing without a word. */
static bool
take_site(struct request *request, const char *value)
{
    const struct site_config *site = config_site(request->config, span_text(value));
    for (size_t i = 0; site == NULL && i < request->config->site_count; i++)
        if (strcmp(request->config->sites[i].name, value) == 0)
            site = &request->config->sites[i];
    const char *key = strcmp(value, "*") == 0 ? "*" : site == NULL ? NULL : site->key;
    size_t used = strlen(request->sites);
    if (key == NULL || used + strlen(key) + 2 > sizeof request->sites)
        return false;
    snprintf(request->sites + used, sizeof request->sites - used, "%s%s", used == 0 ? "" : " ", key);
    return true;
}

static bool
take_scope(struct request *request, const char *value)
{
    for (int i = 0; i < TOKEN_SCOPE_COUNT; i++) {
        if (strcmp(token_scope_names[i], value) == 0) {
            request->scopes |= 1U << i;
            return true;
        }
    }
    return command_complain("--scope is read:stats or read:popular"), false;
}

/* False with a complaint written. */
static bool
parse(const struct command *command, int count, char **arguments, struct request *request)
{
    for (int i = 2; i < count; i++) {
        bool more = i + 1 < count;
        if (strcmp(arguments[i], "--role") == 0 && more)
            request->role = arguments[++i];
        else if (strcmp(arguments[i], "--every") == 0 && more)
            request->every = arguments[++i];
        else if (strcmp(arguments[i], "--language") == 0 && more)
            request->language = arguments[++i];
        else if (strcmp(arguments[i], "--site") == 0 && more && take_site(request, arguments[i + 1]))
            i++;
        else if (strcmp(arguments[i], "--site") == 0 && more)
            return command_complain("--site names no site of the configuration"), false;
        else if (strcmp(arguments[i], "--scope") == 0 && more && take_scope(request, arguments[i + 1]))
            i++;
        else if (strcmp(arguments[i], "--scope") == 0)
            return false;
        else if (strcmp(arguments[i], "--password-stdin") == 0)
            continue; /* it is read from there anyway */
        else if (arguments[i][0] != '-' && command->named && request->name == NULL)
            request->name = arguments[i];
        else
            return command_complain("an argument that this command does not take; see --help"), false;
    }
    if (command->named && request->name == NULL)
        return command_complain("a name is missing; see --help"), false;
    return true;
}

/* The archive first: it makes the file what it must be before accounts are put in it. */
static enum sp_error
open_accounts(const struct config *config, struct accounts **accounts, const char **why)
{
    struct archive *archive;
    enum sp_error error = archive_open(config->aggregator.archive, ARCHIVE_WRITE, &archive, why);
    if (error != SP_OK)
        return error;
    archive_close(archive);
    return accounts_open(config->aggregator.archive, accounts, why);
}

int
command_run(const struct config *config, int count, char **arguments)
{
    struct request request = { .config = config };
    const struct command *command = find_command(count, arguments);
    if (command == NULL) {
        command_complain("no such command; see --help");
        return EXIT_USAGE;
    }
    if (!parse(command, count, arguments, &request))
        return EXIT_USAGE;
    const char *why = NULL;
    enum sp_error error = open_accounts(config, &request.accounts, &why);
    if (error != SP_OK)
        return command_complain(why != NULL && why[0] != '\0' ? why : sp_error_text(error));
    int status = command->run(&request);
    accounts_close(request.accounts);
    return status;
}
