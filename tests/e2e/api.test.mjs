// The API as programs see it: every route, its OpenAPI document, exports, queries in Plausible's shape, popular pages; who is let in;
// and that what is hidden is in no answer, header, order, count of rows or error. The archive is filled with exact leaves (keep_leaves).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import JSONstat from 'jsonstat-toolkit';
import { BUILD, run } from './support/process.mjs';
import { startStack } from './support/stack.mjs';

// a and b differ in what is hidden, and in nothing else.
const config = `
aggregator:
  api_rate: 5
  api_burst: 150
geo:
  databases: []
sites:
  a.example:
    mode: standard
    popular: true
    pages: ["/**"]
    sections: {"/sorg/**": Sorg}
    popular_tags: {"/sorg/*": pårørende, "/b": pårørende}
  b.example:
    mode: standard
    popular: true
    pages: ["/**"]
    sections: {"/sorg/**": sorg}
    popular_tags: {"/sorg/*": pårørende, "/b": pårørende}
  barn.example:
    mode: restricted
    pages: ["/", "/sorg"]
  blåbær.example:
    mode: standard
`;
const BLUEBERRY = 'xn--blbr-roah.example';

const DAYS = Array.from({ length: 30 }, (_, i) => `2026-10-${String(i + 1).padStart(2, '0')}`);

// 'PERIOD TABLE VALUE SOURCES WITNESSED KEY' of what both show.
function shownLeaves() {
    const leaves = [];
    for (const [i, day] of DAYS.entries()) {
        leaves.push(`${day} total ${100 + i} 1 1 `, `${day} visits ${i === 4 ? 3 : 50 + i} 1 1 `, `${day} visitors ${40 + i} 1 1 `);
        leaves.push(`${day} page ${60 - i} 1 1 /sorg/a`, `${day} page 30 1 1 /b`, `${day} page 20 1 1 /sorg/c`, `${day} page 15 1 1 (annet)`);
        leaves.push(`${day} municipality 40 1 1 0301`, `${day} municipality 25 1 1 unknown`);
        leaves.push(`${day} search 12 1 1 =1+1`, `${day} search 11 1 1 angst`, `${day} device 30 1 1 mobile`, `${day} referrer 22 1 1 search`);
    }
    return leaves;
}

// What must not be seen: below the threshold, or from too few networks.
function hiddenLeaves() {
    return DAYS.flatMap((day, i) => [
        `${day} page ${i === 0 ? 9 : 0} 1 1 /hemmelig`,
        `${day} page 5000 1 0 /hemmelig/ett-nettverk`,
        `${day} search 900 1 0 hemmelig`,
        `${day} referrer_host 700 1 0 hemmelig.example`,
    ]);
}

function keep(archive, site, mode, leaves) {
    return new Promise((done, failed) => {
        const child = spawn(`${BUILD}/bin/keep_leaves`, [archive], { stdio: ['pipe', 'inherit', 'inherit'] });
        child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`keep_leaves: ${code}`))));
        const byPeriod = leaves.toSorted((one, other) => (one.slice(0, 10) < other.slice(0, 10) ? -1 : 1));
        child.stdin.end(byPeriod.map((leaf) => `${site} ${mode} ${leaf}\n`).join(''));
    });
}

// Several for everything, in turn: one alone asks more often than it may.
const tokens = [];
let turn = 0;
let stack, popularToken, oneSiteToken, impatientToken;

const addToken = async (...words) =>
    (await run(`${BUILD}/bin/sporlos-aggregator`, ['--config', stack.CONFIG, 'token', 'add', ...words])).trim();

before(async () => {
    stack = await startStack({ config });
    popularToken = await addToken('bare-populær', '--site', 'blåbær.example', '--scope', 'read:popular');
    oneSiteToken = await addToken('bare-a', '--site', 'a.example', '--scope', 'read:stats');
    impatientToken = await addToken('utålmodig', '--site', '*');
    for (let i = 0; i < 8; i++) tokens.push(await addToken(`alt-${i}`, '--site', '*'));
    await keep(stack.ARCHIVE, 'a.example', 'standard', [...shownLeaves(), ...hiddenLeaves()]);
    await keep(stack.ARCHIVE, 'b.example', 'standard', shownLeaves());
    await keep(stack.ARCHIVE, 'barn.example', 'restricted', ['2026-10 page 500 1 1 /', '2026-10 page 12 1 1 /sorg', '2026-10 municipality 90 1 1 f03']);
    await keep(stack.ARCHIVE, BLUEBERRY, 'standard', DAYS.map((day) => `${day} page 50 1 1 /kart`));
});

