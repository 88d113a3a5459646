// The tracker and the real collector together: what is served and how, Subresource Integrity, a strict policy, a pixel, and
// collectors that are blocked, slow or away. The page must never suffer.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { chromiumOnly, launchBrowser } from './support/browser.mjs';
import { BUILD, freePort, run, until } from './support/process.mjs';
import { readerOfEachTest } from './support/reader.mjs';
import { startStack } from './support/stack.mjs';
import { addsBeacons } from './support/store.mjs';

const config = `
sites:
  a.example:
    mode: standard
    hosts: [a.example]
    search_parameter: q
    tags: [sorg]
  b.example:
    mode: restricted
    hosts: [b.example]
    pages: ["/"]
`;

let stack, site, browser, reader, page, markup, headers, slow;

before(async () => {
    stack = await startStack({ config });
    slow = createServer(() => {}); // takes everything, answers nothing
    await new Promise((done) => slow.listen(0, '127.0.0.1', done));
    site = createServer((request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
        response.end(`<!doctype html><html lang="nb"><head><title>Side</title><link rel="icon" href="data:,">${markup}</head><body><h1>Side</h1>
            <a id="next" href="/neste">Neste</a><a id="file" href="/a.pdf">Fil</a></body></html>`);
    });
    await new Promise((done) => site.listen(0, '127.0.0.1', done));
    browser = await launchBrowser();
});

after(async () => {
    await browser?.close();
    for (const server of [site, slow]) await new Promise((done) => (server.closeAllConnections(), server.close(done)));
    await stack?.stop();
});

const become = readerOfEachTest({
    browser: () => browser,
    left: () => {
        markup = `<script defer src="${stack.COLLECTOR_URL}/s.js" data-site="a.example" data-search="q"></script>`;
        headers = {};
    },
    made: async (one) => {
        reader = one;
        page = await reader.newPage();
    },
});

const url = (path, host = 'a.example') => `http://${host}:${site.address().port}${path}`;

const adds = (expected, act) => addsBeacons(stack.METRICS_URL, expected, act);

describe('everything the tracker says is understood', () => {
    test('view, search, event, download, outbound, missing, end: accepted, no field unknown', async () => {
        await adds({ accepted: 9 }, async () => {
            await page.goto(url('/sok?q=sorg&utm_source=a&utm_medium=b&utm_campaign=c')); // view, search
            await page.evaluate(() => {
                addEventListener('click', (event) => event.preventDefault());
                sporlos('search', 'xyz', { empty: true });
                sporlos('event', 'x');
                sporlos('missing', '/borte');
                sporlos('outbound', 'x.example');
                document.querySelector('#file').click(); // download
                history.pushState(null, '', '/neste'); // end, view
            });
        });
        await adds({ accepted: 1 }, () => page.goto('about:blank'));
    });

    test('an end has what a view has not, and a restricted site wants no end: its own build sends none', async () => {
        markup = `<script defer src="${stack.COLLECTOR_URL}/s-restricted.js" data-site="b.example"></script>`;
        await adds({ accepted: 2 }, async () => {
            await page.goto(url('/', 'b.example'));
            await page.goto(url('/', 'b.example'));
        });
        // The other build on such a site: the views are counted, the rest is refused, and nothing more is read.
        markup = `<script defer src="${stack.COLLECTOR_URL}/s.js" data-site="b.example"></script>`;
        await adds({ accepted: 1, malformed: 1 }, async () => {
            await page.goto(url('/?utm_source=x', 'b.example'));
            await page.goto('about:blank');
        });
        reader.noticed = reader.noticed.filter((text) => !/status of 400/.test(text));
    });
});

