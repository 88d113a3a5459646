// What s.js says beyond views: how a view ended, searches, events, where an entry came from, tags. In Chromium, against a
// recorder. Headless Chromium hides no tab, so that one event is given by hand; focus, closing and leaving are real.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromiumOnly, launchBrowser } from './support/browser.mjs';
import { until } from './support/process.mjs';
import { readerOfEachTest } from './support/reader.mjs';
import { isNoEnd, startRecorder } from './support/recorder.mjs';

const page_ = (attributes = '', { body = '', head = '' } = {}) =>
    `<!doctype html><html lang="nb"><head><title>Prøve</title>${head}<script defer src="/s.js" data-site="a.example" ${attributes}></script></head><body>${body}</body></html>`;
const KEEP = '<script>addEventListener("click", (event) => event.preventDefault()); addEventListener("submit", (event) => event.preventDefault())</script>';
const STUB = '<script>window.sporlos=window.sporlos||function(){(sporlos.q=sporlos.q||[]).push(arguments)}</script>';
const tall = (height) => page_('', { body: `<style>body{margin:0}</style><div style="height:${height}px">x</div>` });

const PAGES = {
    '/a': page_(),
    '/c': page_(),
    '/tall': tall(4000),
    '/quirks': tall(4000).replace('<!doctype html>', ''),
    '/sok': page_('data-search="q, s"'),
    '/tags': page_('data-tags="Sorg, tap"'),
    '/keywords': page_('', { head: '<meta name="keywords" content="sorg,tap">' }),
    '/endless-keywords': page_('', { head: `<meta name="keywords" content="${'ø,'.repeat(5000)}">` }),
    '/field': page_('', { body: '<input name="keywords"><input name="sporlos">' }),
    '/gone-meta': page_('', { head: '<meta name="sporlos" content="404">' }),
    '/gone-attribute': page_('data-missing'),
    '/gone-element': page_('', { body: '<h1 data-missing>Finnes ikke</h1>' }),
    '/manual': page_('data-manual', { head: STUB }),
    '/app': page_('data-hash'),
    '/queue': page_('', { head: `${STUB}<script>sporlos('event', 'tidlig'); sporlos('search', 'sorg', {empty: true})</script>` }),
    '/taken': page_('', { body: '<form id="sporlos"><input name="q" value="x"></form>' }),
    '/links': page_('', {
        head: KEEP,
        body: `<a id="pdf" href="/filer/Rapport.PDF?versjon=geheim#side=2">x</a><a id="docx" href="/a/b.docx"><b id="inner">y</b></a>
            <a id="page" href="/a/pdf">x</a><a id="php" href="/a.php">x</a><a id="out" href="https://Helsenorge.no/sti?hemmelig=1">x</a>
            <a id="out-pdf" href="https://helsenorge.no/a.pdf">x</a><a id="mail" href="mailto:a@b.example">x</a><a id="tel" href="tel:12345678">x</a>
            <a id="none">x</a><a id="script" href="javascript:void 0">x</a><svg width="9" height="9"><a id="svg" href="https://x.example/"><rect width="9" height="9"/></a></svg>
            <button id="own" data-sporlos="Meld deg på"><i id="icon">z</i></button><a id="both" data-sporlos="brosjyre" href="/b.pdf">x</a><p id="text">x</p>
            <div id="stops"><a id="stopped" href="/c.pdf">x</a></div><script>stops.addEventListener('click', (event) => (event.preventDefault(), event.stopPropagation()))</script>`,
    }),
    '/from-outside': '<!doctype html><title>Lenker</title><link rel="icon" href="data:,">',
};

let browser, recorder, reader, page;

before(async () => {
    recorder = await startRecorder(PAGES);
    browser = await launchBrowser();
});

after(async () => {
    await browser?.close();
    await recorder?.stop();
});

// Time that goes on as told: window.skip(seconds).
function clock() {
    const now = performance.now.bind(performance);
    let shift = 0;
    performance.now = () => now() + shift;
    window.skip = (seconds) => (shift += seconds * 1000);
}

const become = readerOfEachTest({
    browser: () => browser,
    left: async () => {
        // What the reader before said in leaving is still on its way.
        await new Promise((done) => setTimeout(done, 100));
        recorder.clear();
    },
    made: async (one) => {
        reader = one;
        await reader.addInitScript(clock);
        page = await reader.newPage();
    },
});

