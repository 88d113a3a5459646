// Two systems see the same traffic but for what must not matter: afterwards they hold the same keys and fields. Their
// values differ, since noise does; equal to the byte, noise and all, they are held in tests/unit/collector/test_collector.c.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { run } from '../e2e/support/process.mjs';
import { exchange, requestBytes } from '../e2e/support/raw.mjs';
import { startStack } from '../e2e/support/stack.mjs';
import { flushed, redisStore } from '../e2e/support/store.mjs';

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0';
const config = `
sites:
  site.example:
    mode: standard
    pages: ["/", "/sorg"]
    fold: {"/alder/*/sorg": "/sorg"}
  barn.example:
    mode: restricted
    pages: ["/", "/sorg", "/foreldre/*"]
    fold: {"/alder/*/sorg": "/sorg"}
`;

// Tomorrow at noon in both, so that no period ends between them.
const tomorrow = new Date(Date.now() + 24 * 3600_000);
const started = new Date().toISOString().slice(0, 10); // its hours and its day end when the clock jumps, and are archived sooner or later
const noon = new Date(Date.UTC(tomorrow.getUTCFullYear(), tomorrow.getUTCMonth(), tomorrow.getUTCDate(), 11, 5));

let twins;

before(async () => {
    twins = await Promise.all([startStack({ config, clock: true }), startStack({ config, clock: true })]);
    await Promise.all(twins.map((twin) => twin.moveClock(noon)));
});

after(() => Promise.all((twins ?? []).map((twin) => twin.stop())));

// A beacon; url and more are part of the form.
const view = (site, { url = '/sorg', more = '', headers = [], network = '192.0.2.1' }) => ({
    body: `s=${site}&u=${encodeURIComponent(url)}${more}`,
    headers: [['Origin', `https://${site}`], ['User-Agent', AGENT], ['X-Forwarded-For', network], ...headers],
});

async function send(twin, views) {
    for (const { body, headers } of views) {
        const all = [...new Map(headers)];
        assert.equal((await exchange(twin.COLLECTOR_URL, requestBytes({ headers: all, body }))).status, 204, body);
    }
}

// Keys and fields of Redis, whichever source wrote them, and the exact number of accepted beacons. Who drains, and which
// periods before noon it has marked closed, follows from the clock alone.
async function shape(twin) {
    await flushed(twin);
    const lines = [];
    for (const [key, fields] of await redisStore(twin)) {
        if (/^sp1:lease:|:closed:/.test(key) || key.includes(`:${started}`)) continue;
        for (const [field, value] of fields) lines.push(`${key} ${field}${key.startsWith('sp1:audit:') ? value : ''}`);
    }
    return lines.map((line) => line.replace(/\b[0-9a-f]{32}\b/g, 'SOURCE')).sort();
}

// As if nobody had ever come: a collector that starts anew is a new source without leaves.
async function wipe(twin) {
    await twin.order('stop', 'collector');
    await run('redis-cli', ['-s', twin.REDIS_SOCKET, 'FLUSHALL']);
    await twin.order('start', 'collector');
}

// The same of both, made of what differs; each view from four networks, so that it has its name and its witness.
const NETWORKS = ['192.0.2.1', '192.0.3.1', '192.0.4.1', '192.0.5.1'];
const fromAll = (views) => NETWORKS.flatMap((network) => views.map((row) => [row[0], { network, ...row[1] }]));

function ages(age) {
    return fromAll(
        ['site.example', 'barn.example'].flatMap((site) => [
            [site, { url: `https://${site}/sorg?alder=${age}`, more: '&n=1' }],
            [site, { url: `/sorg#alder-${age}` }],
            [site, { url: `/alder/${age}/sorg` }],
            [site, { url: `/sorg%3Falder=${age}` }],
            [site, { more: `&alder=${age}&a=${age}&v=${age}&age=${age}` }],
            [site, { headers: [['X-Age', age], ['Cookie', `alder=${age}`]] }],
            [site, { headers: [['Referer', `https://${site}/alder/${age}?alder=${age}`]] }],
            [site, { headers: [['Accept-Language', `nb;age=${age}`], ['Sec-CH-Age', age]] }],
        ]),
    );
}

