#include "sporlos/log.h"

#include "sporlos/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { LOG_LINE_MAX = 512 }; /* bytes; below PIPE_BUF, so that lines of several processes never mix */

static const char *const level_names[] = { "error", "warning", "info" };

static size_t
append(char *line, size_t at, int written)
{
    (void)line;
    if (written < 0)
        return at;
    return at + (size_t)written < LOG_LINE_MAX - 1 ? at + (size_t)written : LOG_LINE_MAX - 2;
}

void
log_event(enum log_level level, const char *event, const struct log_field *fields, size_t count)
{
    char line[LOG_LINE_MAX];
    time_t now = (time_t)clock_wall_s();
    struct tm utc;
    gmtime_r(&now, &utc);
    size_t at = append(line, 0, (int)strftime(line, sizeof line, "ts=%Y-%m-%dT%H:%M:%SZ", &utc));
    at = append(line, at, snprintf(line + at, sizeof line - at, " level=%s event=%s", level_names[level], event));
    for (size_t i = 0; i < count; i++)
        at = append(line, at, snprintf(line + at, sizeof line - at, " %s=%" PRId64, fields[i].name, fields[i].value));
    line[at++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, at);
    (void)ignored; /* nowhere is left to say that the log cannot be written */
}
