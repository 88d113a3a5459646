// An address is planted wherever a request has room for one, in every notation, and is then found nowhere: not in Redis,
// not in the archive, not in a log, not in an answer. That the search would find one is shown by addresses that the
// configuration makes the programs keep.
import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { shownByKey } from '../e2e/support/api.mjs';
import { run, until } from '../e2e/support/process.mjs';
import { exchange, requestBytes } from '../e2e/support/raw.mjs';
import { startStack } from '../e2e/support/stack.mjs';
import { flushed, leavesOf, redisStore } from '../e2e/support/store.mjs';
import { addressBytes, encoded, filesBelow, findAddresses } from './support/canary.mjs';
import { AGENT, NOTATIONS, PLACES, plantedRequest, SITES, SITES_CONFIG } from './support/places.mjs';

// Found by the same search, or the search is worthless. The bytes of KEPT.bytes4 and bytes16 are letters, so that they
// can stand in the name of a page; a listed page is kept under its name at once.
const KEPT = { text: '203.0.113.201', text6: '2001:db8:c0de:7::5ca1', bytes4: '122.81.119.106', bytes16: '7a51:776a:6b78:5a71:7679:4a51:6277:4858' };
const ascii = (address) => addressBytes(address).toString('latin1');
const CONTROL_PAGES = [`/${KEPT.text}`, `/${KEPT.text6}`, `/${ascii(KEPT.bytes4)}`, `/${ascii(KEPT.bytes16)}`];

const controlConfig = `
sites:
  site.example:
    mode: standard
    pages: [${CONTROL_PAGES.map((page) => `"${page}"`).join(', ')}]
`;

// A fresh pair of addresses for every place in a request, so that what is found says where it leaked.
let planted = 0;
function plant() {
    planted++;
    const four = `198.${51 + (planted >> 7)}.${100 + (planted & 127)}.${137 + (planted % 89)}`;
    const six = `2001:db8:${(0xa000 + planted).toString(16)}:4d4d:5e5e:6f6f:8a8a:${(0x9100 + planted).toString(16)}`;
    canaries.push(four, six);
    return [four, six];
}
const canaries = [];

let stack, control;
const answers = [];

async function send(place, address, notation, site, from) {
    const bytes = plantedRequest(place, address, { notation, site });
    const answer = await exchange(stack.COLLECTOR_URL, bytes, { from });
    answers.push(answer);
    return answer;
}

// Views from networks that are no canaries, enough for the day to have something to show.
async function browse(target, site, pages) {
    for (let i = 0; i < 40; i++) {
        const headers = [['Origin', `https://${site}`], ['User-Agent', AGENT], ['X-Forwarded-For', `192.0.2.${i}, 10.${i % 8}.0.1`]];
        const body = `s=${site}&n=1&u=${pages[i % pages.length]}`;
        assert.equal((await exchange(target.COLLECTOR_URL, requestBytes({ headers, body }))).status, 204);
    }
}

// Redis as text and as a dump without compression, the archive with its log, the logs, and every other file.
async function everything(target) {
    const cli = (...command) => run('redis-cli', ['-s', target.REDIS_SOCKET, ...command]);
    await cli('CONFIG', 'SET', 'rdbcompression', 'no');
    await cli('--rdb', join(target.directory, 'dump.rdb'));
    const store = [...(await redisStore(target))].map(([key, fields]) => [key, ...fields].flat().join('\n')).join('\n');
    return { ...(await filesBelow(target.directory)), 'Redis, read key by key': Buffer.from(store) };
}

const DAY = new Date(Date.now() + 24 * 3600_000);
const noon = new Date(Date.UTC(DAY.getUTCFullYear(), DAY.getUTCMonth(), DAY.getUTCDate(), 11, 5));
const date = noon.toISOString().slice(0, 10);

// The day ends, and what it counted is in the archive.
async function closeDay(target) {
    await target.moveClock(new Date(noon.getTime() + 12.3 * 3600_000));
    const shown = async () => Object.keys(await shownByKey(target, 'site.example', 'total', { from: date })).length > 0;
    await until('the day to close', shown, { timeoutMs: 120_000, everyMs: 300 });
}

before(async () => {
    [stack, control] = await Promise.all([startStack({ config: SITES_CONFIG, clock: true }), startStack({ config: controlConfig, clock: true })]);
    await Promise.all([stack.moveClock(noon), control.moveClock(noon)]);
});

after(async () => {
    await stack?.stop();
    await control?.stop();
});

