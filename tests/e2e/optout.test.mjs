// Saying no: from the opt-out page over its button to the site, one word in the browser, and back. Real collector, real
// Chromium, the demonstration sites with their strict policy.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launchBrowser, pictureFolder, storageOf } from './support/browser.mjs';
import { run, until } from './support/process.mjs';
import { readerOfEachTest } from './support/reader.mjs';
import { isNoEnd } from './support/recorder.mjs';
import { CHILDREN, CHILDREN_ASCII, STANDARD, startSites } from './support/site.mjs';
import { startStack } from './support/stack.mjs';
import { addsBeacons } from './support/store.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// As deploy/quickstart has it: the sites' real names, and where the demonstration serves them. www is a host that the
// site has in name only.
const config = `
sites:
  ${STANDARD}:
    mode: standard
    hosts: [${STANDARD}, localhost]
  ${CHILDREN}:
    mode: restricted
    hosts: [${CHILDREN}, 127.0.0.1]
    pages: ["/", "/sorg", "/foreldre/*"]
  two.example:
    mode: strict
    hosts: [two.example, www.two.example]
`;

let stack, sites, browser, pictures, reader, page, posted;

before(async () => {
    stack = await startStack({ config });
    sites = await startSites(stack.COLLECTOR_URL);
    browser = await launchBrowser();
    pictures = await pictureFolder('optout');
});

after(async () => {
    await browser?.close();
    await sites?.stop();
    await stack?.stop();
});

const become = readerOfEachTest({
    browser: () => browser,
    made: async (one) => {
        reader = one;
        posted = [];
        reader.on('request', (sent) => new URL(sent.url()).pathname === '/b' && posted.push(sent.postData()));
        page = await reader.newPage();
    },
});

const port = (origin) => new URL(origin).port;
const demo = () => `http://localhost:${port(sites.standard)}`;
const children = () => `http://127.0.0.1:${port(sites.children)}`;
const optOut = (query) => `${stack.COLLECTOR_URL}/opt-out${query}`;
const standardPage = (more = '') => optOut(`?site=${STANDARD}&port=${port(sites.standard)}${more}`);
const childrenPage = (more = '') => optOut(`?site=${CHILDREN_ASCII}&port=${port(sites.children)}${more}`);
const off = () => page.getByRole('link', { name: 'Ikke tell meg', exact: true });
const on = () => page.getByRole('link', { name: 'Tell meg igjen', exact: true });
const note = () => page.getByRole('status');

const adds = (expected, act) => addsBeacons(stack.METRICS_URL, expected, act);

async function says(text) {
    await until(`'${text}'`, async () => (await note().textContent()) === text);
}

// Everything the browser has stored for the page at hand is that one word.
async function assertOnlyTheWord(present = true) {
    const { local, ...others } = await storageOf(page);
    assert.deepEqual(local, present ? ['sporlos'] : []);
    if (present) assert.equal(await page.evaluate(() => localStorage.sporlos), 'av');
    for (const [kind, items] of Object.entries(others)) assert.deepEqual(items, [], kind);
}

