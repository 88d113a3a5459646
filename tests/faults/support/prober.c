/*
 * Beacons at a steady rate over a few kept connections, and how long each took, for tests whose other clients keep this
 * machine busy. tests/faults/support/prober.mjs builds it.
 *
 *   prober PORT CONNECTIONS PER_SECOND
 *
 * An answer's time is the kernel's, of when its bytes came: how late this process is run again does not count. A beacon
 * that found no connection free waits from when it was due. Each line on standard input is answered with one of
 * figures since the last, of the answered: `sent N acknowledged N refused N unanswered N p50_ms F p99_ms F most_ms F`;
 * at the end of standard input it sends no more, waits for the last answers, says the line once more and ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTION_MAX = 64,
    REQUEST_MAX = 1024,
    ANSWER_WAIT_MS = 10000,
    WAITING_MAX = 1 << 20, /* latencies between two lines */
};

struct peer {
    int fd;         /* -1: not connected */
    bool under_way; /* a beacon is */
    double begun_ms;
    char answer[REQUEST_MAX];
    size_t have;
};

struct figures {
    long sent, acknowledged, refused, unanswered;
    size_t count;
};

static struct peer peers[CONNECTION_MAX];
static struct figures figures;
static double latencies[WAITING_MAX];
static struct sockaddr_in server;
static long beacons;

/* The clock of SO_TIMESTAMPNS. */
static double
now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void
connect_peer(struct peer *peer)
{
    *peer = (struct peer){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    if (connect(peer->fd, (const struct sockaddr *)&server, sizeof server) != 0) {
        close(peer->fd);
        peer->fd = -1;
        return;
    }
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    setsockopt(peer->fd, SOL_SOCKET, SO_TIMESTAMPNS, &(int){ 1 }, sizeof(int));
}

static void
lose_peer(struct peer *peer)
{
    figures.unanswered += peer->under_way;
    close(peer->fd);
    connect_peer(peer);
}

static int
make_beacon(char out[REQUEST_MAX], long n)
{
    char body[64];
    int length = snprintf(body, sizeof body, "s=site.example&u=%%2Fside%%2F%ld&n=1", n % 20);
    return snprintf(out, REQUEST_MAX,
                    "POST /b HTTP/1.1\r\nHost: collector\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) "
                    "Gecko/20100101 Firefox/140.0\r\nOrigin: https://site.example\r\nContent-Type: "
                    "text/plain;charset=UTF-8\r\nX-Forwarded-For: 10.%ld.%ld.9\r\nContent-Length: %d\r\n\r\n%s",
                    n % 40, n % 7, length, body);
}

/* due_ms: when it should have been sent, had a connection been free; else 0. */
static void
send_beacon(struct peer *peer, double due_ms)
{
    char request[REQUEST_MAX];
    int length = make_beacon(request, beacons++);
    peer->under_way = true;
    peer->have = 0;
    peer->begun_ms = due_ms > 0 ? due_ms : now_ms();
    figures.sent++;
    if (send(peer->fd, request, (size_t)length, MSG_NOSIGNAL) != length)
        lose_peer(peer);
}

/* When the bytes came that were read last. */
static double
arrival_ms(struct msghdr *message)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS)
            continue;
        struct timespec when;
        memcpy(&when, CMSG_DATA(part), sizeof when);
        return (double)when.tv_sec * 1e3 + (double)when.tv_nsec / 1e6;
    }
    return now_ms();
}

static void
take_answer(struct peer *peer, double came_ms)
{
    peer->under_way = false;
    if (strncmp(peer->answer, "HTTP/1.1 204", 12) == 0)
        figures.acknowledged++;
    else
        figures.refused++;
    if (figures.count < WAITING_MAX)
        latencies[figures.count++] = came_ms - peer->begun_ms;
    if (strcasestr(peer->answer, "\r\nconnection: close\r\n") != NULL)
        lose_peer(peer);
}

