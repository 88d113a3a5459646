// An allocation fails at its n-th call, for every n (a sample of them without --long): while each program starts, while it
// serves, writes to Redis, connects again, reads its configuration again, and when an hour or a day ends. It may end only while
// it starts, and then with a sentence; it never dies of a signal, it works as before when there is memory again, and what it
// answers 204 is counted. A library that dies by itself is named and counted apart (`theirs`): docs/reliability.md lists which.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logIn } from '../e2e/support/aggregator.mjs';
import { BUILD, until } from '../e2e/support/process.mjs';
import { flushed } from '../e2e/support/store.mjs';
import { alive, compileFailing, Control, Findings, sample, startFailing } from './support/allocation.mjs';
import { archivedSum, audited, exactConfig, judge, openSum, redis, startExact, worst } from './support/exact.mjs';
import { logOf, open, pidOf, sleep } from './support/host.mjs';
import { beacon, SITE } from './support/load.mjs';
import { ended } from './support/steps.mjs';

// ---- while it starts ----

// One start with the n-th allocation failing. {calls, status, signal, text, started}
function startOnce(program, preload, control, n) {
    return new Promise((done) => {
        control.arm(n);
        const child = spawn(program, ['--config', control.config], {
            env: { ...process.env, LD_PRELOAD: preload, FAIL_ALLOCATION: control.path },
            stdio: ['ignore', 'ignore', 'pipe'],
        });
        let text = '';
        let started = false;
        let calls = 0;
        const hang = setTimeout(() => child.kill('SIGKILL'), 20_000);
        child.stderr.on('data', (piece) => {
            text += piece;
            if (started || !text.includes('event=started')) return;
            started = true;
            calls = control.disarm();
            child.kill('SIGTERM');
        });
        child.on('close', (status, signal) => {
            clearTimeout(hang);
            done({ calls: started ? calls : control.disarm(), status, signal, text, started });
        });
    });
}

async function starting(name, folder, preload, findings, most) {
    const program = join(BUILD, `bin/sporlos-${name}`);
    const workers = [0, 1, 2].map((worker) => {
        const control = new Control(join(folder, `${name}-${worker}`));
        control.config = join(folder, `${name}-${worker}.yaml`);
        const at = (socket) => `"unix:${join(folder, `${name}-${worker}-${socket}`)}"`;
        writeFileSync(
            control.config,
            `${name}:\n  listen: [${at('listen')}]\n  ops_listen: [${at('ops')}]\n` +
                (name === 'collector' ? '  counter_memory: 1MiB\n' : `  archive: "sqlite://${join(folder, `archive-${worker}.db`)}"\n`) +
                `redis:\n  url: "unix://${join(folder, 'no-redis')}"\n` +
                exactConfig().replace(/^(collector|aggregator):\n(  .*\n)*/gm, ''),
        );
        return control;
    });
    const { calls, started } = await startOnce(program, preload, workers[0], 0);
    if (!started) throw new Error(`${name} does not start at all`);
    const queue = sample(calls, most);
    findings.tried[`${name}_start`] = `${queue.length}/${calls}`;
    await Promise.all(
        workers.map(async (control) => {
            for (let n = queue.shift(); n !== undefined; n = queue.shift()) {
                const { status, signal, text, started } = await startOnce(program, preload, control, n);
                const died = signal ?? (status >= 128 ? status : null);
                if (died) findings.died(`${name} start`, n, text);
                else if (!started && !(status > 0 && /[a-z]{3,} [a-z]{2,}/.test(text))) {
                    findings.mute++;
                    process.stderr.write(`allocation ${n} of ${name} start: status ${status}, no sentence: ${text}\n`);
                }
            }
            control.end();
        }),
    );
}

// ---- while it runs ----

// One beacon on a connection of its own; counts it in sent.
async function one(stack, n, sent) {
    const socket = open(stack.COLLECTOR_URL);
    socket.write(beacon({ page: `/ny/${n}`, network: `10.${n % 200}.${(n >> 8) % 200}.1`, close: true }));
    await Promise.race([socket.ended, sleep(3000)]);
    socket.destroy();
    if (socket.text.startsWith('HTTP/1.1 204')) sent.acknowledged++;
    else if (socket.text === '') sent.unanswered++;
}

