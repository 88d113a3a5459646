// Bad input: refused with a status and a short reason, counted once where it belongs, and nothing else is changed. What
// is not HTTP to the letter is in corpus.test.mjs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { run } from './support/process.mjs';
import { exchange, requestBytes } from './support/raw.mjs';
import { startStack } from './support/stack.mjs';
import { flushed, leavesOf, metricsOf, redisStore } from './support/store.mjs';

const AGENT = ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0'];
const SITE = 'site.example';
const BARN = 'barn.example';
const ORIGIN = ['Origin', `https://${SITE}`];
const BARN_ORIGIN = ['Origin', `https://${BARN}`];
const FORM = ['Content-Type', 'application/x-www-form-urlencoded'];
const GOOD = `s=${SITE}&n=1&u=%2F`;

const config = `
sites:
  ${SITE}: {mode: standard, pages: ["/"]}
  ${BARN}: {mode: restricted, pages: ["/"]}
`;

// What the metrics call it, beside the verdict of a beacon.
const REFUSED = 'sporlos_collector_http_refused_total';
const REQUESTS = 'sporlos_collector_http_requests_total';
const verdict = (name) => `sporlos_collector_beacons_total{verdict="${name}"}`;

const beacon = (body, headers = [ORIGIN, AGENT], more = {}) => requestBytes({ headers, body, ...more });

// name, bytes, status, metric that grows by one, and [site, reason] of the leaf of 'dropped' that does.
const BEACONS = [
    ['another path', beacon(GOOD, [ORIGIN, AGENT], { target: '/beacon' }), 404, REQUESTS],
    ['the path with a slash', beacon(GOOD, [ORIGIN, AGENT], { target: '/b/' }), 404, REQUESTS],
    ['POST of the script', beacon(GOOD, [ORIGIN, AGENT], { target: '/s.js' }), 405, REQUESTS],
    ['JSON', beacon('{"s":"site.example"}', [ORIGIN, AGENT, ['Content-Type', 'application/json']]), 415, verdict('malformed')],
    ['a form of parts', beacon('--x', [ORIGIN, AGENT, ['Content-Type', 'multipart/form-data; boundary=x']]), 415, verdict('malformed')],
    ['a body of 4097 bytes', beacon(GOOD.padEnd(4097, '&')), 413, REFUSED],
    ['an unknown site', beacon('s=nobody.example&u=%2F'), 404, verdict('unknown_site')],
    ['an unknown site in a query', requestBytes({ method: 'GET', target: '/b?s=nobody.example&u=/', headers: [ORIGIN, AGENT] }), 404, verdict('unknown_site')],
    ['no site', beacon('u=%2F'), 400, verdict('malformed')],
    ['no body', beacon(''), 400, verdict('malformed')],
    ['no query', requestBytes({ method: 'GET', target: '/b', headers: [ORIGIN, AGENT] }), 400, verdict('malformed')],
    ['a foreign origin', beacon(GOOD, [['Origin', 'https://elsewhere.example'], AGENT]), 403, verdict('foreign_origin'), [SITE, 'foreign_origin']],
    ['a foreign origin that begins like ours', beacon(GOOD, [['Origin', `https://${SITE}.evil.example`], AGENT]), 403, verdict('foreign_origin'), [SITE, 'foreign_origin']],
    ['a foreign referrer', beacon(GOOD, [['Referer', 'https://elsewhere.example/'], AGENT]), 403, verdict('foreign_origin'), [SITE, 'foreign_origin']],
    ['no origin at all', beacon(GOOD, [AGENT]), 403, verdict('foreign_origin'), [SITE, 'foreign_origin']],
    ['the origin null', beacon(GOOD, [['Origin', 'null'], AGENT]), 403, verdict('foreign_origin'), [SITE, 'foreign_origin']],
    ['a foreign origin and a refusal', beacon(GOOD, [['Origin', 'https://elsewhere.example'], ['Sec-GPC', '1'], AGENT]), 403, verdict('foreign_origin'), [SITE, 'foreign_origin']],
    ['a foreign origin, malformed', beacon(`${GOOD}&u=%2F`, [['Origin', 'https://elsewhere.example'], AGENT]), 403, verdict('foreign_origin'), [SITE, 'foreign_origin']],
    ['a foreign origin, restricted', beacon(`s=${BARN}&u=%2F`, [ORIGIN, AGENT]), 403, verdict('foreign_origin'), [BARN, 'foreign_origin']],
    ['no page', beacon(`s=${SITE}`), 400, verdict('malformed'), [SITE, 'malformed']],
    ['a page that is none', beacon(`s=${SITE}&u=javascript%3Aalert(1)`), 400, verdict('malformed'), [SITE, 'malformed']],
    ['an unknown type', beacon(`${GOOD}&t=purchase`), 400, verdict('malformed'), [SITE, 'malformed']],
    ['an entry flag that is none', beacon(`s=${SITE}&u=%2F&n=yes`), 400, verdict('malformed'), [SITE, 'malformed']],
    ['a field twice', beacon(`${GOOD}&n=0`), 400, verdict('malformed'), [SITE, 'malformed']],
    ['broken percent-encoding', beacon(`s=${SITE}&u=%2`), 400, verdict('malformed'), [SITE, 'malformed']],
    ['a NUL', beacon(`s=${SITE}&u=%2F%00`), 400, verdict('malformed'), [SITE, 'malformed']],
    ['malformed, restricted', beacon(`s=${BARN}&u=%2F&t=x`, [BARN_ORIGIN]), 400, verdict('malformed'), [BARN, 'malformed']],
    ['a forwarded address that is none', beacon(GOOD, [ORIGIN, AGENT, ['X-Forwarded-For', 'unknown']]), 400, verdict('malformed')],
    ['a forwarded address out of range', beacon(GOOD, [ORIGIN, AGENT, ['X-Forwarded-For', '192.0.2.256']]), 400, verdict('malformed')],
    ['an empty forwarded address', beacon(GOOD, [ORIGIN, AGENT, ['X-Forwarded-For', '192.0.2.1,']]), 400, verdict('malformed')],
    ['two lists of forwarded addresses', beacon(GOOD, [ORIGIN, AGENT, ['X-Forwarded-For', '192.0.2.1'], ['X-Forwarded-For', '192.0.2.2']]), 400, REFUSED],
];