describe('a planted address', () => {
    test('is sent wherever a request has room for it', async () => {
        for (const place of Object.keys(PLACES)) {
            for (const site of Object.keys(SITES)) {
                const addresses = plant();
                for (const address of addresses) {
                    for (const notation of NOTATIONS) await send(place, address, notation, site);
                }
                // From as many networks as give a page its name.
                for (const from of ['127.41.1.1', '127.42.1.1', '127.43.1.1', '127.44.1.1']) {
                    for (const address of addresses) await send(place, address, (a) => a, site, from);
                }
            }
        }
        const taken = answers.filter(({ status }) => status === 204).length;
        const refused = answers.filter(({ status }) => status >= 400).length;
        assert.equal(taken + refused, answers.length, 'every request is answered');
        assert.ok(taken > answers.length / 3 && refused > answers.length / 8, `${taken} taken, ${refused} refused: both are tried`);
    });

    test('is where connections come from', async () => {
        for (const from of ['127.93.114.207', '127.94.205.18', '127.203.77.141', '127.250.31.99']) {
            canaries.push(from);
            for (const site of Object.keys(SITES)) {
                assert.equal((await send('X-Real-IP', plant()[0], (a) => a, site, from)).status, 204);
                assert.equal((await send('a foreign Origin', plant()[0], (a) => a, site, from)).status, 403);
                assert.equal((await send('the version', plant()[0], (a) => a, site, from)).status, 400);
            }
            assert.equal((await exchange(stack.COLLECTOR_URL, 'GET /s.js HTTP/1.1\r\nHost: c\r\nConnection: close\r\n\r\n', { from })).status, 200);
            assert.equal((await exchange(stack.COLLECTOR_OPS_URL, 'GET /readyz HTTP/1.1\r\nHost: c\r\nConnection: close\r\n\r\n', { from })).status, 200);
            const api = `GET /api/v1/sites?${from} HTTP/1.1\r\nHost: c\r\nX-Forwarded-For: ${from}\r\nConnection: close\r\n\r\n`;
            assert.equal((await exchange(stack.AGGREGATOR_URL, api, { from })).status, 401);
            const login = `name=${from}&password=${from}`;
            const headers = [['Content-Type', 'application/x-www-form-urlencoded'], ['Origin', stack.AGGREGATOR_URL]];
            const bytes = requestBytes({ target: '/login', headers, body: login });
            assert.ok((await exchange(stack.AGGREGATOR_URL, bytes, { from })).status >= 400);
        }
    });

    test('is in no store and no log while its day is open', async () => {
        await browse(stack, 'site.example', ['/', '/sorg']);
        await flushed(stack);
        const leaves = leavesOf(await redisStore(stack));
        assert.ok(leaves.get(`site.example total ${date} `) > 100 && leaves.get(`barn.example total ${date} `) > 100, 'they were counted');
        assert.deepEqual(findAddresses(canaries, await everything(stack)), []);
    });

    test('is in no store and no log when its day is closed', async () => {
        await closeDay(stack);
        const places = await everything(stack);
        assert.ok(['archive.db', 'collector.log', 'aggregator.log', 'redis.log', 'dump.rdb'].every((name) => places[name]?.length > 0));
        assert.deepEqual(findAddresses(canaries, places), []);
    });

    test('is in no answer and no metric', async () => {
        const pages = [stack.METRICS_URL, `${stack.AGGREGATOR_OPS_URL}/metrics`, `${stack.COLLECTOR_OPS_URL}/readyz`];
        const texts = await Promise.all(pages.map(async (url) => (await fetch(url)).text()));
        const said = answers.map(({ head, body }) => `${head}\n${body}`).join('\n');
        assert.deepEqual(findAddresses(canaries, { answers: Buffer.from(said), metrics: Buffer.from(texts.join('\n')) }), []);
    });

    test('is in no store and no log when all has ended', async () => {
        for (const name of ['collector', 'aggregator']) await stack.order('stop', name);
        assert.deepEqual(findAddresses(canaries, await everything(stack)), []);
    });
});

describe('the search would find', () => {
    let places;
    const here = (...names) => Object.fromEntries(Object.entries(places).filter(([name]) => names.some((start) => name.startsWith(start))));
    const found = (addresses, forms, where) => {
        for (const [i, address] of addresses.entries()) {
            const hits = findAddresses([address], where);
            assert.ok(hits.some((hit) => hit.includes(`(${forms[i]})`)), `${address} ${forms[i]}: ${JSON.stringify(hits)}`);
        }
    };
    const all = [KEPT.text, KEPT.text6, KEPT.bytes4, KEPT.bytes16];
    const forms = ['text', 'text', 'network order', 'network order'];

    before(async () => {
        await browse(control, 'site.example', CONTROL_PAGES);
        await flushed(control);
    });

    test('what Redis keeps, in a dump, in its own log and key by key', async () => {
        places = await everything(control);
        found(all, forms, here('dump.rdb'));
        found(all, forms, here('appendonlydir'));
        found(all, forms, here('Redis'));
    });

    test('what the archive keeps', async () => {
        await closeDay(control);
        places = await everything(control);
        found(all, forms, here('archive.db'));
    });

    test('what a log says, in any notation', async () => {
        const line = `${KEPT.text} ${encoded(KEPT.text6)} 203.0.113.7 ${ascii(KEPT.bytes4)} ${ascii(KEPT.bytes16).toUpperCase()}\n`;
        await appendFile(join(control.directory, 'collector.log'), line);
        places = await everything(control);
        const logs = here('collector.log');
        found([KEPT.text, KEPT.text6, KEPT.text, KEPT.bytes4], ['text', 'percent-encoded', 'prefix in text', 'network order'], logs);
        assert.deepEqual(findAddresses([KEPT.bytes16], logs), [], 'bytes are not looked for in any case');
    });
});