async function assertAccessible(what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
        window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }),
    );
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`), [], what);
}

// An answer without a browser in between: status, headers, text.
function get(path, { method = 'GET', headers = {} } = {}) {
    return new Promise((resolve, reject) => {
        request(`${stack.COLLECTOR_URL}${path}`, { method, headers }, (answer) => {
            let text = '';
            answer.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
        }).on('error', reject).end();
    });
}

// The same site over TLS, under a certificate that nobody trusts; null without openssl. Ends with stop().
async function startSecure(onward) {
    const folder = await mkdtemp(join(tmpdir(), 'sporlos-tls-'));
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    const made = await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
        '-subj', '/CN=test', '-keyout', key, '-out', cert]).catch((error) => (error.code === 'ENOENT' ? null : Promise.reject(error)));
    if (made === null) return null;
    const server = createSecureServer({ key: await readFile(key), cert: await readFile(cert) }, (incoming, outgoing) => {
        request(onward + incoming.url, { method: incoming.method }, (answer) => {
            outgoing.writeHead(answer.statusCode, answer.rawHeaders);
            answer.pipe(outgoing);
        }).end();
    });
    await rm(folder, { recursive: true });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    return { port: server.address().port, stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))) };
}

describe('the whole way', () => {
    test('from the site to the page, no, on the site nothing but that, and yes again', async () => {
        await adds({ accepted: 1 }, () => page.goto(`${demo()}/sorg`));
        await assertOnlyTheWord(false);
        // The link that was followed and the end of the view; of the page itself, nothing.
        await adds({ accepted: 2 }, async () => {
            await page.getByRole('link', { name: 'Vil du bli talt?' }).click();
            await page.waitForURL(standardPage());
        });
        posted.length = 0;
        await adds({ declined: 1 }, async () => {
            await off().click();
            await page.waitForURL(`${demo()}/`);
            await says('Du blir ikke lenger talt på dette nettstedet.');
        });
        assert.equal(page.url(), `${demo()}/`, 'the fragment is gone');
        await assertOnlyTheWord();
        await page.getByRole('button', { name: 'Lukk' }).click();
        assert.equal(await note().count(), 0);

        // Once a page load, and the application that follows it changes nothing.
        await adds({ declined: 2 }, async () => {
            await page.getByRole('link', { name: 'Veiviser', exact: true }).click();
            await page.getByRole('link', { name: 'Mor eller far' }).click();
            await page.getByRole('link', { name: 'En partner' }).click();
            await page.reload();
        });
        assert.deepEqual(posted, Array(3).fill(`s=${STANDARD}&t=declined`), 'the site alone');
        await assertOnlyTheWord();

        await page.goto(standardPage());
        posted.length = 0;
        await adds({ accepted: 3 }, async () => {
            await on().click();
            await page.waitForURL(`${demo()}/`);
            await says('Du blir talt på dette nettstedet igjen.');
            await page.getByRole('link', { name: 'Kurs', exact: true }).click();
        });
        assert.deepEqual(posted.filter(isNoEnd), [`s=${STANDARD}&u=%2F&n=1&r=127.0.0.1`, `s=${STANDARD}&u=%2Fkurs`]);
        await assertOnlyTheWord(false);
    });

    test('over https, to the host of the configuration', async (t) => {
        const secure = await startSecure(sites.standard.replace(STANDARD, '127.0.0.1'));
        if (!secure) return t.skip('openssl, which makes a certificate, is not here');
        const plain = browser;
        browser = await launchBrowser({ httpsPort: secure.port });
        try {
            await become({ ignoreHTTPSErrors: true });
            await page.goto(optOut(`?site=${STANDARD}`));
            await off().click();
            await says('Du blir ikke lenger talt på dette nettstedet.');
            assert.equal(page.url(), `https://${STANDARD}/`);
            await assertOnlyTheWord();
            await until('a beacon', () => posted.length > 0);
            assert.deepEqual(posted, [`s=${STANDARD}&t=declined`]);
        } finally {
            const other = browser;
            browser = plain;
            await become();
            await other.close();
            await secure.stop();
        }
    });

    test('a site for children: the same', async () => {
        await page.goto(childrenPage());
        await adds({ declined: 1 }, async () => {
            await off().click();
            await says('Du blir ikke lenger talt på dette nettstedet.');
        });
        await assertOnlyTheWord();
        await adds({ declined: 1 }, () => page.goto(`${children()}/sorg?alder=12`));
        assert.deepEqual(posted, Array(2).fill(`s=${CHILDREN_ASCII}&t=declined`));
        await page.goto(childrenPage());
        await adds({ accepted: 1 }, () => on().click());
        await assertOnlyTheWord(false);
    });

    test('another tab of the site hears of it at once', async () => {
        await page.goto(`${demo()}/veiviser`);
        const other = await reader.newPage();
        await other.goto(standardPage());
        await other.getByRole('link', { name: 'Ikke tell meg', exact: true }).click();
        await other.getByRole('status').waitFor();
        await until('both', () => posted.length === 2);
        await adds({ declined: 1 }, () => page.getByRole('link', { name: 'Et barn' }).click());
        assert.deepEqual(posted.slice(1), Array(2).fill(`s=${STANDARD}&t=declined`));
    });
});

