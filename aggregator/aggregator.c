#include "aggregator.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <event2/event.h>

#include "activity.h"
#include "declaration.h"
#include "endpoint.h"
#include "readers.h"
#include "scheduler.h"
#include "sporlos/address_page.h"
#include "sporlos/clock.h"
#include "sporlos/handover.h"
#include "sporlos/log.h"
#include "sporlos/upgrade.h"
#include "workers.h"

enum {
    DRAIN_PATIENCE_S = 10, /* connections that are still answering at SIGTERM get this long */
    CONNECTION_MAX = 1000, /* people and programs, not visitors */
    SIGNAL_COUNT = 4,
    TICK_S = 5,               /* how late what was announced may come into force */
    ANSWER_PATIENCE_MS = 500, /* the loop waits no longer for somebody else's transaction */
};

/* What is made of one configuration, and made anew for the next. */
struct snapshot {
    struct config *config;
    struct declarations *declarations;
    struct archive *archive;
    struct accounts *accounts;
    struct scheduler *scheduler;
    struct workers *readers;
    struct endpoint endpoint;
};

struct aggregator {
    const char *config_path;
    char *const *arguments;
    struct event_base *base;
    struct metrics metrics;
    struct snapshot now;
    struct http_server *public, *ops;
    struct upgrade *upgrade;
    struct event *signals[SIGNAL_COUNT];
    struct event *tick;
    bool failed;       /* neither the new program nor the old one can go on */
    unsigned draining; /* servers that have connections left after SIGTERM */
};

/* ---- one configuration's parts ---- */

static void
snapshot_fini(struct snapshot *snapshot)
{
    scheduler_free(snapshot->scheduler);
    workers_free(snapshot->readers); /* before those who asked them */
    dashboard_free(snapshot->endpoint.dashboard);
    api_free(snapshot->endpoint.api);
    if (snapshot->accounts != NULL)
        accounts_close(snapshot->accounts);
    archive_close(snapshot->archive);
    if (snapshot->config != NULL)
        config_free(snapshot->config);
    declarations_free(snapshot->declarations);
    *snapshot = (struct snapshot){ .config = NULL };
}

/*
 * In the order in which they need each other. The declarations go first: they bring the archive's schema up to date,
 * and narrow the configuration to what is in force before anybody else reads it.
 */
static enum sp_error
open_parts(struct snapshot *snapshot, struct event_base *base, struct metrics *metrics, const char **why)
{
    const struct config *config = snapshot->config;
    enum sp_error error = declarations_take_over(snapshot->config, clock_wall_s(), &snapshot->declarations, why);
    if (error == SP_OK)
        error = scheduler_new(config, metrics, &snapshot->scheduler, why);
    if (error == SP_OK)
        error = archive_open(config->aggregator.archive, ARCHIVE_READ, &snapshot->archive, why);
    if (error == SP_OK)
        error = accounts_open(config->aggregator.archive, &snapshot->accounts, why);
    if (error != SP_OK)
        return error;
    accounts_set_patience(snapshot->accounts, ANSWER_PATIENCE_MS);
    error = readers_new(base, config->aggregator.archive, &snapshot->readers, why);
    if (error != SP_OK)
        return error;
    *why = "out of memory";
    snapshot->endpoint = (struct endpoint){ .config = config, .archive = snapshot->archive, .metrics = metrics };
    error = api_new(config, snapshot->accounts, snapshot->readers, &snapshot->endpoint.api);
    if (error == SP_OK)
        error = dashboard_new(config, snapshot->archive, snapshot->accounts, &snapshot->endpoint.dashboard);
    if (error == SP_OK) {
        dashboard_declare(snapshot->endpoint.dashboard, snapshot->declarations);
        dashboard_observe(snapshot->endpoint.dashboard, metrics->activity);
    }
    return error;
}

static enum sp_error
snapshot_init(struct snapshot *snapshot, const char *config_path, struct event_base *base, struct metrics *metrics)
{
    *snapshot = (struct snapshot){ .config = NULL };
    enum sp_error error = config_load(config_path, stderr, &snapshot->config);
    if (error != SP_OK)
        return error;
    const char *why = NULL;
    error = open_parts(snapshot, base, metrics, &why);
    if (error == SP_OK)
        error = dashboard_start_workers(snapshot->endpoint.dashboard, base, snapshot->readers, &why);
    if (error != SP_OK) {
        fprintf(stderr, "sporlos-aggregator: %s\n", why != NULL && why[0] != '\0' ? why : sp_error_text(error));
        snapshot_fini(snapshot);
    }
    return error;
}

/* ---- requests ---- */

static bool
on_accept(void *context, enum http_arrival arrival, const struct sockaddr *address, socklen_t length,
          unsigned char peer[HTTP_PEER_BYTES])
{
    struct aggregator *self = context;
    return endpoint_accept(&self->now.endpoint, arrival, address, length, peer);
}