// The status of the answer; 0: there was none. heard(text): what an answer of 200 says.
async function get(url, headers = {}, heard = () => {}) {
    try {
        const answer = await fetch(url, { headers: { connection: 'close', ...headers }, redirect: 'manual', signal: AbortSignal.timeout(3000) });
        const text = await answer.text();
        if (answer.status === 200) heard(text);
        return answer.status;
    } catch {
        return 0;
    }
}

// Hours go by until a day is in the archive: at once, or when nobody waits any longer for a collector that died.
async function closeSome(stack, nextHour) {
    for (const deadline = Date.now() + 60_000; (await archivedSum(stack, 'total')) === 0; ) {
        if (Date.now() > deadline) throw new Error('no day closes');
        await stack.moveClock(new Date(stack.instant.getTime() + nextHour() * 3_600_000));
        await sleep(700);
    }
}

async function reload(stack, name, pid) {
    const ended = async () => (await logOf(stack, name)).split(/event=reload/).length;
    const before = await ended();
    process.kill(pid, 'SIGHUP');
    await until('a reload', async () => !alive(pid) || (await ended()) > before, { timeoutMs: 5000, everyMs: 2 }).catch(() => {});
}

// Whether it works as before: a collector writes all that it has to Redis, an aggregator answers.
async function recovered(stack, name) {
    if (name === 'aggregator') return (await get(`${stack.AGGREGATOR_URL}/login`)) === 200 && (await get(`${stack.AGGREGATOR_OPS_URL}/readyz`)) === 200;
    return flushed(stack, { timeoutMs: 15_000, everyMs: 20 }).then(
        () => true,
        () => false,
    );
}

// A scene is played with its n-th allocation failing, n = 1, 2, ... A program that died or is stuck is begun again.
async function play(stack, name, scene, act, control, findings, most) {
    let pid = await pidOf(stack, name);
    await act(pid);
    control.arm(0);
    await act(pid);
    const calls = control.disarm();
    const queue = sample(calls, most);
    findings.tried[`${name}_${scene}`] = `${queue.length}/${calls}`;
    for (const n of queue) {
        const seen = (await logOf(stack, name)).length;
        control.arm(n);
        await act(pid);
        control.disarm();
        if (alive(pid) && (await recovered(stack, name))) continue;
        const stuck = alive(pid);
        if (stuck) process.kill(pid, 'SIGKILL');
        await stack.order('stop', name);
        await until('its exit status', () => ended(stack, name));
        const status = readFileSync(join(stack.directory, `${name}.status`), 'utf8').trim();
        const text = `${(await logOf(stack, name)).slice(seen)}status ${status}\n`;
        if (stuck) findings.stayedStuck(`${name} ${scene}`, n, text);
        else findings.died(`${name} ${scene}`, n, text);
        await stack.order('start', name);
        pid = await pidOf(stack, name);
    }
}

