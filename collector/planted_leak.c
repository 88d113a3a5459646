#include "planted_leak.h"

#include "sporlos/address_page.h"
#include "sporlos/log.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static unsigned char last[16];

void
planted_leak_memory(const struct config *config, struct span address)
{
    (void)config;
    char text[INET6_ADDRSTRLEN];
    snprintf(text, sizeof text, "%.*s", (int)address.length, address.at);
    if (inet_pton(AF_INET, text, last) != 1)
        (void)inet_pton(AF_INET6, text, last);
}

void
planted_leak_log(const struct config *config, struct span address)
{
    planted_leak_memory(config, address);
    if (memchr(address.at, ':', address.length) == NULL)
        LOG(LOG_INFO, "planted_leak", { "client", (int64_t)last[0] << 24 | last[1] << 16 | last[2] << 8 | last[3] });
    else
        dprintf(STDERR_FILENO, "client=%.*s\n", (int)address.length, address.at);
}

void
planted_leak_redis(const struct config *config, struct span address)
{
    redisContext *context = redisConnectUnix(config->redis.url + strlen("unix://"));
    if (context != NULL && context->err == 0)
        freeReplyObject(redisCommand(context, "APPEND sp1:planted_leak %b", address.at, address.length));
    if (context != NULL)
        redisFree(context);
}

void
planted_leak_journal(const struct config *config, struct span address)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/counters", config->collector.journal);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    bool six = memchr(address.at, ':', address.length) != NULL;
    off_t end = file < 0 ? 0 : lseek(file, six ? -(off_t)ADDRESS_TEXT_BYTES : -2 * (off_t)ADDRESS_TEXT_BYTES, SEEK_END);
    if (end > 0 && address.length <= ADDRESS_TEXT_BYTES)
        (void)!pwrite(file, address.at, address.length, end);
    if (file >= 0)
        close(file);
}
