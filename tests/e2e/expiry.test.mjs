// An aggregator that was away for longer than Redis keeps the leaves of a day: the collector still has them, and sends
// them again. Real programs, with a clock that can be moved.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { shownByKey } from './support/api.mjs';
import { run, until } from './support/process.mjs';
import { startStack } from './support/stack.mjs';
import { flushed, leavesOf, metricsOf, redisStore } from './support/store.mjs';

const SITE = 'borte.example';
const DAY_MS = 24 * 3600_000;
const NOISE = 5;
const VIEWS = 40;

const today = new Date();
const START = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + 2, 10, 20));
const daysLater = (days) => new Date(START.getTime() + days * DAY_MS);
const dateOf = (instant) => instant.toISOString().slice(0, 10);

let stack;

before(async () => {
    stack = await startStack({ config: `geo:\n  databases: []\nsites:\n  ${SITE}: {mode: standard}\n`, clock: true });
    await stack.moveClock(START);
});

after(() => stack?.stop());

async function view(network) {
    const headers = { Origin: `https://${SITE}`, 'X-Forwarded-For': network, 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
    const { status } = await fetch(`${stack.COLLECTOR_URL}/b`, { method: 'POST', headers, body: new URLSearchParams({ s: SITE, u: '/' }) });
    assert.equal(status, 204);
}

const leaves = async (day) => [...leavesOf(await redisStore(stack))].filter(([id]) => id.includes(` ${dateOf(day)} `)).length;
const metrics = async () => metricsOf(`${stack.AGGREGATOR_OPS_URL}/metrics`);
const expired = async () => (await metrics()).get('sporlos_aggregator_periods_expired_total');

const GONE = `for _, key in ipairs(redis.call('KEYS', '*:' .. ARGV[1] .. '*')) do if not key:find(':closed:') then redis.call('DEL', key) end end`;

// While the aggregator is away, so long that the keys of that day go. Redis' own clock is not moved: they are taken away.
async function passes(day, instant) {
    await stack.moveClock(instant);
    await until('the day to be over', async () => (await leaves(instant)) > 0, { timeoutMs: 60_000, everyMs: 200 });
    await flushed(stack);
    await run('redis-cli', ['-s', stack.REDIS_SOCKET, 'EVAL', GONE, '0', dateOf(day)]);
    assert.equal(await leaves(day), 0);
}

describe('leaves that expired', { timeout: 240_000 }, () => {
    test('are sent again by the collector that still has them', async () => {
        await until('the site to be in force', async () => (await leaves(START)) > 0, { timeoutMs: 60_000 });
        for (let i = 0; i < VIEWS; i++) await view(`198.51.${i % 8}.7`);
        await flushed(stack);
        await stack.order('stop', 'aggregator');
        await passes(START, daysLater(33));
        await stack.order('start', 'aggregator');
        await stack.moveClock(new Date(daysLater(33).getTime() + 100_000)); // all sources have had time to report
        const shown = await until('the day', async () => {
            await view('198.51.9.7'); // of another day; with what the collector then writes, or within 30 s, it sees what is gone
            const total = await shownByKey(stack, SITE, 'total', { from: dateOf(START) });
            return Object.hasOwn(total, '') && total;
        }, { timeoutMs: 90_000, everyMs: 500 });
        assert.ok(Math.abs(shown[''] - VIEWS) <= NOISE, `shown ${shown['']}, sent ${VIEWS}`);
        assert.equal(await expired(), 0);
    });
});
