// The corpus of requests that are malformed, or just not (tests/support/http_corpus.txt), sent to real collectors:
// directly, whole and in pieces; and through nginx and HAProxy that keep connections to the collector and share them.
//
// Counted at the collector, by its metrics. Directly: exactly as many requests are taken and refused as the corpus says,
// however the bytes were cut. Through a proxy: never more requests than the proxy gave answers, never the hidden one, and
// who asks next, on the same connection or on another, gets the own answer.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersIn, readCorpus } from './corpus_lines.mjs';
import { nginxArguments, nginxConfiguration } from './support/nginx.mjs';
import { BUILD, freePort, start, until } from './support/process.mjs';
import { metricsOf } from './support/store.mjs';

const SITE = 'site.example';
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
const CLEAN = 'GET /s.js HTTP/1.1\r\nHost: c\r\n\r\n';
const ANSWER_MS = 10_000; // for what must come
const QUIET_MS = 100; // a proxy that has said nothing for so long may be waiting for more
const TOGETHER = 128; // connections

// ---- programs ------------------------------------------------------------------------------------------------------

const configuration = (ports, directory) => `
collector:
  listen: ["127.0.0.1:${ports.collector}"]
  ops_listen: ["127.0.0.1:${ports.ops}"]
  counter_memory: 4 MiB
  network_rate: 0
  network_connections: 0
redis:
  url: "unix://${directory}/redis.sock"
geo:
  databases: []
sites:
  ${SITE}: {mode: standard}
`;

// Every target goes on as it came, and connections are kept. lenient: what a proxy may be told to let through.
const nginx = (ports, directory, lenient) => nginxConfiguration(directory, `
    upstream collector { server 127.0.0.1:${ports.collector}; keepalive 1; }
    server {
        listen 127.0.0.1:${ports.front};
        ${lenient ? 'ignore_invalid_headers off; underscores_in_headers on; large_client_header_buffers 4 32k; proxy_request_buffering off;' : ''}
        location / {
            proxy_pass http://collector;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header X-Forwarded-For $remote_addr;
        }
    }`);

const haproxy = (ports, directory, lenient) => `
global
    maxconn 256
    nbthread 1
defaults
    mode http
    timeout connect 2s
    timeout client 20s
    timeout server 20s
    timeout http-request 20s
    retries 0
    http-reuse always
    ${lenient ? 'option accept-invalid-http-request' : ''}
listen front
    bind 127.0.0.1:${ports.front}
    http-request set-header X-Forwarded-For %[src]
    server collector 127.0.0.1:${ports.collector} pool-max-conn 1
`;

const NGINX = { program: 'nginx', text: nginx, args: (file, directory) => nginxArguments(directory, file) };
const HAPROXY = { program: 'haproxy', text: haproxy, args: (file) => ['-db', '-f', file] };
const FRONTS = {
    nginx: NGINX,
    haproxy: HAPROXY,
    nginx_lenient: { ...NGINX, lenient: true },
    haproxy_lenient: { ...HAPROXY, lenient: true },
    careless: { open: careless }, // none that exists: what the counts must be able to see
};

// A proxy that passes on whatever comes as if it were one request, and gives back the first answer.
async function careless(ports) {
    const server = createServer((visitor) => {
        visitor.on('error', () => {});
        visitor.on('data', async (bytes) => {
            const own = client(ports.collector, false);
            await own.write(bytes.toString('latin1'));
            await own.until(() => own.answers.length > 0, ANSWER_MS);
            visitor.end(own.text.slice(0, own.answers[0].head.length + own.answers[0].body.length));
            own.destroy();
        });
    });
    await new Promise((done) => server.listen(ports.front, '127.0.0.1', done));
    return { stop: () => new Promise((done) => server.close(done)) };
}

function listening(where) {
    return until(`${where} to listen`, () =>
        new Promise((done) => {
            const probe = connect(typeof where === 'number' ? { port: where, host: '127.0.0.1' } : { path: where }, () => (probe.destroy(), done(true)));
            probe.on('error', () => done(false));
        }),
    );
}

