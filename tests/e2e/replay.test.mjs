// sporlos-replay against a real stack: what was replayed is what the archive holds, noise aside; whole addresses are nowhere,
// not in what it sends and not in its memory; lines that cannot be read are refused by number.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { addressBytes, filesBelow } from '../privacy/support/canary.mjs';
import { quiet, searchMemory } from '../privacy/support/memory.mjs';
import { drawAddress } from '../privacy/support/search.mjs';
import { shownByKey } from './support/api.mjs';
import { BUILD, ROOT, until } from './support/process.mjs';
import { startStack } from './support/stack.mjs';
import { metricsOf } from './support/store.mjs';

const PROGRAM = `${BUILD}/bin/sporlos-replay`;
const SITE = 'replay.example';
const BOUND = 5; // of the noise of one leaf, standard: privacy.md, 3
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const config = `
collector:
  network_rate: 0
geo:
  databases: []
sites:
  ${SITE}:
    mode: standard
    timezone: Europe/Oslo
    pages: ["/", "/*", "/*/*"]
`;

// Start it; output() and errors() are what it has said so far, ended is its exit status.
function replay(...words) {
    const child = spawn(PROGRAM, ['--site', SITE, ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
    const said = ['', ''];
    [child.stdout, child.stderr].forEach((stream, i) => stream.on('data', (text) => (said[i] += text)));
    child.stdin.on('error', () => {});
    const ended = new Promise((done) => child.on('close', (code, signal) => done(signal ?? code)));
    return { child, ended, output: () => said[0], errors: () => said[1] };
}

async function replayed(words, input = '') {
    const program = replay(...words);
    program.child.stdin.end(input);
    const status = await program.ended;
    return { status, output: program.output(), errors: program.errors() };
}

// A number of the summary.
const told = (output, name) => Number(new RegExp(`^${name}:? (\\d+)`, 'm').exec(output)?.[1] ?? 0);

// Of the hosts in tools/replay/synthetic_rows.h.
const CLASSES = {
    search: /google\.(no|com)$|bing|duckduckgo|ecosia|kvasir|googlequicksearchbox/,
    ai: /chatgpt|copilot|perplexity/,
    social: /facebook|instagram|linkedin|reddit/,
    public: /helsenorge|nav\.no|kommune\.no|ung\.no|helsedirektoratet/,
    site: /forum\.example\.net/,
    direct: /^$/,
};
const classOf = (host) =>
    /mail\.google|outlook/.test(host) ? 'mail' : Object.entries(CLASSES).find(([, hosts]) => hosts.test(host))[0];

// What --print says that would be sent, counted as the collector counts.
function counted(printed) {
    const pages = {};
    const forms = printed.trim().split('\n').map((line) => new URLSearchParams(line.split(' ')[2]));
    for (const form of forms) pages[form.get('u')] = (pages[form.get('u')] ?? 0) + 1;
    const entries = forms.filter((form) => form.get('n') === '1');
    const classes = {};
    for (const form of entries) classes[classOf(form.get('r') ?? '')] = (classes[classOf(form.get('r') ?? '')] ?? 0) + 1;
    return { total: forms.length, visits: entries.length, pages, classes };
}

const line = (address, { path = '/sorg', method = 'GET', status = 200, referrer = '-', agent = AGENT } = {}) =>
    `${address} - - [10/Nov/2026:10:05:00 +0100] "${method} ${path} HTTP/1.1" ${status} 512 "${referrer}" "${agent}"\n`;

// What of an address must not be anywhere: all of it, and what is cut off, in text and as it travels.
function partsOf(address) {
    const bytes = addressBytes(address);
    if (bytes.length === 4) return [Buffer.from(address), bytes];
    const rest = Buffer.from(address.split(':').slice(4).join(':'));
    const windows = Array.from({ length: rest.length - 11 }, (_, at) => rest.subarray(at, at + 12));
    return [Buffer.from(address), ...windows, bytes.subarray(8)];
}

function searchFor(addresses) {
    return {
        in: (bytes, place) =>
            addresses.flatMap((address) =>
                partsOf(address)
                    .filter((part) => bytes.includes(part))
                    .map((part) => ({ name: `${address} (${part.toString('latin1')}) in ${place}`, at: bytes.indexOf(part) })),
            ),
    };
}

// 24 networks, of both families.
const addresses = Array.from({ length: 24 }, (_, i) => drawAddress(i % 3 === 0 ? 6 : 4));

// The past of a site: three views of each network, and what is none.
function pastOf(networks) {
    const lines = networks.flatMap((address) => [
        line(address, { path: '/veiviser/barn?navn=ola#x', referrer: 'https://www.google.no/search?q=sorg' }),
        line(address, { path: '/kontakt', referrer: `https://www.${SITE}/veiviser/barn` }),
        line(address, { path: '/stil.css' }),
        line(address, { path: '/kontakt', method: 'POST' }),
        line(address, { path: '/borte', status: 404 }),
        line(address, { path: '/sorg', status: 304 }),
    ]);
    const wrong = [
        ['not a line at all\n', 'no IP address'],
        [line('host.example'), 'no IP address'],
        [`${networks[0]} - - [10/Nov/2026 10:05:00] "GET / HTTP/1.1" 200 5 "-" "x"\n`, 'no time'],
        [`${networks[1]} - - [10/Nov/2026:10:05:00 +0100] "GET / HTTP/1.1" 200 5\n`, 'combined format'],
        [line(`${networks[2]}, ${networks[1]}`), 'no IP address'],
        [`${'x'.repeat(200000)}\n`, 'longer than'],
    ];
    const refused = [];
    wrong.forEach(([text, why], i) => {
        lines.splice(7 * i + 3, 0, text);
        refused.push({ number: 7 * i + 4, why });
    });
    return { text: lines.join(''), refused, lines: lines.length };
}

// A server that writes down the bytes it gets, and answers 204 as often as a connection lives; then it goes without a word.
function startRecorder({ requestsPerConnection = Infinity, connectionClose = false, path = undefined } = {}) {
    const recorder = { bytes: [], requests: [], connections: 0 };
    const server = createServer((socket) => {
        let text = '';
        let served = 0;
        recorder.connections++;
        socket.on('error', () => {});
        socket.on('data', (chunk) => {
            if (served >= requestsPerConnection) return; // it has closed, as far as it is concerned
            recorder.bytes.push(chunk);
            text += chunk.toString('latin1');
            for (let border; (border = text.indexOf('\r\n\r\n')) >= 0; ) {
                const length = Number(/content-length: (\d+)/i.exec(text)[1]);
                if (text.length < border + 4 + length) return;
                recorder.requests.push({ head: text.slice(0, border), body: text.slice(border + 4, border + 4 + length) });
                text = text.slice(border + 4 + length);
                served++;
                const last = served >= requestsPerConnection;
                socket.write(`HTTP/1.1 204 No Content\r\n${last && connectionClose ? 'Connection: close\r\n' : ''}\r\n`);
                if (last) return void socket.end();
            }
        });
    });
    return new Promise((done) =>
        server.listen(path ? { path } : { port: 0, host: '127.0.0.1' }, () => {
            recorder.url = path ? `unix:${path}` : `http://127.0.0.1:${server.address().port}`;
            recorder.stop = () => new Promise((ended) => server.close(ended));
            done(recorder);
        }),
    );
}

const today = new Date();
const at = (day, hour, minute) => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, day, hour, minute));
const DAY = at(10, 10, 5).toISOString().slice(0, 10);