async function running(folder, preload, findings, long) {
    const stack = await startExact({ config: exactConfig({ options: ['flush_interval: 100ms'] }) });
    const sent = { acknowledged: 0, unanswered: 0 };
    try {
        const controls = {};
        for (const name of ['collector', 'aggregator']) {
            await stack.order('stop', name);
            controls[name] = await startFailing(stack, name, folder, preload);
            await stack.order('start', name);
        }
        let beacons = 0;
        const serve = async () => {
            await Promise.all([one(stack, beacons++, sent), one(stack, beacons++, sent), get(stack.METRICS_URL), get(stack.COLLECTOR_OPS_URL + '/readyz')]);
            await sleep(130); // a flush
        };
        await play(stack, 'collector', 'serving', serve, controls.collector, findings, long ? Infinity : 40);
        const reconnect = async () => {
            await redis(stack, 'CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes').catch(() => {});
            await one(stack, beacons++, sent);
            await sleep(250);
        };
        await play(stack, 'collector', 'connecting', reconnect, controls.collector, findings, long ? Infinity : 30);
        await play(stack, 'collector', 'reload', (pid) => reload(stack, 'collector', pid), controls.collector, findings, long ? Infinity : 40);
        let hours = 0;
        const turn = async () => {
            await stack.moveClock(new Date(stack.instant.getTime() + ++hours * 3_600_000));
            await one(stack, beacons++, sent);
            await sleep(250);
        };
        await play(stack, 'collector', 'turn', turn, controls.collector, findings, long ? Infinity : 12);
        const api = { authorization: `Bearer ${stack.TOKEN}` };
        const ask = async () => {
            await get(`${stack.AGGREGATOR_URL}/api/v1/sites`, api);
            await get(`${stack.AGGREGATOR_URL}/api/v1/sites/site.example/pages?from=2026-01&to=2026-02`, api);
            await get(`${stack.AGGREGATOR_URL}/login`);
            await get(`${stack.AGGREGATOR_OPS_URL}/metrics`);
        };
        await play(stack, 'aggregator', 'asked', ask, controls.aggregator, findings, long ? Infinity : 40);
        await closeSome(stack, () => ++hours);
        const { cookie } = await logIn(stack.AGGREGATOR_URL, stack.ADMIN_USER, stack.ADMIN_PASSWORD);
        const pages = ['', '/content', '/places', '/reports'];
        const files = ['csv', 'json-stat', 'svg'].map((form) => `/export?table=page&form=${form}`);
        const ofSite = (path) => `${stack.AGGREGATOR_URL}/sites/${SITE}${path}`;
        const said = files.map(() => new Set());
        const read = async () => {
            for (const page of pages) await get(ofSite(page), { cookie });
            for (const [i, file] of files.entries()) await get(ofSite(file), { cookie }, (text) => said[i].add(text));
        };
        const right = () => Promise.all(files.map((file) => fetch(ofSite(file), { headers: { cookie } }).then((answer) => answer.text())));
        const before = await right();
        await play(stack, 'aggregator', 'read', read, controls.aggregator, findings, long ? 2000 : 30);
        const after = await right(); // more may have been closed meanwhile
        if (said.some((texts, i) => !texts.has(before[i]))) throw new Error('nothing was read');
        for (const [i, texts] of said.entries()) findings.wrong += [...texts].filter((text) => text !== before[i] && text !== after[i]).length;
        await play(stack, 'aggregator', 'reload', (pid) => reload(stack, 'aggregator', pid), controls.aggregator, findings, long ? Infinity : 20);
        // After all of it both serve as ever.
        await one(stack, beacons++, sent);
        const answers = [await get(`${stack.AGGREGATOR_URL}/login`), await get(`${stack.AGGREGATOR_OPS_URL}/readyz`)];
        await flushed(stack);
        await stack.order('stop', 'aggregator'); // what it closes is in one of the two now
        const counted = async (table) => (await openSum(stack, table)) + (await archivedSum(stack, table));
        const verdict = worst(judge(sent, await audited(stack)), judge(sent, await counted('total')), judge(sent, await counted('page')));
        return { ...verdict, ...sent, healthy: answers.every((status) => status === 200) ? 1 : 0 };
    } finally {
        await stack.stop();
    }
}

export async function run({ long }) {
    const folder = mkdtempSync(join(tmpdir(), 'sporlos-allocation-'));
    const preload = compileFailing(folder);
    if (!preload) return { skipped: 'there is no C compiler here' };
    const findings = new Findings();
    try {
        await starting('collector', folder, preload, findings, long ? Infinity : 40);
        await starting('aggregator', folder, preload, findings, long ? Infinity : 25);
        const figures = await running(folder, preload, findings, long);
        const theirs = [...findings.theirs.values()].reduce((sum, count) => sum + count, 0);
        return {
            ...figures,
            ...findings.tried,
            died: findings.ours,
            stuck: findings.stuck,
            without_a_sentence: findings.mute,
            wrong: findings.wrong,
            theirs,
            pass: findings.ours + findings.stuck + findings.mute + findings.wrong === 0 && figures.healthy === 1,
        };
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
