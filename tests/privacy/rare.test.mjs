// Attack 10: ten thousand texts that could each point at one person, from one network less than would give them a name.
// Looked for in Redis, its dump, every file (archive, journal, logs) and the collector's memory.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { run } from '../e2e/support/process.mjs';
import { startStack } from '../e2e/support/stack.mjs';
import { flushed, redisStore } from '../e2e/support/store.mjs';
import { filesBelow } from './support/canary.mjs';
import { memoryOf, quiet } from './support/memory.mjs';
import { pidOf } from './support/watch.mjs';

const TEXTS = 10_000;
const SITES = { 'site.example': 2, 'streng.example': 3 }; // networks that are not enough
const config = `collector:
  network_rate: 0
sites:
  site.example: {mode: standard}
  streng.example: {mode: strict}
`;

// Every text holds one of these, in letters or digits that occur in nothing else.
const MARKS = [/kvzq/i, /kvzw/i, /579120\d{5}/];

// Every field that can give a text a name: page, word, host, the three parts of a campaign, file, link away, missing page, event.
const letters = (n) => [...n.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26))).join('');
const digits = (n) => `579120${String(n % 100_000).padStart(5, '0')}`;
const KINDS = [
    (n) => `u=/side/kvzq-${letters(n)}`,
    (n) => `t=search&q=Kvzq+${letters(n)}`,
    (n) => `t=search&z=1&q=${letters(n)}.kvzq%40example.no`,
    (n) => `t=search&q=fnr+${digits(n)}`,
    (n) => `u=/brev/${digits(n)}`,
    (n) => `t=search&q=${[...digits(n)].join('%E2%80%8B')}`,
    (n) => `u=/&n=1&r=kvzq-${letters(n)}.no`,
    (n) => `u=/&n=1&r=www.kvzq${letters(n)}.kommune.no`,
    (n) => `u=/&n=1&a=kvzq${letters(n)}&m=kvzq-${letters(n)}&c=Kvzq+${letters(n)}`,
    (n) => `t=download&v=/filer/kvzq-${letters(n)}.pdf`,
    (n) => `t=outbound&v=kvzq${letters(n)}.no`,
    (n) => `t=missing&v=/borte/kvzq-${letters(n)}`,
    (n) => `t=event&v=Kvzq+${letters(n)}`,
    (n) => `t=event&v=${digits(n)}`,
];

let stack, collector;

before(async () => {
    stack = await startStack({ config });
    collector = pidOf(stack, 'collector');
});
after(() => stack?.stop());

const request = (site, network, form) => {
    const body = `s=${site}&${form}`;
    return `POST /b HTTP/1.1\r\nHost: c\r\nOrigin: https://${site}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0\r\nX-Forwarded-For: 10.77.${network}.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

// A piece at a time, each through a connection of its own; every one must be answered 204.
async function sendAll(requests) {
    const { hostname, port } = new URL(stack.COLLECTOR_URL);
    for (let at = 0; at < requests.length; at += 40) {
        const piece = requests.slice(at, at + 40);
        const socket = connect(Number(port), hostname);
        let text = '';
        await new Promise((resolve, reject) => {
            socket.on('data', (bytes) => {
                text += bytes.toString('latin1');
                if (text.split('\r\n\r\n').length > piece.length) resolve();
            });
            socket.on('error', reject);
            socket.on('close', () => reject(new Error(`closed after ${text}`)));
            socket.write(piece.join(''));
        });
        socket.destroy();
        assert.equal(text.match(/HTTP\/1\.1 204/g)?.length, piece.length, text);
    }
}

// The same in eight lanes at once.
async function send(requests) {
    const lane = Math.ceil(requests.length / 8);
    const lanes = Array.from({ length: 8 }, (_, i) => sendAll(requests.slice(i * lane, (i + 1) * lane)));
    await Promise.all(lanes);
}

// Where any of the marks stands.
async function places(marks) {
    await run('redis-cli', ['-s', stack.REDIS_SOCKET, 'CONFIG', 'SET', 'rdbcompression', 'no']);
    await run('redis-cli', ['-s', stack.REDIS_SOCKET, '--rdb', join(stack.directory, 'dump.rdb')]);
    const found = [];
    const look = (place, bytes) => {
        const text = bytes.toString('latin1');
        for (const mark of marks) if (mark.test(text)) found.push(`${mark} in ${place}: ${mark.exec(text)}`);
    };
    for (const [key, fields] of await redisStore(stack)) look('redis', Buffer.from(`${key} ${[...fields].join(' ')}`));
    for (const [name, bytes] of Object.entries(await filesBelow(stack.directory))) look(`file ${name}`, bytes);
    if (stack.JOURNAL) for (const [name, bytes] of Object.entries(await filesBelow(stack.JOURNAL))) look(`journal ${name}`, bytes);
    await quiet(collector);
    for (const { bytes, name } of memoryOf(collector, { written: true })) look(`memory ${name}`, bytes);
    return [...new Set(found)];
}

describe(`${TEXTS} rare texts`, () => {
    for (const [site, networks] of Object.entries(SITES)) {
        test(`from ${networks} networks leave nothing at ${site}`, async () => {
            const requests = [];
            for (let n = 0; n < TEXTS; n++)
                for (let network = 0; network < networks; network++) requests.push(request(site, network, KINDS[n % KINDS.length](n)));
            await send(requests);
            await flushed(stack);
            await sleep(2500); // the stack of the program is overwritten once a second
            const found = await places(MARKS);
            console.log(`rare texts ${TEXTS} networks ${networks} hits ${found.length} target 0`);
            assert.deepEqual(found, []);
        });
    }
    test('and such that have enough are found by the same search, whatever field they come in', async () => {
        const named = { kvzwa: 't=search&q=Kvzwa', kvzwb: 'u=/&n=1&r=kvzwb.no', kvzwc: 'u=/&n=1&a=kvzwc', kvzwd: 'u=/&n=1&m=kvzwd', kvzwe: 'u=/&n=1&c=kvzwe',
            kvzwf: 't=download&v=/kvzwf.pdf', kvzwg: 't=outbound&v=kvzwg.no', kvzwh: 't=missing&v=/kvzwh', kvzwi: 't=event&v=kvzwi', kvzwj: 'u=/kvzwj' };
        for (const form of Object.values(named)) await send([0, 1, 2].map((network) => request('site.example', network, form)));
        await flushed(stack);
        const found = await places(Object.keys(named).map((mark) => new RegExp(mark, 'i')));
        for (const mark of Object.keys(named))
            for (const place of ['redis', 'file', 'memory']) assert.ok(found.some((hit) => hit.startsWith(`/${mark}/i in ${place}`)), `${mark} in ${place}: ${found}`);
    });
});
