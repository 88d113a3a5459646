// Fault 'reload and binary upgrade under load': a collector is reloaded (SIGHUP), becomes another program (SIGUSR2) and is
// restarted with its sockets held by another process, while clients go on. Every request is answered, every answer counted once.
import { chmod, copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { BUILD, freePort, run as command, start, until } from '../e2e/support/process.mjs';
import { allInForce, metricsOf, redisStore } from '../e2e/support/store.mjs';
import { startLoad } from './support/keepalive.mjs';

export const SITE = 'upgrade.example';

// What a proxy has: busy connections, quiet ones, some that rest longer than the drain, some that ask once.
export const KINDS = [
    { clients: 24, pauseMs: [0, 40] },
    { clients: 8, pauseMs: [200, 900] },
    { clients: 8, pauseMs: [1100, 2500] },
    { clients: 4, pauseMs: [0, 60], once: true },
];

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export function beacon() {
    const body = `s=${SITE}&u=https://${SITE}/side-${Math.floor(Math.random() * 20)}&n=1`;
    const head =
        `POST /b HTTP/1.1\r\nHost: c\r\nOrigin: https://${SITE}\r\nUser-Agent: Mozilla/5.0 Firefox/130.0\r\n` +
        `Content-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`;
    return Math.random() < 0.1 ? [head.slice(0, 40), head.slice(40), body] : [head + body];
}

const configuration = (it, { extra = '', mode = 'standard' } = {}) => `
collector:
  listen: ["127.0.0.1:${it.port}", "unix:${it.socket}"]
  ops_listen: ["127.0.0.1:${it.opsPort}"]
  journal: "${it.journal}"
  network_rate: 0
  network_connections: 0
redis:
  url: "unix://${it.directory}/redis.sock"
geo:
  databases: []
sites:
  ${SITE}: {mode: ${mode}}
${extra}`;

// A collector from a copy of the program in the test's own folder, with its sockets held by socket_parent. events: what it
// and the programs after it have said. Ends with stop().
export async function startCollector() {
    const directory = await mkdtemp(join(tmpdir(), 'sporlos-upgrade-'));
    const it = {
        directory,
        journal: await mkdtemp('/dev/shm/sporlos-upgrade-'),
        port: await freePort(),
        opsPort: await freePort(),
        program: join(directory, 'sporlos-collector'),
        socket: join(directory, 'collector.sock'),
        REDIS_SOCKET: join(directory, 'redis.sock'),
        events: '',
        pid: 0,
    };
    it.configure = (what) => writeFile(join(directory, 'sporlos.yaml'), configuration(it, what));
    it.install = (source = `${BUILD}/bin/sporlos-collector`) => install(source, it.program);
    it.count = (event) => it.events.split(`event=${event}`).length - 1;
    it.metrics = () => metricsOf(`http://127.0.0.1:${it.opsPort}/metrics`);
    it.signal = (name) => process.kill(it.pid, name);
    await it.configure();
    await it.install();
    const redis = start('redis-server', ['--port', '0', '--unixsocket', it.REDIS_SOCKET, '--save', '', '--dir', directory], {
        stdio: ['ignore', 'ignore', 'pipe'],
    });
    await until('Redis', () => command('redis-cli', ['-s', it.REDIS_SOCKET, 'PING']).catch(() => false));
    await allInForce(it.REDIS_SOCKET, SITE);
    const addresses = [`127.0.0.1:${it.port}`, `127.0.0.1:${it.opsPort}`, `unix:${it.socket}`];
    const parent = spawn(`${BUILD}/bin/socket_parent`, [...addresses, '--', it.program, '--config', join(directory, 'sporlos.yaml')]);
    const ended = new Promise((done) => parent.once('exit', (code, signal) => done(signal ?? code)));
    ended.then((why) => (it.died = why));
    parent.stdout.on('data', (text) => (it.pid = Number(/child (\d+)\n$/.exec(text)?.[1] ?? it.pid)));
    parent.stderr.on('data', (text) => (it.events += text));
    it.stop = async () => {
        parent.kill('SIGTERM');
        const status = await ended;
        await redis.stop();
        await rm(directory, { recursive: true });
        await rm(it.journal, { recursive: true });
        if (status !== 0) throw new Error(`the collector ended with ${status}\n${it.events}`);
    };
    await said(it, 'started', 1);
    return it;
}

// As a package manager does it: the file that runs stays as it is, another takes its name.
async function install(source, program) {
    await copyFile(source, `${program}.new`);
    await chmod(`${program}.new`, 0o755);
    await rename(`${program}.new`, program);
}

// Wait until an event has been said that often.
export function said(it, event, times) {
    return until(
        `event ${event}, ${times} times; said:\n${it.events.slice(-3000)}`,
        () => {
            if (it.died !== undefined) throw new Error(`the collector ended with ${it.died}\n${it.events}`);
            return it.count(event) >= times;
        },
        { timeoutMs: 60_000, everyMs: 20 },
    );
}

async function reload(it, what) {
    const before = it.count('reloaded');
    await it.configure(what);
    it.signal('SIGHUP');
    await said(it, 'reloaded', before + 1);
}

// Sites come, go and change; a mistake and another mode are refused.
async function reloads(it, figures) {
    await reload(it, { extra: '  another.example: {mode: restricted, pages: ["/"]}\n' });
    await reload(it, { extra: '  another.example: {mode: restricted, pages: ["/", "/om"]}\n' });
    const refused = (await it.metrics()).get('sporlos_collector_reloads_refused_total');
    await reload(it, { mode: 'strict' });
    await reload(it, { extra: '  another.example: {mode: nonsense}\n' });
    const now = (await it.metrics()).get('sporlos_collector_reloads_refused_total');
    if (now - refused !== 2) throw new Error(`${now - refused} of 2 mistaken configurations were refused`);
    await reload(it, {});
    figures.reloads += 5;
}

async function upgrade(it, figures) {
    const started = it.count('started');
    const pid = it.pid;
    await it.install();
    it.signal('SIGUSR2');
    await said(it, 'started', started + 1);
    if (it.pid !== pid) throw new Error('an upgrade made another process');
    figures.upgrades++;
}

async function restart(it, figures) {
    const started = it.count('started');
    it.signal('SIGTERM');
    await said(it, 'started', started + 1);
    figures.restarts++;
}

// SIGTERM at some moment of an upgrade: whichever program it meets, one ends and another starts.
async function interrupt(it, figures) {
    const pid = it.pid;
    it.signal('SIGUSR2');
    await wait(Math.random() * 60);
    it.signal('SIGTERM');
    await until('another process', () => it.pid !== pid, { timeoutMs: 30_000, everyMs: 20 });
    await it.metrics();
    figures.restarts++;
}

// An upgrade that cannot be: the old program goes on, and says so.
async function refusedUpgrade(it, figures, spoil) {
    const refused = it.count('upgrade_refused');
    await spoil();
    it.signal('SIGUSR2');
    await said(it, 'upgrade_refused', refused + 1);
    await it.install();
    await it.configure();
    figures.refused++;
}

async function refusedUpgrades(it, figures) {
    await refusedUpgrade(it, figures, () => rm(it.program));
    await refusedUpgrade(it, figures, () => writeFile(join(it.directory, 'sporlos.yaml'), 'sites: 3\n'));
    // Says that it can start, and then cannot be run.
    await writeFile(join(it.directory, 'liar'), '#!/bin/sh\nchmod 000 "$0"\n');
    await refusedUpgrade(it, figures, () => it.install(join(it.directory, 'liar')));
}

async function audited(it) {
    const store = await redisStore(it);
    return [...store].filter(([key]) => key.startsWith('sp1:audit:')).reduce((sum, [, fields]) => sum + Number(fields.get('')), 0);
}

export const ways = (it) => [{ host: '127.0.0.1', port: it.port }, { path: it.socket }];

export async function run({ long = false } = {}) {
    const figures = { reloads: 0, upgrades: 0, restarts: 0, refused: 0 };
    const it = await startCollector();
    let counts;
    try {
        const load = startLoad({ targets: ways(it), request: beacon, expected: 204, kinds: KINDS });
        await wait(500);
        for (let cycle = 0; cycle < (long ? 30 : 2); cycle++) {
            await reloads(it, figures);
            for (let i = 0; i < 3; i++) {
                await upgrade(it, figures);
                await wait(Math.random() * 300);
            }
            await refusedUpgrades(it, figures);
            await restart(it, figures);
            await upgrade(it, figures);
            await interrupt(it, figures);
            await wait(Math.random() * 500);
        }
        counts = await load.stop();
        figures.audit = await settled(it);
    } finally {
        await it.stop();
    }
    return report(counts, figures);
}

// Two whole rounds: the audit counter is written last of each, and one that sends everything again may take long.
async function twoRounds(it) {
    const of = async (name) => (await it.metrics()).get(`sporlos_collector_${name}`);
    const before = await of('flush_rounds_total');
    await until('two rounds of the flush', async () => (await of('flush_rounds_total')) >= before + 2, { timeoutMs: 180_000, everyMs: 100 });
}

// The audit counter when it says the same for two rounds of the flush.
export async function settled(it) {
    let last = -1;
    await twoRounds(it);
    return until(
        'an audit counter that stays',
        async () => {
            const now = await audited(it);
            const same = now === last && (await it.metrics()).get('sporlos_collector_leaves_changed') === 0;
            last = now;
            return same && now;
        },
        { timeoutMs: 30_000, everyMs: 1500 },
    );
}

// Enough of it, and over connections that are kept.
const isLoad = ({ answered, connections }) => answered > 500 && connections < answered / 2;

// A request that failed may have been counted or not.
function report(counts, { audit, reloads: reloaded, upgrades, restarts, refused }) {
    const lost = Math.max(0, counts.answered - audit);
    const doubled = Math.max(0, audit - counts.answered - counts.failed);
    const pass = lost === 0 && doubled === 0 && counts.failed === 0 && isLoad(counts);
    for (const [why, times] of counts.why) process.stderr.write(`${times} failed: ${why}\n`);
    return {
        pass,
        lost,
        doubled,
        failed: counts.failed,
        requests: counts.requests,
        answered: counts.answered,
        connections: counts.connections,
        reloads: reloaded,
        upgrades,
        refused,
        restarts,
        slowest_ms: counts.slowestMs,
    };
}
