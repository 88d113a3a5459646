// No address anywhere: after each request the memory of the programs is read, and at the end all that they wrote, said and
// stored. Then the same search meets builds that give addresses away, and has to find them.
//
// What counts. A text, or 8 bytes of an IPv6 address, is found by chance never. The 4 bytes of an IPv4 address are, about once
// in 4 GiB of random memory: such a hit counts when it comes again with another address sent in the same way.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { shownByKey } from '../e2e/support/api.mjs';
import { BUILD, freePort, ROOT, run, until } from '../e2e/support/process.mjs';
import { exchange, requestBytes } from '../e2e/support/raw.mjs';
import { startStack } from '../e2e/support/stack.mjs';
import { flushed } from '../e2e/support/store.mjs';
import { addressBytes, encoded } from './support/canary.mjs';
import { hold } from './support/held.mjs';
import { mappingsOf, quiet, searchMemory } from './support/memory.mjs';
import { AGENT, PLACES, plantedRequest, SITES_CONFIG } from './support/places.mjs';
import { drawAddress, searchFor, spellings } from './support/search.mjs';
import { lookThrough, pidOf, storedBy, watch } from './support/watch.mjs';

const root = process.getuid() === 0;
const sanitized = /asan/.test(spawnSync('ldd', [join(BUILD, 'bin', 'sporlos-collector')], { encoding: 'utf8' }).stdout);
const blind = !root
    ? 'only root can read the memory of these programs'
    : sanitized && 'AddressSanitizer keeps what was freed';

const four = (address) => !address.includes(':');
const inBytes = ({ address, form }) => four(address) && / order$/.test(form);
const looked = { scans: 0, bytes: 0, addresses: 0, ignored: 0 };
const told = (hits) => hits.map(({ name, at, around }) => `${name} at ${at.toString(16)} ${around ?? ''}`);

// ---- how an address is sent ----

const GOOD = { headers: [['Origin', 'https://site.example'], ['User-Agent', AGENT]], body: 's=site.example&n=1&u=/sorg' };
const goodRequest = (more = []) => requestBytes({ ...GOOD, headers: [...GOOD.headers, ...more] });
const kept = (bytes) => bytes.replace('Connection: close\r\n', '');

const proxyV1 = (a, end = '') => `PROXY TCP${four(a) ? 4 : 6} ${a} ${four(a) ? '127.0.0.1' : '::1'} 4711 80${end}\r\n`;
function proxyV2(a, { family = four(a) ? 0x11 : 0x21, command = 0x21, tlv = '' } = {}) {
    const bytes = addressBytes(a);
    const block = Buffer.concat([bytes, bytes, Buffer.from([0x12, 0x67, 0, 80]), Buffer.from(tlv, 'latin1')]);
    const head = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, command, family, block.length >> 8, block.length & 255]);
    return Buffer.concat([head, block]).toString('latin1');
}
const tlvOf = (a) => `\x05${String.fromCharCode(a.length >> 8, a.length & 255)}${a}`;

const forwarded = (a) => kept(goodRequest([['X-Forwarded-For', a]]));
const api = (a, stack) => `GET /api/v1/sites/${a}/tables/total?from=${a}&to=${a}&by=${a} HTTP/1.1\r\nHost: c\r\nAuthorization: Bearer ${stack.TOKEN}\r\n\r\n`;
const login = (a, stack) =>
    kept(requestBytes({
        target: '/login',
        headers: [['Content-Type', 'application/x-www-form-urlencoded'], ['Origin', stack.AGGREGATOR_URL], ['X-Forwarded-For', a]],
        body: `name=${a}&password=${a}`,
    }));

