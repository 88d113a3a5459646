/*
 * How a period's leaves come from the collectors' memory through Redis into the archive: flush, seal, close.
 * One site, one period; NS sources with NL leaves each; at most NB beacons and NF faults. What stands for what in the
 * code, and what is left out: README.md. Each -D of a broken variant takes one safeguard away; then a check must fail.
 */
#ifndef NS
#define NS 1 /* sources */
#endif
#ifndef NL
#define NL 2 /* leaves of a source; a call carries one, so this is also how many calls a round makes */
#endif
#ifndef NB
#define NB 2 /* beacons */
#endif
#ifndef NF
#define NF 2 /* faults */
#endif
#ifdef PIPELINE
#define NQ 2 /* calls of one site under way at once */
#else
#define NQ 1
#endif
#define NI (NS * NL)
#define SOURCE_OF(leaf) ((leaf) / NL)
#define FIRST(source) ((source) * NL)
#define LAST(source) ((source) * NL + NL - 1)
#define NO_LEAF 255
#define ANY(what, s) (what[FIRST(s)] || what[LAST(s)]) /* NL is 1 or 2 */

/* Kinds of calls, and of replies. */
#define WRITE 1
#define SEAL 2
#define REFUSED_BY_ERROR 3

/* The key closed:PERIOD. */
#define UNMARKED 0
#define FROZEN 1 /* '0' */
#define SHUT 2   /* '1' */

/* A source's round, and what it knows of the period. */
#define IDLE 0
#define WRITING 1
#define SEALING 2
#define COUNTING 0
#define ENDED 1 /* since the round began: its last changes are not written yet */
#define DUE 2
#define DONE 3
#define GONE 4 /* dropped */

typedef Store {
    byte last[NS]; /* flush */
    byte val[NI];  /* leaf; 0: absent */
    bool open[NS];
    bool sealed[NS];
    bool living[NS]; /* sources, reported lately */
    byte mark        /* closed */
};
Store redis, snap;
bool snapped;

/* Collectors. */
byte acc[NI]; /* beacons answered with 204; also what is in memory while kept[] */
bool kept[NS], alive[NS], dirty[NI], taken[NI], report[NS], failed[NS], cold[NS];
byte number[NS], acked[NS], stage[NS], seal[NS];
#ifdef DELTA
byte base[NI];
#endif

/* The connection of each source: calls that Redis has not carried out, replies that are not read. */
chan wire[NS] = [NQ] of { byte, byte, byte, byte, byte };        /* kind, number, expected, leaf, value */
chan reply[NS] = [NQ] of { byte, byte, byte, byte, byte, byte }; /* kind, number, leaf, value, found, mark */
#define UNDER_WAY(s) (len(wire[s]) + len(reply[s]))

/* Calls of connections that were given up, and duplicates: carried out later, any number of times, or never. */
typedef Call {
    byte owner, sort, nth, least, key, sum
};
Call old[NF];
byte old_count;

/* Aggregator and archive. */
byte step; /* 0 looking, 1 picture taken, 2 frozen, 3 archived */
bool archived;
byte pic[NI];
bool pic_sealed[NS], names[NS];
bool heard[NS]; /* the source has talked to Redis since it was unreachable or lost data */

byte beacons, faults;
bool ended, patience;

hidden byte i, k, n, e, l, x, found, mark;

/* ---- Redis: the scripts of collector/flush_call.c ---- */

#ifdef NOGUARD
#define STALE(n, found) false
#else
#define STALE(n, found) ((n) <= (found))
#endif

/* Redis holds less than the source was told that it has. */
#if defined(SEALBLIND)
#define SHORT(k, e, found) ((k) == WRITE && (found) < (e))
#elif defined(NOEXPECT)
#define SHORT(k, e, found) ((k) == SEAL && (found) < (e))
#else
#define SHORT(k, e, found) ((found) < (e))
#endif

