// The browser's half, driven in Chromium on the demonstration sites: what is on the wire, to the byte, and what is not.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
    chromiumOnly,
    launchBrowser,
    launchUnattended,
    launchWithPreferences,
    newReader,
    storageOf,
} from './support/browser.mjs';
import { freePort } from './support/process.mjs';
import { readerOfEachTest } from './support/reader.mjs';
import { isNoEnd, startRecorder } from './support/recorder.mjs';
import { CHILDREN_ASCII, STANDARD, startSites } from './support/site.mjs';

const view = (path, entry = false) => `s=${STANDARD}&u=${encodeURIComponent(path)}${entry ? '&n=1' : ''}`;
const childView = (path, entry = false) => `s=${CHILDREN_ASCII}&u=${encodeURIComponent(path)}${entry ? '&n=1' : ''}`;

const tag = (attributes = '', before = '') =>
    `<!doctype html><html lang="nb"><title>Prøve</title>${before}<script defer src="/s.js" ${attributes}></script>`;
// Pages that the demonstration has no reason to have, served by the recorder itself.
const PAGES = {
    '/no-attributes': tag(),
    '/capitals': tag('data-site="UngePårørende.Example"'),
    '/elsewhere': tag('data-site="a.example" data-api="/other/path?x=1"'),
    '/bad-name': tag('data-site="a b<>"'),
    '/bad-api': tag('data-site="a.example" data-api="https://["'),
    '/named-element': tag('data-site="a.example"', '<nav id="navigation">x</nav>'),
    '/ahead': tag(
        'data-site="a.example"',
        '<script type="speculationrules">{"prerender":[{"source":"list","urls":["/rendered"],"eagerness":"immediate"}]}</script>' +
            '<script>setTimeout(() => (location.href = "/rendered"), 2000)</script>',
    ),
    '/rendered': tag('data-site="a.example"', '<script>fetch(`/rendered-ahead-${document.prerendering}`)</script>'),
    '/loose': tag('data-site="a.example"', '<meta name="referrer" content="unsafe-url">'),
    '/from-outside': '<!doctype html><title>Lenker</title>',
};

let browser, recorder, sites, reader, page;

// What was sent but for the ends of views, which tracker_features.test.mjs is about.
const sent = (count) => recorder.settled(count, isNoEnd);

before(async () => {
    recorder = await startRecorder(PAGES);
    sites = await startSites(recorder.url);
    browser = await launchBrowser();
});

after(async () => {
    await browser?.close();
    await sites?.stop();
    await recorder?.stop();
});

beforeEach(async () => {
    // What the reader before said in leaving is still on its way.
    await new Promise((done) => setTimeout(done, 100));
    recorder.clear();
});

const become = readerOfEachTest({
    browser: () => browser,
    made: async (one) => {
        reader = one;
        page = await reader.newPage();
    },
});

describe('size', () => {
    for (const [path, limit] of [['/s.js', 1536], ['/s-restricted.js', 768]]) {
        test(`${path} stays below ${limit} bytes compressed`, (context) => {
            const { identity, gzip, brotli } = recorder.scripts[path];
            context.diagnostic(`${path}: ${identity.length} bytes, gzip -9 ${gzip.length}, brotli ${brotli.length}`);
            assert.ok(gzip.length <= limit, `gzip ${gzip.length}`);
            assert.ok(brotli.length <= limit, `brotli ${brotli.length}`);
        });
    }
});

