#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "aggregator.h"
#include "command.h"
#include "declaration.h"
#include "redis_link.h"
#include "sporlos/clock.h"
#include "sporlos/config.h"
#include "sporlos/handover.h"
#include "sporlos/process_guard.h"

static const char usage[] =
    "Usage: sporlos-aggregator [--config FILE]              serve and drain until SIGTERM\n"
    "       sporlos-aggregator [--config FILE] --check-config | --print-config\n"
    "       sporlos-aggregator [--config FILE] user add NAME --role reader|editor --site SITE|'*'...\n"
    "       sporlos-aggregator [--config FILE] user add NAME --role administrator\n"
    "       sporlos-aggregator [--config FILE] user password NAME\n"
    "       sporlos-aggregator [--config FILE] user list\n"
    "       sporlos-aggregator [--config FILE] user remove NAME\n"
    "       sporlos-aggregator [--config FILE] token add LABEL --site SITE|'*' [--scope\n"
    "                                                     read:stats|read:popular]...   prints the token, once\n"
    "       sporlos-aggregator [--config FILE] token list      labels, sites and scopes; the tokens are not kept\n"
    "       sporlos-aggregator [--config FILE] token remove LABEL\n"
    "       sporlos-aggregator [--config FILE] report add ADDRESS --site SITE --every week|month [--language "
    "nb|nn|en]\n"
    "       sporlos-aggregator [--config FILE] report list [--site SITE]\n"
    "       sporlos-aggregator [--config FILE] report remove ADDRESS --site SITE --every week|month\n"
    "       sporlos-aggregator --version | --help\n"
    "\n"
    "FILE is /etc/sporlos/sporlos.yaml unless given. Passwords are read from standard input (--password-stdin says so\n"
    "aloud), from a terminal with a prompt and unseen. SIGHUP reads FILE again; an erroneous one changes nothing.\n"
    "SIGUSR2 makes it the program that is at this one's path now; no connection is closed, but everybody logs in "
    "again.\n";

enum { OPTION_CONFIG = 'c', OPTION_CHECK = 'k', OPTION_PRINT = 'p', OPTION_VERSION = 'v', OPTION_HELP = 'h' };

static const struct option options[] = {
    { "config", required_argument, NULL, OPTION_CONFIG }, { "check-config", no_argument, NULL, OPTION_CHECK },
    { "print-config", no_argument, NULL, OPTION_PRINT },  { "version", no_argument, NULL, OPTION_VERSION },
    { "help", no_argument, NULL, OPTION_HELP },           { NULL, 0, NULL, 0 },
};

/* What the archive's declarations say to it. Without an archive there is nothing yet that could be broken. */
static int
check_declarations(const struct config *config)
{
    struct archive *archive = NULL;
    struct redis_link *redis = NULL;
    struct declarations *declarations = NULL;
    const char *why = NULL;
    enum sp_error error = archive_open(config->aggregator.archive, ARCHIVE_READ, &archive, &why);
    if (error != SP_OK && error != SP_NOT_FOUND) {
        fprintf(stderr, "the declarations cannot be compared: %s\n",
                why != NULL && why[0] != '\0' ? why : sp_error_text(error));
        return EXIT_SUCCESS;
    }
    error = declarations_redis(config, &redis, &why);
    if (error == SP_OK)
        error = declarations_new(config, archive, redis, clock_wall_s(), &declarations, &why);
    if (error == SP_OK)
        declarations_print(declarations, config, stdout);
    else
        fprintf(stderr, "%s\n", why);
    declarations_free(declarations);
    redis_link_free(redis);
    archive_close(archive);
    return error == SP_REFUSED ? EXIT_CONFIG : EXIT_SUCCESS;
}

static int
with_config(const char *path, int what, int count, char **arguments)
{
    struct config *config;
    enum sp_error error = config_load(path, stderr, &config);
    if (error != SP_OK)
        return error == SP_CONFIG ? EXIT_CONFIG : EXIT_FAILURE;
    int status = EXIT_SUCCESS;
    if (what == OPTION_PRINT)
        config_print(config, stdout);
    else if (what == OPTION_CHECK && (status = check_declarations(config)) == EXIT_SUCCESS)
        puts("the configuration is valid");
    else if (what == OPTION_CHECK)
        fputs("the configuration is refused\n", stderr);
    else
        status = command_run(config, count, arguments);
    config_free(config);
    return status;
}

int
main(int argc, char **argv)
{
    const char *path = "/etc/sporlos/sporlos.yaml";
    int what = 0;
    int option;
    /* '+': the first word that is no option begins a command with options of its own. */
    while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        if (option == OPTION_CONFIG)
            path = optarg;
        else if (option == '?')
            return EXIT_USAGE;
        else
            what = option;
    }
    if (what == OPTION_HELP)
        return fputs(usage, stdout) < 0;
    if (what == OPTION_VERSION)
        return printf("sporlos-aggregator %s\n", SPORLOS_VERSION) < 0;
    umask(027); /* the archive holds what is never shown */
    if (sodium_init() < 0) {
        fputs("sporlos-aggregator: no random source\n", stderr);
        return EXIT_FAILURE;
    }
    process_guard();
    if (what != 0 || optind < argc)
        return with_config(path, what, argc - optind, argv + optind);
    handover_signals(false); /* until somebody listens to them */
    return aggregator_run(path, argv);
}