inline put(s, kind, leaf, value)
{
    if
    :: kind == SEAL && redis.mark == UNMARKED -> redis.sealed[s] = true; redis.open[s] = true
    :: kind == WRITE && leaf != NO_LEAF && redis.mark == UNMARKED ->
        redis.open[s] = true;
#ifdef DELTA
        redis.val[leaf] = redis.val[leaf] + value
#else
        redis.val[leaf] = value
#endif
    :: kind == WRITE && leaf != NO_LEAF && redis.mark != UNMARKED -> mark = redis.mark
    :: else
    fi;
    redis.living[s] = redis.living[s] || kind == WRITE
}

inline execute(s, kind, num, expected, leaf, value)
{
    found = redis.last[s];
    mark = UNMARKED;
    if
    :: STALE(num, found) || SHORT(kind, expected, found) -> skip
    :: else ->
        put(s, kind, leaf, value);
        redis.last[s] = num
    fi
}

proctype Redis(byte s)
{
end:
    do
    :: d_step { len(wire[s]) > 0 ->
        wire[s]?k, n, e, l, x;
        execute(s, k, n, e, l, x);
        if
        :: !STALE(n, found) && !SHORT(k, e, found) -> heard[s] = redis.open[s] || redis.living[s]
        :: else
        fi;
        reply[s]!k, n, l, x, found, mark
       }
    :: d_step { len(wire[s]) > 0 && faults < NF -> /* out of memory, wrong type: nothing is done */
        faults++;
        wire[s]?k, n, e, l, x;
        reply[s]!REFUSED_BY_ERROR, n, l, x, 0, 0
       }
    :: d_step { len(wire[s]) > 0 && faults < NF -> /* the script fails half-way, before the number */
        faults++;
        wire[s]?k, n, e, l, x;
        if
        :: STALE(n, redis.last[s]) || SHORT(k, e, redis.last[s]) -> skip
        :: else -> put(s, k, l, x)
        fi;
        reply[s]!REFUSED_BY_ERROR, n, l, x, 0, 0
       }
    od
}

proctype Old(byte c)
{
end:
    do
    :: d_step { c < old_count && old[c].nth != redis.last[old[c].owner] &&
                !STALE(old[c].nth, redis.last[old[c].owner]) ->
        execute(old[c].owner, old[c].sort, old[c].nth, old[c].least, old[c].key, old[c].sum)
       }
    od
}

/* ---- collector: flush.c ---- */

inline drop(s)
{
    assert(archived); /* nothing is dropped before the archive has it */
    kept[s] = false;
    seal[s] = GONE;
    for (i : FIRST(s) .. LAST(s)) {
        dirty[i] = false;
        taken[i] = false
    };
    skip
}

inline touch(s, leaf)
{
    if
    :: leaf != NO_LEAF && kept[s] -> dirty[leaf] = true
    :: else
    fi
}

inline send_all_again(s)
{
    for (i : FIRST(s) .. LAST(s)) {
        dirty[i] = kept[s] && acc[i] > 0
    }
    if
    :: seal[s] == DONE -> seal[s] = DUE
    :: else
    fi;
    failed[s] = true
}

inline acknowledge(s, kind, num, leaf, value)
{
    acked[s] = num;
#ifdef DELTA
    if
    :: kind == WRITE && leaf != NO_LEAF -> base[leaf] = base[leaf] + value
    :: else
    fi
#endif
}

inline on_reply(s)
{
    reply[s]?k, n, l, x, found, mark;
    if
    :: k == REFUSED_BY_ERROR -> touch(s, l); failed[s] = true
    :: k != REFUSED_BY_ERROR && found < acked[s] ->
        send_all_again(s);
#ifdef NOEXPECT
        acked[s] = (k == WRITE -> n : acked[s])
#else
        acked[s] = found
#endif
    :: k == SEAL && found >= acked[s] ->
        acknowledge(s, k, n, l, x);
        seal[s] = DONE;
#ifdef DROPSEAL
        drop(s)
#endif
    :: k == WRITE && found >= acked[s] -> acknowledge(s, k, n, l, x)
    fi;
    if
    :: k == WRITE && mark == SHUT && kept[s] -> drop(s)
    :: k == WRITE && mark == FROZEN && kept[s] ->
#ifdef FROZENDROP
        drop(s)
#else
        touch(s, l);
        cold[s] = true
#endif
    :: else
    fi
}