// A collector, and a proxy before it if name is one of FRONTS; use(ports) has them to itself.
async function withPrograms(name, use) {
    const directory = await mkdtemp(join(tmpdir(), 'sporlos-corpus-'));
    const ports = { collector: await freePort(), ops: await freePort(), front: await freePort() };
    const programs = [];
    const deaths = [];
    const started = async (program, file, text, args, port) => {
        await writeFile(join(directory, file), text);
        programs.push(start(program, args(join(directory, file), directory), { env: { ...process.env, PATH } }));
        deaths.push(programs.at(-1).ended.then((why) => Promise.reject(new Error(why))));
        deaths.at(-1).catch(() => {}); // it ends in the end
        await Promise.race([listening(port), ...deaths]);
    };
    const socket = join(directory, 'redis.sock');
    try {
        await started('redis-server', 'redis.conf', `port 0\nunixsocket ${socket}\nsave ""\ndir ${directory}\nlogfile /dev/null\n`, (file) => [file], socket);
        await started(join(BUILD, 'bin/sporlos-collector'), 'sporlos.yaml', configuration(ports, directory), (file) => ['--config', file], ports.collector);
        await listening(ports.ops);
        const front = FRONTS[name];
        if (front?.open) programs.push(await front.open(ports));
        else if (front) await started(front.program, 'front.conf', front.text(ports, directory, front.lenient), front.args, ports.front);
        return await Promise.race([use({ ...ports, front: front ? ports.front : ports.collector }), ...deaths]);
    } finally {
        for (const program of programs.reverse()) await program.stop();
        await rm(directory, { recursive: true });
    }
}

// What the collector has counted: {requests, refused, hidden}.
async function counted(ports) {
    const metrics = await metricsOf(`http://127.0.0.1:${ports.ops}/metrics`);
    const of = (name) => metrics.get(`sporlos_collector_${name}`) ?? NaN;
    return { requests: of('http_requests_total'), refused: of('http_refused_total'), hidden: of('beacons_total{verdict="unknown_site"}') };
}

const less = (now, old) => Object.fromEntries(Object.keys(now).map((key) => [key, now[key] - old[key]]));

// ---- a connection --------------------------------------------------------------------------------------------------

// heads: see answersIn. until(ask, ms) resolves to whether ask() became true before ms without a byte went by.
function client(port, heads) {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const own = { text: '', closed: false, answers: [], wake: () => {} };
    const change = () => {
        own.answers = answersIn(own.text, heads);
        own.wake();
    };
    socket.on('data', (piece) => ((own.text += piece.toString('latin1')), change()));
    for (const event of ['end', 'error', 'close']) socket.on(event, () => ((own.closed = true), own.wake()));
    own.write = (bytes) => new Promise((done) => (socket.destroyed || own.closed ? done() : socket.write(Buffer.from(bytes, 'latin1'), () => done())));
    own.end = () => socket.end();
    own.destroy = () => socket.destroy();
    own.until = (ask, ms) =>
        new Promise((done) => {
            let timer;
            const finish = (held) => (clearTimeout(timer), (own.wake = () => {}), done(held));
            own.wake = () => {
                clearTimeout(timer);
                if (ask()) finish(true);
                else if (own.closed) finish(false);
                else timer = setTimeout(finish, ms, false);
            };
            own.wake();
        });
    return own;
}

const isClean = (answer) => answer?.status === 200 && /^content-type: text\/javascript/im.test(answer.head) && answer.body.length > 500;

// Ask for the script, on that connection or a new one; whether it is what came, and nothing else with it.
async function cleanAnswer(ports, connection = client(ports.front, false)) {
    const before = connection.answers.length;
    await connection.write(CLEAN);
    await connection.until(() => connection.answers.length > before, ANSWER_MS);
    connection.destroy();
    return connection.answers.length === before + 1 && isClean(connection.answers[before]);
}

// ---- directly ------------------------------------------------------------------------------------------------------

// Two answers to somebody else: the collector, which is one loop, has meanwhile read what was sent to it before.
async function barrier(probe) {
    for (let i = 0; i < 2; i++) {
        const before = probe.answers.length;
        await probe.write('HEAD /barrier HTTP/1.1\r\nHost: c\r\n\r\n');
        if (!(await probe.until(() => probe.answers.length > before, ANSWER_MS))) throw new Error('the collector does not answer');
    }
}