const OPERATIONS = [
    ['POST of the metrics', requestBytes({ target: '/metrics', body: '' }), 405],
    ['a path that is not there', requestBytes({ method: 'GET', target: '/debug' }), 404],
];

const token = (value) => ['Authorization', `Bearer ${value}`];
const api = (target, headers, method = 'GET') => requestBytes({ method, target, headers, body: method === 'POST' ? '' : null });
const TABLE = `/api/v1/sites/${SITE}/tables/total`;
const RANGE = '?from=2026-01-01&to=2026-01-31';

// name, bytes (of the token), status
const QUESTIONS = [
    ['no token', () => api('/api/v1/sites', []), 401],
    ['a token that is none', () => api('/api/v1/sites', [token('x'.repeat(40))]), 401],
    ['a token under another scheme', (own) => api('/api/v1/sites', [['Authorization', `Basic ${own}`]]), 401],
    ['two tokens', (own) => api('/api/v1/sites', [token(own), token(own)]), 400],
    ['POST', (own) => api('/api/v1/sites', [token(own)], 'POST'), 405],
    ['another version', (own) => api('/api/v2/sites', [token(own)]), 404],
    ['an unknown site', (own) => api(`/api/v1/sites/nobody.example/tables/total${RANGE}&by=day`, [token(own)]), 404],
    ['an unknown table', (own) => api(`/api/v1/sites/${SITE}/tables/age${RANGE}&by=day`, [token(own)]), 404],
    ['a table that the site does not count', (own) => api(`/api/v1/sites/${BARN}/tables/hour${RANGE}&by=day`, [token(own)]), 404],
    ['no range', (own) => api(TABLE, [token(own)]), 400],
    ['a day that is none', (own) => api(`${TABLE}?from=2026-02-30&to=2026-03-01`, [token(own)]), 400],
    ['a range that ends before it begins', (own) => api(`${TABLE}?from=2026-02-02&to=2026-02-01`, [token(own)]), 400],
    ['an unknown step', (own) => api(`${TABLE}${RANGE}&by=minute`, [token(own)]), 400],
    ['an unknown parameter', (own) => api(`${TABLE}${RANGE}&age=12`, [token(own)]), 400],
    ['a parameter twice', (own) => api(`${TABLE}${RANGE}&from=2026-01-02`, [token(own)]), 400],
    ['days of a table that has months alone', (own) => api(`/api/v1/sites/${BARN}/tables/page${RANGE}&by=day`, [token(own)]), 400],
    ['a path that is not there', () => api('/wp-login.php', []), 404],
    ['DELETE', () => requestBytes({ method: 'DELETE', target: '/' }), 501],
    ['a body of 64 KiB and one byte', () => requestBytes({ target: '/login', headers: [FORM], body: 'x'.repeat(65537) }), 413],
    ['a login from elsewhere', () => requestBytes({ target: '/login', headers: [FORM, ['Origin', 'https://elsewhere.example']], body: 'name=a&password=b' }), 403],
    ['OPTIONS of the login', () => requestBytes({ method: 'OPTIONS', target: '/login' }), 405],
    ['GET of the logout', () => requestBytes({ method: 'GET', target: '/logout' }), 405],
    ['an asset that is not there', () => requestBytes({ method: 'GET', target: '/assets/x.css' }), 404],
];

let stack;

before(async () => {
    stack = await startStack({ config });
    // Every leaf that bad input may move is born before it is counted: the noise of a birth hides one.
    const seen = new Set();
    for (const [, bytes, , , leaf] of BEACONS) {
        if (leaf && !seen.has(leaf.join())) await exchange(stack.COLLECTOR_URL, bytes);
        if (leaf) seen.add(leaf.join());
    }
    assert.equal((await exchange(stack.COLLECTOR_URL, beacon(GOOD))).status, 204);
    await flushed(stack);
});