const tables = readFileSync(join(ROOT, 'include/sporlos/table.h'), 'utf8');
let stack, directory;

before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sporlos-replay-'));
    stack = await startStack({ config, clock: true });
    await stack.moveClock(at(10, 10, 5));
});

after(async () => {
    await stack?.stop();
    await rm(directory, { recursive: true, force: true });
});

function assertNear(actual, expected, bound, what) {
    assert.ok(actual !== undefined && Math.abs(actual - expected) <= bound, `${what}: shown ${actual}, replayed ${expected}, noise at most ${bound}`);
}

describe('what is replayed', () => {
    const past = pastOf(addresses);
    const synthetic = ['--synthetic', '--seed', '7', '--visitors', '900', '--pages', '20'];
    let invented;

    test('invented readers: every beacon is taken', async () => {
        const printed = await replayed([...synthetic, '--print']);
        assert.equal(printed.status, 0, printed.errors);
        assert.equal((await replayed([...synthetic, '--print'])).output, printed.output, 'the same seed, the same readers');
        invented = counted(printed.output);
        assert.ok(invented.visits === 900 && invented.total > 1800, JSON.stringify(invented));
        const { status, output, errors } = await replayed([...synthetic, '--to', stack.COLLECTOR_URL, '--rate', '0', '--connections', '2']);
        assert.equal(status, 0, output + errors);
        assert.equal(told(output, 'sent'), invented.total);
        assert.equal(told(output, 'answered 204'), invented.total);
        assert.equal(told(output, 'unanswered'), 0);
    });

    test('a log: bad lines are refused by number, the rest is taken', async () => {
        const file = join(directory, 'access.log');
        await writeFile(file, past.text);
        const { status, output, errors } = await replayed(['--to', `${stack.COLLECTOR_URL}/b`, '--rate', '2000', file]);
        assert.equal(status, 1, 'because lines were refused');
        const refused = [...errors.matchAll(/^line (\d+): refused: (.*)$/gm)].map(([, number, why]) => ({ number: Number(number), why }));
        assert.deepEqual(refused.map(({ number }) => number), past.refused.map(({ number }) => number), errors);
        refused.forEach(({ why }, i) => assert.ok(why.includes(past.refused[i].why), `${why} / ${past.refused[i].why}`));
        assert.equal(told(output, 'answered 204'), 3 * addresses.length, output);
        assert.equal(told(output, 'lines'), past.lines);
        assert.equal(told(output, 'no page views'), 3 * addresses.length);
        assert.equal(told(output, 'refused lines'), past.refused.length);
        for (const address of addresses) assert.ok(!(output + errors).includes(address), `${address} is told`);
        const metrics = await metricsOf(stack.METRICS_URL);
        assert.equal(metrics.get('sporlos_collector_beacons_total{verdict="accepted"}'), invented.total + 3 * addresses.length);
    });

    test('the archive has what was replayed', async () => {
        await stack.moveClock(at(11, 0, 20));
        const closed = (table) =>
            until(
                `${table} to close`,
                async () => {
                    const shown = await shownByKey(stack, SITE, table, { from: DAY });
                    return Object.keys(shown).length > 0 && shown;
                },
                { timeoutMs: 60_000, everyMs: 500 },
            );
        assertNear((await closed('total'))[''], invented.total + 3 * addresses.length, BOUND, 'total');
        assertNear((await closed('visits'))[''], invented.visits + 2 * addresses.length, BOUND, 'visits');
        const shown = await closed('page');
        const ours = { '/veiviser/barn': addresses.length, '/kontakt': addresses.length, '/sorg': addresses.length };
        let compared = 0;
        for (const page of new Set([...Object.keys(invented.pages), ...Object.keys(ours)])) {
            const expected = (invented.pages[page] ?? 0) + (ours[page] ?? 0);
            if (expected < 20) continue; // may be hidden
            assertNear(shown[page], expected, BOUND, page);
            compared++;
        }
        assert.ok(compared > 15, `${compared} pages`);
    });

    test('and where it came from', { skip: !tables.includes('"referrer"') && 'there is no table of referrers' }, async () => {
        const shown = await shownByKey(stack, SITE, 'referrer', { from: DAY });
        const ours = { search: addresses.length, direct: addresses.length };
        let compared = 0;
        for (const [name, count] of Object.entries(invented.classes)) {
            const expected = count + (ours[name] ?? 0);
            if (expected < 20) continue; // may be hidden
            assertNear(shown[name], expected, BOUND, name);
            compared++;
        }
        assert.ok(compared >= 4, `${compared} classes`);
    });

    test('whole addresses are in nothing that the stack keeps', async () => {
        const files = await filesBelow(stack.directory);
        assert.ok(Object.keys(files).some((name) => name.startsWith('archive.db')));
        const found = Object.entries(files).flatMap(([place, bytes]) => searchFor(addresses).in(bytes, place));
        assert.deepEqual(found, []);
    });
});