after(() => stack?.stop());

function ask(path, { token = tokens[turn++ % tokens.length], ...options } = {}) {
    const headers = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...options.headers };
    return fetch(`${stack.AGGREGATOR_URL}${path}`, { ...options, headers });
}

describe('tokens', () => {
    test('are listed with what they may do, not with themselves', async () => {
        const list = await run(`${BUILD}/bin/sporlos-aggregator`, ['--config', stack.CONFIG, 'token', 'list']);
        const rows = Object.fromEntries(list.trim().split('\n').map((line) => line.split('\t')).map(([label, ...rest]) => [label, rest]));
        assert.deepEqual(rows['bare-a'], ['a.example', 'read:stats']);
        assert.deepEqual(rows['bare-populær'], [BLUEBERRY, 'read:popular']);
        assert.deepEqual(rows['alt-0'], ['*', 'read:stats', 'read:popular']);
        for (const token of [...tokens, popularToken, oneSiteToken]) assert.ok(!list.includes(token.slice(3)));
    });
});

const RANGE = 'from=2026-10-01&to=2026-10-30';
const table = (name, more = 'by=range', site = 'a.example') => `/api/v1/sites/${site}/tables/${name}?${RANGE}&${more}`;
const query = (question, options = {}) => ask('/api/v2/query', { method: 'POST', body: JSON.stringify(question), ...options });

async function answerOf(question) {
    const answer = await query({ site_id: 'a.example', date_range: ['2026-10-01', '2026-10-30'], ...question });
    const body = await answer.json();
    assert.equal(answer.status, 200, JSON.stringify(body));
    return body;
}

async function assertProblem(answer, status, field) {
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    const problem = await answer.json();
    assert.equal(answer.status, status, JSON.stringify(problem));
    assert.equal(problem.status, status);
    assert.equal(problem.type, 'about:blank');
    assert.ok(problem.title && problem.detail);
    assert.equal(problem.field, field);
    return problem;
}

describe('the document', () => {
    test('is OpenAPI 3.1 without a fault', async () => {
        const answer = await ask('/api/openapi.json', { token: null });
        assert.equal(answer.status, 200);
        assert.match(answer.headers.get('cache-control'), /^public/);
        const source = await answer.text();
        assert.equal(JSON.parse(source).openapi, '3.1.0');
        // A rule apart: 'no-server-example.com' and localhost are about published services.
        const rules = { extends: ['recommended'], rules: { 'no-server-example.com': 'off', 'operation-4xx-response': 'error' } };
        const problems = await lintFromString({ source, config: await createConfig(rules) });
        assert.deepEqual(problems.map(({ ruleId, message, location }) => `${ruleId} ${location?.[0]?.pointer}: ${message}`), []);
        const broken = source.replace('#/components/schemas/Sites', '#/components/schemas/Nothing');
        assert.notEqual((await lintFromString({ source: broken, config: await createConfig(rules) })).length, 0, 'a fault is seen');
    });

    test('names every route, and every route answers', async () => {
        const { paths, components } = await (await ask('/api/openapi.json')).json();
        assert.deepEqual(Object.keys(paths).sort(), ['/api/openapi.json', '/api/v1/sites', '/api/v1/sites/{site}/tables/{table}', '/api/v2/query', '/popular']);
        for (const [path, methods] of Object.entries(paths)) {
            for (const [method, { parameters = [] }] of Object.entries(methods)) {
                const values = { site: 'a.example', table: 'page', from: '2026-10-01', to: '2026-10-30', by: 'range' };
                const required = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
                const address = path.replace(/\{(\w+)\}/g, (_, name) => values[name]) + '?' + required.map(({ name }) => `${name}=${values[name]}`).join('&');
                const body = method === 'post' ? JSON.stringify({ site_id: 'a.example', metrics: ['pageviews'], date_range: 'all' }) : undefined;
                assert.equal((await ask(address.replace(/\?$/, ''), { method: method.toUpperCase(), body })).status, 200, address);
            }
        }
        const { sites } = await (await ask('/api/v1/sites')).json();
        for (const name of sites[0].tables) assert.ok(components.schemas.Table.enum.includes(name), name);
    });

    test('every metric and dimension it lists is understood', async () => {
        const { components } = await (await ask('/api/openapi.json')).json();
        for (const metric of components.schemas.Metric.enum) {
            const answer = await query({ site_id: 'a.example', metrics: [metric], date_range: 'all' });
            if (answer.status !== 200) assert.match((await assertProblem(answer, 400, 'metrics')).detail, /no total of its own/, metric);
        }
        for (const dimension of components.schemas.Dimension.enum) {
            const answer = await query({ site_id: 'a.example', metrics: ['pageviews'], dimensions: [dimension], date_range: 'all' });
            if (answer.status !== 200) assert.match((await assertProblem(answer, 400, 'metrics')).detail, /not counted by that dimension/, dimension);
        }
    });
});