describe('on the wire', () => {
    test('a first view is one request that says site, path and entry', async () => {
        await page.goto(`${sites.standard}/demens`);
        assert.deepEqual(await sent(1), [view('/demens', true)]);
        const { method, url, headers } = recorder.requests[0];
        assert.equal(method, 'POST');
        assert.equal(url, '/b');
        assert.equal(headers.origin, sites.standard);
        assert.equal(headers.referer, `${sites.standard}/`);
        assert.match(headers['content-type'], /^text\/plain/);
        assert.equal(headers['user-agent'], await page.evaluate(() => navigator.userAgent));
        assert.equal(headers.cookie, undefined);
        assert.equal(headers.authorization, undefined);
    });

    test('following links sends views that are no entries', async () => {
        await page.goto(`${sites.standard}/`);
        await page.getByRole('link', { name: 'Kurs', exact: true }).click();
        await page.getByRole('link', { name: 'Kontakt', exact: true }).click();
        assert.deepEqual(await sent(3), [view('/', true), view('/kurs'), view('/kontakt')]);
    });

    test('a link from another host is an entry, its address stays in the browser', async () => {
        await page.goto(`${recorder.url}/from-outside?who=secret`);
        await page.evaluate((url) => {
            document.body.innerHTML = `<a href="${url}" referrerpolicy="unsafe-url">x</a>`;
        }, `${sites.standard}/sorg`);
        await page.click('a');
        await page.waitForURL('**/sorg');
        assert.match(await page.evaluate(() => document.referrer), /who=secret/);
        assert.deepEqual(await sent(1), [`${view('/sorg', true)}&r=127.0.0.1`]);
        assert.ok(!JSON.stringify(recorder.requests).includes('secret'));
    });

    test('a reload and a step back to a page that loads anew are views without entry', async () => {
        await page.goto(`${sites.standard}/sorg`);
        await page.reload();
        await page.evaluate(() => addEventListener('unload', () => {})); // keeps it out of the back/forward cache
        await page.goto(`${recorder.url}/from-outside`);
        await page.goBack();
        assert.deepEqual(await sent(3), [view('/sorg', true), view('/sorg'), view('/sorg')]);
    });

    test('query and fragment never leave the browser', async () => {
        await page.goto(`${sites.standard}/kontakt?q=geheim&who=geheim#geheim`);
        await page.fill('#q', 'geheim');
        await page.getByRole('button', { name: 'Søk' }).click();
        await page.waitForURL('**/kontakt?q=geheim');
        assert.deepEqual(await sent(2), [view('/kontakt', true), view('/kontakt')]);
        assert.ok(!JSON.stringify(recorder.requests).includes('geheim'));
    });

    test('a page that gives its address to everyone does not give it to us', async () => {
        await page.goto(`${recorder.url}/loose?who=secret`);
        assert.deepEqual(await sent(1), ['s=a.example&u=%2Floose&n=1']);
        assert.equal(recorder.requests[0].headers.referer, `${recorder.url}/`);
        assert.ok(!JSON.stringify(recorder.requests).includes('secret'));
    });

    test('a path with other letters arrives as the browser writes it', async () => {
        await page.goto(`${sites.standard}/veiviser/s%C3%B8sken & søster`);
        assert.deepEqual(await sent(1), [view('/veiviser/s%C3%B8sken%20&%20s%C3%B8ster', true)]);
    });
});

describe('attributes', () => {
    for (const [path, url, body] of [
        ['/no-attributes', '/b', 's=127.0.0.1&u=%2Fno-attributes&n=1'],
        ['/capitals', '/b', `s=${CHILDREN_ASCII}&u=%2Fcapitals&n=1`],
        ['/elsewhere', '/other/path?x=1', 's=a.example&u=%2Felsewhere&n=1'],
    ]) {
        test(`${path} sends ${body}`, async () => {
            await page.goto(`${recorder.url}${path}`);
            assert.deepEqual(await sent(1), [body]);
            assert.equal(recorder.requests[0].url, url);
        });
    }

    for (const path of ['/bad-name', '/bad-api']) {
        test(`${path} sends nothing and breaks nothing`, async () => {
            await page.goto(`${recorder.url}${path}`);
            assert.deepEqual(await sent(0), []);
        });
    }
});