describe('what it sends', () => {
    test('truncated, as a browser behind a proxy would', async () => {
        const recorder = await startRecorder();
        const networks = [drawAddress(4), drawAddress(6)];
        const text =
            line(networks[0], { path: '/s%C3%B8k/a&b?q=ola', referrer: 'https://user@WWW.Google.no:443/search?q=ola' }) +
            line(networks[1], { referrer: `http://${SITE}/` }) +
            line(`::ffff:${networks[0]}`, { path: 'https://replay.example/full?x', agent: 'A\\x0d\\x0aX-Evil: 1' });
        const { status, output, errors } = await replayed(['--to', recorder.url, '--connections', '1', '--host', 'annet.example', '-'], text);
        await recorder.stop();
        assert.equal(status, 0, output + errors);
        const header = ({ head }, name) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1];
        const four = networks[0].replace(/\.\d+$/, '.0');
        const six = `${networks[1].split(':').slice(0, 3).join(':')}::`;
        assert.deepEqual(recorder.requests.map((request) => header(request, 'X-Forwarded-For')), [four, six, four]);
        assert.deepEqual(recorder.requests.map(({ body }) => body), [
            `s=${SITE}&u=/s%25C3%25B8k/a%26b&n=1&r=www.google.no`,
            `s=${SITE}&u=/sorg`,
            `s=${SITE}&u=/full&n=1`,
        ]);
        assert.deepEqual(recorder.requests.map((request) => header(request, 'User-Agent')), [AGENT, AGENT, 'A??X-Evil: 1']);
        for (const request of recorder.requests) {
            assert.equal(header(request, 'Origin'), `https://${SITE}`);
            assert.match(request.head, /^POST \/b HTTP\/1\.1\r\n/);
        }
        assert.deepEqual(searchFor(networks).in(Buffer.concat(recorder.bytes), 'what was sent'), []);
    });

    for (const connectionClose of [true, false]) {
        test(`once each, when connections end ${connectionClose ? 'as announced' : 'without a word'}`, async () => {
            const recorder = await startRecorder({ requestsPerConnection: 7, connectionClose });
            const words = ['--synthetic', '--visitors', '200', '--to', recorder.url, '--rate', '0', '--connections', '3'];
            const { status, output, errors } = await replayed(words);
            await recorder.stop();
            assert.equal(status, 0, output + errors);
            assert.equal(recorder.requests.length, told(output, 'sent'));
            assert.ok(recorder.connections >= recorder.requests.length / 7, `${recorder.connections} connections`);
            const printed = await replayed(['--synthetic', '--visitors', '200', '--print']);
            const sorted = (bodies) => bodies.sort();
            const expected = printed.output.trim().split('\n').map((text) => text.split(' ')[2]);
            assert.deepEqual(sorted(recorder.requests.map(({ body }) => body)), sorted(expected));
        });
    }

    test('through a socket', async () => {
        const recorder = await startRecorder({ path: join(directory, 'socket') });
        const { status, output, errors } = await replayed(['--to', recorder.url, '-'], line('192.0.2.1'));
        await recorder.stop();
        assert.equal(status, 0, output + errors);
        assert.equal(recorder.requests.length, 1);
    });

    test('at its pace', async () => {
        const recorder = await startRecorder();
        const words = ['--synthetic', '--visitors', '5', '--to', recorder.url];
        const total = told((await replayed([...words, '--rate', '0'])).output, 'sent');
        const begun = Date.now();
        await replayed([...words, '--rate', '20']);
        const byRate = Date.now() - begun;
        await recorder.stop();
        assert.ok(byRate >= ((total - 1) / 20) * 1000 - 20, `${total} beacons at 20/s took ${byRate} ms`);
        const timed = [0, 60, 120].map((s) => line('192.0.2.1').replace('10:05:00', `10:0${5 + s / 60}:00`)).join('');
        const other = await startRecorder();
        const again = Date.now();
        const { status } = await replayed(['--to', other.url, '--speed', '120x', '-'], timed);
        const bySpeed = Date.now() - again;
        await other.stop();
        assert.equal(status, 0);
        assert.ok(bySpeed >= 980 && bySpeed < 5000, `two minutes at 120x took ${bySpeed} ms`);
    });
});

