// Restricted mode cannot be widened: not by a configuration, and not by anything that is sent.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BUILD } from '../e2e/support/process.mjs';
import { exchange, requestBytes } from '../e2e/support/raw.mjs';
import { startStack } from '../e2e/support/stack.mjs';
import { flushed, leavesOf, redisStore } from '../e2e/support/store.mjs';
import { filesBelow } from './support/canary.mjs';

// What a restricted site may ask for in vain: its options, where the mistake is, what is said; and what else the site has,
// where that is not its pages.
const ATTEMPTS = [
    ['tables: [total, referrer]', '5:21', 'restricted sites count only'],
    ['tables: [hour]', '5:14', 'restricted sites count only'],
    ['visitors: true', '5:5', 'IP addresses cannot be retrieved'],
    ['search_parameter: q', '5:5', 'search words are linked to nothing'],
    ['sections: {"/sorg": sorg}', '5:5', 'only visitors, municipality and general behaviour'],
    ['tags: [sorg]', '5:5', 'only visitors, municipality and general behaviour'],
    ['feedback: {ja: Ja}', '5:5', 'only visitors, municipality and general behaviour'],
    ['feedback_question: "Hvor gammel er du?"', '5:5', 'only visitors, municipality and general behaviour'],
    ['referrers: {a.no: public}', '5:5', 'only visitors, municipality and general behaviour'],
    ['popular: true', '5:5', 'only visitors, municipality and general behaviour'],
    ['popular_tags: {"/sorg": sorg}', '5:5', 'only visitors, municipality and general behaviour'],
    ['embed: ["https://barn.example"]', '5:5', 'only visitors, municipality and general behaviour'],
    ['events: [chat]', '5:5', 'only visitors, municipality and general behaviour'],
    ['tables: [device]', '5:14', 'restricted sites count only'],
    ['tables: [total, feedback]', '5:21', 'restricted sites count only'],
    ['user_agent: true', '5:5', 'no User-Agent'],
    ['age: true', '5:5', 'age is collected nowhere'],
    ['noise: 0', '5:5', 'statistics identify nobody'],
    ['threshold: 1', '5:5', 'statistics identify nobody'],
    ['retention: 5 y', '5:5', 'statistics identify nobody'],
    ['min_population: 4999', '5:21', 'statistics identify nobody'],
    ['fold: {"/x/*": "/elsewhere"}', '5:20', 'only pages on the site\'s list have a name'],
    ['sitemap: /s.xml', '5:5', 'only pages on the site\'s list have a name'],
    ['pages: ["/**"]', '5:13', 'only pages on the site\'s list have a name', 'timezone: Europe/Oslo'],
    ['pages: []', '5:12', "needs 'pages'", 'timezone: Europe/Oslo'],
];

