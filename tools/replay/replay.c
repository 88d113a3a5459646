#include "replay.h"

#include "log_source.h"
#include "request.h"
#include "sender.h"
#include "sporlos/clock.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    STATUS_COUNT = 600,
    AT_ONCE = 1000,     /* views before the event loop has its turn */
    LOOK_AGAIN_MS = 20, /* at a pipe that has nothing */
    PROGRESS_S = 10,    /* between two lines */
    PROGRESS_TERMINAL_S = 1,
    LAST_ANSWERS_MS = 5000, /* how long an interrupted replay waits */
    DEAF_ROUNDS = 3,        /* all connections without any answer, so many times over: nobody is there */
};

struct replay {
    const struct replay_options *options;
    struct request_target target;
    struct event_base *base;
    struct event *turn, *progress, *deadline, *signals[2];
    struct sender *sender;
    struct log_source *log;
    struct synthetic *synthetic;
    struct pace pace;
    int64_t begun_ms, due_ms;
    size_t length; /* of request; 0: the next view has to be fetched */
    bool ended, interrupted, terminal, deaf;
    uint64_t sent, unanswered, taken, unanswered_in_a_row;
    uint64_t statuses[STATUS_COUNT];
    char request[REQUEST_BYTES_MAX];
};

static struct log_statistics
log_statistics(const struct replay *replay)
{
    return replay->log == NULL ? (struct log_statistics){ 0 } : log_source_statistics(replay->log);
}

static double
seconds(const struct replay *replay)
{
    int64_t ms = clock_monotonic_ms() - replay->begun_ms;
    return ms < 1 ? 0.001 : (double)ms / 1000;
}

/* ---- what is told ---- */

static void
on_progress(evutil_socket_t number, short what, void *context)
{
    struct replay *replay = context;
    struct log_statistics log = log_statistics(replay);
    (void)number, (void)what;
    fprintf(stderr,
            "%s%" PRIu64 " sent, %" PRIu64 " taken, %" PRIu64 " not, %.1f beacons/s, %" PRIu64 " lines refused%s",
            replay->terminal ? "\r" : "", replay->sent, replay->taken,
            replay->sent - replay->taken - (replay->sender == NULL ? 0 : sender_pending(replay->sender)),
            (double)replay->sent / seconds(replay), log.refused, replay->terminal ? "\033[K" : "\n");
    fflush(stderr);
}

static void
summarize(const struct replay *replay, FILE *out)
{
    struct log_statistics log = log_statistics(replay);
    double elapsed_s = seconds(replay);
    if (replay->terminal)
        fputc('\n', stderr);
    if (replay->interrupted)
        fprintf(out, "interrupted\n");
    fprintf(out, "%s %" PRIu64 "\n", replay->options->print ? "printed" : "sent", replay->sent);
    for (int status = 0; status < STATUS_COUNT; status++) {
        if (replay->statuses[status] > 0)
            fprintf(out, "answered %d: %" PRIu64 "\n", status, replay->statuses[status]);
    }
    if (!replay->options->print)
        fprintf(out, "unanswered %" PRIu64 "\n", replay->unanswered);
    if (replay->log != NULL)
        fprintf(out, "lines %" PRIu64 "\nno page views %" PRIu64 "\nrefused lines %" PRIu64 "\n", log.lines, log.others,
                log.refused);
    fprintf(out, "seconds %.1f\nbeacons/s %.1f\n", elapsed_s, (double)replay->sent / elapsed_s);
}

/* ---- one view after the other ---- */

static void
again_in(struct replay *replay, int64_t ms)
{
    const struct timeval wait = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
    evtimer_add(replay->turn, &wait);
}