// After the last piece of a job: what is wrong with what came, or nothing.
async function outcome(job, ports) {
    const { entry, connection } = job;
    const wanted = entry.statuses;
    await connection.until(() => connection.answers.length >= wanted.length && (!entry.closes || connection.closed), ANSWER_MS);
    const got = connection.answers.map((answer) => answer.status);
    if (got.join() !== wanted.join()) return `answered ${got}, not ${wanted}`;
    if (entry.refused && !/^[A-Z][ A-Za-z,'-]+\r?\n?$/.test(connection.answers.at(-1).body) && !entry.bytes.startsWith('HEAD ')) return 'refused without a reason';
    if (entry.closes) return connection.closed ? null : 'not closed';
    if (!entry.more) return (await cleanAnswer(ports, connection)) ? null : 'the next request has not its own answer';
    connection.end();
    await connection.until(() => connection.closed, ANSWER_MS);
    return connection.closed && connection.answers.length === wanted.length ? null : 'an answer to half a request';
}

// Jobs {entry, pieces}, each on a connection of its own, in step: a piece of each, then the next. Adds to figures.
async function runTogether(jobs, ports, figures) {
    const old = await counted(ports);
    const probe = client(ports.collector, true);
    for (const job of jobs) job.connection = client(ports.collector, /HEAD /.test(job.entry.bytes));
    let barriers = 0;
    for (let step = 0; jobs.some((job) => step < job.pieces.length); step++) {
        for (const job of jobs) if (step < job.pieces.length) job.connection.write(job.pieces[step]);
        await barrier(probe);
        barriers += 2;
    }
    const faults = await Promise.all(jobs.map((job) => outcome(job, ports)));
    for (const job of jobs) job.connection.destroy();
    probe.destroy();
    const sum = (of) => jobs.reduce((total, { entry }) => total + of(entry), 0);
    const clean = sum((entry) => Number(!entry.closes && !entry.more));
    const grown = less(await counted(ports), old);
    const handled = grown.requests - barriers - clean;
    const [taken, refused] = [sum((entry) => entry.taken), sum((entry) => entry.refused)];
    faults.forEach((fault, i) => fault && figures.faults.push(`line ${jobs[i].entry.line}, ${jobs[i].pieces.length} pieces: ${fault}`));
    if (handled !== taken || grown.refused !== refused)
        figures.faults.push(`lines ${jobs[0].entry.line} and on: taken ${handled} for ${taken}, refused ${grown.refused} for ${refused}`);
    figures.lost += Math.max(0, taken - handled);
    figures.doubled += Math.max(0, handled - taken) + grown.hidden;
    figures.handled += handled;
    figures.refused += grown.refused;
    figures.requests += jobs.length;
}

const piecesOf = (bytes, step) => Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) => bytes.slice(i * step, (i + 1) * step));

// One byte a segment; of a long one, which would outlive the deadline of a head, only its ends.
function inBytes({ bytes }) {
    if (bytes.length <= 400) return piecesOf(bytes, 1);
    return [...piecesOf(bytes.slice(0, 40), 1), bytes.slice(40, -40), ...piecesOf(bytes.slice(-40), 1)];
}

// Where an entry is cut in two: everywhere, or (short) in a few places that differ from entry to entry.
function cutsOf({ bytes, line }, long) {
    const step = long ? 1 : Math.max(1, Math.floor(bytes.length / 6));
    const cuts = [];
    for (let cut = long ? 1 : 1 + (line % step); cut < bytes.length; cut += step) cuts.push(cut);
    return cuts;
}

async function runDirect(ports, entries, long) {
    const figures = { requests: 0, handled: 0, refused: 0, lost: 0, doubled: 0, faults: [] };
    const jobs = [
        ...entries.map((entry) => ({ entry, pieces: [entry.bytes] })),
        ...entries.map((entry) => ({ entry, pieces: inBytes(entry) })),
        ...entries.flatMap((entry) => cutsOf(entry, long).map((cut) => ({ entry, pieces: [entry.bytes.slice(0, cut), entry.bytes.slice(cut)] }))),
    ];
    for (let i = 0; i < jobs.length; i += TOGETHER) await runTogether(jobs.slice(i, i + TOGETHER), ports, figures);
    return figures;
}