const at = (path) => `${recorder.url}${path}`;
const fields = (body) => Object.fromEntries(new URLSearchParams(body));
const isEnd = (body) => !isNoEnd(body);
const views = async (count) => (await recorder.settled(count, isNoEnd)).map(fields);
const ends = async (count) => (await recorder.settled(count, isEnd)).map(fields);
const view = (u, more = {}) => ({ s: 'a.example', u, ...more });
const entry = (u, more = {}) => view(u, { n: '1', ...more });
const said = (t, more) => ({ s: 'a.example', t, ...more });
const skip = (seconds) => page.evaluate((time) => window.skip(time), seconds);
const push = (path) => page.evaluate((url) => history.pushState(null, '', url), path);

// Headless Chromium shows every tab; this is what one hears that is hidden, or shown again.
const setHidden = (hidden) =>
    page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (value ? 'hidden' : 'visible') });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, hidden);

describe('the end of a view', () => {
    test('each bucket begins where it should', async () => {
        const rows = [[0, '0'], [9, '0'], [10, '1'], [29, '1'], [30, '2'], [60, '3'], [179, '3'], [180, '4'], [600, '5'], [1799, '5'], [1800, '6'], [99999, '6']];
        await page.goto(at('/a'));
        for (const [seconds] of rows) {
            await skip(seconds);
            await push(`/${seconds}-s`);
        }
        const told = Object.fromEntries((await ends(rows.length)).map(({ u, b }) => [u, b]));
        // The end of a view is told when the next begins.
        assert.deepEqual(told, Object.fromEntries(rows.map(([, bucket], i) => [i === 0 ? '/a' : `/${rows[i - 1][0]}-s`, bucket])));
    });

    for (const [name, leave] of [
        ['following a link', () => page.goto(at('/from-outside'))],
        ['closing the tab', () => page.close({ runBeforeUnload: true })],
        ['hiding the tab', () => setHidden(true)],
        ['reloading', () => page.reload()],
    ]) {
        test(`${name} tells it, with the visible time of the visit so far`, async () => {
            await page.goto(at('/a'));
            await skip(40);
            await leave();
            assert.deepEqual(await ends(1), [said('end', { u: '/a', b: '2', d: '4', l: '2' })]);
        });
    }

    test('it is told once: a tab that is hidden, shown, hidden and left says nothing more', async () => {
        await page.goto(at('/a'));
        for (const hidden of [true, false, true, false]) await setHidden(hidden);
        await page.goto(at('/from-outside'));
        assert.equal((await ends(1)).length, 1);
        assert.deepEqual(await views(1), [entry('/a')]);
    });

    test('time in a hidden tab is not counted, and a view begun there counts from when it is seen', async () => {
        await page.goto(at('/a'));
        await setHidden(true);
        await skip(4000);
        await push('/c');
        await skip(4000);
        await setHidden(false);
        await skip(12);
        await page.goto(at('/from-outside'));
        assert.deepEqual((await ends(2)).map(({ u, b }) => [u, b]), [['/a', '0'], ['/c', '1']]);
    });

    test('time without the focus is not counted', chromiumOnly('CDP takes the focus away'), async () => {
        await page.goto(at('/a'));
        const other = await reader.newPage();
        for (const tab of [page, other]) await (await reader.newCDPSession(tab)).send('Emulation.setFocusEmulationEnabled', { enabled: false });
        await page.bringToFront();
        await until('the focus', () => page.evaluate(() => document.hasFocus()));
        await skip(12);
        await other.bringToFront();
        await until('no focus', () => page.evaluate(() => !document.hasFocus()));
        await skip(4000);
        await page.bringToFront();
        await until('the focus', () => page.evaluate(() => document.hasFocus()));
        await skip(12);
        await push('/c');
        assert.deepEqual((await ends(1)).map(({ b }) => b), ['1']);
    });

    test('each view of a page without loading has its own; the visit is told at its end, once', async () => {
        await page.goto(at('/a'));
        await skip(12);
        await push('/x');
        await skip(25);
        await push('/y');
        await skip(40);
        await setHidden(true);
        await setHidden(false);
        await push('/z');
        await setHidden(true);
        assert.deepEqual((await ends(4)).map(({ u, b, l }) => [u, b, l]), [
            ['/a', '1', undefined],
            ['/x', '1', undefined],
            ['/y', '2', '3'],
            ['/z', '0', undefined],
        ]);
    });

    test('a page load that is no entry knows nothing of the visit', async () => {
        await page.goto(at('/a'));
        await page.evaluate(() => (location.href = '/c'));
        await page.waitForURL('**/c');
        await page.goto(at('/from-outside'));
        assert.deepEqual((await ends(2)).map(({ u, l }) => [u, l]), [['/a', '0'], ['/c', undefined]]);
    });

    test('coming back from the back/forward cache is a new view with a new end', async () => {
        await page.goto(at('/a'));
        await page.evaluate(() => addEventListener('pageshow', (event) => (window.kept = event.persisted)));
        await skip(70);
        await page.evaluate(() => (location.href = '/c'));
        await page.waitForURL('**/c');
        await page.evaluate(() => history.back());
        await until('the page that was kept', () => page.evaluate(() => window.kept).catch(() => false));
        await skip(12);
        await page.goto(at('/from-outside'));
        assert.deepEqual((await ends(3)).map(({ u, b, l }) => [u, b, l]), [['/a', '3', '3'], ['/c', '0', undefined], ['/a', '1', undefined]]);
        assert.deepEqual(await views(3), [entry('/a'), view('/c'), view('/a')]);
    });

    for (const [path, rows] of [
        ['/a', [[0, '4']]],
        ['/tall', [[0, '0'], [500, '1'], [1500, '2'], [2500, '3'], [99999, '4']]],
        ['/quirks', [[0, '0'], [99999, '4']]],
    ]) {
        test(`how far down ${path} was seen, also when scrolled back`, async () => {
            await page.goto(at(path));
            for (const [y] of rows) {
                await page.evaluate(async (top) => {
                    const shown = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                    scrollTo(0, top);
                    await shown();
                    scrollTo(0, 0);
                    await shown();
                    history.pushState(null, '', `/${top}-px`);
                }, y);
            }
            const told = (await ends(rows.length)).map(({ u, d }) => [u, d]);
            assert.deepEqual(new Map(told), new Map(rows.map(([, quarter], i) => [i === 0 ? path : `/${rows[i - 1][0]}-px`, quarter])));
        });
    }
});

