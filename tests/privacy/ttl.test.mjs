// Every key in Redis has an end from its birth, three months away at most, and never a later one afterwards. Looked at
// while hours, days and months pass, and what they held is closed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { run, until } from '../e2e/support/process.mjs';
import { exchange, requestBytes } from '../e2e/support/raw.mjs';
import { startStack } from '../e2e/support/stack.mjs';
import { flushed, metricsOf } from '../e2e/support/store.mjs';

const DAY_S = 24 * 3600;
const MAX_S = 92 * DAY_S;
const SLACK_S = 2; // between reading the clock and Redis' own
const SITES = { 'site.example': 'standard', 'streng.example': 'strict', 'barn.example': 'restricted' };
const config = `sites:\n${Object.entries(SITES)
    .map(([name, mode]) => `  ${name}:\n    mode: ${mode}\n    pages: ["/"]\n`)
    .join('')}`;

const EXPIRIES = `
local rows = {}
for _, key in ipairs(redis.call('KEYS', '*')) do rows[#rows + 1] = {key, redis.call('PEXPIRETIME', key)} end
return cjson.encode(rows)`;

let stack;
const kinds = new Set(); // of keys that were ever seen
const ends = new Map(); // key -> when it ends, seconds since the epoch

before(async () => {
    stack = await startStack({ config, clock: true });
});
after(() => stack?.stop());

// All keys at this moment. A key that is written again after it was deleted has a new life.
async function scan() {
    const rows = JSON.parse(await run('redis-cli', ['-s', stack.REDIS_SOCKET, '--raw', 'EVAL', EXPIRIES, '0']));
    const now = Date.now() / 1000;
    for (const [key, milliseconds] of rows) {
        kinds.add(key.replace(/\{[^}]*\}:/, '').split(':')[1]);
        assert.ok(milliseconds > 0, `${key} never ends`);
        const end = milliseconds / 1000;
        assert.ok(end <= now + MAX_S + SLACK_S, `${key} lives ${Math.round((end - now) / DAY_S)} days`);
        // What is counted in must end when it was to end at its birth.
        if (/:(leaf|witness):/.test(key) && ends.has(key)) assert.ok(end <= ends.get(key) + SLACK_S, `${key} got a longer life`);
        ends.set(key, end);
    }
    return rows.length;
}

async function views() {
    for (const [site, pages] of Object.entries(SITES).map(([name]) => [name, ['/', '/annet', '/ny']])) {
        for (const page of pages) {
            for (const network of ['192.0.2.1', '198.51.100.1', '203.0.113.1', '192.88.98.1']) {
                const headers = [
                    ['Origin', `https://${site}`],
                    ['X-Forwarded-For', network],
                    ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
                ];
                const body = `s=${site}&u=${encodeURIComponent(page)}&n=1`;
                assert.equal((await exchange(stack.COLLECTOR_URL, requestBytes({ headers, body }))).status, 204);
            }
        }
    }
    await flushed(stack);
}

const closedPeriods = async () => (await metricsOf(`${stack.AGGREGATOR_OPS_URL}/metrics`)).get('sporlos_aggregator_periods_closed_total');

describe('the life of a key', () => {
    test('while something is counted', async () => {
        await views();
        assert.ok((await scan()) > 20);
        await views();
        await scan();
    });
    for (const [what, days] of Object.entries({ 'a day': 1, 'another day': 2, 'more than a month': 33 })) {
        test(`when ${what} has passed`, async () => {
            const before = await closedPeriods();
            await stack.moveClock(new Date(Date.now() + days * DAY_S * 1000));
            await until('periods to close', async () => (await closedPeriods()) > before, { timeoutMs: 120_000, everyMs: 200 });
            await scan();
            await views();
            await scan();
        });
    }
    test('of every kind that there is', () => {
        const expected = ['audit', 'closed', 'declaration', 'drain', 'flush', 'leaf', 'lease', 'names', 'open', 'sealed', 'sources', 'witness'];
        assert.deepEqual(expected.filter((kind) => !kinds.has(kind)), [], 'kinds of keys that were never looked at');
    });
});
