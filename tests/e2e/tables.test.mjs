// Every type of beacon, sent as a page sends it, through Redis and the archive to the API: the day and the month close, and each
// table shows what was sent, noise aside.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { shownByKey } from './support/api.mjs';
import { until } from './support/process.mjs';
import { startStack } from './support/stack.mjs';

const SITE = 'site.example';
const NOISE = 5; // at most, of one leaf of a standard site
const NETWORKS = ['198.18.25.7', '198.18.26.7', '198.18.27.7', '198.18.28.7', '198.18.30.7', '198.18.31.7'];
const ROUNDS = 6;
const ALL = NETWORKS.length * ROUNDS;
const NAMED = ALL - 2; // of a text that nobody listed: the first two networks come before it has a name
const UNNAMED = 2;

const config = `
sites:
  ${SITE}:
    mode: standard
    timezone: Europe/Oslo
    pages: ["/", "/sorg", "/foreldre/*"]
    sections: {"/foreldre/*": foreldre}
    tags: [Sorg, psykisk helse]
    feedback: {ja: Ja, nei: Nei}
    search_parameter: q
    referrers: {legekontor.no: public}
    events: [chat]
`;

const PHONE = {
    'User-Agent': 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36',
    'Sec-CH-UA': '"Not)A;Brand";v="8", "Chromium";v="138", "Google Chrome";v="138"',
    'Sec-CH-UA-Mobile': '?1',
    'Sec-CH-UA-Platform': '"Android"',
};
const MAC = {
    'User-Agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
};

// What is sent, by whom, and what each table shows of it afterwards.
const ENTRY = { u: '/foreldre/ung', n: 1, r: 'kari.eksempel.no', a: 'Nyhetsbrev', m: 'epost', c: 'høst', g: 'sorg, ukjent,Psykisk helse' };
const SENT = [
    [PHONE, ENTRY],
    [MAC, { u: '/', n: 1, w: 1024, r: 'www.legekontor.no' }],
    [PHONE, { u: '/sok?q=Fødselspermisjon' }],
    [PHONE, { t: 'end', u: '/sorg?a=b', b: 3, d: 2, l: 5 }],
    [PHONE, { t: 'search', q: 'Sorg', z: 1 }],
    [PHONE, { t: 'feedback', u: '/sorg', f: 'nei' }],
    [PHONE, { t: 'download', v: '/filer/brosjyre.pdf' }],
    [PHONE, { t: 'outbound', v: 'www.helsenorge.no' }],
    [PHONE, { t: 'missing', v: '/gammel/side' }],
    [PHONE, { t: 'event', v: 'Chat' }],
    [PHONE, { t: 'event', v: 'Bestilling' }],
    [PHONE, { t: 'event', v: 'ola@example.no' }],
];
const DAILY = {
    total: { '': 3 * ALL },
    visits: { '': 2 * ALL },
    section: { foreldre: ALL },
    tag: { sorg: ALL, 'psykisk helse': ALL },
    referrer: { site: ALL, public: ALL },
    referrer_host: { 'eksempel.no': NAMED, 'legekontor.no': NAMED },
    utm_source: { nyhetsbrev: NAMED },
    utm_medium: { epost: NAMED },
    utm_campaign: { høst: NAMED },
    device: { mobile: ALL, tablet: ALL },
    browser: { chrome: ALL, safari: ALL },
    system: { android: ALL, ios: ALL },
    engagement: { 3: ALL },
    visit_length: { 5: ALL },
    search: { sorg: NAMED, fødselspermisjon: NAMED },
    search_empty: { sorg: NAMED },
    feedback: { 'nei /sorg': ALL },
    download: { '/filer/brosjyre.pdf': NAMED },
    outbound: { 'helsenorge.no': NAMED },
    missing: { '/gammel/side': NAMED },
    event: { chat: ALL, bestilling: NAMED, '(fjernet)': ALL },
    dropped: { ai: ALL, bot: ALL },
};
const MONTHLY = {
    ...Object.fromEntries(['section', 'tag', 'referrer', 'referrer_host', 'utm_source', 'feedback', 'event'].map((table) => [table, DAILY[table]])),
    page_engagement: { '3 /sorg': ALL },
    scroll: { '2 /sorg': ALL },
};