describe('who is let in', () => {
    test('nobody without a token, and nobody learns what is there', async () => {
        for (const path of ['/api/v1/sites', table('page'), '/api/v1/sites/x.example/tables/page', '/api/nothing']) {
            const answer = await ask(path, { token: null });
            assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
            await assertProblem(answer, 401);
        }
        await assertProblem(await ask('/api/v1/sites', { token: 'sp_' + 'a'.repeat(43) }), 401);
    });

    test('a token for one site, and no other', async () => {
        assert.equal((await ask(table('page'), { token: oneSiteToken })).status, 200);
        for (const site of ['b.example', 'nowhere.example']) {
            await assertProblem(await ask(table('page', 'by=range', site), { token: oneSiteToken }), 403);
            await assertProblem(await query({ site_id: site, metrics: ['visits'], date_range: 'all' }, { token: oneSiteToken }), 403);
        }
        const { sites } = await (await ask('/api/v1/sites', { token: oneSiteToken })).json();
        assert.deepEqual(sites.map(({ site }) => site), ['a.example']);
    });

    test('a scope, and no other', async () => {
        for (const path of ['/api/v1/sites', table('page', 'by=range', BLUEBERRY)]) await assertProblem(await ask(path, { token: popularToken }), 403);
        assert.equal((await ask('/popular?site=blåbær.example', { token: popularToken })).status, 200);
        await assertProblem(await ask('/popular?site=blåbær.example', { token: oneSiteToken }), 404, 'site');
        await assertProblem(await ask('/popular?site=blåbær.example', { token: null }), 404, 'site');
    });

    test('too often: 429, and when to come again', async () => {
        const answers = await Promise.all(Array.from({ length: 250 }, () => ask('/api/v1/sites', { token: impatientToken })));
        const refused = answers.filter(({ status }) => status === 429);
        assert.ok(refused.length > 20, `${refused.length} refused`);
        assert.ok(Number(refused[0].headers.get('retry-after')) >= 1);
        await assertProblem(refused[0], 429);
        assert.equal((await ask('/api/v1/sites')).status, 200, 'another token is not held back');
    });
});