// name -> {to, bytes(address, stack)}; whole: an answer must come. Each is sent with an address nobody else has.
const WAYS = {
    ...Object.fromEntries(Object.keys(PLACES).map((place) => [place, { whole: true, bytes: (a) => plantedRequest(place, a, { keep: true }) }])),
    ...Object.fromEntries(
        ['X-Forwarded-For', 'path below a pattern', 'User-Agent', 'who declines'].map((place) => [
            `${place}, restricted`,
            { whole: true, bytes: (a) => plantedRequest(place, a, { keep: true, site: 'barn.example' }) },
        ]),
    ),
    'X-Forwarded-For, mapped': { whole: true, bytes: (a) => forwarded(four(a) ? `::ffff:${a}` : a.toUpperCase()) },
    'X-Forwarded-For, mapped in hexadecimal': { whole: true, bytes: (a) => forwarded(four(a) ? spellings(a)['mapped into IPv6'] : spellings(a)['in full']) },
    'X-Forwarded-For, NAT64': { whole: true, bytes: (a) => forwarded(four(a) ? `64:ff9b::${a}` : spellings(a)['in short'].toUpperCase()) },
    'X-Forwarded-For, 6to4': { whole: true, bytes: (a) => forwarded(four(a) ? `2002:${spellings(a)['mapped into IPv6'].slice(7)}::1` : a) },
    'X-Forwarded-For, two lines': { whole: true, bytes: (a) => kept(goodRequest([['X-Forwarded-For', a], ['X-Forwarded-For', a]])) },
    'X-Forwarded-For, behind what is none': { whole: true, bytes: (a) => forwarded(`${a}, unknown`) },
    'X-Forwarded-For, almost one': { whole: true, bytes: (a) => forwarded(`${a}1111111`) },
    'X-Forwarded-For, encoded': { whole: true, bytes: (a) => forwarded(encoded(a)) },
    'GET': { whole: true, bytes: (a) => kept(requestBytes({ method: 'GET', target: `/b?s=site.example&n=1&u=/${a}&ip=${a}`, headers: [...GOOD.headers, ['X-Forwarded-For', a]] })) },
    'a body behind a long head': {
        whole: true,
        bytes: (a) => kept(requestBytes({ headers: [...GOOD.headers, ['X-Long', `${a}${'x'.repeat(6000)}`]], body: `s=site.example&n=1&u=/sorg&x=${'y'.repeat(3000)}${a}` })),
    },
    'a head that is too long': { whole: true, bytes: (a) => `POST /b HTTP/1.1\r\nHost: c\r\nX-Long: ${a}${'x'.repeat(9000)}${a}\r\n\r\n` },
    'three in one segment': { whole: true, bytes: (a) => forwarded(a).repeat(3) },
    'one and a half': { whole: true, open: 'the half is there', bytes: (a) => forwarded(a) + forwarded(a).slice(0, -60) },
    'a head without its end': { open: 'not yet refused', bytes: (a) => forwarded(a).slice(0, -40) },
    'a body without its end': { open: 'not yet refused', bytes: (a) => forwarded(a).slice(0, -3) },
    'no HTTP at all': { whole: true, bytes: (a) => `${a}\r\n${a}\r\n\r\n` },
    'the operators\' port': { to: 'COLLECTOR_OPS_URL', whole: true, bytes: (a) => `GET /${a} HTTP/1.1\r\nHost: c\r\nX-Forwarded-For: ${a}\r\n\r\n` },
    'PROXY v1': { to: 'PROXY_URL', whole: true, bytes: (a) => proxyV1(a) + kept(goodRequest()) },
    'PROXY v1 alone': { to: 'PROXY_URL', bytes: (a) => proxyV1(a) },
    'PROXY v1, half': { to: 'PROXY_URL', open: 'not yet refused', bytes: (a) => proxyV1(a).slice(0, -3) },
    'PROXY v1, wrong': { to: 'PROXY_URL', bytes: (a) => proxyV1(a, ' 1') },
    'PROXY v1, unknown': { to: 'PROXY_URL', whole: true, bytes: (a) => `PROXY UNKNOWN ${a} ${a}\r\n${kept(goodRequest())}` },
    'PROXY v2': { to: 'PROXY_URL', whole: true, bytes: (a) => proxyV2(a) + kept(goodRequest()) },
    'PROXY v2 alone': { to: 'PROXY_URL', bytes: (a) => proxyV2(a) },
    'PROXY v2, half': { to: 'PROXY_URL', open: 'not yet refused', bytes: (a) => proxyV2(a).slice(0, -3) },
    'PROXY v2, wrong': { to: 'PROXY_URL', bytes: (a) => proxyV2(a, { command: 0x27 }) },
    'PROXY v2, local': { to: 'PROXY_URL', whole: true, bytes: (a) => proxyV2(a, { command: 0x20 }) + kept(goodRequest()) },
    'PROXY v2, datagrams': { to: 'PROXY_URL', whole: true, bytes: (a) => proxyV2(a, { family: four(a) ? 0x12 : 0x22 }) + kept(goodRequest()) },
    'PROXY v2, behind the addresses': { to: 'PROXY_URL', whole: true, bytes: (a) => proxyV2(a, { tlv: tlvOf(a) }) + kept(goodRequest()) },
    'PROXY and X-Forwarded-For': { to: 'PROXY_URL', whole: true, bytes: (a) => proxyV1(a) + forwarded(a) },
    'the API, unknown': { to: 'AGGREGATOR_URL', whole: true, bytes: (a) => `GET /api/v1/sites?${a} HTTP/1.1\r\nHost: c\r\nX-Forwarded-For: ${a}\r\nCookie: ${a}\r\n\r\n` },
    'the API, as one who may': { to: 'AGGREGATOR_URL', whole: true, bytes: api },
    'a login': { to: 'AGGREGATOR_URL', whole: true, bytes: login },
    'a session': { to: 'AGGREGATOR_URL', whole: true, bytes: (a) => `GET /?site=${a} HTTP/1.1\r\nHost: c\r\nCookie: session=${a}\r\nReferer: https://c/${a}\r\n\r\n` },
    'the aggregator\'s operators': { to: 'AGGREGATOR_OPS_URL', whole: true, bytes: (a) => `GET /${a} HTTP/1.1\r\nHost: c\r\nForwarded: for=${a}\r\n\r\n` },
};