after(() => stack?.stop());

// Short words for people, and nothing of what was sent.
function assertReason({ head: lines, body }, limit = 200) {
    assert.match(body, /^[\x20-\x7e\r\n]+$/, 'a reason in plain words');
    assert.ok(body.length <= limit, `${body.length} bytes of reason`);
    assert.match(lines, /^content-type: (text\/plain|application\/problem\+json)/im);
    assert.ok(!/set-cookie|etag|last-modified/i.test(lines), lines);
}

// By how much numbers grew, those of the flush, of connections and of time apart.
const SLOW = /flush|redis|leaves|uptime|connections|accepted|drain|periods|sites|geo/;
function growth(old, now) {
    return Object.fromEntries([...now].filter(([name, value]) => !SLOW.test(name) && value !== old.get(name)).map(([name, value]) => [name, value - (old.get(name) ?? 0)]));
}

describe('a bad beacon', () => {
    const moved = new Map();
    let leaves, keys;

    before(async () => {
        const store = await redisStore(stack);
        [leaves, keys] = [leavesOf(store), [...store.keys()].sort()];
    });

    for (const [name, bytes, status, metric, leaf] of BEACONS) {
        test(`${status} for ${name}`, async () => {
            const old = await metricsOf(stack.METRICS_URL);
            const answer = await exchange(stack.COLLECTOR_URL, bytes);
            assert.equal(answer.status, status, answer.body);
            assertReason(answer);
            const grown = growth(old, await metricsOf(stack.METRICS_URL));
            const expected = metric === REFUSED ? { [REFUSED]: 1 } : { [REQUESTS]: 1, [metric]: 1 };
            assert.deepEqual(grown, expected);
            if (leaf) moved.set(leaf.join(' dropped '), (moved.get(leaf.join(' dropped ')) ?? 0) + 1);
        });
    }

    test('has changed what counts it, and nothing else', async () => {
        await flushed(stack);
        const store = await redisStore(stack);
        const grown = new Map();
        for (const [id, value] of leavesOf(store)) {
            const [site, table, , key] = id.split(' ');
            if (value !== leaves.get(id)) grown.set(`${site} ${table} ${key}`, value - (leaves.get(id) ?? 0));
        }
        assert.deepEqual(Object.fromEntries([...grown].sort()), Object.fromEntries([...moved].sort()));
        assert.deepEqual([...store.keys()].sort(), keys);
    });

    test('stands in no way of a good one', async () => {
        assert.equal((await exchange(stack.COLLECTOR_URL, beacon(GOOD))).status, 204);
        const refusal = beacon(`${GOOD}&n=0`, [ORIGIN, AGENT, ['Sec-GPC', '1']]);
        const old = await metricsOf(stack.METRICS_URL);
        assert.equal((await exchange(stack.COLLECTOR_URL, refusal)).status, 204, 'who declines is heard, however malformed the rest');
        assert.deepEqual(growth(old, await metricsOf(stack.METRICS_URL)), { [REQUESTS]: 1, [verdict('declined')]: 1 });
    });
});

describe('a bad question', () => {
    // All that the archive holds but the time of day.
    const dump = () => run('sqlite3', ['-readonly', stack.ARCHIVE, '.dump']);

    for (const [name, bytes, status] of OPERATIONS) {
        for (const url of ['COLLECTOR_OPS_URL', 'AGGREGATOR_OPS_URL']) {
            test(`${status} for ${name} (${url})`, async () => {
                const answer = await exchange(stack[url], bytes);
                assert.equal(answer.status, status, answer.body);
                assertReason(answer);
            });
        }
    }

    for (const [name, bytes, status] of QUESTIONS) {
        test(`${status} for ${name}`, async () => {
            const [old, kept] = [await metricsOf(`${stack.AGGREGATOR_OPS_URL}/metrics`), await dump()];
            const answer = await exchange(stack.AGGREGATOR_URL, bytes(stack.TOKEN));
            assert.equal(answer.status, status, answer.body);
            if (/^content-type: text\/html/im.test(answer.head)) assert.match(answer.body, /role="alert">\S|<h1[^>]*>[^<]{8,}<\/h1>\s*<p[^>]*>[^<]{8,}</, 'a page that says why');
            else assertReason(answer, 400);
            assert.ok(!answer.body.includes(stack.TOKEN));
            assert.deepEqual(growth(old, await metricsOf(`${stack.AGGREGATOR_OPS_URL}/metrics`)), {});
            assert.equal(await dump(), kept, 'the archive is as it was');
        });
    }

    test('stands in no way of a good one', async () => {
        assert.equal((await exchange(stack.AGGREGATOR_URL, api('/api/v1/sites', [token(stack.TOKEN)]))).status, 200);
    });
});