describe('how it ends', () => {
    test('SIGINT: the answers under way, and the summary', async () => {
        const recorder = await startRecorder();
        const program = replay('--synthetic', '--to', recorder.url, '--rate', '200');
        await until('some beacons', () => recorder.requests.length > 20);
        program.child.kill('SIGINT');
        assert.equal(await program.ended, 0, program.errors());
        await recorder.stop();
        assert.match(program.output(), /^interrupted$/m);
        assert.equal(told(program.output(), 'answered 204'), recorder.requests.length);
        assert.equal(told(program.output(), 'sent'), recorder.requests.length);
    });

    test('nobody there, and answers that are no success, are failures', async () => {
        const nobody = await replayed(['--synthetic', '--to', 'http://127.0.0.1:1', '--rate', '0']);
        assert.equal(nobody.status, 1);
        assert.match(nobody.errors, /does not answer/);
        assert.match(nobody.output, /^unanswered \d+$/m);
        const unknown = spawn(PROGRAM, ['--site', 'nobody.example', '--synthetic', '--visitors', '2', '--rate', '0', '--to', stack.COLLECTOR_URL]);
        let output = '';
        unknown.stdout.on('data', (text) => (output += text));
        assert.equal(await new Promise((done) => unknown.on('close', done)), 1);
        assert.match(output, /^answered 404: \d+$/m);
    });

    test('wrong options are told, with status 64', async () => {
        for (const words of [[], ['--synthetic', 'x.log'], ['--rate', 'x', '-'], ['--to', 'https://x', '-'], ['--visitors', '0', '--synthetic'], ['a', 'b'], ['--nothing']]) {
            const { status, errors } = await replayed(words);
            assert.equal(status, 64, `${words}: ${errors}`);
            assert.match(errors, /\w/);
        }
        assert.equal((await replayed(['/nowhere/at/all'])).status, 1);
        const help = await replayed(['--help']);
        assert.equal(help.status, 0);
        const page = await readFile(join(ROOT, 'docs/replay.md'), 'utf8');
        for (const [option] of help.output.matchAll(/^ +--[a-z]+/gm)) assert.ok(page.includes(`\`${option.trim()}`), `${option} is not in docs/replay.md`);
    });
});