describe('mistakes', () => {
    test('of a table name their field', async () => {
        for (const [path, status, field] of [
            [table('nothing'), 404, 'table'],
            [table('page', 'by=range', 'nowhere.example'), 404, 'site'],
            [table('page', 'by=year'), 400, 'by'],
            [table('page', 'by=hour'), 400, 'by'],
            [table('page', 'by=day&format=xml'), 400, 'format'],
            [table('page', 'by=day&format=csv&sep=;'), 400, 'sep'],
            [table('page', 'by=day&by=day'), 400, 'by'],
            [table('page', 'by=day&key=/'), 400, undefined],
            ['/api/v1/sites/a.example/tables/page?from=2026-10-01&by=day', 400, 'to'],
            ['/api/v1/sites/a.example/tables/page?from=2026-10-32&to=2026-10-30&by=day', 400, 'from'],
            ['/api/v1/sites/barn.example/tables/page?from=2026-10-02&to=2026-10-31&by=range', 400, 'by'],
            ['/api/v1/sites/barn.example/tables/search?from=2026-10-01&to=2026-10-31&by=range', 404, 'table'],
            ['/api/v1', 404, undefined],
        ])
            await assertProblem(await ask(path), status, field);
        const wrong = await ask('/api/v1/sites', { method: 'POST', body: '{}' });
        assert.equal(wrong.headers.get('allow'), 'GET, HEAD');
        await assertProblem(wrong, 405);
        const get = await ask('/api/v2/query');
        assert.equal(get.headers.get('allow'), 'POST');
        await assertProblem(get, 405);
    });

    test('of a query name their member, in words', async () => {
        const good = { site_id: 'a.example', metrics: ['pageviews'], date_range: '7d' };
        for (const [change, field, words] of [
            [{ site_id: undefined }, 'site_id', /missing/],
            [{ metrics: undefined }, 'metrics', /missing/],
            [{ metrics: [] }, 'metrics', /empty/],
            [{ metrics: ['bounce_rate'] }, 'metrics', /bounce_rate/],
            [{ metrics: ['visit_duration'] }, 'metrics', /steps/],
            [{ metrics: ['visits'], dimensions: ['event:page'] }, 'metrics', /not counted by that dimension/],
            [{ metrics: ['searches'] }, 'metrics', /by its dimension/],
            [{ date_range: undefined }, 'date_range', /missing/],
            [{ date_range: 'yesterday' }, 'date_range', /7d/],
            [{ date_range: ['2026-10-02', '2026-10-01'] }, 'date_range', /before it begins/],
            [{ date_range: ['2026-10-01T10:00:00Z', '2026-10-02T10:00:00Z'] }, 'date_range', /no times of day/],
            [{ dimensions: ['visit:country'] }, 'dimensions', /not counted/],
            [{ dimensions: ['event:page', 'visit:device'] }, 'dimensions', /cannot be joined/],
            [{ dimensions: ['time:day', 'time:week'] }, 'dimensions', /cannot be joined/],
            [{ filters: [['is', 'visit:device', ['mobile']]], dimensions: ['event:page'] }, 'filters', /cannot be joined/],
            [{ filters: [['matches', 'event:page', ['/.*']]] }, 'filters', /is_not/],
            [{ filters: [['or', [['is', 'event:page', ['/']]]]] }, 'filters', /'or'/],
            [{ filters: [['is', 'event:props:x', ['/']]] }, 'filters', /no such dimension/],
            [{ order_by: [['visits', 'desc']] }, 'order_by', /does not have/],
            [{ order_by: [['pageviews', 'up']] }, 'order_by', /asc/],
            [{ pagination: { limit: 0 } }, 'pagination', /limit/],
            [{ pagination: { limit: 10, offset: -1 } }, 'pagination', /offset/],
            [{ include: { imports: true } }, 'include', /total_rows/],
            [{ properties: {} }, undefined, /openapi/],
        ]) {
            const problem = await assertProblem(await query({ ...good, ...change }), 400, field);
            assert.match(problem.detail, words);
        }
        for (const body of ['', '{', '[]', '{"site_id":"a.example"', '{"site_id":"a.example","metrics":["pageviews"],"date_range":"7d"} x', 'x'.repeat(60000), '{"a":'.repeat(5000)])
            assert.equal((await ask('/api/v2/query', { method: 'POST', body })).status, 400, body.slice(0, 40));
        await assertProblem(await ask('/api/v2/query', { method: 'POST', body: '{"site_id":"a.example","site_id":"b.example","metrics":["pageviews"],"date_range":"7d"}' }), 400, 'site_id');
        await assertProblem(await query({ site_id: 'nowhere.example', metrics: ['pageviews'], date_range: '7d' }), 404, 'site_id');
    });
});