/* The call in k, n, e, l, x may be carried out later. */
inline keep_old(s)
{
    if
    :: old_count < NF ->
        old[old_count].owner = s;
        old[old_count].sort = k;
        old[old_count].nth = n;
        old[old_count].least = e;
        old[old_count].key = l;
        old[old_count].sum = x;
        old_count++
    :: else
    fi
}

/* The connection is lost or given up: what was under way has an unknown outcome, what was taken is given back. */
inline break_connection(s)
{
    do
    :: len(wire[s]) > 0 ->
        wire[s]?k, n, e, l, x;
        touch(s, l);
        keep_old(s)
    :: len(wire[s]) == 0 && len(reply[s]) > 0 ->
        reply[s]?k, n, l, x, found, mark;
        touch(s, l)
    :: else -> break
    od;
    for (i : FIRST(s) .. LAST(s)) {
        dirty[i] = dirty[i] || taken[i];
        taken[i] = false
    };
    stage[s] = IDLE;
    failed[s] = false;
    report[s] = false
}

inline send_write(s, leaf)
{
    number[s]++;
#ifdef DELTA
    wire[s]!WRITE, number[s], acked[s], leaf, (leaf == NO_LEAF -> 0 : acc[leaf] - base[leaf])
#else
    wire[s]!WRITE, number[s], acked[s], leaf, (leaf == NO_LEAF -> 0 : acc[leaf])
#endif
}

/* step(): send as much as may be under way; when a stage has nothing left, go to the next. */
inline go_on(s)
{
    do
    :: stage[s] == WRITING && UNDER_WAY(s) < NQ && taken[FIRST(s)] ->
        taken[FIRST(s)] = false;
        send_write(s, FIRST(s))
    :: stage[s] == WRITING && UNDER_WAY(s) < NQ && !taken[FIRST(s)] && taken[LAST(s)] ->
        taken[LAST(s)] = false;
        send_write(s, LAST(s))
    :: stage[s] == WRITING && UNDER_WAY(s) < NQ && !ANY(taken, s) && report[s] ->
        report[s] = false;
        send_write(s, NO_LEAF)
    :: stage[s] == WRITING && UNDER_WAY(s) == 0 && !ANY(taken, s) && !report[s] && !failed[s] && seal[s] == DUE ->
        stage[s] = SEALING;
        number[s]++;
        wire[s]!SEAL, number[s], acked[s], NO_LEAF, 0
    :: stage[s] == WRITING && UNDER_WAY(s) == 0 && !ANY(taken, s) && !report[s] && (failed[s] || seal[s] != DUE) ->
        stage[s] = IDLE
    :: stage[s] == SEALING && UNDER_WAY(s) == 0 -> stage[s] = IDLE
    :: else -> break
    od;
    failed[s] = failed[s] && stage[s] != IDLE
}

/* A report is modelled where it tells anything; the others only raise the number. */
#define TO_REPORT(s) (redis.last[s] < acked[s] || !heard[s])
#define TO_DO(s) (ANY(dirty, s) || seal[s] == ENDED || seal[s] == DUE || TO_REPORT(s))

inline begin_round(s)
{
    stage[s] = WRITING;
    cold[s] = false;
    report[s] = !ANY(dirty, s) && TO_REPORT(s);
    seal[s] = (seal[s] == ENDED -> DUE : seal[s]);
    for (i : FIRST(s) .. LAST(s)) {
        taken[i] = dirty[i];
        dirty[i] = false
    };
    go_on(s)
}

