/* sporlos-collector: takes beacons, counts them, and pushes the counters to Redis. */
#include "collector.h"
#include "endpoint.h"
#include "flush.h"
#include "snippet.h"
#include "sporlos/address_page.h"
#include "sporlos/config.h"
#include "sporlos/handover.h"
#include "sporlos/log.h"
#include "sporlos/process_guard.h"
#include "sporlos/redis_login.h"
#include "sporlos/upgrade.h"

#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef SPORLOS_PLANTED_LEAK_NAME
#include "planted_leak.h" /* which refuses releases */
#define VERSION_NOTE "+leaks-" SPORLOS_PLANTED_LEAK_NAME " (a test build that gives addresses away)"
#else
#define VERSION_NOTE ""
#endif

enum {
    END_DEADLINE_MS = 8000,
    UPGRADE_FLUSH_MS = 1000, /* requests wait for it, and the journal keeps what it does not send */
    SIGNAL_COUNT = 4,
    EXIT_USAGE = 64,
};

static const char help[] =
    "sporlos-collector: takes beacons, truncates addresses, counts, and pushes the counters to Redis\n"
    "\n"
    "  sporlos-collector --config FILE    run in the foreground; events go to standard error\n"
    "\n"
    "  --config FILE     configuration (default /etc/sporlos/sporlos.yaml), sites.d/*.yaml beside it\n"
    "  --check-config    read it, say everything that is wrong with it, and end: 0 fine, 78 not\n"
    "  --check-start     the same, and what it names: municipality data, the login at Redis\n"
    "  --print-config    print the configuration in force, defaults included, secrets masked\n"
    "  --print-snippet SITE  print what goes into the pages of a site: script, its digest, policy\n"
    "  --print-options   print the reference of all options as Markdown\n"
    "  --version         print the version\n"
    "  --help            print this\n"
    "\n"
    "  SIGHUP   read the configuration and the municipality data again; the old stay in force on an error\n"
    "  SIGUSR2  become the program that is at this one's path now, without closing a connection; needs a journal\n"
    "  SIGTERM  answer what is under way, flush, end\n";

struct program {
    const char *path;
    char *const *arguments;
    struct event_base *base;
    struct collector *collector;
    struct endpoint *endpoint;
    struct flush *flush;
    struct upgrade *upgrade;
    struct event *signals[SIGNAL_COUNT];
    bool ending;
    int status;
};

static void
on_flushed(void *context, bool complete)
{
    struct program *program = context;
    if (!complete) {
        LOG_BARE(LOG_ERROR, "ended_without_last_flush");
        program->status = EXIT_FAILURE;
    }
    event_base_loopbreak(program->base);
}

static void
on_drained(void *context)
{
    struct program *program = context;
    flush_end(program->flush, !collector_lasts(program->collector), END_DEADLINE_MS, on_flushed, program);
}

static void
on_end(evutil_socket_t signal_number, short events, void *context)
{
    struct program *program = context;
    (void)events;
    if (program->ending || !upgrade_yield(program->upgrade, signal_number))
        return;
    program->ending = true;
    LOG(LOG_INFO, "ending", { "signal", signal_number });
    endpoint_drain(program->endpoint, on_drained, program);
}

static void
on_reload(evutil_socket_t signal_number, short events, void *context)
{
    struct program *program = context;
    struct config *config = NULL;
    const char *why = "";
    (void)signal_number;
    (void)events;
    enum sp_error error = config_load(program->path, stderr, &config);
    if (error != SP_OK)
        collector_reload_refused(program->collector);
    else if ((error = collector_reload(program->collector, config, &why)) != SP_OK) {
        fprintf(stderr, "%s\n", why);
        config_free(config);
    }
    LOG(error == SP_OK ? LOG_INFO : LOG_ERROR, "reloaded", { "in_force", error == SP_OK });
}

/* Once a second. What is left on the stack should be nothing; should it ever be something, it is not so for long. */
static void
before_round(void *collector)
{
    collector_turn(collector);
    forget_stack_deep();
}

static enum sp_error
start_flush(struct program *program, const char **why)
{
    const struct config *config = collector_config(program->collector);
    char *redis_url;
    enum sp_error error = redis_login_apply(config->redis.url, config->collector.redis_login, &redis_url, why);
    if (error != SP_OK)
        return error;
    const struct flush_options options = {
        .redis_url = redis_url,
        .connect_timeout_ms = (int)config->redis.connect_timeout_ms,
        .command_timeout_ms = (int)config->redis.command_timeout_ms,
        .interval_ms = (int)config->collector.flush_interval_ms,
        .before_round = before_round,
        .context = program->collector,
        .names = collector_names(program->collector),
    };
    *why = "cannot prepare the connection to Redis";
    error = flush_new(program->base, &options, collector_counters(program->collector),
                      collector_sites(program->collector), &program->flush);
    redis_login_free(redis_url);
    if (error == SP_OK)
        collector_attach_flush(program->collector, program->flush);
    return error;
}

