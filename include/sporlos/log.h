/*
 * One event a line on standard error, as logfmt: an event name from the source and integers. No parameter takes text
 * that could come from outside, so no address, User-Agent or path can reach a log.
 *
 *     LOG(LOG_WARNING, "flush_failed", { "attempt", 3 }, { "pending", 120 });
 */
#ifndef SPORLOS_LOG_H
#define SPORLOS_LOG_H

#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO };

struct log_field {
    const char *name; /* a literal */
    int64_t value;
};

/* Write one event. event is a literal: [a-z_]+. */
void log_event(enum log_level level, const char *event, const struct log_field *fields, size_t count);

#define LOG(level, event, ...)                                                                                         \
    do {                                                                                                               \
        const struct log_field log_fields_[] = { __VA_ARGS__ };                                                        \
        log_event(level, "" event, log_fields_, sizeof log_fields_ / sizeof log_fields_[0]);                           \
    } while (0)

#define LOG_BARE(level, event) log_event(level, "" event, NULL, 0)

#endif