// In a restricted site a page that is on no list has no name, whoever reads it.
const unlisted = (age) => fromAll([['barn.example', { url: `/alder/${age}` }], ['barn.example', { url: `/${age}/aar` }]]);

const octets = (octet) =>
    ['192.0.2', '192.0.3', '192.0.4', '198.51.100'].flatMap((network) =>
        ['site.example', 'barn.example'].map((site) => [site, { more: '&n=1', network: `${network}.${octet}` }]),
    );
const interfaces = (end) =>
    ['2001:db8:1', '2001:db9:2', '2a01:799:3', '2a02:fe0:4'].flatMap((network) =>
        ['site.example', 'barn.example'].map((site) => [site, { more: '&n=1', network: `${network}:${end}` }]),
    );
const agents = (agent) => fromAll([['barn.example', { headers: [['User-Agent', agent], ['Sec-CH-UA', agent]] }]]);

// What only other sites read: each field and header by itself, and all together.
const READ_ELSEWHERE = ['r=nav.no', 'a=brev', 'm=epost', 'c=kampanje', 'w=1024', 'g=sorg', 'b=3', 'd=4', 'l=5', 'f=ja', 'v=/sorg', 'q=sorg', 'z=1'];
const HINTS = [['Sec-CH-UA', '"Brave";v="138"'], ['Sec-CH-UA-Mobile', '?1'], ['Sec-CH-UA-Platform', '"Android"']];
const entry = { more: '&n=1' };
const elsewhere = (site) => fromAll([...READ_ELSEWHERE.map((field) => [site, { more: `&n=1&${field}` }]),
    ...HINTS.map((header) => [site, { ...entry, headers: [header] }]), [site, { more: `&n=1&${READ_ELSEWHERE.join('&')}`, headers: HINTS }]]);
const plain = (site) => fromAll(Array(READ_ELSEWHERE.length + HINTS.length + 1).fill([site, entry]));

const same = [
    ['what only other sites read', elsewhere('barn.example'), plain('barn.example')],
    ['age', ages('9'), ages('15')],
    ['age, on pages that are not listed', unlisted('9'), unlisted('15')],
    ['the last octet', octets(7), octets(201)],
    ['what follows /48', interfaces('1::1'), interfaces('ffff:aaaa:bbbb:cccc:2')],
    ['User-Agent, restricted', agents('Mozilla/5.0 (Windows NT 10.0) Chrome/140.0'), agents('Googlebot/2.1')],
];
const different = [
    ['what a standard site reads', elsewhere('site.example'), plain('site.example')],
    ['another page', fromAll([['site.example', { url: '/nyhet' }]]), fromAll([['site.example', { url: '/annen' }]])],
    ['another page, restricted', [['barn.example', { url: '/foreldre/far' }]], [['barn.example', { url: '/foreldre/mor' }]]],
    ['an entry', [['site.example', { more: '&n=1' }]], [['site.example', { more: '&n=0' }]]],
    ['who declines', [['barn.example', { headers: [['Sec-GPC', '1']] }]], [['barn.example', {}]]],
    ['one view more', [['site.example', {}]], [['site.example', {}], ['site.example', {}]]],
];

describe('twins', () => {
    beforeEach(() => Promise.all(twins.map(wipe)));

    for (const [what, first, second] of same) {
        test(`that differ in ${what} hold the same`, async () => {
            await Promise.all([send(twins[0], first.map((row) => view(...row))), send(twins[1], second.map((row) => view(...row)))]);
            const [one, other] = await Promise.all(twins.map(shape));
            assert.ok(one.some((line) => /:leaf:page:/.test(line)) && one.some((line) => /:audit:/.test(line)), 'they were counted');
            assert.deepEqual(one, other);
        });
    }

    for (const [what, first, second] of different) {
        test(`control: ${what} is seen to differ`, async () => {
            await Promise.all([send(twins[0], first.map((row) => view(...row))), send(twins[1], second.map((row) => view(...row)))]);
            const [one, other] = await Promise.all(twins.map(shape));
            assert.notDeepEqual(one, other);
        });
    }
});
