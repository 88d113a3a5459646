// The aggregator is killed instead of each call of the kernel with which it writes to the archive or asks Redis: of its start,
// and of the round of draining in which it closes a day. Started again it ends what it had begun; the archive has each value
// once. Then between archive and closed mark, with a wipe of Redis before it begins again.
//
// The long form tries all calls, on several stacks at once: most of the time they wait for programs to start.
import { existsSync } from 'node:fs';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run as command, until } from '../e2e/support/process.mjs';
import { flushed, redisStore } from '../e2e/support/store.mjs';
import { Closing } from './support/closing.mjs';
import { redis, worst } from './support/exact.mjs';
import { pidOf } from './support/host.mjs';
import { attach, cannotAttach, killed, startAnyway, stepper } from './support/steps.mjs';

const CALLS = 'pwrite64,fdatasync,fsync,ftruncate,unlink,write,sendto';
const SYNC = 'fdatasync';
const STACKS = 3;
const START_MS = 250; // it is ready: what of its start is still under way then

// The calls of each thread in a trace, in order.
function threadsOf(trace) {
    const threads = new Map();
    for (const line of trace.split('\n')) {
        const [, thread, call] = /^(\d+) +(\w+\(.*)/.exec(line) ?? [];
        if (thread) threads.set(thread, [...(threads.get(thread) ?? []), call]);
    }
    return [...threads.values()];
}

// How strace counts, each kind of call by itself in each thread: {kind, at}.
function places(thread) {
    const seen = new Map();
    return thread.map((call) => {
        const kind = /^\w+/.exec(call)[0];
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        return { kind, at: seen.get(kind) };
    });
}

class KilledInClose extends Closing {
    async begin() {
        await super.begin();
        this.steps = await stepper(this.stack, 'aggregator', CALLS);
    }

    // Killed at that call of its start, unless it has fewer; how far the day was then.
    async killInStart(place) {
        await this.putBack();
        await this.steps.set(place?.at, place?.kind);
        await startAnyway(this.stack, 'aggregator');
        return this.afterwards(await killed(this.stack, 'aggregator', START_MS));
    }

    // Killed at that call since the clock let it close the day, unless it has closed it before; how far the day was then.
    async killInClose(place) {
        await this.putBack();
        await this.stack.order('start', 'aggregator');
        const trace = join(this.stack.directory, 'close.trace');
        const options = { trace, calls: CALLS, at: place?.at, counted: place?.kind, meanwhile: () => this.settle() };
        const follower = await attach(await pidOf(this.stack, 'aggregator'), options);
        const deadline = Date.now() + 30_000;
        let dead = false;
        while (!(dead = await killed(this.stack, 'aggregator', 30)) && !(await this.isOver()) && Date.now() < deadline);
        dead ||= await killed(this.stack, 'aggregator', 100); // over, and perhaps at its last calls
        await follower.detach();
        return { ...(await this.afterwards(dead)), threads: threadsOf(await readFile(trace, 'utf8')) };
    }

    async afterwards(dead) {
        // What a killed writer has left is only seen by a reader that may recover the write-ahead log, as the next will.
        if (dead) await command('sqlite3', [this.stack.ARCHIVE, 'SELECT count(*) FROM closed']);
        else await this.stack.order('stop', 'aggregator');
        await this.steps.set(null);
        return { dead, ...(await this.state()) };
    }

    // The archive has the day, Redis does not know yet, and then loses everything; the collector brings it all back, and
    // nothing is taken again, also not long after it is closed. sync: the call of that kind that ends the archive's transaction.
    async killAndWipe(sync) {
        let between = false;
        for (let at = sync; !between && at < sync + 6; at++) {
            const { dead, archived, marked } = await this.killInClose({ kind: SYNC, at });
            between = dead && archived && !marked;
        }
        if (!between) throw new Error('never killed between archive and mark: the fault did not happen');
        await redis(this.stack, 'FLUSHDB');
        await rm(this.stack.JOURNAL, { recursive: true }); // of a collector that has not seen the day closed
        await cp(join(this.saved, 'journal'), this.stack.JOURNAL, { recursive: true });
        await this.stack.order('start', 'collector');
        await until('the day to be in Redis again', async () => [...(await redisStore(this.stack)).keys()].some((k) => k.includes(':leaf:total:')));
        await flushed(this.stack);
        await this.resume();
        await this.putBackRedis();
        await this.resume();
        await this.stack.order('stop', 'collector');
    }
}

// What is to be done, each {start: place}, {close: place} or {wipe: sync}. Once to its end first, to learn which calls there are.
async function plan(closing, long) {
    await closing.killInStart(undefined);
    const untilEnding = (await closing.steps.trace()).replace(/\n[^\n]*event=ending[^]*$/, '');
    const starts = threadsOf(untilEnding).flatMap(places);
    const closes = await callsOfClose(closing);
    const some = (list, least) => list.filter((_, n) => long || n % Math.ceil(list.length / least) === 0);
    const unique = (list) => [...new Map(list.map((place) => [`${place.kind} ${place.at}`, place])).values()];
    return [
        ...some(unique(starts), 2).map((start) => ({ start })),
        ...some(closes.slice(0, -1), 3).map((close) => ({ close })),
        // The mark; a round that only waits may have come before it, of some calls.
        ...Array.from({ length: long ? 5 : 1 }, (_, more) => ({ close: { kind: closes.at(-1).kind, at: closes.at(-1).at + more } })),
        ...Array.from({ length: long ? 10 : 1 }, () => ({ wipe: closes.filter(({ kind }) => kind === SYNC).at(-1).at })),
    ];
}

// The shortest of three: on a busy machine rounds that only wait come before.
async function callsOfClose(closing) {
    let least = [];
    for (let time = 0; time < 3; time++) {
        const { threads } = await closing.killInClose(undefined);
        await closing.checkOnce();
        const thread = threads.find((calls) => calls.some(isMark(closing)));
        if (!thread) throw new Error('no closed mark among the calls');
        const calls = places(thread).slice(0, 1 + thread.findLastIndex(isMark(closing))); // what follows is another round
        if (time === 0 || calls.length < least.length) least = calls;
    }
    return least;
}

const isMark = (closing) => (call) => call.includes('SET') && call.includes(`:closed:${closing.today}\\r`);

async function work(closing, left, figures) {
    for (let task = left.shift(); task; task = left.shift()) {
        if (task.wipe) {
            await closing.killAndWipe(task.wipe);
            figures.between_archive_and_mark++;
            figures.wiped_between++;
            continue;
        }
        const { dead, archived, marked } = await (task.start ? closing.killInStart(task.start) : closing.killInClose(task.close));
        figures.kills += dead ? 1 : 0;
        figures.between_archive_and_mark += dead && archived && !marked ? 1 : 0;
        await closing.resume();
    }
}

export async function run({ long }) {
    const why = cannotAttach();
    if (why) return { skipped: why };
    if (!existsSync('/dev/shm')) return { skipped: 'there is no tmpfs for a journal' };
    const all = Array.from({ length: long ? STACKS : 1 }, () => new KilledInClose());
    const figures = { calls: 0, kills: 0, between_archive_and_mark: 0, wiped_between: 0, stacks: all.length };
    try {
        for (const closing of all) await closing.begin();
        const left = await plan(all[0], long);
        figures.calls = left.filter((task) => !task.wipe).length;
        await Promise.all(all.map((closing) => work(closing, left, figures)));
        const verdicts = [];
        for (const closing of all) verdicts.push(await closing.end());
        const acknowledged = all.reduce((sum, { load }) => sum + load.acknowledged, 0);
        // Of the last calls some come after the day is over.
        const pass = figures.kills >= figures.calls * 0.9 && figures.between_archive_and_mark > 0;
        return { ...worst(...verdicts), ...figures, acknowledged, pass };
    } finally {
        for (const { stack } of all) await stack?.stop();
    }
}