/* ---- upgrade ---- */

static void
on_upgrade(evutil_socket_t signal_number, short events, void *context)
{
    struct program *program = context;
    (void)signal_number;
    (void)events;
    if (program->ending)
        return;
    if (collector_lasts(program->collector))
        upgrade_begin(program->upgrade);
    else
        fputs("sporlos-collector: no upgrade without collector.journal, in which the counters stay; restart it\n",
              stderr);
}

static void
on_upgrade_flushed(void *context, bool complete)
{
    struct program *program = context;
    (void)complete; /* the journal has the rest */
    upgrade_exec(program->upgrade);
}

/*
 * The journal is enough for a program that understands it. One that does not begins a new one, and what Redis has by
 * then is not lost.
 */
static void
prepare_upgrade(void *context)
{
    struct program *program = context;
    if (flush_statistics(program->flush).connected)
        flush_end(program->flush, false, UPGRADE_FLUSH_MS, on_upgrade_flushed, program);
    else
        upgrade_exec(program->upgrade);
}

static void
on_upgrade_failed(void *context)
{
    struct program *program = context;
    flush_free(program->flush);
    program->flush = NULL;
    collector_attach_flush(program->collector, NULL);
    const char *why = "";
    if (start_flush(program, &why) == SP_OK)
        return;
    fprintf(stderr, "sporlos-collector: %s\n", why);
    LOG_BARE(LOG_ERROR, "flush_not_restarted"); /* the journal has everything for the next process */
    program->status = EXIT_FAILURE;
    event_base_loopbreak(program->base);
}

static enum sp_error
prepare_for_upgrade(struct program *program)
{
    const struct upgrade_plan plan = {
        .arguments = program->arguments,
        .check = "--check-start",
        .check_ms = UPGRADE_CHECK_MS,
        .hold_ms = (int)collector_config(program->collector)->collector.drain_ms,
        .prepare = prepare_upgrade,
        .failed = on_upgrade_failed,
        .context = program,
    };
    struct http_server *servers[ENDPOINT_SERVERS];
    endpoint_servers(program->endpoint, servers);
    enum sp_error error = upgrade_new(program->base, &plan, servers, ENDPOINT_SERVERS, &program->upgrade);
    endpoint_attach_upgrade(program->endpoint, program->upgrade);
    return error;
}

/* ---- beginning and end ---- */

static enum sp_error
watch_signals(struct program *program)
{
    const struct {
        int number;
        event_callback_fn call;
    } watched[SIGNAL_COUNT] = {
        { SIGTERM, on_end }, { SIGINT, on_end }, { SIGHUP, on_reload }, { SIGUSR2, on_upgrade }
    };
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        program->signals[i] = evsignal_new(program->base, watched[i].number, watched[i].call, program);
        if (program->signals[i] == NULL || event_add(program->signals[i], NULL) != 0)
            return SP_NO_MEMORY;
    }
    return SP_OK;
}

static enum sp_error
start_endpoint(struct program *program, const char **why)
{
    struct handover *handover = NULL;
    enum sp_error error = handover_take(&handover, why);
    if (error == SP_OK)
        error = endpoint_new(program->base, program->collector, handover, &program->endpoint, why);
    handover_free(handover);
    return error;
}

static enum sp_error
start(struct program *program, struct config *config, const char **why)
{
    program->base = event_base_new();
    enum sp_error error = program->base == NULL ? SP_NO_MEMORY : collector_new(config, &program->collector, why);
    if (error != SP_OK) {
        config_free(config);
        return error;
    }
    error = start_flush(program, why);
    if (error == SP_OK)
        error = start_endpoint(program, why);
    if (error != SP_OK)
        return error;
    *why = "out of memory";
    error = prepare_for_upgrade(program);
    return error == SP_OK ? watch_signals(program) : error;
}

static void
stop(struct program *program)
{
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        if (program->signals[i] != NULL)
            event_free(program->signals[i]);
    }
    upgrade_free(program->upgrade);
    endpoint_free(program->endpoint);
    flush_free(program->flush);
    collector_free(program->collector);
    if (program->base != NULL)
        event_base_free(program->base);
}

static int
run(const char *path, char *const *arguments, struct config *config)
{
    struct program program = { .path = path, .arguments = arguments };
    const char *why = "out of memory";
    signal(SIGPIPE, SIG_IGN);
    if (start(&program, config, &why) == SP_OK) {
        handover_signals(true);
        LOG(LOG_INFO, "started", { "sites", sites_count(collector_sites(program.collector)) },
            { "leaves_max", counters_statistics(collector_counters(program.collector)).leaves_max });
        event_base_dispatch(program.base);
        LOG_BARE(LOG_INFO, "ended");
    } else {
        fprintf(stderr, "sporlos-collector: %s\n", why);
        program.status = EXIT_FAILURE;
    }
    stop(&program);
    return program.status;
}

