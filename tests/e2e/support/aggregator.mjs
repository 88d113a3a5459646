// An aggregator alone, without Redis: for tests of pages over an archive that was made beforehand. Ends with stop().
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILD, freePort, run, until } from './process.mjs';

const PROGRAM = `${BUILD}/bin/sporlos-aggregator`;

// sites, options (of the section aggregator): YAML, indented by two spaces. prepare(it): before it starts.
export async function startAggregator({ sites, options = '', prepare = async () => {}, directory = undefined }) {
    const it = { directory: directory ?? (await mkdtemp(join(tmpdir(), 'sporlos-aggregator-'))), events: '' };
    const [port, opsPort] = [await freePort(), await freePort()];
    it.archive = join(it.directory, 'archive.db');
    it.config = join(it.directory, 'sporlos.yaml');
    it.url = `http://127.0.0.1:${port}`;
    it.configure = (more = options, its = sites) =>
        writeFile(
            it.config,
            `aggregator:\n  listen: ["127.0.0.1:${port}"]\n  ops_listen: ["127.0.0.1:${opsPort}"]\n` +
                `  archive: "sqlite://${it.archive}"\n  drain_interval: 1 s\n${more}` +
                `redis: {url: "unix://${it.directory}/none.sock", connect_timeout: 100 ms}\nsites:\n${its}`,
        );
    // A sub-command, with what goes to its standard input.
    it.command = (words, input = '') =>
        new Promise((resolve) => {
            const child = spawn(PROGRAM, ['--config', it.config, ...words]);
            let [output, errors] = ['', ''];
            child.stdout.on('data', (text) => (output += text));
            child.stderr.on('data', (text) => (errors += text));
            child.on('close', (status) => resolve({ status, output, errors }));
            child.stdin.on('error', () => {}); // a command that refuses does not read
            child.stdin.end(input);
        });
    await it.configure();
    await prepare(it);
    it.child = spawn(PROGRAM, ['--config', it.config]);
    it.child.stderr.on('data', (text) => (it.events += text));
    const ended = new Promise((done) => it.child.once('exit', (code, signal) => done(signal ?? code)));
    ended.then((why) => (it.died = why));
    await until('the aggregator to start', () => {
        if (it.died !== undefined) throw new Error(`the aggregator ended: ${it.died}\n${it.events}`);
        return it.events.includes('event=started');
    }, { timeoutMs: 60_000 });
    it.reload = async () => {
        const before = it.events.split('event=reload').length;
        it.child.kill('SIGHUP');
        await until('the reload', () => it.events.split('event=reload').length > before, { timeoutMs: 30_000 });
    };
    it.stop = async () => {
        it.child.kill('SIGTERM');
        const why = await ended;
        if (why !== 0) throw new Error(`the aggregator ended: ${why}\n${it.events}`);
        if (directory === undefined) await rm(it.directory, { recursive: true });
    };
    return it;
}

// Log in as a browser's form would; the cookie's line as it is sent back.
export async function logIn(url, name, password, headers = {}) {
    const answer = await fetch(`${url}/login`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: url, ...headers },
        body: new URLSearchParams({ name, password }),
    });
    return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

export const hostileArchive = (archive, strings, ...sites) => run(`${BUILD}/bin/hostile_archive`, [archive, strings, ...sites]);

// A zone where it is noon now: reports are not sent at night.
const hours = 12 - new Date().getUTCHours();
export const NOON_ZONE = hours === 0 ? 'Etc/UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;

// Order a report of the week that has ended, as if that had been done before it ended: it is due with the next round.
export async function orderReport(it, address, ...words) {
    const { status, errors } = await it.command(['report', 'add', address, '--every', 'week', ...words]);
    if (status !== 0) throw new Error(errors);
    await run('sqlite3', ['-cmd', '.timeout 5000', it.archive, 'UPDATE account_report SET made = 0']);
}