// ---- memory after each request ----

const programOf = (way) => (WAYS[way].to?.startsWith('AGGREGATOR') ? 'aggregator' : 'collector');

// Send one address in this way; what is found with the connection open, and when it has gone.
async function probe(stack, way, address) {
    const { to = 'COLLECTOR_URL', bytes, open, whole } = WAYS[way];
    const pid = pidOf(stack, programOf(way));
    const search = searchFor([address]);
    const hits = [];
    const look = (when) => {
        const found = searchMemory(search, pid, `${programOf(way)}, ${way}, ${when}`, { written: true });
        hits.push(...found.hits);
        looked.scans++;
        looked.bytes += found.bytes;
    };
    const connection = hold(stack[to], bytes(address, stack));
    await connection.sent;
    if (whole) assert.notEqual(await connection.answered, 0, `${way}: ${address} is answered`);
    else await sleep(10);
    await quiet(pid);
    if (!open) look('open');
    await connection.close();
    await sleep(5);
    await quiet(pid);
    look('closed');
    looked.addresses++;
    return hits;
}

async function confirmed(send, family) {
    const hits = await send(drawAddress(family));
    if (hits.length === 0 || !hits.every(inBytes)) return hits;
    const again = await send(drawAddress(family));
    if (again.length === 0) looked.ignored += hits.length;
    return again;
}