enum action { ACTION_RUN, ACTION_CHECK, ACTION_CHECK_START, ACTION_PRINT, ACTION_SNIPPET };

struct wish {
    enum action action;
    const char *path;
    const char *site; /* of ACTION_SNIPPET */
};

/* What the command line asks for; ends the program for what needs no configuration. */
static struct wish
read_arguments(int argc, char **argv)
{
    enum {
        OPTION_CONFIG = 'c',
        OPTION_CHECK = 1,
        OPTION_CHECK_START,
        OPTION_PRINT,
        OPTION_SNIPPET,
        OPTION_OPTIONS,
        OPTION_VERSION,
        OPTION_HELP = 'h'
    };
    static const struct option options[] = {
        { "config", required_argument, NULL, OPTION_CONFIG },
        { "check-config", no_argument, NULL, OPTION_CHECK },
        { "check-start", no_argument, NULL, OPTION_CHECK_START },
        { "print-config", no_argument, NULL, OPTION_PRINT },
        { "print-snippet", required_argument, NULL, OPTION_SNIPPET },
        { "print-options", no_argument, NULL, OPTION_OPTIONS },
        { "version", no_argument, NULL, OPTION_VERSION },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    struct wish wish = { ACTION_RUN, "/etc/sporlos/sporlos.yaml", NULL };
    int option;
    while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
        switch (option) {
        case OPTION_CONFIG:
            wish.path = optarg;
            break;
        case OPTION_CHECK:
            wish.action = ACTION_CHECK;
            break;
        case OPTION_CHECK_START:
            wish.action = ACTION_CHECK_START;
            break;
        case OPTION_PRINT:
            wish.action = ACTION_PRINT;
            break;
        case OPTION_SNIPPET:
            wish.action = ACTION_SNIPPET;
            wish.site = optarg;
            break;
        case OPTION_OPTIONS:
            config_document(stdout);
            exit(EXIT_SUCCESS);
        case OPTION_VERSION:
            puts("sporlos-collector " SPORLOS_VERSION VERSION_NOTE);
            exit(EXIT_SUCCESS);
        case OPTION_HELP:
            fputs(help, stdout);
            exit(EXIT_SUCCESS);
        default:
            fputs("try sporlos-collector --help\n", stderr);
            exit(EXIT_USAGE);
        }
    }
    if (optind < argc) {
        fprintf(stderr, "sporlos-collector: '%s' is not an option; try --help\n", argv[optind]);
        exit(EXIT_USAGE);
    }
    return wish;
}

static int
print_snippet(const struct config *config, const char *name)
{
    const struct site_config *site = config_site(config, span_text(name));
    for (size_t i = 0; site == NULL && i < config->site_count; i++) {
        if (strcmp(config->sites[i].name, name) == 0)
            site = &config->sites[i];
    }
    if (site == NULL) {
        fputs("sporlos-collector: no site of that name is configured\n", stderr);
        return EXIT_FAILURE;
    }
    struct html html = { 0 };
    snippet_write(config, site, &html);
    bool whole = !html.failed && fwrite(html.at, 1, html.length, stdout) == html.length;
    html_fini(&html);
    return whole ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* data: also whether what the configuration names can be read. */
static int
check(const char *path, const struct config *config, bool data)
{
    const char *why = "";
    char *redis_url = NULL;
    enum sp_error error = SP_OK;
    if (data)
        error = collector_check_data(config, &why);
    if (data && error == SP_OK)
        error = redis_login_apply(config->redis.url, config->collector.redis_login, &redis_url, &why);
    redis_login_free(redis_url);
    if (error != SP_OK) {
        fprintf(stderr, "sporlos-collector: %s\n", why);
        return EXIT_FAILURE;
    }
    printf("%s: fine, %zu sites\n", path, config->site_count);
    return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
    struct config *config = NULL;
    const struct wish wish = read_arguments(argc, argv);
    if (wish.action == ACTION_RUN)
        handover_signals(false); /* until somebody listens to them */
    if (sodium_init() < 0) {
        fputs("sporlos-collector: no random source\n", stderr);
        return EXIT_FAILURE;
    }
    enum sp_error error = config_load(wish.path, stderr, &config);
    if (error != SP_OK)
        return error == SP_NO_MEMORY ? EXIT_FAILURE : EXIT_CONFIG;
    if (wish.action == ACTION_RUN) {
        process_guard();
        return run(wish.path, argv, config);
    }
    int status = EXIT_SUCCESS;
    if (wish.action == ACTION_PRINT) {
        config_print(config, stdout);
        printf("# collector.counter_memory: room for %u leaves\n",
               counters_leaves_in((size_t)config->collector.counter_bytes));
    } else if (wish.action == ACTION_SNIPPET)
        status = print_snippet(config, wish.site);
    else
        status = check(wish.path, config, wish.action == ACTION_CHECK_START);
    config_free(config);
    return status;
}