/* The next view becomes the request that is to be sent. False: there is none now. */
static bool
fetch(struct replay *replay)
{
    struct view view;
    enum source_state state;
    if (replay->synthetic != NULL)
        state = synthetic_next(replay->synthetic, &view) ? SOURCE_VIEW : SOURCE_END;
    else
        state = log_source_next(replay->log, &view);
    replay->ended = state == SOURCE_END;
    if (state == SOURCE_WAIT)
        again_in(replay, LOOK_AGAIN_MS);
    if (state != SOURCE_VIEW)
        return false;
    replay->due_ms = replay->begun_ms + pace_next_ms(&replay->pace, view.time_s);
    if (replay->options->print) {
        char network[NETWORK_TEXT_MAX];
        network_write(&view.network, network);
        replay->length = form_write(replay->options->site, &view, replay->request);
        printf("%s %" PRId64 " %.*s %.*s\n", network, view.time_s, (int)replay->length, replay->request,
               (int)view.agent.length, view.agent.length > 0 ? view.agent.at : "");
        return true;
    }
    replay->length = request_write(&replay->target, &view, replay->request);
    return replay->length > 0;
}

static void
count(struct replay *replay, int status)
{
    replay->unanswered_in_a_row = status == 0 ? replay->unanswered_in_a_row + 1 : 0;
    if (status == 0)
        replay->unanswered++;
    else
        replay->statuses[status]++;
    if (status >= 200 && status < 300)
        replay->taken++;
    replay->deaf = replay->unanswered_in_a_row >= (uint64_t)DEAF_ROUNDS * replay->options->connections;
}

/* False when it has to wait: for its time, or for a connection. */
static bool
send_next(struct replay *replay)
{
    int64_t wait_ms = replay->due_ms - clock_monotonic_ms();
    if (wait_ms > 0) {
        again_in(replay, wait_ms);
        return false;
    }
    if (!replay->options->print && !sender_is_free(replay->sender))
        return false;
    replay->sent++;
    if (!replay->options->print && sender_send(replay->sender, span_of(replay->request, replay->length)) != SP_OK)
        count(replay, 0);
    replay->length = 0;
    return true;
}

static void
pump(struct replay *replay)
{
    for (int i = 0; i < AT_ONCE && !replay->ended && !replay->interrupted && !replay->deaf; i++) {
        if (replay->length == 0 && !fetch(replay))
            break;
        if (!send_next(replay))
            return;
        if (i == AT_ONCE - 1)
            again_in(replay, 0);
    }
    bool over = replay->ended || replay->interrupted || replay->deaf;
    if (over && (replay->sender == NULL || sender_pending(replay->sender) == 0))
        event_base_loopbreak(replay->base);
}

static void
on_answer(void *context, int status)
{
    count(context, status);
    pump(context);
}

static void
on_turn(evutil_socket_t number, short what, void *context)
{
    (void)number, (void)what;
    pump(context);
}

static void
on_deadline(evutil_socket_t number, short what, void *context)
{
    struct replay *replay = context;
    (void)number, (void)what;
    replay->unanswered += sender_pending(replay->sender);
    event_base_loopbreak(replay->base);
}

static void
on_signal(evutil_socket_t number, short what, void *context)
{
    struct replay *replay = context;
    const struct timeval wait = { .tv_sec = LAST_ANSWERS_MS / 1000 };
    (void)number, (void)what;
    replay->interrupted = true;
    evtimer_add(replay->deadline, &wait);
    pump(replay);
}

/* ---- beginning and end ---- */

static int
complain(const char *what, const char *why)
{
    fprintf(stderr, "sporlos-replay: %s: %s\n", what, why);
    return EXIT_FAILURE;
}

static int
open_sender_at(struct replay *replay, const struct sockaddr *address, socklen_t length)
{
    const struct sender_handler handler = { on_answer, replay };
    if (sender_new(replay->base, address, length, replay->options->connections, &handler, &replay->sender) == SP_OK)
        return 0;
    return complain("connections", sp_error_text(SP_NO_MEMORY));
}