// ---- through a proxy -----------------------------------------------------------------------------------------------

// It announces more than it brings: what comes next on the connection is rightly taken for the rest.
const isUnfinished = ({ more, bytes }) => more || [...bytes.matchAll(/content-length: *(\d+)/gi)].some(([, length]) => Number(length) > bytes.length);

// An answer to HTTP/0.9, which nginx still speaks: a body and nothing else.
const isBare = (text) => text !== '' && !text.startsWith('HTTP/');

// Say an entry to a proxy, and a clean request after it where the proxy leaves the connection open; then clean ones on two
// other connections: proxy and collector are a loop each, so they have seen the entry when these are answered. What the
// collector has answered by then must come. -> {answers: to what the proxy read in the entry, handled, refused, faults}
async function sayThrough(ports, entry) {
    const old = await counted(ports);
    const connection = client(ports.front, /HEAD /.test(entry.bytes));
    const answered = () => connection.answers.length >= Math.max(1, entry.statuses.length);
    await connection.write(entry.bytes);
    const open = (await connection.until(answered, QUIET_MS)) && !connection.closed && !isUnfinished(entry);
    if (open) await connection.write(CLEAN);
    const clean = open && (await connection.until(() => isClean(connection.answers.at(-1)), ANSWER_MS));
    const others = [await cleanAnswer(ports), await cleanAnswer(ports)];
    const grown = less(await counted(ports), old);
    const total = grown.requests + grown.refused - others.length;
    const answers = () => connection.answers.length || Number(isBare(connection.text));
    await connection.until(() => answers() >= total, ANSWER_MS);
    connection.destroy();
    return {
        answers: answers() - Number(clean),
        handled: grown.requests - others.length - Number(clean),
        refused: grown.refused,
        faults: [
            ...(open && !clean && !connection.closed ? ['the next request has not its own answer'] : []),
            ...others.filter((own) => !own).map(() => 'another connection has not its own answer'),
        ],
    };
}

// Through a proxy each answer is for one request that the proxy read, and each request that it read may be one to the
// collector: there is never more there than answers here.
async function runThrough(ports, entries) {
    const figures = { requests: 0, handled: 0, refused: 0, lost: 0, doubled: 0, faults: [] };
    for (const entry of entries) {
        const { answers, handled, refused, faults } = await sayThrough(ports, entry);
        const more = Math.max(0, handled + refused - answers);
        figures.lost += faults.length;
        if (more) faults.push(`${handled} handled and ${refused} refused for ${answers} answers`);
        figures.faults.push(...faults.map((fault) => `line ${entry.line}: ${fault}`));
        figures.doubled += more;
        figures.handled += handled;
        figures.refused += refused;
        figures.requests++;
    }
    return figures;
}

// ---- all -----------------------------------------------------------------------------------------------------------

// long: cut at every offset, and proxies that were told to be lenient too. entries: others than the corpus.
// -> {requests, lost, doubled, ways: {direct, nginx, haproxy, ...: {requests, handled, refused, lost, doubled, faults}}}
export async function runCorpus({ long = false, entries = readCorpus(), ways } = {}) {
    const names = ways ?? ['direct', 'nginx', 'haproxy', ...(long ? ['nginx_lenient', 'haproxy_lenient'] : [])];
    const done = await Promise.all(
        names.map((name) => withPrograms(name, (ports) => (name === 'direct' ? runDirect(ports, entries, long) : runThrough(ports, entries)))),
    );
    const sum = (key) => done.reduce((total, figures) => total + figures[key], 0);
    const pass = done.every(({ lost, doubled, faults }) => lost === 0 && doubled === 0 && faults.length === 0);
    const [lost, doubled] = [sum('lost'), sum('doubled')];
    return {
        requests: entries.length,
        lost,
        doubled,
        pass,
        ways: Object.fromEntries(names.map((name, i) => [name, done[i]])),
    };
}