describe('the memory of the programs, read after each request', { skip: blind }, () => {
    let stack;

    before(async () => {
        const [port, port6] = [await freePort(), await freePort()];
        stack = await startStack({ config: `collector:\n  listen_proxy: ["127.0.0.1:${port}", "[::1]:${port6}"]\n${SITES_CONFIG}` });
        stack.PROXY_URL = `http://127.0.0.1:${port}`;
        stack.PROXY6_URL = `http://[::1]:${port6}`;
    });
    after(() => stack?.stop());

    for (const way of Object.keys(WAYS)) {
        test(`holds no address: ${way}`, async () => {
            for (const family of [4, 6]) assert.deepEqual(told(await confirmed((address) => probe(stack, way, address), family)), []);
        });
    }

    test('holds no address: a request cut at any place', async () => {
        const pid = pidOf(stack, 'collector');
        for (const make of [(a) => ['COLLECTOR_URL', forwarded(a)], (a) => ['PROXY_URL', proxyV1(a)], (a) => ['PROXY_URL', proxyV2(a)]]) {
            for (const family of [4, 6]) {
                const send = async (address) => {
                    const [to, bytes] = make(address);
                    for (let at = 1; at < bytes.length; at += Math.ceil(bytes.length / 25)) {
                        const connection = hold(stack[to], bytes.slice(0, at));
                        await connection.sent;
                        await (at % 2 ? connection.close() : connection.reset());
                    }
                    await sleep(10);
                    await quiet(pid);
                    const found = searchMemory(searchFor([address]), pid, `collector, ${to}, cut`, { written: true });
                    looked.scans++;
                    looked.bytes += found.bytes;
                    looked.addresses++;
                    return found.hits;
                };
                assert.deepEqual(told(await confirmed(send, family)), []);
            }
        }
    });

    test('holds no address: the peer\'s own, with and without a request', async () => {
        const ends = [['collector', 'COLLECTOR_URL'], ['collector', 'COLLECTOR_OPS_URL'], ['collector', 'PROXY_URL'], ['aggregator', 'AGGREGATOR_URL']];
        for (const [program, to] of ends) {
            for (const bytes of ['', kept(goodRequest()), 'no HTTP\r\n\r\n']) {
                const send = async (drawn) => {
                    const address = `127.${drawn.split('.').slice(1).join('.')}`;
                    const pid = pidOf(stack, program);
                    const connection = hold(stack[to], bytes, { from: address });
                    await connection.sent;
                    await sleep(10);
                    await quiet(pid);
                    const open = searchMemory(searchFor([address]), pid, `${program}, peer, open`, { written: true });
                    await connection.close();
                    await quiet(pid);
                    const closed = searchMemory(searchFor([address]), pid, `${program}, peer, closed`, { written: true });
                    looked.scans += 2;
                    looked.bytes += open.bytes + closed.bytes;
                    looked.addresses++;
                    return [...open.hits, ...closed.hits];
                };
                assert.deepEqual(told(await confirmed(send, 4)), []);
            }
        }
    });

    test('holds no address: a peer of IPv6', async () => {
        for (const bytes of [proxyV1, proxyV2]) {
            const address = drawAddress(6);
            const connection = hold(stack.PROXY6_URL, bytes(address) + kept(goodRequest()));
            assert.equal(await connection.answered, 204);
            const found = searchMemory(searchFor([address]), pidOf(stack, 'collector'), 'collector, peer ::1', { written: true });
            assert.deepEqual(told(found.hits), []);
            await connection.close();
        }
    });

    test('is locked, left out of dumps and wiped in children where addresses are read', () => {
        for (const program of ['collector', 'aggregator']) {
            const maps = readFileSync(`/proc/${pidOf(stack, program)}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
            const pages = maps.filter((map) => ['lo', 'dd', 'wf'].every((flag) => /^VmFlags:.*$/m.exec(map)[0].split(' ').includes(flag)) && / 4 kB/.test(/^Size:.*$/m.exec(map)[0]));
            assert.equal(pages.length, 1, `${program}: one page with the flags lo, dd and wf`);
        }
    });

    test('was searched', (t) => {
        assert.ok(looked.scans > 200 && looked.bytes > 50e6, `${looked.scans} scans of ${looked.bytes} bytes`);
        t.diagnostic(`${looked.addresses} addresses, ${looked.scans} scans, ${looked.bytes} bytes, ${looked.ignored} chance hits`);
    });
});

// ---- everything else ----

// Sent twice, each time with another address: a hit of 4 bytes counts when both of a pair are found.
async function sendEverything(stack, pairs, ways) {
    for (const way of ways) {
        for (const family of [4, 6]) {
            const pair = [drawAddress(family), drawAddress(family)];
            pairs.push(pair);
            for (const address of pair) {
                const connection = hold(stack[WAYS[way].to ?? 'COLLECTOR_URL'], WAYS[way].bytes(address, stack));
                await connection.sent;
                if (WAYS[way].whole) assert.notEqual(await connection.answered, 0, `${way}: ${address} is answered`);
                await connection.close();
            }
        }
    }
}

function counted(hits, pairs) {
    const found = (address) => hits.some((hit) => hit.address === address);
    const twice = new Set(pairs.filter((pair) => pair.every(found)).flat());
    return hits.filter((hit) => !inBytes(hit) || twice.has(hit.address));
}

const DAY = new Date(Date.now() + 24 * 3600_000);
const noon = new Date(Date.UTC(DAY.getUTCFullYear(), DAY.getUTCMonth(), DAY.getUTCDate(), 11, 5));
const date = noon.toISOString().slice(0, 10);

describe('what the programs write, say and store', { skip: blind }, () => {
    let stack;
    const pairs = [];
    const places = {};

    before(async () => {
        const port = await freePort();
        stack = await startStack({ config: `collector:\n  listen_proxy: ["127.0.0.1:${port}"]\n${SITES_CONFIG}`, clock: true });
        stack.PROXY_URL = `http://127.0.0.1:${port}`;
        await stack.moveClock(noon);
    });
    after(() => stack?.stop());

    test('is recorded from the first beacon to the closing of the day', async () => {
        const record = await watch(stack);
        await sendEverything(stack, pairs, Object.keys(WAYS));
        for (let i = 0; i < 60; i++) {
            const { status } = await exchange(stack.COLLECTOR_URL, goodRequest([['X-Forwarded-For', `192.0.2.${i}, 10.${i % 8}.0.1`]]));
            assert.equal(status, 204);
        }
        await flushed(stack);
        Object.assign(places, Object.fromEntries(Object.entries(await storedBy(stack)).map(([name, bytes]) => [`${name}, day open`, bytes])));
        await stack.moveClock(new Date(noon.getTime() + 12.3 * 3600_000));
        const shown = async () => Object.keys(await shownByKey(stack, 'site.example', 'total', { from: date })).length > 0;
        await until('the day to close', shown, { timeoutMs: 120_000, everyMs: 300 });
        Object.assign(places, await storedBy(stack), await record.stop());
    });

    test('holds no address', (t) => {
        const search = searchFor(pairs.flat());
        const { hits, looked: where } = lookThrough(search, stack, places);
        for (const [place, bytes] of where) t.diagnostic(`${place}: ${bytes} bytes`);
        const many = { 'system calls of collector': 50_000, 'system calls of aggregator': 5_000, 'Redis, as MONITOR tells': 5_000 };
        const there = new Map(where);
        for (const [place, least] of Object.entries(many)) assert.ok(there.get(place) > least, `${place}: ${there.get(place)} bytes`);
        const names = ['dump.rdb', 'archive.db', 'collector.log', 'aggregator.log', 'redis.log', 'Redis, key by key', ...['collector', 'aggregator', 'redis'].map((name) => `memory of ${name}`)];
        for (const name of names) assert.ok(there.get(name) > 0, `${name} was looked at`);
        assert.ok([...there].some(([name, bytes]) => name.startsWith('appendonlydir') && bytes > 0), 'so was the append-only file');
        if (stack.JOURNAL) assert.ok(there.get('journal counters') > 1e6, 'so was the journal');
        assert.deepEqual(told(counted(hits, pairs)), []);
        t.diagnostic(`${pairs.length * 2} addresses in ${where.length} places, ${where.reduce((sum, [, bytes]) => sum + bytes, 0)} bytes, ${hits.length} chance hits`);
    });
});

// ---- no core, no reader ----

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

describe('a program', () => {
    let directory;
    before(() => (directory = mkdtempSync(join(tmpdir(), 'sporlos-core-'))));
    after(() => rmSync(directory, { recursive: true }));

    // Run it with cores allowed, in a folder of its own; {ended, child} when it answers. nobody: as a user without rights.
    async function begin(program, command, ready, nobody = false) {
        const folder = mkdtempSync(join(directory, 'run-'));
        const words = [...(nobody ? AS_NOBODY : []), ...command(folder)];
        if (nobody) spawnSync('chown', ['-R', '65534:65534', directory]);
        const child = spawn('bash', ['-c', 'ulimit -c unlimited && exec "$@"', 'bash', ...words], { cwd: folder, stdio: 'ignore' });
        const ended = new Promise((done) => child.on('exit', (code, signal) => done(signal)));
        await until(`${program} to run`, () => ready(folder, child.pid));
        return { child, folder, ended };
    }

    async function sporlos(program, nobody) {
        const ports = [await freePort(), await freePort()];
        const command = (folder) => {
            const section = program === 'collector' ? `listen: ["127.0.0.1:${ports[0]}"]` : `listen: ["127.0.0.1:${ports[0]}"]\n  public_url: "http://127.0.0.1:${ports[0]}"\n  archive: "sqlite://${folder}/a.db"`;
            writeFileSync(join(folder, 'c.yaml'), `${program}:\n  ${section}\n  ops_listen: ["127.0.0.1:${ports[1]}"]\nredis:\n  url: "unix://${folder}/none.sock"\n${SITES_CONFIG}`);
            copyFileSync(join(BUILD, 'bin', `sporlos-${program}`), join(folder, program)); // where nobody may read it
            return [join(folder, program), '--config', join(folder, 'c.yaml')];
        };
        const answers = () => fetch(`http://127.0.0.1:${ports[1]}/healthz`).then((answer) => answer.ok, () => false);
        return begin(program, command, answers, nobody);
    }

    const cores = (folder) => readdirSync(folder).filter((name) => name.startsWith('core'));
    const hard = spawnSync('bash', ['-c', 'ulimit -Hc'], { encoding: 'utf8' }).stdout.trim();
    const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
    const coreless = hard === '0' || !pattern.startsWith('core') ? `no cores here (limit ${hard}, pattern ${pattern})` : false;

    test('control: another one leaves a core behind', { skip: coreless }, async () => {
        const sleeper = await begin('sleep', () => ['sleep', '60'], (folder, pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');
        sleeper.child.kill('SIGABRT');
        assert.equal(await sleeper.ended, 'SIGABRT');
        assert.equal(cores(sleeper.folder).length, 1);
    });

    for (const program of ['collector', 'aggregator']) {
        test(`leaves no core when it dies, and lowers the limit itself: ${program}`, { skip: sanitized }, async () => {
            const running = await sporlos(program);
            assert.match(readFileSync(`/proc/${running.child.pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
            running.child.kill('SIGABRT');
            assert.equal(await running.ended, 'SIGABRT');
            assert.deepEqual(cores(running.folder), []);
        });

        test(`is read by nobody but root: ${program}`, { skip: !root && 'only root can become somebody else' }, async () => {
            const read = (pid) => spawnSync(AS_NOBODY[0], [...AS_NOBODY.slice(1), 'head', '-c', '1', `/proc/${pid}/maps`], { encoding: 'latin1' });
            const sleeps = (folder, pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n';
            const [running, sleeper] = [await sporlos(program, true), await begin('sleep', () => ['sleep', '60'], sleeps, true)];
            assert.match(readFileSync(`/proc/${running.child.pid}/status`, 'utf8'), /^Uid:\t65534\t65534\t/m);
            assert.equal(read(sleeper.child.pid).stdout.length, 1, 'its own user can read another program');
            assert.equal(read(running.child.pid).stdout.length, 0, 'and not this one');
            for (const { child, ended } of [running, sleeper]) {
                child.kill('SIGKILL');
                await ended;
            }
        });
    }
});

// ---- the search would find ----

const LEAKS = {
    memory: { where: /^memory of collector, / },
    log: { where: /^collector\.log$/, also: /^system calls of collector$/ },
    redis: { where: /^appendonlydir/, also: /^(dump\.rdb|Redis, as MONITOR tells|memory of redis, .*|system calls of collector)$/ },
    journal: { where: /^journal counters$/, also: /^system calls of collector$/ },
};

// The collector alone, Debug, in a folder that is built on; the rest of a stack is from the build under test.
async function buildLeak(kind) {
    const build = join(ROOT, '.work', 'build-leak');
    const bin = join(ROOT, '.work', 'leaks', kind, 'bin');
    const generator = existsSync(join(build, 'CMakeCache.txt')) || spawnSync('ninja', ['--version']).status !== 0 ? [] : ['-G', 'Ninja'];
    await run('cmake', ['-S', ROOT, '-B', build, ...generator, '-DCMAKE_BUILD_TYPE=Debug', '-DSPORLOS_TESTS=OFF', `-DSPORLOS_PLANTED_LEAK=${kind}`]);
    await run('cmake', ['--build', build, '--target', 'sporlos-collector', '--parallel', '2']);
    rmSync(bin, { recursive: true, force: true });
    mkdirSync(bin, { recursive: true });
    copyFileSync(join(build, 'bin', 'sporlos-collector'), join(bin, 'sporlos-collector'));
    symlinkSync(join(BUILD, 'bin', 'sporlos-aggregator'), join(bin, 'sporlos-aggregator'));
    return join(bin, '..');
}

describe('the search finds a planted leak', { skip: blind }, () => {
    for (const [kind, { where, also }] of Object.entries(LEAKS)) {
        test(`to ${kind}`, async () => {
            const build = await buildLeak(kind);
            assert.match(await run(join(build, 'bin', 'sporlos-collector'), ['--version']), new RegExp(`\\+leaks-${kind} `));
            const stack = await startStack({ config: SITES_CONFIG, build });
            try {
                assert.ok(kind !== 'journal' || stack.JOURNAL, 'there is room for a journal');
                const after = {};
                for (const family of [4, 6]) after[family] = await confirmed((address) => probe(stack, 'X-Forwarded-For', address), family);
                const record = await watch(stack, ['collector']);
                const pairs = [];
                await sendEverything(stack, pairs, ['X-Forwarded-For', 'X-Forwarded-For, a list']);
                await flushed(stack);
                const places = { ...(await storedBy(stack)), ...(await record.stop()) };
                const { hits } = lookThrough(searchFor(pairs.flat()), stack, places);
                const all = [...counted(hits, pairs)];
                for (const family of [4, 6]) {
                    const found = (what) => all.some(({ place, address }) => what.test(place) && four(address) === (family === 4));
                    if (kind === 'memory') assert.ok(after[family].length > 0, `IPv${family}: found after a request`);
                    else assert.ok(found(where), `IPv${family} in ${where}: ${told(all)}`);
                    if (also) assert.ok(found(also), `IPv${family} in ${also}: ${told(all)}`);
                }
            } finally {
                await stack.stop();
            }
        });
    }

    test('and no release can have one', async () => {
        const folder = mkdtempSync(join(tmpdir(), 'sporlos-release-'));
        try {
            for (const type of ['Release', 'RelWithDebInfo', 'MinSizeRel']) {
                const { status, stderr } = spawnSync('cmake', ['-S', ROOT, '-B', folder, `-DCMAKE_BUILD_TYPE=${type}`, '-DSPORLOS_PLANTED_LEAK=log'], { encoding: 'utf8' });
                assert.notEqual(status, 0, type);
                assert.match(stderr, /gives addresses away/);
            }
            const flags = ['-std=c17', '-D_GNU_SOURCE', '-fsyntax-only', `-I${ROOT}/include`, '-DSPORLOS_PLANTED_LEAK=planted_leak_log'];
            const compile = (...more) => spawnSync('gcc', [...flags, ...more, join(ROOT, 'collector', 'peer.c')], { encoding: 'utf8' });
            assert.equal(compile().status, 0);
            assert.match(compile('-DNDEBUG').stderr, /#error "SPORLOS_PLANTED_LEAK gives addresses away/);
            assert.doesNotMatch(await run(join(BUILD, 'bin', 'sporlos-collector'), ['--version']), /leaks/);
            assert.doesNotMatch(readFileSync(join(BUILD, 'bin', 'sporlos-collector'), 'latin1'), /planted_leak/);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});