// The tenth of next month, five past ten: far from the ends of a day and a month.
const today = new Date();
const at = (day, hour, minute) => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, day, hour, minute));
const DAY = at(10, 10, 5).toISOString().slice(0, 10);
const lastDay = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 2, 0)).toISOString().slice(0, 10);
const MONTH = { from: `${DAY.slice(0, 7)}-01`, to: lastDay, by: 'month' };

let stack;

before(async () => {
    stack = await startStack({ config, clock: true });
    await stack.moveClock(at(10, 10, 5));
});

after(() => stack?.stop());

async function send(headers, fields, network) {
    const body = new URLSearchParams({ s: SITE, ...fields });
    const answer = await fetch(`${stack.COLLECTOR_URL}/b`, {
        method: 'POST',
        headers: { Origin: `https://${SITE}`, 'X-Forwarded-For': network, ...headers },
        body,
    });
    return answer.status;
}

// Wait until the table has something to show: the period is closed and kept.
function closed(table, range) {
    return until(
        `${table} to close`,
        async () => {
            const shown = await shownByKey(stack, SITE, table, range);
            return Object.keys(shown).length > 0 && shown;
        },
        { timeoutMs: 60_000, everyMs: 500 },
    );
}

async function assertShown(tables, range) {
    for (const [table, expected] of Object.entries(tables)) {
        const shown = await closed(table, range);
        for (const [key, count] of Object.entries(expected)) {
            assert.ok(Math.abs((shown[key] ?? -Infinity) - count) <= NOISE, `${table} '${key}': shown ${shown[key]}, sent ${count}`);
        }
        const others = Object.keys(shown).filter((key) => !Object.hasOwn(expected, key));
        assert.deepEqual(others, [], `${table} shows nothing else`);
    }
}

describe('every type of beacon', () => {
    test('is taken', async () => {
        for (let round = 0; round < ROUNDS; round++) {
            for (const network of NETWORKS) {
                for (const [headers, fields] of SENT) assert.equal(await send(headers, fields, network), 204, JSON.stringify(fields));
                assert.equal(await send({ 'User-Agent': 'Mozilla/5.0 (compatible; GPTBot/1.2)' }, { u: '/', n: 1 }, network), 204);
                assert.equal(await send({ 'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }, { t: 'event', v: 'chat' }, network), 204);
            }
        }
        assert.ok(UNNAMED < 10, 'what has no name yet is too little to be shown');
    });

    test('is refused when it is not whole', async () => {
        for (const fields of [{ t: 'end', u: '/', b: 7 }, { t: 'feedback', u: '/', f: 'kanskje' }, { t: 'event' }, { t: 'scroll', u: '/', d: 1 }])
            assert.equal(await send(PHONE, fields, NETWORKS[0]), 400, JSON.stringify(fields));
    });

    test('shows in its tables of the day', async () => {
        await stack.moveClock(at(10, 23, 20));
        await assertShown(DAILY, { from: DAY });
    });

    test('shows in its tables of the month', async () => {
        await stack.moveClock(new Date(Date.parse(`${lastDay}T23:20:00Z`)));
        await assertShown(MONTHLY, MONTH);
    });

    test('is in what the API and the declaration say that the site counts', async () => {
        const get = async (path) => {
            const answer = await fetch(`${stack.AGGREGATOR_URL}${path}`, { headers: { Authorization: `Bearer ${stack.TOKEN}` } });
            assert.equal(answer.status, 200, path);
            return answer.text();
        };
        const sites = await get('/api/v1/sites');
        const { declaration } = JSON.parse(await get(`/declaration/${SITE}.json`)).versions.find(({ state }) => state === 'in_force');
        for (const table of Object.keys({ ...DAILY, ...MONTHLY })) {
            assert.ok(sites.includes(`"${table}"`), `${table} in ${sites}`);
            assert.ok(Object.hasOwn(declaration.tables, table), `${table} in ${Object.keys(declaration.tables)}`);
        }
        for (const field of ['referrer', 'tags', 'answer', 'value', 'visible']) assert.ok(Object.hasOwn(declaration.fields, field), field);
    });
});