describe('searches', () => {
    test('the first of the parameters that has a value is the word; the page is a view without it', async () => {
        await page.goto(at('/sok?s=&x=geheim&q=min+mor&side=2'));
        assert.deepEqual(await views(2), [entry('/sok'), said('search', { q: 'min mor' })]);
        await become();
        await page.goto(at('/sok?s=s%C3%B8sken%20%26%20bror'));
        assert.deepEqual(await views(2), [entry('/sok'), said('search', { q: 'søsken & bror' })]);
    });

    test('another word without loading is another search and no view; the same word is none', async () => {
        await page.goto(at('/sok?q=a'));
        await push('/sok?q=b');
        await push('/sok?q=b&side=2');
        await push('/sok?side=2');
        await push('/sok?q=b');
        assert.deepEqual((await views(4)).slice(1), [said('search', { q: 'a' }), said('search', { q: 'b' }), said('search', { q: 'b' })]);
    });

    test('a reload is no new search', async () => {
        await page.goto(at('/sok?q=a'));
        await page.reload();
        assert.deepEqual(await views(3), [entry('/sok'), said('search', { q: 'a' }), view('/sok')]);
        await push('/sok?q=b');
        assert.deepEqual((await views(4))[3], said('search', { q: 'b' }));
    });

    test('without data-search no parameter is read', async () => {
        await page.goto(at('/a?q=geheim&s=geheim'));
        assert.deepEqual(await views(1), [entry('/a')]);
        assert.ok(!JSON.stringify(recorder.requests).includes('geheim'));
    });

    test("a page's own: sporlos('search', word, { empty })", async () => {
        await page.goto(at('/a'));
        await page.evaluate(() => (sporlos('search', 'sorg'), sporlos('search', 'xyz', { empty: true }), sporlos('search', 'tap', { empty: false })));
        assert.deepEqual((await views(4)).slice(1), [said('search', { q: 'sorg' }), said('search', { q: 'xyz', z: '1' }), said('search', { q: 'tap' })]);
    });
});

