// The connection to Redis ends after any byte: of what is sent, so that Redis has part of it; of the answers, so that Redis
// has all of it and the collector does not know. Through flushes under load, and through a seal. The long form shares the bytes
// among several stacks: most of the time they wait to connect again.
import { until } from '../e2e/support/process.mjs';
import { flushed } from '../e2e/support/store.mjs';
import { exactConfig, reckon, startExact, worst } from './support/exact.mjs';
import { startLoad } from './support/load.mjs';
import { metric } from './support/outage.mjs';
import { startProxy } from './support/proxy.mjs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SAMPLE = 30; // in the short form, places besides the boundaries
const STACKS = 4; // in the long form
const GREETING = { request: 300, reply: 12 }; // bytes; a connection that is cut in them was none, and the next waits for twice as long

// Where commands begin in what a connection sent: a '*' of RESP, followed by what only a count of arguments has.
function boundaries(bytes) {
    const places = [0];
    for (let at = 0; at < bytes.length; ) {
        const count = Number(/^\*(\d+)\r\n/.exec(bytes.toString('latin1', at, at + 16))?.[1]);
        if (!count) break;
        at = bytes.indexOf('\r\n', at) + 2;
        for (let i = 0; i < count && at < bytes.length; i++) {
            const length = Number(/^\$(\d+)\r\n/.exec(bytes.toString('latin1', at, at + 16))[1]);
            at = bytes.indexOf('\r\n', at) + 2 + length + 2;
        }
        places.push(at);
    }
    return places;
}

// Every place up to the last, or every boundary with both its neighbours and a sample of the rest.
function places(ends, long) {
    const last = ends.at(-1);
    if (long) return Array.from({ length: last + 2 }, (_, n) => n);
    const near = ends.flatMap((end) => [end - 1, end, end + 1]).filter((n) => n >= 0);
    const sample = Array.from({ length: SAMPLE }, (_, n) => Math.floor(((n + Math.random()) * last) / SAMPLE));
    return [...new Set([...near, ...sample])].sort((a, b) => a - b);
}

// The same, no two of a greeting one after the other.
function interleaved(list, border) {
    const greeting = list.filter((n) => n <= border);
    const later = list.filter((n) => n > border);
    return later.length < greeting.length ? list : later.flatMap((n, i) => (i < greeting.length ? [greeting[i], n] : [n]));
}

// One connection after the other is cut at the next of those places; then one lasts.
async function cutAt(stack, proxy, of, list) {
    const left = interleaved(list, GREETING[of]);
    const before = proxy.cuts;
    proxy.plan = () => (left.length ? { [of]: left.shift() } : null);
    proxy.breakAll();
    // A cut that lies behind what a quiet collector sends comes with its next report, in half a minute at the latest.
    await until('all cuts', () => left.length === 0, { timeoutMs: 60_000 + list.length * 1000, everyMs: 20 });
    await until('the last cut', () => proxy.cuts >= before + list.length, { timeoutMs: 5000, everyMs: 20 }).catch(() => {});
    proxy.plan = () => null;
    proxy.breakAll();
    await until('a connection', async () => (await metric(stack, 'redis_up')) === 1, { timeoutMs: 60_000 });
    // Under load there is always something changed; without, there is nothing to write.
    const written = await metric(stack, 'leaves_written_total');
    const goesOn = async () => (await metric(stack, 'leaves_written_total')) > written || (await metric(stack, 'leaves_changed')) === 0;
    await until('the flush to go on', goesOn, { timeoutMs: 60_000 });
    return proxy.cuts - before;
}

// The places that are this stack's, of so many.
const share = (list, { part, parts }) => list.filter((_, n) => n % parts === part);

async function cutEverywhere(long, mine) {
    const folder = await mkdtemp(join(tmpdir(), 'sporlos-proxy-'));
    const proxy = await startProxy(join(folder, 'redis.sock'));
    let stack;
    try {
        const config = exactConfig({ options: ['flush_interval: 100 ms'] });
        stack = await startExact({ config, collectorRedis: `unix://${join(folder, 'redis.sock')}` });
        proxy.target = stack.REDIS_SOCKET;
        await until('a connection', async () => (await metric(stack, 'redis_up')) === 1);
        const figures = { request_cuts: 0, reply_cuts: 0 };
        let load = startLoad(stack.COLLECTOR_URL, { perSecond: 200 });
        const all = { acknowledged: 0, unanswered: 0, refusedAll: 0 };
        const pause = async () => {
            await load.stop();
            for (const key of Object.keys(all)) all[key] += load[key];
        };
        await load.more(200);
        await flushed(stack);
        // What a connection sends in its first round.
        const sample = async () => {
            proxy.recording = [];
            proxy.breakAll();
            await until('a round', () => proxy.recording[0]?.length >= 3, { everyMs: 10 });
            const bytes = Buffer.concat(proxy.recording[0]);
            proxy.recording = null;
            return boundaries(bytes);
        };
        const asked = await sample();
        const replies = [0, 7, 8, 11, 12, 14, 15, 20, 27, 40]; // '+PONG', '*1' with ':N', the audit counter
        const bytes = asked.at(-1);
        figures.request_cuts += await cutAt(stack, proxy, 'request', share(places(asked, long), mine));
        figures.reply_cuts += await cutAt(stack, proxy, 'reply', long ? share(Array.from({ length: 200 }, (_, n) => n % 50), mine) : replies);

        // Two days end, one under each kind of cut; nothing is counted meanwhile, so that it is the seals that are cut.
        for (const of of ['request', 'reply']) {
            await load.more(50);
            await pause();
            stack.instant = new Date(stack.instant.getTime() + 86_400_000);
            const list = of === 'request' ? places(asked, false) : replies;
            const cutting = cutAt(stack, proxy, of, long ? [...list, ...list, ...list] : list.filter((_, n) => n % 2));
            await stack.moveClock(stack.instant);
            figures[`${of}_cuts`] += await cutting;
            load = startLoad(stack.COLLECTOR_URL, { perSecond: 200 });
        }
        await load.more(50);
        await pause();
        Object.assign(figures, { acknowledged: all.acknowledged, slowest_ms: load.slowestMs });
        return { ...(await reckon(stack, all)), ...figures, request_bytes: bytes, refused: all.refusedAll };
    } finally {
        await stack?.stop();
        await proxy.stop();
        await rm(folder, { recursive: true });
    }
}

export async function run({ long }) {
    const parts = long ? STACKS : 1;
    const all = await Promise.all(Array.from({ length: parts }, (_, part) => cutEverywhere(long, { part, parts })));
    const sum = (key) => all.reduce((total, one) => total + one[key], 0);
    return {
        ...worst(...all),
        stacks: parts,
        request_bytes: Math.max(...all.map((one) => one.request_bytes)),
        request_cuts: sum('request_cuts'),
        reply_cuts: sum('reply_cuts'),
        acknowledged: sum('acknowledged'),
        slowest_ms: Math.max(...all.map((one) => one.slowest_ms)),
        pass: sum('refused') === 0,
    };
}
