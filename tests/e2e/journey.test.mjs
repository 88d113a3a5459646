// The whole journey: Chromium -> tracker -> collector -> Redis -> aggregator -> archive -> API and page, with a clock
// that an hour, a day and a month pass on. What was browsed is what is shown, noise aside.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { shownByKey } from './support/api.mjs';
import { launchBrowser, newReader, pictureFolder, storageOf, USER_AGENT } from './support/browser.mjs';
import { startFront } from './support/front.mjs';
import { ROOT, until } from './support/process.mjs';
import { CHILDREN, CHILDREN_ASCII, STANDARD, startSites } from './support/site.mjs';
import { startStack } from './support/stack.mjs';

const BOUND = { standard: 5, restricted: 12 }; // of the noise of one leaf: privacy.md, 3

const SHARED = join(ROOT, '../shared/data');
const NO_GEO = !existsSync(`${SHARED}/test-city.mmdb`) && 'the shared test data (test-city.mmdb) is not here';

// Networks of the test database (expected.csv): where a reader seems to sit.
const HAMAR = ['198.18.23.7', '198.18.24.7', '198.18.29.7'];
const BERGEN = ['198.18.0.7'];
const NOWHERE = ['198.18.25.7', '198.18.26.7', '198.18.27.7', '198.18.28.7', '198.18.30.7', '198.18.31.7'];

const GPC = () => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true });

// Who browses what: the first address is typed, every other is reached by a link on the page.
const VISITS = [
    { site: 'standard', networks: HAMAR, each: 7, links: ['/', '/demens'] },
    { site: 'standard', networks: NOWHERE.slice(0, 4), each: 4, links: ['/', '/veiviser', '/veiviser/barn'] },
    { site: 'standard', networks: BERGEN, each: 16, links: ['/kontakt'] }, // one network: never shown by itself
    { site: 'children', networks: NOWHERE, each: 6, links: ['/', '/alder', '/sorg?alder=10#alder-10'] },
];
const DECLINED = { site: 'standard', networks: NOWHERE.slice(0, 4), each: 4, links: ['/sorg'] };

const config = `
${NO_GEO ? 'geo:\n  databases: []' : `geo:\n  databases: ["${SHARED}/test-city.mmdb"]\n  polygons: "${SHARED}/kommuner.geojson"`}
sites:
  ${STANDARD}:
    mode: standard
    timezone: Europe/Oslo
    pages: ["/", "/demens", "/sorg", "/veiviser", "/veiviser/*", "/kurs", "/kontakt"]
  ${CHILDREN}:
    mode: restricted
    timezone: Europe/Oslo
    pages: ["/", "/sorg", "/foreldre/*"]
`;

// The tenth of next month, five past ten: far from the ends of an hour, a day and a month.
const today = new Date();
const at = (day, hour, minute) => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, day, hour, minute));
const BROWSING = at(10, 10, 5);
const DAY = BROWSING.toISOString().slice(0, 10);
const lastDay = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 2, 0)).toISOString().slice(0, 10);
const MONTH = { from: `${DAY.slice(0, 7)}-01`, to: lastDay, by: 'month' };

let stack, front, sites, browser;

before(async () => {
    stack = await startStack({ config, clock: true });
    front = await startFront(stack.COLLECTOR_URL);
    sites = await startSites(front.url);
    browser = await launchBrowser();
    await stack.moveClock(BROWSING);
});

after(async () => {
    await browser?.close();
    await sites?.stop();
    await front?.stop();
    await stack?.stop();
});

// A site that is not restricted also hears the end of each view.
const tellsEnds = (site) => site === 'standard';

