/* The state of a flush, shared by its rounds (flush.c) and the stages of one (flush_stages.c). */
#ifndef SPORLOS_COLLECTOR_FLUSH_STATE_H
#define SPORLOS_COLLECTOR_FLUSH_STATE_H

#include "flush.h"
#include "flush_call.h"
#include "seals.h"

enum {
    TAKE_MAX = 65536,    /* changed leaves a round; the rest waits for the next, which follows at once */
    END_TICK_MS = 250,   /* at the end others wait: rounds follow one another faster than the option says */
    CALLS_MAX = 16,      /* under way at once: bounds memory and the time between two turns of the loop */
    REPORT_EVERY_S = 30, /* a quarter of SOURCE_SILENT_S */
    POLL_EVERY_ROUNDS = 5,
};

enum flush_state {
    FLUSH_IDLE,
    FLUSH_WRITING,
    FLUSH_SEALING,
    FLUSH_POLLING,
    FLUSH_NAMING,
    FLUSH_AUDITING,
    FLUSH_STATE_COUNT
};

struct call {
    struct flush *flush;
    struct site *site;
    uint64_t number;
    size_t count; /* of slots or seals */
    bool busy;
    union {
        uint32_t slots[CALL_LEAVES_MAX];
        struct period periods[CALL_GROUPS_MAX];
        struct name_id names[CALL_NAMES_MAX];
    };
};

struct flush {
    struct event_base *base;
    struct event *tick;
    struct redis_client *client;
    struct counters *counters;
    struct sites *sites;
    struct names *names; /* borrowed, may be NULL */
    struct seals *seals;
    int64_t start_s;
    enum flush_state state;
    struct call calls[CALLS_MAX];
    unsigned under_way;
    bool failed;       /* something of this round has to be done again */
    uint32_t refused;  /* sites that Redis refused something of, in this round */
    bool unanswered;   /* because no answer came: nothing more of this round is sent */
    bool round_ending; /* this round began when the end had been asked for */
    struct call_builder builder;
    uint32_t *taken; /* changed leaves of this round, sorted */
    size_t taken_count, taken_next;
    struct site **reports; /* sites that have to say that they are alive */
    size_t report_count, report_next, report_max;
    bool names_lost;           /* Redis has lost data: all names are written again */
    int64_t names_patience_s;  /* no calls for names before that, seconds since the epoch */
    size_t name_next;          /* of the reports: whose names may have to be read */
    uint64_t accepted_written; /* the audit counter that Redis has said it took; UINT64_MAX: none */
    bool audited;              /* in this round */
    void (*before_round)(void *context);
    void *before_context;
    bool ending;   /* write everything, then say so */
    bool retiring; /* and seal everything */
    int64_t end_deadline_ms;
    flush_ended *ended;
    void *ended_context;
    struct flush_statistics statistics;
};

/*
 * Send the next call of a stage. False when the stage has nothing left, must wait for an answer, or nobody listens.
 */
typedef bool flush_next(struct flush *flush, struct call *call);
bool flush_write_next(struct flush *flush, struct call *call);
bool flush_seal_next(struct flush *flush, struct call *call);
bool flush_poll_next(struct flush *flush, struct call *call);
bool flush_name_next(struct flush *flush, struct call *call); /* flush_names.c */
bool flush_audit_next(struct flush *flush, struct call *call);

/* Send what the builder holds as that call. */
bool flush_send(struct flush *flush, struct call *call, redis_client_replied *replied);

/* A call that is not under way; NULL for none. */
struct call *flush_free_call(struct flush *flush);

/*
 * Redis may have lost data: every site reports at once, and so compares what Redis has with what it acknowledged.
 */
void flush_compare_all(struct flush *flush);

/* A site whose keys of the wrong type are gone sends again what they have cost it. At the begin of a round. */
void flush_resend_if_mended(struct flush *flush, struct site *site);

/* Go on with the round, after an answer. */
void flush_step(struct flush *flush);

#endif
