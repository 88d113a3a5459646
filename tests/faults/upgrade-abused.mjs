// What no administrator should do: many reloads and upgrades before the first is through, a program that passes its check and
// dies when it is run, two thousand sites more from one reload to the next. Under load; nothing fails but what the dead program
// held, and nothing that was acknowledged is lost.
import { run as command, until } from '../e2e/support/process.mjs';
import { KINDS, SITE, beacon, said, settled, startCollector, ways } from './reload-and-upgrade.mjs';
import { startLoad } from './support/keepalive.mjs';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const load = (it) => startLoad({ targets: ways(it), request: beacon, expected: 204, kinds: KINDS });

// Signals as fast as they go; what is asked for while one is under way may be done once for all. It still serves, and obeys.
async function storm(it, signals, times) {
    for (let i = 0; i < times; i++) {
        it.signal(signals[i % signals.length]);
        await wait(Math.random() * 8);
    }
    await wait(300);
    await until('the metrics', () => it.metrics(), { timeoutMs: 60_000 });
    const before = it.count('reloaded');
    await until(
        'a reload after the storm',
        async () => {
            it.signal('SIGHUP');
            await wait(200);
            return it.count('reloaded') > before;
        },
        { timeoutMs: 60_000 },
    );
}

const IN_FORCE = `for n = 0, ARGV[1] - 1 do redis.call('COPY', KEYS[1], 'sp1:{site-' .. n .. '.example}:declaration') end return 'OK'`;

// The longest from the order to the word that it is done, there and back, in ms.
async function manySites(it, count) {
    await command('redis-cli', ['-s', it.REDIS_SOCKET, 'EVAL', IN_FORCE, '1', `sp1:{${SITE}}:declaration`, String(count)]);
    const extra = Array.from({ length: count }, (_, n) => `  site-${n}.example: {mode: standard, pages: ["/", "/side-${n}"]}\n`).join('');
    const took = [];
    for (const what of [{ extra }, {}]) {
        const before = it.count('reloaded');
        await it.configure(what);
        const began = Date.now();
        it.signal('SIGHUP');
        await said(it, 'reloaded', before + 1);
        took.push(Date.now() - began);
    }
    return Math.max(...took);
}

// Ends well whatever it is asked, so also when it is asked to serve: who holds the sockets starts the next, which finds the right program again.
async function corpse(it, figures) {
    const [pid, started] = [it.pid, it.count('started')];
    await it.install('/bin/true');
    const handedOver = () => it.events.split('event=upgrade\n').length;
    const before = handedOver();
    it.signal('SIGUSR2');
    await until('the program to be run', () => handedOver() > before, { timeoutMs: 60_000, everyMs: 5 });
    await it.install();
    await until('another process', () => it.pid !== pid && it.count('started') > started, { timeoutMs: 60_000, everyMs: 20 });
    figures.corpses++;
}

export async function run({ long = false } = {}) {
    const times = long ? 10 : 1;
    const figures = { signals: 0, corpses: 0, sites_ms: 0 };
    const it = await startCollector();
    const sum = { answered: 0, failed: 0, requests: 0, slowest_ms: 0 };
    const add = (counts) => {
        for (const key of ['answered', 'failed', 'requests']) sum[key] += counts[key];
        sum.slowest_ms = Math.max(sum.slowest_ms, counts.slowestMs);
    };
    let audit;
    let unharmed;
    try {
        const first = load(it);
        await wait(300);
        for (let i = 0; i < times; i++) {
            for (const signals of [['SIGHUP'], ['SIGUSR2'], ['SIGHUP', 'SIGUSR2', 'SIGHUP', 'SIGUSR2', 'SIGUSR2']]) {
                await storm(it, signals, 40);
                figures.signals += 40;
            }
            figures.sites_ms = Math.max(figures.sites_ms, await manySites(it, long ? 2000 : 300));
        }
        add(await first.stop());
        unharmed = sum.failed === 0;
        for (const [why, count] of first.counts.why) process.stderr.write(`${count} failed: ${why}\n`);
        const second = load(it);
        for (let i = 0; i < times; i++) {
            await wait(500);
            await corpse(it, figures);
        }
        await wait(500);
        add(await second.stop());
        audit = await settled(it);
    } finally {
        await it.stop();
    }
    const lost = Math.max(0, sum.answered - audit);
    const doubled = Math.max(0, audit - sum.answered - sum.failed);
    return { lost, doubled, ...sum, ...figures, pass: unharmed && figures.corpses === times && sum.answered > 500 };
}