describe('navigation without loading', () => {
    const withoutApi = () => delete window.navigation;

    for (const [name, prepare] of [['Navigation API', null], ['history functions', withoutApi]]) {
        test(`${name}: a new path is a view, a new query is none`, async () => {
            await become({}, prepare);
            await page.goto(`${sites.standard}/veiviser`);
            assert.equal(await page.evaluate(() => 'navigation' in window), prepare === null);
            await page.getByRole('link', { name: 'Mor eller far' }).click();
            await page.getByRole('button', { name: 'Større skrift' }).click();
            await page.getByRole('link', { name: 'En partner' }).click();
            await page.goBack();
            assert.deepEqual(await sent(4), [
                view('/veiviser', true),
                view('/veiviser/foreldre'),
                view('/veiviser/partner'),
                view('/veiviser/foreldre'),
            ]);
        });
    }

    test('the stand-ins keep what the page sees of history', async () => {
        await become({}, withoutApi);
        await page.goto(`${sites.standard}/veiviser`);
        const seen = await page.evaluate(() => {
            const returned = [history.pushState({ a: 1 }, '', '/x'), history.replaceState({ b: 2 }, '', '/y')];
            let thrown = '';
            try {
                history.pushState(null, '', 'https://elsewhere.example/');
            } catch (error) {
                thrown = error.name;
            }
            return { returned, thrown, state: history.state, path: location.pathname };
        });
        assert.deepEqual(seen, { returned: [undefined, undefined], thrown: 'SecurityError', state: { b: 2 }, path: '/y' });
        assert.deepEqual(await sent(3), [view('/veiviser', true), view('/x'), view('/y')]);
    });

    test('an element called navigation is not taken for the API', async () => {
        await become({}, withoutApi);
        await page.goto(`${recorder.url}/named-element`);
        assert.equal(await page.evaluate(() => window.navigation.tagName), 'NAV');
        await page.evaluate(() => history.pushState(null, '', '/next'));
        assert.deepEqual(await sent(2), ['s=a.example&u=%2Fnamed-element&n=1', 's=a.example&u=%2Fnext']);
    });
});

describe('pages kept and pages rendered ahead', () => {
    test('coming back from the back/forward cache is a view without entry', async () => {
        await page.goto(`${sites.standard}/demens`);
        await page.evaluate(() => addEventListener('pageshow', (event) => (window.kept = event.persisted)));
        await page.getByRole('link', { name: 'Kurs', exact: true }).click();
        await page.waitForURL('**/kurs');
        await sent(2);
        await page.evaluate(() => history.back());
        assert.deepEqual(await sent(3), [view('/demens', true), view('/kurs'), view('/demens')]);
        assert.equal(await page.evaluate(() => window.kept), true, 'the page was not kept: this tested nothing');
    });

    test('a page rendered ahead is a view when it is shown, not before', async () => {
        const unattended = await launchUnattended(`${recorder.url}/ahead`);
        try {
            await sent(3);
            const beacons = recorder.requests.filter((request) => request.url === '/b' && isNoEnd(request.body));
            assert.deepEqual(
                beacons.map((request) => request.body),
                ['s=a.example&u=%2Fahead&n=1', 's=a.example&u=%2Frendered'],
            );
            const ahead = recorder.requests.find((request) => request.url === '/rendered-ahead-true');
            assert.ok(ahead, 'it was not rendered ahead: this tested nothing');
            assert.ok(beacons[1].at - ahead.at > 500, 'counted while nobody saw it');
        } finally {
            await unattended.stop();
        }
    });
});

describe('declining', () => {
    const onlyTheSite = [`s=${STANDARD}&t=declined`];

    test('Global Privacy Control sends the site alone, once', async () => {
        await become({ headers: { 'Sec-GPC': '1' } }, () =>
            Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }),
        );
        await page.goto(`${sites.standard}/veiviser`);
        await page.getByRole('link', { name: 'Et barn' }).click();
        assert.deepEqual(await sent(1), onlyTheSite);
        assert.equal(recorder.requests[0].headers['sec-gpc'], '1');
        assert.ok(!JSON.stringify(recorder.requests).includes('veiviser'));
    });

    const chosen = () => location.host && (localStorage.sporlos = 'av');
    const withoutApi = () => {
        if (location.host) localStorage.sporlos = 'av'; // about:blank has none
        delete window.navigation;
    };

    for (const [name, prepare] of [['Navigation API', chosen], ['history functions', withoutApi]]) {
        test(`a choice kept in the browser sends the site alone, once a page load: ${name}`, async () => {
            await become({}, prepare);
            await page.goto(`${sites.standard}/veiviser`);
            await page.getByRole('link', { name: 'Et barn' }).click();
            await page.goBack();
            assert.deepEqual(await sent(1), onlyTheSite);
            await page.goto(`${sites.standard}/sorg`);
            assert.deepEqual(await sent(2), [...onlyTheSite, ...onlyTheSite]);
            assert.ok(!/veiviser|sorg/.test(JSON.stringify(recorder.requests)));
            assert.deepEqual((await storageOf(page)).local, ['sporlos']);
        });
    }

    test('any other value of the entry, and storage that is refused, choose nothing', async () => {
        await become({}, () => location.host && (localStorage.sporlos = 'nei'));
        await page.goto(`${sites.standard}/sorg`);
        await become({}, () => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } }));
        await page.goto(`${sites.standard}/sorg`);
        assert.deepEqual(await sent(2), [view('/sorg', true), view('/sorg', true)]);
    });

    test("the browser's own Do Not Track setting does the same", async () => {
        const declining = await launchWithPreferences({ enable_do_not_track: true });
        recorder.clear();
        try {
            const tab = await declining.reader.newPage();
            await tab.goto(`${sites.standard}/sorg`);
            assert.equal(await tab.evaluate(() => navigator.doNotTrack), '1');
            assert.deepEqual(await sent(1), onlyTheSite);
            assert.equal(recorder.requests[0].headers.dnt, '1');
            assert.ok(!JSON.stringify(recorder.requests).includes('sorg'));
            assert.deepEqual(declining.reader.noticed, []);
        } finally {
            await declining.stop();
        }
    });
});