// One reader on one network browses; prepare runs in every page before its scripts.
async function browse(row, network, { headers = {}, prepare = null, ends = tellsEnds(row.site) } = {}) {
    const { site, each, links } = row;
    front.network = network;
    const reader = await newReader(browser, { headers });
    if (prepare) await reader.addInitScript(prepare);
    const page = await reader.newPage();
    const sent = links.length * (ends ? 2 : 1);
    const before = front.statuses.length;
    const answered = (count) => until(`${count} answers`, () => front.statuses.length >= before + count);
    for (let visit = 1; visit <= each; visit++) {
        await page.goto(sites[site] + links[0]);
        for (const link of links.slice(1)) {
            await page.locator(`a[href="${link}"]`).first().click();
            await page.waitForURL((url) => url.href.endsWith(link));
        }
        await answered(visit * sent - (ends ? 1 : 0));
        await page.goto('about:blank');
        await answered(visit * sent);
    }
    assert.deepEqual(reader.noticed, [], 'the page noticed the tracker');
    await reader.close();
}

// How often each page and network was seen, by the table above.
function browsed(site) {
    const rows = VISITS.filter((row) => row.site === site);
    const pages = {};
    let visits = 0;
    for (const { networks, each, links } of rows) {
        visits += networks.length * each;
        for (const link of links) {
            const path = link.split(/[?#]/)[0];
            pages[path] = (pages[path] || 0) + networks.length * each;
        }
    }
    return { visits, pages, total: Object.values(pages).reduce((sum, count) => sum + count, 0) };
}

function assertNear(actual, expected, bound, what) {
    assert.ok(
        actual !== undefined && Math.abs(actual - expected) <= bound,
        `${what}: shown ${actual}, browsed ${expected}, noise at most ${bound}`,
    );
}

// A beacon that no browser sends.
function post(headers, body) {
    return new Promise((resolve, reject) => {
        const sent = request(`${stack.COLLECTOR_URL}/b`, { method: 'POST', headers }, (answer) =>
            answer.resume().on('end', () => resolve(answer.statusCode)),
        );
        sent.on('error', reject).end(body);
    });
}

// Wait until the table has something to show: the period is closed and kept.
function closed(site, table, range) {
    return until(
        `${table} of ${site} to close`,
        async () => {
            const shown = await shownByKey(stack, site, table, range);
            return Object.keys(shown).length > 0 && shown;
        },
        { timeoutMs: 60_000, everyMs: 500 },
    );
}

describe('the journey of what is browsed', () => {
    test('readers browse', async () => {
        for (const row of VISITS) {
            for (const network of row.networks) await browse(row, network);
        }
        const expected = 2 * browsed('standard').total + browsed('children').total;
        assert.deepEqual(front.statuses, Array(expected).fill(204), 'every beacon was taken, and no other was sent');
    });

    test('some decline, and some are none to count', async () => {
        for (const network of DECLINED.networks) {
            await browse(DECLINED, network, { headers: { 'Sec-GPC': '1' }, prepare: GPC, ends: false });
        }
        const body = `s=${STANDARD}&u=%2Fsorg&n=1`;
        for (const network of NOWHERE.slice(0, 4)) {
            for (let i = 0; i < 4; i++) {
                const own = { Origin: sites.standard, 'X-Forwarded-For': network };
                assert.equal(await post({ ...own, 'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }, body), 204);
                const foreign = { ...own, Origin: 'http://elsewhere.example', 'User-Agent': USER_AGENT };
                assert.equal(await post(foreign, body), 403);
            }
        }
    });

    test('nothing of an open period is shown', async () => {
        await new Promise((done) => setTimeout(done, 2500)); // more than a flush
        for (const [site, table] of [[STANDARD, 'total'], [STANDARD, 'page'], [CHILDREN_ASCII, 'total']]) {
            assert.deepEqual(await shownByKey(stack, site, table, { from: DAY }), {}, `${site} ${table}`);
        }
    });

    test('an hour closes', async () => {
        await stack.moveClock(at(10, 11, 20));
        const hours = await closed(STANDARD, 'hour', { from: DAY, by: 'hour' });
        assertNear(Object.values(hours)[0], browsed('standard').total, BOUND.standard, 'views of the hour');
        assert.deepEqual(await shownByKey(stack, STANDARD, 'total', { from: DAY }), {}, 'the day is still open');
    });

    test('a day closes: standard', async () => {
        await stack.moveClock(at(10, 23, 20));
        const { total, visits, pages } = browsed('standard');
        assertNear((await closed(STANDARD, 'total', { from: DAY }))[''], total, BOUND.standard, 'total');
        assertNear((await closed(STANDARD, 'visits', { from: DAY }))[''], visits, BOUND.standard, 'visits');
        assertNear((await closed(STANDARD, 'declined', { from: DAY }))[''], 16, BOUND.standard, 'declined');
        const shown = await closed(STANDARD, 'page', { from: DAY });
        for (const page of ['/', '/demens', '/veiviser', '/veiviser/barn']) {
            assertNear(shown[page], pages[page], BOUND.standard, page);
        }
        assert.deepEqual(Object.keys(shown).sort(), ['/', '/demens', '/veiviser', '/veiviser/barn'], 'and no other page');
        const dropped = await closed(STANDARD, 'dropped', { from: DAY });
        assertNear(dropped.bot, 16, BOUND.standard, 'dropped: bot');
        assertNear(dropped.foreign_origin, 16, BOUND.standard, 'dropped: foreign_origin');
    });

    test('municipalities', { skip: NO_GEO }, async () => {
        const shown = await closed(STANDARD, 'municipality', { from: DAY });
        assertNear(shown['3403'], 21, BOUND.standard, 'Hamar');
        assertNear(shown.unknown, 16, BOUND.standard, 'unknown');
        assert.deepEqual(Object.keys(shown).sort(), ['3403', 'unknown'], 'Bergen, one network, is not shown');
    });

    test('a day closes: restricted', async () => {
        const { total, visits } = browsed('children');
        assertNear((await closed(CHILDREN_ASCII, 'total', { from: DAY }))[''], total, BOUND.restricted, 'total');
        assertNear((await closed(CHILDREN_ASCII, 'visits', { from: DAY }))[''], visits, BOUND.restricted, 'visits');
    });

    test('a month closes: restricted pages, the age nowhere', async () => {
        await stack.moveClock(new Date(Date.parse(`${lastDay}T23:20:00Z`)));
        const { visits, pages } = browsed('children');
        const shown = await closed(CHILDREN_ASCII, 'page', MONTH);
        assertNear(shown['/'], pages['/'], BOUND.restricted, '/');
        assertNear(shown['/sorg'], pages['/sorg'], BOUND.restricted, '/sorg');
        assertNear(shown['(annet)'], pages['/alder'], BOUND.restricted, 'what is not listed');
        assert.equal(Object.keys(shown).length, 3);
        if (!NO_GEO) {
            const where = await closed(CHILDREN_ASCII, 'municipality', MONTH);
            assertNear(where.unknown, visits, BOUND.restricted, 'unknown');
        }
        assert.ok(!Object.keys(shown).join().includes('10'), 'no age in a key');
    });

    test('an editor sees the number on the page', async (t) => {
        const visits = (await shownByKey(stack, STANDARD, 'visits', { ...MONTH, by: 'range' }))[''];
        const reader = await newReader(browser, { viewport: { width: 1200, height: 900 } });
        const page = await reader.newPage();
        await page.goto(stack.AGGREGATOR_URL);
        await page.fill('input[name="name"]', stack.ADMIN_USER);
        await page.fill('input[name="password"]', stack.ADMIN_PASSWORD);
        await page.locator('form[action^="/login"] button').click();
        await page.getByRole('link', { name: STANDARD }).first().click();
        await page.goto(`${page.url().split('?')[0]}?period=month:${DAY.slice(0, 7)}`);
        await page.getByText(String(visits), { exact: true }).locator('visible=true').first().waitFor({ timeout: 5000 });
        const picture = join(await pictureFolder('journey'), 'overview.png');
        await page.screenshot({ path: picture, fullPage: true });
        t.diagnostic(`the page: ${picture}`);
        const { cookies, documentCookie, ...others } = await storageOf(page);
        assert.equal(cookies.length, 1, 'the session is the only cookie');
        assert.ok(cookies[0].httpOnly && cookies[0].sameSite === 'Strict');
        assert.deepEqual(documentCookie, []);
        for (const [kind, items] of Object.entries(others)) assert.deepEqual(items, [], kind);
        assert.deepEqual(reader.noticed, []);
        await reader.close();
    });
});
