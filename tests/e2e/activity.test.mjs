// 'Test at det virker', on the settings of a site: a page view makes it say so and nothing else does, and of a restricted
// site that has numbers it tells no moment. Real collector, Redis and aggregator, with a clock that can be moved.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { logIn } from './support/aggregator.mjs';
import { until } from './support/process.mjs';
import { startStack } from './support/stack.mjs';
import { flushed, leavesOf, redisStore } from './support/store.mjs';

const STANDARD = 'standard.example';
const CHILDREN = 'barn.example';
const HUMAN = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const BOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const HOUR_MS = 3600_000;

const config = `
geo:
  databases: []
sites:
  ${STANDARD}: {mode: standard}
  ${CHILDREN}: {mode: restricted, pages: ["/"]}
`;

// Far from the ends of an hour and a day.
const today = new Date();
const START = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + 2, 10, 20));

let stack, cookie;

before(async () => {
    // From the start, so that no day is in the archive.
    const prepare = (directory) => writeFile(join(directory, 'clock'), `+${Math.ceil((START.getTime() - Date.now()) / 1000)}\n`);
    stack = await startStack({ config, clock: true, prepare });
    await moveTo(START);
});

after(() => stack?.stop());

async function moveTo(instant) {
    await stack.moveClock(instant);
    ({ cookie } = await logIn(stack.AGGREGATOR_URL, stack.ADMIN_USER, stack.ADMIN_PASSWORD)); // the session before may be over
    await looked();
}

async function send(site, more = '', agent = HUMAN) {
    const headers = { Origin: `https://${site}`, 'User-Agent': agent, 'Content-Type': 'text/plain' };
    const { status } = await fetch(`${stack.COLLECTOR_URL}/b`, { method: 'POST', headers, body: `s=${site}&u=/&n=1${more}` });
    assert.equal(status, 204);
}

const field = (store, key, name) => Number(store.get(key)?.get(name) ?? 0);
const rounds = async () => field(await redisStore(stack), 'sp1:drain:rounds', '');
const writes = async (site) => [...((await redisStore(stack)).get(`sp1:{${site}}:flush`)?.values() ?? [])].reduce((sum, number) => sum + Number(number), 0);

// What table of that site (all keys and days), noise included.
async function sum(site, table) {
    const leaves = leavesOf(await redisStore(stack));
    return [...leaves].filter(([id]) => id.startsWith(`${site} ${table} `)).reduce((all, [, value]) => all + value, 0);
}

// The aggregator has looked at everything that was in Redis when this was called.
async function looked() {
    const before = await rounds();
    await until('two rounds of draining', async () => (await rounds()) >= before + 3, { timeoutMs: 60_000 });
}

async function settings(site, query = '') {
    const answer = await fetch(`${stack.AGGREGATOR_URL}/sites/${site}/settings?lang=nb${query}`, { headers: { Cookie: cookie } });
    assert.equal(answer.status, 200);
    const text = await answer.text();
    return {
        refresh: answer.headers.get('refresh'),
        status: /<p role="status"[^>]*>([^<]*)/.exec(text)?.[1] ?? '',
        said: /<div class="said">.*?<\/div>/s.exec(text)[0],
        wait: /[?&;](wait=\d+)/.exec(text)?.[1],
    };
}

async function waits(site) {
    const { wait } = await settings(site);
    return `&${wait}`;
}

async function works(site, wait) {
    await until('it works', async () => /Det virker/.test((await settings(site, wait)).status), { timeoutMs: 60_000, everyMs: 200 });
}

async function assertWaits(site, wait) {
    const { status, refresh, said } = await settings(site, wait);
    assert.match(status, /^Venter/);
    assert.equal(refresh, '10');
    assert.match(said, /ikke sett noen ny sidevisning/);
}

describe('test that it works', { timeout: 240_000 }, () => {
    test('what the collector writes by itself is no view', async () => {
        const wait = await waits(STANDARD);
        await assertWaits(STANDARD, wait);
        const before = await writes(STANDARD);
        await stack.moveClock(new Date(START.getTime() + 40_000)); // the collector reports every 30 s
        await until('a report', async () => (await writes(STANDARD)) > before, { timeoutMs: 60_000 });
        await looked();
        await assertWaits(STANDARD, wait);
    });

    test('a bot and a reader who declined are no views', async () => {
        const wait = await waits(STANDARD);
        const before = [await sum(STANDARD, 'dropped'), await sum(STANDARD, 'declined')];
        await send(STANDARD, '', BOT);
        await send(STANDARD, '&t=declined');
        await flushed(stack);
        assert.deepEqual([await sum(STANDARD, 'dropped'), await sum(STANDARD, 'declined')], before.map((value) => value + 1));
        await looked();
        await assertWaits(STANDARD, wait);
    });

    test('a view is one', async () => {
        const wait = await waits(STANDARD);
        await send(STANDARD);
        await works(STANDARD, wait);
        const { said, refresh } = await settings(STANDARD, wait);
        assert.equal(refresh, null);
        assert.match(said, /Siste sidevisning kom i dag kl\. \d\d:\d\d/);
    });

    test('no address tells more than the minute', async () => {
        const minute = Number((await waits(STANDARD)).slice('&wait='.length)) / 60 | 0;
        const moment = async () => /Siste sidevisning kom[^<]*/.exec((await settings(STANDARD)).said)[0];
        const last = await moment();
        let [told, minutes] = ['', new Set()];
        for (let second = (minute - 10) * 60; second < (minute + 1) * 60; second += 7) {
            const works = /Det virker/.test((await settings(STANDARD, `&wait=${second}`)).status);
            if (works) minutes.add(second / 60 | 0);
            else assert.ok(!minutes.has(second / 60 | 0), 'one minute is told apart');
            told += works ? '+' : '-';
        }
        assert.match(told, /^\++-*$/);
        assert.equal(await moment(), last);
        for (const wait of [0, 1, minute * 60 - 7200, minute * 60 + 7200, 'x', -5])
            assert.deepEqual([(await settings(STANDARD, `&wait=${wait}`)).status, (await settings(STANDARD, `&wait=${wait}`)).refresh], ['', null], `wait=${wait}`);
    });

    test('a restricted site is told of while it is set up, and then by hours that are over', async () => {
        const wait = await waits(CHILDREN);
        await assertWaits(CHILDREN, wait);
        await send(CHILDREN);
        await works(CHILDREN, wait);

        const next = new Date(START.getTime() + 24 * HOUR_MS);
        await moveTo(next);
        await until('a day in the archive', async () => /Siste dag med tall/.test((await settings(CHILDREN)).said), { timeoutMs: 60_000 });
        await looked();
        const quiet = await settings(CHILDREN);
        assert.equal(quiet.wait, undefined);
        const views = await sum(CHILDREN, 'total');
        await send(CHILDREN);
        await flushed(stack);
        assert.equal(await sum(CHILDREN, 'total'), views + 1);
        await looked();
        assert.deepEqual(await settings(CHILDREN), quiet);
        const now = Math.floor(next.getTime() / 1000);
        for (const since of [now - 60, now, now + 60]) assert.deepEqual(await settings(CHILDREN, `&wait=${since}`), quiet);

        await moveTo(new Date(next.getTime() + HOUR_MS));
        assert.match((await settings(CHILDREN)).said, /Siste sidevisning kom i timen som begynte i dag kl\. \d\d:00/);
    });
});