proctype Collector(byte s)
{
end:
    do
    :: d_step { alive[s] && !ended && beacons < NB -> beacons++; acc[FIRST(s)]++; dirty[FIRST(s)] = true }
#if NL > 1
    :: d_step { alive[s] && !ended && beacons < NB -> beacons++; acc[LAST(s)]++; dirty[LAST(s)] = true }
#endif
    :: d_step { alive[s] && ended && seal[s] == COUNTING -> /* told by a beacon, in the middle of a round or not */
#ifdef EARLYSEAL
        seal[s] = DUE
#else
        seal[s] = ENDED
#endif
       }
    :: d_step { alive[s] && stage[s] == IDLE && seal[s] != GONE && !(ended && seal[s] == COUNTING) && TO_DO(s) &&
                !(cold[s] && redis.mark == FROZEN && !TO_REPORT(s)) ->
        begin_round(s)
       }
    :: d_step { len(reply[s]) > 0 -> on_reply(s); go_on(s) }
    :: d_step { alive[s] && stage[s] == IDLE && seal[s] == DONE && redis.mark == SHUT -> drop(s) } /* poll */
    od
}

/* ---- aggregator: drain.c ---- */

#if NS == 1
#define OF_ALL(a) (a(0))
#define OF_ANY(a) (a(0))
#else
#define OF_ALL(a) (a(0) && a(1))
#define OF_ANY(a) (a(0) || a(1))
#endif
#define IS_OPEN(s) redis.open[s]
#define IS_SAME(s) (redis.open[s] == names[s])
#define IS_HEARD(s) (heard[s] || !alive[s])
#define IS_MISSING(s) ((redis.open[s] || redis.living[s]) && !redis.sealed[s])

#ifdef TWICE
#define ASK false
#else
#define ASK archived
#endif

inline take_picture()
{
    for (i : 0 .. NI - 1) {
        pic[i] = (redis.open[SOURCE_OF(i)] -> redis.val[i] : 0)
    }
    for (i : 0 .. NS - 1) {
        pic_sealed[i] = redis.sealed[i];
        names[i] = redis.open[i]
    };
    skip
}

inline forget_picture()
{
    for (i : 0 .. NI - 1) {
        pic[i] = 0
    }
    for (i : 0 .. NS - 1) {
        pic_sealed[i] = false;
        names[i] = false
    };
    skip
}

inline archive()
{
    assert(!archived); /* once */
    for (i : 0 .. NI - 1) {
        assert(pic[i] <= acc[i]); /* no double */
        if
        :: alive[SOURCE_OF(i)] && (!patience || pic_sealed[SOURCE_OF(i)]) -> assert(pic[i] == acc[i]) /* no loss */
        :: else
        fi
    }
    archived = true
}

inline retire()
{
    redis.mark = SHUT;
    for (i : 0 .. NI - 1) {
        redis.val[i] = (names[SOURCE_OF(i)] -> 0 : redis.val[i])
    }
    for (i : 0 .. NS - 1) {
        redis.open[i] = redis.open[i] && !names[i];
        redis.sealed[i] = false
    };
    skip
}

proctype Aggregator()
{
end:
    do
    :: d_step { step == 0 && ASK && OF_ANY(IS_OPEN) -> take_picture(); retire(); forget_picture() } /* it came back */
    :: d_step { step == 0 && ended && !ASK && OF_ANY(IS_OPEN) && OF_ALL(IS_HEARD) && !OF_ANY(IS_MISSING) ->
        take_picture();
        step = 1
       }
    :: d_step { step == 0 && patience && !ASK && OF_ANY(IS_OPEN) && OF_ALL(IS_HEARD) && OF_ANY(IS_MISSING) ->
        redis.mark = (redis.mark == UNMARKED -> FROZEN : redis.mark);
        for (i : 0 .. NS - 1) {
            names[i] = redis.open[i]
        }
        step = 2
       }
    :: d_step { step == 2 && OF_ALL(IS_SAME) && OF_ALL(IS_HEARD) && OF_ANY(IS_MISSING) ->
        take_picture();
        step = 1
       }
    :: d_step { step == 1 -> archive(); step = 3 }
    :: d_step { step == 3 -> retire(); forget_picture(); step = 0 }
    :: d_step { step != 0 -> forget_picture(); step = 0 } /* crash, or an error of Redis */
    od
}

/* ---- time and trouble ---- */

inline unheard()
{
#ifndef HASTY
    for (i : 0 .. NS - 1) {
        heard[i] = false
    };
#endif
    skip
}