describe('what could go wrong', () => {
    test('a fragment that is not exactly ours stores nothing and stays', async () => {
        for (const fragment of ['#sporlos', '#sporlos=', '#sporlos=AV', '#sporlos=av%20', '#sporlos=avx', '#x#sporlos=av', '#sporlos=av&x']) {
            await page.goto('about:blank');
            await page.goto(`${demo()}/kurs${fragment}`);
            assert.ok((await page.evaluate(() => location.hash)).length > 0, fragment);
            await assertOnlyTheWord(false);
        }
        assert.equal(posted.length, 7, 'and each was a view');
        assert.ok(posted.every((body) => body.includes('u=%2Fkurs')));
    });

    test('nobody but the page takes back what the reader chose', async () => {
        await page.goto(standardPage());
        await off().click();
        await says('Du blir ikke lenger talt på dette nettstedet.');
        // Another site's link, and an address that somebody typed or sent.
        await page.goto(`${children()}/sorg`);
        await page.evaluate((url) => (location.href = url), `${demo()}/kurs#sporlos=paa`);
        await says('Ingenting er endret. Bruk knappen på siden om å bli talt.');
        await assertOnlyTheWord();
        await page.goto('about:blank');
        await page.goto(`${demo()}/demens#sporlos=paa`);
        await says('Ingenting er endret. Bruk knappen på siden om å bli talt.');
        await assertOnlyTheWord();
        assert.ok(!posted.some((body) => body.includes('kurs') || body.includes('demens')));
    });

    for (const [name, prepare] of [
        ['refused', () => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })],
        ['absent', () => Object.defineProperty(window, 'localStorage', { value: null })],
        ['full', () => (Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError'); })],
    ]) {
        test(`storage that is ${name}: the reader is told, and still counted`, async () => {
            await become({}, prepare);
            await page.goto(standardPage());
            await adds({ accepted: 1 }, async () => {
                await off().click();
                await says('Nettleseren lot oss ikke lagre valget. Det er ikke endret.');
            });
        });
    }

    test('the second script does not come: nothing is said, and the reader is counted', async () => {
        await reader.route('**/opt-out.js', (route) => route.abort());
        await page.goto(standardPage());
        await adds({ accepted: 1 }, () => off().click());
        await assertOnlyTheWord(false);
        assert.equal(await note().count(), 0);
        reader.noticed = reader.noticed.filter((text) => !/^console: Failed to load resource/.test(text));
    });

    test('a browser that declines by itself is told so, and asked for nothing', async () => {
        await become({ headers: { 'Sec-GPC': '1' } }, () => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }));
        await page.goto(standardPage());
        await page.getByText('Nettleseren din sier allerede nei for deg.').waitFor();
        await adds({ declined: 1 }, async () => {
            await on().click();
            await says('Nettleseren din sier fortsatt nei til å bli talt, så du blir ikke talt.');
        });
        await assertOnlyTheWord(false);
    });

    test('a page that lets in no script without its nonce, and no inline style', async () => {
        const policy = `default-src 'none'; script-src 'nonce-abc'; connect-src ${stack.COLLECTOR_URL}`;
        const tag = `<script nonce="abc" src="${stack.COLLECTOR_URL}/s.js" defer data-site="${STANDARD}"></script>`;
        const site = createServer((incoming, outgoing) => {
            outgoing.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy });
            outgoing.end(`<!doctype html><html lang="en"><title>x</title><link rel="icon" href="data:,"><h1>x</h1>${tag}`);
        });
        await new Promise((done) => site.listen(0, '127.0.0.1', done));
        try {
            await page.goto(optOut(`?site=${STANDARD}&lang=en&port=${site.address().port}`));
            await page.getByRole('link', { name: 'Do not count me' }).click();
            await says('You are no longer counted on this site.');
            await assertOnlyTheWord();
            // The browser asks for an icon, which the policy has nothing for.
            reader.noticed = reader.noticed.filter((text) => !/icon|img-src|data:/.test(text));
        } finally {
            site.closeAllConnections();
            await new Promise((done) => site.close(done));
        }
    });
});

