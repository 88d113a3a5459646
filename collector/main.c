/* sporlos-collector: takes beacons, counts them, and pushes the counters to Redis. */
#include "collector.h"
#include "endpoint.h"
#include "flush.h"
#include "sporlos/config.h"
#include "sporlos/log.h"
#include "sporlos/redis_login.h"

#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { END_DEADLINE_MS = 8000, EXIT_USAGE = 64 };

static const char help[] =
    "sporlos-collector: takes beacons, truncates addresses, counts, and pushes the counters to Redis\n"
    "\n"
    "  sporlos-collector --config FILE    run in the foreground; events go to standard error\n"
    "\n"
    "  --config FILE     configuration (default /etc/sporlos/sporlos.yaml), sites.d/*.yaml beside it\n"
    "  --check-config    read it, say everything that is wrong with it, and end: 0 fine, 78 not\n"
    "  --print-config    print the configuration in force, defaults included, secrets masked\n"
    "  --print-options   print the reference of all options as Markdown\n"
    "  --version         print the version\n"
    "  --help            print this\n"
    "\n"
    "  SIGHUP   read the configuration and the municipality data again; the old stay in force on an error\n"
    "  SIGTERM  answer what is under way, flush, end\n";

struct program {
    const char *path;
    struct event_base *base;
    struct collector *collector;
    struct endpoint *endpoint;
    struct flush *flush;
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
    if (program->ending)
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
    if (error == SP_OK && (error = collector_reload(program->collector, config, &why)) != SP_OK) {
        fprintf(stderr, "%s\n", why);
        config_free(config);
    }
    LOG(error == SP_OK ? LOG_INFO : LOG_ERROR, "reloaded", { "in_force", error == SP_OK });
}

/* An address or a key must not end up in a core file. */
static void
forbid_core_dumps(void)
{
    const struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}

static enum sp_error
start(struct program *program, struct config *config, const char **why)
{
    enum sp_error error = collector_new(config, &program->collector, why);
    if (error != SP_OK) {
        config_free(config);
        return error;
    }
    char *redis_url;
    error = redis_login_apply(config->redis.url, config->collector.redis_login, &redis_url, why);
    if (error != SP_OK)
        return error;
    const struct flush_options options = {
        .redis_url = redis_url,
        .connect_timeout_ms = (int)config->redis.connect_timeout_ms,
        .command_timeout_ms = (int)config->redis.command_timeout_ms,
        .interval_ms = (int)config->collector.flush_interval_ms,
        .before_round = collector_turn,
        .context = program->collector,
    };
    *why = "cannot prepare the connection to Redis";
    error = flush_new(program->base, &options, collector_counters(program->collector),
                      collector_sites(program->collector), &program->flush);
    redis_login_free(redis_url);
    if (error != SP_OK)
        return error;
    collector_attach_flush(program->collector, program->flush);
    return endpoint_new(program->base, program->collector, &program->endpoint, why);
}

static int
run(const char *path, struct config *config)
{
    struct program program = { .path = path, .base = event_base_new() };
    const char *why = "out of memory";
    struct event *signals[3] = { NULL };
    signal(SIGPIPE, SIG_IGN);
    enum sp_error error = SP_NO_MEMORY;
    if (program.base != NULL)
        error = start(&program, config, &why);
    if (error == SP_OK) {
        signals[0] = evsignal_new(program.base, SIGTERM, on_end, &program);
        signals[1] = evsignal_new(program.base, SIGINT, on_end, &program);
        signals[2] = evsignal_new(program.base, SIGHUP, on_reload, &program);
        for (int i = 0; i < 3; i++)
            event_add(signals[i], NULL);
        LOG(LOG_INFO, "started", { "sites", sites_count(collector_sites(program.collector)) },
            { "leaves_max", counters_statistics(collector_counters(program.collector)).leaves_max });
        event_base_dispatch(program.base);
        LOG_BARE(LOG_INFO, "ended");
    } else {
        fprintf(stderr, "sporlos-collector: %s\n", why);
        program.status = EXIT_FAILURE;
    }
    for (int i = 0; i < 3; i++) {
        if (signals[i] != NULL)
            event_free(signals[i]);
    }
    endpoint_free(program.endpoint);
    flush_free(program.flush);
    collector_free(program.collector);
    if (program.base != NULL)
        event_base_free(program.base);
    return program.status;
}

enum action { ACTION_RUN, ACTION_CHECK, ACTION_PRINT };

/* What the command line asks for; ends the program for what needs no configuration. */
static enum action
read_arguments(int argc, char **argv, const char **path)
{
    enum { OPTION_CONFIG = 'c', OPTION_CHECK = 1, OPTION_PRINT, OPTION_OPTIONS, OPTION_VERSION, OPTION_HELP = 'h' };
    static const struct option options[] = {
        { "config", required_argument, NULL, OPTION_CONFIG },
        { "check-config", no_argument, NULL, OPTION_CHECK },
        { "print-config", no_argument, NULL, OPTION_PRINT },
        { "print-options", no_argument, NULL, OPTION_OPTIONS },
        { "version", no_argument, NULL, OPTION_VERSION },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    enum action action = ACTION_RUN;
    int option;
    while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
        switch (option) {
        case OPTION_CONFIG:
            *path = optarg;
            break;
        case OPTION_CHECK:
            action = ACTION_CHECK;
            break;
        case OPTION_PRINT:
            action = ACTION_PRINT;
            break;
        case OPTION_OPTIONS:
            config_document(stdout);
            exit(EXIT_SUCCESS);
        case OPTION_VERSION:
            puts("sporlos-collector " SPORLOS_VERSION);
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
    return action;
}

int
main(int argc, char **argv)
{
    const char *path = "/etc/sporlos/sporlos.yaml";
    struct config *config = NULL;
    enum action action = read_arguments(argc, argv, &path);
    if (sodium_init() < 0) {
        fputs("sporlos-collector: no random source\n", stderr);
        return EXIT_FAILURE;
    }
    if (config_load(path, stderr, &config) != SP_OK)
        return EXIT_CONFIG;
    if (action == ACTION_RUN) {
        forbid_core_dumps();
        return run(path, config);
    }
    if (action == ACTION_PRINT) {
        config_print(config, stdout);
        printf("# collector.counter_memory: room for %u leaves\n",
               counters_leaves_in((size_t)config->collector.counter_bytes));
    } else
        printf("%s: fine, %zu sites\n", path, config->site_count);
    config_free(config);
    return EXIT_SUCCESS;
}