static void
receive(struct peer *peer)
{
    char control[128];
    struct iovec room = { peer->answer + peer->have, sizeof peer->answer - 1 - peer->have };
    struct msghdr message = {
        .msg_iov = &room, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
    };
    ssize_t got = recvmsg(peer->fd, &message, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        lose_peer(peer);
        return;
    }
    peer->have += (size_t)got;
    peer->answer[peer->have] = '\0';
    /* A refusal has a body behind its head, and is the last answer of its connection. */
    if (peer->under_way && strstr(peer->answer, "\r\n\r\n") != NULL)
        take_answer(peer, arrival_ms(&message));
}

static int
compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void
report(void)
{
    size_t count = figures.count;
    qsort(latencies, count, sizeof *latencies, compare);
    printf("sent %ld acknowledged %ld refused %ld unanswered %ld p50_ms %.2f p99_ms %.2f most_ms %.2f\n", figures.sent,
           figures.acknowledged, figures.refused, figures.unanswered, count == 0 ? 0 : latencies[count / 2],
           count == 0 ? 0 : latencies[count * 99 / 100], count == 0 ? 0 : latencies[count - 1]);
    fflush(stdout);
    figures = (struct figures){ 0 };
}

/* A connection without a beacon, -1 when there is none. */
static int
free_peer(int count)
{
    for (int i = 0; i < count; i++) {
        if (peers[i].fd < 0)
            connect_peer(&peers[i]);
        if (peers[i].fd >= 0 && !peers[i].under_way)
            return i;
    }
    return -1;
}

/* Wait for answers, words, or the time; false at the end of the words. */
static bool
wait_for(int count, double until_ms, bool words)
{
    struct pollfd polled[CONNECTION_MAX + 1];
    for (int i = 0; i < count; i++)
        polled[i] = (struct pollfd){ .fd = peers[i].fd, .events = POLLIN };
    polled[count] = (struct pollfd){ .fd = words ? STDIN_FILENO : -1, .events = POLLIN };
    double left_ms = until_ms - now_ms();
    long ns = left_ms <= 0 ? 0 : (long)(left_ms * 1e6);
    if (ppoll(polled, (nfds_t)count + 1, &(struct timespec){ ns / 1000000000, ns % 1000000000 }, NULL) <= 0)
        return true;
    for (int i = 0; i < count; i++)
        if (polled[i].revents != 0)
            receive(&peers[i]);
    if (polled[count].revents == 0)
        return true;
    char text[64];
    ssize_t got = read(STDIN_FILENO, text, sizeof text);
    if (got > 0)
        report();
    return got > 0;
}

int
main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    server = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])) };
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int count = atoi(argv[2]);
    double every_ms = 1e3 / atof(argv[3]);
    if (count < 1 || count > CONNECTION_MAX)
        return 2;
    for (int i = 0; i < count; i++)
        connect_peer(&peers[i]);
    double due_ms = now_ms();
    for (bool late = false; wait_for(count, due_ms, true);) {
        double now = now_ms();
        if (now < due_ms)
            continue;
        int next = free_peer(count);
        if (next < 0) {
            late = true;
            wait_for(count, now + 1000, false);
            continue;
        }
        send_beacon(&peers[next], late ? due_ms : 0);
        late = late && due_ms + every_ms < now; /* those that were due meanwhile waited too */
        due_ms = late || now - due_ms < every_ms ? due_ms + every_ms : now + every_ms;
    }
    double latest_ms = now_ms() + ANSWER_WAIT_MS;
    while (now_ms() < latest_ms) {
        bool waiting = false;
        for (int i = 0; i < count; i++)
            waiting |= peers[i].fd >= 0 && peers[i].under_way;
        if (!waiting)
            break;
        wait_for(count, latest_ms, false);
    }
    for (int i = 0; i < count; i++)
        figures.unanswered += peers[i].under_way;
    report();
    return 0;
}