static void
on_public(void *context, struct http_exchange *exchange, const struct http_request *request)
{
    struct aggregator *self = context;
    endpoint_public(&self->now.endpoint, exchange, request);
    forget_stack_deep(); /* names, passwords, tokens: whatever was decoded on it */
}

static void
word_refusal(void *context, int status, const struct http_request *request, struct span *headers, struct span *body)
{
    struct aggregator *self = context;
    endpoint_word_refusal(&self->now.endpoint, status, request, headers, body);
}

static void
on_ops(void *context, struct http_exchange *exchange, const struct http_request *request)
{
    struct aggregator *self = context;
    endpoint_ops(&self->now.endpoint, exchange, request);
    forget_stack_deep();
}

static enum sp_error
listen_on(struct aggregator *self, const struct text_list *addresses, struct handover *handover,
          void (*on_request)(void *, struct http_exchange *, const struct http_request *), struct http_server **server)
{
    struct http_server_options options = http_server_defaults();
    options.body_max_bytes = API_BODY_MAX;
    options.connection_max = CONNECTION_MAX;
    options.drain_ms = (int)self->now.config->aggregator.drain_ms;
    const struct http_handler handler = { .on_accept = on_accept, .on_request = on_request, .context = self };
    enum sp_error error = http_server_new(self->base, &options, &handler, server);
    if (error != SP_OK)
        fprintf(stderr, "sporlos-aggregator: cannot make a server: %s\n", sp_error_text(error));
    else if (on_request == on_public)
        http_server_word_refusals(*server, word_refusal, self);
    for (size_t i = 0; error == SP_OK && i < addresses->count; i++) {
        const char *why = NULL;
        error = handover_listen(handover, *server, addresses->items[i], false, &why);
        if (error != SP_OK)
            fprintf(stderr, "sporlos-aggregator: cannot listen on %s: %s\n", addresses->items[i],
                    why == NULL ? sp_error_text(error) : why);
    }
    return error;
}

/* ---- signals ---- */

static void
on_drained(void *context)
{
    struct aggregator *self = context;
    if (--self->draining == 0)
        event_base_loopbreak(self->base);
}

static void
on_end(evutil_socket_t number, short what, void *context)
{
    (void)what;
    struct aggregator *self = context;
    if (self->draining > 0) {
        event_base_loopbreak(self->base); /* asked twice */
        return;
    }
    if (!upgrade_yield(self->upgrade, number))
        return;
    LOG_BARE(LOG_INFO, "ending");
    self->draining = 2;
    event_base_loopexit(self->base, &(struct timeval){ .tv_sec = DRAIN_PATIENCE_S });
    http_server_drain(self->public, on_drained, self);
    http_server_drain(self->ops, on_drained, self);
}

/*
 * The old parts serve until the new ones stand. Two jobs threads overlap for a moment; the lease and the archive's
 * transaction keep them apart.
 */
static void
on_reload(evutil_socket_t number, short what, void *context)
{
    (void)number;
    (void)what;
    struct aggregator *self = context;
    struct snapshot next;
    if (snapshot_init(&next, self->config_path, self->base, &self->metrics) != SP_OK) {
        LOG_BARE(LOG_ERROR, "reload_refused");
        return;
    }
    struct snapshot old = self->now;
    self->now = next;
    dashboard_inherit(next.endpoint.dashboard, old.endpoint.dashboard);
    workers_finish(old.readers);
    snapshot_fini(&old);
    LOG(LOG_INFO, "reloaded", { "sites", (int64_t)self->now.config->site_count });
}

/* The day has come: what was announced is in force from now on. Or Redis, which did not answer, is asked again. */
static void
on_tick(evutil_socket_t number, short what, void *context)
{
    struct aggregator *self = context;
    if (clock_wall_s() < self->now.declarations->next_s)
        return;
    LOG_BARE(LOG_INFO, "declaration_due");
    on_reload(number, what, context);
}

/* ---- upgrade ---- */

static void
on_upgrade(evutil_socket_t number, short what, void *context)
{
    (void)number;
    (void)what;
    struct aggregator *self = context;
    if (self->draining == 0)
        upgrade_begin(self->upgrade);
}

/* Waits for the round of draining that is under way, which gives back its lease. */
static void
prepare_upgrade(void *context)
{
    struct aggregator *self = context;
    snapshot_fini(&self->now);
    upgrade_exec(self->upgrade);
    /* Still here; a request that was cut short in the middle may be whole before the loop turns. */
    if (snapshot_init(&self->now, self->config_path, self->base, &self->metrics) == SP_OK)
        return;
    LOG_BARE(LOG_ERROR, "not_restarted");
    self->failed = true;
    event_base_loopbreak(self->base);
}

