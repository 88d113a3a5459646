// Memory of a connection that is open and says nothing, after it has sent one beacon: the growth of the collector's private and
// shared pages (VmRSS of /proc/PID/status) over 10 000 of them, and, from the same process, what a pipeline of 64 MiB and an endless
// head line leave behind.
//
//     node tests/bench/idle_connections.mjs [BUILD_DIR] [--connections 10000]      needs `ulimit -n` above that number
//
// Prints: bench idle_connection_bytes N bytes, and bench pipeline_rss_growth, bench endless_line_rss_growth N bytes; FAIL behind the one
// where the whole is above 64 MiB + 10 KiB a connection, or one of the other two above 1 MiB. Ends with an error where a connection
// is not answered.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort } from '../e2e/support/process.mjs';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: { connections: { type: 'string', default: '10000' }, long: { type: 'boolean' } }, // there is one form
});
const build = resolve(project, positionals[0] ?? 'build');
const count = Number(options.connections);
const COUNTERS = 64 * 1024 * 1024;
const PIPELINE = 64 * 1024 * 1024;
const MIB = 1024 * 1024;
let failed = false;
function report(name, value, unit, holds = true) {
    failed ||= !holds;
    console.log(`bench ${name} ${value} ${unit}${holds ? '' : ' FAIL'}`);
}
const die = (message) => {
    console.error(`idle_connections: ${message}`);
    process.exit(1);
};

const limit = execFileSync('sh', ['-c', 'ulimit -n']).toString().trim();
if (limit !== 'unlimited' && Number(limit) < count + 200) die(`needs ulimit -n ${count + 200}, has ${limit}`);
const beacon = (body) =>
    `POST /b HTTP/1.1\r\nHost: teller.site.example\r\nOrigin: https://site.example\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const BEACON = beacon('s=site.example&u=%2F&n=1');

// A connection that has had one answer.
const opened = (port) =>
    new Promise((done, failed) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(BEACON));
        socket.once('data', (answer) =>
            answer.toString().startsWith('HTTP/1.1 204') ? done(socket) : failed(new Error(`${answer}`)));
        socket.once('error', failed);
    });

// Write a MiB as fast as it is taken, until the collector has had enough and closes.
const flood = (port, piece) =>
    new Promise((done) => {
        let sent = 0;
        const socket = connect(port, '127.0.0.1');
        const more = () => {
            while (sent < MIB && !socket.destroyed) {
                sent += piece.length;
                if (!socket.write(piece)) return;
            }
        };
        socket.on('connect', more).on('drain', more).on('error', () => {}).on('close', done).resume();
    });

async function metric(name) {
    const text = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text();
    return Number(new RegExp(`^sporlos_collector_${name} (\\d+)`, 'm').exec(text)[1]);
}

async function rss(pid) {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

const dir = await mkdtemp(join(tmpdir(), 'sporlos-bench-'));
const [port, ops] = [await freePort(), await freePort()];
await writeFile(
    join(dir, 'sporlos.yaml'),
    `collector: {listen: ["127.0.0.1:${port}"], ops_listen: ["127.0.0.1:${ops}"], trusted_proxies: ["127.0.0.1/32"],\n` +
        `  connection_max: ${count + 100}, network_rate: 0}\n` +
        `redis: {url: "unix://${dir}/no-redis.sock"}\nsites: {site.example: {mode: standard}}\n`,
);
const collector = spawn(join(build, 'bin', 'sporlos-collector'), ['--config', join(dir, 'sporlos.yaml')], { stdio: ['ignore', 'ignore', 'ignore'] });
process.on('exit', () => collector.kill('SIGKILL'));
collector.on('exit', (code) => die(`the collector ended (${code})`));
for (let i = 0; !(await fetch(`http://127.0.0.1:${ops}/healthz`).then((a) => a.ok, () => false)); i++) {
    if (i > 300) die('the collector does not answer');
    await new Promise((r) => setTimeout(r, 100));
}

// Whatever grows once has grown: the buffers that are shared, the counters of this site, libevent's tables of descriptors are left in.
const warm = await Promise.all(Array.from({ length: 100 }, () => opened(port)));
// A connection is closed after its thousandth request, or when its line is refused: again until 64 MiB were dealt with.
const floods = [
    ['pipeline', BEACON.repeat(64), 'http_requests_total', PIPELINE / BEACON.length],
    ['endless_line', 'GET /' + 'a'.repeat(65536), 'http_refused_total', PIPELINE / MIB],
];
for (const [name, piece, counter, enough] of floods) {
    const goal = (await metric(counter)) + enough;
    const before = await rss(collector.pid);
    let most = before;
    while ((await metric(counter)) < goal) {
        await flood(port, piece);
        most = Math.max(most, await rss(collector.pid));
    }
    report(`${name}_rss_growth`, most - before, 'bytes', most - before <= MIB);
}
warm.forEach((socket) => socket.destroy());
await new Promise((r) => setTimeout(r, 500));

const before = await rss(collector.pid);
const sockets = [];
while (sockets.length < count) sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, count - sockets.length) }, () => opened(port)))));
const after = await rss(collector.pid);
report('idle_connection_bytes', Math.round((after - before) / count), 'bytes');
report('idle_connections_rss', (after / MIB).toFixed(1), 'MiB', after <= COUNTERS + count * 10240);
collector.removeAllListeners('exit');
collector.kill('SIGKILL');
await rm(dir, { recursive: true });
process.exit(failed ? 1 : 0);