describe('exports', () => {
    test('every table of a site in every form', async () => {
        const { sites } = await (await ask('/api/v1/sites')).json();
        for (const { site, tables } of sites) {
            for (const name of tables) {
                const months = 'from=2026-10-01&to=2026-10-31';
                const by = name === 'hour' ? 'hour' : 'range';
                for (const format of ['json', 'csv', 'json-stat', 'svg']) {
                    const answer = await ask(`/api/v1/sites/${site}/tables/${name}?${months}&by=${by}&format=${format}`);
                    assert.equal(answer.status, 200, `${site} ${name} ${format}: ${await answer.clone().text()}`);
                    if (format !== 'json') assert.match(answer.headers.get('content-disposition'), new RegExp(`^attachment; filename="${site}-${name}-2026-10-01-2026-10-31\\.`));
                    if (format === 'json-stat') assert.equal(JSONstat(await answer.json()).class, 'dataset');
                }
            }
        }
    });

    test('CSV for Excel in Norwegian, and for programs', async () => {
        const excel = await (await ask(table('search', 'by=range&format=csv'))).arrayBuffer();
        assert.deepEqual([...new Uint8Array(excel.slice(0, 3))], [0xef, 0xbb, 0xbf]);
        const lines = new TextDecoder().decode(excel).split('\r\n');
        assert.equal(lines[0].replace('\ufeff', ''), 'fra;til;nøkkel;navn;verdi;status;standardavvik');
        assert.equal(lines[1], `2026-10-01;2026-10-30;"'=1+1";"'=1+1";360;;9,487`);
        const plain = await (await ask(table('visits', 'by=day&format=csv&sep=comma'))).text();
        assert.equal(plain.split('\r\n')[0], 'from,to,value,status,deviation');
        assert.equal(plain.split('\r\n')[1], '2026-10-01,2026-10-01,50,,1.732');
        assert.equal(plain.split('\r\n')[5], '2026-10-05,2026-10-05,,:,', 'hidden');
        assert.match(await (await ask(table('municipality', 'by=range&format=csv&sep=tab'))).text(), /\t"0301"\t/);
    });

    test('JSON-stat 2.0 with roles of time and place', async () => {
        const place = JSONstat(await (await ask(table('municipality', 'by=day&format=json-stat'))).json());
        assert.deepEqual(place.role.time, ['time']);
        assert.deepEqual(place.role.geo, ['municipality']);
        assert.equal(place.length, 2);
        assert.equal(place.Dimension('time').length, 30);
        assert.equal(place.Data({ time: '2026-10-03', municipality: '0301' }).value, 40);
        const visits = JSONstat(await (await ask(table('visits', 'by=day&format=json-stat'))).json());
        assert.deepEqual(visits.Data({ time: '2026-10-05' }), { value: null, status: ':' });
        assert.deepEqual(visits.Data({ time: '2026-10-06' }), { value: 55, status: null });
    });

    test('SVG that is XML and runs nothing', async () => {
        for (const path of [table('visits', 'by=day&format=svg'), table('search', 'by=range&format=svg'), table('event', 'by=range&format=svg')]) {
            const answer = await ask(path);
            assert.match(answer.headers.get('content-security-policy'), /default-src 'none'.*sandbox/);
            const text = await answer.text();
            assert.match(text, /^<\?xml [^>]*\?>\n<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>\n$/);
            const open = [];
            for (const [, slash, name, self] of text.replace(/^<\?xml[^>]*>/, '').matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g))
                if (slash) assert.equal(open.pop(), name);
                else if (!self) open.push(name);
            assert.deepEqual(open, []);
        }
    });
});

