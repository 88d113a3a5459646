/* What http_parser reads from bytes, in a file of its own: its names are ours too. */
#ifndef SPORLOS_HTTP_ORACLE_H
#define SPORLOS_HTTP_ORACLE_H

#include <stdbool.h>
#include <stddef.h>

struct oracle_reading {
    const char *method;
    const char *target; /* borrows from the bytes */
    size_t target_length;
    size_t body;       /* bytes */
    unsigned headers;  /* lines */
    size_t name_bytes; /* of their names */
    bool head_seen;    /* whole */
    bool complete;     /* the request as a whole was seen */
    bool keep_alive;   /* once the head was seen */
};

/* The first request of length bytes. False: http_parser refuses it. */
bool oracle_read(const char *at, size_t length, struct oracle_reading *reading);

#endif
