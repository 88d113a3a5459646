// Redis does not answer for a while: what becomes of the beacons meanwhile, and how soon everything is there again.
import { readFile } from 'node:fs/promises';
import { until } from '../../e2e/support/process.mjs';
import { metricsOf } from '../../e2e/support/store.mjs';
import { exactConfig, reckon, startExact } from './exact.mjs';
import { percentile, startLoad } from './load.mjs';
import { startProxy } from './proxy.mjs';

const RATE = 300; // beacons a second: a load, and none that the machine could be blamed for
const P99_MS = 250; // a beacon that waited for Redis would wait a second or two, and all behind it
const BACK_MS = 30_000;
const COUNTER_MIB = 16;
const OTHER_MIB = 32; // of the collector's memory, beside its counter table

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export const metric = async (stack, name) => (await metricsOf(stack.METRICS_URL)).get(`sporlos_collector_${name}`);

export async function residentMib(stack) {
    const [pid] = (await readFile(`${stack.directory}/collector.pid`, 'utf8')).split(' ');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

// All that was counted is in Redis.
async function back(stack, began) {
    await until(
        'everything to be in Redis again',
        async () => {
            const now = await metricsOf(stack.METRICS_URL);
            return now.get('sporlos_collector_redis_up') === 1 && now.get('sporlos_collector_leaves_changed') === 0;
        },
        { timeoutMs: 120_000, everyMs: 20 },
    );
    return Date.now() - began;
}

// For outage: the collector reaches Redis over TCP, through a proxy that link.proxy is from then on.
export const throughProxy = (link) => async () => {
    link.proxy = await startProxy(0);
    return {
        collectorRedis: `redis://127.0.0.1:${link.proxy.port}`,
        attach: (stack) => (link.proxy.target = stack.REDIS_SOCKET),
        release: () => link.proxy.stop(),
    };
};

// begin(stack), end(stack): the outage, of so many seconds. timeoutMs: the longest that the collector may wait before it
// gives a connection up; Infinity when it is told at once. prepare(): {collectorRedis, attach(stack), release()}.
export async function outage({ seconds, begin, end, timeoutMs = Infinity, prepare }) {
    const between = await prepare?.();
    let stack;
    try {
        const config = exactConfig({ options: [`counter_memory: ${COUNTER_MIB} MiB`, 'flush_interval: 100 ms'] });
        stack = await startExact({ config, collectorRedis: between?.collectorRedis });
        await between?.attach(stack);
        const load = startLoad(stack.COLLECTOR_URL, { perSecond: RATE });
        await load.more(2 * RATE);
        const beforeMs = percentile(load.latencies, 99);
        load.latencies = [];
        const timeouts = await metric(stack, 'redis_timeouts_total');
        const before = load.acknowledged;
        const began = Date.now();
        await begin(stack);
        const figures = {};
        if (timeoutMs < Infinity) {
            await until('a time-out', async () => (await metric(stack, 'redis_timeouts_total')) > timeouts, { everyMs: 5 });
            figures.timeout_ms = Date.now() - began;
        }
        await sleep(seconds * 1000 - (Date.now() - began));
        figures.down_ms = Date.now() - began;
        figures.load = Math.round(((load.acknowledged - before) * 1000) / figures.down_ms);
        figures.p99_before_ms = beforeMs;
        figures.p99_ms = percentile(load.latencies, 99);
        figures.rss_mib = await residentMib(stack);
        await end(stack);
        figures.back_after_ms = await back(stack, Date.now());
        await load.stop();
        const answered = load.acknowledged + load.refusedAll + load.unanswered;
        figures.answered_204_percent = (100 * load.acknowledged) / answered;
        figures.acknowledged = load.acknowledged;
        const pass =
            figures.answered_204_percent >= 99.9 &&
            figures.p99_ms < P99_MS &&
            figures.rss_mib < COUNTER_MIB + OTHER_MIB &&
            figures.back_after_ms < BACK_MS &&
            // The call that is waited for was sent within a flush interval, on a machine that has other things to do.
            !(figures.timeout_ms > timeoutMs + 100 + 500);
        return { ...(await reckon(stack, load)), ...figures, pass };
    } finally {
        await end(stack).catch(() => {});
        await stack?.stop();
        await between?.release();
    }
}
