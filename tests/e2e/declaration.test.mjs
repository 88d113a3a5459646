// The promise 'changes are announced 14 days ahead', kept by the real programs under a clock that moves: a configuration
// that collects more is announced at once and obeyed from its date, not before; one that goes back withdraws it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { BUILD, run, until } from './support/process.mjs';
import { startStack } from './support/stack.mjs';
import { flushed } from './support/store.mjs';

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0';
const OPEN = 'open.example';
const CHILDREN = 'children.example';

const settings = (open, children) => `geo:
  databases: []
sites:
  ${OPEN}:
    mode: standard
    timezone: Europe/Oslo
    tables: [${open}]
  ${CHILDREN}:
    timezone: Europe/Oslo
    ${children}
`;
const BEFORE = settings('total, visits', 'mode: restricted\n    pages: ["/", "/sorg"]');
const WIDER = settings('total, visits, hour', 'mode: standard\n    pages: ["/**"]');
const WIDEST = settings('total, visits, hour, page', 'mode: standard\n    pages: ["/**"]');

// The third of next month, so that fourteen days later it is still the same month.
const now = new Date();
const at = (month, day, hour, minute = 0) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, day, hour, minute));
const iso = (date) => date.toISOString().slice(0, 10);
const CHANGED = at(1, 3, 10, 5);
const TABLE_FROM = iso(at(1, 18, 12)); // published on the third at 10:05: the first midnight 14 days on is the eighteenth's
const MODE_FROM = iso(at(2, 1, 12)); // and the first beginning of a month that of the next one

let stack;

before(async () => {
    stack = await startStack({ config: BEFORE, clock: true });
    await stack.moveClock(CHANGED);
});
after(() => stack?.stop());

const redis = async (...words) =>
    (await run('redis-cli', ['-s', stack.REDIS_SOCKET, ...words])).split('\n').filter((line) => line !== '');
const leaves = (site, table) => redis('KEYS', `sp1:{${site}}:leaf:${table}:*`);

async function configure(sites) {
    const own = (await readFile(stack.CONFIG, 'utf8')).replace(/^geo:[^]*/m, '');
    await writeFile(stack.CONFIG, own + sites);
}
const checkConfig = () => run(`${BUILD}/bin/sporlos-aggregator`, ['--config', stack.CONFIG, '--check-config'], { env });
const env = { ...process.env };