describe('events', () => {
    test('clicks: files of the site, hosts of other sites, what has a name, and nothing else', async () => {
        const rows = [
            ['pdf', [said('download', { v: '/filer/Rapport.PDF' })]],
            ['inner', [said('download', { v: '/a/b.docx' })]],
            ['stopped', [said('download', { v: '/c.pdf' })]],
            ['out', [said('outbound', { v: 'helsenorge.no' })]],
            ['out-pdf', [said('outbound', { v: 'helsenorge.no' })]],
            ['own', [said('event', { v: 'Meld deg på' })]],
            ['icon', [said('event', { v: 'Meld deg på' })]],
            ['both', [said('event', { v: 'brosjyre' }), said('download', { v: '/b.pdf' })]],
            ...['page', 'php', 'mail', 'tel', 'none', 'script', 'svg', 'text'].map((id) => [id, []]),
        ];
        await page.goto(at('/links'));
        await views(1);
        for (const [id, expected] of rows) {
            recorder.clear();
            await page.locator(`#${id}`).dispatchEvent('click', { button: 0 });
            await until(id, () => recorder.requests.length >= expected.length);
            await page.waitForTimeout(100);
            assert.deepEqual(recorder.bodies().map(fields).sort((x, y) => (x.t < y.t ? 1 : -1)), expected, id);
            assert.ok(!/geheim|hemmelig|side%3D|sti/.test(recorder.bodies().join()), id);
        }
    });

    test('with the mouse, the middle button and the keyboard, but not with the right button', async () => {
        await page.goto(at('/links'));
        await page.click('#out');
        await page.click('#out', { button: 'right' });
        await page.evaluate(() => document.querySelector('#out').dispatchEvent(new MouseEvent('auxclick', { bubbles: true, button: 1 })));
        await page.focus('#pdf');
        await page.keyboard.press('Enter');
        assert.deepEqual((await views(4)).slice(1).map(({ t }) => t), ['outbound', 'outbound', 'download']);
    });

    test("own ones: sporlos('event', name)", async () => {
        await page.goto(at('/a'));
        await page.evaluate(() => sporlos('event', 'påmelding'));
        assert.deepEqual((await views(2))[1], said('event', { v: 'påmelding' }));
    });

    for (const path of ['/gone-meta', '/gone-attribute', '/gone-element']) {
        test(`${path} is a view of a page that is not there`, async () => {
            await page.goto(at(`${path}?who=geheim`));
            assert.deepEqual(await views(2), [entry(path), said('missing', { v: path })]);
        });
    }
});