describe('a site for children', () => {
    test('the age that is asked for stays in the browser', async () => {
        await page.goto(`${sites.children}/alder`);
        await page.fill('#alder', '13');
        await page.getByRole('button').click();
        await page.waitForURL('**/sorg?alder=13');
        await page.goto(`${sites.children}/sorg?alder=14#alder-14`);
        assert.deepEqual(await sent(3), [childView('/alder', true), childView('/sorg'), childView('/sorg', true)]);
        for (const { url, headers, body } of recorder.requests) {
            assert.ok(!/13|14|alder-|alder=/.test(url + body + headers.origin.replace(/:\d+$/, '')));
            assert.equal(headers.origin, sites.children);
            assert.equal(headers.referer, `${sites.children}/`);
        }
    });
});

describe('leaves no trace and makes no trouble', () => {
    test('nothing is stored in the browser', async () => {
        await page.goto(`${sites.standard}/`);
        await page.getByRole('link', { name: 'Veiviser', exact: true }).click();
        await page.getByRole('link', { name: 'Et barn' }).click();
        await sent(3);
        for (const [kind, items] of Object.entries(await storageOf(page))) {
            assert.deepEqual(items, [], kind);
        }
    });

    test('one name is added to the page', async () => {
        const names = () => Object.getOwnPropertyNames(window).sort();
        await page.goto(`${sites.standard}/kurs`);
        const withTracker = await page.evaluate(names);
        await reader.route('**/s.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
        await page.reload();
        assert.deepEqual(withTracker, [...(await page.evaluate(names)), 'sporlos'].sort());
        assert.deepEqual(await sent(1), [view('/kurs', true)]);
    });

    for (const [name, prepare] of [
        ['removed', () => delete window.fetch],
        ['throwing', () => (window.fetch = () => { throw new TypeError('no'); })],
    ]) {
        test(`fetch ${name}: silence, and the page works`, async () => {
            await become({}, prepare);
            await page.goto(`${sites.standard}/veiviser`);
            await page.getByRole('link', { name: 'Et barn' }).click();
            await page.getByText('samtalegrupper på nett').waitFor();
            assert.deepEqual(await sent(0), []);
        });
    }

    test('a collector that is away: the page works and only the browser itself remarks on it', chromiumOnly('it says that a request failed'), async () => {
        const away = `http://127.0.0.1:${await freePort()}`;
        const orphans = await startSites(away);
        try {
            await reader.route('**/s.js', (route) =>
                route.fulfill({ contentType: 'text/javascript', body: recorder.tracker.identity }),
            );
            await page.goto(`${orphans.standard}/veiviser`);
            await page.getByRole('link', { name: 'Et barn' }).click();
            await page.getByText('samtalegrupper på nett').waitFor();
            await page.waitForTimeout(300);
            // The network layer writes a line for each refused connection; no script can prevent that.
            const own = reader.noticed.filter((text) => !/^console: Failed to load resource: net::/.test(text));
            assert.deepEqual(own, []);
            assert.equal(reader.noticed.length, 3, 'both views and the end of one were tried');
            reader.noticed.length = 0;
        } finally {
            await orphans.stop();
        }
    });
});