// --check-config under the stack's clock.
async function checked() {
    const start = await readFile(`${stack.directory}/start-aggregator`, 'utf8');
    const preload = start.match(/LD_PRELOAD=([^']+)'/)[1]; // with a sanitizer, two libraries
    Object.assign(env, {
        LD_PRELOAD: preload, FAKETIME_TIMESTAMP_FILE: `${stack.directory}/clock`, FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    return checkConfig();
}

function post(site, path, network) {
    const headers = { Origin: `https://${site}`, 'User-Agent': AGENT, 'X-Forwarded-For': network };
    return new Promise((resolve, reject) => {
        const sent = request(`${stack.COLLECTOR_URL}/b`, { method: 'POST', headers }, (answer) =>
            answer.resume().on('end', () => resolve(answer.statusCode)));
        sent.on('error', reject).end(`s=${site}&u=${encodeURIComponent(path)}&n=1`);
    });
}

// Six networks visit a page of a site, and the collector has told Redis.
async function visit(site, path) {
    for (let n = 1; n <= 6; n++) assert.equal(await post(site, path, `198.51.${n}.7`), 204);
    await flushed(stack);
    assert.notEqual((await leaves(site, 'total')).length, 0);
}

const declared = async (site) => (await fetch(`${stack.AGGREGATOR_URL}/declaration/${site}.json`)).json();
const page = async (site, lang = 'nb') =>
    (await fetch(`${stack.AGGREGATOR_URL}/declaration/${site}?lang=${lang}`)).text();

describe('the declaration', () => {
    test('the first one is in force at once, and its hash is that of its bytes', async () => {
        const { versions } = await declared(OPEN);
        assert.deepEqual(versions.map((v) => [v.version, v.state]), [[1, 'in_force']]);
        assert.deepEqual(Object.keys(versions[0].declaration.tables), ['declined', 'dropped', 'total', 'visits']);
        const bytes = await (await fetch(`${stack.AGGREGATOR_URL}/declaration/${OPEN}.json?version=1`)).text();
        assert.equal(createHash('sha256').update(bytes).digest('hex'), versions[0].hash);
    });

    test('what is declared is counted, and nothing else', async () => {
        await visit(OPEN, '/');
        assert.equal((await leaves(OPEN, 'hour')).length, 0);
        assert.equal((await leaves(OPEN, 'page')).length, 0);
        const visits = (await leaves(OPEN, `visits:${iso(CHANGED)}`))[0]; // not that of the day on which the stack began
        assert.ok(Math.abs(Number((await redis('HGET', visits, ''))[0]) - 6) <= 5, 'six visits, noise aside');
    });

    test('--check-config says what is more, and from when', async () => {
        await configure(WIDER);
        const said = await checked();
        assert.match(said, new RegExp(`^site ${OPEN}: collects more than version 1 \\(hour\\): in force from ${TABLE_FROM}$`, 'm'));
        assert.match(said, new RegExp(`^site ${CHILDREN}: collects more than version 1 \\(.*\\): in force from ${MODE_FROM}$`, 'm'));
        assert.equal((await declared(OPEN)).versions.length, 1, 'asking changes nothing');
    });

    test('it is announced at once', async () => {
        await stack.order('restart', 'aggregator');
        await stack.order('restart', 'collector');
        const { versions, more_ahead: more } = await declared(OPEN);
        assert.deepEqual(versions.map((v) => [v.version, v.state]), [[1, 'in_force'], [2, 'announced']]);
        assert.equal(versions[1].in_force_date, TABLE_FROM);
        assert.deepEqual(more, ['hour']);
        assert.equal((await declared(CHILDREN)).versions[1].in_force_date, MODE_FROM);
        assert.match(await page(OPEN), /Gjelder fra 18\./);
        assert.match(await page(OPEN, 'nn'), /Gjeld frå 18\./);
        assert.match(await page(OPEN, 'en'), /In force from 18/);
        const text = await (await fetch(`${stack.AGGREGATOR_URL}/declaration/${OPEN}.txt?lang=en`)).text();
        assert.match(text, /is also counted:\n- the number of page views each hour\n/);
    });

    test('and counted by nobody before its date', async () => {
        for (const moment of [at(1, 3, 12), at(1, 17, 21, 50)]) { // the same day, and the last evening
            await stack.moveClock(moment);
            await visit(OPEN, '/');
            await visit(CHILDREN, '/hemmelig');
            assert.equal((await leaves(OPEN, 'hour')).length, 0, `hour at ${moment.toISOString()}`);
            assert.equal((await leaves(CHILDREN, 'hour')).length, 0);
            const pages = await leaves(CHILDREN, 'page');
            assert.ok(pages.length === 1 && pages[0].includes(`:${TABLE_FROM.slice(0, 7)}:`), `by the month, as restricted: ${pages}`);
            const names = await redis('HKEYS', pages[0]);
            assert.ok(!names.includes('/hemmelig'), `'/**' names nothing while the site is restricted: ${names}`);
        }
        assert.equal((await declared(CHILDREN)).versions[0].state, 'in_force');
    });

    test('from its date it is', async () => {
        await stack.moveClock(new Date(Date.parse(`${TABLE_FROM}T08:20:00Z`)));
        await until('version 2', async () => (await declared(OPEN)).versions[1].state === 'in_force', { timeoutMs: 20_000 });
        await visit(OPEN, '/');
        assert.equal((await leaves(OPEN, 'hour')).length, 1);
        assert.equal((await leaves(CHILDREN, 'hour')).length, 0, 'the other site has another date');
        assert.doesNotMatch(await page(OPEN), /Gjelder fra 18\./);
    });

    test('a change that is taken back is withdrawn, and was never counted', async () => {
        await configure(WIDEST);
        await stack.order('restart', 'aggregator');
        assert.deepEqual((await declared(OPEN)).more_ahead, ['page']);
        await configure(WIDER);
        assert.match(await checked(), new RegExp(`^site ${OPEN}: as version 2 declares: version 3, announced, is withdrawn$`, 'm'));
        await stack.order('restart', 'aggregator');
        const { versions, more_ahead: more } = await declared(OPEN);
        assert.deepEqual([versions[2].state, more], ['withdrawn', []]);
        assert.equal((await leaves(OPEN, 'page')).length, 0);
    });

    test('a collector that has heard nothing sends nothing, and loses nothing', async () => {
        await stack.order('stop', 'aggregator');
        await stack.order('stop', 'collector');
        await redis('FLUSHALL');
        if (stack.JOURNAL) await rm(`${stack.JOURNAL}/counters`, { force: true }); // where it would find what the process before it had heard
        await stack.order('start', 'collector');
        for (let n = 1; n <= 6; n++) assert.equal(await post(OPEN, '/', `198.51.${n}.7`), 204);
        await new Promise((done) => setTimeout(done, 3000));
        assert.deepEqual(await redis('KEYS', 'sp1:{*}:leaf:*'), []);
        await stack.order('start', 'aggregator');
        await until('the leaves', async () => (await leaves(OPEN, 'total')).length > 0, { timeoutMs: 20_000 });
    });

    test('a mode changes where a month begins', async () => {
        await stack.moveClock(new Date(Date.parse(`${MODE_FROM}T09:10:00Z`)));
        await until('version 2', async () => (await declared(CHILDREN)).versions[1].state === 'in_force', { timeoutMs: 20_000 });
        await visit(CHILDREN, '/apen');
        assert.equal((await leaves(CHILDREN, 'hour')).length, 1);
        const day = (await leaves(CHILDREN, 'page')).find((key) => key.includes(`:${MODE_FROM}:`));
        assert.ok((await redis('HKEYS', day)).includes('/apen'));
        await until('the month of the restricted site to be kept', async () =>
            (await run('sqlite3', [stack.ARCHIVE, "SELECT count(*) FROM leaf JOIN site ON site.id = leaf.site " +
                `WHERE site.name = '${CHILDREN}' AND kind = 2`])).trim() !== '0', { timeoutMs: 120_000, everyMs: 500 });
    });
});

// An archive that is moved away, and a site that gets another name, do not begin anew what was promised.
describe('a site that is new to the archive', () => {
    let own;
    const site = (name, rest) => `geo:
  databases: []
sites:
  ${name}:
    hosts: [${CHILDREN}]
    ${rest}
`;
    const restricted = 'mode: restricted\n    pages: ["/"]';
    const standard = 'mode: standard';
    const inForce = async (name) => Object.fromEntries((await run('redis-cli', ['-s', own.REDIS_SOCKET, 'HGETALL',
        `sp1:{${name}}:declaration`])).trim().split('\n').reduce((pairs, word, i, words) =>
        (i % 2 === 0 ? [...pairs, [word, words[i + 1]]] : pairs), []));

    // With the archive as it is, or moved away: what --check-config says, and what both programs then do.
    async function changeTo(name, rest, { moved }) {
        await own.order('stop', 'aggregator');
        await own.order('stop', 'collector');
        if (moved)
            for (const ending of ['', '-wal', '-shm'])
                await rename(own.ARCHIVE + ending, `${own.ARCHIVE}.away${ending}`).catch(() => {});
        const before = (await readFile(own.CONFIG, 'utf8')).replace(/^geo:[^]*/m, '');
        await writeFile(own.CONFIG, before + site(name, rest));
        const said = await run(`${BUILD}/bin/sporlos-aggregator`, ['--config', own.CONFIG, '--check-config']);
        await own.order('start', 'aggregator');
        await own.order('start', 'collector');
        await until('the declaration', async () => (await inForce(name)).mode !== undefined, { timeoutMs: 15_000 });
        return said;
    }

    before(async () => {
        own = await startStack({ config: site(CHILDREN, restricted) });
        await until('the declaration', async () => (await inForce(CHILDREN)).mode === 'restricted', { timeoutMs: 15_000 });
    });
    after(() => own?.stop());

    for (const [title, name, moved] of [['another archive', CHILDREN, true], ['another name, the same host', OPEN, false]]) {
        test(title, async () => {
            const said = await changeTo(name, standard, { moved });
            assert.match(said, new RegExp(`^site ${name}: collects more than version 1 \\(.*\\): in force from `, 'm'));
            assert.doesNotMatch(said, /first declaration/);
            const { mode, next_mode: next } = await inForce(name);
            assert.deepEqual([mode, next], ['restricted', 'standard']);
            const { versions } = await (await fetch(`${own.AGGREGATOR_URL}/declaration/${name}.json`)).json();
            assert.deepEqual(versions.map((v) => [v.state, v.declaration.mode]),
                [['in_force', 'restricted'], ['announced', 'standard']]);
        });
    }
});