describe('the page', () => {
    test('its headers: nothing kept, nothing run, nothing stored', async () => {
        for (const path of ['/opt-out', `/opt-out?site=${STANDARD}`, '/opt-out?site=nobody.example', '/opt-out?x']) {
            const { headers } = await get(path);
            assert.equal(headers['cache-control'], 'no-store');
            assert.equal(headers['set-cookie'], undefined);
            assert.equal(headers.etag, undefined);
            assert.equal(headers['last-modified'], undefined);
            assert.equal(headers['access-control-allow-origin'], undefined);
            assert.equal(headers['x-content-type-options'], 'nosniff');
            assert.match(
                headers['content-security-policy'],
                /^default-src 'none'; style-src 'sha384-[\w+/=]+'; img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'$/,
            );
        }
        for (const method of ['POST', 'OPTIONS']) assert.equal((await get('/opt-out', { method })).status, 405);
        const head = await get(`/opt-out?site=${STANDARD}`, { method: 'HEAD' });
        assert.deepEqual([head.status, head.text], [200, '']);
        const script = await get('/opt-out.js');
        assert.match(script.headers['content-type'], /^text\/javascript/);
        assert.equal(script.headers['cross-origin-resource-policy'], 'cross-origin');
    });

    test('stores nothing, loads nothing, runs nothing', async () => {
        const asked = [];
        reader.on('request', (sent) => asked.push(new URL(sent.url()).pathname));
        await page.goto(standardPage());
        await assertOnlyTheWord(false);
        assert.deepEqual(asked.filter((path) => path !== '/favicon.ico'), ['/opt-out']);
        assert.equal(await page.locator('script').count(), 0);
        assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.button')).display !== 'inline'), true, 'its style applies');
    });

    test('names no site that was not asked for by its name', async () => {
        for (const [path, status] of [
            ['/opt-out', 200],
            ['/opt-out?site=nobody.example', 404],
            ['/opt-out?site=localhost', 404],
            ['/opt-out?site=*', 404],
            ['/opt-out?site=', 400],
        ]) {
            const answer = await get(path);
            assert.equal(answer.status, status, path);
            assert.ok(!/\.example|localhost/.test(answer.text), path);
            assert.match(answer.text, /<h1>/);
        }
    });

    test('nothing of the request comes back, and no link leads elsewhere', async () => {
        const evil = 'evil.test';
        const attempts = [
            `?site=${STANDARD}&port=80@${evil}`,
            `?site=${STANDARD}&port=80/${evil}`,
            `?site=${STANDARD}&host=${evil}`,
            `?site=${STANDARD}&next=https://${evil}/`,
            `?site=${STANDARD}%23@${evil}`,
            `?site=${STANDARD}%0d%0aLocation:%20https://${evil}/`,
            `?site=https://${evil}/`,
            `?site=//${evil}`,
            `?site=${STANDARD}&lang=nb%22%3E%3Cscript%3Ealert(1)%3C/script%3E${evil}`,
            `?site=%22%3E%3Cscript%3Ealert(1)%3C/script%3E${evil}`,
            `?site=%3Cimg%20src=x%20onerror=alert(1)%3E${evil}`,
            `?site=${STANDARD}&site=${evil}`,
            `?${evil}`,
        ];
        const headers = { Referer: `https://${evil}/`, Origin: `https://${evil}`, 'X-Forwarded-Host': evil, Host: evil, 'Accept-Language': `${evil}, "><script>` };
        for (const query of [...attempts, `?site=${STANDARD}`]) {
            const { status, text, headers: answered } = await get(`/opt-out${query}`, { headers });
            assert.equal(status === 200, query === `?site=${STANDARD}`, query);
            assert.ok(!text.includes('evil') && !/<script|<img|alert/.test(text), query);
            assert.equal(answered.location, undefined);
            for (const [, href] of text.matchAll(/<a[^>]* href="([^"]*)"/g)) {
                assert.ok(href.startsWith(`https://${STANDARD}/#sporlos=`) || href.startsWith('/opt-out?'), href);
            }
        }
    });

    test('a site with two addresses has a button for each', async () => {
        await page.goto(optOut('?site=two.example'));
        const links = await page.locator('a.button').evaluateAll((all) => all.map((link) => link.href));
        assert.deepEqual(links, ['two.example', 'www.two.example'].flatMap((host) => ['av', 'paa'].map((wish) => `https://${host}/#sporlos=${wish}`)));
        await page.getByRole('link', { name: 'Ikke tell meg på www.two.example' }).waitFor();
    });

    test('three languages, by header and by link, with the keyboard', async () => {
        for (const [locale, lang] of [['nb-NO', 'nb'], ['nn-NO', 'nn'], ['en-GB', 'en'], ['de-DE', 'nb']]) {
            await become({ locale });
            await page.goto(standardPage());
            assert.equal(await page.evaluate(() => document.documentElement.lang), lang, locale);
        }
        await page.keyboard.press('Tab');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.waitForURL(/lang=nn/);
        assert.equal(await page.evaluate(() => document.documentElement.lang), 'nn');
        assert.equal(await page.locator('nav [aria-current]').textContent(), 'Nynorsk');
        for (let i = 0; i < 4; i++) await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.waitForURL(`${demo()}/`);
        await says('Du blir ikke lenger talt på dette nettstedet.');
        await page.getByRole('button', { name: 'Lukk' }).focus();
        await page.keyboard.press('Escape');
        assert.equal(await note().count(), 0);
    });

    for (const colorScheme of ['light', 'dark']) {
        test(`accessible and whole, ${colorScheme}`, async (t) => {
            await become({ colorScheme });
            for (const [name, path, width] of [
                ['page', standardPage(), 1200],
                ['page', standardPage(), 390],
                ['two', optOut('?site=two.example&lang=nn'), 320],
                ['unknown', optOut('?site=nobody.example'), 390],
            ]) {
                await page.setViewportSize({ width, height: 844 });
                await page.goto(path);
                await assertAccessible(`${name} ${width}`);
                assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} ${width} scrolls sideways`);
                await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
            }
            await page.goto(standardPage());
            await off().click();
            await says('Du blir ikke lenger talt på dette nettstedet.');
            await assertAccessible('the note');
            await page.screenshot({ path: join(pictures, `note-${colorScheme}.png`) });
            // What the network layer itself remarks on: pages that are no 200.
            reader.noticed = reader.noticed.filter((text) => !/^console: Failed to load resource: the server responded with a status of 40[04]/.test(text));
            t.diagnostic(`pictures: ${pictures}`);
        });
    }

    test('on paper', async () => {
        await page.goto(standardPage());
        const paper = await page.pdf({ path: join(pictures, 'page.pdf'), format: 'A4' });
        assert.equal(paper.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1, 'one sheet');
    });
});