describe("queries in Plausible's shape", () => {
    test('totals', async () => {
        const { results, meta, query: echo } = await answerOf({ metrics: ['visitors', 'visits', 'pageviews'] });
        assert.deepEqual(results, [{ dimensions: [], metrics: [1635, 1884, 3435] }]);
        assert.deepEqual(Object.keys(meta.metric_warnings), ['visitors']);
        assert.equal(meta.metric_warnings.visitors.code, 'sum_of_days');
        assert.deepEqual(echo.date_range, ['2026-10-01', '2026-10-30']);
    });

    test('by time: hidden days are null, and last in any order', async () => {
        const { results, meta } = await answerOf({ metrics: ['visits', 'visitors'], dimensions: ['time:day'] });
        assert.equal(results.length, 30);
        assert.deepEqual(results[4], { dimensions: ['2026-10-05'], metrics: [null, 44] });
        assert.deepEqual(meta.metric_warnings, {});
        for (const direction of ['asc', 'desc']) {
            const sorted = await answerOf({ metrics: ['visits'], dimensions: ['time:day'], order_by: [['visits', direction]] });
            assert.equal(sorted.results.at(-1).metrics[0], null);
            assert.equal(sorted.results[0].metrics[0], direction === 'asc' ? 50 : 79);
        }
        assert.equal((await answerOf({ metrics: ['visits'], dimensions: ['time:week'] })).results.length, 5);
        assert.equal((await answerOf({ metrics: ['pageviews'], dimensions: ['time:month'] })).results[0].metrics[0], 3435);
    });

    test('by page, filtered, ordered and in pages', async () => {
        const pages = { metrics: ['pageviews'], dimensions: ['event:page'], include: { total_rows: true } };
        const all = await answerOf(pages);
        assert.deepEqual(all.results.map(({ dimensions }) => dimensions[0]), ['/sorg/a', '/b', '/sorg/c', '(annet)']);
        assert.equal(all.meta.total_rows, 4);
        const sorg = await answerOf({ ...pages, filters: [['contains', 'event:page', ['sorg']]], order_by: [['event:page', 'desc']] });
        assert.deepEqual(sorg.results.map(({ dimensions }) => dimensions[0]), ['/sorg/c', '/sorg/a']);
        assert.equal(sorg.meta.total_rows, 2);
        const not = await answerOf({ ...pages, filters: [['is_not', 'event:page', ['/b', '(annet)']]] });
        assert.equal(not.results.length, 2);
        const second = await answerOf({ ...pages, pagination: { limit: 1, offset: 1 } });
        assert.deepEqual(second.results, [all.results[1]]);
        assert.equal(second.meta.total_rows, 4);
        const daily = await answerOf({ metrics: ['pageviews'], dimensions: ['time:day', 'event:page'], filters: [['is', 'event:page', ['/sorg/a']]] });
        assert.deepEqual(daily.results[2], { dimensions: ['2026-10-03', '/sorg/a'], metrics: [58] });
    });

    test('a filter without its dimension sums what is shown, and says so', async () => {
        const { results, meta } = await answerOf({ metrics: ['pageviews'], filters: [['contains', 'event:page', ['sorg']]] });
        assert.deepEqual(results, [{ dimensions: [], metrics: [1365 + 600] }]);
        assert.equal(meta.metric_warnings.pageviews.code, 'sum_of_shown');
    });

    test('other dimensions are other tables', async () => {
        for (const [metric, dimension, key, value] of [
            ['visits', 'visit:municipality', '0301', 1200],
            ['visits', 'visit:device', 'mobile', 900],
            ['visits', 'visit:channel', 'search', 660],
            ['searches', 'event:search', 'angst', 330],
        ]) {
            const { results } = await answerOf({ metrics: [metric], dimensions: [dimension] });
            assert.deepEqual(results.find(({ dimensions }) => dimensions[0] === key)?.metrics, [value], dimension);
        }
    });

    test('named ranges', async () => {
        const today = new Date().toISOString().slice(0, 10);
        for (const name of ['day', '24h', '7d', '28d', '30d', '91d', 'month', '6mo', '12mo', 'year', 'all']) {
            const { query: echo } = await answerOf({ metrics: ['visits'], date_range: name });
            const [from, to] = echo.date_range;
            const days = (new Date(to) - new Date(from)) / 86400e3 + 1;
            if (/^\d+d$/.test(name)) assert.equal(days, Number.parseInt(name, 10));
            if (name === 'all') assert.deepEqual([from, to], ['2026-10-01', '2026-10-30']);
            if (name.endsWith('mo')) assert.ok(from.endsWith('-01') && to < today);
        }
    });
});