static int
open_sender(struct replay *replay)
{
    const struct replay_options *options = replay->options;
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
    struct addrinfo *found = NULL;
    if (options->port[0] == '\0') {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        if (strlen(options->node) >= sizeof address.sun_path)
            return complain(options->node, "the path is too long for a socket");
        memcpy(address.sun_path, options->node, strlen(options->node));
        return open_sender_at(replay, (const struct sockaddr *)&address, sizeof address);
    }
    int error = getaddrinfo(options->node, options->port, &hints, &found);
    if (error != 0)
        return complain(options->node, gai_strerror(error));
    int status = open_sender_at(replay, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return status;
}

static int
open_source(struct replay *replay)
{
    const struct replay_options *options = replay->options;
    if (options->log == NULL) {
        enum sp_error error = synthetic_new(&options->synthetic, &replay->synthetic);
        return error == SP_OK ? 0 : complain("--synthetic", sp_error_text(error));
    }
    int descriptor = strcmp(options->log, "-") == 0 ? dup(STDIN_FILENO) : open(options->log, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return complain(options->log, strerror(errno));
    if (log_source_new(descriptor, &options->own, stderr, &replay->log) == SP_OK)
        return 0;
    close(descriptor);
    return complain(options->log, sp_error_text(SP_NO_MEMORY));
}

static int
open_events(struct replay *replay)
{
    replay->base = event_base_new();
    if (replay->base == NULL)
        return complain("events", sp_error_text(SP_NO_MEMORY));
    replay->turn = evtimer_new(replay->base, on_turn, replay);
    replay->deadline = evtimer_new(replay->base, on_deadline, replay);
    replay->progress = event_new(replay->base, -1, EV_PERSIST, on_progress, replay);
    replay->signals[0] = evsignal_new(replay->base, SIGINT, on_signal, replay);
    replay->signals[1] = evsignal_new(replay->base, SIGTERM, on_signal, replay);
    const struct timeval often = { .tv_sec = replay->terminal ? PROGRESS_TERMINAL_S : PROGRESS_S };
    if (replay->turn == NULL || replay->deadline == NULL || replay->progress == NULL || replay->signals[0] == NULL ||
        replay->signals[1] == NULL || event_add(replay->progress, &often) != 0 ||
        event_add(replay->signals[0], NULL) != 0 || event_add(replay->signals[1], NULL) != 0)
        return complain("events", sp_error_text(SP_NO_MEMORY));
    return 0;
}

static void
close_all(struct replay *replay)
{
    struct event *events[] = { replay->turn, replay->progress, replay->deadline, replay->signals[0],
                               replay->signals[1] };
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        if (events[i] != NULL)
            event_free(events[i]);
    }
    sender_free(replay->sender);
    log_source_free(replay->log);
    synthetic_free(replay->synthetic);
    if (replay->base != NULL)
        event_base_free(replay->base);
    free(replay);
}

static int
run(struct replay *replay)
{
    replay->begun_ms = clock_monotonic_ms();
    again_in(replay, 0);
    event_base_dispatch(replay->base);
    if (replay->deaf)
        complain(replay->options->host, "the collector does not answer; is it there, and is --to right?");
    summarize(replay, replay->options->print ? stderr : stdout);
    bool whole = replay->options->print || replay->taken == replay->sent;
    return whole && log_statistics(replay).refused == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
replay_run(const struct replay_options *options)
{
    struct replay *replay = calloc(1, sizeof *replay);
    if (replay == NULL)
        return complain("memory", sp_error_text(SP_NO_MEMORY));
    replay->options = options;
    replay->target = (struct request_target){ options->host, options->path, options->site, options->origin };
    replay->terminal = isatty(STDERR_FILENO) == 1;
    if (!options->print)
        replay->pace = options->pace;
    int status = open_source(replay);
    if (status == 0)
        status = open_events(replay);
    if (status == 0 && !options->print)
        status = open_sender(replay);
    if (status == 0)
        status = run(replay);
    close_all(replay);
    return status;
}
