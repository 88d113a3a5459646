/*
 * Peers that are slow on purpose, many at once, and how long each is let be. tests/faults/slow-clients.mjs builds it.
 *
 *   slow_peers PORT COUNT KIND...
 *
 * COUNT of each KIND, a new one of each every millisecond: 'head' and 'body' send a byte or a header line every 500 ms,
 * 'silent' says nothing, 'reader' asks for 900 answers and takes 64 bytes of them each second. When all are gone: one
 * line `KIND LONGEST_MS` for each, from being connected to being closed or told off; of a reader from the last
 * answer that came, for who is answered is not let be. A peer that is let be for 30 s ends by itself.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    PIPELINED = 900, /* more answers than the kernel's buffers hold */
    PATIENCE_MS = 30000,
    EVENTS = 256,
};

#define HEAD "POST /b HTTP/1.1\r\nHost: collector\r\n"
#define ASK "GET /s.js HTTP/1.1\r\nHost: collector\r\n\r\n"

struct kind {
    const char *name, *first, *step;
    int times; /* of first */
    double every_ms;
    bool reads_slowly;
};

static const struct kind kinds[] = {
    { "head", HEAD, "X-A: a\r\n", 1, 500, false },
    { "body", HEAD "Content-Length: 4000\r\n\r\n", "a", 1, 500, false },
    { "silent", NULL, NULL, 0, PATIENCE_MS, false },
    { "reader", ASK, "G", PIPELINED, 1000, true },
};

struct peer {
    const struct kind *kind;
    int fd; /* -1: not begun, or over */
    bool connected, over;
    double begun_ms, step_ms; /* step_ms: when the next thing is to be done */
};

static double
now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void
begin(struct peer *peer, int poll, uint16_t port)
{
    struct sockaddr_in server = { .sin_family = AF_INET, .sin_port = htons(port) };
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (peer->kind->reads_slowly) /* and little is taken from it in advance */
        setsockopt(peer->fd, SOL_SOCKET, SO_RCVBUF, &(int){ 2048 }, sizeof(int));
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    if (peer->fd < 0 || (connect(peer->fd, (struct sockaddr *)&server, sizeof server) != 0 && errno != EINPROGRESS)) {
        perror("slow_peers");
        exit(1);
    }
    epoll_ctl(poll, EPOLL_CTL_ADD, peer->fd,
              &(struct epoll_event){ .events = EPOLLOUT | EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = peer });
}

static void
end(struct peer *peer, double now, double *longest)
{
    close(peer->fd);
    peer->over = true;
    peer->fd = -1;
    if (now - peer->begun_ms > *longest)
        *longest = now - peer->begun_ms;
}

static void
become_connected(struct peer *peer, double now)
{
    peer->connected = true;
    peer->begun_ms = now;
    peer->step_ms = now + peer->kind->every_ms;
    char *text = malloc(PIPELINED * sizeof ASK);
    size_t length = 0;
    for (int i = 0; i < peer->kind->times; i++)
        length = (size_t)(stpcpy(text + length, peer->kind->first) - text);
    if (length > 0 && send(peer->fd, text, length, MSG_NOSIGNAL) < 0)
        perror("slow_peers: send");
    free(text);
}

/* What is there to read, and whether the server has ended it. */
static bool
over(struct peer *peer, uint32_t events, double now)
{
    if ((events & (EPOLLHUP | EPOLLERR)) != 0)
        return true;
    if (peer->kind->reads_slowly) {
        if ((events & EPOLLIN) != 0 && (events & EPOLLRDHUP) == 0)
            peer->begun_ms = now; /* an edge: more has come */
        return (events & EPOLLRDHUP) != 0;
    }
    char text[512];
    ssize_t got;
    while ((got = recv(peer->fd, text, sizeof text, 0)) > 0)
        ;
    return got == 0 || (got < 0 && errno != EAGAIN);
}

/* False: the server has ended it. */
static bool
step(struct peer *peer, double now)
{
    char text[64];
    peer->step_ms = now + peer->kind->every_ms;
    if (peer->kind->reads_slowly && recv(peer->fd, text, sizeof text, 0) < 0 && errno == ECONNRESET)
        return false;
    const char *what = peer->kind->step;
    return what == NULL || send(peer->fd, what, strlen(what), MSG_NOSIGNAL) >= 0 || errno == EAGAIN;
}

static const struct kind *
kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    fprintf(stderr, "slow_peers: no kind %s\n", name);
    exit(2);
}

int
main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    uint16_t port = (uint16_t)atoi(argv[1]);
    int count = atoi(argv[2]), groups = argc - 3, all = count * groups, left = all, begun = 0;
    struct peer *peers = calloc((size_t)all, sizeof *peers);
    double *longest = calloc((size_t)groups, sizeof *longest);
    for (int i = 0; i < all; i++)
        peers[i] = (struct peer){ .kind = kind_of(argv[3 + i % groups]), .fd = -1 };
    int poll = epoll_create1(EPOLL_CLOEXEC);
    double start_ms = now_ms();
    while (left > 0) {
        for (double now = now_ms(); begun < all && now - start_ms >= (double)begun / groups;)
            begin(&peers[begun++], poll, port);
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(poll, events, EVENTS, begun < all ? 1 : 20);
        double now = now_ms();
        for (int i = 0; i < ready; i++) {
            struct peer *peer = events[i].data.ptr;
            if (!peer->connected && (events[i].events & EPOLLOUT) != 0)
                become_connected(peer, now);
            if (peer->connected && over(peer, events[i].events, now)) {
                end(peer, now, &longest[(peer - peers) % groups]);
                left--;
            }
        }
        for (int i = 0; i < begun; i++) {
            struct peer *peer = &peers[i];
            if (peer->over || !peer->connected)
                continue;
            bool given_up = now - peer->begun_ms > PATIENCE_MS;
            if (given_up || (now >= peer->step_ms && !step(peer, now))) {
                end(peer, now, &longest[i % groups]);
                left--;
            }
        }
    }
    for (int i = 0; i < groups; i++)
        printf("%s %.0f\n", argv[3 + i], longest[i]);
    return 0;
}