describe('what is hidden is nowhere', () => {
    const questions = () => [
        ...['page', 'search', 'referrer_host', 'total', 'visits', 'device', 'municipality'].flatMap((name) =>
            ['range', 'day', 'week', 'month'].flatMap((by) => ['json', 'csv', 'json-stat', 'svg'].map((format) => ({ path: (site) => table(name, `by=${by}&format=${format}`, site) }))),
        ),
        ...['event:page', 'event:search', 'visit:source'].flatMap((dimension) => {
            const metric = { 'event:page': 'pageviews', 'event:search': 'searches', 'visit:source': 'referred_visits' }[dimension];
            const base = { metrics: [metric], dimensions: [dimension], date_range: ['2026-10-01', '2026-10-30'], include: { total_rows: true } };
            return [
                base,
                { ...base, order_by: [[metric, 'asc']] },
                { ...base, order_by: [[dimension, 'asc']] },
                { ...base, dimensions: ['time:day', dimension] },
                { ...base, pagination: { limit: 2, offset: 1 } },
                { ...base, pagination: { limit: 2, offset: 4 } },
                { ...base, filters: [['contains', dimension, ['e']]] },
                { ...base, filters: [['is_not', dimension, ['/b']]] },
                { ...base, filters: [['is', dimension, ['/hemmelig', 'hemmelig', 'hemmelig.example']]] },
                { ...base, dimensions: [], filters: [['contains', dimension, ['hemmelig']]] },
                { ...base, dimensions: ['time:day'], filters: [['contains_not', dimension, ['/b']]] },
            ].map((question) => ({ question }));
        }),
        { path: (site) => `/popular?site=${site}&n=100` },
        { path: (site) => `/popular?site=${site}&tag=sorg` },
    ];

    test('two sites that differ in what is hidden answer with the same bytes', async () => {
        let compared = 0;
        for (const { path, question } of questions()) {
            const [one, other] = await Promise.all(
                ['a.example', 'b.example'].map(async (site) => {
                    const answer = question ? await query({ site_id: site, ...question }) : await ask(path(site));
                    const body = (await answer.text()).replaceAll(site, 'SITE');
                    const headers = [...answer.headers].map(([name, value]) => `${name}: ${value.replaceAll(site, 'SITE')}`);
                    return { status: answer.status, body, headers };
                }),
            );
            assert.deepEqual(one, other, JSON.stringify(question) ?? path('SITE'));
            if (!question?.filters) assert.ok(!one.body.includes('hemmelig'));
            compared++;
        }
        assert.ok(compared > 140, `${compared}`);
    });

    test('a filter for what is hidden is one for what was never there', async () => {
        const base = { metrics: ['pageviews'], dimensions: ['event:page'], include: { total_rows: true } };
        const answers = await Promise.all(['/hemmelig', '/finnes-ikke'].map((page) => answerOf({ ...base, filters: [['is', 'event:page', [page]]] })));
        assert.deepEqual(answers[0], answers[1]);
        assert.deepEqual(answers[0].results, []);
        assert.equal(answers[0].meta.total_rows, 0);
    });
});

describe('popular pages', () => {
    test('are public and cacheable where the site says so', async () => {
        const answer = await ask('/popular?site=a.example', { token: null });
        assert.equal(answer.status, 200);
        assert.match(answer.headers.get('cache-control'), /^public, max-age=\d+$/);
        assert.equal(answer.headers.get('access-control-allow-origin'), '*');
        const { pages, from, to } = await answer.json();
        assert.deepEqual([from, to], ['2026-10-03', '2026-10-30']);
        assert.deepEqual(pages.map(({ page }) => page), ['/sorg/a', '/b', '/sorg/c'], 'and no (annet)');
        assert.equal(pages[1].views, 28 * 30);
    });

    test('of a tag or section are those that the configuration says', async () => {
        const pagesOf = async (more) => (await (await ask(`/popular?site=a.example&${more}`, { token: null })).json()).pages.map(({ page }) => page);
        assert.deepEqual(await pagesOf('tag=sorg'), ['/sorg/a', '/sorg/c']);
        for (const tag of ['Sorg', 'SORG', 'P%C3%85R%C3%98RENDE']) assert.equal((await pagesOf(`tag=${tag}`)).length > 0, true, tag);
        assert.deepEqual(await pagesOf('tag=p%C3%A5r%C3%B8rende&n=2'), ['/sorg/a', '/b']);
        assert.deepEqual(await pagesOf('n=1'), ['/sorg/a']);
        await assertProblem(await ask('/popular?site=a.example&tag=ukjent', { token: null }), 404, 'tag');
        for (const n of ['0', '101', '-1', 'x', '']) await assertProblem(await ask(`/popular?site=a.example&n=${n}`, { token: null }), 400, 'n');
        await assertProblem(await ask('/popular?site=nowhere.example', { token: null }), 404, 'site');
    });
});

test('many at once are all answered, while the program stays there for others', async () => {
    const answers = Promise.all(Array.from({ length: 50 }, () => ask(table('page', 'by=day'))));
    assert.equal((await fetch(`${stack.AGGREGATOR_OPS_URL}/healthz`)).status, 200);
    for (const answer of await answers) assert.equal(answer.status, 200);
});
