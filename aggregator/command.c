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

/* What people type at a shell may be anything: a terminal obeys more than letters. */
int
command_complain_of(const char *word, const char *text)
{
    bool is_plain = word[0] != '\0' && strlen(word) <= 100;
    for (const char *at = word; *at != '\0'; at++)
        is_plain = is_plain && *at >= ' ' && *at <= '~';
    fprintf(stderr, "sporlos-aggregator: %s%s%s\n", is_plain ? word : "", is_plain ? ": " : "", text);
    return EXIT_FAILURE;
}

const char *
command_one_site(const struct request *request)
{
    const struct site_choice *sites = &request->sites;
    bool is_one = !sites->has_all && sites->length > 0 && strchr(sites->keys, ' ') == NULL;
    return is_one ? sites->keys : NULL;
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

/* Every fault is complained of; each of these gives how many. */
static int
check_name(const struct request *request)
{
    struct account account;
    char hash[PASSWORD_HASH_MAX];
    size_t length = strlen(request->name);
    if (length == 0 || length >= ACCOUNT_NAME_MAX)
        return command_complain("the name has 1 to 64 characters");
    if (!account_name_is_valid(span_text(request->name)))
        return command_complain_of(request->name, "a name has only lower-case letters a-z, digits and . _ - @");
    enum sp_error error = accounts_find(request->accounts, span_text(request->name), &account, hash);
    account_fini(&account);
    return error == SP_OK ? command_complain_of(request->name, "there is a user of that name already") : 0;
}

static int
check_sites(struct request *request, enum role role, char **sites)
{
    static const char *const words[SITE_CHOICE_FAULTS] = {
        [SITES_NONE] = "--site SITE, as often as needed, or --site '*' for all",
        [SITES_BOTH] = "--site '*' is all sites; leave the others out",
        [SITES_UNKNOWN] = NULL, /* complained of where it was met */
        [SITES_ADMINISTRATOR] = "an administrator has all sites; leave --site out",
        [SITES_NO_MEMORY] = "there is no memory",
    };
    enum site_choice_fault fault = site_choice_end(&request->sites, role, sites);
    return fault == SITES_GOOD || words[fault] == NULL ? fault != SITES_GOOD : command_complain(words[fault]);
}

static int
check_password(const char *password)
{
    switch ((int)password_check(span_text(password))) {
    case SP_OK:
        return 0;
    case SP_TOO_LONG:
        return command_complain("the password is longer than 500 bytes");
    default:
        return command_complain("the password is shorter than 12 characters");
    }
}

static int
user_add(struct request *request)
{
    enum role role = ROLE_READER;
    char *sites = NULL;
    char password[PASSWORD_LINE_MAX];
    int faults = check_name(request);
    if (request->role == NULL || !role_find(span_text(request->role), &role))
        faults += command_complain("--role is one of reader, editor and administrator");
    faults += check_sites(request, role, &sites);
    /* A person at a terminal is not asked for a password that nothing can come of. */
    bool is_asked = faults == 0 || !isatty(STDIN_FILENO);
    if (is_asked)
        faults += !read_password(password) || check_password(password) != 0;
    enum sp_error error = SP_OK;
    if (faults == 0)
        error = accounts_add(request->accounts, request->name, role, sites, password);
    sodium_memzero(password, sizeof password);
    free(sites);
    return faults > 0 ? EXIT_FAILURE : command_report(error, "there is a user of that name already", "malformed");
}

static int
user_password(struct request *request)
{
    char password[PASSWORD_LINE_MAX];
    if (!read_password(password))
        return EXIT_FAILURE;
    int faults = check_password(password);
    enum sp_error error = SP_OK;
    if (faults == 0)
        error = accounts_set_password(request->accounts, request->name, password);
    sodium_memzero(password, sizeof password);
    if (error == SP_NOT_FOUND)
        return command_complain_of(request->name, "there is no user of that name");
    return faults > 0 ? EXIT_FAILURE : command_report(error, "refused", "malformed");
}

static int
user_remove(struct request *request)
{
    enum sp_error error = accounts_remove(request->accounts, request->name);
    if (error == SP_NOT_FOUND)
        return command_complain_of(request->name, "there is no user of that name");
    return command_report(error, "refused", "malformed");
}

static void
print_account(void *context, const struct account *account)
{
    (void)context;
    printf("%s\t%s\t%s\n", account->name, role_name(account->role), account->sites);
}

static int
user_list(struct request *request)
{
    return command_report(accounts_list(request->accounts, print_account, NULL), "refused", "malformed");
}

static int
token_add(struct request *request)
{
    const char *site = request->sites.has_all && request->sites.length == 0 ? "*" : command_one_site(request);
    if (site == NULL)
        return command_complain("--site SITE, or --site '*' for all");
    char token[TOKEN_TEXT_MAX];
    unsigned scopes = request->scopes == 0 ? TOKEN_SCOPES_ALL : request->scopes;
    enum sp_error error = accounts_token_grant(request->accounts, request->name, site, scopes, token);
    if (error == SP_OK)
        printf("%s\n", token);
    sodium_memzero(token, sizeof token);
    return command_report(error, "there is a token of that label already", "the label is empty or too long");
}

static int
token_remove(struct request *request)
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
token_list(struct request *request)
{
    return command_report(accounts_token_list(request->accounts, print_token, NULL), "refused", "malformed");
}

static const struct command {
    const char *group, *verb;
    bool named; /* takes a NAME */
    int (*run)(struct request *request);
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
static void
take_site(struct request *request, const char *value)
{
    if (!site_choice_add(&request->sites, value))
        command_complain_of(value, "--site names no site of the configuration");
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
        else if (strcmp(arguments[i], "--site") == 0 && more)
            take_site(request, arguments[++i]);
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

static int
run(const struct command *command, struct request *request)
{
    const char *why = NULL;
    enum sp_error error = open_accounts(request->config, &request->accounts, &why);
    if (error != SP_OK)
        return command_complain(why != NULL && why[0] != '\0' ? why : sp_error_text(error));
    int status = command->run(request);
    accounts_close(request->accounts);
    return status;
}

/* An unknown site ends every command; 'user add' says first what else is wrong. */
static bool
waits_for_faults(const struct command *command)
{
    return command->run == user_add;
}

int
command_run(const struct config *config, int count, char **arguments)
{
    struct request request = { .config = config, .sites = { .config = config } };
    const struct command *command = find_command(count, arguments);
    int status = EXIT_USAGE;
    if (command == NULL)
        command_complain("no such command; see --help");
    else if (parse(command, count, arguments, &request) && (!request.sites.has_unknown || waits_for_faults(command)))
        status = run(command, &request);
    free(request.sites.keys);
    return status;
}
