// What answers as Redis is not Redis, or is mad: at each place in the answers of a connection comes something else than what
// Redis said, from wrong types to lengths of gigabytes, and the connection stays open. With the command carried out, and with
// Redis never hearing of it. The collector lives, grows by little, and everything is there afterwards.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../e2e/support/process.mjs';
import { exactConfig, reckon, startExact, worst } from './support/exact.mjs';
import { pidOf, residentOf } from './support/host.mjs';
import { startLoad } from './support/load.mjs';
import { metric } from './support/outage.mjs';
import { startProxy } from './support/proxy.mjs';

const STACKS = 4; // in the long form: each answer is waited for until the collector gives up
const GROWTH_MIB = 24; // one answer of 4 MiB is read whole, in a buffer that doubles

const line = (text) => `${text}\r\n`;

// Whole answers of the wrong kind, then what is no answer, or not the whole of one.
const NONSENSE = {
    ok: line('+OK'),
    empty: line('+'),
    long_status: line(`+${'a'.repeat(4 << 20)}`),
    null: line('$-1'),
    null_array: line('*-1'),
    empty_array: line('*0'),
    text: line('$3') + line('abc'),
    zero: line(':0'),
    negative: line(':-1'),
    most: line(':9223372036854775807'),
    least: line(':-9223372036854775808'),
    too_large: line(':99999999999999999999'),
    no_number: line(':abc'),
    array_of_most: line('*1') + line(':9223372036854775807'),
    array_of_null: line('*1') + line('$-1'),
    array_of_text: line('*2') + line('$3') + line('abc') + line('$0') + line(''),
    many: line('*100000') + line(':1').repeat(100_000),
    deep: line('*1').repeat(2000) + line(':1'),
    error: line('-ERR no'),
    long_error: line(`-ERR ${'%s%n'.repeat(50_000)}`),
    bare_error: line('-'),
    noscript: line('-NOSCRIPT No matching script'),
    oom: line('-OOM command not allowed'),
    loading: line('-LOADING Redis is loading the dataset in memory'),
    wrong_type: line('-WRONGTYPE Operation against a key holding the wrong kind of value'),
    moved: line('-MOVED 1 127.0.0.1:1'),
    refused: line('-NOPERM this user has no permissions'),
    push: line('>2') + line('+invalidate') + line(':1'),
    two: line('+OK') + line('+OK') + line(':5') + line('*1') + line(':7'),
    unasked: (line('*1') + line(':1')).repeat(1000),
    huge_text: line('$2147483647') + 'abc',
    huge_array: line('*2147483647') + line(':1'),
    huge_length: line('$99999999999999999999') + 'abc',
    negative_length: line('$-5'),
    negative_array: line('*-7'),
    longer_than_said: line('$3') + line('abcdef'),
    unknown: line('?what'),
    zeros: '\0'.repeat(1000),
    web: 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n',
    line_feeds: '+OK\n+OK\n',
    half_array: '*1\r\n:',
    half_text: '$100\r\nabc',
    endless_number: `:${'1'.repeat(1 << 20)}`,
};

// Where each of the first answers begins.
function beginnings(bytes) {
    const places = [];
    const skip = (at) => {
        const end = bytes.indexOf('\r\n', at) + 2;
        if (end < 2) return -1;
        const [kind, length] = [bytes[at], Number(bytes.slice(at + 1, end))];
        if (kind === '$' && length >= 0) return end + length + 2;
        let next = end;
        for (let i = 0; kind === '*' && i < length && next > 0; i++) next = skip(next);
        return next;
    };
    for (let at = 0; at >= 0 && at < bytes.length && places.length < 6; at = skip(at)) places.push(at);
    return places;
}

async function oneStack(tasksOf) {
    const folder = await mkdtemp(join(tmpdir(), 'sporlos-proxy-'));
    const proxy = await startProxy(join(folder, 'redis.sock'));
    let stack;
    try {
        const config = exactConfig({ options: ['flush_interval: 100 ms', 'counter_memory: 16 MiB'] });
        stack = await startExact({ config, collectorRedis: `unix://${join(folder, 'redis.sock')}` });
        proxy.target = stack.REDIS_SOCKET;
        const up = () => until('a connection', async () => (await metric(stack, 'redis_up')) === 1);
        await up();
        const load = startLoad(stack.COLLECTOR_URL, { perSecond: 100 });
        await load.more(100);
        proxy.answers = [];
        proxy.breakAll();
        await until('answers', () => proxy.answers[0]?.length >= 4, { everyMs: 10 });
        const places = beginnings(Buffer.concat(proxy.answers[0]).toString('latin1'));
        proxy.answers = null;
        await up();
        const pid = await pidOf(stack);
        const before = await residentOf(pid);
        const tasks = tasksOf(places);
        for (const { reply, instead, deaf } of tasks) {
            const [lies, ended] = [proxy.cuts, proxy.ended];
            proxy.plan = () => {
                proxy.plan = () => null;
                return { reply, instead, deaf };
            };
            proxy.breakAll();
            await until('the collector to be lied to', () => proxy.cuts > lies, { everyMs: 5 });
            await until('the collector to give it up', () => proxy.ended > ended + 1, { timeoutMs: 60_000, everyMs: 5 });
            await up();
        }
        const grown = ((await residentOf(pid, { peak: true })) - before) / (1 << 20);
        await load.more(100);
        await load.stop();
        const same = (await pidOf(stack)) === pid;
        const { acknowledged, refusedAll, slowestMs } = load;
        return { ...(await reckon(stack, load)), lies: tasks.length, places: places.length, acknowledged, refusedAll, slowestMs, grown, same };
    } finally {
        await stack?.stop();
        await proxy.stop();
        await rm(folder, { recursive: true });
    }
}

export async function run({ long }) {
    const parts = long ? STACKS : 2;
    const everywhere = (places) =>
        Object.values(NONSENSE).flatMap((instead, n) => {
            const all = places.flatMap((reply) => [false, true].map((deaf) => ({ reply, instead, deaf })));
            return long ? all : [all[(5 * n) % all.length]];
        });
    const share = (part) => (places) => everywhere(places).filter((_, n) => n % parts === part);
    const all = await Promise.all(Array.from({ length: parts }, (_, part) => oneStack(share(part))));
    const sum = (key) => all.reduce((total, one) => total + one[key], 0);
    const most = (key) => Math.max(...all.map((one) => one[key]));
    return {
        ...worst(...all),
        kinds: Object.keys(NONSENSE).length,
        lies: sum('lies'),
        places: most('places'),
        acknowledged: sum('acknowledged'),
        slowest_ms: most('slowestMs'),
        grown_mib: most('grown'),
        pass: sum('refusedAll') === 0 && most('grown') < GROWTH_MIB && all.every(({ same }) => same),
    };
}
