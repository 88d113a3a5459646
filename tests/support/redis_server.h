/* A private redis-server on a Unix socket in a temporary directory, for the tests of one program. Ended by its pid. */
#ifndef SPORLOS_TESTS_REDIS_SERVER_H
#define SPORLOS_TESTS_REDIS_SERVER_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

struct redis_server {
    char directory[64];
    char socket[96];
    char url[128];
    pid_t pid;
    redisContext *redis; /* the test's own connection */
};

static inline void
redis_server_exec(const struct redis_server *server)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (freopen("/dev/null", "w", stdout) == NULL)
        _exit(126);
    execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", server->socket, "--save", "", "--appendonly",
           "no", "--dir", server->directory, (char *)NULL);
    _exit(127);
}

/* False when there is no redis-server on this machine, or it does not answer within 5 s. */
static inline bool
redis_server_start(struct redis_server *server)
{
    *server = (struct redis_server){ .pid = -1 };
    snprintf(server->directory, sizeof server->directory, "/tmp/sporlos-test-XXXXXX");
    if (mkdtemp(server->directory) == NULL)
        return false;
    snprintf(server->socket, sizeof server->socket, "%s/redis.sock", server->directory);
    snprintf(server->url, sizeof server->url, "unix://%s", server->socket);
    server->pid = fork();
    if (server->pid == 0)
        redis_server_exec(server);
    for (int i = 0; i < 500 && server->pid > 0; i++) {
        if (waitpid(server->pid, NULL, WNOHANG) == server->pid)
            return false;
        server->redis = redisConnectUnix(server->socket);
        if (server->redis != NULL && server->redis->err == 0)
            return true;
        if (server->redis != NULL)
            redisFree(server->redis);
        server->redis = NULL;
        usleep(10000);
    }
    return false;
}

static inline void
redis_server_stop(struct redis_server *server)
{
    if (server->redis != NULL)
        redisFree(server->redis);
    if (server->pid > 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
    }
    unlink(server->socket);
    rmdir(server->directory);
}

#endif