describe('where an entry came from', () => {
    test('campaigns: each parameter alone, on an entry, and never the query', async () => {
        await page.goto(at('/a?utm_source=Nyhetsbrev&utm_medium=e-post&utm_campaign=h%C3%B8st+2026&utm_term=geheim&fbclid=geheim'));
        await page.evaluate(() => (location.href = '/c?utm_source=igjen'));
        await page.waitForURL('**/c?**');
        assert.deepEqual(await views(2), [entry('/a', { a: 'Nyhetsbrev', m: 'e-post', c: 'høst 2026' }), view('/c')]);
        assert.ok(!/geheim|igjen/.test(JSON.stringify(recorder.requests)));
    });

    test('the referrer is its host alone, without port, user or path, and only on an entry', async () => {
        await page.goto(`${recorder.url.replace('127.0.0.1', 'Other.example')}/from-outside?who=geheim`);
        await page.evaluate((url) => (document.body.innerHTML = `<a href="${url}" referrerpolicy="unsafe-url">x</a>`), at('/a'));
        await page.click('a');
        await page.waitForURL('**/a');
        await push('/c');
        assert.deepEqual(await views(2), [entry('/a', { r: 'other.example' }), view('/c')]);
        assert.ok(!/geheim|from-outside/.test(JSON.stringify(recorder.requests)));
    });

    for (const [name, userAgent, touch, width] of [
        ['an iPad', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15', 5, '1024'],
        ['a Mac', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15', 0, undefined],
        ['an iPhone', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1', 5, undefined],
        ['a PC with a touch screen', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 10, undefined],
    ]) {
        test(`${name} says ${width ? 'how wide it is, on an entry' : 'nothing of its width'}`, async () => {
            await become(
                { userAgent, viewport: { width: 1024, height: 700 } },
                `Object.defineProperty(Navigator.prototype, 'maxTouchPoints', { get: () => ${touch} })`,
            );
            await page.goto(at('/a'));
            await push('/c');
            assert.deepEqual(await views(2), [entry('/a', width ? { w: width } : {}), view('/c')]);
        });
    }
});

describe('tags', () => {
    for (const [path, g] of [['/tags', 'Sorg, tap'], ['/keywords', 'sorg,tap'], ['/field', undefined], ['/endless-keywords', 'ø,'.repeat(150)]]) {
        test(`${path} has ${g?.slice(0, 20)}`, async () => {
            await page.goto(at(path));
            assert.deepEqual(await views(1), [entry(path, g ? { g } : {})]);
        });
    }
});

describe('what the page decides', () => {
    test('data-manual: nothing by itself; views, their ends and events when the page says so', async () => {
        await page.goto(at('/manual'));
        await push('/x');
        assert.deepEqual(await recorder.settled(0), []);
        await page.evaluate(() => sporlos('view'));
        await skip(12);
        await page.evaluate(() => (sporlos('view', '/egen/sti'), sporlos('view', '/egen/sti'), sporlos('event', 'x')));
        const inOrder = (list) => list.map((one) => JSON.stringify(one)).sort(); // three at once arrive in any
        assert.deepEqual(inOrder(await views(4)), inOrder([entry('/x'), view('/egen/sti'), view('/egen/sti'), said('event', { v: 'x' })]));
        assert.deepEqual((await ends(2)).map(({ u, b }) => [u, b]), [['/x', '1'], ['/egen/sti', '0']]);
    });

    for (const [name, prepare] of [['Navigation API', null], ['history functions', () => delete window.navigation]]) {
        test(`data-hash: the route is part of the path, its query is not: ${name}`, async () => {
            await become({}, prepare);
            await page.goto(at('/app?who=geheim'));
            for (const hash of ['#/sorg?who=geheim', '#/sorg?who=geheim2', '#!/barn/tap', '#kontakt']) await page.evaluate((to) => (location.hash = to), hash);
            const folded = (await views(4)).map(({ u, n }) => [u.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'), n]);
            assert.deepEqual(folded, [['/app', '1'], ['/app/sorg', undefined], ['/app/barn/tap', undefined], ['/app/kontakt', undefined]]);
            assert.ok(!JSON.stringify(recorder.requests).includes('geheim'));
        });
    }

    test('what was said before the script came is sent when it has', async () => {
        await page.goto(at('/queue'));
        assert.deepEqual(await views(3), [entry('/queue'), said('event', { v: 'tidlig' }), said('search', { q: 'sorg', z: '1' })]);
    });

    test('an element called sporlos is in nobody’s way', async () => {
        await page.goto(at('/taken'));
        await page.evaluate(() => sporlos('event', 'x'));
        assert.deepEqual(await views(2), [entry('/taken'), said('event', { v: 'x' })]);
    });

    test('nonsense never throws into the page', async () => {
        await page.goto(at('/a'));
        const returned = await page.evaluate(() =>
            [[], [null], [Symbol('x')], ['view', Symbol('x')], ['event'], ['event', { toString() { throw new Error('no'); } }], ['search', 'x', null], ['view', '']].map((call) => sporlos(...call)),
        );
        assert.deepEqual(returned, Array(8).fill(undefined));
    });
});

describe('declining', () => {
    test('Global Privacy Control: of all these, one message that says so', async () => {
        await become({ headers: { 'Sec-GPC': '1' } }, () => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }));
        await page.goto(at('/links?utm_source=x'));
        await page.click('#out');
        await page.click('#own');
        await page.evaluate(() => (sporlos('search', 'x'), sporlos('event', 'y'), sporlos('view', '/z')));
        await setHidden(true);
        await page.goto(at('/from-outside'));
        assert.deepEqual(await recorder.settled(1), ['s=a.example&t=declined']);
    });

    test('who declines while the page is open has its end kept back too', async () => {
        await page.goto(at('/a'));
        await page.evaluate(() => (localStorage.sporlos = 'av'));
        await page.goto(at('/from-outside'));
        assert.deepEqual(await recorder.settled(2), ['s=a.example&u=%2Fa&n=1', 's=a.example&t=declined']);
    });
});