function check(program, options, other = 'pages: ["/", "/sorg"]') {
    const folder = mkdtempSync(join(tmpdir(), 'sporlos-restricted-'));
    const file = join(folder, 'sporlos.yaml');
    const lines = ['sites:', '  barn.example:', '    mode: restricted', `    ${other}`, `    ${options}`, ''];
    try {
        writeFileSync(file, lines.join('\n'));
        const { status, stdout, stderr } = spawnSync(join(BUILD, 'bin', program), ['--config', file, '--check-config'], {
            encoding: 'utf8',
            timeout: 60_000,
        });
        return { status, text: `${stdout}${stderr}`, file };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

describe('a configuration that asks for more', () => {
    for (const program of ['sporlos-collector', 'sporlos-aggregator']) {
        for (const [options, place, promise, other] of ATTEMPTS) {
            test(`${program} refuses ${options}`, () => {
                const { status, text, file } = check(program, options, other);
                assert.equal(status, 78, text);
                assert.ok(text.startsWith(`${file}:${place}: `), `${place} in ${text}`);
                assert.ok(text.includes(promise), `'${promise}' in ${text}`);
            });
        }
        test(`control: ${program} takes one that asks for less`, () => {
            const { status, text } = check(program, 'min_population: 20000');
            assert.equal(status, 0, text);
        });
    }
});

const config = `
sites:
  barn.example:
    mode: restricted
    pages: ["/", "/sorg", "/foreldre/*"]
    fold: {"/alder/*/sorg": "/sorg"}
  site.example:
    mode: standard
    pages: ["/", "/sorg"]
    tags: [sorg]
    feedback: {ja: Ja}
`;

// The closed list: privacy.md, 2.
const CLOSED_LIST = {
    total: { period: /^\d{4}-\d\d-\d\d$/, key: /^$/ },
    visits: { period: /^\d{4}-\d\d-\d\d$/, key: /^$/ },
    page: { period: /^\d{4}-\d\d$/, key: /^(\/|\/sorg|\/foreldre\/far|\(annet\))$/ },
    municipality: { period: /^\d{4}-\d\d$/, key: /^(\d{4}|f\d\d|unknown|abroad)$/ },
    declined: { period: /^\d{4}-\d\d-\d\d$/, key: /^$/ },
    dropped: { period: /^\d{4}-\d\d-\d\d$/, key: /^(prefetch|malformed|foreign_origin|rate)$/ },
};

// A word that stands in everything that is sent, and may stand nowhere.
const WORD = 'kjennemerke';
const HEADERS = [
    'User-Agent', 'Referer', 'Accept', 'Accept-Language', 'Accept-Encoding', 'Cookie', 'Authorization', 'From', 'Via', 'X-Age', 'X-Alder',
    'Sec-CH-UA', 'Sec-CH-UA-Mobile', 'Sec-CH-UA-Platform', 'Sec-CH-UA-Model', 'Sec-CH-UA-Arch', 'Sec-CH-Viewport-Width', 'Device-Memory',
    'Downlink', 'ECT', 'RTT', 'Save-Data', 'Sec-Fetch-Site', 'Sec-Fetch-Mode', 'Sec-Fetch-Dest', 'Sec-Fetch-User', 'X-Requested-With',
    'If-None-Match', 'If-Modified-Since', 'X-Client-IP', 'X-Real-IP', 'Forwarded', 'X-Country', 'CF-IPCountry', 'X-Device', 'Priority',
];

function requests(site) {
    const listed = ['/', '/sorg', '/foreldre/far', '/alder/12/sorg'];
    const unlisted = [`/${WORD}`, `/alder/${WORD}`, `/foreldre/far/${WORD}`, `/foreldre/02013299997`, `/foreldre/${WORD}%40example.no`, '/alder/12'];
    const bodies = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `${letter}=${WORD}`);
    const rest = bodies.filter((pair) => !/^[sutn]=/.test(pair)).join('&');
    const url = (path) => `u=${encodeURIComponent(`https://${site}${path}`)}`;
    const query = `?utm_source=${WORD}&utm_medium=${WORD}&utm_campaign=${WORD}&q=${WORD}&alder=12#${WORD}`;
    const plain = [...listed, ...unlisted].flatMap((path) => [
        { form: `s=${site}&n=1&${url(path)}` },
        { form: `s=${site}&n=1&${url(path + query)}&${rest}` },
        { form: `s=${site}&${url(path)}`, headers: HEADERS.map((name) => [name, name === 'Referer' ? `https://${site}/${WORD}` : `${WORD} 12`]) },
    ]);
    const types = ['view', 'end', 'search', 'feedback', 'download', 'outbound', 'missing', 'event', 'engagement', 'scroll', WORD].flatMap((type) => [
        { form: `s=${site}&t=${type}&${url('/sorg')}&${rest}` },
        // With what a standard site would count: steps, an answer, a tag, a host, a path, a name, all of them lists of its own.
        { form: `s=${site}&t=${type}&${url('/sorg')}&n=1&b=3&d=4&l=5&f=ja&g=sorg&q=${WORD}&z=1&r=nav.no&a=${WORD}&m=${WORD}&c=${WORD}&w=1024&v=/${WORD}` },
        { form: `s=${site}&t=${type}&v=${WORD}.no` },
    ]);
    const singles = bodies.map((pair) => ({ form: /^[sutn]=/.test(pair) ? pair : `s=${site}&${url('/sorg')}&${pair}` }));
    const refused = [
        { form: `s=${site}&${url('/sorg')}`, headers: [['Sec-GPC', '1'], ['User-Agent', WORD]] },
        { form: `s=${site}&${url('/sorg')}`, headers: [['Sec-Purpose', 'prefetch'], ['User-Agent', WORD]] },
        { form: `s=${site}&${url('/sorg')}`, headers: [['Origin', `https://${WORD}.example`]] },
        { form: `s=${site}&n=${WORD}&${url('/sorg')}` },
        { form: `s=${site}&${url('/sorg')}`, headers: [['User-Agent', 'Googlebot/2.1']] }, // not read: counted in restricted
    ];
    return [...plain, ...types, ...singles, ...refused];
}

describe('whatever is sent', () => {
    let stack, leaves;

    before(async () => {
        stack = await startStack({ config });
        for (const site of ['barn.example', 'site.example']) {
            for (const network of ['192.0.2.1', '198.51.100.1', '203.0.113.1', '10.1.1.1', '10.2.1.1']) {
                for (const { form, headers = [] } of requests(site)) {
                    const all = new Map([['Origin', `https://${site}`], ['User-Agent', 'Mozilla/5.0 Firefox/130.0'], ['X-Forwarded-For', network], ...headers]);
                    const { status } = await exchange(stack.COLLECTOR_URL, requestBytes({ headers: [...all], body: form }));
                    assert.ok([204, 400, 403, 404].includes(status), `${status} for ${form}`);
                }
            }
        }
        await flushed(stack);
        leaves = [...leavesOf(await redisStore(stack)).keys()].map((id) => id.split(/ (.*?) (.*?) (.*)/).slice(0, 4));
    });

    after(() => stack?.stop());

    const of = (site) => leaves.filter(([name]) => name === site);

    test('a restricted site has leaves of its closed list alone', () => {
        const seen = new Set();
        for (const [, table, period, key] of of('barn.example')) {
            seen.add(table);
            assert.ok(Object.hasOwn(CLOSED_LIST, table), `the table ${table}`);
            assert.match(period, CLOSED_LIST[table].period, table);
            assert.match(key, CLOSED_LIST[table].key, table);
        }
        assert.deepEqual([...seen].sort(), Object.keys(CLOSED_LIST).sort(), 'and has them all');
    });

    test('control: the same makes more of a standard site', () => {
        const standard = of('site.example').map(([, table, period, key]) => `${table} ${period} ${key}`);
        assert.ok(standard.some((id) => id.startsWith('hour ')), 'hours');
        assert.ok(standard.some((id) => /^page \d{4}-\d\d-\d\d /.test(id)), 'days of pages');
        assert.ok(standard.some((id) => id.startsWith('dropped ') && id.endsWith(' bot')), 'what its User-Agent says');
        for (const key of ['tag 20\\S+ sorg', 'feedback 20\\S+ ja /sorg', 'page_engagement 20\\S+ 3 /sorg', 'scroll 20\\S+ 4 /sorg', 'referrer_host 20\\S+ nav.no',
            `utm_source 20\\S+ ${WORD}`, `event 20\\S+ ${WORD}`, `download 20\\S+ /${WORD}`, `missing 20\\S+ /${WORD}`, `search_empty 20\\S+ ${WORD}`])
            assert.ok(standard.some((id) => new RegExp(`^${key}$`).test(id)), key);
        assert.ok(standard.some((id) => id.includes(WORD)), 'and, from the third network, a page that nobody has listed');
    });

    test('no word of it is kept for a restricted site', async () => {
        const store = JSON.stringify([...(await redisStore(stack))].filter(([key]) => key.includes('barn.example')).map(([key, fields]) => [key, ...fields]));
        assert.ok(store.includes('/foreldre/far'));
        for (const trace of [WORD, '0201', 'alder', '@', 'utm_']) assert.ok(!store.includes(trace), `'${trace}' in ${store}`);
    });

    test('no word of it is in a log', async () => {
        const logs = Object.entries(await filesBelow(stack.directory)).filter(([name]) => name.endsWith('.log'));
        assert.ok(logs.some(([name, bytes]) => name === 'collector.log' && bytes.length > 0));
        for (const [name, bytes] of logs) assert.ok(!bytes.includes(WORD), name);
    });
});