describe('versioned addresses', () => {
    let index;
    before(async () => (index = await (await fetch(`${stack.COLLECTOR_URL}/s.json`)).json()));

    test('each is what it says, for ever, and the plain one for an hour', async () => {
        assert.deepEqual(Object.keys(index).sort(), ['/feedback.js', '/opt-out.js', '/s-restricted.js', '/s.js']);
        for (const [plain, { versioned, integrity }] of Object.entries(index)) {
            const [ever, hour] = await Promise.all([versioned, plain].map((path) => fetch(`${stack.COLLECTOR_URL}${path}`)));
            const bytes = Buffer.from(await ever.arrayBuffer());
            assert.equal(integrity, `sha384-${createHash('sha384').update(bytes).digest('base64')}`);
            assert.equal(versioned, plain.replace('.js', `-${createHash('sha384').update(bytes).digest('hex').slice(0, 16)}.js`));
            assert.deepEqual(Buffer.from(await hour.arrayBuffer()), bytes);
            assert.equal(ever.headers.get('cache-control'), 'public, max-age=31536000, immutable');
            assert.equal(hour.headers.get('cache-control'), 'public, max-age=3600');
            for (const answer of [ever, hour]) {
                assert.equal(answer.headers.get('access-control-allow-origin'), '*');
                assert.equal(answer.headers.get('content-type'), 'text/javascript; charset=utf-8');
                for (const name of ['etag', 'last-modified', 'set-cookie']) assert.equal(answer.headers.get(name), null);
            }
        }
    });

    test('another version is not there, nor anything near it', async () => {
        const { versioned } = index['/s.js'];
        for (const path of ['/s-0000000000000000.js', versioned.toUpperCase(), `${versioned}x`, versioned.slice(0, -4), '/s-.js', '/s', '/S.js', '//s.js', '/s.js/']) {
            assert.equal((await fetch(`${stack.COLLECTOR_URL}${path}`)).status, 404, path);
        }
        for (const path of ['/s.json', versioned]) assert.equal((await fetch(`${stack.COLLECTOR_URL}${path}`, { method: 'POST' })).status, 405);
    });

    test('--print-snippet prints what works: as it is, and what it has in comments; another digest is refused by the browser', async () => {
        const print = (name) => run(`${BUILD}/bin/sporlos-collector`, ['--config', `${stack.directory}/sporlos.yaml`, '--print-snippet', name]);
        const text = (await print('a.example')).replaceAll('https://COLLECTOR', stack.COLLECTOR_URL);
        assert.ok(text.includes(`${index['/s.js'].versioned}" integrity="${index['/s.js'].integrity}"`));
        markup = text;
        await adds({ accepted: 1 }, () => page.goto(url('/sorg')));
        [markup] = text.match(/<script [^>]*integrity[^>]*><\/script>/);
        await adds({ accepted: 3 }, () => page.goto(url('/sok?q=x'))); // and a search, and the end of the one before
        await adds({ accepted: 2 }, () => page.goto(url('/sorg')));
        markup = markup.replace(/sha384-./, (start) => (start.endsWith('A') ? 'sha384-B' : 'sha384-A'));
        await adds({ accepted: 1 }, () => page.goto(url('/sorg'))); // an end, and no view
        assert.match(reader.noticed.join(), /integrity/);
        reader.noticed = [];
        assert.match(await print('b.example'), /\/s-restricted\.js"/);
        assert.ok(!/\/s\.js|feedback/.test(await print('b.example')));
        await assert.rejects(print('nobody.example'), /no site of that name/);
    });
});

describe('readers without script', () => {
    test('the pixel: the Referer alone says which site it is, and the path is in its own address', async () => {
        await become({ javaScriptEnabled: false });
        markup = `<noscript><img src="${stack.COLLECTOR_URL}/b?s=a.example&amp;u=/sorg" alt="" width="1" height="1" referrerpolicy="strict-origin"></noscript>`;
        let sent;
        page.on('request', (request) => new URL(request.url()).pathname === '/b' && (sent = request));
        await adds({ accepted: 1 }, () => page.goto(url('/sorg?who=geheim')));
        const { referer, origin } = await sent.allHeaders();
        assert.deepEqual([sent.method(), referer, origin], ['GET', `${url('')}/`, undefined]);
        assert.equal((await sent.response()).status(), 204);
    });

    test('without a Referer, or from another site, it is refused', async () => {
        await become({ javaScriptEnabled: false });
        const pixel = (policy) => `<img src="${stack.COLLECTOR_URL}/b?s=a.example&amp;u=/sorg" alt="" referrerpolicy="${policy}">`;
        markup = pixel('no-referrer');
        await adds({ foreign_origin: 1 }, () => page.goto(url('/sorg')));
        markup = pixel('strict-origin');
        await adds({ foreign_origin: 1 }, () => page.goto(url('/sorg', 'c.example')));
        reader.noticed = reader.noticed.filter((text) => !/status of 403/.test(text));
    });
});

describe('a strict policy', () => {
    test('two directives that name the collector are enough', async () => {
        headers = { 'Content-Security-Policy': `default-src 'none'; script-src ${stack.COLLECTOR_URL}; connect-src ${stack.COLLECTOR_URL}; img-src data:; base-uri 'none'; require-trusted-types-for 'script'` };
        await adds({ accepted: 3 }, async () => {
            await page.goto(url('/sorg'));
            await page.goto(url('/neste'));
        });
    });

    test('a policy that forbids beacons: the page works', chromiumOnly('its words on the console'), async () => {
        headers = { 'Content-Security-Policy': `default-src 'none'; script-src ${stack.COLLECTOR_URL} 'unsafe-eval'; img-src data:` };
        await page.goto(url('/sorg'));
        await page.click('#next');
        await page.waitForURL('**/neste');
        // The browser itself says what it did; no error reaches the page.
        assert.ok(reader.noticed.length > 0);
        assert.ok(reader.noticed.every((text) => /^policy: connect-src|^console: .*(Content Security Policy|violates)/.test(text)), reader.noticed.join('\n'));
        reader.noticed = [];
    });
});

describe('a collector that is blocked, slow or away', () => {
    const own = () => reader.noticed.filter((text) => !/^console: Failed to load resource: net::/.test(text));

    // How long the page takes to load, and that following a link works.
    async function timed() {
        const start = Date.now();
        await page.goto(url('/sorg'), { waitUntil: 'domcontentloaded' });
        const took = Date.now() - start;
        await page.click('#next');
        await page.waitForURL('**/neste', { waitUntil: 'domcontentloaded' });
        return took;
    }

    test('beacons are blocked by an extension: no error, and the page goes on', async () => {
        await reader.route('**/b', (route) => route.abort('blockedbyclient'));
        await timed();
        await page.evaluate(() => (sporlos('event', 'x'), history.pushState(null, '', '/y')));
        assert.deepEqual(own(), []);
        reader.noticed = [];
    });

    test('the script is blocked: the queue of the page’s own calls harms nobody', async () => {
        markup = `<script>window.sporlos=window.sporlos||function(){(sporlos.q=sporlos.q||[]).push(arguments)}</script>${markup}`;
        await reader.route('**/s.js', (route) => route.abort('blockedbyclient'));
        await timed();
        await page.evaluate(() => sporlos('event', 'x'));
        assert.deepEqual(own(), []);
        reader.noticed = [];
    });

    test('nobody listens there', async () => {
        markup = `<script defer src="${stack.COLLECTOR_URL}/s.js" data-site="a.example" data-api="http://127.0.0.1:${await freePort()}/b"></script>`;
        await timed();
        await page.waitForTimeout(200);
        assert.deepEqual(own(), []);
        reader.noticed = [];
    });

    test('it never answers: pages load and unload as quickly as without it', async () => {
        await timed();
        const without = Math.max(await timed(), 300);
        markup = `<script defer src="${stack.COLLECTOR_URL}/s.js" data-site="a.example" data-api="http://127.0.0.1:${slow.address().port}/b"></script>`;
        const start = Date.now();
        await timed();
        const with_ = await timed();
        assert.ok(with_ < 3 * without, `${with_} ms, without ${without} ms`);
        assert.ok(Date.now() - start < 10_000, 'leaving a page does not wait for it');
    });

    test('offline: nothing is noticed, nothing is kept for later', async () => {
        await page.goto(url('/sorg'));
        await until('the script', () => page.evaluate(() => typeof window.sporlos === 'function'));
        await new Promise((done) => setTimeout(done, 200));
        await reader.setOffline(true);
        await page.evaluate(() => (sporlos('event', 'x'), history.pushState(null, '', '/y')));
        await page.waitForTimeout(200);
        assert.deepEqual(own(), []);
        reader.noticed = [];
        await adds({ accepted: 1 }, async () => {
            await reader.setOffline(false);
            await page.evaluate(() => sporlos('event', 'y'));
        });
    });
});

describe('Global Privacy Control', () => {
    test('is heard by both sides: declined, and nothing else', async () => {
        await become({ headers: { 'Sec-GPC': '1' } }, () => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }));
        await adds({ declined: 1 }, async () => {
            await page.goto(url('/sok?q=x'));
            await page.evaluate(() => sporlos('event', 'x'));
            await page.goto('about:blank');
        });
    });
});