inline copy_store(to, from)
{
    for (i : 0 .. NI - 1) {
        to.val[i] = from.val[i]
    }
    for (i : 0 .. NS - 1) {
        to.last[i] = from.last[i];
        to.open[i] = from.open[i];
        to.sealed[i] = from.sealed[i];
        to.living[i] = from.living[i]
    }
    to.mark = from.mark
}

inline wipe(store)
{
    for (i : 0 .. NI - 1) {
        store.val[i] = 0
    }
    for (i : 0 .. NS - 1) {
        store.last[i] = 0;
        store.open[i] = false;
        store.sealed[i] = false;
        store.living[i] = false
    }
    store.mark = UNMARKED
}

#define CAN_DUPLICATE(s) (faults < NF && len(wire[s]) > 0 && old_count < NF)

proctype Trouble()
{
end:
    do
    :: d_step { !ended -> ended = true }
    :: d_step { ended && !patience && faults < NF -> faults++; patience = true } /* 24 hours */
#ifdef RESTART /* time passes */
    :: d_step { !alive[0] && redis.living[0] -> redis.living[0] = false }
    :: d_step { ended && !patience && !alive[0] && redis.open[0] && !redis.sealed[0] -> patience = true }
#endif
    :: d_step { faults < NF && !snapped -> copy_store(snap, redis); snapped = true }
    :: d_step { faults < NF && snapped ->
        faults++;
        copy_store(redis, snap);
        wipe(snap);
        snapped = false;
        unheard()
       }
    :: d_step { faults < NF -> faults++; wipe(redis); unheard() }
    :: d_step { faults < NF -> /* nobody has reached Redis for some minutes */
        faults++;
        for (i : 0 .. NS - 1) {
            redis.living[i] = false
        }
        unheard()
       }
    :: d_step { faults < NF -> faults = NF; wipe(snap); snapped = false } /* no more of it */
    od
}

proctype Network(byte s)
{
end:
    do
    :: d_step { faults < NF && UNDER_WAY(s) > 0 -> faults++; break_connection(s) }
    :: d_step { CAN_DUPLICATE(s) ->
        faults++;
        wire[s]?<k, n, e, l, x>;
        keep_old(s)
       }
#ifdef JOURNAL
    :: d_step { faults < NF && alive[s] && seal[s] != GONE -> /* what it counted and its numbers survive; no more */
        faults++;
        break_connection(s);
        cold[s] = false;
        send_all_again(s);
        failed[s] = false;
        acked[s] = 0
       }
#endif
#ifdef RESTART
    :: d_step { faults < NF && s == 0 && alive[0] -> /* memory is lost; the next process is another source */
        faults++;
        break_connection(0);
        for (i : FIRST(0) .. LAST(0)) {
            dirty[i] = false
        };
        cold[0] = false;
        kept[0] = false;
        alive[0] = false;
        redis.living[0] = false;
        alive[1] = !ended;
        kept[1] = !ended
       }
#endif
    od
}

/* ---- all together ---- */

#ifdef RESTART
#define BORN(s) ((s) == 0)
#else
#define BORN(s) true
#endif
#define IS_THROUGH(s) (!alive[s] || seal[s] == GONE)
#define IS_USED(s) (alive[s] || redis.open[s])

init
{
    atomic {
        for (i : 0 .. NS - 1) {
            alive[i] = BORN(i);
            kept[i] = BORN(i);
            heard[i] = BORN(i);
            redis.living[i] = BORN(i)
        }
        run Aggregator();
        run Trouble();
        run Redis(0);
        run Collector(0);
        run Network(0);
#if NS > 1
        run Redis(1);
        run Collector(1);
        run Network(1);
#endif
        run Old(0);
#if NF > 1
        run Old(1);
#endif
#if NF > 2
        run Old(2);
#endif
    }
    /* Nothing is left to do: then all is archived and nobody waits. */
    timeout;
    assert(archived || !OF_ANY(IS_USED));
    assert(OF_ALL(IS_THROUGH))
}