const sanitized = /asan/.test(spawnSync('ldd', [PROGRAM], { encoding: 'utf8' }).stdout);
const blind = (process.getuid() !== 0 && 'only root can read it') || (sanitized && 'AddressSanitizer keeps what was freed');
test('whole addresses are not in its memory once they are read', { skip: blind }, async () => {
    const recorder = await startRecorder();
    const drawn = Array.from({ length: 30 }, () => drawAddress(6));
    const program = replay('--to', recorder.url, '--rate', '0', '-'); // standard input stays open
    const search = searchFor(drawn);
    const text = drawn.map((address, i) => (i % 5 === 4 ? line(address).replace('"GET', 'GET') : line(address))).join('');
    program.child.stdin.write(text);
    await until('all views', () => recorder.requests.length === 24);
    await until('all refusals', () => program.errors().split('\n').length === 7);
    await quiet(program.child.pid);
    const { hits, bytes } = searchMemory(search, program.child.pid, 'sporlos-replay', { written: true });
    assert.ok(bytes > 50_000, `${bytes} bytes looked through`);
    assert.deepEqual(hits.map(({ name }) => name), []);
    // The same search finds an address whose line has not ended: it is still to be read.
    program.child.stdin.write(line(drawn[0]).trimEnd());
    await until('the address to be found', () => searchMemory(search, program.child.pid, 'sporlos-replay', { written: true }).hits.length > 0);
    program.child.stdin.end();
    assert.equal(await program.ended, 1);
    assert.equal(recorder.requests.length, 25, 'the last line counts without its end');
    await recorder.stop();
});