static void
on_upgrade_failed(void *context)
{
    (void)context; /* prepare_upgrade has seen to it */
}

static enum sp_error
prepare_for_upgrade(struct aggregator *self)
{
    const struct upgrade_plan plan = {
        .arguments = self->arguments,
        .check = "--check-config",
        .check_ms = UPGRADE_CHECK_MS,
        .hold_ms = (int)self->now.config->aggregator.drain_ms,
        .prepare = prepare_upgrade,
        .failed = on_upgrade_failed,
        .context = self,
    };
    struct http_server *const servers[] = { self->public, self->ops };
    return upgrade_new(self->base, &plan, servers, sizeof servers / sizeof servers[0], &self->upgrade);
}

/* ---- the whole ---- */

static bool
watch_signals(struct aggregator *self)
{
    const struct {
        int number;
        event_callback_fn call;
    } watched[SIGNAL_COUNT] = {
        { SIGTERM, on_end }, { SIGINT, on_end }, { SIGHUP, on_reload }, { SIGUSR2, on_upgrade }
    };
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        self->signals[i] = evsignal_new(self->base, watched[i].number, watched[i].call, self);
        if (self->signals[i] == NULL || event_add(self->signals[i], NULL) != 0)
            return false;
    }
    self->tick = event_new(self->base, -1, EV_PERSIST, on_tick, self);
    return self->tick != NULL && event_add(self->tick, &(struct timeval){ .tv_sec = TICK_S }) == 0;
}

static enum sp_error
listen_all(struct aggregator *self, struct handover *handover)
{
    const struct config *config = self->now.config;
    const char *why = NULL;
    enum sp_error error = listen_on(self, &config->aggregator.listen, handover, on_public, &self->public);
    if (error == SP_OK)
        error = listen_on(self, &config->aggregator.ops_listen, handover, on_ops, &self->ops);
    if (error != SP_OK)
        return error;
    struct http_server *const servers[] = { self->public, self->ops };
    error = handover_settle(handover, servers, 2, "aggregator.listen or aggregator.ops_listen", &why);
    if (error != SP_OK)
        fprintf(stderr, "sporlos-aggregator: %s\n", why);
    return error;
}

/* What fails without a word of its own fails for want of memory. */
static enum sp_error
explained(enum sp_error error)
{
    if (error == SP_NO_MEMORY)
        fputs("sporlos-aggregator: out of memory\n", stderr);
    return error;
}

static enum sp_error
start(struct aggregator *self)
{
    const char *refusal = clock_refusal();
    if (refusal != NULL) {
        fprintf(stderr, "sporlos-aggregator: %s\n", refusal);
        return SP_REFUSED;
    }
    struct handover *handover = NULL;
    const char *why = NULL;
    self->base = event_base_new();
    if (self->base == NULL)
        return explained(SP_NO_MEMORY);
    enum sp_error error = explained(handover_take(&handover, &why));
    if (why != NULL && error == SP_REFUSED)
        fprintf(stderr, "sporlos-aggregator: %s\n", why);
    if (error == SP_OK)
        error = explained(activity_new(&self->metrics.activity));
    if (error == SP_OK)
        error = snapshot_init(&self->now, self->config_path, self->base, &self->metrics);
    if (error == SP_OK)
        error = listen_all(self, handover);
    handover_free(handover);
    if (error == SP_OK)
        error = explained(prepare_for_upgrade(self));
    return error != SP_OK || watch_signals(self) ? error : explained(SP_NO_MEMORY);
}

static void
stop(struct aggregator *self)
{
    upgrade_free(self->upgrade);
    if (self->public != NULL)
        http_server_free(self->public);
    if (self->ops != NULL)
        http_server_free(self->ops);
    snapshot_fini(&self->now);
    activity_free(self->metrics.activity);
    for (int i = 0; i < SIGNAL_COUNT; i++)
        if (self->signals[i] != NULL)
            event_free(self->signals[i]);
    if (self->tick != NULL)
        event_free(self->tick);
    if (self->base != NULL)
        event_base_free(self->base);
}

int
aggregator_run(const char *config_path, char *const *arguments)
{
    struct aggregator self = { .config_path = config_path, .arguments = arguments };
    enum sp_error error = start(&self);
    if (error == SP_OK) {
        handover_signals(true);
        LOG(LOG_INFO, "started", { "sites", (int64_t)self.now.config->site_count });
        event_base_dispatch(self.base);
        LOG_BARE(LOG_INFO, "ended");
    }
    stop(&self);
    if (self.failed)
        return EXIT_FAILURE;
    return error == SP_OK ? EXIT_SUCCESS : error == SP_CONFIG || error == SP_REFUSED ? EXIT_CONFIG : EXIT_FAILURE;
}
